"""The statutory forms and what their rows and columns mean.

Labels, spellings and meanings are data (`corpus/data/forms.csv`, `aliases.csv`, `concordance.csv`); this module only
indexes them. A form of several tables (2019 on) is a list of `FormTable`; a form of one list of rows has one.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from corpus.labels import Label, split_label
from corpus.tables import read_table

# Of several meanings a cell is given the closest: a sum_of never stands for one cell (see the concordance).
_KIND_ORDER = ("exact", "narrower", "broader")


@dataclass(frozen=True, slots=True)
class FormItem:
    """A row or column of a form. `parent` is the key of the group it stands in, or of its table."""

    key: str
    axis: str
    label: Label
    parent: str
    unit: str


@dataclass(frozen=True, slots=True)
class FormTable:
    """One table of a form: `rows` (groups included) and leaf columns; `cols` is empty where columns are measures.

    `col_groups` are, for each leaf column, the words of the groups it stands in, from the outside in.
    """

    form_id: str
    key: str
    title: str
    rows: tuple[FormItem, ...]
    cols: tuple[FormItem, ...]
    col_groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a form's cell counts: the indicator, and how exactly (`exact`, `narrower`, `broader`)."""

    indicator: str
    kind: str


@dataclass(frozen=True, slots=True)
class FormBook:
    """All forms with their indexes.

    `rows` and `cols`: words of a label → (table index, item index) where it stands. `aliases`: (axis, words) → the
    words it means. `meanings`: (form id, row key, column key) → meaning. `free_rows`: words that mean one
    indicator wherever they stand in a list of rows. `col_groups`: words of all groups of columns. `known_words`:
    every label that a statutory table may print.
    """

    tables: tuple[FormTable, ...]
    rows: dict[str, tuple[tuple[int, int], ...]]
    cols: dict[str, tuple[tuple[int, int], ...]]
    aliases: dict[tuple[str, str], tuple[str, ...]]
    meanings: dict[tuple[str, str, str], Meaning]
    free_rows: dict[str, Meaning]
    col_groups: frozenset[str]
    known_words: frozenset[str]


@cache
def load_forms() -> FormBook:
    """The forms, read once."""
    tables = _read_tables()
    rows = _index(tables, "rows")
    cols = _index(tables, "cols")
    aliases: dict[tuple[str, str], list[str]] = defaultdict(list)
    for entry in read_table("aliases.csv"):
        aliases[entry["axis"], entry["label"]].append(entry["means"])
    meanings = _read_meanings()
    columns = {split_label(row["label"]).words for row in read_table("columns.csv")}
    groups = {words for table in tables for path in table.col_groups for words in path}
    known = frozenset(rows) | frozenset(cols) | {words for _, words in aliases} | columns | groups
    return FormBook(
        tables=tables,
        rows=rows,
        cols=cols,
        aliases={key: tuple(words) for key, words in aliases.items()},
        meanings=meanings,
        free_rows=_free_rows(tables, meanings),
        col_groups=frozenset(groups),
        known_words=known - {""},
    )


def _read_tables() -> tuple[FormTable, ...]:
    by_form: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in read_table("forms.csv"):
        by_form[row["form_id"]].append(row)
    tables: list[FormTable] = []
    for form_id, rows in by_form.items():
        heads = [row for row in rows if row["axis"] == "table"]
        owner = _owners(rows)
        for head in heads or [{"key": "", "label": ""}]:
            mine = [_item(row) for row in rows if row["axis"] != "table" and owner[row["key"]] == head["key"]]
            cols = tuple(item for item in mine if item.axis == "col")
            tables.append(
                FormTable(
                    form_id=form_id,
                    key=head["key"],
                    title=split_label(head["label"]).full,
                    rows=tuple(item for item in mine if item.axis in ("row", "rowgroup")),
                    cols=cols,
                    col_groups=tuple(_groups_of(col, mine) for col in cols),
                ),
            )
    return tuple(tables)


def _groups_of(col: FormItem, items: list[FormItem]) -> tuple[str, ...]:
    groups = {item.key: item for item in items if item.axis == "colgroup"}
    words: list[str] = []
    key = col.parent
    while key in groups:
        words.insert(0, groups[key].label.words)
        key = groups[key].parent
    return tuple(words)


def _owners(rows: list[dict[str, str]]) -> dict[str, str]:
    """Key of each item → key of the table it stands in ('' where the form has but one)."""
    parents = {row["key"]: row["parent"] for row in rows}
    heads = {row["key"] for row in rows if row["axis"] == "table"}
    owner: dict[str, str] = {}
    for key in parents:
        at = key
        while at and at not in heads:
            at = parents.get(at, "")
        owner[key] = at
    return owner


def _item(row: dict[str, str]) -> FormItem:
    return FormItem(row["key"], row["axis"], split_label(row["label"]), row["parent"], row["unit"])


def _index(tables: tuple[FormTable, ...], axis: str) -> dict[str, tuple[tuple[int, int], ...]]:
    index: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for t, table in enumerate(tables):
        for i, item in enumerate(getattr(table, axis)):
            index[item.label.words].append((t, i))
            if item.label.remark:
                index[item.label.full].append((t, i))
    return {words: tuple(places) for words, places in index.items()}


def _read_meanings() -> dict[tuple[str, str, str], Meaning]:
    best: dict[tuple[str, str, str], Meaning] = {}
    for row in read_table("concordance.csv"):
        if row["kind"] not in _KIND_ORDER or row["indicator"].startswith("requests_received_"):
            continue  # requests_received by applicant is requests_received with that applicant
        key = (row["form_id"], row["row_key"], row["col_key"])
        known = best.get(key)
        if known is None or _KIND_ORDER.index(row["kind"]) < _KIND_ORDER.index(known.kind):
            best[key] = Meaning(row["indicator"], row["kind"])
    return best


def _free_rows(tables: tuple[FormTable, ...], meanings: dict[tuple[str, str, str], Meaning]) -> dict[str, Meaning]:
    """Row words on which all forms that print them as a list of rows agree: what an agency's own table may use."""
    seen: dict[str, set[Meaning | None]] = defaultdict(set)
    for table in tables:
        if table.cols:
            continue
        for item in table.rows:
            meaning = meanings.get((table.form_id, item.key, ""))
            seen[item.label.words].add(meaning)
            if item.label.remark:
                seen[item.label.full].add(meaning)
    agreed = {words: next(iter(found)) for words, found in seen.items() if len(found) == 1}
    return {words: meaning for words, meaning in agreed.items() if meaning is not None}
