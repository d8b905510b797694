"""Several agencies in one year: rates with numerator and denominator, in order of place and name, without ranks."""

from collections.abc import Iterable, Sequence
from sqlite3 import Row

from outputs.agencyyears import LEVELS
from outputs.explorer import paths
from outputs.explorer.paging import Part, part_of
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.numbers import load_labels
from outputs.explorer.shown.yearrows import year_table
from outputs.explorer.wording import both, pair

SIZE = 50
"""Agencies on a page."""

SIDE_BY_SIDE = 8
"""Up to so many reports stand in columns; of more each has a line."""

_CHOSEN_AT_MOST = 200
"""Names of agencies that one address may hold."""

_FROM = (
    "FROM reports WHERE report_year = ? AND is_current AND agency_id IS NOT NULL "
    f"AND (? = '{paths.EVERY}' OR agency_level = ?)"
)
_ORDER = (
    "ORDER BY region_code IS NULL, region_code, coalesce(agency, agency_as_printed, agency_id), agency_id, report_scope"
)


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return a page of the agencies of a year, or those that the query chooses (`agency`, several times)."""
    year, level = int(asked.parts["report_year"]), asked.parts["level"]
    if level not in (paths.EVERY, *LEVELS):
        raise NotHereError(both("home.no_level", level=level), both("home.no_level_do"))
    levels = _levels(desk, year)
    if not levels:
        raise NotHereError(both("year.none", year=year), both("year.none_do"))
    chosen = () if desk.addresses.is_site else _known(desk, year, asked.query.get("agency", ()))
    kept = () if desk.addresses.is_site else _known(desk, year, asked.query.get("keep", ()))
    if chosen:
        reports: Sequence[Row] = _of(desk, year, [row["agency_id"] for row in chosen])
        part = Part(1, max(1, len(reports)), len(reports))
    else:
        total = levels.get(level, 0) if level != paths.EVERY else sum(levels.values())
        part = part_of(asked.parts["page"], SIZE, total)
        query = f"SELECT * {_FROM} {_ORDER} LIMIT ? OFFSET ?"
        reports = desk.rows(query, year, level, level, part.size, part.skipped)
    labels = load_labels(desk)
    return page(
        desk,
        "year.html.jinja",
        year=year,
        level=level,
        levels=[each for each in (paths.EVERY, *LEVELS) if each == paths.EVERY or each in levels],
        years=_years(desk),
        part=part,
        table=year_table(desk, reports),
        labels={indicator: pair(*label) for indicator, label in labels.items()},
        chosen=[row["agency_id"] for row in chosen],
        kept=kept,
        side_by_side=bool(chosen) and len(reports) <= SIDE_BY_SIDE,
        forms=sorted({form for report in reports for form in (report["form_ids"] or "").split()}),
        n_missing=_missing(desk, year, level),
    )


def _levels(desk: Desk, year: int) -> dict[str, int]:
    """How many reports of the year there are of each level."""
    query = f"SELECT agency_level, count(*) AS n {_FROM} GROUP BY agency_level"
    return {row["agency_level"]: row["n"] for row in desk.rows(query, year, paths.EVERY, "")}


def _years(desk: Desk) -> list[int]:
    query = "SELECT DISTINCT report_year FROM reports WHERE is_current AND agency_id IS NOT NULL ORDER BY report_year"
    return [row["report_year"] for row in desk.rows(query) if row["report_year"] is not None]


def _known(desk: Desk, year: int, agency_ids: Sequence[str]) -> list[Row]:
    """The agencies among these that have a report of the year, with their names, each once."""
    wanted = list(dict.fromkeys(agency_ids))[:_CHOSEN_AT_MOST]
    query = (
        "SELECT agency_id, coalesce(agency, agency_as_printed, agency_id) AS name "
        f"{_FROM} AND agency_id IN ({_marks(wanted)}) GROUP BY agency_id {_ORDER}"
    )
    return desk.rows(query, year, paths.EVERY, "", *wanted)


def _of(desk: Desk, year: int, agency_ids: Sequence[str]) -> list[Row]:
    query = f"SELECT * {_FROM} AND agency_id IN ({_marks(agency_ids)}) {_ORDER}"
    return desk.rows(query, year, paths.EVERY, "", *agency_ids)


def _marks(values: Sequence[str]) -> str:
    return ", ".join("?" * len(values))


def _missing(desk: Desk, year: int, level: str) -> int:
    """Agencies that are known to have, or to owe, a report of the year that is not in the dataset."""
    query = (
        "SELECT count(*) FROM agency_years WHERE report_year = ? AND status <> 'parsed' AND (? = ? OR agency_level = ?)"
    )
    row = desk.row(query, year, level, paths.EVERY, level)
    return int(row[0]) if row else 0


def _paths(desk: Desk) -> Iterable[str]:
    for year in _years(desk):
        levels = _levels(desk, year)
        for level, total in ((paths.EVERY, sum(levels.values())), *sorted(levels.items())):
            for no in range(1, Part(1, SIZE, total).pages + 1):
                yield paths.year(year, level, no)


KIND = Kind("year", r"year/(?P<report_year>[0-9]{4})/(?P<level>[a-z]+)/(?P<page>[0-9]{1,9})", answer, _paths)
