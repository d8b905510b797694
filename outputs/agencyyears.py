"""What `gongkai coverage` shows: a selection of agency_years, its counts, and the pages that gave no report.

A selection is held in memory, about 2 KB a row; a whole archive of 40,000 agencies and 18 years takes some 1.5 GB.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from corpus.agency_ids import existed
from corpus.deadlines import first_owed_year
from outputs import schema
from outputs.errors import CoverageError
from outputs.expected import missing_year
from outputs.frames import read_dataset
from outputs.history import row_type

LEVELS = ("central", "province", "prefecture", "county", "township", "unknown")
EXPECTED = "expected"
"""`known_from` of a year that nobody knows of but the one who asks for it."""

_EXAMPLES = 3
_EXPECTED_DETAIL = "asked for with --expect; nothing that was read speaks of it"
_EXPECTED_STEP = "Look whether the body published one; name the page in manifest.csv when it is found."


@dataclass(frozen=True, slots=True)
class Selection:
    """Which agencies and years: `agency` is a part of the name, or the id; `years` first and last, as `expect`."""

    agency: str = ""
    level: str = ""
    years: tuple[int, int] | None = None
    expect: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """One agency and what is known of each of its years."""

    agency_id: str
    agency: str
    level: str
    years: dict[int, Any]


@dataclass(frozen=True, slots=True)
class NoReport:
    """Pages with one outcome that gave no report: how many, some of them by address, and what to do."""

    outcome: str
    count: int
    examples: tuple[str, ...]
    next_step: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The rows in order of level, region and year, by agency as well, and what is to be said of all of them.

    `counts` are rows by what became of them; `unplaced` counts the pages that gave no report and name no agency or no
    year, so that they stand in no row.
    """

    rows: tuple[Any, ...]
    agencies: tuple[AgencyLine, ...]
    years: range
    counts: dict[str, int]
    no_report: tuple[NoReport, ...]
    unplaced: int


def read_coverage(folder: Path, selection: Selection) -> Coverage:
    """Read the rows of a dataset that a selection names.

    Raises DatasetError when no dataset is there, CoverageError (`nothing_selected`, `no_years`) when no row is left or
    the years are out of order.
    """
    read_dataset(folder)
    for option, span in (("--years", selection.years), ("--expect", selection.expect)):
        if span and span[0] > span[1]:
            raise CoverageError(
                "no_years",
                "the first year is after the last",
                f"{option} {span[0]} {span[1]}",
                f"Give the earlier year first: {option} {span[1]} {span[0]}.",
            )
    with duckdb.connect() as base:
        rows = _rows(base, folder, selection)
        if not rows:
            raise _nothing(base, folder, selection)
        whole = not (selection.agency or selection.level or selection.years)
        no_report = _no_report(base, folder, None if whole else rows)
        unplaced = _unplaced(base, folder) if whole else 0
    agencies = _agencies(rows)
    years = [row.report_year for row in rows]
    return Coverage(tuple(rows), agencies, range(min(years), max(years) + 1), _counts(rows), no_report, unplaced)


def _rows(base: duckdb.DuckDBPyConnection, folder: Path, selection: Selection) -> list[Any]:
    kind = row_type("agency_years")
    names = ", ".join(kind._fields)
    where = ["true"]
    values: list[Any] = [str(folder / "agency_years.parquet")]
    if selection.agency:
        where.append("(agency_id = ? OR contains(coalesce(agency, ''), ?))")
        values += [selection.agency, selection.agency]
    if selection.level:
        where.append("agency_level = ?")
        values.append(selection.level)
    query = f"SELECT {names} FROM read_parquet(?) WHERE {' AND '.join(where)}"
    rows = [kind(*row) for row in base.execute(query, values).fetchall()]
    if selection.expect:
        rows += _expected(rows, selection.expect)
    if selection.years:
        first, last = selection.years
        rows = [row for row in rows if first <= row.report_year <= last]
    return sorted(rows, key=_order)


def _expected(rows: Sequence[Any], span: tuple[int, int]) -> list[Any]:
    """Rows for years that are asked for, of every agency that the registries know to have been there."""
    kind = row_type("agency_years")
    known = {(row.agency_id, row.report_year) for row in rows}
    latest = {row.agency_id: row for row in sorted(rows, key=lambda row: row.report_year)}
    added = []
    for agency_id, about in latest.items():
        for year in range(max(span[0], first_owed_year()), span[1] + 1):
            if (agency_id, year) not in known and existed(agency_id, year):
                row = missing_year(agency_id, year, EXPECTED, "", _EXPECTED_DETAIL, _EXPECTED_STEP)
                row |= {name: getattr(about, name) for name in ("agency", "agency_level", "region_code")}
                added.append(kind(**{name: row[name] if row[name] != "" else None for name in kind._fields}))
    return added


