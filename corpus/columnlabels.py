"""Chinese names of the dataset's tables and columns, for readers who do not read the English ones."""

from collections import Counter
from functools import cache

from corpus.indicators import load_indicators
from corpus.tables import read_table

_LISTING = "column:"
"""In workbook_notes.csv, before the name of a column of the data dictionary."""


@cache
def load_column_labels() -> dict[str, str]:
    """Chinese name of every column by its name; the columns of the panel bear those of their indicators.

    A name that several indicators share (结果维持 is said of reconsiderations and of lawsuits) is followed by the id.
    """
    indicators = load_indicators()
    shared = Counter(entry.label_zh for entry in indicators.values())
    named = {
        name: entry.label_zh if shared[entry.label_zh] == 1 else f"{entry.label_zh}（{name}）"
        for name, entry in indicators.items()
    }
    return named | {row["column"]: row["label_zh"] for row in read_table("column_labels.csv")}


@cache
def load_listing_labels() -> dict[str, str]:
    """Chinese names of the columns of a list of tables or columns (the data dictionary), by their English names."""
    marked = {row["note"]: row["zh"] for row in read_table("workbook_notes.csv")}
    return {note.removeprefix(_LISTING): zh for note, zh in marked.items() if note.startswith(_LISTING)}


@cache
def load_table_labels() -> dict[str, str]:
    """Chinese name of every table by its name."""
    return {row["table"]: row["label_zh"] for row in read_table("table_labels.csv")}
