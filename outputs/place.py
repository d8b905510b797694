"""A file that a user asked for: written beside its place and moved there when it is whole."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from outputs.errors import QueryError


@contextmanager
def replacing(target: Path, *, outside: Path) -> Iterator[Path]:
    """Yield a new file beside the target, which takes its place when the `with` block ends well.

    The target must not lie in `outside`, the dataset. Raises QueryError (`inside_dataset`, `cannot_write_answer`); what
    was there before then stays.
    """
    if target.resolve().is_relative_to(outside.resolve()):
        raise QueryError(
            "inside_dataset",
            "the answer would be written into the dataset, which gongkai build alone writes",
            str(target),
            "Name a file in another folder with --output.",
        )
    try:
        handle, name = tempfile.mkstemp(prefix=".gongkai-", dir=target.parent)
        os.close(handle)
    except OSError as error:
        raise _cannot(error, target) from error
    held = Path(name)
    try:
        yield held
        held.chmod(0o666 & ~_umask())
        held.replace(target)
    except OSError as error:
        raise _cannot(error, target) from error
    finally:
        with suppress(FileNotFoundError):
            held.unlink()


@contextmanager
def writing_file(target: Path, *, outside: Path) -> Iterator[TextIO]:
    """Yield a text file in UTF-8 that takes the target's place when it is whole; see `replacing`."""
    with replacing(target, outside=outside) as held, held.open("w", encoding="utf-8", newline="") as file:
        yield file


def _umask() -> int:
    """The rights that new files do not get; mkstemp gives its files to their owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _cannot(error: OSError, target: Path) -> QueryError:
    return QueryError(
        "cannot_write_answer",
        f"the answer cannot be written ({error.strerror or error})",
        str(target),
        "Name a file in a folder that exists and that you may write to.",
    )
