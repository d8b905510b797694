"""Write the WARC files of one session, and cut off what a killed session left behind.

The catalogue says how many bytes of each file count. A file is entered with none before it is made, and its first
bytes are the record that opens it together with the first visit; so a file without a visit never counts.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from scraper.errors import FetchError
from scraper.store.catalogue import Catalogue
from scraper.store.layout import OWN_NAME, own_name
from scraper.store.texts import now


@dataclass(frozen=True, slots=True)
class Place:
    """Where bytes were written: the file, its number, the first byte and the one after the last."""

    name: str
    file_no: int
    offset: int
    end: int


class WarcFiles:
    """The files that one session writes; a new one is begun when the last is full.

    What is appended and then not counted, whatever the reason, is cut off before anything else is written.
    """

    def __init__(self, folder: Path, catalogue: Catalogue, *, full: int, opening: Callable[[str], bytes]) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._full = full
        self._opening = opening
        self._file: FileIO | None = None
        self._name = ""
        self._file_no = 0
        self._counted = 0

    def append(self, data: bytes) -> Place:
        """Write bytes and see that they are on the disk. FetchError `archive_unwritable`: nothing was added."""
        if self._file is None or self._counted >= self._full:
            self._begin()
        assert self._file is not None
        opening = b"" if self._counted else self._opening(self._name)
        with writing(self._folder / self._name):
            self._cut(self._file)
            try:
                _write(self._file, opening + data)
            except BaseException:
                self._cut(self._file)  # on a full disk the catalogue needs the room
                raise
        begin = self._counted + len(opening)
        return Place(self._name, self._file_no, begin, begin + len(data))

    def count(self, place: Place) -> None:
        """Take bytes as written for good: their transaction is done."""
        self._counted = place.end

    def close(self) -> None:
        """Close the file that is open; one in which nothing counts is taken away."""
        if self._file is None:
            return
        with writing(self._folder / self._name):
            self._cut(self._file)
            self._file.close()
            self._file = None
            if not self._counted:
                (self._folder / self._name).unlink()

    def _begin(self) -> None:
        """Enter a file into the catalogue, then make it."""
        self.close()
        with self._catalogue.transaction():
            last = self._catalogue.row("SELECT ifnull(max(file_no), 0) FROM files")
            self._file_no = int(str(last[0])) + 1 if last else 1
            self._name = own_name(now(), self._file_no)
            self._catalogue.insert(
                "INSERT INTO files (file_no, name, committed) VALUES (?, ?, 0)", (self._file_no, self._name)
            )
        with writing(self._folder / self._name):
            self._file = FileIO(self._folder / self._name, "x")
        self._counted = 0

    def _cut(self, file: FileIO) -> None:
        """Cut off what does not count."""
        file.truncate(self._counted)
        file.seek(self._counted)


def _write(file: FileIO, data: bytes) -> None:
    """Write all bytes down to the disk: a power cut, too, leaves no visit in the catalogue without its record."""
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
    os.fsync(file.fileno())


def recover(folder: Path, catalogue: Catalogue) -> None:
    """Make the files what the catalogue says they are.

    Bytes behind the last visit that counts are cut off; files without such a visit are taken away. FetchError
    `archive_damaged`: a file is missing, shorter than it was, or not of our making and changed.
    """
    for row in list(catalogue.rows("SELECT name, committed FROM files")):
        name, committed = str(row[0]), int(str(row[1]))
        path = folder / name
        with writing(path):
            size = path.stat().st_size if path.exists() else None
            if not committed:
                path.unlink(missing_ok=True)
            elif size is not None and size > committed and OWN_NAME.fullmatch(name):
                os.truncate(path, committed)
            elif size != committed:
                raise _changed(path, size, committed)
    with catalogue.transaction():
        catalogue.change("DELETE FROM files WHERE committed = 0")


def _changed(path: Path, size: int | None, committed: int) -> FetchError:
    """Return the error for a file that is not what was written."""
    what = "is missing" if size is None else f"has {size} bytes, {committed} were written"
    return FetchError(
        "archive_damaged",
        f"a file of the archive {what}",
        str(path),
        "Put it back from a copy; or delete the folder .fetch: the catalogue is made anew from the files there are.",
    )


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the system refuses while a file is written into a FetchError `archive_unwritable`."""
    try:
        yield
    except OSError as error:
        raise FetchError(
            "archive_unwritable",
            f"the archive cannot be written ({error.strerror})",
            str(path),
            "Free the disk, or make the folder writable; then run it again: it goes on where it stopped.",
        ) from error
