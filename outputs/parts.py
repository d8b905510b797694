"""Parts of a run on disk: the rows of about a thousand pages each, sorted, in a folder per table."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import CAPTURE_NO, working_schema

_GROUP_ROWS = 4096
"""Rows per row group: a thousand pages are cut finely enough that a range of them reads a fraction."""


class Parts:
    """Parts in one folder. A part's rows are sorted by the first column of the table's key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._opened: dict[str, ds.Dataset] = {}

    def write(self, tables: dict[str, pa.Table]) -> None:
        """Write one part of every table that has rows."""
        self._count += 1
        for name, table in tables.items():
            if table.num_rows:
                path = self._folder / name / f"{self._count:08d}.parquet"
                path.parent.mkdir(parents=True, exist_ok=True)
                rows = table.sort_by(schema.table(name).key[0])
                pq.write_table(rows, path, compression="zstd", row_group_size=_GROUP_ROWS)

    def read(self, name: str, columns: Sequence[str] | None = None, where: pc.Expression | None = None) -> pa.Table:
        """Return rows of all parts of a table; row groups that cannot meet the condition are not read."""
        if name not in self._opened:
            # kept open: it remembers what the row groups hold, and a table is read in many ranges
            self._opened[name] = ds.dataset(self._paths(name), schema=working_schema(name), format="parquet")
        rows = self._opened[name]
        # threads would read many row groups ahead, and memory would follow the number of parts
        return rows.to_table(columns=None if columns is None else list(columns), filter=where, use_threads=False)

    def extent(self, name: str) -> tuple[int, int]:
        """Return how many rows a table has, and how many bytes they take before compression."""
        n_rows = n_bytes = 0
        for path in self._paths(name):
            metadata = pq.read_metadata(path)
            n_rows += metadata.num_rows
            n_bytes += sum(metadata.row_group(no).total_byte_size for no in range(metadata.num_row_groups))
        return n_rows, n_bytes

    def _paths(self, name: str) -> list[str]:
        return [str(path) for path in sorted((self._folder / name).glob("*.parquet"))]


def rows_of(captures: pa.Array, *, outside: bool = False) -> pc.Expression:
    """Condition on parts: rows of the pages with these `capture_no`, or of all others."""
    condition = pc.field(CAPTURE_NO).isin(captures)
    return ~condition if outside else condition
