"""Who is told how far the making of an index is."""

from typing import Protocol


class Watch(Protocol):
    """Something that is told how far the making of an index is."""

    def begin(self, n_rows: int) -> None:
        """Hear that an index is being made, and of how many rows; it is not called where there is one."""

    def table(self, name: str) -> None:
        """Hear which table is next: one of the dataset, `check_list`, or `search` for the text."""

    def rows(self, n_rows: int) -> None:
        """Hear that so many more rows are done."""


class NoWatch:
    """Nobody is told."""

    def begin(self, n_rows: int) -> None:
        """Hear nothing."""

    def table(self, name: str) -> None:
        """Hear nothing."""

    def rows(self, n_rows: int) -> None:
        """Hear nothing."""
