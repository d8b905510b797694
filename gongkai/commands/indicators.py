"""`gongkai indicators`: the dictionary of what is measured."""

import sys
from typing import Annotated, Literal

import typer

from gongkai.commands.common import errors_said, stdout


def indicators_command(
    search: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SEARCH]",
            help="Words in Chinese or English, or parts of an id; all of them must fit.",
            show_default=False,
        ),
    ] = None,
    *,
    form: Annotated[
        str,
        typer.Option("--form", metavar="ID", help="Only what this form prints: an id, or its beginning (C1, B_2014)."),
    ] = "",
    group: Annotated[
        str, typer.Option("--group", metavar="TEXT", help="Only groups with TEXT in their name: requests, fees.")
    ] = "",
    form_of_answer: Annotated[
        Literal["table", "csv", "json", "md"],
        typer.Option("--format", help="How to write the answer; json has every note."),
    ] = "table",
) -> None:
    """Print and search the dictionary of indicators.

    One match is printed whole: what it counts, and for each form whether it prints the indicator itself (exact), its
    parts (sum_of), more (broader), less (narrower) or nothing, with what to know before comparing.

    Example: gongkai indicators 不予公开
    """
    import json  # noqa: PLC0415  see gongkai.cli

    from gongkai.dictionaryview import print_entry, print_list  # noqa: PLC0415  see gongkai.cli
    from outputs.answers import written  # noqa: PLC0415  see gongkai.cli
    from outputs.lookup import as_objects, as_rows, find_indicators  # noqa: PLC0415  see gongkai.cli

    with errors_said():
        entries = find_indicators(" ".join(search or ()), form=form, group=group)
    if form_of_answer == "table":
        if len(entries) == 1:
            print_entry(stdout(), entries[0])
        else:
            print_list(stdout(), entries)
    elif form_of_answer == "json":
        typer.echo(json.dumps(as_objects(entries), ensure_ascii=False, indent=2))
    else:
        columns, rows = as_rows(entries)
        for piece in written(form_of_answer, columns, (False,) * len(columns), rows):
            sys.stdout.write(piece)
