"""Cut a WARC file into its records, also where it is damaged, and say where a stretch could not be read.

A reader that stops at the first bad byte loses the rest of the file without a word, and a reader that trusts
a wrong `Content-Length` hangs the start of the next page to the end of this one. So the framing is done here:
a record counts only when it is closed and another one or the end follows, a gzip member that begins with a
record ends the one before, and after damage the search goes on at the next record. One record is held in
memory, never a file.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Literal

from corpus.members import BLANK, CHUNK, MemberCheck, Piece, gzip_pieces, plain_pieces

MAX_HEADER_BYTES = 64 * 1024
"""The longest record header that is looked for; fastwarc itself takes half of that for granted."""

_SHORT_HEADER = 2 * 1024  # nearly every header fits in; only longer ones are searched for twice
_COMPACT = 1024 * 1024  # the buffer is cut back when this much of it is read
_MAX_LOST = 1000  # so many damaged places in a row and the file is given up: it is no archive, or made to cost time
_SCRAP = 2 * 1024  # of a header that has no end: enough to hold its address
_MODERATE = 1024 * 1024  # bytes of a record that parts of an archive may begin with: it is read to make sure
_LONGEST_MARK = 128  # more bytes than `_BURIED` can match
_TAIL = 64  # bytes after a record that show what follows it

# `WARC/1.0\r\nWARC-Type: response`; inside a block only after a blank line, as records end with one.
_RECORD = re.compile(rb"WARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z-]{1,60}:")
_BURIED = re.compile(rb"\n\r?\nWARC/[01]\.[0-9]{1,2}\r?\n[A-Za-z-]{1,60}:")
_HEADER_END = re.compile(rb"\n\r?\n")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)")  # no header has them
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*([0-9]{1,15})[ \t]*\r?$")


@dataclass(frozen=True, slots=True)
class Frame:
    """One record: `offset` of the record, or of the gzip member it is in; its header; its block.

    `doubt` is '' or says why the block may not be what was written: what follows it is neither a record nor
    the end, so that its length may be wrong, or the gzip member is damaged somewhere. An `oversized` record
    has only the beginning of its block.
    """

    offset: int
    header: bytes
    block: bytes
    doubt: str = ""
    oversized: bool = False


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch that could not be read, and what could be of the record header (b'' when nothing)."""

    offset: int
    header: bytes
    reason: str


@dataclass(slots=True)
class Stretch:
    """The part of a WARC that is read: what begins in [start, stop), to its end; `start` must be where a record begins.

    Reading sets `next_offset`, where the first thing behind the stretch begins (None: nothing is behind it), and
    `settled`: whether no other bytes behind `stop` than the end of the file, or a record there, would have changed
    anything. The stretches [a, b) and [b, c) give what [a, c) gives exactly when the `next_offset` of the first is b
    and a whole record begins there: reading knows nothing of what it read before but how many places in a row were
    damaged.
    """

    start: int = 0
    stop: int | None = None
    next_offset: int | None = None
    settled: bool = True

    def ends_before(self, offset: int) -> bool:
        """Tell whether something that begins here is behind the stretch, and note where it begins."""
        if self.stop is None or offset < self.stop:
            return False
        self.next_offset = offset
        return True

    def looked_to(self, offset: int) -> None:
        """Hear that the bytes before `offset` decided something."""
        if self.stop is not None and offset > self.stop:
            self.settled = False


def read_frames(
    stream: IO[bytes], *, compressed: bool, limit: int, stretch: Stretch | None = None
) -> Iterator[Frame | Lost]:
    """Yield the records and the losses of a WARC in file order; blocks longer than `limit` come oversized.

    `stream` must be seekable; OSError from it is passed on. Without a `stretch` all of it is read.
    """
    stretch = stretch or Stretch()
    pieces = (gzip_pieces if compressed else plain_pieces)(stream, stretch.start)
    tape = _Tape(pieces, exact=not compressed)
    lost = 0
    check = MemberCheck(stream)
    while tape.next_segment() and not stretch.ends_before(tape.offset()):
        for found in _segment(tape, limit, check, stretch):
            yield found
            lost = lost + 1 if isinstance(found, Lost) else 0
            if lost >= _MAX_LOST:
                yield Lost(tape.offset(), b"", f"{lost} damaged places in a row; the rest of the file is not read")
                stretch.settled = False
                return
        if tape.is_exact:
            return


