"""Text of a page → its lines in reading order: the document stage.

A line is what a browser would break off: a paragraph, a table cell of a layout table, what stands between two `<br>`.
Data tables are lines of their own, with their grid.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from parsers.grid import Grid
from parsers.records import Decoded
from parsers.tree import Link, TableRun, read_tree

# Characters without width: they print nothing and part no word.
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|table|div|p|br|span|td|meta|script|title|font|ul|li|h[1-6])\b",
    re.IGNORECASE,
)
# Word's conditional comments, printed as text where a site escaped them.
_CONDITIONAL = re.compile(r"<!--\[if [^\]]{0,40}\]-->|<!--\[endif\]-->|<!\[endif\]-->|<!\[if [^\]]{0,40}\]>")
# Mark-up that starts later than this is still found, by a search of the whole text.
_HEAD_BYTES = 4096
# Two blanks or more, a tab: what parts the columns of a table that was set with blanks.
_GAP = re.compile(r"[ \u3000\u00a0]{2,}|\t+")
_MARKDOWN = re.compile(r"^#{1,6}\s+")


class Line(NamedTuple):
    """One line. `text` has its white space folded; `link` and `bold` are the shares of it that are link or bold.

    `element` is the element it stands in, None for plain text; `grid` is set for a data table, whose `text` is '';
    `like_form` says that the table prints labels of the statutory forms. `cells` are the parts that wide gaps cut a
    line of plain or preformatted text into, () where there are none.
    """

    text: str
    tag: str
    link: float
    bold: float
    element: etree._Element | None
    grid: Grid | None = None
    like_form: bool = False
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page as lines, with what its head and its links tell. `kind` is html or text.

    `was_deep`, `unhidden` and `flattened` are the tree's; `cut` says that the source ends inside a table's text.
    """

    kind: str
    lines: tuple[Line, ...]
    html_title: str
    metas: tuple[tuple[str, str], ...]
    links: tuple[Link, ...]
    n_images: int
    n_scripts: int
    was_deep: bool
    unhidden: bool = False
    flattened: int = 0
    cut: bool = False


def read_lines(decoded: Decoded) -> Page:
    """Cut a decoded page into lines."""
    text = decoded.text
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    if not _MARKUP.search(text, 0, _HEAD_BYTES) and not _MARKUP.search(text):
        return Page("text", tuple(_text_lines(text)), "", (), (), 0, 0, was_deep=False)
    tree = read_tree(text)
    html_lines = []
    for run in tree.runs:
        if isinstance(run, TableRun):
            html_lines.append(Line("", "table", 0.0, 0.0, run.element, run.grid, run.like_form))
            continue
        folded = fold_line(run.text)
        if folded:
            cells = _gapped(run.text) if run.tag == "pre" else ()
            html_lines.append(Line(folded, run.tag, run.link, run.bold, run.element, cells=cells))
    return Page(
        "html",
        tuple(html_lines),
        fold_line(tree.html_title),
        tuple((name, fold_line(content)) for name, content in tree.metas),
        tuple(link._replace(words=fold_line(link.words)) for link in tree.links),
        tree.n_images,
        tree.n_scripts,
        was_deep=tree.was_deep,
        unhidden=tree.unhidden,
        flattened=tree.flattened,
        cut=_ends_in_table(text),
    )


def _ends_in_table(text: str) -> bool:
    """Whether the source ends within the text of a table: the last number may lack digits."""
    end = text.rstrip()
    if end.endswith(">"):
        return False
    low = end.lower()
    return low.rfind("<table") > low.rfind("</table")


def fold_line(text: str) -> str:
    """The text with every run of white space as one blank, and without Word's escaped conditional comments."""
    if "<!" in text:
        text = _CONDITIONAL.sub("", text)
    return " ".join(text.split())


def _text_lines(text: str) -> Iterator[Line]:
    """Lines of plain text; the marks of Markdown (##, **) print nothing."""
    for raw in text.split("\n"):
        printed = _MARKDOWN.sub("", raw).replace("**", "") if raw.startswith("#") or "**" in raw else raw
        folded = fold_line(printed)
        if folded:
            yield Line(folded, "text", 0.0, 0.0, None, cells=_gapped(printed))


def _gapped(raw: str) -> tuple[str, ...]:
    """The parts that wide gaps cut a preformatted line into: cells of a table set with blanks. () for none."""
    parts = [folded for part in _GAP.split(raw) if (folded := fold_line(part))]
    return tuple(parts) if len(parts) > 1 else ()
