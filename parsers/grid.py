"""A `<table>` element → its grid: which cell covers which row and column, spans counted out.

Rowspans that run into a row that needs the room end there, and no span can make the grid larger than its cells.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from lxml import etree

from corpus.forms import load_forms
from corpus.labels import LONGEST_LABEL, fold, simplify, split_label
from corpus.units import find_unit
from parsers.cells import RawCell, collect_cells
from parsers.numbers import parse_value
from parsers.records import Value

# So many labels of the forms to each cell of prose, and the prose is a remark in a form.
_LABELS_TO_PROSE = 8

_DATE = re.compile(r"\[?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\]?")


class GridCell(NamedTuple):
    """A cell with the place it covers: rows `row` to `row_end`, columns `col` to `col_end` (ends excluded).

    `text` is what stands in it, its lines joined; `value` what it says if it is read as a value; `label` whether it
    can only be a label (text that is no unit); `path` its place below the table element, of a table without mark-up
    the characters of its lines (see `place_of`), '' where neither is known; `linked` whether its text is a link.
    """

    row: int
    col: int
    row_end: int
    col_end: int
    text: str
    value: Value
    label: bool
    path: str
    linked: bool


_Rows = tuple[tuple[GridCell, ...], ...]
# Named tuples by the thousand are made past their own `__new__`, a function in Python: in half of the time.
_tuple = tuple.__new__


def make_cell(row: int, col: int, row_end: int, col_end: int, text: str, path: str = "") -> GridCell:
    """A cell of plain text, for tables that have no mark-up."""
    value, label = read_cell(text, 1)
    return GridCell(row, col, row_end, col_end, text, value, label, path, linked=False)


def place_of(text: str, line: int, start: int) -> str:
    """Write the place of a text without mark-up: its line and its characters there; several are parted by a blank.

    >>> place_of("26件", 3, 10)
    '3:10-13'
    """
    return f"{line}:{start}-{start + len(text)}"


def hanging_cells(rows: _Rows, deepest: int) -> _Rows:
    """For each of the first `deepest` rows the cells that reach into it from above; nothing for the others."""
    return tuple(
        tuple(cell for above in rows[:index] for cell in above if cell.row_end > index) if index < deepest else ()
        for index in range(len(rows))
    )


def read_cell(text: str, lines: int) -> tuple[Value, bool]:
    """What a cell says as a value, and whether it can only be a label."""
    # The articles that layout tables hold are not worth keeping.
    return _known_cell(text, lines) if len(text) <= LONGEST_LABEL else _known_cell.__wrapped__(text, lines)


@lru_cache(maxsize=32768)
def _known_cell(text: str, lines: int) -> tuple[Value, bool]:
    value = parse_value(text, lines)
    if value.state != "text":
        return value, False
    folded = simplify(fold(text))
    return value, len(folded) > LONGEST_LABEL or find_unit(folded) is None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells by row, in source order.

    `hanging` are, for each row, the cells that reach into it from above; `overrun` the rows in which a rowspan had to
    be ended; `whole` whether all text below the table element is in its cells.
    """

    rows: tuple[tuple[GridCell, ...], ...]
    hanging: tuple[tuple[GridCell, ...], ...]
    width: int
    caption: str
    overrun: tuple[int, ...]
    whole: bool = True

    def covering(self, row: int) -> Sequence[GridCell]:
        """The cells that cover a row, those that hang in from above included, from left to right."""
        hanging, own = self.hanging[row], self.rows[row]
        if not hanging:
            return own
        cells = [*hanging, *own]
        if own and hanging[-1].col > own[0].col:
            cells.sort(key=lambda c: c.col)
        return cells


def read_grid(table: etree._Element, *, hides: bool = True) -> Grid:
    """Lay out a table element (HTML table model, errors forgiven as in the module's docstring).

    `hides` may be False where the whole page is known to hide nothing.
    """
    raw_rows, caption, whole = collect_cells(table, hides=hides)
    rows, hanging, overrun = _place(raw_rows)
    width = _width(rows)
    last = max([row[-1].col for row in rows if row], default=0)
    if not any(row[-1].text for row in rows if row and row[-1].col == last):
        # A column without a word, not even in its header, is the site's spacing.
        printed = max([c.col for row in rows for c in row if c.text], default=0)
        rows, hanging = _without_blank_end(rows, printed), _without_blank_end(hanging, printed)
        width = _width(rows)
    return Grid(rows, hanging, width, caption, overrun, whole)


def _width(rows: _Rows) -> int:
    """Where the rows end; the cells of a row stand from left to right."""
    return max([row[-1].col_end for row in rows if row], default=0)


def _without_blank_end(rows: _Rows, last: int) -> _Rows:
    return tuple(tuple(cell for cell in row if cell.col <= last) for row in rows)


class GridSigns(NamedTuple):
    """What tells the kind of a table: counts of its cells, and its labels, of which the forms may know some.

    `n_long` are cells of prose, `n_values` and `n_numbers` value cells, `n_labels` the others, `n_links` those that are
    a link, `n_metadata` and `n_dates` labels of a catalogue and labels that hold a date; `labels` are the labels but
    for prose that is no label with a remark.
    """

    n_cells: int
    n_rows: int
    n_long: int
    n_values: int
    n_numbers: int
    n_labels: int
    n_links: int
    n_metadata: int
    n_dates: int
    labels: tuple[str, ...]


def kind_of_grid(grid: Grid) -> str:
    """What a table is for, decided from its content: `form`, `data`, `metadata`, `list` or `layout`.

    `form` prints labels of the statutory forms; `data` has numbers with labels of its own.
    """
    return kind_by_signs(signs_of_grid(grid))


