"""The dataset described from its schema: `datapackage.json` for programs, `docs/dataset.md` for people."""

import json
import sys
from typing import Any

from outputs import schema

_TITLE = "Annual reports on government information disclosure (政府信息公开工作年度报告)"
_DESCRIPTION = (
    "Figures and texts of archived annual reports, each with its place in the page it was read from. "
    "An empty field means not printed or not known, never zero."
)

_GUARD = (
    "For spreadsheets: text that one would run as a formula, or turn into another number or a date, has an apostrophe "
    "in front, which is no part of the value. Numbers have none. The Parquet files hold the values as they are."
)

_PAGE_HEAD = """# The dataset: tables and columns

Written by `gongkai build SOURCE... -o DIR`: every table as CSV (UTF-8, fields quoted only where they must be)
and as Parquet, `datapackage.json` (Frictionless Table Schema) and `run.json` (what was read, with what, and
the digest of each file).

- **An empty field is "not printed, or not known"**: null in Parquet and in the frames of
  `gongkai.open_dataset`. It is never a zero; where a page prints a zero, the field holds 0.
- Rows are sorted by their key, and no key stands twice. The same sources and the same version of gongkai
  give the same bytes.
- `number` columns are exact decimals in CSV and Parquet, with at most 10 digits after the point; the frames
  of the Python interface round them to 64-bit floats.
- To count a report once, take the reports whose `is_current` is true: a page that was captured again after
  an edit is a report of its own.
- `sections` and `furniture` together are the whole text of a report; its data tables are in `cells`.
- Read `capture_id` as text: sixteen hex digits may look like a number, and some readers make one of them.
- With `--excel` the CSV files begin with a byte order mark, and text that a spreadsheet would run as a formula or turn
  into another number or a date (`-`, `007`, `3-4`, a `capture_id` of digits) has an apostrophe in front that is no part
  of the value. Numbers stay as they are, and so do the Parquet files. `datapackage.json` says so per file
  (`encoding`, `gongkai:guard`), and its digests are those of the files as written.
- Pages that are no reports stand in `coverage` only, with the reason and the next step.

This page is made from `outputs/schema.py` by `python -m outputs.describe > docs/dataset.md`.
"""


def package_text(files: dict[str, dict[str, Any]], version: str, *, excel: bool = False) -> str:
    """Return `datapackage.json`. `files` holds `bytes` and `sha256` of each file by its name.

    With `excel` the CSV files are those for spreadsheets (outputs.excel), and the package says so.
    """
    package = {
        "profile": "data-package",
        "name": "gongkai-dataset",
        "title": _TITLE,
        "description": _DESCRIPTION,
        "version": version,
        "resources": [_resource(table, files[f"{table.name}.csv"], excel=excel) for table in schema.TABLES],
        # not among the resources: validators would need a reader for them, and they hold the same rows
        "gongkai:parquet": [
            {"name": table.name, "path": f"{table.name}.parquet", **_digest(files[f"{table.name}.parquet"])}
            for table in schema.TABLES
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def page_text() -> str:
    """Return `docs/dataset.md`: every table and column with its meaning."""
    return "\n".join([_PAGE_HEAD, *(_page_table(table) for table in schema.TABLES)])


def _resource(table: schema.Table, file: dict[str, Any], *, excel: bool) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "type": "table",
        "title": table.name,
        "description": table.description,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8-sig" if excel else "utf-8",
        **({"gongkai:guard": _GUARD} if excel else {}),
        **_digest(file),
        "schema": {
            "fields": [_field(column) for column in table.columns],
            "missingValues": [""],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": other, "fields": list(schema.table(other).key)}}
                for column, other in table.references
            ],
        },
    }


def _digest(file: dict[str, Any]) -> dict[str, Any]:
    return {"bytes": file["bytes"], "hash": f"sha256:{file['sha256']}"}


def _field(column: schema.Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind, "description": column.description}
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.values:
        constraints["enum"] = list(column.values)
    return {**field, "constraints": constraints} if constraints else field


def _page_table(table: schema.Table) -> str:
    key = ", ".join(f"`{name}`" for name in table.key)
    lines = [f"## {table.name}", "", f"{table.description} Key: {key}.", ""]
    for column, other in table.references:
        lines += [f"`{column}` is a `{schema.table(other).key[0]}` of `{other}`.", ""]
    lines += ["| column | kind | empty | meaning |", "|---|---|---|---|"]
    lines += [_page_column(column) for column in table.columns]
    return "\n".join([*lines, ""])


def _page_column(column: schema.Column) -> str:
    values = f" One of {', '.join(f'`{value}`' for value in column.values)}." if column.values else ""
    empty = "never" if column.required else "yes"
    return f"| `{column.name}` | {column.kind} | {empty} | {column.description}{values} |"


if __name__ == "__main__":
    sys.stdout.write(page_text())
