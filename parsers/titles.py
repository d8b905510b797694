"""The title of a report: found among the lines and metadata of a page, and taken apart into agency and year.

A title is agency and year, in either order, before the words for an annual report on disclosure. It may be
split over lines, printed twice, or stand only in `<title>`. A line that only begins like one
(…报告编制工作的通知) is none.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.agencies import resolve_agency
from corpus.labels import simplify
from parsers.dates import arabic, years_in

_LONGEST_LINE = 90
_MOST_LINES = 400
_MOST_PARTS = 3
# Between a title and the first heading stand its date and a paragraph or two.
_NEAR_TEXT = 6
# How far to trust a place: a line set as a heading, metadata, a plain line or `<title>`, words within a line.
_PROMINENT, _META, _PLAIN, _INSIDE = 5, 4, 3, 1
_META_NAMES = ("articletitle", "title", "og:title", "dc.title", "dcterms.title")

_YEAR_WORDS = r"(?<!\d)20[0-4]\d(?!\d)(?:年度|年)?"
_TITLE = re.compile(
    r"(?:关于)?(?P<head>[^。;!?|<>:：]{0,48}?)"
    r"(?P<subject>(?:政府)?(?:信息|政务|信息和政务|信息与政务)公开(?:和政府信息公开|与政府信息公开)?)"
    rf"(?P<fill>(?:工作|情况|年度|实施|执行|总结|的|{_YEAR_WORDS}){{0,6}})"
    r"(?P<end>报告|年报)"
    r"(?P<tail>(?:\([^()]{1,20}\)){0,2})",
)
_YEAR_PART = re.compile(_YEAR_WORDS)
# 2021-2022年度 is neither year; （2022年1月） is when it was published.
_TWO_YEARS = re.compile(r"20[0-4]\d\s*(?:年|年度)?[-—–－~～至]+\s*20[0-4]\d")
_MONTH = re.compile(r"20[0-4]\d年\d{1,2}月(?:\d{1,2}日)?")
_OPENING, _CLOSING = '《"“【[', '》"”】]'
_WHITE = re.compile(r"\s+")
# Words that tell a piece of news, an instruction or a breadcrumb from a title.
_NO_TITLE = re.compile(
    "公开|首页|位置|网站|通知|报送|做好|编制(?!委|办)|发布|公布|印发|填报|撰写|解读|模板|格式|公告|《"
)
# Characters of which every traditional title has one; conversion is for such lines only.
TRADITIONAL = re.compile("[開報資訊務縣區廳發佈機構間釋]")
_SITE_PARTS = re.compile(r"[_|｜—–>]+|\s-\s|-(?=\D)")
_OWN_PARTS = re.compile(r"^(?:关于|有关|我|本|全)+|(?:的|关于|年度|本级|年)+$")


@dataclass(frozen=True, slots=True)
class Title:
    """A title as printed, and what it says. `agency` is the printed name or '', `years` the years it names.

    `remark` is what its brackets say; `place` where it stands (lead, meta, html_title, text); `lines` are the
    lead lines that it fills; `weight` is how far such a place is to be trusted.
    """

    text: str
    agency: str
    years: tuple[int, ...]
    remark: str
    place: str
    lines: tuple[int, ...]
    weight: int

    @property
    def prominent(self) -> bool:
        """Whether it stands where a page puts the title of its own text, not in or within a plain line."""
        return self.weight > _PLAIN or self.place == "html_title"


def find_titles(
    lead: Sequence[tuple[str, bool]],
    metas: Sequence[tuple[str, str]],
    html_title: str,
    years: Collection[int],
) -> tuple[Title, ...]:
    """Every title on the page, the one to believe first; () when there is none.

    The year that most places bear out wins, `years` (those that period and tables name) among them; of its
    titles the fullest, then the most prominent. Plain lines that name several years, none of them borne out,
    are a list of reports and no title.
    """
    found = [*_in_lead(lead), *_in_metas(metas), *_in_parts(html_title), *_in_text(lead)]
    if _others_listed(found):
        borne = [t for t in found if t.prominent or not t.years or set(t.years) & set(years)]
        found = [t for t in found if t in borne or _heads_text(t, found, len(lead))]
    support: dict[tuple[int, ...], dict[str, int]] = {}
    for title in found:
        places = support.setdefault(title.years, {})
        places[title.place] = max(places.get(title.place, 0), title.weight)

    def trust(title: Title) -> tuple[bool, int, bool, int]:
        backing = sum(support[title.years].values()) + _PLAIN * bool(set(title.years) & set(years))
        return bool(title.years), backing, bool(title.agency), title.weight

    return tuple(sorted(found, key=trust, reverse=True))


def _others_listed(found: Sequence[Title]) -> bool:
    """Whether plain lines that name a year are links to other reports: the page's own title names none."""
    if any(title.prominent and title.years for title in found):
        return False
    own = any(title.prominent and title.agency for title in found)
    return own or len({title.years for title in found if title.years}) > 1


