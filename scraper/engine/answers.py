"""Answers between Scrapy and the archive: a response becomes a visit, a visit becomes a response.

What is written is what was received: the body with its content coding, the headers with their doubles. Twisted keeps
neither the case of header names nor the reason phrase, so names stand as HTTP writes them and the phrase is that of
the standard; `Transfer-Encoding` and `Connection` belong to the connection and are not passed on.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urldefrag, urlsplit

from scrapy import Request
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from corpus.errors import UnpackError
from corpus.failures import failure_of_unpacking
from corpus.sniff import has_end
from corpus.unpack import decode_body
from scraper.engine.failures import Refusal
from scraper.records import Reading, Visit

PAGE_STATUS = frozenset({200, 203})
"""An answer that is the page: all others are read for their status alone."""

NOT_MODIFIED = 304

STORED = "gongkai_stored"
"""In `request.meta`: the `Stored` of the newest answer."""

CUT = "gongkai_cut"
"""In `request.meta`: why the body is not whole, as WARC/1.1 says it: `length`, `time`, `disconnect`."""

MOMENT = "gongkai_moment"
"""In `request.meta`: when the headers of the answer came, ISO 8601 in UTC."""

REPLAYED = "gongkai_replayed"
"""In `response.flags`: the answer comes from the archive, the site was not asked."""


def address(url: str) -> str:
    """The address as it is asked and archived: without the fragment, which no server sees."""
    return urldefrag(url).url


def now() -> str:
    """The present moment as the archive writes it."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def visit_of(request: Request, response: Response, max_bytes: int) -> Visit:
    """The visit that a response of the network is."""
    cut = request.meta.get(CUT, "")
    return Visit(
        url=address(request.url),
        moment=request.meta.get(MOMENT) or now(),
        source="live",
        status=response.status,
        reason=_phrase(response.status),
        headers=_pairs(response.headers),
        body=response.body[:max_bytes] if cut == "length" else response.body,
        protocol=response.protocol or "HTTP/1.1",
        request=_request_bytes(request),
        ip=str(response.ip_address or ""),
        truncated=cut or ("disconnect" if "dataloss" in response.flags and not has_end(response.body) else ""),
    )


def response_of(request: Request, visit: Visit) -> Response:
    """The response that a visit was. A visit that found nothing changed answers as the page it repeats."""
    status = 200 if visit.status in (None, NOT_MODIFIED) else visit.status
    headers = Headers()
    for name, value in visit.headers:
        headers.appendlist(name.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
    kind = responsetypes.from_args(headers=headers, url=request.url, body=visit.body)
    return kind(request.url, status=status or 200, headers=headers, body=visit.body, request=request, flags=[REPLAYED])


def unpacked(response: Response, max_bytes: int) -> Response:
    """The response with its content coding undone, as far as it is a page; `Refusal` where that cannot be done."""
    coding = header(response, "Content-Encoding")
    if not coding or response.status not in PAGE_STATUS:
        return response
    try:
        body = decode_body(response.body, "", coding, max_bytes)
    except UnpackError as error:
        raise Refusal(Reading(*failure_of_unpacking(error))) from error
    return response.replace(body=body)


def header(response: Response, name: str) -> str:
    """A header's value as text, '' where there is none; of doubles all, in one line."""
    return ", ".join(value.decode("latin-1").strip() for value in response.headers.getlist(name))


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:  # 521 and other inventions
        return ""


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )


def _request_bytes(request: Request) -> bytes:
    """The request as Twisted sends it: the line, Scrapy's headers, the host."""
    parts = urlsplit(address(request.url))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    lines = [f"{request.method} {path} HTTP/1.1".encode("latin-1", "replace")]
    lines += [name + b": " + value for name, values in request.headers.items() for value in values]
    lines.append(f"Host: {parts.hostname or ''}{port}".encode())
    return b"\r\n".join(lines) + b"\r\n\r\n"
