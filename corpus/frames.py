"""Cut a WARC file into its records, also where it is damaged, and say where a stretch could not be read.

A reader that stops at the first bad byte loses the rest of the file without a word, and a reader that trusts
a wrong `Content-Length` hangs the start of the next page to the end of this one. So the framing is done here:
a record counts only when another record or the end follows it, a gzip member that begins with a record ends
the one before, and after damage the search goes on at the next record. One record is held in memory, never a
file.
"""

import io
import re
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO, Literal

from corpus.unpack import GZIP_MAGIC

MAX_HEADER_BYTES = 64 * 1024
"""The longest record header that is looked for; fastwarc itself takes half of that for granted."""

_CHUNK = 16 * 1024  # zlib keeps back the output of the step in which it fails: small steps lose little
_FIRST = 512  # the first step of a member: enough to name the record in it, should the rest be damaged
_COMPACT = 1024 * 1024  # the buffer is cut back when this much of it is read
_MAX_LOST = 1000  # so many damaged places and the file is given up: it is no archive, or made to cost time
_MAX_TRIES = 20_000  # false gzip signatures in one search; chance brings one in 16 MB
_GZIP = 16 + zlib.MAX_WBITS
_SCRAP = 2 * 1024  # of a header that has no end: enough to hold its address
_BLANK = b"\r\n \t\0"  # between records: the two line ends, and the zero bytes some writers pad with
_TAIL = 64  # bytes after a record that show what follows it

# `WARC/1.0\r\nWARC-Type: response`; inside a block only after a blank line, as records end with one.
_RECORD = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z-]{1,60}:")
_BURIED = re.compile(rb"\n\r?\nWARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z-]{1,60}:")
_HEADER_END = re.compile(rb"\n\r?\n")
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Frame:
    """One record: `offset` of the record, or of the gzip member it is in; its header; its block.

    `sure` is False when what follows is neither a record nor the end, so that the length may be wrong. An
    `oversized` record has only the beginning of its block.
    """

    offset: int
    header: bytes
    block: bytes
    sure: bool
    oversized: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch that could not be read, and what could be of the record header (b'' when nothing)."""

    offset: int
    header: bytes
    reason: str


def read_frames(stream: IO[bytes], *, compressed: bool, limit: int) -> Iterator[Frame | Lost]:
    """Yield the records and the losses of a WARC in file order; blocks longer than `limit` come oversized.

    `stream` must be seekable; OSError from it is passed on.
    """
    tape = _Tape(_gzip_pieces(stream) if compressed else _plain_pieces(stream), exact=not compressed)
    lost = 0
    while tape.next_segment():
        for found in _segment(tape, limit):
            yield found
            lost += isinstance(found, Lost)
            if lost >= _MAX_LOST:
                yield Lost(tape.offset(), b"", f"{lost} damaged places; the rest of the file is not read")
                return


def _segment(tape: "_Tape", limit: int) -> Iterator[Frame | Lost]:
    """Yield what one unbroken stretch of record bytes holds."""
    told = False
    while tape.skip_blank():
        offset, header = tape.offset(), tape.header()
        length = _block_length(header)
        if length is None:
            reason = "record header without a usable Content-Length" if header else "no record begins here"
            yield Lost(offset, header or tape.scrap(), tape.damage or reason)
        elif length > limit + MAX_HEADER_BYTES:
            tape.fill(len(header) + MAX_HEADER_BYTES)
            yield Frame(offset, header, tape.peek(len(header), MAX_HEADER_BYTES), sure=False, oversized=True)
        elif (ending := tape.ending(len(header), length)) in ("sure", "unsure"):
            yield Frame(offset, header, tape.peek(len(header), length), sure=ending == "sure")
            tape.skip(len(header) + length)
            continue
        else:
            yield Lost(offset, header, tape.damage or _ENDING_WORDS[ending])
        told = bool(tape.damage)
        tape.skip(max(len(header), 1))
        tape.skip_to_record()
    if tape.damage and not told:
        yield Lost(tape.offset(), b"", tape.damage)


_Ending = Literal["sure", "unsure", "short", "buried", "wrong", "damaged"]

_ENDING_WORDS = {
    "short": "the file or the gzip member ends before the record does",
    "buried": "another record begins inside this one: its Content-Length is too large",
    "wrong": "no record ends where its Content-Length says",
    "damaged": "the gzip member is damaged",
}


def _block_length(header: bytes) -> int | None:
    """Return the declared length of the block, None where there is no usable one."""
    found = _LENGTH.search(header)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some bytes of the archive, unpacked.

    `fresh` begins a segment (a record must start here); `damage` says why nothing more comes of this segment.
    """

    offset: int
    data: bytes
    fresh: bool = False
    damage: str = ""


