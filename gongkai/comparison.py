"""A comparison on the screen: the headline first, then as much as fits; what is left out is counted."""

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.plaintext import safe
from outputs.compare.page import Block, Cell, Grid, Page
from outputs.textdiff import Change

ROWS = 12
"""Rows of each table that a screen is shown unless told."""

_FILE_WIDTH = 160

_CONTEXT = 16
"""Characters of unchanged text around a change: about one clause."""

_EXCERPT = 80
"""Characters of a deleted or inserted run that are shown where a text is not printed whole."""

_STYLES = {"equal": "", "delete": "red strike", "insert": "green"}
_MARKS = {"equal": ("", ""), "delete": ("[-", "-]"), "insert": ("{+", "+}")}
"""As in wdiff: colours are lost in a pipe, and not everybody sees them."""


def print_comparison(console: Console, page: Page, limit: int) -> None:
    """Print a page; `limit` rows of each table and changes of each text, 0 for all of everything."""
    console.print(_text(page.headline, "bold"))
    console.print(_text(page.title))
    for name, cell in page.about:
        console.print(_text(f"  {name}  {_written(cell)}", "dim"))
    for warning in page.warnings:
        console.print(_text(f"  ! {warning}", "yellow"))
    for block in page.blocks:
        if block.folded and limit:
            console.print(_text(f"\n{block.title}: shown with --limit 0, and in every other --format.", "dim"))
            continue
        console.print(_text(f"\n{block.title}", "bold"))
        _print_block(console, block, limit)


def to_file(file: TextIO) -> Console:
    """Return a console that writes plain text into a file, wide enough that few cells need wrapping."""
    return Console(file=file, highlight=False, width=_FILE_WIDTH, color_system=None)


def _print_block(console: Console, block: Block, limit: int) -> None:
    for line in block.lines:
        console.print(_text(line, "dim"))
    if block.grid is not None:
        console.print(_table(block.grid, limit))
        _say_left(console, len(block.grid.rows), limit, "rows")
    for title, changes in block.texts:
        console.print(_text(title, "bold"))
        if not limit:
            console.print(_whole(changes))
            continue
        excerpts = list(_excerpts(changes))
        for excerpt in excerpts[:limit]:
            console.print(excerpt)
        _say_left(console, len(excerpts), limit, "changes")


def _say_left(console: Console, count: int, limit: int, what: str) -> None:
    if limit and count > limit:
        console.print(_text(f"… and {count - limit} more {what}: --limit 0 shows all.", "dim"))


def _table(grid: Grid, limit: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    kept = [no for no, column in enumerate(grid.columns) if any(row[no].text for row in grid.rows)]
    for no in kept:
        column = grid.columns[no]
        table.add_column(
            column.name,
            justify="right" if column.is_number else "left",
            overflow="fold",
            no_wrap=column.is_number,
        )
    for no, row in enumerate(grid.rows[: limit or None]):
        style = "bold yellow" if no in grid.marked else ""
        table.add_row(*(_text(_written(row[place]), style) for place in kept))
    return table


def _written(cell: Cell) -> str:
    return f"{cell.text} {cell.small}" if cell.small else cell.text


def _whole(changes: Sequence[Change]) -> Text:
    text = Text()
    for kind, words in changes:
        text.append_text(_marked(kind, words))
    return text


def _marked(kind: str, words: str) -> Text:
    first, last = _MARKS[kind]
    return _text(f"{first}{words}{last}", _STYLES[kind])


def _excerpts(changes: Sequence[Change]) -> Iterator[Text]:
    """Each change with the text around it, one a line; changes that stand close together share a line."""
    line = Text()
    for no, (kind, words) in enumerate(changes):
        flat = " ".join(words.split())
        if kind != "equal":
            line.append_text(_marked(kind, f"{flat[:_EXCERPT]}…" if len(flat) > _EXCERPT else flat))
        elif len(flat) <= 2 * _CONTEXT and 0 < no < len(changes) - 1:
            line.append(safe(flat))
        else:
            if no:
                line.append(safe(f"{flat[:_CONTEXT]}…" if len(flat) > _CONTEXT else flat))
                yield line
            line = _text(f"  …{flat[-_CONTEXT:]}" if len(flat) > _CONTEXT else f"  {flat}")
    if changes and changes[-1][0] != "equal":
        yield line


def _text(text: str, style: str = "") -> Text:
    return Text(safe(text), style)
