"""The fetch: what is wanted → an archive. `scraper` asks sites and web archives, `parsers` say what came."""

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Literal, Protocol

from corpus.archive import MAX_PAGE_BYTES
from gongkai.errors import FetchError
from gongkai.pagereader import PageReader
from gongkai.versions import gongkai_version
from scraper.archive import DEFAULT_WARC_BYTES, Archive, Counts, open_archive, read_archive
from scraper.engine import FetchWatch, LiveOptions, fetch_live
from scraper.records import Reading, Target, TargetKind
from scraper.targets import STANDARD_INPUT, read_targets
from scraper.webarchives import CaptureRow, WebArchiveOptions, fetch_common_crawl, fetch_wayback, list_captures

Origin = Literal["live", "wayback", "common_crawl"]

_BATCH = 1000
"""Targets that are entered in one transaction."""

_EXAMPLES = 3
"""Addresses that the summary names for each outcome; all of them stand in the archive."""

_HOW = ("contact", "delay", "timeout", "max_page_bytes", "warc_bytes", "allow_private")
"""Options that say how to fetch, not what: a stopped run may go on with others."""


@dataclass(frozen=True, slots=True)
class FetchOptions:
    """What to fetch, and how. `contact` is told to every server; seconds and bytes as the names say.

    `captures`, `years`, `archive_address` and `archive_data` are for web archives, `browser`, `delay` and `timeout` for
    sites; `match` is a regular expression for the addresses of sitemaps.
    """

    kind: TargetKind = "page"
    origin: Origin = "live"
    contact: str = ""
    match: str = ""
    browser: bool = False
    delay: float = 2.0
    timeout: float = 60.0
    max_page_bytes: int = MAX_PAGE_BYTES
    warc_bytes: int = DEFAULT_WARC_BYTES
    allow_private: bool = False
    captures: Literal["all", "yearly"] = "all"
    years: tuple[int, int] | None = None
    archive_address: str = ""
    archive_data: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """One outcome of addresses that did not give what was wanted: how many, and some of them with what was seen."""

    outcome: str
    count: int
    examples: tuple[tuple[str, str], ...]
    next_steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FetchSummary:
    """A run in numbers: `got` counts, by kind, addresses that gave what was wanted; `missed` those that did not."""

    resumed: bool
    counts: Counts
    got: tuple[tuple[str, int], ...]
    missed: tuple[Missed, ...]


class Watch(FetchWatch, Protocol):
    """Something that is told how a fetch goes."""

    def begin(self, n_targets: int, *, resumed: bool) -> None:
        """Hear how many addresses are wanted, and whether a stopped run goes on."""


def fetch(sources: Sequence[str], folder: Path, options: FetchOptions, watch: Watch) -> FetchSummary:
    """Fetch what the sources name into the archive and return what came of it.

    A source is an address or a file with addresses (see scraper.targets). FetchError where the run cannot begin, or a
    web archive asks to come back much later; what goes wrong with an address is its outcome. KeyboardInterrupt
    leaves a run that the same call goes on with.
    """
    agent = _user_agent(options)
    with _on_disk(sources) as named:
        plan, n_asked = _plan(named, options)
        with open_archive(
            folder,
            warc_bytes=options.warc_bytes,
            software=f"gongkai/{gongkai_version()}",
            operator=options.contact,
        ) as archive:
            run = archive.begin_run(options.origin, plan)
            if options.origin == "live":
                _enter(archive, named, options.kind)
                watch.begin(archive.counts().pending, resumed=run.resumed)
                fetch_live(archive, _live(options, agent), PageReader(), watch)
            else:
                asking = fetch_wayback if options.origin == "wayback" else fetch_common_crawl
                watch.begin(n_asked, resumed=run.resumed)
                asked = read_targets(named, kind=options.kind)
                asking(archive, asked, _web_archive(options, agent), PageReader(), watch)
            counts = archive.counts()
            if counts.pending:  # only a stop leaves targets: all else is an outcome
                raise KeyboardInterrupt
            archive.finish_run()
    got, missed = _outcomes(folder, run.run_no)
    return FetchSummary(run.resumed, counts, got, missed)


def captures_of(
    sources: Sequence[str], options: FetchOptions, watch: FetchWatch
) -> Iterator[tuple[Target, CaptureRow | Reading]]:
    """Yield the captures that a fetch from a web archive would save, or why an address has none; errors as `fetch`."""
    if options.origin == "live":
        raise FetchError("no_listing", "only web archives tell beforehand", "--dry-run", "Add --wayback.")
    chosen = _web_archive(options, _user_agent(options))
    with _on_disk(sources) as named:
        yield from list_captures(options.origin, read_targets(named, kind=options.kind), chosen, watch)


