"""The checks that a person has to look at as a table, `check_list`: in the order of the list for people."""

import sqlite3
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from outputs.checks.listing import COLUMNS, NUMERIC, listing
from outputs.explorer.index.load import plain

VERDICTS = ("fail", "uncertain")

_BATCH_ROWS = 4_096


def load_check_list(base: sqlite3.Connection, folder: Path, tell: Callable[[int], None]) -> None:
    """Make `check_list` and fill it: `rank` counts from 1 through the failed and then the uncertain checks.

    The other columns are those of outputs.checks.listing and `agency_id`. Only current captures are listed.
    """
    kinds = ("NUMERIC" if is_number else "TEXT" for is_number in NUMERIC)
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(COLUMNS, kinds, strict=True))
    base.execute(
        f"CREATE TABLE check_list (rank INTEGER PRIMARY KEY, {columns}, agency_id TEXT, "
        "FOREIGN KEY (capture_id) REFERENCES reports (capture_id))"
    )
    agencies = dict(base.execute("SELECT capture_id, agency_id FROM reports"))
    place = COLUMNS.index("capture_id")
    insert = f"INSERT INTO check_list VALUES ({', '.join('?' * (len(COLUMNS) + 2))})"
    with listing(folder, "", None, VERDICTS) as (_, found):
        rows: Iterator[tuple[Any, ...]] = (
            (rank, *map(plain, row), agencies.get(row[place])) for rank, row in enumerate(found, 1)
        )
        while batch := list(islice(rows, _BATCH_ROWS)):
            base.executemany(insert, batch)
            tell(len(batch))
