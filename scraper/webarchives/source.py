"""What a fetch asks of a web archive, whichever it is."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

from scraper.records import Target, Visit
from scraper.webarchives.rows import CaptureRow


class Source(Protocol):
    """A web archive. What it does not give is a `CaptureMissedError`; a `FetchError` ends the run."""

    name: str

    def captures(self, asked: Target) -> Iterator[CaptureRow]:
        """Yield what the index has of an address, of all below one (`https://host/path/*`) or of a domain (`*.host`).

        As the options want it: within the years, pages and documents, all or one a year.
        """

    def capture(self, row: CaptureRow) -> Visit:
        """Return one capture as it was archived, under the address and the moment of its row."""

    def nearest(self, url: str, row: CaptureRow) -> Visit:
        """Return what a capture redirects to: the capture of `url` that is nearest in time to that of `row`."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
