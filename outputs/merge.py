"""Shards of a run → the tables of the dataset, sorted by key: DuckDB sorts on disk, rows stream to the files."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import working_columns
from outputs.coverage import fold, marked
from outputs.database import database
from outputs.dictionary import concordance_table, indicator_table
from outputs.errors import DatasetError
from outputs.files import write_files
from outputs.parts import Parts
from outputs.rows import OF_REPORT
from outputs.settle import same_as_previous, settle

_BATCH_ROWS = 8_192
"""Rows that come out of the database at a time: sections of this number take about 8 MB."""

_MEMORY_MB = 160
"""What the database may hold. The files being written take about as much beside it, see outputs.files."""

_LARGEST_FIRST = ("cells", "sections", "furniture", "facts", "claims", "findings", "coverage", "reports")
"""Tables by the work that they usually make: begun in this order, two hands end at about the same time."""


def merge(parts: Parts, folder: Path, scratch: Path, *, hands: int = 2) -> None:
    """Write every table that comes from single pages into the folder, and the dictionary of indicators.

    `scratch` is a folder for what does not fit into memory; `hands` is how many tables are written at a time, which
    makes no difference to their bytes. Memory does not grow with the number of pages; what grows is the disk space of
    `scratch`, to about the size of the largest table's text.
    `reports.n_checks_failed` is 0 until outputs.derive has made the checks.

    Raises DatasetError (`duplicate_key`) naming the key when two rows of a table share one.
    """
    with database(scratch / "spill", memory_mb=_MEMORY_MB, threads=hands) as base:
        settle(base, parts)
        for name in OF_REPORT:
            if name != "reports":
                parts.view(base, name)
        made: dict[str, Callable[[duckdb.DuckDBPyConnection], Iterator[pa.Table]]] = {
            name: partial(_report_rows, name=name) for name in OF_REPORT
        }
        made["coverage"] = _coverage
        made["listed_reports"] = _listed
        made["indicators"] = lambda _: iter([indicator_table()])
        made["concordance"] = lambda _: iter([concordance_table()])
        order = [*_LARGEST_FIRST, *sorted(made.keys() - set(_LARGEST_FIRST))]
        _in_parallel(base, hands, [partial(_write, folder, name, made[name]) for name in order])


def unique(name: str, chunks: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Pass on the rows of a table, which come sorted by key.

    Raises DatasetError (`duplicate_key`) when a key stands twice.
    """
    key = schema.table(name).key
    last: pa.Table | None = None
    for chunk in chunks:
        keys = chunk.select(key)
        seen = keys if last is None else pa.concat_tables([last, keys])
        again = pc.index(same_as_previous(seen, key), True).as_py()
        if again >= 0:
            twice = ", ".join(f"{column}={seen[column][again].as_py()}" for column in key)
            raise DatasetError(
                "duplicate_key",
                f"two rows of {name} have the same key",
                twice,
                "This is a defect of gongkai: please report the page. The dataset that was there is as it was.",
            )
        yield chunk
        if chunk.num_rows:
            last = keys.slice(chunk.num_rows - 1)


def _in_parallel(
    base: duckdb.DuckDBPyConnection, hands: int, jobs: list[Callable[[duckdb.DuckDBPyConnection], None]]
) -> None:
    """Do all jobs, each with a connection of its own; the first that fails ends them all."""
    with ThreadPoolExecutor(hands) as pool:
        cursors = [base.cursor() for _ in jobs]
        done = [pool.submit(job, cursor) for job, cursor in zip(jobs, cursors, strict=True)]
        try:
            for job in done:
                job.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for cursor in cursors:
                cursor.interrupt()
            raise


def _write(
    folder: Path,
    name: str,
    rows: Callable[[duckdb.DuckDBPyConnection], Iterator[pa.Table]],
    cursor: duckdb.DuckDBPyConnection,
) -> None:
    with cursor:
        write_files(folder, name, unique(name, rows(cursor)))


def _report_rows(cursor: duckdb.DuckDBPyConnection, name: str) -> Iterator[pa.Table]:
    columns = ", ".join(f'"{column}"' for column in working_columns(name))
    known_at_the_end = ""
    if name == "reports":
        known_at_the_end = ", capture_id IN (FROM current_reports) AS is_current, 0::INTEGER AS n_checks_failed"
    yield from _sorted(cursor, name, f"SELECT {columns}{known_at_the_end} FROM {_once(name, 'repeats')}")


def _listed(cursor: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    name = "listed_reports"
    columns = ", ".join(f'"{column}"' for column in working_columns(name))
    yield from _sorted(cursor, name, f"SELECT {columns} FROM {_once(name, 'repeated_lists')}")


def _coverage(cursor: duckdb.DuckDBPyConnection) -> Iterator[pa.Table]:
    yield from fold(_batches(cursor, marked()))


def _once(name: str, repeats: str) -> str:
    """The rows of a table without those of pages that repeat another."""
    return f"part_{name} ANTI JOIN {repeats} USING (shard, capture_no)"


def _sorted(cursor: duckdb.DuckDBPyConnection, name: str, query: str) -> Iterator[pa.Table]:
    key = ", ".join(f'"{column}" NULLS LAST' for column in schema.table(name).key)
    yield from _batches(cursor, f"{query} ORDER BY {key}")


def _batches(cursor: duckdb.DuckDBPyConnection, query: str) -> Iterator[pa.Table]:
    for batch in cursor.sql(query).to_arrow_reader(_BATCH_ROWS):
        yield pa.Table.from_batches([batch])