def signs_of_grid(grid: Grid) -> GridSigns:
    """Count what tells the kind of a table."""
    cells = [cell for row in grid.rows for cell in row]
    n_values = n_numbers = n_links = n_metadata = n_dates = n_long = 0
    labels: list[str] = []
    for cell in cells:
        text, state = cell.text, cell.value.state
        is_long = len(text) > LONGEST_LABEL
        n_long += is_long
        if state != "text":
            n_values += 1
            n_numbers += state == "number"
            continue
        _, metadata, date = _kind_of_label(text) if not is_long else _kind_of_label.__wrapped__(text)
        n_links += cell.linked
        n_metadata += metadata
        n_dates += date
        if not is_long or len(split_label(simplify(text)).words) <= LONGEST_LABEL:
            labels.append(text)
    n_labels = len(cells) - n_values
    return GridSigns(
        len(cells),
        len(grid.rows),
        n_long,
        n_values,
        n_numbers,
        n_labels,
        n_links,
        n_metadata,
        n_dates,
        tuple(labels),
    )


def kind_by_signs(signs: GridSigns) -> str:
    """Tell the kind of a table as `kind_of_grid` does; of the forms only the known labels play a part."""
    if signs.n_cells < 4 or signs.n_rows < 2:
        return "layout"
    n_known = sum([_kind_of_label(label)[0] for label in signs.labels])
    if signs.n_long and n_known < signs.n_long * _LABELS_TO_PROSE:
        return "layout"
    if signs.n_links * 2 > signs.n_labels or signs.n_dates * 3 > signs.n_labels:
        return "list"
    if signs.n_metadata >= 2 and signs.n_metadata > n_known:
        return "metadata"
    if n_known >= 3 and signs.n_values:
        return "form"
    # An agency's own table: at least two numbers, labels to them, and a fifth of what is printed are numbers.
    if signs.n_numbers >= 2 and signs.n_labels >= 2 and signs.n_numbers * 5 >= signs.n_numbers + signs.n_labels:
        return "data"
    return "layout"


@lru_cache(maxsize=16384)
def _kind_of_label(text: str) -> tuple[bool, bool, bool]:
    """Whether a label is one of the forms', one of a catalogue's, and whether it holds a date."""
    simple = simplify(text)
    known = split_label(simple).words in load_forms().known_words
    return known, fold(simple).rstrip(":") in _metadata_labels(), bool(_DATE.search(text))


def _row_need(row: list[RawCell]) -> int:
    return sum([cell[0] for cell in row])


def _usual_width(raw_rows: list[list[RawCell]], needs: list[int]) -> int:
    """The width that most rows agree on, rowspans counted: what a row may not exceed while spans hang into it."""
    ends: Counter[int] = Counter()
    hanging = 0  # columns that spans from above take
    ending: Counter[int] = Counter()  # row → columns of the spans that end before it
    for index, (row, need) in enumerate(zip(raw_rows, needs, strict=True)):
        hanging -= ending.pop(index, 0)
        ends[need + hanging] += 1
        for cell in row:
            if cell[1] > 1:
                hanging += cell[0]
                ending[index + cell[1]] += cell[0]
    # Where no two rows agree, a span that never ends has widened them all.
    return max(ends, key=lambda width: (ends[width], width if ends[width] > 1 else -width), default=0)


def _place(raw_rows: list[list[RawCell]]) -> tuple[_Rows, _Rows, tuple[int, ...]]:
    if max([cell[1] for row in raw_rows for cell in row], default=1) == 1:
        return tuple([_place_row(row, i, (), i + 1) for i, row in enumerate(raw_rows)]), ((),) * len(raw_rows), ()
    needs = [_row_need(row) for row in raw_rows]
    usual = _usual_width(raw_rows, needs)
    placed: list[tuple[GridCell, ...]] = []
    hung: list[tuple[GridCell, ...]] = []
    overrun: list[int] = []
    hanging: list[GridCell] = []
    # A row with one value too many does not fit either: there the rowspan is not to blame.
    counts = Counter(n for row in raw_rows if (n := _n_values(row)))
    usual_values = max(counts, key=lambda n: (counts[n], n), default=0)
    for index, (row, need) in enumerate(zip(raw_rows, needs, strict=True)):
        if hanging:
            hanging = [cell for cell in hanging if cell.row_end > index]
            hanging.sort(key=lambda cell: cell.col)
            taken = sum([cell.col_end - cell.col for cell in hanging])
            if need <= usual < need + taken and _n_values(row) == usual_values:
                overrun.append(index)
                while hanging and need + taken > usual:
                    ended = hanging.pop()  # the innermost group is the one that ran over
                    taken -= ended.col_end - ended.col
        above = tuple(hanging)
        cells = _place_row(row, index, above, len(raw_rows))
        placed.append(cells)
        hung.append(above)
        hanging += [cell for cell in cells if cell.row_end > index + 1]
    return tuple(placed), tuple(hung), tuple(overrun)


def _n_values(row: list[RawCell]) -> int:
    return sum([1 for cell in row if not read_cell(cell[2], cell[3])[1]])


def _place_row(row: list[RawCell], index: int, hanging: tuple[GridCell, ...], n_rows: int) -> tuple[GridCell, ...]:
    cells: list[GridCell] = []
    column = 0
    position = 0
    for colspan, rowspan, text, lines, path, linked in row:
        while position < len(hanging) and hanging[position].col <= column:
            column = max(column, hanging[position].col_end)
            position += 1
        value, label = read_cell(text, lines)
        end = min(n_rows, index + rowspan)
        start, column = column, column + colspan
        cells.append(_tuple(GridCell, (index, start, end, column, text, value, label, path, linked)))
    return tuple(cells)


@cache
def _metadata_labels() -> frozenset[str]:
    text = resources.files("corpus.data").joinpath("metadata_labels.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))
