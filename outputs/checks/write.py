"""The table `checks` of a dataset, made agency by agency, and how many checks each report fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from outputs.arrow import final_schema
from outputs.checks.figures import Figures
from outputs.checks.page import Page
from outputs.checks.report import checked
from outputs.checks.verdicts import Check
from outputs.checks.years import check_years, earlier_reports
from outputs.collect import Portions, write_portions
from outputs.database import database
from outputs.files import write_files
from outputs.history import Agency
from outputs.step import Step

_TABLES = ("cells", "claims", "facts", "findings")
_BATCH_ROWS = 8_192


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    with Portions(scratch, "checks", stretch) as rows:

        def read(agency: Agency) -> None:
            by_report: dict[str, list[Check]] = {}
            for check in _checks(agency):
                rows.add(check)
                by_report.setdefault(check.capture_id, []).append(check)
            for checks in by_report.values():
                checks.sort(key=lambda check: (check.check_id, check.applicant))
            agency.give("checks", by_report)

        yield read


def _write(folder: Path, scratch: Path) -> None:
    write_portions("checks", folder, scratch)
    _count_failed(folder, scratch)


CHECKS = Step("checks", tables=_TABLES, gives="checks", read=_read, write=(_write,))
"""Write `checks`; `reports.n_checks_failed` gets the number that fails."""


def page_of_rows(agency: Agency, report: Any) -> Page:
    """Return what the checks read of a report of a dataset."""
    return Page(
        report.capture_id,
        report.agency_id or "",
        report.agency or report.agency_as_printed or "",
        report.report_year,
        report.report_scope,
        *(agency.rows(table, report.capture_id) for table in _TABLES),
    )


def _checks(agency: Agency) -> Iterator[Check]:
    figures: dict[str, Figures] = {}
    for report in agency.reports:
        checks, figures[report.capture_id] = checked(page_of_rows(agency, report))
        yield from checks
    for capture_id, (span, before) in earlier_reports(agency.reports).items():
        later = figures[capture_id]
        yield from check_years(span, later.page, later, figures[before.capture_id])


def _count_failed(folder: Path, scratch: Path) -> None:
    """Write `reports` anew with the number of checks that fail."""
    rewritten = scratch / "reports-with-checks"
    rewritten.mkdir()
    write_files(rewritten, "reports", _counted(folder, scratch))
    for name in ("reports.csv", "reports.parquet"):
        (rewritten / name).replace(folder / name)


def _counted(folder: Path, scratch: Path) -> Iterator[pa.Table]:
    query = (
        "WITH failed AS (SELECT capture_id, count(*) AS n FROM read_parquet(?) WHERE verdict = 'fail' GROUP BY ALL) "
        "SELECT r.* REPLACE (coalesce(f.n, 0) AS n_checks_failed) FROM read_parquet(?) r "
        "LEFT JOIN failed f USING (capture_id) ORDER BY capture_id"
    )
    paths = [str(folder / "checks.parquet"), str(folder / "reports.parquet")]
    with database(scratch / "spill-reports") as base:
        for batch in base.sql(query, params=paths).to_arrow_reader(_BATCH_ROWS):
            rows = pa.Table.from_batches([batch])
            yield rows.select(final_schema("reports").names).cast(final_schema("reports"))
