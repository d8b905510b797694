"""A list page (栏目) → the page as a reader can read it, and the further pages of the list.

Families are told apart: `trs` (paging by `createPageHTML`), `hanweb` (records inside scripts, `dataproxy.jsp`), `links`
(plain paging links), and `frames` (the list stands in a page inside this one). What none of them explains has no
further pages that could be found, and says so.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from scraper.discover.columns import Column, find_columns
from scraper.discover.frames import inner_pages
from scraper.discover.hrefs import absolute
from scraper.discover.jpage import read_records
from scraper.discover.jsonlists import read_json, unit_requests
from scraper.discover.pager import Paging, counted_pages, read_paging, shape
from scraper.discover.pages import Page, page_of, read_page
from scraper.discover.sites import same_site
from scraper.discover.trs import trs_pages

_FILE = re.compile(r"\.(?!s?html?\b|jsp\b|aspx?\b|php\b|do\b)[a-z0-9]{2,5}(?:$|\?)", re.IGNORECASE)
_FEW_NEW = 2
"""New references that make no page of a list: it has ten rows or twenty."""

_INDEX = re.compile(r"/(?:index|default)\.\w{2,6}\Z")


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list.

    `document` is to be read by the reader: the page itself, or, where its records stand in a script or in XML, HTML in
    UTF-8 that shows them; its media type and charset stand beside it. `next` are addresses of other pages of the list
    on the same site, `family` is trs, hanweb, links, frames, or '' where no paging was found. `title` is what the page
    calls itself, `links` the references it holds as printed, those of the paging left out. `unfollowed` says what
    paging leads nowhere, '' as a rule. `base` and `query_charset` are how its references become addresses;
    `columns` are links that may lead to lists of their own.
    """

    document: bytes
    media_type: str
    charset: str
    next: tuple[str, ...]
    family: str
    title: str
    links: frozenset[str]
    unfollowed: str
    base: str
    query_charset: str
    columns: tuple[Column, ...] = ()

    def address(self, href: str) -> str:
        """The whole address of a reference that this page printed, '' for one that leads to no web page."""
        return absolute(href, self.base, self.query_charset)


def read_list(
    data: bytes, *, url: str, media_type: str = "", charset: str = "", title: str = "", via: str = ""
) -> ListPage:
    """Read one page of a list. Never raises; time is linear in the bytes.

    `title` and `via` are the title and the address of the page that led here: an answer that holds nothing but records
    has no title of its own, and its references are relative to the page that shows them.
    """
    page = read_page(data, url=url, media_type=media_type, charset=charset)
    records = read_json(page.text, url=url, title=title) or read_records(page.text, url=url, title=title)
    if records.shown:
        alone = page.root is None or not page.title
        shown = page_of(records.shown, url=url, charset=page.charset)
        base = via if alone and via and "dataproxy" not in via and same_site(via, url) else shown.base
        document, media, codec = records.shown.encode("utf-8", "replace"), "text/html", "utf-8"
    else:
        shown, base, document, media, codec = page, page.base, data, media_type, charset
    paging = read_paging(shown)
    following, family = _following(shown, records.next, paging)
    return ListPage(
        document,
        media,
        codec,
        following,
        family,
        page.title or title,
        frozenset(link.href for link in shown.links if link.href) - paging.hrefs,
        "" if following else paging.problem or _unfollowed(shown, hidden=paging.hidden),
        base,
        page.charset,
        tuple(column for column in find_columns(page, title=title) if column.url not in following),
    )


def _following(page: Page, groups: tuple[str, ...], paging: Paging) -> tuple[tuple[str, ...], str]:
    """What every family makes of the page, and the first that made anything; frames only where no other did."""
    hanweb = [page.address(href) for href in (*groups, *unit_requests(page.text))]
    trs = [page.address(href) for href in trs_pages(page.text, page.url)]
    found: dict[str, str] = {}
    for family, addresses in (("hanweb", hanweb), ("trs", trs), ("links", paging.addresses)):
        found = dict.fromkeys(addresses, family) | found
    found = found or dict.fromkeys(_inner(page), "frames")
    own = {url: family for url, family in found.items() if url != page.url and same_site(url, page.url)}
    families = ("hanweb", "trs", "links", "frames")
    return tuple(own), next((family for family in families if family in own.values()), "")


def _inner(page: Page) -> tuple[str, ...]:
    """Pages that this one is only the frame of, or that it hands on to; () where it has a list of its own."""
    if any("报" in link.words or "報" in link.words for link in page.links):
        return ()
    return tuple(address for address in inner_pages(page) if not _FILE.search(address))


def _unfollowed(page: Page, *, hidden: bool) -> str:
    """Paging that is printed and leads nowhere: a list that would silently be taken for whole."""
    count = counted_pages(page.text)
    own = shape(page.url)
    siblings = any(link.href and shape(page.address(link.href) or "") == own for link in page.links[:2000])
    if count > 1 and not siblings:
        return f"the page counts {count} pages, and none of its links leads to another"
    return "only a script knows where its next page is, if there is one" if hidden and count != 1 else ""


@dataclass(slots=True)
class _Course:
    """One list that is being followed: what its pages printed and listed, which were named, how many were idle."""

    seen: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    idle: int = 0


@dataclass(slots=True)
class Courses:
    """Ends the following of lists that would go on for ever, by two rules.

    Once `idle` pages of a list, one after another, listed no report and printed hardly a reference (an advertisement)
    that its pages had not before, no further pages are named (a few may be idle: groups of records overlap). And no
    list has more than `most` pages.
    `idled` and `stopped` say, by the address of the page at which a list ended so, that it was the first rule or the
    second: after the first it is whole.
    """

    idle: int = 5
    most: int = 5000
    idled: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, str] = field(default_factory=dict)
    _courses: dict[str, _Course] = field(default_factory=dict)

    def begin(self, url: str) -> None:
        """Let a list that another list led to be followed for itself."""
        self._courses.setdefault(url, _Course(named={_whole(url)}))

    def follow(self, page: ListPage, *, url: str, via: str = "", reports: Collection[str] = ()) -> tuple[str, ...]:
        """The further pages that are to be asked for.

        `via` is the list page that named this one, '' for the first; `reports` are the addresses of those it lists.
        """
        course = self._courses.get(url) or self._courses.get(via)
        if course is None:  # the first page; or, in a run that goes on after a stop, one that an earlier page named
            course = _Course(named={_whole(one) for one in (url, via) if one})
            self._courses[via or url] = course
        self._courses[url] = course
        new, listed = page.links - course.seen, course.reports.union(reports)
        is_idle = bool(course.seen or not new) and len(new) <= _FEW_NEW and len(listed) == len(course.reports)
        course.seen |= new
        course.reports = listed
        course.idle = course.idle + 1 if is_idle else 0
        fresh = [address for address in page.next if _whole(address) not in course.named]
        if fresh and course.idle >= self.idle:
            self.idled[url] = f"{course.idle} pages one after another listed nothing new"
            return ()
        room = self.most - len(course.named)
        if len(fresh) > room:
            self.stopped[url] = f"the list has more than {self.most} pages"
        fresh = fresh[: max(room, 0)]
        course.named.update(map(_whole, fresh))
        self._courses.update(dict.fromkeys(fresh, course))
        return tuple(fresh)


def _whole(url: str) -> str:
    """An address in one form for the two that a folder has: its own, and that of its index file."""
    return _INDEX.sub("/", url)
