"""Tables of the reports that should exist: agencies and years against what was found."""

from outputs.schema.columns import CAPTURE, Table, count, integer, label, text

AGENCY_YEAR_STATUSES = ("parsed", "duplicate", "failed", "missing")
KNOWN_FROM = ("report", "page", "manifest", "list_page", "registry")
BALANCED = ("yes", "no", "unknown")
LATE = ("on_time", "late", "unknown")

COVERAGE_TABLES = (
    Table(
        "agency_years",
        "One row per agency and year that is known to have, or to owe, a report: what became of it.",
        ("agency_id", "report_year"),
        (
            label("agency_id", "Stable id of the reporting body."),
            count("report_year", "Year that the report is about."),
            text("agency", "Name of the body in the agency registry."),
            label("agency_level", "Level of government of the body."),
            text("region_code", "GB/T 2260 code of the body's region, six digits."),
            label(
                "status",
                "What became of it: `parsed`; `duplicate`, a page with the bytes of another body's or year's report; "
                "`failed`, a page that gave no report; `missing`, no page.",
                *AGENCY_YEAR_STATUSES,
            ),
            label(
                "known_from",
                "What says that there is, or should be, a report, separated by spaces: `report`, `page`, `manifest`, "
                "`list_page`, or `registry` for a year between two years with reports.",
            ),
            text("report_scopes", "Scopes of its current reports, separated by spaces."),
            count("n_captures", "Captures of its page, repeats included; attachments and further pages do not count."),
            text("capture_id", "The current report; where there are several scopes, that of the first of them."),
            text("form_ids", "Statutory forms of the current reports, separated by spaces."),
            count("n_cells", "Rows in `cells` of the current reports."),
            count("n_cells_mapped", "Rows in `cells` of the current reports that have an indicator."),
            count("n_facts", "Rows in `facts` of the current reports."),
            count("n_checks", "Checks of the current reports that could be made: pass, fail or uncertain."),
            count("n_checks_failed", "Checks of the current reports that fail."),
            label(
                "balanced",
                "`no` where a strict check within a report fails; `yes` where none does, one passes and the balance "
                "of requests, where the form has it, is among those; else `unknown`.",
                *BALANCED,
            ),
            text("published_date", "Earliest day of publication that its reports or a list page state, ISO 8601."),
            text("deadline", "Last day for publication under the law of that year, ISO 8601; empty without one."),
            text("legal_basis", "Law and article that set the deadline."),
            label("late", "Whether it was published after the deadline; `unknown` is no reproach.", *LATE),
            integer("days_late", "Days from the deadline to the day of publication, where it is late."),
            text("late_reason", "What settles `late`, or why it is unknown."),
            text("outcome", "Outcome of the page that gave no report, or what its collector met in place of a page."),
            text("source_uri", "Where to look: the report, the page that gave none, the address that a list names."),
            text("detail", "What is known of a report that was not read, in a sentence."),
            text("next_step", "What a person can do about it."),
        ),
    ),
    Table(
        "listed_reports",
        "One row per report that a captured list page names, whether the report is in the archive or not.",
        ("capture_id", "item_no"),
        (
            CAPTURE,
            count("item_no", "Position in the list, from 0."),
            label("source_uri", "Address of the list page, or its path below the source folder."),
            label("title", "Title as the list prints it."),
            text("url", "Address that the title leads to; empty where it is none of the web."),
            text("href", "The link as the page writes it."),
            text("agency_id", "Stable id of the body; empty where the list does not tell."),
            text("agency", "Name of the body in the agency registry."),
            label("agency_level", "Level of government of the body."),
            text("region_code", "GB/T 2260 code of the body's region, six digits."),
            count("report_year", "Year that the title names."),
            text("published_date", "Date that the list prints beside the title, ISO 8601."),
            text("xpath", "Place of the link in the page."),
        ),
    ),
)
