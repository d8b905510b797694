"""Whether a report was published in time, and what settles it: nothing is late unless its page states the day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Protocol

from corpus.deadlines import Deadline, deadline_of
from corpus.tables import read_table

# Captures bear UTC, deadlines are days of Beijing.
_BEIJING = timedelta(hours=8)


class Dated(Protocol):
    """What may tell a day: a report, an item of a list, a capture."""

    @property
    def kind(self) -> str:
        """`report`, `page` or `listed`."""

    @property
    def published_date(self) -> str | None:
        """Day of publication, ISO 8601."""

    @property
    def weak_date(self) -> bool:
        """Whether a finding makes that day doubtful."""

    @property
    def form_ids(self) -> str | None:
        """Statutory forms of the report's tables, separated by spaces."""

    @property
    def captured_at(self) -> str | None:
        """Moment of the capture, ISO 8601 in UTC, or a bare day."""

    @property
    def outcome(self) -> str | None:
        """What became of the page."""


def punctuality(agency_id: str, year: int, stated: Sequence[Dated], captures: Sequence[Dated]) -> dict[str, Any]:
    """The columns of agency_years about publication: `published_date` to `late_reason`.

    `stated` may tell a day of publication, of which the earliest counts; a capture made by the deadline proves that a
    report was there by then, whatever the page says.
    """
    deadline = deadline_of(agency_id, year)
    days = sorted((row.weak_date, day) for row in stated if (day := _day(row.published_date)))
    again = any(_is_later_form(form, year) for row in stated for form in (row.form_ids or "").split())
    weak, published = days[0] if days else (False, None)
    # a signature before the stated day may well be the true one: then the page was put up again
    earlier = published is not None and any(day < published for _, day in days)
    late, reason = _judged(deadline, published, weak=weak, earlier=earlier, again=again, seen=_first_seen(captures))
    days_late = (published - deadline.last).days if late == "late" and published and deadline.last else None
    return {
        "published_date": published.isoformat() if published else "",
        "deadline": deadline.last.isoformat() if deadline.last else "",
        "legal_basis": deadline.basis,
        "late": late,
        "days_late": days_late,
        "late_reason": reason,
    }


def _judged(
    deadline: Deadline, published: date | None, *, weak: bool, earlier: bool, again: bool, seen: date | None
) -> tuple[str, str]:
    """The verdict and a code for what settles it, or leaves it open."""
    first, last = deadline.first, deadline.last
    if first is None or last is None:
        return "unknown", deadline.reason
    if seen is not None and seen <= first:
        return "on_time", "captured_by_then"
    if published is None:
        return "unknown", "no_date"
    if weak:
        return "unknown", "weak_date"
    if published <= first:
        return "on_time", "stated"
    if published <= last:
        return "unknown", "between_two_deadlines"
    if earlier:
        return "unknown", "dates_disagree"
    # a site that is built anew dates its old pages anew, and a form of a later year was filled in later
    if again or published.year > last.year:
        return "unknown", "perhaps_republished"
    return "late", "stated"


def _is_later_form(form_id: str, year: int) -> bool:
    return _form_years().get(form_id, year) > year


@cache
def _form_years() -> dict[str, int]:
    """Form → the first year that it was made for."""
    return {row["form_id"]: int(row["first_year"]) for row in read_table("form_list.csv")}


def _first_seen(captures: Sequence[Dated]) -> date | None:
    """The day of the first capture that shows a report."""
    days = [_day(row.captured_at) for row in captures if row.outcome in ("ok", "duplicate")]
    return min((day for day in days if day), default=None)


def _day(moment: str | None) -> date | None:
    """The day in Beijing; of a bare day, that day; None for what is neither."""
    try:
        if not moment or len(moment) <= len("2021-01-31"):
            return date.fromisoformat(moment or "")
        return (datetime.fromisoformat(moment) + _BEIJING).date()
    except ValueError:
        return None
