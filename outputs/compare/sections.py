"""What became of each section between two reports, with the words that differ."""

from collections.abc import Sequence
from typing import Any

from outputs.compare.records import SectionChange
from outputs.history import row_type
from outputs.prose import Part, parts
from outputs.textchanges import text_changes
from outputs.textdiff import token_diff


def section_changes(before: Any, after: Any, old: Sequence[Any], new: Sequence[Any]) -> list[SectionChange]:
    """Return the sections of the later report in its order, then those that are gone.

    `old` and `new` are the rows of `sections` of the two reports; what counts as one section is decided as in
    `text_changes`.
    """
    sides = parts(old), parts(new)
    kind = row_type("text_changes")
    return [_section(kind._make(row), *sides) for row in text_changes(before, after, *sides)]


def _section(row: Any, old: Sequence[Part], new: Sequence[Part]) -> SectionChange:
    earlier = _part(old, row.section, row.title_before)
    later = _part(new, row.section, row.title_after)
    texts = (earlier.text if earlier else "", later.text if later else "")
    return SectionChange(
        section=row.section,
        title_before=row.title_before or "",
        title_after=row.title_after or "",
        status=row.status,
        similarity=row.similarity,
        copied_share=row.copied_share,
        chars_before=row.chars_before,
        chars_after=row.chars_after,
        changes=tuple(token_diff(*texts)),
    )


def _part(parts_of: Sequence[Part], subject: str, title: str | None) -> Part | None:
    """The part that a row is about: by its subject, else by its title; None where the row says that there is none."""
    if title is None:
        return None
    by_subject = [part for part in parts_of if part.subject == subject]
    return next(iter(by_subject or [part for part in parts_of if part.title == title]), None)
