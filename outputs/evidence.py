"""All that speaks of an agency and a year, as one sorted stream: reports, pages that gave none, items of list pages."""

from typing import NamedTuple

# Findings after which a day of publication proves nothing: it is a signature's or an edit's, it is disputed, or the
# year itself was taken from it.
_WEAK_DATES = (
    "published_from_signature",
    "published_from_date_line",
    "published_conflict",
    "year_from_publication",
    "year_conflict",
)
# A page with one of these outcomes and a body and a year of its own is a report that could not be read. On others
# (a notice, a guide) body and year are those of whatever the page is about: only a manifest makes them evidence. What
# a list names stands in listed_reports.
_UNREAD = ("ok", "duplicate", "attachment_only", "image_only", "script_shell")
_LIST = "list_page"


class Evidence(NamedTuple):
    """One report, page or item of a list that names an agency and a year; columns as in the tables it comes from.

    `kind` is report, page or listed. `speaks` tells whether a page is evidence of a report; `weak_date` whether a
    finding makes the day of publication doubtful; `ambiguous` whether the body's name may mean several.
    """

    agency_id: str
    report_year: int
    kind: str
    source_uri: str
    captured_at: str | None
    agency: str | None
    agency_level: str | None
    region_code: str | None
    speaks: bool
    capture_id: str | None
    is_current: bool
    report_scope: str
    form_ids: str | None
    n_cells: int
    n_cells_mapped: int
    n_facts: int
    n_checks: int
    n_checks_failed: int
    n_strict_failed: int
    n_strict_passed: int
    n_balance_open: int
    published_date: str | None
    weak_date: bool
    ambiguous: bool
    outcome: str | None
    detail: str | None
    next_step: str | None
    manifest: str | None
    part_of: str | None
    title: str | None
    url: str | None
    href: str | None


FIELDS = Evidence._fields


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def _select(source: str, **given: str) -> str:
    """A SELECT with every field of the evidence: those given, and null for the others."""
    assert set(given) <= set(FIELDS)
    columns = ", ".join(f"{given.get(name) or _EMPTY.get(name, 'NULL')} AS {name}" for name in FIELDS)
    return f"SELECT {columns} {source}"


_COUNTS = ("n_cells", "n_cells_mapped", "n_facts", "n_checks", "n_checks_failed")
_CHECK_COUNTS = ("n_strict_failed", "n_strict_passed", "n_balance_open")
_EMPTY = {
    **dict.fromkeys((*_COUNTS, *_CHECK_COUNTS), "0"),
    **dict.fromkeys(("speaks", "is_current", "weak_date", "ambiguous"), "false"),
    "report_scope": "'unknown'",
}
_WITHIN = "other_capture_id IS NULL AND strictness = 'strict'"

_CHECKED = f"""checked AS (SELECT capture_id,
    count(*) FILTER (verdict <> 'not_assessable') AS n_checks,
    count(*) FILTER (verdict = 'fail') AS n_checks_failed,
    count(*) FILTER (verdict = 'fail' AND {_WITHIN}) AS n_strict_failed,
    count(*) FILTER (verdict = 'pass' AND {_WITHIN}) AS n_strict_passed,
    count(*) FILTER (verdict <> 'pass' AND identity_id = 'C_BALANCE' AND applicant = 'total') AS n_balance_open
    FROM read_parquet($checks) GROUP BY capture_id)"""
_FACTED = "facted AS (SELECT capture_id, count(*) AS n_facts FROM read_parquet($facts) GROUP BY capture_id)"
_FOUND = f"""found AS (SELECT capture_id, bool_or(code IN ({_quoted(_WEAK_DATES)})) AS weak_date,
    bool_or(code = 'agency_ambiguous') AS ambiguous FROM read_parquet($findings) GROUP BY capture_id)"""

_REPORTS = _select(
    "FROM read_parquet($reports) r LEFT JOIN checked c USING (capture_id) LEFT JOIN facted f USING (capture_id) "
    "LEFT JOIN found d USING (capture_id)",
    agency_id="r.agency_id",
    report_year="r.report_year",
    kind="'report'",
    source_uri="r.source_uri",
    captured_at="r.captured_at",
    agency="r.agency",
    agency_level="r.agency_level",
    region_code="r.region_code",
    speaks="true",
    capture_id="capture_id",
    is_current="r.is_current",
    report_scope="r.report_scope",
    form_ids="r.form_ids",
    n_cells="r.n_cells",
    n_cells_mapped="r.n_cells_mapped",
    n_facts="coalesce(f.n_facts, 0)",
    **{name: f"coalesce(c.{name}, 0)" for name in ("n_checks", "n_checks_failed", *_CHECK_COUNTS)},
    published_date="r.published_date",
    weak_date="coalesce(d.weak_date, false)",
    ambiguous="coalesce(d.ambiguous, false)",
)
_PAGES = _select(
    "FROM read_parquet($coverage)",
    agency_id="agency_id",
    report_year="report_year",
    kind="'page'",
    source_uri="source_uri",
    captured_at="captured_at",
    agency="agency",
    speaks=f"outcome <> '{_LIST}' AND (manifest IS NOT NULL OR outcome IN ({_quoted(_UNREAD)}))",
    capture_id="capture_id",
    outcome="outcome",
    detail="detail",
    next_step="next_step",
    manifest="manifest",
    part_of="part_of",
)
_LISTED = _select(
    "FROM read_parquet($listed_reports)",
    agency_id="agency_id",
    report_year="report_year",
    kind="'listed'",
    source_uri="source_uri",
    agency="agency",
    agency_level="agency_level",
    region_code="region_code",
    speaks="true",
    capture_id="capture_id",
    published_date="published_date",
    title="title",
    url="url",
    href="href",
)

QUERY = f"""WITH {_CHECKED}, {_FACTED}, {_FOUND}
SELECT * FROM ({_REPORTS} UNION ALL {_PAGES} UNION ALL {_LISTED})
WHERE agency_id IS NOT NULL AND report_year IS NOT NULL
ORDER BY agency_id, report_year, kind, source_uri, captured_at, capture_id, title, url"""
"""All evidence in order; takes the paths of six Parquet files as named parameters."""
