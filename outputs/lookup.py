"""The dictionary searched: which indicators words, a form or a group mean, and all that is known of one."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import process

from corpus.concordance import Correspondence, form_ids, load_concordance
from corpus.indicators import Indicator, load_indicators
from corpus.labels import fold, simplify
from corpus.tables import read_table
from outputs.errors import DictionaryError

_TOTAL_COLUMN = ".col.total"
"""How the key of the column ends that counts all applicants."""

_CLOSE = 60
"""Likeness of 0 to 100 from which an id or a label is worth naming to someone who searched for another."""


@dataclass(frozen=True, slots=True)
class InForm:
    """One indicator in one form: how it is counted there, and the labels of its rows and columns as printed."""

    form: Correspondence
    name_zh: str
    years: str
    printed: tuple[str, ...]


def find_indicators(search: str = "", *, form: str = "", group: str = "") -> list[Indicator]:
    """Return the indicators that fit, in the order of the dictionary.

    Every word of `search` must stand in the id, a label (as the dictionary or as a form prints it) or the definition;
    the id itself means that indicator alone. `form` is a form id or its beginning and keeps what that form prints;
    `group` is a part of the name of the group. Raises DictionaryError: `unknown_form`, `nothing_found`.
    """
    forms = _forms(form)
    if search.strip() in load_indicators():
        wanted = [load_indicators()[search.strip()]]
    else:
        words = [_plain(word) for word in search.split()]
        wanted = [entry for entry in load_indicators().values() if all(word in _text(entry) for word in words)]
    if forms:
        wanted = [entry for entry in wanted if not forms.isdisjoint(entry.forms)]
    wanted = [entry for entry in wanted if _plain(group) in _plain(entry.group)]
    if not wanted:
        raise _nothing(search, form, group)
    return wanted


def in_forms(indicator: str) -> Iterator[InForm]:
    """Yield an indicator in every form, in the order of the forms."""
    labels = _labels()
    for row in read_table("form_list.csv"):
        entry = load_concordance()[indicator, row["form_id"]]
        printed = [_printed(labels, entry.form_id, *cell) for cell in entry.cells]
        years = f"{row['first_year']}-{row['last_year']}"
        yield InForm(entry, row["name_zh"], years, tuple(dict.fromkeys(filter(None, printed))))


def as_rows(entries: list[Indicator]) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return columns and rows for a flat list: the dictionary, and for each form how it counts."""
    columns = ("indicator", "group", "label_zh", "label_en", "definition", "unit", "unit_on_form", "comparability_note")
    rows = [
        (
            *(getattr(entry, column) or None for column in columns),
            *(load_concordance()[entry.indicator, form_id].kind for form_id in form_ids()),
        )
        for entry in entries
    ]
    return (*columns, *form_ids()), rows


def as_objects(entries: list[Indicator]) -> list[dict[str, Any]]:
    """Return the entries with all that each form says of them, for JSON."""
    columns, rows = as_rows(entries)
    n_own = len(columns) - len(form_ids())
    return [
        {
            **dict(zip(columns[:n_own], row[:n_own], strict=True)),
            "forms": {
                found.form.form_id: {
                    "kind": found.form.kind,
                    "sum_is": found.form.sum_is or None,
                    "breaks_with": list(found.form.breaks_with),
                    "printed": list(found.printed),
                    "note": found.form.note or None,
                }
                for found in in_forms(entry.indicator)
                if found.form.kind != "none" or found.form.note
            },
        }
        for entry, row in zip(entries, rows, strict=True)
    ]


def _forms(form: str) -> set[str]:
    found = {form_id for form_id in form_ids() if form_id.lower().startswith(form.lower())} if form else set()
    if form and not found:
        raise DictionaryError(
            "unknown_form", f"there is no form {form!r}", "--form", f"The forms are {', '.join(form_ids())}."
        )
    return found


def _nothing(search: str, form: str, group: str) -> DictionaryError:
    asked = ", ".join(
        f"{name} {value!r}" for name, value in (("search", search), ("form", form), ("group", group)) if value
    )
    names = {name: name for name in load_indicators()} | {e.label_zh: e.indicator for e in load_indicators().values()}
    close = process.extract(_plain(search), names.keys(), limit=3, score_cutoff=_CLOSE) if search else []
    near = list(dict.fromkeys(names[name] for name, _, _ in close))
    groups = ", ".join(dict.fromkeys(entry.group for entry in load_indicators().values()))
    step = f"Near it are {', '.join(near)}." if near else f"The groups are: {groups}."
    return DictionaryError("nothing_found", "no indicator fits", asked, step)


@cache
def _text(entry: Indicator) -> str:
    """What a search looks at, in one spelling."""
    printed = [label for found in in_forms(entry.indicator) for label in found.printed]
    return _plain("\n".join((entry.indicator, entry.label_zh, entry.label_en, entry.definition, *printed)))


def _plain(text: str) -> str:
    """Folded line by line, simplified, in lower case: 规范性文件 finds 規範性文件, and no word runs over two labels."""
    return "\n".join(fold(simplify(line)).lower() for line in text.splitlines())


def _printed(labels: dict[tuple[str, str], dict[str, str]], form_id: str, row: str, col: str) -> str:
    """The label of a row as printed, and of its column unless that counts all applicants.

    A column comes with the groups that it stands in (复议后起诉 / 总计), also where it has no row of its own.
    """
    path: list[str] = []
    for key in (row, "" if col.endswith(_TOTAL_COLUMN) else col):
        at = labels.get((form_id, key))
        names: list[str] = []
        while at is not None and (not names or at["axis"] == "colgroup"):
            names.insert(0, at["label"])
            at = labels.get((form_id, at["parent"]))
        path += names
    return " / ".join(path)


@cache
def _labels() -> dict[tuple[str, str], dict[str, str]]:
    """Rows and columns of all forms by form and key."""
    return {(row["form_id"], row["key"]): row for row in read_table("forms.csv")}
