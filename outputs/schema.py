"""The tables and columns of the dataset, as data: what is written, documented and validated is read here.

Every column has a kind, a sentence of meaning, and what may stand in it. A field that is empty means "not
printed, or not known"; it is null in Parquet and in the frames, empty in CSV, and never zero.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from parsers.records import Mapping, Outcome, State

Kind = Literal["string", "integer", "number", "boolean"]
"""How a column is held. A `number` is an exact decimal; an `integer` fits into 32 bits."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `required` when it is never empty, `values` when only these may stand in it."""

    name: str
    kind: Kind
    description: str
    required: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `key` names the columns that tell its rows apart, `references` (column, table) pairs."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    references: tuple[tuple[str, str], ...] = ()


def table(name: str) -> Table:
    """Return the table of that name; raises KeyError when there is none."""
    return _BY_NAME[name]


def _text(name: str, description: str, *values: str) -> Column:
    return Column(name, "string", description, values=values)


def _name(name: str, description: str, *values: str) -> Column:
    return Column(name, "string", description, required=True, values=values)


def _integer(name: str, description: str) -> Column:
    return Column(name, "integer", description)


def _count(name: str, description: str) -> Column:
    return Column(name, "integer", description, required=True)


def _number(name: str, description: str) -> Column:
    return Column(name, "number", description)


STATES = get_args(State)
OUTCOMES = get_args(Outcome)
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

_CAPTURE = _name("capture_id", "First 16 hex digits of the SHA-256 of the page's bytes.")
_OF_REPORT = (("capture_id", "reports"),)
_CONCORDANCE = _text(
    "concordance",
    "How what the form counts stands to the indicator: `exact`, or `broader`, `narrower`, `sum_of`, which is "
    "not to be compared as it stands.",
)
_STATE = "What the cell shows. Only `number` has a value; a blank, a slash or a dash is not a zero."

