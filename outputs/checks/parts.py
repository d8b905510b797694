"""Partitions in prose: the parts of a number, and lists by kind, against the number that they are parts of.

Parts that are printed need not be all: 其中 may name the largest only, and things may count in two parts. Only a list
that says that it is complete (it ends in 其他, or its shares make 100 %) must reach its whole.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from corpus.cues import check_cue
from corpus.identities import Rule, load_identities
from outputs.checks.figures import TOTAL, Side
from outputs.checks.page import Page
from outputs.checks.prose import CLAIM, claim_figure, claim_side, numbered
from outputs.checks.verdicts import Check, Judgement, judge, row

_SHORTEST_LIST = 3
_TOTAL = "proactive_items_disclosed"
"""The total that lists by kind break down."""

_ALL = Decimal(100)
_PER_PART = Decimal("0.5")
"""Points by which one rounded share may miss: shares are printed to the percent or finer."""


def check_parts(page: Page) -> Iterator[Check]:
    """Test every partition of a number, and every complete list by kind, in reading order."""
    rule = _rule()
    numbers: dict[str, int] = {}
    groups = [*_partitions(page.claims), *_lists(page.claims)]
    for whole, parts in sorted(groups, key=lambda group: (group[1][0].block_no, group[1][0].char_start)):
        left, right = _sum(parts), claim_side(whole)
        yield row(page, rule, numbered(numbers, rule), TOTAL, left, right, _judged(rule, left, right, whole, parts))


def by_whole(claims: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Return each count that other counts of its time name as their whole, with those."""
    at = {(claim.block_no, claim.char_start): claim for claim in claims}
    parts: dict[tuple[int, int], list[Any]] = {}
    for claim in claims:
        if claim.whole_start is not None and (claim.block_no, claim.whole_start) in at:
            parts.setdefault((claim.block_no, claim.whole_start), []).append(claim)
    for place, found in parts.items():
        whole = at[place]
        same = [part for part in found if part.kind == "count" and part.period == whole.period]
        if same and whole.kind == "count":
            yield whole, same


def is_complete(parts: Sequence[Any]) -> bool:
    """Tell whether parts say that nothing is left out: the rest is named, or the shares make the whole."""
    if len(parts) < 2:  # one part alone is no partition
        return False
    subjects = [part.subject or "" for part in parts]
    if check_cue("rest").search(subjects[-1]):
        return True
    if _of_applicants(parts) and any(check_cue("all_applicants").search(subject) for subject in subjects):
        return True
    shares = [part.share_percent for part in parts]
    return None not in shares and _make_the_whole(shares)


@cache
def _rule() -> Rule:
    return next(rule for rule in load_identities() if rule.each == "parts")


