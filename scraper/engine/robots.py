"""robots.txt, obeyed as RFC 9309 says: before the first page of a host its rules are asked for, like any address.

A robots.txt that is not there (4xx) forbids nothing. One that cannot be had forbids everything: an error of the server
(5xx), or no answer at all, where the pages would not answer either. `Crawl-delay`, which the RFC does not know, is
obeyed up to the longest pause that a fetch waits. The parser is Scrapy's (Protego).
"""

import asyncio
from dataclasses import dataclass
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from corpus.warc import BLOCKED_STATUS
from scraper.engine.answers import CUT
from scraper.engine.failures import LedAstray, Refusal, Stopped, reading_of
from scraper.engine.frontier import host_of
from scraper.engine.job import job_of, pace_of
from scraper.engine.options import PRODUCT
from scraper.records import Reading

ABOUT_ROBOTS = "gongkai_robots"
"""In `request.meta`: this request is for a robots.txt itself."""

MOST_SECONDS = 86_400
"""How long the rules of a site hold before they are asked for anew (RFC 9309, section 2.4)."""

_MAX_BYTES = 512 * 1024  # RFC 9309 asks to read 500 KiB at least
_PRIORITY = 1000
_RESPECT = "Ask the site's owner, or save the page by hand in a browser and give the file."
_AGAIN = "Fetch again later: a site whose robots.txt cannot be had is not asked (RFC 9309)."


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a host asks of robots: a parser, or why nothing may be asked of it."""

    parser: ProtegoRobotParser | None = None
    refusal: Reading | None = None


class Robots:
    """Downloader middleware: holds a request back until the rules of its site are known."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._job = job_of(crawler)
        self._rules: dict[str, tuple[float, asyncio.Task[_Rules]]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Robots":
        """Make the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let a request through, or raise `Refusal` with what robots.txt says."""
        parts = urlparse_cached(request)
        if reading := pace_of(self._crawler).closed(host_of(request.url)):
            raise Refusal(reading)
        if request.meta.get(ABOUT_ROBOTS) or parts.scheme not in ("http", "https"):
            return
        rules = await asyncio.shield(self._rules_of(f"{parts.scheme}://{parts.netloc}/robots.txt"))
        if rules.refusal:
            raise Refusal(rules.refusal)
        if rules.parser and not rules.parser.allowed(request.url, PRODUCT):
            raise Refusal(Reading("robots_disallowed", "robots.txt of the site asks not to fetch this page", _RESPECT))

    def _rules_of(self, url: str) -> asyncio.Task[_Rules]:
        """The rules that a robots.txt states, being asked for where they are not known or too old."""
        asked, rules = self._rules.get(url, (0.0, None))
        if rules is None or monotonic() - asked > MOST_SECONDS:
            rules = asyncio.ensure_future(self._ask(url))
            self._rules[url] = monotonic(), rules
        return rules

    async def _ask(self, url: str) -> _Rules:
        """Get the rules of a site; every failure is a rule as well, but that of a fetch that is being stopped."""
        ask = Request(url, callback=NO_CALLBACK, priority=_PRIORITY, meta={ABOUT_ROBOTS: True})
        try:
            response = await self._crawler.engine.download_async(ask)
        except Stopped:
            raise
        except LedAstray:  # more redirects than one follows count as a robots.txt that is not there
            return _Rules()
        except Exception as error:  # noqa: BLE001  whatever happened, the pages of the site get an outcome
            return _unknown(reading_of(error))
        if response.request and response.request.meta[CUT] == "time":
            return _unknown(Reading("timeout", "it took longer than one page may", _AGAIN))
        return self._read(url, response)

    def _read(self, url: str, response: Response) -> _Rules:
        """What an answer for robots.txt means."""
        status = response.status
        if status >= 500 or status == 429:
            return _unknown(Reading("blocked" if status in BLOCKED_STATUS else "", f"HTTP {status}", _AGAIN))
        if not 200 <= status < 300:
            return _Rules()
        parser = ProtegoRobotParser(response.body[:_MAX_BYTES], self._crawler.spider)
        delay = parser.crawl_delay(PRODUCT) or 0.0
        most = self._job.options.max_wait
        if delay > most:
            detail = f"robots.txt asks for {delay:.0f} seconds between two requests, more than the {most:.0f} we wait"
            return _Rules(refusal=Reading("robots_disallowed", detail, _RESPECT))
        if delay > self._job.options.delay:
            pace_of(self._crawler).at_least(host_of(url), delay)
            self._job.watch.waiting(host_of(url), delay, "Crawl-delay of robots.txt")
        return _Rules(parser=parser)


_OF_THE_HOST = frozenset({"unreachable", "timeout", "certificate_error", "address_refused", "blocked"})
"""What hinders a robots.txt as it would hinder the pages: they get the same outcome."""


def _unknown(reading: Reading) -> _Rules:
    """The rules of a site whose robots.txt could not be had: nothing may be asked."""
    outcome = reading.outcome if reading.outcome in _OF_THE_HOST else "robots_disallowed"
    return _Rules(refusal=Reading(outcome, f"robots.txt could not be had: {reading.detail}", reading.next_step))
