"""Table of the reports that should exist: agencies and years against what was found."""

from outputs.schema.columns import Table, count, label, text

COVERAGE_TABLES = (
    Table(
        "agency_years",
        "One row per agency and year that is known to have, or to owe, a report: what became of it.",
        ("agency_id", "report_year"),
        (
            label("agency_id", "Stable id of the reporting body."),
            count("report_year", "Year that the report is about."),
            text("agency", "Name of the body in the agency registry."),
        ),
    ),
)
