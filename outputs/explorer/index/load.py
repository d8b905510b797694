"""Parquet → SQLite: every table of the dataset by its name, with its columns, its key and its references.

Rows pass in batches. Of a column, each different value is made into an object of Python once in a batch: most columns
repeat themselves (agencies, indicators, zeros), and texts are not copied for nothing.
"""

import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema

_BATCH_ROWS = 16_384
_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "NUMERIC", "boolean": "INTEGER"}
"""A NUMERIC column holds 12 as an integer and 0.5 as a 64-bit float, whichever way it was given."""

_LARGEST = 2**63 - 1


def load_table(base: sqlite3.Connection, folder: Path, table: schema.Table, tell: Callable[[int], None]) -> None:
    """Make a table and fill it from its Parquet file; `tell` hears of the rows of each batch."""
    with pq.ParquetFile(folder / f"{table.name}.parquet") as file:
        base.execute(_definition(table, has_key=_key_is_whole(file, table)))
        insert = f'INSERT INTO "{table.name}" VALUES ({", ".join("?" * len(table.columns))})'
        for batch in file.iter_batches(_BATCH_ROWS, columns=[column.name for column in table.columns]):
            base.executemany(insert, _rows(batch))
            tell(batch.num_rows)


def plain(value: Any) -> Any:
    """Return a value as SQLite holds it: an integer for a whole decimal, else the nearest 64-bit float.

    >>> plain(Decimal("12.000")), plain(Decimal("59490886.67")), plain(True), plain(None)
    (12, 59490886.67, 1, None)
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) <= _LARGEST else float(value)
    return int(value) if isinstance(value, bool) else value


def _definition(table: schema.Table, *, has_key: bool) -> str:
    lines = [f'"{column.name}" {_TYPES[column.kind]}' for column in table.columns]
    if has_key:
        lines.append(f"PRIMARY KEY ({', '.join(_quoted(table.key))})")
    for column, other in table.references:
        target = schema.table(other).key[0]
        lines.append(f'FOREIGN KEY ("{column}") REFERENCES "{other}" ("{target}")')
    return f'CREATE TABLE "{table.name}" ({", ".join(lines)})'


def _quoted(names: tuple[str, ...]) -> list[str]:
    return [f'"{name}"' for name in names]


def _key_is_whole(file: pq.ParquetFile, table: schema.Table) -> bool:
    """Whether no part of the key is empty in any row: SQLite would take two such rows for different ones."""
    places = [file.schema_arrow.get_field_index(name) for name in table.key]
    groups = (file.metadata.row_group(no) for no in range(file.metadata.num_row_groups))
    counts = [group.column(place).statistics for group in groups for place in places]
    return all(one is not None and one.has_null_count and not one.null_count for one in counts)


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[Any, ...]]:
    return zip(*(_values(column) for column in batch.columns), strict=True)


def _values(column: pa.Array) -> list[Any]:
    """The values of a column, None where there is none."""
    coded = column.dictionary_encode()
    different = np.empty(len(coded.dictionary) + 1, dtype=object)
    different[:-1] = [plain(value) for value in coded.dictionary.to_pylist()]
    different[-1] = None
    places = coded.indices.fill_null(len(different) - 1).to_numpy(zero_copy_only=False)
    values: list[Any] = different[places].tolist()
    return values
