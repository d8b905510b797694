"""How far a job is that is counted in rows or pages: a bar on a terminal, a line every few seconds elsewhere.

All of it goes to stderr, and nothing is shown of a job that has nothing to do.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

_LINE_SECONDS = 5
"""As for a build: often enough to see that it moves, seldom enough to be read."""


class Count(Protocol):
    """Something that is told how far a job is."""

    def begin(self, total: int) -> None:
        """Hear how much there is to do."""

    def more(self, number: int) -> None:
        """Hear that so much more is done."""


class IndexCount:
    """What the making of an index tells (outputs.explorer.index.Watch), told on as a count of rows."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def begin(self, n_rows: int) -> None:
        """Hear that an index is being made, and of how many rows."""
        self._count.begin(n_rows)

    def table(self, name: str) -> None:
        """Hear which table is next: too much for one line."""

    def rows(self, n_rows: int) -> None:
        """Hear that so many more rows are done."""
        self._count.more(n_rows)


@contextmanager
def counting(doing: str, noun: str) -> Iterator[Count]:
    """Yield what shows a job to the person before the screen, or to the reader of a log.

    `doing` says what is done ("Writing the site"), `noun` what is counted ("pages").
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(console, doing, noun)
        return
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn(f"{{task.completed:,}} {noun}"),
        TimeRemainingColumn(compact=True),
        TextColumn("left"),
        console=console,
        transient=True,
    ) as progress:
        yield _Bar(progress, doing)


class _Bar:
    def __init__(self, progress: Progress, doing: str) -> None:
        self._progress = progress
        self._doing = doing
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        self._task = self._progress.add_task(self._doing, total=max(total, 1))

    def more(self, number: int) -> None:
        if self._task is not None:
            self._progress.advance(self._task, number)


class _Lines:
    def __init__(self, console: Console, doing: str, noun: str) -> None:
        self._console = console
        self._doing = doing
        self._noun = noun
        self._total = self._done = 0
        self._started = self._said = time.monotonic()

    def begin(self, total: int) -> None:
        self._total = max(total, 1)
        self._started = self._said = time.monotonic()
        self._say(f"{self._doing}: {total:,} {self._noun}")

    def more(self, number: int) -> None:
        self._done += number
        now = time.monotonic()
        if now - self._said >= _LINE_SECONDS:
            self._said = now
            rate = self._done / (now - self._started)
            self._say(f"{self._doing}: {self._done / self._total:.0%}, {rate:,.0f} {self._noun}/s")

    def _say(self, text: str) -> None:
        self._console.print(f"gongkai: {text}", highlight=False, markup=False, soft_wrap=True)
