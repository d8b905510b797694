"""Which reports are compared: an agency by name or id, its years and scopes, captures by id."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from outputs import schema
from outputs.compare.records import ReportRef
from outputs.errors import CompareError
from outputs.history import row_type

_NAMED = 12
"""Names that an error lists; how many more there are is said."""


def find_agency(folder: Path, wanted: str) -> str:
    """Return the id of the one agency that is meant: an id, a whole name, or a part of the name or the printed name.

    Raises CompareError (`no_agency`, `several_agencies`), the latter naming them.
    """
    query = """
        SELECT DISTINCT agency_id, coalesce(agency, agency_as_printed, '') AS name,
            agency_id = $wanted AS by_id, coalesce($wanted IN (agency, agency_as_printed), false) AS whole
        FROM read_parquet($path)
        WHERE agency_id IS NOT NULL AND (agency_id = $wanted OR contains(coalesce(agency, ''), $wanted)
            OR contains(coalesce(agency_as_printed, ''), $wanted))
        ORDER BY ALL
    """
    with duckdb.connect() as base:
        rows = base.execute(query, {"wanted": wanted, "path": str(folder / "reports.parquet")}).fetchall()
    for rank in (2, 3, None):  # the id, then a whole name, then a part of one
        found: dict[str, str] = {row[0]: row[1] for row in rows if wanted and (rank is None or row[rank])}
        if len(found) == 1:
            return next(iter(found))
        if found:
            raise CompareError(
                "several_agencies",
                f"{len(found)} agencies are called that",
                _listed(wanted, [f"{agency_id} ({name})" for agency_id, name in sorted(found.items())]),
                "Give more of the name, or the id.",
            )
    raise CompareError(
        "no_agency",
        "no agency of this dataset is called that",
        repr(wanted),
        'gongkai query DIR "SELECT DISTINCT agency_id, agency FROM reports" lists them.',
    )


def reports_of(folder: Path, agency_id: str) -> list[Any]:
    """Return all reports of an agency in order of scope, year and capture."""
    return _reports(folder, "agency_id = ?", [agency_id])


def reports_with(folder: Path, capture_ids: Sequence[str]) -> list[Any]:
    """Return the reports with these capture ids, in this order; an id may be cut short where it stays alone.

    Raises CompareError (`no_capture`).
    """
    found = []
    for wanted in capture_ids:
        rows = _reports(folder, "starts_with(capture_id, ?)", [wanted]) if wanted else []
        if len(rows) != 1:
            raise CompareError(
                "no_capture",
                f"{len(rows) or 'no'} reports of this dataset have that capture id",
                repr(wanted),
                "capture_id in the table reports holds it: sixteen hex digits.",
            )
        found += rows
    return found


def pair_of_years(reports: Sequence[Any], years: tuple[int, int], scope: str) -> tuple[Any, Any]:
    """Return the current reports of two years, of one scope where both years have one.

    Raises CompareError (`no_year`, `several_scopes`, `no_scope`).
    """
    current = [report for report in reports if report.is_current and report.report_year]
    by_year = {year: {r.report_scope: r for r in current if r.report_year == year} for year in years}
    name = reports[0].agency or reports[0].agency_id
    for year in years:
        if not by_year[year]:
            there = sorted({report.report_year for report in current})
            raise CompareError(
                "no_year", f"there is no report of {year}", name, f"There are {', '.join(map(str, there)) or 'none'}."
            )
        if scope and scope not in by_year[year]:
            scopes = ", ".join(sorted(by_year[year]))
            raise CompareError(
                "no_scope", f"no report of {year} has the scope {scope}", name, f"Its scopes that year: {scopes}."
            )
    first, second = (by_year[year] for year in years)
    if scope:
        return first[scope], second[scope]
    both = sorted(first.keys() & second.keys())
    if len(both) == 1:
        return first[both[0]], second[both[0]]
    if not both and len(first) == len(second) == 1:
        return next(iter(first.values())), next(iter(second.values()))
    raise CompareError(
        "several_scopes",
        f"{years[0]} has reports of scope {', '.join(sorted(first))} and {years[1]} of {', '.join(sorted(second))}",
        name,
        "Choose with --scope." if both else "No scope is in both years: choose the reports with --captures.",
    )


def captures_of_year(reports: Sequence[Any], year: int, scope: str) -> tuple[Any, Any]:
    """Return the two captures of a year's report, the current one second.

    Raises CompareError (`no_year`, `one_capture`, `several_captures`).
    """
    found = [r for r in reports if r.report_year == year and (not scope or r.report_scope == scope)]
    name = reports[0].agency or reports[0].agency_id
    if not found:
        there = sorted({report.report_year for report in reports if report.report_year})
        raise CompareError(
            "no_year", f"there is no report of {year}", name, f"There are {', '.join(map(str, there)) or 'none'}."
        )
    ids = [f"{r.capture_id} ({r.report_scope}, captured {r.captured_at or 'at an unknown time'})" for r in found]
    if len(found) == 1:
        raise CompareError(
            "one_capture", f"the report of {year} was captured once", ids[0], "--years compares two years."
        )
    if len(found) > 2:
        raise CompareError(
            "several_captures", f"{len(found)} captures of {year}", _listed(name, ids), "Choose two with --captures."
        )
    earlier, later = sorted(found, key=lambda r: (r.is_current, r.captured_at or "", r.capture_id))
    return earlier, later


def reference(report: Any) -> ReportRef:
    """Return what a reader needs of a report."""
    return ReportRef(
        capture_id=report.capture_id,
        agency_id=report.agency_id or "",
        agency=report.agency or report.agency_as_printed or report.agency_id or "",
        report_year=report.report_year,
        report_scope=report.report_scope,
        title=report.title or "",
        published_date=report.published_date or "",
        captured_at=report.captured_at or "",
        form_ids=report.form_ids or "",
        source_uri=report.source_uri or "",
        is_current=report.is_current,
        n_findings=report.n_findings,
    )


def rows_of(folder: Path, table: str, capture_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Return the rows of some reports in a table by capture id, in order of their key."""
    kind = row_type(table)
    names = ", ".join(f'"{name}"' for name in kind._fields)
    marks = ", ".join("?" for _ in capture_ids)
    order = ", ".join(f'"{name}"' for name in schema.table(table).key)
    query = f"SELECT {names} FROM read_parquet(?) WHERE capture_id IN ({marks}) ORDER BY {order}"
    with duckdb.connect() as base:
        rows = base.execute(query, [str(folder / f"{table}.parquet"), *capture_ids]).fetchall()
    found: dict[str, list[Any]] = {capture_id: [] for capture_id in capture_ids}
    for row in map(kind._make, rows):
        found[row.capture_id].append(row)
    return found


def _reports(folder: Path, where: str, values: Sequence[str]) -> list[Any]:
    kind = row_type("reports")
    names = ", ".join(kind._fields)
    query = f"SELECT {names} FROM read_parquet(?) WHERE {where} ORDER BY report_scope, report_year, capture_id"
    with duckdb.connect() as base:
        rows = base.execute(query, [str(folder / "reports.parquet"), *values]).fetchall()
    return [kind._make(row) for row in rows]


def _listed(name: str, entries: Sequence[str]) -> str:
    more = f", and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
    return f"{name}: {', '.join(entries[:_NAMED])}{more}"
