"""Bytes of one page and places in it → the page as HTML with these places marked.

A mark stands on exactly the characters that the parser read, found by its own walk and never by a search for words. A
place that cannot be marked so is said to be unmarked: there is no wrong mark.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Protocol

from lxml import etree

from parsers.decode import decode
from parsers.grid import Grid, GridCell
from parsers.lines import (
    Line,
    Page,
    has_markup,
    lines_of_runs,
    marks_in,
    numbered_lines,
    page_of_text,
    page_of_tree,
    printed,
)
from parsers.numbering import NumberedPage, lines_of_blocks, number_lines, parts_of_whole
from parsers.records import MarkedPage
from parsers.showing import TEXT, Mark, MarkedSpan, Pen, Show, may_be_anchor
from parsers.tracing import Node, Part, Piece, Strip, Traced, trace
from parsers.tree import TableRun

_BLANK = Part(None, 0, " ")
"""Between two lines that are one: it stands nowhere in the page."""


class PlaceLike(Protocol):
    """A place that is to be marked: a cell (`table_no`, `row`, `col`), or characters of a block's text.

    `note` is what the mark says of itself to those who point at it: plain text.
    """

    @property
    def anchor(self) -> str:
        """The id of the mark: small letters, digits and hyphens."""

    @property
    def note(self) -> str:
        """Plain text."""

    @property
    def table_no(self) -> int | None:
        """Number of the table among the report's."""

    @property
    def row(self) -> int | None:
        """Row in the table's grid."""

    @property
    def col(self) -> int | None:
        """Column in the table's grid."""

    @property
    def block_no(self) -> int | None:
        """Number of the block."""

    @property
    def char_start(self) -> int | None:
        """First character in the block's text."""

    @property
    def char_end(self) -> int | None:
        """Character after the last."""


def mark(data: bytes, places: Iterable[PlaceLike], *, media_type: str = "", charset: str = "") -> MarkedPage:
    """Mark places in a page. Pure, as `parsers.parse` is; `media_type` and `charset` must be what it was given.

    Of several places with one anchor the first is marked.
    """
    decoded = decode(data, charset=charset, media_type=media_type)
    text = printed(decoded.text)
    seal = hashlib.sha256(data).hexdigest()
    marking = _HtmlMarking(text, seal) if has_markup(text) else _TextMarking(text, seal)
    for place in places:
        marking.add(place)
    return MarkedPage(marking.html(), seal, marking.title, marking.texts, frozenset(marking.unmarked))


class _Marking:
    """What the marking of HTML and of plain text have in common: from places to pieces of the page."""

    def __init__(self, read: Page, sources: Sequence[int], seal: str) -> None:
        """`sources` are the numbers of the runs, or of the lines of the text, that the page's lines came from."""
        self.title = read.html_title
        self.texts: dict[str, str] = {}
        self.unmarked: set[str] = set()
        self.pen = Pen(seal)
        self.numbered: NumberedPage = number_lines(read)
        self._sources = sources
        self._parts_of_whole = parts_of_whole(read, self.numbered)
        self._lines_of_blocks = list(lines_of_blocks(self.numbered))
        self._strips: dict[int, Strip | None] = {}
        self._blocks_of_tables = {number: block for block, number in self.numbered.tables.items()}

    def add(self, place: PlaceLike) -> None:
        """Mark a place, or note that it cannot be marked."""
        anchor = place.anchor
        if anchor in self.texts or anchor in self.unmarked:
            return
        text = self._text_marked(place, Mark(anchor, place.note)) if may_be_anchor(anchor) else None
        if text is None:
            self.unmarked.add(anchor)
        else:
            self.texts[anchor] = "".join(text.split())

    def html(self) -> str:
        """The page with the marks of the places added so far."""
        raise NotImplementedError

    def _text_marked(self, place: PlaceLike, mark: Mark) -> str | None:
        """Mark a place and return the text that stands there, None where it cannot be marked."""
        if place.table_no is not None and place.row is not None and place.col is not None:
            return self._mark_cell(mark, place.table_no, place.row, place.col)
        if place.block_no is not None and place.char_start is not None and place.char_end is not None:
            return self._mark_span(mark, place.block_no, place.char_start, place.char_end)
        return None

    def _mark_span(self, mark: Mark, block: int, start: int, end: int) -> str | None:
        if not 0 <= block < len(self._lines_of_blocks) or start >= end:
            return None
        lines = self._lines_of_blocks[block]
        strip = self._strip(lines[0]) if block not in self.numbered.linear else None
        if strip is None or not self._mark_pieces(mark, strip.pieces(start, end)):
            return None
        return strip.text[start:end]

    def _mark_cell(self, mark: Mark, table_no: int, row: int, col: int) -> str | None:
        block = self._blocks_of_tables.get(table_no)
        if block is None:
            return None
        line = self.numbered.page.lines[block]
        cell = _cell_at(line.grid, row, col) if line.grid is not None else None
        if cell is None:
            return None
        done = self._mark_lines(mark, cell) if block in self.numbered.linear else self._mark_element(mark, line, cell)
        return cell.text if done else None

    def _mark_lines(self, mark: Mark, cell: GridCell) -> bool:
        """Mark a cell of a table without mark-up, where its characters stand."""
        pieces: list[Piece] = []
        text = ""
        for place in cell.path.split():
            number, _, span = place.partition(":")
            start, _, end = span.partition("-")
            strip = self._strip(int(number))
            if strip is None:
                return False
            pieces += strip.pieces(int(start), int(end))
            text += strip.text[int(start) : int(end)]
        return text == cell.text and self._mark_pieces(mark, pieces)

    def _mark_pieces(self, mark: Mark, pieces: Sequence[Piece]) -> bool:
        placed = [piece for piece in pieces if piece.part.node is not None]
        lost = "".join(piece.part.text[piece.start : piece.end] for piece in pieces if piece.part.node is None)
        if not placed or lost.strip():
            return False
        for piece in placed:
            self._mark_piece(mark, piece)
        return True

    def _mark_piece(self, mark: Mark, piece: Piece) -> None:
        raise NotImplementedError

    def _mark_element(self, mark: Mark, line: Line, cell: GridCell) -> bool:
        """Mark the element of a cell; False where it is not found."""
        del mark, line, cell
        return False

    def _strip(self, whole: int) -> Strip | None:
        """The text of a line with its places in the page; None where it is not the text that the parser read."""
        if whole not in self._strips:
            parts: list[Part] = []
            for number in self._parts_of_whole[whole]:
                parts += [*([_BLANK] if parts else []), *self._parts(self._sources[number])]
            strip = Strip(parts, self._unprinted(whole))
            self._strips[whole] = strip if strip.text == self.numbered.whole[whole].text else None
        return self._strips[whole]

    def _parts(self, source: int) -> Sequence[Part]:
        raise NotImplementedError

    def _unprinted(self, whole: int) -> list[tuple[int, int]]:
        del whole
        return []


