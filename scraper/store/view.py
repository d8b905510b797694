"""What an archive holds, for readers: nothing is written, and nothing waits for the run that writes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from scraper.errors import FetchError
from scraper.records import Stored, Visit
from scraper.store import frontier, visits
from scraper.store.catalogue import Catalogue, read_catalogue, scratch_catalogue
from scraper.store.frontier import RunRow, TargetRow
from scraper.store.layout import warc_names
from scraper.store.reading import read_visit
from scraper.store.rebuild import enter_unknown_files
from scraper.store.visits import FileRow, HostRow


class ArchiveView:
    """An archive that is open for reading; all that comes in numbers comes one at a time."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self.folder = folder
        self._catalogue = catalogue

    def runs(self) -> Iterator[RunRow]:
        """Yield the runs in order, unfinished ones too."""
        return frontier.run_rows(self._catalogue)

    def hosts(self) -> Iterator[HostRow]:
        """Yield the hosts by name."""
        return visits.host_rows(self._catalogue)

    def files(self) -> Iterator[FileRow]:
        """Yield the WARC files by name."""
        return visits.file_rows(self._catalogue)

    def visits(self, *, host: str = "", run_no: int | None = None) -> Iterator[Stored]:
        """Yield the visits in the order they were made: all, or those of a host or of a run."""
        return visits.visit_rows(self._catalogue, host=host, run_no=run_no)

    def targets(self, run_no: int | None = None) -> Iterator[TargetRow]:
        """Yield the targets of a run, or of all, in the order they were added."""
        return frontier.target_rows(self._catalogue, run_no)

    def outcomes(self, run_no: int | None = None) -> Iterator[tuple[str, int]]:
        """Yield how often each outcome was, in a run or in all, by name; '' counts what is pending."""
        return frontier.outcome_counts(self._catalogue, run_no)

    def read(self, stored: Stored) -> Visit:
        """Return a visit from its WARC file (see `store.reading.read_visit`)."""
        return read_visit(self.folder, self._catalogue, stored)


@contextmanager
def read_archive(folder: Path) -> Iterator[ArchiveView]:
    """Open an archive for reading; where there is no catalogue, one is made from the WARC files for the while.

    FetchError: `archive_not_ours` (no such folder, or no archive in it), `archive_damaged`.
    """
    catalogue = read_catalogue(folder)
    if catalogue is None:
        _require_files(folder)
        catalogue = scratch_catalogue(folder)
        enter_unknown_files(folder, catalogue, cut=False)
    with closing(catalogue):
        yield ArchiveView(folder, catalogue)


def _require_files(folder: Path) -> None:
    """FetchError where a folder is no archive."""
    if not folder.is_dir() or not warc_names(folder):
        what = "the folder holds no archive" if folder.is_dir() else "there is no such folder"
        raise FetchError("archive_not_ours", what, str(folder), "Name the folder that was given to gongkai fetch.")
