"""What `gongkai archive` shows: hosts, agencies, outcomes, gaps and unfinished runs, counted from a ledger."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gongkai.archiveledger import Ledger, OpenRun, Size
from gongkai.errors import SourceError
from outputs.expected import gaps

_EXAMPLES = 3
_WAITING = "waiting"
_GO_ON = "Run the same gongkai fetch again: it goes on where it was stopped."


@dataclass(frozen=True, slots=True)
class Choice:
    """Which lines: of a host or what is below it, of agencies by part of the name or by id, of one year."""

    host: str = ""
    agency: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class HostLine:
    """A host: addresses that are known of it, captures of them, reports; the first and the last capture or ''."""

    host: str
    addresses: int
    captures: int
    reports: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """A body: the years of which there are reports, those between of which there is none; the rest as of a host."""

    agency_id: str
    agency: str
    years: tuple[int, ...]
    missing: tuple[int, ...]
    captures: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """Pages with one outcome (`waiting` where nothing was asked yet): how many, some by address, what to do."""

    outcome: str
    pages: int
    examples: tuple[str, ...]
    next_step: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A report that is not there: of an agency and a year, or what should stand at an address."""

    agency_id: str
    agency: str
    report_year: int | None
    url: str
    outcome: str
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it. `first` and `last` are the moments of captures, ISO 8601 in UTC, '' where none is known."""

    size: Size
    addresses: int
    captures: int
    reports: int
    first: str
    last: str
    hosts: tuple[HostLine, ...]
    agencies: tuple[AgencyLine, ...]
    outcomes: tuple[OutcomeLine, ...]
    gaps: tuple[Gap, ...]
    runs: tuple[OpenRun, ...] = field(default=())


ROW_COLUMNS = (
    ("url", False),
    ("captured_at", False),
    ("host", False),
    ("kind", False),
    ("agency_id", False),
    ("agency", False),
    ("report_year", True),
    ("outcome", False),
    ("detail", False),
    ("next_step", False),
    ("n_captures", True),
    ("first_captured_at", False),
    ("last_captured_at", False),
    ("title", False),
    ("published_date", False),
    ("part_of", False),
)
"""Columns of `rows_of`, and which of them are numbers."""

_COUNTED = """CREATE TEMP TABLE counted AS SELECT url, captured_at, count(*) AS n_captures,
    min(nullif(moment, '')) AS first_captured_at, max(nullif(moment, '')) AS last_captured_at
    FROM captures GROUP BY url, captured_at"""
_JOINED = """CREATE TEMP VIEW shown AS SELECT lines.*, ifnull(n_captures, 0) AS n_captures,
    first_captured_at, last_captured_at, outcome = 'ok' AND part_of = '' AS is_report
    FROM lines LEFT JOIN counted USING (url, captured_at)"""
_SPAN = "sum(n_captures), ifnull(min(first_captured_at), ''), ifnull(max(last_captured_at), '')"

# The body and the year of a list page are those of its site and of one of its items.
_NO_LIST = "kind NOT IN ('list', 'sitemap') AND outcome <> 'list_page'"


def choose(ledger: Ledger, choice: Choice, where: str) -> tuple[Gap, ...]:
    """Keep the chosen lines only, and return the years that the chosen agencies lack between two that they have.

    SourceError `nothing_selected`: there is no such line; `where` names the archive.
    """
    base = ledger.base
    if choice.host:
        host = choice.host.lower()
        base.execute("DELETE FROM lines WHERE host <> ? AND NOT endswith(host, '.' || ?)", (host, host))
    if choice.agency:
        base.execute("DELETE FROM lines WHERE NOT (agency_id = ? OR instr(agency, ?))", (choice.agency, choice.agency))
    missing = tuple(gap for gap in _missing_years(base) if choice.year in (None, gap.report_year))
    if choice.year is not None:
        base.execute("DELETE FROM lines WHERE report_year IS NOT ?", (choice.year,))
    if not missing and not base.execute("SELECT 1 FROM lines").fetchone():
        asked = [f"--host {choice.host}"] if choice.host else []
        asked += [f"--agency {choice.agency}"] if choice.agency else []
        asked += [f"--year {choice.year}"] if choice.year is not None else []
        raise SourceError(
            "nothing_selected",
            "the archive holds no such page" if asked else "the archive holds no page",
            " ".join([where, *asked]),
            f"gongkai archive {where} lists what it holds." if asked else "Fetch something into it.",
        )
    return missing


def holdings_of(ledger: Ledger, missing: tuple[Gap, ...]) -> Holdings:
    """Count what was chosen."""
    base = ledger.base
    total = base.execute(f"SELECT count(DISTINCT url), ifnull(sum(is_report), 0), {_SPAN} FROM shown").fetchone()
    addresses, reports, captures, first, last = total
    return Holdings(
        size=ledger.size,
        addresses=addresses,
        captures=captures or 0,
        reports=reports,
        first=first,
        last=last,
        hosts=tuple(_hosts(base)),
        agencies=tuple(_agencies(base, missing)),
        outcomes=tuple(_outcomes(base)),
        gaps=(*missing, *_not_there(base)),
        runs=ledger.runs,
    )


def rows_of(ledger: Ledger) -> Iterator[tuple[Any, ...]]:
    """The chosen lines with all that is known, in order of host, address and capture; what is not known is None."""
    columns = ", ".join("report_year" if name == "report_year" else f"nullif({name}, '')" for name, _ in ROW_COLUMNS)
    columns = columns.replace("nullif(outcome, '')", f"iif(outcome = '', '{_WAITING}', outcome)")
    yield from ledger.base.execute(f"SELECT {columns} FROM shown ORDER BY host, url, captured_at")


def prepare(ledger: Ledger) -> None:
    """Lay out what the questions ask."""
    ledger.base.create_function("endswith", 2, lambda text, end: text.endswith(end), deterministic=True)
    ledger.base.execute("CREATE INDEX by_agency ON lines (agency_id, report_year)")
    ledger.base.execute(_COUNTED)
    ledger.base.execute("CREATE INDEX temp.by_capture ON counted (url, captured_at)")
    ledger.base.execute(_JOINED)


def _hosts(base: sqlite3.Connection) -> Iterator[HostLine]:
    query = f"SELECT host, count(DISTINCT url), sum(is_report), {_SPAN} FROM shown GROUP BY host ORDER BY host"
    for host, addresses, reports, captures, first, last in base.execute(query):
        yield HostLine(host or "(no host)", addresses, captures, reports, first, last)


def _agencies(base: sqlite3.Connection, missing: tuple[Gap, ...]) -> Iterator[AgencyLine]:
    lacking: dict[str, list[int]] = {}
    for gap in missing:
        lacking.setdefault(gap.agency_id, []).append(gap.report_year or 0)
    query = (
        "SELECT agency_id, max(agency), group_concat(DISTINCT iif(is_report, report_year, NULL)), "
        f"{_SPAN} FROM shown WHERE agency_id <> '' AND {_NO_LIST} GROUP BY agency_id ORDER BY agency_id"
    )
    for agency_id, agency, years, captures, first, last in base.execute(query):
        reported = tuple(sorted(map(int, (years or "").split(",")))) if years else ()
        lacks = tuple(lacking.get(agency_id, ()))
        yield AgencyLine(agency_id, agency or agency_id, reported, lacks, captures, first, last)


def _outcomes(base: sqlite3.Connection) -> Iterator[OutcomeLine]:
    query = "SELECT outcome, count(*) FROM lines GROUP BY outcome ORDER BY count(*) DESC, outcome"
    for outcome, count in base.execute(query).fetchall():
        examples = base.execute(
            "SELECT url FROM lines WHERE outcome = ? ORDER BY url, captured_at LIMIT ?", (outcome, _EXAMPLES)
        )
        step = base.execute(
            "SELECT next_step FROM lines WHERE outcome = ? GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1", (outcome,)
        ).fetchone()[0]
        yield OutcomeLine(
            outcome or _WAITING, count, tuple(row[0] for row in examples), step or ("" if outcome else _GO_ON)
        )


def _missing_years(base: sqlite3.Connection) -> Iterator[Gap]:
    """Years of which an agency has no report, between two of which it has one."""
    query = (
        "SELECT agency_id, max(agency), group_concat(DISTINCT report_year) FROM lines "
        "WHERE outcome = 'ok' AND part_of = '' AND agency_id <> '' AND report_year IS NOT NULL "
        "GROUP BY agency_id HAVING count(DISTINCT report_year) > 1 ORDER BY agency_id"
    )
    met = (
        "SELECT url, outcome, detail, next_step FROM lines WHERE agency_id = ? AND report_year = ? "
        f"AND outcome <> 'ok' AND {_NO_LIST} ORDER BY part_of <> '', url LIMIT 1"
    )
    for agency_id, agency, years in base.execute(query).fetchall():
        for gap in gaps(agency_id, sorted(map(int, years.split(",")))):
            page = base.execute(met, (agency_id, gap["report_year"])).fetchone()
            url, outcome, detail, step = page or ("", "", gap["detail"], gap["next_step"])
            yield Gap(agency_id, agency or agency_id, gap["report_year"], url, outcome, detail, step)


def _not_there(base: sqlite3.Connection) -> Iterator[Gap]:
    """Addresses of which there is no capture; not what a web archive's index was asked, and answered."""
    query = (
        "SELECT agency_id, agency, report_year, url, outcome, detail, next_step FROM shown WHERE n_captures = 0 "
        "AND outcome <> 'list_page' ORDER BY outcome, url, captured_at"
    )
    for agency_id, agency, year, url, outcome, detail, step in base.execute(query):
        why = (outcome, detail, step) if outcome else (_WAITING, "not asked yet", _GO_ON)
        yield Gap(agency_id, agency, year, url, *why)
