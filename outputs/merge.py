"""Parts of a run → the tables of the dataset, sorted by key, a range of rows in memory at a time."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import CAPTURE_NO
from outputs.coverage import coverage_rows
from outputs.dictionary import concordance_table, indicator_table
from outputs.errors import DatasetError
from outputs.files import write_files
from outputs.parts import Parts, rows_of
from outputs.rows import OF_REPORT
from outputs.settle import Settled, same_as_previous, settle

RANGE_ROWS = 32_768
RANGE_BYTES = 16_000_000
"""What a range holds on average: with the copies that sorting makes, some 60 MB."""

_IDS = 1 << 64
"""Capture ids are the first 64 bits of a digest: they spread evenly over this range."""


def merge(parts: Parts, folder: Path) -> None:
    """Write every table that comes from single pages into the folder, and the dictionary of indicators.

    `reports.n_checks_failed` is 0 until outputs.derive has made the checks.

    Raises DatasetError (`duplicate_key`) naming the key when two rows of a table share one.
    """
    settled = settle(parts)
    for name in OF_REPORT:
        write_files(folder, name, _report_rows(parts, name, settled))
    write_files(folder, "coverage", _coverage(parts, settled))
    write_files(folder, "listed_reports", _listed(parts))
    write_files(folder, "indicators", [check_unique("indicators", indicator_table())])
    write_files(folder, "concordance", [check_unique("concordance", concordance_table())])


def check_unique(name: str, rows: pa.Table) -> pa.Table:
    """Return the rows, sorted by key; raises DatasetError (`duplicate_key`) when a key stands twice."""
    key = schema.table(name).key
    rows = rows.sort_by([(column, "ascending") for column in key])
    again = pc.index(same_as_previous(rows, key), True).as_py()
    if again >= 0:
        twice = ", ".join(f"{column}={rows[column][again].as_py()}" for column in key)
        raise DatasetError(
            "duplicate_key",
            f"two rows of {name} have the same key",
            twice,
            "This is a defect of gongkai: please report the page. The dataset that was there is as it was.",
        )
    return rows


def _report_rows(parts: Parts, name: str, settled: Settled) -> Iterator[pa.Table]:
    first = rows_of(settled.repeats, outside=True)
    for inside in _ranges("capture_id", _id_bounds(parts, name)):
        rows = check_unique(name, parts.read(name, where=inside & first))
        if name == "reports":
            current = pc.is_in(rows["capture_id"], value_set=settled.current)
            rows = rows.append_column("is_current", current)
            none_failed = pa.repeat(pa.scalar(0, pa.int32()), rows.num_rows)
            rows = rows.append_column("n_checks_failed", none_failed)
        yield rows


def _id_bounds(parts: Parts, name: str) -> list[str]:
    n_rows, n_bytes = parts.extent(name)
    n_ranges = 1 + max(n_rows // RANGE_ROWS, n_bytes // RANGE_BYTES)
    return [f"{_IDS * no // n_ranges:016x}" for no in range(1, n_ranges)]


def _coverage(parts: Parts, settled: Settled) -> Iterator[pa.Table]:
    addresses = parts.read("coverage", ["source_uri"]).sort_by("source_uri")["source_uri"]
    bounds = [addresses[place].as_py() for place in range(RANGE_ROWS, len(addresses), RANGE_ROWS)]
    for inside in _ranges("source_uri", sorted(set(bounds))):
        yield check_unique("coverage", coverage_rows(parts.read("coverage", where=inside), settled))


def _listed(parts: Parts) -> Iterator[pa.Table]:
    """Rows of the list pages; of pages with the same bytes the one whose address sorts first stands for all."""
    for inside in _ranges("capture_id", _id_bounds(parts, "listed_reports")):
        rows = parts.read("listed_reports", where=inside)
        order = ("capture_id", "item_no", "source_uri", CAPTURE_NO)
        rows = rows.sort_by([(column, "ascending") for column in order])
        yield rows.filter(pc.invert(same_as_previous(rows, ("capture_id", "item_no"))))


def _ranges(column: str, bounds: list[str]) -> Iterator[pc.Expression]:
    """Conditions that cut a text column at the bounds: below the first, between two, from the last on."""
    field = pc.field(column)
    if not bounds:
        yield field.is_valid()
        return
    yield field < bounds[0]
    for low, high in pairwise(bounds):
        yield (field >= low) & (field < high)
    yield field >= bounds[-1]
