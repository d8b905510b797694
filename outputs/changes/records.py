"""What is compared: the figures of one report, and what became of each between two."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

_APPROXIMATE = "approximate"
"""Word by which parsers.facts says in `derivation` that a cell prints 约, 余 or 多 beside its number."""


_DIGITS = re.compile(r"[0-9０-９][.．]([0-9０-９]+)")
"""Digits after the point of a printed number."""


class Figure(NamedTuple):
    """One annual fact of a report.

    `form_id` is the form it was read from; `forms` those that it may follow: that one, or where it is from the text all
    forms of its report. `precision` is what one unit of the last printed digit is worth where a scale rounds (100
    for 3.97万), else 0; `place` leads back to the page.
    """

    value: Decimal | None
    unit: str
    state: str
    source: str
    concordance: str
    form_id: str
    forms: tuple[str, ...]
    place: str
    approximate: bool
    precision: Decimal


class Side(NamedTuple):
    """A report with its annual figures by (indicator, applicant)."""

    report: Any
    figures: dict[tuple[str, str], Figure]


class Change(NamedTuple):
    """One row of `changes` before it is known how unusual it is; fields as in outputs.schema.changes."""

    agency_id: str
    report_scope: str
    year: int
    indicator: str
    applicant: str
    year_before: int
    value_before: Decimal | None
    value_after: Decimal | None
    difference: Decimal | None
    ratio: Decimal | None
    unit: str
    status: str
    reason: str
    note: str
    source_before: str
    source_after: str
    form_before: str
    form_after: str
    scope_before: str
    capture_id_before: str
    capture_id_after: str
    place_before: str
    place_after: str


def side_of(report: Any, facts: Iterable[Any], claims: Iterable[Any], cells: Iterable[Any]) -> Side:
    """Return a report with its annual figures; the others are its rows of those tables."""
    said = {(claim.block_no, claim.char_start): claim for claim in claims}
    printed = {(cell.table_no, cell.row, cell.col): cell for cell in cells}
    forms = tuple((report.form_ids or "").split())
    figures = {
        (fact.indicator, fact.applicant): _figure(
            fact, forms, said.get((fact.block_no, fact.char_start)), printed.get((fact.table_no, fact.row, fact.col))
        )
        for fact in facts
        if fact.measure == "annual"
    }
    return Side(report, figures)


def _figure(fact: Any, forms: tuple[str, ...], claim: Any, cell: Any) -> Figure:
    rough = _APPROXIMATE in (fact.derivation or "") or (claim is not None and claim.approximate)
    return Figure(
        fact.value,
        fact.unit or "",
        fact.state,
        fact.source,
        fact.concordance or "",
        fact.form_id or "",
        (fact.form_id,) if fact.form_id else forms,
        place_of(fact),
        rough,
        _precision(fact, claim, cell),
    )


def _precision(fact: Any, claim: Any, cell: Any) -> Decimal:
    """What one unit of the last printed digit is worth, where it is worth more than one of the fact's unit; else 0."""
    worth = Decimal(0)
    if claim is not None:
        worth = claim.last_digit or worth
    elif cell is not None and cell.value and fact.value:
        digits = _DIGITS.search(cell.raw or "")
        worth = (fact.value / cell.value).scaleb(-len(digits[1]) if digits else 0)
    return worth if worth > 1 else Decimal(0)


def place_of(fact: Any) -> str:
    """Return where a fact stands in its page, in words; '' where it is computed from several places.

    A derived fact has no cell of its own: its derivation says from which cells it comes.
    """
    if fact.table_no is not None:
        return f"table {fact.table_no}, row {fact.row}, column {fact.col}"
    if fact.block_no is not None:
        return f"block {fact.block_no}, characters {fact.char_start}-{fact.char_end}"
    return fact.derivation or ""
