"""How far a run is: a bar on a terminal, a line every few seconds elsewhere, nothing when asked to be quiet.

All of it goes to stderr: stdout belongs to results.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from gongkai.build import Watch

_LINE_SECONDS = 5
"""A log that is read by people: often enough to see that it moves, seldom enough to be read."""


@contextmanager
def watching(*, quiet: bool) -> Iterator[Watch | None]:
    """Yield what shows a run to the person before the screen, or to the reader of a log."""
    console = Console(stderr=True)
    if quiet:
        yield None
    elif console.is_terminal:
        with _Bar(console) as bar:
            yield bar
    else:
        yield _Lines(console)


class _Bar:
    """A progress bar by bytes, with pages, rate and time left."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[pages]}"),
            TimeRemainingColumn(compact=True),
            TextColumn("left"),
            console=console,
            transient=True,
        )
        self._pace = _Pace()
        self._task = self._progress.add_task("Looking for pages", total=None, pages="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, n_files: int, n_bytes: int) -> None:
        self._pace.begin(n_bytes)
        self._progress.update(
            self._task, description=f"Reading {_files(n_files)}", total=max(n_bytes, 1), pages="0 pages"
        )

    def page(self, n_bytes: int, n_pages: int = 1) -> None:
        self._pace.page(n_bytes, n_pages)
        self._progress.update(self._task, completed=self._pace.n_done, pages=self._pace.text())

    def merge(self) -> None:
        self._progress.update(self._task, description="Writing the dataset")


class _Lines:
    """A line on stderr every few seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._pace = _Pace()
        self._said = 0.0

    def begin(self, n_files: int, n_bytes: int) -> None:
        self._pace.begin(n_bytes)
        self._said = self._pace.started
        self._say(f"reading {_files(n_files)}, {n_bytes / 1e6:,.1f} MB")

    def page(self, n_bytes: int, n_pages: int = 1) -> None:
        self._pace.page(n_bytes, n_pages)
        if time.monotonic() - self._said >= _LINE_SECONDS:
            self._said = time.monotonic()
            self._say(f"{self._pace.share():.0%}, {self._pace.text()}, {self._pace.time_left()}")

    def merge(self) -> None:
        self._say(f"{self._pace.text()}; writing the dataset")

    def _say(self, text: str) -> None:
        self._console.print(f"gongkai: {text}", highlight=False, markup=False, soft_wrap=True)


class _Pace:
    """Pages and bytes so far, and what follows from them."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.n_done = 0
        self._n_bytes = 1
        self._n_pages = 0

    def begin(self, n_bytes: int) -> None:
        self.started = time.monotonic()
        self._n_bytes = max(n_bytes, 1)
        self.n_done = self._n_pages = 0

    def page(self, n_bytes: int, n_pages: int = 1) -> None:
        self._n_pages += n_pages
        # how many bytes of pages a packed archive holds is a guess
        self.n_done = min(self.n_done + n_bytes, self._n_bytes)

    def share(self) -> float:
        return self.n_done / self._n_bytes

    def text(self) -> str:
        rate = self._n_pages / max(time.monotonic() - self.started, 1e-9)
        return f"{self._n_pages:,} pages, {rate:,.0f} pages/s"

    def time_left(self) -> str:
        elapsed = time.monotonic() - self.started
        seconds = round(elapsed * (1 - self.share()) / max(self.share(), 1e-9))
        return f"about {seconds // 60}:{seconds % 60:02d} left"


def _files(count: int) -> str:
    return f"{count:,} file{'' if count == 1 else 's'}"
