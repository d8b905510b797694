"""`gongkai coverage`: agencies and years that should have a report, against what was found."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TextIO

import typer

from gongkai.commands.common import SCREEN_ROWS, DatasetFolder, errors_said, stdout

if TYPE_CHECKING:
    from outputs.agencyyears import Coverage

_Format = Literal["table", "csv", "json", "md"]
_Level = Literal["central", "province", "prefecture", "county", "township", "unknown"]


def coverage_command(
    dataset: DatasetFolder,
    *,
    agency: Annotated[
        str, typer.Option("--agency", metavar="TEXT", help="Only agencies with TEXT in their name, or with this id.")
    ] = "",
    level: Annotated[
        _Level | None, typer.Option("--level", help="Only agencies of this level.", show_default=False)
    ] = None,
    years: Annotated[
        tuple[int, int] | None, typer.Option("--years", metavar="A B", help="Only years from A to B.")
    ] = None,
    expect: Annotated[
        tuple[int, int] | None,
        typer.Option(
            "--expect",
            metavar="A B",
            help="Expect a report of every agency for each year from A to B in which the registries know it was there.",
        ),
    ] = None,
    form: Annotated[
        _Format | None,
        typer.Option(
            "--format", help="table and md for people, csv and json for all columns.", show_default="by --output"
        ),
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
    heatmap: Annotated[
        Path | None,
        typer.Option("--heatmap", metavar="FILE", help="Draw agencies by years as a picture: a .png or .svg file."),
    ] = None,
    font: Annotated[
        Path | None,
        typer.Option("--font", metavar="FILE", help="Font file with Chinese characters for the picture."),
    ] = None,
) -> None:
    """Say which reports are known, found, read, balanced, late and missing, agency by year.

    Known are the years that a report, a manifest or a captured list page names, and those between two known years. A
    report is called late only where its page states the day of publication.

    Example: gongkai coverage dataset --level county --heatmap coverage.svg
    """
    from outputs.agencyyears import Selection, read_coverage  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        found = read_coverage(dataset, Selection(agency, level or "", years, expect))
        if heatmap is not None:
            from outputs.heatmap import draw  # noqa: PLC0415  see gongkai.cli

            pictures = draw(found, heatmap, font, outside=dataset)
        _write(found, form or _form_of(output), output, limit, dataset)
        if heatmap is not None:
            typer.echo(_pictures_said(pictures), err=True)


def _form_of(output: Path | None) -> _Format:
    endings: dict[str, _Format] = {".csv": "csv", ".json": "json", ".md": "md"}
    return endings.get(output.suffix.lower(), "table") if output else "table"


def _write(found: "Coverage", form: _Format, output: Path | None, limit: int, dataset: Path) -> None:
    from rich.console import Console  # noqa: PLC0415  see gongkai.cli

    from gongkai.coveragetable import print_coverage, write_markdown  # noqa: PLC0415  see gongkai.cli
    from outputs.agencyyears import columns_of, values_of  # noqa: PLC0415  see gongkai.cli
    from outputs.answers import written  # noqa: PLC0415  see gongkai.cli
    from outputs.place import writing_file  # noqa: PLC0415  see gongkai.cli

    def write(file: TextIO) -> None:
        if form == "md":
            write_markdown(file, found, limit)
        elif form == "table":
            print_coverage(Console(file=file, width=stdout().width, highlight=False, color_system=None), found, limit)
        else:
            names, numeric = columns_of()
            file.writelines(written(form, names, numeric, values_of(found)))

    if output is not None:
        with writing_file(output, outside=dataset) as file:
            write(file)
    elif form == "table":
        print_coverage(stdout(), found, limit)
    else:
        write(sys.stdout)


def _pictures_said(pictures: list[Path]) -> str:
    if len(pictures) == 1:
        return f"gongkai: the heat map is in {pictures[0]}"
    return f"gongkai: the heat map is in {len(pictures)} pictures, {pictures[0]} to {pictures[-1]}"
