"""Which pages there are, and which of them answers a path."""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import unquote

from outputs.explorer.pages import (
    about,
    agency,
    archived,
    assets,
    chart,
    checks,
    home,
    report,
    search,
    year,
    years,
)
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page

KINDS: tuple[Kind, ...] = tuple(
    module.KIND for module in (home, agency, chart, report, archived, years, year, checks, search, about, assets)
)


def answer(desk: Desk, path: str, query: Mapping[str, Sequence[str]] | None = None) -> Answer:
    """Return the page of a canonical path, percent-encoded or not; one that says so where there is none."""
    for kind in KINDS:
        if found := re.fullmatch(kind.route, path):
            parts = {name: unquote(part) for name, part in found.groupdict().items() if part is not None}
            try:
                return kind.answer(desk, Asked(unquote(path), parts, query or {}))
            except NotHereError as nothing:
                return page(desk, "error.html.jinja", status=404, what=nothing.what, next_step=nothing.next_step)
    return page(desk, "error.html.jinja", status=404, what=f"There is no page {path}.", next_step="")
