"""Write a visit as WARC/1.1 records, each a gzip member of its own: the answer, the request, what is known of both.

warcio lays the records out. The HTTP heads are made here, because they are to stand as the server sent them,
down to bytes that are no text, and still be well-formed.
"""

import gzip
import io
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from warcio.warcwriter import BufferWARCWriter

from scraper.records import Stored, Visit
from scraper.store.texts import field_name, header_bytes, one_line, storable, warc_digest, warc_fields

WARC_VERSION = "WARC/1.1"
UNCHANGED = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
RENAMED = "X-Archive-Orig-"
"""Set before the name of a header that does not hold for the stored body, as web archives do on replay."""

_CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
_HTTP1 = re.compile(r"HTTP/1\.[01]")
_GZIP_LEVEL = 6  # 80 KB of HTML: 1.2 ms; level 9, which warcio takes, 2.5 ms for 1 % less


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one visit, ready to be written: the first one is the answer, `length` its bytes."""

    data: bytes
    length: int
    record_id: str


@dataclass(slots=True)
class _Head:
    """An HTTP head that stands as it is; of a head, warcio asks no more than this."""

    headers_buff: bytes

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        """Leave the bytes as they are."""


def warcinfo(name: str, fields: Mapping[str, str]) -> bytes:
    """Return the record that opens a file: who wrote it, and by which rules."""
    block = warc_fields({"format": "WARC file version 1.1", "conformsTo": _CONFORMS_TO, **fields})
    head = {"WARC-Type": "warcinfo", "WARC-Filename": name, "WARC-Date": fields["created"]}
    return _record("", head, block, "application/warc-fields")


def visit_group(
    visit: Visit, kind: str, *, fields: Mapping[str, str], profile: str = "", repeats: tuple[Stored, str] | None = None
) -> Group:
    """Return the records of a visit.

    `kind` is `response`, `revisit` or `resource`; `repeats` is the visit whose body a revisit repeats, with the
    id of its record. `visit.url` and `visit.moment` are clean (`texts`).
    """
    record_id = _new_id()
    head = {"WARC-Type": kind, "WARC-Record-ID": record_id, "WARC-Date": visit.moment}
    if visit.ip:
        head["WARC-IP-Address"] = one_line(visit.ip)
    if visit.truncated:
        head["WARC-Truncated"] = visit.truncated
    if repeats:
        head |= _repeated(*repeats, profile)
    if kind == "resource":
        answer = _record(
            visit.url, head, visit.body, one_line(storable(visit.media_type)) or "application/octet-stream"
        )
    else:
        body = b"" if kind == "revisit" else visit.body
        answer = _record(visit.url, head, body, "application/http; msgtype=response", http=answer_head(visit))
    about = {"WARC-Date": visit.moment, "WARC-Concurrent-To": record_id}
    request = b""
    if visit.request:
        head = {"WARC-Type": "request", **about}
        request = _record(visit.url, head, b"", "application/http; msgtype=request", http=_whole_head(visit.request))
    head = {"WARC-Type": "metadata", **about}
    metadata = _record(visit.url, head, warc_fields(fields), "application/warc-fields")
    return Group(answer + request + metadata, len(answer), record_id)


def answer_head(visit: Visit) -> bytes:
    """Return the status line and the headers of an answer.

    A transfer coding is gone from the stored body, so its header is renamed. A protocol that has no lines, as
    HTTP/2, is written in those of HTTP/1.1.
    """
    protocol = visit.protocol if _HTTP1.fullmatch(visit.protocol) else "HTTP/1.1"
    lines = [header_bytes(f"{protocol} {visit.status} {one_line(visit.reason)}".rstrip())]
    for name, value in visit.headers:
        kept = RENAMED + name if name.strip().lower() == "transfer-encoding" else name
        lines.append(field_name(kept.strip()).encode() + b": " + header_bytes(one_line(value)))
    return b"\r\n".join([*lines, b"", b""])


def _whole_head(request: bytes) -> bytes:
    """Return a request with the empty line that ends its headers."""
    return request if b"\r\n\r\n" in request else request.rstrip(b"\r\n") + b"\r\n\r\n"


def _repeated(original: Stored, record_id: str, profile: str) -> dict[str, str]:
    """Return the headers that say what a revisit repeats."""
    return {
        "WARC-Profile": profile,
        "WARC-Refers-To": record_id,
        "WARC-Refers-To-Target-URI": original.url,
        "WARC-Refers-To-Date": original.moment,
        "WARC-Payload-Digest": f"sha256:{original.digest}",
    }


def _record(url: str, head: Mapping[str, str], body: bytes, media_type: str, http: bytes = b"") -> bytes:
    """Return one record, packed."""
    digests = {"WARC-Block-Digest": warc_digest(http + body)}
    if head["WARC-Type"] not in ("warcinfo", "revisit"):
        digests["WARC-Payload-Digest"] = warc_digest(body)
    writer = BufferWARCWriter(gzip=False, warc_version=WARC_VERSION)
    record = writer.create_warc_record(
        url,
        head["WARC-Type"],
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type=media_type,
        warc_headers_dict={"WARC-Record-ID": _new_id(), **head, **digests},
        http_headers=_Head(http) if http else None,
    )
    writer.write_record(record)
    return gzip.compress(writer.get_contents(), _GZIP_LEVEL, mtime=0)


def _new_id() -> str:
    """Return the name of a new record."""
    return f"<urn:uuid:{uuid.uuid4()}>"
