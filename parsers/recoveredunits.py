"""A unit that the table lost and a sentence keeps: 3.97 in a cell, 3.97万条 in the prose.

Only one reading may fit: the same printed digits, a counter of the indicator's kind, and words that speak of the same
thing. Several values, and the number stays without a unit.
"""

import re
from decimal import Decimal
from difflib import SequenceMatcher

from corpus.indicators import load_indicators
from corpus.labels import fold, simplify, split_label
from parsers.numbers import parse_value
from parsers.prosefacts import fits_unit, place_of
from parsers.records import Claim, Fact, Finding, TableCell

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SAME_WORDS = 2
"""Characters that a label and the words before a number must share in a row: one Chinese word (信息, 采购)."""


def recover_unit(fact: Fact, cell: TableCell, claims: tuple[Claim, ...]) -> tuple[Fact, Finding] | None:
    """The fact with the value that a sentence gives it, and the finding that names both places; None where none does.

    `fact` is one of a table whose number has no unit, `cell` the cell that it was read from.
    """
    printed = parse_value(cell.raw).value
    fitting = [claim for claim in claims if printed is not None and _fits(claim, fact.indicator, cell, printed)]
    if len({claim.value for claim in fitting}) != 1:
        return None
    claim = fitting[0]
    unit = load_indicators()[fact.indicator].unit
    where = f"table {cell.table_no}, row {cell.row}, column {cell.col}; {place_of(claim)}"
    detail = f"{cell.raw} has no unit that fits in the table and is {claim.raw} in the text: {claim.sentence}"
    derivation = f"unit recovered from {place_of(claim)}: {claim.raw}"
    recovered = fact._replace(value=claim.value, unit=unit, derivation=derivation)
    return recovered, Finding("unit_recovered", where, detail)


def _fits(claim: Claim, indicator: str, cell: TableCell, printed: Decimal) -> bool:
    digits = _DIGITS.search(fold(claim.raw))
    if digits is None or claim.zero_in_words or claim.kind not in ("count", "amount") or claim.period != "year":
        return False
    same_digits = Decimal(digits.group().replace(",", "")) == printed
    return same_digits and fits_unit(claim, indicator) and _same_subject(claim, indicator, cell)


def _same_subject(claim: Claim, indicator: str, cell: TableCell) -> bool:
    """Whether the words speak of what the cell counts: by its indicator, or by a word that label and subject share."""
    if claim.indicator:
        return claim.indicator == indicator
    label = split_label(simplify(cell.row_path.rpartition(" / ")[2])).words
    subject = fold(simplify(claim.subject))
    match = SequenceMatcher(None, label, subject, autojunk=False).find_longest_match()
    return match.size >= _SAME_WORDS
