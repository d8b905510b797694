"""A comparison as a page: headline, who is compared, tables, texts. The screen, Markdown and HTML print this."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from outputs.arrow import plain
from outputs.compare.records import ReportRef, SectionChange
from outputs.textdiff import Change as TextChange


class Cell(NamedTuple):
    """Text of a cell; `href` is the address of the page that it was read from, `hint` the place in it.

    `small` stands after the text and is of less weight: the id behind a label.
    """

    text: str
    href: str = ""
    hint: str = ""
    small: str = ""


class Column(NamedTuple):
    """Head of a column; numbers stand to the right."""

    name: str
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; `marked` are the places of rows that stand out."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    marked: frozenset[int] = frozenset()


class TextBlock(NamedTuple):
    """A text with its differences."""

    title: str
    changes: tuple[TextChange, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the page under its own heading. `folded`: of use only to who asks; a screen gives its size alone."""

    title: str
    lines: tuple[str, ...] = ()
    grid: Grid | None = None
    texts: tuple[TextBlock, ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A whole comparison. `about` are names and values: the two reports or datasets."""

    title: str
    headline: str
    about: tuple[tuple[str, Cell], ...]
    warnings: tuple[str, ...]
    blocks: tuple[Block, ...]


def number(value: Decimal | None) -> str:
    """Write a number with commas between thousands; '' where there is none.

    >>> number(Decimal("242523110.820")), number(Decimal("-18"))
    ('242,523,110.82', '-18')
    """
    return "" if value is None else f"{Decimal(plain(value)):,f}"


def signed(value: Decimal | None) -> str:
    """Write a difference with its sign; 0 has none."""
    return f"+{number(value)}" if value is not None and value > 0 else number(value)


def about_report(report: ReportRef) -> Cell:
    """Return the line that says which report takes part."""
    parts = [
        report.title or report.agency,
        f"scope {report.report_scope}",
        f"published {report.published_date}" if report.published_date else "",
        f"captured {report.captured_at}" if report.captured_at else "",
        f"capture {report.capture_id}",
        report.form_ids,
        report.source_uri,
    ]
    return Cell(" · ".join(filter(None, parts)), linkable(report.source_uri))


def linkable(source_uri: str) -> str:
    """Return an address that a browser may follow: those of the web, not paths and no scripts; else ''."""
    return source_uri if source_uri.startswith(("http://", "https://")) else ""


def place(report: ReportRef, where: str) -> tuple[str, str]:
    """Return link and hint for a number that was read at a place of a report."""
    return linkable(report.source_uri), f"{report.capture_id}: {where}" if where else ""


def section_blocks(sections: Sequence[SectionChange]) -> list[Block]:
    """Return the table of the sections and the texts of those that differ."""
    if not sections:
        return []
    columns = ("section", "heading before", "heading after", "what became of it")
    numbers = ("likeness", "copied", "characters before", "after")
    head = (*(Column(name) for name in columns), *(Column(name, is_number=True) for name in numbers))
    rows = tuple(
        tuple(
            map(
                Cell,
                (
                    part.section,
                    part.title_before,
                    part.title_after,
                    part.status.replace("_", " "),
                    _share(part.similarity),
                    _share(part.copied_share),
                    str(part.chars_before),
                    str(part.chars_after),
                ),
            )
        )
        for part in sections
    )
    texts = tuple(
        TextBlock(f"{part.title_after or part.title_before or part.section}: {part.status}", part.changes)
        for part in sections
        if part.status not in ("same", "no_text")
    )
    blocks = [Block("Sections", grid=Grid(head, rows))]
    return [*blocks, Block("Text", texts=texts)] if texts else blocks


_SAID = {
    "new": "new",
    "removed": "gone",
    "filled": "with text that had none",
    "emptied": "without text that had some",
    "rewritten": "rewritten",
    "changed": "changed",
    "copied": "copied",
}


def sections_said(sections: Sequence[SectionChange]) -> str:
    """Say in a few words what became of the sections."""
    counts = {word: sum(part.status == status for part in sections) for status, word in _SAID.items()}
    said = [f"{count} {word}" for word, count in counts.items() if count]
    return f"sections: {', '.join(said)}" if said else "no section differs"


def counted(number_of: int, one: str, many: str) -> str:
    """Say how many there are.

    >>> counted(1, "figure", "figures"), counted(0, "figure", "figures")
    ('1 figure', '0 figures')
    """
    return f"{number_of} {one if number_of == 1 else many}"


def _share(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
