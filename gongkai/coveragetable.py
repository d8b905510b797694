"""Coverage as text: counts first, then agency by year, then what is missing, late or failed and what to do."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from gongkai.lists import Listing, left_out, many, print_list, shown, spans
from gongkai.plaintext import safe
from outputs.agencyyears import AgencyLine, Coverage
from outputs.answers import written
from outputs.marks import LATE_MARK, LATE_WORDS, MARKS, UNKNOWN_WORDS, signs_of

_NOTHING = "."
_YEAR_WIDTH = 2
_MANY_PAGES = "and {} more"


def print_coverage(console: Console, coverage: Coverage, limit: int) -> None:
    """Print the coverage for a person; `limit` is the number of lines of each part, 0 for all of them."""
    for line in _head(coverage):
        console.print(Text(line), soft_wrap=True)
    console.print()
    for line in _matrix(coverage, limit, console.width):
        console.print(Text(safe(line)), soft_wrap=True)
    for entry in _lists(coverage):
        print_list(console, entry, limit)


def write_markdown(file: TextIO, coverage: Coverage, limit: int) -> None:
    """Write the same as Markdown."""
    file.write("# Coverage\n\n")
    file.writelines(f"- {' '.join(line.split())}\n" for line in _head(coverage))
    agencies = shown(coverage.agencies, limit)
    columns = ["agency", *map(str, coverage.years)]
    rows = [[line.agency, *(_sign(line, year) for year in coverage.years)] for line in agencies]
    _write_table(file, "Agency by year", columns, rows, left_out(len(coverage.agencies), limit, "agencies"))
    file.write("\n")
    file.writelines(f"- `{sign}` {words}\n" for sign, words in _legend())
    for entry in _lists(coverage):
        said = left_out(len(entry.rows), limit, "lines")
        _write_table(file, entry.title, entry.columns, shown(entry.rows, limit), said)


def _write_table(
    file: TextIO, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], left_out: str
) -> None:
    file.write(f"\n## {title}\n\n")
    file.writelines(written("md", columns, [False] * len(columns), rows))
    if left_out:
        file.write(f"\n{left_out}\n")


def _head(coverage: Coverage) -> Iterator[str]:
    n, years = coverage.counts, coverage.years
    open_balance = n["parsed"] - n["balanced"] - n["unbalanced"]
    yield (
        f"{many(n['known'], 'report')} known of {many(len(coverage.agencies), 'agency')}, {years[0]} to {years[-1]}."
    )
    yield f"  found     {n['found']:>7,}  a page is there"
    yield (
        f"  read      {n['parsed']:>7,}  balanced: {n['balanced']:,}; not balanced: {n['unbalanced']:,}; "
        f"cannot be told: {open_balance:,}"
    )
    yield f"  failed    {n['failed']:>7,}  a page is there and gave no report"
    yield f"  duplicate {n['duplicate']:>7,}  the page is another report's"
    yield f"  missing   {n['missing']:>7,}  no page is there"
    rest = n["known"] - n["late"] - n["on_time"]
    yield f"  late      {n['late']:>7,}  on time: {n['on_time']:,}; cannot be told: {rest:,}"
    if coverage.unplaced:
        yield f"  pages that are in none of these counts, since no agency or no year is known: {coverage.unplaced:,}"


def _matrix(coverage: Coverage, limit: int, width: int) -> Iterator[str]:
    agencies = shown(coverage.agencies, limit)
    name_width = max(cell_len(line.agency) for line in agencies)
    years = [str(year) for year in coverage.years]
    if name_width + sum(len(year) + 1 for year in years) > width:
        years = [year[-_YEAR_WIDTH:] for year in years]
    size = len(years[0])
    yield " ".join([" " * name_width, *years]).rstrip()
    for line in agencies:
        padded = line.agency + " " * (name_width - cell_len(line.agency))
        yield " ".join([padded, *(_sign(line, year).ljust(size) for year in coverage.years)]).rstrip()
    if said := left_out(len(coverage.agencies), limit, "agencies"):
        yield said
    yield ""
    yield from (f"{sign}  {words}" for sign, words in _legend())


def _sign(line: AgencyLine, year: int) -> str:
    row = line.years.get(year)
    return signs_of(row) if row else _NOTHING


def _legend() -> Iterator[tuple[str, str]]:
    """The signs and the words for them."""
    yield from ((mark.sign, mark.words) for mark in MARKS)
    yield LATE_MARK, LATE_WORDS
    yield _NOTHING, UNKNOWN_WORDS


def _lists(coverage: Coverage) -> Iterator[Listing]:
    lists = (
        Listing("Not there, or not read", ("agency", "year", "status", "known from", "what", "next"), _gaps(coverage)),
        Listing(
            "Published late", ("agency", "year", "published", "deadline", "days", "law"), _late(coverage), ("days",)
        ),
        Listing(
            "Pages that gave no report", ("outcome", "pages", "for example", "next"), _no_report(coverage), ("pages",)
        ),
    )
    return (entry for entry in lists if entry.rows)


def _gaps(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    """Years without a report; those of one agency that differ in nothing else stand in one line."""
    rows = [row for row in coverage.rows if row.status != "parsed"]
    lines = []
    for key, same in groupby(rows, key=_why_missing):
        years = [row.report_year for row in same]
        name, status, known_from, what, step = key
        lines.append((name, spans(years), status, known_from, what, step))
    return tuple(lines)


def _why_missing(row: Any) -> tuple[str, str, str, str, str]:
    place = "" if row.source_uri and row.source_uri in (row.detail or "") else row.source_uri
    what = ": ".join(filter(None, (place, row.outcome, row.detail)))
    return row.agency or row.agency_id, row.status, row.known_from, what, row.next_step or ""


def _late(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    late = sorted((row for row in coverage.rows if row.late == "late"), key=lambda row: -row.days_late)
    return tuple(
        (
            row.agency or row.agency_id,
            str(row.report_year),
            row.published_date,
            row.deadline,
            str(row.days_late),
            row.legal_basis,
        )
        for row in late
    )


def _no_report(coverage: Coverage) -> tuple[tuple[str, ...], ...]:
    lines = []
    for entry in coverage.no_report:
        rest = entry.count - len(entry.examples)
        examples = [*entry.examples, *([_MANY_PAGES.format(f"{rest:,}")] if rest else [])]
        lines.append((entry.outcome, f"{entry.count:,}", ", ".join(examples), entry.next_step))
    return tuple(lines)
