"""What was asked → what differs, with its page; questions that do not hold together are refused."""

from pathlib import Path

from outputs.compare.captures import compare_captures, compare_captures_of_year
from outputs.compare.data import csv_text, json_text
from outputs.compare.datasets import compare_datasets
from outputs.compare.html import html_text
from outputs.compare.markdown import markdown_text
from outputs.compare.otherpages import captures_page, datasets_page
from outputs.compare.page import Page
from outputs.compare.records import CapturesDiff, DatasetsDiff, YearsDiff
from outputs.compare.years import compare_years
from outputs.compare.yearspage import years_page
from outputs.errors import CompareError

_ENDINGS = {".csv": "csv", ".json": "json", ".md": "md", ".html": "html", ".htm": "html"}


def compare(
    dataset: Path,
    other: Path | None = None,
    *,
    agency: str | None = None,
    years: tuple[int, int] | None = None,
    year: int | None = None,
    captures: tuple[str, str] | None = None,
    scope: str = "",
) -> tuple[YearsDiff | CapturesDiff | DatasetsDiff, Page]:
    """Compare two years of an agency, two captures of a report, or two datasets, and return it with its page.

    Raises CompareError (`wrong_options`) unless exactly one of the three is asked for; and as the comparisons do.
    """
    given = {
        "DIR2": other is not None,
        "--years": years is not None,
        "--year": year is not None,
        "--captures": captures is not None,
    }
    if sum(given.values()) != 1:
        named = " and ".join(name for name, there in given.items() if there)
        raise _wrong(f"{named} do not go together" if named else "it is not said what to compare")
    if (agency is not None) != (years is not None or year is not None):
        raise _wrong("--agency goes with --years or --year, and they with it")
    if scope and agency is None:
        raise _wrong("--scope goes with --agency")
    if other is not None:
        revision = compare_datasets(dataset, other)
        return revision, datasets_page(revision)
    if captures is not None:
        edited = compare_captures(dataset, captures)
        return edited, captures_page(edited)
    assert agency is not None  # one of the two years options is given
    if years is not None:
        changed = compare_years(dataset, agency, years, scope)
        return changed, years_page(changed)
    assert year is not None
    edited = compare_captures_of_year(dataset, agency, year, scope)
    return edited, captures_page(edited)


def as_text(diff: YearsDiff | CapturesDiff | DatasetsDiff, page: Page, form: str) -> str:
    """Return a comparison as `csv`, `json`, `md` or `html`."""
    if form == "csv":
        return csv_text(diff)
    if form == "json":
        return json_text(diff, page)
    return markdown_text(page) if form == "md" else html_text(page)


def form_of(output: Path) -> str:
    """Return the format that a file name asks for; raises CompareError (`format_unknown`)."""
    form = _ENDINGS.get(output.suffix.lower())
    if form is None:
        endings = ", ".join(_ENDINGS)
        raise CompareError(
            "format_unknown",
            "the ending of the file names no format",
            str(output),
            f"End it with {endings}, or give --format.",
        )
    return form


def _wrong(what: str) -> CompareError:
    return CompareError(
        "wrong_options",
        what,
        "gongkai diff",
        "Use DIR --agency NAME --years YEAR YEAR, DIR --agency NAME --year YEAR, DIR --captures ID ID, or DIR DIR2.",
    )
