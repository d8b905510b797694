"""Headings: which line opens a section, with what number and what title.

Forms seen: 一、 / 一 概述 / 第一部分 / （一） / (一) / 1. / 1、 / １．; a run-in heading ends at its first full stop.
一是…, ①… and （1）… are not headings.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from corpus.labels import fold, simplify, split_label
from corpus.tables import read_table

_NUMERALS = "一二三四五六七八九十"
_LEVELS = (
    (1, re.compile(rf"第\s?[{_NUMERALS}]{{1,3}}\s?(?:部分|章)\s?[、:：.．]?\s?")),
    (1, re.compile(rf"[{_NUMERALS}]{{1,3}}\s?[、.．，,]\s?")),
    (1, re.compile(rf"[【\[〔][{_NUMERALS}]{{1,3}}[】\]〕]\s?")),
    (1, re.compile(rf"[{_NUMERALS}]{{1,2}}\s(?=\S)")),
    (2, re.compile(rf"[（(]\s?[{_NUMERALS}]{{1,3}}\s?[）)]\s?[、.．]?\s?")),
    (3, re.compile(r"[0-9０-９]{1,2}\s?[、.．]\s?(?![0-9０-９])")),
    (4, re.compile(r"[（(]\s?[0-9０-９]{1,2}\s?[）)]\s?")),
)
# What a heading may begin with: only patterns that begin so need be tried.
_OPENERS = {
    **dict.fromkeys("第", _LEVELS[:1]),
    **dict.fromkeys(_NUMERALS, (_LEVELS[1], _LEVELS[3])),
    **dict.fromkeys("【[〔", _LEVELS[2:3]),
    **dict.fromkeys("（(", (_LEVELS[4], _LEVELS[6])),
    **dict.fromkeys("0123456789０１２３４５６７８９", _LEVELS[5:6]),
}
# A number that stands alone, its title lost or set in the next line: 五、 / 一 / 第二部分.
_NUMBER_ALONE = re.compile(rf"第?[{_NUMERALS}]{{1,3}}(?:部分)?[、.．]?|[（(][{_NUMERALS}]{{1,3}}[）)]")
_BULLETS = "●■◆•▪★◎○▲►➢"
# The longest title of the forms has 30 characters, the longest run-in heading seen 34; see the lengths in the tests.
_MAX_TITLE = 45
_MAX_TITLE_TOP = 60
_MAX_COLON = 25
# A numbered item of one sentence with a comma is a list item from this length on, a heading below it.
_MAX_ITEM = {1: 60, 2: 40, 3: 25, 4: 12}
# A line of its own without a full stop may be longer: list items end with one.
_MAX_OPEN = {1: 90, 2: 80, 3: 45, 4: 20}

_FIGURE = re.compile(
    r"[0-9０-９][0-9０-９,，.．]*\s?(?:余|多)?\s?[万亿]?\s?(?:件|条|次|宗|人|篇|份|期|个|项|起|例|元|家|场|部|%|％)"
)
_STOP = re.compile(r"[。！？]")
_CLAUSE = re.compile("[，,；;]")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_COLON = re.compile(r"[:：]")
# A row of a table that was saved as text: a label and its numbers.
_NUMBERS_AFTER = re.compile(r"\S(?:\s+[-0-9０-９/—.,]+){2,}\s*$")
_REPORT = re.compile(r"年度?.{0,12}(?:报告|年报)|信息公开年报")
_ANNEX_PREFIX = re.compile(r"附(?:件|表|录)?\s?[0-9０-９一二三四五六]{0,2}\s?[:：].{2,40}")
_STATISTICS = re.compile(r".{0,30}信息公开.{0,8}统计表")
_LONGEST_STATISTICS = 45
_ANNEX_DETAIL = re.compile(
    r"[（(].{2,20}[）)]|(?:填报|填表|报送|制表|统计)(?:单位|机关|时间|日期|人).{0,60}|.{0,12}单位\s?[:：].{0,40}"
)
_OPEN_END = ("；", ";", "，", ",", "、")
_ANNEX = re.compile(
    r"附(?:件|表|录)?\s?[0-9０-９一二三四五六]{0,2}\s?[:：]?.{0,40}|.{2,40}(?:统计表|情况表|汇总表|附表|报表)"
)
_DATE_LINE = re.compile(
    r".{0,30}(?:[12][0-9]{3}|[二一][○〇零０0一二三四五六七八九]{3})\s?年\s?[0-9一二三四五六七八九十]{1,3}\s?月"
    r"(?:\s?[0-9一二三四五六七八九十]{1,4}\s?日)?",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as printed: `number` (（二）), `title` (依申请公开方面。) and `rest`, what runs on after it."""

    level: int
    number: str
    title: str
    rest: str


