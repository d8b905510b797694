"""Files that a report links from its own text: PDF, office documents, OFD and packed files.

A page also links files that are the site's: forms to apply with, guides, programs to read files with. A link counts
where it stands in the part of the page that holds its text, or where its own words, or those before it, call it an
attachment or a report.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml import etree

from scraper.discover.hrefs import LONGEST_ADDRESS
from scraper.discover.pager import labels
from scraper.discover.pages import Link, Page, read_page

_ENDINGS = "pdf|docx?|xlsx?|wps|et|ofd|zip|rar|7z|rtf|ceb"
_FILE = re.compile(rf"\.(?:{_ENDINGS})$", re.IGNORECASE)
_NAMED = re.compile(rf"[^\s/]{{1,150}}\.(?:{_ENDINGS})\b", re.IGNORECASE)
# `downfile.jsp`, `/attach/download`, `DownLoadServlet`: programs that hand out files.
_HANDLER = re.compile(r"down_?(?:load|file)|attach|appendix|fileserv|getfile", re.IGNORECASE)
# Of all links of a page few have such an address: only these are looked at closely.
_MAYBE = re.compile(rf"{_HANDLER.pattern}|\.(?:{_ENDINGS})(?:\W|\Z)|%2e", re.IGNORECASE)
_BRACKETS = "《》[]【】()（） "
_PAGE = re.compile(r"\.(?:s?html?|xhtml)$", re.IGNORECASE)
# Names that templates give to the parts of a page that are the site's.
_SITE_PARTS = re.compile(
    r"(?:^|[\s_-])(?:nav|menu|foot|footer|header|banner|side|sidebar|crumb|breadcrumb|toolbar|links?)", re.IGNORECASE
)
_SITE_TAGS = frozenset(("nav", "header", "footer", "aside"))
# The text of a page is where most of its words are that lead nowhere.
_SHARE = 0.6
_LITTLE_TEXT = 150
_LABEL_CHARS = 40
_REPORT = re.compile("年报|年度.{0,4}报告|信息公开.{0,6}报告")
_UNREAD = frozenset(("a", "script", "style", "noscript", "select", "textarea", "title"))


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a report: its address, and what the page calls it ('' where it only shows it)."""

    url: str
    words: str


def find_attachments(data: bytes, *, url: str, media_type: str = "", charset: str = "") -> tuple[Attachment, ...]:
    """The files that belong to the report on this page, in its order, each address once. Never raises; linear."""
    page = read_page(data, url=url, media_type=media_type, charset=charset)
    if page.root is None:
        return ()
    regions = _Regions(page.root)
    found: dict[str, Attachment] = {}
    for link in page.links:
        address = _file_address(page, link)
        if address and address not in found and regions.belongs(link):
            found[address] = Attachment(address, _words(link))
    return tuple(found.values())


def is_file_address(url: str) -> bool:
    """Whether an address names such a file, by its path or by the name that it hands to a program.

    >>> is_file_address("http://a.gov.cn/down.jsp?classid=0&filename=8f3a.docx"), is_file_address("http://a.gov.cn/a.htm")
    (True, False)
    """
    parts = urlsplit(url)
    return bool(_FILE.search(unquote(parts.path))) or any(_FILE.search(value) for _key, value in parse_qsl(parts.query))


def _file_address(page: Page, link: Link) -> str:
    named = _NAMED.fullmatch(link.words.strip(_BRACKETS)) or _NAMED.fullmatch(link.remark)
    if not link.href or link.tag in ("option", "link") or not (named or _MAYBE.search(link.href[:LONGEST_ADDRESS])):
        return ""
    address = page.address(link.href)
    if not address:
        return ""
    if is_file_address(address):
        return _shown_file(page, address) if link.tag == "frame" else address
    if link.tag == "frame" or _PAGE.search(urlsplit(address).path):
        return ""
    return address if named or (_HANDLER.search(address) and _is_labelled(link.words)) else ""


def _shown_file(page: Page, address: str) -> str:
    """The file that a frame shows: of `viewer.html?file=a.pdf` the file, not the viewer."""
    parts = urlsplit(address)
    if _FILE.search(unquote(parts.path)):
        return address
    value = next((value for _key, value in parse_qsl(parts.query) if _FILE.search(value)), "")
    return page.address(value)


def _words(link: Link) -> str:
    return link.words or link.remark


def _is_labelled(words: str) -> bool:
    plain = "".join(words.split()).lower()[:_LABEL_CHARS]
    return any(label in plain for label in labels("attachment"))


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(labels("furniture")))))


class _Regions:
    """Which part of a page is its text, and which parts are the site's."""

    def __init__(self, root: etree._Element) -> None:
        self._text = _text_part(root)
        # Of each element that was asked for: whether it is the site's, whether it is in the text.
        self._known: dict[etree._Element, tuple[bool, bool]] = {}

    def belongs(self, link: Link) -> bool:
        """Whether a file is the report's own: in its text, or, outside of the site's parts, called an attachment."""
        words = _words(link)
        if _furniture().search(words):
            return False
        of_site, in_text = self._place(link.element)
        if in_text or of_site:
            return in_text
        return self._text is None or bool(
            _REPORT.search(words) or _NAMED.search(words) or _is_labelled(words + _before(link))
        )

    def _place(self, element: etree._Element) -> tuple[bool, bool]:
        path = []
        here: etree._Element | None = element
        while here is not None and here not in self._known:
            path.append(here)
            here = here.getparent()
        of_site, in_text = self._known[here] if here is not None else (False, False)
        for node in reversed(path):
            named = f"{node.get('id') or ''} {node.get('class') or ''}"[:200]
            of_site = of_site or node.tag in _SITE_TAGS or bool(_SITE_PARTS.search(named))
            in_text = in_text or node is self._text
            self._known[node] = of_site, in_text
        return self._known[element]


def _before(link: Link) -> str:
    """The last words right before a link."""
    previous, parent = link.element.getprevious(), link.element.getparent()
    text = previous.tail if previous is not None else parent.text if parent is not None else ""
    return (text or "")[-_LABEL_CHARS:]


def _text_part(root: etree._Element) -> etree._Element | None:
    """The smallest element that holds most of the unlinked text; None where the page has little text, or all of it."""
    total = sum(size for _element, size in _text_sizes(root) if _element is root)
    if total < _LITTLE_TEXT:
        return None
    found = next(element for element, size in _text_sizes(root) if size >= _SHARE * total)
    return found if found.tag not in ("html", "body") else root.makeelement("none")


def _text_sizes(root: etree._Element) -> Iterator[tuple[etree._Element, int]]:
    """Every element with the number of characters in it that are no link, the inner ones first."""
    sizes: list[int] = []
    linked = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        silent = element.tag in _UNREAD
        if event == "start":
            linked += silent
            text = element.text or ""
            sizes.append(0 if linked else len(text) - text.count(" ") - text.count("\n"))
        else:
            size = sizes.pop()
            yield element, size
            linked -= silent
            tail = element.tail or ""
            if sizes:
                sizes[-1] += size + (0 if linked else len(tail) - tail.count(" ") - tail.count("\n"))
