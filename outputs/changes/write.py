"""The table `changes`: agency by agency put aside, then held against peers; all of it streams."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from corpus.predecessors import predecessors
from outputs.arrow import final_schema, working_array, working_columns, working_schema
from outputs.changes.between import changes_between, why_not_reports, without_year_before
from outputs.changes.peers import with_peers
from outputs.changes.predecessors import years_of_predecessors
from outputs.changes.records import Change, Side, side_of
from outputs.changes.unusual import MIN_OWN, MIN_PEERS, in_words, log_ratio, middle_and_spread, robust_z
from outputs.collect import Portions
from outputs.files import write_files
from outputs.history import Agency
from outputs.merge import unique
from outputs.step import Step

_TABLES = ("facts", "claims", "cells")
_NO_RATIO = "no ratio: a negative number, or money that is zero"
_OWN = (
    pa.field("log_ratio", pa.float64()),
    pa.field("own_score", pa.float64()),
    pa.field("n_earlier", pa.int32()),
    pa.field("agency_level", pa.string()),
)
"""What is put aside of each change beside its columns: what peers and the agency's own history are held against."""

_JUDGED = ("unusual_own", "n_own", "unusual_peers", "n_peers", "unusual")
_REPORTED = "years-of-predecessors.json"


def _prepare(folder: Path, scratch: Path) -> None:
    years = {agency_id: sorted(found) for agency_id, found in years_of_predecessors(folder, scratch).items()}
    (scratch / _REPORTED).write_text(json.dumps(years), encoding="utf-8")


@contextmanager
def _read(scratch: Path, stretch: int) -> Iterator[Callable[[Agency], None]]:
    reported = json.loads((scratch / _REPORTED).read_text(encoding="utf-8"))
    with Portions(scratch, "changes", stretch, Change._fields, _OWN) as rows:

        def read(agency: Agency) -> None:
            for row in _of_agency(agency, reported):
                rows.add(row)

        yield read


def _write(folder: Path, scratch: Path) -> None:
    batches = with_peers(scratch, "changes")
    write_files(folder, "changes", unique("changes", (_finished(batch) for batch in batches)))


CHANGES = Step("changes", tables=_TABLES, prepare=_prepare, read=_read, write=(_write,))
"""Write `changes`, of current reports. In memory are one agency's rows and a part of the table; what agencies have in
common is counted on disk."""


def _finished(batch: pa.RecordBatch) -> pa.Table:
    """The table's columns, from rows that were put aside with their peers."""
    differs = batch["difference"].is_valid().to_pylist()
    asked = ("log_ratio", "own_score", "n_earlier", "n", "middle", "spread")
    rows = zip(differs, *(batch[name].to_pylist() for name in asked), strict=True)
    judged = dict(zip(_JUDGED, zip(*(_judged(*row) for row in rows), strict=True), strict=True))
    known = working_schema("changes")
    numbers = {field.name for field in final_schema("changes") if pa.types.is_decimal(field.type)}
    columns = {
        name: working_array(judged[name], known.field(name).type, number=name in numbers)
        if name in judged
        else batch[name]
        for name in working_columns("changes")
    }
    return pa.table(columns)


def _judged(
    differs: bool,
    moved: float | None,
    own_score: float | None,
    n_earlier: int,
    n_alike: int | None,
    middle: float | None,
    spread: float | None,
) -> tuple[Decimal | None, int | None, Decimal | None, int | None, str | None]:
    """How unusual a change is: the columns of _JUDGED."""
    if not differs:
        return None, None, None, None, None
    if moved is None:
        return None, None, None, None, _NO_RATIO
    n_peers = (n_alike or 1) - 1
    score = None
    if n_peers >= MIN_PEERS and middle is not None and spread is not None:
        score = robust_z(moved, middle, spread)
    words = (
        in_words(own_score, n_earlier, MIN_OWN, "own earlier changes"),
        in_words(score, n_peers, MIN_PEERS, "changes of peers"),
    )
    return _decimal(own_score), n_earlier, _decimal(score), n_peers, "; ".join(words)


def _of_agency(agency: Agency, reported: Mapping[str, Iterable[int]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the scratch file, year by year, each with what the agency's own history says of it."""
    if not agency.agency_id:
        return
    sides = [_side(agency, report) for report in agency.current if report.report_year]
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


def _changes(sides: list[Side], reported: Mapping[str, Iterable[int]]) -> Iterator[Change]:
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


def _taken_over(agency_id: str, year: int, reported: Mapping[str, Iterable[int]]) -> str:
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
