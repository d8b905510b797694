"""The command line: a thin layer over the library. Data goes to stdout, progress and errors to stderr.

Exit codes: 0 when all pages had an outcome, 2 when the command cannot be carried out as given, 130 when it
was stopped from the keyboard.
"""

import gc
import io
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import CorpusError

# gongkai.build, pandas and pyarrow take longer to load than --help may take: commands import what they need

EXIT_USAGE = 2
EXIT_STOPPED = 130

_MB = 2**20
_MAX_PAGE_MB = 32
"""`corpus.archive.MAX_PAGE_BYTES`, written out so that --help need not load what reads archives."""

_PIPE_WIDTH = 160
"""Columns of a table that goes to a file or a pipe: a national form then needs no wrapping."""

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


@app.command("build")
def build_command(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="SOURCE",
            help="Saved pages, folders of pages (with a manifest.csv or without), WARC files.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Folder for the dataset: new, empty, or one that gongkai wrote before.",
            show_default=False,
        ),
    ],
    *,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Show no progress and no summary; errors are still shown.")
    ] = False,
    max_page_mb: Annotated[
        int,
        typer.Option(
            "--max-page-mb",
            min=1,
            metavar="N",
            help="Leave out pages larger than N megabytes; coverage names them.",
        ),
    ] = _MAX_PAGE_MB,
) -> None:
    """Read pages and write the dataset.

    Every page gets a line in coverage.csv, whatever becomes of it; a page that fails does not stop the run.
    The same pages and the same version give the same bytes.

    Example: gongkai build pages crawl.warc.gz -o dataset
    """
    from gongkai.build import build  # noqa: PLC0415  see above
    from gongkai.closing import print_summary  # noqa: PLC0415  see above
    from gongkai.progress import watching  # noqa: PLC0415  see above

    gc.freeze()  # what was loaded stays: the collector need not walk it again and again
    try:
        with watching(quiet=quiet) as watch:
            summary = build(sources, output, max_page_bytes=max_page_mb * _MB, watch=watch)
    except CorpusError as error:
        raise _failed(error) from None
    except KeyboardInterrupt:
        typer.echo(f"gongkai: stopped; {output} is as it was before.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    if not quiet:
        print_summary(_stdout(), summary, output)


@app.command("show", short_help="Print one report as a tree.")
def show_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A saved page with one report.", show_default=False)],
    *,
    tables: Annotated[
        bool, typer.Option("--tables/--no-tables", help="Draw the data tables, or only name them.")
    ] = True,
) -> None:
    """Print one report as a tree: whose it is, sections, tables, facts, findings.

    Cells that mean no known indicator are printed in yellow. Example: gongkai show pages/2021.html
    """
    from gongkai.build import read_report  # noqa: PLC0415  see above
    from gongkai.parsed import one_capture  # noqa: PLC0415  see above
    from gongkai.tree import report_tree  # noqa: PLC0415  see above

    try:
        report = read_report(one_capture(file))
    except CorpusError as error:
        raise _failed(error) from None
    _stdout().print(report_tree(report, tables=tables))


def _failed(error: CorpusError) -> typer.Exit:
    """Say on one line what is wrong, where, and what to do next."""
    typer.echo(f"gongkai: {' '.join(str(error).split())}", err=True)
    return typer.Exit(EXIT_USAGE)


def _stdout() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_WIDTH)
