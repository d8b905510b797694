"""What became of a text: token by token for a reader's eye, paragraph by paragraph for a table.

A difference in Chinese is read in words, so jieba's words are compared, with numbers whole: 2021年 against 2022年 is
one number, not one digit. Lines that are the same are found first, so that words are only compared where lines differ.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby
from typing import Literal, TypeAlias

from rapidfuzz.distance import LCSseq

from corpus.words import cut
from outputs.prose import MASK, bare, mask, paragraphs

Change: TypeAlias = tuple[Literal["equal", "insert", "delete"], str]

MAX_CELLS = 400_000_000
"""Pairs of words that are compared at most: 50 MB and a second. A stretch beyond that (two lines of 20,000 words each
that have no beginning and no end in common) is given as deleted and inserted, which is true if not the shortest."""

SHINGLE = 8
"""Characters, figures masked and marks left out, by which paragraphs are found again."""

EDITED = 0.5
"""Two paragraphs are one that was edited when so much of the shorter one's shingles stand in the other."""


COMMON_PARAGRAPHS = 20
"""A shingle that stands in more of the earlier paragraphs does not tell which of them a later one came from."""

MAX_PARAGRAPH = 20_000
"""Characters of a paragraph that is looked for under another wording; no paragraph of a report comes near it."""


def token_diff(before: str, after: str) -> list[Change]:
    """Runs of text that are equal, deleted or inserted; a deletion stands before the insertion that replaces it.

    All but the insertions joined are `before`, all but the deletions `after`. What is equal between two changes, but
    no longer than either (a comma, 的), is part of the change: else unrelated sentences would come out in crumbs.
    """
    changes: list[Change] = []
    for kind, old, new in _stretches(_lines(before), _lines(after)):
        if kind == "equal":
            changes.append(("equal", "".join(old)))
        else:
            changes += _words_changed("".join(old), "".join(new))
    return _joined(_without_crumbs(_joined(changes)))


@dataclass(frozen=True, slots=True)
class ParagraphChanges:
    """What became of the paragraphs of a text. Every paragraph of either text stands in exactly one place.

    `kept` stand in both, in order; `moved` in both, elsewhere; `updated` differ in figures and marks alone; `edited` in
    some words (earlier and later wording); `added` only in the later text, `removed` only in the earlier one. All in
    the order of the later text, `removed` of the earlier one.
    """

    kept: tuple[str, ...]
    moved: tuple[str, ...]
    updated: tuple[tuple[str, str], ...]
    edited: tuple[tuple[str, str], ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]


def paragraph_changes(before: str, after: str) -> ParagraphChanges:
    """Match the paragraphs of two texts (lines; blanks around them and empty lines do not count)."""
    old, new = paragraphs(before), paragraphs(after)
    matches = _Matches(old, new)
    kept = matches.take([(a + k, b + k) for a, b, size in _equal_runs(old, new) for k in range(size)])
    moved = matches.take(_same(matches, str))
    updated = matches.take(_same(matches, bare))
    edited = matches.take(_alike(matches))
    return ParagraphChanges(
        kept=tuple(new[j] for _, j in kept),
        moved=tuple(new[j] for _, j in moved),
        updated=tuple((old[i], new[j]) for i, j in updated),
        edited=tuple((old[i], new[j]) for i, j in edited),
        added=tuple(new[j] for j in matches.after),
        removed=tuple(old[i] for i in matches.before),
    )


