"""Which public body a printed name means: central, local, of a zone or township, a central system's branch.

A name is read as a region (or none) and a kind of body; no list holds every local body. What a name leaves
open (the 鼓楼区 of which city) is settled by the words around it or not at all: an unsettled name keeps an id
of its own.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus import bodies, regions
from corpus.bodies import Kind
from corpus.labels import simplify
from corpus.regions import Region

# The government of a region that is not called 人民政府.
_SEATS = {"地区": "行政公署", "盟": "行政公署", "兵团": "", "特别行政区": "政府"}
# Names of townships have two or three characters and their class has one or two.
_LONGEST_TOWNSHIP = 5
# 区教育局, 市人民政府办公厅: the class of a region stands for the region that the page is about.
_RELATIVE = ("自治区", "自治州", "自治县", "省", "市", "区", "县", "州", "旗", "盟")
# 社区, 园区, 城区 and the like are no counties.
_SUBREGION = re.compile("[一-龥]{2,8}?(?<![社地小园灾片辖专景牧林矿城郊])[区县旗](?=[一-龥]{2})")


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a printed name means.

    `agency_id` is ASCII and stable over years and spellings ('' only for an empty name). `agency` is the full
    name, the region's part as it was in the report's year. `level` is central, province, prefecture, county,
    township or unknown. `region_code` is the region's present GB/T 2260 code, '' where unknown. `kind` is a
    slug of `agency_kinds.csv`, a type of `central_bodies.csv`, or `other`. `how` tells whether every part
    stands in the data files (registry), a part was read from its wording or from the hints (pattern), or
    nothing was recognised (none). `candidates` are the readings (id and name) that an `ambiguous` name leaves
    open.
    """

    agency_id: str
    agency: str
    level: str
    region_code: str
    kind: str
    how: str
    candidates: tuple[str, ...] = ()
    ambiguous: bool = False


def resolve_agency(name: str, year: int | None = None, hints: Sequence[str] = ()) -> Resolution:
    """The body that `name` means in a report for `year`; `hints` are texts that may name its city.

    >>> resolve_agency("淮安市洪泽区发展和改革委员会").agency_id
    '320813-development_reform'
    >>> resolve_agency("平潭综合实验区", 2012).agency
    '平潭综合实验区管委会'
    """
    return _resolve(name, year, tuple(hints))


# As many names as a large archive has agencies (40,000 townships, 30,000 departments) need not all fit.
@lru_cache(maxsize=8192)
def _resolve(name: str, year: int | None, hints: tuple[str, ...]) -> Resolution:
    printed = bodies.clean(name)
    if not printed:
        return Resolution("", "", "unknown", "", "", "none")
    simple = bodies.clean(simplify(printed))
    # As printed first: conversion turns 乾县 into a name that no region bears.
    for text in dict.fromkeys((printed, simple)):
        for read in _READINGS:
            found = read(text, year, hints)
            if found:
                return found
    last = _other(simple, year, hints)
    return last or Resolution(f"name-{_digest(printed)}", printed, "unknown", "", "", "none")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


# The readings, in the order of their trust. Each gives None where the name is of another form.


