"""Rows in any order, however many → the same rows sorted, a range of them in memory at a time.

The ranges are given, as texts that cut the first column of the order. Rows are taken a run at a time, each run is
sorted and put aside as one record batch a range; then each range is read from all runs and sorted. A database sorts by
merging its runs, and holds a block of each: its memory grows with the rows (DuckDB 2.0 gave up at twelve million cells
with 256 MB). Here it is the largest range and a run that are held, some three times each, and a few bytes for every
piece that was put aside; very many ranges are cut in two steps, so that the pieces are few.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

_RUN_BYTES = 6_000_000
"""What is sorted at a time before it is put aside."""

_FAN = 100
"""Ranges told apart at a time: every run has a piece in each, and many more pieces would be memory that adds up."""

_WRITE = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
_READ = pa.ipc.IpcReadOptions(use_threads=False)


def sort_rows(
    chunks: Iterator[pa.Table], order: Sequence[str], bounds: Sequence[str], aside: Path
) -> Iterator[pa.Table]:
    """Yield all rows sorted by the columns of `order`, nulls last, one table a range.

    `bounds`, sorted, cut the first of these columns, which holds text and no nulls: below the first, between two, from
    the last on. Memory follows the largest range, so that it is the bounds that keep it small. `aside` is a name for a
    file, which is there only in between.
    """
    if not bounds:
        held = [chunk for chunk in chunks if chunk.num_rows]
        if held:
            # no name for them here: it would hold the rows for as long as they are in use
            yield _taken(held).sort_by([(column, "ascending") for column in order])
        return
    step = -(-(len(bounds) + 1) // _FAN)
    cuts = bounds[step - 1 :: step]
    pieces = _put_aside(chunks, order[0], cuts, aside)
    if pieces is None:
        return
    with pa.OSFile(str(aside)) as file:
        reader = pa.ipc.open_file(file, options=_READ)
        for no, numbers in enumerate(pieces):
            found = (pa.Table.from_batches([reader.get_batch(number)]) for number in numbers)
            within = bounds[no * step : (no + 1) * step - 1]
            yield from sort_rows(found, order, within, aside.with_name(f"{aside.name}-{no}"))
    aside.unlink()


def _put_aside(chunks: Iterator[pa.Table], column: str, cuts: Sequence[str], aside: Path) -> list["array[int]"] | None:
    """Write all rows to the file; return the numbers of its record batches by range, None when there are no rows."""
    numbers = [array("q") for _ in range(len(cuts) + 1)]
    writer, n_written = None, 0
    with pa.OSFile(str(aside), "wb") as file:
        for run in _runs(chunks):
            writer = writer or pa.ipc.new_file(file, run.schema, options=_WRITE)
            rows = run.take(pc.sort_indices(run[column]))
            start = 0
            for no in range(len(cuts) + 1):
                end = _place(rows[column], cuts[no], start) if no < len(cuts) else rows.num_rows
                if end > start:
                    writer.write_batch(rows.slice(start, end - start))
                    numbers[no].append(n_written)
                    n_written += 1
                start = end
            pa.default_memory_pool().release_unused()
        if writer:
            writer.close()
    if writer:
        return numbers
    aside.unlink()
    return None


def _runs(chunks: Iterator[pa.Table]) -> Iterator[pa.RecordBatch]:
    held: list[pa.Table] = []
    size = 0
    for chunk in chunks:
        if chunk.num_rows:
            held.append(chunk)
            size += chunk.nbytes
        if size >= _RUN_BYTES:
            yield _taken(held).to_batches()[0]
            size = 0
    if held:
        yield _taken(held).to_batches()[0]


def _taken(held: list[pa.Table]) -> pa.Table:
    """The rows as one array a column (a sort would look each row up among the pieces); the list is empty then."""
    rows = pa.concat_tables(held).combine_chunks()
    held.clear()
    return rows


def _place(column: pa.Array, bound: str, start: int) -> int:
    """Position of the first value of a sorted column, from `start` on, that is not below the bound."""
    return bisect_left(range(len(column)), bound, lo=start, key=lambda no: column[no].as_py())
