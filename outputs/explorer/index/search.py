"""The search: agencies by their names, reports by their titles, sections by their texts.

What is printed is found. A word that the index has is looked up; anything else is looked for in the texts themselves,
in those that have the words and the characters within it, the newest first, for a limited time. What the index has for
a text is every word of the dictionary in it (see folding.words_of) and every character, so that no text with the term
is passed over.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from outputs.explorer.index.terms import LONGEST, Term, read_terms

Kind = Literal["agency", "report", "section"]
KINDS: tuple[Kind, ...] = ("agency", "report", "section")

SECONDS = 1.5
"""How long texts are looked through for one question."""

WEIGHED_MOST = 10_000
"""Sections that are put in order by weight; more are shown the newest first, for weighing them all takes too long."""

_CHUNK = 2_000
_PRINTED = "{title text}"
_WEIGHTS = "0, 0, 0, 0, 0, 1, 8, 1"
"""Of the columns of `search`: a word in a heading weighs more than one in the text."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the terms are printed: ids of passages by kind, in the order in which they are to be shown.

    `is_cut` says that the question was too long and its end was not looked for. `by_words` says that the index
    answered; else texts were looked through, and `unread` passages were not when the time was over. `by_weight` says
    that the sections stand in order of weight (bm25, equals the newest first), else the newest stand first.
    """

    terms: tuple[Term, ...]
    places: dict[Kind, Sequence[int]]
    is_cut: bool = False
    by_words: bool = True
    by_weight: bool = False
    unread: int = 0

    @property
    def total(self) -> int:
        """How many passages were found."""
        return sum(map(len, self.places.values()))


def search(base: sqlite3.Connection, text: str, *, seconds: float = SECONDS) -> Found:
    """Find what a reader asks for; any text is a question, and no text is an error."""
    terms = read_terms(text)
    is_cut = len(text) > LONGEST
    if not terms:
        return Found((), dict.fromkeys(KINDS, ()), is_cut)
    words = {term: term.words(lambda word: _has_word(base, word)) for term in terms}
    asked = [_all_of(found) for found in words.values() if found]
    bounds = _bounds(base)
    if all(term.is_word(found) for term, found in words.items()):
        sections = _count(base, _with_one_printed(asked), bounds["section"])
        places: dict[Kind, Sequence[int]] = {
            "agency": _look_up(base, " AND ".join(asked), bounds["agency"]),
            "report": _look_up(base, _with_one_printed(asked), bounds["report"]),
            "section": _look_up(base, _with_one_printed(asked), bounds["section"], by_weight=sections <= WEIGHED_MOST),
        }
        return Found(terms, places, is_cut, by_weight=sections <= WEIGHED_MOST)
    characters = dict.fromkeys(char for term, found in words.items() for char in term.characters(found))
    candidates = _candidates(base, asked, tuple(characters), bounds["section"][1])
    found_ids, unread = _look_through(base, terms, candidates, bounds["agency"][1], seconds)
    by_kind: dict[Kind, Sequence[int]] = {
        kind: [number for number in found_ids if first <= number <= last] for kind, (first, last) in bounds.items()
    }
    return Found(terms, by_kind, is_cut, by_words=False, unread=unread)


def _has_word(base: sqlite3.Connection, word: str) -> bool:
    """Whether any passage has a word. The dictionary itself would say the same, but takes seconds to load."""
    return base.execute("SELECT 1 FROM search_words WHERE term = ? LIMIT 1", (word,)).fetchone() is not None


def _all_of(words: Sequence[str]) -> str:
    return "(" + " AND ".join(f'"{word}"' for word in words) + ")"


def _with_one_printed(asked: Sequence[str]) -> str:
    """All terms, one at least in title or text: each section is also found under its agency and year."""
    if len(asked) == 1:
        return f"{_PRINTED} : {asked[0]}"
    return f"{' AND '.join(asked)} AND ({_PRINTED} : ({' OR '.join(asked)}))"


def _bounds(base: sqlite3.Connection) -> dict[Kind, tuple[int, int]]:
    """First and last id of each kind of passage."""
    bounds: dict[Kind, tuple[int, int]] = {}
    last = 0
    for kind in KINDS:
        count = base.execute("SELECT count(*) FROM passages WHERE kind = ?", (kind,)).fetchone()[0]
        bounds[kind] = (last + 1, last + count)
        last += count
    return bounds


def _count(base: sqlite3.Connection, match: str, bounds: tuple[int, int]) -> int:
    query = "SELECT count(*) FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ?"
    return int(base.execute(query, (match, *bounds)).fetchone()[0])


def _look_up(
    base: sqlite3.Connection, match: str, bounds: tuple[int, int], *, by_weight: bool = False
) -> Sequence[int]:
    order = f"bm25(search, {_WEIGHTS}), rowid" if by_weight else "rowid"
    query = f"SELECT rowid FROM search WHERE search MATCH ? AND rowid BETWEEN ? AND ? ORDER BY {order}"
    return [row[0] for row in base.execute(query, (match, *bounds))]


def _candidates(base: sqlite3.Connection, asked: Sequence[str], characters: Sequence[str], last: int) -> Sequence[int]:
    """Ids of the passages that have these words and characters, in order; there is one of either at least."""
    having: list[int] = []
    if characters:
        query = "SELECT rowid FROM search_characters WHERE search_characters MATCH ? ORDER BY rowid"
        having = [row[0] for row in base.execute(query, (_all_of(characters),))]
    if not asked:
        return having
    wording = _look_up(base, " AND ".join(asked), (1, last))
    return sorted(set(having).intersection(wording)) if characters else wording


def _look_through(
    base: sqlite3.Connection, terms: Sequence[Term], candidates: Sequence[int], last_agency: int, seconds: float
) -> tuple[list[int], int]:
    """Ids of the candidates in which all terms are printed, and how many were left unread when the time was over."""
    found: list[int] = []
    end = time.monotonic() + seconds
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        for number, about, title, text in _texts(base, chunk):
            printed = f"{title or ''}\n{text or ''}"
            named = f"{about or ''}\n{printed}"
            is_one_printed = number <= last_agency or any(term.pattern.search(printed) for term in terms)
            if is_one_printed and all(term.pattern.search(named) for term in terms):
                found.append(number)
        if time.monotonic() > end:
            return found, max(0, len(candidates) - start - _CHUNK)
    return found, 0


def _texts(base: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[int, str, str, str]]:
    query = "SELECT passage_id, about, title, text FROM passage_texts WHERE passage_id IN"
    yield from base.execute(f"{query} ({', '.join(map(str, numbers))}) ORDER BY passage_id")
