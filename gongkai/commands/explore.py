"""`gongkai explore`: a dataset in the browser."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from gongkai.commands.common import EXIT_STOPPED, ArchivePlaces, DatasetFolder, errors_said

if TYPE_CHECKING:
    from outputs.explorer.server import Door


def explore_command(
    dataset: DatasetFolder,
    *,
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            min=0,
            max=65535,
            metavar="N",
            help="Port to listen on.",
            show_default="8001, or the next free one",
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="ADDRESS", help="Address to listen on; other than of this machine lets others read along."
        ),
    ] = "127.0.0.1",
    archive: ArchivePlaces = None,
    open_browser: Annotated[bool, typer.Option("--open/--no-open", help="Open the address in the browser.")] = False,
) -> None:
    """Start a local web page on which every number opens the page that it was read from.

    Agencies and their years, reports beside their archived pages, what does not add up, a search, and the tables with
    SQL. It can only be read, works without a network, and ends with Ctrl-C.

    Example: gongkai explore dataset --open
    """
    with errors_said():
        stopped_by = _explore(dataset, host, port, archive or [], open_browser=open_browser)
    if stopped_by == signal.SIGINT:
        typer.echo("gongkai: stopped.", err=True)
        raise typer.Exit(EXIT_STOPPED)


def _explore(dataset: Path, host: str, port: int | None, archive: list[Path], *, open_browser: bool) -> int | None:
    from gongkai.exploring import prepare  # noqa: PLC0415  see gongkai.cli
    from outputs.explorer.server import make_server, open_door, serve  # noqa: PLC0415  see gongkai.cli
    from outputs.frames import read_dataset  # noqa: PLC0415  see gongkai.cli

    read_dataset(dataset)
    door = open_door(host, port)
    _warn(door, host)
    try:
        server = make_server(dataset, prepare(dataset, archive), door.names)
    except KeyboardInterrupt:
        return signal.SIGINT

    def ready() -> None:
        typer.echo(f"{door.address} shows {dataset}; open it in a browser. Ctrl-C ends it.")
        if open_browser:
            typer.launch(door.address)

    return serve(server, door, ready)


def _warn(door: "Door", host: str) -> None:
    if door.moved_from is not None:
        typer.echo(f"gongkai: port {door.moved_from} is taken, {door.port} is used instead.", err=True)
    if not door.is_loopback:
        typer.echo(
            f"gongkai: with --host {host} everybody who can reach this machine can read the dataset and its pages.",
            err=True,
        )
