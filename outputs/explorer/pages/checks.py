"""What does not add up, worst first."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("checks", r"checks/(?P<verdict>fail|uncertain)/(?P<page>[0-9]+)", answer, lambda _: ())
