"""Peers of a change: agencies of one level, in one year and scope, for one indicator and kind of applicant.

DuckDB counts on disk. Sums are taken over exact decimals, so that the order of rows makes no difference.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from outputs.changes.unusual import MAD_FACTOR, MEAN_FACTOR

_BATCH_ROWS = 8_192
_GROUP = "agency_level, report_scope, year, indicator, applicant"

_MIDDLES = f"""
    CREATE TABLE middles AS
    SELECT {_GROUP}, count(*) AS n, median(moved) AS middle FROM moves GROUP BY {_GROUP}
"""
_SPREADS = f"""
    CREATE TABLE spreads AS
    SELECT {_GROUP}, any_value(n) AS n, any_value(middle) AS middle,
        coalesce(nullif({MAD_FACTOR} * median(abs(moved - middle)), 0),
            {MEAN_FACTOR} * sum(abs(moved - middle)) / count(*)) AS spread
    FROM moves JOIN middles USING ({_GROUP}) GROUP BY {_GROUP}
"""


def with_peers(path: Path, scratch: Path) -> Iterator[tuple[Any, ...]]:
    """Yield every row of a Parquet file with three columns more: how many agencies, their median, their spread.

    The file has the columns of the group and `log_ratio`, null where a change has none. The agency itself is one of
    its group; an agency of unknown level has no peers: the three are None.
    """
    with duckdb.connect() as base:
        base.execute(f"SET temp_directory = '{_quoted(scratch / 'spill')}'")
        base.execute(f"CREATE VIEW rows AS SELECT * FROM read_parquet('{_quoted(path)}')")
        base.execute(
            f"CREATE VIEW moves AS SELECT {_GROUP}, CAST(log_ratio AS DECIMAL(18, 9)) AS moved "
            "FROM rows WHERE log_ratio IS NOT NULL AND agency_level <> 'unknown'"
        )
        base.execute(_MIDDLES)
        base.execute(_SPREADS)
        result = base.execute(
            "SELECT rows.*, n, CAST(middle AS DOUBLE), CAST(spread AS DOUBLE) "
            f"FROM rows LEFT JOIN spreads USING ({_GROUP})"
        )
        while batch := result.fetchmany(_BATCH_ROWS):
            yield from batch


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
