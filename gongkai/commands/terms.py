"""`gongkai terms`: what reports speak of, and which words came and went."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from gongkai.commands.common import SCREEN_ROWS, AgencyPart, DatasetFolder, errors_said, stdout


def terms_command(
    dataset: DatasetFolder,
    *,
    agency: AgencyPart = "",
    year: Annotated[
        int | None,
        typer.Option("--year", metavar="N", help="Only this year; of two years the later.", show_default=False),
    ] = None,
    level: Annotated[
        Literal["central", "province", "prefecture", "county", "township", "unknown"] | None,
        typer.Option("--level", help="Only agencies of this level."),
    ] = None,
    section: Annotated[
        str,
        typer.Option("--section", metavar="ID", help="Terms of a section (requests, problems); all is the report."),
    ] = "all",
    new: Annotated[bool, typer.Option("--new", help="Terms that came since the year before.")] = False,
    vanished: Annotated[bool, typer.Option("--vanished", help="Terms that went.")] = False,
    rising: Annotated[bool, typer.Option("--rising", help="Terms that are used more than the year before.")] = False,
    falling: Annotated[bool, typer.Option("--falling", help="Terms that are used less.")] = False,
    form: Annotated[
        Literal["table", "csv", "json", "md"] | None,
        typer.Option(
            "--format", help="How to write the list: by the ending of --output, else table.", show_default=False
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the list to a file.")
    ] = None,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            min=0,
            metavar="N",
            help=f"List N terms at most and say how many there are; 0 for all. Of a table {SCREEN_ROWS}, else all.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """List telling terms of reports; with --new, --vanished, --rising or --falling, what changed since the year before.

    Changes are those of single agencies when --agency is given, else of all agencies that have both years, with the
    number of reports. What counts as a term and as a change is in docs/text.md.

    Examples: gongkai terms dataset --agency 平潭 --year 2021; gongkai terms dataset --new --vanished --level county
    """
    from gongkai.answer import Wanted, give  # noqa: PLC0415  see gongkai.cli
    from outputs.named import check_agency  # noqa: PLC0415  see gongkai.cli
    from outputs.query import asking  # noqa: PLC0415  see gongkai.cli
    from outputs.termquestions import TermsWanted, terms_question  # noqa: PLC0415  see gongkai.cli

    asked = {"new": new, "vanished": vanished, "rising": rising, "falling": falling}
    states = tuple(state for state, is_asked in asked.items() if is_asked)
    wanted = TermsWanted(states, agency, year, level or "", section)
    with errors_said():
        shape = Wanted.of(
            form or (None if output else "table"),
            output,
            labels="en",
            limit=limit,
            excel=False,
            dataset=dataset,
            console=stdout(),
        )
        with asking(dataset, terms_question(wanted)) as answer:
            if agency:
                check_agency(dataset, agency)
            give(answer, shape)
