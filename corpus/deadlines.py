"""By which day a report had to be published, by the law of its year and the kind of body that owes it.

The law of 2007 bound every administrative organ; that of 2019 names departments and governments at or above county
level, each with a day of its own, and nobody else. What a body is, is read from its id; where that is not certain the
deadline has two ends, or there is none.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from corpus.agency_ids import parts_of
from corpus.tables import read_table

Bodies = Literal["government", "department", "either", "administrative", "organisation"]
"""What a body is to the law: a government or a department at or above county level, one of the two, another
administrative organ, or no administrative organ for certain."""

_READINGS: dict[str, tuple[str, ...]] = {
    "government": ("government",),
    "department": ("department",),
    "either": ("department", "government"),
    "administrative": (),
    "organisation": (),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for a report: `first` and `last` are one day, or two where the body may be one thing or the other.

    `basis` names law and article. Without a deadline both are None and `reason` says why: `before_the_law` (report
    years before 2008) or `body_not_named` (the law of that year does not name such a body).
    """

    first: date | None
    last: date | None
    basis: str
    reason: str


def deadline_of(agency_id: str, report_year: int) -> Deadline:
    """The deadline of a body's report for a year, which falls into the year after it.

    >>> deadline_of("320813-government", 2017).last, deadline_of("320813-education", 2021).last
    (datetime.date(2018, 3, 31), datetime.date(2022, 1, 31))
    """
    rules = [rule for rule in _rules() if rule.first_year <= report_year <= rule.last_year]
    if not rules:
        return Deadline(None, None, "", "before_the_law")
    body = bodies_of(agency_id)
    administrative = body != "organisation"
    named = [rule for rule in rules if rule.bodies in _READINGS[body] or (rule.bodies == "administrative")]
    if not named or not administrative:
        return Deadline(None, None, "", "body_not_named")
    days = sorted(date(report_year + 1, rule.month, rule.day) for rule in named)
    return Deadline(days[0], days[-1], " or ".join(rule.name for rule in named), "")


def first_owed_year() -> int:
    """The first year that any law asked for a report on."""
    return min(rule.first_year for rule in _rules())


def bodies_of(agency_id: str) -> Bodies:
    """What a body is to the law: a kind that the registry lists is a department unless the data say otherwise."""
    parts = parts_of(agency_id)
    if parts.where == "central":
        return _listed("central", parts.kind) or "administrative"
    listed = _listed("kind", parts.kind)
    if parts.where in ("township", "zone") or parts.level == "township":
        return "organisation" if listed == "organisation" or not _is_kind(parts.kind) else "administrative"
    if parts.kind in _branches():
        return "administrative"
    return listed or ("department" if _is_kind(parts.kind) else "organisation")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One line of the legal calendar."""

    name: str
    first_year: int
    last_year: int
    bodies: str
    month: int
    day: int


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            f"{row['law']}, article {row['article']}",
            int(row["years_from"]),
            int(row["years_to"] or 9999),
            row["bodies"],
            int(row["month"]),
            int(row["day"]),
        )
        for row in read_table("legal_calendar.csv")
    )


def _listed(use: str, name: str) -> Bodies | None:
    return _bodies().get((use, name))


@cache
def _bodies() -> dict[tuple[str, str], Bodies]:
    rows = read_table("deadline_bodies.csv")
    return {(row["use"], row["name"]): row["bodies"] for row in rows}  # type: ignore[misc]


def _is_kind(kind: str) -> bool:
    return kind in _kinds("kind") or kind in _kinds("township")


def _branches() -> frozenset[str]:
    return _kinds("branch")


@cache
def _kinds(use: str) -> frozenset[str]:
    return frozenset(row["kind"] for row in read_table("agency_kinds.csv") if row["use"] == use)
