"""Home: agencies by years, what was built from what, and the search."""

from outputs.explorer import paths
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("home", r"(?:coverage/(?P<level>[a-z]+)/(?P<page>[0-9]+))?", answer, lambda _: (paths.HOME,))
