"""The engine in a process of its own, since Twisted's reactor runs once: `EngineRun` starts it, the script below is it.

The reader is a stand-in that a test chooses by name: what pages say is no matter to the engine.
"""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

LONGEST_SECONDS = 60
AGENT = "gongkai/0 (+tests@example.org)"

_ROOT = Path(__file__).parents[2]
_QUICK = {"user_agent": AGENT, "delay": 0.02, "timeout": 2.0, "allow_private": True}


@dataclass(frozen=True, slots=True)
class Settled:
    """A target and what became of it."""

    url: str
    kind: str
    outcome: str
    detail: str
    next_step: str
    part_of: str


class EngineRun:
    """One run of the engine. `ended` waits for it; then `events` are what the watch was told, `code` the exit code."""

    def __init__(self, archive, targets, *, reader="ok", env=None, **options):
        order = {
            "archive": str(archive),
            "targets": [target if isinstance(target, dict) else {"url": target} for target in targets],
            "reader": reader,
            "options": _QUICK | options,
        }
        self.archive = Path(archive)
        self._process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(order)],
            cwd=_ROOT,
            env={"PYTHONPATH": str(_ROOT), "PATH": "/usr/bin:/bin", **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events, self.code, self.errors, self.seconds = [], None, "", 0.0
        self._began = time.monotonic()

    def ended(self):
        try:
            out, self.errors = self._process.communicate(timeout=LONGEST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        self.events = [json.loads(line) for line in out.splitlines()]
        self.code, self.seconds = self._process.returncode, time.monotonic() - self._began
        return self

    def signal(self, number=signal.SIGINT):
        self._process.send_signal(number)

    @property
    def settled(self):
        """What became of each target, by its address."""
        return {one["url"]: Settled(**one) for name, one in self.events if name == "settled"}

    @property
    def pending(self):
        return next(one for name, one in self.events if name == "pending")

    @property
    def waits(self):
        """Host, seconds and reason of each pause."""
        return [one for name, one in self.events if name == "waiting"]


def wait_for(condition, seconds=20.0):
    """Wait until something is so; AssertionError where it never is."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it never came to that"
        time.sleep(0.01)


class _Watch:
    def visited(self, url, outcome, n_bytes):
        _say("visited", [url, outcome, n_bytes])

    def waiting(self, host, seconds, reason):
        _say("waiting", [host, seconds, reason])

    def added(self, n):
        _say("added", n)


class _Reader:
    """Says of every page what the test asked for."""

    def __init__(self, name):
        self._name = name

    def read(self, data, *, url, media_type, charset, target):
        from scraper.records import Reading  # noqa: PLC0415

        if self._name == "raises" and url.endswith("/bad"):
            raise ZeroDivisionError("a page like no other")
        if self._name == "slow":
            time.sleep(0.3)
        shell = self._name == "shell" and b"made by a script" not in data
        return Reading("script_shell" if shell else "ok", f"{len(data)} bytes")


def _say(name, value):
    print(json.dumps([name, value]), flush=True)


def _main(order):
    """Run the engine as ordered; exit code 130 for one that was stopped."""
    from scraper.archive import open_archive, read_archive  # noqa: PLC0415
    from scraper.engine import LiveOptions, fetch_live  # noqa: PLC0415
    from scraper.records import Target  # noqa: PLC0415

    code, folder = 0, Path(order["archive"])
    if order["reader"] == "full disk":
        _fill_disk()
    with open_archive(folder) as archive:
        archive.begin_run("live", "one plan")
        archive.add_targets(Target(**one) for one in order["targets"])
        try:
            fetch_live(archive, LiveOptions(**order["options"]), _Reader(order["reader"]), _Watch())
            archive.finish_run()
        except KeyboardInterrupt:
            code = 130
        pending = archive.counts().pending
    with read_archive(folder) as view:
        for row in view.targets():
            if row.reading is not None:
                names = ("url", "kind", "part_of"), ("outcome", "detail", "next_step")
                one = {name: getattr(row.target, name) for name in names[0]}
                _say("settled", one | {name: getattr(row.reading, name) for name in names[1]})
    _say("pending", pending)
    return code


def _fill_disk():
    """Let the archive's second visit find the disk full."""
    from scraper.archive import Archive  # noqa: PLC0415

    record, calls = Archive.record, []

    def fail_later(self, visit):
        calls.append(visit)
        if len(calls) > 1:
            raise OSError(28, "No space left on device")
        return record(self, visit)

    Archive.record = fail_later


if __name__ == "__main__":
    sys.exit(_main(json.loads(sys.argv[1])))
