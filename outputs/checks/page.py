"""What the checks read of a report, whether it comes from a dataset or straight from the parser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from parsers.records import Report


@dataclass(frozen=True, slots=True)
class Page:
    """One report: who, when, whose figures, and its rows.

    Rows have the names of the dataset's columns. Text that is missing may be '' or None: rows of a dataset have None.
    """

    capture_id: str
    agency_id: str
    agency: str
    report_year: int | None
    report_scope: str
    cells: Sequence[Any]
    claims: Sequence[Any]
    facts: Sequence[Any]
    findings: Sequence[Any]


def page_of_report(report: Report) -> Page:
    """Return what the checks read of a report that was just parsed."""
    identity = report.identity
    return Page(
        report.capture_id,
        identity.agency_id,
        identity.agency or identity.agency_as_printed,
        identity.report_year,
        identity.report_scope,
        report.cells,
        report.claims,
        report.facts,
        report.findings,
    )
