"""Two years of one agency: figures, what does not add up, and the text."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus.indicators import load_indicators
from outputs.changes.between import changes_between, why_not_reports
from outputs.changes.records import Change, side_of
from outputs.changes.unusual import MIN_OWN, MIN_PEERS, is_unusual, log_ratio
from outputs.compare.choose import find_agency, pair_of_years, reference, reports_of, rows_of
from outputs.compare.records import FailedCheck, FigureChange, SectionChange, YearsDiff
from outputs.compare.sections import section_changes
from outputs.compare.source import Source, parquet_source
from outputs.schema.changes import REASONS

_STATUSES = ("changed", "new", "removed", "same", "not_comparable")


def compare_years(folder: Path, agency: str, years: tuple[int, int], scope: str = "") -> YearsDiff:
    """Compare the current reports of two years of an agency; `agency` is its id, its name, or a part of it.

    Raises DatasetError when the folder holds no dataset, CompareError when it is not plain which reports are meant.
    """
    with parquet_source(folder) as source:
        return years_between(source, find_agency(source, agency), years, scope)


def years_between(source: Source, agency_id: str, years: tuple[int, int], scope: str = "") -> YearsDiff:
    """Compare as `compare_years` does, an agency that is known by its id and has a report."""
    before, after = pair_of_years(reports_of(source, agency_id), years, scope)
    why_not, note = why_not_reports(before, after)
    return YearsDiff(
        before=reference(before),
        after=reference(after),
        warnings=tuple(_warnings(before, after, why_not, note)),
        figures=tuple(_figures(source, before, after, why_not, note)),
        failing=tuple(_failing(source, [before.capture_id, after.capture_id])),
        sections=tuple(_sections(source, before, after)),
    )


def _warnings(before: Any, after: Any, why_not: str, note: str) -> Iterator[str]:
    years = (before.report_year, after.report_year)
    if years[0] >= years[1]:
        yield f"The years are given as {years[0]} and {years[1]}: the second is not the later one."
    elif years[1] - years[0] > 1:
        yield (
            f"{years[0]} and {years[1]} are not consecutive: a change over {years[1] - years[0]} years is not held "
            "against yearly ones, so nothing is said of what is unusual."
        )
    if why_not:
        yield f"No figure is compared, {REASONS[why_not]}: {note}. The values stand side by side."
    for report in (before, after):
        if report.n_findings:
            yield f"{report.report_year}: the table findings has {report.n_findings} to read before citing this report."


def _figures(source: Source, before: Any, after: Any, why_not: str, note: str) -> list[FigureChange]:
    ids = (before.capture_id, after.capture_id)
    rows = [rows_of(source, table, ids) for table in ("facts", "claims", "cells")]
    old, new = (side_of(report, *(found[report.capture_id] for found in rows)) for report in (before, after))
    judged = _judged(source, before, after)
    forms_differ = before.form_ids != after.form_ids
    figures = [
        _figure(change, judged.get((change.indicator, change.applicant)), with_caution=forms_differ)
        for change in changes_between(old, new, why_not, note)
    ]
    return sorted(figures, key=_order)


def _judged(source: Source, before: Any, after: Any) -> dict[tuple[str, str], Any]:
    """What the table `changes` says of how unusual each figure is; it speaks of consecutive years alone."""
    where = "agency_id = ? AND capture_id_before = ? AND capture_id_after = ?"
    rows = source.rows("changes", where, [after.agency_id, before.capture_id, after.capture_id])
    return {
        (row.indicator, row.applicant): (row.unusual_own, row.n_own, row.unusual_peers, row.n_peers, row.unusual)
        for row in rows
    }


def _figure(change: Change, judged: Any, *, with_caution: bool) -> FigureChange:
    own, n_own, peers, n_peers, words = judged or (None, None, None, None, None)
    entry = load_indicators()[change.indicator]
    return FigureChange(
        row=change,
        label=entry.label_zh,
        unusual_own=own,
        n_own=n_own,
        unusual_peers=peers,
        n_peers=n_peers,
        unusual=words or "",
        stands_out=is_unusual(own, n_own or 0, MIN_OWN) or is_unusual(peers, n_peers or 0, MIN_PEERS),
        caution=entry.comparability_note if with_caution and change.status == "changed" else "",
    )


def _order(figure: FigureChange) -> tuple[Any, ...]:
    """The most notable first: what changed, what stands out, totals before their parts, large moves before small."""
    row = figure.row
    return (
        _STATUSES.index(row.status),
        row.reason,
        not figure.stands_out,
        row.applicant != "total",
        -_size(row),
        row.indicator,
        row.applicant,
    )


def _size(row: Change) -> float:
    """How far apart two values stand, as a log ratio; where it has none (a fall to zero of money), as far as can be.

    It only orders the rows: values that may not be compared are shown by it too.
    """
    if row.value_before is None or row.value_after is None or not row.unit:
        return 0.0
    moved = log_ratio(row.value_before, row.value_after, row.unit)
    return abs(moved) if moved is not None else math.inf if row.value_before != row.value_after else 0.0


def _failing(source: Source, ids: list[str]) -> Iterator[FailedCheck]:
    rows = rows_of(source, "checks", ids)
    for capture_id in ids:
        for row in rows[capture_id]:
            if row.verdict == "fail":
                yield FailedCheck(
                    row.capture_id,
                    row.report_year,
                    row.check_id,
                    row.applicant,
                    row.expression,
                    row.difference,
                    row.explanation or "",
                    row.evidence or "",
                )


def _sections(source: Source, before: Any, after: Any) -> list[SectionChange]:
    rows = rows_of(source, "sections", (before.capture_id, after.capture_id))
    return section_changes(before, after, rows[before.capture_id], rows[after.capture_id])
