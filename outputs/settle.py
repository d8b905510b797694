"""Which captures count: pages with the same bytes are one report, and one report of a year is current."""

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from outputs.arrow import CAPTURE_NO
from outputs.parts import Parts


@dataclass(frozen=True, slots=True)
class Settled:
    """What is known once all pages are read.

    `repeats` are the `capture_no` of reports whose bytes were captured before, `first_uris` beside them where
    that was; `current` the capture ids of the current reports.
    """

    repeats: pa.Array
    first_uris: pa.Array
    current: pa.Array


def settle(parts: Parts) -> Settled:
    """Compare all captures by their light columns.

    Of captures with the same bytes the earliest one stands for the report (then the one whose address sorts
    first), so that the order of the sources makes no difference. Of the reports with the same agency, year
    and scope that one is current whose bytes were seen last (then the one published last, then by address); a further
    page, or an attachment, never takes the place of the report that it belongs to.
    """
    columns = ["capture_id", "captured_at", "source_uri", "outcome", "part_of", CAPTURE_NO]
    seen = parts.read("coverage", columns, pc.field("outcome") == "ok")
    seen = seen.sort_by([(name, "ascending") for name in ("capture_id", "captured_at", "source_uri", CAPTURE_NO)])
    again = same_as_previous(seen, ("capture_id",))
    first, repeated = seen.filter(pc.invert(again)), seen.filter(again)
    places = pc.index_in(repeated["capture_id"], value_set=first["capture_id"])
    repeats = _one(repeated[CAPTURE_NO])
    current = _current(parts, seen, repeats)
    return Settled(repeats, _one(first["source_uri"].take(places)), current)


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


def _current(parts: Parts, seen: pa.Table, repeats: pa.Array) -> pa.Array:
    columns = [
        "capture_id",
        "agency_id",
        "report_year",
        "report_scope",
        "published_date",
        "source_uri",
        CAPTURE_NO,
    ]
    reports = parts.read("reports", columns)
    reports = reports.filter(pc.invert(pc.is_in(reports[CAPTURE_NO], value_set=repeats)))
    latest = seen.group_by("capture_id").aggregate([("captured_at", "max")])
    places = pc.index_in(reports["capture_id"], value_set=latest["capture_id"])
    known = pc.and_(pc.is_valid(reports["agency_id"]), pc.is_valid(reports["report_year"]))
    # a report that names no agency or no year can only be superseded by a later capture of its own address
    address = pc.binary_join_element_wise("address", reports["source_uri"], " ")
    reports = reports.append_column("subject", pc.if_else(known, reports["agency_id"], address))
    reports = reports.append_column("year", pc.if_else(known, reports["report_year"], None))
    reports = reports.append_column("scope", pc.if_else(known, reports["report_scope"], None))
    reports = reports.append_column("seen_at", latest["captured_at_max"].take(places))
    parts_of = seen.filter(pc.is_valid(seen["part_of"]))[CAPTURE_NO]
    reports = reports.append_column("is_part", pc.is_in(reports[CAPTURE_NO], value_set=parts_of))
    group = ("subject", "year", "scope")
    later = ("seen_at", "published_date", "source_uri")
    order = [(name, "ascending") for name in (*group, "is_part")] + [(name, "descending") for name in later]
    reports = reports.sort_by([*order, ("capture_id", "ascending")])
    return _one(reports.filter(pc.invert(same_as_previous(reports, group)))["capture_id"])


def _one(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    combined = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return combined if isinstance(combined, pa.Array) else pa.concat_arrays(combined.chunks)
