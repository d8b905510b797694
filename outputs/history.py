"""The reports of one agency after the other, each with its rows, read from the tables of a dataset.

Everything that is derived from more than one report goes through here: DuckDB sorts on disk, and one agency's rows
are in memory at a time.
"""

from collections import namedtuple
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from outputs import schema

_BATCH_ROWS = 8_192


class Agency:
    """The reports of one agency in order of scope, year and capture, with the rows of the tables asked for.

    Rows are named tuples with the columns of the schema; values are decimals, nulls None. A report that names no agency
    is one of its own: `agency_id` is then ''.
    """

    def __init__(self, agency_id: str, reports: list[Any], rows: dict[str, dict[str, list[Any]]]) -> None:
        self.agency_id = agency_id
        self.reports = reports
        self._rows = rows

    def rows(self, table: str, capture_id: str) -> list[Any]:
        """Return the rows of a report in a table, in order of their key."""
        return self._rows[table].get(capture_id, [])

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the current reports of each two consecutive years with one scope, the earlier one first."""
        current = {(r.report_scope, r.report_year): r for r in self.reports if r.is_current and r.report_year}
        before = [(current.get((scope, year - 1)), report) for (scope, year), report in current.items()]
        return [(earlier, later) for earlier, later in before if earlier is not None and self.agency_id]


def agencies(folder: Path, tables: Sequence[str], *, current_only: bool = False) -> Iterator[Agency]:
    """Read the dataset agency by agency; `tables` are those whose rows are wanted beside `reports`."""
    with duckdb.connect() as base:
        path = str(folder / "reports.parquet")
        where = "WHERE is_current" if current_only else ""
        base.execute(
            "CREATE TABLE ranked AS SELECT *, row_number() OVER (ORDER BY coalesce(agency_id, ''), "
            f"report_scope, report_year, capture_id) AS rank FROM read_parquet(?) {where}",
            [path],
        )
        streams = {name: _Stream(base, folder, name) for name in tables}
        for agency_id, reports, last in _grouped(_reports(base)):
            yield Agency(agency_id, reports, {name: stream.until(last) for name, stream in streams.items()})


@cache
def row_type(table: str) -> Any:
    """Return the named tuple of a table's rows."""
    return namedtuple(table, [column.name for column in schema.table(table).columns])  # noqa: PYI024  made from data


def _reports(base: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, Any]]:
    names = ", ".join(row_type("reports")._fields)
    # a cursor of its own: a result is lost when its connection runs another query
    result = base.cursor().execute(f"SELECT rank, {names} FROM ranked ORDER BY rank")
    for rank, *row in _fetched(result):
        yield rank, row_type("reports")(*row)


def _grouped(reports: Iterator[tuple[int, Any]]) -> Iterator[tuple[str, list[Any], int]]:
    """Agency, its reports, and the rank of the last of them."""
    held: list[Any] = []
    last = 0
    for rank, report in reports:
        if held and (report.agency_id is None or report.agency_id != held[-1].agency_id):
            yield held[-1].agency_id or "", held, last
            held = []
        held.append(report)
        last = rank
    if held:
        yield held[-1].agency_id or "", held, last


class _Stream:
    """Rows of one table in the order of the reports."""

    def __init__(self, base: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
        self._type = row_type(name)
        columns = ", ".join(f't."{column}"' for column in self._type._fields)
        rest = [column for column in schema.table(name).key if column != "capture_id"]
        order = ", ".join(["rank", *(f't."{column}"' for column in rest)])
        query = f"SELECT rank, {columns} FROM read_parquet(?) t JOIN ranked USING (capture_id) ORDER BY {order}"
        self._rows = _fetched(base.cursor().execute(query, [str(folder / f"{name}.parquet")]))
        self._next = next(self._rows, None)

    def until(self, last: int) -> dict[str, list[Any]]:
        """Return the rows of the reports up to a rank, by capture id."""
        found: dict[str, list[Any]] = {}
        while self._next is not None and self._next[0] <= last:
            row = self._type(*self._next[1:])
            found.setdefault(row.capture_id, []).append(row)
            self._next = next(self._rows, None)
        return found


def _fetched(result: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while batch := result.fetchmany(_BATCH_ROWS):
        yield from batch
