"""Agencies as people name them: a part of the name or the id."""

from pathlib import Path

import duckdb
from rapidfuzz import fuzz, process

from outputs.errors import DatasetError

_NEAR = 3


def check_agency(folder: Path, agency: str) -> None:
    """Raise DatasetError (`no_agency`), naming those that are spelt alike, unless some report is by the agency.

    `agency` is a part of the name or of the printed name, or the id.
    """
    with duckdb.connect() as base:
        rows = base.execute(
            "SELECT DISTINCT name FROM "
            "(SELECT unnest([agency, agency_as_printed, agency_id]) AS name FROM read_parquet(?)) "
            "WHERE name IS NOT NULL ORDER BY name",
            [str(folder / "reports.parquet")],
        ).fetchall()
    names = [name for (name,) in rows]
    if any(agency in name for name in names):
        return
    near = [found[0] for found in process.extract(agency, names, scorer=fuzz.WRatio, limit=_NEAR)]
    raise DatasetError(
        "no_agency",
        "no agency of this dataset is called that",
        repr(agency),
        f"Spelt most alike are: {', '.join(near) or 'none'}.",
    )
