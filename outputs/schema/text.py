"""Tables of the text: its changes between years, its terms, and what was copied."""

from outputs.schema.columns import CAPTURE, OF_REPORT, Table, count, label, number, text

TEXT_TABLES = (
    Table(
        "text_changes",
        "One row per section between the current reports of two consecutive years of an agency, within one scope. "
        "A section is a top section with its sub-sections; sections of one subject are joined in order.",
        ("agency_id", "report_scope", "year", "section"),
        (
            label("agency_id", "Stable id of the reporting body."),
            label("report_scope", "Whose report it is.", "own", "area", "system", "unknown"),
            count("year", "The later of the two years."),
            label(
                "section",
                "What the section is about, by the fixed list of `sections.canonical`; where that is empty, the "
                "printed title (of the later year).",
            ),
            count("year_before", "The earlier of the two years."),
            text("title_before", "Heading of the earlier year as printed; empty where the section was not there."),
            text("title_after", "Heading of the later year as printed; empty where the section is gone."),
            label(
                "status",
                "What became of the text. `same`: nothing but white space differs. `copied`: the prose of the year "
                "before with other figures, years or marks. `rewritten`: `similarity` below 0.5 and `copied_share` "
                "below 0.25. `changed`: anything between. `new` and `removed`: the section, or any text in it, stands "
                "only in one year. `no_text`: the heading, but no prose under it, in the years that have it (tables "
                "are in `changes`).",
                "same",
                "copied",
                "changed",
                "rewritten",
                "new",
                "removed",
                "no_text",
            ),
            number(
                "similarity",
                "Likeness of the two texts, 0 to 1, character by character in order, figures masked and marks left "
                "out; empty where one has no text.",
            ),
            number(
                "copied_share",
                "Share of the later text, 0 to 1, that stands in the earlier one, wherever, in runs of 8 characters or "
                "more, figures masked and marks left out; empty where one has no text.",
            ),
            count("chars_before", "Characters of the earlier text."),
            count("chars_after", "Characters of the later text."),
            count("n_kept", "Paragraphs that stand in both, in the same order."),
            count("n_moved", "Paragraphs that stand in both, at another place."),
            count("n_updated", "Paragraphs that differ in figures, marks or their own number alone."),
            count("n_edited", "Paragraphs that share half or more of their wording with one of the year before."),
            text("added", "Paragraphs of the later year that have no such counterpart, one a line."),
            text("removed", "Paragraphs of the earlier year that have none, one a line."),
            label("capture_id_before", "Report of the earlier year."),
            label("capture_id_after", "Report of the later year."),
        ),
        (("capture_id_before", "reports"), ("capture_id_after", "reports")),
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
