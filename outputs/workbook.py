"""A dataset as one workbook (.xlsx): a sheet that says what to mind, a data dictionary, and a sheet per table.

Numbers are numbers and text is text: nothing is run as a formula, and a capture id keeps its digits. What a workbook
cannot hold is said, on the first sheet and in what `write_workbook` returns: a table with more rows than a sheet goes
on in another one, a text that is too long is cut with a note at its end. Rows stream; the same dataset gives the same
bytes.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from corpus.columnlabels import load_column_labels, load_table_labels
from corpus.tables import read_table
from outputs import schema
from outputs.arrow import plain
from outputs.datadictionary import COLUMN_COLUMNS, column_rows
from outputs.errors import QueryError
from outputs.excel import is_exact
from outputs.frames import read_dataset
from outputs.place import replacing

MAX_ROWS = 1_048_576
"""Rows of a sheet, its header included."""

MAX_TEXT = 32_767
"""UTF-16 units of a cell."""

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook holds no zone; a clock would change the bytes
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_BATCH_ROWS = 4_096
_SAMPLED_ROWS = 500
_WIDTHS = (8, 48)
_DICTIONARY_WIDTHS = (16, 28, 24, 10, 6, 12, 80, 16, 40)
_ABOUT_WIDTHS = (100, 20, 12)
_FIRST_WIDE = 0x2E80
_SHEETS = {"en": ("about", "dictionary"), "zh": ("说明", "数据字典")}
_TEMPLATE, _COLUMN = "=", "column:"
"""In workbook_notes.csv, before the name of a note that has something to fill in, and before that of a column."""


@dataclass(slots=True)
class Written:
    """What is in a workbook: rows by sheet, and one sentence for each thing that it could not hold as it is."""

    rows: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def write_workbook(
    folder: Path,
    target: Path,
    tables: Sequence[str] = (),
    *,
    labels: Literal["en", "zh"] = "en",
    max_rows: int = MAX_ROWS,
) -> Written:
    """Write the tables of a dataset (all of them unless named) into one workbook; return what is in it.

    With `labels` zh the columns bear their Chinese names, and the first sheet is in Chinese. Raises DatasetError when
    the folder holds no dataset, QueryError (`unknown_table`, `inside_dataset`, `cannot_write_answer`).
    """
    read_dataset(folder)
    names = _chosen(tables)
    written = Written()
    with replacing(target, outside=folder) as held:
        book = xlsxwriter.Workbook(str(held), _OPTIONS)
        book.use_zip64()
        book.set_properties({"created": _CREATED, "title": "gongkai"})
        try:
            _Book(book, folder, labels, max_rows, written).write(names)
            book.close()
        except XlsxWriterException as error:
            raise QueryError(
                "cannot_write_answer", f"the workbook cannot be written ({error})", str(target), "Choose another place."
            ) from error
    return written


def _chosen(tables: Sequence[str]) -> list[str]:
    known = [table.name for table in schema.TABLES]
    for name in tables:
        if name not in known:
            raise QueryError(
                "unknown_table", f"there is no table {name!r}", "--tables", f"The tables are {', '.join(known)}."
            )
    return [name for name in known if not tables or name in tables]


class _Notes:
    """Sentences of corpus/data/workbook_notes.csv in one language."""

    def __init__(self, language: str) -> None:
        self._texts = {entry["note"]: entry[language] for entry in read_table("workbook_notes.csv")}

    def standing(self) -> list[str]:
        """Return what is to be minded in every workbook."""
        return [text for note, text in self._texts.items() if not note.startswith((_TEMPLATE, _COLUMN))]

    def columns(self) -> list[str]:
        """Return the names of the columns of the data dictionary."""
        return [self._texts[_COLUMN + name] for name in COLUMN_COLUMNS]

    def filled(self, note: str, **values: Any) -> str:
        """Return what is to be minded in this one."""
        return self._texts[_TEMPLATE + note].format(**values)


class _Book:
    """The sheets of one workbook."""

    def __init__(self, book: Any, folder: Path, labels: str, max_rows: int, written: Written) -> None:
        self._book, self._folder, self._language, self._written = book, folder, labels, written
        self._room = max_rows - 1
        self._notes = _Notes(labels)
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})

    def write(self, names: list[str]) -> None:
        about, dictionary = (self._book.add_worksheet(title) for title in _SHEETS[self._language])
        self._dictionary(dictionary, names)
        for name in names:
            self._table(name)
        self._about(about, names)

    def _head(self, sheet: Any, header: list[str], n_rows: int) -> None:
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, n_rows, len(header) - 1)
        for place, name in enumerate(header):
            sheet.write_string(0, place, name, self._bold)

    def _named(self, columns: list[str]) -> list[str]:
        labels = load_column_labels() if self._language == "zh" else {}
        return [labels.get(name, name) for name in columns]

    def _table(self, name: str) -> None:
        with pq.ParquetFile(self._folder / f"{name}.parquet") as source:
            n_rows = source.metadata.num_rows
            rows = _rows(source)
            header = self._named(source.schema_arrow.names)  # of the file: another version may have written it
            n_sheets = max(1, -(-n_rows // self._room))
            for number in range(n_sheets):
                n_here = min(self._room, n_rows - number * self._room)
                title = f"{name} ({number + 1})" if number else name
                self._sheet(title, name, header, islice(rows, n_here), n_here)
        if n_sheets > 1:
            self._written.notes.append(self._notes.filled("more_sheets", table=name, rows=n_rows, sheets=n_sheets - 1))

    def _sheet(self, title: str, table: str, header: list[str], rows: Iterator[tuple[Any, ...]], n_rows: int) -> None:
        sheet = self._book.add_worksheet(title)
        self._head(sheet, header, n_rows)
        widths = [_width(text) for text in header]
        changed: Counter[str] = Counter()
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row):
                held = self._held(value, table, changed)
                _write(sheet, number, place, held)
                if number <= _SAMPLED_ROWS:
                    widths[place] = max(widths[place], _width(held))
        for place, width in enumerate(widths):
            sheet.set_column(place, place, min(max(width, _WIDTHS[0]), _WIDTHS[1]))
        self._written.rows[title] = n_rows
        for note, n_cells in sorted(changed.items()):
            self._written.notes.append(self._notes.filled(note, sheet=title, cells=n_cells))

    def _held(self, value: Any, table: str, changed: Counter[str]) -> Any:
        """The value as a cell can hold it; what it changes is counted under the name of its note."""
        if isinstance(value, str) and _is_too_long(value):
            changed["cut"] += 1
            return self._cut(value, table)
        if isinstance(value, Decimal) and not is_exact(plain(value)):
            changed["as_text"] += 1
            return plain(value)
        return value

    def _cut(self, text: str, table: str) -> str:
        end = f" … {self._notes.filled('cut_end', length=len(text), table=table)}"
        units = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(end))]
        return units.decode("utf-16-le", "ignore") + end

    def _dictionary(self, sheet: Any, names: list[str]) -> None:
        rows = [row for row in column_rows() if row[0] in names]
        self._head(sheet, self._notes.columns(), len(rows))
        for number, row in enumerate(rows, 1):
            for place, text in enumerate(row):
                _write(sheet, number, place, text or None)
        for place, width in enumerate(_DICTIONARY_WIDTHS):
            sheet.set_column(place, place, width)

    def _about(self, sheet: Any, names: list[str]) -> None:
        """Written last: only then it is known what did not fit."""
        for place, width in enumerate(_ABOUT_WIDTHS):
            sheet.set_column(place, place, width)
        lines: list[tuple[Any, ...]] = [(text, None, None) for text in (*self._notes.standing(), *self._written.notes)]
        lines.append(("", None, None))
        for name in names:
            n_rows = pq.read_metadata(self._folder / f"{name}.parquet").num_rows
            about = load_table_labels().get(name, "") if self._language == "zh" else schema.table(name).description
            lines.append((about, name, n_rows))
        for number, line in enumerate(lines):
            for place, value in enumerate(line):
                _write(sheet, number, place, value, None if place else self._wrap)


def _rows(source: Any) -> Iterator[tuple[Any, ...]]:
    for batch in source.iter_batches(_BATCH_ROWS):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _write(sheet: Any, row: int, col: int, value: Any, form: Any = None) -> None:
    """Write one value by its kind; None leaves the cell empty."""
    if isinstance(value, bool):
        sheet.write_boolean(row, col, value, form)
    elif isinstance(value, str):
        # the library takes <r>…</r> for mark-up of its own when it streams
        is_markup = value.startswith("<r>") and value.endswith("</r>")
        sheet.write_string(row, col, f"{value} " if is_markup else value, form)
    elif value is not None:
        sheet.write_number(row, col, value, form)


def _is_too_long(text: str) -> bool:
    return len(text) > MAX_TEXT // 2 and len(text.encode("utf-16-le")) > 2 * MAX_TEXT


def _width(value: Any) -> int:
    """Width of a value in a cell: a Chinese character takes two places."""
    if value is None:
        return 0
    text = plain(value) if isinstance(value, Decimal) else str(value)
    return 2 + sum(2 if ord(sign) > _FIRST_WIDE else 1 for sign in text[: _WIDTHS[1]])
