"""What an agency id tells without its name: the kind of body, its level and region, the years in which it existed.

`corpus.agencies` makes the ids; here they are taken apart again, for rows that have nothing else.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from corpus.regions import region_years
from corpus.tables import read_table

_REGIONAL = re.compile(
    r"(?P<region>\d{6}(?:-\d{4})?)-(?:(?P<township>[0-9a-f]{8})-)?(?P<kind>[a-z_]+(?:-[0-9a-f]{8})?)"
)
_UNPLACED = re.compile(r"(?P<where>zone|place)-[0-9a-f]{8}-(?P<kind>[a-z_]+(?:-[0-9a-f]{8})?)")
_CENTRAL = "cn-"
_FIRST, _LAST = 0, 9999
# These took over another kind's work, but are older than the reform that brought it.
_OLDER = frozenset(("customs_office", "development_reform", "justice"))

Where = Literal["central", "region", "township", "zone", "place", "name"]
"""Where a body belongs: to the centre, a region of the registry, a township in one, a development zone, a place that
is not settled, or to nothing but its name."""


@dataclass(frozen=True, slots=True)
class IdParts:
    """An agency id taken apart.

    `kind` is a slug of `agency_kinds.csv`, a type of `central_bodies.csv`, `other`, or '' for a bare name; `region` the
    identity of the region, '' without one; `level` that of the body as in `corpus.agencies.Resolution`.
    """

    where: Where
    kind: str
    region: str
    level: str


def parts_of(agency_id: str) -> IdParts:
    """Take an agency id apart.

    >>> parts_of("320813-education")
    IdParts(where='region', kind='education', region='320813', level='county')
    >>> parts_of("cn-education").kind
    'department'
    """
    if agency_id.startswith(_CENTRAL):
        return IdParts("central", _central_types().get(agency_id, "other"), "", "central")
    if match := _REGIONAL.fullmatch(agency_id):
        kind, region = match["kind"].partition("-")[0], match["region"]
        if match["township"]:
            return IdParts("township", kind, region, "township")
        years = region_years(region)
        return IdParts("region", kind, region, years[0] if years else "unknown")
    if match := _UNPLACED.fullmatch(agency_id):
        kind = match["kind"].partition("-")[0]
        level = "township" if kind in _township_kinds() else "unknown"
        return IdParts("zone" if match["where"] == "zone" else "place", kind, "", level)
    return IdParts("name", "", "", "unknown")


def existed(agency_id: str, year: int) -> bool:
    """Whether the registries know that the body existed in all of a year.

    The year of a reform counts for neither the old body nor the new one: localities followed within a year or two.
    """
    parts = parts_of(agency_id)
    if parts.where == "name":
        return False
    spans = [_central_years()[agency_id]] if agency_id in _central_years() else []
    spans += [_kind_years()[parts.kind]] if parts.kind in _kind_years() else []
    if parts.region:
        years = region_years(parts.region)
        spans.append(years[1:] if years else (_LAST, _FIRST))
    return all(first < year < last for first, last in spans)


@cache
def _central_types() -> dict[str, str]:
    """The type of each central body, by its last name."""
    return {row["agency_id"]: row["type"] for row in read_table("central_bodies.csv")}


@cache
def _central_years() -> dict[str, tuple[int, int]]:
    """Central body → the year of its first name and that in which it lost its last one; 0 and 9999 where open."""
    years: dict[str, tuple[int, int]] = {}
    for row in read_table("central_bodies.csv"):
        first, last = years.get(row["agency_id"], (_LAST, _FIRST))
        span = (min(first, int(row["valid_from"] or _FIRST)), max(last, int(row["valid_to"] or _LAST)))
        years[row["agency_id"]] = span
    return years


@cache
def _township_kinds() -> frozenset[str]:
    return frozenset(row["kind"] for row in read_table("agency_kinds.csv") if row["use"] == "township")


@cache
def _kind_years() -> dict[str, tuple[int, int]]:
    """Kind → the year of the reform that made it (0 for none) and of the one that ended it (9999 for none)."""
    rows = [row for row in read_table("agency_kinds.csv") if row["use"] in ("kind", "branch")]
    ends: dict[str, int] = {}
    begins: dict[str, int] = {}
    for row in rows:
        ends[row["kind"]] = max(ends.get(row["kind"], _FIRST), int(row["changed_in"] or _LAST))
        if row["changed_in"] and row["successor"] not in _OLDER:
            begins[row["successor"]] = min(begins.get(row["successor"], _LAST), int(row["changed_in"]))
    return {kind: (begins.get(kind, _FIRST), last) for kind, last in ends.items()}
