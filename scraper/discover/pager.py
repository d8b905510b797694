"""Paging by plain links: 下一页, 尾页, page numbers, options of a menu, and addresses that a script would go to."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from corpus.tables import read_table
from scraper.discover.pages import Link, Page

# `2`, `[2]`, `第2页`, `- 2 -`, `2/10`, `第2页/共10页`
_NUMBER = re.compile(r"[\[(<第\s-]{0,4}(\d{1,5})\s?(?:页|頁)?(?:/共?\d{1,5}(?:页|頁)?)?[\])>\s-]{0,4}")
_FRAME = "[](){}<>《》【】 \t|·-_.…"
# `index_2.html`, `list-2.htm`, `t20210125_123_2.shtml`
_NUMBERED = re.compile(r"(?P<stem>.*?[^\d_-])?[_-](?P<number>\d{1,5})(?=(?:\.\w{2,6})?$)")
_INDEX = re.compile(r"(?:index|default|list|node)?(?:\.\w{2,6})?$", re.IGNORECASE)
_PAGE_PARAMETER = re.compile(
    r"(?:.*[._-])?(?:cur(?:rent)?_?)?(?:page|p|pn|pg|paged|start|offset)(?:_?(?:no|num|number|index|id|idx|x|now))?",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"共\s*(?:<[^<>]{0,200}>\s*){0,4}(\d{1,6})\s*(?:<[^<>]{0,200}>\s*){0,4}[页頁]")


def paging_links(page: Page) -> tuple[str, ...]:
    """Addresses of the other pages of the list that this page is one of, in the order of the page.

    What is called 下一页 or the like is one wherever it leads on the page's own host; a mere number, or an option of a
    menu, only where its address differs from this page's in nothing but the number of a page.
    """
    own = shape(page.url)
    found: dict[str, None] = {}
    for link, address in paging_candidates(page):
        step = is_step(link)
        if urlsplit(address).netloc == urlsplit(page.url).netloc and (step or shape(address) == own):
            found[address] = None
    found.pop(page.url, None)
    return tuple(found)


def paging_candidates(page: Page) -> Iterator[tuple[Link, str]]:
    """Links that read like paging, with their addresses; those that lead nowhere or to this page are left out."""
    for link in page.links:
        if link.href and (is_step(link) or is_number(link)):
            address = page.address(link.href)
            if address and address != page.url:
                yield link, address


def is_step(link: Link) -> bool:
    """Whether a link says that it leads to the next or the last page."""
    if link.tag == "link":
        return link.rel.lower() == "next"
    return link.tag != "frame" and bool(labels("next", "last") & _readings(link))


def is_number(link: Link) -> bool:
    """Whether a link says no more than the number of a page."""
    return link.tag not in ("link", "frame") and bool(_NUMBER.fullmatch(unicodedata.normalize("NFKC", link.words)))


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
    match = _NUMBERED.search(name)
    if match:
        name = name[: match.start()] + (match["stem"] or "") + name[match.end() :]
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
        if 0 < len(words) <= 20:
            plain = "".join(unicodedata.normalize("NFKC", words).lower().split())
            said |= {plain, plain.strip(_FRAME), plain.strip(_FRAME + ">»›→")}
    return said
