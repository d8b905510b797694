"""What a person sees of a fetch: how far it is, whom it waits for, and at the end what was got and what was not."""

import csv
import shlex
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from gongkai.fetching import FetchSummary, Missed, Watch
from gongkai.plaintext import safe
from scraper.records import Reading, Target
from scraper.webarchives import CaptureRow

_LINE_SECONDS = 5
"""As for a build: often enough to see that it moves, seldom enough to be read."""

_LONG_WAIT = 10
"""Seconds of waiting that are worth a line of their own; a throttle waits for shorter ones all the time."""

_KINDS = {
    "page": ("page", "pages"),
    "list": ("list page", "list pages"),
    "sitemap": ("sitemap", "sitemaps"),
    "part": ("further part", "further parts"),
    "attachment": ("attachment", "attachments"),
}


@contextmanager
def watching_fetch(*, quiet: bool) -> Iterator[Watch]:
    """Yield what shows a fetch to the person before the screen, or to the reader of a log; on stderr."""
    console = Console(stderr=True)
    if console.is_terminal and not quiet:
        with _Bar(console) as bar:
            yield bar
    else:
        yield _Lines(console, quiet=quiet)


def print_fetch(console: Console, summary: FetchSummary, folder: Path) -> None:
    """Print what came of a fetch, for a person."""
    console.print(Text(_head(summary)))
    if summary.missed:
        console.print(_table(summary.missed), "")
    quoted = shlex.quote(str(folder))
    for line in (
        f"The archive is in {folder}. What it holds: gongkai archive {quoted}",
        f"Next: gongkai build {quoted} -o dataset",
    ):
        console.print(Text(safe(line)), soft_wrap=True)


def write_captures(file: TextIO, captures: Iterable[tuple[Target, CaptureRow | Reading]]) -> None:
    """Write captures of a web archive as CSV, each as it is found; an address that gives none has the reason."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(("url", "captured_at", "status", "media_type", "digest", "copy", "outcome", "detail"))
    for target, row in captures:
        if isinstance(row, Reading):
            lines.writerow((target.url, "", "", "", "", "", row.outcome, row.detail))
        else:
            status = "" if row.status is None else str(row.status)
            lines.writerow((row.url, row.captured_at, status, row.media_type, row.digest, row.copy, "", ""))


def _head(summary: FetchSummary) -> str:
    counts = summary.counts
    got = ", ".join(_many(count, kind) for kind, count in summary.got) or "nothing"
    missed = sum(one.count for one in summary.missed)
    again = f", {counts.unchanged:,} of them unchanged" if counts.unchanged else ""
    went_on = "The run that was stopped is complete. " if summary.resumed else ""
    return (
        f"{went_on}Got {got}; {missed:,} addresses did not give what was wanted.\n"
        f"{counts.visits:,} answers are in the archive from this run{again}.\n"
    )


def _many(count: int, kind: str) -> str:
    one, many = _KINDS[kind]
    return f"{count:,} {one if count == 1 else many}"


def _table(missed: tuple[Missed, ...]) -> Table:
    table = Table(
        title="What was not got", title_justify="left", title_style="bold", show_edge=False, pad_edge=False, box=None
    )
    table.add_column("outcome")
    table.add_column("addresses", justify="right")
    table.add_column("for example", overflow="fold")
    table.add_column("what to do", overflow="fold")
    for one in missed:
        examples = "\n".join(f"{url}: {detail}" if detail else url for url, detail in one.examples)
        steps = "\n".join(one.next_steps) or "nothing"
        table.add_row(one.outcome, f"{one.count:,}", Text(safe(examples)), Text(safe(steps)))
    return table


class _Count:
    """Addresses so far."""

    def __init__(self) -> None:
        self.wanted = 0
        self.done = 0
        self.n_bytes = 0
        self.outcomes: dict[str, int] = {}

    def visited(self, outcome: str, n_bytes: int) -> None:
        self.done += 1
        self.n_bytes += n_bytes
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1

    def text(self) -> str:
        said = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(self.outcomes.items()))
        return f"{self.done:,} of {self.wanted:,} addresses, {self.n_bytes / 1e6:,.1f} MB" + (
            f": {said}" if said else ""
        )


class _Lines:
    """A line on stderr every few seconds, and one for every long wait; a wait is told even to the quiet."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._count = _Count()
        self._said = time.monotonic()

    def begin(self, n_targets: int, *, resumed: bool) -> None:
        self._count.wanted = n_targets
        self._say(f"{'going on with' if resumed else 'fetching'} {n_targets:,} addresses")

    def visited(self, url: str, outcome: str, n_bytes: int) -> None:  # noqa: ARG002  the bar shows the address
        self._count.visited(outcome, n_bytes)
        if time.monotonic() - self._said >= _LINE_SECONDS:
            self._said = time.monotonic()
            self._say(self._count.text())

    def waiting(self, host: str, seconds: float, reason: str) -> None:
        if seconds >= _LONG_WAIT:
            self._said = time.monotonic()
            self._say(_waiting(host, seconds, reason))

    def added(self, n: int) -> None:
        self._count.wanted += n

    def _say(self, text: str) -> None:
        if not self._quiet:
            self._console.print(f"gongkai: {safe(text)}", highlight=False, markup=False, soft_wrap=True)


class _Bar:
    """A bar by addresses, with the last one, and who is waited for."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[count]}", markup=False),
            console=console,
            transient=True,
        )
        self._count = _Count()
        self._task = self._progress.add_task("Fetching", total=None, count="")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def begin(self, n_targets: int, *, resumed: bool) -> None:
        self._count.wanted = n_targets
        self._show("Going on" if resumed else "Fetching")

    def visited(self, url: str, outcome: str, n_bytes: int) -> None:  # noqa: ARG002  as in _Lines
        self._count.visited(outcome, n_bytes)
        self._show("Fetching")

    def waiting(self, host: str, seconds: float, reason: str) -> None:
        if seconds >= _LONG_WAIT:
            self._progress.console.print(
                f"gongkai: {safe(_waiting(host, seconds, reason))}", markup=False, highlight=False
            )

    def added(self, n: int) -> None:
        self._count.wanted += n

    def _show(self, words: str) -> None:
        count = self._count
        self._progress.update(
            self._task, description=words, total=max(count.wanted, 1), completed=count.done, count=count.text()
        )


def _waiting(host: str, seconds: float, reason: str) -> str:
    return f"waiting {seconds:,.0f} s for {host}: {reason}"
