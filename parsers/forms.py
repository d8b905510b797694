"""Segments → cells: which form a table is, and what each of its values counts.

A value belongs to an indicator because its row label and its column label say so, never because of where it stands.
The form is the one whose labels the table prints; the year of the report plays no part. A label matches by letter, by
a listed spelling (`alias`) or by likeness (`fuzzy`); where none does, or several meanings remain, the cell stays
unmapped.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from corpus.forms import FormBook, FormTable, Meaning, load_forms
from corpus.labels import fold, simplify, split_label
from corpus.units import find_unit
from parsers.fuzzy import closest
from parsers.numbers import parse_value
from parsers.records import Finding, Mapping, TableCell
from parsers.tables import BodyRow, Column, Entry, Segment, unit_in

# A table is taken for a form when at least half of its labelled rows are rows of that form: provincial forms share up
# to a third of their labels with the national one (measured on the Fujian and Anhui forms).
_MIN_SHARE = 0.5
# Measures of columns that print the report year's own figure.
_OWN_MEASURES = frozenset(("annual", "cumulative", "annual_own", "annual_area"))
# Shorter words (其他原因, 检索费) mean an indicator only inside their form.
_MIN_FREE_WORDS = 5
# `表3 政府信息公开行政复议情况`: the number says nothing of what the table counts.
_TABLE_NUMBER = re.compile(r"^\s*附?表\s?[0-9一二三四五六七八九十]*\s?[:：.．、]?")
# The row of a group's own figure, where the group is a cell of its own.
_TOTALS = frozenset(("合计", "总计", "小计", "总数", "总数量", "数量"))


@dataclass(frozen=True, slots=True)
class PlacedSegment:
    """A segment with its place in the report."""

    table_no: int
    section_no: int | None
    title: str
    path: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class _Match:
    """How a printed label meets an item of a form."""

    index: int
    how: Mapping


def map_segments(placed: list[PlacedSegment], report_year: int | None) -> tuple[list[TableCell], list[Finding]]:
    """Turn all segments of a report into cells; findings name fuzzy matches and columns of other years."""
    book = load_forms()
    chosen = _choose_forms(placed, book)
    cells: list[TableCell] = []
    findings: list[Finding] = []
    for place, table in zip(placed, chosen, strict=True):
        for part, part_table in _by_table(place, table, book):
            mapper = _Mapper(part, part_table, book, report_year)
            cells += mapper.cells()
            findings += mapper.findings
    return cells, findings


def _by_table(
    place: PlacedSegment, table: FormTable | None, book: FormBook
) -> list[tuple[PlacedSegment, FormTable | None]]:
    """A segment cut by the form's tables, where several of them were printed under one header.

    行政许可 (第二十条第（五）项) and 行政处罚 (第（六）项) share 本年处理决定数量 and often a table.
    """
    if table is None or not table.cols or not table.rows:
        return [(place, table)]
    parts: dict[int, list[BodyRow]] = {}
    own = book.tables.index(table)
    for row in place.segment.rows:
        found = {t for t, _ in _lookup(row.labels[-1], "row", book)} if row.labels else {own}
        others = [t for t in sorted(found) if book.tables[t].form_id == table.form_id and own not in found]
        parts.setdefault(others[0] if others else own, []).append(row)
    segment = place.segment
    return [
        (
            replace(place, segment=Segment(segment.title, segment.columns, tuple(rows), segment.unit_text)),
            book.tables[t],
        )
        for t, rows in parts.items()
    ]


def _choose_forms(placed: list[PlacedSegment], book: FormBook) -> list[FormTable | None]:
    """The form table of each segment; where two forms print the same table, the report's other tables decide."""
    options = [_options(place.segment, book) for place in placed]
    votes = Counter(tables[0].form_id for tables in options if len(tables) == 1)
    chosen: list[FormTable | None] = []
    previous = ""
    for tables in options:
        ranked = sorted(tables, key=lambda t: (-votes[t.form_id], t.form_id != previous, t.form_id))
        chosen.append(ranked[0] if ranked else None)
        previous = ranked[0].form_id if ranked else previous
    return chosen


