"""Which numbers of a text are stated: no list number, length of time, rhythm, rank or telephone.

What is found by pattern (`parsers.quantities`, `parsers.zeros`) is sifted here by the words around it.
"""

import re
from bisect import bisect_left

from parsers.cues import bare, cue, ending, without_links
from parsers.quantities import Quantity, find_quantities
from parsers.zeros import Zero, find_zeros, next_sign

_STOPS = re.compile(r"[，,；;：:。]")
_IN_LIST = re.compile(r"[，,；;、][^，,；;。：:]{1,16}")
# Characters before a number that its sense may hang on.
_NEAR = 40
_RANK = re.compile(r"前\s?$")
_RANKED = frozenset("名位强家")


def stated(text: str, named: str, spans: list[tuple[int, int]], heading: str) -> list[list[Quantity | Zero]]:
    """The numbers that each sentence states, in order.

    `named` is the text with names blotted out, `spans` its sentences; `heading` the title that a bare 没有发生 is of.
    """
    quantities = find_quantities(named)
    found: list[list[Quantity | Zero]] = []
    at, sign = 0, -1
    for start, end in spans:
        kept: list[Quantity] = []
        if sign < start:
            sign = next_sign(named, start)
        while at < len(quantities) and quantities[at].start < end:
            after = quantities[at + 1] if at + 1 < len(quantities) and quantities[at + 1].start < end else None
            if _is_stated(text, start, quantities[at], kept[-1] if kept else None, after):
                kept.append(quantities[at])
            at += 1
        zeros = find_zeros(named, start, end, heading) if sign < end else []
        found.append(_merged(kept, zeros) if zeros else [*kept])
    return found


def _merged(quantities: list[Quantity], zeros: list[Zero]) -> list[Quantity | Zero]:
    """Both in order; a zero in words that holds a printed number (均为0件) is that number."""
    starts = [quantity.start for quantity in quantities]
    kept: list[Quantity | Zero] = list(quantities)
    for zero in zeros:
        at = bisect_left(starts, zero.end) - 1
        if at < 0 or quantities[at].end <= zero.start:
            kept.append(zero)
    return sorted(kept, key=lambda one: one.start)


def _is_stated(text: str, start: int, quantity: Quantity, before: Quantity | None, after: Quantity | None) -> bool:
    words = text[max(start, quantity.start - _NEAR) : quantity.start]
    if quantity.kind == "duration":
        return bool(cue("average").search(_clause(words)))
    if quantity.kind == "score":
        return bool(cue("score").search(_clause(words)) or cue("growth").search(_clause(words)))
    if ending("clicks").search(words.rstrip()) or ending("rhythm").search(words):
        return False
    if quantity.unit in _RANKED and _RANK.search(words):
        return False
    if quantity.unit == "页" and words.rstrip().endswith("共"):
        return False  # the pages of the site: 共2页
    return quantity.kind != "bare" or _is_listed(text, _clause(words), quantity, before, after)


def _clause(words: str) -> str:
    return _STOPS.split(words)[-1]


def _is_listed(text: str, clause: str, quantity: Quantity, before: Quantity | None, after: Quantity | None) -> bool:
    """Whether a number without counter stands in a list of counted ones: 部分公开67，占4.61%."""
    gap = text[before.end : quantity.start] if before is not None and quantity.start - before.end <= _NEAR else None
    if before is not None and gap is not None and before.kind == "bare" and _IN_LIST.fullmatch(gap):
        return True
    if not ending("bare").search(without_links(bare(clause))):
        return False
    next_gap = text[quantity.end : after.start] if after is not None and after.start - quantity.end <= _NEAR else ""
    counted = after is not None and bool(next_gap) and after.kind in ("count", "percent")
    if after is not None and after.kind == "bare" and _IN_LIST.fullmatch(next_gap):
        return True
    return counted or (before is not None and gap is not None and before.kind in ("count", "percent", "bare"))
