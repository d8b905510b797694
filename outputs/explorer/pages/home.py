"""Home: agencies by years, what was built from what, and where to begin."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

from outputs.agencyyears import LEVELS
from outputs.explorer import paths
from outputs.explorer.paging import Part, part_of
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.marknames import MARK_NAMES
from outputs.explorer.wording import Words, both, load_words
from outputs.marks import LATE_MARK, Mark, mark_of, signs_of

PAGE_AGENCIES = 100
"""Agencies on one page."""

_RANK = (
    "CASE max(agency_level) " + " ".join(f"WHEN '{level}' THEN {rank}" for rank, level in enumerate(LEVELS)) + " END"
)
_AGENCIES = f"""
    SELECT agency_id, max(agency) AS agency, max(agency_level) AS agency_level, max(region_code) AS region_code
    FROM agency_years GROUP BY agency_id HAVING ?1 = '{paths.EVERY}' OR max(agency_level) = ?1
    ORDER BY {_RANK}, coalesce(max(region_code), '~'), agency_id"""
_YEARS = (
    "SELECT agency_id, report_year, status, balanced, late, days_late, capture_id, outcome, detail, next_step, "
    "source_uri, agency FROM agency_years WHERE agency_id = ? ORDER BY report_year"
)


class Year(NamedTuple):
    """What is known of one agency's report of one year; columns as in `agency_years`."""

    agency_id: str
    report_year: int
    status: str
    balanced: str
    late: str
    days_late: int | None
    capture_id: str | None
    outcome: str | None
    detail: str | None
    next_step: str | None
    source_uri: str | None
    agency: str | None

    @property
    def mark(self) -> str:
        """Name of its mark."""
        return MARK_NAMES[mark_of(self)]

    @property
    def anchor(self) -> str:
        """Place on the page where it is told why there is no report."""
        return f"gap-{self.agency_id}-{self.report_year}"


class Field(NamedTuple):
    """A field of the map: which year, its sign, and what the sign means, for those who point at it or hear it."""

    year: Year
    sign: str
    words: str


class Line(NamedTuple):
    """One agency: a field for each year of the map, None where nothing speaks of a report."""

    agency_id: str
    agency: str
    level: str
    fields: tuple[Field | None, ...]


