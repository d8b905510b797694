"""Where sources lie: on a disk, or at any place that fsspec knows (`s3://bucket/folder`, `hdfs://…`, `https://…`).

`source_path` makes a path of what somebody typed. All that is asked of a place is asked here, so that the rest of the
corpus need not know what kind of place it is; whatever goes wrong there is an OSError.
"""

import errno
import io
import os
import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal, cast

import fsspec
from upath import UPath

from corpus.errors import SourceError

Place = Path | UPath
"""A path on a disk, or one of another place."""

_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)(?:://|::)")
_LOCAL = ("file", "local")
_WEB = ("http", "https")
_EXTRA = {"s3": "s3", "s3a": "s3"}  # protocols whose package is an extra of ours
_READ_AHEAD = 4 * 2**20  # bytes of one request to another place
_IN_MEMORY = 16 * 2**20  # bytes of a file that can only be read as a whole; more go to the disk
_AT_ONCE = 16  # requests to another place that are under way together
# What says that an object is another one than before, the surest first.
_VERSION = ("ETag", "etag", "md5Hash", "generation", "mtime", "LastModified", "last_modified", "modified", "created")


@dataclass(frozen=True, slots=True)
class Status:
    """What is at a place: `size` in bytes; `stamp` is another text when the file was written anew."""

    kind: Literal["file", "folder", "other"]
    size: int
    stamp: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One name in a folder; `status` is None where it is not known without asking."""

    name: str
    is_link: bool
    is_folder: bool
    status: Status | None


def source_path(text: str) -> Place:
    """Return the path that a command line names; one of a local file stays as it was typed.

    SourceError: `place_unknown` (no such kind of place), `place_package` (it needs a package that is not installed).
    Nothing is asked of the place itself: `plan_sources` does.
    """
    found = _ADDRESS.match(text)
    if not found or len(found[1]) == 1:  # `C:\` is a drive
        return Path(text)
    protocol = found[1].lower()
    if protocol in _LOCAL:
        return Path(UPath(text).path)
    try:
        path = UPath(text)
        path.fs  # noqa: B018  makes the connection's object, and thereby loads its package
    except ImportError as error:
        extra = _EXTRA.get(protocol)
        step = f"Install it: pip install 'gongkai[{extra}]'." if extra else f"Install it: {error}"
        raise SourceError("place_package", f"{protocol}:// needs a package that is missing", text, step) from error
    except Exception as error:
        raise _unknown(text, protocol, error) from error
    return path


def _unknown(text: str, protocol: str, error: Exception) -> SourceError:
    if protocol not in fsspec.available_protocols():
        step = "Give a path, or an address that begins with s3://, hdfs://, https:// or another one that fsspec knows."
        return SourceError("place_unknown", f"{protocol}:// is no kind of place that is known", text, step)
    return SourceError("place_unknown", f"the address cannot be used ({error})", text, "Check the address.")


def is_local(path: Place) -> bool:
    """Whether a path is one of this machine's file system."""
    return isinstance(path, Path)


def has_folders(path: Place) -> bool:
    """Whether the place knows what lies beside a file; the web does not."""
    return isinstance(path, Path) or path.protocol not in _WEB


def reads_parts(path: Place) -> bool:
    """Whether a part of a file can be read without all that is before it; some servers of the web cannot."""
    if isinstance(path, Path) or has_folders(path):
        return True
    with _asking(path):
        return path.fs.info(path.path).get("partial") is True


def look(path: Place) -> Status:
    """Return what is there, links followed; FileNotFoundError and other OSError where nothing can be seen."""
    if isinstance(path, Path):
        return status_of(path.stat())
    with _asking(path):
        path.fs.invalidate_cache(path.path)
        return _status(path.fs.info(path.path))


def status_of(found: os.stat_result) -> Status:
    """Return the status that the operating system tells."""
    mode = found.st_mode
    kind: Literal["file", "folder", "other"] = (
        "folder" if stat.S_ISDIR(mode) else "file" if stat.S_ISREG(mode) else "other"
    )
    return Status(kind, found.st_size, f"{found.st_size} {found.st_mtime_ns}")


def exists(path: Place) -> bool:
    """Whether there is something of that name, were it a link that leads nowhere; OSError where it cannot be told."""
    if isinstance(path, Path):
        return os.path.lexists(path)
    try:
        look(path)
    except FileNotFoundError:
        return False
    return True


def listing(folder: Place) -> list[Listed]:
    """Return what is in a folder by name; OSError where it cannot be looked into."""
    if isinstance(folder, Path):
        with os.scandir(folder) as found:
            links = [(entry, entry.is_symlink()) for entry in found]
            listed = [Listed(entry.name, link, not link and entry.is_dir(), None) for entry, link in links]
    else:
        with _asking(folder):
            found_there = folder.fs.ls(folder.path, detail=True)
        own = folder.path.rstrip("/")
        listed = [
            Listed(path.rsplit("/", 1)[-1], is_link=False, is_folder=info["type"] == "directory", status=_status(info))
            for info in found_there
            if (path := info["name"].rstrip("/")) != own and path.rsplit("/", 1)[-1]
        ]
    return sorted(listed, key=lambda one: one.name)


def real_name(path: Place) -> str:
    """Return the one name of what a path leads to, links followed."""
    return os.path.realpath(path) if isinstance(path, Path) else str(path)


def full_name(path: Place) -> str:
    """Return a path as it was given, forward slashes, without the kind of place and the first slash."""
    return (path.as_posix() if isinstance(path, Path) else path.path).strip("/")


@contextmanager
def opened(path: Place) -> Iterator[IO[bytes]]:
    """Open a file at its beginning; OSError too for a pipe or device in its place, which would wait for a writer."""
    if isinstance(path, Path):
        if status_of(path.stat()).kind == "other":
            raise OSError(errno.EINVAL, "no regular file", str(path))
        with path.open("rb") as stream:
            yield stream
        return
    if reads_parts(path):
        with _asking(path):
            there = path.fs.open(path.path, "rb", block_size=_READ_AHEAD, cache_type="readahead")
        with io.BufferedReader(_Remote(path, there)) as stream:
            yield stream
        return
    with SpooledTemporaryFile(_IN_MEMORY) as copy:
        with _asking(path), path.fs.open(path.path, "rb", block_size=0) as there:
            shutil.copyfileobj(there, copy, _READ_AHEAD)
        copy.seek(0)
        yield copy


def fetched(paths: Sequence[Place], most: int) -> Iterator[bytes | OSError]:
    """Yield the first bytes of each file, at most so many, or why it cannot be read: several at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(partial(_fetched, most=most), paths)


def _fetched(path: Place, most: int) -> bytes | OSError:
    try:
        with opened(path) as stream:
            return stream.read(most)
    except OSError as error:
        return error


def stamps(paths: Sequence[Place]) -> Iterator[str]:
    """Yield the stamp of each file as it is now, '' where there is none: of other places several at a time."""
    if all(isinstance(path, Path) for path in paths):
        yield from map(_stamp, paths)
        return
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(_stamp, paths)


def _stamp(path: Place) -> str:
    try:
        return look(path).stamp
    except OSError:
        return ""


class _Remote(io.RawIOBase):
    """A file of another place, whose every trouble is an OSError."""

    def __init__(self, path: UPath, there: Any) -> None:
        self._path = path
        self._there = there

    def readinto(self, buffer: Any) -> int:
        """Read as many bytes as there is room for, or fewer."""
        with _asking(self._path):
            data = self._there.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on at another place."""
        with _asking(self._path):
            return cast("int", self._there.seek(offset, whence))

    def tell(self) -> int:
        """Return where the next byte is read."""
        return cast("int", self._there.tell())

    def readable(self) -> bool:
        """It is read."""
        return True

    def seekable(self) -> bool:
        """It can be read from any place on."""
        return True

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed:
            self._there.close()
        super().close()


@contextmanager
def _asking(path: UPath) -> Iterator[None]:
    """Turn what a library of another place raises into an OSError."""
    try:
        yield
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not has_folders(path) and not _is_absence(error.__cause__):
            raise _as_system(OSError, str(error.__cause__), path) from error  # fsspec says so of all that fails
        if error.strerror is None:
            raise _as_system(type(error), str(error) or type(error).__name__, path) from error
        raise
    except Exception as error:
        raise _as_system(OSError, str(error) or type(error).__name__, path) from error


def _is_absence(cause: BaseException | None) -> bool:
    """Whether a server of the web said that there is no such page."""
    return getattr(cause, "status", None) in (404, 410)


def _as_system(kind: type[OSError], words: str, path: UPath) -> OSError:
    codes = {FileNotFoundError: errno.ENOENT, PermissionError: errno.EACCES}
    return OSError(codes.get(kind, errno.EIO), " ".join(words.split()), str(path))


def _status(info: Mapping[str, Any]) -> Status:
    kind: Literal["file", "folder"] = "folder" if info["type"] == "directory" else "file"
    version = next((info[key] for key in _VERSION if info.get(key) is not None), "")
    if isinstance(version, datetime):  # one place may tell the same moment in two ways
        version = version.timestamp()
    if isinstance(version, float):
        version = f"{version:.3f}"
    size = int(info.get("size") or 0)
    return Status(kind, size, f"{size} {version}")
