"""The plugin that brings the explorer's pages into a Datasette.

It is registered once for the process, as Datasette has it, and speaks up only for the servers that are ours: what it
knows of a dataset stands on the server, so that several of them in one process do not mix.
"""

import hashlib
import logging
import sqlite3
import time
import traceback
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar
from urllib.parse import parse_qs

from datasette import hookimpl
from datasette.app import Datasette
from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Forbidden, NotFound, Request, Response
from datasette.views.base import DatasetteError

from outputs.explorer import paths
from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.index.functions import add_functions
from outputs.explorer.kinds import KINDS, answer
from outputs.explorer.policies import policy_of
from outputs.explorer.records import Answer, Desk
from outputs.explorer.server.guard import Guard
from outputs.explorer.server.links import cell_link
from outputs.explorer.server.problems import no_page, problem
from outputs.explorer.server.state import DATABASE, State, state_of
from outputs.explorer.wording import plain

_LOG = logging.getLogger("gongkai.explorer")
PAGE_SECONDS = 5
"""How long one page may be worked at. The time that it waits for others counts for nothing: it is not its fault."""

_STEPS = 1_000
"""Steps of SQLite between two looks at the clock, some 0.1 ms."""

_Hook = TypeVar("_Hook", bound=Callable[..., Any])


def _hook(function: _Hook) -> _Hook:
    marked: _Hook = hookimpl(function)  # by whose name pluggy knows where it belongs
    return marked


def _around(function: _Hook) -> _Hook:
    marked: _Hook = hookimpl(hookwrapper=True)(function)
    return marked


@_hook
def register_routes(datasette: Datasette) -> list[tuple[str, Any]]:
    """Our pages, before Datasette's own."""
    return [] if state_of(datasette) is None else [(f"^/(?:{kind.route})$", _view) for kind in KINDS]


@_hook
def asgi_wrapper(datasette: Datasette) -> Any:
    """The guard, before everything."""
    state = state_of(datasette)
    return None if state is None else lambda app: Guard(app, state.names, state.freshness)


@_hook
def prepare_connection(conn: sqlite3.Connection, database: str, datasette: Datasette) -> None:
    """Functions of the index for the SQL of readers and for our own."""
    if state_of(datasette) is not None and database == DATABASE:
        add_functions(conn)


@_hook
def render_cell(row: Any, value: Any, column: str, datasette: Datasette) -> Any:
    """Reports and agencies in Datasette's tables lead to our pages."""
    return None if state_of(datasette) is None else cell_link(row, column, value, ServerAddresses())


@_hook
def extra_template_vars(datasette: Datasette) -> dict[str, Any]:
    """The way back, for our own `_crumbs.html`."""
    return {} if state_of(datasette) is None else {"explorer_label": plain("server.back")}


@_around
def handle_exception(datasette: Datasette, request: Request, exception: Exception) -> Generator[None, Any, None]:
    """Errors of Datasette's pages as pages of ours; its own handler would print every miss, with all its variables."""
    outcome = yield
    if state_of(datasette) is not None:
        outcome.force_result([_response(_problem_of(exception, request), request)])


async def _view(request: Request, datasette: Datasette) -> Response:
    state = state_of(datasette)
    assert state is not None  # routes are registered for our servers alone
    path = request.path.removeprefix("/")
    query = parse_qs(request.query_string)

    def answered(base: sqlite3.Connection) -> Answer:
        return _answered(state, base, path, query)

    return _response(await datasette.get_database(DATABASE).execute_fn(answered), request)


def _answered(state: State, base: sqlite3.Connection, path: str, query: dict[str, list[str]]) -> Answer:
    try:
        with _limited(base, PAGE_SECONDS):
            given = answer(Desk(state.folder, base, state.shelf, ServerAddresses()), path, query)
    except Exception as error:  # noqa: BLE001  whatever a page does, its reader gets an answer, and the others theirs
        if isinstance(error, sqlite3.OperationalError) and error.args == ("interrupted",):
            return problem(503, "slow", seconds=PAGE_SECONDS)
        _LOG.error("%s", "".join(traceback.format_exception(error)).rstrip())
        given = problem(500, "failed")
    # the page may have been made of files that were exchanged under way; what ships with the explorer was not
    is_of_dataset = not path.startswith(paths.asset(""))
    return problem(503, "rebuilt") if is_of_dataset and not state.freshness.is_same() else given


@contextmanager
def _limited(base: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt what the index is asked for when this thread has worked for so long."""
    end = time.thread_time() + seconds
    base.set_progress_handler(lambda: int(time.thread_time() >= end), _STEPS)
    try:
        yield
    finally:
        base.set_progress_handler(None, _STEPS)


def _response(given: Answer, request: Request) -> Response:
    body = given.body.encode() if isinstance(given.body, str) else given.body
    headers = {"content-security-policy": policy_of(given), "cache-control": "no-store"}
    if given.status == 200:
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        headers |= {"cache-control": "no-cache", "etag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(b"", 304, headers, content_type=given.media_type)
    headers["content-length"] = str(len(body))
    return Response(body, given.status, headers, content_type=given.media_type)


def _problem_of(error: Exception, request: Request) -> Answer:
    given = _page_of(error, request)
    if request.path.endswith(".json"):
        told = {"ok": False, "error": _words_of(error), "status": given.status}
        return Answer(Response.json(told).body, "application/json; charset=utf-8", given.status)
    return given


def _page_of(error: Exception, request: Request) -> Answer:
    if isinstance(error, NotFound):
        return no_page(request.path.removeprefix("/"))
    if isinstance(error, DatasetteError | Base400 | Forbidden):
        status = getattr(error, "status", 403)
        if isinstance(error.__context__, QueryInterrupted):
            return problem(503, "slow", seconds="1")
        return problem(status, "asked_wrongly", "", detail=_words_of(error))
    _LOG.error("%s", "".join(traceback.format_exception(error)).rstrip())
    return problem(500, "failed")


def _words_of(error: Exception) -> str:
    if isinstance(error.__context__, QueryInterrupted):
        return "The query took too long and was stopped."
    if isinstance(error, DatasetteError):
        return str(error.message)
    return str(error) if isinstance(error, Base400 | Forbidden) else "Something went wrong."
