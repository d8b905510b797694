"""The index → the charts of an agency: facts of its current reports, and which years compare."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from sqlite3 import Row
from typing import Any

from outputs.explorer.charts.definitions import CHARTS, INDICATORS, SUMMED
from outputs.explorer.charts.records import Chart, Point, Series
from outputs.explorer.records import Desk
from outputs.explorer.shown.evidence import places_in
from outputs.explorer.shown.mentions import anchors_of
from outputs.explorer.wording import load_words

FACT = (
    "source",
    "derivation",
    "form_id",
    "concordance",
    "table_no",
    "row",
    "col",
    "block_no",
    "char_start",
    "char_end",
)
"""Columns of `facts` that stand in the data of a chart."""

_COMPARED = frozenset(("same", "changed"))
_Key = tuple[str, int, str, str]
"""Scope, year, indicator, kind of applicant."""


def read_charts(desk: Desk, agency_id: str) -> dict[str, Chart]:
    """Return the charts of an agency that have anything to show, by name; none where it has no report with a year."""
    reports = desk.rows(
        "SELECT capture_id, report_year, report_scope, agency, agency_as_printed FROM reports "
        "WHERE agency_id = ? AND is_current AND report_year IS NOT NULL ORDER BY report_year, report_scope",
        agency_id,
    )
    if not reports:
        return {}
    known = desk.rows("SELECT report_year FROM agency_years WHERE agency_id = ?", agency_id)
    all_years = [row["report_year"] for row in (*reports, *known)]
    years = range(min(all_years), max(all_years) + 1)
    figures = _Figures(desk, agency_id, reports)
    labels = {row["indicator"]: row for row in desk.rows("SELECT * FROM indicators")}
    scopes = list(dict.fromkeys(row["report_scope"] for row in reversed(reports)))  # the latest report's first
    charts = {}
    for name, asked in CHARTS.items():
        series = [
            _series(figures, labels[indicator], applicant, scope, years)
            for scope in scopes
            for indicator, applicant in asked
        ]
        shown = tuple(each for each in series if any(point.fact for point in each.points))
        printed = {(each.indicator, each.applicant) for each in shown}
        never = tuple(_label(labels[indicator], kind) for indicator, kind in asked if (indicator, kind) not in printed)
        if shown:
            agency = reports[-1]["agency"] or reports[-1]["agency_as_printed"] or agency_id
            charts[name] = Chart(agency_id, agency, name, years, shown, never)
    return charts


def _label(indicator: Row, applicant: str) -> tuple[str, str]:
    if applicant == "total":
        return indicator["label_en"] or indicator["indicator"], indicator["label_zh"] or indicator["indicator"]
    kind = load_words()[f"charts.{applicant}"]
    return kind.en, kind.zh


class _Figures:
    """Facts and changes of an agency, by what they are of."""

    def __init__(self, desk: Desk, agency_id: str, reports: Iterable[Any]) -> None:
        self.scopes: dict[int, set[str]] = defaultdict(set)
        of = {}
        for report in reports:
            self.scopes[report["report_year"]].add(report["report_scope"])
            of[report["capture_id"]] = (report["report_scope"], report["report_year"])
        asked = ", ".join("?" * len(INDICATORS))
        captures = ", ".join("?" * len(of))
        self._facts: dict[_Key, Row] = {
            (*of[row["capture_id"]], row["indicator"], row["applicant"]): row
            for row in desk.rows(
                f"SELECT * FROM facts WHERE capture_id IN ({captures}) AND measure = 'annual' "
                f"AND indicator IN ({asked})",
                *of,
                *INDICATORS,
            )
        }
        self._changes: dict[_Key, Row] = {
            (row["report_scope"], row["year"], row["indicator"], row["applicant"]): row
            for row in desk.rows(
                "SELECT report_scope, year, indicator, applicant, year_before, status, reason, note, scope_before, "
                f"form_before, form_after FROM changes WHERE agency_id = ? AND indicator IN ({asked})",
                agency_id,
                *INDICATORS,
            )
        }
        self._failing: dict[str, set[str]] = defaultdict(set)
        for row in desk.rows(
            f"SELECT capture_id, evidence FROM checks WHERE capture_id IN ({captures}) AND verdict = 'fail'",
            *of,
        ):
            for place in places_in(row["evidence"]):
                self._failing[place.capture_id or row["capture_id"]].add(place.anchor)

    def point(self, scope: str, year: int, indicator: str, applicant: str) -> Point:
        """The figure of one year."""
        change = self._change((scope, year, indicator, applicant))
        fact = self._facts.get((scope, year, indicator, applicant))
        if fact is None:
            state = "absent" if scope in self.scopes[year] else "other_scope" if self.scopes[year] else "no_report"
            return Point(year, state, **change)
        anchors = anchors_of(fact)
        return Point(
            year,
            fact["state"],
            fact["value"],
            fact["unit"] or "",
            fact["capture_id"],
            anchors[0] if anchors else "",
            fails=not self._failing[fact["capture_id"]].isdisjoint(anchors),
            fact={name: fact[name] for name in FACT},
            **change,
        )

    def _change(self, key: _Key) -> dict[str, Any]:
        row = self._changes.get(key)
        if row is None:
            return {}
        beside = row["year_before"] == row["year"] - 1 and row["scope_before"] == key[0]
        return {
            "joined": row["status"] in _COMPARED and beside,
            "form_changes": beside and row["form_before"] != row["form_after"],
            "status": row["status"],
            "reason": row["reason"] or "",
            "note": row["note"] or "",
        }


def _series(figures: _Figures, indicator: Row, applicant: str, scope: str, years: range) -> Series:
    kinds = SUMMED.get(applicant)
    points = tuple(
        _sum([figures.point(scope, year, indicator["indicator"], kind) for kind in kinds])
        if kinds
        else figures.point(scope, year, indicator["indicator"], applicant)
        for year in years
    )
    label_en, label_zh = _label(indicator, applicant)
    return Series(indicator["indicator"], applicant, scope, label_en, label_zh, indicator["unit"] or "", points)


def _sum(parts: list[Point]) -> Point:
    """Add up parts of one report: a number where all are, else the state of the first that is none."""
    first = parts[0]
    odd = next((part for part in parts if not part.is_number), None)
    broken = next((part for part in parts if part.reason), first)
    facts = [part.fact for part in parts if part.fact]
    return Point(
        first.year,
        odd.state if odd else "number",
        None if odd else sum(part.value or 0 for part in parts),
        first.unit,
        first.capture_id,
        first.anchor,
        joined=all(part.joined for part in parts),
        form_changes=any(part.form_changes for part in parts),
        status="changed" if all(part.joined for part in parts) else broken.status,
        reason=broken.reason,
        note=broken.note,
        fails=any(part.fails for part in parts),
        fact={**facts[0], "source": "derived", "derivation": _derivation(facts)} if facts else {},
    )


def _derivation(facts: list[Mapping[str, Any]]) -> str:
    """Say what was added up, as the dataset says it of its own sums."""
    first = facts[0]
    columns = ", ".join(str(fact["col"]) for fact in facts)
    return f"sum of table {first['table_no']}, row {first['row']}, columns {columns}"
