"""A Datasette with the pages of the explorer as its plugin."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils.asgi import Request, Response

from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.index import open_index
from outputs.explorer.kinds import KINDS, answer
from outputs.explorer.records import Answer, Desk, Shelf

PLUGIN = "gongkai-explorer"
DATABASE = "dataset"


def make_server(folder: Path, shelf: Shelf) -> Datasette:
    """Return a Datasette that serves a dataset; nothing can be written with it."""
    if pm.has_plugin(PLUGIN):
        pm.unregister(name=PLUGIN)
    pm.register(_Plugin(folder, shelf), name=PLUGIN)
    return Datasette([], immutables=[str(open_index(folder))])


class _Plugin:
    __name__ = PLUGIN  # Datasette asks its plugins for their names, as if they were modules

    def __init__(self, folder: Path, shelf: Shelf) -> None:
        self._folder = folder
        self._shelf = shelf

    @hookimpl  # type: ignore[untyped-decorator]  # pluggy types none of its marks
    def register_routes(self) -> list[tuple[str, Any]]:
        return [(f"^/{kind.route}$", self._view) for kind in KINDS]

    async def _view(self, request: Request, datasette: Datasette) -> Response:
        path = request.path.removeprefix("/")
        query = parse_qs(request.query_string)

        def answered(base: Any) -> Answer:
            return answer(Desk(self._folder, base, self._shelf, ServerAddresses()), path, query)

        given = await datasette.get_database(DATABASE).execute_fn(answered)
        return Response(given.body, given.status, content_type=given.media_type)
