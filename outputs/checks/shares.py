"""Shares in prose: every printed percentage against its part and the bases that the report states.

Reports take shares of all requests received, of those with what was carried in, or of all concluded, and rarely say of
which. A share that fits any base is right; one that fits none is wrong only where its neighbours prove the base.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from corpus.identities import Rule, load_identities, parse_sum
from outputs.arrow import plain
from outputs.checks.figures import TOTAL, ZERO, Figures
from outputs.checks.page import Page
from outputs.checks.parts import by_whole
from outputs.checks.prose import numbered
from outputs.checks.verdicts import Check, Judgement, cells_of, made, place

_ALL = Decimal(100)
_BASES = (
    "requests_processed",
    "requests_received",
    "requests_received + requests_pending_start",
    "responses_total",
    "reconsideration_total",
    "litigation_total",
    "proactive_items_disclosed",
)
_DECIMALS = 3
"""Digits after the point of a share that was computed."""

_PROOF = 2
"""Shares of one sentence that must fit a base before a third one is called wrong by it."""


class _Base(NamedTuple):
    """A number that shares may be taken of, and where it stands."""

    value: Decimal
    where: str


class _Share(NamedTuple):
    """A part with its share: the claims of both, and what the share's last digit is worth."""

    part: Any
    share: Decimal
    digit: Decimal
    where: str


def check_shares(page: Page, figures: Figures) -> Iterator[Check]:
    """Test each share of a part, in groups of one whole or one sentence; then whether complete groups make 100 %."""
    numbers: dict[str, int] = {}
    shares = _shares(page.claims)
    if not shares:
        return
    of_table = _table_bases(figures)
    for group in _groups(shares):
        bases = [*_stated_bases(page.claims, group), *of_table]
        proved = _proved(group, bases)
        for item in group:
            yield _share_check(page, item, bases, proved, numbered(numbers, _rule("share")))
    yield from _sums(page, shares, numbers)


@cache
def _rule(each: str) -> Rule:
    return next(rule for rule in load_identities() if rule.each == each)


def _shares(claims: Sequence[Any]) -> list[_Share]:
    found = []
    printed = {(claim.block_no, claim.whole_start): claim for claim in claims if claim.kind == "share"}
    for claim in claims:
        if claim.share_percent is None or claim.kind != "count":
            continue
        own = printed.get((claim.block_no, claim.char_start))
        digit = own.last_digit if own is not None else _digit(claim.share_percent)
        found.append(_Share(claim, claim.share_percent, digit, place(own) if own is not None else ""))
    return found


def _digit(share: Decimal) -> Decimal:
    exponent = share.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(min(exponent, 0))


def _groups(shares: Sequence[_Share]) -> Iterator[list[_Share]]:
    """Shares of one whole, or of one sentence where no whole is named."""
    groups: dict[tuple[Any, ...], list[_Share]] = {}
    for item in shares:
        part = item.part
        key = (part.block_no, part.whole_start) if part.whole_start is not None else (part.block_no, part.sentence)
        groups.setdefault(key, []).append(item)
    yield from groups.values()


def _stated_bases(claims: Sequence[Any], group: Sequence[_Share]) -> list[_Base]:
    """Counts that shares of a group may be of, likely ones first; then the sum of the parts themselves.

    Those are the named whole, counts before it in the paragraph, others of its sentence, totals of other paragraphs.
    """
    first, members = group[0].part, {(item.part.block_no, item.part.char_start) for item in group}
    counts = [claim for claim in claims if claim.kind == "count" and claim.value and not claim.zero_in_words]
    near = [claim for claim in counts if claim.block_no == first.block_no and claim.char_start < first.char_start]
    near.sort(key=lambda claim: (claim.char_start != first.whole_start, -claim.char_start))
    beside = [
        claim
        for claim in counts
        if (claim.block_no, claim.sentence) == (first.block_no, first.sentence)
        and claim not in near
        and (claim.block_no, claim.char_start) not in members
    ]
    far = [claim for claim in counts if claim.indicator in _BASES and claim.block_no != first.block_no]
    bases = [_Base(claim.value, place(claim)) for claim in (*near, *beside, *far)]
    total = sum((item.part.value for item in group), ZERO)
    if len(group) > 1 and total:
        bases.append(_Base(total, "; ".join(place(item.part) for item in group)))
    return bases


