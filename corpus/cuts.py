"""Cut what is to be read into shards: a WARC at records, plain pages into groups of files.

`cut_plan` is the entry. No file is read through for it: where a WARC may be cut is found by looking at the place. What
a former run read stays together, so that in an archive that grew only what is new makes new shards.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import IO

from corpus.filereading import look_at
from corpus.frames import begins_record, find_record
from corpus.members import find_member
from corpus.places import opened, reads_parts
from corpus.sniff import HEAD_BYTES
from corpus.sources import SourceFile, SourcePlan
from corpus.spans import KnownSpan, Shard, Span

_PACKED = (".gz", ".wacz", ".zip")
_PACKED_RATIO = 5
"""Bytes of pages per byte of a packed archive: pages of 80 KB with Chinese text shrink to a fifth or so.
Only the progress bar relies on it."""

_CANDIDATES = 16  # places that look like a record and are none, before a cut is given up


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large shards are. A shard is some 500 pages: seconds of work, and less than 100 MB in memory.

    `packed` bytes of a WARC whose records are compressed, and `plain` bytes of one that is not, or of pages; at most
    `files` pages; a WARC smaller than `small` is read with the pages beside it, so that thousands of them are no
    thousands of shards.
    """

    packed: int = 12 * 2**20
    plain: int = 32 * 2**20
    files: int = 512
    small: int = 256 * 2**10


def cut_plan(
    plan: SourcePlan, known: Iterable[Sequence[KnownSpan]] = (), *, sizes: Sizes | None = None
) -> Iterator[Shard]:
    """Yield the shards of a plan, about in the order of its files; together they are all that it has.

    `known` are the shards of former runs, each as `ShardReader.known` told; lists in place of the records will do.
    Whether a WARC is cut at true records is only known when the part before was read: see corpus.spans.joined.
    """
    sizes = sizes or Sizes()
    former = _Former.of(known)
    fresh: list[Span] = []
    sticky: dict[int, list[Span]] = {}
    for file in plan.files:
        if file.size >= sizes.small and (spans := _warc_spans(file, former, sizes)):
            yield from (Shard((span,), _page_bytes(span)) for span in spans)
        elif (group := former.groups.get(file.uri)) is not None:
            sticky.setdefault(group, []).append(Span(file))
        else:
            if fresh and _bytes_of(fresh) + file.size > sizes.plain:
                yield _shard(fresh)
                fresh = []
            fresh.append(Span(file))
            if len(fresh) >= sizes.files or _ends_group(file.uri, sizes.files):
                yield _shard(fresh)
                fresh = []
    if fresh:
        yield _shard(fresh)
    for group_spans in sticky.values():
        yield from _in_size(group_spans, sizes)


@dataclass(slots=True)
class _Former:
    """What former runs read: the group of each page by its name, and the parts of each WARC."""

    groups: dict[str, int] = field(default_factory=dict)
    parts: dict[str, set[tuple[int, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, known: Iterable[Sequence[KnownSpan]]) -> "_Former":
        former = cls()
        for group, shard in enumerate(known):
            for uri, start, end in shard:
                if end is None:
                    former.groups.setdefault(uri, group)
                else:
                    former.parts.setdefault(uri, set()).add((start, end))
        return former


def _in_size(spans: list[Span], sizes: Sizes) -> Iterator[Shard]:
    """Yield a group that a former run made; where its files grew, as more than one shard."""
    group: list[Span] = []
    for span in spans:
        if group and (len(group) >= sizes.files or _bytes_of(group) + span.file.size > 2 * sizes.plain):
            yield _shard(group)
            group = []
        group.append(span)
    yield _shard(group)


def _ends_group(uri: str, files: int) -> bool:
    """Tell whether a group ends with this file: its name alone decides, so that a file more moves no other group."""
    return int.from_bytes(hashlib.sha256(uri.encode()).digest()[:4]) % max(files // 2, 1) == 0


def _warc_spans(file: SourceFile, former: _Former, sizes: Sizes) -> list[Span]:
    """Return the parts of a WARC, none for what is no WARC or cannot be opened."""
    try:
        with opened(file.path) as stream:
            look = look_at(file, stream.read(HEAD_BYTES))
            if not look.is_warc:
                return []
            known = former.parts.get(file.uri, set())
            places = _cuts(stream, file.size, known, sizes, packed=look.packed) if reads_parts(file.path) else ()
            cuts = [0, *places, None]
    except OSError:
        return []
    return [Span(file, start or 0, end, warc=True, packed=look.packed) for start, end in pairwise(cuts)]


def _cuts(stream: IO[bytes], size: int, known: set[tuple[int, int]], sizes: Sizes, *, packed: bool) -> Iterator[int]:
    """Yield where to cut: at the places of a former run that still hold, and between them where it is too far."""
    step = sizes.packed if packed else sizes.plain
    places = {place for part in known for place in part if 0 < place < size}
    kept = [place for place in sorted(places) if begins_record(stream, place, compressed=packed)]
    for begin, end in pairwise([0, *kept, size]):
        if begin:
            yield begin
        if (begin, end) not in known:
            yield from _between(stream, begin, end, step, packed=packed)


def _between(stream: IO[bytes], begin: int, end: int, step: int, *, packed: bool) -> Iterator[int]:
    """Yield places to cut at, about `step` bytes one behind the other, where records surely begin."""
    place: int | None = begin
    while place is not None and place + step < end:
        place = _next_record(stream, place + step, packed=packed)
        if place is not None and place < end:
            yield place


def _next_record(stream: IO[bytes], offset: int, *, packed: bool) -> int | None:
    """Return where the next whole record begins; None where none does, or too much only looks like one."""
    for _ in range(_CANDIDATES):
        found = _next_member(stream, offset) if packed else find_record(stream, offset)
        if found is None or begins_record(stream, found, compressed=packed):
            return found
        offset = found + 1
    return None


def _next_member(stream: IO[bytes], offset: int) -> int | None:
    found, _ = find_member(stream, offset)
    stream.seek(found)
    return found if stream.read(1) else None


def _shard(spans: list[Span]) -> Shard:
    return Shard(tuple(spans), sum(_page_bytes(span) for span in spans))


def _bytes_of(spans: Iterable[Span]) -> int:
    return sum(span.file.size for span in spans)


def _page_bytes(span: Span) -> int:
    size = (span.file.size if span.end is None else span.end) - span.start
    return size * (_PACKED_RATIO if span.packed or span.file.path.name.lower().endswith(_PACKED) else 1)