def _options(segment: Segment, book: FormBook) -> list[FormTable]:
    """The form tables that a segment's labels fit best, all of equal rank."""
    row_labels = [row.labels[-1] for row in segment.rows if row.labels]
    row_hits: Counter[int] = Counter()
    for label in row_labels:
        row_hits.update({t for t, _ in _lookup(label, "row", book)})
    col_hits: Counter[int] = Counter()
    for column in segment.columns:
        if column.path:
            col_hits.update({t for t, _ in _lookup(column.path[-1], "col", book)})
    scores: dict[int, tuple[float, float]] = {}
    for t, table in enumerate(book.tables):
        if table.cols:
            cols = min(col_hits[t] / len(segment.columns), 1.0) if segment.columns else 0.0
            rows = row_hits[t] / len(row_labels) if row_labels else 0.0
            if not table.rows:  # table 4, which is also printed on its side
                named = sum(1 for label in row_labels if t in {at for at, _ in _lookup(label, "col", book)})
                cols = max(cols, named / len(row_labels) if row_labels else 0.0)
            fits = cols >= _MIN_SHARE and (rows >= _MIN_SHARE or not table.rows)
            scores[t] = (cols + rows, -abs(len(table.cols) - len(segment.columns))) if fits else (0.0, 0.0)
        elif row_labels:
            share = row_hits[t] / len(row_labels)
            scores[t] = (share, share * len(row_labels) / len(table.rows)) if share >= _MIN_SHARE else (0.0, 0.0)
    best = max(scores.values(), default=(0.0, 0.0))
    return [book.tables[t] for t, score in scores.items() if score == best and score[0] > 0]


def _lookup(label: str, axis: str, book: FormBook) -> dict[tuple[int, int], Mapping]:
    """Where a label stands in the forms and how it meets them: letter for letter, or by a listed spelling."""
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


