"""The checks of a dataset as a list for people: what does not add up, worst first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from outputs.named import check_agency

COLUMNS = (
    "agency",
    "report_year",
    "report_scope",
    "check_id",
    "applicant",
    "verdict",
    "reason",
    "strictness",
    "left",
    "right",
    "difference",
    "explanation",
    "sentence",
    "evidence",
    "capture_id",
    "other_capture_id",
    "source_uri",
)
"""Columns of a list, in order; `sentence` is the printed sentence that a claim on the left side stands in."""

NUMERIC = tuple(name in {"report_year", "left", "right", "difference"} for name in COLUMNS)

_BATCH_ROWS = 4_096


@dataclass(frozen=True, slots=True)
class Counts:
    """What a selection of reports holds: reports, how many of them fail a check, and checks by verdict."""

    reports: int
    failing_reports: int
    failed: int
    failed_strictly: int
    uncertain: int
    not_assessable: int
    passed: int


@contextmanager
def listing(
    folder: Path, agency: str, year: int | None, verdicts: Sequence[str]
) -> Iterator[tuple[Counts, Iterator[tuple[Any, ...]]]]:
    """Yield the counts of a selection, and its checks with these verdicts as rows of COLUMNS, worst first.

    The selection is all current captures, or those of the agencies whose name or printed name holds `agency`, or whose
    id it is, and of one year. Strict identities come before typical ones, then the larger difference, relative to the
    numbers, before the smaller. Raises DatasetError (`no_agency`) naming those that are spelt alike.
    """
    with duckdb.connect() as base:
        _select(base, folder, agency, year)
        yield _counts(base, folder), _rows(base, folder, verdicts)


def _select(base: duckdb.DuckDBPyConnection, folder: Path, agency: str, year: int | None) -> None:
    path = str(folder / "reports.parquet")
    base.execute(
        "CREATE TABLE chosen AS SELECT capture_id, coalesce(agency, agency_as_printed) AS agency, report_year, "
        "report_scope, source_uri FROM read_parquet($path) WHERE is_current AND ($year IS NULL OR report_year = $year) "
        "AND ($agency = '' OR agency_id = $agency OR contains(coalesce(agency, ''), $agency) "
        "OR contains(coalesce(agency_as_printed, ''), $agency))",
        {"path": path, "year": year, "agency": agency},
    )
    if agency and not _one(base, "SELECT count(*) FROM chosen"):
        check_agency(folder, agency)


def _counts(base: duckdb.DuckDBPyConnection, folder: Path) -> Counts:
    row = base.execute(
        "SELECT (SELECT count(*) FROM chosen), count(DISTINCT capture_id) FILTER (verdict = 'fail'), "
        "count(*) FILTER (verdict = 'fail'), count(*) FILTER (verdict = 'fail' AND strictness <> 'typical'), "
        "count(*) FILTER (verdict = 'uncertain'), count(*) FILTER (verdict = 'not_assessable'), "
        "count(*) FILTER (verdict = 'pass') FROM read_parquet(?) JOIN chosen USING (capture_id)",
        [str(folder / "checks.parquet")],
    ).fetchone()
    assert row is not None
    return Counts(*row)


def _rows(base: duckdb.DuckDBPyConnection, folder: Path, verdicts: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Rows in order of what a reader wants to see first; claims are joined by the place that the evidence names."""
    query = """
        WITH listed AS (
            SELECT c.*, r.agency, r.report_scope, r.source_uri,
                regexp_extract(c.evidence, 'left: block ([0-9]+) chars ([0-9]+)', ['block', 'start']) AS place
            FROM read_parquet($checks) c JOIN chosen r USING (capture_id) WHERE list_contains($verdicts, c.verdict)
        )
        SELECT agency, c.report_year, report_scope, check_id, applicant, verdict, reason, strictness, "left", "right",
            difference, explanation, l.sentence, evidence, c.capture_id, other_capture_id, source_uri
        FROM listed c LEFT JOIN read_parquet($claims) l ON l.capture_id = c.capture_id
            AND l.block_no = try_cast(c.place.block AS INTEGER) AND l.char_start = try_cast(c.place.start AS INTEGER)
        ORDER BY list_position(['fail', 'uncertain', 'not_assessable', 'pass'], verdict), strictness = 'typical',
            round(abs(difference) / greatest(abs("left"), abs("right"), 1), 6) DESC NULLS LAST,
            agency, c.report_year, c.capture_id, check_id, applicant
    """
    paths = {name: str(folder / f"{name}.parquet") for name in ("checks", "claims")}
    result = base.execute(query, {**paths, "verdicts": list(verdicts)})
    while batch := result.fetchmany(_BATCH_ROWS):
        yield from batch


def _one(base: duckdb.DuckDBPyConnection, query: str) -> Any:
    row = base.execute(query).fetchone()
    return row[0] if row else None