class _Tape:
    """The unpacked bytes of an archive, one segment at a time, read forward only.

    A segment ends where a gzip member begins with a record, so that no record can reach into the next one.
    """

    def __init__(self, pieces: Iterator[_Piece], *, exact: bool) -> None:
        self._pieces = pieces
        self._exact = exact  # whether a place in the segment is a place in the file
        self._next = next(pieces, None)
        self._buffer = bytearray()
        self._at = 0  # first unread byte of the buffer
        self._start = 0  # place of the buffer's first byte in the segment
        self._marks: deque[tuple[int, int]] = deque()  # (place in the segment, offset in the file)
        self.damage = ""

    def next_segment(self) -> bool:
        """Go to the next segment, forgetting what is left of this one; False at the end of the archive."""
        if self._next is None:
            return False
        self._buffer.clear()
        self._marks.clear()
        self._at, self._start, self.damage = 0, 0, ""
        self._absorb(self._next)
        return True

    def _absorb(self, piece: _Piece) -> None:
        if not self._marks or self._marks[-1][1] != piece.offset:
            self._marks.append((self._start + len(self._buffer), piece.offset))
        self._buffer += piece.data
        self.damage = piece.damage
        self._next = next(self._pieces, None)

    def fill(self, size: int) -> bool:
        """Have at least `size` unread bytes in the buffer; False when the segment ends before."""
        if self._at > _COMPACT:
            del self._buffer[: self._at]
            self._start, self._at = self._start + self._at, 0
        while len(self._buffer) - self._at < size:
            if self._next is None or self._next.fresh or self.damage:
                return False
            self._absorb(self._next)
        return True

    def offset(self) -> int:
        """Return where the next byte stands in the file; in a compressed one, where its member begins."""
        place = self._start + self._at
        if self._exact:
            return place
        while len(self._marks) > 1 and self._marks[1][0] <= place:
            self._marks.popleft()
        return self._marks[0][1]

    def peek(self, begin: int, length: int) -> bytes:
        """Return bytes that `fill` has brought in, without reading past them."""
        return bytes(memoryview(self._buffer)[self._at + begin : self._at + begin + length])

    def skip(self, size: int) -> None:
        """Read over bytes that `fill` has brought in."""
        self._at = min(self._at + size, len(self._buffer))

    def skip_blank(self) -> bool:
        """Read over what may stand between records; False at the end of the segment."""
        while self.fill(1):
            rest = self.peek(0, _CHUNK)
            kept = rest.lstrip(_BLANK)
            self.skip(len(rest) - len(kept))
            if kept:
                return True
        return False

    def header(self) -> bytes:
        """Return the record header that begins here, with its blank line; b'' where none begins."""
        self.fill(_TAIL)
        if not _RECORD.match(self._buffer, self._at):
            return b""
        for size in (_FIRST, MAX_HEADER_BYTES):
            self.fill(size)
            if end := _HEADER_END.search(self._buffer, self._at, self._at + MAX_HEADER_BYTES):
                header = self.peek(0, end.end() - self._at)
                # Bytes were lost and two headers ran together: the address of one, the page of the other.
                return b"" if _RECORD.search(header, 1) or b"\0" in header else header
        return b""

    def scrap(self) -> bytes:
        """Return what is left of a record header that is cut or runs into another one."""
        begin = self.peek(0, MAX_HEADER_BYTES)
        found = _RECORD.match(begin) and _RECORD.search(begin, 1)
        return begin[: found.start()] if found else begin[:_SCRAP] if _RECORD.match(begin) else b""

    def ending(self, begin: int, length: int) -> _Ending:
        """Judge whether a block of `length` bytes that begins `begin` bytes ahead ends where it should."""
        if not self.fill(begin + length):
            return "short"
        at_end = not self.fill(begin + length + _TAIL)
        tail = self.peek(begin + length, _TAIL)
        follows = tail.lstrip(_BLANK)
        block = (self._at + begin, self._at + begin + length)
        if _BURIED.search(self._buffer, *block):
            return "buried"
        if not follows and at_end and self.damage:
            return "damaged"
        if not follows or follows.startswith(b"WARC/") or (at_end and b"WARC/".startswith(follows)):
            return "sure"
        return "unsure" if tail.startswith((b"\r\n\r\n", b"\n\n")) else "wrong"

    def skip_to_record(self) -> None:
        """Read on to the next thing that looks like a record, or to the end of the segment."""
        while True:
            if found := _RECORD.search(self._buffer, self._at):
                self._at = found.start()
                return
            self._at = max(self._at, len(self._buffer) - 2 * _TAIL)
            if not self.fill(2 * _TAIL + 1):
                self._at = len(self._buffer)
                return