def _table_bases(figures: Figures) -> list[_Base]:
    bases = []
    for text in _BASES:
        side = figures.sum(parse_sum(text), TOTAL, frozenset(), known=True)
        if not side.missing and side.value:
            where = "; ".join(place(cell) for figure in side.figures for cell in cells_of(figure))
            bases.append(_Base(side.value, where))
    return bases


def _gap(item: _Share, base: _Base) -> Decimal:
    """How far the printed share is from the computed one, in units of its last digit."""
    return Decimal(abs(item.share - _ALL * item.part.value / base.value) / item.digit)


def _fits(item: _Share, base: _Base) -> bool:
    return _gap(item, base) <= Decimal(_rule("share").tolerance)


def _proved(group: Sequence[_Share], bases: Sequence[_Base]) -> _Base | None:
    """Return the base that most shares of a group fit, if so many fit that it is no accident."""
    told = [item for item in group if item.share not in {ZERO, _ALL}]
    counts = [(sum(_gap(item, base) < 1 for item in told), -number) for number, base in enumerate(bases)]
    best, number = max(counts, default=(0, 0))
    return bases[-number] if best >= _PROOF and best * 2 > len(told) else None


def _share_check(page: Page, item: _Share, bases: Sequence[_Base], proved: _Base | None, number: str) -> Check:
    rule = _rule("share")
    fitting = next((base for base in bases if _fits(item, base)), None)
    nearest = min(bases, key=lambda base: _gap(item, base), default=None)
    cut_off = nearest is not None and _gap(item, nearest) < 1
    base = fitting or (nearest if cut_off else proved) or nearest
    if base is None:
        judgement, right = Judgement("not_assessable", "no_base", None, None), None
    else:
        right = round(_ALL * item.part.value / base.value, _DECIMALS)
        tolerance = item.digit * Decimal(rule.tolerance)
        verdict, reason = _verdict(item, fitting, proved, cut_off=cut_off)
        judgement = Judgement(verdict, reason, item.share - right, tolerance)
    printed = f"{item.part.raw}, {plain(item.share)}%"
    computed = f"of {plain(base.value)} it is {plain(right)}%" if base and right is not None else "no base is stated"
    where = f"left: {place(item.part)}; {item.where} | right: {base.where if base else 'not printed'}"
    sentence = f"“{item.part.subject or ''}” {printed}: {computed}"
    return made(page, rule, number, TOTAL, (item.share, right), judgement, sentence, where)


def _verdict(item: _Share, fitting: _Base | None, proved: _Base | None, *, cut_off: bool) -> tuple[str, str]:
    if fitting is not None:
        return "pass", ""
    if item.part.approximate:
        return "uncertain", "approximate"
    if cut_off:
        return "uncertain", "rounding"
    return ("fail", "") if proved is not None else ("uncertain", _rule("share").on_mismatch)


def _sums(page: Page, shares: Sequence[_Share], numbers: dict[str, int]) -> Iterator[Check]:
    """Test that the shares of a partition whose parts make the whole make 100 %."""
    rule = _rule("share_list")
    of_part = {(item.part.block_no, item.part.char_start): item for item in shares}
    for whole, parts in by_whole(page.claims):
        items = [of_part.get((part.block_no, part.char_start)) for part in parts]
        known = [item for item in items if item is not None]
        if len(known) < 2 or len(known) < len(items) or sum(part.value for part in parts) != whole.value:
            continue
        total = sum((item.share for item in known), ZERO)
        half = sum((item.digit for item in known), ZERO) / 2
        tolerance = max(half, Decimal(rule.tolerance) * len(known))
        verdict = "pass" if abs(total - _ALL) <= tolerance else "fail"
        if any(part.approximate for part in (whole, *parts)):
            verdict = "pass" if verdict == "pass" else "uncertain"
        reason = "approximate" if verdict == "uncertain" else ""
        judgement = Judgement(verdict, reason, total - _ALL, tolerance)
        sentence = " + ".join(f"{plain(item.share)}%" for item in known) + f" = {plain(total)}%"
        where = "left: " + "; ".join(item.where or place(item.part) for item in known)
        yield made(page, rule, numbered(numbers, rule), TOTAL, (total, _ALL), judgement, sentence, where)
