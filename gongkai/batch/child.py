"""The reading process: `python -P -m gongkai.batch.child ROLE PARENT SECONDS MEMORY_MB`, spoken to by its guard.

Orders come pickled on stdin, one after the other, and each is answered on stdout, with signs of life before. It ends
when no more orders can come, and at once when its parent is gone.
"""

import ctypes
import gc
import os
import pickle
import signal
import sys
import threading
import time
from importlib import import_module
from typing import Any, BinaryIO

from corpus.captures import Capture
from gongkai.batch.guard import Answer, Failed, Guard
from gongkai.batch.isolation import isolated
from gongkai.batch.pages import answer_page
from gongkai.batch.records import Beat, Limits, ShardSpec
from outputs.lean import leave_out_pandas

_BEAT_SECONDS = 0.05
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux
_LOOK_SECONDS = 0.5


def main() -> None:
    """Answer orders until there are no more."""
    role, parent, seconds, memory_mb = sys.argv[1:]
    end_with(int(parent))
    leave_out_pandas()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of the terminal; the run decides
    orders, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    if role != "page":
        import_module("gongkai.batch.task")  # what a shard needs and a single page does not: twice the time to load
    gc.freeze()  # what was loaded stays: the collector need not walk it again and again
    limits = Limits(float(seconds), int(memory_mb))
    with Guard("page", limits) as pages:
        while True:
            try:
                order = pickle.load(orders)  # noqa: S301  from our own guard
            except EOFError:
                return
            is_careful = role == "careful"
            beats = _Beats(answers, exact=is_careful)
            _send(answers, _answered(order, beats, pages if is_careful else None))


def end_with(parent: int) -> None:
    """See to it that this process does not outlive its parent, even while it hangs in code that is not Python."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it went before it could be tied to
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)


def _answered(order: object, beats: "_Beats", pages: Guard | None) -> Answer | Failed:
    try:
        if isinstance(order, ShardSpec):
            from gongkai.batch.task import run_shard  # noqa: PLC0415  see main

            read = isolated(pages, beats.alive) if pages else answer_page
            return Answer(run_shard(order, read, beats))
        assert isinstance(order, tuple)
        capture, keeping = order
        assert isinstance(capture, Capture)
        beats(Beat(0, 0, in_page=True))
        return Answer(answer_page(capture, keeping=keeping))
    except Exception as error:  # noqa: BLE001  the run is told, and decides
        return Failed(error)


class _Beats:
    """Signs of life, no more of them than somebody can look at, but never silent about a page that begins.

    What is done between two pages may then count as one of them; where that must not be, they are `exact`.
    """

    def __init__(self, answers: BinaryIO, *, exact: bool) -> None:
        self._answers = answers
        self._exact = exact
        self._sent = 0.0
        self._last = Beat(0, 0, in_page=False)

    def __call__(self, beat: Beat) -> None:
        now = time.monotonic()
        turned = beat.in_page != self._last.in_page and (beat.in_page or self._exact)
        if turned or now - self._sent >= _BEAT_SECONDS:
            self._sent, self._last = now, beat
            _send(self._answers, beat)

    def alive(self, _: Beat | None = None) -> None:
        """Say that the process that reads a page is being looked after."""
        self(Beat(self._last.n_pages, self._last.n_bytes, in_page=True))


def _send(answers: BinaryIO, answer: Any) -> None:
    pickle.dump(answer, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
