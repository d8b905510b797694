"""Grid → segments: which rows are header, which columns are labels, and what path leads to each value.

Decided from what the cells say, never from `<th>` or `<thead>`. One printed table may hold several titled blocks
(第二十条第（一）项, 第（五）项 …), repeat its header after a page break, or be folded in two halves side by side: each
becomes a segment of its own with the same grid coordinates.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corpus.labels import fold, split_label
from parsers.columns import Column, column_at, heads_column, is_folded, is_unit_line, make_columns, role_of
from parsers.grid import Grid, GridCell
from parsers.records import Finding

_SIGNATURE = re.compile(r"(?:单位负责人|填报日期|填报人|审核人|填表人|联系电话|制表人)[:]?")
_ORDINAL_HEADS = frozenset("甲乙丙丁")
# What stands in a value column in words: a row with one of these last is a body row, not a header.
_WORD_VALUES = frozenset(("无", "没有", "未发生", "见附件", "不适用", "无此项", "同上", "略", "空"))


class Entry(NamedTuple):
    """One value cell with the column it was assigned to (None where its place contradicts the header)."""

    cell: GridCell
    column: Column | None


class BodyRow(NamedTuple):
    """A row of values: its labels from the outside in, the text of its unit cell, its values.

    `ragged` says that the row has more or fewer cells than its header: which of them is lost nobody can tell.
    """

    labels: tuple[str, ...]
    unit_text: str
    entries: tuple[Entry, ...]
    ragged: bool = False


@dataclass(frozen=True, slots=True)
class Segment:
    """A titled block of a table: value columns and body rows. `unit_text` is a unit note that covers all of it."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[BodyRow, ...]
    unit_text: str


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a header and where the label columns end: what a table that goes on without one is read by."""

    columns: tuple[Column, ...]
    stub_end: int

    def fits(self, grid: Grid) -> bool:
        """Whether the rows of a grid end where these columns end."""
        ends = Counter(cells[-1].col_end for cells in map(grid.covering, range(len(grid.rows))) if cells)
        return max(ends, key=lambda end: ends[end], default=0) == max(column.end for column in self.columns)


@dataclass(frozen=True, slots=True)
class Reading:
    """A table taken apart: its segments, findings on rows whose alignment had to be decided, its last header."""

    segments: tuple[Segment, ...]
    findings: tuple[Finding, ...]
    header: Header | None


def read_segments(grid: Grid, table_no: int, before: Header | None = None) -> Reading:
    """Take a data table's grid apart. `before` is the header of the table that it may go on from."""
    reader = _Reader(grid, table_no, before if before is not None and before.fits(grid) else None)
    reader.read()
    return Reading(tuple(reader.segments), tuple(reader.findings), reader.last_header())


