"""What an item of a list says → the title of a report, or that it is none.

Lists print more than the title (bullets, numbers, dates, kinds of file) and less than it: long titles are cut, what the
column is about is left out, the year stands in another cell of the row.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from corpus.agencies import resolve_agency
from corpus.labels import simplify
from parsers.dates import arabic, date_in
from parsers.titles import Title, read_title

LONGEST_TITLE = 60

_SUBJECT = "政府信息公开"
# 2020年度报告, 2020年年报: titles that leave out what the column is about; it belongs behind the year.
_YEAR = re.compile(r"20[0-4]\d(?:年度|年)?")
_YEAR_ALONE = re.compile(r"20[0-4]\d(?:年度|年)")
_ABOUT = re.compile(r"(?:信息|政务)公开")
_YEARLY = re.compile(rf"{_ABOUT.pattern}.{{0,8}}(?:年报|年度报告)")
CUT = re.compile(r"(?:\.{2,}|…+|‥)$")
# How titles go on where a list cuts them; at least 政府信息 must be left to tell.
_WHOLE = ("政府信息公开工作年度报告", "政府信息公开年度报告", "政府信息公开工作报告", "政府信息公开年报")
_LEFT = 4
_SIGN = re.compile(r"[报報…‥]|\.\.")  # no title of a report is without
# What is made of a report is none (一图读懂…报告), nor what reports on less than a year.
_NO_REPORT = re.compile("一图|图解|读懂|长图|视频|动漫|季度|半年")
_YEAR_LAST = re.compile(r"20[0-4]\d(?:年度?)?$")
_DAY = r"[\[(（【]?20\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?[\])）】]?(?:\s?\d{1,2}:\d\d(?::\d\d)?)?"
# `· `, `1. `, `（2）`, `[2022-01-20]`, `【年报】` before a title
_BEFORE = re.compile(
    rf"(?:[·•●■◆▪▶►※★☆○◇>》-]+|\(?\d{{1,3}}[).、．]|（\d{{1,3}}）|(?P<day>{_DAY})|[\[【](?!20)[^\[\]【】]{{1,12}}[\]】])\s*"
)
# `2022-01-20`, `(PDF)`, `.docx`, `NEW` behind one
_BEHIND = re.compile(
    rf"\s*(?:(?P<day>{_DAY})|\.(?:pdf|docx?|xlsx?|wps|ofd|s?html?)|[(（](?:pdf|docx?|word|wps|ofd|点击下载|下载)[)）]"
    r"|\bnew!?|热|hot)$",
    re.IGNORECASE,
)
_MOST_MARKS = 4


@dataclass(frozen=True, slots=True)
class Column:
    """What a page says of its list: whether it is about disclosure, whether about yearly reports, of which years."""

    about: bool
    yearly: bool
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ListedTitle:
    """An item's title: as printed but for the marks around it, taken apart, and the day that stood beside it or ''."""

    printed: str
    title: Title
    day: str

    @property
    def year(self) -> int:
        """The year that it reports on."""
        return self.title.years[0]


def read_column(html_title: str, lines: Iterable[tuple[str, bool]]) -> Column:
    """Tell what a list is about, from the page's title and its lines, each with whether it is a link.

    Years count only where a title says that all of the list is of one: links are items.
    """
    about = yearly = False
    years: dict[int, None] = {}
    for text, linked in ((html_title, False), *lines):
        if len(text) > LONGEST_TITLE or "公" not in text:
            continue
        simple = simplify(text)
        about = about or bool(_ABOUT.search(simple))
        if _YEARLY.search(simple):
            yearly = True
            title = None if linked else read_title(simple)
            years |= dict.fromkeys(title.years if title else ())
    return Column(about, yearly, tuple(years))


def read_item(printed: str, column: Column, row_years: Collection[int] = ()) -> ListedTitle | None:
    """Take an item's words for the title of a report, or None; `row_years` are years that its row prints alone.

    >>> read_item("· 清河县财政局2021年政府信息公开年度报告 2022-01-20", Column(True, True, ())).day
    '2022-01-20'
    """
    if len(printed) > 2 * LONGEST_TITLE or not _SIGN.search(printed):
        return None
    words, day = _bared(printed)
    if len(words) > LONGEST_TITLE or _NO_REPORT.search(words):
        return None
    title = _title(words, column)
    if title and not title.years and not _YEAR.search(arabic(words)):
        years = row_years or column.years
        title = replace(title, years=tuple(years))
    if title is None or len(title.years) != 1:
        return None
    if not title.agency and title.remark and resolve_agency(title.remark.strip("()"), title.years[0]).how != "none":
        title = replace(title, agency=title.remark.strip("()"))  # 2021年…年度报告（清河县财政局）
    return ListedTitle(words, title, day)


def read_year_alone(printed: str, column: Column) -> ListedTitle | None:
    """Take 2021年 or 2021年度 for the report of that year, in a column of such reports."""
    words, day = _bared(printed)
    if not column.yearly or not _YEAR_ALONE.fullmatch(arabic(words)):
        return None
    title = read_title(f"{arabic(words)}{_WHOLE[-1]}")
    return ListedTitle(words, title, day) if title else None


def _bared(printed: str) -> tuple[str, str]:
    """The words without the marks around them, and the day among those."""
    words, day = printed.strip(), ""
    for pattern in (_BEFORE, _BEHIND):
        for _ in range(_MOST_MARKS):
            match = pattern.match(words) if pattern is _BEFORE else pattern.search(words)
            if not match or not match[0] or match[0] == words:
                break
            day = day or date_in(match["day"] or "")[0]
            words = words[match.end() :] if pattern is _BEFORE else words[: match.start()]
    return words, day


def _title(words: str, column: Column) -> Title | None:
    cut = CUT.sub("", words)
    if cut != words:
        whole = _completed(cut, column)
        return read_title(whole) if whole else None
    title = read_title(words) or read_title(_YEAR_LAST.sub(r"(\g<0>)", arabic(words)))
    if title is None and column.about:
        title = read_title(_YEAR.sub(rf"\g<0>{_SUBJECT}", arabic(words), count=1))
        title = title if title and not title.agency else None
    return title


def _completed(cut: str, column: Column) -> str:
    """A cut title with the rest that it must have had, '' where that is anybody's guess."""
    words = simplify(cut.rstrip())
    for whole in _WHOLE:
        for left in range(len(whole) - 1, _LEFT - 1, -1):
            if words.endswith(whole[:left]):
                return words + whole[left:] if column.yearly or "报" in whole[:left] else ""
    return ""
