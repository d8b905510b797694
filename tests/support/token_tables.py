"""Data tables among the tokens of a page, with rows, cells and spans; only tables whose mark-up is whole."""

import html
import re
from dataclasses import dataclass
from itertools import pairwise

from golden_pages import folded
from html_tokens import Token, plain, written
from mutation import Source

_SPAN = re.compile(r"\b(colspan|rowspan)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d,.]+")


@dataclass(frozen=True, slots=True)
class Cell:
    """Tokens `start` to `end` (excluded), its spans, and its text without white space."""

    start: int
    end: int
    colspan: int
    rowspan: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens `start` to `end` (excluded) and the cells in them."""

    start: int
    end: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Tokens `start` to `end` (excluded), its rows, how many of the first rows are headers, names of its columns."""

    start: int
    end: int
    rows: tuple[Row, ...]
    n_headers: int
    names: frozenset[str]

    @property
    def headed_once(self) -> bool:
        """Whether no row of the body is a header or a title: all of it is one list."""
        body = self.rows[self.n_headers :]
        return not any(cell.text in self.names or cell.colspan >= self.width for row in body for cell in row.cells)

    @property
    def width(self) -> int:
        return max(sum(cell.colspan for cell in row.cells) for row in self.rows)

    def gaps(self) -> list[int]:
        """Numbers of the rows behind which no cell reaches down: there a row may be put in."""
        open_until = 0
        found = []
        for no, row in enumerate(self.rows):
            open_until = max([open_until, *(no + cell.rowspan for cell in row.cells)])
            if open_until == no + 1:
                found.append(no)
        return found

    def layout(self) -> list[list[Cell]] | None:
        """The cell that covers each place of the grid, row by row; None where the rows are not equally wide."""
        hanging: dict[int, tuple[int, Cell]] = {}  # column → (row where it ends, cell)
        grid = []
        for no, row in enumerate(self.rows):
            line: dict[int, Cell] = {col: cell for col, (end, cell) in hanging.items() if end > no}
            column = 0
            for cell in row.cells:
                while column in line:
                    column += 1
                for place in range(column, column + cell.colspan):
                    if place in line:
                        return None
                    line[place] = cell
                    hanging[place] = (no + cell.rowspan, cell)
            grid.append([line[col] for col in sorted(line)])
        whole = all(len(line) == self.width for line in grid)
        ends = all(no + cell.rowspan <= len(self.rows) for no, row in enumerate(self.rows) for cell in row.cells)
        return grid if whole and ends else None


def data_tables(source: Source) -> list[Table]:
    """The tables that the report's cells were read from, in order."""
    rows = {folded(part) for cell in source.report.cells for part in cell.row_path.split(" / ")} - {""}
    columns = {folded(part) for cell in source.report.cells for part in cell.col_path.split(" / ")} - {""}
    found = []
    for start, end in _tables(source.tokens):
        read = _rows(source.tokens, start, end)
        if not read:
            continue
        texts = [cell.text for row in read for cell in row.cells]
        if sum(text in rows or text in columns for text in texts) >= 3:
            names = frozenset(columns - rows)
            found.append(Table(start, end, read, _count_headers(read, rows - columns), names))
    return found


def cell_source(source: Source, cell: Cell) -> str:
    return written(source.tokens[cell.start : cell.end])


def _tables(tokens: list[Token]) -> list[tuple[int, int]]:
    """Ranges of the tables that hold no table."""
    marks = [i for i, t in enumerate(tokens) if t.name == "table" and t.kind in ("open", "close")]
    return [(a, b + 1) for a, b in pairwise(marks) if tokens[a].kind == "open" and tokens[b].kind == "close"]


def _rows(tokens: list[Token], start: int, end: int) -> tuple[Row, ...]:
    """Rows of a table; () where a tag of its rows and cells is missing or out of order."""
    rows: list[Row] = []
    cells: list[Cell] = []
    row_at = cell_at = None
    for i in range(start + 1, end - 1):
        token = tokens[i]
        if token.name not in ("tr", "td", "th") or token.kind not in ("open", "close"):
            continue
        if token.name == "tr":
            if (token.kind == "open") != (row_at is None) or cell_at is not None:
                return ()
            if token.kind == "open":
                row_at, cells = i, []
            else:
                rows.append(Row(row_at, i + 1, tuple(cells)))
                row_at = None
        else:
            if row_at is None or (token.kind == "open") != (cell_at is None):
                return ()
            if token.kind == "open":
                cell_at = i
            else:
                cells.append(_cell(tokens, cell_at, i + 1))
                cell_at = None
    return tuple(rows) if row_at is None and all(row.cells for row in rows) else ()


def _cell(tokens: list[Token], start: int, end: int) -> Cell:
    spans = {name.lower(): int(value) for name, value in _SPAN.findall(tokens[start].source)}
    text = "".join(t.source for t in tokens[start:end] if t.kind == "text")
    return Cell(start, end, spans.get("colspan", 1), spans.get("rowspan", 1), folded(html.unescape(plain(text))))


def _count_headers(rows: tuple[Row, ...], labels: set[str]) -> int:
    """How many rows stand above the first that prints a row's label or a value."""
    for no, row in enumerate(rows):
        texts = [cell.text for cell in row.cells]
        if labels.intersection(texts) or any(_NUMBER.fullmatch(text) for text in texts) or not any(texts):
            return no
    return 0
