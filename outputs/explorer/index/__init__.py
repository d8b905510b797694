"""The index of the explorer: a dataset as one SQLite file, with a search in its text."""

from outputs.explorer.index.make import open_index

__all__ = ["open_index"]