class _Reader:
    """Reads rows from top to bottom, closing a segment at each new title or header."""

    def __init__(self, grid: Grid, table_no: int, before: Header | None) -> None:
        self.grid = grid
        self.table_no = table_no
        self.segments: list[Segment] = []
        self.findings: list[Finding] = [
            Finding("rowspan_too_long", f"table {table_no}, row {row}", "a cell that spans rows ran into this row")
            for row in grid.overrun
        ]
        self.title = grid.caption
        self.unit_text = ""
        self.header: list[int] = []
        self.body: list[int] = []
        self.blank: list[int] = []  # rows without a word: values of table 4 left empty, or the site's spacing
        self.inherited = (list(before.columns), before.stub_end) if before else None
        self.code_end = 0  # where leading code columns end
        self.above: Sequence[GridCell] = ()  # label cells of the row above

    def last_header(self) -> Header | None:
        if self.inherited is None or not any(column.role == "value" for column in self.inherited[0]):
            return None
        return Header(tuple(self.inherited[0]), self.inherited[1])

    def read(self) -> None:
        for index, row in enumerate(self.grid.rows):
            kind = self._kind(index, row)
            if kind == "body":
                self.body.append(index)
            elif kind == "title":
                if self.body and fold(row[0].text) == fold(self.title):
                    continue  # printed again after a page break
                self._close()
                self.title = row[0].text
            elif kind == "unit":
                self._close()
                self.unit_text = row[0].text
            elif kind == "header":
                if self.body:
                    self._close()
                self.header.append(index)
            elif kind == "blank":
                self.blank.append(index)
        self._close()

    def _kind(self, index: int, row: tuple[GridCell, ...]) -> str:
        if len(row) > 1 and row[0].label and row[-1].value.state == "number" and len(row[0].text) > 2:
            return "body"  # most rows: a label first, a number last
        filled = [cell for cell in row if cell.value.state != "blank"]
        hanging = bool(self.grid.hanging[index])
        if len(row) == 1 and not hanging:
            if not filled:
                return "skip"
            if is_unit_line(row[0].text):
                return "unit"
            wide = row[0].col_end - row[0].col >= min(2, self.grid.width)
            if row[0].label and wide and not self._label_only_body(row[0]):
                return "skip" if _SIGNATURE.search(fold(row[0].text)) and self.body else "title"
        if not filled:
            return "blank" if self.header and len(row) > 1 else "skip"
        if not self.body and _is_ordinal_row(row):
            return "skip"
        if _SIGNATURE.match(fold(filled[0].text)):
            return "skip"
        if any(cell.value.state == "number" for cell in row[1:]) or (hanging and row[0].value.state == "number"):
            return "body"
        if len(row) == 1 and row[0].value.state == "number":
            return "body"
        if not all(cell.label for cell in row if cell.value.state != "blank") and self.header:
            return "body"
        return self._kind_of_labels(row, filled)

    def _kind_of_labels(self, row: tuple[GridCell, ...], filled: list[GridCell]) -> str:
        """A row without any number: header, or a body row whose values are blank or words."""
        if self.body and any(_same_texts(row, self.grid.rows[index]) for index in self.header):
            return "skip"  # the header, printed again after a page break
        last_is_label = row[-1].label and fold(row[-1].text) not in _WORD_VALUES
        if not self.body:
            blank_tail = self.header and not last_is_label and filled[0].label and not heads_column(filled[0].text)
            return "body" if blank_tail else "header"
        heads = sum(heads_column(cell.text) for cell in filled)
        if last_is_label and heads * 2 >= len(filled) and len(filled) >= 2:
            return "header"
        return "body"

    def _label_only_body(self, cell: GridCell) -> bool:
        """A lone cell that is narrower than the table is a label whose values are missing, not a title."""
        return cell.col_end < self.grid.width and bool(self.header)

    def _close(self) -> None:
        if not self.body:
            self.body = self.blank[:1]
        self.blank = []
        if self.body:
            columns, stub_end = self._columns()
            if is_folded(columns):
                self._close_folded(columns)
            else:
                values = tuple(column for column in columns if column.role == "value")
                held = [column for column in columns if column.role != "stub" and column.start >= self.code_end]
                n_values = sum(column.role in ("value", "stub") for column in held)
                rows = tuple([self._body_row(index, held, n_values, stub_end) for index in self.body])
                self.segments.append(Segment(self.title, values, rows, self.unit_text))
            self.inherited = (columns, stub_end)
            self.header = []
        elif self.header:
            # A title row between the header and its rows: the header stays for the rows that follow.
            return
        self.body = []

    def _columns(self) -> tuple[list[Column], int]:
        if not self.header:
            if self.inherited and self._fits(self.inherited[0]):
                return self.inherited
            stub_end = self._stub_end(self.grid.width)
            return [Column((), 0, stub_end, "stub", "", None, ())] if stub_end else [], stub_end
        last = self.header[-1]
        leaves = self.grid.covering(last)
        paths = self._header_paths(leaves)
        roles = [role_of(path[-1].text) if path else "" for path in paths]
        known_value = [leaf.col for leaf, role in zip(leaves, roles, strict=True) if role == "value"]
        self.code_end = 0
        for leaf, role in zip(leaves, roles, strict=True):
            if role != "code":
                break
            self.code_end = leaf.col_end
        stub_end = self._stub_end(min(known_value, default=self.grid.width))
        return make_columns(leaves, paths, stub_end), stub_end

    def _fits(self, columns: list[Column]) -> bool:
        return bool(columns) and max(column.end for column in columns) <= self.grid.width

    def _header_paths(self, leaves: Sequence[GridCell]) -> list[list[GridCell]]:
        """For each leaf the header cells above it and itself, from the outside in."""
        rows = [[cell for cell in self.grid.covering(index) if cell.row in self.header] for index in self.header]
        paths: list[list[GridCell]] = []
        for leaf in leaves:
            path: list[GridCell] = []
            for row in rows:
                path += [cell for cell in row if cell.col <= leaf.col < cell.col_end and cell not in path]
            paths.append(path)
        return paths

    def _stub_end(self, limit: int) -> int:
        """Where the label columns end: what most body rows agree on."""
        ends: Counter[int] = Counter()
        for index in self.body:
            end = 0
            for cell in self.grid.covering(index):
                if cell.col < self.code_end or (not end and cell.value.state == "blank"):
                    continue
                if cell.col >= limit or not cell.label:
                    break
                end = cell.col_end
            if end:
                ends[end] += 1
        return max(ends, key=lambda end: (ends[end], end), default=0)

    def _body_row(self, index: int, columns: list[Column], n_values: int, stub_end: int) -> BodyRow:
        """Read a row of values; `n_values` of the columns take one."""
        own: Sequence[GridCell] = self.grid.rows[index]
        hanging = self.grid.hanging[index]
        if self.code_end:
            own = [cell for cell in own if cell.col >= self.code_end]
        lead = 0
        while lead < len(own) and own[lead].col < stub_end and (own[lead].label or _blank_group(own, lead, stub_end)):
            lead += 1
        labels, rest = own[:lead], own[lead:]
        if hanging:
            label_end = max(stub_end, 1)
            groups = [c for c in hanging if c.col < label_end and c.label and c.row not in self.header]
            labels = sorted([*groups, *labels], key=lambda cell: cell.col) if groups else labels
        if len(self.above) > 1:
            labels = self._with_groups(index, labels, stub_end)
        self.above = labels
        if hanging and (shared := self._shared_values(index, stub_end)):
            rest = sorted([*rest, *shared], key=lambda cell: cell.col)
        entries, unit_text = self._assign(index, rest, columns, stub_end)
        ragged = len(entries) != n_values and self._is_ragged(index, rest, columns)
        return BodyRow(tuple([cell.text for cell in labels]), unit_text, tuple(entries), ragged)

    def _is_ragged(self, index: int, rest: Sequence[GridCell], columns: list[Column]) -> bool:
        """Whether a row's cells do not fill its header's columns, neither one by one nor by their spans."""
        if not columns or not rest:
            return False
        filled = rest[0].col <= columns[0].start and rest[-1].col_end >= columns[-1].end and len(rest) <= len(columns)
        if not filled:
            self._note("ragged_row", index, f"{len(rest)} cells under {len(columns)} columns")
        return not filled

    def _shared_values(self, index: int, stub_end: int) -> list[GridCell]:
        """Value cells that hang in from above. A nought or a blank holds for both rows; a number may be their sum."""
        shared = []
        for cell in self.grid.hanging[index]:
            if cell.col < max(stub_end, 1) or cell.row in self.header or cell.value.state == "text":
                continue
            if cell.value.value:
                self._note("merged_value", index, f"{cell.text} is printed once for several rows; given to the first")
            else:
                shared.append(cell._replace(row=index))
        return shared

    def _with_groups(self, index: int, labels: Sequence[GridCell], stub_end: int) -> Sequence[GridCell]:
        """Labels with the groups that the mark-up left out: unmerged into blanks, or a rowspan that ended too soon."""
        groups = self.above[:-1]
        if groups and any(cell.value.state == "blank" for cell in labels):
            filled = []
            for cell in labels:
                above = next((a for a in groups if a.col <= cell.col < a.col_end), None)
                filled += [cell] if cell.value.state != "blank" else [above] if above else []
            return filled
        if labels and groups and labels[-1].col_end < stub_end and len(labels) < len(self.above):
            number = split_label(labels[-1].text).number
            before = split_label(self.above[-1].text).number
            if number.isdigit() and before.isdigit() and int(number) == int(before) + 1:
                missing = [cell for cell in groups if cell not in labels]
                self._note("group_continued", index, f"{labels[-1].text} goes on with the list above it")
                return [*labels[:-1], *missing, labels[-1]]
        return labels

    def _assign(
        self, index: int, rest: Sequence[GridCell], columns: list[Column], stub_end: int
    ) -> tuple[list[Entry], str]:
        if len(rest) > len(columns) > 0:
            rest = [cell for cell in rest if cell.col >= stub_end or cell.value.state != "blank"] or rest
        if len(rest) == len(columns):
            for cell, column in zip(rest, columns, strict=True):
                if not column.start <= cell.col < column.end:
                    self._note("aligned_by_order", index, "cells do not meet the header's columns; taken in order")
                    break
            return _entries(rest, columns)
        placed = [column_at(cell, columns) for cell in rest]
        if columns and (None in placed or len({id(c) for c in placed}) < len(placed)):
            self._note("column_unclear", index, f"{len(rest)} cells under {len(columns)} columns")
            doubled = Counter(id(c) for c in placed)
            placed = [c if c is not None and doubled[id(c)] == 1 else None for c in placed]
        return _entries(rest, placed)

    def _close_folded(self, columns: list[Column]) -> None:
        """Halves side by side (指标|单位|数量|指标|单位|数量): each is a segment over the same rows."""
        starts = [i for i, column in enumerate(columns) if column.role == "stub"]
        for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
            half = columns[start:end]
            rows = []
            for index in self.body:
                covering = self.grid.covering(index)
                by_order = len(covering) == len(columns)
                cells = (
                    covering[start:end] if by_order else [c for c in covering if half[0].start <= c.col < half[-1].end]
                )
                label = [cell.text for cell in cells[:1] if cell.label]
                if not any(cell.value.state != "blank" for cell in cells):
                    continue
                own = [cell for cell in cells[len(label) :] if cell in self.grid.rows[index]]
                entries, unit_text = self._assign(index, own, half[1:], half[0].end)
                rows.append(BodyRow(tuple(label), unit_text, tuple(entries)))
            values = tuple(column for column in half if column.role == "value")
            self.segments.append(Segment(self.title, values, tuple(rows), self.unit_text))

    def _note(self, code: str, row: int, detail: str) -> None:
        self.findings.append(Finding(code, f"table {self.table_no}, row {row}", detail))


