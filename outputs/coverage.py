"""Lines of `coverage`: repeats are named, and one capture that was met twice is one line."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import working_columns
from outputs.settle import RUN_ORDER, same_as_previous

_KEY = schema.table("coverage").key

_IS_READ = "outcome IN ('ok', 'duplicate')"
_IN_VAIN = f"NOT {_IS_READ} AND capture_id IS NULL"

# An answer that gave no page needs nothing more where its address was read in another capture.
_MARKED = f"""
WITH answered AS (
    SELECT DISTINCT source_uri, true AS is_answered
    FROM part_coverage
    SEMI JOIN (SELECT source_uri FROM part_coverage WHERE {_IN_VAIN}) USING (source_uri)
    WHERE {_IS_READ} AND capture_id IS NOT NULL
), pages AS (
    SELECT
        part_coverage.* EXCLUDE (outcome, detail, next_step),
        CASE WHEN first_uri IS NOT NULL THEN 'duplicate' ELSE outcome END AS outcome,
        CASE
            WHEN first_uri IS NOT NULL THEN 'the same bytes as ' || first_uri
            WHEN is_answered AND {_IN_VAIN} THEN concat_ws('; ', detail, 'another capture of the address was read')
            ELSE detail
        END AS detail,
        CASE WHEN first_uri IS NOT NULL OR is_answered AND {_IN_VAIN} THEN NULL ELSE next_step END AS next_step
    FROM part_coverage
    LEFT JOIN repeats USING (shard, capture_no)
    LEFT JOIN answered USING (source_uri)
)
"""


def marked() -> str:
    """Return the query for all lines, sorted, with repeats marked `duplicate` and where the first one stands.

    It takes the tables that outputs.settle has made. Of lines with one key the one that counts comes first.
    """
    columns = ", ".join(f'"{name}"' for name in working_columns("coverage"))
    key = ", ".join(f'"{column}"' for column in _KEY)
    return f"{_MARKED} SELECT {columns} FROM pages ORDER BY {key}, outcome = 'duplicate', outcome, detail, {RUN_ORDER}"


def fold(chunks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Make keys unique: lines with one key, which come one after the other, become one that says how many they were.

    The same capture (address, time, bytes) may be met more than once, in two copies of an archive say.
    """
    held: pa.Table | None = None
    for chunk in chunks:
        rows = chunk if held is None else pa.concat_tables([held, chunk])
        # the lines of the last key may go on in the next chunk
        start = _start_of_last(rows)
        yield _fold(rows.slice(0, start))
        held = rows.slice(start)
    if held is not None:
        yield _fold(held)


def _start_of_last(rows: pa.Table) -> int:
    """Row where the lines of the last key begin."""
    begins = pc.indices_nonzero(pc.invert(same_as_previous(rows, _KEY)))
    return int(begins[-1].as_py()) if len(begins) else 0


def _fold(rows: pa.Table) -> pa.Table:
    again = same_as_previous(rows, _KEY)
    if not pc.any(again).as_py():
        return rows
    detail = rows["detail"].to_pylist()
    is_repeat = pc.equal(rows["outcome"], "duplicate").to_pylist()
    first = 0
    met: dict[int, list[str]] = {}
    for place, same in enumerate(again.to_pylist()):
        if not same:
            first = place
        else:
            met.setdefault(first, []).append("" if is_repeat[place] else detail[place] or "")
    for place, others in met.items():
        said = dict.fromkeys([detail[place] or "", *others])
        words = [text for text in said if text]
        detail[place] = "; ".join([*words, f"met {len(others) + 1} times in the sources"])
    rows = rows.set_column(rows.column_names.index("detail"), "detail", pa.array(detail, pa.string()))
    return rows.filter(pc.invert(again))
