"""Unpack the gzip members of a WARC file, past damage, and say which stretch belongs to none.

An archive is compressed record by record, so that each can be read alone. After damage the search goes on at
the next member that begins with a record.
"""

import io
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import IO

from corpus.unpack import GZIP_MAGIC

CHUNK = 16 * 1024
"""Bytes of one step. zlib keeps back the output of the step in which it fails: small steps lose little."""

BLANK = b"\r\n \t\0"
"""What may stand between records: the two line ends, and the zero bytes some writers pad with."""

_FIRST = 512  # the first step of a member: enough to name the record in it, should the rest be damaged
_MAX_TRIES = 20_000  # false gzip signatures in one search; chance brings one in 16 MB
_GZIP = 16 + zlib.MAX_WBITS
_SIGNATURE = 64  # more bytes than any signature that is looked for


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the archive, unpacked.

    `fresh` begins a segment (a record must start here); `damage` says why nothing more comes of this segment, and
    `reach` is then how far the file was read until that was certain.
    """

    offset: int
    data: bytes
    fresh: bool = False
    damage: str = ""
    reach: int = 0


def plain_pieces(stream: IO[bytes], start: int = 0) -> Iterator[Piece]:
    """Yield an uncompressed archive from `start` on; it is one segment."""
    offset = stream.seek(start)
    while data := stream.read(CHUNK):
        yield Piece(offset, data)
        offset += len(data)


def gzip_pieces(stream: IO[bytes], start: int = 0) -> Iterator[Piece]:
    """Yield the members of a compressed archive from `start` on, and a damage where bytes belong to none."""
    feed = _Feed(stream)
    feed.seek(start)
    while head := feed.read():
        feed.unread(head)
        start, whole = feed.offset, False
        if head.startswith(GZIP_MAGIC):
            whole = yield from _member(feed)
            if whole:
                continue
            found, _ = find_member(stream, start + 1)
        else:
            found, blank = find_member(stream, start)
            if not blank:
                yield Piece(start, b"", fresh=True, damage=f"{found - start} bytes that are no gzip member")
        feed.seek(found)


class MemberCheck:
    """Reads a gzip member ahead to its checksum, for members that hold more than one record.

    Such a member is only known to be damaged behind the records that it damages.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._offset = -1
        self._whole = True

    def is_whole(self, offset: int) -> bool:
        """Tell whether the member that starts here unpacks without error; one that is only cut does."""
        if offset != self._offset:
            back = self._stream.tell()
            self._stream.seek(offset)
            self._offset, self._whole = offset, self._unpacks()
            self._stream.seek(back)
        return self._whole

    def _unpacks(self) -> bool:
        inflater = zlib.decompressobj(_GZIP)
        try:
            while not inflater.eof:
                packed = inflater.unconsumed_tail or self._stream.read(CHUNK)
                if not inflater.decompress(packed, CHUNK) and not packed:
                    break
        except zlib.error:
            return False
        return True


class _Feed:
    """Reads a file forward and takes back what was read too far, which a ZIP member cannot do cheaply."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._held = b""
        self.offset = 0

    def read(self) -> bytes:
        """Return the next bytes, as many as a step takes, fewer only at the end.

        So what comes of a member, should it be damaged, does not depend on where the reading of the file began.
        """
        data = self._held + self._stream.read(CHUNK - len(self._held))
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


def _member(feed: _Feed) -> Generator[Piece, None, bool]:
    """Yield one gzip member; return whether it was whole."""
    start, first, held, damage = feed.offset, True, b"", ""
    inflater = zlib.decompressobj(_GZIP)
    while not inflater.eof:
        packed = inflater.unconsumed_tail or feed.read()
        try:
            held += inflater.decompress(packed, _FIRST if first else CHUNK)
        except zlib.error as error:
            damage = f"the gzip member is damaged ({error})"
        if not packed:
            damage = "the file ends inside a gzip member"
        if damage:
            # Nothing of this member is known to belong to the record before: it is a segment of its own.
            yield Piece(start, held, fresh=first, damage=damage, reach=feed.offset + (not packed))
            return False
        if len(held) >= len(b"WARC/") or inflater.eof:
            yield Piece(start, held, fresh=first and held.startswith(b"WARC/"))
            first, held = False, b""
    feed.unread(inflater.unused_data)
    return True


def find_member(stream: IO[bytes], offset: int) -> tuple[int, bool]:
    """Return where the next member that begins with a record starts, and whether all before it is padding.

    It is looked for from `offset` on; without one it is the end of the file.
    """
    base, data, blank, tries = offset, b"", True, 0
    stream.seek(offset)
    while chunk := stream.read(CHUNK):
        data += chunk
        at = data.find(GZIP_MAGIC)
        while at >= 0:
            if _begins_record(stream, base + at):
                return base + at, blank and not data[:at].strip(BLANK)
            at, tries = data.find(GZIP_MAGIC, at + 1), tries + 1
            if tries > _MAX_TRIES:
                return stream.seek(0, io.SEEK_END), False
        kept = data[-len(GZIP_MAGIC) + 1 :]
        blank = blank and not data.strip(BLANK)
        base, data = base + len(data) - len(kept), kept
        stream.seek(base + len(kept))
    return base + len(data), blank


def _begins_record(stream: IO[bytes], offset: int) -> bool:
    """Tell whether a gzip member stands here whose first bytes are a record's."""
    stream.seek(offset)
    try:
        begin = zlib.decompressobj(_GZIP).decompress(stream.read(CHUNK), _SIGNATURE)
    except zlib.error:
        return False
    return begin.startswith(b"WARC/")
