"""Read an archive in shards: parts that are read by themselves, anywhere, in any order, and give the same captures.

`cut_plan` makes the shards of a plan, `ShardReader` reads one, `resolve_rest` gives the last captures of all.
Before anything is parsed the bytes of a shard are kept and digested (`ShardReader.digest`), so that who has read the
same before need not read it again, and no file that changes meanwhile is ever a mix of two.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import astuple, dataclass
from functools import partial
from io import BufferedReader, BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Self

from corpus.archive import MAX_PAGE_BYTES
from corpus.cuts import Sizes, cut_plan
from corpus.failures import failure_of_system
from corpus.filereading import Placed, asked_of, look_at, read_one
from corpus.frames import Stretch
from corpus.places import fetched, is_local, opened, stamps
from corpus.rest import resolve_rest
from corpus.sniff import HEAD_BYTES
from corpus.spans import KnownSpan, Shard, Span, joined
from corpus.visits import Visits
from corpus.windows import Kept, Window, keep

__all__ = [
    "KnownSpan",
    "Placed",
    "Shard",
    "ShardReader",
    "Sizes",
    "Span",
    "cut_plan",
    "joined",
    "resolve_rest",
]

_IN_MEMORY = 80 * 2**20
"""Bytes of a shard in memory: more than any has but a WACZ, or a WARC packed as one piece, which go to the disk."""

_AHEAD = 64 * 1024
"""Bytes that are kept behind a part of a WARC: enough to see what begins there."""


@dataclass(slots=True)
class _Held:
    """A span, and what was kept of its file: a window, or why it cannot be read.

    `digested` is the offset up to which the digest knows its bytes.
    """

    span: Span
    window: Window | None
    error: OSError | None
    digested: int
    stretch: Stretch | None = None


class ShardReader:
    """Reads one shard, as a context. Its bytes are read when the context is entered.

    SourceError (`manifest_changed`, or what `read_manifest` raises) where a manifest is another one than was planned.
    """

    def __init__(self, shard: Shard, *, max_page_bytes: int = MAX_PAGE_BYTES) -> None:
        self._shard = shard
        self._limit = max_page_bytes
        self._closing = ExitStack()
        self._store: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by __exit__
        self._held: list[_Held] = []
        self._hash = hashlib.sha256()
        self._visits = Visits()

    def __enter__(self) -> Self:
        self._closing.enter_context(self._store)
        try:
            self._hold_all()
            for held in self._held:
                self._tell(self._entries(held))
        except BaseException:
            self._closing.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    @property
    def digest(self) -> str:
        """A digest of all that decides what `captures` gives: names, bytes, what manifests say of them, the limit.

        After `captures` it may be another one: where bytes behind the shard, or the end of the file, decided something
        (damage at the end of a part), they are digested too. What was read is to be kept under this last digest.
        """
        return self._hash.hexdigest()

    def captures(self) -> Iterator[Placed]:
        """Yield the captures of the shard, once."""
        for held in self._held:
            span = held.span
            if span.warc:
                held.stretch = Stretch(span.start, span.end if span.end is not None else held.digested)
            yield from read_one(
                span.file,
                partial(_stream, held),
                limit=self._limit,
                visits=self._visits,
                stretch=held.stretch,
                packed=span.packed,
            )
        for held in self._held:
            window, stretch = held.window, held.stretch
            is_settled = (
                stretch.settled and _reached(held) == stretch.stop if stretch else window and not window.has_grown
            )
            if window and not is_settled:
                for data in window.behind(held.digested):
                    self._hash.update(data)

    @property
    def rest(self) -> bytes:
        """What `resolve_rest` must know of the shard; to be asked for once, after `captures`."""
        return self._visits.take()

    @property
    def next_offset(self) -> int | None:
        """Where the reading of a part of a WARC ended: the next record, or the end of the file. None for other shards.

        Known after `captures`; see `joined`.
        """
        return _reached(self._held[0])

    @property
    def known(self) -> list[KnownSpan]:
        """What was read, for `cut_plan` of a later run; known after `captures`."""
        return [KnownSpan(held.span.file.uri, held.span.start, _end(held)) for held in self._held]

    @property
    def changed(self) -> bool:
        """Whether a file is another one now than when the reading was planned."""
        files = [span.file for span in self._shard.spans]
        now = stamps([file.path for file in files])
        return any(file.stamp != stamp for file, stamp in zip(files, now, strict=True))

    def _hold_all(self) -> None:
        """Keep the bytes of all spans; pages of other places are asked for together, a part of a WARC bit by bit."""
        spans = self._shard.spans
        if len(spans) == 1 or all(is_local(span.file.path) for span in spans):
            self._held += [self._hold(span, opened(span.file.path)) for span in spans]
            return
        most = self._limit + _AHEAD
        for span, data in zip(spans, fetched([span.file.path for span in spans], most), strict=True):
            is_whole = isinstance(data, OSError) or len(data) < most
            self._held.append(self._hold(span, _given(data) if is_whole else opened(span.file.path)))

    def _hold(self, span: Span, opening: AbstractContextManager[IO[bytes]]) -> _Held:
        """Keep and digest the bytes of a span."""
        file = span.file
        entry = astuple(file.entry) if file.entry else None
        self._tell([file.uri, file.given, entry, span.warc, span.packed, span.start, self._limit])
        base, size = self._store.tell(), 0
        try:
            with opening as source:
                most = self._most(span, source)
                for data in keep(source, self._store, span.start, most):
                    self._hash.update(data)
                    size += len(data)
                digested = span.start + size
                ahead = sum(map(len, keep(source, self._store, digested, _AHEAD)))
        except OSError as error:
            self._tell(["unreadable", failure_of_system(error)])
            return _Held(span, None, error, span.start)
        self._tell([size, 0 if span.warc else file.size])
        kept = Kept(base, span.start, size + ahead, at_end=ahead < _AHEAD)
        window = Window(kept, self._store, partial(opened, file.path), file.size)
        self._closing.callback(window.close)
        return _Held(span, window, None, digested)

    def _most(self, span: Span, source: IO[bytes]) -> int | None:
        """Return how many bytes are kept: of a page none that the limit forbids, of an archive all."""
        if span.warc:
            return None if span.end is None else span.end - span.start
        found = look_at(span.file, source.read(HEAD_BYTES))
        return None if found.is_warc or found.is_zip else self._limit + 1

    def _entries(self, held: _Held) -> list[Any]:
        """Return what manifests say of the addresses in a span, which is looked up while it is read."""
        file, span = held.span.file, held.span
        if not file.manifests:
            return []
        stretch = Stretch(span.start, span.end) if span.warc else None
        asked = set(asked_of(file, partial(_stream, held), limit=self._limit, stretch=stretch, packed=span.packed))
        found = ((uri, [manifest.entries(uri) for manifest in file.manifests]) for uri in sorted(asked))
        return [[uri, [[astuple(one) for one in some] for some in said]] for uri, said in found if any(said)]

    def _tell(self, about: Sequence[Any]) -> None:
        self._hash.update(json.dumps(about).encode() + b"\n")


@contextmanager
def _stream(held: _Held) -> Iterator[IO[bytes]]:
    """Open what was kept, as the file itself would be opened."""
    if held.error:
        raise held.error
    assert held.window is not None
    stream = BufferedReader(held.window)
    stream.seek(0)
    try:
        yield stream
    finally:
        stream.detach()


@contextmanager
def _given(data: bytes | OSError) -> Iterator[IO[bytes]]:
    """Open a file that was fetched, or fail as its fetching did."""
    if isinstance(data, OSError):
        raise data
    yield BytesIO(data)


def _reached(held: _Held) -> int | None:
    if held.stretch is None or held.window is None:
        return None
    return held.window.size if held.stretch.next_offset is None else held.stretch.next_offset


def _end(held: _Held) -> int | None:
    return held.digested if held.span.warc else None
