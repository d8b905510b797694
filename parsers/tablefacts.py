"""Mapped cells → facts: one value of each indicator, applicant and measure that the tables of a report state.

Where two cells of one report state the same quantity, a number wins over an empty cell; two different numbers give no
fact but a finding, for neither may be cited.
"""

from functools import lru_cache

from corpus.indicators import load_indicators
from corpus.units import find_unit
from parsers.numbers import parse_value
from parsers.records import Fact, Finding, TableCell

Key = tuple[str, str, str]
"""Indicator, applicant, measure: what a fact is found by."""

# Named tuples by the thousand are made past their own `__new__`, a function in Python: in half of the time.
_tuple = tuple.__new__
# Columns of provincial summaries: the province itself, or the whole area (notice of 2014).
_SCOPE_MEASURES = {"annual_own": "own", "annual_area": "area"}


def read_table_facts(cells: list[TableCell], report_scope: str) -> tuple[list[Fact], list[Finding], set[Key]]:
    """Facts in order of their key, findings, and the keys that the tables state in two different numbers."""
    groups: dict[Key, list[TableCell]] = {}
    findings: list[Finding] = []
    scopes = {_SCOPE_MEASURES[c.measure] for c in cells if c.measure in _SCOPE_MEASURES}
    wanted = report_scope if report_scope in scopes else ""
    if scopes and not wanted and len(scopes) > 1:
        findings.append(
            Finding(
                "scope_of_columns",
                "tables",
                "columns for the agency itself and for its area; the report's scope is unknown",
            ),
        )
    for cell in cells:
        if not cell.indicator:
            continue
        measure = cell.measure
        if measure in _SCOPE_MEASURES:
            if len(scopes) > 1 and _SCOPE_MEASURES[measure] != wanted:
                continue
            measure = "annual"
        groups.setdefault((cell.indicator, cell.applicant, measure), []).append(cell)
    facts = []
    stated_twice: set[Key] = set()
    for (indicator, applicant, measure), candidates in sorted(groups.items()):
        picked = candidates[0] if len(candidates) == 1 else _pick(candidates)
        if picked is None:
            places = ", ".join(f"table {c.table_no} row {c.row} col {c.col}: {c.raw}" for c in candidates)
            findings.append(Finding("stated_twice", places.split(":")[0], f"{indicator} {applicant}: {places}"))
            stated_twice.add((indicator, applicant, measure))
            continue
        if picked.unit_raw and _is_share(picked):
            where = f"table {picked.table_no}, row {picked.row}, column {picked.col}"
            findings.append(Finding("unit_unknown", where, f"{picked.raw}: a share, where {indicator} is counted"))
            continue
        facts.append(_fact(picked, indicator, applicant, measure, findings))
    return facts, findings, stated_twice


def _pick(candidates: list[TableCell]) -> TableCell | None:
    """The cell to believe of several that state one quantity, None where they print two numbers."""
    numbers = [cell for cell in candidates if cell.state == "number"]
    if len({cell.base_value if cell.base_value is not None else cell.value for cell in numbers}) > 1:
        return None
    return (numbers or candidates)[0]


def _fact(cell: TableCell, indicator: str, applicant: str, measure: str, findings: list[Finding]) -> Fact:
    value, unit, derivation = cell.value, load_indicators()[indicator].unit, ""
    if value is not None:
        reason = _why_no_unit(unit, cell)
        if reason:
            unit, derivation = "", f"unit unknown: {reason}"
            where = f"table {cell.table_no}, row {cell.row}, column {cell.col}"
            findings.append(Finding("unit_unknown", where, f"{cell.raw}: {reason}"))
        elif cell.base_value is not None and cell.base_value != value:
            value = cell.base_value
            derivation = f"scaled from {cell.unit_raw}"
        # Most cells are nothing but digits.
        if not cell.raw.isdigit() and parse_value(cell.raw).note == "approximate":
            derivation = "; ".join(filter(None, (derivation, "printed as approximate")))
    fields = (
        indicator,
        applicant,
        measure,
        value,
        unit,
        cell.state,
        "table",
        derivation,
        cell.concordance,
        cell.form_id,
        cell.table_no,
        cell.row,
        cell.col,
        None,
        None,
        None,
    )
    return _tuple(Fact, fields)


def _is_share(cell: TableCell) -> bool:
    """Whether a cell prints a share (3.5%): no indicator is one, and its number would be taken for a count."""
    printed = find_unit(cell.unit_raw)
    return printed is not None and printed.kind == "percent"


def _why_no_unit(unit: str, cell: TableCell) -> str:
    """Why a number cannot be given in its indicator's unit: '' where it can."""
    printed = find_unit(cell.unit_raw) if cell.unit_raw else None
    money = _counts_money(unit)
    if printed is not None and printed.base:
        wanted = "money" if money else "count"
        return "" if printed.kind == wanted else f"printed in {cell.unit_raw}, counted in {unit}"
    if printed is None and money:
        return "an amount that may be 元 or 万元"
    if printed is None and cell.value is not None and cell.value != cell.value.to_integral_value():
        return "a count that is no whole number"
    return ""


@lru_cache(maxsize=64)
def _counts_money(unit: str) -> bool:
    known = find_unit(unit)
    return known is not None and known.kind == "money"
