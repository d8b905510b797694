"""The years on which bodies reported that another body of the dataset took over from."""

from pathlib import Path

from corpus.predecessors import predecessors
from outputs.database import database


def years_of_predecessors(folder: Path, scratch: Path) -> dict[str, frozenset[int]]:
    """Return the years of the current reports of every body that some body of the dataset took over from.

    In memory are the ids of the dataset's bodies and these years: a few megabytes for all bodies of the country.
    """
    path = str(folder / "reports.parquet")
    with database(scratch / "spill-predecessors") as base:
        rows = base.execute("SELECT DISTINCT agency_id FROM read_parquet(?) WHERE agency_id IS NOT NULL", [path])
        ids = {row[0] for row in rows.fetchall()}
        wanted = sorted({before for agency_id in ids for before in predecessors(agency_id)} & ids)
        query = """
            SELECT agency_id, list(DISTINCT report_year) FROM read_parquet(?)
            WHERE is_current AND report_year IS NOT NULL AND agency_id IN (SELECT unnest(?)) GROUP BY agency_id
        """
        found = base.execute(query, [path, wanted]).fetchall() if wanted else []
    return {agency_id: frozenset(years) for agency_id, years in found}
