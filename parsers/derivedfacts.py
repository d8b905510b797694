"""Facts that a page prints only in parts: a group's total is the sum of its rows, a row's total that of its columns.

Which parts make which indicator is data: `sum_of` in the concordance. Nothing but printed numbers is added: one
part that is blank, or a row of the agency's own among the parts, and there is no sum.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from itertools import chain

from corpus.concordance import load_concordance
from corpus.forms import load_forms
from corpus.indicators import load_indicators
from parsers.records import Fact, TableCell
from parsers.tablefacts import Key

_Sheet = dict[str, dict[tuple[str, str], Fact]]
"""Facts of one form: by indicator, then by applicant and measure."""

_Parts = tuple[Key, list[Fact], str]
"""What a sum makes, its parts, and how it stands to the indicator."""

_APPLICANT_COLUMNS = ".col."
"""What the keys of columns by kind of applicant have in common (`s3.col.natural_person`)."""


def derive_facts(facts: dict[Key, Fact], cells: Sequence[TableCell]) -> dict[Key, Fact]:
    """Sums of table facts, by key, for keys of which no table prints a number."""
    own = _Own(cells)
    derived: dict[Key, Fact] = {}
    printed = {key for key, fact in facts.items() if fact.state == "number"}
    for form_id, sheet in sorted(_sheets(facts).items()):
        sums = chain(_row_totals(sheet, form_id, printed), _group_totals(sheet, form_id, printed))
        for key, parts, quantity in sums:
            if key not in derived:
                made = _sum(key, parts, quantity, own)
                if made is not None:
                    derived[key] = made
    return derived


def printed_parts(facts: dict[Key, Fact], key: Key) -> list[Fact]:
    """The printed numbers that make up a total of which no table prints a number, as far as they are printed.

    The total is at least their sum. Parts are the columns of its row, or the rows of its group; of several forms and
    ways those count that reach furthest.
    """
    indicator, applicant, measure = key
    ways: list[list[Fact]] = [[]]
    for form_id, sheet in _sheets(facts).items() if applicant == "total" else ():
        ways.append(_printed_row(sheet.get(indicator, {}), form_id, measure))
        for whole, sum_is, names in _sums(form_id):
            if whole == indicator and sum_is != "broader":
                rows = [sheet.get(name, {}) for name in names]
                ways.append([part for row in rows for part in _printed_row(row, form_id, measure)])
    return max(ways, key=_total)


def _printed_row(row: dict[tuple[str, str], Fact], form_id: str, measure: str) -> list[Fact]:
    total = row.get(("total", measure))
    cells = [total] if total is not None and total.value is not None else []
    cells = cells or [row[kind, measure] for kind in _applicants(form_id) if (kind, measure) in row]
    return [cell for cell in cells if cell.value is not None and cell.unit]


def _total(parts: list[Fact]) -> Decimal:
    return sum((part.value for part in parts if part.value is not None), Decimal(0))


def _sheets(facts: dict[Key, Fact]) -> dict[str, _Sheet]:
    sheets: dict[str, _Sheet] = defaultdict(lambda: defaultdict(dict))
    for (indicator, applicant, measure), fact in facts.items():
        if fact.form_id:
            sheets[fact.form_id][indicator][applicant, measure] = fact
    return sheets


def _sum(key: Key, parts: list[Fact], quantity: str, own: "_Own") -> Fact | None:
    unit = load_indicators()[key[0]].unit
    numbers = [part.value for part in parts if part.value is not None and part.unit == unit]
    if len(numbers) < len(parts) or own.among(parts):
        return None
    form_id, said = parts[0].form_id, f"sum of {places_of(parts)}"
    return Fact(*key, sum(numbers, Decimal(0)), unit, "number", "derived", said, quantity, form_id, None, None, None)


def _group_totals(sheet: _Sheet, form_id: str, printed: set[Key]) -> Iterator[_Parts]:
    """The facts of a sum's parts for each applicant and measure that has all of them, blank ones included.

    Nothing is looked for where a number is printed.
    """
    for indicator, sum_is, names in _sums(form_id):
        stated = [sheet.get(name, {}) for name in names]
        if not all(stated):
            continue
        for at in sorted(set(stated[0]).intersection(*stated[1:])):
            key = (indicator, *at)
            if key not in printed:
                yield key, [found[at] for found in stated], sum_is


@cache
def _sums(form_id: str) -> list[tuple[str, str, list[str]]]:
    """Indicator, what the sum makes, and the parts, of all sums of a form whose parts are indicators themselves."""
    meanings = load_forms().meanings
    found = []
    for entry in load_concordance().values():
        if entry.form_id == form_id and entry.kind == "sum_of":
            parts = [meanings.get((form_id, row, col)) for row, col in entry.cells]
            names = [part.indicator for part in parts if part is not None]
            if len(names) == len(parts):
                found.append((entry.indicator, entry.sum_is, names))
    return found


def _row_totals(sheet: _Sheet, form_id: str, printed: set[Key]) -> Iterator[_Parts]:
    """For each row the facts of its columns by kind of applicant, where the row has all of them."""
    applicants = _applicants(form_id)
    if not applicants:
        return
    for indicator, row in sorted(sheet.items()):
        for measure in sorted({measure for _, measure in row}):
            key = (indicator, "total", measure)
            if key not in printed and row.keys() >= {(applicant, measure) for applicant in applicants}:
                yield key, [row[applicant, measure] for applicant in applicants], "exact"


@cache
def _applicants(form_id: str) -> tuple[str, ...]:
    """Kinds of applicant that a form has columns for, without the total."""
    columns = [col.key for table in load_forms().tables if table.form_id == form_id for col in table.cols]
    kinds = {key.rpartition(".")[2] for key in columns if _APPLICANT_COLUMNS in key}
    return tuple(sorted(kinds - {"total"}))


class _Own:
    """Rows and columns that an agency added to a form: a sum over their neighbours may miss them."""

    def __init__(self, cells: Sequence[TableCell]) -> None:
        self._own_in_row = {(cell.table_no, cell.row) for cell in cells if not cell.indicator}
        if not self._own_in_row:
            return
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
        if not self._own_in_row:
            return False
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


def places_of(parts: list[Fact]) -> str:
    """The parts' cells: those of one column or of one row together, as a reader would name them."""
    cells = sorted([(part.table_no or 0, part.row or 0, part.col or 0) for part in parts])
    tables, rows, cols = ({cell[i] for cell in cells} for i in range(3))
    if len(tables) == 1 and len(cols) == 1:
        return f"table {cells[0][0]}, rows {_listed(row for _, row, _ in cells)}, column {cells[0][2]}"
    if len(tables) == 1 and len(rows) == 1:
        return f"table {cells[0][0]}, row {cells[0][1]}, columns {_listed(col for _, _, col in cells)}"
    return ", ".join(f"table {table} row {row} column {col}" for table, row, col in cells)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))
