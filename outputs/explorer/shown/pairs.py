"""Which reports of an agency can be set beside one another: years, each two in a row or any, and repeated captures."""

from collections.abc import Iterator, Sequence
from itertools import combinations, groupby, pairwise
from sqlite3 import Row
from typing import NamedTuple

from outputs.explorer import paths
from outputs.explorer.records import Desk

_CURRENT = (
    "SELECT agency_id, report_year, report_scope FROM reports "
    "WHERE is_current AND agency_id IS NOT NULL AND report_year IS NOT NULL {} ORDER BY agency_id, report_year"
)
_AGAIN = (
    "SELECT agency_id, report_year, report_scope, capture_id FROM reports "
    "WHERE agency_id IS NOT NULL AND report_year IS NOT NULL {} "
    "ORDER BY agency_id, report_year, report_scope, is_current, coalesce(captured_at, ''), capture_id"
)


class YearPair(NamedTuple):
    """Two years of an agency; `scope` is one that both have, or paths.ANY_SCOPE where each has one of its own."""

    agency_id: str
    before: int
    after: int
    scope: str

    @property
    def path(self) -> str:
        """Canonical path of the page that compares them."""
        return paths.years(self.agency_id, self.before, self.after, self.scope)


class CapturePair(NamedTuple):
    """Two captures of one report, one after the other; the current one is the last of all."""

    agency_id: str
    report_year: int
    report_scope: str
    before: str
    after: str

    @property
    def path(self) -> str:
        """Canonical path of the page that compares them."""
        return paths.captures(self.agency_id, self.before, self.after)


def consecutive_years(desk: Desk, agency_id: str = "") -> list[YearPair]:
    """Return each two years that follow one another among those with a report, of one agency or ('') of all.

    A year without a report is stepped over. Where two years have no scope in common, each one's only report stands.
    """
    return [pair for reports in _by_agency(desk, agency_id) for pair in _consecutive(reports)]


def any_two_years(desk: Desk, agency_id: str) -> list[YearPair]:
    """Return all pairs of years of an agency, the earlier one first."""
    return [pair for reports in _by_agency(desk, agency_id) for pair in _any_two(reports)]


def repeated_captures(desk: Desk, agency_id: str = "") -> list[CapturePair]:
    """Return each two captures that follow one another of reports that were captured more than once."""
    return [
        CapturePair(agency, year, scope, one["capture_id"], other["capture_id"])
        for (agency, year, scope), rows in groupby(_asked(desk, _AGAIN, agency_id), key=_report)
        for one, other in pairwise(rows)
    ]


def _report(row: Row) -> tuple[str, int, str]:
    return row["agency_id"], row["report_year"], row["report_scope"]


def _by_agency(desk: Desk, agency_id: str) -> Iterator[list[Row]]:
    for _, reports in groupby(_asked(desk, _CURRENT, agency_id), key=lambda row: row["agency_id"]):
        yield list(reports)


def _asked(desk: Desk, query: str, agency_id: str) -> list[Row]:
    if agency_id:
        return desk.rows(query.format("AND agency_id = ?"), agency_id)
    return desk.rows(query.format(""))


def _consecutive(reports: Sequence[Row]) -> list[YearPair]:
    """Pairs within each scope, and those of neighbouring years that only their agency joins."""
    years_of: dict[str, list[int]] = {}
    for report in reports:
        years_of.setdefault(report["report_scope"], []).append(report["report_year"])
    within = {(before, after, scope) for scope, years in years_of.items() for before, after in pairwise(years)}
    neighbours = set(pairwise(sorted({report["report_year"] for report in reports})))
    across = {pair[1:] for pair in _any_two(reports) if pair.scope == paths.ANY_SCOPE and pair[1:3] in neighbours}
    agency_id = reports[0]["agency_id"]
    return [YearPair(agency_id, *pair) for pair in sorted(within | across)]


def _any_two(reports: Sequence[Row]) -> list[YearPair]:
    scopes: dict[int, set[str]] = {}
    for report in reports:
        scopes.setdefault(report["report_year"], set()).add(report["report_scope"])
    agency_id = reports[0]["agency_id"]
    found = []
    for before, after in combinations(sorted(scopes), 2):
        common = sorted(scopes[before] & scopes[after])
        if not common and len(scopes[before]) == len(scopes[after]) == 1:
            common = [paths.ANY_SCOPE]
        found += [YearPair(agency_id, before, after, scope) for scope in common]
    return found
