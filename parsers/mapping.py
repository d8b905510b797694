"""Segments → cells: what each value counts.

A value belongs to an indicator because its row label and its column label say so, never because of where it stands. A
label matches by letter, by a listed spelling (`alias`) or by likeness (`fuzzy`); where none does, or where several
meanings remain, the cell stays unmapped.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from corpus.forms import FormTable, Meaning, load_forms
from corpus.indicators import load_indicators
from corpus.labels import Label, fold, simplify, split_label
from corpus.units import find_unit
from parsers.columns import Column, measure_of, unit_in, units_in
from parsers.forms import PlacedSegment, choose_forms, find_label
from parsers.fuzzy import closest
from parsers.grid import GridCell
from parsers.meanings import (
    UNMAPPED,
    Sense,
    form_sense,
    free_sense,
    group_fits,
    in_printed_groups,
    row_candidates,
    words_above,
)
from parsers.records import Finding, Mapping, TableCell
from parsers.tables import BodyRow

# What dates a figure: a year, a part of a year; the last year as a whole label (上年结转 is a row of the form).
_YEAR = re.compile(r"(?<!\d)(20[0-3]\d)(?=年|\.|$)")
_PART_OF_YEAR = re.compile(r"[上下]半年|[一二三四1-4]季度|(?<!\d)1?\d月份?(?!\d*日)")
# Bodies below the one that reports, as the caption of a table of their own or of a group of rows.
_OTHER_BODIES = re.compile(
    "(?:其中)?:?(?:下属|所属|直属|下级|二级|下辖)(?:事业)?(?:单位|机构|机关|部门|企业)(?!及|和|与|在内)"
)
# 自2008年以来: where a sum begins, not the year that it is of.
_SINCE_YEAR = re.compile(r"自20\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:以来|至今|起)")
_SINCE = re.compile("累计|以来")
# Named tuples by the thousand are made past their own `__new__`, a function in Python: in half of the time.
_tuple = tuple.__new__
# The row of a group's own figure, where the group is a cell of its own.
_TOTALS = frozenset(("合计", "总计", "小计", "总数", "总数量", "数量"))


class _Match(NamedTuple):
    """A row's item in the form, and how its label meets it."""

    item: int
    how: Mapping


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a column: key in the form (or measure), how it was found, printed path, unit in its header.

    `foreign` says that its header names another year or a part of one.
    """

    key: str
    how: Mapping
    path: str
    unit: str
    foreign: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """What the labels of a row tell: printed path, unit, whether they name any time or other bodies.

    `cumulative` says that the last one's remark does (累计).
    """

    path: str
    unit: str
    dated: bool
    cumulative: bool


def map_segments(placed: list[PlacedSegment], report_year: int | None) -> tuple[list[TableCell], list[Finding]]:
    """Turn all segments of a report into cells; findings name the labels that were read by likeness."""
    cells: list[TableCell] = []
    findings: list[Finding] = []
    for place, table in choose_forms(placed):
        mapper = _Mapper(place, table, report_year)
        cells += mapper.cells()
        findings += mapper.findings
    return cells, findings


class _Mapper:
    """Maps one segment's rows and columns to the items of its form."""

    def __init__(self, place: PlacedSegment, number: int | None, year: int | None) -> None:
        self.place = place
        self.book = load_forms()
        self.number = number
        self.table: FormTable | None = self.book.tables[number] if number is not None else None
        self.year = year
        self.findings: list[Finding] = []
        self.opened: dict[str, int] = {}  # key of a row matched so far → when: the groups that later rows belong to
        self.taken: set[int] = set()
        self.scope = ""  # measure that the caption's scope gives all values

    def cells(self) -> list[TableCell]:
        segment = self.place.segment
        matches = self._match_rows(segment.rows)
        columns = {id(column): self._column(column) for column in segment.columns}
        nowhere = _Known("", "none", "", "", foreign=False)
        around = units_in(segment.unit_text) or units_in(segment.title) or units_in(self.place.title)
        foreign = self._speaks_of_others(segment.title, self.place.title)
        self.scope = _scope_in(segment.title) or _scope_in(self.place.title)
        cells: list[TableCell] = []
        for row, match in zip(segment.rows, matches, strict=True):
            told = _told_by(row.labels)
            row_unit = _unit_cell(row.unit_text)
            unplaced = row.ragged or foreign or (told.dated and self._speaks_of_others(*row.labels))
            measure = "cumulative" if told.cumulative else self.scope
            for entry in row.entries:
                known = columns.get(id(entry.column), nowhere)
                sense = UNMAPPED
                if not unplaced and not known.foreign:
                    sense = self._sense(row, match, known, entry.column)
                    if measure and sense.measure == "annual":
                        sense = replace(sense, measure=measure)
                unit = row_unit or _one_unit(known.unit, told.unit)
                if not unit and around:
                    unit = _fitting(around, sense.meaning)
                cells.append(self._cell(entry.cell, sense, told.path, known.path, unit))
        return cells

    def _column(self, column: Column) -> "_Known":
        key, how = self._match_column(column)
        unit = next((unit for text in reversed(column.path) if (unit := unit_in(text))), "")
        # 上一年项目数量（指2019年事项数）: the remark of a form's column explains it.
        heads = [split_label(text).words if find_label(text, "col") else text for text in column.path]
        foreign = column.year is None and self._speaks_of_others(*heads, *column.context)
        return _Known(key, how, _path(column.path), unit, foreign)

    def _speaks_of_others(self, *texts: str) -> bool:
        """Whether a label, head or caption gives its figures to another year, to a part of one, or to other bodies.

        A wrong year in a caption may be a slip, but nobody can tell: such cells are kept and give no fact.
        """
        for text in texts:
            if not text:
                continue
            other, years = _times_in(text)
            wrong_year = bool(years) and self.year is not None and self.year not in years
            if not other and not wrong_year:
                continue
            if text in (self.place.segment.title, self.place.title):
                where = f"table {self.place.table_no}"
                finding = Finding("other_scope", where, f"{text}: figures of a part of the year, or of other bodies")
                if wrong_year:
                    finding = Finding("other_year", where, f"{text}, in the report of {self.year}")
                self.findings.append(finding)
            return True
        return False

    # -- rows

    def _match_rows(self, rows: tuple[BodyRow, ...]) -> list[_Match | None]:
        table, number = self.table, self.number
        if table is None or number is None or not table.rows:
            return [None] * len(rows)
        matches: list[_Match | None] = []
        for row in rows:
            match = self._match_row(row.labels, table, number)
            if match:
                self.taken.add(match.item)
                self.opened[table.rows[match.item].key] = len(matches)
            matches.append(match)
        for at, row in enumerate(rows):
            if matches[at] is None and row.labels:
                matches[at] = self._match_fuzzily(row, table, number)
        return matches

    def _match_row(self, labels: tuple[str, ...], table: FormTable, number: int) -> _Match | None:
        if not labels:
            return None
        label = labels[-1]
        groups = [split_label(text).words for text in labels[:-1]]
        candidates = row_candidates(number, label)
        if not candidates and groups and split_label(label).words in _TOTALS:
            return self._match_row(labels[:-1], table, number)
        picked = self._by_group(list(candidates), groups, table, number)
        return None if picked is None else _Match(picked, candidates[picked])

    def _by_group(self, candidates: list[int], groups: list[str], table: FormTable, number: int) -> int | None:
        """The one candidate that stands in the printed group, or in the group that was opened last above it."""
        if len(candidates) <= 1:
            return candidates[0] if candidates and group_fits(number, candidates[0], groups) else None
        words = words_above(number)
        named = [i for i in candidates if words[i] in groups]
        if len(named) == 1:
            return named[0]
        ranked = sorted((self.opened.get(table.rows[i].parent, -1), i) for i in candidates)
        return ranked[-1][1] if ranked[-1][0] > ranked[-2][0] else None

    def _match_fuzzily(self, row: BodyRow, table: FormTable, number: int) -> _Match | None:
        label = row.labels[-1]
        groups = [split_label(simplify(text)).words for text in row.labels[:-1]]
        names: dict[int, Label] = {
            i: item.label
            for i, item in enumerate(table.rows)
            if item.axis == "row" and i not in self.taken and group_fits(number, i, groups)
        }
        found = closest(split_label(simplify(label)), names)
        if found is None:
            return None
        self.taken.add(found)
        self._note_likeness(label, table.rows[found].label)
        return _Match(found, "fuzzy")

    # -- columns

    def _match_column(self, column: Column) -> tuple[str, Mapping]:
        """Key of the form's column, or the measure where the form's columns are measures; '' for none."""
        table = self.table
        if table is None or not table.cols:
            return self._measure(column), "exact"
        if not table.rows:
            return _BY_GROUPS, "none"
        if not column.path:
            return "", "none"
        label = column.path[-1]
        found_in = find_label(label, "col")
        places = {i: how for (t, i), how in found_in.items() if t == self.number}
        if len(places) == 1:
            at, how = next(iter(places.items()))
            return table.cols[at].key, how
        if not places:
            # A column of the same table in the other form: tables of 2021 with a column of 2019 are common.
            tables = self.book.tables
            sisters = {tables[t].cols[i].key: how for (t, i), how in found_in.items() if tables[t].key == table.key}
            if len(sisters) == 1:
                return next(iter(sisters.items()))
            found = closest(split_label(simplify(label)), {i: item.label for i, item in enumerate(table.cols)})
            if found is not None:
                self._note_likeness(label, table.cols[found].label)
                return table.cols[found].key, "fuzzy"
        return "", "none"

    def _match_by_groups(self, row: BodyRow, column: Column) -> tuple[str, Mapping]:
        """Key of a column of table 4, whose names come thrice (结果维持): by name and by the groups printed with it.

        The table is also printed on its side, wholly or in part, so that groups and names may stand on either axis.
        """
        table = self.table
        assert table is not None
        labels = (*row.labels, *column.path)
        for name in (column.path[-1:], row.labels[-1:]):
            places = {i: how for text in name for (t, i), how in find_label(text, "col").items() if t == self.number}
            if places:
                groups = (*(text for text in labels if text not in name), *column.context)
                texts = (*groups, self.place.segment.title, self.place.title)
                kept = in_printed_groups(self.number or 0, tuple(places), texts)
                return (table.cols[kept].key, places[kept]) if kept is not None else ("", "none")
        return "", "none"

    def _measure(self, column: Column) -> str:
        if (
            column.measure == "annual"
            and column.year is not None
            and self.year is not None
            and column.year != self.year
        ):
            return "other_year"
        if column.measure:
            return column.measure
        # A single value column without any name is the figure of the report.
        lone = len(self.place.segment.columns) == 1
        return "annual" if lone and not column.path else ""

    # -- cells

    def _sense(self, row: BodyRow, match: _Match | None, known: _Known, column: Column | None) -> Sense:
        key, how = known.key, known.how
        if key == _BY_GROUPS and column is not None:
            key, how = self._match_by_groups(row, column)
        if not key:
            return UNMAPPED
        if self.number is None or self.table is None or (match is None and not self.table.cols):
            return free_sense(row.labels, key)
        if match is None:
            return form_sense(self.number, -1, "none", key, how)
        return form_sense(self.number, match.item, match.how, key, how)

    def _cell(self, cell: GridCell, sense: Sense, row_path: str, col_path: str, unit_around: str) -> TableCell:
        place, meaning, value = self.place, sense.meaning, cell.value
        unit_raw = _with_scale(value.unit_raw, unit_around) if value.unit_raw else unit_around
        unit = find_unit(unit_raw) if unit_raw else None
        number = value.value
        fields = (
            place.table_no,
            cell.row,
            cell.col,
            place.section_no,
            place.title,
            row_path,
            col_path,
            cell.text,
            value.state,
            number,
            unit_raw,
            unit.name if unit is not None else "",
            number * unit.factor if unit is not None and number is not None else None,
            unit.base if unit is not None else "",
            self.table.form_id if self.table is not None else "",
            meaning.indicator if meaning is not None else "",
            sense.applicant if meaning is not None else "",
            sense.measure if meaning is not None else "",
            sense.how if meaning is not None else "none",
            meaning.kind if meaning is not None else "",
            place.path + cell.path if place.path else "",
        )
        return _tuple(TableCell, fields)

    def _note_likeness(self, label: str, name: Label) -> None:
        self.findings.append(
            Finding("fuzzy_label", f"table {self.place.table_no}", f"{label} read as {name.words}"),
        )


