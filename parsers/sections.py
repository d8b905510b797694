"""Headings → sections: the tree, the text under each heading, and what the self-checks find.

A section ends at the next heading in the page, never at the next number, for numbers repeat, skip and restart.
"""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace

from corpus.labels import fold
from parsers.headings import (
    Heading,
    canonical,
    is_annex_detail,
    is_annex_prefixed,
    is_annex_title,
    is_date_line,
    names_statistics,
    same_title,
)
from parsers.lines import Line
from parsers.records import Section
from parsers.region import Region

_NO_NUMERAL = re.compile(r"[^0-9一二三四五六七八九十]")
_NUMERALS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class Outline:
    """Sections in order, and for each line of the report the section it stands in (None before the first)."""

    sections: tuple[Section, ...]
    section_of: dict[int, int | None]
    headings: dict[int, Heading]


def read_sections(lines: tuple[Line, ...], region: Region) -> Outline:
    """Cut the report's lines into sections. `first_block` and `last_block` count lines of the page."""
    headings = region.headings | _annex_titles(lines, region)
    order = sorted(headings)
    sections: list[Section] = []
    section_of: dict[int, int | None] = dict.fromkeys(range(region.start, region.end))
    parents: list[tuple[int, int]] = []  # (level, section_no) of the open sections
    for no, at in enumerate(order):
        heading = headings[at]
        end = order[no + 1] if no + 1 < len(order) else region.end
        while parents and parents[-1][0] >= heading.level:
            parents.pop()
        parent = parents[-1][1] if parents else None
        parents.append((heading.level, no))
        for i in range(at, end):
            section_of[i] = no
        texts = [heading.rest, *(lines[i].text for i in range(at + 1, end) if i not in region.furniture)]
        own = canonical(heading.title)
        sections.append(
            Section(
                section_no=no,
                parent_no=parent,
                level=heading.level,
                number=heading.number,
                title=heading.title,
                canonical=own or (sections[parent].canonical if parent is not None else ""),
                text="\n".join(text for text in texts if text),
                status="",
                first_block=at,
                last_block=end - 1,
            ),
        )
    return Outline(_with_status(sections, lines, region), section_of, headings)


def _annex_titles(lines: tuple[Line, ...], region: Region) -> dict[int, Heading]:
    """Titles of annex tables: a line of its own right before a table, after the signature or naming itself so."""
    found: dict[int, Heading] = {}
    order = sorted(region.headings)
    dates = [i for i in range(region.start, region.end) if is_date_line(lines[i].text)]

    def signed(opened: int | None, title: int) -> bool:
        """Whether a signature's date stands between the last heading and the title."""
        return opened is not None and bisect_left(dates, title) > bisect_right(dates, opened)

    for table in (i for i in range(region.start, region.end) if lines[i].grid is not None):
        place = bisect_left(order, table)
        opened = order[place - 1] if place else None
        title = region.headings[opened].title if opened is not None else ""
        i = _annex_line(lines, table, region.start) or _title_line(lines, table, region.start)
        if i is None or i in region.headings or i in region.furniture:
            continue
        text = lines[i].text
        own = names_statistics(text) and canonical(title) != "appendix"
        annex = is_annex_prefixed(text) or own or (is_annex_title(text) and signed(opened, i))
        if annex and not same_title(text, title):
            found[i] = Heading(1, "", text, "")
    return found


def _annex_line(lines: tuple[Line, ...], table: int, start: int) -> int | None:
    """The line just above a table that calls itself an annex and gives its title, the table's own title between."""
    for i in range(table - 1, max(start, table - 4) - 1, -1):
        if lines[i].grid is not None:
            return None
        if is_annex_prefixed(lines[i].text):
            return i
    return None


def _title_line(lines: tuple[Line, ...], table: int, start: int) -> int | None:
    """The line above a table that is no more than the year, the filler's name or the unit away from it."""
    for i in range(table - 1, max(start, table - 5) - 1, -1):
        if lines[i].grid is not None:
            return None
        if not is_annex_detail(lines[i].text):
            return i
    return None


def _with_status(sections: list[Section], lines: tuple[Line, ...], region: Region) -> tuple[Section, ...]:
    """Fill in the self-checks: own heading first, no foreign one inside, numbers in sequence, something to read."""
    checked = []
    parents = {section.parent_no for section in sections}
    last_number: dict[tuple[int | None, int], int] = {}
    for section in sections:
        codes = []
        key = (section.parent_no, section.level)
        value = _number_value(section.number)
        previous = last_number.get(key)
        if value is not None and previous is not None:
            if value == previous:
                codes.append("number_repeated")
            elif value < previous:
                codes.append("number_restarts")
            elif value > previous + 1:
                codes.append("number_skipped")
        elif value is not None and value > 1:
            codes.append("number_skipped")
        if value is not None:
            last_number[key] = value
        inside = range(section.first_block + 1, section.last_block + 1)
        if not fold(lines[section.first_block].text).startswith(fold(section.number + section.title)[:8]):
            codes.append("heading_not_first")
        if any(i in region.headings for i in inside):
            codes.append("foreign_heading")
        has_table = any(lines[i].grid is not None for i in inside)
        if not section.text and section.section_no not in parents and not has_table:
            codes.append("empty")
        checked.append(replace(section, status=" ".join(codes) or "ok"))
    return tuple(checked)


def _number_value(number: str) -> int | None:
    """The value of a list number of any form: 二、 and （二） and 2. are 2."""
    core = _NO_NUMERAL.sub("", fold(number))
    if core.isdigit():
        return int(core)
    if not core or any(c not in _NUMERALS and c != "十" for c in core):
        return None
    tens, ten, ones = core.rpartition("十")
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + (_NUMERALS.get(ones, 0) if ones else 0)
