"""Search in agencies, titles and the text of reports."""

from outputs.explorer import paths
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("search", r"search", answer, lambda _: (paths.SEARCH,))
