"""A table of the dataset as two files, CSV and Parquet, written in groups of a fixed size.

The bytes depend on the rows alone, never on how they came in: row groups are cut at fixed places, no file
holds a time, and CSV quotes a field only where it must (comma, quote, line break), line feeds between rows.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from outputs.arrow import final_schema, final_table

_GROUP_ROWS = 32_768
"""Rows per row group: sections of this number take about 32 MB, and a query still skips what it can."""

_CSV_ROWS = 4_096
"""Rows turned into CSV at a time: each column of them is copied some five times."""

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
        for group in _groups(chunks):
            rows = group.select(columns).combine_chunks()
            parquet.write_table(final_table(name, rows), row_group_size=_GROUP_ROWS)
            for start in range(0, rows.num_rows, _CSV_ROWS):
                write_csv(csv, rows.slice(start, _CSV_ROWS))
            n_rows += rows.num_rows
    return n_rows


def write_csv(file: BinaryIO, table: pa.Table) -> None:
    """Write rows as CSV without a header; null and empty text alike become an empty field."""
    if table.num_rows and table.num_columns:
        fields = [_field_text(column) for column in table.columns]
        lines = pc.binary_join_element_wise(*fields, _large(","))
        lines = pc.binary_join_element_wise(lines, _large("\n"), _large(""))
        file.writelines(_text_of(chunk) for chunk in lines.chunks)


def _groups(chunks: Iterable[pa.Table]) -> Iterable[pa.Table]:
    held: list[pa.Table] = []
    n_held = 0
    for chunk in chunks:
        held.append(chunk)
        n_held += chunk.num_rows
        if n_held >= _GROUP_ROWS:
            rows = pa.concat_tables(held)
            whole = n_held - n_held % _GROUP_ROWS
            for start in range(0, whole, _GROUP_ROWS):
                yield rows.slice(start, _GROUP_ROWS)
            held, n_held = [rows.slice(whole)], n_held - whole
    if n_held:
        yield pa.concat_tables(held)


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
