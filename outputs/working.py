"""Where a run works, and what it may touch at its output, wherever that is."""

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import duckdb

from outputs.errors import DatasetError

RUN_FILE = "run.json"
PACKAGE_FILE = "datapackage.json"
MADE_BY = "gongkai"

WORK = ".gongkai-work"
READY = "ready"
PARTS = "parts"
SCRATCH = "scratch"


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


def make_working(name: str, folder: Path, publish: Callable[[], None]) -> Working:
    """Make the folders of a run below a folder of this machine."""
    parts, ready, scratch = folder / PARTS, folder / READY, folder / SCRATCH
    for made in (parts, ready, scratch):
        made.mkdir(parents=True)
    return Working(name, parts, ready, scratch, publish)


@contextmanager
def writing(output: Path | str) -> Iterator[None]:
    """Turn an error of the system while writing into a DatasetError (`cannot_write`).

    The database has its own errors where its files do not fit on the disk.
    """
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        raise cannot_write(output, getattr(error, "strerror", None) or str(error)) from error


def cannot_write(output: Path | str, said: str) -> DatasetError:
    """Return the error for an output that does not take the dataset; `said` is why."""
    return DatasetError(
        "cannot_write",
        f"the dataset cannot be written ({said.strip().partition(chr(10))[0]})",
        str(output),
        "Make room or choose another folder with -o; the dataset that was there is as it was.",
    )


def files_named(run_text: bytes | str) -> frozenset[str]:
    """Return the names of the files that the run behind a `run.json` wrote; none when it is not gongkai's."""
    try:
        run = json.loads(run_text)
    except ValueError:
        return frozenset()
    if not isinstance(run, dict) or run.get("made_by") != MADE_BY:
        return frozenset()
    # names only: a file from elsewhere must not make us move or remove what lies outside of the folder
    return frozenset([*(name for name in run.get("files", ()) if PurePosixPath(name).name == name), RUN_FILE])


def refuse_foreign(output: Path | str, names: Collection[str], made_before: Collection[str]) -> None:
    """Raise DatasetError (`foreign_files`) when names are there that an earlier run did not write.

    Names that begin with a dot are the system's (`.DS_Store`, `.git`) and are left alone.
    """
    foreign = sorted(name for name in names if not name.startswith(".") and name not in made_before)
    if foreign:
        named = ", ".join(foreign[:3]) + (f" and {len(foreign) - 3} more" if len(foreign) > 3 else "")
        raise DatasetError(
            "foreign_files",
            "the output folder holds files that gongkai did not make",
            f"{output} ({named})",
            "Name an empty or new folder with -o, or move them away.",
        )


def busy(output: Path | str, more: str = "") -> DatasetError:
    """Return the error for an output that another run holds."""
    return DatasetError(
        "busy",
        "another gongkai build is writing to this folder",
        str(output),
        f"Wait until it has ended{more}, or name another folder with -o.",
    )


def not_a_folder(output: Path | str) -> DatasetError:
    """Return the error for an output that is a file."""
    return DatasetError("not_a_folder", "the output is a file", str(output), "Name a folder for the dataset with -o.")
