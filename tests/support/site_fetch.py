"""`gongkai fetch` as a person runs it, against the site on loopback: a process of its own, and what it left behind."""

import csv
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from scraper.archive import read_archive
from scraper.records import Stored
from scraper.store.frontier import TargetRow

CONTACT = "tests@example.org"
LONGEST_SECONDS = 120

_ROOT = Path(__file__).parents[2]
_POLITE = ("--contact", CONTACT, "--allow-private", "--delay", "0.05")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (negative: the signal), what it said, the most memory it took, in bytes."""

    code: int
    out: str
    err: str
    peak_bytes: int


class Command:
    """A gongkai command under way. It is killed when it takes longer than any test may."""

    def __init__(self, args: Sequence[str], scratch: Path, env: Mapping[str, str] | None = None) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._out, self._err = scratch / "stdout", scratch / "stderr"
        with self._out.open("wb") as out, self._err.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, *args], cwd=_ROOT, env=_environment(env or {}), stdout=out, stderr=err
            )
        self._alarm = threading.Timer(LONGEST_SECONDS, self.signal, (signal.SIGKILL,))
        self._alarm.start()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; one that has ended does not mind, and its end is left for `wait`."""
        os.kill(self._process.pid, number)

    @property
    def is_running(self) -> bool:
        """Whether it is still under way."""
        return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait(self) -> Ended:
        """Wait for the end."""
        _, status, usage = os.wait4(self._process.pid, 0)
        self._alarm.cancel()
        self._process.returncode = os.waitstatus_to_exitcode(status)
        return Ended(
            self._process.returncode,
            self._out.read_text(encoding="utf-8"),
            self._err.read_text(encoding="utf-8"),
            usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self.signal(signal.SIGKILL)
            self.wait()


def start_fetch(
    sources: Sequence[str | Path], archive: Path, *options: str, env: Mapping[str, str] | None = None
) -> Command:
    """Begin a fetch into an archive, as politely as a server on loopback deserves; `options` win over that."""
    args = ["-m", "gongkai", "fetch", *map(str, sources), "-o", str(archive), *_POLITE, *options]
    return Command(args, said_beside(archive), env)


def said_beside(archive: Path) -> Path:
    """Where the messages of a fetch into this archive are kept: beside it."""
    return archive.parent / f"{archive.name}-said"


def fetch(sources: Sequence[str | Path], archive: Path, *options: str, env: Mapping[str, str] | None = None) -> Ended:
    """Fetch, and wait for the end."""
    with start_fetch(sources, archive, *options, env=env) as command:
        return command.wait()


def run_gongkai(*args: str | Path) -> Ended:
    """Run another command; its memory is not measured."""
    done = subprocess.run(
        [sys.executable, "-m", "gongkai", *map(str, args)],
        cwd=_ROOT,
        env=_environment({}),
        capture_output=True,
        encoding="utf-8",
        timeout=LONGEST_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr, 0)


def write_sources(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a CSV file of what to fetch, with the columns that `gongkai fetch` knows."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, ("url", "kind", "agency", "report_year"), restval="")
        lines.writeheader()
        lines.writerows(rows)
    return path


# What is in an archive.


def targets_of(archive: Path, run_no: int | None = None) -> dict[str, TargetRow]:
    """The targets of a run by host, path and query; of all runs, each as the last one left it."""
    with read_archive(archive) as view:
        return {place(row.target.url): row for row in view.targets(run_no)}


def visits_of(archive: Path, run_no: int | None = None) -> list[Stored]:
    """The visits of a run, or of all."""
    with read_archive(archive) as view:
        return list(view.visits(run_no=run_no))


def runs_of(archive: Path) -> list[tuple[bool, int, int]]:
    """The runs: whether each is finished, its settled and its pending targets."""
    with read_archive(archive) as view:
        return [(bool(run.finished), run.settled, run.pending) for run in view.runs()]


def outcomes_of(archive: Path, run_no: int | None = None) -> dict[str, str]:
    """The outcome of every target by path and query; '' for those that are pending."""
    return {name: row.reading.outcome if row.reading else "" for name, row in targets_of(archive, run_no).items()}


def place(url: str) -> str:
    """An address without scheme and port; that of 127.0.0.1 without its host too."""
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if parts.hostname == "127.0.0.1" else f"{parts.hostname}{path}"


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file of ours."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _environment(changed: Mapping[str, str]) -> dict[str, str]:
    """The environment of this process without what would change a fetch, and with what a test wants."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith("_proxy") and name not in ("GONGKAI_CONTACT", "SSL_CERT_FILE", "SSL_CERT_DIR")
    }
    return kept | {"PYTHONIOENCODING": "utf-8"} | dict(changed)
