"""The kinds of public body and the central bodies, as their data files list them, looked up by printed name.

Local bodies are a region and a kind (`agency_kinds.csv`); central bodies stand one by one
(`central_bodies.csv`). A body that took over from another has an id of its own; the files name the successor.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.tables import read_table

GOVERNMENT = "government"
ZONE_COMMITTEE = "zone_committee"

# Words that a name may have or lack without naming another body: 发展和改革局, 发展改革局, 发展与改革局.
_LINKS = re.compile("[和与及暨、]|以及")
_NOISE = re.compile(r"[\s\u200b-\u200f\ufeff\"“”'‘’《》〈〉<>【】\[\]·:：,，.。;；]+")
_OWN_LEVEL = re.compile(r"\((?:本级|本级机关|本机关|本部门|机关|本级部门|部门)\)|本级(?:机关)?$")
# What the name of an organisation ends with, where no row of the data files knows it.
_ORGANISATION = re.compile(
    r"(?:局|厅|署|委员会|委|办公室|办事处|办|处|部|院|所|馆|台|站|队|中心|支队|总队|分局|公司|集团|学校|学院|大学|中学"
    r"|小学|医院|协会|联合会|基金会|银行|分行|支行|社|厂|场)$",
)
_LAST_YEAR = 9999


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of body under one of its names: `slug` is one for all spellings, `name` this one's long form."""

    slug: str
    name: str


# The governing body of a zone has this name, however it prints 管理委员会.
COMMITTEE = Kind(ZONE_COMMITTEE, "管委会")


@dataclass(frozen=True, slots=True)
class Branch:
    """A territorial branch of a central system: what stands before and after the place in its name."""

    slug: str
    before: str
    after: str
    name: str


@dataclass(frozen=True, slots=True)
class CentralBody:
    """One name of a central body and the years in which it bore it (0 and 9999 where open)."""

    agency_id: str
    name: str
    type: str
    valid_from: int
    valid_to: int

    def in_force(self, year: int) -> bool:
        """Whether a report for `year`, written a year later, may print this name."""
        return self.valid_from <= year + 1 and year <= self.valid_to


def clean(name: str) -> str:
    """The name in one width, without white space, quotes and the remark that it is the body alone (本级)."""
    return _OWN_LEVEL.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", name)))


def fold_kind(name: str) -> str:
    """The name without the link words that its spellings have or lack."""
    return _LINKS.sub("", name)


# Readings try every cut of a name: the same endings come back from page to page.
@lru_cache(maxsize=16384)
def kind_named(name: str) -> Kind | None:
    """The kind of body that `name` (without its region) means, or None.

    >>> kind_named("发展与改革委员会").slug, kind_named("发改委").name
    ('development_reform', '发展和改革委员会')
    """
    kinds = _kinds()
    folded = fold_kind(name)
    return kinds.get(folded) or kinds.get(folded.removeprefix("人民政府"))


def central_named(name: str) -> tuple[CentralBody, ...]:
    """Central bodies that bear or bore `name` or have it as their customary short form; () for none."""
    return _central().get(name) or _central().get(name.removeprefix("中华人民共和国"), ())


def central_prefix(name: str) -> tuple[tuple[CentralBody, ...], str]:
    """The central bodies whose name is the longest beginning of `name`, and the rest; ((), name) for none."""
    name = name.removeprefix("中华人民共和国")
    for end in range(len(name) - 1, 2, -1):
        found = _central().get(name[:end])
        if found:
            return found, name[end:]
    return (), name


def branches_like(name: str) -> tuple[tuple[Branch, str], ...]:
    """Branch patterns that fit `name`, with the place each leaves, the most specific pattern first."""
    fitting = [
        (branch, name[len(branch.before) : len(name) - len(branch.after)])
        for branch in _branches()
        if name.startswith(branch.before)
        and name.endswith(branch.after)
        and len(name) > len(branch.before) + len(branch.after) + 1
    ]
    return tuple(sorted(fitting, key=lambda pair: len(pair[1])))


