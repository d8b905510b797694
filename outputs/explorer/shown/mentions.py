"""Every place that a sentence of the dataset mentions → anchors: derivations of facts, whereabouts of findings."""

import re
from collections.abc import Iterator
from sqlite3 import Row

from outputs.explorer.paths import cell_anchor, span_anchor
from outputs.explorer.shown.evidence import anchor_of

_NUMBERS = r"[0-9]+(?:, [0-9]+)*"
_MENTION = re.compile(
    rf"table (?P<table>[0-9]+),? rows? (?P<rows>{_NUMBERS}),? columns? (?P<cols>{_NUMBERS})"
    r"|block (?P<block>[0-9]+), characters (?P<start>[0-9]+) to (?P<end>[0-9]+)"
)


def anchors_of(fact: Row) -> tuple[str, ...]:
    """Return the anchors of a row of `facts`: its own place, or those of the cells that it is the sum of."""
    if fact["table_no"] is None and fact["block_no"] is None:
        # behind the sum itself stands what its own cell shows
        return anchors_in((fact["derivation"] or "").partition("; ")[0])
    return (anchor_of(fact),)


def anchors_in(sentence: str | None) -> tuple[str, ...]:
    """Return the anchors of all places that a sentence mentions, in its order, each once.

    >>> anchors_in("sum of table 1, rows 15, 16, 17, column 4")
    ('c-1-15-4', 'c-1-16-4', 'c-1-17-4')
    >>> anchors_in("sum of table 2, row 3, columns 6, 11"), anchors_in("table 0 row 2 column 3, table 4 row 5 column 6")
    (('c-2-3-6', 'c-2-3-11'), ('c-0-2-3', 'c-4-5-6'))
    >>> anchors_in("block 17, characters 110 to 114; table 1, row 15 column 3"), anchors_in("scaled from 万元")
    (('b-17-110-114', 'c-1-15-3'), ())
    """
    return tuple(dict.fromkeys(_mentioned(sentence or "")))


def _mentioned(sentence: str) -> Iterator[str]:
    for found in _MENTION.finditer(sentence):
        if found["table"] is None:
            yield span_anchor(int(found["block"]), int(found["start"]), int(found["end"]))
            continue
        for row in found["rows"].split(", "):
            for col in found["cols"].split(", "):
                yield cell_anchor(int(found["table"]), int(row), int(col))
