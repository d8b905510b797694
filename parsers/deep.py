"""A page nested deeper than libxml2 follows → the same page as shallow HTML.

libxml2 stops at 256 levels, or at 2,048 with `huge_tree`, and drops the rest of the page (measured on 2.14;
the parser's `error_log` then holds an ERR_RESOURCE_LIMIT). A few hundred unclosed `<font>` or `<div>` are
enough. Here BeautifulSoup builds the tree, which knows no limit, and a walk without recursion writes it down
again: inline wrappers and idle containers are left out, end tags that HTML lets authors leave out are put in.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from parsers.cells import hides

# No element of the result lies deeper: half of libxml2's smaller limit. What only holds text together may use
# half of that, so that no heap of unclosed containers takes the room of a table.
LIMIT = 128
_LOOSE_LIMIT = LIMIT // 2

# What the text of a page does not hold, and what html.parser would stumble over. An unclosed one runs to the
# end, as it does for libxml2.
_SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?](?!--)[^>]*>?|<(script|style)\b.*?(?:</\1[^>]*>?|\Z)", re.DOTALL | re.IGNORECASE
)
_UNREAD = frozenset(("noscript", "template", "iframe", "object", "select", "textarea", "svg", "math"))

_EMPTY = frozenset(("br", "hr", "img", "meta", "input"))
_CELLS = frozenset(("td", "th"))
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_TABLE_PARTS = _CELLS | _GROUPS | {"table", "caption", "tr"}
_BLOCKS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "ucaptitle", "p", "div", "li", "ul", "ol", "title", "pre"))
# Blocks that only end a line here; every other element is a wrapper of text.
_BREAKING = frozenset(("center", "form", "section", "article", "main", "header", "footer", "blockquote"))
_KEPT = _BLOCKS | _TABLE_PARTS
# These say something of the text in them, and once is enough.
_MARKS = frozenset(("a", "b", "strong", "sup", "del", "s", "strike"))
# Of containers opened again and again without a word between them, so many are kept: each costs a tree's element.
_RUN = 64
_SHOWN = r"\b(?![^<>]*(?:hid|none))[^<>]*>\s*"
_OPENED_AGAIN = re.compile(
    rf"(<(?P<name>div|font|span|b|i|u|em|strong|center|section|article|form|o:p){_SHOWN}"
    rf"(?:<(?P=name){_SHOWN}){{{_RUN}}})(?:<(?P=name){_SHOWN})+",
    re.IGNORECASE,
)

# Start tag → open elements that it ends, and elements beyond which it ends nothing.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    **dict.fromkeys(_BLOCKS | {"table"}, (frozenset(("p",)), _CELLS | {"table", "div", "li"})),
    **dict.fromkeys(_CELLS, (_CELLS, frozenset(("table",)))),
    **dict.fromkeys(_GROUPS, (_GROUPS | {"tr"}, frozenset(("table",)))),
    "tr": (frozenset(("tr",)), frozenset(("table",))),
    "li": (frozenset(("li",)), frozenset(("ul", "ol", "table"))),
}

_ATTRIBUTES = ("rowspan", "colspan", "height", "href", "name", "property", "http-equiv", "content", "type", "value")


def shallow(text: str) -> tuple[str, int]:
    """Write the page's text, tables and blocks as HTML nested less than `LIMIT` deep, in the same order.

    Tables nested deeper than that become text; the second value counts them. Hidden elements stay marked as hidden.
    Time and memory are linear in the text.

    >>> shallow("<font><font><TD colspan=2>1</font>")
    ('<td colspan="2">1</td>', 0)
    """
    # References stay as they are, for libxml2 to read: html.parser gives up a page at the second bare `&#`.
    cut = _OPENED_AGAIN.sub(r"\1", _SILENT.sub("", text).replace("&", "&amp;"))
    # After the last `>` no tag can end, but html.parser would look for its end from every `<` on.
    last = cut.rfind(">") + 1
    soup = BeautifulSoup(cut[:last] + cut[last:].replace("<", "&lt;"), "html.parser")
    writer = _Writer()
    levels: list[tuple[Tag, Iterator[PageElement]]] = [(soup, iter(soup.contents))]
    while levels:
        parent, children = levels[-1]
        node = next(children, None)
        if node is None:
            levels.pop()
            writer.end(parent)
        elif isinstance(node, Tag):
            if writer.start(node):
                levels.append((node, iter(node.contents)))
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            writer.text(node)
    return writer.finish(), writer.flattened


class _Writer:
    """Writes a deep tree as a shallow one, from its starts, ends and texts in document order."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        # Elements that stand open in what is written: the tree's element, the name it was given.
        self.open: list[tuple[Tag, str]] = []
        # Blocks of the tree that were left out: their end still ends a line.
        self.left_out: set[int] = set()
        self.lost_tables = self.flattened = 0  # that are open, and in all
        # Whether nothing was written since the last start tag.
        self.idle = False

    def start(self, tag: Tag) -> bool:
        """Write a start tag, or leave it out. Returns whether what is in it is to be written."""
        name = tag.name
        if name in _UNREAD:
            return False
        if self.open and self.open[-1][1] == "title":
            self._close(len(self.open) - 1)
        if name in _EMPTY:
            self.parts.append(f"<{name}{_attributes(tag)}>")
            self.idle = False
            return False
        hidden = tag.get("hidden") is not None or hides(str(tag.get("style", "")))
        self._end_implied(name)
        if self._wants(name) or (hidden and len(self.open) < LIMIT):
            written = name if name in _KEPT or name in _MARKS else "span"
            self.parts.append(f"<{written}{_attributes(tag)}{' hidden' if hidden else ''}>")
            self.open.append((tag, written))
            self.idle = True
        elif hidden:
            return False
        elif name in _KEPT or name in _BREAKING:
            self._leave_out(tag)
        return True

    def end(self, tag: Tag) -> None:
        """Close what is open of the element, or end the line of a block that was left out."""
        place = next((n for n, (element, _) in enumerate(self.open) if element is tag), None)
        if place is not None:
            self._close(place)
        elif id(tag) in self.left_out:
            self.left_out.remove(id(tag))
            self.lost_tables -= tag.name == "table"
            self._break()

    def text(self, text: str) -> None:
        """Write text, its white space as it is."""
        self.parts.append(_escape(text))
        self.idle = self.idle and text.isspace()

    def finish(self) -> str:
        """Close what is still open and return the page."""
        self._close(0)
        return "".join(self.parts)

    def _wants(self, name: str) -> bool:
        if len(self.open) >= (LIMIT if name in _TABLE_PARTS else _LOOSE_LIMIT):
            return False
        if name in _MARKS:
            return all(name != written for _, written in self.open)
        if name == "div" and self.idle:
            return self.open[-1][1] != "div"
        return name in _BLOCKS or (name in _TABLE_PARTS and not self.lost_tables)

    def _leave_out(self, tag: Tag) -> None:
        self.left_out.add(id(tag))
        self.lost_tables += tag.name == "table"
        self.flattened += tag.name == "table"
        if not self.idle:
            self._break()

    def _break(self) -> None:
        within = self.open[-1][1] if self.open else ""
        if self.parts and self.parts[-1] != "<br>" and within not in _TABLE_PARTS - _CELLS:
            self.parts.append("<br>")
        self.idle = False

    def _end_implied(self, name: str) -> None:
        ends, barrier = _ENDS.get(name, (frozenset(), frozenset()))
        if not ends or (self.lost_tables and name in _TABLE_PARTS):
            return
        place = len(self.open)
        for n in range(len(self.open) - 1, -1, -1):
            if self.open[n][1] in ends:
                place = n
            elif self.open[n][1] in barrier:
                break
        self._close(place)

    def _close(self, place: int) -> None:
        while len(self.open) > place:
            self.parts.append(f"</{self.open.pop()[1]}>")
            self.idle = False


def _attributes(tag: Tag) -> str:
    found = ((name, tag.get(name)) for name in _ATTRIBUTES)
    return "".join(f' {name}="{_escape(str(value))}"' for name, value in found if value is not None)


def _escape(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
