"""Changes of the text between consecutive years: what was new, what was rewritten, what was copied with new figures."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz.distance import Indel
from rapidfuzz.fuzz import ratio

from outputs.collect import Portions, write_portions
from outputs.history import Agency
from outputs.prose import Part, bare, paragraphs
from outputs.shingles import runs
from outputs.step import Step
from outputs.textdiff import SHINGLE, paragraph_changes

REWRITTEN_SIMILARITY = 0.5
REWRITTEN_COPIED = 0.25
"""A section is rewritten when it is less similar than the one and less of it is copied than the other. Sections of
unrelated reports on one subject reach a similarity of 0.3 and a copied share of 0.2; a section with one paragraph more
stays above both."""

ALIKE_TITLES = 60
"""Likeness (0 to 100) of the titles of two sections whose subject is in no list, to be taken for one section."""

MAX_CHARACTERS_SQUARED = 10**10
"""Pairs of characters that are compared for `similarity`: a second or two. No section of a report comes near it; where
two do, `similarity` is empty and `copied_share` decides alone."""

_STEP = Decimal("0.0001")


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    with Portions(scratch, "text_changes", stretch) as rows:

        def read(agency: Agency) -> None:
            for before, after in agency.pairs():
                old, new = agency.parts(before.capture_id), agency.parts(after.capture_id)
                for row in text_changes(before, after, old, new):
                    rows.add(row)

        yield read


TEXT_CHANGES = Step("text_changes", tables=("sections",), read=_read, write=(partial(write_portions, "text_changes"),))
"""Write `text_changes`: current reports of consecutive years and one scope."""


def text_changes(before: Any, after: Any, old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[Any, ...]]:
    """Rows of `text_changes` for two reports with their parts, in the order of the later report, then what is gone."""
    for earlier, later in _matched(old, new):
        either = later or earlier
        assert either is not None
        texts = (earlier.text if earlier else "", later.text if later else "")
        changes = paragraph_changes(*texts)
        similarity, copied = _likeness(*texts)
        yield (
            after.agency_id,
            after.report_scope,
            after.report_year,
            either.subject,
            before.report_year,
            earlier.title if earlier else None,
            later.title if later else None,
            _one_sided(earlier, later) or _status(*texts, similarity, copied),
            similarity,
            copied,
            len(texts[0]),
            len(texts[1]),
            len(changes.kept),
            len(changes.moved),
            len(changes.updated),
            len(changes.edited),
            "\n".join(changes.added),
            "\n".join(changes.removed),
            before.capture_id,
            after.capture_id,
        )


def _matched(old: Sequence[Part], new: Sequence[Part]) -> list[tuple[Part | None, Part | None]]:
    """Parts of one subject, then those that only their titles join, then those that stand alone."""
    by_subject = {part.subject: part for part in old}
    pairs = {part.subject: by_subject.pop(part.subject, None) for part in new}
    loose = [part for part in new if pairs[part.subject] is None]
    rated = sorted(
        (-ratio(bare(one.title), bare(other.title)), j, i)
        for i, one in enumerate(by_subject.values())
        for j, other in enumerate(loose)
        if not (one.canonical and other.canonical)
    )
    left = list(by_subject.values())
    for rating, j, i in rated:
        if -rating >= ALIKE_TITLES and pairs[loose[j].subject] is None and left[i].subject in by_subject:
            pairs[loose[j].subject] = by_subject.pop(left[i].subject)
    gone = [(part, None) for part in by_subject.values()]
    return [*((pairs[part.subject], part) for part in new), *gone]


def _likeness(before: str, after: str) -> tuple[Decimal | None, Decimal | None]:
    """Similarity and copied share of two texts; None where one of them says nothing."""
    old, new = bare(before), bare(after)
    if not old or not new:
        return None, None
    similarity = None
    if len(old) * len(new) <= MAX_CHARACTERS_SQUARED:
        similarity = Decimal(Indel.normalized_similarity(old, new)).quantize(_STEP)
    return similarity, Decimal(_copied_share(old, new)).quantize(_STEP)


def _copied_share(old: str, new: str) -> float:
    """Share of the characters of `new` that stand in a run of SHINGLE characters which `old` has too."""
    size = min(SHINGLE, len(new))
    known, asked = np.sort(runs(old, size)), runs(new, size)
    if not len(known):
        return 0.0
    places = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    starts = np.flatnonzero(known[places] == asked)
    covered = np.zeros(len(new) + 1, dtype=np.int32)
    covered[starts] += 1
    covered[starts + size] -= 1
    return float(np.count_nonzero(np.cumsum(covered[:-1]))) / len(new)


def _one_sided(earlier: Part | None, later: Part | None) -> str:
    """Status of a section that has prose in one year at most; '' for any other."""
    old, new = (bool(part and paragraphs(part.text)) for part in (earlier, later))
    if old and new:
        return ""
    if new:
        return "filled" if earlier else "new"
    if old:
        return "emptied" if later else "removed"
    return "no_text"


def _status(before: str, after: str, similarity: Decimal | None, copied: Decimal | None) -> str:
    if paragraphs(before) == paragraphs(after):
        return "same"
    if bare(before) == bare(after):
        return "copied"
    # too long to be compared in full: what was copied decides alone
    if (similarity or 0) < REWRITTEN_SIMILARITY and (copied or 0) < REWRITTEN_COPIED:
        return "rewritten"
    return "changed"
