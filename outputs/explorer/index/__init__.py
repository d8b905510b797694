"""The index of the explorer: a dataset as one SQLite file, with a search in its text."""

from outputs.explorer.index.functions import add_functions
from outputs.explorer.index.make import connect, open_index
from outputs.explorer.index.watch import Watch

__all__ = ["Watch", "add_functions", "connect", "open_index"]
