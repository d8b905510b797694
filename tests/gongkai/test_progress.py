"""How far a run is, said to a terminal and to a log."""

import io

import pytest
from rich.console import Console

from gongkai import progress


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(progress.time, "monotonic", lambda: Clock.now)
    return Clock


def test_a_log_gets_a_line_every_few_seconds(clock):
    log = io.StringIO()
    lines = progress._Lines(Console(file=log, width=40))
    lines.begin(2, 3_000_000)
    for seconds in (1, 4, 6, 7, 12):
        clock.now = 100 + seconds
        lines.page(500_000)
    lines.merge()
    assert log.getvalue().splitlines() == [
        "gongkai: reading 2 files, 3.0 MB",
        "gongkai: 50%, 3 pages, 0 pages/s, about 0:06 left",
        "gongkai: 83%, 5 pages, 0 pages/s, about 0:02 left",
        "gongkai: 5 pages, 0 pages/s; writing the dataset",
    ]


def test_more_bytes_than_expected_are_no_more_than_all(clock):
    pace = progress._Pace()
    pace.begin(100)
    pace.page(5000)
    assert pace.share() == 1


def test_no_bytes_at_all_are_no_division_by_zero(clock):
    pace = progress._Pace()
    pace.begin(0)
    assert pace.share() == 0
    assert pace.time_left().startswith("about")


def test_a_terminal_gets_a_bar():
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=120)
    with progress._Bar(console) as bar:
        bar.begin(4, 1000)
        bar.page(400)
        bar._progress.refresh()
        shown = screen.getvalue()
        bar.merge()
        bar._progress.refresh()
    assert "Reading 4 files" in shown
    assert "40 %" in shown
    assert "1 pages" in shown
    assert "Writing the dataset" in screen.getvalue()


def test_quiet_watches_nothing():
    with progress.watching(quiet=True) as watch:
        assert watch is None
