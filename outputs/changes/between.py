"""Two reports → what became of every figure, and where the two may not be compared, why.

A difference is only computed where both reports print a number for the same quantity, of the same body, in the same
scope and unit, as precisely as the difference needs. docs/comparing.md describes every status and reason.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from outputs.changes.asked import asks_for
from outputs.changes.meaning import why_another_quantity
from outputs.changes.records import Change, Figure, Side

_RATIO_DIGITS = Decimal("0.000001")
_YEAR = 365
_DAYS_APART = 15
"""Half a month: a period that ends a few days early still counts the year."""


def changes_between(before: Side, after: Side, why_not: str = "", note: str = "") -> Iterator[Change]:
    """Yield a row for every annual figure of either report, in order of indicator and applicant.

    `why_not` is a reason that holds for the two reports as a whole (`scope_changed`): then nothing is compared, and
    both values stand side by side.
    """
    for key in sorted(before.figures.keys() | after.figures.keys()):
        old, new = before.figures.get(key), after.figures.get(key)
        if why_not:
            outcome = ("not_comparable", why_not, note)
        elif old is not None and new is not None:
            outcome = _of_two(key[0], old, new)
        elif new is not None:
            outcome = _of_one(key, new, before, "before")
        else:
            assert old is not None  # the key is from one of the two
            outcome = _of_one(key, old, after, "after")
        yield _row(before, after, key, outcome)


def without_year_before(after: Side, why_not: str, note: str) -> Iterator[Change]:
    """Yield a row for every annual figure of a report whose year before cannot be looked at."""
    nothing = Side(None, {})
    for key in sorted(after.figures):
        yield _row(nothing, after, key, ("not_comparable", why_not, note))


def why_not_reports(before: Any, after: Any) -> tuple[str, str]:
    """Return the reason and a note why two reports as a whole may not be compared; '' and '' when they may.

    Scopes must be equal, even if both are unknown. Where one report states a period of another length than the other's
    (2008 began on 1 May, when the regulation took effect), a count of its year is not a count of twelve months.
    """
    scopes = (before.report_scope, after.report_scope)
    if scopes[0] != scopes[1]:
        return "scope_unknown" if "unknown" in scopes else "scope_changed", f"{scopes[0]}, then {scopes[1]}"
    days = [_days(report) for report in (before, after)]
    if abs(days[0] - days[1]) > _DAYS_APART:
        return "period_changed", f"{_period(before)}, then {_period(after)}"
    return "", ""


def _days(report: Any) -> int:
    """Days that a report counts: those of the period it states, else a year's."""
    if not report.period_start or not report.period_end:
        return _YEAR
    return (date.fromisoformat(report.period_end) - date.fromisoformat(report.period_start)).days + 1


def _period(report: Any) -> str:
    if not report.period_start or not report.period_end:
        return "the year"
    return f"{report.period_start} to {report.period_end}"


def _of_two(indicator: str, old: Figure, new: Figure) -> tuple[str, str, str]:
    if old.value is None or new.value is None:
        return "not_comparable", *_blank(old, new)
    if not old.unit or not new.unit:
        return "not_comparable", "unit_unknown", ""
    if old.unit != new.unit:
        return "not_comparable", "unit_changed", f"{old.unit}, then {new.unit}"
    why, note = why_another_quantity(indicator, old, new)
    if why:
        return "not_comparable", why, note
    if old.approximate or new.approximate:
        return "not_comparable", "approximate", _which(old.approximate, new.approximate, "is a rough number")
    if old.precision or new.precision:
        words = _which(bool(old.precision), bool(new.precision), "is rounded")
        if _may_be_equal((old.value, old.precision), (new.value, new.precision)):
            return "not_comparable", "rounded", words
        note = "; ".join(filter(None, (note, words)))
    return ("changed" if old.value != new.value else "same"), "", note


def _may_be_equal(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> bool:
    """Whether two numbers, each with what its last digit is worth, may stand for one.

    3.97万 may be rounded or cut off: it stands for anything from 39650 up to, but not including, 39800.
    """
    (low, low_digit), (high, high_digit) = sorted((one, other))
    start, end = high - high_digit / 2, low + low_digit
    return start < end if low_digit else start <= end


def _of_one(key: tuple[str, str], figure: Figure, other: Side, when: str) -> tuple[str, str, str]:
    """What became of a figure that only one of two reports has; `when` is the time of the other report."""
    indicator, applicant = key
    forms = (other.report.form_ids or "").split()
    by_form = bool(figure.form_id) and asks_for([figure.form_id], indicator, applicant)
    if figure.value is not None and by_form and forms and not asks_for(forms, indicator, applicant):
        other_form = " ".join(forms)
        return ("new" if when == "before" else "removed"), "form_changed", f"{other_form} does not ask for it"
    return "not_comparable", f"not_printed_{when}", ""


def _blank(old: Figure, new: Figure) -> tuple[str, str]:
    shown = [f"{when}: {figure.state}" for when, figure in (("before", old), ("after", new)) if figure.value is None]
    if len(shown) == 2:
        return "blank_both", "; ".join(shown)
    return ("blank_before" if old.value is None else "blank_after"), shown[0]


def _which(old: bool, new: bool, what: str) -> str:
    if old and new:
        return f"either value {what}"
    return f"the {'earlier' if old else 'later'} value {what}"


def _row(before: Side, after: Side, key: tuple[str, str], outcome: tuple[str, str, str]) -> Change:
    status, reason, note = outcome
    old, new = before.figures.get(key), after.figures.get(key)
    value_before = old.value if old else None
    value_after = new.value if new else None
    difference = ratio = None
    if status in ("same", "changed"):
        assert value_before is not None  # else they would not have been compared
        assert value_after is not None
        difference = value_after - value_before
        ratio = (value_after / value_before).quantize(_RATIO_DIGITS) if value_before else None
    report = after.report
    return Change(
        agency_id=report.agency_id,
        report_scope=report.report_scope,
        year=report.report_year,
        indicator=key[0],
        applicant=key[1],
        year_before=before.report.report_year if before.report else report.report_year - 1,
        value_before=value_before,
        value_after=value_after,
        difference=difference,
        ratio=ratio,
        unit=_unit(old, new),
        status=status,
        reason=reason,
        note=note,
        source_before=old.source if old else "",
        source_after=new.source if new else "",
        form_before=old.form_id if old else "",
        form_after=new.form_id if new else "",
        scope_before=before.report.report_scope if before.report else "",
        capture_id_before=before.report.capture_id if before.report else "",
        capture_id_after=report.capture_id,
        place_before=old.place if old else "",
        place_after=new.place if new else "",
    )


def _unit(old: Figure | None, new: Figure | None) -> str:
    """Unit of both values; '' where they differ or one is not known."""
    units = {figure.unit for figure in (old, new) if figure is not None and figure.value is not None}
    return units.pop() if len(units) == 1 else ""
