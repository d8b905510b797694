"""Rows that a step puts aside on disk while it works: written in portions, read by DuckDB."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

_PORTION_ROWS = 16_384


class ScratchTable:
    """Takes rows, values in the order of the fields, and has them in Parquet files when its `with` block ends.

    Several may write into one folder, each with a prefix of its own. There is one file at the least.
    """

    def __init__(self, folder: Path, fields: pa.Schema, prefix: str = "", portion_rows: int = _PORTION_ROWS) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.n_rows = 0
        self._folder, self._fields, self._prefix, self._portion_rows = folder, fields, prefix, portion_rows
        self._held: list[Sequence[Any]] = []
        self._n_files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None and (self._held or not self._n_files):
            self._write()

    def add(self, row: Sequence[Any]) -> None:
        """Take one row."""
        self._held.append(row)
        self.n_rows += 1
        if len(self._held) >= self._portion_rows:
            self._write()

    def _array(self, values: Sequence[Any], field: pa.Field) -> pa.Array:
        """One column as it is put aside."""
        return pa.array(values, field.type)

    def _write(self) -> None:
        columns = list(zip(*self._held, strict=True)) or [()] * len(self._fields)
        arrays = [self._array(values, field) for values, field in zip(columns, self._fields, strict=True)]
        rows = pa.table(arrays, schema=self._fields)
        pq.write_table(rows, self._folder / f"{self._prefix}{self._n_files:06d}.parquet", compression="lz4")
        self._held = []
        self._n_files += 1


def view(base: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Make the rows of a Parquet file, or of all in a folder, a view of the database."""
    files = quoted(path / "*.parquet" if path.is_dir() else path)
    base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files})")


def quoted(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