def begins_record(stream: IO[bytes], offset: int, *, compressed: bool) -> bool:
    """Tell whether a whole record of moderate size begins here, so that reading may begin with it."""
    stretch = Stretch(offset)
    found = next(read_frames(stream, compressed=compressed, limit=_MODERATE, stretch=stretch), None)
    return isinstance(found, Frame) and found.offset == offset and not found.oversized


def find_record(stream: IO[bytes], offset: int) -> int | None:
    """Return where in a plain archive, from `offset` on, the next thing begins that looks like a record."""
    base, data = max(offset - _TAIL, 0), b""
    stream.seek(base)
    while chunk := stream.read(CHUNK):
        data += chunk
        for found in _BURIED.finditer(data):
            begin = base + data.index(b"WARC/", found.start())
            if begin >= offset:
                return begin
        kept = data[-_LONGEST_MARK:]
        base, data = base + len(data) - len(kept), kept
    return None


def _segment(tape: "_Tape", limit: int, check: MemberCheck, stretch: Stretch) -> Iterator[Frame | Lost]:
    """Yield what one unbroken stretch of record bytes holds; of a plain archive, up to the end of the stretch."""
    told = False
    while tape.skip_blank():
        offset = tape.offset()
        if tape.is_exact and stretch.ends_before(offset):
            return
        header = tape.header()
        length = _block_length(header)
        if tape.is_exact:
            needed = MAX_HEADER_BYTES if length is None else min(length, limit + 2 * MAX_HEADER_BYTES)
            stretch.looked_to(offset + len(header) + needed)
        if length is None:
            reason = "record header without a usable Content-Length" if header else "no record begins here"
            yield Lost(offset, header or tape.scrap(), tape.damage or reason)
        elif length > limit + MAX_HEADER_BYTES:
            tape.fill(len(header) + MAX_HEADER_BYTES)
            yield Frame(offset, header, tape.peek(len(header), MAX_HEADER_BYTES), oversized=True)
        elif (ending := tape.ending(len(header), length)) in ("sure", "unsure"):
            doubt = _ENDING_WORDS[ending]
            if (member := tape.open_member()) is not None and not check.is_whole(member):
                doubt = _ENDING_WORDS["damaged"]
            yield Frame(offset, header, tape.peek(len(header), length), doubt)
            tape.skip(len(header) + length)
            continue
        else:
            yield Lost(offset, header, tape.damage or _ENDING_WORDS[ending])
        told = bool(tape.damage)
        tape.skip(max(len(header), 1))
        tape.skip_to_record()
    stretch.looked_to(tape.reach)
    if tape.damage and not told:
        yield Lost(tape.offset(), b"", tape.damage)


_Ending = Literal["sure", "unsure", "short", "buried", "wrong", "damaged"]

_ENDING_WORDS = {
    "sure": "",
    "unsure": "the record is not followed by an empty line and another record",
    "short": "the file or the gzip member ends before the record does",
    "buried": "another record begins inside this one: its Content-Length is too large",
    "wrong": "no record ends where its Content-Length says",
    "damaged": "the gzip member is damaged",
}


def _block_length(header: bytes) -> int | None:
    """Return the declared length of the block, None where there is no usable one."""
    found = _LENGTH.search(header)
    return int(found[1]) if found else None


