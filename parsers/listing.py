"""A page that lists reports → what it lists: titles, bodies, years, addresses.

A list is evidence that a report exists, not the report: nothing but title, year and date is taken from it.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from corpus.agencies import Resolution, resolve_agency
from corpus.jumps import target_of
from parsers.dates import arabic, date_in
from parsers.identity import HeadMatter, body_of_site, hints_of, resolve_near
from parsers.lines import Line, Page, fold_line
from parsers.listedtitles import CUT, LONGEST_TITLE, Column, ListedTitle, read_column, read_item, read_year_alone
from parsers.records import Listed
from parsers.titles import Title
from parsers.tree import Link

# Words of links that say nothing of what they lead to: the title stands beside them, in the same row.
_OPENS = re.compile(r"(?:点击)?(?:查看|下载|浏览|阅读|详情|全文|打开|附件|pdf|word)+(?:全文|详情|附件)?", re.IGNORECASE)
_LONGEST_OPENING = 12
_YEAR_CELL = re.compile(r"20[0-4]\d(?:年度?)?")
_LINKED = 0.5
# From a link to the row that holds it and its date: <li><span><b><a>.
_MOST_LEVELS = 4
_ROWS = frozenset(("tr", "li"))
_LONGEST_ROW = 200
_MOST_CELLS = 100
"""Cells of a row, and pieces of text in one, that a head is looked for among: a table of fifty years is none."""


@dataclass(frozen=True, slots=True)
class _Item:
    """One title of the list: where it leads, the title taken apart, the date beside it, its element."""

    printed: str
    href: str
    title: Title
    date: str
    element: etree._Element | None

    @property
    def year(self) -> int:
        """The year that it reports on."""
        return self.title.years[0]


def read_listing(page: Page, head: HeadMatter, *, with_xpaths: bool) -> tuple[Listed, ...]:
    """Return the reports that a list page names, in the order of the page, each address once."""
    items = list(_items(page))
    own = body_of_site(head)
    years = Counter(item.year for item in items if not item.title.agency)
    near, address = hints_of(head, None)
    places = _Places()
    listed = []
    for number, item in enumerate(items):
        title, year = item.title, item.year
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
        item.year,
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
    column = read_column(page.html_title, ((line.text, line.link >= _LINKED) for line in page.lines))
    found = list(_linked(page, lambda link: _read(link, column)))
    if not found:
        found = list(_linked(page, lambda link: _crossed(link, column)))
    if not found:
        found = list(_linked(page, lambda link: read_year_alone(_words(link), column)))
    yield from found or _titles_of(page.lines)


def _linked(page: Page, read: Callable[[Link], ListedTitle | None]) -> Iterator[_Item]:
    """The links that are read as titles, each address under one title once."""
    seen: set[tuple[str, str]] = set()
    for link in page.links:
        found = read(link)
        href = target_of(link.href, link.element.get("onclick") or "") or link.href
        if found and (href, found.printed) not in seen:
            seen.add((href, found.printed))
            day = found.day or _date_beside(link)
            # One before the reported year ended is another's.
            yield _Item(found.printed, href, found.title, day if day[:4] >= str(found.year) else "", link.element)


def _read(link: Link, column: Column) -> ListedTitle | None:
    words = _words(link)
    found = read_item(words, column)
    if found:
        return found
    opens = len(words) <= _LONGEST_OPENING and bool(_OPENS.fullmatch(words))
    if not opens and "报" not in words and "報" not in words:
        return None
    cells = _cells(link)
    years = {int(cell[:4]) for cell in map(arabic, cells) if _YEAR_CELL.fullmatch(cell)}
    texts = cells if opens else (words,)
    return next((item for text in texts if (item := read_item(text, column, years))), None)


def _crossed(link: Link, column: Column) -> ListedTitle | None:
    """A link in a table of bodies by years, whose row and column say whose report it is and of which year."""
    words = _words(link)
    year_said = bool(_YEAR_CELL.fullmatch(arabic(words)))
    if not column.yearly or not (year_said or (len(words) <= _LONGEST_OPENING and _OPENS.fullmatch(words))):
        return None
    texts = dict.fromkeys((*_heads(link), words))
    years = [arabic(text)[:4] for text in texts if _YEAR_CELL.fullmatch(arabic(text))]
    names = [text for text in texts if len(text) <= LONGEST_TITLE and resolve_agency(text).how != "none"]
    if len(years) != 1 or len(names) != 1:
        return None
    return read_item(f"{names[0]}{years[0]}年政府信息公开年报", column)


def _heads(link: Link) -> Iterator[str]:
    """What the first cell of a link's row says, and the cell above it in the first row of its table."""
    cell = next((one for one in islice(link.element.iterancestors(), _MOST_LEVELS) if one.tag in ("td", "th")), None)
    row = cell.getparent() if cell is not None else None
    if cell is None or row is None or row.tag != "tr":
        return
    place = sum(1 for _ in islice(cell.itersiblings(preceding=True), _MOST_CELLS))
    table = next(row.iterancestors("table"), None)
    first = next(table.iter("tr"), None) if table is not None else None
    for head, at in ((row, 0), (first, place)):
        found = next(islice(head, at, None), None) if head is not None and place else None
        if found is not None and found is not cell:
            yield fold_line("".join(islice(map(str, found.itertext()), _MOST_CELLS)))


def _titles_of(lines: Iterable[Line]) -> Iterator[_Item]:
    """Reports that stand one below the other on the page itself, by their titles, each once."""
    seen: set[tuple[str, int]] = set()
    column = Column(about=False, yearly=False, years=())
    for line in lines:
        found = read_item(line.text, column) if line.text and line.link < _LINKED else None
        if found and (found.title.agency, found.year) not in seen:
            seen.add((found.title.agency, found.year))
            yield _Item(line.text, "", found.title, "", line.element)


def _words(link: Link) -> str:
    """What the link says: its words, or its tooltip where a list cuts long titles short."""
    whole = fold_line(link.element.get("title") or "")
    cut = CUT.sub("", link.words)
    shortened = cut != link.words or not cut
    return whole if shortened and whole.startswith(cut) else link.words


def _row(link: Link) -> Iterator[etree._Element]:
    """The elements around a link that hold no other, from the inside out, as far as a row of a list may reach."""
    row = link.element
    for _ in range(_MOST_LEVELS):
        above = row.getparent()
        if above is None or row.tag in _ROWS or sum(1 for _ in islice(above.iter("a"), 2)) != 1:
            return
        row = above
        yield row


def _cells(link: Link) -> tuple[str, ...]:
    """The texts of the row that a link stands in, cell by cell, without its own words; () where they are no row's."""
    texts: tuple[str, ...] = ()
    for row in _row(link):
        pieces = [fold_line(str(text)) for text in row.itertext()]
        if sum(map(len, pieces)) > _LONGEST_ROW:
            break
        texts = tuple(piece for piece in pieces if piece and piece != link.words)
    return texts


def _date_beside(link: Link) -> str:
    """The date in the row that holds this link and no other, '' where there is none."""
    for row in _row(link):
        text = fold_line("".join(map(str, row.itertext())))
        if len(text) > _LONGEST_ROW:
            break
        day, _printed = date_in(text.replace(link.words, " ", 1))
        if day:
            return day
    return ""
