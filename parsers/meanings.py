"""What a row and a column of a form mean together, and what an agency's own row means by its words."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.forms import Meaning, load_forms
from corpus.labels import simplify, split_label
from parsers.forms import find_label
from parsers.fuzzy import closest
from parsers.records import Mapping

# Measures of columns that print the report year's own figure.
_OWN_MEASURES = frozenset(("annual", "cumulative", "annual_own", "annual_area"))
# Shorter words (其他原因, 检索费) mean an indicator only inside their form.
_MIN_FREE_WORDS = 5
# `表3 政府信息公开行政复议情况`: the number says nothing of what the table counts.
_TABLE_NUMBER = re.compile(r"^\s*附?表\s?[0-9０-９一二三四五六七八九十]*(?:[-－][0-9０-９])?\s?[:：.．、]?")


@dataclass(frozen=True, slots=True)
class Sense:
    """What a cell counts: meaning, applicant, measure, and how it was found."""

    meaning: Meaning | None
    applicant: str
    measure: str
    how: Mapping


UNMAPPED = Sense(None, "", "", "none")


@lru_cache(maxsize=16384)
def row_candidates(number: int, label: str) -> dict[int, Mapping]:
    """Rows of a form's table that a label may be, a letter-for-letter match before any other."""
    table = load_forms().tables[number]
    found = {i: how for (t, i), how in find_label(label, "row").items() if t == number and table.rows[i].axis == "row"}
    if len(found) < 2:  # nothing to choose from
        return found
    found = {i: how for i, how in found.items() if how == "exact"} or found
    parts = split_label(label)
    full = {i: how for i, how in found.items() if parts.remark and table.rows[i].label.full == parts.full}
    same = {i: how for i, how in found.items() if parts.number and table.rows[i].label.number == parts.number}
    return full or same or found


@lru_cache(maxsize=4096)
def in_printed_groups(number: int, places: tuple[int, ...], texts: tuple[str, ...]) -> int | None:
    """Of columns with one name, the one whose groups are printed; none where the print leaves several open."""
    table = load_forms().tables[number]
    names = sorted({words for path in table.col_groups for words in path})
    printed = set()
    for text in texts:
        words = split_label(_TABLE_NUMBER.sub("", simplify(text)))
        exact = words.words in names
        found = None if exact else closest(words, {i: split_label(name) for i, name in enumerate(names)})
        printed.add(words.words if found is None else names[found])
    overlap = {i: len(printed.intersection(table.col_groups[i])) for i in places}
    best = max(overlap.values())
    kept = [i for i in places if overlap[i] == best and best > 0]
    # 行政诉讼 alone leaves two kinds of suit open: the column stays unmapped.
    return kept[0] if len(kept) == 1 else None


@lru_cache(maxsize=16384)
def form_sense(number: int, row: int, row_how: Mapping, key: str, how: Mapping) -> Sense:
    """What the crossing of a form's row (-1 for none) and column (or measure) counts."""
    book = load_forms()
    table = book.tables[number]
    if table.cols and not table.rows:
        return Sense(book.meanings.get((table.form_id, key, "")), "total", "annual", how)
    if row < 0 or (not table.cols and key not in _OWN_MEASURES):
        return UNMAPPED
    row_key = table.rows[row].key
    if not table.cols:
        return Sense(book.meanings.get((table.form_id, row_key, "")), "total", key, row_how)
    by_applicant = ".col." in key
    total = f"{key.rpartition('.')[0]}.total" if by_applicant else key
    sisters = dict.fromkeys((table.form_id, *(other.form_id for other in book.tables if other.key == table.key)))
    meaning = next((m for form in sisters if (m := book.meanings.get((form, row_key, total)))), None)
    applicant = key.rpartition(".")[2] if by_applicant else "total"
    return Sense(meaning, applicant, "annual", _weaker(row_how, how))


def free_sense(labels: tuple[str, ...], key: str) -> Sense:
    """A row of an agency's own table, where its words mean one indicator in every form that prints them."""
    book = load_forms()
    if key not in _OWN_MEASURES or len(labels) != 1:
        return UNMAPPED
    parts = split_label(simplify(labels[0]))
    for words in (parts.full, parts.words):
        if words in book.rows:
            meaning = book.free_rows.get(words) if len(words) >= _MIN_FREE_WORDS else None
            return Sense(meaning, "total", key, "exact")
    for words in book.aliases.get(("row", parts.words), ()):
        if words in book.free_rows and len(words) >= _MIN_FREE_WORDS:
            return Sense(book.free_rows[words], "total", key, "alias")
    return UNMAPPED


def group_fits(number: int, index: int, groups: list[str]) -> bool:
    """A printed group that is another group of this form contradicts the row: 2.重复申请 under 不予公开 is none."""
    keys, above = _row_groups(number)
    for words in groups:
        key = keys.get(words)
        if key is not None and key not in above[index]:
            return False
    return True


@cache
def _row_groups(number: int) -> tuple[dict[str, str], tuple[frozenset[str], ...]]:
    """Keys of a form's groups of rows by their words, and for each row the keys of all that it stands in."""
    rows = load_forms().tables[number].rows
    parents = {item.key: item.parent for item in rows}
    above = []
    for item in rows:
        own: set[str] = set()
        key = item.parent
        while key in parents:
            own.add(key)
            key = parents[key]
        above.append(frozenset(own))
    return {item.label.words: item.key for item in rows if item.axis == "rowgroup"}, tuple(above)


@cache
def words_above(number: int) -> tuple[str, ...]:
    """For each row of a form's table the words of what it stands in, '' where that is no row."""
    rows = load_forms().tables[number].rows
    words = {item.key: item.label.words for item in rows}
    return tuple(words.get(item.parent, "") for item in rows)


def _weaker(one: Mapping, other: Mapping) -> Mapping:
    if one == other:
        return one
    order: tuple[Mapping, ...] = ("exact", "alias", "fuzzy", "none")
    return max(one, other, key=order.index)
