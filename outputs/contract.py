"""What a report must keep so that its rows can stand in the dataset.

A report that breaks a rule of keys or references has been read wrongly somewhere: it is refused as a whole,
since a wrong number that nobody is told of is worse than a missing page. A number that the columns cannot
hold is no fault of the reader: it is set aside and said.
"""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from parsers.records import Fact, Finding, Report, TableCell

PRECISION = 38
"""Digits of a value column: what a 128-bit decimal holds."""

SCALE = 10
"""Digits after the point (design: pages print at most six; a share that was computed may run on)."""

_CONTEXT = Context(prec=200)
_STEP = Decimal(1).scaleb(-SCALE)
_LIMIT = Decimal(10) ** (PRECISION - SCALE)


class ContractError(ValueError):
    """A report breaks a rule of the dataset: a key stands twice, or a name is used that no dictionary has.

    Raised before anything of the report is written. It is a defect of gongkai, never of the page.
    """


def admit(report: Report, indicators: frozenset[str]) -> Report:
    """Return the report as the dataset can hold it, with a finding for each number that did not fit.

    `indicators` are the ids of the dictionary. Raises ContractError when a key stands twice or an indicator
    is unknown.
    """
    _check_keys(report)
    _check_indicators(report, indicators)
    return _fit_numbers(report)


def _check_keys(report: Report) -> None:
    _check_unique("sections", report.sections, lambda row: row.section_no)
    _check_unique("cells", report.cells, lambda row: (row.table_no, row.row, row.col))
    _check_unique("claims", report.claims, lambda row: (row.block_no, row.char_start))
    _check_unique("facts", report.facts, lambda row: (row.indicator, row.applicant, row.measure))
    _check_unique("furniture", report.blocks, lambda row: row.no)


def _check_unique(table: str, rows: Iterable[Any], key: Callable[[Any], Hashable]) -> None:
    seen: set[Hashable] = set()
    for row in rows:
        this = key(row)
        if this in seen:
            raise ContractError(f"{table}: the key {this} stands twice in one report")
        seen.add(this)


def _check_indicators(report: Report, indicators: frozenset[str]) -> None:
    used = {row.indicator for rows in (report.cells, report.claims, report.facts) for row in rows}
    unknown = sorted(used - indicators - {""})
    if unknown:
        raise ContractError(f"indicators that the dictionary does not have: {', '.join(unknown)}")
    if any(not fact.indicator for fact in report.facts):
        raise ContractError("facts: a fact without an indicator")


def _fit_numbers(report: Report) -> Report:
    if all(_fits(cell.value) and _fits(cell.base_value) for cell in report.cells) and all(
        _fits(fact.value) for fact in report.facts
    ):
        return report
    findings = list(report.findings)
    cells = tuple(_fit_cell(cell, findings) for cell in report.cells)
    facts = tuple(_fit_fact(fact) for fact in report.facts)
    return replace(report, cells=cells, facts=facts, findings=tuple(findings))


def _fits(value: Decimal | None) -> bool:
    if value is None:
        return True
    if not value.is_finite():
        return False
    text = str(value)
    if len(text) <= SCALE + len("0.") and "E" not in text:
        return True  # too short to exceed either limit, as almost every number is
    return value.copy_abs() < _LIMIT and _rounded(value) == value


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_CONTEXT)


def _held(value: Decimal | None) -> Decimal | None:
    """Return the value to the last digit that the columns hold; None where it is too large for them."""
    if value is None or not value.is_finite() or value.copy_abs() >= _LIMIT:
        return None
    return _rounded(value)


def _fit_cell(cell: TableCell, findings: list[Finding]) -> TableCell:
    if _fits(cell.value) and _fits(cell.base_value):
        return cell
    where = f"table {cell.table_no}, row {cell.row}, column {cell.col}"
    if _held(cell.value) is None:
        findings.append(Finding("value_too_large", where, f"no column holds the number as printed: {cell.raw}"))
        return cell._replace(state="text", value=None, base_value=None)
    detail = f"kept to {SCALE} digits after the point: {cell.raw}"
    findings.append(Finding("value_rounded", where, detail))
    return cell._replace(value=_held(cell.value), base_value=_held(cell.base_value))


def _fit_fact(fact: Fact) -> Fact:
    if _fits(fact.value):
        return fact
    value = _held(fact.value)
    return fact._replace(value=value, state="number" if value is not None else "text")
