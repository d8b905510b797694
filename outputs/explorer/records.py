"""What passes between the pages of the explorer, and those who serve them or write them."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from outputs.explorer.addresses import Addresses


@dataclass(frozen=True, slots=True)
class ArchivedPage:
    """An archived page, made harmless and marked.

    `html` is a whole document without scripts, forms and addresses; `anchors` are the ids of the places that are marked
    in it (see paths.cell_anchor, paths.span_anchor); `unmarked` those that were asked for and could not be found in it.
    `sha256` is the digest of the archived bytes, of which there are `n_bytes`. `remark` is what a reader must know of
    the marks, '' as a rule.
    """

    html: str
    anchors: frozenset[str]
    unmarked: frozenset[str]
    sha256: str
    n_bytes: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class NoPage:
    """Why an archived page cannot be shown, and what to do about it."""

    what: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a page that is to be marked: a cell (`table_no`, `row`, `col`) or a span of a block's text.

    `note` is what the mark says of itself to those who point at it: plain text.
    """

    anchor: str
    note: str = ""
    table_no: int | None = None
    row: int | None = None
    col: int | None = None
    block_no: int | None = None
    char_start: int | None = None
    char_end: int | None = None


class Shelf(Protocol):
    """Where the archived pages of a dataset are kept."""

    def page(self, capture_id: str, places: Sequence[Place]) -> ArchivedPage | NoPage:
        """Return an archived page with the places marked."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a page is made from: the dataset, its index, the archived pages, and how addresses are written.

    `folder` is the dataset's; `base` a connection to the index that can only read, whose rows are sqlite3.Row.
    """

    folder: Path
    base: sqlite3.Connection
    shelf: Shelf
    addresses: Addresses

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a question to the index."""
        return self.base.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        """Return the first row of a question to the index, None where there is none."""
        found: sqlite3.Row | None = self.base.execute(query, values).fetchone()
        return found


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: the canonical path (see paths), the named parts of it, and the query behind it."""

    path: str
    parts: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a name in the query."""
        return next(iter(self.query.get(name, ())), default)


@dataclass(frozen=True, slots=True)
class Answer:
    """A page, or a file. `archived` says that it is an archived page, which gets rules of its own."""

    body: str | bytes
    media_type: str = "text/html; charset=utf-8"
    status: int = 200
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: which canonical paths it answers (a regular expression for the whole path), and how.

    `paths` gives every path that a static site holds of it; () for what needs a server. Names of paths may come
    percent-encoded or not: `Asked.parts` are plain. An answer may raise NotHereError.
    """

    name: str
    route: str
    answer: Callable[[Desk, Asked], Answer]
    paths: Callable[[Desk], Iterable[str]]


class NotHereError(LookupError):
    """What was asked for is not in this dataset; the words are for the reader."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


def number(value: Any) -> str:
    """Write a value as it is cited: all its digits, no exponent, no separators; '' for None.

    >>> number(859), number(59490886.67), number(12.0), number(None)
    ('859', '59490886.67', '12', '')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value)
