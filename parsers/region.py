"""Which lines are the report and which are the page around it.

No rule for single sites: the report is the smallest part of the page that holds its section headings and tables; what
follows its last section is cut off where lines read like a page's foot. Nothing is thrown away: lines outside keep
their text and are called furniture.
"""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from lxml import etree

from parsers.dates import PERIOD_WORDS
from parsers.headings import Heading, canonical, is_date_line, is_title_like, match_heading
from parsers.lines import Line

# Of the headings and tables, this share must lie in the container: one stray heading in a side list may not widen it.
_SHARE = 0.9
_LINKED = 0.7
# All of a line but a blank or a number.
_BOLD = 0.9
_FURNITURE_LENGTH = 260
_NOT_WORDS = re.compile(r"[\s.…·\d。：:]+")


@dataclass(frozen=True, slots=True)
class Region:
    """Lines `start` to `end` (excluded) are the report, `headings` the heading that each of them opens, if any.

    `furniture` are lines inside that the site printed (print buttons, share bars).
    """

    start: int
    end: int
    headings: dict[int, Heading]
    furniture: frozenset[int]


def find_region(lines: tuple[Line, ...]) -> Region:
    """Find the report among a page's lines. A page without any heading or table is all region."""
    numbered = {
        i: heading
        for i, line in enumerate(lines)
        if line.link < _LINKED and (heading := match_heading(line.text)) is not None
    }
    numbered = _below_parts(numbered)
    headings = dict(numbered)
    tops = _tops(headings)
    if sum(1 for heading in numbered.values() if heading.level == 1) < 2:
        headings |= _plain_headings(lines, numbered)
        tops = _tops(headings)
    anchors = [*tops, *(i for i, line in enumerate(lines) if line.like_form)]
    if not anchors:
        anchors = [i for i, line in enumerate(lines) if states_basis(line.text)] or list(range(len(lines)))
    inside = _inside(lines, anchors)
    start, end = inside.start, inside.stop
    end = max([end, *(i + 1 for i, line in enumerate(lines) if line.like_form and i >= start)])
    first = min((i for i in headings if i >= start), default=end)
    furniture = {
        i
        for i in range(start, end)
        if i not in headings
        and lines[i].grid is None
        and is_furniture(lines[i])
        and not (i > first and is_date_line(lines[i].text))  # the date below the signature is the report's own
    }
    last_anchor = max((i for i in anchors if start <= i < end), default=start)
    end = _cut_foot(lines, last_anchor, end, furniture)
    headings = {i: h for i, h in headings.items() if start <= i < end}
    headings = _without_contents(headings)
    headings = {i: h for i, h in headings.items() if not _is_item(i, h, headings, end)}
    return Region(start, end, headings, frozenset(i for i in furniture if i < end))


def is_furniture(line: Line) -> bool:
    """Whether a line reads like something the site printed around its text."""
    if line.link >= _LINKED:
        return True
    text = line.text
    if len(text) > _FURNITURE_LENGTH or ("。" in text and "版权" not in text):
        return False  # a sentence is the report's own
    text = text.replace(" ", "")
    return bool(_furniture_pattern().fullmatch(text))


def states_basis(text: str) -> bool:
    """Whether a text says what a report rests on: the period of its figures, or the regulation that asks for it."""
    return "政府信息公开条例" in text or bool(PERIOD_WORDS.search(text))


def _below_parts(headings: dict[int, Heading]) -> dict[int, Heading]:
    """Where a report is cut into 第一部分, 第二部分 …, its 一、二、 stand one level below them."""
    parts = {i for i, heading in headings.items() if heading.number.startswith("第")}
    if len(parts) < 2:
        return headings
    return {i: h if i in parts else replace(h, level=h.level + 1) for i, h in headings.items()}


def _tops(headings: dict[int, Heading]) -> list[int]:
    """The headings of the report's outermost level: the first level that two or more of them have."""
    for level in (1, 2):
        tops = [i for i, heading in headings.items() if heading.level == level]
        if len(tops) >= 2 and (level == 1 or any(canonical(headings[i].title) for i in tops)):
            return tops
    return []


