"""A page's tree → HTML again, with marks: what the parser left out is left out, and every text stands where it stood.

What is written is not harmless yet: attributes keep what the page wrote in them. But no element, no id, no class and no
address of the page's own passes, and elements nest as they are written.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from lxml import etree

from parsers.cells import TEXT_INPUTS, is_hidden
from parsers.tracing import Node
from parsers.tree import INLINE_TAGS, UNPRINTED_TAGS

MARK, CELL, AROUND, BLANK = "gk-mark", "gk-cell", "gk-around", "gk-blank"
"""Classes of a mark (a link to itself), a marked cell, a mark around others, a place without a character."""

LINK, PICTURE, FIELD, TEXT = "gk-link", "gk-picture", "gk-field", "gk-text"
"""Classes of what stands for a link, a picture, a filled field, and of a page of plain text."""

_LONGEST_ADDRESS = 500
_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,60}")
_TAGS = (
    "p div br hr wbr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th "
    "b strong i em u s strike del ins span sub sup small big font center blockquote pre code tt"
)
_SHOWN = frozenset(_TAGS.split())
_EMPTY = frozenset(("br", "hr", "wbr", "col"))
_UNWRAPPED = frozenset(("html", "head", "body"))
_SHAPING = (
    "style align valign width bgcolor border colspan rowspan span color size dir lang start type nowrap cellpadding "
    "cellspacing"
)
_ATTRIBUTES = frozenset(_SHAPING.split())


class Mark(NamedTuple):
    """What a mark is called and what it says of itself."""

    anchor: str
    note: str


class MarkedSpan(NamedTuple):
    """Characters `start` to `end` of a node's text that a mark stands on."""

    start: int
    end: int
    mark: Mark


def may_be_anchor(anchor: str) -> bool:
    """Whether a word can be the id of a mark."""
    return bool(_ANCHOR.fullmatch(anchor))


class Pen:
    """Writes marks and texts. Whatever is ours begins with the seal."""

    def __init__(self, seal: str) -> None:
        """Begin a page; `seal` is the digest of its bytes."""
        self._seal = seal
        self._given: set[str] = set()

    def open(self, tag: str, classes: str, mark: Mark | None = None, title: str = "") -> str:
        """The start tag of an element of ours; that of a mark has its id where it is the mark's first."""
        sealed = {"class": classes, "title": title}
        if mark is not None:
            sealed["data-place"] = mark.anchor
            if mark.anchor not in self._given:
                self._given.add(mark.anchor)
                sealed["id"] = mark.anchor
        return f"<{tag}{self._attributes(sealed)}>"

    def link(self, mark: Mark, *, is_place: bool) -> str:
        """The start tag of a link that a mark is chosen with; `is_place` says that it is the marked place itself."""
        start = self.open("a", MARK, mark if is_place else None, mark.note)
        return f'{start[:-1]} href="#{self._seal}{mark.anchor}">'

    def cell(self, tag: str, attributes: str, marks: Sequence[Mark]) -> tuple[str, str]:
        """The start of a marked cell and its end. A cell that several rows share is the place of each of them."""
        first, *others = marks
        starts = [self.open(tag, CELL, first)[:-1] + attributes + ">"]
        starts += [self.open("span", AROUND, mark) for mark in others]
        starts.append(self.link(first, is_place=False))
        return "".join(starts), f"</a>{'</span>' * len(others)}</{tag}>"

    def text(self, text: str, spans: Iterable[MarkedSpan], *, links: bool = True) -> str:
        """A text with marks on its spans, which may lie in one another or overlap."""
        ordered = sorted(spans, key=lambda span: (span.start, -span.end))
        if not ordered:
            return escape(text, quote=False)
        bounds = sorted({0, len(text), *(at for span in ordered for at in span[:2])})
        alone = all(one.end <= other.start for one, other in pairwise(ordered))
        written: list[str] = []
        standing: list[MarkedSpan] = []
        for at, after in zip(bounds, [*bounds[1:], len(text)], strict=True):
            written += self._close(standing, at)
            for span in ordered:
                if span.start == span.end == at:
                    written += (self.open("span", f"{MARK} {BLANK}", span.mark, span.mark.note), "</span>")
                elif span.start == at:
                    standing.append(span)
                    written += [] if alone and links else [self.open("span", AROUND, span.mark)]
            segment = escape(text[at:after], quote=False)
            if segment and standing and links:
                segment = f"{self.link(standing[-1].mark, is_place=alone)}{segment}</a>"
            written.append(segment)
            if alone and links:
                standing.clear()
        return "".join(written)

    def _close(self, standing: list[MarkedSpan], at: int) -> list[str]:
        """End the marks that end here; those that were opened after one of them begin anew behind it."""
        first = next((place for place, span in enumerate(standing) if span.end <= at), len(standing))
        ended = standing[first:]
        standing[first:] = [span for span in ended if span.end > at]
        again = [self.open("span", AROUND, span.mark) for span in standing[first:]]
        return ["</span>"] * len(ended) + again

    def _attributes(self, values: Mapping[str, str]) -> str:
        return "".join(f' {name}="{self._seal}{escape(value)}"' for name, value in values.items() if value)


