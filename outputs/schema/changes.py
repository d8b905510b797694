"""Table of the changes of figures between two consecutive years."""

from outputs.schema.columns import Table, count, integer, label, number, text
from outputs.schema.reports import APPLICANTS

STATUSES = ("same", "changed", "new", "removed", "not_comparable")

REASONS = {
    "agency_changed": "the report of the year before is by the body that this one took over from",
    "approximate": "the text prints a rough number (约, 余, 多)",
    "blank_after": "the later report prints no number in the cell",
    "blank_before": "the earlier report prints no number in the cell",
    "blank_both": "neither report prints a number in the cell",
    "concordance": "one value counts more or less than the indicator",
    "form_changed": "the forms count different quantities, or one does not ask for it",
    "missing_year": "the year before has no report in the dataset, though earlier years have",
    "not_printed_after": "the later report does not state it, though nothing says that it need not",
    "not_printed_before": "the earlier report does not state it, though nothing says that it need not",
    "period_changed": "the two reports count periods of different length",
    "rounded": "the text rounds by more than the two values differ",
    "scope_changed": "the two reports speak of different bodies",
    "scope_unknown": "whose figures one of the reports gives is not known",
    "unit_changed": "the two values are in different units",
    "unit_unknown": "the page lost the unit of one value",
}
"""Why a figure is not compared, each in words; docs/comparing.md says what to do."""

CHANGE_TABLES = (
    Table(
        "changes",
        "One row per indicator and applicant between two consecutive years of an agency: annual figures of its "
        "current reports.",
        ("agency_id", "report_scope", "year", "indicator", "applicant"),
        (
            label("agency_id", "Stable id of the reporting body."),
            label("report_scope", "Whose figures the later report gives.", "own", "area", "system", "unknown"),
            count("year", "The later of the two years."),
            label("indicator", "Indicator, see the table `indicators`."),
            label("applicant", "Kind of applicant.", *APPLICANTS),
            integer("year_before", "The earlier of the two years."),
            number("value_before", "Value of the earlier year, whether it may be compared or not."),
            number("value_after", "Value of the later year, whether it may be compared or not."),
            number("difference", "`value_after` less `value_before`; empty unless the two may be compared."),
            number("ratio", "`value_after` by `value_before`; empty where `value_before` is zero."),
            text("unit", "Unit of both values; empty where they differ or one is not known."),
            label("status", "What became of the figure.", *STATUSES),
            text("reason", "Why the two may not be compared, or why one is missing.", *REASONS),
            text("note", "What else a reader must know: what the forms count, where a value comes from."),
            number("unusual_own", "Robust z of the change against this agency's own earlier changes."),
            integer("n_own", "Earlier changes of this agency that it was held against."),
            number("unusual_peers", "Robust z of the change against all agencies of the same level in the year."),
            integer("n_peers", "Other agencies of that level whose figure may be compared in the year."),
            text("unusual", "What the two say in words, or why they say nothing; empty where nothing is compared."),
            text("source_before", "What the earlier value was read from.", "table", "prose", "derived"),
            text("source_after", "What the later value was read from.", "table", "prose", "derived"),
            text("form_before", "Statutory form of the earlier value."),
            text("form_after", "Statutory form of the later value."),
            text("scope_before", "Whose figures the earlier report gives.", "own", "area", "system", "unknown"),
            text("capture_id_before", "Report of the earlier year."),
            text("capture_id_after", "Report of the later year."),
            text("place_before", "Place of the earlier value in its page."),
            text("place_after", "Place of the later value in its page."),
        ),
        (("indicator", "indicators"),),
    ),
)
