"""What all commands share: exit codes, the console, how an error is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from corpus.errors import CorpusError

EXIT_FOUND = 1
"""Something was found that a script may want to stop at: a check that fails, a difference."""

EXIT_USAGE = 2
EXIT_STOPPED = 130

SCREEN_ROWS = 50
"""Rows of an answer that a screen is shown unless told; how many there are is always said."""

_PIPE_WIDTH = 160
"""Columns of a table that goes to a file or a pipe: a national form then needs no wrapping."""

DatasetFolder = Annotated[
    Path, typer.Argument(metavar="DIR", help="Folder with a dataset of gongkai build.", show_default=False)
]
AgencyPart = Annotated[
    str, typer.Option("--agency", metavar="TEXT", help="Only agencies with this in their name, or with this id.")
]
ArchivePlaces = Annotated[
    list[Path] | None,
    typer.Option(
        "--archive",
        metavar="PATH",
        help="Where the pages lie that the dataset was built from, if not where they were then; may be given again.",
        show_default=False,
    ),
]
"""What several commands take in the same words."""


@contextmanager
def errors_said() -> Iterator[None]:
    """Turn an error of gongkai into one line on stderr (what is wrong, where, what to do next) and exit code 2."""
    try:
        yield
    except CorpusError as error:
        typer.echo(f"gongkai: {' '.join(str(error).split())}", err=True)
        raise typer.Exit(EXIT_USAGE) from None


def stdout() -> Console:
    """Return the console for results: as wide as the terminal, or wide enough for a form where there is none."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_WIDTH)
