"""HTML text → one flat stream of text runs and tables in reading order.

The only module that touches lxml elements of the page as a whole. `read_tree` walks the tree once. Layout tables are
walked through as if they were paragraphs; a table that holds data becomes one item with its grid.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from parsers.deep import shallow
from parsers.grid import Grid, is_hidden, kind_of_grid, read_grid

# libxml2 keeps 2,048 levels under huge_tree and 256 without (measured on 2.14); whatever is deeper is dropped
# without an error, so a tree that comes near the smaller limit is read again another way.
DEPTH_LIMIT = 250

# One XPath in C tells whether anything lies so deep: no walk in Python.
_TOO_DEEP = etree.XPath(f"boolean({'/*' * DEPTH_LIMIT})")

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "text",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ],
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "object",
        "embed",
        "select",
        "option",
        "textarea",
        "svg",
        "math",
        "audio",
        "video",
        "canvas",
        "map",
        "input",
        "title",
        "head",
        "link",
        "meta",
        "base",
    ],
)
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "ucaptitle"))
_BOLD = frozenset(("b", "strong", *HEADING_TAGS))


@dataclass(slots=True)
class TextRun:
    """A line of text as a browser would break it: `text` unfolded, the share of it that is link or bold, its place."""

    text: str
    link_chars: int
    bold_chars: int
    tag: str
    element: etree._Element


@dataclass(slots=True)
class TableRun:
    """A table that may hold data; `like_form` if it prints labels of the statutory forms."""

    grid: Grid
    like_form: bool
    element: etree._Element


Run = TextRun | TableRun


@dataclass(slots=True)
class Tree:
    """A page's runs, its head, and whether it had to be read the slow way because of its depth."""

    runs: list[Run]
    html_title: str
    metas: tuple[tuple[str, str], ...]
    n_images: int
    n_scripts: int
    links: tuple[tuple[str, str], ...]
    was_deep: bool


def read_tree(text: str) -> Tree:
    """Parse a page's text and flatten it into runs. Never raises for bad mark-up."""
    root = _parse(text)
    if root is None:
        return Tree([], "", (), 0, 0, (), was_deep=False)
    if _TOO_DEEP(root):
        flat = _parse(shallow(text))
        if flat is not None:
            return _Walker(flat, was_deep=True).walk()
    return _Walker(root, was_deep=False).walk()


def _parse(text: str) -> etree._Element | None:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    if not text.strip():
        return None
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.ParserError:  # a page without a single element
        return None
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001  (lxml names its element type so)


class _Walker:
    """Walks the tree once, in document order, and cuts its text into lines where a browser would."""

    def __init__(self, root: etree._Element, *, was_deep: bool) -> None:
        self.root = root
        self.was_deep = was_deep
        self.runs: list[Run] = []
        self.parts: list[str] = []
        self.links = 0
        self.bolds = 0
        self.link_chars = 0
        self.bold_chars = 0
        self.owners: list[etree._Element] = [root]
        self.hrefs: list[tuple[str, list[str]]] = []
        self.open_links: list[list[str]] = []

    def walk(self) -> Tree:
        metas: list[tuple[str, str]] = []
        title = ""
        n_images = n_scripts = 0
        skipped: etree._Element | None = None
        walker = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walker:
            tag = element.tag
            if event == "end":
                if element is skipped and element is not None:
                    skipped = None
                    if element.tail:
                        self._text(element.tail)
                else:
                    self._end(tag, element)
                continue
            if tag in _SKIPPED:
                skipped = element
                if tag == "meta":
                    metas.append(
                        (
                            (element.get("name") or element.get("property") or "").lower(),
                            element.get("content") or "",
                        )
                    )
                elif tag == "title" and not title:
                    title = "".join(element.itertext())
                n_scripts += tag == "script"
                walker.skip_subtree()
                continue
            if tag == "img":
                n_images += 1
            if is_hidden(element) or (tag == "table" and self._table(element)):
                skipped = element
                walker.skip_subtree()
                continue
            self._start(tag, element)
        self._flush()
        links = tuple((href, "".join(parts)) for href, parts in self.hrefs)
        return Tree(self.runs, title, tuple(metas), n_images, n_scripts, links, was_deep=self.was_deep)

    def _start(self, tag: str, element: etree._Element) -> None:
        if tag in ("br", "hr"):
            self._flush()
        elif tag not in _INLINE and ":" not in tag:
            self._flush()
            self.owners.append(element)
        if tag == "a" and element.get("href"):
            self.links += 1
            parts: list[str] = []
            self.hrefs.append((element.get("href") or "", parts))
            self.open_links.append(parts)
        if tag in _BOLD:
            self.bolds += 1
        if element.text:
            self._text(element.text)

    def _end(self, tag: str, element: etree._Element) -> None:
        if element is self.owners[-1] and element is not self.root:
            self._flush()
            self.owners.pop()
        if tag == "a" and element.get("href"):
            self.links -= 1
            self.open_links.pop()
        if tag in _BOLD:
            self.bolds -= 1
        if element.tail:
            self._text(element.tail)

    def _text(self, text: str) -> None:
        self.parts.append(text)
        if self.links:
            self.link_chars += len(text)
            self.open_links[-1].append(text)
        if self.bolds:
            self.bold_chars += len(text)

    def _flush(self) -> None:
        if self.parts:
            text = "".join(self.parts)
            if text.strip("\u00a0\u3000 \t\r\n\ufeff\u200b"):
                owner = self.owners[-1]
                self.runs.append(TextRun(text, self.link_chars, self.bold_chars, owner.tag, owner))
            self.parts = []
            self.link_chars = self.bold_chars = 0

    def _table(self, element: etree._Element) -> bool:
        """Take a table that may hold data as one run; say whether it was taken."""
        nested = element.find(".//table")
        if nested is not None and not _only_small_tables(element):
            return False
        grid = read_grid(element)
        kind = kind_of_grid(grid)
        if kind not in ("form", "data"):
            return False
        self._flush()
        self.runs.append(TableRun(grid, kind == "form", element))
        return True


def _only_small_tables(element: etree._Element) -> bool:
    """Whether all tables inside this one are no more than the frame of a cell's text."""
    return all(len(inner.findall(".//td")) <= 2 for inner in element.iterfind(".//table"))


def run_path(element: etree._Element) -> str:
    """Absolute XPath of an element in the page's tree."""
    return str(element.getroottree().getpath(element))


def iter_ancestors(element: etree._Element) -> Iterator[etree._Element]:
    """The element itself and everything around it, from the inside out."""
    yield element
    yield from element.iterancestors()
