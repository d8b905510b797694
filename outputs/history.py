"""The reports of one agency after the other, each with its rows, read from the tables of a dataset.

Everything that is derived from more than one report goes through here. The tables of a dataset are in the order of the
captures; DuckDB sorts the columns that are needed by agency, once, on disk. Then any stretch of agencies can be read
by itself, in any process, with one agency's rows in memory at a time.
"""

from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outputs import schema
from outputs.database import database
from outputs.prose import Part, parts
from outputs.scratch import quoted
from outputs.sorting import sort_rows

_REPORTS = "reports"
_COLUMNS = {
    _REPORTS: "capture_id agency_id agency agency_as_printed agency_level region_code report_year report_scope "
    "form_ids period_start period_end is_current",
    "cells": "table_no row col raw value form_id indicator applicant measure mapping base_value concordance",
    "claims": "block_no char_start char_end sentence subject raw value unit share_percent approximate indicator kind "
    "period zero_in_words whole_start last_digit",
    "facts": "indicator applicant measure value unit state source derivation form_id table_no row col block_no "
    "char_start char_end concordance",
    "findings": "code where detail",
    "sections": "section_no parent_no number title canonical text",
    "checks": "check_id applicant verdict expression",
}
"""What is read of each table: the columns that any step asks for."""

_GROUP_REPORTS = 256
"""Reports of a row group of a sorted file: what is read of it for a stretch of agencies, at the least."""

_SORTED_ROWS = 8_192
_BATCH_ROWS = 2_048


class Stretch(NamedTuple):
    """Neighbouring agencies: the number of the stretch, and the ranks of its first and last report."""

    number: int
    first: int
    last: int


class Agency:
    """The reports of one agency in order of scope, year and capture, with the rows of the tables asked for.

    Rows are named tuples with the columns that the steps need; values are decimals, nulls None. A report that names no
    agency is one of its own: `agency_id` is then ''. `current` are the reports that count, each the only one of its
    scope and year.
    """

    def __init__(self, agency_id: str, reports: list[Any], rows: dict[str, dict[str, list[Any]]]) -> None:
        self.agency_id = agency_id
        self.reports = reports
        self.current = [report for report in reports if report.is_current]
        self._rows = rows
        self._parts: dict[str, list[Part]] = {}

    def rows(self, table: str, capture_id: str) -> list[Any]:
        """Return the rows of a report in a table, in order of their key."""
        return self._rows[table].get(capture_id, [])

    def parts(self, capture_id: str) -> list[Part]:
        """Return what a report says, subject by subject, from its rows of `sections`."""
        found = self._parts.get(capture_id)
        if found is None:
            found = self._parts[capture_id] = parts(self.rows("sections", capture_id))
        return found

    def give(self, table: str, rows: Mapping[str, list[Any]]) -> None:
        """Take the rows of a table by report, which one step has made for those behind it."""
        self._rows[table] = dict(rows)

    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the current reports of each two consecutive years with one scope, the earlier one first."""
        current = {(r.report_scope, r.report_year): r for r in self.current if r.report_year}
        before = [(current.get((scope, year - 1)), report) for (scope, year), report in current.items()]
        return [(earlier, later) for earlier, later in before if earlier is not None and self.agency_id]


@cache
def row_type(table: str) -> Any:
    """Return the named tuple of a table's rows."""
    return namedtuple(table, [column.name for column in schema.table(table).columns])  # noqa: PYI024  made from data


def rank_reports(folder: Path, sorted_folder: Path) -> None:
    """Write `reports` of a dataset anew, in the order of the agencies, with the rank of each report."""
    sorted_folder.mkdir(parents=True)
    columns = ", ".join(f'"{column}"' for column in _row_type(_REPORTS)._fields)
    source, target = (quoted(path / f"{_REPORTS}.parquet") for path in (folder, sorted_folder))
    with database(sorted_folder / "spill-ranks") as base:
        base.execute(
            f"COPY (SELECT row_number() OVER (ORDER BY coalesce(agency_id, ''), report_scope, report_year, capture_id) "
            f"AS rank, {columns} FROM read_parquet({source}) ORDER BY rank) TO {target} "
            f"(FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 2048)"
        )


def sort_by_agency(name: str, folder: Path, sorted_folder: Path) -> None:
    """Write another table of a dataset anew, in the order of the ranked reports; a range of rows is held at a time."""
    ranks, source = (quoted(path) for path in (sorted_folder / f"{_REPORTS}.parquet", folder / f"{name}.parquet"))
    columns = ", ".join(f't."{column}"' for column in _row_type(name)._fields)
    key = [column for column in schema.table(name).key if column != "capture_id"]
    extra = "".join(f', t."{column}"' for column in key if column not in _row_type(name)._fields)
    query = f"""
        SELECT printf('%012d', rank) AS place, rank, {columns}{extra}
        FROM read_parquet({source}) t JOIN read_parquet({ranks}) r ON r.capture_id = t.capture_id
    """
    n_reports = pq.read_metadata(sorted_folder / f"{_REPORTS}.parquet").num_rows
    bounds = [f"{rank:012d}" for rank in range(_GROUP_REPORTS + 1, n_reports + 1, _GROUP_REPORTS)]
    with database(sorted_folder / f"spill-{name}") as base:
        batches = base.sql(query).to_arrow_reader(_SORTED_ROWS)
        fields = pa.schema([batches.schema.field(column) for column in ("rank", *_row_type(name)._fields)])
        tables = (pa.Table.from_batches([batch]) for batch in batches)
        with pq.ParquetWriter(sorted_folder / f"{name}.parquet", fields, compression="lz4") as file:
            for rows in sort_rows(tables, ("place", *key), bounds, sorted_folder / f"sorting-{name}"):
                file.write_table(rows.select(fields.names), row_group_size=rows.num_rows)


