"""The SQL indexes of the explorer's index: what its pages ask by, and what SQL users are likely to."""

from collections.abc import Iterator

# A table's own key is an index already: facts of a capture are found by it, agency_years of an agency.
_INDEXED: dict[str, tuple[tuple[str, ...], ...]] = {
    "reports": (
        ("agency_id", "report_year", "report_scope"),
        ("report_year", "agency_level"),
    ),
    "sections": (("canonical",),),
    "cells": (("indicator",),),
    "claims": (("indicator",),),
    "facts": (
        ("agency_id", "indicator", "applicant", "measure", "report_year"),
        ("indicator", "report_year"),
    ),
    "coverage": (("capture_id",), ("outcome",), ("agency_id", "report_year")),
    "findings": (("code",),),
    "checks": (
        ("agency_id", "report_year"),
        ("verdict", "identity_id"),
        ("other_capture_id",),
    ),
    "check_list": (("verdict",), ("agency_id", "verdict"), ("capture_id",), ("report_year", "verdict")),
    "panel": (("capture_id",), ("report_year", "agency_level")),
    "panel_filled": (("capture_id",), ("report_year", "agency_level")),
    "panel_fills": (("capture_id",),),
    "rates": (("capture_id",), ("report_year", "rate"), ("rate", "report_year")),
    "changes": (("capture_id_after",), ("capture_id_before",), ("indicator", "year")),
    "text_changes": (("capture_id_after",), ("capture_id_before",)),
    "terms": (("term",),),
    "term_changes": (("capture_id_after",), ("capture_id_before",), ("term", "year")),
    "near_copies": (("other_capture_id", "other_section_no"), ("agency_id",), ("other_agency_id",)),
    "agency_years": (
        ("agency_level", "region_code", "agency_id"),
        ("report_year", "agency_level"),
        ("status",),
        ("capture_id",),
    ),
    "listed_reports": (("agency_id", "report_year"),),
}


def statements() -> Iterator[str]:
    """Yield what makes the indexes, once the tables are filled."""
    for table, indexes in _INDEXED.items():
        for columns in indexes:
            named = ", ".join(f'"{column}"' for column in columns)
            yield f'CREATE INDEX "{table}_by_{"_".join(columns)}" ON "{table}" ({named})'
