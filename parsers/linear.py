"""Tables that were saved as running lines, one cell a line and no mark-up: found among the lines and given a grid.

A run opens with the names of its columns (指标, 单位, 数量), those of a form of several header rows included. Then each
row is a label, perhaps a unit, and as many values as the header has value columns. Lost unit cells are common and
harmless; a row with any other number of values cannot be placed: it gives no cell but a finding that prints it, as do
digits that ran together.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from corpus.forms import FormItem, FormTable, load_forms
from corpus.labels import fold, split_label
from corpus.units import find_unit
from parsers.columns import heads_column, role_of
from parsers.drawn import read_drawn
from parsers.grid import Grid, GridCell, hanging_cells, kind_of_grid, make_cell, place_of
from parsers.lines import Line
from parsers.numbers import parse_value
from parsers.records import Finding

_MAX_LABEL = 90
_MAX_HEAD = 200  # all heads of the widest table in one line
# The longest head of a column, with a local explanation in it.
_LONGEST_HEAD = 40
# So many names of columns in a line are no accident.
_MANY_HEADS = 3
# More names in a row than any form has columns and groups of columns (table 4 of 2021: 21) head no table.
_MOST_HEADS = 48
# The widest form has 15 value columns; with label and unit a row reaches no further.
_MAX_ROW = 24
_GLUED = re.compile(r"(?P<label>.*?[^0-9.,%])(?P<digits>[0-9]{2,})")
# Label columns of a form's grid: 三、本年度办理结果 / （三）不予公开 / 1.属于国家秘密.
_STUB_COLUMNS = 3
_DEEPEST_HEAD = 4  # rows: below them no cell hangs down
_UNIT_DASHES = frozenset(("-", "--", "---", "----"))
# Lines drawn across the page, and characters that tables are drawn with.
_RULE = re.compile(r"[-=_─━—＿┄┈+ ]{4,}")
_DRAWN = frozenset("│┃|｜║┌┬╔├╭+")
# The note in the corner of table 3, and other remarks in brackets among the heads.
_NOTE = re.compile(r"[（(].{2,60}[）)]")


@dataclass(frozen=True, slots=True)
class LinearTable:
    """Lines `first` to `last` (included) are a table with this grid."""

    first: int
    last: int
    grid: Grid
    findings: tuple[Finding, ...]


class _Token(NamedTuple):
    """A cell's text with its line and its first character there."""

    text: str
    line: int
    start: int = 0


@dataclass(frozen=True, slots=True)
class _Columns:
    """The columns of a run: `roles`, `paths` (labels above each), `forms` (the forms' tables that print them)."""

    roles: tuple[str, ...]
    paths: tuple[tuple[str, ...], ...]
    forms: tuple[FormTable, ...]

    @property
    def rows(self) -> list[FormItem]:
        """Rows of any form whose columns these are."""
        return [item for form in self.forms for item in form.rows]


def find_linear_tables(lines: tuple[Line, ...]) -> list[LinearTable]:
    """All tables among plain lines, in order. Lines that are data tables already are left alone."""
    tables: list[LinearTable] = []
    at = 0
    while at < len(lines):
        table = _table_at(lines, at) if lines[at].grid is None else None
        if table:
            tables.append(table)
            at = table.last + 1
        else:
            at += 1
    return tables


def _table_at(lines: tuple[Line, ...], at: int) -> LinearTable | None:
    line = lines[at]
    if line.text[0] in _DRAWN:
        drawn = read_drawn(lines, at)
        if drawn and kind_of_grid(drawn[1]) in ("form", "data"):
            return LinearTable(at, drawn[0], drawn[1], ())
    if len(line.text) <= _MAX_HEAD:
        words = line.cells or tuple(line.text.split(" ", 1))
        if len(words[0]) > _LONGEST_HEAD:
            return None
        if heads_column(words[0]) or (line.cells and sum(map(heads_column, words)) >= _MANY_HEADS):
            return _Run(lines, at).read()
    return None


