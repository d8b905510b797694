"""`gongkai check`: what does not add up in a dataset."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import EXIT_FOUND, AgencyPart, DatasetFolder, errors_said, stdout

_Format = Literal["table", "csv", "json", "md"]


class _Verdict(StrEnum):
    """Verdicts, the gravest first; an option that may be given again takes no Literal."""

    FAIL = "fail"
    UNCERTAIN = "uncertain"
    NOT_ASSESSABLE = "not_assessable"
    PASS = "pass"  # noqa: S105  no password


def check_command(
    dataset: DatasetFolder,
    *,
    agency: AgencyPart = "",
    year: Annotated[
        int | None, typer.Option("--year", metavar="N", help="Only reports about this year.", show_default=False)
    ] = None,
    verdict: Annotated[
        list[_Verdict] | None,
        typer.Option(
            "--verdict",
            metavar="VERDICT",
            help="List checks with this verdict: fail, uncertain, not_assessable or pass; may be given again.",
            show_default="fail",
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="List checks with any verdict, those that pass too.")] = False,
    form: Annotated[
        _Format | None,
        typer.Option(
            "--format", help="How to write the list: by the ending of --output, else table.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the list to a file.")
    ] = None,
) -> None:
    """List what does not add up, worst first, with both places.

    Current captures only. A check fails where the print contradicts itself; what scope, blank cells or rounding can
    explain is uncertain and says which. Exit code 1 when a check of the selection fails, whatever is listed.

    Example: gongkai check dataset --agency 平潭 --year 2020
    """
    from gongkai.checklist import give_checks  # noqa: PLC0415  see gongkai.cli

    verdicts = [entry.value for entry in (_Verdict if every else verdict or [_Verdict.FAIL])]
    with errors_said():
        counts = give_checks(dataset, agency, year, verdicts, form=form, output=output, console=stdout())
    if counts.failed:
        raise typer.Exit(EXIT_FOUND)
