"""Table of the checks: what must add up, in one report and between two."""

from outputs.schema.columns import CAPTURE, OF_REPORT, Table, integer, label, number, text
from outputs.schema.reports import APPLICANTS

VERDICTS = ("pass", "fail", "uncertain", "not_assessable")

REASONS = (
    # what a pass leans on
    "blanks_as_zero",
    "rows_as_zero",
    "rounding",
    "other_base",
    # what is not there, or not to be relied on
    "blank_cells",
    "not_printed",
    "text_in_cell",
    "stated_twice",
    "unit_unknown",
    "unit_recovered",
    "fuzzy_label",
    "reading_in_doubt",
    "approximate",
    "zero_total",
    "local_row",
    # what may count something else
    "scope",
    "scope_unknown",
    "form_changed",
    "other_object",
    "applicants_resorted",
    "words_unsettled",
    "partial_list",
    "several_partitions",
    "whole_in_doubt",
    "mixed_counters",
    "may_overlap",
    "no_base",
    "base_unknown",
    # what makes an identity hold as a rule only
    "backlog",
    "channel_without_row",
    "counted_apart",
    "counted_by_channel",
    "documents_of_earlier_years",
    "interim_replies",
    "pending_not_counted",
    "recount",
    "several_grounds",
)
"""Codes of `reason`; docs/checks.md says what each means."""

CHECK_TABLES = (
    Table(
        "checks",
        "One row per identity that was tested on a report or on two years of an agency; see docs/checks.md.",
        ("capture_id", "check_id", "applicant"),
        (
            CAPTURE,
            label(
                "check_id",
                "The identity, its part, and the indicator or the number of the place where a report has several: "
                "C_ROW_TOTAL.granted_full, P_PERCENT.3.",
            ),
            label("applicant", "Kind of applicant that the check is about.", *APPLICANTS),
            label("identity_id", "The identity that was tested, see docs/checks.md."),
            text("agency_id", "Stable id of the reporting body."),
            integer("report_year", "Year that the report is about."),
            label("strictness", "How strictly the identity holds.", "strict", "typical", "definition"),
            label("expression", "What must hold, in indicators; of several right sides, parted by `|`, one must fit."),
            number("left", "Value of the left side, as far as its numbers are known."),
            number("right", "Value of the right side, as far as its numbers are known."),
            number("difference", "`left` less `right`; empty where there is nothing to compare."),
            number("tolerance", "Difference that rounding explains."),
            label("verdict", "What came of it.", *VERDICTS),
            text("reason", "What explains a difference, what a pass leans on, or why nothing was tested.", *REASONS),
            text("explanation", "One sentence with the printed numbers."),
            text("evidence", "Places of all numbers that took part, with what is printed there: `left: … | right: …`."),
            text("other_capture_id", "The earlier report, where the check is between two."),
        ),
        OF_REPORT,
    ),
)
