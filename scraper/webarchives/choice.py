"""Which captures of an index are wanted: pages and documents, all of them or one of each year."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlsplit

from corpus.sniff import media_role, name_role
from scraper.webarchives.rows import CaptureRow, is_web_address

PAGE_STATUS = (200, 203)

UNWANTED_MEDIA = ("image/.*", "video/.*", "audio/.*", "font/.*", "text/css", "(?:text|application)/(?:x-)?javascript")
"""Media types that an index is asked to leave out, as regular expressions for the whole type; `wanted` decides."""


def wanted(row: CaptureRow, years: tuple[int, int] | None = None) -> bool:
    """Tell whether a capture is of these years and may be a page or a document.

    The index does not always know the type (`unk`, `warc/revisit`, application/octet-stream), and of a redirect it
    has that of a page made by the server: then the ending of the address decides. Error pages are wanted: that a
    page was gone or was refused is what the archive saw.
    """
    if not is_web_address(row.url) or (years and not years[0] <= row.year <= years[1]):
        return False
    path = urlsplit(row.url).path
    if path == "/robots.txt":
        return False
    role = media_role(row.media_type)
    if role == "unknown" or row.status not in PAGE_STATUS:
        role = name_role(path)
    return role not in ("side", "image")


def yearly(rows: Iterable[CaptureRow]) -> Iterator[CaptureRow]:
    """Yield one capture of each address and calendar year; `rows` come sorted by `key`.

    The first page of the year, not the last: what is first stays first whatever is captured later, so a later run
    asks for the same captures and finds them in the archive. A year without a page gives its first redirect, else its
    first answer of any kind: a year is never left out silently.
    """
    for _, of_address in groupby(rows, key=attrgetter("key")):
        best: dict[int, CaptureRow] = {}
        for row in of_address:
            other = best.get(row.year)
            if other is None or _order(row) < _order(other):
                best[row.year] = row
        yield from (best[year] for year in sorted(best))


def _order(row: CaptureRow) -> tuple[int, str]:
    """Pages first, and what repeats an unknown answer with them; then redirects, then the rest; each by time."""
    if row.status in (None, *PAGE_STATUS):
        return 0, row.captured_at
    return 1 if 300 <= row.status < 400 else 2, row.captured_at
