"""A `<table>` element → its cells by row as they stand in the source, spans not yet counted out.

Rows are found wherever they stand below the table (in a form, a font, without `<tr>`); what is not printed is left out.
"""

import re
from functools import lru_cache

from lxml import etree

# The HTML standard's own limits (table model, "forming a table").
_MAX_COLSPAN = 1000
_MAX_ROWSPAN = 65534
_BREAKS = frozenset(("br", "p", "div", "li", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"))
# What is not printed in a cell, and what does not belong to its number: struck-out text, the mark of a footnote.
_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "select", "textarea", "object", "iframe", "del", "s", "strike", "sup"),
)
TEXT_INPUTS = frozenset(("text", "number", "tel"))
_SPAN = re.compile(r"\s*\+?(\d+)")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
# Asked once a table, in C.
_STYLES = etree.XPath(".//@style", smart_strings=False)
_HIDDEN_ATTRIBUTES = etree.XPath("boolean(.//@hidden)")
_DIGIT = re.compile(r"[0-9０-９]")

# A cell as it stands in the source: colspan, rowspan, text, lines with digits, path below the table, linked.
RawCell = tuple[int, int, str, int, str, bool]


def collect_cells(table: etree._Element, *, hides: bool) -> tuple[list[list[RawCell]], str, bool]:
    """Cells by row as they stand in the source, the caption, and whether all text of the table is in these.

    Nested tables are text of their cell. `hides` says that the page has hidden elements: whether the table has any is
    asked only then.
    """
    special = next(table.iterdescendants(*_UNSEEN, "table", "input"), None) is not None
    regular = None if special or (hides and hides_something(table)) else _collect_regular(table)
    return (*regular, True) if regular is not None else (*_collect_anywhere(table), False)


def _collect_regular(table: etree._Element) -> tuple[list[list[RawCell]], str] | None:
    """The short way: rows below the table or its sections, cells below rows, no text beside, nothing hidden, no table.

    None where a table is not like that.
    """
    if _has_words(table.text):
        return None
    rows: list[list[RawCell]] = []
    caption = ""
    sections: dict[str, int] = {}
    row_no = 0
    for part in table:
        tag = part.tag
        if _has_words(part.tail):
            return None
        if tag == "tr":
            members, section_path = [part], ""
        elif tag in ("tbody", "thead", "tfoot"):
            sections[tag] = sections.get(tag, 0) + 1
            section_path, members, row_no = f"/{tag}[{sections[tag]}]", list(part), 0
        elif tag == "caption":
            caption = _with_caption(caption, part)
            continue
        elif tag in ("colgroup", "col"):
            continue
        else:
            return None
        for row in members:
            if row.tag != "tr" or _has_words(row.tail) or _has_words(row.text):
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


def _with_caption(before: str, element: etree._Element) -> str:
    """The words of a caption, behind those of the one before: a browser prints them all."""
    return f"{before} {cell_text(element)[0]}".strip()


def _has_words(text: str | None) -> bool:
    return text is not None and not text.isspace()


def _regular_cells(row: etree._Element, row_path: str) -> list[RawCell] | None:
    cells: list[RawCell] = []
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
        tail = cell.tail
        if tail is not None and not tail.isspace():
            return None
        if len(cell):
            text, lines, linked = _plain_text(cell)
        else:
            text, lines, linked = (cell.text or "").strip(), 1, False
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


def _collect_anywhere(table: etree._Element) -> tuple[list[list[RawCell]], str]:
    """The long way: rows in forms and fonts, cells without a row, hidden parts, tables in cells."""
    rows: list[list[RawCell]] = []
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
            caption = _with_caption(caption, element)
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


def _any_cell(cell: etree._Element, path: str) -> RawCell:
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
        if tag == "input" and (child.get("type") or "text").lower() in TEXT_INPUTS:
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


def is_hidden(element: etree._Element) -> bool:
    """Whether an element is printed nowhere: hidden attribute, or hidden by its own style."""
    style = element.get("style")
    return (style is not None and hides(style)) or element.get("hidden") is not None


def hides_something(element: etree._Element) -> bool:
    """Whether anything below an element is hidden by its own style or attribute."""
    styles = _STYLES(element)
    assert isinstance(styles, list)
    return any(map(hides, set(styles))) or bool(_HIDDEN_ATTRIBUTES(element))


@lru_cache(maxsize=4096)
def hides(style: str) -> bool:
    """Whether an inline style takes its element off the page. Pages repeat few styles many times."""
    return bool(_HIDDEN.search(style))
