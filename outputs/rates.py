"""Facts of the current captures → rates, each with what was divided by what, and where both stand.

A rate is computed only where every part of it is a number of a table (or the sum of such numbers), on a form that
counts exactly this quantity, in one capture. Else its row says which part is missing, and there is no value.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from corpus.concordance import load_concordance
from corpus.forms import load_forms
from corpus.rates import Rate, Term, load_rates, written
from outputs.arrow import plain
from outputs.collect import Portions, write_portions
from outputs.history import Agency
from outputs.step import Step

SMALL_BASE = 10
"""Below so many cases one case more or less moves a rate by ten points and more."""

_STEP = Decimal("0.01")
_NAME = re.compile(r"\w+")
_STATES = {"blank": "blank", "slash": "a slash", "dash": "a dash"}
_NOT_PASSED = {"fail": "check_fails", "uncertain": "check_uncertain"}


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    with Portions(scratch, "rates", stretch) as rates:

        def read(agency: Agency) -> None:
            for report in agency.current:
                if agency.agency_id and report.report_year is not None:
                    for row in _rates(agency, report):
                        rates.add(row)

        yield read


RATES = Step("rates", tables=("facts", "checks"), read=_read, write=(partial(write_portions, "rates"),))
"""Write `rates`, from the facts and checks of each report."""


class _Part(NamedTuple):
    """An indicator of a rate: its value (None where there is none), why not, and what is said of it."""

    value: Decimal | None
    status: str
    words: str


def _rates(agency: Agency, report: Any) -> list[tuple[Any, ...]]:
    facts = {
        fact.indicator: fact
        for fact in agency.rows("facts", report.capture_id)
        if fact.applicant == "total" and fact.measure == "annual"
    }
    checks = [
        check
        for check in agency.rows("checks", report.capture_id)
        if check.verdict in _NOT_PASSED and check.applicant == "total"
    ]
    forms = set((report.form_ids or "").split())
    return [_row(report, rate, facts, checks) for rate in load_rates() if forms & set(rate.forms)]


def _row(report: Any, rate: Rate, facts: dict[str, Any], checks: list[Any]) -> tuple[Any, ...]:
    above = [_part(rate, facts.get(term.indicator), term) for term in rate.numerator]
    below = [_part(rate, facts.get(term.indicator), term) for term in rate.denominator]
    numerator, denominator = _sum(rate.numerator, above), _sum(rate.denominator, below)
    lacking = [part for part in (*above, *below) if part.status != "ok"]
    status = lacking[0].status if lacking else "ok"
    reason = "; ".join(part.words for part in lacking)
    if denominator is not None and denominator <= 0 and status == "ok":
        status, reason = (
            "denominator_zero",
            f"there was nothing to divide by: {written(rate.denominator)} = {denominator:f}",
        )
    value = None
    if status == "ok" and numerator is not None and denominator is not None:
        value = (100 * numerator / denominator).quantize(_STEP, ROUND_HALF_UP)
    touched = _touched(rate, facts, checks)
    return (
        report.agency_id,
        report.report_year,
        report.report_scope,
        rate.rate,
        rate.label_zh,
        numerator,
        denominator,
        value,
        status,
        reason,
        _notes(value, numerator, denominator, touched),
        " ".join(check.check_id for check in touched),
        written(rate.numerator),
        written(rate.denominator),
        "; ".join(part.words for part in above if part.value is not None),
        "; ".join(part.words for part in below if part.value is not None),
        rate.definition,
        rate.caution,
        report.capture_id,
    )


def _part(rate: Rate, fact: Any | None, term: Term) -> _Part:
    name = term.indicator
    if fact is None or fact.form_id not in rate.forms:
        return _Part(
            None, "not_printed", f"{name} is not printed in a table, nor are all parts that it could be summed from"
        )
    if fact.source == "prose":
        return _Part(None, "not_printed", f"{name} is told in the text only, which may count otherwise than the tables")
    place = _place(fact)
    if fact.value is None:
        return _Part(None, "no_number", f"{name} is {_STATES.get(fact.state, 'no number')} ({place})")
    said = f"{name} {plain(fact.value)} ({place})"
    if fact.concordance != "exact":
        return _Part(None, "not_exact", f"{said} counts something {fact.concordance} on this form")
    if not fact.unit:
        return _Part(None, "unit_unknown", f"{said} lost its unit")
    return _Part(fact.value, "ok", said)


def _place(fact: Any) -> str:
    if fact.source == "derived" or fact.table_no is None:
        return str(fact.derivation)
    return f"table {fact.table_no}, row {fact.row}, column {fact.col}"


def _sum(terms: tuple[Term, ...], parts: list[_Part]) -> Decimal | None:
    total = Decimal(0)
    for term, part in zip(terms, parts, strict=True):
        if part.value is None:
            return None
        total += term.sign * part.value
    return total


def _touched(rate: Rate, facts: dict[str, Any], checks: list[Any]) -> list[Any]:
    """The checks that do not pass and that the rate's indicators take part in, or the parts that they are sums of."""
    used = {term.indicator for term in (*rate.numerator, *rate.denominator)}
    for indicator in sorted(used):
        fact = facts.get(indicator)
        if fact is not None and fact.source == "derived":
            used |= _summed(indicator, fact.form_id)
    return [check for check in checks if used & set(_NAME.findall(check.expression))]


@cache
def _summed(indicator: str, form_id: str) -> frozenset[str]:
    """Indicators that a form's sum for this one is made of."""
    entry = load_concordance().get((indicator, form_id))
    meanings = load_forms().meanings
    parts = (meanings.get((form_id, row, col)) for row, col in entry.cells) if entry and entry.kind == "sum_of" else ()
    return frozenset(part.indicator for part in parts if part is not None)


def _notes(value: Decimal | None, numerator: Decimal | None, denominator: Decimal | None, touched: list[Any]) -> str:
    verdicts = {check.verdict for check in touched}
    notes = [note for verdict, note in _NOT_PASSED.items() if verdict in verdicts]
    if value is not None and numerator is not None and denominator is not None:
        notes = [
            *(["small_base"] if denominator < SMALL_BASE else []),
            *(["above_whole"] if numerator > denominator else []),
            *notes,
        ]
    return " ".join(notes)
