"""`gongkai export`: a dataset as one workbook, or as a static site."""

from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import EXIT_FOUND, EXIT_STOPPED, EXIT_USAGE, ArchivePlaces, errors_said

_SITE = "site"
_N_FAILED_SAID = 3


def export_command(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[site] DIR",
            help="Folder with a dataset of gongkai build; with the word site before it, a static site is written.",
            show_default=False,
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="PLACE",
            help="The workbook (FILE.xlsx), or the folder of the site: new, empty, or with a site of gongkai.",
            show_default=False,
        ),
    ],
    *,
    tables: Annotated[
        str,
        typer.Option("--tables", metavar="NAMES", help="Workbook: tables separated by commas; all unless named."),
    ] = "",
    labels: Annotated[
        Literal["en", "zh"],
        typer.Option("--labels", help="Workbook: names of the columns, as they are or in Chinese."),
    ] = "en",
    archive: ArchivePlaces = None,
) -> None:
    """Write a dataset into one workbook for spreadsheets, or its explorer into a folder that any web server can host.

    The workbook has what to mind, a data dictionary, and a sheet per table; what it cannot hold is said. The site has
    the pages of gongkai explore, but for the tables and SQL.

    Examples: gongkai export dataset -o dataset.xlsx --labels zh; gongkai export site dataset -o site
    """
    *kind, dataset = words
    if kind not in ([], [_SITE]):
        typer.echo(
            f"gongkai: export takes one dataset, or the word site and one dataset: {' '.join(words)}. "
            "For a workbook: gongkai export DIR -o FILE.xlsx; for a site: gongkai export site DIR -o FOLDER.",
            err=True,
        )
        raise typer.Exit(EXIT_USAGE)
    if kind:
        _refuse("site", tables and "--tables", labels != "en" and "--labels")
        _write_site(Path(dataset), output, archive or [])
    else:
        _refuse("workbook", archive and "--archive")
        _write_workbook(Path(dataset), output, tables, labels)


def _refuse(made: str, *options: object) -> None:
    for option in filter(None, options):
        typer.echo(f"gongkai: {option} does not go with a {made}. Leave it out.", err=True)
        raise typer.Exit(EXIT_USAGE)


def _write_workbook(dataset: Path, output: Path, tables: str, labels: Literal["en", "zh"]) -> None:
    from outputs.workbook import write_workbook  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        names = [name.strip() for name in tables.split(",") if name.strip()]
        written = write_workbook(dataset, output, names, labels=labels)
    typer.echo(f"{output}: {len(written.rows)} sheets of tables, {sum(written.rows.values()):,} rows.")
    for note in written.notes:
        typer.echo(note)


def _write_site(dataset: Path, output: Path, archive: list[Path]) -> None:
    from gongkai.counting import counting  # noqa: PLC0415  see gongkai.cli
    from gongkai.exploring import prepare  # noqa: PLC0415  see gongkai.cli
    from gongkai.shelf import open_shelf  # noqa: PLC0415  see gongkai.cli
    from outputs.explorer.site import write_site  # noqa: PLC0415  see gongkai.cli
    from outputs.explorer.siteplace import check_place  # noqa: PLC0415  see gongkai.cli

    try:
        with errors_said():
            check_place(output, (dataset, *archive))
            prepare(dataset, archive)
            with counting("Writing the site", "files") as count:
                shelf_of = partial(open_shelf, dataset, archive)
                written = write_site(dataset, output, shelf_of, outside=archive, watch=count)
    except KeyboardInterrupt:
        typer.echo(f"gongkai: stopped; {output} is as it was before.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None
    typer.echo(f"{output}: {written.n_files:,} files, {written.n_bytes / 1e6:,.1f} MB; begin with index.html.")
    if written.failed:
        named = ", ".join(written.failed[:_N_FAILED_SAID])
        typer.echo(
            f"gongkai: {len(written.failed):,} pages could not be made and say so in their place ({named}); "
            "please report what is printed above.",
            err=True,
        )
        raise typer.Exit(EXIT_FOUND)