def _plain_headings(lines: tuple[Line, ...], numbered: dict[int, Heading]) -> dict[int, Heading]:
    """Unnumbered headings: lines in heading tags, or in bold, of which some are worded like sections of a report."""
    plain = [
        i
        for i, line in enumerate(lines)
        if i not in numbered and line.grid is None and line.link < _LINKED and is_title_like(line.text)
    ]
    for level, tag in enumerate(("h1", "h2", "h3", "h4", "h5", "h6")):
        worded = [i for i in plain if lines[i].tag == tag and canonical(lines[i].text)]
        if len(worded) >= 2:
            tags = [f"h{n}" for n in range(level + 1, 7)]
            used = [t for t in tags if any(lines[i].tag == t and i > worded[0] for i in plain) or t == tag]
            return {
                i: Heading(1 + used.index(lines[i].tag), "", lines[i].text, "")
                for i in plain
                if lines[i].tag in used and i >= worded[0]
            }
    bold = [i for i in plain if lines[i].bold > _BOLD and canonical(lines[i].text)]
    return {i: Heading(1, "", lines[i].text, "") for i in bold} if len(bold) >= 2 else {}


def _inside(lines: tuple[Line, ...], anchors: list[int]) -> range:
    """Lines in the smallest element that holds nearly all anchors."""
    if not anchors or lines[anchors[0]].element is None:
        return range(len(lines))
    counts: Counter[etree._Element] = Counter()
    for i in anchors:
        element = lines[i].element
        if element is not None:
            counts[element] += 1
            counts.update(element.iterancestors())
    needed = len(anchors) * _SHARE
    # Deeper elements hold fewer anchors; of those that hold enough, the smallest count is the deepest.
    enough = [element for element, count in counts.items() if count >= needed]
    container = max(enough, key=lambda element: sum(1 for _ in element.iterancestors()))
    # Lines stand in document order, so those of one element are neighbours: only the ends have to be looked for.
    within = [i for i in anchors if _stands_in(lines[i].element, container)]
    first, last = min(within), max(within)
    while first > 0 and _stands_in(lines[first - 1].element, container):
        first -= 1
    while last + 1 < len(lines) and _stands_in(lines[last + 1].element, container):
        last += 1
    return range(first, last + 1)


def _stands_in(element: etree._Element | None, container: etree._Element) -> bool:
    while element is not None:
        if element is container:
            return True
        element = element.getparent()
    return False


def _cut_foot(lines: tuple[Line, ...], last_anchor: int, end: int, furniture: set[int]) -> int:
    """The end of the report: before the lines of a foot that run to the end of its part of the page."""
    while end > last_anchor + 1 and (end - 1 in furniture or is_furniture(lines[end - 1])):
        end -= 1
    return end


def _is_item(at: int, heading: Heading, headings: dict[int, Heading], end: int) -> bool:
    """Whether a line numbered 1. is an item of a list: a clause with a comma and nothing under it."""
    bare = heading.number.strip("（( ")[:1].isdigit() and not heading.rest and "，" in heading.title
    return bare and (at + 1 >= end or at + 1 in headings)


def _without_contents(headings: dict[int, Heading]) -> dict[int, Heading]:
    """Drop a table of contents: headings that follow each other without a line between and come again later."""
    keys = {i: _key(headings[i]) for i in sorted(headings)}
    last = {key: i for i, key in keys.items()}
    contents = {
        i
        for i, key in keys.items()
        if last[key] > i and (i + 1 in headings or i - 1 in headings) and not headings[i].rest
    }
    return {i: heading for i, heading in headings.items() if i not in contents}


def _key(heading: Heading) -> tuple[int, str]:
    return heading.level, _NOT_WORDS.sub("", heading.title)


@cache
def _furniture_pattern() -> re.Pattern[str]:
    text = resources.files("corpus.data").joinpath("furniture.txt").read_text(encoding="utf-8")
    lines = [line for line in text.split("\n") if line and not line.startswith("#")]
    return re.compile("|".join(f"(?:{line})" for line in lines))
