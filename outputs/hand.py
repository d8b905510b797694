"""A process that does jobs: reads them from standard input, answers on standard output, ends with the one it is for.

`python -m outputs.hand`; outputs.crew starts it. A job and its answer (None, or the error that was raised) are pickled,
each behind its length. When standard input ends, the process that wanted the jobs is gone: this one then ends at once,
in the middle of a job, for nobody may write into folders that are not held any more.
"""

import os
import pickle
import signal
import struct
import sys
from queue import SimpleQueue
from threading import Thread
from typing import IO

from outputs.lean import leave_out_pandas

_LENGTH = struct.Struct("<Q")


def send(pipe: IO[bytes], content: bytes) -> None:
    """Write one message."""
    pipe.write(_LENGTH.pack(len(content)) + content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes | None:
    """Read one message; None when the other side is gone."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = pipe.read(length)
    return content if len(content) == length else None


def main() -> None:
    """Do the jobs as they come."""
    leave_out_pandas()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that is asked to stop stops this one
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(jobs,), daemon=True).start()
    while True:
        send(answers, _answer(jobs.get()))


def _listen(jobs: "SimpleQueue[bytes]") -> None:
    while (content := receive(sys.stdin.buffer)) is not None:
        jobs.put(content)
    os._exit(0)


def _answer(content: bytes) -> bytes:
    try:
        pickle.loads(content)()  # noqa: S301  made by the process that started this one
    except BaseException as error:  # noqa: BLE001  whatever it is, the other process raises it
        return pickle.dumps(error)
    return pickle.dumps(None)


if __name__ == "__main__":
    main()
