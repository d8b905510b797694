"""Rates that readers ask for: what is divided by what, and on which forms both are counted."""

from dataclasses import dataclass
from functools import cache

from corpus.tables import read_table


@dataclass(frozen=True, slots=True)
class Term:
    """One indicator of a sum; `sign` is 1 or -1."""

    sign: int
    indicator: str


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate. `forms` are those whose rows count the same quantity; `caution` what to mind before comparing."""

    rate: str
    label_zh: str
    label_en: str
    numerator: tuple[Term, ...]
    denominator: tuple[Term, ...]
    forms: tuple[str, ...]
    definition: str
    caution: str
    source: str


@cache
def load_rates() -> tuple[Rate, ...]:
    """All rates, in the order of `corpus/data/rates.csv`."""
    return tuple(
        Rate(
            **{
                **row,
                "numerator": _terms(row["numerator"]),
                "denominator": _terms(row["denominator"]),
                "forms": tuple(row["forms"].split()),
            }  # type: ignore[arg-type]
        )
        for row in read_table("rates.csv")
    )


def written(terms: tuple[Term, ...]) -> str:
    """Return a sum as it is written in the file: `granted_full + granted_partial`."""
    first, *rest = terms
    return first.indicator + "".join(f" {'+' if term.sign > 0 else '-'} {term.indicator}" for term in rest)


def _terms(text: str) -> tuple[Term, ...]:
    signs = {"+": 1, "-": -1}
    first, *rest = text.split()
    return (Term(1, first), *(Term(signs[rest[at]], rest[at + 1]) for at in range(0, len(rest), 2)))
