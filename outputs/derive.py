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
from outputs.crew import crew, job
from outputs.expected import AGENCY_YEARS
from outputs.history import Stretch, agencies, sort_by_agency, stretches
from outputs.panel import PANEL
from outputs.rates import RATES
from outputs.step import Step
from outputs.terms import TERMS
from outputs.textchanges import TEXT_CHANGES

STEPS = (CHECKS, PANEL, RATES, CHANGES, TEXT_CHANGES, TERMS, NEAR_COPIES, AGENCY_YEARS)
"""In this order each agency goes through them: rates read the checks of theirs."""

STRETCH_REPORTS = 256
"""Reports of a stretch, where there are not too many."""

_MOST_STRETCHES = 1024
"""With more reports stretches get longer: each leaves a dozen files, which are opened together at the end."""

_FEW_REPORTS = 512
"""Until then other processes would take longer to start than they save."""


def derive(
    folder: Path,
    scratch: Path,
    *,
    workers: int = 1,
    steps: Sequence[Step] = STEPS,
    stretch_reports: int = STRETCH_REPORTS,
) -> None:
    """Write all derived tables of a dataset into its folder; `scratch` is one for what is needed in between.

    `workers` processes do the work, and this one does where there is one, or little to do. A worker that dies is
    replaced, and what it did is done again. Raises DatasetError (`duplicate_key`, `workers_died`).
    """
    by_agency = scratch / "by-agency"
    given = {step.gives for step in steps} - {""}
    tables = tuple(sorted({table for step in steps for table in step.tables} - given))
    sort_by_agency(folder, by_agency, tables, threads=workers)
    parts = list(stretches(by_agency, stretch_reports))
    n_reports = parts[-1].last if parts else 0
    if n_reports > _MOST_STRETCHES * stretch_reports:
        parts = list(stretches(by_agency, n_reports // _MOST_STRETCHES))
    for step in steps:
        if step.prepare is not None:
            step.prepare(folder, scratch)
    with crew(1 if n_reports <= min(_FEW_REPORTS, stretch_reports) else workers) as hands:
        hands.do([job(_read, by_agency, scratch, tables, tuple(steps), part) for part in parts])
        for step in steps:
            if step.join is not None:
                step.join(scratch)
        hands.do(
            [
                *(job(write, folder, scratch) for step in steps for write in step.write),
                *(job(step.again, scratch, part.number) for step in steps if step.again for part in parts),
            ]
        )
        hands.do([job(step.conclude, folder, scratch) for step in steps if step.conclude])


def _read(by_agency: Path, scratch: Path, tables: Sequence[str], steps: Sequence[Step], stretch: Stretch) -> None:
    """Let all steps see the agencies of a stretch."""
    with ExitStack() as stack:
        readers = [stack.enter_context(step.read(scratch, stretch.number)) for step in steps if step.read is not None]
        for agency in agencies(by_agency, tables, stretch):
            for read in readers:
                read(agency)
