"""How fast a host is asked: Scrapy's AutoThrottle, and what the host itself asks for.

AutoThrottle waits the longer the slower a host answers, never less than the delay that the user set. `Crawl-delay` of
robots.txt raises that least delay for its host. `Retry-After` and the pauses between retries hold up the whole host,
not one page; a host that wants a longer pause than we wait, or that has stopped answering, is closed for a while.
"""

from time import monotonic

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from scraper.records import Reading

_SILENCES = 5
"""Targets in a row of which nothing came at all, each with its retries, before a host is given up for this run."""

_FOREVER = float("inf")


class HostPace(AutoThrottle):
    """Scrapy extension: the throttle, and every host's own wishes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._least: dict[str, float] = {}
        self._closed: dict[str, tuple[float, Reading]] = {}
        self._silences: dict[str, int] = {}

    def at_least(self, host: str, seconds: float) -> None:
        """Let so many seconds pass between two requests, whatever the throttle thinks."""
        self._least[host] = max(seconds, self._least.get(host, 0.0))
        if slot := self.crawler.engine.downloader.slots.get(host):
            slot.delay = max(slot.delay, self._least[host])

    def pause(self, host: str, seconds: float) -> None:
        """Ask nothing of a host for so many seconds; requests that wait for it go on waiting."""
        if slot := self.crawler.engine.downloader.slots.get(host):
            # The downloader counts a slot's delay from here.
            slot.lastseen = max(slot.lastseen, monotonic() + seconds - slot.delay)

    def close(self, host: str, seconds: float, reading: Reading) -> None:
        """Give everything that is wanted of a host this outcome, for so many seconds."""
        self._closed[host] = (monotonic() + seconds, reading)

    def closed(self, host: str) -> Reading | None:
        """Why a host is not asked at the moment; None where it may be."""
        until, reading = self._closed.get(host, (0.0, None))
        return reading if monotonic() < until else None

    def answered(self, host: str) -> None:
        """Hear that something came from a host."""
        self._silences.pop(host, None)

    def silent(self, host: str, reading: Reading) -> None:
        """Hear that a host gave no answer for a target; one too many closes it for the rest of the run."""
        self._silences[host] = self._silences.get(host, 0) + 1
        if self._silences[host] >= _SILENCES:
            detail = f"the host is not asked further: {_SILENCES} times in a row it gave no answer; {reading.detail}"
            self.close(host, _FOREVER, Reading("unreachable", detail, reading.next_step))

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        host, slot = self._get_slot(request, spider)
        if slot is not None:
            slot.delay = max(slot.delay, self._least.get(host or "", 0.0))
