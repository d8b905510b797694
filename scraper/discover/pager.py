"""Paging by plain links: 下一页, 尾页, page numbers, options of a menu, and addresses that a script would go to."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpus.tables import read_table
from scraper.discover.pages import Link, Page

# `2`, `[2]`, `第2页`, `- 2 -`, `2/10`, `第2页/共10页`
_NUMBER = re.compile(r"[\[(<第\s-]{0,4}(\d{1,5})\s?(?:页|頁)?(?:/共?\d{1,5}(?:页|頁)?)?[\])>\s-]{0,4}")
_ARROW = re.compile(r"[>»›→]{1,3}\|?")
_LONGEST_STEP = 20
MOST_CANDIDATES = 2000
"""More links than this that read like paging are none: lists seen print a few dozen, menus of pages some hundreds."""

_FRAME = "[](){}<>《》【】 \t|·-_.…"
# `index_2.html`, `list-2.htm`, `t20210125_123_2.shtml`
_NUMBERED = re.compile(r"[_-]\d{1,5}(?=(?:\.\w{2,6})?\Z)")
_INDEX = re.compile(r"(?:index|default|list|node)?(?:\.\w{2,6})?$", re.IGNORECASE)
_PAGE_PARAMETER = re.compile(
    r"(?:.*[._-])?(?:cur(?:rent)?_?)?(?:page|p|pn|pg|paged|start|offset)(?:_?(?:no|num|number|index|id|idx|x|now))?",
    re.IGNORECASE,
)
_CALL = re.compile(r"\b(?!void\b)[A-Za-z_$][\w$.]{0,60}\([^()]{0,99}\w")
_COUNTED = re.compile(r"共\s*(?:<[^<>]{0,200}>\s*){0,4}(\d{1,6})\s*(?:<[^<>]{0,200}>\s*){0,4}[页頁]")


@dataclass(frozen=True, slots=True)
class Paging:
    """The links of a page that read like paging, as printed, and the addresses of those that are.

    `hidden` says that a link calls itself 下一页 or the like, and calls a script that does not say where it leads.
    """

    hrefs: frozenset[str]
    addresses: tuple[str, ...]
    problem: str = ""
    hidden: bool = False


def read_paging(page: Page) -> Paging:
    """The other pages of the list that this page is one of, in the order of the page.

    What is called 下一页 or the like is one wherever it leads on the page's own host; a mere number or arrow, and an
    option of a menu, only where its address differs from this page's in nothing but the number of a page.
    """
    own, host = shape(page.url), urlsplit(page.url).netloc
    links = candidates(page)
    hrefs = frozenset(link.href for link in links)
    if len(hrefs) > MOST_CANDIDATES:
        return Paging(hrefs, (), f"{len(hrefs)} links read like paging: none of them is followed")
    found: dict[str, None] = {}
    steps = {link.href for link in links if is_step(link)}
    for href in dict.fromkeys(link.href for link in links):
        address = page.address(href)
        if address and urlsplit(address).netloc == host and (href in steps or shape(address) == own):
            found[address] = None
    found.pop(page.url, None)
    return Paging(hrefs, tuple(found), hidden=any(_calls(link) for link in page.links if is_step(link)))


def _calls(link: Link) -> bool:
    """Whether a link does no more than call a script with something to tell it: `javascript:goPage(2)`."""
    script = f"{link.element.get('href') or ''};{link.element.get('onclick') or ''}"
    return not link.href and bool(_CALL.search(script))


def candidates(page: Page) -> list[Link]:
    """Links that read like paging: steps, arrows and numbers."""
    return [link for link in page.links if link.href and (is_step(link) or is_number(link))]


def is_step(link: Link) -> bool:
    """Whether a link says in words that it leads to the next or the last page."""
    if link.tag == "link" or link.rel.lower() == "next":
        return link.rel.lower() == "next"
    return link.tag != "frame" and bool(labels("next", "last") & _readings(link))


def is_number(link: Link) -> bool:
    """Whether a link says no more than the number of a page, or is a mere arrow."""
    if link.tag in ("link", "frame") or not link.words or len(link.words) > _LONGEST_STEP:
        return False
    words = unicodedata.normalize("NFKC", link.words)
    return bool(_NUMBER.fullmatch(words) or _ARROW.fullmatch(words))


def counted_pages(text: str) -> int:
    """How many pages the page says there are (共12页), 0 where it does not say."""
    return max((int(number) for number in _COUNTED.findall(text)), default=0)


def shape(url: str) -> str:
    """An address without the number of its page: equal for the pages of one list.

    >>> shape("http://a.gov.cn/xx/index_2.html") == shape("http://a.gov.cn/xx/")
    True
    >>> shape("http://a.gov.cn/xx/?id=1&page=2") == shape("http://a.gov.cn/xx/?id=2&page=2")
    False
    """
    parts = urlsplit(url)
    folder, _slash, name = parts.path.rpartition("/")
    name = _NUMBERED.sub("", name)
    if _INDEX.fullmatch(name):
        name = ""
    query = [
        (key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if not is_page_key(key, value)
    ]
    return f"{parts.netloc}{folder}/{name}?{urlencode(sorted(query))}"


def is_page_key(key: str, value: str) -> bool:
    """Whether a parameter of an address is the number of a page."""
    return value.isdecimal() and len(value) < 7 and bool(_PAGE_PARAMETER.fullmatch(key))


@cache
def labels(*uses: str) -> frozenset[str]:
    """What links of these uses are called, by `corpus/data/link_labels.csv`."""
    return frozenset(row["label"] for row in read_table("link_labels.csv") if row["use"] in uses)


def _readings(link: Link) -> set[str]:
    """What a link says, in one width and case, with and without the marks around it."""
    said = set()
    for words in (link.words, link.remark):
        if 0 < len(words) <= _LONGEST_STEP:
            plain = "".join(unicodedata.normalize("NFKC", words).lower().split())
            said |= {plain, plain.strip(_FRAME), plain.strip(_FRAME + ">»›→")}
    return said
