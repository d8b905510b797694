"""One report: its facts by section, and the archived page with their places marked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Row

from outputs.explorer import paths
from outputs.explorer.archived.places import places_of
from outputs.explorer.records import Answer, ArchivedPage, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.checkrows import ShownCheck, shown_checks
from outputs.explorer.shown.listing import listed
from outputs.explorer.shown.mentions import anchors_in
from outputs.explorer.shown.numbers import Number, numbers_of
from outputs.explorer.wording import both, load_words

_KEY = (
    "requests_received",
    "requests_pending_start",
    "requests_processed",
    "responses_total",
    "requests_pending_end",
    "reconsideration_total",
    "litigation_total",
    "proactive_items_disclosed",
)
"""Indicators that stand at the top of the page: what most readers look for, as far as the report states it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with its meaning and what to do ('' where there are no words for it), and the places that it names."""

    code: str
    where: str
    detail: str
    meaning_key: str
    do_key: str
    anchors: tuple[str, ...]


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the page of a report; raises NotHereError where the dataset has none of that id."""
    capture_id = asked.parts["capture_id"]
    report = report_of(desk, capture_id)
    numbers = numbers_of(desk, capture_id)
    checks = _checks(desk, capture_id)
    archived = desk.shelf.page(capture_id, places_of(desk, capture_id))
    is_there = isinstance(archived, ArchivedPage)
    years = _years(desk, report)
    return page(
        desk,
        "report.html.jinja",
        report=report,
        capture_id=capture_id,
        agency=agency_of(report),
        archived=archived,
        is_there=is_there,
        anchors=archived.anchors if isinstance(archived, ArchivedPage) else frozenset(),
        key=_key(numbers),
        parts=listed(desk, capture_id, numbers),
        failing=[check for check in checks if check.verdict == "fail"],
        uncertain=[check for check in checks if check.verdict == "uncertain"],
        signs=_signs(capture_id, checks),
        findings=_findings(desk, capture_id),
        places={each.id: each for each in numbers},
        notes=_notes(desk, numbers),
        captures=_captures(desk, report),
        before=max((year for year in years if year < (report["report_year"] or 0)), default=None),
        after=min((year for year in years if report["report_year"] and year > report["report_year"]), default=None),
        years=years,
    )


def report_of(desk: Desk, capture_id: str) -> Row:
    """Return the row of a report; raises NotHereError where the dataset has none of that id."""
    report = desk.row("SELECT * FROM reports WHERE capture_id = ?", capture_id)
    if report is None:
        raise NotHereError(both("report.no_report", id=capture_id), both("report.no_report_do"))
    return report


def agency_of(report: Row) -> str:
    """Return the name of the agency that reports; '' where the page does not tell."""
    return report["agency"] or report["agency_as_printed"] or report["agency_id"] or ""


def report_paths(desk: Desk) -> Iterable[str]:
    """Return the paths of all reports."""
    return (paths.report(row["capture_id"]) for row in desk.rows("SELECT capture_id FROM reports ORDER BY capture_id"))


def _key(numbers: Sequence[Number]) -> list[Number]:
    """The facts that stand at the top: of the year, of all applicants."""
    found = {
        each.indicator: each
        for each in numbers
        if each.fact is not None and each.applicant == "total" and each.measure == "annual"
    }
    return [found[indicator] for indicator in _KEY if indicator in found]


def _checks(desk: Desk, capture_id: str) -> list[ShownCheck]:
    rows = desk.rows(
        "SELECT * FROM checks WHERE capture_id = ? AND verdict IN ('fail', 'uncertain') "
        "ORDER BY verdict, strictness, abs(difference) DESC, check_id, applicant",
        capture_id,
    )
    return shown_checks(desk, rows)


def _signs(capture_id: str, checks: Sequence[ShownCheck]) -> dict[str, ShownCheck]:
    """The check that a place is marked by: the first failing one, else the first uncertain one; none for zeros."""
    signs: dict[str, ShownCheck] = {}
    for check in checks:
        for side in check.sides:
            for place in side.shown:
                if place.capture_id == capture_id:
                    signs.setdefault(place.anchor, check)
    return signs


def _findings(desk: Desk, capture_id: str) -> list[Finding]:
    words = load_words()
    found = []
    for row in desk.rows("SELECT * FROM findings WHERE capture_id = ? ORDER BY finding_no", capture_id):
        key = f"finding.{row['code']}"
        is_known = key in words
        found.append(
            Finding(
                row["code"],
                row["where"] or "",
                row["detail"] or "",
                key if is_known else "",
                f"{key}.do" if is_known else "",
                anchors_in(row["where"]),
            )
        )
    return found


def _notes(desk: Desk, numbers: Iterable[Number]) -> Mapping[tuple[str, str], str]:
    """What the concordance says of facts that are not exactly their indicator, by indicator and form."""
    wanted = {(each.indicator, each.fact["form_id"] or "") for each in numbers if each.fact and each.concordance}
    rows = desk.rows("SELECT indicator, form_id, note FROM concordance WHERE note IS NOT NULL") if wanted else []
    notes = {(row["indicator"], row["form_id"]): row["note"] for row in rows}
    return {key: notes[key] for key in wanted if key in notes}


def _captures(desk: Desk, report: Row) -> list[Row]:
    """Other captures of the same report."""
    return desk.rows(
        "SELECT capture_id, captured_at, is_current, source_uri FROM reports WHERE agency_id = ? AND report_year = ? "
        "AND report_scope = ? AND capture_id <> ? ORDER BY captured_at, capture_id",
        report["agency_id"],
        report["report_year"],
        report["report_scope"],
        report["capture_id"],
    )


def _years(desk: Desk, report: Row) -> dict[int, str]:
    """The current reports of the same agency and scope: year → id."""
    rows = desk.rows(
        "SELECT report_year, capture_id FROM reports WHERE agency_id = ? AND report_scope = ? AND is_current "
        "AND report_year IS NOT NULL ORDER BY report_year",
        report["agency_id"],
        report["report_scope"],
    )
    return {row["report_year"]: row["capture_id"] for row in rows}


KIND = Kind("report", r"report/(?P<capture_id>[0-9a-f]+)", answer, report_paths)
