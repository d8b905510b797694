"""What is wanted: the runs of an archive and their targets, pending or settled. Lives in the catalogue alone."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from scraper.records import Reading, Target
from scraper.store.catalogue import Catalogue
from scraper.store.texts import now, storable

_TARGET = "url, kind, agency, report_year, title, via, part_of, captured_at"
_READING = (
    "outcome, detail, next_step, read_title, read_agency_id, read_agency, read_year, published_date"  # in this order
)


@dataclass(frozen=True, slots=True)
class Run:
    """A run that has begun; `resumed` says that it was begun before and not finished."""

    run_no: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run as the archive remembers it; `finished` is '' while it is not."""

    run_no: int
    kind: str
    plan: str
    started: str
    finished: str
    settled: int
    pending: int


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as the archive remembers it; `reading` is None while it is pending.

    `final_url` is the address after redirects, '' where nothing was told; what a list page listed is not kept:
    it became targets.
    """

    run_no: int
    target: Target
    reading: Reading | None
    final_url: str
    visit_no: int | None


def begin_run(catalogue: Catalogue, kind: str, plan: str) -> Run:
    """Take up the newest unfinished run of this kind and plan, or begin one."""
    found = catalogue.row(
        "SELECT run_no FROM runs WHERE kind = ? AND plan = ? AND finished = '' ORDER BY run_no DESC", (kind, plan)
    )
    if found:
        return Run(int(str(found[0])), resumed=True)
    with catalogue.transaction():
        run_no = catalogue.insert(
            "INSERT INTO runs (run_id, kind, plan, started) VALUES (?, ?, ?, ?)", (str(uuid.uuid4()), kind, plan, now())
        )
    return Run(run_no, resumed=False)


def run_fields(catalogue: Catalogue, run_no: int) -> dict[str, str]:
    """Return what the records of a visit say of its run, so that the run can be entered again."""
    found = catalogue.row("SELECT run_no, run_id, kind, plan, started FROM runs WHERE run_no = ?", (run_no,)) or ()
    return dict(zip(("run", "run-id", "run-kind", "run-plan", "run-started"), map(str, found), strict=bool(found)))


def finish_run(catalogue: Catalogue, run_no: int) -> None:
    """Mark a run as finished: the next one of its plan begins anew."""
    with catalogue.transaction():
        catalogue.change("UPDATE runs SET finished = ? WHERE run_no = ?", (now(), run_no))


def add_targets(catalogue: Catalogue, run_no: int, targets: Iterable[Target]) -> list[Target]:
    """Add the targets that the run does not have yet, within the caller's transaction; return those.

    One that it has takes over the agency and the year of its double where it has none itself: they are the user's.
    """
    return [target for target in targets if _add(catalogue, run_no, target)]


def pending(catalogue: Catalogue, run_no: int) -> Iterator[Target]:
    """Yield the targets that are not settled, in the order they were added, with those added meanwhile."""
    last = 0
    where = "run_no = ? AND outcome = '' AND target_no > ? ORDER BY target_no LIMIT 1"
    while found := catalogue.row(f"SELECT target_no, {_TARGET} FROM targets WHERE {where}", (run_no, last)):
        last = int(str(found[0]))
        yield _target(found[1:])


def settle(
    catalogue: Catalogue, run_no: int, target: Target, reading: Reading, final_url: str, visit_no: int | None
) -> None:
    """Write down what became of a target, within the caller's transaction; one that is new is added first."""
    _add(catalogue, run_no, target)
    values = (
        storable(reading.outcome or "ok"),
        *map(storable, (reading.detail, reading.next_step, reading.title, reading.agency_id, reading.agency)),
        reading.report_year,
        storable(reading.published_date),
        storable(final_url),
        visit_no,
    )
    sets = ", ".join(f"{column.strip()} = ?" for column in f"{_READING}, final_url, visit_no".split(","))
    catalogue.change(
        f"UPDATE targets SET {sets} WHERE run_no = ? AND url = ? AND captured_at = ?",
        (*values, run_no, storable(target.url), storable(target.captured_at)),
    )


