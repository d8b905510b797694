"""What a program and all processes that it starts take of the memory, sampled from outside while it runs."""

import threading
from collections import defaultdict
from collections.abc import Callable
from time import monotonic
from typing import NamedTuple, Self

import psutil

_ROLES = {
    "gongkai.batch.child": "reader",
    "outputs.hand": "hand",
    "multiprocessing": "dask worker",
}
"""What processes are called by a part of their command line; all others are the main one, or its helpers."""

MB = 1_000_000


class Sample(NamedTuple):
    """Memory at one moment, in MB that no other process shares (USS): of the main process, of the largest other one."""

    seconds: float
    phase: str
    n_pages: int
    main_mb: float
    other_mb: float
    all_mb: float


class Memory:
    """Samples a process and its descendants until it is told to stop; used as a context.

    `peaks` are the largest USS by role, `peaks_rss` the largest RSS, which counts shared libraries in each process.
    """

    def __init__(self, pid: int, now: Callable[[], tuple[str, int]], every: float = 0.5) -> None:
        self._main = psutil.Process(pid)
        self._now = now
        self._every = every
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._begun = monotonic()
        self.samples: list[Sample] = []
        self.peaks: dict[str, float] = defaultdict(float)
        self.peaks_rss: dict[str, float] = defaultdict(float)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def latest(self) -> str:
        """Say what the last sample was."""
        sample = self.samples[-1] if self.samples else Sample(0, "", 0, 0, 0, 0)
        return f"{sample.main_mb:.0f} MB main, {sample.other_mb:.0f} MB largest worker"

    def thinned(self, number: int = 150) -> list[Sample]:
        """Return so many samples, each the one with the most memory of its stretch."""
        size = max(1, -(-len(self.samples) // number))
        stretches = (self.samples[start : start + size] for start in range(0, len(self.samples), size))
        return [max(stretch, key=lambda sample: sample.all_mb) for stretch in stretches]

    def _watch(self) -> None:
        while not self._ended.wait(self._every):
            main, others = 0.0, [0.0]
            for process in self._family():
                try:
                    memory = process.memory_full_info()
                    role = self._role(process)
                except psutil.Error:  # it has ended meanwhile
                    continue
                uss = memory.uss / MB
                self.peaks[role] = max(self.peaks[role], uss)
                self.peaks_rss[role] = max(self.peaks_rss[role], memory.rss / MB)
                if process == self._main:
                    main = uss
                else:
                    others.append(uss)
            phase, n_pages = self._now()
            numbers = (round(mb, 1) for mb in (main, max(others), main + sum(others)))
            self.samples.append(Sample(round(monotonic() - self._begun, 1), phase, n_pages, *numbers))

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._main, *self._main.children(recursive=True)]
        except psutil.Error:
            return []

    def _role(self, process: psutil.Process) -> str:
        if process == self._main:
            return "main"
        line = " ".join(process.cmdline())
        return next((role for words, role in _ROLES.items() if words in line), "other")
