"""`gongkai query`: SQL over a dataset."""

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import EXIT_STOPPED, SCREEN_ROWS, DatasetFolder, errors_said, stdout

_Format = Literal["table", "csv", "json", "md"]


def query_command(
    dataset: DatasetFolder,
    sql: Annotated[
        str | None,
        typer.Argument(metavar="SQL", help="One SELECT in the SQL of DuckDB; each table is there by its name."),
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Read the SQL from a file; - is stdin.")
    ] = None,
    form: Annotated[
        _Format | None,
        typer.Option(
            "--format",
            help="How to write the answer: by the ending of --output, else table on a terminal and csv in a pipe.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the answer to a file.")
    ] = None,
    labels: Annotated[
        Literal["en", "zh"], typer.Option("--labels", help="Names of the columns: as they are, or in Chinese.")
    ] = "en",
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            min=0,
            metavar="N",
            help=f"Write N rows at most and say how many there are; 0 for all. Of a table {SCREEN_ROWS}, else all.",
            show_default=False,
        ),
    ] = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="CSV for spreadsheets: byte order mark, text guarded by an apostrophe.")
    ] = False,
    tables: Annotated[bool, typer.Option("--tables", help="List the tables with their rows and meaning.")] = False,
    describe: Annotated[
        str | None, typer.Option("--describe", metavar="TABLE", help="List the columns of a table with their meaning.")
    ] = None,
) -> None:
    """Ask a dataset in SQL.

    The question can only read, and reads nothing but the dataset. Numbers are exact; what is not printed or not
    known is null, never zero. Without ORDER BY no order is promised.

    Example: gongkai query dataset "SELECT agency, report_year, requests_received FROM panel ORDER BY ALL"
    """
    from gongkai.answer import Wanted, give  # noqa: PLC0415  see gongkai.cli
    from outputs.datadictionary import described, listed  # noqa: PLC0415  see gongkai.cli
    from outputs.query import asking  # noqa: PLC0415  see gongkai.cli

    try:
        with errors_said():
            wanted = Wanted.of(form, output, labels=labels, limit=limit, excel=excel, dataset=dataset, console=stdout())
            if tables:
                give(listed(dataset), wanted)
            elif describe is not None:
                give(described(dataset, describe), wanted)
            else:
                with asking(dataset, _question(sql, file)) as answer:
                    give(answer, wanted)
    except KeyboardInterrupt:
        typer.echo("gongkai: stopped.", err=True)
        raise typer.Exit(EXIT_STOPPED) from None


def _question(sql: str | None, file: Path | None) -> str:
    from outputs.errors import QueryError  # noqa: PLC0415  see gongkai.cli

    if (sql is None) == (file is None):
        raise QueryError(
            "no_query",
            "give the SQL either as an argument or with --file",
            "gongkai query DIR SQL",
            "--tables lists the tables, --describe TABLE the columns of one.",
        )
    if file is None:
        return sql or ""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise QueryError(
            "no_query", f"the SQL cannot be read ({error})", str(file), "Name a text file in UTF-8, or - for stdin."
        ) from None
