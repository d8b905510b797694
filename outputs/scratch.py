"""Rows that a step puts aside on disk while it works: written in portions, read by DuckDB."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

_PORTION_ROWS = 4_096


class ScratchTable:
    """Takes rows, values in the order of the fields, and has them in a Parquet file when its `with` block ends.

    Several may write into one folder, each under a name of its own.
    """

    def __init__(self, folder: Path, fields: pa.Schema, name: str = "rows") -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.n_rows = 0
        self._fields = fields
        self._held: list[Sequence[Any]] = []
        self._file = pq.ParquetWriter(folder / f"{name}.parquet", fields, compression="lz4")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None and self._held:
            self._write()
        self._file.close()

    def add(self, row: Sequence[Any]) -> None:
        """Take one row."""
        self._held.append(row)
        self.n_rows += 1
        if len(self._held) >= _PORTION_ROWS:
            self._write()

    def _array(self, values: Sequence[Any], field: pa.Field) -> pa.Array:
        """One column as it is put aside."""
        return pa.array(values, field.type)

    def _write(self) -> None:
        columns = zip(*self._held, strict=True)
        arrays = [self._array(values, field) for values, field in zip(columns, self._fields, strict=True)]
        self._file.write_table(pa.table(arrays, schema=self._fields))
        self._held = []


def stretch_name(stretch: int) -> str:
    """What the file of one stretch of agencies is called: names sort as stretches do."""
    return f"{stretch:08d}"


def view(base: duckdb.DuckDBPyConnection, name: str, path: Path) -> None:
    """Make the rows of a Parquet file, or of all in a folder, a view of the database."""
    files = quoted(path / "*.parquet" if path.is_dir() else path)
    base.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files})")


def quoted(path: Path) -> str:
    """A path as a literal of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
