"""List what web archives have, without fetching it."""

from collections.abc import Iterable, Iterator

from scraper.engine.options import FetchWatch
from scraper.records import Reading, Target
from scraper.webarchives.commoncrawl import CommonCrawlSource
from scraper.webarchives.errors import CaptureMissedError
from scraper.webarchives.options import WebArchive, WebArchiveOptions
from scraper.webarchives.rows import CaptureRow
from scraper.webarchives.wayback import WaybackSource


def list_captures(
    origin: WebArchive, asked: Iterable[Target], options: WebArchiveOptions, watch: FetchWatch
) -> Iterator[tuple[Target, CaptureRow | Reading]]:
    """Yield the captures that a fetch would make targets of, each with the target that it was listed for.

    What cannot be listed, or has no capture, gives a `Reading` in their place. FetchError as `fetch_wayback`.
    """
    kind = WaybackSource if origin == "wayback" else CommonCrawlSource
    with kind(options, watch) as source:
        for target in asked:
            found = False
            try:
                for row in source.captures(target):
                    found = True
                    yield target, row
            except CaptureMissedError as missed:
                yield target, missed.reading()
            else:
                if not found:
                    yield target, nothing_listed(source.name)


def nothing_listed(archive: str) -> Reading:
    """The outcome of an address that a web archive has no capture of."""
    return Reading("empty", f"{archive} has no capture", "Look for it in other archives, or ask the site itself.")