TABLES = (
    Table(
        "reports",
        "One row per captured page that is a report.",
        ("capture_id",),
        (
            _CAPTURE,
            _text(
                "agency_id",
                "Stable id of the body across years and spellings; empty where the page does not tell.",
            ),
            _text("agency", "Name of the body in the agency registry."),
            _text("agency_as_printed", "Name of the body as the page prints it."),
            _name(
                "agency_level",
                "Level of government of the body.",
                *("central", "province", "prefecture", "county", "township", "unknown"),
            ),
            _text("region_code", "GB/T 2260 code of the body's region, six digits."),
            _integer("report_year", "Year that the report is about, not the year in which it was published."),
            _name("report_scope", "Whose figures these are.", "own", "area", "system", "unknown"),
            _text("title", "Title of the report as printed."),
            _text("form_ids", "Statutory forms of its tables, separated by spaces."),
            _text("published_date", "Date of publication that the page states, ISO 8601."),
            _text("period_start", "First day of the reporting period that the text states, ISO 8601."),
            _text("period_end", "Last day of the reporting period that the text states, ISO 8601."),
            _name("source_uri", "Address that the page was captured from, or its path below the source folder."),
            _text("captured_at", "Time of the capture in UTC as its archive states it, ISO 8601."),
            _text("media_type", "Media type that the page was read as."),
            _text("encoding_declared", "Charset that the transport or the page claims."),
            _name("encoding_used", "Codec that the bytes bear out."),
            _count("replaced_chars", "Characters that no codec could read; U+FFFD stands in their place."),
            _count("n_sections", "Rows of this report in `sections`."),
            _count("n_tables", "Data tables of the report."),
            _count("n_cells", "Rows of this report in `cells`."),
            _count("n_cells_mapped", "Rows of this report in `cells` that have an indicator."),
            _integer("n_claims", "Rows of this report in `claims`; empty until that table is built."),
            _integer("n_checks_failed", "Checks of this report that fail; empty until checks are built."),
            _name("outcome", "What became of the page; always `ok` in this table.", "ok"),
            Column(
                "is_current",
                "boolean",
                "True for the latest capture of an agency, year and scope; use it to count a report once.",
                required=True,
            ),
            _name(
                "parser_version",
                "Version of the reading: it rises when the same bytes may give another report.",
            ),
            _name("forms_version", "Digest of the forms, labels and registries that the page was read with."),
            _count("n_findings", "Rows of this report in `findings`."),
        ),
    ),
    Table(
        "sections",
        "One row per section of a report: a heading and the text under it, up to the next heading.",
        ("capture_id", "section_no"),
        (
            _CAPTURE,
            _count("section_no", "Position of the section in the report."),
            _integer("parent_no", "`section_no` of the section that this one stands in; empty at the top."),
            _count("level", "Depth in the heading tree, 1 at the top."),
            _text("number", "Number of the heading as printed: 一、 or （二） or 3."),
            _text("title", "Words of the heading as printed."),
            _text(
                "canonical",
                "What the section is about, by a fixed list (overview, proactive, requests, fees, …).",
            ),
            _text("text", "Text under the heading, one block a line, without its sub-sections."),
            _text("status", "`ok`, or the self-checks that fail, separated by spaces."),
            _count("first_block", "First block of the page that belongs to the section."),
            _count("last_block", "Last block of the page that belongs to the section."),
        ),
        _OF_REPORT,
    ),
    Table(
        "cells",
        "One row per value cell of a data table, whether its meaning is known or not.",
        ("capture_id", "table_no", "row", "col"),
        (
            _CAPTURE,
            _count("table_no", "Position of the table among the data tables of the page, from 0."),
            _count("row", "Row in the grid of the table, from 0, spans counted out."),
            _count("col", "Column in the grid of the table, from 0, spans counted out."),
            _integer("section_no", "Section that the table stands in."),
            _text("table_title", "Caption, or a header cell that spans every value column or a whole row."),
            _text("row_path", "Labels of the row from the outside in, joined by ` / `, as printed."),
            _text("col_path", "Labels of the column from the outside in, joined by ` / `, as printed."),
            _text("raw", "Text of the cell as printed."),
            _name("state", _STATE, *STATES),
            _number("value", "Number as printed, in `unit`; empty unless `state` is `number`."),
            _text("unit_raw", "Unit as printed in the cell."),
            _text("unit", "Unit of `value`, from the cell, its column, its row, the caption or the form."),
            _text("form_id", "Statutory form that the table follows."),
            _text("indicator", "Indicator that the labels mean; empty where they mean none that is known."),
            _text("applicant", "Kind of applicant that the column counts.", *APPLICANTS),
            _text("measure", "Whether the cell counts the year or all years so far.", *MEASURES),
            _name("mapping", "How the labels came to the indicator.", *get_args(Mapping)),
            _text("xpath", "Place of the cell in the page."),
            _number("base_value", "The same quantity in `base_unit`; empty where the unit is not known."),
            _text("base_unit", "Unit of the indicator without factors: 元 for 万元."),
            _CONCORDANCE,
        ),
        (*_OF_REPORT, ("indicator", "indicators")),
    ),
    Table(
        "facts",
        "One row per indicator value of a report, with the place it was read from.",
        ("capture_id", "indicator", "applicant", "measure"),
        (
            _CAPTURE,
            _integer("report_year", "Year that the report is about."),
            _text("agency_id", "Stable id of the reporting body."),
            _name("indicator", "Indicator, see the table `indicators`."),
            _name("applicant", "Kind of applicant; `total` where the form has no such column.", *APPLICANTS),
            _name("measure", "Whether the value counts the year or all years so far.", *MEASURES),
            _number("value", "Value in `unit`; empty unless `state` is `number`."),
            _text(
                "unit",
                "Base unit of the indicator; empty where the page lost it: then do not compare the value.",
            ),
            _name("state", _STATE, *STATES),
            _name("source", "What the value was read from.", "table", "prose", "derived"),
            _text("derivation", "How the value was computed, where it is not printed as it stands."),
            _text("form_id", "Statutory form that the value was read from."),
            _integer("table_no", "Table of the cell."),
            _integer("row", "Row of the cell."),
            _integer("col", "Column of the cell."),
            _integer("block_no", "Block of the sentence."),
            _integer("char_start", "First character of the number in its block."),
            _integer("char_end", "Character after the number in its block."),
            _CONCORDANCE,
        ),
        (*_OF_REPORT, ("indicator", "indicators")),
    ),
    Table(
        "coverage",
        "One row per input: what became of every page that was met.",
        ("source_uri", "captured_at", "capture_id"),
        (
            _name("source_uri", "Address that the page was captured from, or its path below the source folder."),
            _text("agency_id", "Stable id of the body, where the page tells."),
            _integer("report_year", "Year that the page is about, where it tells."),
            _name("outcome", "What became of the page.", *OUTCOMES),
            _text("detail", "What was seen, in a sentence; empty when all is well."),
            _text("next_step", "What a person can do about it; empty when nothing needs doing."),
            _text("captured_at", "Time of the capture in UTC as its archive states it, ISO 8601."),
            _text("capture_id", "Id of the page's bytes; empty when they could not be read."),
            _text("media_type", "Media type of the page."),
        ),
    ),
    Table(
        "indicators",
        "One row per indicator: the dictionary of what is measured.",
        ("indicator",),
        (
            _name("indicator", "Id of the indicator."),
            _text("group", "Group that the indicator belongs to."),
            _text("label_zh", "Chinese label."),
            _text("label_en", "English label."),
            _text("definition", "What is counted, and what is not."),
            _text("unit", "Base unit in which facts are held."),
            _text("unit_on_form", "Unit that the forms print."),
            _text("forms", "Statutory forms that hold the indicator, separated by spaces."),
            _text("comparability_note", "What to mind before comparing years or agencies."),
            _text(
                "foia_gov_analogue",
                "Nearest measure of the annual reports under the FOIA of the United States.",
            ),
        ),
    ),
    Table(
        "findings",
        "One row per thing that a reader must know before citing a report.",
        ("capture_id", "finding_no"),
        (
            _CAPTURE,
            _count("finding_no", "Position among the findings of the report, from 0."),
            _name("code", "Kind of finding, stable across versions."),
            _text("where", "Block, table, row and column as far as they are known."),
            _text("detail", "One sentence with the printed words."),
        ),
        _OF_REPORT,
    ),
    Table(
        "furniture",
        "One row per text block outside the sections; sections and furniture are the whole text of a report.",
        ("capture_id", "block_no"),
        (
            _CAPTURE,
            _count("block_no", "Position of the block on the page, from 0."),
            _name(
                "role",
                "What the block is to the report; `furniture` is navigation, side lists and footers.",
                *("title", "preamble", "heading", "body", "table", "furniture"),
            ),
            _name("text", "Text of the block with its white space folded."),
            _text("xpath", "Place of the block in the page."),
        ),
        _OF_REPORT,
    ),
)
"""Every table, in the order in which they are described."""

_BY_NAME = {entry.name: entry for entry in TABLES}
