"""Where the index of a dataset lies, whether it is of this very dataset, and who may make it.

It lies in the dataset's folder, under a name with a dot, which `gongkai build` leaves alone; for a folder that cannot
be written to, in a private folder of the user.
"""

import errno
import hashlib
import os
import sqlite3
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import metadata, resources
from pathlib import Path

import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import final_schema
from outputs.directory import RUN_FILE
from outputs.errors import DatasetError

if sys.platform != "win32":
    import fcntl

INDEX_FILE = "dataset.db"

_FOLDER = ".gongkai-explorer"
_LOCK = "lock"
_LAYOUT = "3"
"""Version of the tables and the words of an index: an index of another one is made anew."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def fingerprint(folder: Path) -> int:
    """Return a number of 62 bits for a dataset and for what an index makes of it.

    Files are told apart by size and time of change, so that nothing large has to be read.
    """
    digest = hashlib.blake2b(digest_size=8)
    digest.update(f"{_LAYOUT} jieba {metadata.version('jieba')}\n".encode())
    digest.update(resources.files("corpus.data").joinpath("domain_words.txt").read_bytes())
    digest.update((folder / RUN_FILE).read_bytes())
    for table in schema.TABLES:
        about = (folder / f"{table.name}.parquet").stat()
        digest.update(f"{table.name} {about.st_size} {about.st_mtime_ns}\n".encode())
    return int.from_bytes(digest.digest()) >> 2


def stamp(base: sqlite3.Connection, mark: int) -> None:
    """Write a fingerprint into the header of an index, where no table is in the way of readers."""
    base.execute(f"PRAGMA user_version = {mark >> 31}")
    base.execute(f"PRAGMA application_id = {mark & 0x7FFFFFFF}")


def is_of(target: Path, mark: int) -> bool:
    """Tell whether a file is a whole index with this fingerprint."""
    try:
        with closing(sqlite3.connect(f"{target.resolve().as_uri()}?mode=ro", uri=True)) as base:
            found = [base.execute(f"PRAGMA {name}").fetchone()[0] for name in ("user_version", "application_id")]
            n_bytes = base.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
            return found == [mark >> 31, mark & 0x7FFFFFFF] and n_bytes[0] == target.stat().st_size
    except (sqlite3.Error, OSError):
        return False


def check_columns(folder: Path) -> None:
    """Raise DatasetError (`other_version`) when another version wrote the dataset, with other columns."""
    for table in schema.TABLES:
        wanted = final_schema(table.name)
        try:
            found = pq.read_schema(folder / f"{table.name}.parquet")
        except (OSError, ValueError) as error:
            raise DatasetError(
                "not_a_dataset",
                f"{table.name}.parquet cannot be read ({error})",
                str(folder),
                "Build the dataset again with gongkai build.",
            ) from error
        if not found.equals(wanted):
            raise DatasetError(
                "other_version",
                f"another version of gongkai wrote this dataset: {_difference(table.name, found.names, wanted.names)}",
                str(folder),
                "Build it again with this version of gongkai; the archived pages are all that is needed.",
            )


def _difference(table: str, found: list[str], wanted: list[str]) -> str:
    lacking = [name for name in wanted if name not in found]
    foreign = [name for name in found if name not in wanted]
    if lacking:
        return f"its table {table} has no column {lacking[0]}"
    return (
        f"its table {table} has a column {foreign[0]}" if foreign else f"its table {table} has other types of columns"
    )


def homes(folder: Path) -> Iterator[Path]:
    """Yield the folders in which an index of the dataset may lie, the best one first."""
    yield folder / _FOLDER
    name = hashlib.blake2b(os.fsencode(folder.resolve()), digest_size=8).hexdigest()
    given = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if given.is_absolute():
        yield given / "gongkai" / name
    else:
        with suppress(RuntimeError):  # nobody's home
            yield Path.home() / ".cache" / "gongkai" / name
    user = os.getuid() if sys.platform != "win32" else 0
    yield Path(tempfile.gettempdir()) / f"gongkai-{user}" / name


@contextmanager
def only_maker(folder: Path) -> Iterator[Path]:
    """Hold the first folder for an index that can be written to, against others that make one; yield the folder.

    Who comes second waits until the first one is done. Raises DatasetError (`cannot_write`) when there is none.
    """
    reasons: list[str] = []
    for home in homes(folder):
        try:
            handle = _lock_of(home, is_own=home.parent == folder)
        except OSError as error:
            reasons.append(f"{home}: {error.strerror or error}")
            if error.errno in _NO_ROOM:
                break
            continue
        try:
            yield home
        finally:
            os.close(handle)
        return
    raise cannot_write("; ".join(reasons), folder)


@contextmanager
def made_whole(target: Path) -> Iterator[Path]:
    """Yield a file beside the target to write an index into; it takes the target's place once it is on the disk.

    What goes wrong leaves the target as it is, and nothing beside it. Raises DatasetError (`cannot_write`).
    """
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        yield unfinished
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(target)
    except sqlite3.OperationalError as error:
        raise cannot_write(str(error), target) from error
    except OSError as error:
        raise cannot_write(error.strerror or str(error), target) from error
    finally:
        unfinished.unlink(missing_ok=True)


def cannot_write(reason: str, where: Path) -> DatasetError:
    """Return the error of an index that cannot be written."""
    return DatasetError(
        "cannot_write",
        f"the explorer's index cannot be written ({reason})",
        str(where),
        "Make room: an index takes about as much as the dataset's CSV files. Or name another place: "
        "XDG_CACHE_HOME for the index, TMPDIR for what is sorted on the way. The dataset is as it was.",
    )


def _lock_of(home: Path, *, is_own: bool) -> int:
    """Open the lock of a folder, made if need be; outside of the dataset nobody else may look into it."""
    if is_own:
        home.mkdir(exist_ok=True)
    else:
        home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
        for each in (home.parent, home):
            _check_private(each)
    handle = os.open(home / _LOCK, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if sys.platform != "win32":
        fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _check_private(folder: Path) -> None:
    about = folder.lstat()
    is_mine = sys.platform == "win32" or about.st_uid == os.getuid()
    if not (stat.S_ISDIR(about.st_mode) and is_mine) or about.st_mode & 0o022:
        raise PermissionError(errno.EACCES, "others may write to it", str(folder))
