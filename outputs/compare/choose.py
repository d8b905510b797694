"""Which reports are compared: an agency by name or id, its years and scopes, captures by id."""

from collections.abc import Sequence
from typing import Any

from outputs.compare.records import ReportRef
from outputs.compare.source import Source
from outputs.errors import CompareError

_NAMED = 12
"""Names that an error lists; how many more there are is said."""


def find_agency(source: Source, wanted: str) -> str:
    """Return the id of the one agency that is meant: an id, a whole name, or a part of the name or the printed name.

    Raises CompareError (`no_agency`, `several_agencies`), the latter naming them.
    """
    where = "agency_id IS NOT NULL AND (agency_id = ? OR instr(coalesce(agency, ''), ?) > 0 "
    where += "OR instr(coalesce(agency_as_printed, ''), ?) > 0)"
    rows = sorted({_called(report, wanted) for report in source.rows("reports", where, [wanted] * 3)})
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


def _called(report: Any, wanted: str) -> tuple[str, str, bool, bool]:
    """Id and name of a report's body, and whether the words are its id, or a name as a whole."""
    names = (report.agency, report.agency_as_printed)
    name = next((name for name in names if name is not None), "")
    return report.agency_id, name, report.agency_id == wanted, wanted in names


def reports_of(source: Source, agency_id: str) -> list[Any]:
    """Return all reports of an agency in order of scope, year and capture."""
    return _ordered(source.rows("reports", "agency_id = ?", [agency_id]))


def reports_with(source: Source, capture_ids: Sequence[str]) -> list[Any]:
    """Return the reports with these capture ids, in this order; an id may be cut short where it stays alone.

    Raises CompareError (`no_capture`).
    """
    found = []
    for wanted in capture_ids:
        where = "substr(capture_id, 1, ?) = ?"
        rows = source.rows("reports", where, [len(wanted), wanted]) if wanted else []
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


def rows_of(source: Source, table: str, capture_ids: Sequence[str]) -> dict[str, list[Any]]:
    """Return the rows of some reports in a table by capture id, in order of their key."""
    found: dict[str, list[Any]] = {capture_id: [] for capture_id in capture_ids}
    for row in source.rows(table, f"capture_id IN ({', '.join('?' * len(capture_ids))})", capture_ids):
        found[row.capture_id].append(row)
    return found


def _ordered(reports: Sequence[Any]) -> list[Any]:
    """Reports in order of scope and year; those without a year stand last."""
    return sorted(reports, key=lambda r: (r.report_scope, r.report_year is None, r.report_year or 0, r.capture_id))


def _listed(name: str, entries: Sequence[str]) -> str:
    more = f", and {len(entries) - _NAMED} more" if len(entries) > _NAMED else ""
    return f"{name}: {', '.join(entries[:_NAMED])}{more}"
