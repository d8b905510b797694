"""Rows of an answer as CSV, JSON or Markdown, a row at a time; numbers are written exactly, nulls never as zero."""

import csv
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Literal

from outputs.arrow import plain
from outputs.excel import BOM, guarded

AnswerFormat = Literal["csv", "json", "md"]

_FLOAT_DIGITS = 15
"""Digits that a 64-bit float is sure of: 0.1 + 0.2 is then 0.3, not 0.30000000000000004."""


_MARKDOWN_SIGN = re.compile(r"[\\|*`<\[]|(?<!\w)_|_(?!\w)")
"""An underscore within a name (`requests_received`) is none."""


def written(
    kind: AnswerFormat,
    columns: Sequence[str],
    numeric: Sequence[bool],
    rows: Iterable[Sequence[Any]],
    *,
    excel: bool = False,
) -> Iterator[str]:
    """Yield an answer as text, piece by piece.

    `csv`: one header line, an empty field for null; with `excel`, a byte order mark in front and text guarded, see
    outputs.excel. `json`: an array of objects, `null` for null. `md`: a table of Markdown, an empty cell for null.
    """
    if kind == "json":
        return _json(columns, rows)
    if kind == "md":
        return _markdown(columns, numeric, rows)
    return _csv(columns, numeric, rows, excel=excel)


def field_text(value: Any) -> str:
    """Write a value of an answer as plain text; null is ''.

    >>> [field_text(value) for value in (None, Decimal("45.6500"), 0.1 + 0.2, True, ["平", Decimal("1.50")])]
    ['', '45.65', '0.3', 'true', '["平", 1.5]']
    """
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple | dict | bool | int | float | Decimal):
        return _json_value(value).strip('"')
    return value.hex() if isinstance(value, bytes) else str(value)


def _csv(
    columns: Sequence[str], numeric: Sequence[bool], rows: Iterable[Sequence[Any]], *, excel: bool
) -> Iterator[str]:
    line = _Line()
    writer = csv.writer(line, lineterminator="\n")

    def text_of(value: Any, is_number: bool) -> str:
        text = field_text(value)
        return guarded(text) if excel and not is_number else text

    writer.writerow([guarded(name) if excel else name for name in columns])
    yield (BOM if excel else "") + line.text
    for row in rows:
        writer.writerow(map(text_of, row, numeric))
        yield line.text


class _Line:
    """Where csv.writer puts the line that it made last."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def _json(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    keys = [json.dumps(name, ensure_ascii=False) for name in columns]
    opening = "[\n"
    for row in rows:
        fields = ", ".join(f"{key}: {_json_value(value)}" for key, value in zip(keys, row, strict=True))
        yield f"{opening}{{{fields}}}"
        opening = ",\n"
    yield "\n]\n" if opening == ",\n" else "[]\n"


def _json_value(value: Any) -> str:
    if value is None or isinstance(value, bool | int | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        # JSON has no such numbers; null would say that nothing is known
        return f"{value:.{_FLOAT_DIGITS}g}" if math.isfinite(value) else f'"{value}"'
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_json_value, value))}]"
    if isinstance(value, dict):
        fields = (f"{json.dumps(str(key), ensure_ascii=False)}: {_json_value(item)}" for key, item in value.items())
        return f"{{{', '.join(fields)}}}"
    return json.dumps(field_text(value), ensure_ascii=False)


def _markdown(columns: Sequence[str], numeric: Sequence[bool], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    def line(values: Iterable[str]) -> str:
        return f"| {' | '.join(values)} |\n"

    yield line(map(_markdown_cell, columns))
    yield "|" + "|".join("---:" if is_number else "---" for is_number in numeric) + "|\n"
    for row in rows:
        yield line(_markdown_cell(field_text(value)) for value in row)


def _markdown_cell(text: str) -> str:
    """Text on one line; what Markdown would read as its own sign is escaped."""
    return "<br>".join(_MARKDOWN_SIGN.sub(r"\\\g<0>", text).splitlines())
