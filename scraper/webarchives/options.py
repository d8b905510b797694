"""What a fetch from a web archive is told: which captures, from where, and how patiently."""

from dataclasses import dataclass, field
from typing import Literal

from cdx_toolkit.settings import CC_DATA_MIN_RETRY_INTERVAL, CC_INDEX_MIN_RETRY_INTERVAL
from wayback import RateLimit

from corpus.archive import MAX_PAGE_BYTES

WAYBACK = "https://web.archive.org"
COMMON_CRAWL_INDEX = "https://index.commoncrawl.org"
COMMON_CRAWL_DATA = "https://data.commoncrawl.org"

WebArchive = Literal["wayback", "common_crawl"]


@dataclass(frozen=True, slots=True)
class Pace:
    """The limiters of one web archive; all that asks it in this process shares them."""

    search: RateLimit
    replay: RateLimit


COMMON_CRAWL_PACE = Pace(RateLimit(1 / CC_INDEX_MIN_RETRY_INTERVAL), RateLimit(1 / CC_DATA_MIN_RETRY_INTERVAL))
"""One search a second, one record in 0.55 seconds: what `cdx_toolkit` keeps to, whose makers run Common Crawl."""


@dataclass(frozen=True, slots=True)
class WebArchiveOptions:
    """How a web archive is asked.

    `user_agent` is sent as it is: `gongkai/VERSION (+CONTACT)`. `captures`: `all`, or `yearly` for one of each
    calendar year (see `choice`). `years`: only captures from the first to the last of these years, both included.
    `address` is where the archive (of Common Crawl: its index) is, '' for the official place; a mirror or a test
    server can stand in, with a port and a path. `data_address`: where Common Crawl's files are, '' for the official
    place or, where `address` is given, the same server. `timeout`: seconds for one answer, all in all. `retries`: how
    often what failed is asked again, after `backoff` seconds, then twice as long, and so on. `max_wait`: the
    longest time in seconds that one request waits because the archive asks to; beyond it the run stops. `pace`: the
    limiters; None for those that the whole process shares: for the Wayback Machine those of the package, 80 % of what
    the archive allows, as its operators asked for (24 searches a minute of 30, 8 replays a second of 10).
    """

    user_agent: str
    captures: Literal["all", "yearly"] = "all"
    years: tuple[int, int] | None = None
    address: str = ""
    data_address: str = ""
    timeout: float = 120.0
    retries: int = 4
    backoff: float = 2.0
    max_wait: float = 900.0
    max_page_bytes: int = MAX_PAGE_BYTES
    max_redirects: int = 5
    allow_private: bool = False
    pace: Pace | None = field(default=None)

    def place(self, official: str) -> str:
        """The address of the archive, without a slash at its end."""
        return (self.address or official).rstrip("/")

    def data_place(self) -> str:
        """The address of Common Crawl's files, without a slash at its end."""
        return (self.data_address or self.address or COMMON_CRAWL_DATA).rstrip("/")
