"""Let one run at a time write into an archive."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.errors import FetchError
from scraper.store.layout import lock_path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the lock of an archive; the system gives it back however the process ends.

    FetchError: `archive_locked`, with the process that holds it; `archive_unwritable`.
    """
    path = lock_path(folder)
    with _opened(path) as handle:
        if not _take(handle):
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() if hasattr(os, "pread") else ""
            raise FetchError(
                "archive_locked",
                f"another run writes into the archive{f' (process {holder})' if holder else ''}",
                str(folder),
                "Wait until it ends, or stop it.",
            )
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    """Open the lock file, making it where it is missing."""
    try:
        path.parent.mkdir(exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise FetchError(
            "archive_unwritable",
            f"the archive cannot be written ({error.strerror})",
            str(path),
            "Name a folder that you may write into.",
        ) from error
    try:
        yield handle
    finally:
        os.close(handle)


def _take(handle: int) -> bool:
    """Take the lock, or say that another holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415 - there is none elsewhere

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415 - there is none on Windows

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True
