"""Read one file: a page, an MHTML or gzip file, a WARC or WACZ gives captures, each with its place in the file.

`read_one` is the entry. What the bytes are decides, not the name; only what serves a page (pictures, styles, scripts,
data beside it) is passed over.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from corpus.captures import Capture, ManifestEntry
from corpus.errors import UnpackError
from corpus.failures import (
    RAISE_LIMIT,
    Failure,
    failure_of_bytes,
    failure_of_document,
    failure_of_system,
    failure_of_unpacking,
)
from corpus.frames import Stretch
from corpus.manifest import is_web_address
from corpus.mhtml import read_mhtml
from corpus.sniff import HEAD_BYTES, Sniffed, name_role, sniff, zip_words
from corpus.sources import SourceFile
from corpus.unpack import GZIP_MAGIC, gunzip
from corpus.visits import Visits
from corpus.warc import Archive, addresses, read_warc
from corpus.zips import ZIP_ERRORS, failure_of_container

Open = Callable[[], AbstractContextManager[IO[bytes]]]
"""Opens the file at its beginning, whatever part of it is read; OSError where it cannot."""

_MEMBER_PLACES = 2**40
"""Places of one member of a WACZ: more bytes than any has."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A capture and where it stands: `place` is the offset of its record in the file, 0 for a page.

    Captures of a run are ordered by `file_uri`, as text, and by `place`; those of one record stay as they come.
    """

    capture: Capture
    file_uri: str
    place: int


def read_one(
    file: SourceFile, opened: Open, *, limit: int, visits: Visits, stretch: Stretch | None = None, packed: bool = False
) -> Iterator[Placed]:
    """Yield the captures of one file, and tell `visits` of them; what cannot be read is a capture with a failure.

    With a `stretch` the file is a WARC, `packed` or not, and that part of it is read.
    """
    try:
        with opened() as stream:
            found = (
                _dispatch(file, stream, limit, visits)
                if stretch is None
                else read_warc(stream, _archive(file, compressed=packed), limit=limit, visits=visits, stretch=stretch)
            )
            for place, capture in found:
                visits.hear(capture)
                yield Placed(capture, file.uri, place)
    except OSError as error:
        capture = _failed(file, failure_of_system(error))
        visits.hear(capture)
        yield Placed(capture, file.uri, stretch.start if stretch else 0)


@dataclass(frozen=True, slots=True)
class Look:
    """What the first bytes of a file say: whether it is a WARC, and a packed one, or a ZIP container."""

    is_warc: bool
    packed: bool
    is_zip: bool


def look_at(file: SourceFile, head: bytes) -> Look:
    """Tell what begins with these bytes; give the first `HEAD_BYTES` where there are as many."""
    found, inner = _looked_at(head)
    is_warc = _is_warc(file, head, inner)
    return Look(is_warc, is_warc and _is_compressed(file, found), found.kind == "zip")


def is_container(file: SourceFile, opened: Open) -> bool:
    """Tell whether a file is a web archive (WARC, WACZ) rather than a page; one that cannot be opened is none."""
    try:
        with opened() as stream:
            look = look_at(file, stream.read(HEAD_BYTES))
            if not look.is_zip:
                return look.is_warc
            with zipfile.ZipFile(stream) as box:
                return bool(_members(box))
    except (OSError, *ZIP_ERRORS):
        return False


def asked_of(
    file: SourceFile, opened: Open, *, limit: int, stretch: Stretch | None = None, packed: bool = False
) -> Iterator[str]:
    """Yield the addresses by which `read_one` looks up what manifests say of the pages in a file."""
    try:
        with opened() as stream:
            if stretch is not None:
                yield from addresses(stream, _archive(file, compressed=packed), limit=limit, stretch=stretch)
                return
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            found, inner = _looked_at(head)
            if _is_warc(file, head, inner):
                yield from addresses(stream, _archive(file, compressed=_is_compressed(file, found)), limit=limit)
            elif found.kind == "zip":
                yield from _asked_of_members(file, stream, limit)
            elif file.entry is None:
                yield _single(file, stream, inner, limit, packed=found.kind == "gzip").source_uri
    except OSError:
        return


def _asked_of_members(file: SourceFile, stream: IO[bytes], limit: int) -> Iterator[str]:
    try:
        with zipfile.ZipFile(stream) as box:
            for name in _members(box):
                with box.open(name) as member:
                    yield from addresses(member, _member_archive(file, member, name, 0), limit=limit)
    except ZIP_ERRORS:
        return


_GET_AGAIN = "Get the file again."

# `<!-- saved from url=(0060)https://www.example.gov.cn/a.html -->`: browsers write it before <html>.
_SAVED_FROM = re.compile(rb"(?i)<!--\s{0,9}saved from url=\([0-9]{1,5}\)(https?://[^\s<>\"]{1,2000})\s{0,9}-->")
_SAVED_FROM_BYTES = 2048
_WARC_NAME = re.compile(r"(?i)\.warc(?:\.gz)?$")


def _dispatch(file: SourceFile, stream: IO[bytes], limit: int, visits: Visits) -> Iterator[tuple[int, Capture]]:
    """Look at the first bytes and read the file as what it is."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    found, inner = _looked_at(head)
    if _is_warc(file, head, inner):
        archive = _archive(file, compressed=_is_compressed(file, found))
        yield from read_warc(stream, archive, limit=limit, visits=visits)
    elif found.kind == "zip":
        yield from _zip(file, stream, limit, visits)
    elif inner.kind != "image" or file.given or name_role(file.uri) == "page":
        yield 0, _single(file, stream, inner, limit, packed=found.kind == "gzip")


