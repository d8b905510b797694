"""A Datasette with the pages of the explorer as its plugin."""

import sqlite3
from importlib import resources
from pathlib import Path

import pyarrow.parquet as pq
from datasette.app import Datasette
from datasette.plugins import pm

from outputs import schema
from outputs.explorer.freshness import Freshness
from outputs.explorer.index import open_index
from outputs.explorer.records import Shelf
from outputs.explorer.server import plugin
from outputs.explorer.server.describe import described
from outputs.explorer.server.guard import LOOPBACK_NAMES
from outputs.explorer.server.state import DATABASE, State

_SETTINGS = {
    "num_sql_threads": 8,  # one page that takes long does not hold up the others
    "sql_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "max_csv_mb": 0,  # a file that ends where a limit is reached looks whole
    "default_cache_ttl": 0,  # the same address may soon serve another dataset
    "suggest_facets": False,  # each suggestion is a question to a table that may have millions of rows
    "allow_download": False,  # the index is ours to change; the dataset itself lies beside it
    "default_allow_sql": True,
}


def make_server(folder: Path, shelf: Shelf, names: frozenset[str] | None = LOOPBACK_NAMES) -> Datasette:
    """Return a Datasette that serves a dataset; nothing can be written with it.

    `names` are the hosts that a request may name, None for any: see guard. Raises DatasetError where there
    is no dataset.
    """
    if not pm.is_registered(plugin):
        pm.register(plugin)
    return _Explorer(folder, open_index(folder), shelf, names)


class _Explorer(Datasette):  # type: ignore[misc]  # Datasette ships no types
    """A Datasette that knows its dataset: `explorer` stands before Datasette asks its plugins for the first time."""

    def __init__(self, folder: Path, index: Path, shelf: Shelf, names: frozenset[str] | None) -> None:
        freshness = Freshness(folder)
        self.explorer = State(folder, shelf, names, freshness)
        counts = _counts(folder, index)
        super().__init__(
            [],
            immutables=[str(index)],
            # what Datasette would otherwise find out by reading the whole file, before it answers for the first time
            inspect_data={
                DATABASE: {
                    "file": index.name,
                    "hash": freshness.digest,
                    "size": index.stat().st_size,
                    "tables": {name: {"count": count} for name, count in counts.items()},
                }
            },
            metadata=described(counts),
            settings=_SETTINGS,
            template_dir=str(resources.files("outputs.explorer.server").joinpath("tables")),
        )


def _counts(folder: Path, index: Path) -> dict[str, int | None]:
    """Rows of every table of the index by its name; None for what only the index has, which is not worth counting."""
    base = sqlite3.connect(f"{index.absolute().as_uri()}?immutable=1", uri=True)
    try:
        names = [name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    finally:
        base.close()
    ours = {table.name: pq.read_metadata(folder / f"{table.name}.parquet").num_rows for table in schema.TABLES}
    return {name: ours.get(name) for name in names}
