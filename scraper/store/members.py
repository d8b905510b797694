"""Read the records of a WARC file with their places: of our own files member by member, of others as fastwarc does.

Our own files have one record in each gzip member, so that no page can pass for a record, and the place where a file
was cut or damaged is known to the byte.
"""

import base64
import hashlib
import os
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fastwarc.warc import ArchiveIterator

from corpus.unpack import GZIP_MAGIC
from scraper.store.layout import OWN_NAME
from scraper.store.reading import MAX_HEAD_BYTES

ANSWERS = frozenset({"response", "revisit", "resource"})

_CHUNK = 16 * 1024  # what is left of it is copied for each record, and small ones take 400 bytes
_GZIP = 16 + zlib.MAX_WBITS
_LINE = re.compile(r"([^\r\n:]+):[ \t]*([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its bytes in the file, its headers by lower-case name, its block."""

    offset: int
    length: int
    head: Mapping[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """The type of the record: `response`, `metadata`, and so on."""
        return self.head.get("warc-type", "").lower()

    @property
    def record_id(self) -> str:
        """The name of the record."""
        return self.head.get("warc-record-id", "")

    @property
    def url(self) -> str:
        """The address the record is about; some writers set it in angle brackets."""
        return self.head.get("warc-target-uri", "").strip("<>")


@dataclass(frozen=True, slots=True)
class Broken:
    """Where the reading of a file stopped; `cut` says that the file ends there, within a record."""

    offset: int
    reason: str
    cut: bool


def read_records(path: Path, *, end: int | None = None) -> Iterator[Record | Broken]:
    """Yield the records of a file in order; where one cannot be read, say so and stop. OSError is passed on.

    `end` is the place behind the last byte that counts, None for the end of the file.
    """
    with path.open("rb") as stream:
        if OWN_NAME.fullmatch(path.name):
            yield from _own(stream, path.stat().st_size if end is None else end)
        else:
            yield from _foreign(stream)


def digest_holds(declared: str, data: bytes) -> bool:
    """Tell whether bytes have a digest, in hex or in base 32; one of an unknown kind proves nothing, and holds.

    >>> digest_holds("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ", b"")
    True
    """
    algorithm, _, value = declared.partition(":")
    try:
        digest = hashlib.new(algorithm.lower().replace("-", ""), data, usedforsecurity=False).digest()
    except (ValueError, TypeError):
        return True
    return value.lower() == digest.hex() or value.upper().rstrip("=") == base64.b32encode(digest).decode().rstrip("=")


def _own(stream: IO[bytes], end: int) -> Iterator[Record | Broken]:
    """Yield the records of one of our files."""
    offset, waiting = 0, b""
    while offset < end:
        inflater, out = zlib.decompressobj(_GZIP), []
        read = offset + len(waiting)
        while not inflater.eof:
            if not waiting:
                waiting = stream.read(min(_CHUNK, end - read))
                read += len(waiting)
            if not waiting:
                yield Broken(offset, "the file ends within a record", cut=True)
                return
            try:
                out.append(inflater.decompress(waiting))
            except zlib.error as error:
                yield Broken(offset, f"the record cannot be unpacked ({error})", cut=False)
                return
            waiting = inflater.unused_data
        length = read - len(waiting) - offset
        record = _parsed(b"".join(out), offset, length)
        yield record
        if isinstance(record, Broken):
            return
        offset += length


def _parsed(data: bytes, offset: int, length: int) -> Record | Broken:
    """Return an unpacked member as the record it holds."""
    head, _, rest = data.partition(b"\r\n\r\n")
    if not head.startswith(b"WARC/1.1\r\n"):
        return Broken(offset, "no record begins here", cut=False)
    headers = {found[1].lower(): found[2] for found in _LINE.finditer(head.decode("utf-8", "replace"))}
    if headers.get("content-length") != str(len(rest) - 4) or not rest.endswith(b"\r\n\r\n"):
        return Broken(offset, "the record has not the length that it declares", cut=False)
    return Record(offset, length, headers, rest[:-4])


def _foreign(stream: IO[bytes]) -> Iterator[Record | Broken]:
    """Yield the records of another program's file; those that share a gzip member share its place."""
    waiting: list[Record] = []
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    try:
        for found in ArchiveIterator(stream, parse_http=False, max_header_len=MAX_HEAD_BYTES):
            headers = {name.lower(): value for name, value in found.headers.to_tuples()}
            # What holds no page is not kept in memory while the end of its member is looked for.
            block = found.reader.read() if headers.get("warc-type", "").lower() in ANSWERS else b""
            at = found.stream_pos
            if waiting and at != waiting[0].offset and _begins(stream, at):
                yield from _measured(waiting, at)
                waiting = []
            waiting.append(Record(waiting[0].offset if waiting else at, 0, headers, block))
    except (OSError, ValueError) as error:
        yield from _measured(waiting, size)
        yield Broken(waiting[-1].offset if waiting else 0, f"the records behind cannot be read ({error})", cut=False)
        return
    yield from _measured(waiting, size)


def _begins(stream: IO[bytes], at: int) -> bool:
    """Tell whether a record or a gzip member begins at a place; where many share a member, fastwarc tells another."""
    return os.pread(stream.fileno(), 5, at).startswith((GZIP_MAGIC, b"WARC/"))


def _measured(records: list[Record], end: int) -> Iterator[Record]:
    """Yield records with the length of the bytes they stand in."""
    return (Record(record.offset, end - record.offset, record.head, record.block) for record in records)
