"""A chart → its data as CSV for a spreadsheet: every year of every series, each number with its place."""

import csv
import io

from outputs.excel import BOM, guarded
from outputs.explorer.charts.reading import FACT
from outputs.explorer.charts.records import Chart, Point, Series

COLUMNS = (
    "agency_id",
    "agency",
    "report_scope",
    "indicator",
    "label_en",
    "label_zh",
    "applicant",
    "report_year",
    "state",
    "value",
    "unit",
    "capture_id",
    *FACT,
    "check_fails",
    "comparable_with_year_before",
    "status",
    "reason",
    "note",
)
"""`status`, `reason` and `note` are those of `changes`; `check_fails`: a failing check leans on the number."""


def chart_csv(chart: Chart) -> str:
    """Return the data of a chart; text that a spreadsheet would run or change has an apostrophe in front.

    A year without a report, or without the figure, has a row too: its state says so, and its value is empty.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for series in chart.series:
        for point in series.points:
            writer.writerow(_row(chart, series, point))
    return BOM + file.getvalue()


def _row(chart: Chart, series: Series, point: Point) -> list[str]:
    texts = {
        "agency_id": chart.agency_id,
        "agency": chart.agency,
        "report_scope": series.scope,
        "indicator": series.indicator,
        "label_en": series.label_en,
        "label_zh": series.label_zh,
        "applicant": series.applicant,
        "state": point.state,
        "unit": point.unit or series.unit,
        "capture_id": point.capture_id,
        "status": point.status,
        "reason": point.reason,
        "note": point.note,
    }
    values = {
        "report_year": str(point.year),
        "value": point.written if point.is_number else "",
        "check_fails": _said(point.fails) if point.fact else "",
        "comparable_with_year_before": _said(point.joined),
    }
    for name in FACT:
        value = point.fact.get(name)
        if isinstance(value, str):
            texts[name] = value
        else:
            values[name] = "" if value is None else str(value)
    return [values[name] if name in values else guarded(texts[name]) for name in COLUMNS]


def _said(value: bool) -> str:
    return "true" if value else "false"
