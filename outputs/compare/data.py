"""A comparison as data: JSON with everything in it, CSV with one row per thing that was compared."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from outputs.arrow import plain
from outputs.compare.page import Page
from outputs.compare.records import CapturesDiff, DatasetsDiff, YearsDiff

_COLUMNS = {
    YearsDiff: (
        *("kind", "name", "applicant", "before", "after", "difference", "ratio", "unit", "status", "reason", "note"),
        *("unusual_own", "unusual_peers", "unusual", "place_before", "place_after", "text_before", "text_after"),
    ),
    CapturesDiff: (
        *("kind", "name", "applicant", "before", "after", "status", "note", "place_before", "place_after"),
        *("text_before", "text_after"),
    ),
    DatasetsDiff: (
        *("kind", "name", "column", "year", "scope", "status", "rows_before", "rows_after"),
        *("added", "removed", "changed", "share_changed"),
    ),
}


def json_text(diff: YearsDiff | CapturesDiff | DatasetsDiff, page: Page) -> str:
    """Return the comparison as JSON; numbers are numbers, what is not there is null or ''."""
    content = {"headline": page.headline, "differs": diff.differs, **asdict(diff)}
    return json.dumps(_plain(content), ensure_ascii=False, indent=2) + "\n"


def csv_text(diff: YearsDiff | CapturesDiff | DatasetsDiff) -> str:
    """Return the comparison as CSV in UTF-8; `kind` says what a row is about, empty fields are what is not there."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, _COLUMNS[type(diff)], restval="", lineterminator="\n")
    writer.writeheader()
    rows: Callable[[Any], Iterator[dict[str, Any]]] = _ROWS[type(diff)]
    for row in rows(diff):
        writer.writerow({name: plain(value) if isinstance(value, Decimal) else value for name, value in row.items()})
    return file.getvalue()


def _years_rows(diff: YearsDiff) -> Iterator[dict[str, Any]]:
    for figure in diff.figures:
        row = figure.row
        yield {
            "kind": "figure",
            "name": row.indicator,
            "applicant": row.applicant,
            "before": row.value_before,
            "after": row.value_after,
            "unusual_own": figure.unusual_own,
            "unusual_peers": figure.unusual_peers,
            "unusual": figure.unusual,
            **{name: getattr(row, name) for name in ("difference", "ratio", "unit", "status", "reason", "note")},
            **{name: getattr(row, name) for name in ("place_before", "place_after")},
        }
    for check in diff.failing:
        yield {
            "kind": "check",
            "name": check.check_id,
            "applicant": check.applicant,
            "difference": check.difference,
            "status": "fail",
            "note": f"{check.report_year}: {check.explanation}",
            "place_before" if check.capture_id == diff.before.capture_id else "place_after": check.evidence,
        }
    yield from _section_rows(diff)


def _section_rows(diff: YearsDiff | CapturesDiff) -> Iterator[dict[str, Any]]:
    for part in diff.sections:
        yield {
            "kind": "section",
            "name": part.section,
            "before": part.title_before,
            "after": part.title_after,
            "status": part.status,
            "text_before": "".join(text for kind, text in part.changes if kind != "insert"),
            "text_after": "".join(text for kind, text in part.changes if kind != "delete"),
        }


def _captures_rows(diff: CapturesDiff) -> Iterator[dict[str, Any]]:
    for field in diff.fields:
        yield {
            "kind": "field",
            "name": field.name,
            "before": field.before,
            "after": field.after,
            "status": "changed",
        }
    for cell in diff.cells:
        labels = " | ".join(filter(None, (cell.table_title, cell.row_path, cell.col_path)))
        yield {
            "kind": "cell",
            "name": cell.indicator,
            "applicant": cell.applicant,
            "before": cell.raw_before,
            "after": cell.raw_after,
            "status": cell.status,
            "note": labels,
            "place_before": cell.place_before,
            "place_after": cell.place_after,
        }
    yield from _section_rows(diff)
    for finding in diff.findings:
        place = "place_before" if finding.status == "removed" else "place_after"
        yield {
            "kind": "finding",
            "name": finding.code,
            "status": finding.status,
            "note": finding.detail,
            place: finding.where,
        }


def _datasets_rows(diff: DatasetsDiff) -> Iterator[dict[str, Any]]:
    for table in diff.tables:
        yield {
            "kind": "table",
            "name": table.table,
            "rows_before": table.n_before,
            "rows_after": table.n_after,
            "added": table.n_added,
            "removed": table.n_removed,
            "changed": table.n_changed,
        }
        for column in table.columns:
            yield {
                "kind": "column",
                "name": table.table,
                "column": column.column,
                "changed": column.n_changed,
                "share_changed": column.share,
            }
        for when, names in (("removed", table.columns_only_before), ("new", table.columns_only_after)):
            yield from ({"kind": "column", "name": table.table, "column": name, "status": when} for name in names)
    for entry in diff.agency_years:
        yield {
            "kind": "agency_year",
            "name": entry.agency_id,
            "year": entry.report_year,
            "scope": entry.report_scope,
            "status": entry.status,
            "added": entry.n_added,
            "removed": entry.n_removed,
            "changed": entry.n_changed,
        }


_ROWS: dict[type, Callable[[Any], Iterator[dict[str, Any]]]] = {
    YearsDiff: _years_rows,
    CapturesDiff: _captures_rows,
    DatasetsDiff: _datasets_rows,
}


def _plain(value: Any) -> Any:
    """The same with decimals as JSON numbers: whole ones as integers, others with the digits that they have."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return _tuple_plain(value)
    return value


def _tuple_plain(value: Any) -> Any:
    """A named tuple as an object (rows of figures), any other sequence as a list."""
    if hasattr(value, "_asdict"):
        return _plain(value._asdict())
    return [_plain(each) for each in value]
