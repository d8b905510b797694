"""The regions of China as public bodies print them: names, former names, codes, and who lies within whom.

The registry is `corpus/data/regions.csv` (GB/T 2260 codes of provinces, prefectures and counties since 2007).
A region keeps its identity through a new name or code; a region that was joined to another keeps its own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.tables import read_table

# 双江拉祜族佤族布朗族傣族自治县, the longest name in the registry.
_LONGEST_NAME = 15
_LAST_YEAR = 9999

_PROVINCE_CLASSES = ("特别行政区", "自治区", "省", "市")
_CLASSES = ("自治州", "自治县", "自治旗", "林区", "特区", "地区", "市", "县", "区", "旗", "盟", "州")


@dataclass(frozen=True, slots=True)
class Region:
    """One name of one region and the years in which it bore it.

    `code` is the GB/T 2260 code of those years, `identity` the code that the region has today (its last one
    when it is no more): equal for two names of one region. `level` is province, prefecture or county.
    `valid_from` is 0 for names older than the registry, `valid_to` 9999 for names in use.
    """

    code: str
    name: str
    shorts: tuple[str, ...]
    level: str
    parent: str
    valid_from: int
    valid_to: int
    identity: str

    def in_force(self, year: int) -> bool:
        """Whether a report for `year` may print this name: it is written, and often signed, a year later."""
        return self.valid_from <= year + 1 and year <= self.valid_to


def regions_named(name: str) -> tuple[Region, ...]:
    """Every region that bears or bore `name`, full or in its customary short form (恩施州); () for none."""
    return _by_name().get(name, ())


def name_of_code(code: str) -> str:
    """The newest name of a GB/T 2260 code, with its prefecture before it (see `full_name`); '' for an unknown code.

    >>> name_of_code("350128"), name_of_code("999999")
    ('福州市平潭县', '')
    """
    regions = _by_code().get(code, ())
    return full_name(max(regions, key=lambda region: region.valid_to)) if regions else ""


def regions_with_stem(stem: str) -> tuple[Region, ...]:
    """Every region whose name is `stem` and a class of region (淮安 → 淮安市, 淮安区); () for none."""
    return _by_stem().get(stem, ())


def stem_of(region: Region) -> str:
    """The name without the class of region, at least two characters; the name itself where that cannot be.

    >>> [stem_of(regions_named(name)[0]) for name in ("淮安市", "恩施土家族苗族自治州", "和县")]
    ['淮安', '恩施', '和县']
    """
    return _stem(region.shorts[0] if region.shorts else region.name, region.level)


# Several readings of one name ask for its regions in turn.
@lru_cache(maxsize=4096)
def read_regions(text: str) -> tuple[tuple[Region, ...], int]:
    """Region names at the start of `text`, from the outside in: the possible innermost ones, characters read.

    >>> regions, end = read_regions("江苏省淮安市洪泽区人民政府")
    >>> regions[0].code, end
    ('320813', 9)
    """
    inner: tuple[Region, ...] = ()
    start = 0
    while True:
        found, end = _next_region(text, start, inner)
        if not found:
            return inner, start
        inner, start = found, end


def in_year(regions: Iterable[Region], year: int | None) -> tuple[Region, ...]:
    """One entry per region: those in force in `year` if any was, else all; the newest name first."""
    regions = tuple(regions)
    now = tuple(region for region in regions if year is None or region.in_force(year)) or regions
    newest = sorted(now, key=lambda region: (-region.valid_to, -region.valid_from, region.code))
    unique: dict[str, Region] = {}
    for region in newest:
        unique.setdefault(region.identity, region)
    return tuple(sorted(unique.values(), key=lambda region: region.identity))


def chosen_by(hints: Sequence[str], regions: Sequence[Region]) -> Region | None:
    """The one of `regions` whose prefecture, or else province, the hints name; None when that is not one."""
    named = mentioned(hints)
    for depth in (1, 2):
        hit = [region for region in regions if _ancestor_named(region, depth, named, hints)]
        if len(hit) == 1:
            return hit[0]
        if hit:
            return None
    return None


def mentioned(texts: Iterable[str]) -> tuple[Region, ...]:
    """Regions that the texts print by their full or customary short name, each once, by identity."""
    found: dict[str, Region] = {}
    for text in texts:
        start = 0
        while start < len(text):
            regions, end = read_regions(text[start:])
            unique = in_year(regions, None)
            if len(unique) == 1:
                found.setdefault(unique[0].identity, unique[0])
                for outer in ancestors(unique[0]):
                    found.setdefault(outer.identity, outer)
            start += end or 1
    return tuple(found[identity] for identity in sorted(found))


def ancestors(region: Region) -> tuple[Region, ...]:
    """The region's prefecture and province, innermost first, with the names of the region's own years."""
    outer: list[Region] = []
    while region.parent:
        rows = _by_code()[region.parent]
        fitting = [row for row in rows if row.valid_from < region.valid_to and region.valid_from < row.valid_to]
        region = max(fitting or rows, key=lambda row: row.valid_to)
        outer.append(region)
    return tuple(outer)


def full_name(region: Region, year: int | None = None) -> str:
    """The region with its prefecture or municipality before it, as bodies print themselves; no province.

    >>> full_name(regions_named("洪泽区")[0])
    '淮安市洪泽区'

    A county-level city goes without its prefecture, for no body prints 苏州市昆山市.
    """
    if not region.parent or (region.level == "county" and region.name.endswith("市")):
        return region.name
    rows = _by_code()[region.parent]
    within = [row for row in rows if year is not None and row.in_force(year)]
    parent = max(within, key=lambda row: row.valid_to) if within else ancestors(region)[0]
    if parent.level == "province" and not parent.name.endswith("市"):
        return region.name
    return parent.name + region.name


def region_years(identity: str) -> tuple[str, int, int] | None:
    """Level of a region and the years from its first name to its last (0 and 9999 where open); None if there is none.

    >>> region_years("110103")
    ('county', 0, 2010)
    """
    names = _by_identity().get(identity)
    if not names:
        return None
    newest = max(names, key=lambda region: region.valid_to)
    return newest.level, min(region.valid_from for region in names), newest.valid_to


def _next_region(text: str, start: int, inner: tuple[Region, ...]) -> tuple[tuple[Region, ...], int]:
    by_name = _by_name()
    for end in range(min(len(text), start + _LONGEST_NAME), start + 1, -1):
        found = by_name.get(text[start:end], ())
        if inner:
            codes = {region.code for region in inner}
            found = tuple(region for region in found if codes & _codes_above(region))
        if found:
            return found, end
    return (), start


def _codes_above(region: Region) -> set[str]:
    codes = {region.parent}
    codes.update(row.parent for row in _by_code().get(region.parent, ()))
    return codes - {""}


def _ancestor_named(region: Region, depth: int, named: Sequence[Region], hints: Sequence[str]) -> bool:
    outer = ancestors(region)
    if len(outer) < depth:
        return False
    above = outer[depth - 1]
    if any(above.identity == found.identity for found in named):
        return True
    # A site calls itself 中国南京 or 南京政府网: a bare stem counts at the start of a hint, after 中国 or the
    # province.
    stem = stem_of(above)
    leads = ("", "中国", *(stem_of(wider) for wider in outer[depth:]))
    return any(hint.startswith(lead + stem) for hint in hints for lead in leads)


def _stem(name: str, level: str) -> str:
    for ending in _PROVINCE_CLASSES if level == "province" else _CLASSES:
        if name.endswith(ending) and len(name) - len(ending) > 1:
            return name[: -len(ending)]
    return name


@cache
def _rows() -> tuple[Region, ...]:
    table = read_table("regions.csv")
    renamed = {row["code"]: row["successor"] for row in table if row["relation"] == "same"}
    return tuple(
        Region(
            row["code"],
            row["name"],
            tuple(row["short"].split("|")) if row["short"] else (),
            row["level"],
            row["parent"],
            int(row["valid_from"] or 0),
            int(row["valid_to"] or _LAST_YEAR),
            _identity(row, renamed),
        )
        for row in table
    )


def _identity(row: dict[str, str], renamed: dict[str, str]) -> str:
    if row["relation"] == "merged":
        # The code may have gone on to another region (500110 万盛区, now 綦江区): the year tells them apart.
        return f"{row['code']}-{row['valid_to']}" if row["successor"] == row["code"] else row["code"]
    code = row["code"]
    while renamed.get(code, code) != code:
        code = renamed[code]
    return code


@cache
def _by_code() -> dict[str, tuple[Region, ...]]:
    return _grouped((region.code, region) for region in _rows())


@cache
def _by_identity() -> dict[str, tuple[Region, ...]]:
    return _grouped((region.identity, region) for region in _rows())


@cache
def _by_name() -> dict[str, tuple[Region, ...]]:
    return _grouped((name, region) for region in _rows() for name in (region.name, *region.shorts))


@cache
def _by_stem() -> dict[str, tuple[Region, ...]]:
    return _grouped((stem_of(region), region) for region in _rows())


def _grouped(pairs: Iterable[tuple[str, Region]]) -> dict[str, tuple[Region, ...]]:
    groups: dict[str, list[Region]] = {}
    for key, region in pairs:
        groups.setdefault(key, []).append(region)
    return {key: tuple(group) for key, group in groups.items()}
