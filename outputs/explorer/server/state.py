"""What a server of ours knows, beside what every Datasette knows."""

from dataclasses import dataclass
from pathlib import Path

from datasette.app import Datasette

from outputs.explorer.freshness import Freshness
from outputs.explorer.records import Shelf

DATABASE = "dataset"
"""Name of the index among Datasette's databases, and so the beginning of its addresses."""


@dataclass(frozen=True, slots=True)
class State:
    """The dataset that a server serves, its archived pages, and the names it answers to (None: to any)."""

    folder: Path
    shelf: Shelf
    names: frozenset[str] | None
    freshness: Freshness


def state_of(datasette: Datasette) -> State | None:
    """Return what a server of ours knows; None where it is another Datasette of the process."""
    return getattr(datasette, "explorer", None)
