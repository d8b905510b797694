"""Units of the reports: their base unit and the factor to it."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from corpus.tables import read_table


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed: `factor` of it make one `base` (万元: 10000 元). `kind` is count, money or percent."""

    name: str
    base: str
    factor: Decimal
    kind: str


SCALES = {"百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
"""Numerals of scale, each with its power of ten."""


@cache
def load_units() -> dict[str, Unit]:
    """All listed units by their printed name."""
    return {
        row["unit"]: Unit(row["unit"], row["base"], Decimal(row["factor"]), row["kind"])
        for row in read_table("units.csv")
    }


@lru_cache(maxsize=16384)
def find_unit(name: str) -> Unit | None:
    """The unit of that name, a scale before a listed one included; None for anything else.

    >>> find_unit("百万次").factor, find_unit("万").base
    (Decimal('1000000'), '')
    """
    units = load_units()
    if name in units:
        return units[name]
    for scale, power in sorted(SCALES.items(), reverse=True):
        rest = name.removeprefix(scale)
        if rest != name and (rest == "" or rest in units):
            plain = units.get(rest, Unit("", "", Decimal(1), "count"))
            return Unit(name, plain.base, plain.factor * 10**power, plain.kind)
    return None


@cache
def unit_pattern() -> str:
    """A regular expression (without group) that matches any listed unit, the longest first."""
    return "(?:" + "|".join(sorted(load_units(), key=len, reverse=True)) + ")"
