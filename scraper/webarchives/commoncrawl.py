"""Common Crawl: captures found in the indexes of its crawls, each record read from the WARC file where it lies."""

import heapq
from collections.abc import Iterator
from operator import attrgetter
from types import TracebackType
from typing import Any, Self

from cdx_toolkit import CaptureObject, CDXFetcher, cdx_to_captures
from requests import Response, Session
from wayback import RateLimit

from scraper.engine.options import FetchWatch
from scraper.errors import FetchError
from scraper.records import Target, Visit
from scraper.webarchives.choice import UNWANTED_MEDIA, wanted, yearly
from scraper.webarchives.crawls import Crawl, crawls_of, read_crawls, years_of
from scraper.webarchives.errors import CaptureMissedError
from scraper.webarchives.options import COMMON_CRAWL_INDEX, COMMON_CRAWL_PACE, WebArchiveOptions
from scraper.webarchives.patience import Patience
from scraper.webarchives.payload import clean_digest
from scraper.webarchives.rows import CaptureRow, moment_of, stamp_of
from scraper.webarchives.transport import Carrier, send_through
from scraper.webarchives.warcrange import visit_of_range

_UNKNOWN_MEDIA = ("", "unk", "warc/revisit")
_LATER = "Give the same command again later: it goes on from here."
_OTHER_CAPTURE = "Look for another capture of the address."


class CommonCrawlSource:
    """Common Crawl through `cdx_toolkit`."""

    name = "Common Crawl"

    def __init__(self, options: WebArchiveOptions, watch: FetchWatch) -> None:
        self._options = options
        self._index, self._data = options.place(COMMON_CRAWL_INDEX), options.data_place()
        self._pace = options.pace or COMMON_CRAWL_PACE
        self._asker = _Asker(options, watch, {self._index, self._data})
        self._crawls: list[Crawl] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._asker.close()

    def captures(self, asked: Target) -> Iterator[CaptureRow]:
        """Yield what the indexes have of an address, of all below one or of a domain, the oldest crawl first."""
        self._know_crawls()
        crawls = crawls_of(self._crawls, self._options.years)
        if self._options.captures == "all":
            for crawl in crawls:
                yield from self._wanted(crawl, asked.url, self._options.years)
            return
        first, last = self._options.years or (crawls[0].first_year, crawls[-1].last_year) if crawls else (1, 0)
        for year in (year for year in years_of(crawls) if first <= year <= last):
            # Each index is sorted by address, so those of a year are read side by side and never held as a whole.
            of_year = [self._wanted(crawl, asked.url, (year, year)) for crawl in crawls_of(crawls, (year, year))]
            yield from yearly(heapq.merge(*of_year, key=attrgetter("key", "captured_at")))

    def capture(self, row: CaptureRow) -> Visit:
        """Return one capture as it was archived."""
        if row.offset is None or not row.length:
            raise CaptureMissedError("empty", "the index does not say where the capture lies", row.url, _OTHER_CAPTURE)
        wanted_bytes = f"bytes={row.offset}-{row.offset + row.length - 1}"
        response = self._asker.get(row.copy, self._pace.replay, headers={"Range": wanted_bytes})
        if response.status_code != 206:
            what = f"the archive answered HTTP {response.status_code} where a part of a file was asked for"
            raise CaptureMissedError("unreachable", what, row.copy, _LATER)
        return visit_of_range(response.content, row, self._options.max_page_bytes)

    def nearest(self, url: str, row: CaptureRow) -> Visit:
        """Return the capture of `url` in the same crawl that is nearest in time to that of `row`."""
        self._know_crawls()
        same = [crawl for crawl in self._crawls if f"/{crawl.name}/" in row.copy]
        rows = [found for crawl in same for found in self._rows(crawl, url, None)]
        if not rows:
            raise CaptureMissedError("empty", "the crawl has no capture of what is redirected to", url, _OTHER_CAPTURE)
        moment = int(stamp_of(row.captured_at))
        return self.capture(min(rows, key=lambda found: abs(int(stamp_of(found.captured_at)) - moment)))

    def _know_crawls(self) -> None:
        if self._crawls:
            return
        # Not through `cdx_toolkit`: it keeps the list in the user's home and takes no mirror with fewer than 60 crawls.
        response = self._asker.get(f"{self._index}/collinfo.json", self._pace.search)
        if response.status_code != 200:
            what = f"its list of crawls cannot be had: HTTP {response.status_code}"
            raise FetchError("archive_unreachable", what, response.url, "See whether the address is right.")
        self._crawls = read_crawls(response)

    def _wanted(self, crawl: Crawl, url: str, years: tuple[int, int] | None) -> Iterator[CaptureRow]:
        """Yield the rows of one crawl that are wanted."""
        return (row for row in self._rows(crawl, url, years) if wanted(row, years))

    def _rows(self, crawl: Crawl, url: str, years: tuple[int, int] | None) -> Iterator[CaptureRow]:
        fetcher = _Fetcher(f"{self._index}/{crawl.endpoint}", self._asker, self._pace.search)
        asked: dict[str, Any] = {"from_ts": f"{years[0]:04}", "to": f"{years[1]:04}"} if years else {}
        if "*" in url:
            asked["filter"] = [f"!~mime:{media}" for media in UNWANTED_MEDIA]
        try:
            for found in fetcher.iter(url, **asked):
                yield self._row(found)
        except (ValueError, KeyError, TypeError) as error:  # a line that is no JSON, or lacks what every line has
            what = f"a line of the index: {type(error).__name__}: {error}"[:300]
            raise CaptureMissedError("undecodable", what, f"{url} in {crawl.name}", _LATER) from error

    def _row(self, found: CaptureObject) -> CaptureRow:
        media_type = found.get("mime", "")
        status = str(found.get("status", ""))
        return CaptureRow(
            url=found["url"],
            captured_at=moment_of(found["timestamp"]),
            key=found["urlkey"],
            media_type=found.get("mime-detected", "") if media_type in _UNKNOWN_MEDIA else media_type,
            status=int(status) if status.isdecimal() else None,
            digest=clean_digest(found.get("digest", "")),
            copy=f"{self._data}/{found['filename']}",
            offset=int(found["offset"]),
            length=int(found["length"]),
        )


