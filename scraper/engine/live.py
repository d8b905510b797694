"""Runs one live fetch: Scrapy in this process, its log beside the archive, and an end that leaves the archive whole."""

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.utils.log import get_scrapy_root_handler

from scraper.archive import Archive
from scraper.engine.failures import Stopped
from scraper.engine.frontier import Frontier
from scraper.engine.job import Job
from scraper.engine.options import FetchWatch, LiveOptions
from scraper.engine.settings import scrapy_settings
from scraper.engine.spider import FetchSpider
from scraper.records import Reader
from scraper.store.layout import FETCH_FOLDER

LOG_NAME = "fetch.log"

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_LOOK_SECONDS = 0.1
"""How often a fetch that is being stopped looks for requests that have come to wait for their turn."""


def fetch_live(archive: Archive, options: LiveOptions, reader: Reader, watch: FetchWatch) -> None:
    """Settle the pending targets of the archive's run, and all they lead to, each with its outcome.

    The run was begun by the caller, who finishes it as well. Once in a process: Twisted cannot begin anew. Raises
    KeyboardInterrupt where a signal stopped it: answers under way were still taken (a second signal does not wait for
    them), all else stays pending; FetchError or OSError where the archive cannot be written.
    """
    job = Job(archive, options, reader, watch, Frontier(archive))
    with _logging_as_before():
        process = AsyncCrawlerProcess(scrapy_settings(options, archive.folder / FETCH_FOLDER / LOG_NAME))
        crawler = process.create_crawler(FetchSpider)
        crawl = process.crawl(crawler, job=job)
        from twisted.internet import reactor  # noqa: PLC0415  the import before would install another reactor

        # Look-ups of names that hang are not waited for when the process ends.
        reactor.getThreadPool().threadFactory = partial(threading.Thread, daemon=True)
        reactor.callWhenRunning(_mind, job, crawler)
        process.start(install_signal_handlers=False)
    if job.fatal is not None:
        raise job.fatal
    if job.stopped:
        raise KeyboardInterrupt
    if error := crawl.exception():
        raise error


def _mind(job: Job, crawler: Crawler) -> None:
    """Once the loop runs: hear signals, and stop the crawl when it is to end."""
    loop = asyncio.get_event_loop()  # Scrapy has set it; it is about to run

    def stop() -> None:
        if job.stopped:
            raise KeyboardInterrupt
        job.stopped = True
        job.ending.set()

    if threading.current_thread() is threading.main_thread():
        for number in _SIGNALS:
            loop.add_signal_handler(number, stop)
    job.minder = loop.create_task(_end(job, crawler))


async def _end(job: Job, crawler: Crawler) -> None:
    """When the job is to end: drop the requests that wait for their turn, and wait for those that were sent."""
    await job.ending.wait()
    closing = asyncio.ensure_future(crawler.stop_async())
    while not closing.done():
        # Again and again: an answer that was under way may ask to be tried once more, and that would wait anew.
        for slot in crawler.engine.downloader.slots.values():
            while slot.queue:
                slot.queue.popleft()[1].errback(Stopped())
        await asyncio.wait({closing}, timeout=_LOOK_SECONDS)
    await closing


@contextmanager
def _logging_as_before() -> Iterator[None]:
    """Undo what Scrapy sets for the whole process: its handler on the root logger, and the level."""
    level = logging.root.level
    try:
        yield
    finally:
        if handler := get_scrapy_root_handler():
            logging.root.removeHandler(handler)
            handler.close()
        logging.root.setLevel(level)
        logging.captureWarnings(False)