class _Run:
    """One run of lines, read from its header on."""

    def __init__(self, lines: tuple[Line, ...], first: int) -> None:
        self.lines = lines
        self.first = first
        self.at = first
        self.rows: list[tuple[GridCell, ...]] = []
        self.findings: list[Finding] = []
        self.last: tuple[_Token, _Token | None, list[_Token]] | None = None  # label, unit and values of the last row
        self.groups: dict[str, str] = {}  # key of a group of the form → its printed label

    def read(self) -> LinearTable | None:
        columns = _columns(self._header())
        if columns is None:
            return None
        depth = self._head_rows(columns)
        last = self.at - 1
        while (end := self._row(columns)) is not None:
            last = end
            self.at = end + 1
        if len(self.rows) == depth:
            return None
        width = max(cell.col_end for row in self.rows for cell in row)
        rows = tuple(self.rows)
        grid = Grid(rows, hanging_cells(rows, _DEEPEST_HEAD), width, "", ())
        return LinearTable(self.first, last, grid, tuple(self.findings))

    def _header(self) -> list[_Token]:
        heads: list[_Token] = self._groups_before()
        while self.at < len(self.lines):
            if _RULE.fullmatch(self.lines[self.at].text):
                self.at += 1
                continue
            words = self._words(self.at)
            named = [word for word in words if heads_column(word)]
            notes = sum(1 for word in words if _NOTE.fullmatch(word))
            whole = bool(words) and len(named) + notes == len(words)
            # Kept layout: the rest of a note in the corner may stand on the line of the heads.
            if not whole and (len(named) < _MANY_HEADS or len(named) + 1 < len(words)):
                break
            heads += [_Token(word, self.at) for word in named]
            self.at += 1
            if len(heads) > _MOST_HEADS:
                return []
        return heads

    def _groups_before(self) -> list[_Token]:
        """Names of groups of columns that stand in the two lines above the heads, where text kept its layout."""
        groups: list[_Token] = []
        book = load_forms()
        for at in range(max(self.first - 2, 0), self.first):
            line = self.lines[at]
            words = [word for word in line.cells or (line.text,) if split_label(word).words in book.col_groups]
            groups += [_Token(word, at) for word in words]
        if groups:
            self.first = groups[0].line
        return groups

    def _head_rows(self, columns: _Columns) -> int:
        """Write the header into the grid; the number of rows it takes."""
        depth = max(len(path) for path in columns.paths)
        stubs = _stub_columns(columns)
        rows: list[list[GridCell]] = [[] for _ in range(depth)]
        if stubs:
            rows[0].append(make_cell(0, 0, depth, stubs, ""))
        for column, path in enumerate(columns.paths):
            for level, label in enumerate(path):
                before = rows[level][-1] if rows[level] else None
                if before and before.text == label and columns.paths[column - 1][: level + 1] == path[: level + 1]:
                    rows[level][-1] = _cell(level, before.col, column + stubs + 1, label)
                    continue
                end = depth if level == len(path) - 1 else level + 1
                rows[level].append(_cell(level, column + stubs, column + stubs + 1, label)._replace(row_end=end))
        self.rows += [tuple(row) for row in rows]
        return depth

    def _words(self, at: int) -> list[str]:
        """The cells on a line: the line itself, or its parts where blanks separate heads, units and values."""
        line = self.lines[at]
        if line.grid is not None or not line.text:
            return []
        if line.cells:
            return list(line.cells)
        parts = line.text.split(" ")
        if len(parts) > 1 and (
            all(heads_column(part) for part in parts) or all(_is_value(part) or _is_unit(part) for part in parts[1:])
        ):
            return parts
        return [line.text]

    def _row(self, columns: _Columns) -> int | None:
        """Read one row from `self.at`; its last line, or None where the table ends."""
        tokens = self._tokens(self.at)
        if not tokens:
            return None
        n_values = columns.roles.count("value")
        if _is_value(tokens[0].text) and columns.forms and not columns.rows:
            return self._values(None, None, _leading_values(tokens), columns, n_values)
        if not _is_label(tokens[0].text):
            # The number of a page may stand alone between two rows.
            alone = n_values > 1 and len(self._words(self.at)) == 1 and tokens[0].text.isdigit()
            return self.at if alone and len(tokens) > 1 and _is_row_label(tokens[1].text) else None
        label, rest = tokens[0], tokens[1:]
        glued = _GLUED.fullmatch(label.text)
        if glued and _is_row_label(glued["label"]):
            self._refuse(label.line, glued["label"], glued["digits"], n_values)
            return label.line
        unit = rest.pop(0) if rest and _is_unit(rest[0].text) and "unit" in columns.roles else None
        found = _leading_values(rest)
        if found:
            # Where a row stands in one line, a number in the next is another's, such as the page's.
            same_line = [token for token in found if token.line == label.line]
            return self._values(label, unit, same_line or found, columns, n_values)
        if unit is None and not _is_row_label(label.text):
            # The rest of a label that was folded; else the title of the next table, or the text after this one.
            return label.line if self._go_on(label.text, columns, n_values) else None
        if rest and heads_column(rest[0].text) and unit is None:
            return None
        if unit is not None and find_unit(fold(unit.text)):  # a row whose value cells are blank
            blanks = [_Token("", unit.line, unit.start + len(unit.text))] * n_values
            return self._values(label, unit, blanks, columns, n_values)
        self._open_group(label.text, columns)
        return (unit or label).line

    def _tokens(self, at: int) -> list[_Token]:
        """The cells from a line on, as far as one row can reach."""
        tokens: list[_Token] = []
        while at < len(self.lines) and len(tokens) < _MAX_ROW:
            if _RULE.fullmatch(self.lines[at].text):
                at += 1
                continue
            words = self._words(at)
            if not words:
                break
            starts = accumulate((len(word) + 1 for word in words), initial=0)
            tokens += [_Token(word, at, start) for word, start in zip(words, starts, strict=False)]
            at += 1
        return tokens

    def _values(
        self, label: _Token | None, unit: _Token | None, found: list[_Token], columns: _Columns, n_values: int
    ) -> int:
        if len(found) != n_values:
            printed = " ".join(token.text for token in found)
            self._refuse(found[0].line, label.text if label else "", printed, n_values)
            return found[-1].line
        stubs = _stub_columns(columns)
        cells: list[tuple[int, int, str, str]] = []
        if label is not None:
            labels = [*self._groups_above(label.text, columns), label.text]
            ends = [*range(1, len(labels)), stubs or 1]
            first = 0 if stubs else columns.roles.index("stub")
            spans = enumerate(zip(ends, labels, strict=True))
            cells += [(first + i, first + end, text, "") for i, (end, text) in spans]
        if unit is not None:
            at = columns.roles.index("unit")
            cells.append((at, at + 1, unit.text, ""))
        places = [i + stubs for i, role in enumerate(columns.roles) if role == "value"]
        cells += [(place, place + 1, token.text, place_of(*token)) for place, token in zip(places, found, strict=True)]
        self.last = (label, unit, found) if label is not None else None
        row = len(self.rows)
        self.rows.append(tuple(_cell(row, *cell) for cell in sorted(cells)))
        return found[-1].line

    def _go_on(self, text: str, columns: _Columns, n_values: int) -> bool:
        """Append a line to the last row's label, where the label is open or only both together are one of a form."""
        if self.last is None:
            return False
        label, unit, found = self.last
        whole = _Token(label.text + text, label.line)
        if not _is_row_label(whole.text) and label.text.count("（") <= label.text.count("）"):
            return False
        self.rows.pop()
        self._values(whole, unit, found, columns, n_values)
        return True

    def _open_group(self, label: str, columns: _Columns) -> None:
        words = split_label(label).words
        for item in columns.rows:
            if item.axis == "rowgroup" and item.label.words == words:
                self.groups[item.key] = label

    def _groups_above(self, label: str, columns: _Columns) -> list[str]:
        """Printed labels of the groups that the form puts a row in: the last printed ones it can belong to."""
        by_key = {item.key: item for item in columns.rows}
        words = split_label(label).words
        for item in columns.rows:
            if item.axis == "row" and item.label.words == words:
                chain: list[str] = []
                key = item.parent
                while key in by_key:
                    if key in self.groups:
                        chain.insert(0, self.groups[key])
                    key = by_key[key].parent
                return chain[: _STUB_COLUMNS - 1]
        return []

    def _refuse(self, line: int, label: str, printed: str, n_values: int) -> None:
        together = " " not in printed
        code = "digits_run_together" if together else "row_incomplete"
        why = "cells ran together" if together else f"the header has {n_values} value columns"
        self.findings.append(Finding(code, f"line {line}", f"{label}: {printed} cannot be placed, {why}"))


