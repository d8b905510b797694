"""Rows of an answer on a terminal: a table where its columns fit, one row under the other where they do not."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outputs.answers import field_text

NO_VALUE = "∅"
"""What stands for null: nothing printed, or nothing known. An empty cell could be taken for empty text."""

_NARROW = 14
"""Cells of the screen to which a column of text may be folded before the rows are rather listed."""

_BETWEEN = 2
"""Cells between two columns."""


def print_rows(
    console: Console, columns: Sequence[str], numeric: Sequence[bool], rows: Iterable[Sequence[Any]], limit: int | None
) -> None:
    """Print up to `limit` rows (None for all) and then how many there are; the rest is counted, not held."""
    rest = iter(rows)
    shown = [[None if value is None else field_text(value) for value in row] for row in islice(rest, limit)]
    n_rows = len(shown) + sum(1 for _ in rest)
    needed = sum(_least_width(name, shown, place, numeric[place]) + _BETWEEN for place, name in enumerate(columns))
    if needed - _BETWEEN <= console.width:
        console.print(_table(columns, numeric, shown))
    else:
        _list(console, columns, shown)
    console.print(rows_said(n_rows, len(shown)), soft_wrap=True)


def rows_said(n_rows: int, n_shown: int) -> str:
    """Return how many rows there are, and how many of them were left out."""
    noun = "row" if n_rows == 1 else "rows"
    if n_shown == n_rows:
        return f"({n_rows:,} {noun})"
    return f"({n_shown:,} of {n_rows:,} {noun}; --limit 0 gives all)"


def _least_width(name: str, rows: list[list[str | None]], place: int, is_number: bool) -> int:
    """Cells that a column needs at least: numbers are never folded, text may be."""
    longest = max((cell_len(row[place] or NO_VALUE) for row in rows), default=0)
    return max(longest, min(cell_len(name), _NARROW)) if is_number else min(max(longest, cell_len(name)), _NARROW)


def _table(columns: Sequence[str], numeric: Sequence[bool], rows: list[list[str | None]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, _BETWEEN - 1, 0, 0), pad_edge=False, show_edge=False)
    for place, name in enumerate(columns):
        least = _least_width(name, rows, place, numeric[place])
        table.add_column(
            Text(name), justify="right" if numeric[place] else "left", overflow="fold", min_width=least, no_wrap=False
        )
    for row in rows:
        table.add_row(*map(_cell, row))
    return table


def _cell(text: str | None) -> Text:
    return Text(NO_VALUE, style="dim") if text is None else Text(text)


def _list(console: Console, columns: Sequence[str], rows: list[list[str | None]]) -> None:
    for number, row in enumerate(rows, 1):
        console.rule(f"row {number}", align="left", style="dim")
        grid = Table.grid(padding=(0, _BETWEEN, 0, 0))
        grid.add_column(overflow="fold", max_width=max(console.width // 3, _NARROW))
        grid.add_column(overflow="fold")
        for name, text in zip(columns, row, strict=True):
            grid.add_row(Text(name, style="bold"), _cell(text))
        console.print(grid)
