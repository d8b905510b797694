"""Column types: how the columns of the schema are held while a run goes on, in Parquet, and in CSV.

Parts of a run hold a value as plain decimal text (`739`, `24252.311082`): CSV prints it as it stands, Parquet
makes an exact decimal of it. Text that is empty is null everywhere.
"""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.contract import PRECISION, SCALE

CAPTURE_NO = "capture_no"
"""Number of a page within its shard; a column of the parts, not of the dataset."""

FILE_URI, PLACE = "file_uri", "place"
"""Where a page stands in its source: columns of the parts of `coverage` only."""

_KNOWN_AT_THE_END = ("is_current", "n_checks_failed")

_ARROW = {
    "string": pa.string(),
    "integer": pa.int32(),
    "number": pa.decimal128(PRECISION, SCALE),
    "boolean": pa.bool_(),
}


def working_columns(name: str) -> tuple[str, ...]:
    """Return the columns of a table that are known when its rows are made: not what reports get at the end."""
    later = _KNOWN_AT_THE_END if name == "reports" else ()
    return tuple(column.name for column in schema.table(name).columns if column.name not in later)


@cache
def working_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of a table's parts: `capture_no`, then its columns with values as text.

    In `coverage` the place of the page stands before its columns.
    """
    fields = [pa.field(CAPTURE_NO, pa.int64())]
    if name == "coverage":
        fields += [pa.field(FILE_URI, pa.string()), pa.field(PLACE, pa.int64())]
    fields += [_text_for_number(final_schema(name).field(column)) for column in working_columns(name)]
    return pa.schema(fields)


@cache
def final_schema(name: str) -> pa.Schema:
    """Return the Arrow schema of a table of the dataset, as its Parquet file has it."""
    return pa.schema([pa.field(column.name, _ARROW[column.kind]) for column in schema.table(name).columns])


def working_table(name: str, columns: dict[str, list[Any]]) -> pa.Table:
    """Return the columns as an Arrow table of the parts' schema."""
    fields = working_schema(name)
    numbers = {column.name for column in schema.table(name).columns if column.kind == "number"}
    arrays = [working_array(columns[field.name], field.type, number=field.name in numbers) for field in fields]
    return pa.table(arrays, schema=fields)


def working_array(values: Sequence[Any], kind: pa.DataType, *, number: bool = False) -> pa.Array:
    """Return the values of a column of the parts: `number` says that they are decimals, to be held as text."""
    if number:
        values = [None if value is None else plain(value) for value in values]
    try:
        array = pa.array(values, kind)
    except UnicodeEncodeError:
        # half a surrogate pair, from a character reference of the page: no codec can write it
        array = pa.array([value and _without_surrogates(value) for value in values], kind)
    if pa.types.is_string(kind):
        return pc.if_else(pc.equal(array, ""), pa.scalar(None, kind), array)
    return array


def final_table(name: str, table: pa.Table) -> pa.Table:
    """Return a table of the parts' schema, with what was known at the end, in the columns and types of the dataset."""
    fields = final_schema(name)
    return table.select(fields.names).cast(fields)


def plain(value: Decimal) -> str:
    """Write a decimal with neither exponent nor trailing zeros.

    >>> plain(Decimal("1E+2")), plain(Decimal("24252.3110")), plain(Decimal("-0.00"))
    ('100', '24252.311', '0')
    """
    text = str(value)
    if "E" in text:  # very large and very small ones only, and it takes longer
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _text_for_number(field: pa.Field) -> pa.Field:
    return field.with_type(pa.string()) if pa.types.is_decimal(field.type) else field


def _without_surrogates(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
