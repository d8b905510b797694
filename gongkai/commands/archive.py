"""`gongkai archive`: what an archive holds, whether it is whole, and saved pages into it."""

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from gongkai.commands.common import EXIT_FOUND, EXIT_STOPPED, SCREEN_ROWS, errors_said, stdout

if TYPE_CHECKING:
    from gongkai.archiveholdings import Choice

_Format = Literal["table", "csv", "json"]


def archive_command(
    archive: Annotated[
        Path,
        typer.Argument(
            metavar="ARCHIVE",
            help="Folder of gongkai fetch; to look at, also any folder, page or WARC file.",
            show_default=False,
        ),
    ],
    *,
    add: Annotated[
        list[Path] | None,
        typer.Option(
            "--add",
            metavar="FOLDER",
            help="Add the saved pages of a folder (with a manifest.csv or without), or one page; repeatable.",
            show_default=False,
        ),
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every digest, and that files, catalogue and index agree.")
    ] = False,
    host: Annotated[
        str, typer.Option("--host", metavar="HOST", help="Only addresses of this host and of those below it.")
    ] = "",
    agency: Annotated[
        str, typer.Option("--agency", metavar="TEXT", help="Only agencies with this in their name, or with this id.")
    ] = "",
    year: Annotated[
        int | None, typer.Option("--year", metavar="YEAR", help="Only reports of this year.", show_default=False)
    ] = None,
    form: Annotated[
        _Format | None,
        typer.Option("--format", help="table for people, csv and json with every address.", show_default="by --output"),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of the screen.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit",
            "-n",
            min=0,
            metavar="N",
            help="Lines of each part of a table; what is left out is said. 0 for all.",
        ),
    ] = SCREEN_ROWS,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress; errors are still shown.")] = False,
) -> None:
    """Show what an archive holds: hosts, agencies and years, captures, outcomes, and what is not there.

    Exit code: 0 when all went well, 1 when --verify found something, 2 when the command cannot be carried out as given.

    Examples: gongkai archive archive --host example.gov.cn; gongkai archive archive --add saved-pages; gongkai archive
    archive --verify
    """
    from gongkai.archiveholdings import Choice  # noqa: PLC0415  see gongkai.cli

    if (add or verify) and (host or agency or year is not None or form or output):
        raise typer.BadParameter("--add and --verify take all pages and write no file")
    try:
        with errors_said():
            if add:
                _add(archive, add, quiet=quiet)
            if verify:
                _verify(archive)
            if add or verify:
                return
            _show(archive, Choice(host, agency, year), form or _form_of(output), output, limit, quiet=quiet)
    except KeyboardInterrupt:
        typer.echo("gongkai: stopped.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None


def _form_of(output: Path | None) -> _Format:
    endings: dict[str, _Format] = {".csv": "csv", ".json": "json"}
    return endings.get(output.suffix.lower(), "table") if output else "table"


def _verify(archive: Path) -> None:
    from gongkai.lists import many  # noqa: PLC0415  see gongkai.cli
    from scraper.archive import verify  # noqa: PLC0415  see gongkai.cli
    from scraper.errors import FetchError  # noqa: PLC0415  see gongkai.cli

    if not any(archive.glob("*.warc*")):
        raise FetchError(
            "archive_not_ours",
            "the folder holds no archive" if archive.is_dir() else "there is no such folder",
            str(archive),
            "Name the folder that was given to gongkai fetch.",
        )
    found = 0
    for problem in verify(archive):
        found += 1
        typer.echo(f"{problem.where}: {problem.what}")
    if found:
        typer.echo(f"gongkai: {many(found, 'problem')} in {archive}.", err=True)
        raise typer.Exit(EXIT_FOUND)
    typer.echo(f"{archive} is whole.")


def _add(archive: Path, folders: list[Path], *, quiet: bool) -> None:
    from gongkai.archiveadd import add_folders  # noqa: PLC0415  see gongkai.cli
    from gongkai.lists import many  # noqa: PLC0415  see gongkai.cli
    from gongkai.progress import watching  # noqa: PLC0415  see gongkai.cli

    with watching(quiet=quiet) as watch:
        added = add_folders(archive, folders, watch=watch)
    outcomes = ", ".join(f"{count:,} {outcome}" for outcome, count in added.outcomes)
    known = f"; {added.known:,} had been added before" if added.known else ""
    typer.echo(f"{many(added.written, 'page')} added to {archive}{known}. Outcomes: {outcomes or 'none'}.")
    for name in added.containers:
        typer.echo(f"gongkai: {name} is a web archive: copy it into {archive} as it is, build reads it.", err=True)


def _show(archive: Path, choice: "Choice", form: _Format, output: Path | None, limit: int, *, quiet: bool) -> None:
    from rich.console import Console  # noqa: PLC0415  see gongkai.cli

    from gongkai.archiveholdings import ROW_COLUMNS, choose, holdings_of, prepare, rows_of  # noqa: PLC0415
    from gongkai.archiveledger import Ledger, fill  # noqa: PLC0415  see gongkai.cli
    from gongkai.archivetable import print_holdings  # noqa: PLC0415  see gongkai.cli
    from gongkai.progress import watching  # noqa: PLC0415  see gongkai.cli
    from outputs.answers import written  # noqa: PLC0415  see gongkai.cli
    from outputs.place import writing_file  # noqa: PLC0415  see gongkai.cli

    with closing(Ledger()) as ledger:
        with watching(quiet=quiet) as watch:
            fill(ledger, archive, watch)
        prepare(ledger)
        missing = choose(ledger, choice, str(archive))

        def write(file: TextIO) -> None:
            if form == "table":
                console = Console(file=file, width=stdout().width, highlight=False, color_system=None)
                print_holdings(console, holdings_of(ledger, missing), limit)
            else:
                names, numeric = zip(*ROW_COLUMNS, strict=True)
                file.writelines(written(form, names, numeric, rows_of(ledger)))

        if output is not None:
            with writing_file(output, outside=archive) as file:
                write(file)
        elif form == "table":
            print_holdings(stdout(), holdings_of(ledger, missing), limit)
        else:
            write(sys.stdout)
