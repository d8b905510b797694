"""Tables drawn with characters: boxes (│├┼┤) and pipes (|---|), in preformatted text and in Markdown.

Where a rule stands between nearly all rows, the lines between two rules are one row whose cells were wrapped; else
every line is a row. A label that is printed in several cells side by side or one below the other is one merged cell:
that is how converters write it.
"""

import re
from typing import NamedTuple

from parsers.grid import Grid, GridCell, hanging_cells, make_cell, place_of, read_cell
from parsers.lines import Line

_SEPARATOR = re.compile(r"[│┃|｜║]")
_RULE = re.compile(r"[\s│┃|｜║┌┐└┘├┤┬┴┼─━═╔╗╚╝╠╣╦╩╬╟╢╭╮╰╯+:\-=–—┄┈_]{3,}")
# Markdown's rule, which stands below the first row of each table.
_PIPE_RULE = re.compile(r"[|:\- ]*\|[|:\- ]*")


def read_drawn(lines: tuple[Line, ...], first: int) -> tuple[int, Grid] | None:
    """The table that starts at a line, with its last line; None where none starts."""
    last = first
    while last < len(lines) and lines[last].grid is None and _is_drawn(lines[last].text):
        if last > first + 1 and _PIPE_RULE.fullmatch(lines[last].text):
            last -= 1  # the line above this rule is the head of the next table
            break
        last += 1
    rows = _rows([(at, lines[at].text) for at in range(first, last)])
    if len(rows) < 2 or max(map(len, rows)) < 2:
        return None
    width = max(map(len, rows))
    cells = [_placed(row, index, width) for index, row in enumerate(rows)]
    merged = tuple(map(tuple, _merged_down(cells)))
    return last - 1, Grid(merged, hanging_cells(merged, len(merged)), width, "", ())


def _is_drawn(text: str) -> bool:
    return bool(_RULE.fullmatch(text)) or len(_SEPARATOR.findall(text)) > 1


class _Text(NamedTuple):
    """What stands in a cell, and where (see `place_of`)."""

    text: str
    place: str


def _rows(texts: list[tuple[int, str]]) -> list[list[_Text]]:
    """Cells by row; wrapped cells joined where rules part the rows."""
    groups: list[list[list[_Text]]] = [[]]
    for line, text in texts:
        if _RULE.fullmatch(text):
            groups.append([])
        else:
            groups[-1].append(_cells(text, line))
    groups = [group for group in groups if group]
    boxed = len(groups) > 2 and sum(len(group) for group in groups) < 3 * len(groups)
    if not boxed:
        return [row for group in groups for row in group]
    return [[_joined(parts) for parts in _columns(group)] for group in groups]


def _columns(group: list[list[_Text]]) -> list[list[_Text]]:
    width = max(map(len, group))
    return [[row[at] for row in group if at < len(row)] for at in range(width)]


def _joined(parts: list[_Text]) -> _Text:
    printed = [part.place for part in parts if part.text] or [part.place for part in parts[:1]]
    return _Text("".join(part.text for part in parts), " ".join(printed))


def _cells(text: str, line: int) -> list[_Text]:
    parts: list[_Text] = []
    start = 0
    for whole in _SEPARATOR.split(text):
        part = whole.strip()
        parts.append(_Text(part, place_of(part, line, start + (whole.index(part) if part else 0))))
        start += len(whole) + 1
    if parts and not parts[0].text:
        parts = parts[1:]
    if parts and not parts[-1].text:
        parts = parts[:-1]
    return parts


def _placed(row: list[_Text], index: int, width: int) -> list[GridCell]:
    """A row's cells, equal labels side by side as one; a lone cell spans the table."""
    if len(row) == 1:
        return [make_cell(index, 0, index + 1, width, *row[0])]
    cells: list[GridCell] = []
    for column, (text, place) in enumerate(row):
        before = cells[-1] if cells else None
        if before is not None and text and before.text == text and read_cell(text, 1)[1]:
            cells[-1] = before._replace(col_end=column + 1)
        else:
            cells.append(make_cell(index, column, index + 1, column + 1, text, place))
    return cells


def _merged_down(rows: list[list[GridCell]]) -> list[list[GridCell]]:
    """Rows in which an equal label one below the other is one cell that hangs down."""
    merged: list[list[GridCell]] = []
    open_cells: dict[tuple[int, int], tuple[int, int]] = {}  # columns → where the cell that may go on stands
    for row in rows:
        kept: list[GridCell] = []
        following: dict[tuple[int, int], tuple[int, int]] = {}
        for cell in row:
            place = open_cells.get((cell.col, cell.col_end))
            above = merged[place[0]][place[1]] if place else None
            if place and above is not None and cell.label and above.text == cell.text:
                merged[place[0]][place[1]] = above._replace(row_end=cell.row + 1)
                following[cell.col, cell.col_end] = place
                continue
            following[cell.col, cell.col_end] = (len(merged), len(kept))
            kept.append(cell)
        merged.append(kept)
        open_cells = following
    return merged
