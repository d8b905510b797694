"""What must add up within the tables of one report."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

from corpus.identities import Rule, load_identities
from corpus.indicators import load_indicators
from outputs.arrow import plain
from outputs.checks.figures import KINDS, SIGNED, TOTAL, ZERO, Figures, Side
from outputs.checks.page import Page
from outputs.checks.verdicts import Check, Judgement, cells_of, judge, made, place, row

_MONEY = frozenset(("元", "万元"))
"""Units of sums, which may be negative: what was paid back."""


def check_tables(page: Page, figures: Figures) -> Iterator[Check]:
    """Test every identity of the forms that the page uses; proved zeros are left in the figures."""
    for rule in _rules():
        if rule.each == "cell":
            yield from _no_negatives(page, rule, figures)
        elif not rule.forms or rule.forms & figures.forms:
            yield from _tested(page, rule, figures)


def prove_blanks(page: Page, figures: Figures) -> None:
    """Find the blanks that a total which was proved to be zero leaves nothing for."""
    for rule in _rules():
        if rule.each == "once" and rule.forms & figures.forms:
            for _ in _tested(page, rule, figures):
                pass


@cache
def _rules() -> tuple[Rule, ...]:
    kinds = {"once", "applicant", "applicant_row", "cumulative_row", "cell"}
    return tuple(rule for rule in load_identities() if rule.span == "report" and rule.each in kinds)


def _tested(page: Page, rule: Rule, figures: Figures) -> Iterator[Check]:
    if rule.printed and not figures.printed(rule.printed):
        return
    if rule.not_printed and figures.printed(rule.not_printed):
        return
    for indicator, applicant in subjects(rule, figures):
        left = figures.sum(rule.left, applicant, rule.forms, any_indicator=indicator)
        right = figures.sum(rule.rights[0], applicant, rule.forms, any_indicator=indicator)
        if all_absent(left, right):
            continue
        local = rule.local_rows and differs(left, right) and figures.strangers(all_cells(left, right))
        judgement = judge(rule, left, right, local_row=local)
        _prove(rule, figures, left, right, judgement)
        yield row(page, rule, indicator, applicant, left, right, judgement)


def subjects(rule: Rule, figures: Figures) -> Iterable[tuple[str, str]]:
    """Return what a rule is tested for: pairs of the indicator that `x` stands for and the applicant."""
    if rule.each == "applicant":
        return [("", applicant) for applicant in (TOTAL, *KINDS)]
    if rule.each == "applicant_row":
        return [(name, TOTAL) for name in sorted({key[0] for key in figures.facts if key[1] != TOTAL})]
    if rule.each == "cumulative_row":
        return [(name, TOTAL) for name in sorted({key[0] for key in figures.facts if key[2] == "cumulative"})]
    return [("", TOTAL)]


def all_absent(left: Side, right: Side) -> bool:
    """Tell whether no cell prints anything of one of two sides: then the identity says nothing of the page."""
    return any(all(figure.state == "absent" for figure in side.figures) for side in (left, right))


def differs(left: Side, right: Side) -> bool:
    """Tell whether the known numbers of two sides are not the same."""
    return left.value != right.value


def all_cells(left: Side, right: Side) -> list[object]:
    """Return every cell of two sides."""
    return [cell for side in (left, right) for figure in side.figures for cell in cells_of(figure)]


def _prove(rule: Rule, figures: Figures, left: Side, right: Side, judgement: Judgement) -> None:
    """Take blanks for zeros where a printed total leaves nothing for them."""
    if (
        judgement.reason == "blanks_as_zero"
        and rule.relation == "=="
        and not right.missing
        and not judgement.difference
    ):
        figures.prove_zeros(left)


def _no_negatives(page: Page, rule: Rule, figures: Figures) -> Iterator[Check]:
    lowest = None
    n_tested = 0
    for (indicator, applicant, measure), fact in sorted(figures.facts.items()):
        if fact.value is None or indicator.endswith(SIGNED) or load_indicators()[indicator].unit in _MONEY:
            continue
        n_tested += 1
        if lowest is None or fact.value < lowest:
            lowest = fact.value
        if fact.value < 0:
            figure = figures.get(indicator, applicant, measure)
            reason = figure.doubt or ("unit_unknown" if figure.value is None else "")
            judgement = Judgement("uncertain" if reason else "fail", reason, fact.value, ZERO)
            suffix = indicator if measure == "annual" else f"{indicator}.{measure}"
            sentence = f"a count cannot be {plain(fact.value)}"
            where = place(figure.cells[0])
            yield made(page, rule, suffix, applicant, (fact.value, ZERO), judgement, sentence, where)
    if lowest is not None and lowest >= 0:
        sentence = f"{n_tested} numbers, the lowest {plain(Decimal(lowest))}"
        yield made(page, rule, "", TOTAL, (lowest, ZERO), Judgement("pass", "", lowest, ZERO), sentence, "all tables")
