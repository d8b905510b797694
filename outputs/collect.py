"""Derived rows → a table of the dataset: rows in any order, however many, are sorted on disk and written by key."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import CAPTURE_NO, working_array, working_schema
from outputs.files import write_files
from outputs.merge import id_bounds, unique
from outputs.scratch import ScratchTable, quoted, stretch_name
from outputs.sorting import sort_rows

_BATCH_ROWS = 4_096
_RANGE_ROWS = 32_768
"""Rows that are sorted in memory at a time, in tables whose rows come from all stretches: some 30 MB."""


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
        super().__init__(_folder(scratch, name), fields, stretch_name(stretch))

    def _array(self, values: Sequence[Any], field: pa.Field) -> pa.Array:
        return working_array(values, field.type, number=field.name in self._numbers)


def write_portions(name: str, folder: Path, scratch: Path) -> None:
    """Write `NAME.csv` and `NAME.parquet` from the portions of all stretches.

    Raises DatasetError (`duplicate_key`) when a key stands twice.
    """
    write_files(folder, name, unique(name, _sorted(scratch, name)))


def write_query(
    base: duckdb.DuckDBPyConnection, queries: Iterable[str], name: str, folder: Path, scratch: Path
) -> None:
    """Write `NAME.csv` and `NAME.parquet` from the rows of queries, their columns in the order of the table's.

    Raises DatasetError (`duplicate_key`) when a key stands twice.
    """
    columns = schema.table(name).columns
    names = ", ".join(f'"{column.name}"' for column in columns)
    shown = ", ".join(_as_text(column.name) if column.kind == "number" else f'"{column.name}"' for column in columns)
    known = working_schema(name)
    fields = pa.schema([known.field(column.name) for column in columns])
    path = _folder(scratch, name)
    path.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path / f"{stretch_name(0)}.parquet", fields, compression="lz4") as file:
        for query in queries:
            for batch in base.sql(f"SELECT {shown} FROM ({query}) AS made({names})").to_arrow_reader(_BATCH_ROWS):
                if batch.num_rows:
                    file.write_table(pa.Table.from_batches([batch]).cast(fields))
    write_portions(name, folder, scratch)


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
    return map(quoted, sorted(_folder(scratch, name).iterdir()))


def order_of(name: str) -> str:
    """The key of a table, as ORDER BY is given it."""
    return ", ".join(f'"{column}" NULLS LAST' for column in schema.table(name).key)


def _sorted(scratch: Path, name: str) -> Iterator[pa.Table]:
    key = schema.table(name).key
    files = sorted(_folder(scratch, name).iterdir())
    if key[0] == "agency_id":
        # stretches follow each other in the order of the agencies: each can be sorted by itself
        for path in files:
            yield from sort_rows(_tables([path]), key, (), path)
        return
    n_rows = sum(pq.read_metadata(path).num_rows for path in files)
    bounds = id_bounds(1 + n_rows // _RANGE_ROWS) if key[0] == "capture_id" else ()
    yield from sort_rows(_tables(files), key, bounds, scratch / f"sorting-{name}")


def _tables(files: Iterable[Path]) -> Iterator[pa.Table]:
    for path in files:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_BATCH_ROWS, use_threads=False):
                yield pa.Table.from_batches([batch])


def _as_text(column: str) -> str:
    """A decimal as outputs.arrow.plain writes it; the database prints all digits behind its point."""
    return f"""rtrim(rtrim(CAST("{column}" AS VARCHAR), '0'), '.') AS "{column}\""""


def _folder(scratch: Path, name: str) -> Path:
    return scratch / "portions" / name