# Key of a column whose meaning only its groups tell.
_BY_GROUPS = "*"


@lru_cache(maxsize=16384)
def _times_in(text: str) -> tuple[bool, frozenset[int]]:
    """Whether a text speaks of a part of a year, of the last one or of other bodies, and the years that it names."""
    folded = fold(text)
    other = bool(_PART_OF_YEAR.search(folded) or _OTHER_BODIES.match(folded)) or measure_of(text) == "prior"
    return other, frozenset(int(year) for year in _YEAR.findall(_SINCE_YEAR.sub("", folded)))


@lru_cache(maxsize=4096)
def _unit_cell(text: str) -> str:
    """The unit that a row's unit cell names, '' for none (—— stands there in group rows)."""
    if not text:
        return ""
    folded = simplify(fold(text))
    return folded if find_unit(folded) else ""


def _with_scale(own: str, around: str) -> str:
    """The unit printed in the cell; where it is a scale alone, with the unit around it: 12.6万 of 人次 is 万人次.

    A scale in the cell repeats that of the header, it does not multiply it: 12.5万 under 万元 is 12.5 万元.
    """
    unit, wider = find_unit(own), find_unit(around) if around else None
    if unit is not None and not unit.base and wider is not None and find_unit(own + wider.base):
        return own + wider.base
    return own


