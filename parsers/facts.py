"""Mapped cells → facts: one value of each indicator, applicant and measure of a report.

Where two cells of one report state the same quantity, a number wins over an empty cell; two different numbers give no
fact but a finding, for neither may be cited.
"""

from corpus.indicators import load_indicators
from corpus.units import find_unit
from parsers.records import Fact, Finding, TableCell

# Columns of provincial summaries: the province itself, or the whole area (notice of 2014).
_SCOPE_MEASURES = {"annual_own": "own", "annual_area": "area"}


def read_facts(cells: list[TableCell], report_scope: str) -> tuple[list[Fact], list[Finding]]:
    """Facts in order of their key, and findings on quantities that the tables state twice."""
    groups: dict[tuple[str, str, str], list[TableCell]] = {}
    findings: list[Finding] = []
    scopes = {_SCOPE_MEASURES[c.measure] for c in cells if c.measure in _SCOPE_MEASURES}
    wanted = report_scope if report_scope in scopes else ""
    if scopes and not wanted and len(scopes) > 1:
        findings.append(
            Finding("scope_of_columns", "", "columns for the agency itself and for its area; the report's scope is unknown"),
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
    for (indicator, applicant, measure), candidates in sorted(groups.items()):
        cell = _pick(candidates)
        if cell is None:
            places = ", ".join(f"table {c.table_no} row {c.row} col {c.col}: {c.raw}" for c in candidates)
            findings.append(Finding("stated_twice", places.split(":")[0], f"{indicator} {applicant}: {places}"))
            continue
        facts.append(_fact(cell, indicator, applicant, measure, findings))
    return facts, findings


def _pick(candidates: list[TableCell]) -> TableCell | None:
    numbers = [cell for cell in candidates if cell.state == "number"]
    if len({cell.base_value if cell.base_value is not None else cell.value for cell in numbers}) > 1:
        return None
    return (numbers or candidates)[0]


def _fact(cell: TableCell, indicator: str, applicant: str, measure: str, findings: list[Finding]) -> Fact:
    unit_of_indicator = load_indicators()[indicator].unit
    value, unit = cell.value, unit_of_indicator
    derivation = ""
    printed = find_unit(cell.unit_raw)
    money = find_unit(unit_of_indicator)
    if printed is not None and cell.base_value is not None:
        value = cell.base_value
        if printed.factor != 1:
            derivation = f"scaled: {cell.unit_raw} = {printed.factor} {printed.base or unit_of_indicator}"
    if printed is None and value is not None:
        where = f"table {cell.table_no}, row {cell.row}, column {cell.col}"
        if money is not None and money.kind == "money":
            unit, derivation = "", "unit unknown: the page prints none"
            findings.append(Finding("unit_unknown", where, f"{cell.raw} has no unit: 元 or 万元"))
        elif value != value.to_integral_value():
            unit, derivation = "", "unit unknown: a count that is no whole number"
            findings.append(Finding("unit_unknown", where, f"{cell.raw} is no whole number and its unit is lost"))
    return Fact(
        indicator=indicator,
        applicant=applicant,
        measure=measure,
        value=value,
        unit=unit,
        state=cell.state,
        source="table",
        derivation=derivation,
        concordance=cell.concordance,
        form_id=cell.form_id,
        table_no=cell.table_no,
        row=cell.row,
        col=cell.col,
    )
