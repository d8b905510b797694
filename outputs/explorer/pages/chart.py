"""A chart of an agency as a file: picture or data."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("chart", r"chart/(?P<agency_id>[^/]+)/(?P<name>[a-z_]+)\.(?P<ending>svg|png|csv)", answer, lambda _: ())
