"""Rates of change in prose (同比增长12.3%) against the figures of both years."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from corpus.identities import Rule, Terms, load_identities, parse_sum
from outputs.arrow import plain
from outputs.checks.figures import TOTAL, Figures, Side
from outputs.checks.page import Page
from outputs.checks.prose import numbered
from outputs.checks.verdicts import Check, Judgement, cells_of, made, place, places

_ALL = Decimal(100)
_HALF = Decimal("0.5")
_DECIMALS = 3
"""Digits after the point of a rate that was computed."""

_RECEIVED = ("requests_received", "requests_received + requests_pending_start")


def check_growth(page: Page, figures: Figures, before: Figures) -> Iterator[Check]:
    """Test each rate that follows a claim whose indicator the tables of both years print."""
    rule = _rule()
    numbers: dict[str, int] = {}
    for claim in page.claims:
        counted = _counted(page.claims, claim) if claim.kind == "growth" else None
        if counted is None:
            continue
        texts = _RECEIVED if counted.indicator == "requests_received" else (counted.indicator,)
        pairs = [_pair(parse_sum(text), figures, before) for text in texts]
        known = [pair for pair in pairs if pair is not None]
        if known:
            yield _check(page, claim, known, rule, numbered(numbers, rule), before.page.capture_id)


@cache
def _rule() -> Rule:
    return next(rule for rule in load_identities() if rule.each == "growth")


def _counted(claims: Sequence[Any], growth: Any) -> Any:
    """Return the claim that a rate speaks of: the last one of its sentence before it, if it has an indicator."""
    same = [c for c in claims if c.block_no == growth.block_no and c.sentence == growth.sentence]
    before = [c for c in same if c.char_start < growth.char_start and c.kind in {"count", "amount"}]
    last = max(before, key=lambda c: c.char_start, default=None)
    return last if last is not None and last.indicator and last.period == "year" else None


def _pair(terms: Terms, figures: Figures, before: Figures) -> tuple[Side, Side] | None:
    now, then = (book.sum(terms, TOTAL, frozenset(), known=True) for book in (figures, before))
    return (now, then) if not now.missing and not then.missing and then.value else None


def _check(page: Page, claim: Any, pairs: Sequence[tuple[Side, Side]], rule: Rule, number: str, other: str) -> Check:
    rates = [_ALL * (now.value - then.value) / then.value for now, then in pairs]
    tolerance = max(Decimal(rule.tolerance), claim.last_digit * _HALF)
    stated = abs(claim.value)
    # a fall is often printed without its sign: 回落12.3%
    best = min(range(len(rates)), key=lambda i: abs(stated - abs(rates[i])))
    rate = round(rates[best], _DECIMALS)
    difference = stated - abs(rate)
    fits = abs(difference) <= tolerance
    reason = "" if fits else ("approximate" if claim.approximate else rule.on_mismatch)
    judgement = Judgement("pass" if fits else "uncertain", reason, difference, tolerance)
    now, then = pairs[best]
    sentence = f"{claim.raw}: from {plain(then.value)} to {plain(now.value)} it is {plain(rate)}%"
    earlier = "; ".join(f"{other} {place(cell)}" for figure in then.figures for cell in cells_of(figure))
    evidence = f"left: {place(claim)} | right: {places(now)}; {earlier}"
    return made(page, rule, number, TOTAL, (stated, abs(rate)), judgement, sentence, evidence, other)
