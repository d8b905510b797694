"""The archived page for the frame: harmless, with its places marked."""

from collections.abc import Iterable

from outputs.explorer import paths
from outputs.explorer.archived.places import places_of
from outputs.explorer.pages.report import report_of
from outputs.explorer.records import Answer, Asked, Desk, Kind, NoPage
from outputs.explorer.rendering import page


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the archived page of a report, or a page that says why it cannot be shown.

    Raises NotHereError where the dataset has no report of that id.
    """
    capture_id = asked.parts["capture_id"]
    report_of(desk, capture_id)
    shown = desk.shelf.page(capture_id, places_of(desk, capture_id))
    if isinstance(shown, NoPage):
        told = page(desk, "nopage.html.jinja", status=404, what=shown.what, next_step=shown.next_step)
        return Answer(told.body, status=404, archived=True)
    return Answer(shown.html, archived=True)


def _all(desk: Desk) -> Iterable[str]:
    return (
        paths.archived(row["capture_id"]) for row in desk.rows("SELECT capture_id FROM reports ORDER BY capture_id")
    )


KIND = Kind("archived", r"archived/(?P<capture_id>[0-9a-f]+)", answer, _all)
