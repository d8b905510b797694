"""Places that the dataset names → anchors of pages: those of facts, evidence of checks and rates, places of changes."""

import re
from sqlite3 import Row
from typing import NamedTuple

from outputs.explorer import paths


class Evident(NamedTuple):
    """A number that took part in a check, and where it stands.

    `side` is left or right; `anchor` its place in the page (see paths); `printed` what stands there, `blank` for an
    empty cell; `capture_id` the report, '' for the one that the check is of.
    """

    side: str
    anchor: str
    printed: str
    capture_id: str = ""


class Counted(NamedTuple):
    """A number that a rate is made of: its indicator, its value as written, and its place ('' for a sum)."""

    indicator: str
    value: str
    anchor: str


_HEAD = re.compile(
    r"(?:^|; | \| )(?:(?P<side>left|right): )?"
    r"(?:not printed(?= \| |$)|(?:(?P<other>[0-9a-f]{16}) )?"
    r"(?:table (?P<table>\d+) row (?P<row>\d+) col (?P<col>\d+)"
    r"|block (?P<block>\d+) chars (?P<start>\d+)-(?P<end>\d+)): )"
)
_IN_WORDS = re.compile(
    r"table (?P<table>\d+), row (?P<row>\d+), column (?P<col>\d+)"
    r"|block (?P<block>\d+), characters (?P<start>\d+)(?:-| to )(?P<end>\d+)"
)
_COUNTED = re.compile(r"(?:^|; )(?P<indicator>[a-z][a-z_0-9]*) (?P<value>-?[0-9.]+) \((?P<place>[^()]*)\)")


def anchor_of(fact: Row) -> str:
    """Return the anchor of a row of `facts`: its cell or its span; its own line where it is made of several places."""
    if fact["table_no"] is not None:
        return paths.cell_anchor(fact["table_no"], fact["row"], fact["col"])
    if fact["block_no"] is not None:
        return paths.span_anchor(fact["block_no"], fact["char_start"], fact["char_end"])
    return paths.fact_anchor(fact["indicator"], fact["applicant"], fact["measure"])


def places_in(evidence: str | None) -> list[Evident]:
    """Return the places of `checks.evidence` in order; none where it names none ("all tables", "not printed").

    >>> places_in("left: table 1 row 5 col 3: 6; table 1 row 6 col 3: blank | right: block 6 chars 13-18: 2602条")
    ... # doctest: +NORMALIZE_WHITESPACE
    [Evident(side='left', anchor='c-1-5-3', printed='6', capture_id=''),
     Evident(side='left', anchor='c-1-6-3', printed='blank', capture_id=''),
     Evident(side='right', anchor='b-6-13-18', printed='2602条', capture_id='')]
    """
    text = evidence or ""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads[1:]), len(text)]
    found, side = [], ""
    for head, end in zip(heads, ends, strict=False):
        side = head["side"] or side
        anchor = _anchor(head)
        if anchor:
            found.append(Evident(side, anchor, text[head.end() : end], head["other"] or ""))
    return found


def counted_in(evidence: str | None) -> list[Counted]:
    """Return the numbers of `rates.numerator_evidence` or `denominator_evidence`.

    >>> counted_in("requests_received 859 (table 1, row 3, column 9); requests_pending_start 18 (sum of its rows)")
    ... # doctest: +NORMALIZE_WHITESPACE
    [Counted(indicator='requests_received', value='859', anchor='c-1-3-9'),
     Counted(indicator='requests_pending_start', value='18', anchor='')]
    """
    return [
        Counted(found["indicator"], found["value"], anchor_in(found["place"]))
        for found in _COUNTED.finditer(evidence or "")
    ]


def anchor_in(words: str | None) -> str:
    """Return the anchor of a place in words, as in `changes` and `rates`: the first one named; '' where there is none.

    >>> anchor_in("table 1, row 3, column 9"), anchor_in("block 9, characters 4-8"), anchor_in("not printed")
    ('c-1-3-9', 'b-9-4-8', '')
    """
    found = _IN_WORDS.search(words or "")
    return _anchor(found) if found else ""


def _anchor(found: re.Match[str]) -> str:
    if found["table"] is not None:
        return paths.cell_anchor(int(found["table"]), int(found["row"]), int(found["col"]))
    if found["block"] is not None:
        return paths.span_anchor(int(found["block"]), int(found["start"]), int(found["end"]))
    return ""
