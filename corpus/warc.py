"""Read the pages of a WARC file, the form in which web archives keep what a server answered.

Of its records, `response` and `resource` carry pages. What serves a page (pictures, styles, scripts, data)
and what is none (requests, metadata, DNS, text extracts under `urn:`, redirects) gives no capture: every page
such a record leads to or belongs to has its own. All else gives one capture each, a page or a named failure:
an answer that is no page, a document, a page that was cut, a record that is damaged. A `revisit` says that a
page was unchanged; it gives none where the page it repeats is in any of the files, before it or behind, else a
failure that says where the page is. A page in several segments is a failure: no writer of today makes them.
"""

import base64
import hashlib
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import IO
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord

from corpus.captures import Capture, ManifestEntry, iso_utc
from corpus.errors import UnpackError
from corpus.failures import (
    RAISE_LIMIT,
    Failure,
    failure_of_bytes,
    failure_of_document,
    failure_of_unpacking,
)
from corpus.frames import MAX_HEADER_BYTES, Frame, Lost, Stretch, read_frames
from corpus.mhtml import read_mhtml
from corpus.sniff import HEAD_BYTES, Role, has_end, media_role, name_role, sniff
from corpus.unpack import decode_body
from corpus.visits import Visits
from corpus.zips import failure_of_zip

_PAGE_RECORDS = frozenset({b"response", b"resource", b"revisit"})
_OTHER_RECORDS = frozenset({b"warcinfo", b"request", b"metadata", b"conversion", b"continuation"})
_WEB = frozenset({"http", "https", "ftp", "file"})
# Under these, crawlers keep look-ups, extracts and pictures of pages, which have records of their own.
_ABOUT_CRAWL = frozenset({"dns", "whois", "urn", "metadata", "screenshot", "thumbnail", "pdf", "warcinfo"})

# What refuses a visitor: log-in and permission (401, 403, 407, 451), too many requests (429, 418), and the
# codes with which the shields before Chinese sites send a script in the page's place (202, 405, 412, 521).
BLOCKED_STATUS = frozenset({202, 401, 403, 405, 407, 412, 418, 429, 451, 521})
"""Answers of a server that refuses a visitor."""

_PAGE_STATUS = frozenset({200, 203})

_TYPE = re.compile(rb"(?im)^warc-type[ \t]*:[ \t]*([a-z]{1,40})[ \t]*\r?\n")
_TARGET = re.compile(rb"(?im)^warc-target-uri[ \t]*:[ \t]*<?([^\r\n>]{1,8000})>?\r?\n")
_WHITE = re.compile(r"[\s\x00-\x1f]")
_CHARSET = re.compile(r"(?i)charset[ \t]*=[ \t]*[\"']?([\w.:-]{1,40})")  # `text/html; charset="gb2312"`

_NONE: tuple[str, ...] = ()

_CRAWL_AGAIN = "Capture the address again."
_OUTCOME_OF_CUT = {"length": "too_large", "time": "timeout"}  # by the words of the WARC standard
_REPAIR = "Get the archive again, or capture the address again."


@dataclass(frozen=True, slots=True)
class Archive:
    """A WARC: its name as a reader knows it, and what is known of its pages.

    `entry_for` gives the manifest's entry for an address and a moment. `file_uri` is the file that it is, or is in;
    `first_place` is added to an offset in it to have a place in that file.
    """

    name: str
    compressed: bool
    entry_for: Callable[[str, str], ManifestEntry | None]
    file_uri: str
    first_place: int = 0


