"""Where a comparison reads its rows: the Parquet files of a dataset, or an index in SQLite of the same tables."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

import duckdb

from outputs import schema
from outputs.frames import read_dataset
from outputs.history import row_type


class Source(Protocol):
    """The tables of one dataset."""

    def rows(self, table: str, where: str, values: Sequence[object]) -> list[Any]:
        """Return the rows that a condition holds for, in order of their key.

        Rows are named tuples with the columns of the schema: values are decimals, flags bools, nulls None. The
        condition is SQL that DuckDB and SQLite read alike, with a `?` for each value.
        """


@contextmanager
def parquet_source(folder: Path) -> Iterator[Source]:
    """Open a dataset; one connection serves the whole comparison, for each costs more than a question does.

    Raises DatasetError when the folder holds no dataset.
    """
    read_dataset(folder)
    with duckdb.connect() as base:
        yield _Parquet(folder, base)


class _Parquet:
    def __init__(self, folder: Path, base: duckdb.DuckDBPyConnection) -> None:
        self._folder = folder
        self._base = base

    def rows(self, table: str, where: str, values: Sequence[object]) -> list[Any]:
        path = str(self._folder / f"{table}.parquet")
        found = self._base.execute(_query(table, "read_parquet(?)", where), [path, *values])
        return [row_type(table)._make(row) for row in found.fetchall()]


class IndexSource:
    """The tables of an index: numbers are held as INTEGER or REAL there, flags as 0 and 1."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base

    def rows(self, table: str, where: str, values: Sequence[object]) -> list[Any]:
        """Return rows as `Source` does."""
        kinds = [column.kind for column in schema.table(table).columns]
        found = self._base.execute(_query(table, f'"{table}"', where), values)
        return [row_type(table)._make(map(_typed, row, kinds)) for row in found]


def _query(table: str, relation: str, where: str) -> str:
    names = ", ".join(f'"{name}"' for name in row_type(table)._fields)
    order = ", ".join(f'"{name}"' for name in schema.table(table).key)
    return f"SELECT {names} FROM {relation} WHERE {where} ORDER BY {order}"


def _typed(value: Any, kind: str) -> Any:
    if value is None or kind in ("string", "integer"):
        return value
    # the shortest decimal that gives the number back is the one that was printed
    return bool(value) if kind == "boolean" else Decimal(repr(value))
