"""Telling terms of the reports."""

from pathlib import Path

from outputs.collect import Collector


def write_terms(folder: Path, scratch: Path) -> None:
    """Write terms."""
    with Collector(folder, scratch, "terms"):
        pass