def stretches(sorted_folder: Path, n_reports: int) -> Iterator[Stretch]:
    """Cut the agencies into stretches of about so many reports, in order: one at least; no agency is in two."""
    number = first = last = 0
    previous: str | None = ""
    with pq.ParquetFile(sorted_folder / f"{_REPORTS}.parquet") as file:
        for batch in file.iter_batches(columns=["rank", "agency_id"]):
            for rank, agency_id in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                if first and rank - first >= n_reports and (agency_id is None or agency_id != previous):
                    yield Stretch(number, first, last)
                    number, first = number + 1, rank
                first, last, previous = first or rank, rank, agency_id
    yield Stretch(number, first, last)


def agencies(sorted_folder: Path, tables: Sequence[str], stretch: Stretch) -> Iterator[Agency]:
    """Read a stretch agency by agency; `tables` are those whose rows are wanted beside `reports`."""
    streams = {name: _Stream(sorted_folder, name, stretch) for name in tables}
    for agency_id, reports, first in _grouped(_reports(sorted_folder, stretch)):
        ranks = {first + nth: report.capture_id for nth, report in enumerate(reports)}
        yield Agency(agency_id, reports, {name: stream.until(ranks) for name, stream in streams.items()})


@cache
def _row_type(table: str) -> Any:
    """The named tuple of what is read of a table."""
    return namedtuple(table, _COLUMNS[table].split())  # noqa: PYI024  made from data


def _reports(sorted_folder: Path, stretch: Stretch) -> Iterator[tuple[int, Any]]:
    for ranks, rows in _batches(sorted_folder, _REPORTS, stretch):
        yield from zip(ranks.tolist(), rows, strict=True)


def _grouped(reports: Iterator[tuple[int, Any]]) -> Iterator[tuple[str, list[Any], int]]:
    """Agency, its reports, and the rank of the first of them."""
    held: list[Any] = []
    first = 0
    for rank, report in reports:
        if held and (report.agency_id is None or report.agency_id != held[-1].agency_id):
            yield held[-1].agency_id or "", held, first
            held = []
        first = first if held else rank
        held.append(report)
    if held:
        yield held[-1].agency_id or "", held, first


class _Stream:
    """Rows of one table in the order of the reports."""

    def __init__(self, sorted_folder: Path, name: str, stretch: Stretch) -> None:
        self._batches = _batches(sorted_folder, name, stretch)
        self._held: dict[int, list[Any]] = {}
        self._read_to = 0

    def until(self, ranks: Mapping[int, str]) -> dict[str, list[Any]]:
        """Return the rows of the next reports, by capture id; `ranks` are the reports by rank, in order."""
        last = max(ranks)
        # a report's rows may go on in the next batch
        while self._read_to <= last and (batch := next(self._batches, None)):
            self._take(*batch)
        taken = {capture_id: self._held.pop(rank, None) for rank, capture_id in ranks.items()}
        return {capture_id: rows for capture_id, rows in taken.items() if rows}

    def _take(self, ranks: Any, rows: list[Any]) -> None:
        starts = [0, *(np.flatnonzero(np.diff(ranks)) + 1).tolist(), len(rows)]
        for start, end in pairwise(starts):
            self._held.setdefault(int(ranks[start]), []).extend(rows[start:end])
        self._read_to = int(ranks[-1])


def _batches(sorted_folder: Path, name: str, stretch: Stretch) -> Iterator[tuple[Any, list[Any]]]:
    """Rows of a stretch with the ranks of their reports, some thousand at a time; never none."""
    kind = _row_type(name)
    make = partial(tuple.__new__, kind)
    with pq.ParquetFile(sorted_folder / f"{name}.parquet") as file:
        for batch in file.iter_batches(_BATCH_ROWS, row_groups=_groups(file, stretch), use_threads=False):
            ranks = batch["rank"].to_numpy()
            start, end = np.searchsorted(ranks, [stretch.first, stretch.last + 1])
            if start < end:
                columns = [_values(column) for column in batch.slice(start, end - start).columns[1:]]
                yield ranks[start:end], list(map(make, zip(*columns, strict=True)))


def _groups(file: pq.ParquetFile, stretch: Stretch) -> list[int]:
    """The row groups that have reports of a stretch."""
    found = []
    for number in range(file.metadata.num_row_groups):
        ranks = file.metadata.row_group(number).column(0).statistics
        if ranks is not None and ranks.max >= stretch.first and ranks.min <= stretch.last:
            found.append(number)
    return found


def _values(column: pa.Array) -> list[Any]:
    """Values of a column; texts and decimals, which are dear to make and come again and again, are made once each."""
    if not (pa.types.is_string(column.type) or pa.types.is_decimal(column.type)):
        return column.to_pylist()  # type: ignore[no-any-return]
    encoded = column.dictionary_encode()
    values = [*encoded.dictionary.to_pylist(), None]
    places = pc.fill_null(encoded.indices, len(values) - 1).to_numpy()
    return list(map(values.__getitem__, places.tolist()))
