"""What a reader sees of a place that was found: the printed words, with what was looked for marked in them."""

import re
from collections.abc import Iterable

from outputs.explorer.index.terms import Term

Marked = tuple[tuple[str, bool], ...]
"""A text in parts, each with whether it is what was looked for. The parts are plain text, not escaped."""

_BEFORE, _LENGTH = 40, 140
"""Characters that a snippet shows before the first thing found, and in all."""

_LINE_ENDS = re.compile(r"\s*\n\s*")
_CUT = "…"
_OF_NUMBER = frozenset("0123456789０１２３４５６７８９.,．，%％‰")


def marked(text: str, terms: Iterable[Term]) -> Marked:
    """Return a whole text in parts.

    >>> from outputs.explorer.index.terms import read_terms
    >>> marked("行政複議案件", read_terms("复议"))
    (('行政', False), ('複議', True), ('案件', False))
    """
    return _parts(text, _spans(text, terms), 0, len(text))


def snippet(text: str, terms: Iterable[Term]) -> Marked:
    """Return the part of a text around the first thing found in it, on one line; its beginning if nothing is."""
    text = _LINE_ENDS.sub(" ", text.strip())
    spans = _spans(text, terms)
    first, end_of_first = spans[0] if spans else (0, 0)
    start = _outside_number(text, max(0, first - _BEFORE), -1)
    end = _outside_number(text, min(len(text), max(start + _LENGTH, end_of_first)), 1)
    before = ((_CUT, False),) if start else ()
    after = ((_CUT, False),) if end < len(text) else ()
    return (*before, *_parts(text, spans, start, end), *after)


def _outside_number(text: str, place: int, step: int) -> int:
    """The nearest place on one side that cuts no number in two: half a number would be taken for another one."""
    while 0 < place < len(text) and text[place - 1] in _OF_NUMBER and text[place] in _OF_NUMBER:
        place += step
    return place


def _spans(text: str, terms: Iterable[Term]) -> list[tuple[int, int]]:
    """What is to be marked, in order; places that overlap are one."""
    found = sorted(match.span() for term in terms for match in term.pattern.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _parts(text: str, spans: list[tuple[int, int]], start: int, end: int) -> Marked:
    parts: list[tuple[str, bool]] = []
    reached = start
    for first, last in spans:
        first_shown, last_shown = max(first, start), min(last, end)
        if first_shown < last_shown:
            parts += [(text[reached:first_shown], False), (text[first_shown:last_shown], True)]
            reached = last_shown
    parts.append((text[reached:end], False))
    return tuple(part for part in parts if part[0])
