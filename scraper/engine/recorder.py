"""The recorder: no answer reaches anything else before it stands in the archive, no address is asked twice in a run.

It is the innermost downloader middleware, so redirects, robots.txt and answers that will be tried again pass through
it as well. An address that was asked in this run is answered from the archive, one that is being asked is waited for.
What an earlier run was given is asked for on condition; "not modified" answers as the page it repeats.
"""

import asyncio
from datetime import UTC, datetime

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from scraper.browser import RENDER
from scraper.engine.answers import (
    CUT,
    NOT_MODIFIED,
    REPLAYED,
    STORED,
    address,
    now,
    response_of,
    unpacked,
    visit_of,
)
from scraper.engine.frontier import host_of
from scraper.engine.job import Job, job_of, pace_of
from scraper.engine.pace import HostPace
from scraper.engine.retries import is_passing
from scraper.engine.robots import ABOUT_ROBOTS, MOST_SECONDS
from scraper.records import Stored, Visit


class Recorder:
    """Downloader middleware between Scrapy and the network."""

    def __init__(self, job: Job, crawler: Crawler) -> None:
        self._job = job
        self._crawler = crawler
        self._flights: dict[str, tuple[Request, asyncio.Event]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Recorder":
        """Make the middleware as Scrapy asks for it."""
        return cls(job_of(crawler), crawler)

    async def process_request(self, request: Request) -> Response | None:
        """Answer from the archive what was asked in this run; let through, on condition, what was not."""
        request.meta[STORED], request.meta[CUT] = None, ""
        if request.meta.get(RENDER):
            return None
        url = address(request.url)
        while url in self._flights:
            await self._flights[url][1].wait()
        with self._job.writing():
            stored = self._job.archive.visited(url)
            if stored and not is_passing(stored.status, stored.truncated) and not _is_too_old(request, stored):
                request.meta[STORED] = stored
                return response_of(request, self._job.archive.read(stored))
            self._set_conditions(request, self._job.archive.earlier(url))
        self._flights[url] = request, asyncio.Event()
        return None

    def process_response(self, request: Request, response: Response) -> Response:
        """Record an answer of the network, then hand it on unpacked."""
        limit = self._job.options.max_page_bytes
        if REPLAYED not in response.flags:
            try:
                response = self._record(request, response)
            finally:
                self._land(request)
        return response if request.meta[CUT] else unpacked(response, limit)

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Let those go on that wait for this address."""
        self._land(request)

    def _record(self, request: Request, response: Response) -> Response:
        self._pace.answered(host_of(request.url))
        visit = _rendered(request, response) if request.meta.get(RENDER) else self._visit(request, response)
        with self._job.writing():
            request.meta[STORED] = stored = self._job.archive.record(visit)
            if response.status != NOT_MODIFIED or stored.refers_to is None:
                return response
            return response_of(request, self._job.archive.read(stored))

    def _visit(self, request: Request, response: Response) -> Visit:
        visit = visit_of(request, response, self._job.options.max_page_bytes)
        request.meta[CUT] = visit.truncated
        return visit

    def _land(self, request: Request) -> None:
        url = address(request.url)
        flying, landed = self._flights.get(url, (None, None))
        if landed and flying is request:
            del self._flights[url]
            landed.set()

    @property
    def _pace(self) -> HostPace:
        return pace_of(self._crawler)

    @staticmethod
    def _set_conditions(request: Request, earlier: Stored | None) -> None:
        """Ask for the page only if it is another one than that of an earlier run."""
        for name in ("If-None-Match", "If-Modified-Since"):
            request.headers.pop(name, None)  # those of the address that redirected here
        if earlier and earlier.etag:
            request.headers["If-None-Match"] = earlier.etag
        if earlier and earlier.last_modified:
            request.headers["If-Modified-Since"] = earlier.last_modified


def _is_too_old(request: Request, stored: Stored) -> bool:
    """Whether an answer does not count any more: rules of robots, where a run goes on after days."""
    age = datetime.now(UTC) - datetime.fromisoformat(stored.moment)
    return ABOUT_ROBOTS in request.meta and age.total_seconds() > MOST_SECONDS


def _rendered(request: Request, response: Response) -> Visit:
    """The visit of a page that a browser made: no answer of a server, so a resource."""
    return Visit(
        url=address(request.url),
        moment=now(),
        source="rendered",
        status=None,
        body=response.body,
        media_type="text/html; charset=utf-8",
    )
