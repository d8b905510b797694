"""What an archive holds, address by address, in a temporary database: small in memory whatever the archive's size.

Where gongkai fetch wrote the archive, its catalogue tells; of any other folder or file the pages are read.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from corpus.agencies import resolve_agency
from corpus.archive import MAX_PAGE_BYTES, SourcePlan, plan_sources, read_plan
from corpus.captures import Capture
from gongkai.build import Watch, page_bytes
from gongkai.pagereader import PageReader
from scraper.archive import ArchiveView, read_archive
from scraper.records import Reading, Target
from scraper.store.frontier import TargetRow
from scraper.store.layout import FETCH_FOLDER


@dataclass(frozen=True, slots=True)
class Line:
    """One address, or one capture of a web archive: what was wanted there, and what came.

    `outcome` is '' while nothing was asked yet. `moment` is when the page was captured, '' where there is none or
    nobody knows; `captured` says that there is one.
    """

    url: str
    captured_at: str
    kind: str
    agency_id: str
    agency: str
    report_year: int | None
    outcome: str
    detail: str
    next_step: str
    title: str
    published_date: str
    part_of: str
    moment: str
    captured: bool


_COLUMNS = tuple(field.name for field in fields(Line) if field.name not in ("moment", "captured"))
_BATCH = 1000

# An answer wins over one that was waited for in vain, and of two the later one.
_BETTER = "excluded.outcome <> '' AND (excluded.has_page OR NOT lines.has_page)"
_PUT = (
    f"INSERT INTO lines ({', '.join(_COLUMNS)}, host, has_page) VALUES ({', '.join('?' * (len(_COLUMNS) + 2))}) "
    f"ON CONFLICT (url, captured_at) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS)}, "
    f"has_page = excluded.has_page WHERE {_BETTER}"
)
_SCHEMA = f"""
CREATE TABLE lines (
    line_no INTEGER PRIMARY KEY, {", ".join(f"{name} TEXT" for name in _COLUMNS if name != "report_year")},
    report_year INTEGER, host TEXT, has_page INTEGER, UNIQUE (url, captured_at)
);
CREATE TABLE captures (url TEXT, captured_at TEXT, moment TEXT, UNIQUE (url, captured_at, moment));
"""


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that is not finished: it was stopped, or goes on right now."""

    kind: str
    started: str
    settled: int
    pending: int


@dataclass(frozen=True, slots=True)
class Size:
    """WARC files of an archive, or all files of a folder, and the bytes of them."""

    n_files: int
    n_bytes: int


class Ledger:
    """The lines of an archive, ready to be asked in SQL: tables `lines` and `captures`. To be closed."""

    def __init__(self) -> None:
        self.base = sqlite3.connect("", isolation_level=None)
        self.runs: tuple[OpenRun, ...] = ()
        self.size = Size(0, 0)
        self.base.executescript(_SCHEMA)

    def close(self) -> None:
        """Forget all."""
        self.base.close()

    def put(self, line: Line) -> None:
        """Enter what is known of an address; what was known before stays where it tells more."""
        told = [getattr(line, name) for name in _COLUMNS]
        self.base.execute(_PUT, (*told, host_of(line.url), line.captured))
        if line.captured:
            key = (line.url, line.captured_at, line.moment)
            self.base.execute("INSERT OR IGNORE INTO captures VALUES (?, ?, ?)", key)


def fill(ledger: Ledger, source: Path, watch: Watch | None) -> None:
    """Enter all of an archive: of a fetch, or of any folder or file with pages.

    SourceError, FetchError: the source cannot be read at all. `watch` hears of pages where they have to be read.
    """
    ledger.base.execute("BEGIN")
    if not ((source / FETCH_FOLDER).is_dir() and _from_catalogue(ledger, source)):
        _from_pages(ledger, plan_sources([source]), watch)
    ledger.base.execute("COMMIT")


