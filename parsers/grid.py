"""A `<table>` element → its grid: which cell covers which row and column, spans counted out.

Rows are found wherever they stand below the table (in a form, a font, without `<tr>`), rowspans that run into a row
that needs the room end there, and no span can make the grid larger than its cells.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from lxml import etree

from corpus.forms import load_forms
from corpus.labels import fold, simplify, split_label
from corpus.units import find_unit
from parsers.numbers import parse_value
from parsers.records import Value

# The HTML standard's own limits (table model, "forming a table").
_MAX_COLSPAN = 1000
_MAX_ROWSPAN = 65534
# Longer text in one cell is prose that a layout table holds; the longest label of the forms has 95 characters, local
# explanations inside labels were seen up to 180.
_MAX_LABEL = 300
# So many labels of the forms to each cell of prose, and the prose is a remark in a form.
_LABELS_TO_PROSE = 8

_BREAKS = frozenset(("br", "p", "div", "li", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"))
# What is not printed in a cell, and what does not belong to its number: struck-out text, the mark of a footnote.
_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "select", "textarea", "object", "iframe", "del", "s", "strike", "sup"),
)
_TEXT_INPUTS = frozenset(("text", "number", "tel"))
_SPAN = re.compile(r"\s*\+?(\d+)")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
# Asked once a table, in C.
_STYLES = etree.XPath(".//@style")
_HIDDEN_ATTRIBUTES = etree.XPath("boolean(.//@hidden)")
_DIGIT = re.compile(r"[0-9０-９]")
_DATE = re.compile(r"\[?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\]?")


class GridCell(NamedTuple):
    """A cell with the place it covers: rows `row` to `row_end`, columns `col` to `col_end` (ends excluded).

    `text` is what stands in it, its lines joined; `value` what it says if it is read as a value; `label` whether it
    can only be a label (text that is no unit); `path` its place below the table element; `linked` whether its text is
    a link.
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


def make_cell(row: int, col: int, row_end: int, col_end: int, text: str) -> GridCell:
    """A cell of plain text, for tables that have no mark-up."""
    value, label = read_cell(text, 1)
    return GridCell(row, col, row_end, col_end, text, value, label, "", linked=False)


@lru_cache(maxsize=65536)
def read_cell(text: str, lines: int) -> tuple[Value, bool]:
    """What a cell says as a value, and whether it can only be a label."""
    value = parse_value(text, lines)
    return value, value.state == "text" and find_unit(simplify(fold(text))) is None


