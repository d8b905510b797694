"""The SQLite file that the explorer's pages read: made once for a dataset, and again when the dataset is another."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq

from outputs import schema
from outputs.explorer.index import sqlindexes
from outputs.explorer.index.checklist import load_check_list
from outputs.explorer.index.fulltext import load_search
from outputs.explorer.index.load import load_table
from outputs.explorer.index.place import (
    INDEX_FILE,
    check_columns,
    fingerprint,
    homes,
    is_of,
    made_whole,
    only_maker,
    stamp,
)
from outputs.explorer.index.watch import NoWatch, Watch
from outputs.frames import read_dataset

_FOR_LOADING = (
    # nobody reads the file before it is whole; what a stopped run leaves is thrown away
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA cache_size = -65536",
)
_LIKE_THIS_MANY = 1_000
"""Rows of an index that ANALYZE looks at: it tells which index is the better one, no more."""


def open_index(folder: Path, *, watch: Watch | None = None) -> Path:
    """Return the index of the dataset in a folder; it is made where there is none of this very dataset.

    Raises DatasetError when no dataset is there (see outputs.frames), when another version of gongkai wrote it
    (`other_version`), and when no index can be written (`cannot_write`).
    """
    read_dataset(folder)
    check_columns(folder)
    mark = fingerprint(folder)
    for home in homes(folder):
        if is_of(home / INDEX_FILE, mark):
            return home / INDEX_FILE
    with only_maker(folder) as home:
        target = home / INDEX_FILE
        if not is_of(target, mark):  # else another explorer was quicker
            _make(folder, target, mark, watch or NoWatch())
        return target


def connect(index: Path) -> sqlite3.Connection:
    """Return a connection to an index that can only read; its rows are sqlite3.Row."""
    base = sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)
    base.row_factory = sqlite3.Row
    return base


def _make(folder: Path, target: Path, mark: int, watch: Watch) -> None:
    with made_whole(target) as unfinished, _writing(unfinished) as base:
        _fill(base, folder, watch)
        stamp(base, mark)


@contextmanager
def _writing(path: Path) -> Iterator[sqlite3.Connection]:
    base = sqlite3.connect(path, isolation_level=None)
    try:
        for setting in _FOR_LOADING:
            base.execute(setting)
        base.execute("BEGIN")
        yield base
        base.execute("COMMIT")
    finally:
        base.close()


def _fill(base: sqlite3.Connection, folder: Path, watch: Watch) -> None:
    rows = {table.name: _rows_of(folder, table.name) for table in schema.TABLES}
    n_passages = rows["sections"] + rows["reports"]  # and some agencies
    watch.begin(sum(rows.values()) + n_passages)
    for table in schema.TABLES:
        watch.table(table.name)
        load_table(base, folder, table, watch.rows)
    watch.table("check_list")
    load_check_list(base, folder, watch.rows)
    for statement in sqlindexes.statements():
        base.execute(statement)
    watch.table("search")
    load_search(base, watch.rows)
    base.execute(f"PRAGMA analysis_limit = {_LIKE_THIS_MANY}")
    base.execute("ANALYZE")


def _rows_of(folder: Path, name: str) -> int:
    return int(pq.read_metadata(folder / f"{name}.parquet").num_rows)