def read_warc(
    stream: IO[bytes], archive: Archive, *, limit: int, visits: Visits, stretch: Stretch | None = None
) -> Iterator[tuple[int, Capture]]:
    """Yield the captures of a WARC in file order with their places, one page in memory at a time.

    `limit` is the most bytes that a page may have; `visits` is told of every record, and keeps the revisits whose page
    was not met yet. Damage yields failed captures and reading goes on behind it; OSError from `stream` is passed on.
    With a `stretch` only that part is read.
    """
    stretch = stretch or Stretch()
    found = None
    for found in read_frames(stream, compressed=archive.compressed, limit=limit, stretch=stretch):
        place = archive.first_place + found.offset
        capture, marks = (
            (_lost(found, archive.name), _NONE)
            if isinstance(found, Lost)
            else _read(found, archive.name, limit, visits)
        )
        if capture is None:
            continue
        if entry := archive.entry_for(capture.source_uri, capture.captured_at):
            capture = replace(capture, manifest=entry)
        if marks:
            visits.wait(marks, capture, archive.file_uri, place)
        else:
            yield place, capture
    if found is None and stretch.start == 0 and stretch.next_offset is None:
        failure = ("empty", "the archive holds no record", _REPAIR)
        yield archive.first_place, Capture(archive.name, b"", failure=failure)


def addresses(stream: IO[bytes], archive: Archive, *, limit: int, stretch: Stretch | None = None) -> Iterator[str]:
    """Yield the address of every record and of every damaged place, as `read_warc` asks for their entries."""
    for found in read_frames(stream, compressed=archive.compressed, limit=limit, stretch=stretch):
        uri = _target(found.header)
        yield uri if _is_address(uri) else f"{archive.name}#offset={found.offset}"


def _lost(lost: Lost, name: str) -> Capture | None:
    """Return the failure for a stretch that could not be read; None where it surely held no page."""
    if _kind(lost.header) in _OTHER_RECORDS:
        return None
    uri = _target(lost.header)
    if not _is_address(uri):
        uri = f"{name}#offset={lost.offset}"
    failure = ("crashed", f"{name}, byte {lost.offset}: {lost.reason}", _REPAIR)
    return Capture(uri, b"", failure=failure)


def _kind(header: bytes) -> bytes:
    """Return the type of a record, b'' where none can be read."""
    found = _TYPE.search(header)
    return found[1].lower() if found else b""


def _target(header: bytes) -> str:
    """Return the address that a record is about, '' where none can be read."""
    found = _TARGET.search(header)
    raw = found[1].strip() if found else b""
    try:
        return raw.decode()
    except UnicodeDecodeError:  # some crawlers write the bytes of the link as they found them
        return raw.decode("gb18030", "backslashreplace")


def _is_address(uri: str) -> bool:
    """Tell an address from what damage makes of one."""
    scheme, colon, rest = uri.partition(":")
    if scheme.lower() in _WEB:
        return rest.startswith("//") and len(rest) > len("//") and not _WHITE.search(uri)
    return bool(colon) and scheme.lower() in _ABOUT_CRAWL


@dataclass(frozen=True, slots=True)
class _Record:
    """A record that may hold a page; `status` is None where the block is no HTTP answer.

    `declared` is the length of the body that the server announced, None where it did not.
    """

    kind: bytes
    uri: str
    captured_at: str
    status: int | None
    media_type: str
    charset: str
    transfer: str
    content: str
    declared: int | None
    truncated: str
    block_digest: str
    payload_digest: str
    original: str
    original_at: str
    body: bytes

    @property
    def is_revisit(self) -> bool:
        """Whether the record says that a page was unchanged."""
        return self.kind == b"revisit"

    @property
    def marks(self) -> tuple[str, ...]:
        """What the visit is known by: its digest, its address and moment; of a revisit those of the visit it repeats.

        A server that answers `not modified` sends no page, so that crawlers may know no digest of one.
        """
        uri, moment = (self.original, self.original_at) if self.is_revisit else (self.uri, self.captured_at)
        return (*((self.payload_digest,) if self.payload_digest else ()), *((f"{uri} {moment}",) if moment else ()))


