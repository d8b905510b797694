"""Tables of what was read from the pages, and the dictionary of indicators."""

from typing import get_args

from corpus.concordance import Kind as MappingKind
from corpus.failures import OUTCOMES
from outputs.schema.columns import CAPTURE, OF_REPORT, Column, Table, count, flag, integer, label, number, text
from parsers.records import ClaimKind, Mapping, Period, State

STATES = get_args(State)
APPLICANTS = (
    "total",
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
)
MEASURES = ("annual", "cumulative")

_CONCORDANCE = text(
    "concordance",
    "How what the form counts stands to the indicator: `exact`, or `broader`, `narrower`, `sum_of`, which is "
    "not to be compared as it stands.",
)
_STATE = "What the cell shows. Only `number` has a value; a blank, a slash or a dash is not a zero."

REPORT_TABLES = (
    Table(
        "reports",
        "One row per captured page that is a report.",
        ("capture_id",),
        (
            CAPTURE,
            text(
                "agency_id",
                "Stable id of the body across years and spellings; empty where the page does not tell.",
            ),
            text("agency", "Name of the body in the agency registry."),
            text("agency_as_printed", "Name of the body as the page prints it."),
            label(
                "agency_level",
                "Level of government of the body.",
                *("central", "province", "prefecture", "county", "township", "unknown"),
            ),
            text("region_code", "GB/T 2260 code of the body's region, six digits."),
            integer("report_year", "Year that the report is about, not the year in which it was published."),
            label("report_scope", "Whose figures these are.", "own", "area", "system", "unknown"),
            text("title", "Title of the report as printed."),
            text("form_ids", "Statutory forms of its tables, separated by spaces."),
            text("published_date", "Date of publication that the page states, ISO 8601."),
            text("period_start", "First day of the reporting period that the text states, ISO 8601."),
            text("period_end", "Last day of the reporting period that the text states, ISO 8601."),
            label("source_uri", "Address that the page was captured from, or its path below the source folder."),
            text("captured_at", "Time of the capture in UTC as its archive states it, ISO 8601."),
            text("media_type", "Media type that the page was read as."),
            text("encoding_declared", "Charset that the transport or the page claims."),
            label("encoding_used", "Codec that the bytes bear out."),
            count("replaced_chars", "Characters that no codec could read; U+FFFD stands in their place."),
            count("n_sections", "Rows of this report in `sections`."),
            count("n_tables", "Data tables of the report."),
            count("n_cells", "Rows of this report in `cells`."),
            count("n_cells_mapped", "Rows of this report in `cells` that have an indicator."),
            count("n_claims", "Rows of this report in `claims`."),
            count("n_checks_failed", "Checks of this report that fail; see `checks`."),
            label("outcome", "What became of the page; always `ok` in this table.", "ok"),
            flag(
                "is_current", "True for the latest capture of an agency, year and scope; use it to count a report once."
            ),
            label(
                "parser_version",
                "Version of the reading: it rises when the same bytes may give another report.",
            ),
            label("forms_version", "Digest of the forms, labels and registries that the page was read with."),
            count("n_findings", "Rows of this report in `findings`."),
        ),
    ),
    Table(
        "sections",
        "One row per section of a report: a heading and the text under it, up to the next heading.",
        ("capture_id", "section_no"),
        (
            CAPTURE,
            count("section_no", "Position of the section in the report."),
            integer("parent_no", "`section_no` of the section that this one stands in; empty at the top."),
            count("level", "Depth in the heading tree, 1 at the top."),
            text("number", "Number of the heading as printed: 一、 or （二） or 3."),
            text("title", "Words of the heading as printed."),
            text(
                "canonical",
                "What the section is about, by a fixed list (overview, proactive, requests, fees, …).",
            ),
            text("text", "Text under the heading, one block a line, without its sub-sections."),
            text("status", "`ok`, or the self-checks that fail, separated by spaces."),
            count("first_block", "First block of the page that belongs to the section."),
            count("last_block", "Last block of the page that belongs to the section."),
        ),
        OF_REPORT,
    ),
    Table(
        "cells",
        "One row per value cell of a data table, whether its meaning is known or not.",
        ("capture_id", "table_no", "row", "col"),
        (
            CAPTURE,
            count("table_no", "Position of the table among the data tables of the page, from 0."),
            count("row", "Row in the grid of the table, from 0, spans counted out."),
            count("col", "Column in the grid of the table, from 0, spans counted out."),
            integer("section_no", "Section that the table stands in."),
            text("table_title", "Caption, or a header cell that spans every value column or a whole row."),
            text("row_path", "Labels of the row from the outside in, joined by ` / `, as printed."),
            text("col_path", "Labels of the column from the outside in, joined by ` / `, as printed."),
            text("raw", "Text of the cell as printed."),
            label("state", _STATE, *STATES),
            number("value", "Number as printed, in `unit`; empty unless `state` is `number`."),
            text("unit_raw", "Unit as printed in the cell."),
            text("unit", "Unit of `value`, from the cell, its column, its row, the caption or the form."),
            text("form_id", "Statutory form that the table follows."),
            text("indicator", "Indicator that the labels mean; empty where they mean none that is known."),
            text("applicant", "Kind of applicant that the column counts.", *APPLICANTS),
            text("measure", "Whether the cell counts the year or all years so far.", *MEASURES),
            label("mapping", "How the labels came to the indicator.", *get_args(Mapping)),
            text("xpath", "Place of the cell in the page."),
            number("base_value", "The same quantity in `base_unit`; empty where the unit is not known."),
            text("base_unit", "Unit of the indicator without factors: 元 for 万元."),
            _CONCORDANCE,
        ),
        (*OF_REPORT, ("indicator", "indicators")),
    ),
    Table(
        "claims",
        "One row per number that the prose of a report states, zeros in words included.",
        ("capture_id", "block_no", "char_start"),
        (
            CAPTURE,
            count("block_no", "Block of the sentence on the page, from 0."),
            count(
                "char_start",
                "First character of the number in its block. Of several zeros that one word states (未收到), each "
                "further one stands at its own object.",
            ),
            count("char_end", "Character after the number in its block."),
            integer("section_no", "Section that the sentence stands in."),
            label("sentence", "The sentence as printed."),
            text("subject", "Words of the sentence that say what is counted."),
            label("raw", "Number as printed, with its counter: 3.97万条, 2500余人, 未收到."),
            Column("value", "number", "The number, scaled: 39700 for 3.97万条.", required=True),
            text("unit", "Unit of `value`: the counter as printed, 元 for all money, % for shares and rates."),
            number("share_percent", "Share of the whole that the sentence gives beside the number, in percent."),
            flag("approximate", "Whether the words make the number a rough one: 约, 余, 多, 近, 超."),
            text("indicator", "Indicator that the words settle for the whole report and its year; else empty."),
            label("mapping", "How the words came to the indicator.", *get_args(Mapping)),
            label("kind", "What kind of number it is.", *get_args(ClaimKind)),
            label("period", "Which time the number speaks of.", *get_args(Period)),
            flag("zero_in_words", "Whether the zero is said in words: 未收到, 没有, 无."),
            integer("whole_start", "`char_start` of the number in the same block that this one is a part of."),
            number("last_digit", "What one unit of the last printed digit is worth: 100 for 3.97万."),
        ),
        (*OF_REPORT, ("indicator", "indicators")),
    ),
    Table(
        "facts",
        "One row per indicator value of a report, with the place it was read from.",
        ("capture_id", "indicator", "applicant", "measure"),
        (
            CAPTURE,
            integer("report_year", "Year that the report is about."),
            text("agency_id", "Stable id of the reporting body."),
            label("indicator", "Indicator, see the table `indicators`."),
            label("applicant", "Kind of applicant; `total` where the form has no such column.", *APPLICANTS),
            label("measure", "Whether the value counts the year or all years so far.", *MEASURES),
            number("value", "Value in `unit`; empty unless `state` is `number`."),
            text(
                "unit",
                "Base unit of the indicator; empty where the page lost it: then do not compare the value.",
            ),
            label("state", _STATE, *STATES),
            label("source", "What the value was read from.", "table", "prose", "derived"),
            text(
                "derivation",
                "How the value came about, where it is not printed as it stands: scaled, summed, rough, said in words.",
            ),
            text("form_id", "Statutory form that the value was read from."),
            integer("table_no", "Table of the cell."),
            integer("row", "Row of the cell."),
            integer("col", "Column of the cell."),
            integer("block_no", "Block of the sentence."),
            integer("char_start", "First character of the number in its block."),
            integer("char_end", "Character after the number in its block."),
            _CONCORDANCE,
        ),
        (*OF_REPORT, ("indicator", "indicators")),
    ),
    Table(
        "coverage",
        "One row per input: what became of every page that was met.",
        ("source_uri", "captured_at", "capture_id"),
        (
            label("source_uri", "Address that the page was captured from, or its path below the source folder."),
            text("agency_id", "Stable id of the body, where the page tells."),
            integer("report_year", "Year that the page is about, where it tells."),
            label("outcome", "What became of the page.", *OUTCOMES),
            text("detail", "What was seen, in a sentence; empty when all is well."),
            text("next_step", "What a person can do about it; empty when nothing needs doing."),
            text("captured_at", "Time of the capture in UTC as its archive states it, ISO 8601."),
            text("capture_id", "Id of the page's bytes; empty when they could not be read."),
            text("media_type", "Media type of the page."),
            text("agency", "Name of the body in the agency registry, where the page or a manifest tells."),
            text(
                "manifest",
                "What a manifest.csv says of it: `listed`, or `absent` where no such page was met; else empty.",
                *("listed", "absent"),
            ),
            text("part_of", "Address of the report that it belongs to: of a further page, or an attachment."),
        ),
    ),
    Table(
        "indicators",
        "One row per indicator: the dictionary of what is measured.",
        ("indicator",),
        (
            label("indicator", "Id of the indicator."),
            text("group", "Group that the indicator belongs to."),
            text("label_zh", "Chinese label."),
            text("label_en", "English label."),
            text("definition", "What is counted, and what is not."),
            text("unit", "Base unit in which facts are held."),
            text("unit_on_form", "Unit that the forms print."),
            text("forms", "Forms that print it, its parts, or something near it, separated by spaces."),
            text("comparability_note", "What to mind before comparing years or agencies."),
            text(
                "foia_gov_analogue",
                "Nearest measure of the annual reports under the FOIA of the United States.",
            ),
        ),
    ),
    Table(
        "concordance",
        "One row per indicator and form: how the form counts the indicator.",
        ("indicator", "form_id"),
        (
            label("indicator", "Indicator, see the table `indicators`."),
            label("form_id", "Statutory form."),
            label(
                "kind",
                "What the form prints: the indicator itself (`exact`), its parts (`sum_of`), more than it (`broader`), "
                "less (`narrower`), or nothing of the kind.",
                *get_args(MappingKind),
            ),
            text("sum_is", "What the sum of the parts makes.", "exact", "broader", "narrower"),
            text(
                "parts", "Indicators whose sum it is, separated by spaces; parts that have no indicator are left out."
            ),
            text(
                "breaks_with",
                "Forms whose figures do not compare with this one's although each is exact, separated by spaces.",
            ),
            text("note", "What to know before comparing."),
        ),
        (("indicator", "indicators"),),
    ),
    Table(
        "findings",
        "One row per thing that a reader must know before citing a report.",
        ("capture_id", "finding_no"),
        (
            CAPTURE,
            count("finding_no", "Position among the findings of the report, from 0."),
            label("code", "Kind of finding, stable across versions."),
            text("where", "Block, table, row and column as far as they are known."),
            text("detail", "One sentence with the printed words."),
        ),
        OF_REPORT,
    ),
    Table(
        "furniture",
        "One row per text block outside the sections; sections and furniture are the whole text of a report.",
        ("capture_id", "block_no"),
        (
            CAPTURE,
            count("block_no", "Position of the block on the page, from 0."),
            label(
                "role",
                "What the block is to the report; `furniture` is navigation, side lists and footers.",
                *("title", "preamble", "heading", "body", "table", "furniture"),
            ),
            label("text", "Text of the block with its white space folded."),
            text("xpath", "Place of the block in the page."),
        ),
        OF_REPORT,
    ),
)
"""Tables of what was read, in the order in which they are described."""
