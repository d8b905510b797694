"""A table of the dataset as two files, CSV and Parquet, written in groups of a bounded size.

The bytes depend on the rows alone, never on how they came in: a row group ends where the rows in it say, no file
holds a time, and CSV quotes a field only where it must (comma, quote, line break), line feeds between rows.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outputs.arrow import final_schema, final_table

_GROUP_ROWS = 32_768
_GROUP_BYTES = 4_000_000
"""A row group is full with so many rows, or with the row that brings its texts to so many bytes."""

_CSV_BYTES = 1_000_000
"""About what is turned into CSV at a time: each column of it is copied some five times."""

_MUST_QUOTE = '[",\r\n]'


def write_files(folder: Path, name: str, chunks: Iterable[pa.Table]) -> int:
    """Write `NAME.csv` and `NAME.parquet` into the folder; return the number of rows.

    `chunks` are tables in key order whose columns are those of the dataset, values as plain decimal text.
    """
    n_rows = 0
    columns = final_schema(name).names
    parquet = pq.ParquetWriter(
        folder / f"{name}.parquet", final_schema(name), version="2.6", compression="zstd", compression_level=3
    )
    with parquet, (folder / f"{name}.csv").open("wb") as csv:
        csv.write((",".join(columns) + "\n").encode())
        for group in _groups(chunk.select(columns) for chunk in chunks):
            rows = group.combine_chunks()
            parquet.write_table(final_table(name, rows), row_group_size=_GROUP_ROWS)
            step = max(1, _CSV_BYTES * rows.num_rows // max(rows.nbytes, 1))
            for start in range(0, rows.num_rows, step):
                write_csv(csv, rows.slice(start, step))
            n_rows += rows.num_rows
            pa.default_memory_pool().release_unused()
    return n_rows


def write_csv(file: BinaryIO, table: pa.Table) -> None:
    """Write rows as CSV without a header; null and empty text alike become an empty field."""
    if table.num_rows and table.num_columns:
        fields = [_field_text(column) for column in table.columns]
        lines = pc.binary_join_element_wise(*fields, _large(","))
        lines = pc.binary_join_element_wise(lines, _large("\n"), _large(""))
        file.writelines(_text_of(chunk) for chunk in lines.chunks)


def _groups(chunks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    held: list[pa.Table] = []
    n_rows = n_bytes = 0
    for chunk in chunks:
        sums = _text_bytes(chunk).cumsum()
        start = 0
        while start < chunk.num_rows:
            passed = int(sums[start - 1]) if start else 0
            full = int(np.searchsorted(sums, passed + _GROUP_BYTES - n_bytes)) + 1
            end = min(full, start + _GROUP_ROWS - n_rows, chunk.num_rows)
            held.append(chunk.slice(start, end - start))
            n_rows += end - start
            n_bytes += int(sums[end - 1]) - passed
            start = end
            if n_rows == _GROUP_ROWS or n_bytes >= _GROUP_BYTES:
                yield pa.concat_tables(held)
                held, n_rows, n_bytes = [], 0, 0
    if held:
        yield pa.concat_tables(held)


def _text_bytes(rows: pa.Table) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """How many bytes the texts of each row have."""
    sizes = np.zeros(rows.num_rows, np.int64)
    for column in rows.columns:
        if pa.types.is_string(column.type):
            sizes += pc.fill_null(pc.binary_length(column), 0).to_numpy()
    return sizes


def _field_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Column as CSV fields; 64-bit offsets, since the texts of one group may exceed 2 GB once joined."""
    text = pc.fill_null(pc.cast(column, pa.large_string()), "")
    if not pa.types.is_string(column.type):
        return text
    quote = _large('"')
    doubled = pc.replace_substring(text, '"', '""')
    quoted = pc.binary_join_element_wise(quote, doubled, quote, _large(""))
    return pc.if_else(pc.match_substring_regex(text, _MUST_QUOTE), quoted, text)


def _large(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _text_of(lines: pa.Array) -> bytes:
    """Bytes of an array of text without nulls: its values stand in one buffer, one after the other."""
    _, offsets, values = lines.buffers()
    ends = memoryview(offsets).cast("q")
    start, end = ends[lines.offset], ends[lines.offset + len(lines)]
    return bytes(memoryview(values)[start:end])
