"""Tables of the text: its changes between years, its terms, and what was copied."""

from outputs.schema.columns import CAPTURE, OF_REPORT, Table, count, integer, label, number, text

TEXT_TABLES = (
    Table(
        "text_changes",
        "One row per section between two consecutive years of an agency.",
        ("agency_id", "report_scope", "year", "section"),
        (
            label("agency_id", "Stable id of the reporting body."),
            label("report_scope", "Whose report it is.", "own", "area", "system", "unknown"),
            count("year", "The later of the two years."),
            label("section", "What the section is about, by the fixed list of `sections.canonical`."),
            integer("year_before", "The earlier of the two years."),
            label("status", "What became of the section.", "new", "removed", "same", "copied", "rewritten", "changed"),
            number("similarity", "Likeness of the two texts, 0 to 1."),
            number("copied_share", "Share of the later text that stands in the earlier one, 0 to 1."),
            text("added", "Paragraphs that are new, one a line."),
            text("removed", "Paragraphs that are gone, one a line."),
            text("capture_id_before", "Report of the earlier year."),
            text("capture_id_after", "Report of the later year."),
        ),
    ),
    Table(
        "terms",
        "One row per telling term of a section of a report.",
        ("capture_id", "section", "term"),
        (
            CAPTURE,
            label("section", "What the section is about; `all` for the whole report."),
            label("term", "The term."),
            count("count", "How often it stands in the section."),
            number("tf_idf", "Its weight: frequency in the section against how many reports have it."),
        ),
        OF_REPORT,
    ),
)
