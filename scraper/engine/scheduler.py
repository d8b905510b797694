"""Scrapy's scheduler over the archive's frontier: one request a host at a time, all hosts side by side.

The frontier is in the archive, so nothing of it is queued twice. What waits here are only requests that are under way:
redirects, retries, pages to be rendered. They die with the process, and their targets stay pending.
"""

from collections import deque

from scrapy import Request
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler

from scraper.engine.frontier import host_of
from scraper.engine.job import job_of
from scraper.engine.spider import FetchSpider


class HostScheduler(BaseScheduler):
    """Hands out the next request of a host that has none under way."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._frontier = job_of(crawler).frontier
        self._under_way: deque[Request] = deque()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "HostScheduler":
        """Make the scheduler as Scrapy asks for it."""
        return cls(crawler)

    def has_pending_requests(self) -> bool:
        """Whether anything is left to be asked."""
        return bool(self._under_way or self._frontier)

    def enqueue_request(self, request: Request) -> bool:
        """Take a request that follows from another; never refused, for the recorder asks nothing twice."""
        self._under_way.append(request)
        return True

    def next_request(self) -> Request | None:
        """The next request of an idle host; None where all hosts that are wanted are busy."""
        busy = {host_of(request.url) for request in self._crawler.engine.downloader.active}
        for request in self._under_way:
            if host_of(request.url) not in busy:
                self._under_way.remove(request)
                return request
        spider = self._crawler.spider
        assert isinstance(spider, FetchSpider)
        waiting = busy | {host_of(request.url) for request in self._under_way}
        while (target := self._frontier.take(waiting)) is not None:
            if fresh := spider.request_for(target):
                return fresh
        return None
