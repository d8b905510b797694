"""Pin recall and precision of the pages with golden records, as they are now.

    python tests/quality/pin.py [--lower PAGE]... [--check]

Figures that rose, pages that are new, and pages whose bytes changed are pinned. A figure that fell is not: nothing is
written, what would fall is printed, and the exit code is 1. `--lower PAGE` lets the named page fall; say in the commit
why it may. `--check` writes nothing. Exit code 2 for a page that is not there.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

# A script's own folder is on the path; the packages and the helpers of the tests are not.
ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from quality import PINNED, bundled, compare, pin, quality_of, read_pins  # noqa: E402


def main(
    lower: Annotated[list[str] | None, typer.Option(help="A page whose figures may fall.", metavar="PAGE")] = None,
    *,
    check: Annotated[bool, typer.Option("--check", help="Say what would change, write nothing.")] = False,
    pins: Annotated[Path, typer.Option(help="The table of pins.")] = PINNED,
) -> None:
    """Pin recall and precision of the pages with golden records."""
    pages = bundled()
    unknown = set(lower or ()) - {golden.name for golden in pages} - read_pins(pins).keys()
    if unknown:
        typer.echo(f"no such page: {', '.join(sorted(unknown))}", err=True)
        raise typer.Exit(2)
    now = {golden.name: quality_of(golden) for golden in pages}
    found = compare(now, read_pins(pins)) if check else pin(now, pins, lower or ())
    for kind, pages in (("new", found.unpinned), ("changed", found.changed), ("rose", found.risen)):
        for name, what in pages.items():
            typer.echo(f"{kind:<8}{name}: {what}")
    for name, what in found.fallen.items():
        typer.echo(f"{'FELL':<8}{name}: {what}", err=True)
    if found.fallen:
        typer.echo("nothing is pinned: repair what fell, or name each page with --lower and say why", err=True)
        raise typer.Exit(1)
    typer.echo(f"{len(now)} pages {'looked at' if check else 'pinned'}")


if __name__ == "__main__":
    typer.run(main)
