"""What does not add up, worst first, each with the way to both its places."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from outputs.agencyyears import LEVELS
from outputs.explorer import paths
from outputs.explorer.paging import Part, part_of
from outputs.explorer.records import Answer, Asked, Desk, Kind
from outputs.explorer.rendering import page
from outputs.explorer.shown.checkrows import shown_checks

PAGE_CHECKS = 50
"""Checks on one page."""

VERDICTS = ("fail", "uncertain")


@dataclass(frozen=True, slots=True)
class _Chosen:
    """Which checks a reader wants: a part of the agency's name or its id, a year, a level; '' for all."""

    agency: str
    year: str
    level: str

    @property
    def query(self) -> dict[str, str]:
        """The choice as the query of an address."""
        named = {"agency": self.agency, "year": self.year, "level": self.level}
        return {name: value for name, value in named.items() if value}

    def condition(self) -> tuple[str, list[Any]]:
        """The choice as a condition in SQL with its values."""
        parts, values = ["true"], list[Any]()
        if self.agency:
            parts.append("(c.agency_id = ? OR instr(c.agency, ?) > 0)")
            values += [self.agency, self.agency]
        if self.year:
            parts.append("c.report_year = ?")
            values.append(int(self.year))
        if self.level:
            parts.append("c.capture_id IN (SELECT capture_id FROM reports WHERE agency_level = ?)")
            values.append(self.level)
        return " AND ".join(parts), values


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return a page of the list; on a server the query may choose agency, year and level."""
    verdict = asked.parts["verdict"]
    chosen = _chosen(desk, asked)
    counts = _counts(desk, chosen)
    part = part_of(asked.parts["page"], PAGE_CHECKS, counts[verdict])
    return page(
        desk,
        "checks.html.jinja",
        verdict=verdict,
        counts=counts,
        chosen=chosen,
        part=part,
        path_of=lambda number: paths.checks(verdict, number),
        checks=shown_checks(desk, _rows(desk, verdict, chosen, part)),
        levels=LEVELS,
        years=_years(desk),
    )


def _paths(desk: Desk) -> Iterator[str]:
    counts = _counts(desk, _Chosen("", "", ""))
    for verdict in VERDICTS:
        for number in range(1, Part(1, PAGE_CHECKS, counts[verdict]).pages + 1):
            yield paths.checks(verdict, number)


def _chosen(desk: Desk, asked: Asked) -> _Chosen:
    if desk.addresses.is_site:
        return _Chosen("", "", "")
    year, level = asked.first("year"), asked.first("level")
    return _Chosen(
        asked.first("agency").strip(),
        year if year.isascii() and year.isdigit() and len(year) == len("2008") else "",
        level if level in LEVELS else "",
    )


def _counts(desk: Desk, chosen: _Chosen) -> dict[str, int]:
    condition, values = chosen.condition()
    rows = desk.rows(f"SELECT verdict, count(*) AS n FROM check_list c WHERE {condition} GROUP BY verdict", *values)
    return dict.fromkeys(VERDICTS, 0) | {row["verdict"]: row["n"] for row in rows}


def _rows(desk: Desk, verdict: str, chosen: _Chosen, part: Part) -> list[Any]:
    condition, values = chosen.condition()
    return desk.rows(
        f"SELECT c.* FROM check_list c WHERE verdict = ? AND {condition} ORDER BY rank LIMIT ? OFFSET ?",
        verdict,
        *values,
        part.size,
        part.skipped,
    )


def _years(desk: Desk) -> list[int]:
    rows = desk.rows("SELECT DISTINCT report_year FROM agency_years ORDER BY report_year DESC")
    return [row["report_year"] for row in rows]


KIND = Kind("checks", r"checks/(?P<verdict>fail|uncertain)/(?P<page>[0-9]{1,9})", answer, _paths)
