"""Zeros that are said in words: 未收到…申请, 没有发生行政复议、行政诉讼, 暂不收费, 零败诉.

A negation counts only where its object can be counted (申请, 复议, 诉讼, 费用 …); 没有现成信息, 无正当理由 and 无法提供
are names of outcomes, and 没有其他事项 is no figure.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from corpus.tables import read_table
from parsers.cues import firsts

_STOP = re.compile(r"[，,；;。：:！？（(）)]")
# Where figures stand without a negation, or the negation stands with the charge: 均为零, 零投诉, 暂不收费.
_STANDING = re.compile("零|〇|收费|收取")
# What a negation begins with, and what may stand before it: a pattern is tried at these places only.
_NEGATIONS = re.compile(r"[未没无不]")
_STRESSED = frozenset("均并暂")
_ITEM = re.compile(r"以及|或者|[、和与及或]")
# Characters after a negation in which its object is looked for, and before it for its clause.
_OBJECT, _LEAD = 200, 80
_FEE_UNIT, _CASE_UNIT = "元", "件"


class Zero(NamedTuple):
    """One zero: `start` to `end` is its place, `raw` the words that say it, `object` what there was none of.

    `head` is the kind of object (review, lawsuit, request, fee, event …), `lead` the clause before the words, `verb`
    the verb in them.
    """

    start: int
    end: int
    raw: str
    head: str
    object: str
    lead: str
    verb: str
    unit: str


@dataclass(frozen=True, slots=True)
class _Words:
    negation: re.Pattern[str]
    opener: re.Pattern[str]
    heads: tuple[tuple[str, re.Pattern[str]], ...]
    event: re.Pattern[str]
    whole: re.Pattern[str]
    standing: re.Pattern[str]
    nothing: re.Pattern[str]
    blocker: re.Pattern[str]
    cause: re.Pattern[str]
    fee_verbs: frozenset[str]


@cache
def _words() -> _Words:
    rows = read_table("zero_words.csv")

    def some(use: str) -> str:
        found = [row["word"] for row in rows if row["use"] == use]
        return "|".join(sorted(found, key=len, reverse=True))

    negation = (
        rf"(?:未|没有|没|无|并无|暂无|不|未有)(?:曾|再|有|予)?(?:向[^，,；;。、]{{1,10}})?"
        rf"(?:{some('cause_before')})?(?P<verb>{some('verb')})"
        r"|(?:均|并|暂)?(?:没有|无|未有|不存在)"
    )
    return _Words(
        re.compile(negation),
        re.compile(some("opener")),
        tuple((row["meaning"], re.compile(row["word"])) for row in rows if row["use"] == "head"),
        re.compile(some("event")),
        re.compile(some("whole")),
        re.compile(some("standing")),
        re.compile(rf"(?:{some('nothing')})[。；;，,.\s]*"),
        re.compile(rf"(?:{some('blocker')})$"),
        re.compile(some("cause")),
        frozenset(row["word"] for row in rows if row["use"] == "verb" and row["meaning"] == "fee"),
    )


def next_sign(text: str, start: int) -> int:
    """Where, from `start`, the next character stands without which there is no zero; the text's end for none."""
    found = _signs().search(text, start)
    return len(text) if found is None else found.start()


@cache
def _signs() -> re.Pattern[str]:
    """未 and 不 deny a figure only before a verb, or what may stand between: most 不 of a text are of other words."""
    verbs = (firsts(row["word"]) for row in read_table("zero_words.csv") if row["use"] in ("verb", "cause_before"))
    follow = f"[有曾再予向{''.join(verbs)}]"
    return re.compile(f"零|〇|无|没|未{follow}|不{follow}")


def find_zeros(text: str, start: int, end: int, heading: str) -> list[Zero]:
    """Zeros of the sentence `text[start:end]`; `heading` is the title that it stands under, for a bare 没有发生.

    It is asked for sentences that hold a `next_sign`: no other has any.
    """
    words = _words()
    if words.nothing.fullmatch(text, start, end):
        return _nothing(text, start, end, heading)
    found: list[Zero] = []
    if _STANDING.search(text, start, end):
        for match in words.standing.finditer(text, start, end):
            found += _fee(text, start, match) or _before(text, start, match)
        for match in words.whole.finditer(text, start, end):
            found.append(Zero(*match.span(), match.group(), "event", match.group()[1:], "", "", _CASE_UNIT))
    for match in _negations(text, start, end):
        if not words.blocker.search(text, max(start, match.start() - 3), match.start()):
            found += _negated(text, start, end, match)
    return _apart(found)