def _central(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    found = bodies.central_named(text)
    if not found:
        return None
    local = bodies.kind_named(text)
    if local and regions.mentioned(hints):
        return None  # 发改委 on the site of a city is the city's
    now = [body for body in found if year is None or body.in_force(year)] or list(found)
    body = max(now, key=lambda one: one.valid_to)
    rivals = tuple(sorted({one.name for one in now if one.agency_id != body.agency_id}))
    return Resolution(
        body.agency_id, body.name, "central", "", body.type, "registry", rivals, bool(local) or bool(rivals)
    )


def _local(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    found, end = regions.read_regions(text)
    if not found:
        return None
    place, rest = text[:end], text[end:]
    kind = bodies.kind_named(rest) if rest else Kind(bodies.GOVERNMENT, "人民政府")
    if kind:
        return _body_of(found, place, kind, year, hints)
    inner = _county_inside(found, rest)
    if inner:
        return replace(_body_of(*inner, year, hints), agency=text, how="pattern")
    return None


def _county_inside(found: Sequence[Region], rest: str) -> tuple[tuple[Region, ...], str, Kind] | None:
    """A county's body that its prefecture names: 洪泽生态环境局, 公安局鼓楼分局 (after 淮安市, 南京市)."""
    for cut in range(2, len(rest) - 1):
        before, after = rest[:cut], rest[cut:]
        inner = _counties_of(found, before)
        kind = bodies.kind_named(after) if inner else None
        if kind:
            return inner, before, kind
        if after.endswith("分局"):
            inner = _counties_of(found, after.removesuffix("分局"))
            kind = bodies.kind_named(before) if inner else None
            if kind:
                return inner, after.removesuffix("分局"), kind
    return None


def _counties_of(found: Sequence[Region], name: str) -> tuple[Region, ...]:
    above = {region.code for region in found}
    named = regions.regions_named(name) or regions.regions_with_stem(name)
    return tuple(region for region in named if region.parent in above)


def _branch(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    for branch, place in bodies.branches_like(text):
        found, end = regions.read_regions(place)
        if end < len(place):
            # A bare stem is a province or a prefecture: 黄埔海关 is not the customs of 黄埔区.
            found = tuple(one for one in regions.regions_with_stem(place) if one.level != "county")
        if not found and bodies.is_organisation(place):
            continue
        kind = Kind(branch.slug, branch.name.replace("{}", place))
        body = _body_of(found, place, kind, year, hints)
        # 黄埔海关 names one body, though no region of the registry.
        return replace(body, agency=kind.name, how="pattern", ambiguous=bool(body.candidates))
    return None


def _zone(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    found, end = regions.read_regions(text)
    stop = end + bodies.zone_end(text[end:])
    if stop == end:
        return None
    local, rest = text[end:stop], text[stop:]
    kind = bodies.kind_named(rest) if rest else bodies.COMMITTEE
    kind = kind or Kind(f"other-{_digest(bodies.fold_kind(rest))}", rest)
    region, own = _zone_region(found, local, year, hints)
    if region is None and bodies.is_zone_class(local):
        return _open(local, kind, ())
    whole = local if region is None or own != local else regions.full_name(region, year) + local
    # A province before a zone that names its own place (福建省平潭综合实验区) is no part of its name.
    within = "" if region is None or (region.level == "province" and _names_place(own)) else region.identity
    shown = whole if within else local
    return Resolution(
        f"zone-{_digest(within + bodies.zone_key(own))}-{kind.slug}",
        shown + kind.name,
        "unknown",
        region.identity[:6] if region else "",
        kind.slug.split("-")[0],
        "pattern",
    )


def _zone_region(
    found: Sequence[Region], local: str, year: int | None, hints: tuple[str, ...]
) -> tuple[Region | None, str]:
    """The region whose zone it is, if the name tells, and the zone's name without it."""
    if not found or all(region.level == "province" for region in found):
        for cut in range(len(local) - 1, 1, -1):
            region = _prefecture_with_stem(local[:cut]) if bodies.is_zone_class(local[cut:]) else None
            if region:
                return region, local[cut:]
    region, _ = _settled(found, year, hints) if found else (None, ())
    if region is None and bodies.is_zone_class(local):
        region = _about(hints, "")
    return region, local


def _names_place(local: str) -> bool:
    return any(regions.regions_with_stem(local[:cut]) for cut in range(2, len(local)))


def _prefecture_with_stem(stem: str) -> Region | None:
    """The one prefecture that a bare stem can mean: every other region with that stem lies within it."""
    named = regions.in_year(regions.regions_with_stem(stem), None)
    wide = [region for region in named if region.level == "prefecture"]
    if len(wide) != 1 or any(region.parent != wide[0].code for region in named if region is not wide[0]):
        return None
    return wide[0]


def _township(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    found, end = regions.read_regions(text)
    township = bodies.township_named(text[end:])
    # A bare 清平镇 is a township's government; longer words that happen to end so are none.
    if not township or (not found and text == township[0] and len(text) > _LONGEST_TOWNSHIP):
        return None
    place, kind = township
    region, unique = _settled(found, year, hints)
    if region is None and not found:
        region = _about(hints, "")
    if region is None:
        readings = tuple(regions.full_name(one, year) + place + kind.name for one in unique)
        return replace(_open(text[:end] + place, kind, readings), level="township")
    return Resolution(
        f"{region.identity}-{_digest(place)}-{kind.slug}",
        regions.full_name(region, year) + place + kind.name,
        "township",
        region.identity[:6],
        kind.slug,
        "pattern",
    )


def _office_of_central(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:  # noqa: ARG001
    found, rest = bodies.central_prefix(text)
    if not found or not bodies.is_organisation(rest):
        return None
    body = max(
        (one for one in found if year is None or one.in_force(year)),
        key=lambda one: one.valid_to,
        default=found[-1],
    )
    slug = f"other-{_digest(bodies.fold_kind(rest))}"
    return Resolution(f"{body.agency_id}-{slug}", body.name + rest, "central", "", "other", "pattern")


def _relative(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    """A body without its region (教育局), or with its class alone (区教育局): the hints tell which."""
    kind, relative = bodies.kind_named(text), ""
    if not kind:
        relative = next((word for word in _RELATIVE if text.startswith(word)), "")
        kind = bodies.kind_named(text.removeprefix(relative)) if relative else None
    if not kind:
        return None
    region = _about(hints, relative)
    if region is None:
        return _open(relative, kind, ())
    return replace(_body_of((region,), region.name, kind, year, hints), how="pattern")


def _stem(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    """A region without its class: 洪泽发改委, 河北省 as 河北 before 教育厅."""
    for cut in range(len(text) - 2, 1, -1):
        found = regions.regions_with_stem(text[:cut])
        kind = bodies.kind_named(text[cut:]) if found else None
        if kind:
            # 厅 is the rank of a province's department.
            fitting = tuple(one for one in found if (one.level == "province") == kind.name.endswith("厅"))
            return replace(_body_of(fitting or found, text[:cut], kind, year, hints), how="pattern")
    return None


def _other(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:
    """An organisation of no listed kind: it keeps an id of its own name."""
    found, end = regions.read_regions(text)
    rest = text[end:]
    if not bodies.is_organisation(rest):
        return None
    unlisted = _SUBREGION.match(rest)
    if unlisted:
        # 上海市澜浦区交通管理局 is no body of 上海市, though no registry holds the district.
        kind = Kind(f"other-{_digest(bodies.fold_kind(rest[unlisted.end() :]))}", rest[unlisted.end() :])
        return replace(_open(text[:end] + unlisted.group(), kind, ()), ambiguous=False)
    if not found:
        return Resolution(f"name-{_digest(text)}", text, "unknown", "", "other", "pattern")
    kind = Kind(f"other-{_digest(bodies.fold_kind(rest))}", rest)
    return replace(_body_of(found, text[:end], kind, year, hints), kind="other", how="pattern")


def _unlisted(text: str, year: int | None, hints: tuple[str, ...]) -> Resolution | None:  # noqa: ARG001
    """A region that no registry holds, known by its class alone: 某某县教育局."""
    for cut in range(len(text), 2, -1):
        place, rest = text[:cut], text[cut:]
        kind = bodies.kind_named(rest) if rest else Kind(bodies.GOVERNMENT, "人民政府")
        if kind and place.endswith(_RELATIVE) and not bodies.kind_named(place):
            return replace(_open(place, kind, ()), ambiguous=False)
    return None


_READINGS = (_central, _local, _branch, _zone, _township, _office_of_central, _relative, _stem, _unlisted)


# What the readings share.


def _settled(
    found: Sequence[Region], year: int | None, hints: Sequence[str]
) -> tuple[Region | None, tuple[Region, ...]]:
    unique = regions.in_year(found, year)
    return (unique[0] if len(unique) == 1 else regions.chosen_by(hints, unique)), unique


def _body_of(found: Sequence[Region], place: str, kind: Kind, year: int | None, hints: Sequence[str]) -> Resolution:
    region, unique = _settled(found, year, hints)
    if region is None:
        readings = (f"{one.identity}-{kind.slug} {regions.full_name(one, year)}{kind.name}" for one in unique)
        return _open(place, kind, tuple(readings))
    name = kind.name
    if kind.slug == bodies.GOVERNMENT:
        name = next((seat for ending, seat in _SEATS.items() if region.name.endswith(ending)), name)
    return Resolution(
        f"{region.identity}-{kind.slug}",
        regions.full_name(region, year) + name,
        region.level,
        region.identity[:6],
        kind.slug,
        "registry" if len(unique) == 1 else "pattern",
    )


def _open(place: str, kind: Kind, readings: tuple[str, ...]) -> Resolution:
    """A body whose place is not settled: its id is made of the printed place and the kind."""
    printed = place + kind.name
    return Resolution(
        f"place-{_digest(place)}-{kind.slug}",
        printed,
        "unknown",
        "",
        kind.slug.split("-")[0],
        "pattern",
        readings,
        ambiguous=True,
    )


def _about(hints: Sequence[str], relative: str) -> Region | None:
    """The one innermost region that the hints name, or the one of the class `relative`."""
    named = [region for region in regions.mentioned(hints) if region.name.endswith(relative)]
    outer = {above.identity for region in named for above in regions.ancestors(region)}
    inner = [region for region in named if relative or region.identity not in outer]
    return inner[0] if len(inner) == 1 else None
