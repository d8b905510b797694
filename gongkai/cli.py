"""The command line: a thin layer over the library. Data goes to stdout, progress and errors to stderr.

Exit codes: 0 when all went well, 1 when `check` or `diff` found something, 2 when the command cannot be carried out as
given, 130 when it was stopped from the keyboard.
"""

import io
import sys
from typing import Annotated

import typer

from gongkai.commands.archive import archive_command
from gongkai.commands.build import build_command
from gongkai.commands.check import check_command
from gongkai.commands.coverage import coverage_command
from gongkai.commands.diff import diff_command
from gongkai.commands.explore import explore_command
from gongkai.commands.export import export_command
from gongkai.commands.fetch import fetch_command
from gongkai.commands.indicators import indicators_command
from gongkai.commands.query import query_command
from gongkai.commands.show import show_command
from gongkai.commands.terms import terms_command

# gongkai.build, pandas and pyarrow take longer to load than --help may take: commands import what they need

app = typer.Typer(
    name="gongkai",
    help=(
        "Read archived annual reports on government information disclosure (政府信息公开工作年度报告) "
        "into one dataset in which every number leads back to its page."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line. What the output's encoding cannot hold is written as an escape, not as a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    app()


def _version(value: bool) -> None:
    if value:
        from gongkai.versions import gongkai_version  # noqa: PLC0415  see above

        typer.echo(f"gongkai {gongkai_version()}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    pass


app.command("build")(build_command)
app.command("fetch", short_help="Fetch reports into an archive.")(fetch_command)
app.command("archive", short_help="Show what an archive holds; verify it, add to it.")(archive_command)
app.command("show", short_help="Print one report as a tree.")(show_command)
app.command("explore", short_help="Look at a dataset in the browser.")(explore_command)
app.command("query", short_help="Ask a dataset in SQL.")(query_command)
app.command("export", short_help="Write a dataset into one workbook.")(export_command)
app.command("check", short_help="List what does not add up, worst first.")(check_command)
app.command("coverage", short_help="Say which reports should exist, and which are there.")(coverage_command)
app.command("diff", short_help="Show what differs between years, captures or datasets.")(diff_command)
app.command("indicators", short_help="Print and search the dictionary of indicators.")(indicators_command)
app.command("terms", short_help="List telling terms of reports, and which came and went.")(terms_command)
