"""Years, dates and periods as reports print them, in figures or in Chinese numerals.

Nothing is completed: a date with a lost character or an impossible month is no date.
"""

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_DIGITS = str.maketrans("〇○零ＯOoo一二三四五六七八九", "0000000123456789")
# 二〇一三 (U+3007), 二○一三 (U+25CB), 二Ｏ一三, 2O13; then 一月, 二十日, 三十一日.
_CHINESE_YEAR = re.compile(r"[二2][〇○零Oo0][〇○零Oo0-9一二三四五六七八九]{2}(?=年)")
_CHINESE_DAY = re.compile(r"([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日])")
_GAPS = re.compile(r"(?<=\d)\s+(?=[年月日])|(?<=[年月])\s+(?=\d)")

# Disclosure reports begin in 2004 (Shanghai); a number past 2049 is no year of one.
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_DATE = re.compile(r"(?<!\d)(20[0-4]\d)[-/.年](\d{1,2})[-/.月](\d{1,2})(?!\d)日?")
_COMPACT = re.compile(r"(20[0-4]\d)(\d\d)(\d\d)(?:\d{6})?")

# 自2012年1月1日起至2012年12月31日; 从2019年1月1日到12月31日止; 2010年1月至12月; 2012.1.1-2012.12.31
_RANGE = re.compile(
    r"(?P<y1>20[0-4]\d)[年./-](?P<m1>\d{1,2})[月./-]?(?:(?P<d1>\d{1,2})日?)?(?:起|开始)?,?(?:至|到|—+|-+|~+)"
    r"(?:(?P<y2>20[0-4]\d)[年./-])?(?P<m2>\d{1,2})[月./-]?(?:(?P<d2>\d{1,2})日?)?",
)
# 自201011日起20101231止: the characters 年, 月 and 日 were lost, only the years can be told.
_LOST_RANGE = re.compile(r"(20[0-4]\d)\d{1,4}日?起?(?:至|到)?(20[0-4]\d)\d{1,4}日?止?")
# 据统计,2020年1月至6月… counts a part of the year: only words for the period itself lead to it.
PERIOD_WORDS = re.compile("统计(?:数据|时间|时段|期|范围)|期限|时段|时限|起止|报告期|所列|数据[^。;]{0,6}(?:自|从|为)")
_SENTENCE = re.compile("[。;；\n]")


@dataclass(frozen=True, slots=True)
class Period:
    """The time that a report's figures cover: ISO dates or '', its year or None, the words that say so."""

    start: str
    end: str
    year: int | None
    printed: str


NO_PERIOD = Period("", "", None, "")


@lru_cache(maxsize=4096)
def arabic(text: str) -> str:
    """The text in one width, with Chinese numerals of years, months and days in figures.

    >>> arabic("二○一三年一月二十日")
    '2013年1月20日'
    """
    text = unicodedata.normalize("NFKC", text)
    text = _CHINESE_YEAR.sub(lambda match: match[0].translate(_DIGITS), text)
    text = _CHINESE_DAY.sub(lambda match: str(_small(match[0])), text)
    return _GAPS.sub("", text)


def years_in(text: str) -> tuple[int, ...]:
    """The different years that the text prints, in order."""
    return tuple(dict.fromkeys(int(year) for year in _YEAR.findall(arabic(text))))


def date_in(text: str) -> tuple[str, str]:
    """The first full date of the text, in ISO 8601 and as printed; ('', printed) when there is no such day.

    >>> date_in("时间：2013-02-25 00:00"), date_in("2013年13月1日")
    (('2013-02-25', '2013-02-25'), ('', '2013年13月1日'))
    """
    text = arabic(text)
    match = _DATE.search(text) or _COMPACT.fullmatch(text.strip())
    if not match:
        return "", ""
    return _iso(int(match[1]), int(match[2]), int(match[3])), match[0]


def period_in(texts: Iterable[str]) -> Period:
    """The first period that a sentence about the figures states; `NO_PERIOD` when none does."""
    for text in texts:
        if not ("20" in text or "二" in text or "２" in text) or not PERIOD_WORDS.search(text):
            continue
        for sentence in _SENTENCE.split(text):
            if PERIOD_WORDS.search(sentence):
                period = _period(re.sub(r"\s", "", arabic(sentence)))
                if period.printed:
                    return period
    return NO_PERIOD


def _period(sentence: str) -> Period:
    match = _RANGE.search(sentence)
    if match:
        first, last = int(match["y1"]), int(match["y2"] or match["y1"])
        start = _iso(first, int(match["m1"]), int(match["d1"] or 1))
        end = _iso(last, int(match["m2"]), int(match["d2"] or _last_day(last, int(match["m2"]))))
        return Period(start, end, first if first == last else None, match[0])
    lost = _LOST_RANGE.search(sentence)
    if lost:
        return Period("", "", int(lost[1]) if lost[1] == lost[2] else None, lost[0])
    return NO_PERIOD


def _small(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return int(numeral.translate(_DIGITS))
    return int((tens or "一").translate(_DIGITS)) * 10 + int((ones or "0").translate(_DIGITS))


def _iso(year: int, month: int, day: int) -> str:
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _last_day(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