class _HtmlMarking(_Marking):
    def __init__(self, text: str, seal: str) -> None:
        self.traced: Traced = trace(text)
        tree = self.traced.tree
        super().__init__(page_of_tree(text, tree), [number for number, _ in lines_of_runs(tree.runs)], seal)
        self.cells: dict[etree._Element, list[Mark]] = {}
        self.spans: dict[Node, list[MarkedSpan]] = {}
        self.changed: dict[Node, str] = {}
        self._children: dict[etree._Element, dict[str, etree._Element]] = {}

    def html(self) -> str:
        root = self.traced.root
        if root is None:
            return ""
        tables = frozenset(run.element for run in self.traced.tree.runs if isinstance(run, TableRun))
        show = Show(self.pen, self.cells, self.spans, self.changed, tables, hides=self.traced.hides)
        return show.write(root)

    def _parts(self, source: int) -> Sequence[Part]:
        return self.traced.parts.get(source, ())

    def _mark_piece(self, mark: Mark, piece: Piece) -> None:
        node, start, text = piece.part
        assert isinstance(node, Node)
        if node.text[start : start + len(text)] != text:
            self.changed[node] = text  # as it was read: without line ends that print nothing
            start = 0
        self.spans.setdefault(node, []).append(MarkedSpan(start + piece.start, start + piece.end, mark))

    def _mark_element(self, mark: Mark, line: Line, cell: GridCell) -> bool:
        element = line.element
        for step in cell.path.split("/")[1:]:
            if element is None:
                return False
            element = self._children_of(element).get(step)
        if element is None or element.tag not in ("td", "th"):
            return False
        self.cells.setdefault(element, []).append(mark)
        return True

    def _children_of(self, element: etree._Element) -> dict[str, etree._Element]:
        """The children of an element by the steps of paths: td[2]."""
        children = self._children.get(element)
        if children is None:
            children = self._children[element] = {}
            counts: dict[str, int] = {}
            for child in element:
                counts[child.tag] = counts.get(child.tag, 0) + 1
                children[f"{child.tag}[{counts[child.tag]}]"] = child
        return children


class _TextMarking(_Marking):
    def __init__(self, text: str, seal: str) -> None:
        self.raw = text.split("\n")
        super().__init__(page_of_text(text), [number for number, _ in numbered_lines(text)], seal)
        self.spans: dict[int, list[MarkedSpan]] = {}

    def html(self) -> str:
        lines = [self.pen.text(raw, self.spans.get(number, ())) for number, raw in enumerate(self.raw)]
        return f"{self.pen.open('div', TEXT)}{chr(10).join(lines)}</div>"

    def _parts(self, source: int) -> Sequence[Part]:
        return (Part(source, 0, self.raw[source]),)

    def _mark_piece(self, mark: Mark, piece: Piece) -> None:
        number = piece.part.node
        assert isinstance(number, int)
        self.spans.setdefault(number, []).append(MarkedSpan(piece.start, piece.end, mark))

    def _unprinted(self, whole: int) -> list[tuple[int, int]]:
        sources = [self._sources[number] for number in self._parts_of_whole[whole]]
        places = []
        begin = 0
        for source in sources:
            places += [(begin + start, begin + end) for start, end in marks_in(self.raw[source])]
            begin += len(self.raw[source]) + len(_BLANK.text)
        return places


def _cell_at(grid: Grid, row: int, col: int) -> GridCell | None:
    """The cell that begins in a row and column; else that which hangs into the row and begins in the column."""
    if not 0 <= row < len(grid.rows):
        return None
    return next((cell for cell in (*grid.rows[row], *grid.hanging[row]) if cell.col == col), None)