def _read(frame: Frame, name: str, limit: int, visits: Visits) -> tuple[Capture | None, tuple[str, ...]]:
    """Return what one record gives; with marks it is a revisit whose page may come yet."""
    kind, uri = _kind(frame.header), _target(frame.header)
    if kind in _OTHER_RECORDS:
        return None, _NONE
    if kind not in _PAGE_RECORDS or not _is_address(uri):
        return _lost(Lost(frame.offset, frame.header, "the record has no type or no address"), name), _NONE
    try:
        record = _parse(frame, kind, uri)
    except (OSError, ValueError, StopIteration) as error:
        reason = f"the record's headers cannot be read ({error})"
        return _lost(Lost(frame.offset, frame.header, reason), name), _NONE
    if not record.is_revisit:
        visits.add(record.marks)
    role = media_role(record.media_type)
    if _is_no_page(record, role):
        if record.status in _PAGE_STATUS and role == "side":
            visits.pass_over(uri)
        return None, _NONE
    if record.is_revisit and not visits.knows(record.marks):
        return _revisit(record), record.marks
    capture = None if record.is_revisit else _judged(frame, record, role, limit)
    if capture is None:
        visits.pass_over(uri)
    return capture, _NONE


def _judged(frame: Frame, record: _Record, role: Role, limit: int) -> Capture | None:
    """Return the page or the failure of a record that is no revisit; None for a list that programs read."""
    failure = _status_failure(record) or _frame_failure(frame, record, role, limit)
    return _failed(record, failure) if failure else _page(record, role, limit)


def _parse(frame: Frame, kind: bytes, uri: str) -> _Record:
    """Let fastwarc read the headers; OSError, ValueError or StopIteration where it cannot."""
    record = next(
        iter(
            ArchiveIterator(
                io.BytesIO(frame.header + frame.block),
                max_header_len=MAX_HEADER_BYTES,
                quirks_mode=True,
                stream_detect=False,
            ),
        ),
    )
    if not record.is_http and kind != b"resource" and frame.block.startswith(b"HTTP/"):
        record.is_http = True
        record.parse_http(quirks_mode=True, max_header_len=MAX_HEADER_BYTES)
    head = record.headers
    media_type, charset = _media(_http(record, "Content-Type") if record.is_http else head.get("Content-Type"))
    length = _http(record, "Content-Length")
    return _Record(
        kind=kind,
        uri=uri,
        captured_at=iso_utc(head.get("WARC-Date") or ""),
        status=record.http_headers.status_code if record.is_http else None,
        media_type=media_type,
        charset=charset,
        transfer=_http(record, "Transfer-Encoding"),
        content=_http(record, "Content-Encoding"),
        declared=int(length) if length.isascii() and length.isdigit() else None,
        truncated=(head.get("WARC-Truncated") or ("segmented" if "WARC-Segment-Number" in head else "")).strip(),
        block_digest=(head.get("WARC-Block-Digest") or "").strip(),
        payload_digest=(head.get("WARC-Payload-Digest") or "").strip(),
        original=(head.get("WARC-Refers-To-Target-URI") or head.get("WARC-Refers-To") or "").strip("<> "),
        original_at=iso_utc(head.get("WARC-Refers-To-Date") or ""),
        body=record.reader.read(),
    )


def _http(record: WarcRecord, field: str) -> str:
    """Return a field of the server's answer, '' where there is no answer or no such field."""
    return ((record.http_headers.get(field) if record.is_http else "") or "").strip()


def _media(content_type: str | None) -> tuple[str, str]:
    """Split `text/html; charset=gb2312` into media type and charset."""
    text = content_type or ""
    charset = _CHARSET.search(text)
    return text.split(";")[0].strip().lower(), charset[1] if charset else ""


def _is_no_page(record: _Record, role: Role) -> bool:
    """Tell what is passed over without a word: redirects, what serves a page, records about the crawl."""
    try:
        path = urlsplit(record.uri).path
    except ValueError:  # a stray bracket that looks like an IPv6 host
        path = record.uri
    if record.uri.partition(":")[0].lower() not in _WEB or path == "/robots.txt":
        return True
    # A revisit with 304 is no redirect: it is how a server says that the page is unchanged.
    if record.status is not None and 300 <= record.status < 400 and not (record.is_revisit and record.status == 304):
        return True
    if role == "unknown" and name_role(path) == "side":  # a packed sitemap, as servers send it
        return True
    # An error for a picture is written in HTML; the address still says that no page was lost.
    return role in ("side", "image") or (
        record.status not in (*_PAGE_STATUS, None) and name_role(path) in ("side", "image")
    )


