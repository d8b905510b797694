"""Changes of the text between consecutive years."""

from pathlib import Path

from outputs.collect import Collector


def write_text_changes(folder: Path, scratch: Path) -> None:
    """Write text_changes."""
    with Collector(folder, scratch, "text_changes"):
        pass
