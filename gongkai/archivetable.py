"""An archive as text: counts first, then hosts, agencies, outcomes, what is not there, and unfinished runs."""

from collections.abc import Iterator
from itertools import groupby

from rich.console import Console
from rich.text import Text

from gongkai.archiveholdings import AgencyLine, Gap, Holdings
from gongkai.lists import Listing, many, print_list, spans
from gongkai.plaintext import safe

_MB = 1e6
_GO_ON = {"folder": "gongkai archive --add, asked the same, goes on"}
_FETCH_ON = "gongkai fetch, asked the same, goes on"


def print_holdings(console: Console, holdings: Holdings, limit: int) -> None:
    """Print what an archive holds for a person; `limit` is the number of lines of each part, 0 for all of them."""
    for line in _head(holdings):
        console.print(Text(safe(line)), soft_wrap=True)
    for listing in _lists(holdings):
        print_list(console, listing, limit)


def _head(holdings: Holdings) -> Iterator[str]:
    size = holdings.size
    yield f"{many(size.n_files, 'file')}, {size.n_bytes / _MB:,.1f} MB; {many(len(holdings.hosts), 'host')}."
    time = _span(holdings.first, holdings.last)
    yield (
        f"{many(holdings.addresses, 'address')}, {many(holdings.captures, 'capture')}{', ' if time else ''}{time}; "
        f"{many(holdings.reports, 'report')} of {many(sum(bool(one.years) for one in holdings.agencies), 'agency')}."
    )


def _span(first: str, last: str) -> str:
    return " to ".join(dict.fromkeys(filter(None, (first[:10], last[:10]))))


def _lists(holdings: Holdings) -> Iterator[Listing]:
    counts = ("addresses", "captures", "reports")
    hosts = tuple(
        (one.host, f"{one.addresses:,}", f"{one.captures:,}", f"{one.reports:,}", one.first, one.last)
        for one in holdings.hosts
    )
    outcomes = tuple(
        (one.outcome, f"{one.pages:,}", ", ".join(one.examples), one.next_step) for one in holdings.outcomes
    )
    runs = tuple(
        (run.kind, run.started, f"{run.settled:,}", f"{run.pending:,}", _GO_ON.get(run.kind, _FETCH_ON))
        for run in holdings.runs
    )
    lists = (
        Listing("Hosts", ("host", *counts, "first capture", "last capture"), hosts, counts),
        Listing(
            "Agencies",
            ("agency", "reports of", "lacking", "captures", "first capture", "last capture"),
            tuple(map(_agency, holdings.agencies)),
            ("captures",),
        ),
        Listing("Outcomes", ("outcome", "pages", "for example", "next"), outcomes, ("pages",)),
        Listing("Not there", ("agency", "year", "what", "next"), tuple(_gaps(holdings.gaps))),
        Listing("Unfinished runs", ("kind", "begun", "done", "waiting", "next"), runs, ("done", "waiting")),
    )
    return (listing for listing in lists if listing.rows)


def _agency(line: AgencyLine) -> tuple[str, ...]:
    return line.agency, spans(line.years), spans(line.missing), f"{line.captures:,}", line.first, line.last


def _gaps(gaps: tuple[Gap, ...]) -> Iterator[tuple[str, ...]]:
    """One line for each; years of one agency that differ in nothing else stand in one."""
    for (agency, what, step), same in groupby(gaps, key=_why_missing):
        years = [gap.report_year for gap in same if gap.report_year is not None]
        yield agency, spans(years), what, step


def _why_missing(gap: Gap) -> tuple[str, str, str]:
    what = ": ".join(filter(None, (gap.url, gap.outcome, gap.detail)))
    return gap.agency, what, gap.next_step