class _Asker:
    """Asks Common Crawl, within its limits and with patience."""

    def __init__(self, options: WebArchiveOptions, watch: FetchWatch, places: set[str]) -> None:
        self._patience = Patience(options, watch)
        self._session = Session()
        self._session.headers["User-Agent"] = options.user_agent
        send_through(self._session, *(Carrier(place, place, options) for place in sorted(places)))

    def get(self, url: str, limit: RateLimit, **kwargs: Any) -> Response:
        """Return the answer to a request; redirects are not followed: Common Crawl has none."""

        def send() -> Response:
            limit.wait()
            return self._session.get(url, allow_redirects=False, **kwargs)

        return self._patience.ask(url, send)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _Fetcher(CDXFetcher):  # type: ignore[misc]
    """The package's reader of one index, page by page, over our own connections.

    Its own would ask again without an end, and anybody. One index at a time is what it calls a `source` with an
    address; left to choose by date it asks all hundred (0.9.39 sets `crawl` to None, and takes that for a choice).
    """

    def __init__(self, endpoint: str, asker: _Asker, limit: RateLimit) -> None:
        super().__init__(source=endpoint)
        self._asker = asker
        self._limit = limit

    def get_for_iter(
        self, endpoint: int, page: int, params: dict[str, Any], index_list: tuple[str, ...]
    ) -> tuple[str, list[CaptureObject]]:
        """Return one page of the index, in the words of the package."""
        if endpoint >= len(index_list):
            return "last endpoint", []
        asked = {"from" if name == "from_ts" else name: value for name, value in params.items()} | {"page": page}
        response = self._asker.get(index_list[endpoint], self._limit, params=asked)
        if response.status_code == 400 and page > 0:  # there is no such page: how the index says that it was the last
            return "last page", []
        if response.status_code not in (200, 404):
            what = f"the index answered HTTP {response.status_code}: {response.text[:200]}"
            raise CaptureMissedError("unreachable", what, response.url, _LATER)
        # 404 is how the index says that it has nothing; of any other 404 the package makes an error.
        found = cdx_to_captures(response) if response.content.strip() else []
        return ("ok", found) if found else ("last page", [])
