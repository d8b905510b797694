"""Data tables of a report → segments with their places: section, printed title, path of the element."""

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from parsers.columns import is_unit_line
from parsers.forms import PlacedSegment
from parsers.linear import LinearTable
from parsers.lines import Line, Page
from parsers.records import Finding, Section
from parsers.tables import Header, Segment, read_segments

# A page number, a 续表 or a unit line may stand where a page break cuts a table in two.
_PAGE_BREAK_LINES = 2
_MANY_SIBLINGS = 1000
_CAPTION = re.compile(
    r"(?:附?表\s?[0-9０-９一二三四五六七八九十]{0,3}(?:[-－][0-9０-９])?\s?[:：.．、]?)?.{2,40}(?:情况|统计表|情况表|表|统计)(?:[（(].{1,20}[）)])?"
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a report's tables are read with: lines `start` to `end` (excluded) of a page are the report.

    `tables` are the numbers of its tables by their lines, `linear` those without mark-up; `headings` the lines that are
    headings, `section_of` the section of a line.
    """

    lines: Sequence[Line]
    start: int
    end: int
    tables: Mapping[int, int]
    linear: Mapping[int, LinearTable]
    headings: Container[int]
    section_of: Mapping[int, int | None]
    sections: Sequence[Section]


def read_tables(ground: Ground, path_of: Callable[[int], str]) -> tuple[list[PlacedSegment], list[Finding]]:
    """Segments of all data tables inside the report; `path_of` gives the XPath of a line's element."""
    placed: list[PlacedSegment] = []
    findings: list[Finding] = []
    header: Header | None = None  # of the table above, as long as no heading and hardly a line stands between
    since = 0
    for at in range(ground.start, ground.end):
        line = ground.lines[at]
        if line.grid is None:
            since += 1
            if at in ground.headings or since > _PAGE_BREAK_LINES:
                header = None
            continue
        table_no = ground.tables[at]
        reading = read_segments(line.grid, table_no, header)
        header, since = reading.header, 0
        findings += [*reading.findings, *(ground.linear[at].findings if at in ground.linear else ())]
        section_no = ground.section_of.get(at)
        section_title = ground.sections[section_no].title if section_no is not None else ""
        caption, unit_text = _caption(ground, at)
        path = path_of(at) if at not in ground.linear else ""
        for segment in reading.segments:
            title = segment.title or caption or section_title
            whole = Segment(segment.title, segment.columns, segment.rows, segment.unit_text or unit_text)
            placed.append(PlacedSegment(table_no, section_no, title, path, whole))
    return placed, findings


def years_of(placed: list[PlacedSegment]) -> tuple[int, ...]:
    """Years that stand as heads of columns, in order, each once."""
    return tuple(dict.fromkeys(c.year for p in placed for c in p.segment.columns if c.year is not None))


class Paths:
    """XPaths of the lines of a page, '' where it has none that holds for the page as it was captured."""

    def __init__(self, page: Page) -> None:
        element = next((line.element for line in page.lines if line.element is not None), None)
        self.tree = None if element is None or page.was_deep else element.getroottree()
        self.element: etree._Element | None = None  # of the last line, with its path
        self.path = ""
        self.parent: etree._Element | None = None
        self.steps: dict[etree._Element, str] | None = None  # of the parent's children, where they are many

    def of(self, line: Line) -> str:
        """The path of the element that a line stands in."""
        element = line.element
        if self.tree is None or element is None:
            return ""
        if element is not self.element:  # lines that <br> parts share their element
            before = self.element
            self.element = element
            if before is not None and before.tag == element.tag and element.getprevious() is before:
                stem, _, number = self.path.rpartition("[")  # p[6] follows p[5]: no need to count all siblings
                self.path = f"{stem}[{int(number[:-1]) + 1}]"
            else:
                self.path = self._path(element)
        return self.path

    def _path(self, element: etree._Element) -> str:
        """`getpath` counts the siblings before an element, each time: under a wide parent all are counted once."""
        assert self.tree is not None
        parent = element.getparent()
        if parent is None:
            return self.tree.getpath(element)
        if parent is not self.parent:
            self.parent = parent
            self.steps = _steps(self.tree, parent) if len(parent) > _MANY_SIBLINGS else None
        return self.tree.getpath(element) if self.steps is None else self.steps[element]


def _steps(tree: etree._ElementTree, parent: etree._Element) -> dict[etree._Element, str]:
    stem = tree.getpath(parent)
    totals = Counter(child.tag for child in parent)
    counts: Counter[str] = Counter()
    paths = {}
    for child in parent:
        counts[child.tag] += 1
        paths[child] = f"{stem}/{child.tag}" + (f"[{counts[child.tag]}]" if totals[child.tag] > 1 else "")
    return paths


def _caption(ground: Ground, at: int) -> tuple[str, str]:
    """The title line and the unit line right above a table, '' where there is none."""
    caption = unit_text = ""
    for i in range(at - 1, max(ground.start, at - 4) - 1, -1):
        text = ground.lines[i].text
        if i in ground.headings or ground.lines[i].grid is not None:
            break
        if is_unit_line(text):
            unit_text = text
        elif len(text) <= 50 and _CAPTION.fullmatch(text):
            caption = text
            break
        else:
            break
    return caption, unit_text
