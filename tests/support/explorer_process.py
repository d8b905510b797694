"""An explorer in a process of its own, as a user starts it."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

SECONDS = 60


class Explored:
    """A running explorer: the line that it printed, and the address in it; once it has ended, how, and its stderr."""

    def __init__(self, process, line):
        self.process = process
        self.line = line
        self.address = line.partition(" ")[0]
        self.exit_code = None
        self.stdout = ""
        self.stderr = ""

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        self.stdout, self.stderr = self.process.communicate(timeout=SECONDS)
        self.exit_code = self.process.returncode


@contextmanager
def exploring(*arguments, folder=None):
    """Yield an explorer that answers; it is stopped in the end, if it was not before."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gongkai", "explore", *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    limit = threading.Timer(SECONDS, process.kill)  # what says nothing is not waited for
    limit.start()
    try:
        explored = Explored(process, process.stdout.readline())
        limit.cancel()
        yield explored
        if explored.exit_code is None:
            explored.stop()
    finally:
        limit.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
