"""The explorer's pages as files that any web server can host: the same pages, without a server of ours and without SQL.

The same dataset gives the same bytes. The pages are written beside their folder, which is then exchanged as a whole:
it holds the old site or the new one.
"""

import logging
import multiprocessing
import os
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Protocol

from outputs.errors import ExplorerError
from outputs.explorer import siteplace
from outputs.explorer.addresses import SiteAddresses, file_of
from outputs.explorer.freshness import Freshness
from outputs.explorer.index import connect, open_index
from outputs.explorer.index.functions import add_functions
from outputs.explorer.kinds import KINDS, answer
from outputs.explorer.records import Desk, Shelf
from outputs.explorer.rendering import page_at
from outputs.explorer.wording import both

_LOG = logging.getLogger("gongkai.explorer")
_CHUNK = 16
"""Paths that a process takes at a time: few enough to end soon when it is told to stop."""

_PATHS_PER_PROCESS = 400
"""A further process is worth its start, which takes seconds, from so many pages on."""


class Watch(Protocol):
    """Something that is told how far a site is."""

    def begin(self, total: int) -> None:
        """Hear how many files there will be."""

    def more(self, number: int) -> None:
        """Hear that so many more are written."""


@dataclass(frozen=True, slots=True)
class SiteWritten:
    """What was written: files, their bytes, and the paths of pages that failed and say so in their place."""

    n_files: int
    n_bytes: int
    failed: tuple[str, ...]


def write_site(
    folder: Path, target: Path, shelf_of: Callable[[], Shelf], *, outside: Sequence[Path] = (), watch: Watch
) -> SiteWritten:
    """Write the pages of a dataset into a folder: new, empty, or with a site that was written before.

    `shelf_of` opens the archived pages, once in every process that writes. The folder must not lie in the dataset nor
    in a folder of `outside`. Raises DatasetError, and ExplorerError (`inside_dataset`, `foreign_files`, `not_a_folder`,
    `cannot_write`, `dataset_changed`).
    """
    siteplace.check_place(target, (folder, *outside))
    open_index(folder)
    freshness = Freshness(folder)
    with siteplace.exchanging(target) as work:
        paths = _paths(folder, shelf_of)
        watch.begin(len(paths))
        written = []
        for one in _write_all(folder, shelf_of, paths, work):
            written.append(one)
            watch.more(one.n_files)
        if not freshness.is_same():
            raise ExplorerError(
                "dataset_changed",
                "the dataset was built again while its site was written",
                str(folder),
                "Give the same command again.",
            )
        siteplace.sign(work, map(file_of, paths))
    return _sum(written)


def _paths(folder: Path, shelf_of: Callable[[], Shelf]) -> list[str]:
    with closing(_desk(folder, shelf_of())) as desk:
        return list(dict.fromkeys(chain.from_iterable(kind.paths(desk.desk) for kind in KINDS)))


def _write_all(folder: Path, shelf_of: Callable[[], Shelf], paths: list[str], work: Path) -> Iterator[SiteWritten]:
    n_processes = min(os.cpu_count() or 1, len(paths) // _PATHS_PER_PROCESS + 1)
    chunks = [paths[start : start + _CHUNK] for start in range(0, len(paths), _CHUNK)]
    if n_processes == 1:
        with closing(_desk(folder, shelf_of())) as desk:
            yield from (desk.write(chunk, work) for chunk in chunks)
        return
    # not forked: libraries that draw and compute have threads, which a fork would lose with their locks held
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(n_processes, context, _start, (folder, shelf_of)) as pool:
        try:
            yield from pool.map(_write, chunks, [work] * len(chunks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Desk:
    """A desk whose addresses are those of the file that is being written."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._n_failed = 0

    def write(self, paths: Iterable[str], work: Path) -> SiteWritten:
        written = [self._write_one(path, work) for path in paths]
        return _sum(written)

    def close(self) -> None:
        self.desk.base.close()

    def _write_one(self, path: str, work: Path) -> SiteWritten:
        addresses = SiteAddresses(path)
        failed: tuple[str, ...] = ()
        try:
            given = answer(replace(self.desk, addresses=addresses), path)
        except Exception as error:  # noqa: BLE001  one page that fails must not take the others with it
            # pages of a kind fail alike: the first is told in full, the others in a line
            told = traceback.format_exception(error)[0 if self._n_failed == 0 else -1 :]
            self._n_failed += 1
            _LOG.error("%s: %s", path, "".join(told).rstrip())
            failed = (path,)
            what, next_step = both("server.failed_what"), both("server.failed_next")
            given = page_at(
                addresses,
                "problem.html.jinja",
                title="server.failed",
                what=what,
                next_step=next_step,
                detail="",
            )
        body = given.body.encode() if isinstance(given.body, str) else given.body
        file = work / file_of(path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
        return SiteWritten(1, len(body), failed)


def _desk(folder: Path, shelf: Shelf) -> _Desk:
    base: sqlite3.Connection = connect(open_index(folder))
    add_functions(base)
    return _Desk(Desk(folder, base, shelf, SiteAddresses("")))


_HERE: list[_Desk] = []
"""The desk of a process that writes; the parent has none."""


def _start(folder: Path, shelf_of: Callable[[], Shelf]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told too, and ends the others
    _HERE.append(_desk(folder, shelf_of()))


def _write(paths: Sequence[str], work: Path) -> SiteWritten:
    return _HERE[0].write(paths, work)


def _sum(written: Iterable[SiteWritten]) -> SiteWritten:
    rows = list(written)
    failed = tuple(path for one in rows for path in one.failed)
    return SiteWritten(sum(one.n_files for one in rows), sum(one.n_bytes for one in rows), failed)
