"""A page of a comparison as Markdown: everything that is in it, tables as pipes, differences struck and bold."""

from collections.abc import Iterator, Sequence

from outputs.compare.page import Block, Cell, Grid, Page
from outputs.textdiff import Change

_ESCAPED = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|~#"})


def markdown_text(page: Page) -> str:
    """Return the page as Markdown."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield from (f"# {_escaped(page.title)}", "", f"**{_escaped(page.headline)}**", "")
    for name, cell in page.about:
        yield f"- {_escaped(name)}: {_cell(cell)}"
    for warning in page.warnings:
        yield f"- ⚠ {_escaped(warning)}"
    for block in page.blocks:
        yield from ("", f"## {_escaped(block.title)}", "")
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    for line in block.lines:
        yield from (_escaped(line), "")
    if block.grid is not None:
        yield from _grid(block.grid)
    for title, changes in block.texts:
        yield from (f"### {_escaped(title)}", "", _changes(changes), "")


def _grid(grid: Grid) -> Iterator[str]:
    yield _row([_escaped(column.name) for column in grid.columns])
    yield _row(["---:" if column.is_number else "---" for column in grid.columns])
    for no, row in enumerate(grid.rows):
        cells = [_cell(cell) for cell in row]
        yield _row([f"**{cells[0]}**", *cells[1:]] if no in grid.marked else cells)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    text = _escaped(cell.text)
    address = cell.href.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("|", "%7C")
    text = f"[{text}](<{address}>)" if cell.href and text else text
    return f"{text} {_escaped(cell.small)}" if cell.small else text


def _changes(changes: Sequence[Change]) -> str:
    marks = {"equal": "", "delete": "~~", "insert": "**"}
    lines = []
    for kind, text in changes:
        # a mark must not run over the end of a line
        pieces = [f"{marks[kind]}{_escaped(piece)}{marks[kind]}" if piece.strip() else "" for piece in text.split("\n")]
        lines.append("\n\n".join(pieces))
    return "".join(lines)


def _escaped(text: str) -> str:
    return " ".join(text.translate(_ESCAPED).split()) if "\n" in text else text.translate(_ESCAPED)
