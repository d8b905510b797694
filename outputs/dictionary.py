"""The dictionary of indicators and its concordance with the forms, as tables of the dataset."""

from typing import Any

import pyarrow as pa

from corpus.concordance import load_concordance
from corpus.forms import load_forms
from corpus.indicators import load_indicators
from outputs import schema
from outputs.arrow import final_schema


def indicator_table() -> pa.Table:
    """Return one row per indicator, in order of its id."""
    names = [column.name for column in schema.table("indicators").columns]
    rows = [[_text(getattr(entry, name)) for name in names] for entry in load_indicators().values()]
    return _table("indicators", rows)


def concordance_table() -> pa.Table:
    """Return one row per indicator and form, in order of both."""
    meanings = load_forms().meanings
    rows = []
    for entry in load_concordance().values():
        parts = [meanings.get((entry.form_id, *cell)) for cell in entry.cells] if entry.kind == "sum_of" else []
        names = [part.indicator for part in parts if part is not None]
        said = (entry.indicator, entry.form_id, entry.kind, entry.sum_is, names, entry.breaks_with, entry.note)
        rows.append([_text(value) for value in said])
    return _table("concordance", rows)


def _text(value: Any) -> str | None:
    return (value if isinstance(value, str) else " ".join(value)) or None


def _table(name: str, rows: list[list[str | None]]) -> pa.Table:
    key = len(schema.table(name).key)
    ordered = sorted(rows, key=lambda row: row[:key])
    fields = final_schema(name)
    return pa.table([pa.array(column, pa.string()) for column in zip(*ordered, strict=True)], schema=fields)