class Show:
    """Writes a tree."""

    def __init__(
        self,
        pen: Pen,
        cells: Mapping[etree._Element, Sequence[Mark]],
        spans: Mapping[Node, Sequence[MarkedSpan]],
        texts: Mapping[Node, str],
        tables: frozenset[etree._Element],
        *,
        hides: bool,
    ) -> None:
        """`texts` are those that the parser read otherwise than they stand; `tables` those that it read as data."""
        self._pen, self._cells, self._spans, self._texts = pen, cells, spans, texts
        self._tables, self._hides = tables, hides
        self._ends: list[str] = []
        self._depth = 0  # of data tables
        self._links = 0  # marked cells that stand open: a link may hold no other

    def write(self, root: etree._Element) -> str:
        """The page below `root`."""
        written: list[str] = []
        skipped: etree._Element | None = None
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "start":
                replacement = self._replacement(element)
                if replacement is not None:
                    written.append(replacement)
                    skipped = element
                    events.skip_subtree()
                    continue
                written.append(self._start(element))
                written.append(self._text(element, is_tail=False))
                continue
            if element is skipped:
                skipped = None
            else:
                written.append(self._end(element))
            if element is not root:
                written.append(self._text(element, is_tail=True))
        return "".join(written)

    def _replacement(self, element: etree._Element) -> str | None:
        """What is written in the place of an element and all that is in it; None where it is written itself."""
        tag = element.tag
        if tag == "img":
            alt = " ".join((element.get("alt") or "").split())
            return f"{self._pen.open('span', PICTURE)}{escape(alt, quote=False)}</span>"
        if (self._hides or self._depth) and is_hidden(element):
            return ""
        if tag == "input" and self._depth and (element.get("type") or "text").lower() in TEXT_INPUTS:
            value = escape(element.get("value") or "", quote=False)
            return f"{self._pen.open('span', FIELD)}{value}</span>"
        return "" if tag in UNPRINTED_TAGS else None

    def _start(self, element: etree._Element) -> str:
        tag = element.tag
        if element in self._tables:
            self._depth += 1
        if tag in _UNWRAPPED:
            self._ends.append("")
            return ""
        if tag == "a":
            self._ends.append("</span>")
            address = " ".join((element.get("href") or "").split())[:_LONGEST_ADDRESS]
            return self._pen.open("span", LINK, title=address) if address else "<span>"
        if tag not in _SHOWN:
            tag = "span" if tag in INLINE_TAGS or ":" in tag else "div"
        attributes = _attributes(element)
        marks = self._cells.get(element)
        if marks:
            start, end = self._pen.cell(tag, attributes, marks)
            self._ends.append(end)
            self._links += 1
            return start
        self._ends.append("" if tag in _EMPTY else f"</{tag}>")
        return f"<{tag}{attributes}>"

    def _end(self, element: etree._Element) -> str:
        if element in self._tables:
            self._depth -= 1
        if element in self._cells:
            self._links -= 1
        return self._ends.pop()

    def _text(self, element: etree._Element, *, is_tail: bool) -> str:
        text = element.tail if is_tail else element.text
        if not text:
            return ""
        node = Node(element, is_tail)
        spans = self._spans.get(node)
        if spans:
            return self._pen.text(self._texts.get(node, text), spans, links=not self._links)
        return escape(text, quote=False)


def _attributes(element: etree._Element) -> str:
    return "".join([f' {name}="{escape(str(value))}"' for name, value in element.items() if name in _ATTRIBUTES])
