"""`gongkai diff`: two years of an agency, two captures of a report, two datasets."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import EXIT_FOUND, DatasetFolder, errors_said, stdout

_Format = Literal["screen", "csv", "json", "md", "html"]
_ROWS = 12
"""`gongkai.comparison.ROWS`, written out so that --help need not load it."""


def diff_command(
    dataset: DatasetFolder,
    other: Annotated[
        Path | None,
        typer.Argument(metavar="DIR2", help="A second dataset: what differs from the first.", show_default=False),
    ] = None,
    *,
    agency: Annotated[
        str | None,
        typer.Option("--agency", "-a", metavar="NAME", help="The agency: part of its name, or its id."),
    ] = None,
    years: Annotated[
        tuple[int, int] | None,
        typer.Option("--years", "-y", metavar="YEAR YEAR", help="The two years to compare."),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="YEAR", help="Compare the two captures of the report of one year."),
    ] = None,
    captures: Annotated[
        tuple[str, str] | None,
        typer.Option("--captures", metavar="ID ID", help="Compare two captures of a report by their capture_id."),
    ] = None,
    scope: Annotated[
        Literal["own", "area", "system", "unknown"] | None,
        typer.Option("--scope", help="Whose figures: where an agency has reports of several scopes in a year."),
    ] = None,
    form: Annotated[
        _Format | None,
        typer.Option(
            "--format", "-f", help="How to write it: by the ending of --output, else screen.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to a file instead of stdout.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option("--limit", "-n", min=0, metavar="N", help="Rows of each table on the screen; 0 for everything."),
    ] = _ROWS,
) -> None:
    """Show what differs: between two years, two captures of one report, or two datasets.

    Figures are only compared where they mean the same; of all others the reason is given. Exit code: 0 when nothing
    differs, 1 when something does, 2 when the command cannot be carried out as given.

    Examples: gongkai diff dataset --agency 平潭 --years 2020 2021; gongkai diff dataset --captures ID1 ID2;
    gongkai diff dataset dataset-before
    """
    from gongkai.comparison import print_comparison, to_file  # noqa: PLC0415  see gongkai.cli
    from outputs.compare.ask import as_text, compare, form_of  # noqa: PLC0415  see gongkai.cli
    from outputs.place import writing_file  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        wanted = form or ("screen" if output is None else form_of(output))
        diff, page = compare(
            dataset, other, agency=agency, years=years, year=year, captures=captures, scope=scope or ""
        )
        if output is not None:
            with writing_file(output, outside=dataset) as file:
                if wanted == "screen":
                    print_comparison(to_file(file), page, limit)
                else:
                    file.write(as_text(diff, page, wanted))
        elif wanted == "screen":
            print_comparison(stdout(), page, limit)
        else:
            typer.echo(as_text(diff, page, wanted), nl=False)
    if diff.differs:
        raise typer.Exit(EXIT_FOUND)
