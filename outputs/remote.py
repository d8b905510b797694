"""An output that is no folder of this machine: a prefix of an object store, a folder of a distributed file system.

The dataset is made on this machine and uploaded beside its place, under `.gongkai-work/ready`, `run.json` last. Then
every file is copied into its place, `run.json` last. A run that is killed in between is completed by the next one,
since all finished files are still there. As long as that is so, a reader may meet files of both datasets: such places
have no way to put many files into place together.

A lease, an object with the time of its last renewal, keeps a second run out. It is advice, not a lock: no kind of place
offers one that all others have too. Two runs that begin within a second of each other are told apart by who wrote last;
clocks of two machines that differ by minutes, or a machine that is stopped for minutes and then goes on, may let two
runs in. Each looks once more before it puts files into place, so that what can then be harmed is seconds, not hours. A
run that was killed holds its lease until it is stale.
"""

import json
import secrets
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from upath import UPath

from outputs.errors import DatasetError
from outputs.working import (
    READY,
    RUN_FILE,
    WORK,
    Working,
    busy,
    cannot_write,
    files_named,
    make_working,
    not_a_folder,
    refuse_foreign,
)

_BEAT_SECONDS = 15.0
_STALE_SECONDS = 120.0
_SETTLE_SECONDS = 1.0
"""A lease is renewed this often, is nobody's when it was not renewed for so long, and counts when it is still there
after so long."""

_LEASE = "lease.json"
_BLOCK = 16 * 2**20


@contextmanager
def working_there(output: UPath) -> Iterator[Working]:
    """Hold a place elsewhere for one run and yield where the run works: a folder of this machine, where TMPDIR says.

    What was left by a run that was killed is completed or removed. Raises DatasetError (`not_a_folder`,
    `foreign_files`, `busy`, `cannot_write`).
    """
    store = _Store(output)
    with store.asked():
        store.check()
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder, _Lease(store) as lease:
        with store.asked():
            store.complete()
        work = Path(folder)
        yield make_working(str(output), work, partial(_publish, store, work / READY, lease))


def _publish(store: "_Store", ready: Path, lease: "_Lease") -> None:
    with store.asked():
        lease.check()
        store.upload(ready)
        lease.check()
        try:
            store.complete()
        except KeyboardInterrupt:  # it comes too late: what remains takes no time and ends the run
            store.complete()


class _Store:
    """The files at a place: those of the dataset by name, those of a run under `.gongkai-work/`."""

    def __init__(self, output: UPath) -> None:
        self.name = str(output)
        self._system = output.fs
        self._root = output.path.rstrip("/")

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Turn what the library of a place raises into a DatasetError; each has errors of its own."""
        try:
            yield
        except DatasetError:
            raise
        except Exception as error:
            raise cannot_write(self.name, getattr(error, "strerror", None) or str(error)) from error

    def check(self) -> None:
        """Refuse a place that is a file, or holds files of others."""
        self._system.invalidate_cache()
        if self._system.isfile(self._root):
            raise not_a_folder(self.name)
        made = files_named(self.read(RUN_FILE)) | files_named(self.read(f"{WORK}/{READY}/{RUN_FILE}"))
        refuse_foreign(self.name, self._names(), made)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file, none when it is not there."""
        try:
            return bytes(self._system.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return b""

    def write(self, name: str, data: bytes) -> None:
        """Write a small file."""
        path = f"{self._root}/{name}"
        try:
            self._system.pipe_file(path, data)
        except FileNotFoundError:  # a place that has folders wants them made
            self._system.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._system.pipe_file(path, data)

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""
        with suppress(FileNotFoundError):
            self._system.rm_file(f"{self._root}/{name}")

    def upload(self, ready: Path) -> None:
        """Put the finished files beside the dataset, the run's own last: its presence says that all are there."""
        self._system.makedirs(f"{self._root}/{WORK}/{READY}", exist_ok=True)
        names = sorted(path.name for path in ready.iterdir())
        for name in [*(name for name in names if name != RUN_FILE), RUN_FILE]:
            with (
                (ready / name).open("rb") as file,
                self._system.open(f"{self._root}/{WORK}/{READY}/{name}", "wb", block_size=_BLOCK) as there,
            ):
                shutil.copyfileobj(file, there, _BLOCK)

    def complete(self) -> None:
        """Put finished files into place, if all are there, and remove what a run has left."""
        self._system.invalidate_cache()
        new, old = files_named(self.read(f"{WORK}/{READY}/{RUN_FILE}")), files_named(self.read(RUN_FILE))
        for name in sorted(old - new) if new else ():
            self.remove(name)
        for name in [*sorted(new - {RUN_FILE}), RUN_FILE] if new else ():
            self._system.cp_file(f"{self._root}/{WORK}/{READY}/{name}", f"{self._root}/{name}")
        self.remove(f"{WORK}/{READY}/{RUN_FILE}")  # first: without it the others are nothing that is to be completed
        self._system.invalidate_cache()
        for name in self._names(f"/{WORK}/{READY}"):
            self.remove(f"{WORK}/{READY}/{name}")

    def _names(self, below: str = "") -> list[str]:
        try:
            found = self._system.ls(self._root + below, detail=False)
        except FileNotFoundError:
            return []
        names = (str(path).rstrip("/") for path in found)
        return [path.rpartition("/")[2] for path in names if path != (self._root + below).rstrip("/")]


class _Lease:
    """Says to other runs that this one holds a place, as long as the `with` block lasts."""

    def __init__(self, store: _Store) -> None:
        self._store = store
        self._token = secrets.token_hex(8)
        self._ended = threading.Event()
        self._beats = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        with self._store.asked():
            held = self._held()
            if held and time.time() - held[1] < _STALE_SECONDS:
                more = f" (one that was killed lets go after {_STALE_SECONDS:.0f} seconds)"
                raise busy(self._store.name, more)
            self._write()
            time.sleep(_SETTLE_SECONDS)
            self.check()
        self._beats.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        self._beats.join()
        # what cannot be removed is stale soon
        with suppress(DatasetError), self._store.asked():
            self.check()
            self._store.remove(f"{WORK}/{_LEASE}")

    def check(self) -> None:
        """Raise DatasetError (`busy`) when another run has taken the place meanwhile."""
        held = self._held()
        if held is None or held[0] != self._token:
            raise busy(self._store.name)

    def _renew(self) -> None:
        while not self._ended.wait(_BEAT_SECONDS):
            # one beat that is lost does no harm; a run that has lost the place must not take it back
            with suppress(DatasetError), self._store.asked():
                self.check()
                self._write()

    def _write(self) -> None:
        content = {"token": self._token, "renewed": time.time()}
        self._store.write(f"{WORK}/{_LEASE}", json.dumps(content).encode())

    def _held(self) -> tuple[str, float] | None:
        """Token and time of the lease that is there."""
        try:
            content = json.loads(self._store.read(f"{WORK}/{_LEASE}"))
            return str(content["token"]), float(content["renewed"])
        except (ValueError, KeyError, TypeError):  # none, or one that was cut
            return None
