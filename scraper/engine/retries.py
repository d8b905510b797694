"""Trying again: what may pass is asked for once more, each time later, and never sooner than the server wishes.

A pause holds up the whole host. Refusals are not tried again; neither is what cannot change in a minute: a
certificate, an address that is refused, a page that is too large or too slow.
"""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Response

from corpus.warc import BLOCKED_STATUS
from scraper.engine.answers import CUT, REPLAYED, header
from scraper.engine.failures import Refusal, reading_of
from scraper.engine.frontier import host_of
from scraper.engine.job import job_of, pace_of
from scraper.records import Reading

PASSING_STATUS = frozenset({408, 429, 500, 502, 503, 504, 522, 524})
"""Answers of a server that is overloaded or out of order: Scrapy's list."""

_LEAST_BACK_OFF = 0.1
"""Seconds: the base of the back-off where the user set no delay."""


def is_passing(status: int | None, truncated: str) -> bool:
    """Whether an answer is worth asking again: the server was out of order, or the connection broke."""
    return status in PASSING_STATUS or truncated == "disconnect"


class Retries:
    """Downloader middleware."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._job = job_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Retries":
        """Make the middleware as Scrapy asks for it."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Try an answer again that may pass, once the server is willing."""
        if REPLAYED in response.flags:
            return response
        wish = retry_after(header(response, "Retry-After")) if response.status in PASSING_STATUS else 0.0
        if wish > self._job.options.max_wait:
            raise Refusal(self._leave(request, response.status, wish))
        cut = request.meta.get(CUT, "")
        if not is_passing(response.status, cut):
            return response
        words = "the connection broke" if cut else f"HTTP {response.status}"
        again = self._again(request, words, wish)
        if again is None and wish:
            pace_of(self._crawler).pause(host_of(request.url), wish)
        return again or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Try again where no answer came; None lets the failure go on."""
        if isinstance(exception, Refusal):  # nothing was sent
            return None
        reading = reading_of(exception)
        if reading.outcome == "unreachable" or isinstance(exception, DownloadTimeoutError):
            again = self._again(request, reading.detail, 0.0)
            if again is None:
                pace_of(self._crawler).silent(host_of(request.url), reading)
            return again
        return None

    def _again(self, request: Request, reason: str, wish: float) -> Request | None:
        """The request once more, its host held up until then; None where it was tried often enough."""
        spider, options = self._crawler.spider, self._job.options
        assert spider is not None
        times = request.meta.get("retry_times", 0)
        again = get_retry_request(request, spider=spider, reason=reason, max_retry_times=options.max_retries)
        if again is not None:
            # Doubled each time; a quarter of chance, so that hosts that failed together are not asked together.
            back_off = max(options.delay, _LEAST_BACK_OFF) * 2 ** (times + 1) * random.uniform(1, 1.25)  # noqa: S311
            seconds = max(wish, min(back_off, options.max_wait))
            host = host_of(request.url)
            pace_of(self._crawler).pause(host, seconds)
            self._job.watch.waiting(host, seconds, reason)
        return again

    def _leave(self, request: Request, status: int, wish: float) -> Reading:
        """Leave a host alone that asks for a longer pause than we wait; the reading is that of all its pages."""
        host = host_of(request.url)
        until = datetime.now(UTC) + timedelta(seconds=min(wish, 10 * 365 * 86400))
        reading = Reading(
            "blocked" if status in BLOCKED_STATUS else "empty",
            f"HTTP {status}; the server asks to wait {wish:.0f} seconds, "
            f"more than the {self._job.options.max_wait:.0f} that a fetch waits",
            f"Fetch again after {until:%Y-%m-%d %H:%M} UTC.",
        )
        pace_of(self._crawler).close(host, wish, reading)
        self._job.watch.waiting(host, wish, reading.detail)
        return reading


def retry_after(value: str) -> float:
    """Seconds that a `Retry-After` asks for: a number, or a date of HTTP; 0 where it says nothing that is understood.

    >>> retry_after("120"), retry_after("soon"), retry_after("Wed, 21 Oct 2015 07:28:00 GMT")
    (120.0, 0.0, 0.0)
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
