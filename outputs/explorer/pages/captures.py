"""Two captures of one report beside one another: what was edited after it was published."""

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from outputs.compare.captures import captures_between
from outputs.compare.source import IndexSource
from outputs.errors import CompareError
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.evidence import anchor_in
from outputs.explorer.shown.numbers import load_labels
from outputs.explorer.shown.pairs import repeated_captures
from outputs.explorer.wording import both, pair

_UNTOUCHED = ("same", "no_text")


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the page of two captures; raises NotHereError where there are none with these ids."""
    agency_id = asked.parts["agency_id"]
    try:
        diff = captures_between(IndexSource(desk.base), (asked.parts["first"], asked.parts["second"]))
    except CompareError as why:
        raise _none(agency_id) from why
    if {diff.before.agency_id, diff.after.agency_id} != {agency_id}:
        raise _none(agency_id)
    labels = load_labels(desk)
    return page(
        desk,
        "captures.html.jinja",
        diff=diff,
        current=asked.path,
        cells=[(cell, _label(cell, labels), _places(cell)) for cell in diff.cells],
        touched=[section for section in diff.sections if section.status not in _UNTOUCHED],
        others=[
            each
            for each in repeated_captures(desk, agency_id)
            if (each.report_year, each.report_scope) == (diff.after.report_year, diff.after.report_scope)
        ],
    )


def _none(agency_id: str) -> NotHereError:
    return NotHereError(both("captures.none", id=agency_id), both("captures.none_do"))


def _label(cell: Any, labels: dict[str, Any]) -> Markup:
    return pair(*labels[cell.indicator]) if cell.indicator in labels else Markup("")


def _places(cell: Any) -> tuple[str, str]:
    return anchor_in(cell.place_before), anchor_in(cell.place_after)


def _paths(desk: Desk) -> Iterable[str]:
    return (each.path for each in repeated_captures(desk))


KIND = Kind(
    "captures",
    r"compare/(?P<agency_id>[^/]+)/captures-(?P<first>[0-9a-f]{16})-(?P<second>[0-9a-f]{16})",
    answer,
    _paths,
)
