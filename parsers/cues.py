"""Words around a number that tell how it is meant: whose it is, of which time, exact or not.

They are data (`corpus/data/claim_cues.csv`); this module makes patterns of them and answers small questions.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from corpus.tables import read_table
from parsers.numbers import chinese_number
from parsers.records import Identity, Period

_YEAR = r"(?:19|20)[0-9]{2}|[一二][零〇○九][零〇○一二三四五六七八九]{2}"
_WHITE = re.compile(r"[\s\x00“”‘’\"'「」『』]+")
# An agency that speaks of itself or of all it reports on: 我局, 本机关, 全区各级行政机关, 各级海关单位.
_UNITS = "[省市区县州盟旗镇乡局委厅办院校部署所队站关国会社司馆]|街道|系统|机关|单位|中心|公司|园区|新区"
_BODIES = "行政机关|工作部门|政府信息公开单位|公开单位|政府部门|职能部门|机关|部门|单位|政府"
_AGENT = (
    rf"(?:我|本|全)(?:{_UNITS}){{1,3}}(?:各级|各)?(?:{_BODIES}|各级|各地|系统|、|和|及)*(?:#(?:{_BODIES}))?"
    rf"|各级(?:[\u4e00-\u9fff]{{2}})?(?:{_BODIES})(?:[、和及]?各?(?:{_BODIES}))*|本级政府|#(?:{_BODIES})"
)
_BODY_ENDING = re.compile(r"(?:人民政府|政府|管委会|管理委员会)(?:办公厅|办公室)?$")
_FORMER_NAME = re.compile(r"[（(][^（()）]*[）)]$")
# 全国海关系统 in the report of a customs body is all of it; 全市教育系统 in that of a city is a part.
_SYSTEM = re.compile(r"(?:全[国省市区县州](?=[\u4e00-\u9fff]{2}系统)|各级)([\u4e00-\u9fff]{2})(?:系统)?")
_SHORTEST_NAME = 4
_REGIONS, _KINDS = "省市区县州盟旗", "局厅委办署部院校会"
# A longer stretch before a rule's words is a sentence of its own, and not neutral.
_LONGEST_NEUTRAL = 60
# 对照由截止到2016年: what may stand before a time and belongs to it.
_LONGEST_BEFORE_TIME = 6


@cache
def cue(use: str) -> re.Pattern[str]:
    """Any word of one use, the longest first."""
    return re.compile(_alternatives(use))


@cache
def ending(use: str) -> re.Pattern[str]:
    """A word of one use at the end of a text."""
    return re.compile(rf"(?:{_alternatives(use)})$")


@cache
def cue_at_end(use: str) -> re.Pattern[str]:
    """Words of one use that a text ends with, as many as there are."""
    return re.compile(rf"(?:{_alternatives(use)})+$")


def _words_of(use: str) -> list[str]:
    return [row["word"] for row in read_table("claim_cues.csv") if row["use"] == use]


def _alternatives(use: str) -> str:
    words = _words_of(use)
    return "|".join(re.escape(word) if use in _LITERAL else word for word in sorted(words, key=len, reverse=True))


_LITERAL = frozenset(("name",))


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """The text without white space, quotes and blotted names."""
    return _WHITE.sub("", text)


def without_links(own: str) -> str:
    """A subject without what only leads over to its number: 收到申请数量共为 → 收到申请."""
    return cue_at_end("link").sub("", own)


@lru_cache(maxsize=64)
def agent_names(identity: Identity) -> tuple[str, ...]:
    """What the reporting body may call itself, the longest first."""
    names = {identity.agency, identity.agency_as_printed} - {""}
    names |= {name.replace("人民政府", "政府") for name in names}
    names |= {_BODY_ENDING.sub("", name) for name in names}
    # A body that is itself a committee of a zone, whatever its report covers.
    endings = [_BODY_ENDING.search(_FORMER_NAME.sub("", name)) for name in names]
    names |= {"管委会" for ending in endings if ending and ending.group().startswith("管")}
    if identity.report_scope not in ("area", "system"):
        # 市政府办公厅 is 上海市人民政府办公厅; in the report of an area it may be one body of many.
        for name in tuple(names):
            names |= {name[i:] for i in range(len(name) - _SHORTEST_NAME + 1) if name[i] in _REGIONS}
            # 省厅, 市局, 委机关: the body by its kind and the level of its region
            regions = [character for character in name if character in _REGIONS]
            names |= {f"{region}{name[-1:]}" for region in regions if name[-1:] in _KINDS}
            names |= {f"{name[-1:]}机关" for _ in name[-1:] if name[-1:] in _KINDS}
    return tuple(sorted((name for name in names if len(name) > 1), key=lambda n: (-len(n), n)))


@cache
def _neutral() -> re.Pattern[str]:
    times = [row["word"] for row in read_table("claim_cues.csv") if row["use"] == "time" and row["meaning"] == "year"]
    words = "|".join(sorted((*times, *(word for word in _words_of("adverb"))), key=len, reverse=True))
    by_rule = r"(?:依据|按照|根据|依照|遵照)《[^》]{1,60}》(?:的)?(?:规定|要求)?"
    as_of = r"截至[^，；]{0,10}?(?:底|末|日|月)"
    # 通过门户网站、公报等平台: all channels together, and so the whole
    channels = r"通过[^，；。#]{1,40}?等[^，；。#]{0,6}?(?:平台|渠道|媒介|载体|形式|方式|途径)"
    return re.compile(
        rf"(?:{_AGENT}|{as_of}|{channels}|{by_rule}|(?:{_YEAR})年度?|代表[省市区县州]政府|{words}|[，,；;。：:、#])*+"
    )


def is_neutral(before: str, identity: Identity) -> bool:
    """Whether the words before a subject name nothing but the reporting body as a whole, the year and the like.

    各乡镇, 教育局 or 在线 are not neutral: what follows counts a part.
    """
    if len(before) > _LONGEST_NEUTRAL:
        return False
    if _is_always_neutral(before):
        return True
    system = _SYSTEM.search(before)
    if system and _stands_for(system[1], identity.agency or identity.agency_as_printed):
        return bool(_neutral().fullmatch(before[: system.start()] + before[system.end() :]))
    for name in agent_names(identity):
        if name in before:
            return bool(_neutral().fullmatch(before.replace(name, "，", 1)))
    return False


@lru_cache(maxsize=4096)
def _is_always_neutral(before: str) -> bool:
    return bool(_neutral().fullmatch(before))


def _stands_for(short: str, name: str) -> bool:
    """Whether a short name's characters stand in a name in their order: 国税 in 国家税务局."""
    rest = iter(name)
    return all(character in rest for character in short)


