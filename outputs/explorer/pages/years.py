"""Two years of one agency beside one another."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind(
    "years",
    r"compare/(?P<agency_id>[^/]+)/(?P<before>[0-9]{4})-(?P<after>[0-9]{4})-(?P<scope>[a-z]+)",
    answer,
    lambda _: (),
)