def _entries(cells: Sequence[GridCell], columns: Sequence[Column | None]) -> tuple[list[Entry], str]:
    """Value cells with their columns, and the text of the unit cell; cells of code and remark columns are left out."""
    entries = []
    unit_text = ""
    for cell, column in zip(cells, columns, strict=True):
        if column is None:
            if not unit_text and cell.value.state == "text" and not cell.label:
                unit_text = cell.text
            else:
                entries.append(Entry(cell, None))
        elif column.role == "unit":
            unit_text = cell.text
        elif column.role in ("value", "stub"):
            entries.append(Entry(cell, column))
    return entries, unit_text


def _same_texts(one: tuple[GridCell, ...], other: tuple[GridCell, ...]) -> bool:
    return len(one) == len(other) and all(fold(a.text) == fold(b.text) for a, b in zip(one, other, strict=True))


def _blank_group(cells: Sequence[GridCell], at: int, stub_end: int) -> bool:
    """Whether a blank cell is a group cell left empty: a label follows it within the label columns."""
    return cells[at].value.state == "blank" and any(cell.label for cell in cells[at + 1 :] if cell.col < stub_end)


def _is_ordinal_row(row: tuple[GridCell, ...]) -> bool:
    """The row 甲|乙|1|2 that numbers the columns of a statistical table."""
    texts = [fold(cell.text) for cell in row]
    numbers = [text for text in texts if text.isdigit()]
    return (
        len(texts) > 1
        and any(text in _ORDINAL_HEADS for text in texts)
        and all(text in _ORDINAL_HEADS or text.isdigit() for text in texts)
        and numbers == [str(i) for i in range(1, len(numbers) + 1)]
    )
