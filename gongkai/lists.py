"""Lists of a report on the screen: a title with the number of its lines, columns, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from gongkai.plaintext import safe


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: its title, its columns, all of its rows; columns named in `numeric` are set to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[str, ...] = ()


def print_list(console: Console, listing: Listing, limit: int) -> None:
    """Print a list after an empty line; `limit` is the number of rows, 0 for all of them."""
    table = Table(
        title=f"{listing.title} ({len(listing.rows):,})",
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
    )
    for name in listing.columns:
        table.add_column(name, overflow="fold", justify="right" if name in listing.numeric else "left")
    for row in shown(listing.rows, limit):
        table.add_row(*(Text(safe(text)) for text in row))
    console.print()
    console.print(table)
    if said := left_out(len(listing.rows), limit, "lines"):
        console.print(Text(said), soft_wrap=True)


def shown(rows: Sequence[Any], limit: int) -> Sequence[Any]:
    """The rows that a limit leaves; 0 is no limit."""
    return rows[:limit] if limit else rows


def left_out(n_rows: int, limit: int, what: str) -> str:
    """Say what the limit left out; '' where it left out nothing."""
    return f"{limit:,} of {n_rows:,} {what} are shown; --limit 0 shows all." if limit and n_rows > limit else ""


def many(count: int, noun: str) -> str:
    """A number with its noun.

    >>> many(1, "agency"), many(2000, "agency"), many(2, "address"), many(2, "file")
    ('1 agency', '2,000 agencies', '2 addresses', '2 files')
    """
    plural = noun.removesuffix("y") + "ies" if noun.endswith("y") else noun + ("es" if noun.endswith("s") else "s")
    return f"{count:,} {noun if count == 1 else plural}"


def spans(years: Sequence[int]) -> str:
    """Years that follow each other as one span, others one by one.

    >>> spans([2008, 2009, 2010, 2013])
    '2008-2010, 2013'
    """
    found: list[list[int]] = []
    for year in years:
        if found and found[-1][-1] == year - 1:
            found[-1].append(year)
        else:
            found.append([year])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in found)
