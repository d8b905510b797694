"""Parquet → SQLite: every table of the dataset by its name and with its columns."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from outputs import schema
from outputs.frames import read_dataset


def open_index(folder: Path) -> Path:
    """Return the SQLite file of a dataset, made if there is none yet."""
    read_dataset(folder)
    target = folder / ".gongkai-explorer" / "dataset.db"
    if target.exists():
        return target
    target.parent.mkdir(exist_ok=True)
    base = sqlite3.connect(target)
    for table in schema.TABLES:
        read = pq.read_table(folder / f"{table.name}.parquet")
        names = ", ".join(f'"{name}"' for name in read.column_names)
        base.execute(f'CREATE TABLE "{table.name}" ({names})')
        marks = ", ".join("?" * len(read.column_names))
        base.executemany(
            f'INSERT INTO "{table.name}" VALUES ({marks})',
            ([_plain(value) for value in row.values()] for row in read.to_pylist()),
        )
    for name in ("facts", "cells", "claims", "checks", "sections", "findings", "reports", "rates"):
        base.execute(f'CREATE INDEX "{name}_capture" ON "{name}" (capture_id)')
    base.commit()
    base.close()
    return target


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return int(value) if isinstance(value, bool) else value
