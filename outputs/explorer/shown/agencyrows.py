"""The index → what the page of an agency says beside its charts: names, years, reports, comparisons, peers, copies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from types import SimpleNamespace
from typing import Any

from corpus.agency_ids import parts_of
from outputs.changes.unusual import LIMIT
from outputs.explorer.charts.records import Chart, Point
from outputs.explorer.records import Desk
from outputs.explorer.shown.checkrows import ShownCheck
from outputs.explorer.shown.evidence import anchor_of
from outputs.explorer.shown.marknames import MARK_NAMES
from outputs.explorer.shown.pairs import YearPair, consecutive_years
from outputs.marks import mark_of, signs_of

PEERS = 8
"""Agencies beside which the page puts its requests."""

_NAME = "coalesce(agency, agency_as_printed, agency_id)"


@dataclass(frozen=True, slots=True)
class About:
    """Who an agency is; `printed` are other names that its reports print."""

    agency_id: str
    name: str
    printed: tuple[str, ...]
    level: str
    region_code: str


@dataclass(frozen=True, slots=True)
class YearLine:
    """One year, and one of its scopes: its report if there is one, its requests, and what does not add up.

    `known` is the row of agency_years, None where nothing speaks of a report of that year; `mark` and `sign` are its.
    """

    year: int
    scope: str
    report: Row | None
    known: Row | None
    mark: str
    sign: str
    requests: Point
    checks: tuple[ShownCheck, ...]

    @property
    def first(self) -> ShownCheck | None:
        """The failing check to be shown first: one that must hold, of all applicants, as far as there is one."""
        return min(
            self.checks, key=lambda check: (check.strictness != "strict", bool(check.applicant_key)), default=None
        )

    @property
    def is_off(self) -> bool:
        """Whether something that must hold does not."""
        return self.mark == "unbalanced" or any(check.strictness == "strict" for check in self.checks)


@dataclass(frozen=True, slots=True)
class Peer:
    """An agency of the same level, scope and year, with its requests."""

    agency_id: str
    name: str
    same_kind: bool
    capture_id: str
    state: str
    value: Any
    unit: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Peers:
    """The nearest peers of an agency's latest report; `n_all` counts all of its level, scope and year."""

    year: int
    scope: str
    level: str
    n_all: int
    nearest: tuple[Peer, ...]


def about_agency(desk: Desk, agency_id: str) -> About | None:
    """Return who an agency is, by its latest report or by the table of years; None where neither knows it."""
    reports = desk.rows(
        f"SELECT {_NAME} AS name, agency_as_printed, agency_level, region_code FROM reports "
        "WHERE agency_id = ? ORDER BY report_year DESC, is_current DESC",
        agency_id,
    )
    known = desk.rows(
        "SELECT coalesce(agency, agency_id) AS name, NULL AS agency_as_printed, agency_level, region_code "
        "FROM agency_years WHERE agency_id = ? ORDER BY report_year DESC",
        agency_id,
    )
    rows = [*reports, *known]
    if not rows:
        return None
    name = rows[0]["name"]
    printed = dict.fromkeys(row["agency_as_printed"] for row in reports if row["agency_as_printed"])
    region = next((row["region_code"] for row in rows if row["region_code"]), "")
    others = tuple(each for each in printed if each != name)
    return About(agency_id, name, others, rows[0]["agency_level"], region)


def year_lines(desk: Desk, agency_id: str, requests: Chart | None, checks: Iterable[ShownCheck]) -> list[YearLine]:
    """Return the years of an agency in order, those without a report among them."""
    known = {row["report_year"]: row for row in desk.rows("SELECT * FROM agency_years WHERE agency_id = ?", agency_id)}
    reports: dict[int, list[Row]] = {}
    for row in desk.rows(
        "SELECT * FROM reports WHERE agency_id = ? AND is_current AND report_year IS NOT NULL "
        "ORDER BY report_year, report_scope",
        agency_id,
    ):
        reports.setdefault(row["report_year"], []).append(row)
    years = known.keys() | reports.keys()
    failing: dict[str, list[ShownCheck]] = {}
    for check in checks:
        failing.setdefault(check.capture_id, []).append(check)
    received = _received(requests)
    lines = []
    for year in range(min(years), max(years) + 1) if years else ():
        of_table = known.get(year)
        mark, sign = _marked(of_table)
        of_year: Sequence[Row | None] = reports.get(year) or [None]
        for report in of_year:
            scope = report["report_scope"] if report else ""
            capture = report["capture_id"] if report else ""
            point = received.get((scope, year), Point(year, "absent" if report else "no_report"))
            lines.append(YearLine(year, scope, report, of_table, mark, sign, point, tuple(failing.get(capture, ()))))
    return lines


def _received(requests: Chart | None) -> dict[tuple[str, int], Point]:
    return {
        (series.scope, point.year): point
        for series in (requests.series if requests else ())
        if (series.indicator, series.applicant) == ("requests_received", "total")
        for point in series.points
    }


