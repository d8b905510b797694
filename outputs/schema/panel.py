"""Tables of the panel: one row per agency, year and scope, one column per indicator."""

from corpus.indicators import load_indicators
from outputs.schema.columns import CAPTURE, OF_REPORT, Table, integer, label, number, text

_WHO = (
    label("agency_id", "Stable id of the reporting body."),
    integer("report_year", "Year that the report is about."),
    label("report_scope", "Whose figures these are.", "own", "area", "system", "unknown"),
    text("agency", "Name of the body in the agency registry."),
    label("agency_level", "Level of government of the body."),
    text("region_code", "GB/T 2260 code of the body's region, six digits."),
    text("form_ids", "Statutory forms of the report's tables, separated by spaces."),
    label("capture_id", "The current capture that the values were read from."),
    text(
        "left_out",
        "Indicators whose printed number has no place here, with the reason: `broader` or `narrower` than the "
        "indicator, or `unit_unknown`. See `facts`.",
    ),
    text("from_prose", "Indicators whose value a sentence states and no table."),
    text("derived", "Indicators whose value is the sum of printed parts."),
)
_INDICATORS = tuple(
    number(entry.indicator, f"{entry.label_en} ({entry.label_zh}), in {entry.unit}.")
    for entry in load_indicators().values()
)
_KEY = ("agency_id", "report_year", "report_scope")

PANEL_TABLES = (
    Table(
        "panel",
        "One row per agency, year and scope, from the current capture: annual values of all applicants, in the "
        "indicator's unit, where the form counts what the indicator means. Reports without agency or year have no row.",
        _KEY,
        (*_WHO, *_INDICATORS),
    ),
    Table(
        "panel_filled",
        "The panel with blanks filled where a printed total proves them zero; `panel_fills` names the rule.",
        _KEY,
        (*_WHO, *_INDICATORS),
    ),
    Table(
        "panel_fills",
        "One row per value of `panel_filled` that no page prints, with the rule that proves it.",
        (*_KEY, "indicator"),
        (
            *_WHO[:3],
            label("indicator", "Indicator that was filled."),
            number("value", "Value that was filled in."),
            label("rule", "Rule that proves the value.", "parts_reach_total", "all_parts_zero"),
            label("identity_id", "Identity of the form that it rests on, see docs/comparability.md."),
            text("evidence", "The total and the parts that prove it, with their places in the page."),
            CAPTURE,
        ),
        (("indicator", "indicators"), *OF_REPORT),
    ),
)
