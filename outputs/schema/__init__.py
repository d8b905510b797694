"""The tables and columns of the dataset, as data: what is written, documented and validated is read here.

Every column has a kind, a sentence of meaning, and what may stand in it. A field that is empty means "not
printed, or not known"; it is null in Parquet and in the frames, empty in CSV, and never zero.
"""

from outputs.schema.changes import CHANGE_TABLES
from outputs.schema.checks import CHECK_TABLES, VERDICTS
from outputs.schema.columns import Column, Kind, Table
from outputs.schema.coverage import COVERAGE_TABLES
from outputs.schema.panel import PANEL_TABLES
from outputs.schema.rates import RATE_TABLES
from outputs.schema.reports import APPLICANTS, MEASURES, REPORT_TABLES, STATES
from outputs.schema.text import TEXT_TABLES

__all__ = ["APPLICANTS", "MEASURES", "OUTCOMES", "STATES", "TABLES", "VERDICTS", "Column", "Kind", "Table", "table"]

TABLES = (*REPORT_TABLES, *CHECK_TABLES, *PANEL_TABLES, *RATE_TABLES, *CHANGE_TABLES, *TEXT_TABLES, *COVERAGE_TABLES)
"""Every table, in the order in which they are described."""

_BY_NAME = {entry.name: entry for entry in TABLES}


def table(name: str) -> Table:
    """Return the table of that name; raises KeyError when there is none."""
    return _BY_NAME[name]
