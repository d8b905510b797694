"""A run: plan → shards → engine → what only the end of a run tells → the tables of the dataset."""

import secrets
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from corpus.rest import resolve_rest
from corpus.shards import Shard, cut_plan, joined
from corpus.sources import SourcePlan
from gongkai.batch.former import Former
from gongkai.batch.naming import reading_digest
from gongkai.batch.progress import Tally
from gongkai.batch.records import Limits, ShardResult, ShardSpec
from gongkai.batch.store import open_store
from gongkai.batch.task import REST_FILE
from gongkai.errors import BatchError
from outputs.directory import Working, writing
from outputs.parts import PartWriter
from outputs.rows import Versions
from outputs.summary import Reused

_TOKEN_BYTES = 8

_BEHIND_ALL = chr(0x10FFFF)
"""The file of captures that are of no file: they come last."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What the shards of a run gave: the folders with their rows, the names they are kept under, what was reused."""

    folders: tuple[Path, ...]
    names: tuple[str, ...]
    reused: Reused


class Runs(Protocol):
    """A way to have shards read: see LocalEngine.run."""

    def __call__(self, specs: Iterator[ShardSpec], tally: Tally) -> Generator[ShardResult]:
        """Yield what comes of the shards, in any order."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of a run: the plan, the limit of a page's bytes, what reports are stamped with, where to keep."""

    plan: SourcePlan
    max_page_bytes: int
    versions: Versions
    store: str
    keeping: bool
    limits: Limits


def collect(order: Order, runs: Runs, tally: Tally, working: Working) -> Collected:
    """Have all shards read, and return where their rows are.

    Raises BatchError (`source_changed`) when a source was another one after reading than before.
    """
    done = _Run(order, runs, tally)
    results = done.results()
    store = open_store(order.store)
    folders = [store.folder(result.name, working.parts) for _, result in results]
    folders.append(_write_rest(order, folders, working))
    return Collected(tuple(folders), tuple(result.name for _, result in results), _reused(results))


def _reused(results: Sequence[tuple[Shard, ShardResult]]) -> Reused:
    own = [result for _, result in results if not result.is_former]
    n_reused = sum(result.n_reused for result in own)
    n_remapped = sum(result.n_remapped for result in own)
    return Reused(
        sum(result.n_pages for _, result in results if result.is_former) + n_reused,
        n_remapped,
        sum(result.n_pages for result in own) - n_reused - n_remapped,
    )


def forget_others(store: str, names: Collection[str]) -> None:
    """Remove from the store all shards but these: those of other versions, of sources that changed or went."""
    open_store(store).keep_only({*names, *(name.partition("-")[0] for name in names)})


class _Run:
    """Shards and what came of them."""

    def __init__(self, order: Order, runs: Runs, tally: Tally) -> None:
        self._order = order
        self._runs = runs
        self._tally = tally
        self._token = secrets.token_hex(_TOKEN_BYTES)
        self._n_shards = 0
        self._former = Former()

    def results(self) -> list[tuple[Shard, ShardResult]]:
        """Have all shards read, and what was cut where no record begins once more; return them in their order."""
        known = open_store(self._order.store).notes()
        self._former = Former.of(known, reading_digest())
        done = self._read(cut_plan(self._order.plan, (note["spans"] for note in known)))
        while True:
            held = {id(shard): (shard, result) for shard, result in done}
            shards = joined((shard, result.next_offset) for shard, result in done)
            anew = [shard for shard in shards if id(shard) not in held]
            if not anew:
                return [held[id(shard)] for shard in shards]
            done = [held[id(shard)] for shard in shards if id(shard) in held] + self._read(iter(anew))

    def _read(self, shards: Iterator[Shard]) -> list[tuple[Shard, ShardResult]]:
        order = self._order
        given: dict[int, Shard] = {}

        def specs() -> Iterator[ShardSpec]:
            for shard in shards:
                no = self._n_shards
                self._n_shards += 1
                given[no] = shard
                yield ShardSpec(
                    no,
                    self._token,
                    shard,
                    order.max_page_bytes,
                    order.versions,
                    reading_digest(),
                    order.store,
                    order.limits,
                    order.keeping,
                    self._former.names(shard),
                )

        done = []
        with closing(self._runs(specs(), self._tally)) as results:
            for result in results:
                if result.changed:
                    raise _changed(given[result.no])
                done.append((given[result.no], result))
        return done


def _write_rest(order: Order, folders: Sequence[Path], working: Working) -> Path:
    """Write the rows of what is known at the end only; they are made anew in every run."""
    rests = [folder / REST_FILE for folder in folders]
    folder = working.parts / "rest"
    with writing(working.name), PartWriter(folder, order.versions) as rows:
        for no, capture in enumerate(resolve_rest(order.plan, lambda: (rest.read_bytes() for rest in rests))):
            assert capture.failure is not None
            rows.add_failure(capture, capture.failure, _BEHIND_ALL, no)
        rows.finish()
    return folder


def _changed(shard: Shard) -> BatchError:
    return BatchError(
        "source_changed",
        "a source was changed while it was read",
        ", ".join(dict.fromkeys(span.file.uri for span in shard.spans[:3])),
        "Wait until nothing writes to it; what was read is kept, and the next run goes on from there.",
    )
