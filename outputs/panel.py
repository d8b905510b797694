"""The panel: one row per agency, year and scope."""

from pathlib import Path

from outputs.collect import Collector


def write_panel(folder: Path, scratch: Path) -> None:
    """Write panel, panel_filled, panel_fills."""
    with Collector(folder, scratch, "panel"):
        pass
    with Collector(folder, scratch, "panel_filled"):
        pass
    with Collector(folder, scratch, "panel_fills"):
        pass
