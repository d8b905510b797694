"""Table of the checks: what must add up, in one report and between two."""

from outputs.schema.columns import CAPTURE, OF_REPORT, Table, integer, label, number, text
from outputs.schema.reports import APPLICANTS

VERDICTS = ("pass", "fail", "uncertain", "not_assessable")

CHECK_TABLES = (
    Table(
        "checks",
        "One row per identity that was tested on a report or on two years of an agency.",
        ("capture_id", "check_id", "applicant"),
        (
            CAPTURE,
            label("check_id", "The identity, with the number of the place where a report has several: P_PERCENT.3."),
            label("applicant", "Kind of applicant that the check is about.", *APPLICANTS),
            label("identity_id", "The identity that was tested, see docs/checks.md."),
            text("agency_id", "Stable id of the reporting body."),
            integer("report_year", "Year that the report is about."),
            label("strictness", "How strictly the identity holds.", "strict", "typical", "definition"),
            label("expression", "What must hold, in indicators."),
            number("left", "Value of the left side."),
            number("right", "Value of the right side."),
            number("difference", "`left` less `right`."),
            number("tolerance", "Difference that rounding explains."),
            label("verdict", "What came of it.", *VERDICTS),
            text("reason", "Code of what explains the difference, or why nothing could be tested."),
            text("explanation", "One sentence with the printed numbers."),
            text("evidence", "Places of all numbers that took part."),
            text("other_capture_id", "The report of the year before, where the check is between two years."),
        ),
        OF_REPORT,
    ),
)
