"""The parts of an archive that are read by themselves: stretches of files, and shards that are made of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from corpus.sources import SourceFile


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one file: a page or a WACZ is whole; of a WARC it is the records that begin in [start, end).

    `end` is None for the end of the file. `warc` says that the file is cut by records; it is then `packed` or not.
    """

    file: SourceFile
    start: int = 0
    end: int | None = None
    warc: bool = False
    packed: bool = False


@dataclass(frozen=True, slots=True)
class Shard:
    """What one task reads: some pages, or a part of a WARC. It is small, and may travel to another machine.

    `n_bytes` is about how many bytes its pages have.
    """

    spans: tuple[Span, ...]
    n_bytes: int


class KnownSpan(NamedTuple):
    """What a run read of a file, as JSON can keep it: `end` is where the reading ended, None for what is no WARC."""

    uri: str
    start: int
    end: int | None


def joined(parts: Iterable[tuple[Shard, int | None]]) -> list[Shard]:
    """Return the shards that hold, given shards and where the reading of each ended (`ShardReader.next_offset`).

    Where a part of a WARC ended behind the place at which the next part begins, that place is no beginning of a record
    (an archive inside an archive looks like one): the parts in question become one, which is to be read in their place.
    All others come back as they are. To be asked again with what was read anew, until nothing is new.
    """
    shards: list[Shard] = []
    ordered = sorted(parts, key=lambda part: (*_archive(part), part[0].spans[0].start))
    for _, of_file in groupby(ordered, key=_archive):
        shards += _joined(list(of_file))
    return shards


def _archive(part: tuple[Shard, int | None]) -> tuple[bool, str, str]:
    """The WARC that a shard is a part of; other shards are told by their first file."""
    span = part[0].spans[0]
    return span.warc, span.file.uri, str(span.file.path)


def _joined(parts: Sequence[tuple[Shard, int | None]]) -> Iterator[Shard]:
    at = 0
    while at < len(parts):
        (shard, reached), first = parts[at], at
        span = shard.spans[0]
        at += 1
        if span.warc and span.end is not None and reached != span.end:
            while at < len(parts) and (reached is None or parts[at][0].spans[0].start < reached):
                at += 1
        if at - first > 1:
            one = Span(span.file, span.start, parts[at - 1][0].spans[0].end, warc=True, packed=span.packed)
            shard = Shard((one,), sum(part.n_bytes for part, _ in parts[first:at]))
        yield shard