def _partitions(claims: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    for whole, found in by_whole(claims):
        applicants = [part for part in found if _of_applicants([part])]
        split = 1 < len(applicants) < len(found)
        groups = [applicants, [part for part in found if part not in applicants]] if split else [found]
        for group in groups:
            parts = _to_the_whole(claims, group if split else _with_between(claims, whole, group))
            if len(parts) > 1:
                yield whole, parts


def _with_between(claims: Sequence[Any], whole: Any, parts: list[Any]) -> list[Any]:
    """Return parts with the counts between them that have another counter: 公告38篇、信息12条、其他191条."""
    first, last = whole.char_start, parts[-1].char_start
    members = [part.char_start for part in parts]
    return [
        claim
        for claim in claims
        if claim.block_no == whole.block_no
        and claim.kind == "count"
        and first < claim.char_start <= last
        and (claim.char_start in members or (claim.whole_start is None and claim.unit != whole.unit))
    ]


def _to_the_whole(claims: Sequence[Any], parts: list[Any]) -> list[Any]:
    """Return parts with those that later sentences of the paragraph add, where the shares of all make the whole."""
    last = parts[-1]
    more = list(parts)
    for claim in claims:
        follows = claim.block_no == last.block_no and claim.char_start > last.char_start and claim.kind == "count"
        if follows and claim.whole_start is None and claim.share_percent is not None and claim.unit == last.unit:
            more.append(claim)
            if is_complete(more) and None not in [part.share_percent for part in more]:
                return more
    return parts


def _of_applicants(parts: Sequence[Any]) -> bool:
    return all(check_cue("applicant").search(part.subject or "") for part in parts)


def _of_channels(parts: Sequence[Any]) -> bool:
    """Tell whether parts count by channel, with no shares that would make them exclude each other."""
    told = any(check_cue("channel").search(part.subject or "") for part in parts)
    shares = [part.share_percent for part in parts]
    return told and not (None not in shares and _make_the_whole(shares))


def _of_topics(whole: Any, parts: Sequence[Any]) -> bool:
    """Tell whether requests are counted by what they are about, by no outcome, applicant or share."""
    if _of_applicants(parts) or any(part.indicator or part.share_percent is not None for part in parts):
        return False
    return check_cue("request").search(whole.subject or "") is not None


def _make_the_whole(shares: Sequence[Decimal]) -> bool:
    return abs(sum(shares, Decimal(0)) - _ALL) <= _PER_PART * len(shares)


def _lists(claims: Sequence[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Lists of a sentence that break down by kind, to the rest, the total before them."""
    whole: Any = None
    for sentence, stated in _sentences(claims):
        counts = [claim for claim in stated if claim.kind == "count" and claim.period == "year"]
        totals = [claim for claim in counts if claim.indicator == _TOTAL]
        whole = totals[-1] if totals else whole
        behind = counts[counts.index(totals[-1]) + 1 :] if totals else counts
        free = [claim for claim in behind if claim.whole_start is None and not claim.indicator]
        if len(free) == len(behind) >= _SHORTEST_LIST and whole is not None:
            rest = check_cue("rest").search(free[-1].subject or "")
            if rest and {claim.unit for claim in free} == {whole.unit} and check_cue("category").search(sentence):
                yield whole, free


def _sentences(claims: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    held: list[Any] = []
    for claim in claims:
        if held and (claim.block_no, claim.sentence) != (held[-1].block_no, held[-1].sentence):
            yield held[-1].sentence, held
            held = []
        held.append(claim)
    if held:
        yield held[-1].sentence, held


def _sum(parts: Sequence[Any]) -> Side:
    figures = tuple(claim_figure(part) for part in parts)
    value = sum((part.value for part in parts), Decimal(0))
    half = sum((figure.half for figure in figures), Decimal(0))
    return Side(value, half, len(parts), (), (CLAIM,) * len(parts), figures)


def _judged(rule: Rule, left: Side, right: Side, whole: Any, parts: Sequence[Any]) -> Judgement:
    judgement = judge(rule, left, right)
    if judgement.verdict == "pass":
        return judgement
    if _has_whole_runs(parts, right.value):
        return judgement._replace(verdict="not_assessable", reason="several_partitions")
    if any(part.unit != whole.unit for part in parts):
        return judgement._replace(verdict="uncertain", reason="mixed_counters")
    if any(part.value > whole.value for part in parts):
        # more likely the sentence was read wrongly than that its author divided 2 into 60 and 23
        return judgement._replace(verdict="uncertain", reason="whole_in_doubt")
    exceed = left.value > right.value
    if exceed and (_of_channels(parts) or _of_topics(whole, parts)):
        return judgement._replace(verdict="uncertain", reason="may_overlap")
    if is_complete(parts) or judgement.reason == "approximate" or (exceed and _of_applicants(parts)):
        return judgement
    if not exceed:
        return judgement._replace(verdict="not_assessable", reason="partial_list")
    return judgement._replace(verdict="uncertain", reason="may_overlap")


def _has_whole_runs(parts: Sequence[Any], whole: Decimal) -> bool:
    """Tell whether the first parts alone make the whole: then those behind them divide it in another way."""
    total = Decimal(0)
    for part in parts[:-1]:
        total += part.value
        if total == whole:
            return True
    return False
