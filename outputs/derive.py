"""Tables that are derived from the others: what must add up, what changed, what the text says, what is missing.

The reports are sorted by agency once. Stretches of agencies are then read one by one, in as many processes as there
are workers; every step sees each agency in the same pass. What a step makes goes to disk, and is joined and sorted
there at the end. The bytes are the same whatever the number of workers and wherever the stretches are cut.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from outputs.changes import CHANGES
from outputs.checks import CHECKS
from outputs.copies import NEAR_COPIES
from outputs.crew import Job, crew, job
from outputs.expected import AGENCY_YEARS
from outputs.history import Stretch, agencies, rank_reports, sort_by_agency, stretches
from outputs.panel import PANEL
from outputs.rates import RATES
from outputs.step import Step
from outputs.terms import TERMS
from outputs.textchanges import TEXT_CHANGES

STEPS = (CHECKS, PANEL, RATES, CHANGES, TEXT_CHANGES, TERMS, NEAR_COPIES, AGENCY_YEARS)
"""In this order each agency goes through them: rates read the checks of theirs."""

STRETCH_REPORTS = 256
"""Reports of a stretch: what is made of them is sorted in memory at the end."""

FEW_REPORTS = 1_024
"""Until then other processes would take about as long to start, phase by phase, as they save."""


def derive(
    folder: Path,
    scratch: Path,
    *,
    workers: int = 1,
    steps: Sequence[Step] = STEPS,
    stretch_reports: int = STRETCH_REPORTS,
    few_reports: int = FEW_REPORTS,
) -> None:
    """Write all derived tables of a dataset into its folder; `scratch` is one for what is needed in between.

    `workers` processes do the work, and this one does where there is one, or no more than `few_reports`. A worker that
    dies is replaced, and what it did is done again. Raises DatasetError (`duplicate_key`, `workers_died`).
    """
    by_agency = scratch / "by-agency"
    given = {step.gives for step in steps} - {""}
    tables = tuple(sorted({table for step in steps for table in step.tables} - given))
    rank_reports(folder, by_agency)
    parts = list(stretches(by_agency, stretch_reports))
    hands = 1 if parts[-1].last <= few_reports else workers
    _do(hands, [job(sort_by_agency, table, folder, by_agency) for table in tables])
    for step in steps:
        if step.prepare is not None:
            step.prepare(folder, scratch)
    _do(hands, [job(_read, by_agency, scratch, tables, tuple(steps), part) for part in parts])
    for step in steps:
        if step.join is not None:
            step.join(scratch)
    _do(hands, [job(step.again, scratch, part.number) for step in steps if step.again for part in parts])
    _do(hands, [job(write, folder, scratch) for step in steps for write in step.write])
    _do(hands, [job(step.conclude, folder, scratch) for step in steps if step.conclude])


def _do(workers: int, jobs: Sequence[Job]) -> None:
    """Do jobs of one kind, with processes of their own: none holds what only the jobs before needed."""
    with crew(workers) as hands:
        hands.do(jobs)


def _read(by_agency: Path, scratch: Path, tables: Sequence[str], steps: Sequence[Step], stretch: Stretch) -> None:
    """Let all steps see the agencies of a stretch."""
    with ExitStack() as stack:
        readers = [stack.enter_context(step.read(scratch, stretch.number)) for step in steps if step.read is not None]
        for agency in agencies(by_agency, tables, stretch):
            for read in readers:
                read(agency)
