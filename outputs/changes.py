"""Changes of figures between consecutive years."""

from pathlib import Path

from outputs.collect import Collector


def write_changes(folder: Path, scratch: Path) -> None:
    """Write changes."""
    with Collector(folder, scratch, "changes"):
        pass
