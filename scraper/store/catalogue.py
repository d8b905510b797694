"""Keep the catalogue of an archive: runs, targets, visits and the files they stand in, in one SQLite file.

It is written ahead (WAL), so that a kill at any moment leaves whole transactions; the WARC files are flushed to
the disk before a transaction tells of them. It is a convenience of the archive, not its truth: it can be made anew
from the WARC files, except for what was wanted and not yet fetched.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from scraper.errors import FetchError
from scraper.store.layout import catalogue_path

SCHEMA_VERSION = 1
_APPLICATION_ID = 0x676F6E67  # the letters `gong`, so that another program's file is not taken for ours

_SCHEMA = """
CREATE TABLE runs (
    run_no INTEGER PRIMARY KEY, run_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, plan TEXT NOT NULL,
    started TEXT NOT NULL, finished TEXT NOT NULL DEFAULT ''
);
CREATE TABLE files (file_no INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, committed INTEGER NOT NULL);
CREATE TABLE visits (
    visit_no INTEGER PRIMARY KEY, run_no INTEGER NOT NULL, url TEXT NOT NULL, moment TEXT NOT NULL,
    source TEXT NOT NULL, record TEXT NOT NULL, status INTEGER, media_type TEXT NOT NULL, digest TEXT NOT NULL,
    etag TEXT NOT NULL, last_modified TEXT NOT NULL, location TEXT NOT NULL, truncated TEXT NOT NULL,
    refers_to INTEGER, file_no INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL,
    record_id TEXT NOT NULL, host TEXT NOT NULL, urlkey TEXT NOT NULL, timestamp TEXT NOT NULL
);
CREATE INDEX visits_of_address ON visits (url, visit_no);
CREATE INDEX visits_of_host ON visits (host, visit_no);
CREATE INDEX visits_of_record ON visits (record_id);
CREATE INDEX visits_of_file ON visits (file_no, offset);
CREATE INDEX visits_in_index_order ON visits (urlkey, timestamp);
CREATE TABLE targets (
    target_no INTEGER PRIMARY KEY, run_no INTEGER NOT NULL, url TEXT NOT NULL, captured_at TEXT NOT NULL,
    kind TEXT NOT NULL, agency TEXT NOT NULL, report_year INTEGER, title TEXT NOT NULL, via TEXT NOT NULL,
    part_of TEXT NOT NULL, outcome TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
    next_step TEXT NOT NULL DEFAULT '', read_title TEXT NOT NULL DEFAULT '', read_agency_id TEXT NOT NULL DEFAULT '',
    read_agency TEXT NOT NULL DEFAULT '', read_year INTEGER, published_date TEXT NOT NULL DEFAULT '',
    final_url TEXT NOT NULL DEFAULT '', visit_no INTEGER,
    UNIQUE (run_no, url, captured_at)
);
CREATE INDEX targets_pending ON targets (run_no, target_no) WHERE outcome = '';
CREATE TABLE manifest_lines (line TEXT PRIMARY KEY) WITHOUT ROWID;
"""

_REBUILD = "Take the file away: the catalogue is made anew from the WARC files."


class Catalogue:
    """An open catalogue."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    def rows(self, sql: str, values: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
        """Yield the rows of a query, one at a time."""
        with told(self.path):
            yield from self._connection.execute(sql, values)

    def row(self, sql: str, values: tuple[object, ...] = ()) -> tuple[object, ...] | None:
        """Return the first row of a query."""
        with told(self.path):
            found: tuple[object, ...] | None = self._connection.execute(sql, values).fetchone()
            return found

    def change(self, sql: str, values: tuple[object, ...] = ()) -> int:
        """Change rows; return how many."""
        with told(self.path):
            return self._connection.execute(sql, values).rowcount

    def insert(self, sql: str, values: tuple[object, ...] = ()) -> int:
        """Insert a row; return its number."""
        with told(self.path):
            return self._connection.execute(sql, values).lastrowid or 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is changed within, or nothing of it."""
        with told(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            with told(self.path):
                self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the catalogue, leaving one plain file that opens on a read-only medium too, if nobody reads it now."""
        with suppress(sqlite3.OperationalError):
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA journal_mode = DELETE")
        self._connection.close()


def open_catalogue(folder: Path) -> tuple[Catalogue, bool]:
    """Open the catalogue of an archive for writing, or make one; say whether it was closed in good order.

    FetchError: `archive_unwritable`, `archive_damaged` (no database any more), `archive_not_ours` (of another
    program, or of a later version of this one).
    """
    path = catalogue_path(folder)
    with told(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        empty = _is_empty(connection)
    if not empty:
        _require_ours(connection, path)
    with told(path):
        # `close` leaves another mode behind; after a kill, what is made from the catalogue may be older than it
        clean = connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal"
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if empty:
            _create(connection)
    return Catalogue(connection, path), clean


def read_catalogue(folder: Path) -> Catalogue | None:
    """Open the catalogue of an archive for reading; None where there is none.

    FetchError: `archive_damaged`, `archive_not_ours`, `archive_unwritable` (a run was killed, and the folder cannot
    be written: its last transactions stand in a file beside the catalogue).
    """
    path = catalogue_path(folder)
    if not path.is_file():
        return None
    with told(path):
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", isolation_level=None, uri=True, timeout=30)
        if _is_empty(connection):  # killed before the tables were laid out
            connection.close()
            return None
    _require_ours(connection, path)
    return Catalogue(connection, path)


def scratch_catalogue(folder: Path) -> Catalogue:
    """Return an empty catalogue in a temporary file, for reading an archive that has none."""
    connection = sqlite3.connect("", isolation_level=None)
    _create(connection)
    return Catalogue(connection, catalogue_path(folder))


def _create(connection: sqlite3.Connection) -> None:
    """Lay out the tables, all or none of them."""
    marks = f"PRAGMA application_id = {_APPLICATION_ID}; PRAGMA user_version = {SCHEMA_VERSION};"
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} {marks} COMMIT;")


def _is_empty(connection: sqlite3.Connection) -> bool:
    """Tell a file in which nothing was written yet."""
    return _version(connection) == (0, 0) and not connection.execute("SELECT 1 FROM sqlite_master").fetchone()


def _version(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return whose the file is, and of which version."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    return application, connection.execute("PRAGMA user_version").fetchone()[0]


def _require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """FetchError for the file of another program or of another version."""
    with told(path):
        application, version = _version(connection)
    if application == _APPLICATION_ID and version == SCHEMA_VERSION:
        return
    connection.close()
    what = f"a catalogue of version {version}" if application == _APPLICATION_ID else "the file of another program"
    raise FetchError(
        "archive_not_ours",
        f"the archive's catalogue is {what}; this version reads {SCHEMA_VERSION}",
        str(path),
        "Use the version that wrote it, or take the file away: it is made anew from the WARC files.",
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite raises into a FetchError that says what to do."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise FetchError(
            "archive_unwritable", f"the archive's catalogue cannot be used ({error})", str(path), "Free the disk."
        ) from error
    except sqlite3.DatabaseError as error:
        raise FetchError(
            "archive_damaged", f"the archive's catalogue is damaged ({error})", str(path), _REBUILD
        ) from error
