"""Which pages there are, and which of them answers a path."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from outputs.explorer.pages import (
    about,
    agency,
    archived,
    assets,
    captures,
    chart,
    checks,
    cite,
    home,
    report,
    search,
    year,
    years,
)
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.wording import both

KINDS: tuple[Kind, ...] = tuple(
    module.KIND
    for module in (home, agency, chart, report, cite, archived, years, captures, year, checks, search, about, assets)
)


def kind_of(path: str) -> Kind | None:
    """Return the kind of page that a canonical path names, percent-encoded or not; None where there is no such kind."""
    return next((kind for kind in KINDS if re.fullmatch(kind.route, path)), None)


def answer(desk: Desk, path: str, query: Mapping[str, Sequence[str]] | None = None) -> Answer:
    """Return the page of a canonical path, percent-encoded or not; one that says so where there is none."""
    kind = kind_of(path)
    if kind is None:
        return _nothing(desk, both("server.no_page", path=f"/{path}"), both("server.no_page_next"))
    found = re.fullmatch(kind.route, path)
    parts = {name: unquote(part) for name, part in (found.groupdict() if found else {}).items() if part is not None}
    try:
        return kind.answer(desk, Asked(unquote(path), parts, query or {}))
    except NotHereError as nothing:
        return _nothing(desk, nothing.what, nothing.next_step)


def _nothing(desk: Desk, what: str, next_step: str) -> Answer:
    return page(desk, "error.html.jinja", status=404, what=what, next_step=next_step)