def _marked(row: Row | None) -> tuple[str, str]:
    if row is None:
        return "unknown", ""
    told = SimpleNamespace(**dict(row))  # outputs.marks reads attributes
    return MARK_NAMES[mark_of(told)], signs_of(told)


def reports_of(desk: Desk, agency_id: str) -> list[Row]:
    """Return all captures of an agency's reports, those that a later one took the place of among them."""
    return desk.rows(
        "SELECT * FROM reports WHERE agency_id = ? ORDER BY report_year, report_scope, is_current DESC, captured_at",
        agency_id,
    )


def pairs_of(desk: Desk, agency_id: str) -> list[tuple[YearPair, int]]:
    """Return the comparisons of an agency's consecutive years, each with the number of its unusual changes."""
    unusual = {
        (row["report_scope"], row["year"]): row["n"]
        for row in desk.rows(
            "SELECT report_scope, year, count(*) AS n FROM changes WHERE agency_id = ? AND status = 'changed' "
            "AND (abs(unusual_own) > ? OR abs(unusual_peers) > ?) GROUP BY report_scope, year",
            agency_id,
            LIMIT,
            LIMIT,
        )
    }
    return [(pair, unusual.get((pair.scope, pair.after), 0)) for pair in consecutive_years(desk, agency_id)]


def peers_of(desk: Desk, about: About) -> Peers | None:
    """Return the peers of an agency's latest report; None without one. An agency of unknown level has none.

    Peers are those of outputs.changes.peers: of one level, year and scope. The nearest have the same kind, and
    share most of the region's code. They stand in order of place: an order by number would be a ranking.
    """
    latest = desk.row(
        "SELECT report_year, report_scope, agency_level FROM reports WHERE agency_id = ? AND is_current "
        "AND report_year IS NOT NULL ORDER BY report_year DESC, report_scope LIMIT 1",
        about.agency_id,
    )
    if latest is None:
        return None
    year, scope, level = latest
    if level == "unknown":
        return Peers(year, scope, level, 0, ())
    rows = desk.rows(
        f"SELECT agency_id, {_NAME} AS name, region_code, capture_id FROM reports WHERE report_year = ? "
        "AND agency_level = ? AND report_scope = ? AND is_current AND agency_id IS NOT NULL AND agency_id <> ?",
        year,
        level,
        scope,
        about.agency_id,
    )
    kind = parts_of(about.agency_id).kind

    def place(row: Row) -> tuple[str, str]:
        return row["region_code"] or "~", row["agency_id"]

    def distance(row: Row) -> tuple[bool, int, str, str]:
        return parts_of(row["agency_id"]).kind != kind, -_shared(row["region_code"], about.region_code), *place(row)

    nearest = sorted(sorted(rows, key=distance)[:PEERS], key=place)
    return Peers(year, scope, level, len(rows), tuple(_peer(desk, row, kind) for row in nearest))


def _shared(one: str | None, other: str) -> int:
    """Digits that two codes of regions have in common from the left: two for a province, four for a prefecture."""
    pairs = zip(one or "", other, strict=False)
    return next((no for no, (a, b) in enumerate(pairs) if a != b), min(len(one or ""), len(other))) // 2


def _peer(desk: Desk, row: Row, kind: str) -> Peer:
    fact = desk.row(
        "SELECT * FROM facts WHERE capture_id = ? AND indicator = 'requests_received' AND applicant = 'total' "
        "AND measure = 'annual'",
        row["capture_id"],
    )
    about = (row["agency_id"], row["name"], parts_of(row["agency_id"]).kind == kind, row["capture_id"])
    if fact is None:
        return Peer(*about, "absent", None, "", "")
    return Peer(*about, fact["state"], fact["value"], fact["unit"] or "", anchor_of(fact))


def copies_of(desk: Desk, agency_id: str, limit: int) -> tuple[list[Row], int]:
    """Return sections that are nearly those of other reports, the likest first, and how many there are in all."""
    both = "agency_id = ?1 OR other_agency_id = ?1"
    row = desk.row(f"SELECT count(*) AS n FROM near_copies WHERE {both}", agency_id)
    rows = desk.rows(
        "SELECT n.*, r.agency AS agency, o.agency AS other_agency, s.title AS title, t.title AS other_title "
        f"FROM (SELECT * FROM near_copies WHERE {both} ORDER BY similarity DESC, capture_id, section_no LIMIT ?2) n "
        "LEFT JOIN reports r ON r.capture_id = n.capture_id LEFT JOIN reports o ON o.capture_id = n.other_capture_id "
        "LEFT JOIN sections s ON s.capture_id = n.capture_id AND s.section_no = n.section_no "
        "LEFT JOIN sections t ON t.capture_id = n.other_capture_id AND t.section_no = n.other_section_no "
        "ORDER BY n.similarity DESC, n.capture_id, n.section_no",
        agency_id,
        limit,
    )
    return rows, row["n"] if row else 0
