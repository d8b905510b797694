"""One agency through its years: charts, reports, failing checks, peers."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("agency", r"agency/(?P<agency_id>[^/]+)", answer, lambda _: ())
