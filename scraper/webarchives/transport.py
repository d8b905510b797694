"""Carry the requests of a library to where a web archive is, and read its answers whole, but not beyond a limit.

`wayback` knows one place, the official one: it stands in its constants and in the patterns by which it reads the
addresses that come back. So the library is left to believe that it talks to it. The adapter under its session sends
each request to the address that the user gave, and writes that place back into the answer as the official one.
`requests` made adapters for this, so it holds with whatever release of the library.
"""

import io
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError, ReadTimeout
from urllib3 import HTTPResponse
from urllib3.exceptions import HTTPError, ReadTimeoutError

from corpus.errors import UnpackError
from corpus.failures import RAISE_LIMIT
from corpus.unpack import decode_body
from scraper.sessions import guarded
from scraper.webarchives.errors import CaptureMissedError
from scraper.webarchives.options import WebArchiveOptions
from scraper.webarchives.patience import is_archived

_PIECE = 64 * 1024
_LISTING_BYTES = 64 * 2**20
"""The most bytes of an answer that is no capture; a page of Common Crawl's index has about ten million."""
_LINKS = ("Location", "Content-Location", "Link")
"""Headers in which a web archive names addresses of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive sent: `url` as it was really asked, `body` as it came, `coding` its Content-Encoding.

    `memento_datetime` is the header in which an archive names the moment of what it replays, '' where it is missing.
    """

    url: str
    status: int
    reason: str
    coding: str
    memento_datetime: str
    body: bytes


class Carrier(HTTPAdapter):
    """Sends what is meant for `official` to the place that the options name; keeps the last answer as it came."""

    def __init__(self, official: str, place: str, options: WebArchiveOptions) -> None:
        super().__init__()
        self.official = official
        self._place = place
        self._options = options
        self._session = guarded(Session(), allow_private=options.allow_private)
        self.latest: Answer | None = None

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send one request and read all of its answer; CaptureMissedError: `too_large`, `timeout`, `undecodable`."""
        carried = request.copy()
        carried.url = self.there(request.url or "")
        inner = self._session.get_adapter(carried.url)
        response = inner.send(carried, *args, **{**kwargs, "stream": True, "timeout": self._options.timeout})
        try:
            body = b"".join(_pieces(response, self._options))
        except BaseException:
            response.raw.close()  # what is left of the answer must not stand before the next one
            raise
        response.raw.release_conn()
        coding = ", ".join(value for value in response.raw.headers.getlist("Content-Encoding") if value)
        memento_datetime = response.headers.get("Memento-Datetime", "")
        self.latest = Answer(carried.url, response.status_code, response.reason or "", coding, memento_datetime, body)
        if not is_archived(response):  # an archived body is kept as it is: its coding is the page's own
            body = self._unpacked(body, coding, carried.url)
        return self.build_response(request, self._official_answer(response, body))

    def close(self) -> None:
        """Close the connections."""
        super().close()
        self._session.close()

    def there(self, url: str) -> str:
        """Return the address to ask in place of an official one; CaptureMissedError for any other."""
        for official in (self.official, self.official.replace("https://", "http://", 1)):
            if url.startswith(f"{official}/"):
                return self._place + url[len(official) :]
        raise CaptureMissedError(
            "unreachable", "the archive leads to another server", url, "Look for another capture of the address."
        )

    def _unpacked(self, body: bytes, coding: str, url: str) -> bytes:
        try:
            return decode_body(body, "", coding, max(self._options.max_page_bytes, _LISTING_BYTES))
        except UnpackError as error:
            code = "too_large" if error.code == "too_large" else "undecodable"
            raise CaptureMissedError(code, f"the archive's answer: {error.what}", url, error.next_step) from error

    def _official_answer(self, response: Response, body: bytes) -> HTTPResponse:
        """The answer as the official place would give it: its own addresses in it, the body without coding."""
        headers = response.raw.headers.copy()
        for name in ("Content-Encoding", "Transfer-Encoding", "Content-Length"):
            headers.discard(name)
        for name in _LINKS:
            values = headers.getlist(name)
            headers.discard(name)
            for value in values:
                headers.add(name, self._official_words(name, value, response.url))
        return HTTPResponse(
            io.BytesIO(body),
            headers,
            status=response.status_code,
            reason=response.reason,
            preload_content=False,
            request_url=response.url,
        )

    def _official_words(self, name: str, value: str, base: str) -> str:
        if name != "Link":
            value = urljoin(base, value)
            return self.official + value[len(self._place) :] if value.startswith(f"{self._place}/") else value
        return value.replace(f"<{self._place}/", f"<{self.official}/").replace("</web/", f"<{self.official}/web/")


def send_through(session: Session, *carriers: Carrier) -> None:
    """Let a session send through these carriers alone, without proxies and passwords of the environment.

    Certificates are held against those of `SSL_CERT_FILE` where it is set, as for sites; it is never left undone.
    """
    session.trust_env = False
    session.verify = os.environ.get("SSL_CERT_FILE") or True
    session.adapters.clear()
    for carrier in carriers:
        session.mount(f"{carrier.official}/", carrier)
        if len(carriers) == 1:  # the one carrier says what is wrong with an address that is not its own
            session.mount("http://", carrier)
            session.mount("https://", carrier)


def _pieces(response: Response, options: WebArchiveOptions) -> Iterator[bytes]:
    """The body of an answer as it comes, as long as it is not too long and does not take too long."""
    limit, url = options.max_page_bytes, response.url
    if not is_archived(response) and response.status_code != 206:
        limit = max(limit, _LISTING_BYTES)
    declared = response.headers.get("Content-Length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise CaptureMissedError("too_large", f"{int(declared)} bytes, the limit is {limit}", url, RAISE_LIMIT)
    count, deadline = 0, time.monotonic() + options.timeout
    try:
        while piece := response.raw.read1(_PIECE, decode_content=False):
            count += len(piece)
            if count > limit:
                raise CaptureMissedError("too_large", f"more than {limit} bytes", url, RAISE_LIMIT)
            if time.monotonic() > deadline:
                what = f"the archive's answer took longer than {options.timeout:g} seconds"
                raise CaptureMissedError("timeout", what, url, "Fetch it again later, or allow more time (--timeout).")
            yield piece
    except ReadTimeoutError as error:
        raise ReadTimeout(error) from error
    except HTTPError as error:  # cut, or wrongly chunked
        raise ChunkedEncodingError(error) from error
