"""The closing summary of a run: what was read, what deserves a look, what failed, where the files are."""

import shlex

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corpus.places import Place
from gongkai.plaintext import safe
from outputs import schema
from outputs.directory import PACKAGE_FILE, RUN_FILE
from outputs.summary import Failure, Summary

_FINDINGS = 10
"""Kinds of findings shown: what fits on a screen beside the rest. All of them stand in `findings`."""

_NO_FORM = "no known form"


def print_summary(console: Console, summary: Summary, directory: Place) -> None:
    """Print what came of a run, for a person."""
    console.print(_head(summary))
    if summary.reports:
        console.print(_reports(summary), "")
    console.print(_checks(summary), "")
    if summary.findings:
        console.print(_findings(summary), "")
    if summary.failures:
        console.print(_failures(summary.failures), "")
    _print_files(console, summary, directory)


def _head(summary: Summary) -> Text:
    pages, reports = summary.count("coverage"), summary.count("reports")
    cells, claims, facts = (summary.count(name) for name in ("cells", "claims", "facts"))
    share = f" ({summary.cells_mapped / cells:.0%})" if cells else ""
    return Text(
        f"{_many(pages, 'page')} read, {_many(reports, 'report')} found.{_reused(summary)}\n"
        f"{_many(cells, 'cell')} read, {summary.cells_mapped:,} of them mapped to an indicator{share}; "
        f"{_many(claims, 'claim')} in the prose; {_many(facts, 'fact')}.\n"
    )


def _reused(summary: Summary) -> str:
    """What an earlier run had read already, of pages and links that are not read the lines of `coverage` as well."""
    reused = summary.reused
    if reused is None or not (reused.pages or reused.remapped):
        return ""
    remapped = f", {reused.remapped:,} mapped anew" if reused.remapped else ""
    return f" Of an earlier run: {_many(reused.pages, 'page')} as they were{remapped}; {reused.read:,} read now."


def _reports(summary: Summary) -> Table:
    forms = sorted({entry.form_id for entry in summary.reports}, key=lambda form: (form == "", form))
    years = list(dict.fromkeys(entry.report_year for entry in summary.reports))
    counts = {(entry.report_year, entry.form_id): entry.reports for entry in summary.reports}
    table = _table("Reports by year and form")
    table.add_column("year")
    for form in forms:
        table.add_column(safe(form or _NO_FORM), justify="right")
    for year in years:
        numbers = [f"{counts[year, form]:,}" if (year, form) in counts else "" for form in forms]
        table.add_row(str(year or "unknown"), *numbers)
    return table


def _checks(summary: Summary) -> Text:
    verdicts = dict(summary.verdicts)
    failing = f" (in {_many(summary.failing_reports, 'report')})" if verdicts["fail"] else ""
    return Text(
        f"{_many(sum(verdicts.values()), 'check')}: {verdicts['pass']:,} hold, {verdicts['fail']:,} fail{failing}, "
        f"{verdicts['uncertain']:,} are uncertain, {verdicts['not_assessable']:,} cannot be assessed."
    )


def _findings(summary: Summary) -> Table:
    table = _table("Findings worth a look")
    table.add_column("finding")
    table.add_column("reports", justify="right")
    table.add_column("places", justify="right")
    for finding in summary.findings[:_FINDINGS]:
        table.add_row(safe(finding.code), f"{finding.reports:,}", f"{finding.count:,}")
    if len(summary.findings) > _FINDINGS:
        table.add_row(f"and {len(summary.findings) - _FINDINGS} more kinds", "", "")
    return table


def _failures(failures: tuple[Failure, ...]) -> Table:
    table = _table("Pages that gave no report")
    table.add_column("outcome")
    table.add_column("pages", justify="right")
    table.add_column("for example", overflow="fold")
    table.add_column("what to do", overflow="fold")
    for failure in failures:
        examples = Text("\n").join(
            Text(safe(f"{page.source_uri}: {page.detail}" if page.detail else page.source_uri))
            for page in failure.examples
        )
        steps = dict.fromkeys(page.next_step or "nothing" for page in failure.examples)
        table.add_row(failure.outcome, f"{failure.count:,}", examples, Text(safe("\n".join(steps))))
    return table


def _print_files(console: Console, summary: Summary, directory: Place) -> None:
    names = ", ".join(table.name for table in schema.TABLES)
    described = f"{PACKAGE_FILE} describes every column, {RUN_FILE} the run"
    lines = [f"The dataset is in {directory}: {names}, each as .csv and .parquet; {described}."]
    if summary.failures:
        lines.append(f"Every page and what became of it: {directory / 'coverage.csv'}")
    lines.append(f"What does not add up: gongkai check {shlex.quote(str(directory))}")
    lines.append(f"Next: {_next_command(directory)}")
    for line in lines:
        # one line each, however narrow the terminal: paths and commands are there to be copied
        console.print(Text(safe(line)), soft_wrap=True)


def _next_command(directory: Place) -> str:
    code = f"import gongkai; print(gongkai.open_dataset({str(directory)!r}).facts)"
    # double quotes read better, where nothing in the path has a meaning within them
    return f"python -c {shlex.quote(code)}" if set(code) & set('"$`\\!') else f'python -c "{code}"'


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", show_edge=False, pad_edge=False, box=None)


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
