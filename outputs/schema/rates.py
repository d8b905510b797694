"""Table of the rates, each with its numerator and its denominator beside it."""

from corpus.rates import load_rates
from outputs.schema.columns import Table, integer, label, number, text

RATE_STATUSES = ("ok", "not_printed", "no_number", "not_exact", "unit_unknown", "denominator_zero")
RATE_NOTES = ("small_base", "above_whole", "check_fails", "check_uncertain")

RATE_TABLES = (
    Table(
        "rates",
        "One row per rate that the forms of a current report can give, with its value or the reason why there is none. "
        "Read docs/no-ranking.md before comparing agencies.",
        ("agency_id", "report_year", "report_scope", "rate"),
        (
            label("agency_id", "Stable id of the reporting body."),
            integer("report_year", "Year that the report is about."),
            label("report_scope", "Whose figures these are.", "own", "area", "system", "unknown"),
            label("rate", "Id of the rate; one id has one meaning on all its forms.", *(r.rate for r in load_rates())),
            text("label_zh", "Chinese label."),
            number("numerator", "What is divided; empty where a part of it is no number."),
            number("denominator", "What it is divided by; empty where a part of it is no number."),
            number("value", "The rate in percent, to two digits after the point; empty unless `status` is `ok`."),
            label("status", "Whether there is a rate, or why there is none.", *RATE_STATUSES),
            text("reason", "Which indicator keeps the rate from being computed, and how."),
            text(
                "note",
                "What to mind, separated by spaces: `small_base` (fewer than ten in the denominator), `above_whole` "
                "(the numerator is the larger one), `check_fails` and `check_uncertain` (see `checks`).",
            ),
            text("checks", "Checks of the report that do not pass and that these indicators take part in."),
            label("numerator_indicators", "Indicators of the numerator."),
            label("denominator_indicators", "Indicators of the denominator."),
            text("numerator_evidence", "Value and place of each indicator of the numerator."),
            text("denominator_evidence", "Value and place of each indicator of the denominator."),
            label("definition", "What the rate tells."),
            label("caution", "What it does not tell, and what it depends on."),
            label("capture_id", "The current capture that both were read from."),
        ),
        (("capture_id", "reports"),),
    ),
)
