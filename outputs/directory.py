"""The output directory: nobody's files are overwritten, and it holds the old dataset or the new one.

A run writes into a working folder inside the directory. When all is written, the finished files are moved
into place one after the other; a run that is killed in between is completed by the next one, since the
finished files, `run.json` last, are still there.
"""

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from corpus.places import Place
from outputs.errors import DatasetError
from outputs.remote import working_there
from outputs.working import (
    MADE_BY,
    PACKAGE_FILE,
    READY,
    RUN_FILE,
    WORK,
    Working,
    busy,
    files_named,
    make_working,
    not_a_folder,
    refuse_foreign,
    writing,
)

if sys.platform != "win32":
    import fcntl

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # one letter and a colon are a drive

__all__ = [
    "MADE_BY",
    "PACKAGE_FILE",
    "RUN_FILE",
    "Working",
    "check_directory",
    "check_on_disk",
    "check_outside",
    "files_of",
    "is_unfinished",
    "publish",
    "working_folders",
    "writing",
]


@contextmanager
def working_folders(output: Place) -> Iterator[Working]:
    """Hold the output for one run and yield where it works; for places that are no folder see outputs.remote.

    What was left by a run that was killed is completed or removed; the working folders are removed in any
    case. Raises DatasetError (`not_a_folder`, `foreign_files`, `busy`, `cannot_write`).
    """
    with _working_here(output) if isinstance(output, Path) else working_there(output) as working:
        yield working


@contextmanager
def _working_here(directory: Path) -> Iterator[Working]:
    check_directory(directory)
    work = directory / WORK
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
    with _lock(directory):
        try:
            with writing(directory):
                _complete(directory)
                working = make_working(str(directory), work, partial(publish, directory))
            yield working
        finally:
            shutil.rmtree(work, ignore_errors=True)


def check_directory(directory: Path) -> None:
    """Raise DatasetError unless the directory is missing, empty, or holds what gongkai made and nothing else.

    Names that begin with a dot are the system's (`.DS_Store`, `.git`) and are left alone.
    """
    if not directory.exists():
        return
    if not directory.is_dir():
        raise not_a_folder(directory)
    refuse_foreign(directory, [path.name for path in directory.iterdir()], _made_before(directory))


def check_outside(output: Place, sources: Iterable[Place]) -> None:
    """Raise DatasetError (`inside_source`) when the output is or lies in a folder that is read."""
    for source in sources:
        if _lies_in(output, source):
            raise DatasetError(
                "inside_source",
                f"the output folder lies in the source {source}, so that the next run would read it as pages",
                str(output),
                "Name a folder outside of the sources with -o.",
            )


def _lies_in(output: Place, source: Place) -> bool:
    if isinstance(output, Path) and isinstance(source, Path):
        return source.is_dir() and output.resolve().is_relative_to(source.resolve())
    if isinstance(output, Path) or isinstance(source, Path):
        return False
    return f"{str(output).rstrip('/')}/".startswith(f"{str(source).rstrip('/')}/")


def publish(directory: Path) -> None:
    """Move the finished files into place and remove tables that only an older version wrote.

    An interrupt from the keyboard comes too late here: the moves take no time and end the run.
    """
    try:
        _move(directory)
    except KeyboardInterrupt:
        _move(directory)


def check_on_disk(directory: Path) -> None:
    """Raise DatasetError (`not_on_disk`) when a dataset that is to be read is named by an address, not by a folder."""
    if _ADDRESS.match(directory.as_posix()) and not directory.exists():
        address = directory.as_posix().replace(":/", "://", 1)  # a path has one slash where an address has two
        raise DatasetError(
            "not_on_disk",
            "a dataset is read from a folder of this machine, not from an address",
            address,
            "Copy the dataset to this machine first, and name the folder of the copy.",
        )


def is_unfinished(directory: Path) -> bool:
    """Tell whether a run was killed while it moved its files into place."""
    return (directory / WORK / READY / RUN_FILE).exists()


def files_of(run_file: Path) -> frozenset[str]:
    """Return the names of the files that the run behind a `run.json` wrote; none when it is not gongkai's."""
    try:
        return files_named(run_file.read_bytes())
    except OSError:
        return frozenset()


def _made_before(directory: Path) -> frozenset[str]:
    if is_unfinished(directory):
        # some files are those of the finished run already, though run.json is still the old one or missing
        return files_of(directory / WORK / READY / RUN_FILE) | files_of(directory / RUN_FILE)
    return files_of(directory / RUN_FILE)


def _complete(directory: Path) -> None:
    if is_unfinished(directory):
        _move(directory)
    shutil.rmtree(directory / WORK, ignore_errors=True)


def _move(directory: Path) -> None:
    ready = directory / WORK / READY
    new, old = files_of(ready / RUN_FILE), files_of(directory / RUN_FILE)
    if not new:
        return
    for name in sorted(old - new):
        (directory / name).unlink(missing_ok=True)
    # run.json goes last: while it is in the folder of finished files, the move can be taken up again
    for name in (*sorted(new - {RUN_FILE}), RUN_FILE):
        with suppress(FileNotFoundError):
            (ready / name).replace(directory / name)


@contextmanager
def _lock(directory: Path) -> Iterator[None]:
    """Hold the directory against a second run; the system lets go of it however the process ends."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy(directory) from None
        yield
    finally:
        os.close(handle)
