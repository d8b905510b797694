"""`gongkai export`: a dataset as one workbook."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import DatasetFolder, errors_said


def export_command(
    dataset: DatasetFolder,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.xlsx", help="The workbook to write.", show_default=False)
    ],
    *,
    tables: Annotated[
        str, typer.Option("--tables", metavar="NAMES", help="Tables separated by commas; all unless named.")
    ] = "",
    labels: Annotated[
        Literal["en", "zh"], typer.Option("--labels", help="Names of the columns: as they are, or in Chinese.")
    ] = "en",
) -> None:
    """Write a dataset into one workbook for spreadsheets: what to mind, a data dictionary, a sheet per table.

    What a workbook cannot hold is said: on its first sheet and here.

    Example: gongkai export dataset -o dataset.xlsx --tables reports,facts,rates --labels zh
    """
    from outputs.workbook import write_workbook  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        names = [name.strip() for name in tables.split(",") if name.strip()]
        written = write_workbook(dataset, output, names, labels=labels)
    typer.echo(f"{output}: {len(written.rows)} sheets of tables, {sum(written.rows.values()):,} rows.")
    for note in written.notes:
        typer.echo(note)
