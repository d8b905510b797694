"""One report: its facts by section, and the archived page with their places marked."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("report", r"report/(?P<capture_id>[0-9a-f]+)", answer, lambda _: ())
