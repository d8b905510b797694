"""The columns of a table: what a header's words say that a column holds, and the units that a header states."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from corpus.forms import load_forms
from corpus.labels import fold, simplify, split_label
from corpus.tables import read_table as read_data
from corpus.units import find_unit, unit_pattern
from parsers.grid import GridCell

_YEAR_COLUMN = re.compile(r"(20[0-3]\d)(?:年度?)?(?:.{0,6}数|合计|统计数据?)?")
_UNIT_NOTE = re.compile(rf"(?:计量)?单位[:;]?({unit_pattern()})|[(\[]({unit_pattern()})[)\]]")
_UNIT = re.compile(unit_pattern())
_UNIT_LIST = re.compile(rf"单位[:;]?((?:{unit_pattern()}[,、/和]?)+)")
_UNIT_LINE = re.compile(rf"[(\[]?(?:计量|金额)?单位[:;]?(?:{unit_pattern()}[,、/]?)+[)\]]?")
_LATIN = re.compile(r"[A-Za-z.() ]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf column: `path` its labels from the outside in, `role` what it holds, `measure` what kind of value.

    `role` is stub, unit, code, remark or value. `measure` is a word of `corpus/data/columns.csv`, `year` the year that
    a column such as 2013年度 names. `context` are header labels that span every value column (titles).
    """

    path: tuple[str, ...]
    start: int
    end: int
    role: str
    measure: str
    year: int | None
    context: tuple[str, ...]


def make_columns(leaves: Sequence[GridCell], paths: list[list[GridCell]], stub_end: int) -> list[Column]:
    """The columns under a header: `leaves` its lowest cells, `paths` the header cells above each, from the outside in.

    Columns before `stub_end` hold labels unless their header says otherwise.
    """
    roles = [_role_of_words(path[-1].text if path else "") for path in paths]
    columns = []
    in_values = [
        leaf.col >= stub_end and role[0] not in ("unit", "code", "remark")
        for leaf, role in zip(leaves, roles, strict=True)
    ]
    first = next((leaf.col for leaf, value in zip(leaves, in_values, strict=True) if value), 0)
    last = max((leaf.col_end for leaf, value in zip(leaves, in_values, strict=True) if value), default=0)
    n_values = sum(in_values)
    for leaf, path, (role, measure, year), is_value in zip(leaves, paths, roles, in_values, strict=True):
        spanning = [c for c in path[:-1] if n_values > 1 and c.col <= first and c.col_end >= last]
        labels = tuple(c.text for c in path if c not in spanning and fold(c.text))
        holds = role
        if role == "value" or (is_value and role in ("", "stub")):
            holds = "stub" if role == "stub" and n_values > 1 else "value"
        elif leaf.col < stub_end or role == "":
            holds = "stub"
        context = tuple(c.text for c in spanning)
        columns.append(Column(labels, leaf.col, leaf.col_end, holds, measure, year, context))
    return columns


@lru_cache(maxsize=16384)
def _role_of_words(text: str) -> tuple[str, str, int | None]:
    """(role, measure, year) that a column's label states; role '' where it states none."""
    book = load_forms()
    parts = split_label(simplify(text))
    chinese = _LATIN.sub("", parts.words)  # 单位 Unit
    for words in dict.fromkeys((split_label(text).words, parts.words, chinese)):
        known = column_roles().get(words)
        if known:
            return known[0], _remarked(known[1], parts.remark), None
        year = _YEAR_COLUMN.fullmatch(words)
        if year:
            return "value", "annual", int(year[1])
        if words in book.cols or ("col", words) in book.aliases:
            return "value", "", None
    return "", "", None


def _remarked(measure: str, remark: str) -> str:
    """The measure of a column with what its remark adds: 数量（自2008年以来） is cumulative, 数量（件） stays."""
    if measure != "annual" or not remark or find_unit(remark) or _UNIT_LIST.search(remark):
        return measure
    return "cumulative" if re.search("累计|以来", remark) else measure


@cache
def column_roles() -> dict[str, tuple[str, str]]:
    """Words of a column header → (role, measure), from `corpus/data/columns.csv`."""
    return {split_label(row["label"]).words: (row["role"], row["measure"]) for row in read_data("columns.csv")}


@lru_cache(maxsize=16384)
def heads_column(text: str) -> bool:
    """Whether a text is known to head a column or a group of columns: 3.其他 does not, with its list number."""
    label = split_label(simplify(text))
    if label.number:
        return False
    book = load_forms()
    return (
        label.words in column_roles()
        or label.words in book.cols
        or label.words in book.col_groups
        or bool(_YEAR_COLUMN.fullmatch(label.words))
    )


def is_folded(columns: list[Column]) -> bool:
    """Whether a table is folded into halves side by side: a label column follows a value column."""
    roles = [column.role for column in columns]
    return roles.count("stub") > 1 and any(a == "value" and b == "stub" for a, b in pairwise(roles))


def column_at(cell: GridCell, columns: list[Column]) -> Column | None:
    """The one column that a cell stands under, None if it stands under none or several."""
    over = [c for c in columns if c.start < cell.col_end and cell.col < c.end]
    return over[0] if len(over) == 1 else None


@lru_cache(maxsize=16384)
def unit_in(text: str) -> str:
    """The unit that a header, label or caption states (本年收费金额（单位：万元）), '' if none."""
    match = _UNIT_NOTE.search(simplify(fold(text))) if text else None
    return (match[1] or match[2]) if match else ""


@lru_cache(maxsize=16384)
def units_in(text: str) -> tuple[str, ...]:
    """All units of a caption or unit line: （单位：件、万元）."""
    found = _UNIT_LIST.search(simplify(fold(text))) if text else None
    if found is None:
        return (unit,) if (unit := unit_in(text)) else ()
    return tuple(_UNIT.findall(found[1]))


def is_unit_line(text: str) -> bool:
    """Whether a line is nothing but a unit note: （单位：件）."""
    return bool(_UNIT_LINE.fullmatch(fold(text)))


def measure_of(text: str) -> str:
    """The measure that a column of that name has (上年: prior), '' where the name tells none."""
    return _role_of_words(text)[1]


def role_of(text: str) -> str:
    """The role that a column of that name has: stub, unit, code, remark or value; '' where the name tells none."""
    return _role_of_words(text)[0]
