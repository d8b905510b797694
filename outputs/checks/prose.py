"""Prose against table: what the sentences of a report state and its tables print too."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from corpus.cues import check_cue
from corpus.identities import ANY, Rule, Term, load_identities
from corpus.indicators import load_indicators
from outputs.checks.figures import TOTAL, ZERO, Figure, Figures, Side
from outputs.checks.page import Page
from outputs.checks.tables import prove_blanks
from outputs.checks.verdicts import Check, Judgement, cells_of, judge, row

_STOPS = re.compile(r"[，。；：]|\d")
_SUBJECT_END = 4
_NEAR_SUBJECT = 12
"""Characters before a number in which the end of its subject stands."""

CLAIM = Term(1, "claim", "", False, False)
_COUNTED = frozenset(("count", "amount"))
_HALF = Decimal("0.5")
_ORDER = ("pass", "uncertain", "fail", "not_assessable")
"""Of several readings of a claim, the one that speaks best for the page is taken."""

_RECOVERED = Judgement("not_assessable", "unit_recovered", None, None)
_STOCKS = ("_in_force", "_stock")
"""Endings of indicators that count what there is on a day: 截至年底 states them as 全年 states others."""

_DISCLOSURE = "1 "
"""The group of indicators about what was disclosed; its rows have a column for what was made, kept, repealed."""

_OFFICE_GROUPS = ("2 ", "12 ")
"""Groups of indicators (meetings, staff, press conferences) that prose tells of the office alone, tables of all."""


def check_claims(page: Page, figures: Figures) -> Iterator[Check]:
    """Hold every claim that has an indicator against the tables, and claims of one thing against each other."""
    tested = [claim for claim in page.claims if claim.kind in _COUNTED and _of_the_year(claim)]
    numbers: dict[str, int] = {}
    for claim in tested:
        for rule, indicator in _rules_of(claim):
            check = _against_table(page, figures, claim, rule, indicator, numbers)
            if check is not None:
                yield check
    yield from _stated_again(page, figures, tested)


def _of_the_year(claim: Any) -> bool:
    return claim.period == "year" or (claim.period == "to_date" and (claim.indicator or "").endswith(_STOCKS))


def claim_figure(claim: Any) -> Figure:
    """Return a claim as a figure: its value, and how much of it the printed digits leave open."""
    doubt = "approximate" if claim.approximate else ""
    return Figure(claim.value, "number", doubt, half_digit(claim), (claim,))


def claim_side(claim: Any) -> Side:
    """Return a claim as one side of an identity."""
    figure = claim_figure(claim)
    return Side(claim.value, figure.half, 1, (), (CLAIM,), (figure,))


def half_digit(claim: Any) -> Decimal:
    """Return what rounding leaves open: nothing for things counted one by one, a whole unit for rough numbers.

    A rough number ends in zeros that were not counted: 7700余 leaves the last hundred open.
    """
    if claim.approximate:
        return Decimal(max(claim.last_digit, _open_digits(claim.value)))
    return ZERO if claim.last_digit == 1 else Decimal(claim.last_digit * _HALF)


def numbered(numbers: dict[str, int], rule: Rule) -> str:
    """Return the number of a place among those that one identity is tested at."""
    key = f"{rule.identity_id}.{rule.part}"
    numbers[key] = numbers.get(key, 0) + 1
    return str(numbers[key])


def _open_digits(value: Decimal) -> Decimal:
    exponent = value.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return Decimal(1).scaleb(exponent)


@cache
def _rules(each: str) -> dict[str, Rule]:
    """Rules of one kind by the indicator, or the cue, that they are about."""
    rules = (rule for rule in load_identities() if rule.each == each)
    return {rule.printed if each == "subject" else rule.left[0].indicator: rule for rule in rules}


def _rules_of(claim: Any) -> Iterator[tuple[Rule, str]]:
    """Rules that a claim is tested by, with the indicator that `x` stands for."""
    if claim.indicator:
        rules = _rules("claim")
        yield rules.get(claim.indicator, rules[ANY]), claim.indicator
        upheld = _rules("upheld").get(claim.indicator)
        if upheld is not None and claim.value and check_cue("all_upheld").search(_after(claim)):
            yield upheld, claim.indicator
        return
    for cue, rule in _rules("subject").items():
        if check_cue(cue).search(claim.subject or "") or check_cue(cue).search(_clause(claim)):
            yield rule, ""
            return


def _against_table(
    page: Page, figures: Figures, claim: Any, rule: Rule, indicator: str, numbers: dict[str, int]
) -> Check | None:
    """Test a claim by the reading that fits it best; None where the tables print nothing of it."""
    left = claim_side(claim)
    readings = list(_readings(page, figures, claim, rule, indicator))
    if not readings:
        return None
    right, judgement = min(readings, key=lambda reading: _ORDER.index(reading[1].verdict))
    if figures.recovered and any((c.table_no, c.row, c.col) in figures.recovered for c in _cells(right)):
        judgement = _RECOVERED
    if judgement.reason == "blanks_as_zero" and not left.half:
        figures.prove_zeros(right)
        prove_blanks(page, figures)
    return row(page, rule, numbered(numbers, rule), TOTAL, left, right, judgement)


def _readings(page: Page, figures: Figures, claim: Any, rule: Rule, indicator: str) -> Iterator[tuple[Side, Judgement]]:
    """Right sides that the tables print something of, each with what comes of it.

    The first is what the words name. The others are what prose is known to mean instead: they can clear a claim, and
    where only they are printed they come near it only.
    """
    left = claim_side(claim)
    named = False
    for number, terms in enumerate(rule.rights):
        right = figures.sum(terms, TOTAL, frozenset(), any_indicator=indicator, known=True)
        states = {figure.state for figure in right.figures}
        if states == {"absent"} or (number and "absent" in states):
            continue
        judgement = judge(rule, left, right)
        if judgement.verdict == "fail":
            reason = _doubt(page, claim, rule, right) or ("" if named or not number else "other_object")
            if reason:
                judgement = judgement._replace(verdict="uncertain", reason=reason)
        elif number and judgement.verdict == "pass":
            judgement = _cleared(rule, judgement)
        named = named or not number
        yield right, judgement


def _cleared(rule: Rule, judgement: Judgement) -> Judgement:
    if rule.on_mismatch != "fail":
        return judgement._replace(verdict="uncertain", reason=rule.on_mismatch)
    return judgement._replace(reason=judgement.reason or "other_base")


def _doubt(page: Page, claim: Any, rule: Rule, right: Side) -> str:
    """Return why a claim and a table may differ though both are right; '' where nothing is known that could."""
    if any((cell.concordance or "exact") != "exact" for cell in _cells(right)):
        return "other_object"
    if page.report_scope != "own" and _of_the_office(page, claim):
        return "scope"
    if page.report_scope in {"own", "unknown"} and check_cue("whole_area").search(_clause(claim)):
        return "scope"
    return "words_unsettled" if rule.each == "claim" and _in_next_column(page, claim, right) else ""


def _in_next_column(page: Page, claim: Any, right: Side) -> bool:
    """Tell whether the number stands in the same row under another heading: 公开 is said of what was 制发 too.

    Where rows list cases by outcome, a number found twice is an accident; only the sum of all years is then asked for.
    """
    group = load_indicators()[claim.indicator].group
    rows = {(cell.table_no, cell.row) for cell in _cells(right)}
    own = {(cell.indicator, cell.measure) for cell in _cells(right)}
    return bool(claim.value) and any(
        claim.value == (cell.value if cell.base_value is None else cell.base_value)
        and cell.indicator
        and (cell.table_no, cell.row) in rows
        and (cell.indicator, cell.measure) not in own
        and (cell.measure == "cumulative" or group.startswith(_DISCLOSURE))
        for cell in page.cells
    )


def _cells(side: Side) -> list[Any]:
    return [cell for figure in side.figures for cell in cells_of(figure)]


def _of_the_office(page: Page, claim: Any) -> bool:
    known = load_indicators().get(claim.indicator or "")
    if known is not None and known.group.startswith(_OFFICE_GROUPS):
        return True
    office = check_cue("office")
    return office.search(_clause(claim)) is not None and office.search(page.agency or "") is None


def _clause(claim: Any) -> str:
    """Return the words before the number, from the last comma or number on."""
    return _STOPS.split(claim.sentence[: _place_in_sentence(claim)])[-1]


def _after(claim: Any) -> str:
    return str(claim.sentence[_place_in_sentence(claim) + len(claim.raw) :])


def _place_in_sentence(claim: Any) -> int:
    """Return where the number stands in its sentence: of several that look alike, the one behind its subject."""
    number = re.compile(rf"(?<![\d.]){re.escape(claim.raw)}")
    found = [match.start() for match in number.finditer(claim.sentence)]
    subject = (claim.subject or "")[-_SUBJECT_END:]
    behind = [place for place in found if subject and subject in claim.sentence[:place][-_NEAR_SUBJECT:]]
    return (behind or found or [0])[0]


def _stated_again(page: Page, figures: Figures, claims: list[Any]) -> Iterator[Check]:
    """Hold figures that the text states more than once, and no table, against the first of them."""
    rule = _rules("claims")[ANY]
    first: dict[str, Any] = {}
    numbers: dict[str, int] = {}
    for claim in claims:
        if not claim.indicator or figures.known(claim.indicator).state != "absent":
            continue
        if claim.indicator not in first:
            first[claim.indicator] = claim
            continue
        left, right = claim_side(claim), claim_side(first[claim.indicator])
        yield row(page, rule, numbered(numbers, rule), TOTAL, left, right, judge(rule, left, right))