def _stub_columns(columns: _Columns) -> int:
    return _STUB_COLUMNS if columns.rows else 0


def _columns(heads: list[_Token]) -> _Columns | None:
    """The columns that a run of heads names, None where they name no table."""
    texts = [head.text for head in heads]
    if len(texts) < 2:
        return None
    forms = _forms_of(texts)
    if forms:
        paths = _form_paths(heads, forms[0])
        return _Columns(("value",) * len(paths), paths, forms)
    roles = tuple(role_of(text) for text in texts)
    if "value" not in roles or "stub" not in roles or "" in roles:
        return None
    return _Columns(roles, tuple((text,) for text in texts), ())


def _forms_of(texts: list[str]) -> tuple[FormTable, ...]:
    """The forms' tables of which all columns, and nothing but them, their groups and the label's name are printed."""
    printed = Counter(split_label(text).words for text in texts if role_of(text) != "stub")
    found = []
    for table in load_forms().tables:
        names = Counter(col.label.words for col in table.cols)
        groups = {words for path in table.col_groups for words in path}
        if table.cols and not names - printed and all(words in groups for words in printed - names):
            found.append(table)
    return tuple(found)


def _form_paths(heads: list[_Token], form: FormTable) -> tuple[tuple[str, ...], ...]:
    """Column paths in the order of the columns, from heads printed header row by header row.

    Where all columns are named in one line they stand in its order. Else a column stands where its outermost group
    stands, within it where the next group stands, and so on: sorting by the places of all labels of a path gives the
    order of columns that the values follow.
    """
    free: dict[str, list[int]] = {}
    for at, head in enumerate(heads):
        free.setdefault(split_label(head.text).words, []).append(at)
    keyed: list[tuple[tuple[int, ...], tuple[str, ...]]] = []
    leaves: list[int] = []
    for col, groups in zip(form.cols, form.col_groups, strict=True):
        places = [free[words][0] for words in groups if words in free]
        leaves.append(free[col.label.words].pop(0))
        places.append(leaves[-1])
        keyed.append((tuple(places), tuple(heads[place].text for place in places)))
    if len({heads[leaf].line for leaf in leaves}) == 1:
        keyed = [((leaf,), path) for leaf, (_, path) in zip(leaves, keyed, strict=True)]
    return tuple(path for _, path in sorted(keyed))


def _cell(row: int, start: int, end: int, text: str, path: str = "") -> GridCell:
    return make_cell(row, start, row + 1, end, text, path)


def _leading_values(tokens: list[_Token]) -> list[_Token]:
    found: list[_Token] = []
    for token in tokens:
        if not _is_value(token.text):
            break
        found.append(token)
    return found


def _is_value(text: str) -> bool:
    return parse_value(text, 1).state in ("number", "slash", "dash")


def _is_unit(text: str) -> bool:
    folded = fold(text)
    return find_unit(folded) is not None or folded in _UNIT_DASHES


def _is_label(text: str) -> bool:
    return (
        len(text) <= _MAX_LABEL
        and not text.endswith(("。", "；"))
        and parse_value(text, 1).state == "text"
        and not heads_column(text)
    )


def _is_row_label(text: str) -> bool:
    words = split_label(text).words
    book = load_forms()
    return words in book.rows or ("row", words) in book.aliases
