"""The list of checks, as a person reads it on a screen, or as CSV, JSON or Markdown."""

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from outputs.answers import AnswerFormat, field_text, written
from outputs.checks.listing import COLUMNS, NUMERIC, Counts, listing
from outputs.checks.verdicts import applicant_label
from outputs.frames import read_dataset
from outputs.place import writing_file

_SHOWN_PLACES = 8
"""Places of one side that the screen names; beyond, cells with 0 or nothing in them are only counted."""

_INDENT = 4
_START = re.compile(r"(?:[0-9a-f]{16} )?(?:table|block) \d+ ")
_EMPTY_PLACE = re.compile(r": (?:0|blank)$")
_ENDINGS: dict[str, AnswerFormat] = {".csv": "csv", ".json": "json", ".md": "md"}


def give_checks(
    dataset: Path,
    agency: str,
    year: int | None,
    verdicts: Sequence[str],
    *,
    form: str | None,
    output: Path | None,
    console: Console,
) -> Counts:
    """Write the list and return the counts of the selection.

    The summary stands first; beside CSV and JSON it goes to stderr, so that a program can read the list.
    """
    read_dataset(dataset)
    written_as: str = form or _ENDINGS.get(output.suffix.lower() if output else "") or "table"
    if output is None:
        with listing(dataset, agency.strip(), year, verdicts) as (counts, rows):
            _write(written_as, counts, rows, console, sys.stdout.write)
    else:
        with (
            writing_file(output, outside=dataset) as file,
            listing(dataset, agency.strip(), year, verdicts) as (counts, rows),
        ):
            plain = Console(file=file, width=console.width, highlight=False, color_system=None)
            _write(written_as, counts, rows, plain, file.write)
    return counts


def summary(counts: Counts) -> str:
    """Say in one line what a selection holds.

    >>> summary(Counts(3, 1, 2, 1, 4, 0, 90))
    '2 checks fail (1 of them strict) in 1 of 3 reports; 4 are uncertain, 0 not assessable, 90 pass.'
    """
    fail = "1 check fails" if counts.failed == 1 else f"{counts.failed:,} checks fail"
    strict = f" ({counts.failed_strictly:,} of them strict)" if counts.failed else ""
    reports = f"{counts.failing_reports:,} of {counts.reports:,} report{'' if counts.reports == 1 else 's'}"
    return (
        f"{fail}{strict} in {reports}; {counts.uncertain:,} are uncertain, "
        f"{counts.not_assessable:,} not assessable, {counts.passed:,} pass."
    )


def _write(
    form: str, counts: Counts, rows: Iterable[Sequence[Any]], console: Console, write: Callable[[str], Any]
) -> None:
    if form == "table":
        console.print(Text(summary(counts)), soft_wrap=True)
        for number, row in enumerate(rows, 1):
            _print_check(console, number, dict(zip(COLUMNS, row, strict=True)))
        return
    if form == "md":
        write(summary(counts) + "\n\n")
    else:
        typer.echo(summary(counts), err=True)
    kind: AnswerFormat = "csv" if form == "csv" else "json" if form == "json" else "md"
    for piece in written(kind, COLUMNS, NUMERIC, rows):
        write(piece)


def _print_check(console: Console, number: int, check: dict[str, Any]) -> None:
    head = Text(f"\n{number}. ", style="bold")
    head.append(check["verdict"], style="bold red" if check["verdict"] == "fail" else "bold")
    head.append(f" ({', '.join(filter(None, (check['strictness'], check['reason'])))})")
    head.append(f"  {check['agency'] or 'unknown agency'} {check['report_year'] or 'unknown year'}", style="bold")
    head.append(f"  {check['check_id']}")
    if check["applicant"] != "total":
        head.append(f" {applicant_label(check['applicant'])}")
    console.print(head)
    lines = [check["explanation"], *(_quoted(check["sentence"]))]
    lines += [_places(side) for side in (check["evidence"] or "").split(" | ")]
    other = f", earlier report {check['other_capture_id']}" if check["other_capture_id"] else ""
    lines.append(f"capture {check['capture_id']}{other}, {check['source_uri']}")
    for line in lines:
        console.print(Padding(Text(field_text(line)), (0, 0, 0, _INDENT), expand=False))


def _quoted(sentence: str | None) -> list[str]:
    return [f"「{sentence}」"] if sentence else []


def _places(side: str) -> str:
    """Places of one side; of many, those that print a number other than 0."""
    name, _, text = side.partition(": ")
    places = text.split("; ")
    told = [place for place in places if not _EMPTY_PLACE.search(place)] if len(places) > _SHOWN_PLACES else places
    rest = len(places) - len(told)
    # what stands in one table or block is named once
    shown = [place.removeprefix(_same_start(before, place)) for before, place in zip(["", *told], told, strict=False)]
    return f"{name}: {'; '.join(shown)}{f' (and {rest} cells with 0 or nothing)' if rest else ''}"


def _same_start(before: str, place: str) -> str:
    """Return the table or block of a place if the place before it has the same; else ''."""
    one, other = _START.match(before), _START.match(place)
    return other[0] if one and other and one[0] == other[0] else ""
