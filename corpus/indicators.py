"""The dictionary of indicators: what each counts, in which unit, and in which forms it is printed."""

from dataclasses import dataclass
from functools import cache

from corpus.tables import read_table


@dataclass(frozen=True, slots=True)
class Indicator:
    """One quantity that reports state.

    `unit` is the unit of its facts (元 for all money), `unit_on_form` the one that forms print; `forms` the ids of the
    forms that print it or its parts; `comparability_note` what breaks between them.
    """

    indicator: str
    group: str
    label_zh: str
    label_en: str
    definition: str
    unit: str
    unit_on_form: str
    forms: tuple[str, ...]
    comparability_note: str
    foia_gov_analogue: str


@cache
def load_indicators() -> dict[str, Indicator]:
    """All indicators by id, in the order of `corpus/data/indicators.csv`."""
    return {
        row["indicator"]: Indicator(**{**row, "forms": tuple(row["forms"].split())})  # type: ignore[arg-type]
        for row in read_table("indicators.csv")
    }
