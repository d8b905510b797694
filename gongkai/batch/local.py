"""The engine of one machine: so many workers, each a thread here that guards a reading process of its own."""

import queue
import threading
from collections.abc import Generator, Iterator
from itertools import chain, islice

from gongkai.batch.pages import answer_page
from gongkai.batch.progress import Tally
from gongkai.batch.records import Limits, ShardResult, ShardSpec
from gongkai.batch.task import run_shard
from gongkai.batch.worker import Worker


def run_here(specs: Iterator[ShardSpec], tally: Tally) -> Generator[ShardResult]:
    """Read the shards in this process, one after the other: no limits are kept, and what ends a page ends the run."""
    for spec in specs:
        result = run_shard(spec, answer_page, tally.of(spec.no))
        tally.done(result)
        yield result


class LocalEngine:
    """Workers on this machine. To be closed: then all of them end at once."""

    def __init__(self, n_workers: int, limits: Limits) -> None:
        self._workers = [Worker(limits) for _ in range(n_workers)]
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    def run(self, specs: Iterator[ShardSpec], tally: Tally) -> Generator[ShardResult]:
        """Yield what comes of the shards, in the order they are done; a worker takes a shard when it is free.

        Raises what a worker raises, at once.
        """
        results: queue.SimpleQueue[ShardResult | BaseException | None] = queue.SimpleQueue()
        first = list(islice(specs, len(self._workers)))
        waiting = _Shared(chain(first, specs))
        self._threads = [
            threading.Thread(target=self._work, args=(worker, waiting, tally, results), daemon=True)
            for worker in self._workers[: len(first)]
        ]
        for thread in self._threads:
            thread.start()
        n_working = len(self._threads)
        while n_working:
            result = results.get()
            if result is None:
                n_working -= 1
            elif isinstance(result, BaseException):
                raise result
            else:
                tally.done(result)
                yield result

    def close(self) -> None:
        """End all workers at once."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _stop(self) -> None:
        if self._stopped.is_set():
            raise InterruptedError

    def _work(
        self,
        worker: Worker,
        specs: "_Shared",
        tally: Tally,
        results: "queue.SimpleQueue[ShardResult | BaseException | None]",
    ) -> None:
        # the process belongs to the thread that starts it, and is ended by it
        try:
            with worker:
                while not self._stopped.is_set() and (spec := specs.take()) is not None:
                    results.put(worker.run(spec, tally.of(spec.no), self._stop))
        except InterruptedError:
            pass
        except BaseException as error:  # noqa: BLE001  raised again where the results are awaited
            results.put(error)
        results.put(None)


class _Shared:
    """An iterator that several threads take from."""

    def __init__(self, specs: Iterator[ShardSpec]) -> None:
        self._specs = specs
        self._lock = threading.Lock()

    def take(self) -> ShardSpec | None:
        with self._lock:
            return next(self._specs, None)
