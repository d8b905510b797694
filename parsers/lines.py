"""Text of a page → its lines in reading order: the document stage.

A line is what a browser would break off: a paragraph, a table cell of a layout table, what stands between two `<br>`.
Data tables are lines of their own, with their grid.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from parsers.grid import Grid
from parsers.records import Decoded
from parsers.tree import Link, Run, TableRun, Tree, read_tree

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
_STARS = re.compile(r"\*\*")


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


# Named tuples by the thousand are made past their own `__new__`, a function in Python: in half of the time.
_tuple = tuple.__new__


@dataclass(frozen=True, slots=True)
class Page:
    """A page as lines, with what its head and its links tell. `kind` is html or text.

    `was_deep`, `unhidden`, `flattened` and `passed` are the tree's; `cut` says that the source ends inside a table.
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
    passed: tuple[Grid, ...] = ()


def read_lines(decoded: Decoded) -> Page:
    """Cut a decoded page into lines."""
    text = printed(decoded.text)
    return page_of_tree(text, read_tree(text)) if has_markup(text) else page_of_text(text)


def printed(text: str) -> str:
    """The text without its characters that print nothing."""
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return text


def has_markup(text: str) -> bool:
    """Whether a text is HTML rather than plain lines."""
    return bool(_MARKUP.search(text, 0, _HEAD_BYTES) or _MARKUP.search(text))


def page_of_text(text: str) -> Page:
    """Plain text as a page: its lines are those that `numbered_lines` gives."""
    lines = tuple(line for _, line in numbered_lines(text))
    return Page("text", lines, "", (), (), 0, 0, was_deep=False)


def page_of_tree(text: str, tree: Tree) -> Page:
    """A tree that was read from a text as a page: its lines are those that `lines_of_runs` gives."""
    return Page(
        "html",
        tuple(line for _, line in lines_of_runs(tree.runs)),
        fold_line(tree.html_title),
        tuple((name, fold_line(content)) for name, content in tree.metas),
        tuple(link._replace(words=fold_line(link.words)) for link in tree.links),
        tree.n_images,
        tree.n_scripts,
        was_deep=tree.was_deep,
        unhidden=tree.unhidden,
        flattened=tree.flattened,
        cut=_ends_in_table(text),
        passed=tree.passed,
    )


def lines_of_runs(runs: Iterable[Run]) -> Iterator[tuple[int, Line]]:
    """The lines of a tree's runs, each with the number of its run; a run that prints nothing gives none."""
    for number, run in enumerate(runs):
        if isinstance(run, TableRun):
            yield number, Line("", "table", 0.0, 0.0, run.element, run.grid, run.like_form)
            continue
        folded = fold_line(run.text)
        if folded:
            cells = _gapped(run.text) if run.tag == "pre" else ()
            yield number, _tuple(Line, (folded, run.tag, run.link, run.bold, run.element, None, False, cells))


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


def unprinted_in(text: str) -> list[tuple[int, int]]:
    """Places of conditional comments in a run's text: characters that `fold_line` leaves out."""
    return [found.span() for found in _CONDITIONAL.finditer(text)] if "<!" in text else []


def marks_in(raw: str) -> list[tuple[int, int]]:
    """Places of the marks of Markdown (##, **) in a line of plain text: they print nothing."""
    if not raw.startswith("#") and "**" not in raw:
        return []
    head = _MARKDOWN.match(raw)
    start = head.end() if head else 0
    return [*([head.span()] if head else []), *(found.span() for found in _STARS.finditer(raw, start))]


def numbered_lines(text: str) -> Iterator[tuple[int, Line]]:
    """Lines of plain text, each with its number among all that the text has; a blank one gives none."""
    for number, raw in enumerate(text.split("\n")):
        shown = _without(raw, marks_in(raw))
        folded = fold_line(shown)
        if folded:
            yield number, Line(folded, "text", 0.0, 0.0, None, cells=_gapped(shown))


def _without(text: str, places: list[tuple[int, int]]) -> str:
    if not places:
        return text
    starts = [0, *(end for _, end in places)]
    ends = [*(start for start, _ in places), len(text)]
    return "".join(text[start:end] for start, end in zip(starts, ends, strict=True))


def _gapped(raw: str) -> tuple[str, ...]:
    """The parts that wide gaps cut a preformatted line into: cells of a table set with blanks. () for none."""
    parts = [folded for part in _GAP.split(raw) if (folded := fold_line(part))]
    return tuple(parts) if len(parts) > 1 else ()
