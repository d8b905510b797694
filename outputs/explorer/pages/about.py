"""How to read these pages, and what they were made from."""

from outputs.explorer import paths
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("about", r"about", answer, lambda _: (paths.ABOUT,))
