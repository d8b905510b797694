"""Processes that do without pandas, which pyarrow loads unasked: half a second and 40 MB for each process of a batch.

Whoever makes an Arrow array of a list has pyarrow look whether the list is one of pandas, and load pandas for that.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType

_LEFT_OUT = "pandas"


def leave_out_pandas() -> None:
    """Let pandas not be found in this process, for good: one that is all ours and works on rows only."""
    sys.meta_path.insert(0, _Finder())


@contextmanager
def without_pandas() -> Iterator[None]:
    """Let pandas not be found for a while; where it is loaded already, nothing changes."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Finder(MetaPathFinder):
    """Is asked for modules before all others."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  as importlib asks
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for pandas; None, `ask the others`, for all else."""
        if fullname == _LEFT_OUT:
            raise ModuleNotFoundError(f"{_LEFT_OUT} is not loaded here", name=fullname)
        return None
