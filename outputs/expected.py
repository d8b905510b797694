"""Agencies and years that should have a report, against what was found."""

from pathlib import Path

from outputs.collect import Collector


def write_agency_years(folder: Path, scratch: Path) -> None:
    """Write agency_years."""
    with Collector(folder, scratch, "agency_years"):
        pass
