"""Table of the changes of figures between two consecutive years."""

from outputs.schema.columns import Table, count, integer, label, number, text
from outputs.schema.reports import APPLICANTS

STATUSES = ("same", "changed", "new", "removed", "not_comparable")

CHANGE_TABLES = (
    Table(
        "changes",
        "One row per indicator and applicant between two consecutive years of an agency.",
        ("agency_id", "report_scope", "year", "indicator", "applicant"),
        (
            label("agency_id", "Stable id of the reporting body."),
            label("report_scope", "Whose figures these are.", "own", "area", "system", "unknown"),
            count("year", "The later of the two years."),
            label("indicator", "Indicator, see the table `indicators`."),
            label("applicant", "Kind of applicant.", *APPLICANTS),
            integer("year_before", "The earlier of the two years."),
            number("value_before", "Value of the earlier year."),
            number("value_after", "Value of the later year."),
            number("difference", "`value_after` less `value_before`; empty unless the two may be compared."),
            number("ratio", "`value_after` by `value_before`; empty where the latter is zero."),
            text("unit", "Unit of both values."),
            label("status", "What became of the figure.", *STATUSES),
            text("reason", "Why the two may not be compared, or why one is missing."),
            text("capture_id_before", "Report of the earlier year."),
            text("capture_id_after", "Report of the later year."),
            text("place_before", "Place of the earlier value in its page."),
            text("place_after", "Place of the later value in its page."),
        ),
        (("indicator", "indicators"),),
    ),
)