def _one_unit(header: str, label: str) -> str:
    """The unit of header or label; both, which is none, where they contradict each other (元 under 万元)."""
    return f"{header}/{label}" if header and label and header != label else header or label


def _fitting(units: tuple[str, ...], meaning: Meaning | None) -> str:
    """Of the units of a caption (单位：件、万元) the one of the indicator's kind; the only one if there is but one."""
    if len(units) < 2 or meaning is None:
        return units[0] if len(units) == 1 else ""
    wanted = find_unit(load_indicators()[meaning.indicator].unit)
    money = wanted is not None and wanted.kind == "money"
    return next((unit for unit in units if (found := find_unit(unit)) and (found.kind == "money") == money), "")


def _scope_in(text: str) -> str:
    """The measure that a caption's scope gives: 区政府本级, 本行政区域汇总; '' for none."""
    if "本级" in text:
        return "annual_own"
    return "annual_area" if "汇总" in text else ""


@lru_cache(maxsize=16384)
def _told_by(labels: tuple[str, ...]) -> _Told:
    """What a row's labels tell: archives print the rows of few forms many times."""
    unit = next((unit for text in reversed(labels) if (unit := unit_in(text))), "")
    dated = any(other or years for other, years in map(_times_in, filter(None, labels)))
    remark = split_label(labels[-1]).remark if labels else ""
    return _Told(_path(labels), unit, dated, bool(remark and _SINCE.search(remark)))


def _path(labels: Iterable[str]) -> str:
    """Labels as printed, white space folded away, from the outside in."""
    return " / ".join(folded for label in labels if (folded := "".join(label.split())))
