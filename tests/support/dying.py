"""Jobs that end their process, as functions of a module: another process finds them by name."""

import os
import signal
from contextlib import contextmanager


@contextmanager
def killed_once(scratch, stretch):
    """A step that kills its process at the end of a stretch, when the others have written; but only once."""
    yield lambda agency: None
    died = scratch / "died"
    if stretch == 1 and not died.exists():
        died.touch()
        kill_me()


def kill_me():
    os.kill(os.getpid(), signal.SIGKILL)