def _order(row: Any) -> tuple[Any, ...]:
    return LEVELS.index(row.agency_level), row.region_code or "~", row.agency_id, row.report_year


def _agencies(rows: Iterable[Any]) -> tuple[AgencyLine, ...]:
    lines: dict[str, AgencyLine] = {}
    for row in rows:
        name = row.agency or row.agency_id
        line = lines.setdefault(row.agency_id, AgencyLine(row.agency_id, name, row.agency_level, {}))
        line.years[row.report_year] = row
    return tuple(lines.values())


def _counts(rows: Sequence[Any]) -> dict[str, int]:
    status = Counter(row.status for row in rows)
    parsed = [row for row in rows if row.status == "parsed"]
    return {
        "known": len(rows),
        "found": len(rows) - status["missing"],
        "parsed": len(parsed),
        "balanced": sum(row.balanced == "yes" for row in parsed),
        "unbalanced": sum(row.balanced == "no" for row in parsed),
        "duplicate": status["duplicate"],
        "failed": status["failed"],
        "missing": status["missing"],
        "on_time": sum(row.late == "on_time" for row in rows),
        "late": sum(row.late == "late" for row in rows),
    }


def _no_report(base: duckdb.DuckDBPyConnection, folder: Path, rows: Sequence[Any] | None) -> tuple[NoReport, ...]:
    """Pages that gave no report, by outcome: all of them, or those of the agencies and years in the rows.

    Pages of which nothing is known but a line of a manifest are left out; what a collector met is an outcome.
    """
    query = (
        "SELECT outcome, source_uri, next_step, agency_id, report_year FROM read_parquet(?) "
        "WHERE outcome NOT IN ('ok', 'duplicate') AND NOT (outcome = 'empty' AND coalesce(manifest, '') = 'absent') "
        "ORDER BY outcome, source_uri, captured_at, capture_id"
    )
    wanted = None if rows is None else {(row.agency_id, row.report_year) for row in rows}
    counts: Counter[str] = Counter()
    examples: dict[str, list[str]] = {}
    steps: dict[str, str] = {}
    cursor = base.execute(query, [str(folder / "coverage.parquet")])
    while batch := cursor.fetchmany(8_192):
        for outcome, uri, step, agency_id, year in batch:
            if wanted is not None and (agency_id, year) not in wanted:
                continue
            counts[outcome] += 1
            steps.setdefault(outcome, step or "")
            if len(examples.setdefault(outcome, [])) < _EXAMPLES:
                examples[outcome].append(uri)
    order = sorted(counts, key=lambda outcome: (-counts[outcome], outcome))
    return tuple(NoReport(name, counts[name], tuple(examples[name]), steps[name]) for name in order)


def _unplaced(base: duckdb.DuckDBPyConnection, folder: Path) -> int:
    query = (
        "SELECT count(*) FROM read_parquet(?) WHERE outcome <> 'list_page' "
        "AND (agency_id IS NULL OR report_year IS NULL)"
    )
    found = base.execute(query, [str(folder / "coverage.parquet")]).fetchone()
    return int(found[0]) if found else 0


def _nothing(base: duckdb.DuckDBPyConnection, folder: Path, selection: Selection) -> CoverageError:
    asked = [f"--agency {selection.agency}"] if selection.agency else []
    asked += [f"--level {selection.level}"] if selection.level else []
    asked += [f"--years {selection.years[0]} {selection.years[1]}"] if selection.years else []
    query = "SELECT count(DISTINCT agency_id), min(report_year), max(report_year) FROM read_parquet(?)"
    n_agencies, first, last = base.execute(query, [str(folder / "agency_years.parquet")]).fetchone() or (0, 0, 0)
    if not n_agencies:
        step = "No page of it tells whose report of which year it is: name both in manifest.csv and build again."
    else:
        step = f"The dataset has {n_agencies} agencies, {first} to {last}: gongkai coverage {folder} lists them."
    return CoverageError("nothing_selected", "no agency and year is there", " ".join([str(folder), *asked]), step)


def columns_of() -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """The columns of a row, and which of them are numbers."""
    columns = schema.table("agency_years").columns
    return tuple(column.name for column in columns), tuple(column.kind == "integer" for column in columns)


def values_of(coverage: Coverage) -> Iterator[tuple[Any, ...]]:
    """The rows as plain values."""
    yield from map(tuple, coverage.rows)
