"""A chart of an agency as a file: picture or data."""

from collections.abc import Iterable, Iterator

from outputs.explorer import paths
from outputs.explorer.charts.csvfile import chart_csv
from outputs.explorer.charts.drawing import file_png, file_svg
from outputs.explorer.charts.reading import read_charts
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.wording import both

SITE_PICTURES = 100
"""A static site of more agencies than this has no PNG: a picture takes a third of a second and half a megabyte."""


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return a chart; NotHereError where the agency, or anything to draw, is not there."""
    agency_id, name, ending = (asked.parts[part] for part in ("agency_id", "name", "ending"))
    chart = read_charts(desk, agency_id).get(name)
    if chart is None:
        raise NotHereError(both("charts.none", name=name, id=agency_id), both("charts.none_do"))
    match ending:
        case "svg":
            return Answer(file_svg(chart, desk.addresses), "image/svg+xml; charset=utf-8")
        case "png":
            return Answer(file_png(chart), "image/png")
        case _:
            return Answer(chart_csv(chart), "text/csv; charset=utf-8")


def endings(desk: Desk) -> tuple[str, ...]:
    """Return the kinds of file in which a chart can be had: all, but no PNG in a large static site."""
    if not desk.addresses.is_site:
        return ("svg", "png", "csv")
    row = desk.row("SELECT count(DISTINCT agency_id) AS n FROM reports")
    is_small = row is not None and row["n"] <= SITE_PICTURES
    return ("svg", "png", "csv") if is_small else ("svg", "csv")


def _paths(desk: Desk) -> Iterable[str]:
    found = endings(desk)
    return _files(desk, found)


def _files(desk: Desk, found: tuple[str, ...]) -> Iterator[str]:
    for row in desk.rows("SELECT DISTINCT agency_id FROM reports WHERE agency_id IS NOT NULL ORDER BY agency_id"):
        for name in read_charts(desk, row["agency_id"]):
            yield from (paths.chart(row["agency_id"], name, ending) for ending in found)


KIND = Kind("chart", r"chart/(?P<agency_id>[^/]+)/(?P<name>[a-z_]+)\.(?P<ending>svg|png|csv)", answer, _paths)