def zone_end(text: str) -> int:
    """Where the name of a zone at the start of `text` ends, 0 for none: the longest before a body or the end.

    >>> text = "平潭综合实验区财政金融局"
    >>> text[: zone_end(text)]
    '平潭综合实验区'
    """
    types = tuple(_zone_types())
    for end in range(len(text), 1, -1):
        if text.endswith(types, 0, end):
            rest = text[end:]
            if not rest or kind_named(rest) or is_organisation(rest):
                return end
    return 0


def zone_key(local: str) -> str:
    """The zone's name with its class in one spelling (高新技术产业开发区 → 高新区)."""
    for spelling, standard in _zone_types().items():
        if local.endswith(spelling):
            return local[: -len(spelling)] + standard
    return local


def is_zone_class(local: str) -> bool:
    """Whether the words name a class of zone only (高新区): which one, another word must say."""
    return local in _zone_types()


def township_named(text: str) -> tuple[str, Kind] | None:
    """Name of the township and its kind of body, or None; a township printed alone means its government.

    >>> township_named("敖东镇政府")
    ('敖东镇', Kind(slug='township_government', name='人民政府'))
    """
    match = _township().fullmatch(text)
    if not match:
        return None
    place = match["place"]
    for row in _table("township"):
        if place.endswith(tuple(row["spellings"].split("|"))):
            return place, Kind(row["kind"], row["name"])
    return None


def is_organisation(text: str) -> bool:
    """Whether the words end as an organisation's name does."""
    return len(text) > 1 and bool(_ORGANISATION.search(text))


def _table(use: str) -> list[dict[str, str]]:
    return [row for row in _all_kinds() if row["use"] == use]


def _spellings(row: dict[str, str], name: str) -> list[str]:
    return [name, *filter(None, row["spellings"].split("|"))]


@cache
def _all_kinds() -> tuple[dict[str, str], ...]:
    return tuple(read_table("agency_kinds.csv"))


@cache
def _kinds() -> dict[str, Kind]:
    return {
        fold_kind(spelling): _kind(row["kind"], row["name"], spelling)
        for row in _table("kind")
        for spelling in _spellings(row, row["name"])
    }


def _kind(slug: str, name: str, spelling: str) -> Kind:
    """The kind under its long form: the row's name where `spelling` shortens it, else the spelling itself."""
    if slug == ZONE_COMMITTEE:
        return COMMITTEE
    left = iter(fold_kind(name))
    shortened = all(character in left for character in fold_kind(spelling))
    return Kind(slug, name if shortened else spelling)


@cache
def _branches() -> tuple[Branch, ...]:
    found = []
    for row in _table("branch"):
        for spelling in _spellings(row, row["name"]):
            before, _, after = spelling.partition("{}")
            found.append(Branch(row["kind"], before, after, row["name"]))
    return tuple(found)


@cache
def _zone_types() -> dict[str, str]:
    """Spelling of a class of zone → the shortest spelling of that class, longest spelling first."""
    classes = {
        spelling: min(_spellings(row, row["name"]), key=len)
        for row in _table("zone")
        for spelling in _spellings(row, row["name"])
    }
    return dict(sorted(classes.items(), key=lambda pair: (-len(pair[0]), pair[0])))


@cache
def _township() -> re.Pattern[str]:
    classes = "|".join(spelling for row in _table("township") for spelling in row["spellings"].split("|"))
    return re.compile(rf"(?P<place>.{{1,12}}?(?:{classes}))(?:人民政府|政府|办事处|办)?")


@cache
def _central() -> dict[str, tuple[CentralBody, ...]]:
    bodies: dict[str, list[CentralBody]] = {}
    for row in read_table("central_bodies.csv"):
        body = CentralBody(
            row["agency_id"],
            row["name"],
            row["type"],
            int(row["valid_from"] or 0),
            int(row["valid_to"] or _LAST_YEAR),
        )
        for spelling in _spellings(row, row["name"]):
            bodies.setdefault(spelling, []).append(body)
    return {spelling: tuple(found) for spelling, found in bodies.items()}