def match_heading(text: str) -> Heading | None:
    """The numbered heading that a line opens with, or None.

    >>> match_heading("（二）依申请公开方面。全年收到申请70件。").rest
    '全年收到申请70件。'
    >>> match_heading("1.受理申请21件，均已答复。") is None
    True
    """
    if not text:
        return None
    opener = text[0]
    if opener not in _OPENERS:
        if opener not in _BULLETS and not "\ue000" <= opener <= "\uf8ff":  # Wingdings stand in the private area
            return None
        bare = text.lstrip(_BULLETS + opener + " ")
        return match_heading(bare) if len(bare) < len(text) else None
    if len(text) < 3 and text[0] in _NUMERALS and text.endswith(("、", ".", "．")):
        return Heading(1, text, "", "")  # the title is lost
    for level, pattern in _OPENERS[opener]:
        match = pattern.match(text)
        if match:
            if _NUMBERS_AFTER.search(text[-60:]):
                return None
            number = match.group().strip()
            return _with_title(level, number, text[match.end() :])
    return None


def is_number_alone(text: str) -> bool:
    """Whether a line is nothing but a section's number."""
    return len(text) < 6 and bool(_NUMBER_ALONE.fullmatch(text))


def is_title_like(text: str) -> bool:
    """Whether an unnumbered line could be a section's title: short, no sentence, not the report's own title."""
    return 2 <= len(text) <= _MAX_TITLE and not _STOP.search(text) and not _REPORT.search(text)


def is_annex_title(text: str) -> bool:
    """Whether a line names an annex table (…情况统计表, 附件：…)."""
    return bool(_ANNEX.fullmatch(text)) and not _STOP.search(text)


def is_annex_prefixed(text: str) -> bool:
    """Whether a line calls itself an annex and gives its title: 附：…统计表."""
    return bool(_ANNEX_PREFIX.fullmatch(text)) and is_annex_title(text)


def names_statistics(text: str) -> bool:
    """Whether a line names the statistics table of the whole report (…政府信息公开情况统计表)."""
    # Conversion to simplified characters is dear, and makes no text half as long.
    return len(text) <= 2 * _LONGEST_STATISTICS and bool(_STATISTICS.fullmatch(simplify(text)))


def is_annex_detail(text: str) -> bool:
    """Whether a line stands between an annex's title and its table: the year, who filled it in, the unit."""
    return bool(_ANNEX_DETAIL.fullmatch(text))


def is_date_line(text: str) -> bool:
    """Whether a line is a signature's date, with at most a short name before it."""
    return len(text) <= 50 and bool(_DATE_LINE.fullmatch(fold(text)))


# Archives print few titles many times; all that are asked for are short.
@lru_cache(maxsize=4096)
def canonical(title: str) -> str:
    """Id of the section that a title means (`corpus/data/sections.csv`), '' where its words settle none."""
    return _canonical(fold(title)) or _canonical(simplify(fold(title)))


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for number, width and punctuation."""
    return split_label(one).words == split_label(other).words


def _with_title(level: int, number: str, rest: str) -> Heading | None:
    stop = _STOP.search(rest)
    end = stop.end() if stop else len(rest)
    limit = _MAX_TITLE_TOP if level == 1 else _MAX_TITLE
    sentence = rest[:end]
    colon = _COLON.search(sentence)
    if colon and colon.end() < len(rest) and colon.start() <= _MAX_COLON:
        return _checked(level, number, rest[: colon.end()], rest[colon.end() :])
    if end > limit and (stop or end > _MAX_OPEN[level]):
        return None
    if level == 4 and (stop or end > _MAX_OPEN[level]):
        return None  # （1）… in running text is an item of a list
    if end == len(rest) and stop and len(sentence) > _MAX_ITEM[level] and _CLAUSE.search(sentence):
        return None
    return _checked(level, number, sentence, rest[end:])


def _checked(level: int, number: str, title: str, rest: str) -> Heading | None:
    title = title.strip()
    if not title.strip("。.:： ") or title.endswith(_OPEN_END) or (level > 1 and _FIGURE.search(title)):
        return None
    if not _IDEOGRAPH.search(title):
        return None
    return Heading(level, number, title, rest.strip())


def _canonical(words: str) -> str:
    return next((section for known, section in _section_words() if known in words), "")


@cache
def _section_words() -> tuple[tuple[str, str], ...]:
    return tuple((row["words"], row["canonical"]) for row in read_table("sections.csv"))
