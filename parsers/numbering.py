"""Which line of a page is which block, and which of its tables is which: what block and table numbers mean.

Lines that are one (a number and its heading, the lines of a table without mark-up) become one line first. The number of
a block is that of its line; tables are counted inside the report only.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.headings import canonical, is_number_alone, is_title_like, match_heading
from parsers.linear import LinearTable, find_linear_tables
from parsers.lines import Line, Page
from parsers.region import Region, find_region


@dataclass(frozen=True, slots=True)
class NumberedPage:
    """A page whose lines are blocks.

    `whole` are its lines before those of a table without mark-up became one, `linear` these tables by the line that
    stands for them; `tables` are the numbers of the report's tables by their lines.
    """

    page: Page
    whole: tuple[Line, ...]
    region: Region
    linear: dict[int, LinearTable]
    tables: dict[int, int]


def number_lines(read: Page) -> NumberedPage:
    """Join the lines of a page that are one, and count blocks and tables."""
    whole = _with_whole_headings(read)
    page, linear = with_linear_tables(whole)
    region = find_region(page.lines)
    places = [at for at in range(region.start, region.end) if page.lines[at].grid is not None]
    return NumberedPage(page, whole.lines, region, linear, {at: number for number, at in enumerate(places)})


def parts_of_whole(read: Page, numbered: NumberedPage) -> list[list[int]]:
    """For each line of `numbered.whole` the lines of the page, as it was read, that it was made of."""
    parts: list[list[int]] = []
    at = 0
    for line in numbered.whole:
        size = 1 if line is read.lines[at] else 2
        parts.append(list(range(at, at + size)))
        at += size
    return parts


def lines_of_blocks(numbered: NumberedPage) -> Iterator[range]:
    """For each block, the lines of `numbered.whole` that it was made of."""
    at = 0
    for block in range(len(numbered.page.lines)):
        table = numbered.linear.get(block)
        end = table.last + 1 if table else at + 1
        yield range(at, end)
        at = end


def _with_whole_headings(page: Page) -> Page:
    """The page with a section's number and its title in one line where each stood in a box of its own."""
    lines: list[Line] = []
    for line in page.lines:
        before = lines[-1] if lines else None
        if (
            before is not None
            and line.text
            and is_number_alone(before.text)
            and is_title_like(line.text)
            and canonical(line.text)
            and match_heading(line.text) is None
        ):
            lines[-1] = line._replace(text=f"{before.text} {line.text}")
        else:
            lines.append(line)
    return page if len(lines) == len(page.lines) else replace(page, lines=tuple(lines))


def with_linear_tables(page: Page) -> tuple[Page, dict[int, LinearTable]]:
    """The page with every run of lines that is a table as one line; the tables by the number of that line."""
    tables = find_linear_tables(page.lines)
    if not tables:
        return page, {}
    lines: list[Line] = []
    by_line: dict[int, LinearTable] = {}
    at = 0
    for table in tables:
        lines += page.lines[at : table.first]
        by_line[len(lines)] = table
        lines.append(Line("", "table", 0.0, 0.0, page.lines[table.first].element, table.grid, like_form=True))
        at = table.last + 1
    lines += page.lines[at:]
    return replace(page, lines=tuple(lines)), by_line
