"""Cells of Datasette's tables that lead to our pages."""

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from outputs.explorer import paths
from outputs.explorer.addresses import Addresses

_CELL = ("table_no", "row", "col")
_SPAN = ("block_no", "char_start", "char_end")


def cell_link(row: Any, column: str, value: Any, addresses: Addresses) -> Markup | None:
    """Return the cell as a link: of a capture to its report, at the place that the row names; of an agency to its page.

    None for any other cell. `row` is one of sqlite3.Row, or of what Datasette puts in its place.
    """
    value = value.get("value") if isinstance(value, dict) else value  # of a reference Datasette gives a label too
    if not isinstance(value, str) or not value:
        return None
    if column.removeprefix("other_").startswith("capture_id"):
        anchor = _anchor(row) if column == "capture_id" else ""
        address = addresses.to(paths.report(value), anchor)
    elif column in {"agency_id", "other_agency_id"}:
        address = addresses.to(paths.agency(value))
    else:
        return None
    return Markup('<a href="{}">{}</a>').format(address, value)


def _anchor(row: Any) -> str:
    values = _values(row)
    if all(isinstance(values.get(name), int) for name in _CELL):
        return paths.cell_anchor(*(values[name] for name in _CELL))
    if all(isinstance(values.get(name), int) for name in _SPAN):
        return paths.span_anchor(*(values[name] for name in _SPAN))
    return ""


def _values(row: Any) -> Mapping[str, Any]:
    return {name: row[name] for name in row.keys()} if hasattr(row, "keys") else {}  # noqa: SIM118  it is no dict
