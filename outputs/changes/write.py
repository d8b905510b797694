"""The table `changes`: agency by agency into a scratch file, then held against peers; all of it streams."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.predecessors import predecessors
from outputs.arrow import final_schema, working_columns
from outputs.changes.between import changes_between, why_not_reports, without_year_before
from outputs.changes.peers import with_peers
from outputs.changes.predecessors import years_of_predecessors
from outputs.changes.records import Change, Side, side_of
from outputs.changes.unusual import MIN_OWN, MIN_PEERS, in_words, log_ratio, middle_and_spread, robust_z
from outputs.collect import Collector
from outputs.history import Agency, agencies

_TABLES = ("facts", "claims", "cells")
_PART_ROWS = 20_000
_NO_RATIO = "no ratio: a negative number, or money that is zero"
_OWN = ("log_ratio", "unusual_own", "n_own", "agency_level")
_SCRATCH = pa.schema(
    [
        *(final_schema("changes").field(name) for name in Change._fields),
        *zip(_OWN, (pa.float64(), pa.float64(), pa.int32(), pa.string()), strict=True),
    ]
)


def write_changes(folder: Path, scratch: Path) -> None:
    """Write `changes` from `reports`, `facts`, `claims` and `cells`.

    In memory are one agency's rows and a part of the table; what agencies have in common is counted on disk.
    """
    own = scratch / "changes-without-peers"
    own.mkdir(parents=True)
    path = own / "rows.parquet"
    reported = years_of_predecessors(folder)
    with pq.ParquetWriter(path, _SCRATCH) as writer:
        held: list[tuple[Any, ...]] = []
        for agency in agencies(folder, _TABLES, current_only=True):
            held += _of_agency(agency, reported)
            if len(held) >= _PART_ROWS:
                writer.write_table(_table(held))
                held = []
        writer.write_table(_table(held))
    order = working_columns("changes")
    with Collector(folder, scratch, "changes") as collector:
        for row in with_peers(path, own):
            finished = _finished(row)
            collector.add([finished[name] for name in order])


def _finished(row: tuple[Any, ...]) -> dict[str, Any]:
    """Columns of the table from a row of the scratch file with its peers."""
    known = dict(zip((*Change._fields, *_OWN, "n", "middle", "spread"), row, strict=True))
    if known["difference"] is None:
        return known | {"n_own": None, "unusual_peers": None, "n_peers": None, "unusual": None}
    moved, n_own = known["log_ratio"], known["n_own"]
    if moved is None:
        return known | {"n_own": None, "unusual_peers": None, "n_peers": None, "unusual": _NO_RATIO}
    n_peers = (known["n"] or 1) - 1
    score = robust_z(moved, known["middle"], known["spread"]) if n_peers >= MIN_PEERS else None
    words = (
        in_words(known["unusual_own"], n_own, MIN_OWN, "own earlier changes"),
        in_words(score, n_peers, MIN_PEERS, "changes of peers"),
    )
    return known | {
        "unusual_own": _decimal(known["unusual_own"]),
        "unusual_peers": _decimal(score),
        "n_peers": n_peers,
        "unusual": "; ".join(words),
    }


def _of_agency(agency: Agency, reported: Mapping[str, frozenset[int]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the scratch file, year by year, each with what the agency's own history says of it."""
    if not agency.agency_id:
        return
    sides = [_side(agency, report) for report in agency.reports if report.report_year]
    level = {side.report.capture_id: side.report.agency_level for side in sides}
    history: dict[tuple[str, str, str], list[float]] = {}
    for change in _changes(sides, reported):
        moved = _log_ratio(change)
        earlier = history.setdefault((change.report_scope, change.indicator, change.applicant), [])
        judged = moved is not None and len(earlier) >= MIN_OWN
        score = robust_z(moved, *middle_and_spread(earlier)) if judged and moved is not None else None
        yield (*change, moved, score, len(earlier), level[change.capture_id_after])
        if moved is not None:
            earlier.append(moved)


def _changes(sides: list[Side], reported: Mapping[str, frozenset[int]]) -> Iterator[Change]:
    """Changes of an agency's current reports, in order of scope and year; the first report of all has none."""
    current = {(side.report.report_scope, side.report.report_year): side for side in sides}
    for (scope, year), after in current.items():
        before = current.get((scope, year - 1))
        others = sorted(other for other, past in current if past == year - 1)
        if before is None and others:
            before = current[others[0], year - 1]
        if before is not None:
            yield from changes_between(before, after, *why_not_reports(before.report, after.report))
        elif taken_over := _taken_over(after.report.agency_id, year, reported):
            yield from without_year_before(after, "agency_changed", f"the report of {year - 1} is by {taken_over}")
        elif any(past < year for _, past in current):
            yield from without_year_before(after, "missing_year", f"no report of {year - 1}")


def _taken_over(agency_id: str, year: int, reported: Mapping[str, frozenset[int]]) -> str:
    """The bodies from which this one took over and that report on the year before; '' where there are none."""
    return ", ".join(before for before in predecessors(agency_id) if year - 1 in reported.get(before, ()))


def _side(agency: Agency, report: Any) -> Side:
    return side_of(report, *(agency.rows(table, report.capture_id) for table in _TABLES))


def _log_ratio(change: Change) -> float | None:
    if change.difference is None or change.value_before is None or change.value_after is None:
        return None
    return log_ratio(change.value_before, change.value_after, change.unit)


def _decimal(score: float | None) -> Decimal | None:
    return None if score is None else Decimal(repr(score))


def _table(rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else [()] * len(_SCRATCH)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, _SCRATCH, strict=True)], _SCRATCH)
