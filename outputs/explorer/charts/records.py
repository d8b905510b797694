"""What a chart shows: an agency's figures, year by year, each with its place and with what may be compared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from outputs.explorer.records import number

ORGANISATIONS = "organisations"
"""Kind of applicant that no page prints: the sum of its five columns for organisations."""


@dataclass(frozen=True, slots=True)
class Point:
    """One year of a series.

    `state` is that of the fact (number, blank, slash, dash, text); `absent` where the report does not print it,
    `no_report` where there is no report, `other_scope` where the year's reports are of another scope. `joined` tells
    whether the dataset compares it with the year before; `reason` is why it does not, or why one of the two has no
    figure (a code of `changes.reason`), `form_changes` whether the two are of different forms; all three speak of the
    year just before. `fails` says that a failing check leans on
    the number. `fact` has the columns of `facts` that a citation needs.
    """

    year: int
    state: str
    value: int | float | None = None
    unit: str = ""
    capture_id: str = ""
    anchor: str = ""
    joined: bool = False
    form_changes: bool = False
    status: str = ""
    reason: str = ""
    note: str = ""
    fails: bool = False
    fact: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_number(self) -> bool:
        """Whether there is something to draw."""
        return self.state == "number" and self.value is not None

    @property
    def written(self) -> str:
        """The value with all its digits."""
        return number(self.value)

    @property
    def breaks(self) -> bool:
        """Whether a break is drawn before it: two numbers that may not be compared, or a form that changes."""
        return self.form_changes or (bool(self.reason) and self.reason not in _NO_BREAKS)

    @property
    def why_break(self) -> str:
        """The reason that a break names: why the dataset does not compare, else that the form changes."""
        return self.reason if self.reason and self.reason not in _NO_BREAKS else "form_changed"

    @property
    def source(self) -> str:
        """What the value was read from: table, prose or derived; '' without a figure."""
        return self.fact.get("source") or ""

    @property
    def concordance(self) -> str:
        """How what the form counts stands to the indicator; '' without a figure."""
        return self.fact.get("concordance") or ""

    @property
    def other_meaning(self) -> bool:
        """Whether the form counts more or less than the indicator means."""
        return self.concordance in {"broader", "narrower"}


_NO_BREAKS = frozenset(
    ("missing_year", "blank_before", "blank_after", "blank_both", "not_printed_before", "not_printed_after")
)
"""Reasons that the chart shows otherwise: by a place without a point, with the words for it."""


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one indicator, kind of applicant and scope; a point for each year of the chart, in order."""

    indicator: str
    applicant: str
    scope: str
    label_en: str
    label_zh: str
    unit: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of an agency: its series, scope by scope. `never` has the labels of what none of its reports prints."""

    agency_id: str
    agency: str
    name: str
    years: range
    series: tuple[Series, ...]
    never: tuple[tuple[str, str], ...] = ()

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scopes of the series, in order."""
        return tuple(dict.fromkeys(series.scope for series in self.series))
