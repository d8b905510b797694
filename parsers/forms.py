"""Segments → forms: which statutory form's table each segment is.

The form is the one whose labels the table prints; the year of the report plays no part, for old forms live on.
"""

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.forms import FormBook, FormTable, load_forms
from corpus.labels import simplify, split_label
from parsers.records import Mapping
from parsers.tables import BodyRow, Segment

# A table is taken for a form when at least half of its labelled rows are rows of that form: provincial forms share up
# to a third of their labels with the national one (measured on the Fujian and Anhui forms).
_MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class PlacedSegment:
    """A segment with its place in the report: table, section, printed title, XPath of the table element."""

    table_no: int
    section_no: int | None
    title: str
    path: str
    segment: Segment


def choose_forms(placed: list[PlacedSegment]) -> list[tuple[PlacedSegment, int | None]]:
    """Give each segment the index of its form's table in `FormBook.tables`, None where it is no form's.

    Where two forms print the same table (table 4 of 2019 and of 2021), the report's other tables decide. A segment in
    which several tables of a form stand under one header is cut by table.
    """
    book = load_forms()
    options = [_options(place.segment) for place in placed]
    votes = Counter(book.tables[tables[0]].form_id for tables in options if len(tables) == 1)
    chosen: list[tuple[PlacedSegment, int | None]] = []
    previous = ""
    for place, tables in zip(placed, options, strict=True):
        if not tables:
            chosen.append((place, None))
            continue
        names = {t: book.tables[t].form_id for t in tables}
        best = min(tables, key=lambda t: (-votes[names[t]], names[t] != previous, names[t]))
        previous = names[best]
        chosen += _by_table(place, best, book)
    return chosen


@lru_cache(maxsize=16384)
def find_label(label: str, axis: str) -> dict[tuple[int, int], Mapping]:
    """Where a label stands in the forms: (table, row or column) → `exact`, or `alias` by a listed spelling."""
    book = load_forms()
    index = book.rows if axis == "row" else book.cols
    found: dict[tuple[int, int], Mapping] = {}
    for text in dict.fromkeys((label, simplify(label))):
        parts = split_label(text)
        for words in (parts.full, parts.words):
            for place in index.get(words, ()):
                found.setdefault(place, "exact" if text is label else "alias")
        for words in book.aliases.get((axis, parts.words), ()):
            for place in index.get(words, ()):
                found.setdefault(place, "alias")
    return found


@lru_cache(maxsize=16384)
def _tables_with(label: str, axis: str) -> frozenset[int]:
    """Tables in which a label is a row with values (（六）其他处理 is one in 2019 and a group in 2021), or a column."""
    tables = load_forms().tables
    return frozenset(t for t, i in find_label(label, axis) if axis == "col" or tables[t].rows[i].axis == "row")


def _options(segment: Segment) -> tuple[int, ...]:
    """The form tables that a segment's labels fit best, all of equal rank."""
    row_labels = tuple([row.labels[-1] for row in segment.rows if row.labels])
    col_labels = tuple([column.path[-1] for column in segment.columns if column.path])
    return _best_tables(row_labels, col_labels, len(segment.columns))


# The tables of an archive have few sets of labels; a set is some kilobytes.
@lru_cache(maxsize=512)
def _best_tables(row_labels: tuple[str, ...], col_labels: tuple[str, ...], n_columns: int) -> tuple[int, ...]:
    book = load_forms()
    row_hits: Counter[int] = Counter()
    side_hits: Counter[int] = Counter()  # names of columns that stand as row labels: table 4 on its side
    for label in row_labels:
        row_hits.update(_tables_with(label, "row"))
        side_hits.update(_tables_with(label, "col"))
    col_hits: Counter[int] = Counter()
    for label in col_labels:
        col_hits.update(_tables_with(label, "col"))
    best: tuple[float, float] = (0.0, 0.0)
    ranked: dict[int, tuple[float, float]] = {}
    for t in {*row_hits, *col_hits, *side_hits}:
        table = book.tables[t]
        rows = row_hits[t] / len(row_labels) if row_labels else 0.0
        if not table.cols:
            score = (rows, rows * len(row_labels) / len(table.rows)) if rows >= _MIN_SHARE else (0.0, 0.0)
        else:
            cols = min(col_hits[t] / n_columns, 1.0) if n_columns else 0.0
            if not table.rows and row_labels:
                cols = max(cols, side_hits[t] / len(row_labels))
            fits = cols >= _MIN_SHARE and (rows >= _MIN_SHARE or not table.rows)
            score = (cols + rows, -abs(len(table.cols) - n_columns)) if fits else (0.0, 0.0)
        ranked[t] = score
        best = max(best, score)
    return tuple(sorted(t for t, score in ranked.items() if score == best and score[0] > 0))


def _by_table(place: PlacedSegment, own: int, book: FormBook) -> list[tuple[PlacedSegment, int | None]]:
    """A segment cut by the form's tables, where several of them were printed under one header.

    行政许可 (第二十条第（五）项) and 行政处罚 (第（六）项) share 本年处理决定数量 and often a table.
    """
    table: FormTable = book.tables[own]
    if not table.cols or not table.rows:
        return [(place, own)]
    parts: dict[int, list[BodyRow]] = {}
    for row in place.segment.rows:
        found = _tables_with(row.labels[-1], "row") if row.labels else frozenset((own,))
        others = [] if own in found else [t for t in found if book.tables[t].form_id == table.form_id]
        parts.setdefault(min(others, default=own), []).append(row)
    if list(parts) == [own]:
        return [(place, own)]
    segment = place.segment
    return [
        (replace(place, segment=Segment(segment.title, segment.columns, tuple(rows), segment.unit_text)), t)
        for t, rows in parts.items()
    ]
