"""A page that lists reports → what it lists: titles, bodies, years, addresses.

A list is evidence that a report exists, not the report: nothing but title, year and date is taken from it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from corpus.agencies import Resolution
from corpus.labels import simplify
from parsers.dates import arabic, date_in
from parsers.identity import HeadMatter, body_of_site, hints_of, resolve_near
from parsers.lines import Line, Page, fold_line
from parsers.records import Listed
from parsers.titles import Title, read_title
from parsers.tree import Link

# 2020年度报告, 2020年年报: titles that leave out what the column is about; it belongs behind the year.
_YEAR = re.compile(r"20[0-4]\d(?:年度|年)?")
_SUBJECT = "政府信息公开"
_ABOUT = re.compile(r"(?:信息|政务)公开")
_CUT = re.compile(r"(?:\.{2,}|…+|‥)$")
_LONGEST_TITLE = 60
_LINKED = 0.5
# From a link to the row that holds it and its date: <li><span><b><a>.
_MOST_LEVELS = 4
_LONGEST_ROW = 200


@dataclass(frozen=True, slots=True)
class _Item:
    """One title of the list: where it leads, the title taken apart, the date beside it, its element."""

    printed: str
    href: str
    title: Title
    date: str
    element: etree._Element | None


def read_listing(page: Page, head: HeadMatter, *, with_xpaths: bool) -> tuple[Listed, ...]:
    """Return the reports that a list page names, in the order of the page, each address once."""
    items = list(_items(page))
    own = body_of_site(head)
    years = Counter(item.title.years[0] for item in items if not item.title.agency)
    near, address = hints_of(head, None)
    places = _Places()
    listed = []
    for number, item in enumerate(items):
        title, year = item.title, item.title.years[0]
        body = resolve_near(title.agency, year, ((title.text, *near), address)) if title.agency else own
        # Two reports of one year without names are those of two bodies: the page tells no more.
        known = bool(title.agency) or years[year] == 1
        path = places.of(item.element) if with_xpaths and item.element is not None else ""
        listed.append(_listed(number, item, body if known else None, path))
    return tuple(listed)


def _listed(number: int, item: _Item, body: Resolution | None, path: str) -> Listed:
    return Listed(
        number,
        item.printed,
        item.href,
        body.agency_id if body else "",
        body.agency if body else "",
        body.level if body else "unknown",
        body.region_code if body else "",
        item.title.years[0],
        item.date,
        path,
    )


class _Places:
    """XPaths of elements: the children of a parent are counted once, where lxml counts them for each path anew."""

    def __init__(self) -> None:
        self._paths: dict[etree._Element, str] = {}

    def of(self, element: etree._Element) -> str:
        """The path of an element from the root of its page."""
        if element not in self._paths:
            parent = element.getparent()
            if parent is None:
                return f"/{element.tag}"
            stem = self.of(parent)
            totals = Counter(child.tag for child in parent)
            counts: Counter[str] = Counter()
            for child in parent:
                counts[child.tag] += 1
                number = f"[{counts[child.tag]}]" if totals[child.tag] > 1 else ""
                self._paths[child] = f"{stem}/{child.tag}{number}"
        return self._paths[element]


def _items(page: Page) -> Iterator[_Item]:
    about = _about_disclosure(page)
    found = False
    seen: set[tuple[str, str]] = set()
    for link in page.links:
        printed = _words(link)
        title = _title(printed, about=about)
        if title and (link.href, printed) not in seen:
            seen.add((link.href, printed))
            found = True
            yield _Item(printed, link.href, title, _date_beside(link, title.years[0]), link.element)
    if not found:
        yield from _titles_of(page.lines)


def _titles_of(lines: Iterable[Line]) -> Iterator[_Item]:
    """Reports that stand one below the other on the page itself, by their titles, each once."""
    seen: set[tuple[str, int]] = set()
    for line in lines:
        title = _title(line.text, about=False) if line.text and line.link < _LINKED else None
        if title and (title.agency, title.years[0]) not in seen:
            seen.add((title.agency, title.years[0]))
            yield _Item(line.text, "", title, "", line.element)


def _about_disclosure(page: Page) -> bool:
    texts = (page.html_title, *(line.text for line in page.lines if len(line.text) <= _LONGEST_TITLE))
    return any(_ABOUT.search(simplify(text)) for text in texts)


def _words(link: Link) -> str:
    """What the link says: its words, or its tooltip where a list cuts long titles short."""
    whole = fold_line(link.element.get("title") or "")
    cut = _CUT.sub("", link.words)
    shortened = cut != link.words or not cut
    return whole if shortened and whole.startswith(cut) else link.words


def _title(printed: str, *, about: bool) -> Title | None:
    if len(printed) > _LONGEST_TITLE or ("报" not in printed and "報" not in printed):
        return None
    title = read_title(printed)
    if title is None and about:
        title = read_title(_YEAR.sub(rf"\g<0>{_SUBJECT}", arabic(printed), count=1))
        title = title if title and not title.agency else None
    return title if title and len(title.years) == 1 else None


def _date_beside(link: Link, year: int) -> str:
    """The date in the row that holds this link and no other; one before the reported year is another's."""
    row, rest = link.element, ""
    for _ in range(_MOST_LEVELS):
        above = row.getparent()
        if above is None or sum(1 for _ in islice(above.iter("a"), 2)) != 1:
            break
        row = above
        text = fold_line("".join(map(str, row.itertext())))
        if len(text) > _LONGEST_ROW:
            break
        rest = text.replace(link.words, " ", 1)
        day, _printed = date_in(rest)
        if day:
            return day if int(day[:4]) >= year else ""
    return ""
