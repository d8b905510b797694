"""Rows of a shard on disk: a folder with one Parquet file a table, streamed; the merge reads the folders of all shards.

A row's page is told by its shard and `capture_no`, the running number of the page within its shard. `coverage` also
says where a page stands in its source (`file_uri`, `place`), which puts the pages of a run in one order however the
sources were cut into shards.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from corpus.captures import Capture
from corpus.indicators import load_indicators
from outputs.arrow import working_schema
from outputs.rows import OF_PAGE, OF_REPORT, Rows, Versions
from parsers.records import Report

PART_TABLES = (*OF_REPORT, *OF_PAGE)
"""Every folder of a shard has a file of each, with rows or without."""

PART_PAGES = 1_000
PART_BYTES = 48_000_000
"""Rows go to disk after so many pages, or when they take about so much memory."""

_GROUP_ROWS = 16_384
_GROUP_BYTES = 8_000_000
"""A row group has at most so many rows, and about so many bytes: the merge holds some of them unpacked."""

SHARD = "shard"
"""Number of a row's shard, counted from 0 in the order of the folders: a column of views, not of the files."""


def layout_digest() -> str:
    """Return what the columns of the files are, as a digest: a shard kept from an earlier run must have the same."""
    fields = "\n".join(f"{name} {working_schema(name).to_string()}" for name in PART_TABLES)
    return hashlib.sha256(fields.encode()).hexdigest()


class PartWriter:
    """Writes the rows of one shard into a folder, which is made; its memory does not grow with the shard.

    The same pages in the same order give the same bytes. The files are whole after `finish()`; a `with` block that is
    left without it removes them.
    """

    def __init__(self, folder: Path, versions: Versions, *, part_pages: int = PART_PAGES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._part_pages = part_pages
        self._rows = Rows(versions, frozenset(load_indicators()))
        self._n_pages = 0
        self._counts = dict.fromkeys(PART_TABLES, 0)
        self._files: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for name, file in self._files.items():
            if file.is_open:
                with suppress(OSError):  # a full disk: the file goes anyway
                    file.close()
                (self._folder / f"{name}.parquet").unlink(missing_ok=True)

    def add(self, capture: Capture, report: Report, file_uri: str, place: int) -> None:
        """Take a page that was read; `file_uri` and `place` say where it stands in its source.

        Raises outputs.contract.ContractError, with nothing taken, when the report breaks a rule of the dataset, and
        OSError when the disk does not take what is written.
        """
        self._rows.add(self._n_pages, capture, report, file_uri, place)
        self._count_page()

    def add_failure(self, capture: Capture, failure: tuple[str, str, str], file_uri: str, place: int) -> None:
        """Take a page that could not be read: (outcome, detail, next step). Raises OSError as `add`."""
        self._rows.add_failure(self._n_pages, capture, failure, file_uri, place)
        self._count_page()

    def finish(self) -> dict[str, int]:
        """Complete the files; return the number of rows of each table (`coverage` has one for every page)."""
        self._write()
        for name in PART_TABLES:
            self._file(name).close()
        return dict(self._counts)

    def _count_page(self) -> None:
        self._n_pages += 1
        if self._n_pages % self._part_pages == 0 or self._rows.size > PART_BYTES:
            self._write()

    def _write(self) -> None:
        for name, table in self._rows.tables().items():
            if table.num_rows:
                self._counts[name] += table.num_rows
                self._file(name).write_table(table, row_group_size=_group_rows(table))

    def _file(self, name: str) -> pq.ParquetWriter:
        if name not in self._files:
            path = self._folder / f"{name}.parquet"
            self._files[name] = pq.ParquetWriter(path, working_schema(name), compression="zstd", compression_level=1)
        return self._files[name]


class Parts:
    """The shards of a run: their folders, in any order that is the same each time. A shard's number is its place."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders

    def rows(self, name: str) -> Iterator[tuple[int, pa.Table]]:
        """Yield the rows of a table in all shards, some at a time, with the number of their shard."""
        for shard, folder in enumerate(self._folders):
            # threads would read ahead, and memory would follow the number of row groups
            with pq.ParquetFile(folder / f"{name}.parquet") as file:
                for batch in file.iter_batches(_GROUP_ROWS, use_threads=False):
                    yield shard, pa.Table.from_batches([batch])

    def extent(self, name: str) -> tuple[int, int]:
        """Return how many rows a table has, and about how many bytes they take."""
        n_rows = n_bytes = 0
        for folder in self._folders:
            metadata = pq.read_metadata(folder / f"{name}.parquet")
            n_rows += metadata.num_rows
            n_bytes += sum(metadata.row_group(no).total_byte_size for no in range(metadata.num_row_groups))
        return n_rows, n_bytes

    def view(self, base: duckdb.DuckDBPyConnection, name: str) -> None:
        """Make the rows of a table in all shards the view `part_NAME` of the database, with the column `shard`."""
        if not self._folders:
            fields = working_schema(name).append(pa.field(SHARD, pa.uint64()))
            none = fields.empty_table()  # noqa: F841  DuckDB finds it by its name
            base.execute(f"CREATE TABLE part_{name} AS FROM none")
            return
        paths = ", ".join(quoted(folder / f"{name}.parquet") for folder in self._folders)
        # file_index is the place of a file in the list: every shard has every table, so that it is the shard's number
        base.execute(f"CREATE VIEW part_{name} AS SELECT *, file_index AS {SHARD} FROM read_parquet([{paths}])")


def _group_rows(table: pa.Table) -> int:
    n_bytes: int = table.nbytes
    n_rows: int = table.num_rows
    return max(1, min(_GROUP_ROWS, _GROUP_BYTES * n_rows // max(n_bytes, 1)))


def quoted(path: Path) -> str:
    """Return a path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