class Tally(NamedTuple):
    """Reports of a year: how many are known, and how many were read."""

    report_year: int
    known: int
    read: int


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the map of the agencies of a level; that of all levels tells as well where to begin."""
    level = asked.parts.get("level", paths.EVERY)
    levels = _levels(desk)
    if level not in {*levels, paths.EVERY}:
        raise NotHereError(both("home.no_level", level=level), both("home.no_level_do"))
    total = sum(levels.values()) if level == paths.EVERY else levels[level]
    part = part_of(asked.parts.get("page", 1), PAGE_AGENCIES, total)
    years = _tallies(desk, level)
    lines = list(_lines(desk, level, part, [tally.report_year for tally in years]))
    return page(
        desk,
        "home.html.jinja",
        level=level,
        levels=levels,
        part=part,
        path_of=lambda number: paths.coverage(level, number),
        starts=_starts(desk, level) if part.pages > 1 else [],
        years=years,
        groups=[(name, list(group)) for name, group in groupby(lines, key=lambda line: line.level)],
        gaps=[field.year for line in lines for field in line.fields if field and not field.year.capture_id],
        legend=[(name, mark.sign) for mark, name in MARK_NAMES.items()],
        late_sign=LATE_MARK,
        counts=_counts(desk, level),
        failing=_failing(desk),
        run=run_of(desk),
        written=None if desk.addresses.is_site else _written(desk),
        outcomes=_outcomes(desk),
    )


def _paths(desk: Desk) -> Iterator[str]:
    levels = _levels(desk)
    for level, total in {paths.EVERY: sum(levels.values()), **levels}.items():
        for number in range(1, Part(1, PAGE_AGENCIES, total).pages + 1):
            yield paths.coverage(level, number)


def _levels(desk: Desk) -> dict[str, int]:
    """Return how many agencies each level has, those without any left out."""
    rows = desk.rows(
        "SELECT level, count(*) AS n FROM (SELECT max(agency_level) AS level FROM agency_years GROUP BY agency_id) "
        "GROUP BY level"
    )
    found = {row["level"]: row["n"] for row in rows}
    return {level: found[level] for level in LEVELS if level in found}


def _tallies(desk: Desk, level: str) -> list[Tally]:
    """Return the years of the map, those between the first and the last without reports included."""
    rows = desk.rows(
        "SELECT report_year, count(*) AS known, sum(status = 'parsed') AS read FROM agency_years "
        f"WHERE ?1 = '{paths.EVERY}' OR agency_level = ?1 GROUP BY report_year ORDER BY report_year",
        level,
    )
    found = {row["report_year"]: Tally(row["report_year"], row["known"], row["read"]) for row in rows}
    return [found.get(year, Tally(year, 0, 0)) for year in range(min(found), max(found) + 1)] if found else []


def _lines(desk: Desk, level: str, part: Part, years: list[int]) -> Iterator[Line]:
    for row in desk.rows(f"{_AGENCIES} LIMIT ?2 OFFSET ?3", level, part.size, part.skipped):
        found = {year["report_year"]: Year(*year) for year in desk.rows(_YEARS, row["agency_id"])}
        fields = tuple(_field(found[year]) if year in found else None for year in years)
        yield Line(row["agency_id"], row["agency"] or row["agency_id"], row["agency_level"], fields)


def _field(year: Year) -> Field:
    mark = mark_of(year)
    late = year.late == "late"
    return Field(year, signs_of(year), _told(mark, late=late))


@cache
def _told(mark: Mark, *, late: bool) -> str:
    words = load_words()
    what, behind = words[f"mark.{MARK_NAMES[mark]}"], words["mark.late_short"] if late else Words("", "")
    return " · ".join(text + more for text, more in zip(what, behind, strict=True))


def _starts(desk: Desk, level: str) -> list[tuple[int, str]]:
    """Return the number of each page with the name of its first agency."""
    rows = desk.rows(
        f"SELECT n, agency FROM (SELECT coalesce(agency, agency_id) AS agency, row_number() OVER () - 1 AS n "
        f"FROM ({_AGENCIES})) WHERE n % ?2 = 0 ORDER BY n",
        level,
        PAGE_AGENCIES,
    )
    return [(row["n"] // PAGE_AGENCIES + 1, row["agency"]) for row in rows]


def _counts(desk: Desk, level: str) -> dict[str, int]:
    """Return how many reports of a level are known, late, and by mark."""
    row = desk.row(
        "SELECT count(*) AS known, sum(status = 'parsed') AS read, sum(late = 'late') AS late, "
        "sum(status = 'parsed' AND balanced = 'yes') AS balanced, "
        "sum(status = 'parsed' AND balanced = 'unknown') AS parsed, "
        "sum(status = 'parsed' AND balanced = 'no') AS unbalanced, sum(status = 'duplicate') AS duplicate, "
        "sum(status = 'failed') AS failed, sum(status = 'missing') AS missing "
        f"FROM agency_years WHERE ?1 = '{paths.EVERY}' OR agency_level = ?1",
        level,
    )
    assert row is not None
    return {name: row[name] or 0 for name in row.keys()}  # noqa: SIM118  a row iterates over its values


def _failing(desk: Desk) -> int:
    row = desk.row("SELECT count(*) AS n FROM check_list WHERE verdict = 'fail'")
    assert row is not None
    return int(row["n"])


def run_of(desk: Desk) -> dict[str, Any]:
    """Return what run.json says; a dataset from elsewhere may have none."""
    file = desk.folder / "run.json"
    told: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return told


def _written(desk: Desk) -> str:
    """Return when the dataset was written, by the clock of this machine's files: run.json has none."""
    file = desk.folder / "run.json"
    if not file.is_file():
        return ""
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).strftime("%Y-%m-%d %H:%M UTC")


def _outcomes(desk: Desk) -> list[tuple[str, int, list[str]]]:
    """Return the outcomes of pages that gave no report: how many, and what a person can do, most frequent first."""
    rows = desk.rows(
        "SELECT outcome, next_step, count(*) AS n FROM coverage WHERE outcome <> 'ok' "
        "GROUP BY outcome, next_step ORDER BY outcome, n DESC, next_step"
    )
    found = []
    for outcome, group in groupby(rows, key=lambda row: row["outcome"]):
        steps = list(group)
        found.append((outcome, sum(row["n"] for row in steps), [row["next_step"] for row in steps if row["next_step"]]))
    return sorted(found, key=lambda entry: (-entry[1], entry[0]))


KIND = Kind("home", r"(?:coverage/(?P<level>[a-z]+)/(?P<page>[0-9]{1,9}))?", answer, _paths)
