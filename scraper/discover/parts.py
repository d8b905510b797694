"""A report that is published in several pages (1/3 下一页) → the other pages of the same article.

Not what follows it on the site: a part's address is the article's own but for the number of the part.
"""

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from scraper.discover.pager import MOST_CANDIDATES, candidates, is_page_key
from scraper.discover.pages import read_page
from scraper.discover.trs import trs_parts

# `_2` behind the name of the article's file. Two digits: what is longer is the article's own number (art_12_3456.html).
_PART = re.compile(r"(?P<stem>.+)[_-](?P<number>\d{1,2})")
_ENDING = re.compile(r"(?P<name>.*?)(?P<ext>\.\w{2,6})?")


def find_parts(data: bytes, *, url: str, media_type: str = "", charset: str = "") -> tuple[str, ...]:
    """Addresses of the other pages of the article that this page is one of, in order; () for an article of one page.

    Read are page numbers, 下一页, menus of pages, and the call that TRS prints; an address counts only if it is this
    page's own but for the number of a part (`t20210125_123_1.html`, `?id=5&page=2`). Never raises; linear in the bytes.
    """
    page = read_page(data, url=url, media_type=media_type, charset=charset)
    found = dict.fromkeys(filter(None, (page.address(href) for href in trs_parts(page.text, url))))
    hrefs = dict.fromkeys(link.href for link in candidates(page))
    if len(hrefs) <= MOST_CANDIDATES:
        found |= {address: None for href in hrefs if (address := page.address(href)) and _is_part(address, url)}
    found.pop(url, None)
    return tuple(found)


def _is_part(address: str, own: str) -> bool:
    one, other = urlsplit(address), urlsplit(own)
    if one.netloc != other.netloc:
        return False
    if one.path == other.path:
        return _article(one.query) == _article(other.query) and one.query != other.query
    return one.query == other.query and bool(
        _stems(one.path) & {_whole(other.path)} or _stems(other.path) & _both(one.path)
    )


def _article(query: str) -> str:
    """A query without the number of a page."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted(pair for pair in pairs if not is_page_key(*pair)))


def _whole(path: str) -> tuple[str, str]:
    folder, _slash, name = path.rpartition("/")
    match = _ENDING.fullmatch(name)
    assert match
    return f"{folder}/{match['name']}", match["ext"] or ""


def _stems(path: str) -> set[tuple[str, str]]:
    """The file that this one would be a part of, by its name."""
    whole, ext = _whole(path)
    match = _PART.fullmatch(whole)
    return {(match["stem"], ext)} if match else set()


def _both(path: str) -> set[tuple[str, str]]:
    return {_whole(path)} | _stems(path)
