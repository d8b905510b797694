"""One agency through its years: its requests first, then charts, checks, reports, comparisons, peers."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from outputs.explorer import paths
from outputs.explorer.charts.drawing import notes, page_svg
from outputs.explorer.charts.reading import read_charts
from outputs.explorer.charts.records import Chart, Series
from outputs.explorer.pages.chart import endings
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.agencyrows import (
    YearLine,
    about_agency,
    copies_of,
    pairs_of,
    peers_of,
    reports_of,
    year_lines,
)
from outputs.explorer.shown.checkrows import shown_checks
from outputs.explorer.wording import both, pair

COPIES = 50
"""Near-copies on the page; where there are more, it says so."""


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the page of an agency that has a report, or of which one is known or due."""
    agency_id = asked.parts["agency_id"]
    about = about_agency(desk, agency_id)
    if about is None:
        raise NotHereError(both("agency.none", id=agency_id), both("agency.none_do"))
    charts = read_charts(desk, agency_id)
    checks = shown_checks(
        desk,
        desk.rows(
            "SELECT * FROM check_list WHERE agency_id = ? AND verdict = 'fail' ORDER BY report_year, rank", agency_id
        ),
    )
    lines = year_lines(desk, agency_id, charts.get("requests"), checks)
    copies, n_copies = copies_of(desk, agency_id, COPIES)
    return page(
        desk,
        "agency.html.jinja",
        about=about,
        lines=lines,
        scopes=_scopes(lines),
        charts=[(chart, page_svg(chart, desk.addresses), notes(chart), _tables(chart)) for chart in charts.values()],
        endings=endings(desk),
        checks=[(year, list(found)) for year, found in groupby(checks, key=lambda check: check.report_year)],
        reports=reports_of(desk, agency_id),
        pairs=pairs_of(desk, agency_id),
        peers=peers_of(desk, about),
        copies=copies,
        n_copies=n_copies,
        label_of=lambda series: pair(series.label_en, series.label_zh),
    )


def _scopes(lines: Iterable[YearLine]) -> list[str]:
    return list(dict.fromkeys(line.scope for line in lines if line.scope))


def _tables(chart: Chart) -> list[tuple[str, list[Series]]]:
    return [(scope, [series for series in chart.series if series.scope == scope]) for scope in chart.scopes]


def _paths(desk: Desk) -> Iterator[str]:
    rows = desk.rows(
        "SELECT agency_id FROM reports WHERE agency_id IS NOT NULL UNION SELECT agency_id FROM agency_years ORDER BY 1"
    )
    return (paths.agency(row["agency_id"]) for row in rows)


KIND = Kind("agency", r"agency/(?P<agency_id>[^/]+)", answer, _paths)