def host_of(url: str) -> str:
    """Return the host of an address as it is written, '' where it has none.

    >>> host_of("http://WWW.Example.gov.cn:8080/a"), host_of("pages/a.html")
    ('www.example.gov.cn:8080', '')
    """
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:  # a stray bracket that looks like an IPv6 host
        return ""


def _from_catalogue(ledger: Ledger, folder: Path) -> bool:
    """Take in what a fetch wrote down; False where it did not, or its notes were lost and only visits are known."""
    with read_archive(folder) as view:
        if not next(islice(view.targets(), 1), None):
            return False
        ledger.base.execute("CREATE TABLE visits (visit_no INTEGER PRIMARY KEY, moment TEXT)")
        visits = ((stored.visit_no, stored.moment) for stored in view.visits())
        ledger.base.executemany("INSERT INTO visits VALUES (?, ?)", visits)
        for row in view.targets():
            ledger.put(_of_target(row, _moment(ledger, row.visit_no)))
        ledger.runs = tuple(_open_runs(view))
        sizes = [file.committed for file in view.files()]
        ledger.size = Size(len(sizes), sum(sizes))
    return True


def _moment(ledger: Ledger, visit_no: int | None) -> str | None:
    found = ledger.base.execute("SELECT moment FROM visits WHERE visit_no = ?", (visit_no,)).fetchone()
    return found[0] if found else None


def _open_runs(view: ArchiveView) -> Iterator[OpenRun]:
    for run in view.runs():
        if not run.finished:
            yield OpenRun(run.kind, run.started, run.settled, run.pending)


def _of_target(row: TargetRow, moment: str | None) -> Line:
    return _line(row.target, row.reading or Reading(""), row.target.captured_at, moment)


def _line(target: Target, reading: Reading, captured_at: str, moment: str | None) -> Line:
    """Join what was wanted and what came; of whose report it is the page itself knows best."""
    told = resolve_agency(target.agency, target.report_year)
    return Line(
        url=target.url,
        captured_at=captured_at,
        kind=target.kind,
        agency_id=reading.agency_id or told.agency_id,
        agency=reading.agency or told.agency,
        report_year=reading.report_year or target.report_year,
        outcome=reading.outcome,
        detail=reading.detail,
        next_step=reading.next_step,
        title=reading.title or target.title,
        published_date=reading.published_date,
        part_of=target.part_of,
        moment=moment or "",
        captured=moment is not None,
    )


def _from_pages(ledger: Ledger, plan: SourcePlan, watch: Watch | None) -> None:
    """Read the pages themselves."""
    reader = PageReader()
    if watch:
        watch.begin(len(plan.files), page_bytes(plan))
    for capture in read_plan(plan, max_page_bytes=MAX_PAGE_BYTES):
        target = target_of(capture)
        moment = None if capture.absent else capture.captured_at
        ledger.put(_line(target, read_capture(reader, capture, target), capture.captured_at, moment))
        if watch:
            watch.page(len(capture.data))
    ledger.size = Size(len(plan.files), plan.total_bytes)


def target_of(capture: Capture) -> Target:
    """Return a capture as what was wanted: what its manifest says of it."""
    entry = capture.manifest
    part_of = entry.part_of if entry else ""
    kind = "page"
    if part_of:
        kind = "attachment" if capture.failure and capture.failure[0] == "attachment_only" else "part"
    return Target(
        capture.source_uri,
        kind,  # type: ignore[arg-type]  # one of three of its words
        entry.agency if entry else "",
        entry.report_year if entry else None,
        part_of=part_of,
    )


def read_capture(reader: PageReader, capture: Capture, target: Target) -> Reading:
    """Say what a capture is, as `gongkai build` would."""
    if capture.failure:
        return Reading(*capture.failure)
    return reader.read(
        capture.data, url=capture.source_uri, media_type=capture.media_type, charset=capture.charset, target=target
    )
