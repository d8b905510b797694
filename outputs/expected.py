"""Agencies and years that should have a report, against what was found.

DuckDB sorts all evidence on disk by agency; the rows of one agency are in memory at a time.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any

from corpus.agency_ids import parts_of
from corpus.deadlines import first_owed_year
from outputs.arrow import working_columns
from outputs.collect import collector
from outputs.database import database
from outputs.evidence import QUERY, Evidence
from outputs.punctual import punctuality
from outputs.step import Step

_BATCH_ROWS = 8_192
_SCOPES = ("own", "area", "system", "unknown")
_NAME_IT = "Look for it on the body's site; name the page in manifest.csv when it is found."


def write_agency_years(folder: Path, scratch: Path) -> None:
    """Write agency_years."""
    columns = working_columns("agency_years")
    with collector(folder, scratch, "agency_years") as collected:
        for _, rows in groupby(_evidence(folder, scratch), key=attrgetter("agency_id")):
            for year in _years_of(list(rows)):
                collected.add([year[column] for column in columns])


AGENCY_YEARS = Step("agency_years", conclude=write_agency_years)


def _evidence(folder: Path, scratch: Path) -> Iterator[Evidence]:
    """All evidence in order of agency and year; what does not fit into memory goes to `scratch`."""
    with database(scratch / "spill-evidence") as base:
        names = ("reports", "coverage", "listed_reports", "checks", "facts", "findings")
        result = base.execute(QUERY, {name: str(folder / f"{name}.parquet") for name in names})
        while batch := result.fetchmany(_BATCH_ROWS):
            yield from (Evidence(*row) for row in batch)


def _years_of(rows: Sequence[Evidence]) -> Iterator[dict[str, Any]]:
    """The rows of agency_years of one agency, from all that is known of it."""
    found = {year: list(group) for year, group in groupby(rows, key=attrgetter("report_year"))}
    known = {year: row for year, group in found.items() if (row := _agency_year(group))}
    about = _agency(rows)
    for year in sorted(known):
        yield {**about, **known[year]}
    if not any(row.ambiguous for row in rows):
        yield from ({**about, **row} for row in gaps(rows[0].agency_id, sorted(known)))


def gaps(agency_id: str, years: Sequence[int]) -> Iterator[dict[str, Any]]:
    """The years between the first and the last known one that nothing is known of: the law asks for each of them.

    A body that reported before and after a year was there in that year. A name that may mean several bodies is left
    out: its years may be those of two.
    """
    for before, after in pairwise(years):
        for year in range(max(before + 1, first_owed_year()), after):
            detail = f"reports of {before} and {after} are known, and none of the years between"
            yield missing_year(agency_id, year, "registry", "", detail, _NAME_IT)


def missing_year(
    agency_id: str, year: int, known_from: str, source_uri: str, detail: str, next_step: str
) -> dict[str, Any]:
    """A row for a report of which no page was met, without the columns that describe the agency."""
    return {
        "agency_id": agency_id,
        "report_year": year,
        "status": "missing",
        "known_from": known_from,
        "report_scopes": "",
        "n_captures": 0,
        "capture_id": "",
        "form_ids": "",
        "n_cells": 0,
        "n_cells_mapped": 0,
        "n_facts": 0,
        "n_checks": 0,
        "n_checks_failed": 0,
        "balanced": "unknown",
        **punctuality(agency_id, year, (), ()),
        "outcome": "",
        "source_uri": source_uri,
        "detail": detail,
        "next_step": next_step,
    }


def _agency(rows: Sequence[Evidence]) -> dict[str, Any]:
    """Name, level and region: those of the latest year that has them, a report's before a list's."""
    named = [row for row in rows if row.agency]
    best = max(named, key=lambda row: (row.kind == "report", row.report_year), default=rows[0])
    parts = parts_of(rows[0].agency_id)
    level = next((row.agency_level for row in (best, *rows) if row.agency_level), "")
    region = next((row.region_code for row in (best, *rows) if row.region_code), "")
    return {
        "agency": best.agency or "",
        "agency_level": level or parts.level,
        "region_code": region or parts.region[:6],
    }


def _agency_year(rows: Sequence[Evidence]) -> dict[str, Any] | None:
    """What became of one report, by all that speaks of it; None where nothing does for certain."""
    first = rows[0]
    reports = [row for row in rows if row.kind == "report"]
    named = [row for row in rows if row.kind == "page" and row.speaks and row.manifest != "absent"]
    absent = [row for row in rows if row.kind == "page" and row.manifest == "absent"]
    listed = [row for row in rows if row.kind == "listed"]
    if not (reports or named or absent or listed):
        return None
    row = missing_year(first.agency_id, first.report_year, "", "", "", "")
    row["known_from"] = " ".join(_known_from(reports, named, absent, listed))
    row["n_captures"] = sum(not page.part_of for page in named)
    row |= punctuality(first.agency_id, first.report_year, (*reports, *listed), named)
    if reports:
        return row | _parsed(reports)
    if named:
        return row | _failed(named)
    # what a collector met at an address tells more than the list that names it
    asked = sorted((page for page in absent if _was_asked(page)), key=_is_part)
    if asked or not listed:
        return row | _absent((*asked, *sorted(absent, key=_is_part))[0])
    return row | _listed(listed[0])


def _known_from(
    reports: Sequence[Evidence], pages: Sequence[Evidence], absent: Sequence[Evidence], listed: Sequence[Evidence]
) -> Iterator[str]:
    if reports:
        yield "report"
    elif any(not row.manifest for row in pages):
        yield "page"
    if absent or any(row.manifest for row in pages):
        yield "manifest"
    if listed:
        yield "list_page"


def _parsed(reports: Sequence[Evidence]) -> dict[str, Any]:
    current = sorted((row for row in reports if row.is_current), key=lambda row: _SCOPES.index(row.report_scope))
    forms = {form for row in current for form in (row.form_ids or "").split()}
    return {
        "status": "parsed",
        "report_scopes": " ".join(row.report_scope for row in current),
        "capture_id": current[0].capture_id,
        "form_ids": " ".join(sorted(forms)),
        "n_cells": sum(row.n_cells for row in current),
        "n_cells_mapped": sum(row.n_cells_mapped for row in current),
        "n_facts": sum(row.n_facts for row in current),
        "n_checks": sum(row.n_checks for row in current),
        "n_checks_failed": sum(row.n_checks_failed for row in current),
        "balanced": _balanced(current),
        "source_uri": current[0].source_uri,
    }


def _balanced(current: Sequence[Evidence]) -> str:
    if any(row.n_strict_failed for row in current):
        return "no"
    return "yes" if all(row.n_strict_passed and not row.n_balance_open for row in current) else "unknown"


def _failed(pages: Sequence[Evidence]) -> dict[str, Any]:
    """A page with the bytes of another report tells more than one that could not be read, and that than its files."""
    page = min(pages, key=lambda row: (row.outcome != "duplicate", _is_part(row)))
    others = f"; {len(pages) - 1} more of its pages gave no report either" if len(pages) > 1 else ""
    duplicate = page.outcome == "duplicate"
    step = "The page belongs to another body or year: find this report's own page, or correct manifest.csv."
    return {
        "status": "duplicate" if duplicate else "failed",
        "outcome": page.outcome,
        "source_uri": page.source_uri,
        "detail": (page.detail or "") + others,
        "next_step": step if duplicate else page.next_step or "",
    }


def _is_part(page: Evidence) -> bool:
    return bool(page.part_of)


def _was_asked(page: Evidence) -> bool:
    """Whether a manifest tells what was met at the address of a page that is not there."""
    return page.outcome != "empty"


def _absent(page: Evidence) -> dict[str, Any]:
    return {
        "outcome": (page.outcome or "") if _was_asked(page) else "",
        "source_uri": page.source_uri,
        "detail": page.detail or "",
        "next_step": page.next_step or "",
    }


def _listed(item: Evidence) -> dict[str, Any]:
    """A report that a list page names; without a link it stands on that page itself, among others."""
    if not item.href:
        return {
            "status": "failed",
            "outcome": "list_page",
            "source_uri": item.source_uri,
            "detail": f"it stands on one page with others: {item.title}",
            "next_step": "Save it as a page of its own.",
        }
    step = f"Fetch {item.url} and add it to the archive." if item.url else "Open the list page and fetch it from there."
    return {
        "source_uri": item.url or item.source_uri,
        "detail": f"the list page {item.source_uri} names it: {item.title}",
        "next_step": step,
    }
