"""Figures of two years → what a page says of each: both values with their places, what became of them, and why not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from outputs.changes.meaning import said_of_sources
from outputs.changes.unusual import LIMIT, MIN_OWN, MIN_PEERS
from outputs.compare.records import FigureChange, YearsDiff
from outputs.explorer import paths
from outputs.explorer.records import Desk, number
from outputs.explorer.shown.checkrows import ShownCheck
from outputs.explorer.shown.evidence import anchor_in
from outputs.explorer.shown.numbers import load_labels
from outputs.explorer.wording import both, pair

STATUSES = ("changed", "new", "removed", "not_comparable", "same")
"""In the order of the page."""

OF_WHOLE_REPORTS = ("scope_changed", "scope_unknown", "period_changed")
"""Reasons that hold for two reports as a whole: nothing of them is compared."""

_WHOLE_RATIO = 100
"""From here on a ratio is written without digits after the point, below with three that count."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """One of the two values with its place; `state` says what stands there in place of a number, or is absent.

    `check` is the anchor of a check that the value takes part in and that fails; '' where there is none.
    """

    capture_id: str
    anchor: str
    state: str
    value: Any
    check: str


@dataclass(frozen=True, slots=True)
class ShownFigure:
    """A figure of two years; `sources` says where no table prints it, `note` the rest, in English as in the dataset."""

    indicator: str
    label: Markup
    applicant: str
    before: ShownValue
    after: ShownValue
    difference: str
    ratio: str
    unit: str
    unusual: Markup
    stands_out: bool
    sources: Markup
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of one fate: `totals` of all applicants, `parts` by their kind; `reason` is '' where there is none."""

    status: str
    reason: str
    totals: tuple[ShownFigure, ...]
    parts: tuple[ShownFigure, ...]

    @property
    def size(self) -> int:
        """How many figures there are."""
        return len(self.totals) + len(self.parts)

    @property
    def n_unusual_parts(self) -> int:
        """How many of the figures by kind of applicant stand out: they are folded away on the page."""
        return sum(figure.stands_out for figure in self.parts)


def groups_of(desk: Desk, diff: YearsDiff, failing: Iterable[ShownCheck]) -> list[Group]:
    """Return the figures by what became of them, those that may not be compared by their reason too.

    `failing` are the checks of either report that fail.
    """
    doubts = _doubts(failing)
    labels = {indicator: pair(*label) for indicator, label in load_labels(desk).items()}
    states = _states(desk, (diff.before.capture_id, diff.after.capture_id))
    ordered = sorted(diff.figures, key=lambda figure: (STATUSES.index(figure.row.status), figure.row.reason))
    return [
        _group(status, reason, [_shown(figure, labels, states, doubts) for figure in figures])
        for (status, reason), figures in groupby(ordered, key=_fate)
    ]


def _fate(figure: FigureChange) -> tuple[str, str]:
    """What became of a figure, and why it may not be compared; a new or gone one has no reason but its form."""
    return figure.row.status, figure.row.reason if figure.row.status == "not_comparable" else ""


def _group(status: str, reason: str, figures: Sequence[ShownFigure]) -> Group:
    totals = tuple(figure for figure in figures if figure.applicant == "total")
    return Group(status, reason, totals, tuple(figure for figure in figures if figure.applicant != "total"))


def is_judged(figures: Iterable[FigureChange]) -> bool:
    """Tell whether there is enough history, or there are enough peers, to say of any figure how unusual it is."""
    return any((figure.n_own or 0) >= MIN_OWN or (figure.n_peers or 0) >= MIN_PEERS for figure in figures)


def _states(desk: Desk, captures: Iterable[str]) -> dict[tuple[str, str, str], str]:
    """What stands in the place of a number, by report, indicator and applicant."""
    query = (
        "SELECT capture_id, indicator, applicant, state FROM facts "
        "WHERE capture_id = ? AND measure = 'annual' AND state <> 'number'"
    )
    return {tuple(row)[:3]: row["state"] for capture_id in captures for row in desk.rows(query, capture_id)}


