"""Archived pages as the explorer shows them, read back by a parser that had no part in making them."""

from collections import defaultdict
from html.parser import HTMLParser

from outputs.explorer.paths import cell_anchor, span_anchor
from outputs.explorer.records import Place

_VOID = ("br", "hr", "wbr", "col", "meta")
_NO_TEXT = ("del", "s", "strike", "sup")


class Shown(HTMLParser):
    """What stands in a document: its elements with their attributes, its text, and the text under each mark."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.declarations = []
        self.ids = []
        self.texts = []
        self.marks = defaultdict(str)
        self.open = []
        self.feed(html)
        self.close()

    @property
    def text(self):
        return "".join(self.texts)

    def tags(self):
        return {tag for tag, _ in self.elements}

    def named(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def under(self, anchor):
        """The text of a mark, without white space."""
        return "".join(self.marks[anchor].split())

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), f"an attribute stands twice: {attrs}"
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag not in _VOID:
            unseen = tag in _NO_TEXT or attributes.get("class") == "gk-picture"
            above = frozenset() if unseen or not self.open else self.open[-1][1]
            self.open.append((tag, above | {attributes["data-place"]} if "data-place" in attributes else above))

    def handle_startendtag(self, tag, attrs):
        raise AssertionError(f"<{tag}/> closes itself")

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag, f"</{tag}> ends another element"

    def handle_data(self, data):
        self.texts.append(data)
        for anchor in self.open[-1][1] if self.open else ():
            self.marks[anchor] += data

    def handle_decl(self, decl):
        self.declarations.append(decl)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data}")


def cell(table_no, row, col, note="a note"):
    return Place(cell_anchor(table_no, row, col), note, table_no=table_no, row=row, col=col)


def span(block_no, start, end, note="a note"):
    return Place(span_anchor(block_no, start, end), note, block_no=block_no, char_start=start, char_end=end)


def places_of_report(report):
    """Every cell and every claim of a report, each with the words that must stand under its mark."""
    places = {}
    for one in report.cells:
        place = cell(one.table_no, one.row, one.col)
        places.setdefault(place.anchor, (place, one.raw))
    for one in report.claims:
        place = span(one.block_no, one.char_start, one.char_end)
        words = report.blocks[one.block_no].text[one.char_start : one.char_end]
        places.setdefault(place.anchor, (place, words))
    return places
