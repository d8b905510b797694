"""The output directory: nobody's files are overwritten, and it holds the old dataset or the new one.

A run writes into a working folder inside the directory. When all is written, the finished files are moved
into place one after the other; a run that is killed in between is completed by the next one, since the
finished files, `run.json` last, are still there.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import duckdb

from outputs.errors import DatasetError

if sys.platform != "win32":
    import fcntl

RUN_FILE = "run.json"
PACKAGE_FILE = "datapackage.json"
MADE_BY = "gongkai"

_WORK = ".gongkai-work"
_READY = "ready"
_PARTS = "parts"
_SCRATCH = "scratch"


@dataclass(frozen=True, slots=True)
class Working:
    """Where a run works: folders on this machine, empty at first, and gone when the run has ended.

    `parts` is for the rows of shards that nobody keeps, `ready` for the finished files, `scratch` for what is needed in
    between. `name` is the output as the user named it; `publish` puts the finished files there.
    """

    name: str
    parts: Path
    ready: Path
    scratch: Path
    publish: Callable[[], None]


@contextmanager
def working_folders(directory: Path) -> Iterator[Working]:
    """Hold the output directory for one run and yield where it works.

    What was left by a run that was killed is completed or removed; the working folders are removed in any
    case. Raises DatasetError (`not_a_folder`, `foreign_files`, `busy`, `cannot_write`).
    """
    check_directory(directory)
    work = directory / _WORK
    with writing(directory):
        directory.mkdir(parents=True, exist_ok=True)
    with _lock(directory):
        try:
            with writing(directory):
                _complete(directory)
                for folder in (_PARTS, _READY, _SCRATCH):
                    (work / folder).mkdir(parents=True)
            yield Working(str(directory), work / _PARTS, work / _READY, work / _SCRATCH, partial(publish, directory))
        finally:
            shutil.rmtree(work, ignore_errors=True)


@contextmanager
def writing(directory: Path | str) -> Iterator[None]:
    """Turn an error of the system while writing into a DatasetError (`cannot_write`).

    The database has its own errors where its files do not fit on the disk.
    """
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        said = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0]
        raise DatasetError(
            "cannot_write",
            f"the dataset cannot be written ({said})",
            str(directory),
            "Make room or choose another folder with -o; the dataset that was there is as it was.",
        ) from error


def check_directory(directory: Path) -> None:
    """Raise DatasetError unless the directory is missing, empty, or holds what gongkai made and nothing else.

    Names that begin with a dot are the system's (`.DS_Store`, `.git`) and are left alone.
    """
    if not directory.exists():
        return
    if not directory.is_dir():
        raise DatasetError(
            "not_a_folder", "the output is a file", str(directory), "Name a folder for the dataset with -o."
        )
    present = sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))
    foreign = [name for name in present if name not in _made_before(directory)]
    if foreign:
        named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise DatasetError(
            "foreign_files",
            "the output folder holds files that gongkai did not make",
            f"{directory} ({named})",
            "Name an empty or new folder with -o, or move them away.",
        )


def check_outside(directory: Path, sources: Iterable[Path]) -> None:
    """Raise DatasetError (`inside_source`) when the output directory is or lies in a folder that is read."""
    for source in sources:
        if source.is_dir() and directory.resolve().is_relative_to(source.resolve()):
            raise DatasetError(
                "inside_source",
                f"the output folder lies in the source {source}, so that the next run would read it as pages",
                str(directory),
                "Name a folder outside of the sources with -o.",
            )


def publish(directory: Path) -> None:
    """Move the finished files into place and remove tables that only an older version wrote.

    An interrupt from the keyboard comes too late here: the moves take no time and end the run.
    """
    try:
        _move(directory)
    except KeyboardInterrupt:
        _move(directory)


def is_unfinished(directory: Path) -> bool:
    """Tell whether a run was killed while it moved its files into place."""
    return (directory / _WORK / _READY / RUN_FILE).exists()


def files_of(run_file: Path) -> frozenset[str]:
    """Return the names of the files that the run behind a `run.json` wrote; none when it is not gongkai's."""
    try:
        run = json.loads(run_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return frozenset()
    if not isinstance(run, dict) or run.get("made_by") != MADE_BY:
        return frozenset()
    # names only: a file from elsewhere must not make us move or remove what lies outside of the folder
    return frozenset([*(name for name in run.get("files", ()) if Path(name).name == name), RUN_FILE])


def _made_before(directory: Path) -> frozenset[str]:
    if is_unfinished(directory):
        # some files are those of the finished run already, though run.json is still the old one or missing
        return files_of(directory / _WORK / _READY / RUN_FILE) | files_of(directory / RUN_FILE)
    return files_of(directory / RUN_FILE)


def _complete(directory: Path) -> None:
    if is_unfinished(directory):
        _move(directory)
    shutil.rmtree(directory / _WORK, ignore_errors=True)


def _move(directory: Path) -> None:
    ready = directory / _WORK / _READY
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
            raise DatasetError(
                "busy",
                "another gongkai build is writing to this folder",
                str(directory),
                "Wait until it has ended, or name another folder with -o.",
            ) from None
        yield
    finally:
        os.close(handle)
