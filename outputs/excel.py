"""CSV for spreadsheets: a byte order mark, so that Chinese is read as UTF-8, and text that stays text.

A spreadsheet opens a CSV file by guessing. Text that begins with `=`, `+`, `-` or `@` runs as a formula; `007` becomes
7, `3-4` a day in March, a capture id such as 1234567890123456 loses its last digit. Such text gets an apostrophe in
front. The apostrophe is then part of the field: whoever reads the file with a program takes it off, or uses the plain
CSV. Numbers are never touched, and a day such as 2021-03-31 is left, since it is read as what it is.
"""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import plain
from outputs.files import write_csv

BOM = "\ufeff"
GUARD = "'"

_RUNS = (*"=+-@\t\r", *"＝＋－＠", GUARD)
"""What opens a formula; the full-width signs do so in spreadsheets of East Asia. The apostrophe itself is guarded too,
so that taking one off gives back the text in any case."""

_DIGITS_AND_SIGNS = re.compile(r"[\s0-9０-９.,:/%()（）．，：／％eE+\-−¥￥$年月日时分秒]+")
_NUMBER_AS_IT_IS = re.compile(r"(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{0,13}[1-9])?")
_DAY_AS_IT_IS = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
_EXACT_DIGITS = 15
_BATCH_ROWS = 4_096


def write_excel_csv(folder: Path) -> None:
    """Write every `NAME.csv` of a finished dataset anew from `NAME.parquet`, for spreadsheets; batches stream."""
    for table in schema.TABLES:
        source = pq.ParquetFile(folder / f"{table.name}.parquet")
        numbers = {column.name for column in table.columns if column.kind == "number"}
        with source, (folder / f"{table.name}.csv").open("wb") as file:
            file.write((BOM + ",".join(column.name for column in table.columns) + "\n").encode())
            for batch in source.iter_batches(_BATCH_ROWS):
                write_csv(file, _for_excel(batch, numbers))


def guarded(text: str) -> str:
    """Return text with an apostrophe in front where a spreadsheet would run it or make something else of it.

    >>> [guarded(text) for text in ("=1+1", "-", "007", "3-4", "1,234", "739", "2021-03-31", "一、")]
    ["'=1+1", "'-", "'007", "'3-4", "'1,234", '739', '2021-03-31', '一、']
    """
    return GUARD + text if text.startswith(_RUNS) or _would_change(text) else text


def is_exact(number: str) -> bool:
    """Tell whether a spreadsheet, which holds 64-bit floats, keeps every digit of a number written out."""
    return len(number.lstrip("-").replace(".", "").strip("0")) <= _EXACT_DIGITS


def _would_change(text: str) -> bool:
    if not _DIGITS_AND_SIGNS.fullmatch(text) or not any(sign.isdigit() for sign in text):
        return False
    is_plain = _NUMBER_AS_IT_IS.fullmatch(text) and is_exact(text)
    return not (is_plain or _DAY_AS_IT_IS.fullmatch(text))


def _for_excel(batch: pa.RecordBatch, numbers: set[str]) -> pa.Table:
    def column(name: str, values: pa.Array) -> pa.Array:
        if name in numbers:
            return pa.array([None if value is None else plain(value) for value in values.to_pylist()], pa.string())
        if pa.types.is_string(values.type):
            return pa.array([value and guarded(value) for value in values.to_pylist()], pa.string())
        return values

    return pa.table({name: column(name, batch.column(name)) for name in batch.schema.names})