def _revisit(record: _Record) -> Capture:
    """Say where the page of an unchanged visit is."""
    where = f" at {record.original}" if record.original else ""
    detail = f"the page was unchanged; the archive keeps it only once, with an earlier visit{where}"
    return _failed(record, ("duplicate", detail, "Add the archive that holds the earlier visit."))


def _status_failure(record: _Record) -> Failure | None:
    """Return the failure for an answer that is not the page."""
    if record.status is None or record.status in _PAGE_STATUS:
        return None
    detail = f"HTTP {record.status}"
    if record.status in BLOCKED_STATUS:
        return "blocked", detail, "Open the address in a browser and save the page."
    return "empty", detail, "Look for another capture of the address."


def _frame_failure(frame: Frame, record: _Record, role: Role, limit: int) -> Failure | None:
    """Return the failure for a body that is not all of the page, or not surely what was captured."""
    if role == "document":
        return failure_of_document(record.media_type)
    if frame.oversized:
        return "too_large", f"the record declares more than {limit} bytes", RAISE_LIMIT
    if record.truncated:
        outcome = _OUTCOME_OF_CUT.get(record.truncated.lower(), "crashed")
        return outcome, f"the crawler cut the page (WARC-Truncated: {record.truncated})", _CRAWL_AGAIN
    same = _digest_matches(record.block_digest, frame.block)
    if same is False:
        return "crashed", "the record is not what was captured: its WARC-Block-Digest differs", _REPAIR
    have = len(record.body)
    # Servers announce more than they have: where the digest tells that nothing was lost since, the page's end counts.
    whole = same is True and has_end(record.body)
    if record.declared is not None and have < record.declared and not record.transfer and not whole:
        return "crashed", f"the page was cut: {have} of {record.declared} bytes were stored", _CRAWL_AGAIN
    if frame.doubt and not same:
        return "crashed", f"{frame.doubt}, and no digest proves that it is whole", _REPAIR
    return None


def _digest_matches(declared: str, block: bytes) -> bool | None:
    """Compare `sha1:3I42H3S6…` with the block; None where there is no digest or of an unknown kind.

    Writers print digests in base 32 (the older custom) or in hex.
    """
    algorithm, _, value = declared.partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in ("md5", "sha1", "sha256", "sha512"):
        return None
    digest = hashlib.new(algorithm, block, usedforsecurity=False).digest()
    if len(value) == 2 * len(digest):
        return value.lower() == digest.hex()
    printed = base64.b32encode(digest).decode().rstrip("=")
    return value.upper().rstrip("=") == printed if len(value.rstrip("=")) == len(printed) else None


def _page(record: _Record, role: Role, limit: int) -> Capture | None:
    """Unpack the body and return the page, or the failure of what is none; None for a list that programs read."""
    try:
        data = decode_body(record.body, record.transfer, record.content, limit)
        if len(data) > limit:
            return _failed(record, ("too_large", f"{len(data)} bytes, the limit is {limit}", RAISE_LIMIT))
        found = sniff(data[:HEAD_BYTES])
        if found.kind == "mhtml":
            part = read_mhtml(data)
            return Capture(record.uri, part.data, record.captured_at, part.media_type, part.charset)
    except UnpackError as error:
        return _failed(record, failure_of_unpacking(error))
    if found.kind == "data":
        return None
    failure = failure_of_zip(data) if found.kind == "zip" else failure_of_bytes(found, named_page=role == "page")
    if failure:
        return _failed(record, failure)
    return Capture(record.uri, data, record.captured_at, record.media_type, record.charset)


def _failed(record: _Record, failure: Failure) -> Capture:
    """Return the failed capture of a record that could be read so far."""
    return Capture(
        record.uri,
        b"",
        record.captured_at,
        record.media_type,
        record.charset,
        failure=failure,
    )
