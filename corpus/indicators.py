"""The dictionary of indicators: what each counts, in which unit, and in which forms it is printed."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from corpus.tables import read_table


@dataclass(frozen=True, slots=True)
class Indicator:
    """One quantity that reports state.

    `unit` is the unit of its facts (元 for all money), `unit_on_form` the one that forms print; `forms` the ids of the
    forms that print it, its parts, or something near it, in the order of `form_list.csv`; `comparability_note` what
    breaks between them. `corpus.concordance` says of each form how it counts the indicator.
    """

    indicator: str
    group: str
    label_zh: str
    label_en: str
    definition: str
    unit: str
    unit_on_form: str
    comparability_note: str
    foia_gov_analogue: str
    forms: tuple[str, ...]


@cache
def load_indicators() -> dict[str, Indicator]:
    """All indicators by id, in the order of `corpus/data/indicators.csv`."""
    printed: dict[str, set[str]] = defaultdict(set)
    for row in read_table("concordance.csv"):
        printed[row["indicator"]].add(row["form_id"])
    order = [row["form_id"] for row in read_table("form_list.csv")]
    return {
        row["indicator"]: Indicator(**row, forms=tuple(form for form in order if form in printed[row["indicator"]]))
        for row in read_table("indicators.csv")
    }
