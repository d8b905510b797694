"""What the figures of a report cover: the body alone, its area, a whole system.

Said by words of the body's kind (`corpus/data/scope_cues.csv`) in the title, before the first section, or in the body.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from corpus.tables import read_table
from parsers.dates import arabic

_GOVERNMENT_KINDS = ("government", "zone_committee", "general_office")
DESK_KINDS = ("government", "zone_committee")
"""Kinds of body that are no department of another: an office of theirs may publish for them."""

# The whole of a usual report (the longest of the development pages has 5,500 characters): what covers the figures is
# said before them.
_SCOPE_LENGTH = 6000


def read_scope(title: str, preamble: Iterable[str], body: Iterable[str], kind: str) -> str:
    """What the figures cover (own, area, system), by the first place that says one thing: title, preamble, body.

    `kind` is the agency's. 'unknown' where a place says several things, or none says any.
    """
    bodies = {"any"}
    if kind in _GOVERNMENT_KINDS:
        bodies.add("government")
    if kind not in DESK_KINDS:
        bodies.add("department")
    places = (
        ("title", arabic(title)),
        ("text", "\n".join(preamble)),
        ("text", "\n".join(body)[:_SCOPE_LENGTH]),
    )
    for place, text in places:
        scopes = _scopes_in(place, text.replace(" ", ""), bodies)
        if scopes:
            return scopes.pop() if len(scopes) == 1 else "unknown"
    return "unknown"


def _scopes_in(place: str, text: str, bodies: set[str]) -> set[str]:
    cues = _cues(place)
    return {
        scope
        for word in cues.in_text(text)
        for scope, body, words, pattern in cues.by_word[word]
        if body in bodies and (len(words) == 1 or pattern.search(text))
    }


@dataclass(frozen=True, slots=True)
class _Cues:
    """Cues of a place by their first word: scope, kind of body, words, and the pattern that puts these in order.

    `first` finds any first word, the longest at its place; `within` are for each of them those that it begins with.
    """

    by_word: dict[str, list[tuple[str, str, list[str], re.Pattern[str]]]]
    first: re.Pattern[str]
    within: dict[str, list[str]]

    def in_text(self, text: str) -> set[str]:
        """The first words that a text holds: one search for all of them, not one for each."""
        found: set[str] = set()
        match = self.first.search(text)
        while match:
            found.update(self.within[match[0]])
            match = self.first.search(text, match.start() + 1)
        return found


@cache
def _cues(place: str) -> _Cues:
    by_word: dict[str, list[tuple[str, str, list[str], re.Pattern[str]]]] = {}
    for row in read_table("scope_cues.csv"):
        if row["place"] == place:
            words = row["cue"].split("*")
            pattern = re.compile(r"[^。;\n]{0,24}?".join(map(re.escape, words)))
            by_word.setdefault(words[0], []).append((row["scope"], row["body"], words, pattern))
    longest_first = sorted(by_word, key=len, reverse=True)
    within = {word: [other for other in by_word if word.startswith(other)] for word in by_word}
    return _Cues(by_word, re.compile("|".join(map(re.escape, longest_first))), within)