def _heads_text(title: Title, found: Sequence[Title], n_lead: int) -> bool:
    """Whether a plain title stands right above the text, the only year and the body that the page's own title names."""
    near = bool(title.lines) and title.lines[-1] >= n_lead - _NEAR_TEXT
    own = any(other.prominent and other.agency == title.agency for other in found)
    return near and own and len({other.years for other in found if other.years}) == 1


# One title stands in the head of a page, in its metadata and above its text.
@lru_cache(maxsize=512)
def read_title(text: str) -> Title | None:
    """Take one line apart as a title, or None.

    >>> title = read_title("海关总署2010年海关信息公开工作年度报告")
    >>> title.agency, title.years
    ('海关总署', (2010,))
    """
    printed = _WHITE.sub("", _unquoted(arabic(text)))
    plain = simplify(printed) if TRADITIONAL.search(printed) else printed
    match = _TITLE.fullmatch(plain)
    if not match or _NO_TITLE.search(match["head"]):
        return None
    # Conversion keeps the number of characters but for a few wordings: then the converted name must do.
    same = len(plain) == len(printed)
    head = printed[match.start("head") : match.end("head")] if same else match["head"]
    dated = " ".join(_MONTH.sub("", match[part]) for part in ("head", "fill", "tail"))
    years = () if _TWO_YEARS.search(dated) else years_in(dated)
    remark = match["tail"] if not _YEAR_PART.search(match["tail"]) else ""
    shown = _WHITE.sub(" ", _unquoted(text))
    return Title(shown, _agency(head, match["subject"]), years, remark, "", (), 0)


def _unquoted(text: str) -> str:
    return text.strip().lstrip(_OPENING).rstrip(_CLOSING)


def _agency(head: str, subject: str) -> str:
    """The agency's name in what stands before the words for disclosure: beside the year or around it."""
    pieces = [_OWN_PARTS.sub("", piece) for piece in _YEAR_PART.split(head)]
    pieces = [piece for piece in pieces if piece]
    agency = ""
    for piece in pieces:
        # 海关总署2010年海关信息公开: the second word names the system again.
        if piece not in agency:
            agency += piece
    if agency.endswith("人民") and subject.startswith("政府"):
        agency += "政府"
    return _balanced(agency.strip("、,，-—·"))


def _balanced(name: str) -> str:
    """The name without a bracket that has lost its other half, or that holds all of it."""
    if name.count("(") != name.count(")"):
        name = name.strip("()") if name.count("(") + name.count(")") == 1 else name.removesuffix("(").removeprefix(")")
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name


def _in_lead(lead: Sequence[tuple[str, bool]]) -> Iterable[Title]:
    """Titles that fill whole lines, alone or with the lines right before them."""
    for last, (text, stands_out) in enumerate(lead[:_MOST_LINES]):
        if len(text) > _LONGEST_LINE or not re.search("[报報]", text):
            continue
        alone = read_title(text)
        best = replace(alone, lines=(last,)) if alone else None
        for first in range(last - 1, max(last - _MOST_PARTS, -1), -1):
            if best and best.agency and best.years:
                break
            # What stands before a prominent title without being so itself is the site's, not the title's.
            if lead[first][1] != stands_out or len(lead[first][0]) > _LONGEST_LINE:
                break
            joined = read_title("".join(part for part, _ in lead[first : last + 1]))
            if joined and _adds(joined, best):
                best = replace(joined, lines=tuple(range(first, last + 1)))
        if best:
            yield replace(best, place="lead", weight=_PROMINENT if stands_out else _PLAIN)


def _adds(joined: Title, best: Title | None) -> bool:
    if joined.agency and resolve_agency(joined.agency).how == "none":
        return False
    return best is None or bool(joined.agency) > bool(best.agency) or bool(joined.years) > bool(best.years)


def _in_metas(metas: Sequence[tuple[str, str]]) -> Iterable[Title]:
    for name, content in metas:
        if name in _META_NAMES:
            for title in _in_parts(content):
                yield replace(title, place="meta", weight=_META)


def _in_parts(text: str) -> Iterable[Title]:
    """Titles in the parts of a `<title>`, which the site's own name follows or precedes."""
    found = [title for part in (text, *_SITE_PARTS.split(text)) if (title := read_title(part))]
    if found:
        fullest = max(found, key=lambda title: (bool(title.years), bool(title.agency)))
        yield replace(fullest, place="html_title", weight=_PLAIN)


def _in_text(lead: Sequence[tuple[str, bool]]) -> Iterable[Title]:
    """Titles inside lines that hold more: furniture and text that ran together."""
    for text, _ in lead[:_MOST_LINES]:
        words = text.split()[:_MOST_LINES] if len(text) > len("政府信息公开年度报告") and " " in text else []
        for last, word in enumerate(words):
            if len(word) > _LONGEST_LINE or not re.search("[报報]", word):
                continue
            title = read_title(word)
            if title and not title.agency and last:
                joined = read_title(words[last - 1] + word)
                title = joined if joined and _adds(joined, title) else title
            if title and title.years:
                yield replace(title, place="text", weight=_INSIDE)