class _Matches:
    """Paragraphs that have found no partner yet, by their places."""

    def __init__(self, old: Sequence[str], new: Sequence[str]) -> None:
        self.old, self.new = old, new
        self.before, self.after = list(range(len(old))), list(range(len(new)))

    def take(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        taken_before, taken_after = {i for i, _ in pairs}, {j for _, j in pairs}
        self.before = [i for i in self.before if i not in taken_before]
        self.after = [j for j in self.after if j not in taken_after]
        return sorted(pairs, key=lambda pair: pair[1])


def _same(open_: _Matches, key: Callable[[str], str]) -> list[tuple[int, int]]:
    """Pairs whose key is the same, the first with the first; a key without a word matches nothing."""
    places: dict[str, list[int]] = {}
    for i in reversed(open_.before):
        places.setdefault(key(open_.old[i]), []).append(i)
    places.pop("", None)
    keys = ((j, places.get(key(open_.new[j]))) for j in open_.after)
    return [(found.pop(), j) for j, found in keys if found]


def _alike(open_: _Matches) -> list[tuple[int, int]]:
    """Pairs that share most of the shorter one's shingles, the most alike first; each paragraph once."""
    holders: dict[str, list[int]] = {}
    for i in open_.before:
        for shingle in shingles(open_.old[i]):
            holders.setdefault(shingle, []).append(i)
    common = {shingle for shingle, places in holders.items() if len(places) > COMMON_PARAGRAPHS}
    sizes = {i: len(shingles(open_.old[i]) - common) for i in open_.before}
    rated: list[tuple[float, int, int]] = []
    for j in open_.after:
        own = shingles(open_.new[j]) - common
        shared = Counter(chain.from_iterable(map(holders.__getitem__, own & holders.keys())))
        shares = {i: n / min(len(own), sizes[i]) for i, n in shared.items()}
        rated += [(-share, j, i) for i, share in shares.items() if share >= EDITED]
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, j, i in sorted(rated):
        if j not in used and i not in pairs:
            pairs[i] = j
            used.add(j)
    return list(pairs.items())


# a paragraph is asked for as the later one and, a year on, as the earlier one
@lru_cache(maxsize=512)
def shingles(text: str, size: int = SHINGLE) -> frozenset[str]:
    """All runs of `size` characters of a text, figures masked and marks left out; a shorter text is its only one.

    None of a text that is longer than MAX_PARAGRAPH.
    """
    plain = bare(text) if len(text) <= MAX_PARAGRAPH else ""
    return frozenset(plain[i : i + size] for i in range(max(1, len(plain) - size + 1))) - {""}


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """Stretches in order: equal ones, and what stands between them on either side."""
    at_old = at_new = 0
    for a, b, size in [*_equal_runs(old, new), (len(old), len(new), 0)]:
        if at_old < a or at_new < b:
            yield "changed", old[at_old:a], new[at_new:b]
        if size:
            yield "equal", old[a : a + size], new[b : b + size]
        at_old, at_new = a + size, b + size


def _equal_runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[tuple[int, int, int]]:
    """Longest common subsequence as runs (place before, place after, length); none where it would cost too much."""
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    inner_old, inner_new = old[start : len(old) - end], new[start : len(new) - end]
    runs = [(0, 0, start)]
    if len(inner_old) * len(inner_new) <= MAX_CELLS:
        # numbers for the words: rapidfuzz holds words by a hash, and two words may share one
        numbers: dict[Hashable, int] = {}
        one = [numbers.setdefault(word, len(numbers)) for word in inner_old]
        other = [numbers.setdefault(word, len(numbers)) for word in inner_new]
        runs += [
            (code.src_start + start, code.dest_start + start, code.src_end - code.src_start)
            for code in LCSseq.opcodes(one, other)
            if code.tag == "equal"
        ]
    runs.append((len(old) - end, len(new) - end, end))
    return [run for run in runs if run[2]]


def _words_changed(before: str, after: str) -> Iterator[Change]:
    for kind, old, new in _stretches(cut(before), cut(after)):
        if kind == "equal":
            yield "equal", "".join(old)
        else:
            yield "delete", "".join(old)
            yield "insert", "".join(new)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _joined(changes: Sequence[Change]) -> list[Change]:
    """Neighbours of one kind made one, deletions before insertions between two equal runs."""
    joined: list[Change] = []
    for equal, run in groupby((change for change in changes if change[1]), key=lambda change: change[0] == "equal"):
        parts = list(run)
        if equal:
            joined.append(("equal", "".join(text for _, text in parts)))
            continue
        for kind in ("delete", "insert"):
            text = "".join(text for own, text in parts if own == kind)
            if text:
                joined.append((kind, text))
    return joined


def _without_crumbs(changes: Sequence[Change]) -> list[Change]:
    """Make equal text part of the changes around it where it is no longer than either of them.

    A line break stays, and so does what stands beside a figure that was updated (条，占 between two numbers).
    """
    kept: list[Change] = []
    sides: dict[str, str] = {
        "delete": "",
        "insert": "",
    }  # of the open change, with the equal text it took in
    for no, (kind, text) in enumerate(changes):
        if kind != "equal":
            sides[kind] += text
            kept.append((kind, text))
            continue
        following: dict[str, str] = {own: part for own, part in changes[no + 1 : no + 3] if own != "equal"}
        if "\n" not in text and len(text) <= min(_weight(sides), _weight(following)):
            kept += [("delete", text), ("insert", text)]
            sides = {own: side + text for own, side in sides.items()}
        else:
            kept.append((kind, text))
            sides = {"delete": "", "insert": ""}
    return kept


def _weight(change: Mapping[str, str]) -> int:
    """Characters of the longer side; 0 for a figure in the place of a figure."""
    old, new = change.get("delete", ""), change.get("insert", "")
    return 0 if mask(old.strip()) == mask(new.strip()) == MASK else max(len(old), len(new))
