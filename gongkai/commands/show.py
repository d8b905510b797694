"""`gongkai show`: one report as a tree."""

from pathlib import Path
from typing import Annotated

import typer

from gongkai.commands.common import errors_said, stdout


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
    from gongkai.batch.pages import read_report  # noqa: PLC0415  see gongkai.cli
    from gongkai.parsed import one_capture  # noqa: PLC0415  see gongkai.cli
    from gongkai.tree import report_tree  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        report = read_report(one_capture(file))
    stdout().print(report_tree(report, tables=tables))
