"""Several agencies in one year: rates with numerator and denominator."""

from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError


def answer(desk: Desk, asked: Asked) -> Answer:
    """Not written yet."""
    raise NotHereError(asked.path, "This page is being written.")


KIND = Kind("year", r"year/(?P<report_year>[0-9]{4})/(?P<level>[a-z]+)/(?P<page>[0-9]+)", answer, lambda _: ())
