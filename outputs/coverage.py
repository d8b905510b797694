"""Lines of `coverage`: repeats are named, and one capture that was met twice is one line."""

import pyarrow as pa
import pyarrow.compute as pc

from outputs import schema
from outputs.arrow import CAPTURE_NO
from outputs.settle import Settled, same_as_previous

_READ = pa.array(["ok", "duplicate"])
_ANSWERED = "another capture of the address was read"


def coverage_rows(rows: pa.Table, settled: Settled) -> pa.Table:
    """Return coverage rows with repeats marked `duplicate` (where the first one stands) and keys unique.

    `rows` hold all rows of the addresses in them. The same capture (address, time, bytes) may be met more
    than once, in two copies of an archive say: its lines become one, which says how often it was met.
    """
    return _fold(_mark_answered(_mark_repeats(rows, settled)))


def _mark_repeats(rows: pa.Table, settled: Settled) -> pa.Table:
    places = pc.index_in(rows[CAPTURE_NO], value_set=settled.repeats)
    repeated = pc.is_valid(places)
    detail = pc.binary_join_element_wise("the same bytes as", settled.first_uris.take(places), " ")
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
    key = schema.table("coverage").key
    rows = rows.append_column("repeated", pc.equal(rows["outcome"], "duplicate"))
    order = (*key, "repeated", "outcome", "detail", CAPTURE_NO)
    rows = rows.sort_by([(name, "ascending") for name in order])
    again = same_as_previous(rows, key)
    if not pc.any(again).as_py():
        return rows
    detail = rows["detail"].to_pylist()
    is_repeat = rows["repeated"].to_pylist()
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
