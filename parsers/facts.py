"""Tables and prose → facts: one value of each indicator, applicant and measure of a report.

Where both state a quantity the table's number wins, then the sum of what a table prints in parts, then the prose. A
cell that is blank, or shows a dash, states nothing: it gives way to a number from elsewhere, and the fact says so.
"""

from decimal import Decimal

from parsers.derivedfacts import derive_facts, places_of, printed_parts
from parsers.prosefacts import Stated, read_prose_facts
from parsers.records import Claim, Fact, Finding, TableCell
from parsers.recoveredunits import recover_unit
from parsers.tablefacts import Key, read_table_facts


def read_facts(
    cells: list[TableCell], claims: tuple[Claim, ...], report_scope: str
) -> tuple[list[Fact], list[Finding]]:
    """Facts in order of their key, and findings: quantities stated twice, units unknown or recovered."""
    listed, findings, doubtful = read_table_facts(cells, report_scope)
    listed, findings = _with_recovered_units(listed, findings, cells, claims)
    facts: dict[Key, Fact] = {(fact.indicator, fact.applicant, fact.measure): fact for fact in listed}
    derived = derive_facts(facts, cells)
    prose, stated_twice = read_prose_facts(claims)
    told, contradicted = _not_contradicted(prose, facts, derived)
    findings += contradicted
    for key, fact in (*derived.items(), *told.items()):
        printed = facts.get(key)
        if key in doubtful or (printed is not None and printed.state == "number"):
            continue
        facts[key] = fact if printed is None else _instead_of(printed, fact)
    findings += [finding for key, finding in stated_twice if key not in facts or facts[key].state != "number"]
    return [facts[key] for key in sorted(facts)], findings


def _with_recovered_units(
    facts: list[Fact], findings: list[Finding], cells: list[TableCell], claims: tuple[Claim, ...]
) -> tuple[list[Fact], list[Finding]]:
    """The facts, those without a unit read with the unit of the prose; the finding of each recovered one replaced."""
    if all(fact.unit for fact in facts):
        return facts, findings
    by_place = {(cell.table_no, cell.row, cell.col): cell for cell in cells}
    found: list[Fact] = []
    for fact in facts:
        cell = by_place[fact.table_no or 0, fact.row or 0, fact.col or 0]
        recovered = recover_unit(fact, cell, claims) if fact.value is not None and not fact.unit else None
        found.append(fact if recovered is None else recovered[0])
        if recovered is not None:
            where = f"table {cell.table_no}, row {cell.row}, column {cell.col}"
            findings = [f for f in findings if (f.code, f.where) != ("unit_unknown", where)] + [recovered[1]]
    return found, findings


def _not_contradicted(
    prose: dict[Key, Stated], facts: dict[Key, Fact], derived: dict[Key, Fact]
) -> tuple[dict[Key, Fact], list[Finding]]:
    """Facts of the prose, but not those that are less than what a table prints of their parts: findings on these."""
    told, findings = {}, []
    for key, (fact, slack) in prose.items():
        in_table = facts.get(key, derived.get(key))
        parts = printed_parts(facts, key) if in_table is None or in_table.state != "number" else []
        sum_of_parts = sum((part.value for part in parts if part.value is not None), Decimal(0))
        if fact.value is None or sum_of_parts <= fact.value + slack:
            told[key] = fact
            continue
        where = f"block {fact.block_no}, characters {fact.char_start} to {fact.char_end}; {places_of(parts)}"
        detail = f"{key[0]} is {fact.value:f} in the text, while parts of it make {sum_of_parts:f} in the table"
        findings.append(Finding("prose_below_table", where, detail))
    return told, findings


def _instead_of(printed: Fact, fact: Fact) -> Fact:
    """The fact, saying which cell of a table shows no number for the same quantity."""
    place = f"table {printed.table_no}, row {printed.row}, column {printed.col}"
    return fact._replace(derivation="; ".join(filter(None, (fact.derivation, f"{place} is {printed.state}"))))
