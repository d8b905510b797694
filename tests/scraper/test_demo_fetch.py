"""What `make demo-fetch` shows: a fetch, a dataset, and a second fetch that costs only conditional requests."""

import re
import subprocess
import sys
from pathlib import Path

import gongkai

DEMO = Path(__file__).parents[1] / "support" / "demo_fetch.py"
TOLD = re.compile(r"asked (\d+) times, (\d+) times on condition; (\d+) answers were 'not modified'")


def test_the_demonstration_fetches_builds_and_asks_again_only_for_what_changed(tmp_path):
    done = subprocess.run([sys.executable, DEMO, tmp_path], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    first, second = ([int(count) for count in told] for told in TOLD.findall(done.stdout))
    asked = first[0]
    assert first[1:] == [0, 0]
    # robots.txt has no validator; one report was corrected between the two
    assert second == [asked, asked - 1, asked - 2]
    dataset = gongkai.open_dataset(tmp_path / "dataset")
    twice = dataset.reports[dataset.reports.duplicated("source_uri", keep=False)]
    assert len(twice) == 2
    assert list(twice.sort_values("captured_at")["is_current"]) == [False, True]
    assert len(dataset.reports) == 17
