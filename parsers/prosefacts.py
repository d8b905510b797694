"""Claims → facts: what the sentences of a report say of an indicator, where they agree.

A claim counts where its words settle the indicator (`Claim.indicator`) for the reporting year. Several claims of one
quantity must be one number, rounding and 余 apart; else none of them may be cited and a finding names them all.
"""

from collections import defaultdict
from decimal import Decimal
from typing import NamedTuple

from corpus.indicators import load_indicators
from corpus.units import find_unit
from parsers.records import Claim, Fact, Finding
from parsers.tablefacts import Key

_ONE_ROW = "requests_received"
"""The row whose columns have indicators of their own: (requests_received, natural_person) is
requests_received_natural_person in prose."""


class Stated(NamedTuple):
    """A fact of the prose; `slack` is how far the quantity may be off the number, by how it is printed."""

    fact: Fact
    slack: Decimal


def read_prose_facts(claims: tuple[Claim, ...]) -> tuple[dict[Key, Stated], list[tuple[Key, Finding]]]:
    """Facts by their key, and for each key that the sentences state twice in different numbers a finding."""
    groups: dict[Key, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.indicator and claim.kind in ("count", "amount") and claim.period == "year" and _in_unit(claim):
            groups[_key(claim.indicator)].append(claim)
    facts: dict[Key, Stated] = {}
    findings: list[tuple[Key, Finding]] = []
    for key, stated in sorted(groups.items()):
        best = min(stated, key=lambda claim: (claim.approximate, claim.last_digit))
        if all(_agrees(claim, best) for claim in stated):
            facts[key] = Stated(_fact(key, best), _slack(best))
            continue
        places = ", ".join(f"{place_of(claim)}: {claim.raw}" for claim in stated)
        findings.append((key, Finding("stated_twice", place_of(stated[0]), f"{key[0]} {key[1]}: {places}")))
    return facts, findings


def place_of(claim: Claim) -> str:
    """Where a claim stands, for findings and derivations."""
    return f"block {claim.block_no}, characters {claim.char_start} to {claim.char_end}"


def fits_unit(claim: Claim, indicator: str) -> bool:
    """Whether a claim's counter may count an indicator: money for money, things for things."""
    money = _kind(load_indicators()[indicator].unit) == "money"
    if not claim.unit:  # 部分公开67，占4.61%: no counter is printed
        return not money and claim.kind == "count"
    return (_kind(claim.unit) == "money") == money


def _in_unit(claim: Claim) -> bool:
    return fits_unit(claim, claim.indicator)


def _kind(unit: str) -> str:
    known = find_unit(unit)
    return known.kind if known is not None else "count"


def _key(indicator: str) -> Key:
    applicant = indicator.removeprefix(f"{_ONE_ROW}_")
    return (indicator, "total", "annual") if applicant == indicator else (_ONE_ROW, applicant, "annual")


def _agrees(claim: Claim, best: Claim) -> bool:
    """Whether two claims can be one number."""
    return abs(claim.value - best.value) <= max(_slack(claim), _slack(best) if claim.approximate else Decimal(0))


def _slack(claim: Claim) -> Decimal:
    """How far a quantity may be off its number: a rounded one by half its last digit, a rough one by a whole one."""
    if claim.approximate:
        return claim.last_digit
    return claim.last_digit / 2 if claim.last_digit > 1 else Decimal(0)


def _fact(key: Key, claim: Claim) -> Fact:
    notes = []
    if claim.zero_in_words:
        notes.append(f"zero in words: {claim.raw}")
    if claim.approximate:
        notes.append("printed as approximate")
    if claim.last_digit > 1:
        notes.append(f"printed to the nearest {_plain(claim.last_digit)}")
    return Fact(
        *key,
        claim.value,
        load_indicators()[key[0]].unit,
        "number",
        "prose",
        "; ".join(notes),
        "exact",
        "",
        None,
        None,
        None,
        claim.block_no,
        claim.char_start,
        claim.char_end,
    )


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
