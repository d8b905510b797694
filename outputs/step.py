"""What a step of the derivation is made of: a pass over the agencies, and what comes after all of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from outputs.history import Agency


class Reader(Protocol):
    """Opens a step's pass over one stretch of agencies; what is yielded takes them one after the other."""

    def __call__(self, scratch: Path, stretch: int) -> AbstractContextManager[Callable[[Agency], None]]:
        """`scratch` is the folder of the derivation; `stretch` the number that names what the pass writes."""


@dataclass(frozen=True, slots=True)
class Step:
    """One derivation, cut into what can be done apart. Every function is one of a module, so that a process finds it.

    `tables` are those whose rows it reads of each report, `gives` the one whose rows it makes for the steps behind it.
    In order: `prepare(folder, scratch)`; `read` for each stretch; `join(scratch)`, what the stretches have in common;
    `again(scratch, stretch)` for each stretch; `write(folder, scratch)`, each by itself, and at last `conclude(folder,
    scratch)`, which may read what all steps have written.
    """

    name: str
    tables: tuple[str, ...] = ()
    gives: str = ""
    prepare: Callable[[Path, Path], None] | None = None
    read: Reader | None = None
    join: Callable[[Path], None] | None = None
    again: Callable[[Path, int], None] | None = None
    write: tuple[Callable[[Path, Path], None], ...] = ()
    conclude: Callable[[Path, Path], None] | None = None
