"""A DuckDB that works out of core: as much memory as it is given, and a folder to put aside what exceeds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

_LEAST_MB = 64
"""Below this a sort of wide rows does not even hold the blocks that it works on."""


@contextmanager
def database(spill: Path, *, memory_mb: int = 256, threads: int = 1) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a database in memory for one job of a build; it is closed, and what it put aside removed, at the end.

    `memory_mb` limits what the database holds at a time, in megabytes of 10**6 bytes; the rest of a sort, a join or a
    grouping goes to files in `spill`, which is made when needed. Rows come in no particular order unless a query says
    ORDER BY, so that a result is the same however many threads work on it. The limit is the database's own: what a
    query hands over as Arrow tables is counted by the caller.
    """
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{max(memory_mb, _LEAST_MB)}MB",
        "temp_directory": str(spill),
        "threads": str(threads),
        "preserve_insertion_order": "false",
    }
    with duckdb.connect(config=settings) as base:
        base.execute("SET enable_progress_bar = false")
        yield base
