"""Derived rows → a table of the dataset: rows in any order, however many, are sorted on disk and written by key."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import working_columns, working_schema, working_table
from outputs.errors import DatasetError
from outputs.files import write_files

_PART_ROWS = 100_000
_SORTED_ROWS = 32_768


class Collector:
    """Takes the rows of one table and writes `NAME.csv` and `NAME.parquet` when its `with` block ends well.

    A key that stands twice is an error: DatasetError (`duplicate_key`).
    """

    def __init__(self, folder: Path, scratch: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._scratch = scratch / f"derived-{name}"
        self._scratch.mkdir(parents=True)
        self._columns = working_columns(name)
        self._held: list[Sequence[Any]] = []
        self._n_parts = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._write_part()
            write_files(self._folder, self._name, self._sorted())

    def add(self, row: Sequence[Any]) -> None:
        """Take one row: values in the order of the table's columns; decimals for numbers, None for what is missing."""
        self._held.append(row)
        if len(self._held) >= _PART_ROWS:
            self._write_part()

    def _write_part(self) -> None:
        columns = {name: [row[i] for row in self._held] for i, name in enumerate(self._columns)}
        rows = working_table(self._name, {"capture_no": [0] * len(self._held), **columns})
        pq.write_table(rows, self._scratch / f"{self._n_parts:08d}.parquet")
        self._n_parts += 1
        self._held = []

    def _sorted(self) -> Any:
        key = schema.table(self._name).key
        order = ", ".join(f'"{column}" NULLS LAST' for column in key)
        fields = working_schema(self._name)
        with duckdb.connect() as base:
            query = f"SELECT * FROM read_parquet(?) ORDER BY {order}"
            reader = base.sql(query, params=[str(self._scratch / "*.parquet")]).to_arrow_reader(_SORTED_ROWS)
            last: tuple[Any, ...] = ()
            for batch in reader:
                rows = pa.Table.from_batches([batch]).cast(fields)
                keys: list[list[Any]] = [rows[column].to_pylist() for column in key]
                for values in zip(*keys, strict=True):
                    if values == last:
                        raise self._twice(dict(zip(key, values, strict=True)))
                    last = values
                yield rows

    def _twice(self, key: dict[str, Any]) -> DatasetError:
        return DatasetError(
            "duplicate_key",
            f"two rows of {self._name} have the same key",
            ", ".join(f"{column}={value}" for column, value in key.items()),
            "This is a defect of gongkai: please report the page. The dataset that was there is as it was.",
        )
