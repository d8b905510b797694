"""Shards of a run → the tables of the dataset, sorted by key: rows stream through, a range of them in memory."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import CAPTURE_NO
from outputs.coverage import LINE_ORDER, marked_lines, whole_lines
from outputs.database import database
from outputs.dictionary import concordance_table, indicator_table
from outputs.errors import DatasetError
from outputs.files import write_files
from outputs.parts import Parts
from outputs.rows import OF_REPORT
from outputs.settle import Settled, same_as_previous, settle, use_settled
from outputs.sorting import sort_rows

RANGE_ROWS = 16_384
RANGE_BYTES = 6_000_000
"""What a range holds on average, rows or bytes as the Parquet files count them. A hand held at most some 45 MB of
Arrow's memory in the merge of 10,319 pages: a range, a run that is sorted, a row group, and copies of each."""

_IDS = 1 << 64
"""Capture ids are the first 64 bits of a digest: they spread evenly over this range."""

_LARGEST_FIRST = ("cells", "facts", "sections", "furniture", "claims", "findings", "coverage", "reports")
"""Tables by the work that they usually make: begun in this order, two hands end at about the same time."""

_MOST_HANDS = 2
"""Each hand needs memory of its own, and the largest table takes as long as all others together, more or less."""

_SETTLE_MB = 128
"""What comparing all captures may take before it goes to the disk."""

_Rows = Callable[[Settled, Path], Iterator[pa.Table]]


def merge(parts: Parts, folder: Path, scratch: Path, *, hands: int = 2) -> None:
    """Write every table that comes from single pages into the folder, and the dictionary of indicators.

    `scratch` is a folder for what does not fit into memory; `hands` is how many tables are written at a time, at most
    two, which makes no difference to their bytes. Memory follows neither the pages nor the shards, but for a few bytes
    a shard and an address in some 16,000; `scratch` takes about what the parts of the tables under work take.
    `reports.n_checks_failed` is 0 until outputs.derive has made the checks.

    Raises DatasetError (`duplicate_key`) naming the key when two rows of a table share one.
    """
    made: dict[str, _Rows] = {name: partial(_report_rows, parts, name) for name in OF_REPORT}
    made["coverage"] = partial(_coverage, parts)
    made["listed_reports"] = partial(_listed, parts)
    made["indicators"] = lambda *_: iter([indicator_table()])
    made["concordance"] = lambda *_: iter([concordance_table()])
    hands = min(hands, _MOST_HANDS)
    order = [*_LARGEST_FIRST, *sorted(made.keys() - set(_LARGEST_FIRST))]
    with database(scratch / "spill", memory_mb=_SETTLE_MB, threads=hands) as base:
        settle(base, parts, scratch)
    with _frugal(), database(scratch / "spill", threads=hands) as base:
        use_settled(base, parts, scratch)
        with ThreadPoolExecutor(hands) as pool:
            jobs = [pool.submit(_write, base, folder, scratch, name, made[name]) for name in order]
            try:
                for job in jobs:
                    job.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise


@contextmanager
def _frugal() -> Iterator[None]:
    """Take memory for rows from the system's allocator while tables are written.

    With two hands the process peaked some 15 MB lower than with Arrow's own pools (1,214 pages: 334 MB, 346 with
    jemalloc, 354 with mimalloc).
    """
    pool = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)


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


def _write(base: duckdb.DuckDBPyConnection, folder: Path, scratch: Path, name: str, rows: _Rows) -> None:
    with base.cursor() as cursor:
        write_files(folder, name, unique(name, rows(Settled(cursor), scratch / f"sorting-{name}")))


def _report_rows(parts: Parts, name: str, settled: Settled, aside: Path) -> Iterator[pa.Table]:
    once = (_without(rows, settled.repeats(shard)) for shard, rows in parts.rows(name))
    for rows in sort_rows(once, schema.table(name).key, _bounds(parts, name), aside):
        if name == "reports":
            ids = rows["capture_id"]
            current = pc.is_in(ids, value_set=settled.current(ids[0].as_py(), ids[-1].as_py()))
            none_failed = pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows)
            yield rows.append_column("is_current", current).append_column("n_checks_failed", none_failed)
        else:
            yield rows


def _listed(parts: Parts, settled: Settled, aside: Path) -> Iterator[pa.Table]:
    """Rows of the list pages; of pages with the same bytes the one whose address sorts first stands for all."""
    name = "listed_reports"
    once = (_without(rows, settled.repeats(shard, "repeated_lists")) for shard, rows in parts.rows(name))
    yield from sort_rows(once, schema.table(name).key, _bounds(parts, name), aside)


def _coverage(parts: Parts, settled: Settled, aside: Path) -> Iterator[pa.Table]:
    lines = marked_lines(parts, settled)
    for rows in sort_rows(lines, LINE_ORDER, settled.addresses(RANGE_ROWS), aside):
        yield whole_lines(rows)


def _without(rows: pa.Table, repeats: pa.Table) -> pa.Table:
    """The rows that do not come from one of these pages."""
    if not repeats.num_rows:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows[CAPTURE_NO], value_set=repeats[CAPTURE_NO].combine_chunks())))


def id_bounds(n_ranges: int) -> list[str]:
    """Where to cut the capture ids into so many ranges of about one size."""
    return [f"{_IDS * no // n_ranges:016x}" for no in range(1, n_ranges)]


def _bounds(parts: Parts, name: str) -> list[str]:
    n_rows, n_bytes = parts.extent(name)
    return id_bounds(1 + max(n_rows // RANGE_ROWS, n_bytes // RANGE_BYTES))
