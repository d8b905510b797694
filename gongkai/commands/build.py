"""`gongkai build`: pages → dataset."""

import atexit
import gc
from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands.common import EXIT_STOPPED, errors_said, stdout

_MB = 2**20
_MAX_PAGE_MB = 32
"""`corpus.archive.MAX_PAGE_BYTES`, written out so that --help need not load what reads archives."""


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
    excel: Annotated[
        bool,
        typer.Option("--excel", help="Write the CSV for spreadsheets: byte order mark, text guarded by an apostrophe."),
    ] = False,
) -> None:
    """Read pages and write the dataset.

    Every page gets a line in coverage.csv, whatever becomes of it; a page that fails does not stop the run.
    The same pages and the same version give the same bytes.

    Example: gongkai build pages crawl.warc.gz -o dataset
    """
    from gongkai.build import build  # noqa: PLC0415  see gongkai.cli
    from gongkai.closing import print_summary  # noqa: PLC0415  see gongkai.cli
    from gongkai.progress import watching  # noqa: PLC0415  see gongkai.cli

    gc.freeze()  # what was loaded stays: the collector need not walk it again and again
    atexit.register(gc.unfreeze)  # what libraries clean up at the end, they must be able to find
    try:
        with errors_said(), watching(quiet=quiet) as watch:
            summary = build(sources, output, max_page_bytes=max_page_mb * _MB, excel=excel, watch=watch)
    except KeyboardInterrupt:
        typer.echo(f"gongkai: stopped; {output} is as it was before.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    if not quiet:
        print_summary(stdout(), summary, output)
