"""The build: captures → reports → dataset. One bad page is a line in `coverage`, never the end of the run."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Protocol

from corpus.archive import MAX_PAGE_BYTES, SourcePlan, plan_sources
from corpus.places import Place
from gongkai.batch.cluster import DaskEngine
from gongkai.batch.local import LocalEngine, run_here
from gongkai.batch.naming import stamp
from gongkai.batch.progress import Tally
from gongkai.batch.records import Engine
from gongkai.batch.run import Collected, Order, Runs, collect, forget_others
from gongkai.batch.store import STORE
from gongkai.errors import BatchError
from gongkai.sourceplaces import remember
from gongkai.versions import libraries
from outputs.directory import Working, check_outside, working_folders
from outputs.run import Run
from outputs.summary import Summary
from outputs.writer import write_dataset

_PACKED = (".gz", ".wacz", ".zip")
_PACKED_RATIO = 5
"""Bytes of pages per byte of a packed archive: pages of 80 KB with Chinese text shrink to a fifth or so.
Only the progress bar relies on it."""

_PLANS = 3
"""So often a run plans anew when a source changed under its hands, before it says so."""


class Watch(Protocol):
    """Something that is told how far a run is."""

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Hear what will be read."""

    def page(self, n_bytes: int, n_pages: int = 1) -> None:
        """Hear that more pages, of so many bytes together, are done."""

    def merge(self) -> None:
        """Hear that all pages are read and the files are being written."""


def build(
    sources: Sequence[Place],
    directory: Place,
    *,
    max_page_bytes: int = MAX_PAGE_BYTES,
    excel: bool = False,
    watch: Watch | None = None,
    engine: Engine | None = None,
    keep: bool = False,
) -> Summary:
    """Read the sources and write the dataset into the directory; return what is in it.

    Sources are files, folders and WARC files; with `excel` the CSV files are those for spreadsheets (outputs.excel).
    Without an `engine` pages are read in this process, where nothing stops a page that never ends. With `keep` the
    finished shards stay beside the dataset: an interrupted run, and the next one on more pages, go on from them.

    Raises GongkaiError (see gongkai.errors) when a source or the directory cannot be used, before any page is read, and
    when the run cannot go on, with the old dataset as it was; a page that fails is no error.
    """
    engine = engine or Engine()
    check_outside(directory, sources)
    plan = plan_sources(sources)
    with working_folders(directory) as working:
        # a cluster puts shards where all its workers see them, even if they are not kept
        is_beside = keep or engine.name == "dask"
        order = Order(
            plan, max_page_bytes, stamp(), str(directory / STORE if is_beside else working.parts), keep, engine.limits
        )
        with _running(engine, order.store, sources) as runs:
            collected = _collected(order, runs, working, sources, watch)
        if watch:
            watch.merge()
        run = Run(
            order.versions,
            libraries(),
            tuple(str(source) for source in sources),
            max_page_bytes,
            excel,
            collected.reused,
        )
        summary = write_dataset(working, collected.folders, run, hands=_hands(engine))
        if is_beside:
            forget_others(order.store, collected.names if keep else ())
    remember(directory, sources)
    return replace(summary, reused=collected.reused)


def page_bytes(plan: SourcePlan) -> int:
    """About how many bytes of pages the files hold."""
    return sum(file.size * (_PACKED_RATIO if file.path.name.lower().endswith(_PACKED) else 1) for file in plan.files)


def _collected(order: Order, runs: Runs, working: Working, sources: Sequence[Place], watch: Watch | None) -> Collected:
    """Have all shards read; a source that changes in the meantime is planned anew."""
    for is_last in (*[False] * (_PLANS - 1), True):
        if watch:
            watch.begin(len(order.plan.files), page_bytes(order.plan))
        tally = Tally(lambda n_pages, n_bytes: watch.page(n_bytes, n_pages) if watch else None)
        try:
            return collect(order, runs, tally, working)
        except BatchError as error:
            if is_last or error.code != "source_changed":
                raise
        order = replace(order, plan=plan_sources(sources))
    raise AssertionError


@contextmanager
def _running(engine: Engine, store: str, sources: Sequence[Place]) -> Iterator[Runs]:
    """Hold who reads until all is read, or something went wrong: then nobody goes on reading."""
    if engine.name == "here":
        yield run_here
    elif engine.name == "local":
        with closing(LocalEngine(engine.workers or _cores(), engine.limits)) as local:
            yield local.run
    else:
        with closing(DaskEngine(engine.scheduler, engine.workers or _cores(), engine.limits)) as cluster:
            cluster.check(store, [str(source) for source in sources])
            yield cluster.run


def _hands(engine: Engine) -> int:
    """How many may be at work on the tables, on this machine: as many as read on it, but no more than its cores."""
    return 1 if engine.name == "here" else min(engine.workers or _cores(), _cores())


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