def _plain_pieces(stream: IO[bytes]) -> Iterator[_Piece]:
    """Yield an uncompressed archive; it is one segment."""
    offset = 0
    while data := stream.read(_CHUNK):
        yield _Piece(offset, data)
        offset += len(data)


class _Feed:
    """Reads a file forward and takes back what was read too far, which a ZIP member cannot do cheaply."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._held = b""
        self.offset = 0

    def read(self) -> bytes:
        """Return the next bytes, at least enough to hold a signature, b'' at the end."""
        data = self._held if len(self._held) >= _TAIL else self._held + self._stream.read(_CHUNK)
        self._held = b""
        self.offset += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Take back bytes that were read too far."""
        self._held = data + self._held
        self.offset -= len(data)

    def seek(self, offset: int) -> None:
        """Go on at another place."""
        self._stream.seek(offset)
        self._held, self.offset = b"", offset


def _gzip_pieces(stream: IO[bytes]) -> Iterator[_Piece]:
    """Yield the members of a compressed archive, and a damage where bytes belong to none."""
    feed = _Feed(stream)
    while head := feed.read():
        feed.unread(head)
        start, whole = feed.offset, False
        if head.startswith(GZIP_MAGIC):
            whole = yield from _member(feed)
            if whole:
                continue
            found, _ = _find_member(stream, start + 1)
        else:
            found, blank = _find_member(stream, start)
            if not blank:
                yield _Piece(start, b"", fresh=True, damage=f"{found - start} bytes that are no gzip member")
        feed.seek(found)


def _member(feed: _Feed) -> Generator[_Piece, None, bool]:
    """Yield one gzip member; return whether it was whole."""
    start, first, held, damage = feed.offset, True, b"", ""
    inflater = zlib.decompressobj(_GZIP)
    while not inflater.eof:
        packed = inflater.unconsumed_tail or feed.read()
        try:
            held += inflater.decompress(packed, _FIRST if first else _CHUNK)
        except zlib.error as error:
            damage = f"the gzip member is damaged ({error})"
        if not packed:
            damage = "the file ends inside a gzip member"
        if damage:
            # Nothing of this member is known to belong to the record before: it is a segment of its own.
            yield _Piece(start, held, fresh=first, damage=damage)
            return False
        if len(held) >= len(b"WARC/") or inflater.eof:
            yield _Piece(start, held, fresh=first and held.startswith(b"WARC/"))
            first, held = False, b""
    feed.unread(inflater.unused_data)
    return True


def _find_member(stream: IO[bytes], offset: int) -> tuple[int, bool]:
    """Return where the next member that begins with a record starts, and whether all before it is padding.

    Without one it is the end of the file.
    """
    base, data, blank, tries = offset, b"", True, 0
    stream.seek(offset)
    while chunk := stream.read(_CHUNK):
        data += chunk
        at = data.find(GZIP_MAGIC)
        while at >= 0:
            if _begins_record(stream, base + at):
                return base + at, blank and not data[:at].strip(_BLANK)
            at, tries = data.find(GZIP_MAGIC, at + 1), tries + 1
            if tries > _MAX_TRIES:
                return stream.seek(0, io.SEEK_END), False
        kept = data[-len(GZIP_MAGIC) + 1 :]
        blank = blank and not data.strip(_BLANK)
        base, data = base + len(data) - len(kept), kept
        stream.seek(base + len(kept))
    return base + len(data), blank


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    """Tell whether a gzip member stands here whose first bytes are a record's."""
    stream.seek(offset)
    try:
        begin = zlib.decompressobj(_GZIP).decompress(stream.read(_CHUNK), _TAIL)
    except zlib.error:
        return False
    return begin.startswith(b"WARC/")
