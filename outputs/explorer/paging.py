"""Long lists in pages: which part of a list a page shows, and which other pages there are."""

from dataclasses import dataclass

from outputs.explorer.records import NotHereError
from outputs.explorer.wording import both

_BESIDE = 2
"""Pages that are named on either side of the current one."""


@dataclass(frozen=True, slots=True)
class Part:
    """A page of a list: its number from 1, how many rows a page has, and how many the whole list has."""

    page: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def skipped(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * self.size

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 where the list is empty."""
        return self.skipped + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.skipped + self.size, self.total)

    @property
    def named(self) -> tuple[int, ...]:
        """Pages to be linked: the first, the last, and those around this one; 0 stands for pages left out.

        >>> Part(7, 50, 1000).named
        (1, 0, 5, 6, 7, 8, 9, 0, 20)
        """
        around = range(max(1, self.page - _BESIDE), min(self.pages, self.page + _BESIDE) + 1)
        pages = sorted({1, self.pages, *around})
        before = [0, *pages[:-1]]
        return tuple(
            no for last, page in zip(before, pages, strict=True) for no in ([0, page] if page > last + 1 else [page])
        )


def part_of(page: str | int, size: int, total: int) -> Part:
    """Return a page of a list; raises NotHereError where there is no such page."""
    part = Part(int(page), size, total)
    if not 1 <= part.page <= part.pages:
        raise NotHereError(both("pager.none", page=page, pages=part.pages), both("pager.none_do"))
    return part