def without_frame(words: str) -> str:
    """A subject without the year, 我局 and the like, and the adverbs before it; names of bodies stay."""
    found = _frame().match(words)
    return words[found.end() :] or words if found else words


@cache
def _frame() -> re.Pattern[str]:
    times = "|".join(row["word"] for row in read_table("claim_cues.csv") if row["use"] == "time")
    return re.compile(
        rf"(?:{_AGENT}|(?:{_YEAR})年度?|{_alternatives('frame')}|{times}(?!结转|转|遗留)|[，,；;。：:、#])*+"
    )


@cache
def _times() -> re.Pattern[str]:
    rows = [row for row in read_table("claim_cues.csv") if row["use"] == "time"]
    groups: dict[str, list[str]] = {}
    for row in rows:
        groups.setdefault(row["meaning"], []).append(row["word"])
    named = "|".join(
        f"(?P<{meaning}>{'|'.join(sorted(words, key=len, reverse=True))})" for meaning, words in sorted(groups.items())
    )
    carried, compare = _alternatives("carried"), _alternatives("compare")
    return re.compile(
        rf"(?P<compare>{compare})?(?P<source>由|从)?(?P<asof>截至|截止到?|到|至)?"
        rf"(?:(?P<number>{_YEAR})年(?!(?:部门)?[预决]算|政?[府务]?务?公开工作要点|工作要点|版)"
        rf"度?(?P<month>\s?[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?(?P<end>底|末)?(?P<since>以来|至今|起)?"
        rf"|{named})(?P<carried>(?:度)?(?:亦|也|均|没有|无|未|的)*(?:{carried}))?(?P<of>的?(?=[0-9０-９]))?"
    )