class _Tape:
    """The unpacked bytes of an archive, one segment at a time, read forward only.

    A segment ends where a gzip member begins with a record, so that no record can reach into the next one.
    """

    def __init__(self, pieces: Iterator[Piece], *, exact: bool) -> None:
        self._pieces = pieces
        self.is_exact = exact  # whether a place in the segment is a place in the file
        self._next = next(pieces, None)
        self._buffer = bytearray()
        self._at = 0  # first unread byte of the buffer
        self._start = 0  # place of the buffer's first byte in the segment
        self._marks: deque[tuple[int, int]] = deque()  # (place in the segment, offset in the file)
        self._unburied = (0, 0)  # the places between which no record is buried
        self.damage = ""
        self.reach = 0  # to which offset of the file it was read until the damage showed

    def next_segment(self) -> bool:
        """Go to the next segment, forgetting what is left of this one; False at the end of the archive."""
        if self._next is None:
            return False
        self._buffer.clear()
        self._marks.clear()
        self._at, self._start, self._unburied, self.damage = 0, 0, (0, 0), ""
        self._absorb(self._next)
        return True

    def _absorb(self, piece: Piece) -> None:
        if not self._marks or not (self.is_exact or self._marks[-1][1] == piece.offset):
            self._marks.append((self._start + len(self._buffer), piece.offset))
        self._buffer += piece.data
        self.damage, self.reach = piece.damage, piece.reach
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
        if self.is_exact:
            return self._marks[0][1] + place
        while len(self._marks) > 1 and self._marks[1][0] <= place:
            self._marks.popleft()
        return self._marks[0][1]

    def open_member(self) -> int | None:
        """Return the offset of the gzip member whose end, with its checksum, is not yet read; or None."""
        at_end = self._next is None or self._next.fresh or bool(self.damage)
        return None if self.is_exact or at_end else self._marks[-1][1]

    def peek(self, begin: int, length: int) -> bytes:
        """Return bytes that `fill` has brought in, without reading past them."""
        return bytes(memoryview(self._buffer)[self._at + begin : self._at + begin + length])

    def skip(self, size: int) -> None:
        """Read over bytes that `fill` has brought in."""
        self._at = min(self._at + size, len(self._buffer))

    def skip_blank(self) -> bool:
        """Read over what may stand between records; False at the end of the segment."""
        while self.fill(1):
            rest = self.peek(0, CHUNK)
            kept = rest.lstrip(BLANK)
            self.skip(len(rest) - len(kept))
            if kept:
                return True
        return False

    def header(self) -> bytes:
        """Return the record header that begins here, with its blank line; b'' where none begins."""
        self.fill(_TAIL)
        if not _RECORD.match(self._buffer, self._at):
            return b""
        for size in (_SHORT_HEADER, MAX_HEADER_BYTES):
            self.fill(size)
            if end := _HEADER_END.search(self._buffer, self._at, self._at + MAX_HEADER_BYTES):
                header = self.peek(0, end.end() - self._at)
                # Bytes were lost and two headers ran together: the address of one, the page of the other.
                return b"" if _RECORD.search(header, 1) or _CONTROL.search(header) else header
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
        follows = tail.lstrip(BLANK)
        if self._buries(begin, length):
            return "buried"
        if not follows and at_end and self.damage:
            return "damaged"
        closed = tail.startswith((b"\r\n\r\n", b"\n\n"))
        followed = not follows or follows.startswith(b"WARC/") or (at_end and b"WARC/".startswith(follows))
        if closed and followed:
            return "sure"
        return "unsure" if closed or followed else "wrong"

    def _buries(self, begin: int, length: int) -> bool:
        """Tell whether a record begins inside such a block; what was looked through for one block is not again."""
        first, last = self._start + self._at + begin, self._start + self._at + begin + length
        low, high = self._unburied
        if not low <= first <= high:
            low, high = first, first
        if last > high:
            begin = max(first, high - _LONGEST_MARK) - self._start
            found = _BURIED.search(self._buffer, begin, last - self._start)
            self._unburied = (low, self._start + found.start() if found else last)
            return found is not None
        return False

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
