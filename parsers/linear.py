"""Tables that were saved as running lines, one cell a line and no mark-up: found among the lines and given a grid.

A run opens with the names of its columns (指标, 单位, 数量). Then each row is a label, perhaps a unit, and as many values
as the header has value columns. Lost unit cells are common and harmless; a row with any other number of values
cannot be placed: it gives no cell but a finding that prints it, as do digits that ran together.
"""

import re
from dataclasses import dataclass

from corpus.forms import load_forms
from corpus.labels import fold, split_label
from corpus.units import find_unit
from parsers.grid import Grid, GridCell
from parsers.lines import Line
from parsers.numbers import parse_value
from parsers.records import Finding
from parsers.tables import heads_column, role_of

_MAX_LABEL = 80
_GLUED = re.compile(r"(?P<label>.*?[^0-9.,%])(?P<digits>[0-9]{2,})")
_UNIT_DASHES = frozenset(("-", "--", "---", "----", "—", "——"))


@dataclass(frozen=True, slots=True)
class LinearTable:
    """Lines `first` to `last` (included) are a table with this grid."""

    first: int
    last: int
    grid: Grid
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int


def find_linear_tables(lines: tuple[Line, ...]) -> list[LinearTable]:
    """All tables among plain lines, in order. Lines that are data tables already are left alone."""
    tables: list[LinearTable] = []
    at = 0
    while at < len(lines):
        if lines[at].grid is None and _opens(lines, at):
            table = _Run(lines, at).read()
            if table:
                tables.append(table)
                at = table.last + 1
                continue
        at += 1
    return tables


def _opens(lines: tuple[Line, ...], at: int) -> bool:
    text = lines[at].text
    return len(text) <= _MAX_LABEL and heads_column(text.split(" ")[0])


class _Run:
    """One run of lines, read from its header on."""

    def __init__(self, lines: tuple[Line, ...], first: int) -> None:
        self.lines = lines
        self.first = first
        self.at = first
        self.rows: list[tuple[GridCell, ...]] = []
        self.findings: list[Finding] = []

    def read(self) -> LinearTable | None:
        heads = self._header()
        roles = [role_of(head.text) for head in heads]
        values = [i for i, role in enumerate(roles) if role == "value"]
        if len(heads) < 2 or not values or "stub" not in roles:  # noqa: PLR2004  (a label and a value column)
            return None
        self._add([(i, head.text) for i, head in enumerate(heads)])
        last = self.at - 1
        while (end := self._row(roles, values)) is not None:
            last = end
            self.at = end + 1
        if len(self.rows) == 1:
            return None
        rows = tuple(self.rows)
        grid = Grid(rows, tuple(() for _ in rows), len(heads), "", ())
        return LinearTable(self.first, last, grid, tuple(self.findings))

    def _header(self) -> list[_Token]:
        heads: list[_Token] = []
        while self.at < len(self.lines):
            words = self._words(self.at)
            if not words or not all(heads_column(word) for word in words):
                break
            heads += [_Token(word, self.at) for word in words]
            self.at += 1
        return heads

    def _words(self, at: int) -> list[str]:
        """The cells on a line: the line itself, or its parts where blanks separate heads, units and values."""
        line = self.lines[at]
        if line.grid is not None or not line.text:
            return []
        parts = line.text.split(" ")
        if len(parts) > 1 and (
            all(heads_column(part) for part in parts) or all(_is_value(part) or _is_unit(part) for part in parts[1:])
        ):
            return parts
        return [line.text]

    def _row(self, roles: list[str], values: list[int]) -> int | None:
        """Read one row from `self.at`; its last line, or None where the table ends."""
        tokens = self._tokens(self.at)
        if not tokens or not _is_label(tokens[0].text):
            return None
        label = tokens[0]
        glued = _GLUED.fullmatch(label.text)
        if glued and _is_row_label(glued["label"]):
            self._refuse(label.line, glued["label"], glued["digits"], values)
            return label.line
        rest = tokens[1:]
        unit = rest.pop(0) if rest and _is_unit(rest[0].text) else None
        found = []
        while rest and _is_value(rest[0].text):
            found.append(rest.pop(0))
        if not found:
            if rest and heads_column(rest[0].text):
                return None  # the label is the title of the next table
            # A group's own line (一、主动公开情况): nothing to record, the rows below it count.
            return (unit or label).line if _is_row_label(label.text) else None
        stub = roles.index("stub")
        cells = [(stub, label.text)]
        if unit and "unit" in roles:
            cells.append((roles.index("unit"), unit.text))
        if len(found) == len(values):
            cells += [(column, token.text) for column, token in zip(values, found, strict=True)]
            self._add(sorted(cells))
        else:
            printed = " ".join(token.text for token in found)
            self._refuse(label.line, label.text, printed, values)
        return found[-1].line

    def _tokens(self, at: int) -> list[_Token]:
        """The cells from a line on, as far as one row can reach."""
        tokens: list[_Token] = []
        while at < len(self.lines) and len(tokens) < 24:  # noqa: PLR2004  (the widest form has 15 value columns)
            words = self._words(at)
            if not words:
                break
            tokens += [_Token(word, at) for word in words]
            at += 1
        return tokens

    def _refuse(self, line: int, label: str, printed: str, values: list[int]) -> None:
        together = " " not in printed
        code = "digits_run_together" if together else "row_incomplete"
        why = "cells ran together" if together else f"the header has {len(values)} value columns"
        self.findings.append(Finding(code, f"line {line}", f"{label}: {printed} cannot be placed, {why}"))

    def _add(self, cells: list[tuple[int, str]]) -> None:
        row = len(self.rows)
        self.rows.append(
            tuple(GridCell(row, at, row + 1, at + 1, text, 1, "", linked=False) for at, text in cells),
        )


def _is_value(text: str) -> bool:
    return parse_value(text, 1).state in ("number", "slash", "dash") and not _is_unit(text)


def _is_unit(text: str) -> bool:
    return find_unit(fold(text)) is not None or text in _UNIT_DASHES


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