def _archive(file: SourceFile, *, compressed: bool) -> Archive:
    return Archive(file.uri, compressed, file.entry_for, file.uri)


def _is_compressed(file: SourceFile, found: Sniffed) -> bool:
    """Tell a packed WARC; of one whose first bytes are damaged its name says it."""
    return found.kind == "gzip" or (found.kind != "warc" and file.path.name.lower().endswith(".gz"))


def _looked_at(head: bytes) -> tuple[Sniffed, Sniffed]:
    """Say what begins with these bytes, and what a gzip file with them holds."""
    found = sniff(head)
    return found, sniff(_unpacked_head(head)) if found.kind == "gzip" else found


def _is_warc(file: SourceFile, head: bytes, inner: Sniffed) -> bool:
    """Tell a WARC; one whose own first bytes are damaged is known by its name, and may be whole further on."""
    named = _WARC_NAME.search(file.path.name) and inner.kind in ("binary", "text", "html", "empty")
    return bool(head and (inner.kind == "warc" or named))


def _unpacked_head(head: bytes) -> bytes:
    """Return the first bytes that a gzip file holds, b'' where it is damaged."""
    try:
        return zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD_BYTES)
    except zlib.error:
        return b""


def _single(file: SourceFile, stream: IO[bytes], found: Sniffed, limit: int, *, packed: bool) -> Capture:
    """Read a file that is one page, or none; a document or an oversized page is not read to its end."""
    failure = None if packed and found.kind == "empty" else _failure_of_kind(file, found)
    if failure:
        return _failed(file, failure)
    try:
        data = gunzip(stream, limit) if packed else stream.read(limit + 1)
        if len(data) > limit:
            return _failed(file, ("too_large", f"{file.size} bytes, the limit is {limit}", RAISE_LIMIT))
        found = sniff(data[:HEAD_BYTES])
        if found.kind == "mhtml":
            return _mhtml(file, data)
    except UnpackError as error:
        return _failed(file, failure_of_unpacking(error))
    failure = _failure_of_kind(file, found)
    return _failed(file, failure) if failure else _page(file, data)


def _failure_of_kind(file: SourceFile, found: Sniffed) -> Failure | None:
    """Return the failure of a file that is no page; None for a page."""
    role = name_role(file.uri)
    if found.kind == "binary" and role == "document":
        return failure_of_document(f"a document of the kind {PurePosixPath(file.uri).suffix}")
    return failure_of_bytes(found, named_page=role == "page")


def _page(file: SourceFile, data: bytes) -> Capture:
    """Return a plain page, under the address that a browser noted in it."""
    noted = _SAVED_FROM.search(data[:_SAVED_FROM_BYTES])
    address = noted[1].decode("utf-8", "replace") if noted else ""
    entry = file.entry or (file.entry_for(address, "") if address else None)
    return Capture(_uri(file, entry, address), data, entry.captured_at if entry else "", manifest=entry)


def _mhtml(file: SourceFile, data: bytes) -> Capture:
    """Return the page of an MHTML file, under the address it was saved from."""
    part = read_mhtml(data)
    entry = file.entry or (file.entry_for(part.source_uri, part.captured_at) if part.source_uri else None)
    return Capture(
        _uri(file, entry, part.source_uri),
        part.data,
        (entry.captured_at if entry else "") or part.captured_at,
        part.media_type,
        part.charset,
        entry,
    )


def _failed(file: SourceFile, failure: Failure) -> Capture:
    """Return the capture of a file that gave no page."""
    captured_at = file.entry.captured_at if file.entry else ""
    return Capture(_uri(file, file.entry, ""), b"", captured_at, manifest=file.entry, failure=failure)


def _uri(file: SourceFile, entry: ManifestEntry | None, address: str) -> str:
    """Return the address of a page: the manifest's, else its own, else its path."""
    listed = entry.source_uri if entry and is_web_address(entry.source_uri) else ""
    return listed or address or file.uri


def _zip(file: SourceFile, stream: IO[bytes], limit: int, visits: Visits) -> Iterator[tuple[int, Capture]]:
    """Read the WARC files in a WACZ; a ZIP container without any is a document or an archive to unpack."""
    try:
        box = zipfile.ZipFile(stream)
    except ZIP_ERRORS as error:
        yield 0, _failed(file, ("crashed", f"damaged ZIP container ({error})", _GET_AGAIN))
        return
    with box:
        words = zip_words(box.namelist())
        members = _members(box)
        for no, name in enumerate(members):
            yield from _zip_member(file, box, name, no * _MEMBER_PLACES, limit, visits)
    if not members:
        yield 0, _failed(file, failure_of_container(words))


def _members(box: zipfile.ZipFile) -> list[str]:
    return sorted(name for name in box.namelist() if _WARC_NAME.search(name))


def _zip_member(
    file: SourceFile, box: zipfile.ZipFile, name: str, first_place: int, limit: int, visits: Visits
) -> Iterator[tuple[int, Capture]]:
    """Read one WARC file of a WACZ."""
    place = first_place
    try:
        with box.open(name) as member:
            archive = _member_archive(file, member, name, first_place)
            for place, capture in read_warc(member, archive, limit=limit, visits=visits):
                yield place, capture
    except ZIP_ERRORS as error:
        failure = ("crashed", f"damaged ZIP member ({error})", _GET_AGAIN)
        yield place, Capture(f"{file.uri}/{name}", b"", failure=failure)


def _member_archive(file: SourceFile, member: IO[bytes], name: str, first_place: int) -> Archive:
    """Return what is known of a WARC in a WACZ, which is then at its beginning."""
    compressed = member.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    member.seek(0)
    return Archive(f"{file.uri}/{name}", compressed, file.entry_for, file.uri, first_place)
