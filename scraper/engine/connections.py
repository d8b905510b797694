"""Scrapy's handler of HTTP without a habit of Twisted's that no pause and no count would hold back."""

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler


class OnceHandler(HTTP11DownloadHandler):
    """Sends a request once. Where a kept connection breaks, Twisted would send it anew at once, past `Retries`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool.retryAutomatically = False
