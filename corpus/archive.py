"""Read archives: files, folders, WARC, WACZ, MHTML and gzip files become one stream of captures.

`read_captures` is the entry. Everything that is asked for gives a capture: a page, or a failure that says why
there is none. Only what serves a page (pictures, styles, scripts, data beside it) is passed over. One page is
in memory at a time, and none that is larger than the limit.
"""

import errno
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
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
from corpus.manifest import is_web_address
from corpus.mhtml import read_mhtml
from corpus.sniff import HEAD_BYTES, Sniffed, name_role, sniff, zip_words
from corpus.sources import SourceFile, SourcePlan, answers, plan_sources
from corpus.unpack import GZIP_MAGIC, gunzip
from corpus.visits import Visits
from corpus.warc import read_warc
from corpus.zips import ZIP_ERRORS, failure_of_container

__all__ = [
    "MAX_PAGE_BYTES",
    "SourceFile",
    "SourcePlan",
    "is_container",
    "plan_sources",
    "read_captures",
    "read_file",
    "read_plan",
    "read_plan_files",
]

MAX_PAGE_BYTES = 32 * 2**20
"""The most bytes of one page. Reports exported from Word, with one span a character, reach about 350 KB."""


def read_captures(sources: Sequence[Path], *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield every capture of the sources, ordered by file name and by place in the file.

    SourceError is raised at the call, before anything is read (see `plan_sources`); after that nothing is
    raised: what cannot be read is a capture with a failure.
    """
    return read_plan(plan_sources(sources), max_page_bytes=max_page_bytes)


def read_plan(plan: SourcePlan, *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield the captures of a plan: those of the files in order, then the failures."""
    return (capture for _, capture in read_plan_files(plan, max_page_bytes=max_page_bytes))


def read_plan_files(
    plan: SourcePlan, *, max_page_bytes: int = MAX_PAGE_BYTES
) -> Iterator[tuple[SourceFile | None, Capture]]:
    """Yield the same captures, each with the file that it was read from; None where it is of no one file."""
    awaited: dict[str, list[Capture]] = {}
    for capture in plan.awaited:
        awaited.setdefault(capture.source_uri, []).append(capture)
    with Visits(awaited) as visits:
        for file, capture in _read_all(plan.files, max_page_bytes, visits):
            if waiting := awaited.pop(capture.source_uri, None):
                awaited[capture.source_uri] = [one for one in waiting if not answers(capture, one)]
            yield file, capture
        silent = visits.silent
    missing = (one for one in chain.from_iterable(awaited.values()) if one.source_uri not in silent)
    yield from ((None, capture) for capture in chain(plan.failures, missing))


def _read_all(files: Sequence[SourceFile], limit: int, visits: Visits) -> Iterator[tuple[SourceFile | None, Capture]]:
    """Yield the captures of the files, and then the revisits whose page is in none of them."""
    for file in files:
        yield from ((file, capture) for capture in _read_one(file, limit, visits))
    yield from ((None, capture) for capture in visits.unresolved())


def read_file(file: SourceFile, *, max_page_bytes: int = MAX_PAGE_BYTES) -> Iterator[Capture]:
    """Yield the captures of one file: one, many for an archive, none for a picture that lies beside pages."""
    with Visits() as visits:
        yield from (capture for _, capture in _read_all([file], max_page_bytes, visits))


def is_container(file: SourceFile) -> bool:
    """Tell whether a file is a web archive (WARC, WACZ) rather than a page; one that cannot be opened is none."""
    try:
        _require_regular(file.path)
        with file.path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            found, inner = _looked_at(head)
            if found.kind != "zip":
                return _is_warc(file, head, inner)
            with zipfile.ZipFile(stream) as box:
                return any(_WARC_NAME.search(name) for name in box.namelist())
    except (OSError, *ZIP_ERRORS):
        return False


def _read_one(file: SourceFile, limit: int, visits: Visits) -> Iterator[Capture]:
    try:
        _require_regular(file.path)
        with file.path.open("rb") as stream:
            yield from _dispatch(file, stream, limit, visits)
    except OSError as error:
        yield _failed(file, failure_of_system(error))


def _require_regular(path: Path) -> None:
    """Raise OSError for a pipe or a device that took the file's place: a pipe would wait for a writer."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "no regular file", str(path))


_GET_AGAIN = "Get the file again."

# `<!-- saved from url=(0060)https://www.example.gov.cn/a.html -->`: browsers write it before <html>.
_SAVED_FROM = re.compile(rb"(?i)<!--\s{0,9}saved from url=\([0-9]{1,5}\)(https?://[^\s<>\"]{1,2000})\s{0,9}-->")
_SAVED_FROM_BYTES = 2048
_WARC_NAME = re.compile(r"(?i)\.warc(?:\.gz)?$")


def _dispatch(file: SourceFile, stream: IO[bytes], limit: int, visits: Visits) -> Iterator[Capture]:
    """Look at the first bytes and read the file as what it is."""
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    found, inner = _looked_at(head)
    packed = found.kind == "gzip"
    if _is_warc(file, head, inner):
        compressed = packed or (found.kind != "warc" and file.path.name.lower().endswith(".gz"))
        yield from read_warc(
            stream, file.uri, compressed=compressed, limit=limit, entry_for=file.entry_for, visits=visits
        )
    elif found.kind == "zip":
        yield from _zip(file, stream, limit, visits)
    elif inner.kind != "image" or file.given or name_role(file.uri) == "page":
        yield _single(file, stream, inner, limit, packed=packed)


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


def _zip(file: SourceFile, stream: IO[bytes], limit: int, visits: Visits) -> Iterator[Capture]:
    """Read the WARC files in a WACZ; a ZIP container without any is a document or an archive to unpack."""
    try:
        box = zipfile.ZipFile(stream)
    except ZIP_ERRORS as error:
        yield _failed(file, ("crashed", f"damaged ZIP container ({error})", _GET_AGAIN))
        return
    with box:
        words = zip_words(box.namelist())
        members = sorted(name for name in box.namelist() if _WARC_NAME.search(name))
        for name in members:
            yield from _zip_member(file, box, name, limit, visits)
    if not members:
        yield _failed(file, failure_of_container(words))


def _zip_member(file: SourceFile, box: zipfile.ZipFile, name: str, limit: int, visits: Visits) -> Iterator[Capture]:
    """Read one WARC file of a WACZ."""
    uri = f"{file.uri}/{name}"
    try:
        with box.open(name) as member:
            compressed = member.read(len(GZIP_MAGIC)) == GZIP_MAGIC
            member.seek(0)
            yield from read_warc(
                member,
                uri,
                compressed=compressed,
                limit=limit,
                entry_for=file.entry_for,
                visits=visits,
            )
    except ZIP_ERRORS as error:
        yield Capture(uri, b"", failure=("crashed", f"damaged ZIP member ({error})", _GET_AGAIN))
