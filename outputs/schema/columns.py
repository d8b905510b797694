"""How a table of the dataset is described: its columns, what may stand in each, its key."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "integer", "number", "boolean"]
"""How a column is held. A `number` is an exact decimal; an `integer` fits into 32 bits."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` when it is never empty, `values` when only these may stand in it."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `key` names the columns that tell its rows apart, `references` (column, table) pairs."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str], ...] = ()


def text(name: str, description: str, *values: str) -> Column:
    """A column of text that may be empty."""
    return Column(name, "string", description, values=values)


def label(name: str, description: str, *values: str) -> Column:
    """A column of text that is never empty."""
    return Column(name, "string", description, required=True, values=values)


def integer(name: str, description: str) -> Column:
    """A column of whole numbers that may be empty."""
    return Column(name, "integer", description)


def count(name: str, description: str) -> Column:
    """A column of whole numbers that is never empty."""
    return Column(name, "integer", description, required=True)


def number(name: str, description: str) -> Column:
    """A column of exact decimals that may be empty."""
    return Column(name, "number", description)


def flag(name: str, description: str) -> Column:
    """A column of true and false that is never empty."""
    return Column(name, "boolean", description, required=True)


CAPTURE = label("capture_id", "First 16 hex digits of the SHA-256 of the page's bytes.")
OF_REPORT = (("capture_id", "reports"),)