def settled(catalogue: Catalogue, run_no: int, url: str, captured_at: str) -> Reading | None:
    """Return what became of a target of the run, without what it listed; None while it is pending or unknown."""
    sql = f"SELECT {_READING} FROM targets WHERE run_no = ? AND url = ? AND captured_at = ? AND outcome <> ''"
    found = catalogue.row(sql, (run_no, storable(url), storable(captured_at)))
    return _reading(found) if found else None


def ended_at(catalogue: Catalogue, url: str, captured_at: str) -> int | None:
    """Return the number of the visit at which a target of any run ended, None where none did."""
    sql = (
        "SELECT visit_no FROM targets WHERE run_no IN (SELECT run_no FROM runs) AND url = ? AND captured_at = ?"
        " AND visit_no IS NOT NULL ORDER BY target_no DESC"
    )
    found = catalogue.row(sql, (storable(url), storable(captured_at)))
    return int(str(found[0])) if found else None


def target_of(catalogue: Catalogue, run_no: int, url: str, captured_at: str) -> Target | None:
    """Return the run's target of an address and a moment."""
    sql = f"SELECT {_TARGET} FROM targets WHERE run_no = ? AND url = ? AND captured_at = ?"
    found = catalogue.row(sql, (run_no, storable(url), storable(captured_at)))
    return _target(found) if found else None


def run_rows(catalogue: Catalogue) -> Iterator[RunRow]:
    """Yield the runs in order."""
    sql = (
        "SELECT run_no, kind, plan, started, finished,"
        " (SELECT count(*) FROM targets WHERE targets.run_no = runs.run_no),"
        " (SELECT count(*) FROM targets WHERE targets.run_no = runs.run_no AND outcome = '')"
        " FROM runs ORDER BY run_no"
    )
    for row in catalogue.rows(sql):
        run_no, kind, plan, started, finished, targets, waiting = _any(row)
        yield RunRow(run_no, kind, plan, started, finished, targets - waiting, waiting)


def target_rows(catalogue: Catalogue, run_no: int | None = None) -> Iterator[TargetRow]:
    """Yield the targets of a run, or of all, in the order they were added."""
    sql = f"SELECT run_no, final_url, visit_no, {_TARGET}, {_READING} FROM targets"
    where, values = (" WHERE run_no = ?", (run_no,)) if run_no is not None else ("", ())
    for row in catalogue.rows(f"{sql}{where} ORDER BY target_no", values):
        number, final_url, visit_no = _any(row[:3])
        yield TargetRow(number, _target(row[3:11]), _reading(row[11:]) if row[11] else None, final_url, visit_no)


def outcome_counts(catalogue: Catalogue, run_no: int | None = None) -> Iterator[tuple[str, int]]:
    """Yield how often each outcome was, in a run or in all, by name; '' counts what is pending."""
    where, values = ("WHERE run_no = ?", (run_no,)) if run_no is not None else ("", ())
    for row in catalogue.rows(
        f"SELECT outcome, count(*) FROM targets {where} GROUP BY outcome ORDER BY outcome", values
    ):
        outcome, count = _any(row)
        yield outcome, count


def _add(catalogue: Catalogue, run_no: int, target: Target) -> bool:
    """Add one target; False where the run has it."""
    key = (run_no, storable(target.url), storable(target.captured_at))
    agency = storable(target.agency)
    words = (target.kind, agency, target.report_year, *map(storable, (target.title, target.via, target.part_of)))
    columns = "run_no, url, captured_at, kind, agency, report_year, title, via, part_of"
    if catalogue.change(
        f"INSERT OR IGNORE INTO targets ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (*key, *words)
    ):
        return True
    if agency or target.report_year:
        catalogue.change(
            "UPDATE targets SET agency = iif(agency = '', ?, agency), report_year = ifnull(report_year, ?)"
            " WHERE run_no = ? AND url = ? AND captured_at = ?",
            (agency, target.report_year, *key),
        )
    return False


def _target(row: tuple[object, ...]) -> Target:
    """Return a target from its columns."""
    url, kind, agency, report_year, title, via, part_of, captured_at = _any(row)
    return Target(url, kind, agency, report_year, title, via, part_of, captured_at)


def _reading(row: tuple[object, ...]) -> Reading:
    """Return a reading from its columns."""
    return Reading(*_any(row))


def _any(row: tuple[object, ...]) -> tuple[Any, ...]:
    """Return a row as what the schema says it is: the columns hold one type each."""
    return row
