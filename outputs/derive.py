"""Tables that are derived from the others: what must add up, what changed, what the text says, what is missing."""

from pathlib import Path

from outputs.changes import write_changes
from outputs.checks import write_checks
from outputs.copies import write_near_copies
from outputs.expected import write_agency_years
from outputs.panel import write_panel
from outputs.rates import write_rates
from outputs.terms import write_terms
from outputs.textchanges import write_text_changes

_STEPS = (
    write_checks,
    write_panel,
    write_rates,
    write_changes,
    write_text_changes,
    write_terms,
    write_near_copies,
    write_agency_years,
)
"""Each takes the folder with the tables so far and a folder for what it needs in between. A step may read what the
steps before it wrote."""


def derive(folder: Path, scratch: Path) -> None:
    """Write all derived tables of a dataset into its folder."""
    for step in _STEPS:
        step(folder, scratch)