def _user_agent(options: FetchOptions) -> str:
    """Say honestly who asks, and where to complain."""
    contact = options.contact
    if "@" not in contact and not contact.startswith(("http://", "https://")):
        raise FetchError(
            "no_contact",
            "servers are told whom to write to, and no contact is given" if not contact else "that is no contact",
            f"--contact {contact}".rstrip(),
            "Give a mail address or a web page: --contact me@example.org, or the variable GONGKAI_CONTACT.",
        )
    if not contact.isascii() or not contact.isprintable() or set(contact) & set("() "):
        raise FetchError(
            "no_contact",
            "a contact is sent in a header and cannot have such characters",
            f"--contact {contact}",
            "Write it in ASCII, without spaces and brackets.",
        )
    return f"gongkai/{gongkai_version()} (+{contact})"


@contextmanager
def _on_disk(sources: Sequence[str]) -> Iterator[list[str]]:
    """Give the sources with standard input kept in a file: it is read more than once."""
    if STANDARD_INPUT not in sources:
        yield list(sources)
        return
    with tempfile.NamedTemporaryFile(prefix="gongkai-") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.flush()
        yield [file.name if source == STANDARD_INPUT else source for source in sources]


def _plan(sources: Sequence[str], options: FetchOptions) -> tuple[str, int]:
    """Digest what is asked for, and count it; the same question goes on with the run that was stopped.

    All of it is read once before anything is fetched, so that a wrong line is told at the beginning.
    """
    wanted = {name: value for name, value in asdict(options).items() if name not in _HOW}
    digest = hashlib.sha256(repr(sorted(wanted.items())).encode())
    n_asked = 0
    for target in read_targets(sources, kind=options.kind):
        digest.update(repr(target).encode())
        n_asked += 1
    return digest.hexdigest()[:16], n_asked


def _enter(archive: Archive, sources: Sequence[str], kind: TargetKind) -> None:
    """Enter the targets that the run does not have yet."""
    targets = read_targets(sources, kind=kind)
    while batch := list(islice(targets, _BATCH)):
        archive.add_targets(batch)


def _live(options: FetchOptions, agent: str) -> LiveOptions:
    return LiveOptions(
        user_agent=agent,
        delay=options.delay,
        timeout=options.timeout,
        max_page_bytes=options.max_page_bytes,
        allow_private=options.allow_private,
        browser=options.browser,
        match=options.match,
    )


def _web_archive(options: FetchOptions, agent: str) -> WebArchiveOptions:
    return WebArchiveOptions(
        user_agent=agent,
        captures=options.captures,
        years=options.years,
        address=options.archive_address,
        data_address=options.archive_data,
        max_page_bytes=options.max_page_bytes,
        allow_private=options.allow_private,
    )


_WANTED: dict[TargetKind, frozenset[str]] = {
    "page": frozenset({"ok"}),
    "list": frozenset({"list_page", "ok"}),
    "sitemap": frozenset({"list_page", "ok"}),
    "part": frozenset({"ok", "not_a_report"}),
    "attachment": frozenset({"attachment_only", "ok"}),
}
"""The outcomes by which an address gave what it was wanted for; the rest of a report need not look like one.

A list that leaves something to be done was not followed to its end.
"""


def _outcomes(folder: Path, run_no: int) -> tuple[tuple[tuple[str, int], ...], tuple[Missed, ...]]:
    """Count what was got by kind, and what was not by outcome, the most frequent first."""
    got: dict[str, int] = {}
    missed: dict[str, _Tally] = {}
    with read_archive(folder) as view:
        for row in view.targets(run_no):
            kind: TargetKind = row.target.kind
            reading = row.reading
            if reading is None or (reading.outcome == "list_page" and row.visit_no is None):
                continue  # what was asked of a web archive's index, and was answered, is no page
            if kind == "page" and reading.outcome == "list_page" and not reading.next_step:
                kind = "list"  # a list named it as a report, and it was followed as the list that it is
            if reading.outcome in _WANTED[kind] and not (reading.outcome == "list_page" and reading.next_step):
                got[kind] = got.get(kind, 0) + 1
            else:
                missed.setdefault(reading.outcome, _Tally()).add(row.target.url, reading.detail, reading.next_step)
    said = [tally.said(outcome) for outcome, tally in missed.items()]
    return tuple(got.items()), tuple(sorted(said, key=lambda one: (-one.count, one.outcome)))


class _Tally:
    """Counts one outcome and keeps the first few."""

    def __init__(self) -> None:
        self._count = 0
        self._examples: list[tuple[str, str]] = []
        self._steps: dict[str, None] = {}

    def add(self, url: str, detail: str, next_step: str) -> None:
        self._count += 1
        if len(self._examples) < _EXAMPLES:
            self._examples.append((url, detail))
            self._steps.setdefault(next_step)

    def said(self, outcome: str) -> Missed:
        return Missed(outcome, self._count, tuple(self._examples), tuple(filter(None, self._steps)))