@cache
def _times_begin() -> re.Pattern[str]:
    """Characters that a year or another word of time can begin with: the long pattern is tried at these places only.

    A digit is one of them where a year, a month or a quarter follows: most digits of a sentence are its figures.
    """
    characters = "".join(map(firsts, _words_of("time")))
    return re.compile(rf"[12一二{characters}](?:(?<!\d)|(?=\d{{0,3}}[年月季]))")


@cache
def _before_times() -> frozenset[str]:
    """Characters of what may stand before a time and belongs to it: 与截至去年."""
    return frozenset("".join((*_words_of("compare"), "由从截至止到")))


def _time_at(text: str, place: int, start: int, end: int) -> re.Match[str] | None:
    """The expression of time whose year or other word begins at a place, with what stands before it."""
    before, times = _before_times(), _times()
    first = place
    while first > start and text[first - 1] in before and place - first < _LONGEST_BEFORE_TIME:
        first -= 1
    while first < place:
        if match := times.match(text, first, end):
            return match
        first += 1
    return times.match(text, place, end)


def firsts(word: str) -> str:
    """What a word of the data can begin with, as the inside of a set; ValueError for a pattern that does not tell."""
    first = _FIRST.match(word)
    if first is None:
        message = f"a word of the data must begin with a character, a set or a choice: {word}"
        raise ValueError(message)
    own = first["set"] or first["one"] or "".join(map(firsts, first["choice"].split("|")))
    return own + firsts(word[first.end() :]) if first["optional"] else own


_FIRST = re.compile(
    r"(?:\(\?<![^)]*\))?"
    r"(?:\[(?P<set>[^\]^]+)\]|\(\?:(?P<choice>[^()]+)\)|(?P<one>\\d|[^\\\[\](){}?*+|.^$]))(?P<optional>[?*])?"
)


class Time(NamedTuple):
    """From here on the sentence speaks of this time; `once`: only its next number does (由上年的3件降为1件)."""

    at: int
    period: Period
    once: bool


def periods(text: str, start: int, end: int, year: int | None) -> list[Time]:
    """Where the sentence begins to speak of which time. A year after 较 or 比 is only compared with."""
    found: list[Time] = []
    last: tuple[int, int] | None = None  # end and year of the last year that was named
    at = start
    for first in _times_begin().finditer(text, start, end):
        match = _time_at(text, first.start(), at, end) if first.start() >= at else None
        if match is None:
            continue
        at = match.end()
        if match["carried"]:
            continue
        if match["number"]:
            named = _named_year(match["number"])
            if last is not None and last[1] != named and match.start() - last[0] <= 1:
                found.append(Time(match.end(), "other", once=False))  # 2022年、2023年分别: which is whose
                continue
            last = (match.end(), named)
        of_number = match["of"] is not None and match["of"] != ""
        if match["compare"] and not of_number:
            continue
        once = bool(match["source"]) or bool(match["compare"])
        found.append(Time(match.end(), _period(match, year), once))
    return found


def _named_year(text: str) -> int:
    return int(text) if text.isdigit() and text.isascii() else int(chinese_number(text.replace("○", "〇")) or 0)


def _period(match: re.Match[str], year: int | None) -> Period:
    as_of = match["asof"] or ""
    if as_of.startswith("截") or (match["number"] and match["end"]):
        return "to_date"
    if match["number"]:
        named = _named_year(match["number"])
        if match["since"] or match["month"]:
            return "other"
        if named == year:
            return "year"
        return "prior_year" if year is not None and named == year - 1 else "other"
    for kind in ("year", "prior_year", "to_date", "other"):
        if match[kind]:
            return kind
    return "other"
