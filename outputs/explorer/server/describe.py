"""What Datasette's pages say of the tables and columns, in both languages, and the questions they offer."""

from collections.abc import Mapping
from typing import Any

from corpus.columnlabels import load_column_labels, load_table_labels
from outputs import schema
from outputs.explorer import paths
from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.server.state import DATABASE
from outputs.explorer.wording import plain

_FACET_ROWS = 100_000
"""Up to so many rows a table is counted by its columns of fixed values whenever it is looked at."""

_N_FACETS = 3

# Each must end within the time limit on ten thousand reports: hence the order of the joins, and the best matches first;
# of these one more than a page shows, so that it says that there are more.
_QUERIES = {
    "requests-received": """SELECT reports.agency, reports.report_year, reports.report_scope, facts.measure,
  facts.value, facts.unit, facts.state, facts.source, facts.capture_id, facts.table_no, facts.row, facts.col,
  facts.block_no, facts.char_start, facts.char_end
FROM reports CROSS JOIN facts USING (capture_id)
WHERE facts.indicator = 'requests_received' AND facts.applicant = 'total' AND reports.is_current
ORDER BY reports.agency_id, reports.report_year, facts.measure""",
    "does-not-add-up": """SELECT reports.agency, reports.report_year, checks.check_id, checks.applicant,
  checks.expression, checks."left", checks."right", checks.difference, checks.reason, checks.capture_id
FROM checks JOIN reports USING (capture_id)
WHERE checks.verdict = 'fail' AND reports.is_current
ORDER BY abs(checks.difference) DESC, reports.agency, reports.report_year""",
    "search-sections": """SELECT passages.about, passages.title,
  substr(sections.text, max(1, instr(sections.text, :words) - 40), 160) AS around,
  passages.agency_id, passages.capture_id, passages.section_no
FROM (
    SELECT rowid AS passage_id FROM search
    WHERE search MATCH coalesce(nullif(segmented(:words), ''), '""') ORDER BY rank LIMIT 1001
  )
  JOIN passages USING (passage_id) LEFT JOIN sections USING (capture_id, section_no)""",
}


def described(counts: Mapping[str, int | None]) -> dict[str, Any]:
    """Return the metadata of a server over an index whose tables have `counts` rows."""
    tables = {table.name: _table(table, counts.get(table.name) or 0) for table in schema.TABLES}
    tables |= {name: {"hidden": True} for name in counts if name not in tables}
    queries = {
        name: {"sql": sql, "title": plain(f"server.{name}"), "description": plain(f"server.{name}_about")}
        for name, sql in _QUERIES.items()
    }
    return {
        "title": plain("server.tables"),
        "extra_css_urls": [ServerAddresses().to(paths.asset("tables.css"))],
        "about": plain("server.back"),
        "about_url": "/",
        "databases": {
            DATABASE: {
                "title": plain("server.tables"),
                "description": plain("server.tables_about"),
                "tables": tables,
                "queries": queries,
            }
        },
    }


def _table(table: schema.Table, n_rows: int) -> dict[str, Any]:
    labels = load_column_labels()
    described: dict[str, Any] = {
        "title": f"{table.name} · {load_table_labels()[table.name]}",
        "description": table.description,
        "columns": {column.name: _column(column, labels.get(column.name, "")) for column in table.columns},
    }
    if n_rows <= _FACET_ROWS:
        facets = [column.name for column in table.columns if len(column.values) > 1 or column.kind == "boolean"]
        described["facets"] = facets[:_N_FACETS]
    if table.name == "reports":
        described["label_column"] = "title"
    elif table.name == "indicators":
        described["label_column"] = "label_zh"
    return described


def _column(column: schema.Column, label_zh: str) -> str:
    return f"{label_zh} · {column.description}" if label_zh else column.description
