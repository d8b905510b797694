"""The caps on one page: its size and its time, cut while it comes in, so that neither memory nor time runs away.

A page that declares too many bytes is cut at its headers, one that does not when the cap is reached; one that drips is
cut when its time is over. What had come by then is kept and written as truncated. Where nothing comes any more,
Scrapy's own limit ends the request a moment later, without an answer.
"""

from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers

from scraper.engine.answers import CUT, MOMENT, now

TIMEOUT = "GONGKAI_TIMEOUT"
MAX_BYTES = "GONGKAI_MAX_BYTES"
"""Scrapy settings: seconds and bytes of one page."""

_TAKEN, _DEADLINE = "gongkai_taken", "gongkai_deadline"


class PageLimits:
    """Scrapy extension: looks at every piece of an answer as it comes in."""

    def __init__(self, timeout: float, max_bytes: int) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "PageLimits":
        """Make the extension as Scrapy asks for it."""
        limits = cls(crawler.settings.getfloat(TIMEOUT), crawler.settings.getint(MAX_BYTES))
        crawler.signals.connect(limits.headers_received, signals.headers_received)
        crawler.signals.connect(limits.bytes_received, signals.bytes_received)
        return limits

    def headers_received(self, headers: Headers, body_length: object, request: Request) -> None:  # noqa: ARG002
        """Note when the answer began, and cut one that declares too much."""
        request.meta[MOMENT] = now()
        request.meta[CUT] = ""
        request.meta[_TAKEN] = 0
        request.meta[_DEADLINE] = monotonic() + self._timeout - request.meta.get("download_latency", 0.0)
        if isinstance(body_length, int) and body_length > self._max_bytes:
            self._cut(request, "length")

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Cut an answer that has become too long, or takes too long."""
        request.meta[_TAKEN] += len(data)
        if request.meta[_TAKEN] > self._max_bytes:
            self._cut(request, "length")
        if monotonic() > request.meta[_DEADLINE]:
            self._cut(request, "time")

    def _cut(self, request: Request, why: str) -> None:
        """End the download; what has come so far is the answer."""
        request.meta[CUT] = why
        raise StopDownload(fail=False)
