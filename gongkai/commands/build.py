"""`gongkai build`: pages → dataset."""

import atexit
import gc
from enum import StrEnum
from typing import Annotated

import typer

from gongkai.commands.common import EXIT_STOPPED, EXIT_USAGE, errors_said, stdout

_MB = 2**20
_MAX_PAGE_MB = 32
"""`corpus.archive.MAX_PAGE_BYTES`, written out so that --help need not load what reads archives."""

_PAGE_SECONDS, _PAGE_MEMORY_MB = 60, 1024
"""`gongkai.batch.records.Limits`, likewise."""


class EngineName(StrEnum):
    """Who reads the pages."""

    local = "local"
    dask = "dask"


def build_command(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help="Saved pages, folders of pages (with a manifest.csv or without), WARC files: "
            "paths, or addresses such as s3://bucket/folder.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Folder for the dataset, a path or an address: new, empty, or one that gongkai wrote before.",
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
    engine: Annotated[
        EngineName, typer.Option("--engine", help="Read on this machine, or on a Dask cluster.")
    ] = EngineName.local,
    scheduler: Annotated[
        str,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Scheduler of the cluster, such as tcp://host:8786; without it a cluster on this machine is started.",
            show_default=False,
        ),
    ] = "",
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers", min=1, metavar="N", help="Processes that read.", show_default="as many as there are cores"
        ),
    ] = None,
    page_seconds: Annotated[
        float,
        typer.Option("--page-seconds", min=0.1, metavar="N", help="Give up a page that is not read within N seconds."),
    ] = _PAGE_SECONDS,
    page_memory_mb: Annotated[
        int,
        typer.Option(
            "--page-memory-mb",
            min=256,
            metavar="N",
            help="Give up a page over which the process that reads it takes more than N megabytes of memory.",
        ),
    ] = _PAGE_MEMORY_MB,
    no_keep: Annotated[
        bool,
        typer.Option("--no-keep", help="Keep nothing for the next run: it then reads every page again."),
    ] = False,
) -> None:
    """Read pages and write the dataset.

    Every page gets a line in coverage.csv, whatever becomes of it; a page that fails does not stop the run.
    What is read is kept beside the dataset, so that a run that was stopped, or the next one on more pages, goes on
    from there. The same pages and the same version give the same bytes.

    Example: gongkai build pages crawl.warc.gz -o dataset
    """
    from outputs.lean import without_pandas  # noqa: PLC0415  see gongkai.cli

    if scheduler and engine is not EngineName.dask:
        typer.echo("gongkai: --scheduler is for --engine dask. Add it, or leave the address out.", err=True)
        raise typer.Exit(EXIT_USAGE)
    try:
        with without_pandas(), errors_said():
            from corpus.places import source_path  # noqa: PLC0415  see gongkai.cli
            from gongkai.batch.records import Engine, Limits  # noqa: PLC0415  see gongkai.cli
            from gongkai.build import build  # noqa: PLC0415  see gongkai.cli
            from gongkai.closing import print_summary  # noqa: PLC0415  see gongkai.cli
            from gongkai.progress import watching  # noqa: PLC0415  see gongkai.cli

            gc.freeze()  # what was loaded stays: the collector need not walk it again and again
            atexit.register(gc.unfreeze)  # what libraries clean up at the end, they must be able to find
            directory = source_path(output)
            with watching(quiet=quiet) as watch:
                summary = build(
                    [source_path(source) for source in sources],
                    directory,
                    max_page_bytes=max_page_mb * _MB,
                    excel=excel,
                    watch=watch,
                    engine=Engine(engine.value, workers or 0, scheduler, Limits(page_seconds, page_memory_mb)),
                    keep=not no_keep,
                )
    except KeyboardInterrupt:
        kept = "" if no_keep else " Finished shards are kept: the next run goes on from there."
        typer.echo(f"gongkai: stopped; {output} is as it was before.{kept}", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    if not quiet:
        print_summary(stdout(), summary, directory)
