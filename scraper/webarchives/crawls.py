"""The crawls of Common Crawl: each has an index of its own; years choose among them."""

import json
import re
from dataclasses import dataclass
from itertools import chain
from typing import Any

from requests import Response

from scraper.errors import FetchError

# `CC-MAIN-2018-05` (year and week), `CC-MAIN-2008-2009`, `CC-MAIN-2012`.
_NAME = re.compile(r"CC-MAIN-(\d{4})(?:-(\d{2}|\d{4}))?")
_LATE_WEEK = 48
"""A crawl that begins so late in a year may end in the next one."""


@dataclass(frozen=True, slots=True, order=True)
class Crawl:
    """One crawl: its first and last year, its name, and the last part of its index's address."""

    first_year: int
    last_year: int
    name: str
    endpoint: str


def read_crawls(response: Response) -> list[Crawl]:
    """Read `collinfo.json`, the list of crawls; the oldest comes first.

    The index is told by the last part of its address alone, so that a mirror's list, which names the official place,
    leads to the mirror. Common Crawl's years are those in `from` and `to`, or in the name where these are missing.
    """
    try:
        listed = json.loads(response.content)
        crawls = [_crawl(item) for item in listed]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"its list of crawls cannot be read: {type(error).__name__}: {error}"[:300]
        raise FetchError("archive_unreachable", what, response.url, "See whether the address is right.") from error
    if not crawls:
        raise FetchError("archive_unreachable", "its list of crawls is empty", response.url, "Is the address right?")
    return sorted(crawls)


def crawls_of(crawls: list[Crawl], years: tuple[int, int] | None) -> list[Crawl]:
    """Return the crawls that may hold captures of these years; all where no years are given."""
    if years is None:
        return crawls
    first, last = years
    return [crawl for crawl in crawls if crawl.first_year <= last and crawl.last_year >= first]


def years_of(crawls: list[Crawl]) -> list[int]:
    """Return the years of crawls, each once.

    >>> years_of([Crawl(2018, 2019, "a", "a"), Crawl(2019, 2019, "b", "b")])
    [2018, 2019]
    """
    return sorted(set(chain.from_iterable(range(crawl.first_year, crawl.last_year + 1) for crawl in crawls)))


def _crawl(item: dict[str, Any]) -> Crawl:
    name, endpoint = str(item["id"]), str(item["cdx-api"]).rstrip("/").rpartition("/")[2]
    said = [str(item.get(field) or "")[:4] for field in ("from", "to")]
    first, last = (int(said[0]), int(said[1])) if all(year.isdecimal() for year in said) else _years_of_name(name)
    return Crawl(first, last, name, endpoint)


def _years_of_name(name: str) -> tuple[int, int]:
    """Read the years of a crawl's name; ValueError where it has none.

    >>> _years_of_name("CC-MAIN-2018-05"), _years_of_name("CC-MAIN-2008-2009"), _years_of_name("CC-MAIN-2019-51")
    ((2018, 2018), (2008, 2009), (2019, 2020))
    """
    found = _NAME.fullmatch(name)
    if not found:
        raise ValueError(f"no year in {name}")
    first, second = int(found[1]), found[2] or ""
    if len(second) == 4:
        return first, int(second)
    return first, first + 1 if second and int(second) >= _LATE_WEEK else first
