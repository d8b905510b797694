"""What the parts of one fetch share: the archive, the options, and what ends the fetch as a whole."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from scrapy.crawler import Crawler

from corpus.errors import CorpusError
from scraper.archive import Archive
from scraper.engine.frontier import Frontier
from scraper.engine.options import FetchWatch, LiveOptions
from scraper.engine.pace import HostPace
from scraper.records import Reader


@dataclass(slots=True)
class Job:
    """One fetch.

    `fatal` is what ended it, None for pages that went wrong only; `stopped`, that a person did; `minder` the task that
    waits for `ending`.
    """

    archive: Archive
    options: LiveOptions
    reader: Reader
    watch: FetchWatch
    frontier: Frontier
    fatal: Exception | None = None
    stopped: bool = False
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    minder: asyncio.Task[None] | None = None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Around every use of the archive: what fails there (a full disk) ends the fetch, not one page."""
        try:
            yield
        except (CorpusError, OSError, sqlite3.Error) as error:
            self.fatal = self.fatal or error
            self.ending.set()
            raise


def job_of(crawler: Crawler) -> Job:
    """The job that a crawler's spider works on."""
    job = getattr(crawler.spider, "job", None)
    if not isinstance(job, Job):
        raise TypeError("the crawler has no fetch to work on")
    return job


def pace_of(crawler: Crawler) -> HostPace:
    """The pace of the hosts of a crawl."""
    pace = crawler.get_extension(HostPace)
    if pace is None:
        raise TypeError("the crawler has no pace: the throttle is switched off")
    return pace