def _doubts(failing: Iterable[ShownCheck]) -> dict[tuple[str, str], str]:
    """Report and anchor of a number that counts in a failing check → the anchor of the first such check."""
    found: dict[tuple[str, str], str] = {}
    for check in failing:
        for side in check.sides:
            for place in side.shown:
                found.setdefault((place.capture_id, place.anchor), check.anchor)
    return found


def _shown(
    figure: FigureChange,
    labels: dict[str, Markup],
    states: dict[tuple[str, str, str], str],
    doubts: dict[tuple[str, str], str],
) -> ShownFigure:
    row = figure.row

    def value(capture_id: str, of: Any, source: str, place: str) -> ShownValue:
        known = states.get((capture_id, row.indicator, row.applicant), "absent")
        derived = paths.fact_anchor(row.indicator, row.applicant, "annual")
        anchor = derived if source == "derived" else anchor_in(place)
        doubt = doubts.get((capture_id, anchor), "")
        return ShownValue(capture_id if source else "", anchor, known if of is None else "number", of, doubt)

    return ShownFigure(
        indicator=row.indicator,
        label=labels.get(row.indicator) or Markup.escape(row.indicator),
        applicant=row.applicant,
        before=value(row.capture_id_before, row.value_before, row.source_before, row.place_before),
        after=value(row.capture_id_after, row.value_after, row.source_after, row.place_after),
        difference=_signed(row.difference),
        ratio=_ratio(row.ratio),
        unit=row.unit,
        unusual=_unusual(figure),
        stands_out=figure.stands_out,
        sources=_sources(row),
        note=_note(row),
    )


def _sources(row: Any) -> Markup:
    if not row.source_before or not row.source_after or row.source_before == row.source_after == "table":
        return Markup("")
    kinds = dict.fromkeys((row.source_before, row.source_after))
    return Markup(" → ").join(both(f"source.{kind}") for kind in kinds)


def _note(row: Any) -> str:
    """What the note says beyond what is shown apart: sources, what stands in place of a number, scopes, forms."""
    if row.status in ("new", "removed") or row.reason.startswith("blank_") or row.reason in OF_WHOLE_REPORTS:
        return ""
    known = said_of_sources(row.source_before, row.source_after) if row.source_before and row.source_after else ""
    return "; ".join(part for part in row.note.split("; ") if part != known)


def _signed(difference: Any) -> str:
    text = number(_plain(difference))
    return f"+{text}" if difference is not None and difference > 0 else text


def _plain(value: Any) -> Any:
    """A decimal as the index would hold it: without zeros behind the point that nobody printed."""
    return value if value is None or value != value.to_integral_value() else int(value)


def _ratio(ratio: Any) -> str:
    if ratio is None:
        return ""
    return f"× {ratio:.0f}" if ratio >= _WHOLE_RATIO else f"× {float(ratio):.3g}"


def _unusual(figure: FigureChange) -> Markup:
    """Say how unusual a change is against its own history and its peers, where there is enough of either."""
    if figure.unusual and figure.n_own is None:
        return both("years.unusual.no_ratio")
    said = [
        _judged(whose, score, n_others or 0)
        for whose, score, n_others, minimum in (
            ("own", figure.unusual_own, figure.n_own, MIN_OWN),
            ("peers", figure.unusual_peers, figure.n_peers, MIN_PEERS),
        )
        if (n_others or 0) >= minimum
    ]
    if not said and figure.unusual:
        return both("years.unusual.little")
    return Markup("<br>").join(said)


def _judged(whose: str, score: Any, n_others: int) -> Markup:
    if score is None:
        kind = "alike"
    elif abs(score) <= LIMIT:
        kind = "in_line"
    else:
        kind = "above" if score > 0 else "below"
    return both(f"years.unusual.{kind}.{whose}", n=n_others)
