"""HTML text → one flat stream of text runs and tables in reading order.

The only module that touches lxml elements of the page as a whole. `read_tree` walks the tree once. Layout tables are
walked through as if they were paragraphs; a table that holds data becomes one item with its grid.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from lxml import etree

from parsers.cells import hides_something, is_hidden
from parsers.deep import shallow
from parsers.grid import Grid, kind_of_grid, read_grid

# libxml2 keeps 2,048 levels under huge_tree and 256 without (measured on 2.14); whatever is deeper is dropped
# with no more than an entry in the parser's error log: a tree that comes near the smaller limit is read another way.
DEPTH_LIMIT = 250

# One XPath in C tells whether anything lies so deep: no walk in Python.
_TOO_DEEP = etree.XPath(f"boolean({'/*' * DEPTH_LIMIT})")
# Hardly any page has a fifth of that: the longer path is walked for those alone.
_RATHER_DEEP = etree.XPath(f"boolean({'/*' * (DEPTH_LIMIT // 5)})")

# Where less than this is shown and more is hidden, the hidden text is no menu or draft but the article itself.
_SHOWN_BY_SCRIPT = 600
_HOLDS_CELLS = etree.XPath("boolean(.//tr or .//td or .//th)")
_TEXTS = etree.XPath("text()[normalize-space()]")
# A line end of the source between two ideographs prints nothing. One with indentation, or before a label, may be
# all that parts two words.
_SOURCE_LINE_END = re.compile(r"(?<=[\u3400-\u9fff，。；、）》”])\n(?=[\u3400-\u9fff（《“])(?![^\n：:]{2,8}[：:])")
# libxml2 compares each attribute of an element with all others: a thousand are harmless, a hundred thousand are not.
_LARGE = 1 << 17
_CROWDED = re.compile(r"(<[A-Za-z][^\s<>]*)\s[^<>]{8192,}")
_MOST_ATTRIBUTES = 1000
_END_TAGS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "ucaptitle"))
_TABLE_PARTS = frozenset(("tr", "tbody", "thead", "tfoot", "colgroup", "col"))
# What a tag does to the text: nothing, bold, a link, a line break, a paragraph, a table, out of sight.
_PLAIN, _BOLD, _LINK, _BREAK, _BLOCK, _TABLE, _IMAGE, _SKIPPED, _HEADING, _PRE = range(10)
_INLINE = (
    "abbr acronym bdi bdo big cite code del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span "
    "strike sub sup text time tt u var wbr"
)
_UNPRINTED = (
    "script style noscript template iframe object embed select option textarea svg math audio video canvas map input "
    "title link meta base"
)
INLINE_TAGS, UNPRINTED_TAGS = frozenset(_INLINE.split()), frozenset(_UNPRINTED.split())
_KINDS = {
    **dict.fromkeys(INLINE_TAGS, _PLAIN),
    **dict.fromkeys(("b", "strong"), _BOLD),
    **dict.fromkeys(("br", "hr"), _BREAK),
    **dict.fromkeys(UNPRINTED_TAGS, _SKIPPED),
    **dict.fromkeys(HEADING_TAGS, _HEADING),
    "pre": _PRE,
    "a": _LINK,
    "table": _TABLE,
    "img": _IMAGE,
}


@dataclass(slots=True)
class TextRun:
    """A line of text as a browser would break it: `text` unfolded, the share of it that is link or bold, its place."""

    text: str
    link: float
    bold: float
    tag: str
    element: etree._Element


@dataclass(slots=True)
class TableRun:
    """A table that may hold data; `like_form` if it prints labels of the statutory forms."""

    grid: Grid
    like_form: bool
    element: etree._Element


Run = TextRun | TableRun


class Link(NamedTuple):
    """A link: where it leads as written, its words, and its element."""

    href: str
    words: str
    element: etree._Element


@dataclass(slots=True)
class Tree:
    """A page's runs, its head, and whether it had to be read the slow way because of its depth.

    `unhidden` says that the text was hidden until a script would show it, `flattened` how many tables stood too deep
    to be read as tables. `passed` are the tables that hold no data: with other forms one of them might.
    """

    runs: list[Run]
    html_title: str
    metas: tuple[tuple[str, str], ...]
    n_images: int
    n_scripts: int
    links: tuple[Link, ...]
    was_deep: bool
    unhidden: bool = False
    flattened: int = 0
    passed: tuple[Grid, ...] = ()


class Events(Protocol):
    """Starts and ends of elements in document order, as etree.iterwalk gives them."""

    def __iter__(self) -> Iterator[tuple[str, etree._Element]]:
        """Go on to the next one."""

    def skip_subtree(self) -> None:
        """Pass over what stands in the element that has just started."""


def read_tree(text: str, make_walker: "Callable[..., Walker] | None" = None) -> Tree:
    """Parse a page's text and flatten it into runs. Never raises for bad mark-up.

    `make_walker` walks in place of `Walker`, for those who want to know where each run came from.
    """
    make_walker = make_walker or Walker
    if len(text) > _LARGE:
        text = _CROWDED.sub(_uncrowded, text)
    root = _parse(text)
    if root is not None and root.getnext() is not None:
        # Content after the first </html> is a second root to libxml2, and would be lost.
        root = _parse(_END_TAGS.sub("", text))
    if root is None:
        return Tree([], "", (), 0, 0, (), was_deep=False)
    was_deep, flattened = bool(_RATHER_DEEP(root) and _TOO_DEEP(root)), 0
    if was_deep:
        written, flattened = shallow(text)
        flat = _parse(written)
        root, was_deep = (root, False) if flat is None else (flat, True)
    walker = make_walker(root, was_deep=was_deep)
    tree = walker.walk()
    tree.flattened = flattened
    if walker.shown_chars < _SHOWN_BY_SCRIPT < walker.hidden_chars:
        # Some sites hide the whole article until a script shows it (WeChat: visibility: hidden).
        return make_walker(root, was_deep=was_deep, hides=False).walk()
    return tree


def _uncrowded(tag: re.Match[str]) -> str:
    return tag[1] if len(tag[0].split(None, _MOST_ATTRIBUTES)) > _MOST_ATTRIBUTES else tag[0]


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    if not text.strip():
        return None
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # a page without a single element
        return None
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001  (lxml names its element type so)


class Walker:
    """Walks the tree once, in document order, and cuts its text into lines where a browser would."""

    def __init__(self, root: etree._Element, *, was_deep: bool, hides: bool = True) -> None:
        self.root = root
        self.kinds = dict(_KINDS)
        self.was_deep = was_deep
        self.unhidden = not hides
        # Whether any element may be hidden is asked once, in C: most pages hide none.
        self.hides = hides and hides_something(root)
        self.hidden_chars = self.shown_chars = 0
        self.preformatted = 0
        self.runs: list[Run] = []
        self.passed: list[Grid] = []
        self.parts: list[str] = []
        self.bolds = 0
        self.link_chars = 0
        self.bold_chars = 0
        self.owners: list[etree._Element] = [root]
        self.hrefs: list[tuple[str, list[str], etree._Element]] = []
        self.open_links: list[list[str]] = []
        self.metas: list[tuple[str, str]] = []
        self.title = ""
        self.n_images = self.n_scripts = 0

    def walk(self) -> Tree:
        """Return what the tree holds."""
        self._read(self.root)
        links = tuple(Link(href, "".join(parts), element) for href, parts, element in self.hrefs)
        return Tree(
            self.runs,
            self.title,
            tuple(self.metas),
            self.n_images,
            self.n_scripts,
            links,
            was_deep=self.was_deep,
            unhidden=self.unhidden,
            passed=tuple(self.passed),
        )

    def _read(self, root: etree._Element) -> None:
        kinds = self.kinds
        owners, parts, open_links, hides = self.owners, self.parts, self.open_links, self.hides
        skipped: etree._Element | None = None
        walker = self._events(root)
        for event, element in walker:
            tag = element.tag
            kind = kinds.get(tag)
            if kind is None:  # Word's o:p and st1:chsdate stand in the line, unknown elements between lines
                kind = kinds[tag] = _PLAIN if ":" in tag else _BLOCK
            if event == "start":
                if kind == _SKIPPED or (hides and is_hidden(element)) or (kind == _TABLE and self._table(element)):
                    self._note(kind, tag, element)
                    skipped = element
                    walker.skip_subtree()
                    continue
                if kind == _BLOCK:
                    if parts:
                        self._flush()
                    owners.append(element)
                elif kind != _PLAIN:
                    self._enter(kind, element)
                text = element.text
            else:
                if element is skipped:
                    skipped = None
                elif kind == _BLOCK:
                    if parts:
                        self._flush()
                    owners.pop()
                elif kind != _PLAIN:
                    self._leave(kind, element)
                text = element.tail if element is not root else None
            if not text:
                continue
            if self.preformatted:
                text = self._break_lines(text)
            elif text.isspace():
                if parts:  # at the start of a line it prints nothing
                    parts.append(text)
                continue
            elif "\n" in text:
                text = _SOURCE_LINE_END.sub("", text)
            parts.append(text)
            if open_links:
                self.link_chars += len(text)
                open_links[-1].append(text)
            if self.bolds:
                self.bold_chars += len(text)
        self._flush()

    def _events(self, root: etree._Element) -> Events:
        events: Events = etree.iterwalk(root, events=("start", "end"))
        return events

    def _break_lines(self, text: str) -> str:
        """Flush the lines of preformatted text; the last one, which may go on."""
        *whole, last = text.split("\n")
        for line in whole:
            self.parts.append(line)
            self._flush()
        return last

    def _note(self, kind: int, tag: str, element: etree._Element) -> None:
        """Keep what the head tells, though it is not printed, and how much is hidden."""
        if kind != _SKIPPED and is_hidden(element):
            self.hidden_chars += sum(len(text.strip()) for text in map(str, element.itertext()))
        if tag == "meta":
            name = element.get("name") or element.get("property") or ""
            self.metas.append((name.lower(), element.get("content") or ""))
        elif tag == "title":
            self.title = self.title or "".join(map(str, element.itertext()))
        elif tag == "script":
            self.n_scripts += 1

    def _enter(self, kind: int, element: etree._Element) -> None:
        if kind == _BOLD:
            self.bolds += 1
        elif kind == _LINK:
            href = element.get("href")
            if href:
                parts: list[str] = []
                self.hrefs.append((href, parts, element))
                self.open_links.append(parts)
        elif kind == _IMAGE:
            self.n_images += 1
        else:
            self._flush()
            if kind != _BREAK:
                self.owners.append(element)
                self.bolds += kind == _HEADING
                self.preformatted += kind == _PRE

    def _leave(self, kind: int, element: etree._Element) -> None:
        if kind == _BOLD:
            self.bolds -= 1
        elif kind == _LINK:
            if element.get("href"):
                self.open_links.pop()
        elif kind in (_TABLE, _HEADING, _PRE):
            self._flush()
            self.owners.pop()
            self.bolds -= kind == _HEADING
            self.preformatted -= kind == _PRE

    def _flush(self) -> None:
        if self.parts:
            text = "".join(self.parts)
            if not text.isspace():
                owner = self.owners[-1]
                self.shown_chars += len(text)
                link = bold = 0.0
                if self.link_chars or self.bold_chars:  # blanks between them are neither
                    size = sum([len(part) for part in self.parts if not part.isspace()])
                    link, bold = min(1.0, self.link_chars / size), min(1.0, self.bold_chars / size)
                self.runs.append(TextRun(text, link, bold, owner.tag, owner))
            self.parts.clear()
            self.link_chars = self.bold_chars = 0

    def _table(self, element: etree._Element) -> bool:
        """Take a table that may hold data as one run; say whether it was taken."""
        nested = element.find(".//table")
        if nested is not None and not _only_small_tables(element):
            return False
        grid = read_grid(element, hides=self.hides or self.unhidden)
        kind = kind_of_grid(grid)
        if kind not in ("form", "data"):
            self.passed.append(grid)
            return False
        self._flush()
        before, after = ([], []) if grid.whole else _strays_of(element)
        self._strays(before)
        self.shown_chars += sum([len(cell.text) for row in grid.rows for cell in row])
        self.runs.append(TableRun(grid, kind == "form", element))
        self._strays(after)
        return True

    def _strays(self, nodes: "list[_Stray]") -> None:
        for node in nodes:
            if isinstance(node, str):
                self.parts.append(node)
                self._flush()
            else:
                self._read(node)


# An element that holds no cell, or one text; a text knows where it stands.
_Stray = etree._Element | etree._ElementUnicodeResult  # noqa: SLF001  (lxml names its types so)


def _strays_of(table: etree._Element) -> tuple[list[_Stray], list[_Stray]]:
    """What stands in a table but in no cell of it, as where an end tag is missing: before its first cell, and behind.

    Forms and fonts around whole rows are no strays, but a word of theirs beside the rows is.
    """
    before: list[_Stray] = []
    after: list[_Stray] = []
    strays = before
    stack: list[_Stray] = [table]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            strays.append(node)
        elif node.tag in ("td", "th"):
            strays = after
        elif node is table or node.tag in _TABLE_PARTS or (node.tag != "caption" and _HOLDS_CELLS(node)):
            if node is table or (node.tag not in UNPRINTED_TAGS and not is_hidden(node)):
                stack += reversed(_in_order(node))
        elif node.tag != "caption" and "".join(map(str, node.itertext())).strip():
            strays.append(node)
    return before, after


def _in_order(element: etree._Element) -> list[_Stray]:
    """The children of an element and the texts between them."""
    found_texts = _TEXTS(element)
    assert isinstance(found_texts, list)
    texts = [text for text in found_texts if isinstance(text, etree._ElementUnicodeResult)]  # noqa: SLF001
    tails = {text.getparent(): text for text in texts if text.is_tail}
    found: list[_Stray] = [text for text in texts if not text.is_tail]
    for child in element:
        found.append(child)
        if child in tails:
            found.append(tails[child])
    return found


def _only_small_tables(element: etree._Element) -> bool:
    """Whether all tables inside this one are no more than the frame of a cell's text."""
    return all(len(inner.findall(".//td")) <= 2 for inner in element.iterfind(".//table"))
