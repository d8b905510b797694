"""Reports of a few sections, made by hand and written as the two tables that the text tables are made from."""

import pyarrow as pa
import pyarrow.parquet as pq

from outputs import schema
from outputs.arrow import final_schema

_FILL = {"string": "x", "integer": 0, "number": None, "boolean": True}


def write_reports(folder, *reports):
    """Write `reports` and `sections`; each report is a mapping as `report` makes it."""
    for name, rows in (
        ("reports", [entry["report"] for entry in reports]),
        ("sections", [section for entry in reports for section in entry["sections"]]),
    ):
        ordered = sorted(rows, key=lambda row: [row[column] for column in schema.table(name).key])
        pq.write_table(pa.Table.from_pylist(ordered, schema=final_schema(name)), folder / f"{name}.parquet")
    scratch = folder / "scratch"
    scratch.mkdir()
    return scratch


def report(capture_id, agency, year, *sections, scope="own", level="county", current=True):
    """One report; sections are (level, number, title, canonical, text), each in the last one above its level."""
    known = {
        "capture_id": capture_id,
        "agency_id": agency,
        "agency": agency,
        "agency_level": level,
        "report_year": year,
        "report_scope": scope,
        "is_current": current,
    }
    filled = {
        column.name: _FILL[column.kind] if column.required else None for column in schema.table("reports").columns
    }
    return {"report": {**filled, **known}, "sections": list(_sections(capture_id, sections))}


def rows_of(folder, name, *columns):
    """Rows of a table as tuples, all columns or those asked for."""
    table = pq.read_table(folder / f"{name}.parquet")
    picked = table.select(list(columns) or table.column_names).to_pylist()
    return [tuple(row.values()) for row in picked]


def _sections(capture_id, given):
    above = []
    for no, (level, number, title, canonical, text) in enumerate(given):
        above = [(depth, at) for depth, at in above if depth < level]
        yield {
            "capture_id": capture_id,
            "section_no": no,
            "parent_no": above[-1][1] if above else None,
            "level": level,
            "number": number or None,
            "title": title or None,
            "canonical": canonical or None,
            "text": text or None,
            "status": "ok",
            "first_block": no,
            "last_block": no,
        }
        above.append((level, no))
