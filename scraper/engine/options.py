"""What a live fetch is told: how politely to ask, how much to take, and whom to tell how it goes."""

from dataclasses import dataclass
from typing import Protocol

from corpus.archive import MAX_PAGE_BYTES

PRODUCT = "gongkai"
"""The name that robots.txt files can address (the product token of RFC 9309)."""


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """How sites are asked.

    `user_agent` is sent as it is: `gongkai/VERSION (+CONTACT)`. Seconds: `delay` lies between the beginnings of two
    requests to one host, at least; `timeout` is all that one page may take; `max_wait` the longest pause that a host
    may ask for (`Retry-After`, `Crawl-delay`) before it is left alone for this run. `match` is a regular expression:
    of sitemaps, only addresses in which it is found are fetched ('' for all).
    """

    user_agent: str
    delay: float = 2.0
    timeout: float = 60.0
    max_wait: float = 600.0
    max_page_bytes: int = MAX_PAGE_BYTES
    max_redirects: int = 5
    max_retries: int = 2
    allow_private: bool = False
    browser: bool = False
    match: str = ""


class FetchWatch(Protocol):
    """Is told how a fetch goes; for a progress display. Called often, from one thread; must not raise."""

    def visited(self, url: str, outcome: str, n_bytes: int) -> None:
        """One target is done."""

    def waiting(self, host: str, seconds: float, reason: str) -> None:
        """A host is not asked for a while, or from now on only every so many seconds."""

    def added(self, n: int) -> None:
        """Pages led to so many further targets."""
