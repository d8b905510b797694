"""The concordance: how each form counts each indicator, and whether two forms count the same.

`concordance.csv` says cell by cell what a form prints, `concordance_notes.csv` in a sentence what to know of it. A pair
of indicator and form that neither names is `none`: the form prints nothing of the kind.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from corpus.indicators import load_indicators
from corpus.tables import read_table

Kind = Literal["exact", "sum_of", "broader", "narrower", "none"]
"""How what a form prints stands to an indicator: the same, the same in parts, more, less, or not at all."""

NATIONAL = ("B_2014_32", "C1_2019_60", "C2_2021_30")
"""The forms of the whole country, in their order; every indicator has a note on each."""


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One indicator in one form.

    `cells` are the keys of its row and column there (several for a `sum_of`; none for an indicator that stands only in
    the text). `sum_is` says what a sum of parts makes: `exact`, or more or less than the indicator. `breaks_with` are
    forms with which the figures may not be compared although both seem exact.
    """

    indicator: str
    form_id: str
    kind: Kind
    cells: tuple[tuple[str, str], ...]
    sum_is: str
    breaks_with: tuple[str, ...]
    note: str

    @property
    def quantity(self) -> str:
        """What the form's figure is against the indicator once it is one number: exact, broader, narrower, none."""
        return self.sum_is if self.kind == "sum_of" else self.kind


@cache
def load_concordance() -> dict[tuple[str, str], Correspondence]:
    """Every indicator in every listed form, by (indicator, form id), both in the order of their files."""
    kinds: dict[tuple[str, str], Kind] = {}
    cells: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for row in read_table("concordance.csv"):
        key = (row["indicator"], row["form_id"])
        kinds[key] = cast(Kind, row["kind"])  # the tests hold the file against it, and that a pair has one kind
        cells[key].append((row["row_key"], row["col_key"]))
    notes = {(row["indicator"], row["form_id"]): row for row in read_table("concordance_notes.csv")}
    found = {}
    for indicator in load_indicators():
        for form_id in form_ids():
            key = (indicator, form_id)
            said = notes.get(key, {"sum_is": "", "breaks_with": "", "note": ""})
            found[key] = Correspondence(
                indicator,
                form_id,
                kinds.get(key, "none"),
                tuple(cells[key]) if key in kinds else (),
                said["sum_is"],
                tuple(said["breaks_with"].split()),
                said["note"],
            )
    return found


@cache
def form_ids() -> tuple[str, ...]:
    """All forms in the order of `form_list.csv`: by era, the national ones last."""
    return tuple(row["form_id"] for row in read_table("form_list.csv"))


def why_not_comparable(indicator: str, before: str, after: str) -> str:
    """'' where two forms count the same quantity under an indicator, else the reason: `form_changed`.

    `before` and `after` are form ids; '' stands for prose and for tables of no form, which mean the indicator itself.
    One form always compares with itself: what it counts too much or too little, it does in both years. Raises KeyError
    for an indicator or a form that is not listed.
    """
    if before == after:
        return ""
    one, other = _quantity(indicator, before), _quantity(indicator, after)
    broken = after in _breaks(indicator, before) or before in _breaks(indicator, after)
    return "" if one == other == "exact" and not broken else "form_changed"


def _quantity(indicator: str, form_id: str) -> str:
    return load_concordance()[indicator, form_id].quantity if form_id else "exact"


def _breaks(indicator: str, form_id: str) -> tuple[str, ...]:
    return load_concordance()[indicator, form_id].breaks_with if form_id else ()
