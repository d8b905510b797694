"""Jobs done by several processes: each by itself, again when its process dies, in this one when nobody is needed.

A job is a function of a module with its arguments; it leaves its result in files whose names and bytes depend on
nothing else, so that doing it twice changes nothing. The processes are plain interpreters that read jobs from a pipe
(outputs.hand): a script that calls gongkai is not run again by them, and they end when this process does.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from queue import SimpleQueue
from typing import IO, TypeAlias

from outputs.errors import DatasetError
from outputs.hand import receive, send

Job: TypeAlias = "partial[None]"

_MOST_TRIES = 3
"""So many processes may die over one job: by then it is not an accident."""


_JOBS_OF_PROCESS = 8
"""Then a process makes room for a fresh one: what it has cached, and cut into pieces too small to give back, goes."""


class Crew:
    """Does jobs, with as many processes as `workers` says; with one, in this process."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._idle: SimpleQueue[_Hand] = SimpleQueue()
        self._hands = [_Hand() for _ in range(workers if workers > 1 else 0)]
        for hand in self._hands:
            self._idle.put(hand)

    def do(self, jobs: Sequence[Job]) -> None:
        """Do all jobs, begun in this order; return when all are done.

        Raises what a job raises, and DatasetError (`workers_died`) when process after process dies over one of them.
        """
        if self._workers == 1 or len(jobs) == 1:
            for job in jobs:
                job()
            return
        with ThreadPoolExecutor(self._workers) as pool:
            under_way = [pool.submit(self._done_by_hand, job) for job in jobs]
            try:
                for done in under_way:
                    done.result()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                self.close()
                raise

    def close(self) -> None:
        """Let the processes go, whatever they are at."""
        for hand in self._hands:
            hand.dismiss()

    def _done_by_hand(self, job: Job) -> None:
        hand = self._idle.get()
        try:
            for _ in range(_MOST_TRIES):
                if hand.did(job):
                    return
        finally:
            self._idle.put(hand)
        raise DatasetError(
            "workers_died",
            f"{_MOST_TRIES} processes that derived tables were ended from outside, one after the other",
            f"{job.func.__module__}.{job.func.__name__}",
            "Most often there is too little memory: use fewer workers. The dataset that was there is as it was.",
        )


class _Hand:
    """One process, started when there is something to do."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._dismissed = False
        self._n_done = 0

    def did(self, job: Job) -> bool:
        """Have a job done; False when the process died over it. Raises what the job raises."""
        if self._process is None:
            self._process = self._start()
        try:
            send(_pipe(self._process.stdin), pickle.dumps(job))
            answer = receive(_pipe(self._process.stdout))
        except BrokenPipeError:
            answer = None
        if answer is None:
            self._end()
            return False
        error: BaseException | None = pickle.loads(answer)  # noqa: S301  made by our own process
        if error is not None:
            raise error
        self._n_done += 1
        if self._n_done == _JOBS_OF_PROCESS:
            self._end()
        return True

    def dismiss(self) -> None:
        """End the process, and start no other."""
        self._dismissed = True
        self._end()

    def _start(self) -> "subprocess.Popen[bytes]":
        if self._dismissed:
            raise RuntimeError("the crew was let go")
        path = os.pathsep.join(entry for entry in sys.path if entry)
        return subprocess.Popen(
            [sys.executable, "-m", "outputs.hand"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        self._n_done = 0
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


@contextmanager
def crew(workers: int) -> Iterator[Crew]:
    """Yield a crew; its processes are gone at the end."""
    made = Crew(workers)
    try:
        yield made
    finally:
        made.close()


def job(function: Callable[..., None], *arguments: object) -> Job:
    """A function of a module, with arguments that can be sent to another process."""
    return partial(function, *arguments)


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # it was asked for
    return pipe
