"""How the numbers of a report are cited: all of them on one page, or (on a server) one of them as one text."""

from collections.abc import Iterable

from outputs.explorer import paths
from outputs.explorer.archived.places import places_of
from outputs.explorer.pages.report import agency_of, report_of
from outputs.explorer.records import Answer, ArchivedPage, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.citing import citation
from outputs.explorer.shown.numbers import Number, numbers_of
from outputs.explorer.wording import both


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the citations of a report, or of one number; raises NotHereError where the dataset has none of that id."""
    capture_id = asked.parts["capture_id"]
    report = report_of(desk, capture_id)
    wanted = asked.parts.get("number_id", "")
    numbers = numbers_of(desk, capture_id)
    chosen = [number for number in numbers if number.id == wanted] if wanted else in_order(numbers)
    if wanted and not chosen:
        raise NotHereError(both("cite.no_number", id=wanted), both("cite.no_number_do"))
    archived = desk.shelf.page(capture_id, places_of(desk, capture_id))
    digest = archived.sha256 if isinstance(archived, ArchivedPage) else ""
    return page(
        desk,
        "cite.html.jinja",
        capture_id=capture_id,
        agency=agency_of(report),
        report=report,
        wanted=wanted,
        cited=[(number, citation(report, number, digest)) for number in chosen],
    )


def in_order(numbers: Iterable[Number]) -> list[Number]:
    """Return numbers as printed: those of tables, each sum before its parts, then those of the prose."""
    return sorted(numbers, key=_order)


def _order(number: Number) -> tuple[int, tuple[int, ...], int]:
    kind, *place = number.anchors[0].split("-") if number.anchors else ["z"]
    return "cbz".index(kind), tuple(map(int, place)), -len(number.anchors)


def _paths(desk: Desk) -> Iterable[str]:
    return (
        paths.citations(row["capture_id"]) for row in desk.rows("SELECT capture_id FROM reports ORDER BY capture_id")
    )


KIND = Kind("cite", r"cite/(?P<capture_id>[0-9a-f]+)(?:/(?P<number_id>[a-z0-9_-]+))?", answer, _paths)
