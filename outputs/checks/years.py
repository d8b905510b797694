"""What must hold between two reports of one agency: what is carried over, stocks and flows, sums over all years."""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from corpus.identities import Rule, load_identities
from outputs.checks.figures import TOTAL, Figures, Side
from outputs.checks.growth import check_growth
from outputs.checks.page import Page
from outputs.checks.tables import all_absent, subjects
from outputs.checks.verdicts import Check, judge, row

YEARS = "years"
"""A report and that of the year before."""

EARLIER = "earlier"
"""A report and the last one before a gap of years."""


def check_years(span: str, page: Page, figures: Figures, before: Figures) -> Iterator[Check]:
    """Test what must hold between a report and an earlier one of the same agency and scope."""
    for rule in _rules(span):
        if rule.forms and not (rule.forms & figures.forms and rule.forms & before.forms):
            continue
        total_holds = False
        for indicator, applicant in subjects(rule, figures):
            left = figures.sum(rule.left, applicant, rule.forms, any_indicator=indicator, before=before)
            right = figures.sum(rule.rights[0], applicant, rule.forms, any_indicator=indicator, before=before)
            if all_absent(left, right) or not _has(left, right, of_before=True):
                continue
            doubt = _doubt_between(page, left, right)
            if applicant != TOTAL and total_holds:
                doubt = doubt or "applicants_resorted"
            judgement = judge(rule, left, right, doubt)
            total_holds = total_holds or (applicant == TOTAL and judgement.verdict == "pass")
            yield row(page, rule, indicator, applicant, left, right, judgement, before.page.capture_id)
    if span == YEARS:
        yield from check_growth(page, figures, before)


def earlier_reports(reports: Iterable[Any]) -> dict[str, tuple[str, Any]]:
    """Return for each current report the current one before it, with the same scope, and the span between them.

    Reports without a year stand outside: nobody knows what is before them.
    """
    current = {(r.report_scope, r.report_year): r for r in reports if r.is_current and r.report_year and r.agency_id}
    found: dict[str, tuple[str, Any]] = {}
    last: dict[str, Any] = {}
    for scope, year in sorted(current):
        report = current[scope, year]
        if scope in last:
            span = YEARS if last[scope].report_year == year - 1 else EARLIER
            found[report.capture_id] = (span, last[scope])
        last[scope] = report
    return found


@cache
def _rules(span: str) -> tuple[Rule, ...]:
    kinds = {"once", "applicant", "cumulative_row"}
    return tuple(rule for rule in load_identities() if rule.span == span and rule.each in kinds)


def _has(left: Side, right: Side, *, of_before: bool) -> bool:
    """Tell whether a cell of the earlier report takes part."""
    return any(
        term.before is of_before and figure.state != "absent"
        for side in (left, right)
        for term, figure in zip(side.terms, side.figures, strict=True)
    )


def _doubt_between(page: Page, left: Side, right: Side) -> str:
    """Return what else may explain that two reports do not meet; '' where nothing is known that could."""
    if page.report_scope == "unknown":
        return "scope_unknown"
    cells = [cell for side in (left, right) for figure in side.figures for cell in figure.cells]
    cumulative = any(term.cumulative for side in (left, right) for term in side.terms)
    return "form_changed" if cumulative and len({cell.form_id for cell in cells}) > 1 else ""
