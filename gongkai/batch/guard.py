"""A reading process under guard: one that takes too long, too much memory, or dies, is ended and told apart.

The process is a plain one that is spoken to through its stdin and stdout, not one of `multiprocessing`: a worker of
Dask may not have children of that kind. What it answers is read by a thread, so that a process that hangs in the middle
of an answer holds nobody up.
"""

import os
import pickle
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, Literal, Self

import psutil

from gongkai.batch.records import Beat, Heard, Limits

Role = Literal["shard", "careful", "page"]
"""What a reading process does: shards; shards with every page in a further process; single pages."""

_LOOK_SECONDS = 0.05
"""How often a process is looked at: memory can grow by some 100 MB in between."""

_IDLE_SECONDS = 900
"""How long a process may be silent outside of a page: a source far away may be slow, and a library slow to load."""

_MB = 2**20


class Died(Exception):  # noqa: N818  it is no error of the program: a page may be the cause
    """A reading process came to its end: `how`, and its words.

    `in_page` says whether it was reading a page then.
    """

    def __init__(self, how: Literal["time", "memory", "death"], words: str, *, in_page: bool) -> None:
        super().__init__(how, words)
        self.how = how
        self.words = words
        self.in_page = in_page


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer of a process to an order that raised an exception: the exception."""

    error: Exception


class Guard:
    """One reading process, started when it is first needed and anew after it died. To be used by one thread."""

    def __init__(self, role: Role, limits: Limits) -> None:
        self._role = role
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Start the process if it does not run: it loads what it needs while others do other things."""
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._answers = queue.SimpleQueue()
            self._process = subprocess.Popen(  # noqa: S603  our own interpreter and module
                [
                    sys.executable,
                    "-P",  # a folder named like one of our packages, where the user is, is none of ours
                    "-m",
                    "gongkai.batch.child",
                    self._role,
                    str(os.getpid()),
                    str(self._limits.seconds),
                    str(self._limits.memory_mb),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
            Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()

    def close(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was not yet written is not wanted any more
                    pipe and pipe.close()
            self._process = None

    def ask(self, order: object, heard: Heard | None = None, looking: Callable[[], None] | None = None) -> Any:
        """Give an order and return the answer; raises what the order raised there.

        Raises Died when the process did not outlive it: a limit was met, or it died of itself. `looking` is called each
        time the process is looked at; if it raises, the process is ended.
        """
        self.start()
        assert self._process is not None
        about = psutil.Process(self._process.pid)
        # a pipe holds less than a page: until the process is there to read, nobody is to wait for it without looking
        Thread(target=_say, args=(self._process, order), daemon=True).start()
        try:
            answer = self._answer(about, heard, looking)
        except BaseException:
            self.close()
            raise
        if isinstance(answer, Failed):
            raise answer.error
        return answer.value

    def _answer(self, about: psutil.Process, heard: Heard | None, looking: Callable[[], None] | None) -> Any:
        in_page = False
        seen = looked = time.monotonic()
        while True:
            try:
                answer = self._answers.get(timeout=_LOOK_SECONDS)
            except queue.Empty:
                answer = None
            now = time.monotonic()
            if isinstance(answer, Beat):
                seen, in_page = now, answer.in_page
                if heard:
                    heard(answer)
            elif isinstance(answer, _Ended):
                raise self._died(in_page=in_page)
            elif answer is not None:
                return answer
            if now - looked >= _LOOK_SECONDS:
                looked = now
                self._check(about, now - seen, in_page=in_page)
                if looking:
                    looking()

    def _check(self, about: psutil.Process, silent: float, *, in_page: bool) -> None:
        """End the process, and raise Died, where it exceeds a limit."""
        with suppress(psutil.Error):
            if about.memory_info().rss > self._limits.memory_mb * _MB:
                self.close()
                raise Died(
                    "memory", f"reading it took more than {self._limits.memory_mb} MB of memory", in_page=in_page
                )
        if silent > (self._limits.seconds if in_page else _IDLE_SECONDS):
            self.close()
            raise Died("time", f"not read within {silent_for(self._limits)}", in_page=in_page)

    def _died(self, *, in_page: bool) -> Died:
        """Say how the process ended that ended of itself."""
        assert self._process is not None
        code = self._process.wait()
        self.close()
        try:
            words = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        except ValueError:
            words = f"signal {-code}"
        return Died("death", f"the process that read it ended with {words}", in_page=in_page)


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer of a process to an order."""

    value: Any


@dataclass(frozen=True, slots=True)
class _Ended:
    """Nothing more comes."""


def silent_for(limits: Limits) -> str:
    """Return the limit of time in words."""
    return f"{limits.seconds:g} second{'' if limits.seconds == 1 else 's'}"


def _say(process: "subprocess.Popen[bytes]", order: object) -> None:
    """Give an order. A process that ended before it was read is told by what it answers: nothing."""
    assert process.stdin is not None
    with suppress(OSError, ValueError):
        pickle.dump(order, process.stdin, pickle.HIGHEST_PROTOCOL)
        process.stdin.flush()


def _listen(process: "subprocess.Popen[bytes]", answers: "queue.SimpleQueue[Any]") -> None:
    """Pass on what the process answers, until it ends."""
    assert process.stdout is not None
    try:
        while True:
            answers.put(pickle.load(process.stdout))  # noqa: S301  from our own child
    except Exception:  # noqa: BLE001  cut in the middle of an answer, anything may be missing
        answers.put(_Ended())
