"""Peers of a change: agencies of one level, in one year and scope, for one indicator and kind of applicant.

DuckDB counts on disk. Sums are taken over exact decimals, so that the order of rows makes no difference.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from outputs.changes.unusual import MAD_FACTOR, MEAN_FACTOR
from outputs.collect import order_of, portions_of, stretches_of
from outputs.database import database

_BATCH_ROWS = 8_192
_GROUP = "agency_level, report_scope, year, indicator, applicant"
_AT_A_TIME = 1_000_000
"""Changes whose medians are taken together: a median holds all values of its groups, 16 bytes each and more."""

_MOVES = f"""
    CREATE OR REPLACE TEMP VIEW moves AS
    SELECT {_GROUP}, CAST(log_ratio AS DECIMAL(18, 9)) AS moved FROM read_parquet({{files}})
    WHERE log_ratio IS NOT NULL AND agency_level <> 'unknown' AND hash(indicator, year) % {{n}} = {{nth}}
"""
_MIDDLES = f"""
    CREATE OR REPLACE TABLE middles AS
    SELECT {_GROUP}, count(*) AS n, median(moved) AS middle FROM moves GROUP BY {_GROUP}
"""
_SPREADS = f"""
    SELECT {_GROUP}, any_value(n) AS n, any_value(middle) AS middle,
        coalesce(nullif({MAD_FACTOR} * median(abs(moved - middle)), 0),
            {MEAN_FACTOR} * sum(abs(moved - middle)) / count(*)) AS spread
    FROM moves JOIN middles USING ({_GROUP}) GROUP BY {_GROUP}
"""


def with_peers(scratch: Path, name: str) -> Iterator[pa.RecordBatch]:
    """Yield the portions of a table in order with three columns more: how many agencies, their median, their spread.

    The portions have the columns of the group and `log_ratio`, null where a change has none. The agency itself is one
    of its group; an agency of unknown level has no peers: the three are null.
    """
    with database(scratch / "spill-peers") as base:
        files = portions_of(scratch, name)
        (n_rows,) = base.execute(f"SELECT count(*) FROM read_parquet({files})").fetchall()[0]
        n = 1 + n_rows // _AT_A_TIME
        for nth in range(n):
            base.execute(_MOVES.format(files=files, n=n, nth=nth))
            base.execute(_MIDDLES)
            base.execute(f"{'INSERT INTO spreads' if nth else 'CREATE TABLE spreads AS'} {_SPREADS}")
        for stretch in stretches_of(scratch, name):
            query = (
                "SELECT p.*, s.n, CAST(s.middle AS DOUBLE) AS middle, CAST(s.spread AS DOUBLE) AS spread "
                f"FROM read_parquet({stretch}) p LEFT JOIN spreads s USING ({_GROUP}) ORDER BY {order_of(name)}"
            )
            yield from (batch for batch in base.sql(query).to_arrow_reader(_BATCH_ROWS) if batch.num_rows)