class _Mapper:
    """Maps one segment's rows and columns to the items of its form."""

    def __init__(self, place: PlacedSegment, table: FormTable | None, book: FormBook, year: int | None) -> None:
        self.place = place
        self.table = table
        self.book = book
        self.year = year
        self.findings: list[Finding] = []
        self.seen: list[str] = []  # keys of the rows matched so far: groups that later rows belong to
        self.taken: set[int] = set()

    def cells(self) -> list[TableCell]:
        segment = self.place.segment
        rows = self._match_rows(list(segment.rows))
        by_groups = self.table is not None and not self.table.rows
        columns = {} if by_groups else {id(column): self._match_column(column) for column in segment.columns}
        cells = []
        for row, match in zip(segment.rows, rows, strict=True):
            for entry in row.entries:
                cells.append(self._cell(row, match, entry, columns))
        return cells

    # -- rows

    def _match_rows(self, rows: list[BodyRow]) -> list[_Match | None]:
        table = self.table
        if table is None or not table.rows:
            return [None] * len(rows)
        matches: list[_Match | None] = []
        for row in rows:
            match = self._match_row(row, table)
            if match:
                self.taken.add(match.index)
                self.seen.append(table.rows[match.index].key)
            matches.append(match)
        for at, (row, match) in enumerate(zip(rows, matches, strict=True)):
            if match is None and row.labels:
                matches[at] = self._match_fuzzily(row, table)
        return matches

    def _match_row(self, row: BodyRow, table: FormTable) -> _Match | None:
        if not row.labels:
            return None
        label = row.labels[-1]
        groups = [split_label(text).words for text in row.labels[:-1]]
        candidates = self._row_candidates(label, table)
        if not candidates and groups and split_label(label).words in _TOTALS:
            return self._match_row(BodyRow(row.labels[:-1], row.unit_text, row.entries), table)
        picked = self._by_group(list(candidates), groups, table)
        return None if picked is None else _Match(picked, candidates[picked])

    def _row_candidates(self, label: str, table: FormTable) -> dict[int, Mapping]:
        """Rows of this form that a label may be, a letter-for-letter match before any other."""
        number = self.book.tables.index(table)
        found = {
            i: how for (t, i), how in _lookup(label, "row", self.book).items() if t == number and table.rows[i].axis == "row"
        }
        exact = {i: how for i, how in found.items() if how == "exact"}
        found = exact or found
        parts = split_label(label)
        full = {i: how for i, how in found.items() if parts.remark and table.rows[i].label.full == parts.full}
        same = {i: how for i, how in found.items() if parts.number and table.rows[i].label.number == parts.number}
        return full or same or found

    def _by_group(self, candidates: list[int], groups: list[str], table: FormTable) -> int | None:
        """The one candidate that stands in the printed group, or in the group that was opened last above it."""
        if len(candidates) <= 1:
            return candidates[0] if candidates and self._group_fits(candidates[0], groups, table) else None
        by_key = {item.key: item for item in table.rows}
        named = [i for i in candidates if (p := by_key.get(table.rows[i].parent)) and p.label.words in groups]
        if len(named) == 1:
            return named[0]
        opened = {key: at for at, key in enumerate(self.seen)}
        ranked = sorted((opened.get(table.rows[i].parent, -1), i) for i in candidates)
        if ranked[-1][0] > ranked[-2][0]:
            return ranked[-1][1]
        return None

    def _group_fits(self, index: int, groups: list[str], table: FormTable) -> bool:
        """A printed group that is another group of this form contradicts the row: 2.重复申请 under 不予公开 is none."""
        rows = {item.label.words: item.key for item in table.rows if item.axis == "rowgroup"}
        by_key = {item.key: item for item in table.rows}
        printed = {rows[words] for words in groups if words in rows}
        own: set[str] = set()
        key = table.rows[index].parent
        while key in by_key:
            own.add(key)
            key = by_key[key].parent
        return printed <= own

    def _match_fuzzily(self, row: BodyRow, table: FormTable) -> _Match | None:
        label = row.labels[-1]
        parts = split_label(simplify(label))
        groups = [split_label(simplify(text)).words for text in row.labels[:-1]]
        free = [
            i
            for i, item in enumerate(table.rows)
            if item.axis == "row" and i not in self.taken and self._group_fits(i, groups, table)
        ]
        names = {i: table.rows[i].label for i in free}
        found = closest(parts, names)
        if found is None:
            return None
        self.taken.add(found)
        self._note("fuzzy_label", f"{label} read as {table.rows[found].label.words}")
        return _Match(found, "fuzzy")

    # -- columns

    def _match_column(self, column: Column) -> tuple[str, Mapping]:
        """Key of the form's column, or the measure where the form's columns are measures; '' for none."""
        table = self.table
        if table is None or not table.cols:
            return self._measure(column), "exact"
        if not column.path:
            return "", "none"
        number = self.book.tables.index(table)
        label = column.path[-1]
        places = {i: how for (t, i), how in _lookup(label, "col", self.book).items() if t == number}
        if len(places) == 1:
            at, how = next(iter(places.items()))
            return table.cols[at].key, how
        if not places:
            found = closest(split_label(simplify(label)), {i: item.label for i, item in enumerate(table.cols)})
            if found is not None:
                self._note("fuzzy_label", f"column {label} read as {table.cols[found].label.words}")
                return table.cols[found].key, "fuzzy"
        return "", "none"

    def _match_by_groups(self, row: BodyRow, column: Column) -> tuple[str, Mapping]:
        """Key of a column of table 4, whose names come thrice (结果维持): by name and by the groups printed with it.

        The table is also printed on its side, wholly or in part, so that groups and names may stand on either axis.
        """
        table = self.table
        assert table is not None
        number = self.book.tables.index(table)
        labels = [*row.labels, *column.path]
        for name in (column.path[-1:], row.labels[-1:]):
            places = {i: how for text in name for (t, i), how in _lookup(text, "col", self.book).items() if t == number}
            if places:
                groups = [text for text in (*labels, *column.context) if text not in name]
                kept = self._in_printed_groups(list(places), groups, table)
                return (table.cols[kept[0]].key, places[kept[0]]) if kept else ("", "none")
        return "", "none"

    def _in_printed_groups(self, places: list[int], groups: list[str], table: FormTable) -> list[int]:
        """Of columns with one name, the one whose groups are printed; none where the print leaves several open."""
        known = dict(enumerate(sorted({words for path in table.col_groups for words in path})))
        printed = set()
        for text in (*groups, self.place.segment.title, self.place.title):
            words = split_label(_TABLE_NUMBER.sub("", simplify(text)))
            found = closest(words, {i: split_label(name) for i, name in known.items()})
            printed.add(known[found] if found is not None else words.words)
        overlap = {i: len(printed.intersection(table.col_groups[i])) for i in places}
        best = max(overlap.values())
        # 行政诉讼 alone leaves two kinds of suit open: the column stays unmapped.
        kept = [i for i in places if overlap[i] == best and best > 0]
        return kept if len(kept) == 1 else []

    def _measure(self, column: Column) -> str:
        if column.measure == "annual" and column.year is not None and self.year is not None and column.year != self.year:
            return "other_year"
        if column.measure:
            return column.measure
        # A single value column without a telling name, or none at all, is the figure of the report.
        lone = len(self.place.segment.columns) == 1
        return "annual" if lone and not column.path else ""

    # -- cells

    def _cell(
        self, row: BodyRow, match: _Match | None, entry: Entry, columns: dict[int, tuple[str, Mapping]]
    ) -> TableCell:
        column = entry.column
        key, col_how = columns.get(id(column), ("", "none"))
        if column is not None and self.table is not None and not self.table.rows:
            key, col_how = self._match_by_groups(row, column)
        meaning, applicant, measure, how = self._meaning(row, match, key, col_how)
        value = parse_value(entry.cell.text, max(entry.cell.lines, 1))
        unit_raw = self._unit(row, entry, value.unit_raw)
        unit = find_unit(unit_raw)
        base_value: Decimal | None = None
        base_unit = ""
        if unit is not None:
            base_unit = unit.base
            base_value = value.value * unit.factor if value.value is not None else None
        place = self.place
        return TableCell(
            table_no=place.table_no,
            row=entry.cell.row,
            col=entry.cell.col,
            section_no=place.section_no,
            table_title=place.title,
            row_path=" / ".join(_printed(row.labels)),
            col_path=" / ".join(_printed(column.path)) if column else "",
            raw=entry.cell.text,
            state=value.state,
            value=value.value,
            unit_raw=unit_raw,
            unit=unit.name if unit else "",
            base_value=base_value,
            base_unit=base_unit,
            form_id=self.table.form_id if self.table else "",
            indicator=meaning.indicator if meaning else "",
            applicant=applicant if meaning else "",
            measure=measure if meaning else "",
            mapping=how if meaning else "none",
            concordance=meaning.kind if meaning else "",
            xpath=place.path + entry.cell.path if place.path else "",
        )

    def _meaning(
        self, row: BodyRow, match: _Match | None, key: str, col_how: Mapping
    ) -> tuple[Meaning | None, str, str, Mapping]:
        table = self.table
        if table is None:
            return self._free_meaning(row, key)
        if table.cols:
            return self._crossed_meaning(table, match, key, col_how)
        if match is None or key not in _OWN_MEASURES:
            return None, "", "", "none"
        return self.book.meanings.get((table.form_id, table.rows[match.index].key, "")), "total", key, match.how

    def _crossed_meaning(
        self, table: FormTable, match: _Match | None, key: str, col_how: Mapping
    ) -> tuple[Meaning | None, str, str, Mapping]:
        if not key:
            return None, "", "", "none"
        if not table.rows:
            return self.book.meanings.get((table.form_id, key, "")), "total", "annual", col_how
        if match is None:
            return None, "", "", "none"
        row_key = table.rows[match.index].key
        applicant = key.rpartition(".")[2] if ".col." in key else "total"
        total = f"{key.rpartition('.')[0]}.total" if ".col." in key else key
        meaning = self.book.meanings.get((table.form_id, row_key, total))
        return meaning, applicant, "annual", _weaker(match.how, col_how)

    def _free_meaning(self, row: BodyRow, key: str) -> tuple[Meaning | None, str, str, Mapping]:
        """A row of an agency's own table, where its words mean one indicator in every form that prints them."""
        if key not in _OWN_MEASURES or len(row.labels) != 1:
            return None, "", "", "none"
        parts = split_label(simplify(row.labels[0]))
        for words in (parts.full, parts.words):
            if words in self.book.rows:
                meaning = self.book.free_rows.get(words) if len(words) >= _MIN_FREE_WORDS else None
                return meaning, "total", key, "exact"
        for words in self.book.aliases.get(("row", parts.words), ()):
            if words in self.book.free_rows and len(words) >= _MIN_FREE_WORDS:
                return self.book.free_rows[words], "total", key, "alias"
        return None, "", "", "none"

    def _unit(self, row: BodyRow, entry: Entry, own: str) -> str:
        """The unit of a value: from its cell, its row's unit column, its column's header, its row's label, its table."""
        scale = find_unit(own)
        if own and not (scale and scale.base == ""):
            return own
        around = self._unit_around(row, entry)
        return own + around if own and find_unit(own + around) else own or around

    def _unit_around(self, row: BodyRow, entry: Entry) -> str:
        if find_unit(fold(row.unit_text)):
            return fold(row.unit_text)
        texts = [*(reversed(entry.column.path) if entry.column else ()), *reversed(row.labels)]
        for text in (*texts, self.place.segment.unit_text, self.place.segment.title):
            found = unit_in(text)
            if found:
                return found
        return ""

    def _note(self, code: str, detail: str) -> None:
        self.findings.append(Finding(code, f"table {self.place.table_no}", detail))


def _weaker(one: Mapping, other: Mapping) -> Mapping:
    order: tuple[Mapping, ...] = ("exact", "alias", "fuzzy", "none")
    return max(one, other, key=order.index)


def _printed(labels: Iterable[str]) -> list[str]:
    return ["".join(label.split()) for label in labels if label.strip()]

