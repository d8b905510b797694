"""The tables and columns of a dataset as rows, for those who look for a name."""

from pathlib import Path

import pyarrow.parquet as pq

from corpus.columnlabels import load_column_labels, load_listing_labels, load_table_labels
from corpus.indicators import load_indicators
from outputs import schema
from outputs.errors import QueryError
from outputs.frames import read_dataset
from outputs.query import Answer

COLUMN_COLUMNS = ("table", "column", "label_zh", "kind", "key", "empty", "meaning", "unit", "values")


def listed(folder: Path) -> Answer:
    """Return the tables of a dataset: name, Chinese name, rows, what one row is."""
    read_dataset(folder)
    rows = [
        (
            table.name,
            load_table_labels().get(table.name, ""),
            pq.read_metadata(folder / f"{table.name}.parquet").num_rows,
            table.description,
        )
        for table in schema.TABLES
    ]
    columns = ("table", "label_zh", "rows", "meaning")
    return Answer(columns, (False, False, True, False), iter(rows), load_listing_labels())


def described(folder: Path, name: str) -> Answer:
    """Return the columns of a table with their meaning. Raises QueryError (`unknown_table`)."""
    read_dataset(folder)
    rows = [row[1:] for row in column_rows() if row[0] == name]
    if not rows:
        names = ", ".join(table.name for table in schema.TABLES)
        raise QueryError("unknown_table", f"there is no table {name!r}", "--describe", f"The tables are {names}.")
    columns = COLUMN_COLUMNS[1:]
    return Answer(columns, (False,) * len(columns), iter(rows), load_listing_labels())


def column_rows() -> list[tuple[str, ...]]:
    """Return all columns of all tables, a tuple of `COLUMN_COLUMNS` each."""
    labels = load_column_labels()
    return [
        (
            table.name,
            column.name,
            labels.get(column.name, ""),
            column.kind,
            "key" if column.name in table.key else "",
            "never" if column.required else "where not printed or not known",
            column.description,
            _unit(table, column),
            ", ".join(column.values),
        )
        for table in schema.TABLES
        for column in table.columns
    ]


def _unit(table: schema.Table, column: schema.Column) -> str:
    """Unit of a column of numbers: that of its indicator, or where it stands."""
    if column.name in load_indicators():
        return load_indicators()[column.name].unit
    has_unit = any(other.name == "unit" for other in table.columns)
    return "see the column unit" if column.kind == "number" and has_unit else ""
