"""Lines of `coverage`: repeats are named, and one capture that was met twice is one line."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import CAPTURE_NO, FILE_URI, PLACE
from outputs.parts import SHARD, Parts
from outputs.settle import Settled, same_as_previous

_KEY = schema.table("coverage").key
_REPEATED = "repeated"

LINE_ORDER = (*_KEY, _REPEATED, "outcome", "detail", FILE_URI, PLACE, SHARD, CAPTURE_NO)
"""Of lines with one key the one that counts comes first."""

_READ = pa.array(["ok", "duplicate"])
_ANSWERED = "another capture of the address was read"


def marked_lines(parts: Parts, settled: Settled) -> Iterator[pa.Table]:
    """Yield the lines of all shards with repeats marked `duplicate` (where the first one stands), for LINE_ORDER."""
    for shard, rows in parts.rows("coverage"):
        lines = _mark_repeats(rows, settled.repeats(shard))
        lines = lines.append_column(_REPEATED, pc.equal(lines["outcome"], "duplicate"))
        yield lines.append_column(SHARD, pa.repeat(pa.scalar(shard), lines.num_rows))


def whole_lines(lines: pa.Table) -> pa.Table:
    """Return lines, which are in LINE_ORDER and are all those of their addresses, with unique keys.

    The same capture (address, time, bytes) may be met more than once, in two copies of an archive say: its lines become
    one, which says how often it was met.
    """
    return _fold(_mark_answered(lines))


def _mark_repeats(rows: pa.Table, repeats: pa.Table) -> pa.Table:
    if not repeats.num_rows:
        return rows
    places = pc.index_in(rows[CAPTURE_NO], value_set=repeats[CAPTURE_NO].combine_chunks())
    repeated = pc.is_valid(places)
    detail = pc.binary_join_element_wise("the same bytes as", repeats["first_uri"].take(places), " ")
    rows = _replace(rows, "outcome", repeated, "duplicate")
    rows = _replace(rows, "detail", repeated, detail)
    return _replace(rows, "next_step", repeated, None)


def _mark_answered(rows: pa.Table) -> pa.Table:
    """Say of an answer that gave no page that its address was read in another capture: then nothing needs doing."""
    is_read = pc.is_in(rows["outcome"], value_set=_READ)
    there = pc.is_valid(rows["capture_id"])
    read = rows.filter(pc.and_(is_read, there))["source_uri"]
    in_vain = pc.invert(pc.or_(is_read, there))
    answered = pc.and_(in_vain, pc.is_in(rows["source_uri"], value_set=read))
    detail = pc.binary_join_element_wise(rows["detail"], _ANSWERED, "; ", null_handling="skip")
    return _replace(_replace(rows, "detail", answered, detail), "next_step", answered, None)


def _replace(rows: pa.Table, name: str, where: pa.ChunkedArray, value: object) -> pa.Table:
    column = pc.if_else(where, value, rows[name])
    return rows.set_column(rows.column_names.index(name), rows.schema.field(name), column)


def _fold(rows: pa.Table) -> pa.Table:
    again = same_as_previous(rows, _KEY)
    if not pc.any(again).as_py():
        return rows
    detail = rows["detail"].to_pylist()
    is_repeat = rows[_REPEATED].to_pylist()
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
