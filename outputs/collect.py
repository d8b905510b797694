"""Derived rows → a table of the dataset: rows in any order, however many, are sorted on disk and written by key."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from outputs import schema
from outputs.arrow import CAPTURE_NO, working_array, working_schema
from outputs.database import database
from outputs.files import write_files
from outputs.merge import unique
from outputs.scratch import ScratchTable, quoted

_BATCH_ROWS = 8_192
_STRETCH = "{:06d}-"
"""What the files of one stretch of agencies begin with."""


class Portions(ScratchTable):
    """Takes rows of one table of the dataset, made for one stretch of agencies.

    Values stand in the order of the table's columns, or of those that `columns` names; `more` are columns that only
    the derivation needs. Decimals for numbers, None for what is missing.
    """

    def __init__(
        self,
        scratch: Path,
        name: str,
        stretch: int,
        columns: Sequence[str] = (),
        more: Sequence[pa.Field] = (),
    ) -> None:
        known = working_schema(name)
        names = columns or [field.name for field in known if field.name != CAPTURE_NO]
        fields = pa.schema([*(known.field(column) for column in names), *more])
        self._numbers = frozenset(column.name for column in schema.table(name).columns if column.kind == "number")
        super().__init__(_folder(scratch, name), fields, _STRETCH.format(stretch))

    def _array(self, values: Sequence[Any], field: pa.Field) -> pa.Array:
        return working_array(values, field.type, number=field.name in self._numbers)


def write_portions(name: str, folder: Path, scratch: Path) -> None:
    """Write `NAME.csv` and `NAME.parquet` from the portions of all stretches.

    Raises DatasetError (`duplicate_key`) when a key stands twice.
    """
    with database(scratch / f"spill-{name}") as base:
        write_files(folder, name, unique(name, _sorted(base, scratch, name)))


def write_query(base: duckdb.DuckDBPyConnection, query: str, name: str, folder: Path) -> None:
    """Write `NAME.csv` and `NAME.parquet` from the rows of a query, its columns in the order of the table's.

    Raises DatasetError (`duplicate_key`) when a key stands twice.
    """
    columns = schema.table(name).columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    shown = ", ".join(_as_text(column.name) if column.kind == "number" else f'"{column.name}"' for column in columns)
    rows = f"SELECT {shown} FROM ({query}) AS made({names}) ORDER BY {order_of(name)}"
    write_files(folder, name, unique(name, _tables(base, rows, name)))


@contextmanager
def collector(folder: Path, scratch: Path, name: str) -> Iterator[Portions]:
    """Take rows of one table in any order, and write it when the `with` block ends well."""
    with Portions(scratch, name, 0) as rows:
        yield rows
    write_portions(name, folder, scratch)


def portions_of(scratch: Path, name: str) -> str:
    """All portions of a table: what `read_parquet` of the database is given."""
    return quoted(_folder(scratch, name) / "*.parquet")


def stretches_of(scratch: Path, name: str) -> Iterator[str]:
    """The portions of a table, stretch by stretch in their order, each as `read_parquet` is given it."""
    folder = _folder(scratch, name)
    for prefix in sorted({path.name.partition("-")[0] for path in folder.iterdir()}):
        yield quoted(folder / f"{prefix}-*.parquet")


def order_of(name: str) -> str:
    """The key of a table, as ORDER BY is given it."""
    return ", ".join(f'"{column}" NULLS LAST' for column in schema.table(name).key)


def _sorted(base: duckdb.DuckDBPyConnection, scratch: Path, name: str) -> Iterator[pa.Table]:
    # stretches follow each other in the order of the agencies: where they come first, each can be sorted by itself
    by_agency = schema.table(name).key[0] == "agency_id"
    files = stretches_of(scratch, name) if by_agency else [portions_of(scratch, name)]
    for source in files:
        yield from _tables(base, f"SELECT * FROM read_parquet({source}) ORDER BY {order_of(name)}", name)


def _tables(base: duckdb.DuckDBPyConnection, query: str, name: str) -> Iterator[pa.Table]:
    known = working_schema(name)
    for batch in base.sql(query).to_arrow_reader(_BATCH_ROWS):
        yield pa.Table.from_batches([batch]).cast(pa.schema([known.field(column) for column in batch.schema.names]))


def _as_text(column: str) -> str:
    """A decimal as outputs.arrow.plain writes it; the database prints all digits behind its point."""
    return f"""rtrim(rtrim(CAST("{column}" AS VARCHAR), '0'), '.') AS "{column}\""""


def _folder(scratch: Path, name: str) -> Path:
    return scratch / "portions" / name
