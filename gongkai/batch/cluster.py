"""The engine of many machines: shards go to the workers of a Dask cluster, each of which guards a reading process.

Only specifications and counts travel. Sources and the store must be places that every worker sees under the same name;
this is tried before anything is read.
"""

import importlib
import importlib.util
import secrets
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any

import fsspec

from gongkai.batch.naming import reading_digest, stamp
from gongkai.batch.progress import Tally
from gongkai.batch.records import Beat, Limits, ShardResult, ShardSpec
from gongkai.batch.worker import Worker
from gongkai.errors import BatchError

_IN_FLIGHT = 2
"""Shards that are handed out for each thread of the cluster: one is read, one waits."""

_CONNECT_SECONDS = 30
_MINE = threading.local()


class DaskEngine:
    """Workers of a cluster, or, without an address, of one that is started on this machine. To be closed."""

    def __init__(self, scheduler: str, n_workers: int, limits: Limits) -> None:
        """Connect; raises BatchError (`no_dask`, `no_cluster`)."""
        if importlib.util.find_spec("distributed") is None:
            raise BatchError(
                "no_dask",
                "Dask is not installed",
                "--engine dask",
                "Install it: python -m pip install 'gongkai[dask]'.",
            )
        distributed: Any = importlib.import_module("distributed")

        self._limits = limits
        self._cluster: Any = None
        self._distributed = distributed
        try:
            if not scheduler:
                self._cluster = distributed.LocalCluster(
                    n_workers=n_workers,
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=":0",  # a port that is free, whatever else runs here
                    memory_limit=0,  # the reading processes have a limit of their own
                )
            self._client = distributed.Client(
                self._cluster or scheduler, timeout=_CONNECT_SECONDS, set_as_default=False
            )
            self._client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            self.close()
            raise BatchError(
                "no_cluster",
                f"the cluster does not answer, or has no workers ({type(error).__name__}: {error})",
                scheduler or "on this machine",
                "Start a scheduler and workers (dask scheduler, dask worker), and give its address with --scheduler.",
            ) from error

    def check(self, store: str, sources: list[str]) -> None:
        """Raise BatchError (`versions_differ`, `not_shared`) unless all workers read as we do, and see what we see."""
        token = secrets.token_hex(8)
        system, root = fsspec.url_to_fs(store)
        system.makedirs(root, exist_ok=True)
        system.pipe_file(f"{root}/{token}", token.encode())
        try:
            told: dict[str, tuple[str, str, str]] = self._client.run(_probe(store, token, sources))
        finally:
            with suppress(OSError):
                system.rm_file(f"{root}/{token}")
        for worker, (missing, reading, unseen) in told.items():
            if missing or reading != reading_digest():
                _refuse_version(worker, missing)
            if unseen:
                raise BatchError(
                    "not_shared",
                    "a worker of the cluster does not see what this machine sees",
                    f"{unseen}, on {worker}",
                    "Give sources and output as addresses (s3://…) or on a disk that all machines share by one path.",
                )

    def run(self, specs: Iterator[ShardSpec], tally: Tally) -> Generator[ShardResult]:
        """Yield what comes of the shards, in the order they are done; so many are handed out as are worked on.

        Raises what a worker raises, and BatchError (`worker_lost`) for a shard that several workers were lost with.
        """
        done = self._distributed.as_completed([], loop=self._client.loop)
        n_waiting = 0
        more = True
        while more or n_waiting:
            while more and n_waiting < self._room():
                spec = next(specs, None)
                more = spec is not None
                if spec is not None:
                    done.add(self._client.submit(run_task, spec, pure=False))
                    n_waiting += 1
            if n_waiting:
                result = self._result(next(done))
                n_waiting -= 1
                tally.done(result)
                yield result

    def close(self) -> None:
        """Let go of the cluster; one that was started here ends."""
        for one in (getattr(self, "_client", None), self._cluster):
            if one is not None:
                one.close()

    def _room(self) -> int:
        threads = self._client.scheduler_info(n_workers=-1)["workers"].values()
        return max(2, _IN_FLIGHT * sum(int(worker["nthreads"]) for worker in threads))

    def _result(self, future: Any) -> ShardResult:
        try:
            result = future.result()
        except self._distributed.KilledWorker as error:
            raise BatchError(
                "worker_lost",
                "workers of the cluster were lost, one after the other, while they read the same shard",
                str(error).partition(".")[0],
                "Look at the logs of the workers; what was read is kept, and the next run goes on from there.",
            ) from error
        assert isinstance(result, ShardResult)
        return result


def run_task(spec: ShardSpec) -> ShardResult:
    """Read a shard, on a worker of the cluster; raises BatchError (`versions_differ`) where it would read otherwise."""
    if (spec.reading, spec.versions) != (reading_digest(), stamp()):
        _refuse_version("a worker that came later", "")
    worker: Worker | None = getattr(_MINE, "worker", None)
    if worker is None or worker.limits != spec.limits:
        if worker is not None:
            worker.close()
        worker = _MINE.worker = Worker(spec.limits)
    return worker.run(spec, _unheard)


def tell_about(store: str, token: str, sources: list[str]) -> tuple[str, str, str]:
    """Say, on a worker, with what it reads, and which of the places it does not see."""
    system, root = fsspec.url_to_fs(store)
    try:
        seen = system.cat_file(f"{root}/{token}") == token.encode()
    except OSError:
        seen = False
    unseen = next((source for source in sources if not _is_there(source)), "")
    return "", reading_digest(), "" if seen and not unseen else unseen or store


def _probe(store: str, token: str, sources: list[str]) -> Callable[[], tuple[str, str, str]]:
    """A question that also a worker can answer that has no gongkai, or an old one: it travels as code."""

    def probe() -> tuple[str, str, str]:
        try:
            from gongkai.batch import cluster  # noqa: PLC0415, PLW0406  the one on the worker
        except ImportError as error:
            return str(error), "", ""
        return cluster.tell_about(store, token, sources)

    return probe


def _is_there(source: str) -> bool:
    system, path = fsspec.url_to_fs(source)
    return bool(system.exists(path))


def _refuse_version(worker: str, missing: str) -> None:
    raise BatchError(
        "versions_differ",
        f"a worker of the cluster would read pages otherwise than this machine ({missing or 'other versions'})",
        worker,
        "Install the same gongkai, with the same libraries and the same Python, on all machines.",
    )


def _unheard(beat: Beat) -> None:
    """What a worker of the cluster hears of its process goes no further: only results travel."""
