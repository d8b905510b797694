"""Facts that a page prints only in parts: a group's total is the sum of its rows, a row's total that of its columns.

Which parts make which indicator is data: `sum_of` in the concordance. Nothing but printed numbers is added: one
part that is blank, or a row of the agency's own among the parts, and there is no sum.
"""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from corpus.concordance import Correspondence, load_concordance
from corpus.forms import load_forms
from corpus.indicators import load_indicators
from parsers.records import Fact, TableCell
from parsers.tablefacts import Key

_APPLICANT_COLUMNS = ".col."
"""What the keys of columns by kind of applicant have in common (`s3.col.natural_person`)."""


def derive_facts(facts: dict[Key, Fact], cells: Iterable[TableCell]) -> dict[Key, Fact]:
    """Sums of table facts, by key, for keys of which no table prints a number."""
    cells = tuple(cells)
    derived: dict[Key, Fact] = {}
    own = _Own(cells)
    forms = sorted({fact.form_id for fact in facts.values() if fact.form_id})
    for form_id in forms:
        for key, parts in _row_totals(facts, form_id):
            _add(derived, key, parts, "exact", facts, own)
        for entry in _sums(form_id):
            for key, parts in _parts(facts, entry):
                _add(derived, key, parts, entry.sum_is, facts, own)
    return derived


def _add(
    derived: dict[Key, Fact], key: Key, parts: list[Fact], quantity: str, facts: dict[Key, Fact], own: "_Own"
) -> None:
    unit = load_indicators()[key[0]].unit
    printed = facts.get(key)
    if key in derived or (printed is not None and printed.state == "number"):
        return
    if any(part.value is None or part.unit != unit for part in parts) or own.among(parts):
        return
    total = sum((part.value for part in parts if part.value is not None), Decimal(0))
    derived[key] = Fact(
        *key, total, unit, "number", "derived", f"sum of {_places(parts)}", quantity, parts[0].form_id, None, None, None
    )


def _sums(form_id: str) -> list[Correspondence]:
    return [entry for (_, form), entry in load_concordance().items() if form == form_id and entry.kind == "sum_of"]


def _parts(facts: dict[Key, Fact], entry: Correspondence) -> list[tuple[Key, list[Fact]]]:
    """The facts of a sum's parts for each applicant and measure that has all of them, blank ones included."""
    meanings = load_forms().meanings
    means = [meanings.get((entry.form_id, row, col)) for row, col in entry.cells]
    names = [meaning.indicator for meaning in means if meaning is not None]
    if len(names) < len(means):
        return []
    sets = []
    for name in names:
        stated = [fact for fact in facts.values() if fact.indicator == name and fact.form_id == entry.form_id]
        sets.append({(fact.applicant, fact.measure): fact for fact in stated})
    whole = sorted(set.intersection(*(set(found) for found in sets)))
    return [((entry.indicator, *at), [found[at] for found in sets]) for at in whole]


def _row_totals(facts: dict[Key, Fact], form_id: str) -> list[tuple[Key, list[Fact]]]:
    """For each row whose total cell shows nothing, the facts of its columns by kind of applicant."""
    applicants = {
        col.key.rpartition(".")[2]
        for table in load_forms().tables
        if table.form_id == form_id
        for col in table.cols
        if _APPLICANT_COLUMNS in col.key
    } - {"total"}
    rows: dict[tuple[str, str], dict[str, Fact]] = defaultdict(dict)
    for (indicator, applicant, measure), fact in facts.items():
        if fact.form_id == form_id:
            rows[indicator, measure][applicant] = fact
    return [
        ((indicator, "total", measure), [row[applicant] for applicant in sorted(applicants)])
        for (indicator, measure), row in sorted(rows.items())
        if applicants and applicants <= row.keys()
    ]


class _Own:
    """Rows and columns that an agency added to a form: a sum over their neighbours may miss them."""

    def __init__(self, cells: tuple[TableCell, ...]) -> None:
        self._own_in_row = {(cell.table_no, cell.row) for cell in cells if not cell.indicator}
        self._paths = {(cell.table_no, cell.row): cell.row_path for cell in cells}
        mapped = {(cell.table_no, cell.row) for cell in cells if cell.indicator}
        self._own: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for (table_no, row), path in sorted(self._paths.items()):
            if (table_no, row) not in mapped:
                self._own[table_no].append((row, path))

    def among(self, parts: list[Fact]) -> bool:
        """Whether something that means nothing known may be a part too.

        That is a row between the parts' rows or in their group; for parts of one row, a cell of that row.
        """
        places = {(part.table_no, part.row) for part in parts if part.table_no is not None and part.row is not None}
        if len(places) < 2:
            return places <= self._own_in_row
        groups = {_group(self._paths.get(place, "")) for place in places} - {""}
        for table_no in {table_no for table_no, _ in places}:
            rows = [row for table, row in places if table == table_no]
            if any(min(rows) <= row <= max(rows) or _group(path) in groups for row, path in self._own[table_no]):
                return True
        return False


def _group(path: str) -> str:
    return path.rpartition(" / ")[0]


def _places(parts: list[Fact]) -> str:
    """The parts' cells: those of one column or of one row together, as a reader would name them."""
    cells = sorted((part.table_no or 0, part.row or 0, part.col or 0) for part in parts)
    if len({(table, col) for table, _, col in cells}) == 1:
        return f"table {cells[0][0]}, rows {_listed(row for _, row, _ in cells)}, column {cells[0][2]}"
    if len({(table, row) for table, row, _ in cells}) == 1:
        return f"table {cells[0][0]}, row {cells[0][1]}, columns {_listed(col for _, _, col in cells)}"
    return ", ".join(f"table {table} row {row} column {col}" for table, row, col in cells)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(str(number) for number in numbers)
