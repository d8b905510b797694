"""Reports of one year → their rates and a few plain figures, each number with the way to its place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from corpus.rates import Rate, Term, load_rates
from outputs.explorer import paths
from outputs.explorer.records import Desk, number
from outputs.explorer.shown.evidence import anchor_in, anchor_of, counted_in

PLAIN = ("requests_received", "requests_processed", "responses_total", "reconsideration_total", "litigation_total")
"""Figures that are shown as they stand, where a report of the page has them."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A number of a report and its place; `state` says what stands there in place of a number. `sign` is + or -."""

    capture_id: str
    anchor: str
    state: str
    value: Any
    unit: str = ""
    sign: str = "+"


@dataclass(frozen=True, slots=True)
class Side:
    """Numerator or denominator: its value, '' where there is none, and the numbers that it is made of."""

    value: str
    parts: tuple[Linked, ...]


@dataclass(frozen=True, slots=True)
class ShownRate:
    """A rate of one report; `value` is in percent, '' where there is none, and `reason` says why, in English.

    `place` is the anchor of the cell that keeps it from being computed, '' where there is none. `failing` is the first
    check that does not pass and that it depends on.
    """

    capture_id: str
    value: str
    status: str
    reason: str
    place: str
    notes: tuple[str, ...]
    failing: str
    numerator: Side
    denominator: Side


@dataclass(frozen=True, slots=True)
class ShownReport:
    """A report with its figures by indicator and its rates by id; what its forms do not have is not in them."""

    report: Row
    figures: Mapping[str, Linked]
    rates: Mapping[str, ShownRate]


@dataclass(frozen=True, slots=True)
class YearTable:
    """Reports of one year, with the indicators and rates that at least one of them has."""

    reports: tuple[ShownReport, ...]
    indicators: tuple[str, ...]
    rates: tuple[Rate, ...]


def year_table(desk: Desk, reports: Sequence[Row]) -> YearTable:
    """Return reports with their figures and rates, in their order."""
    shown = tuple(ShownReport(report, _figures(desk, report), _rates(desk, report)) for report in reports)
    return YearTable(
        shown,
        tuple(name for name in PLAIN if any(name in each.figures for each in shown)),
        tuple(rate for rate in load_rates() if any(rate.rate in each.rates for each in shown)),
    )


def _figures(desk: Desk, report: Row) -> dict[str, Linked]:
    marks = ", ".join("?" * len(PLAIN))
    query = (
        f"SELECT * FROM facts WHERE capture_id = ? AND indicator IN ({marks}) "
        "AND applicant = 'total' AND measure = 'annual'"
    )
    return {row["indicator"]: _figure(row) for row in desk.rows(query, report["capture_id"], *PLAIN)}


def _figure(fact: Row) -> Linked:
    return Linked(
        capture_id=fact["capture_id"],
        anchor=anchor_of(fact),
        state=fact["state"],
        value=fact["value"],
        unit=fact["unit"] or "",
    )


def _rates(desk: Desk, report: Row) -> dict[str, ShownRate]:
    known = {rate.rate: rate for rate in load_rates()}
    rows = desk.rows("SELECT * FROM rates WHERE capture_id = ?", report["capture_id"])
    return {row["rate"]: _rate(row, known[row["rate"]]) for row in rows if row["rate"] in known}


def _rate(row: Row, rate: Rate) -> ShownRate:
    return ShownRate(
        capture_id=row["capture_id"],
        value=number(row["value"]),
        status=row["status"],
        reason=row["reason"] or "",
        place=anchor_in(row["reason"]),
        notes=tuple((row["note"] or "").split()),
        failing=next(iter((row["checks"] or "").split()), ""),
        numerator=_side(row, "numerator", rate.numerator),
        denominator=_side(row, "denominator", rate.denominator),
    )


def _side(row: Row, side: str, terms: Iterable[Term]) -> Side:
    signs = {term.indicator: "+" if term.sign > 0 else "-" for term in terms}
    parts = tuple(
        Linked(
            row["capture_id"],
            # a sum of several cells has a line of its own on the page of its report
            counted.anchor or paths.fact_anchor(counted.indicator, "total", "annual"),
            "number",
            counted.value,
            sign=signs.get(counted.indicator, "+"),
        )
        for counted in counted_in(row[f"{side}_evidence"])
    )
    return Side(number(row[side]), parts)
