"""The numbers of a report in the order of its sections: tables by indicator, sentences with their numbers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from outputs.explorer.records import Desk
from outputs.explorer.shown.numbers import Number

Column = tuple[str, str]
"""Of a table: kind of applicant and measure."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """An indicator in a table: its numbers column by column, None where the table has none."""

    numbers: tuple[Number | None, ...]

    @property
    def lead(self) -> Number:
        """The number that stands for the row: its first."""
        return next(number for number in self.numbers if number is not None)

    @property
    def unit(self) -> str:
        """The unit that all numbers of the row have, '' where they differ."""
        units = {number.unit for number in self.numbers if number is not None}
        return units.pop() if len(units) == 1 else ""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of the page: its facts by indicator and column, sums of its cells too; `others` are its other cells."""

    table_no: int
    title: str
    columns: tuple[Column, ...]
    rows: tuple[ShownRow, ...]
    others: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in pieces, each with its number or None; `apart` are numbers without words of their own in it."""

    pieces: tuple[tuple[str, Number | None], ...]
    apart: tuple[Number, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its heading, tables, facts of its prose, other sentences with numbers, and its text, a block a line.

    `section_no` is None for what stands outside the sections; `depth` is 0 at the top. `sums` are derived facts that
    name no cell of a table; `others` counts the numbers of the prose that gave no fact.
    """

    section_no: int | None
    heading: str
    depth: int
    text: str
    tables: tuple[ShownTable, ...]
    stated: tuple[Number, ...]
    sums: tuple[Number, ...]
    sentences: tuple[Sentence, ...]
    others: int


def listed(desk: Desk, capture_id: str, numbers: Sequence[Number]) -> list[Part]:
    """Return the sections of a report in its order; numbers outside the sections come last."""
    by_section: dict[int | None, list[Number]] = defaultdict(list)
    for each in numbers:
        by_section[each.section_no].append(each)
    sections = {
        row["section_no"]: row
        for row in desk.rows(
            "SELECT section_no, parent_no, number, title, text FROM sections WHERE capture_id = ? ORDER BY section_no",
            capture_id,
        )
    }
    # a section that is not in the table is as good as none, and loses no number
    order = [*sections, *(no for no in by_section if no not in sections)]
    return [_part(no, by_section[no], sections) for no in order]


def _part(section_no: int | None, numbers: Sequence[Number], sections: Mapping[int, Row]) -> Part:
    by_table: dict[int, list[Number]] = defaultdict(list)
    in_prose, sums = [], []
    for each in numbers:
        table_no = _table_of(each)
        if table_no is not None:
            by_table[table_no].append(each)
        elif each.source == "derived":
            sums.append(each)
        else:
            in_prose.append(each)
    in_prose.sort(key=_start)
    sentences = _sentences(in_prose)
    row = sections.get(section_no) if section_no is not None else None
    return Part(
        section_no,
        f"{row['number'] or ''}{row['title'] or ''}" if row else "",
        _depth(section_no, sections),
        row["text"] or "" if row else "",
        tuple(_table(table_no, by_table[table_no]) for table_no in sorted(by_table)),
        tuple(each for each in in_prose if each.fact is not None),
        tuple(sums),
        sentences,
        sum(each.fact is None for each in in_prose),
    )


def _depth(section_no: int | None, sections: Mapping[int, Row]) -> int:
    seen: set[int] = set()
    while section_no is not None and section_no in sections and section_no not in seen:
        seen.add(section_no)
        section_no = sections[section_no]["parent_no"]
    return max(0, len(seen) - 1)


def _table_of(each: Number) -> int | None:
    """The table whose cell a number is, or whose cells it is a sum of."""
    if each.source == "prose":
        return None
    place = _cell_of(each)
    return place[0] if place else None


def _cell_of(each: Number) -> tuple[int, int, int] | None:
    first = each.anchors[0].split("-") if each.anchors else []
    if not first or first[0] != "c":
        return None
    table_no, row, col = map(int, first[1:])
    return table_no, row, col


def _table(table_no: int, numbers: Sequence[Number]) -> ShownTable:
    facts = [each for each in numbers if each.fact is not None]
    columns = sorted({(each.applicant, each.measure) for each in facts}, key=_column_order(facts))
    by_indicator: dict[str, dict[Column, Number]] = defaultdict(dict)
    for each in facts:
        by_indicator[each.indicator][each.applicant, each.measure] = each
    rows = sorted(by_indicator.values(), key=lambda row: min(map(_row_order, row.values())))
    title = next((each.cell["table_title"] for each in numbers if each.cell and each.cell["table_title"]), "")
    return ShownTable(
        table_no,
        title,
        tuple(columns),
        tuple(ShownRow(tuple(row.get(column) for column in columns)) for row in rows),
        tuple(each for each in numbers if each.fact is None),
    )


def _row_order(each: Number) -> tuple[int, bool, int, int]:
    """As printed; a sum of several rows stands before them, that of more rows first, a sum within a row after it."""
    _, row, col = _cell_of(each) or (0, 0, 0)
    rows = {anchor.split("-")[2] for anchor in each.anchors}
    return row, each.source == "derived" and len(rows) == 1, col, -len(each.anchors)


def _column_order(facts: Iterable[Number]) -> Callable[[Column], Any]:
    """The year before all years, the total first, then the kinds of applicant as printed from left to right."""
    left: dict[Column, int] = {}
    for each in facts:
        place = _cell_of(each)
        if place is not None:
            column = (each.applicant, each.measure)
            left[column] = min(left.get(column, place[2]), place[2])
    return lambda column: (column[1] != "annual", column[0] != "total", left.get(column, 0), column)


def _start(each: Number) -> tuple[int, int]:
    row = each.claim or each.fact
    assert row is not None, "a number of the prose has a row in facts or claims"
    return row["block_no"], row["char_start"]


def _sentences(numbers: Sequence[Number]) -> tuple[Sentence, ...]:
    """The sentences that have a number which is no fact, each with all its numbers."""
    by_sentence: dict[tuple[int, str], list[Number]] = defaultdict(list)
    for each in numbers:
        if each.claim is not None:
            by_sentence[each.claim["block_no"], each.claim["sentence"]].append(each)
    return tuple(
        _sentence(text, found) for (_, text), found in by_sentence.items() if any(each.fact is None for each in found)
    )


def _sentence(text: str, numbers: Sequence[Number]) -> Sentence:
    begin = _begin(text, numbers)
    pieces: list[tuple[str, Number | None]] = []
    apart = []
    end = 0
    for each in numbers:
        start, raw = _start(each)[1] - begin, each.raw
        if start >= end and text[start : start + len(raw)] == raw:
            pieces += [(text[end:start], None), (raw, each)]
            end = start + len(raw)
        else:
            apart.append(each)
    pieces.append((text[end:], None))
    return Sentence(tuple(piece for piece in pieces if piece[0]), tuple(apart), tuple(numbers))


def _begin(text: str, numbers: Sequence[Number]) -> int:
    """Where in its block a sentence begins: there where most of its numbers stand as they are printed."""
    found: dict[int, int] = defaultdict(int)
    for each in numbers:
        place = text.find(each.raw)
        while place >= 0:
            found[_start(each)[1] - place] += 1
            place = text.find(each.raw, place + 1)
    return max(found, key=lambda begin: (found[begin], -begin), default=0)
