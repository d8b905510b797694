"""Tables of the text: its changes between years, its terms, and what was copied."""

from outputs.schema.columns import CAPTURE, OF_REPORT, Table, count, flag, integer, label, number, text

TERM_STATES = ("new", "vanished", "rising", "falling")

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
                "below 0.25. `changed`: anything between. `new` and `removed`: the section stands only in one year. "
                "`filled` and `emptied`: the heading stands in both, prose under it only in one. `no_text`: the "
                "heading, but no prose under it, in the years that have it (tables are in `changes`).",
                "same",
                "copied",
                "changed",
                "rewritten",
                "new",
                "removed",
                "filled",
                "emptied",
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
        "One row per telling term of a section of a current report, and of the report as a whole: the 20 terms with "
        "the largest weight, 40 of the whole. Not counted are single characters, numbers, dates, the words of "
        "`corpus/data/stop_words.txt`, the body's own place and provinces. Left out are terms that more than half of "
        "the reports have in that section, and those that stand once in the whole dataset.",
        ("capture_id", "section", "term"),
        (
            CAPTURE,
            label(
                "section",
                "What the section is about, by the fixed list of `sections.canonical`, sub-sections included; "
                "`unlisted` for sections that have none, `all` for the whole report.",
            ),
            label("term", "The term, in simplified characters; Latin letters in lower case."),
            count("place", "Its rank in the section, 1 for the largest weight."),
            count("count", "How often it stands in the section."),
            number("tf_idf", "Its weight: (1 + ln `count`) * ln(`n_documents` / `document_frequency`)."),
            integer("report_year", "Reporting year."),
            label("agency_level", "Level of the reporting body."),
            count("document_frequency", "In how many current reports of the dataset the section has the term."),
            count("n_documents", "How many current reports have the section, with any term in it."),
            count("peer_frequency", "The same as `document_frequency`, among reports of this year and level."),
            count("n_peer_reports", "The same as `n_documents`, among reports of this year and level."),
        ),
        OF_REPORT,
    ),
    Table(
        "term_changes",
        "One row per term that came, went, rose or fell between the current reports of two consecutive years of an "
        "agency, within one scope. Terms as in `terms`, of the whole report; those that more than half of all reports "
        "have are left out.",
        ("agency_id", "report_scope", "year", "term"),
        (
            label("agency_id", "Stable id of the reporting body."),
            label("report_scope", "Whose report it is.", "own", "area", "system", "unknown"),
            count("year", "The later of the two years."),
            label("term", "The term."),
            label(
                "status",
                "`new`: twice or more in the later report and not in the earlier one; `vanished`: the other way round. "
                "`rising`: three times or more often than before, and at least twice the share of all terms; "
                "`falling`: the other way round.",
                *TERM_STATES,
            ),
            count("count_before", "How often it stands in the earlier report."),
            count("count_after", "How often it stands in the later report."),
            number("per_thousand_before", "The same per thousand terms of the earlier report."),
            number("per_thousand_after", "The same per thousand terms of the later report."),
            label("agency_level", "Level of the reporting body."),
            count("peer_frequency_before", "Reports of the earlier year and this level that have the term."),
            count("n_peers_before", "Reports of the earlier year and this level."),
            count("peer_frequency_after", "Reports of the later year and this level that have the term."),
            count("n_peers_after", "Reports of the later year and this level."),
            label("capture_id_before", "Report of the earlier year."),
            label("capture_id_after", "Report of the later year."),
        ),
        (("capture_id_before", "reports"), ("capture_id_after", "reports")),
    ),
    Table(
        "term_trends",
        "One row per term that came, went, rose or fell among all agencies of one level from one year to the next. "
        "Only agencies with a current report of both years and one scope are counted, so that agencies that join or "
        "leave the dataset make no trend.",
        ("agency_level", "year", "term"),
        (
            label("agency_level", "Level of the reporting bodies; `all` for all of them."),
            count("year", "The later of the two years."),
            label("term", "The term."),
            label(
                "status",
                "`new` and `vanished`: in three reports or more of one year, and in none of the other. `rising` and "
                "`falling`: in at least three reports, and 5 % of the pairs, more or fewer.",
                *TERM_STATES,
            ),
            count("reports_before", "Reports of the earlier year that have the term."),
            count("reports_after", "Reports of the later year that have the term."),
            count("n_pairs", "Pairs of reports that are compared."),
        ),
    ),
    Table(
        "near_copies",
        "One row per two sections of current reports that have most of their text in common: of two agencies, or of "
        "one when the text was away for a year or more (what was taken over from the year before is in "
        "`text_changes`). Figures and marks do not count, nor does what stands in the reports of more than ten "
        "agencies and of more than 5 % of all. A section is looked at when it has some 60 characters beyond that. A "
        "text that stays the same for years counts once, in its first year; of several sections with the same text "
        "each is held against the earliest, and that one against others. Pairs with a similarity of 0.5 are found with "
        "a probability of 0.87, of 0.6 with 0.99.",
        ("capture_id", "section_no", "other_capture_id", "other_section_no"),
        (
            CAPTURE,
            count("section_no", "Section of the later report; of two reports of one year the order says nothing."),
            label("other_capture_id", "The earlier report."),
            count("other_section_no", "Section of the earlier report."),
            number("similarity", "Share of the shingles of both, 0.5 to 1, that stand in both (Jaccard)."),
            number("shared_share", "Share of the shingles of this section, 0 to 1, that stand in the other."),
            number("other_shared_share", "Share of the shingles of the other section, 0 to 1, that stand in this one."),
            count("n_shared", "Shingles that stand in both: runs of 8 characters, each counted once."),
            flag("same_agency", "Whether both reports are of one agency."),
            text("agency_id", "Stable id of the body of the later report."),
            text("other_agency_id", "Stable id of the body of the earlier report."),
            integer("report_year", "Year of the later report."),
            integer("other_report_year", "Year of the earlier report."),
            text("section", "What the section is about, by the fixed list of `sections.canonical`."),
            text("other_section", "What the other section is about."),
        ),
        (("capture_id", "reports"), ("other_capture_id", "reports")),
    ),
)
