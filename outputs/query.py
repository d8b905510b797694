"""SQL over a dataset: DuckDB reads its Parquet files, and nothing else can be reached or changed.

Every table of the dataset is a view by its name. One question at a time, which may only read: the connection sees the
Parquet files of the dataset alone, no other file and no network, its settings are locked, and a statement that would
write is refused before it runs. One thread answers, so that the same question gives the same rows in the same order.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from outputs import schema
from outputs.errors import QueryError
from outputs.frames import read_dataset
from outputs.queryerrors import said

_BATCH_ROWS = 2_048
_BEFORE, _AFTER = "SELECT * FROM (\n", "\n) LIMIT 0"
_LOCKED = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET errors_as_json = true",
    "SET lock_configuration = true",
)
_NUMERIC = ("DECIMAL", "DOUBLE", "FLOAT", "HUGEINT", "UHUGEINT")
_INTEGER_END = "INT"
_WRITES, _STOPPED = "must be at the top level", "interrupted"  # words of DuckDB's messages
_ZONED = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question gave: the names of its columns, which of them are numbers, and its rows as they stream.

    `labels` are Chinese names of columns that are none of the dataset's.
    """

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: Iterator[tuple[Any, ...]]
    labels: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def asking(folder: Path, question: str) -> Iterator[Answer]:
    """Ask one question in SQL of the dataset in a folder; its rows can be read while the `with` block lasts.

    Values are Python's: exact decimals, None where nothing is known. Raises DatasetError when no dataset is there, and
    QueryError when the question cannot be answered, also while its rows are read.
    """
    read_dataset(folder)
    with tempfile.TemporaryDirectory(prefix="gongkai-") as scratch, _locked(folder.resolve(), Path(scratch)) as base:
        text = _only_question(base, question)
        yield _answer(base, text)


@contextmanager
def _locked(folder: Path, scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees the dataset alone. What does not fit into memory goes to `scratch`."""
    with duckdb.connect(config={"threads": 1}) as base:
        paths = {table.name: folder / f"{table.name}.parquet" for table in schema.TABLES}
        for name, path in paths.items():
            base.execute(f'CREATE VIEW "{name}" AS SELECT * FROM read_parquet({_quoted(path)})')
        base.execute(f"SET allowed_paths = [{', '.join(_quoted(path) for path in paths.values())}]")
        base.execute(f"SET temp_directory = {_quoted(scratch)}")
        for setting in _LOCKED:
            base.execute(setting)
        yield base


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _only_question(base: duckdb.DuckDBPyConnection, question: str) -> str:
    """The question without what follows it, once it is sure that it only reads.

    The kind of a statement does not tell: `WITH x AS (COPY …) SELECT …` counts as a SELECT and writes. DuckDB allows
    such parts at the outermost level only, so that a question that can stand within another one has none.
    """
    with _errors_told(question):
        statements = base.extract_statements(question)
    if not statements:
        raise QueryError("no_query", "there is no question in it", "the SQL", "Write one SELECT, or use --tables.")
    if len(statements) > 1:
        raise QueryError(
            "several_queries", f"{len(statements)} statements were given", "the SQL", "Ask one question at a time."
        )
    if statements[0].type != duckdb.StatementType.SELECT:
        kind = statements[0].type.name
        if kind == "MULTI":
            raise QueryError(
                "not_a_question",
                "PIVOT without its values runs more than one statement",
                "the SQL",
                "Name the values: PIVOT facts ON state IN ('number', 'blank') USING count(*).",
            )
        raise _only_reads(kind)
    text = _without_end(question)
    with _errors_told(question, offset=len(_BEFORE)):
        base.execute(_BEFORE + text + _AFTER)
    return text


@contextmanager
def _errors_told(question: str, *, offset: int = 0) -> Iterator[None]:
    """Turn what DuckDB raises into QueryError, and a stop from the keyboard into what Python raises for it.

    `offset` is the number of bytes before the question in what DuckDB was given.
    """
    try:
        yield
    except duckdb.Error as error:
        if _WRITES in str(error):
            raise _only_reads("WITH … that writes") from None
        raise said(error, question, offset=offset) from None
    except RuntimeError as error:
        if _STOPPED in str(error):
            raise KeyboardInterrupt from None
        raise


def _only_reads(kind: str) -> QueryError:
    return QueryError(
        "not_a_question",
        f"gongkai query only reads; {kind} is not run",
        "the SQL",
        "Ask with SELECT; write the answer to a file with --output.",
    )


def _without_end(question: str) -> str:
    """The question up to its last word: no semicolon and no comment after it."""
    data = question.encode()
    end = len(data)
    for start, kind in reversed(duckdb.tokenize(question)):
        if kind != duckdb.token_type.comment and data[start:end].strip() != b";":
            break
        end = start
    return data[:end].decode().rstrip()


def _answer(base: duckdb.DuckDBPyConnection, text: str) -> Answer:
    with _errors_told(text):
        base.execute(text)
    described = base.description or []
    kinds = [str(column[1]) for column in described]
    if _ZONED in kinds:
        name = described[kinds.index(_ZONED)][0]
        raise QueryError(
            "wrong_query",
            f"the column {name} is a time with a zone, which depends on the machine",
            "the SQL",
            "Make text of it: CAST(… AS VARCHAR).",
        )
    numeric = tuple(kind.endswith(_INTEGER_END) or kind.startswith((*_NUMERIC, "INTEGER")) for kind in kinds)
    return Answer(_told_apart([str(column[0]) for column in described]), numeric, _rows(base, text))


def _told_apart(names: list[str]) -> tuple[str, ...]:
    """Names of columns, a number behind each that stands there already: a JSON object would lose one of the two."""
    given: list[str] = []
    for name in names:
        free, number = name, 1
        while free in given:
            number += 1
            free = f"{name}_{number}"
        given.append(free)
    return tuple(given)


def _rows(base: duckdb.DuckDBPyConnection, text: str) -> Iterator[tuple[Any, ...]]:
    while True:
        with _errors_told(text):
            batch = base.fetchmany(_BATCH_ROWS)
        if not batch:
            return
        yield from batch
