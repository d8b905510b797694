"""What must add up: the identities of the forms, tested on one report and between two."""

from pathlib import Path

from outputs.collect import Collector


def write_checks(folder: Path, scratch: Path) -> None:
    """Write checks."""
    with Collector(folder, scratch, "checks"):
        pass