_Rows = tuple[tuple[GridCell, ...], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table's cells by row, in source order.

    `hanging` are, for each row, the cells that reach into it from above; `overrun` the rows in which a rowspan had to
    be ended.
    """

    rows: tuple[tuple[GridCell, ...], ...]
    hanging: tuple[tuple[GridCell, ...], ...]
    width: int
    caption: str
    overrun: tuple[int, ...]

    def covering(self, row: int) -> list[GridCell]:
        """The cells that cover a row, those that hang in from above included, from left to right."""
        hanging, own = self.hanging[row], self.rows[row]
        if not hanging:
            return list(own)
        cells = [*hanging, *own]
        if own and hanging[-1].col > own[0].col:
            cells.sort(key=lambda c: c.col)
        return cells


def read_grid(table: etree._Element) -> Grid:
    """Lay out a table element (HTML table model, errors forgiven as in the module's docstring)."""
    raw_rows, caption = _collect(table)
    naive = [_row_need(row) for row in raw_rows]
    rows, hanging, overrun = _place(raw_rows, _usual_width(raw_rows, naive))
    width = max([c.col_end for row in rows for c in row], default=0)
    printed = max([c.col_end for row in rows for c in row if c.text], default=0)
    if printed < width:  # a column without a word, not even in its header, is the site's spacing
        rows, hanging = _without_column(rows, printed), _without_column(hanging, printed)
        width = printed
    return Grid(rows, hanging, width, caption, overrun)


def _without_column(rows: _Rows, end: int) -> _Rows:
    return tuple(tuple(cell for cell in row if cell.col < end) for row in rows)


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is printed nowhere: hidden attribute, or hidden by its own style."""
    style = element.get("style")
    return (style is not None and hides(style)) or element.get("hidden") is not None


def hides_something(element: etree._Element) -> bool:
    """Whether anything below an element is hidden by its own style or attribute."""
    styles = _STYLES(element)
    assert isinstance(styles, list)
    return any(hides(str(style)) for style in set(styles)) or bool(_HIDDEN_ATTRIBUTES(element))


@lru_cache(maxsize=4096)
def hides(style: str) -> bool:
    """Whether an inline style takes its element off the page. Pages repeat few styles many times."""
    return bool(_HIDDEN.search(style))


def kind_of_grid(grid: Grid) -> str:
    """What a table is for, decided from its content: `form`, `data`, `metadata`, `list` or `layout`.

    `form` prints labels of the statutory forms; `data` has numbers with labels of its own.
    """
    texts = [cell for row in grid.rows for cell in row]
    if len(texts) < 4 or len(grid.rows) < 2:
        return "layout"
    n_long = sum([1 for cell in texts if len(cell.text) > _MAX_LABEL])
    n_numbers = n_values = n_known = n_labels = n_meta = n_links = n_dates = 0
    for cell in texts:
        state = cell.value.state
        if state != "text":
            n_values += 1
            n_numbers += state == "number"
            continue
        known, meta, date = _kind_of_label(cell.text)
        n_labels += 1
        n_known += known
        n_links += cell.linked
        n_meta += meta
        n_dates += date
    if n_long and n_known < n_long * _LABELS_TO_PROSE:
        return "layout"
    if n_links * 2 > n_labels or n_dates * 3 > n_labels:
        return "list"
    if n_meta >= 2 and n_meta > n_known:
        return "metadata"
    if n_known >= 3 and n_values:
        return "form"
    # An agency's own table: at least two numbers, labels to them, and a fifth of what is printed are numbers.
    if n_numbers >= 2 and n_labels >= 2 and n_numbers * 5 >= n_numbers + n_labels:
        return "data"
    return "layout"


@lru_cache(maxsize=16384)
def _kind_of_label(text: str) -> tuple[bool, bool, bool]:
    """Whether a label is one of the forms', one of a catalogue's, and whether it holds a date."""
    simple = simplify(text)
    known = split_label(simple).words in load_forms().known_words
    return known, fold(simple).rstrip(":") in _metadata_labels(), bool(_DATE.search(text))


# A cell as it stands in the source: colspan, rowspan, text, lines with digits, path, linked.
_RawCell = tuple[int, int, str, int, str, bool]


def _collect(table: etree._Element) -> tuple[list[list[_RawCell]], str]:
    """Cells by row as they stand in the source. Nested tables are text of their cell."""
    return (None if _is_special(table) else _collect_regular(table)) or _collect_anywhere(table)


def _is_special(table: etree._Element) -> bool:
    """Whether some of a table is not printed, or is a table itself: then its cells are read the long way."""
    return next(table.iterdescendants(*_UNSEEN, "table", "input"), None) is not None or hides_something(table)


def _collect_regular(table: etree._Element) -> tuple[list[list[_RawCell]], str] | None:
    """The short way: rows below the table or its sections, cells below rows, nothing hidden, no table inside.

    None where a table is not like that.
    """
    rows: list[list[_RawCell]] = []
    caption = ""
    sections: dict[str, int] = {}
    row_no = 0
    for part in table:
        tag = part.tag
        if tag == "tr":
            members, section_path = [part], ""
        elif tag in ("tbody", "thead", "tfoot"):
            sections[tag] = sections.get(tag, 0) + 1
            section_path, members, row_no = f"/{tag}[{sections[tag]}]", list(part), 0
        elif tag == "caption":
            caption = cell_text(part)[0]
            continue
        elif tag in ("colgroup", "col"):
            continue
        else:
            return None
        for row in members:
            if row.tag != "tr":
                return None
            row_no += 1
            if row.get("height") == "0":  # Word's row of empty cells that only sets the column widths
                continue
            cells = _regular_cells(row, f"{section_path}/tr[{row_no}]")
            if cells is None:
                return None
            if cells:
                rows.append(cells)
    return rows, caption


def _regular_cells(row: etree._Element, row_path: str) -> list[_RawCell] | None:
    cells: list[_RawCell] = []
    n_td = n_th = 0
    for cell in row:
        tag = cell.tag
        if tag == "td":
            n_td += 1
            path = f"{row_path}/td[{n_td}]"
        elif tag == "th":
            n_th += 1
            path = f"{row_path}/th[{n_th}]"
        else:
            return None
        text, lines, linked = _plain_text(cell)
        colspan, rowspan = cell.get("colspan"), cell.get("rowspan")
        cells.append(
            (
                _span(colspan, _MAX_COLSPAN) if colspan else 1,
                _span(rowspan, _MAX_ROWSPAN, zero=_MAX_ROWSPAN) if rowspan else 1,
                text,
                lines,
                path,
                linked,
            ),
        )
    return cells


def _plain_text(cell: etree._Element) -> tuple[str, int, bool]:
    """Text of a cell, how many of its lines hold a digit (1 at least), whether it is a link."""
    text = cell.text
    n_children = len(cell)
    element = cell
    while n_children == 1 and (not text or text.isspace()):  # td > p > span > text
        element = element[0]
        tail = element.tail
        if tail and not tail.isspace():
            break
        text = element.text
        n_children = len(element)
        if element.tag == "a":
            n_children = -1
    if n_children == 0:
        return (text.strip() if text else ""), 1, False
    return _mixed_text(cell)


def _mixed_text(cell: etree._Element) -> tuple[str, int, bool]:
    text = cell.text
    pieces = [text] if text and not text.isspace() else []
    linked = False
    in_order = True
    for inner in cell.iterdescendants():
        if inner.tag == "a":
            linked = linked or inner.get("href") is not None
        text = inner.text
        if text and not text.isspace():
            pieces.append(text)
        tail = inner.tail
        if tail and not tail.isspace():
            in_order = in_order and not len(inner)  # the text of its children comes before its tail
            pieces.append(tail)
    if len(pieces) < 2:
        return (pieces[0].strip() if pieces else ""), 1, linked
    if in_order and sum([1 for piece in pieces if _DIGIT.search(piece)]) < 2:
        return "".join(pieces).strip(), 1, linked
    text, lines = cell_text(cell)  # two texts with digits: does a line break lie between them?
    return text, lines, linked


def _collect_anywhere(table: etree._Element) -> tuple[list[list[_RawCell]], str]:
    """The long way: rows in forms and fonts, cells without a row, hidden parts, tables in cells."""
    rows: list[list[_RawCell]] = []
    caption = ""
    loose = False  # a cell without a row opened the current one
    stack: list[tuple[etree._Element, str]] = [(table, "")]
    while stack:
        element, path = stack.pop()
        tag = element.tag
        if tag in ("td", "th"):
            if is_hidden(element):  # no browser lays it out: Excel's hidden columns
                continue
            if not rows or (not loose and "/tr" not in path):
                rows.append([])
                loose = True
            rows[-1].append(_any_cell(element, path))
            continue
        if tag == "caption":
            caption = cell_text(element)[0]
            continue
        if tag in _UNSEEN or (element is not table and is_hidden(element)):
            continue
        if tag == "tr":
            if element.get("height") == "0":
                continue
            rows.append([])
            loose = False
        counts: dict[str, int] = {}
        children = []
        for child in element:
            name = child.tag
            count = counts[name] = counts.get(name, 0) + 1
            children.append((child, f"{path}/{name}[{count}]"))
        children.reverse()
        stack += children
    return [row for row in rows if row], caption


def _any_cell(cell: etree._Element, path: str) -> _RawCell:
    text, lines = cell_text(cell)
    return (
        _span(cell.get("colspan"), _MAX_COLSPAN),
        _span(cell.get("rowspan"), _MAX_ROWSPAN, zero=_MAX_ROWSPAN),
        text,
        lines,
        path,
        bool(text) and cell.find(".//a[@href]") is not None,
    )


def cell_text(element: etree._Element) -> tuple[str, int]:
    """Text of a cell, what is hidden left out, and how many of its lines hold a digit, 1 at the least.

    Lines are joined without a blank: 商业<br>企业.
    """
    lines: list[list[str]] = [[element.text or ""]]
    _gather(element, lines)
    joined = ["".join(line) for line in lines]
    return "".join(joined).strip(), max(1, sum(1 for line in joined if _DIGIT.search(line)))


def _gather(element: etree._Element, lines: list[list[str]]) -> None:
    for child in element:
        tag = child.tag
        if tag in _UNSEEN or is_hidden(child):
            if child.tail:
                lines[-1].append(child.tail)
            continue
        breaks = tag in _BREAKS
        if breaks:
            lines.append([])
        if tag == "input" and (child.get("type") or "text").lower() in _TEXT_INPUTS:
            lines[-1].append(child.get("value") or "")  # a form that was saved with its fields shows what is in them
        if child.text:
            lines[-1].append(child.text)
        if len(child):
            _gather(child, lines)
        if breaks:
            lines.append([])
        if child.tail:
            lines[-1].append(child.tail)


def _span(value: str | None, limit: int, zero: int = 1) -> int:
    """A colspan or rowspan attribute as browsers read it: `2px` is 2, nonsense is 1, a rowspan of 0 is to the end."""
    match = _SPAN.match(value) if value else None
    if not match:
        return 1
    return min(int(match[1][:9]) or zero, limit)


def _row_need(row: list[_RawCell]) -> int:
    return sum([cell[0] for cell in row])


def _usual_width(raw_rows: list[list[_RawCell]], needs: list[int]) -> int:
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


def _place(raw_rows: list[list[_RawCell]], usual: int) -> tuple[_Rows, _Rows, tuple[int, ...]]:
    placed: list[list[GridCell]] = []
    hung: list[list[GridCell]] = []
    overrun: list[int] = []
    hanging: list[GridCell] = []
    # A row with one value too many does not fit either: there the rowspan is not to blame.
    counts = Counter(n for row in raw_rows if (n := _n_values(row)))
    usual_values = max(counts, key=lambda n: (counts[n], n), default=0)
    for index, row in enumerate(raw_rows):
        hanging = [cell for cell in hanging if cell.row_end > index]
        hanging.sort(key=lambda cell: cell.col)
        need = _row_need(row)
        taken = sum(cell.col_end - cell.col for cell in hanging)
        if need <= usual < need + taken and _n_values(row) == usual_values:
            overrun.append(index)
            while hanging and need + taken > usual:
                ended = hanging.pop()  # the innermost group is the one that ran over
                taken -= ended.col_end - ended.col
        cells = _place_row(row, index, hanging, len(raw_rows))
        placed.append(cells)
        hung.append(hanging)
        hanging = hanging + [cell for cell in cells if cell.row_end > index + 1]
    return tuple(map(tuple, placed)), tuple(map(tuple, hung)), tuple(overrun)


def _n_values(row: list[_RawCell]) -> int:
    return sum([1 for cell in row if not read_cell(cell[2], cell[3])[1]])


def _place_row(row: list[_RawCell], index: int, hanging: list[GridCell], n_rows: int) -> list[GridCell]:
    cells: list[GridCell] = []
    column = 0
    position = 0
    for colspan, rowspan, text, lines, path, linked in row:
        while position < len(hanging) and hanging[position].col <= column:
            column = max(column, hanging[position].col_end)
            position += 1
        value, label = read_cell(text, lines)
        end = index + rowspan
        cells.append(
            GridCell(index, column, min(n_rows, end), column + colspan, text, value, label, path, linked),
        )
        column += colspan
    return cells


@cache
def _metadata_labels() -> frozenset[str]:
    text = resources.files("corpus.data").joinpath("metadata_labels.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))
