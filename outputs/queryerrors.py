"""What DuckDB says of a wrong query → one sentence: what is wrong, where, and the name that was probably meant."""

import json
import re

import duckdb
from rapidfuzz import fuzz, process

from corpus.indicators import load_indicators
from outputs import schema
from outputs.errors import QueryError

_NEAR = 60
"""Likeness, of 100, from which a name counts as probably meant: `agency_nam` for `agency_name`, not `x` for `text`."""

_NAMED = 3
_SQL_WORDS = ("left", "right", "where", "group")
"""Columns of the dataset whose names are words of SQL."""

_LACKING = re.compile(r'does not have a column named "([^"]*)"$')
_WORD_AT_END = re.compile(r'"([^"]*)"$')


def said(error: duckdb.Error, question: str, *, offset: int = 0) -> QueryError:
    """Return the error that a user is shown for one that DuckDB raised on the question.

    `offset` is the number of bytes that stood before the question in what DuckDB was given.
    """
    about = _about(error)
    message = about.get("exception_message", str(error)).splitlines()[0]
    where = _place(about, question, offset)
    kind, name = about.get("exception_type", ""), about.get("name", "")
    if kind == "Permission":
        return QueryError(
            "no_access",
            "gongkai query reaches the tables of the dataset and nothing else",
            where,
            "No other file, address or extension can be read or written from SQL; write the answer with --output.",
        )
    if about.get("error_subtype") == "MISSING_ENTRY" and about.get("type") == "Table":
        return QueryError("unknown_table", f"there is no table {name!r}", where, _tables_like(name))
    lacking = _LACKING.search(message)
    if lacking or about.get("error_subtype") == "COLUMN_NOT_FOUND":
        name = lacking[1] if lacking else name
        return QueryError("unknown_column", f"there is no column {name!r} here", where, _columns_like(name, about))
    if kind == "Parser":
        return QueryError("syntax", message, where, _quoting(about, question, offset))
    return QueryError("wrong_query", message, where, "Change the SQL; --describe TABLE lists the columns of a table.")


def _about(error: duckdb.Error) -> dict[str, str]:
    """What DuckDB tells as JSON; nothing where its message is plain text."""
    text = str(error)
    try:
        found = json.loads(text[text.index("{") :])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _place(about: dict[str, str], question: str, offset: int) -> str:
    """Line and column, both from 1; DuckDB counts bytes."""
    if "position" not in about:
        return "the SQL"
    before = _before(about, question, offset)
    return f"line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))} of the SQL"


def _before(about: dict[str, str], question: str, offset: int) -> str:
    return question.encode()[: max(int(about["position"]) - offset, 0)].decode(errors="ignore")


def _tables_like(name: str) -> str:
    tables = [table.name for table in schema.TABLES]
    return f"{_meant(name, tables)}The tables are {', '.join(tables)}."


def _columns_like(name: str, about: dict[str, str]) -> str:
    homes = [table.name for table in schema.TABLES if name in {column.name for column in table.columns}]
    if homes:
        value = " As a value of `indicator`, write it in single quotes." if name in load_indicators() else ""
        return f"It is a column of {', '.join(homes)}.{value}"
    columns = sorted({column.name for table in schema.TABLES for column in table.columns})
    in_reach = [candidate for candidate in about.get("candidates", "").split(",") if candidate]
    meant = _meant(name, in_reach) or _meant(name, columns) or f"Near are {', '.join(in_reach[:_NAMED])}. "
    return f"{meant}Text stands in single quotes; --describe TABLE lists the columns of a table."


def _meant(name: str, names: list[str]) -> str:
    found = process.extractOne(name, names, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return f"Did you mean {found[0]}? " if found else ""


def _quoting(about: dict[str, str], question: str, offset: int) -> str:
    """The parser stumbles over the word itself, or over the one that follows it."""
    found = _WORD_AT_END.search(about.get("exception_message", ""))
    before = _before(about, question, offset).split() if "position" in about else []
    for word in (found[1] if found else "", before[-1] if before else ""):
        name = word.rpartition(".")[2].strip(",").lower()
        if name in _SQL_WORDS:
            return f'{name} is a word of SQL: as a column, write "{name}" in double quotes.'
    return "Change the SQL; it is that of DuckDB."
