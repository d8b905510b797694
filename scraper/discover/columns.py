"""A list that leads to lists: columns of single years, of single bodies, of kinds of bodies.

A column of reports is often parted: 2021年, 2020年 … beside the newest reports, 市财政局, 市水利局 … in a box,
部门年报 in a menu. What such a link leads to, a list or at once a report, only the page behind it tells.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.agencies import resolve_agency
from corpus.labels import simplify
from scraper.discover.attachments import is_file_address
from scraper.discover.pager import is_step, labels
from scraper.discover.pages import Page

MOST_COLUMNS = 1000
"""More links than this that read like columns are none: of the largest portals' bodies there are some hundreds."""

_LONGEST_NAME = 30
_YEARLY = re.compile("公开.{0,8}年(?:报|度报告)")
_YEAR = re.compile(r"20[0-4]\d(?:年度?)?")
# 部门年报, 各区政府信息公开工作年度报告: of no year, so no report.
_KIND = re.compile("[^0-9]{0,16}(?:年报|年度报告)")
_DIGITS = re.compile(r"\d+")
_ENOUGH = 3
"""So many links to reports make a page a column of them, whatever it is called."""

_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True)
class Column:
    """A link that may lead to a list of reports: its address, its words, and the body that they name or ''."""

    url: str
    words: str
    body: str


def find_columns(page: Page, *, title: str = "") -> tuple[Column, ...]:
    """The columns that a list of reports is parted into, each address once; () on a page that is about something else.

    `title` is what the page that led here calls this one. Years count on the page's own host; names of bodies and kinds
    of reports only below the page's folder, or where the address is the page's own but for numbers (`/col/col12/`,
    `?dept=3`): elsewhere they are the menus of the site.
    """
    yearly = _is_yearly(page, title)
    if not yearly and sum(bool(_YEARLY.search(_simple(link.words))) for link in page.links) < _ENOUGH:
        return ()
    found: dict[str, Column] = {}
    for link in page.links:
        words = "".join(link.words.split())
        if not link.href or link.tag in ("link", "refresh") or is_step(link) or not 0 < len(words) <= _LONGEST_NAME:
            continue
        address = page.address(link.href)
        if address and address != page.url and address not in found:
            column = _column(words, address, page.url, yearly=yearly)
            found |= {address: column} if column else {}
    return tuple(found.values()) if len(found) <= MOST_COLUMNS else ()


def is_column_name(title: str) -> bool:
    """Whether a link of these words leads to a list as likely as to a report: a year, a body, a kind of reports.

    >>> is_column_name("2021年度"), is_column_name("市财政局"), is_column_name("市财政局2021年政府信息公开年度报告")
    (True, True, False)
    """
    words = _simple("".join(title.split()))
    return bool(_YEAR.fullmatch(words) or _KIND.fullmatch(words)) or resolve_agency(words).how != "none"


def _is_yearly(page: Page, title: str) -> bool:
    """Whether a page calls itself a column of yearly reports."""
    said = [page.title, title]
    if page.root is not None:
        said += ["".join(map(str, heading.itertext()))[:100] for heading in page.root.iter(*_HEADINGS)]
    return any(_YEARLY.search(_simple(words)) for words in said)


def _column(words: str, address: str, own: str, *, yearly: bool) -> Column | None:
    one, other = urlsplit(address), urlsplit(own)
    if one.netloc != other.netloc or is_file_address(address):
        return None
    simple = _simple(words)
    if _YEAR.fullmatch(simple):
        return Column(address, words, "")
    folder = other.path.rpartition("/")[0] + "/"
    near = one.path.startswith(folder) or _DIGITS.sub("0", one.path) == _DIGITS.sub("0", other.path)
    if not yearly or not near or any(label in simple for label in labels("notice")):
        return None
    if _KIND.fullmatch(simple):
        return Column(address, words, "")
    return Column(address, words, words) if resolve_agency(simple).how != "none" else None


def _simple(words: str) -> str:
    """Words in simplified characters; half a character of UTF-16, which JSON can hold, becomes a question mark."""
    return simplify(words.encode("utf-8", "replace").decode())