def _negations(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    negation = _words().negation
    at = start
    for sign in _NEGATIONS.finditer(text, start, end):
        place = sign.start()
        if place < at:
            continue
        match = negation.match(text, place - 1, end) if place > at and text[place - 1] in _STRESSED else None
        if match or (match := negation.match(text, place, end)):
            yield match
            at = match.end()


def _negated(text: str, start: int, end: int, match: re.Match[str]) -> list[Zero]:
    """Zeros under one negation: an object each; what stands before it where nothing countable follows."""
    words = _words()
    far = min(end, match.end() + _OBJECT)
    stop = _STOP.search(text, match.end(), far)
    stop_at = stop.start() if stop else far
    verb = match["verb"] or ""
    if not verb and not words.opener.match(text, match.end()):
        return []
    found = _objects(text, start, match, match.end(), stop_at, verb)
    if found or not verb:
        return found
    if verb in words.fee_verbs:
        return _fee(text, start, match)
    if verb == "结转":
        lead = _lead(text, start, match.start())
        return [Zero(*match.span(), match.group(), "carry", verb, lead, "", _CASE_UNIT)]
    if stop_at - match.end() <= 1:
        return _before(text, start, match)
    if verb in ("发生", "出现", "发现") and (event := words.event.search(text, match.end(), stop_at)):
        lead = _lead(text, start, match.start())
        return [Zero(*match.span(), match.group(), "event", text[match.end() : event.end()], lead, verb, _CASE_UNIT)]
    return []


def _objects(text: str, start: int, match: re.Match[str], at: int, stop: int, verb: str) -> list[Zero]:
    region = text[at:stop]
    lead = _lead(text, start, match.start())
    found: list[Zero] = []
    for head, first, last, words in _heads(region):
        if any(zero.head == head for zero in found):
            continue
        place = match.span() if not found else (at + first, at + last)
        unit = _FEE_UNIT if head == "fee" else _CASE_UNIT
        found.append(Zero(*place, match.group(), head, words, lead, verb, unit))
    return found


def _heads(region: str) -> list[tuple[str, int, int, str]]:
    """Kinds of object in a list of objects: kind, place of the word that names it, the words of the item."""
    found: list[tuple[str, int, int, str]] = []
    for first, last in _items(region):
        item = region[first:last]
        here = [(head, match) for head, pattern in _words().heads if (match := pattern.search(item))]
        kinds = {head for head, _ in here}
        for head, match in here:
            # 行政复议申请 is a review; 收费申请 and 申请信息公开费用 are rare and are fees.
            if head == "request" and kinds - {"request", "refusal"}:
                continue
            if head in ("carry", "refusal") and len(kinds) > 1 and head == "carry" and "request" not in kinds:
                continue
            found.append((head, first + match.start(), first + match.end(), item))
    cases = {head for head, *_ in found} & {"review", "lawsuit"}
    if cases and _words().cause.match(region):
        found = [one for one in found if one[0] != "request"]
    if any(head == "fee" for head, *_ in found):
        # 检索、复制及邮寄费用 is one thing that was not charged, not three
        head, first, last, _ = next(one for one in found if one[0] == "fee")
        found = [(head, first, last, region)]
    if [head for head, *_ in found] == ["request"]:  # 公民、法人和其他组织的申请 is one request
        head, first, last, _ = found[0]
        found = [(head, first, last, region)]
    return found


def _items(region: str) -> list[tuple[int, int]]:
    cuts = [0, *(m.end() for m in _ITEM.finditer(region))]
    ends = [*(m.start() for m in _ITEM.finditer(region)), len(region)]
    return [(a, b) for a, b in zip(cuts, ends, strict=True) if a < b]


def _before(text: str, start: int, match: re.Match[str]) -> list[Zero]:
    """行政复议、行政诉讼均未发生: what there was none of stands before the words."""
    lead = _lead(text, start, match.start())
    at = match.start() - len(lead)
    found: list[Zero] = []
    for head, first, last, words in _heads(lead):
        if any(zero.head == head for zero in found):
            continue
        place = match.span() if not found else (at + first, at + last)
        unit = _FEE_UNIT if head == "fee" else _CASE_UNIT
        verb = (match.groupdict().get("verb") or "") if "verb" in match.re.groupindex else ""
        found.append(Zero(*place, match.group(), head, words.rstrip("均都皆也亦"), "", verb, unit))
    return found


def _fee(text: str, start: int, match: re.Match[str]) -> list[Zero]:
    if "收" not in match.group():
        return []
    lead = _lead(text, start, match.start())
    return [Zero(*match.span(), match.group(), "fee", "收费", lead, "收取", _FEE_UNIT)]


def _nothing(text: str, start: int, end: int, heading: str) -> list[Zero]:
    """A section that says 没有发生 and no more: of what its title names."""
    raw = text[start:end].rstrip("。；;，,. ")
    found: list[Zero] = []
    for head, _, _, words in _heads(heading):
        if head in ("review", "lawsuit", "fee", "complaint") and not any(zero.head == head for zero in found):
            unit = _FEE_UNIT if head == "fee" else _CASE_UNIT
            at = start + len(found)
            found.append(Zero(at, start + len(raw), raw, head, words, "", "", unit))
    return found if len(found) <= len(raw) else []


def _lead(text: str, start: int, at: int) -> str:
    """The clause before a place."""
    begin = start
    for match in _STOP.finditer(text, max(start, at - _LEAD), at):
        begin = match.end()
    return text[max(begin, at - _LEAD) : at].lstrip("\x00 ")


def _apart(found: list[Zero]) -> list[Zero]:
    """Zeros in order, of two at one place the first."""
    kept: list[Zero] = []
    for zero in sorted(found, key=lambda z: (z.start, -z.end)):
        if not kept or kept[-1].end <= zero.start:
            kept.append(zero)
    return kept
