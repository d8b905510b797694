"""Two years of one agency: what changed, what may not be compared, what does not add up, the text."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from markupsafe import Markup

from outputs.compare.choose import reports_of
from outputs.compare.records import YearsDiff
from outputs.compare.source import IndexSource
from outputs.compare.years import years_between
from outputs.errors import CompareError
from outputs.explorer import paths
from outputs.explorer.records import Answer, Asked, Desk, Kind, NotHereError
from outputs.explorer.rendering import page
from outputs.explorer.shown.checkrows import shown_checks
from outputs.explorer.shown.compared import OF_WHOLE_REPORTS, STATUSES, groups_of, is_judged
from outputs.explorer.shown.numbers import load_labels
from outputs.explorer.shown.pairs import any_two_years, consecutive_years, repeated_captures
from outputs.explorer.wording import both, pair

_UNTOUCHED = ("same", "no_text")


def answer(desk: Desk, asked: Asked) -> Answer:
    """Return the page of two years; raises NotHereError where it is not plain which reports are meant."""
    agency_id, scope = asked.parts["agency_id"], asked.parts["scope"]
    years = int(asked.parts["before"]), int(asked.parts["after"])
    source = IndexSource(desk.base)
    if not reports_of(source, agency_id):
        raise NotHereError(both("agency.none", id=agency_id), both("agency.none_do"))
    try:
        diff = years_between(source, agency_id, years, "" if scope == paths.ANY_SCOPE else scope)
    except CompareError as why:
        raise NotHereError(
            both("years.none", id=agency_id, before=years[0], after=years[1]), both("years.none_do")
        ) from why
    failing = _failing(desk, diff)
    groups = groups_of(desk, diff, failing)
    pairs = consecutive_years(desk, agency_id)
    others = [] if desk.addresses.is_site else any_two_years(desk, agency_id)
    return page(
        desk,
        "years.html.jinja",
        diff=diff,
        current=asked.path,
        groups=[
            (status, [group for group in groups if group.status == status])
            for status in STATUSES
            if any(group.status == status for group in groups)
        ],
        counts={status: sum(group.size for group in groups if group.status == status) for status in STATUSES},
        n_unusual=sum(figure.stands_out for figure in diff.figures if figure.row.status == "changed"),
        judged=is_judged(diff.figures),
        warnings=list(_warnings(diff)),
        cautions=_cautions(desk, diff),
        failing=failing,
        touched=[section for section in diff.sections if section.status not in _UNTOUCHED],
        pairs=pairs,
        others=[(year, list(found)) for year, found in groupby(others, key=lambda other: other.before)],
        has_scopes=len({other.scope for other in (*pairs, *others)}) > 1,
        captures=[
            each
            for each in repeated_captures(desk, agency_id)
            if each.report_year in years and each.report_scope in (diff.before.report_scope, diff.after.report_scope)
        ],
    )


def _warnings(diff: YearsDiff) -> Iterator[Markup]:
    """What must be known before any figure is read; as outputs.compare.years warns."""
    before, after = diff.before, diff.after
    first, second = before.report_year or 0, after.report_year or 0
    if first >= second:
        yield both("years.warn.order", before=first, after=second)
    elif second - first > 1:
        yield both("years.warn.apart", before=first, after=second, n=second - first)
    if diff.figures and diff.figures[0].row.reason in OF_WHOLE_REPORTS:
        row = diff.figures[0].row
        note: Markup | str = row.note
        if before.report_scope != after.report_scope:
            note = Markup(" → ").join(both(f"scope.{report.report_scope}") for report in (before, after))
        yield Markup("{}<strong>{}</strong> ({})").format(
            both("years.warn.none"), both(f"change.reason.{row.reason}"), note
        )


def _failing(desk: Desk, diff: YearsDiff) -> list[Any]:
    query = "SELECT * FROM checks WHERE capture_id = ? AND verdict = 'fail' ORDER BY check_id, applicant"
    rows = [row for report in (diff.before, diff.after) for row in desk.rows(query, report.capture_id)]
    return shown_checks(desk, rows)


def _cautions(desk: Desk, diff: YearsDiff) -> Sequence[tuple[Markup, str]]:
    """What the dictionary says of comparing the indicators that changed, where the forms differ."""
    labels = load_labels(desk)
    said = {figure.row.indicator: figure.caution for figure in diff.figures if figure.caution}
    return [(pair(*labels[indicator]), caution) for indicator, caution in sorted(said.items())]


def _paths(desk: Desk) -> Iterable[str]:
    return (pair.path for pair in consecutive_years(desk))


KIND = Kind(
    "years",
    r"compare/(?P<agency_id>[^/]+)/(?P<before>[0-9]{4})-(?P<after>[0-9]{4})-(?P<scope>[a-z]+)",
    answer,
    _paths,
)
