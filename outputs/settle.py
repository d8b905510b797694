"""Which captures count: pages with the same bytes are one report, and one report of a year is current.

All of it is done by DuckDB on the light columns of the pages, out of core. What came of it goes to files: the database
that compares all captures keeps its memory until it is closed (50 MB for 100,155 captures, measured).
"""

from pathlib import Path
from typing import Literal

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from outputs.parts import Parts, quoted

_RUN_ORDER = "file_uri, place, shard, capture_no"
"""The order of the pages of a run: as they stand in the sources, whatever shards those were cut into."""

_REPEATS = f"""
CREATE TABLE repeats AS
SELECT shard::BIGINT AS shard, capture_no, first_uri FROM (
    SELECT shard, capture_no, row_number() OVER captures AS nth, first_value(source_uri) OVER captures AS first_uri
    FROM part_coverage
    SEMI JOIN (
        SELECT capture_id FROM part_coverage WHERE outcome = 'ok' GROUP BY capture_id HAVING count(*) > 1
    ) USING (capture_id)
    WHERE outcome = 'ok'
    WINDOW captures AS (PARTITION BY capture_id ORDER BY captured_at, source_uri, {_RUN_ORDER})
)
WHERE nth > 1
ORDER BY shard, capture_no
"""

_REPEATED_LISTS = f"""
CREATE TABLE repeated_lists AS
SELECT shard::BIGINT AS shard, capture_no, first_uri FROM (
    SELECT shard, capture_no, row_number() OVER captures AS nth, first_value(source_uri) OVER captures AS first_uri
    FROM (SELECT DISTINCT shard, capture_no FROM part_listed_reports)
    JOIN part_coverage USING (shard, capture_no)
    WINDOW captures AS (PARTITION BY capture_id ORDER BY source_uri, {_RUN_ORDER})
)
WHERE nth > 1
ORDER BY shard, capture_no
"""

# A report that names no agency or no year can only be superseded by a later capture of its own address.
_CURRENT = """
CREATE TABLE current_reports AS
WITH seen AS (
    SELECT capture_id, max(captured_at) AS seen_at FROM part_coverage WHERE outcome = 'ok' GROUP BY capture_id
), parts AS (
    SELECT shard, capture_no, true AS is_part FROM part_coverage WHERE outcome = 'ok' AND part_of IS NOT NULL
), reports AS (
    SELECT
        capture_id, published_date, source_uri, coalesce(is_part, false) AS is_part,
        agency_id IS NOT NULL AND report_year IS NOT NULL AS known,
        CASE WHEN known THEN agency_id ELSE 'address ' || source_uri END AS subject,
        CASE WHEN known THEN report_year END AS year,
        CASE WHEN known THEN report_scope END AS scope
    FROM part_reports
    ANTI JOIN repeats USING (shard, capture_no)
    LEFT JOIN parts USING (shard, capture_no)
)
SELECT capture_id FROM (
    SELECT capture_id, row_number() OVER (
        PARTITION BY subject, year, scope
        ORDER BY
            is_part, seen_at DESC NULLS LAST, published_date DESC NULLS LAST, source_uri DESC NULLS LAST, capture_id
    ) AS nth
    FROM reports LEFT JOIN seen USING (capture_id)
)
WHERE nth = 1
ORDER BY capture_id
"""

_NO_REPEATS = pa.schema([("capture_no", pa.int64()), ("first_uri", pa.string())]).empty_table()


_TABLES = ("repeats", "repeated_lists", "current_reports")


def settle(base: duckdb.DuckDBPyConnection, parts: Parts, folder: Path) -> None:
    """Compare all captures by their light columns; files in the folder tell what came of it, see `use_settled`.

    Of captures with the same bytes the earliest one stands for the report (then the one whose address sorts
    first), so that the order of the sources makes no difference; of list pages with the same bytes the one whose
    address sorts first. Of the reports with the same agency, year and scope that one is current whose bytes were seen
    last (then the one published last, then by address); a further page, or an attachment, never takes the place of the
    report that it belongs to.
    """
    for name in ("coverage", "reports", "listed_reports"):
        parts.view(base, name)
    for statement in (_REPEATS, _REPEATED_LISTS, _CURRENT):
        base.execute(statement)
    for name in _TABLES:
        base.execute(f"COPY {name} TO {_file(folder, name)} (FORMAT parquet)")


def use_settled(base: duckdb.DuckDBPyConnection, parts: Parts, folder: Path) -> None:
    """Let a database see what `settle` found, for `Settled`."""
    parts.view(base, "coverage")
    for name in _TABLES:
        base.execute(f"CREATE VIEW {name} AS FROM {_file(folder, name)}")


class Settled:
    """What is known once all pages are compared, a shard or a range of reports at a time; one thread's own."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._with_repeats: dict[str, set[int]] = {}

    def repeats(self, shard: int, of: Literal["repeats", "repeated_lists"] = "repeats") -> pa.Table:
        """Return the pages of a shard whose bytes were captured before: `capture_no`, and `first_uri`, where that was.

        `repeats` are reports, `repeated_lists` pages that list what another one lists.
        """
        if of not in self._with_repeats:
            found = self._cursor.execute(f"SELECT DISTINCT shard FROM {of}").fetchall()
            self._with_repeats[of] = {shard for (shard,) in found}
        if shard not in self._with_repeats[of]:
            return _NO_REPEATS
        query = f"SELECT capture_no, first_uri FROM {of} WHERE shard = {shard}"
        return self._cursor.sql(query).to_arrow_table().cast(_NO_REPEATS.schema)

    def current(self, first: str, last: str) -> pa.Array:
        """Return the ids of the current reports from one id to another."""
        query = "SELECT capture_id FROM current_reports WHERE capture_id BETWEEN ? AND ?"
        return _one(self._cursor.sql(query, params=[first, last]).to_arrow_table()["capture_id"])

    def addresses(self, step: int) -> list[str]:
        """Return every so manieth address of all pages, in order and each once: bounds of ranges of lines."""
        query = "SELECT source_uri FROM part_coverage ORDER BY source_uri"
        found: list[str] = []
        passed = 0
        for batch in self._cursor.sql(query).to_arrow_reader():
            found += batch["source_uri"][-passed % step :: step].to_pylist()
            passed += batch.num_rows
        return sorted(set(found[1:]))


def same_as_previous(table: pa.Table, names: tuple[str, ...]) -> pa.Array:
    """Return for each row whether it equals the row before it in these columns; two nulls are equal."""
    if not table.num_rows:
        return pa.array([], pa.bool_())
    same = pa.array([True] * (table.num_rows - 1), pa.bool_())
    for name in names:
        column = _one(table[name])
        before, after = column[:-1], column[1:]
        equal = pc.fill_null(pc.equal(before, after), False)
        both_null = pc.and_(pc.is_null(before), pc.is_null(after))
        same = pc.and_(same, pc.or_(equal, both_null))
    return pa.concat_arrays([pa.array([False]), _one(same)])


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)


def _file(folder: Path, name: str) -> str:
    return quoted(folder / f"settled-{name}.parquet")
