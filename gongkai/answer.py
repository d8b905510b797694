"""An answer is given: in which format, to the screen, a pipe or a file, and under which names of columns."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal, get_args

import typer
from rich.console import Console

from corpus.columnlabels import load_column_labels
from gongkai.commands.common import SCREEN_ROWS
from gongkai.screen import print_rows, rows_said
from outputs.answers import AnswerFormat, written
from outputs.errors import QueryError
from outputs.place import writing_file
from outputs.query import Answer


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an answer is wanted. `limit` None is all rows; `output` None is stdout."""

    form: Literal["table"] | AnswerFormat
    output: Path | None
    labels: Literal["en", "zh"]
    limit: int | None
    excel: bool
    dataset: Path
    console: Console

    @classmethod
    def of(
        cls,
        form: Literal["table"] | AnswerFormat | None,
        output: Path | None,
        *,
        labels: Literal["en", "zh"],
        limit: int | None,
        excel: bool,
        dataset: Path,
        console: Console,
    ) -> "Wanted":
        """Settle what was left open on the command line. Raises QueryError when the options contradict each other."""
        ending = output.suffix.lower().removeprefix(".") if output else ""
        if form is None:
            endings: dict[str, AnswerFormat] = {name: name for name in get_args(AnswerFormat)}
            on_screen = output is None and console.is_terminal and not excel
            form = endings.get(ending) or ("table" if on_screen else "csv")
        if excel and form != "csv":
            raise QueryError(
                "wrong_query",
                f"--excel is about CSV, and the answer is to be {form}",
                "--excel",
                "Leave out --format; a whole workbook is written by gongkai export.",
            )
        shown = SCREEN_ROWS if limit is None and form == "table" else limit or None
        return cls(form, output, labels, shown, excel, dataset, console)


def give(answer: Answer, wanted: Wanted) -> None:
    """Write an answer as it is wanted. That rows were left out is said, on stderr unless it is on the screen itself."""
    columns = answer.columns if wanted.labels == "en" else _named(answer)
    if wanted.output is not None:
        with writing_file(wanted.output, outside=wanted.dataset) as file:
            if wanted.form == "table":
                console = Console(file=file, width=wanted.console.width, highlight=False, color_system=None)
                print_rows(console, columns, answer.numeric, answer.rows, wanted.limit)
            else:
                _write(answer, columns, wanted, file.write)
    elif wanted.form == "table":
        print_rows(wanted.console, columns, answer.numeric, answer.rows, wanted.limit)
    else:
        _write(answer, columns, wanted, sys.stdout.write)


def _write(answer: Answer, columns: Sequence[str], wanted: Wanted, write: Any) -> None:
    assert wanted.form != "table"
    rows = _Counted(answer.rows)
    first = islice(rows, wanted.limit)
    for piece in written(wanted.form, columns, answer.numeric, first, excel=wanted.excel):
        write(piece)
    n_written = rows.count
    for _ in rows:
        pass
    if n_written < rows.count:
        typer.echo(f"gongkai: {rows_said(rows.count, n_written)[1:-1]}.", err=True)


class _Counted:
    """Rows, and how many of them have been read."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self.count = 0

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return self

    def __next__(self) -> Sequence[Any]:
        row = next(self._rows)
        self.count += 1
        return row


def _named(answer: Answer) -> tuple[str, ...]:
    """Chinese names of the columns; a name that is no column of the dataset stays as the question gives it."""
    known = {**load_column_labels(), **answer.labels}

    def label(name: str) -> str:
        first, _, number = name.rpartition("_")
        if name not in known and first in known and number.isdigit():
            return f"{known[first]}_{number}"  # the second `value` of an answer
        return known.get(name, name)

    return tuple(map(label, answer.columns))
