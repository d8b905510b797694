import json
import subprocess
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "bench_fetch.py"


def test_every_comparison_is_made_on_all_pages():
    """A few small pages; the script itself ends with words where a way of fetching or reading loses one."""
    few = ("--pages", "4", "--size", "3000", "--runs", "1", "--json")
    done = subprocess.run([sys.executable, SCRIPT, *few], capture_output=True, text=True, check=True, timeout=120)
    said = json.loads(done.stdout)
    assert all(name in said["machine"] for name in ("Python", "scrapy", "warcio", "fastwarc"))
    compared = [(timing["what"], timing["baseline"]) for timing in said["timings"]]
    assert compared == [
        ("a live fetch", "Scrapy"),
        ("a live fetch", "Scrapy and parsers"),
        ("Archive.record", "warcio"),
        ("verify", "fastwarc, digests"),
        ("a lost catalogue", "fastwarc, digests"),
    ]
    assert all(timing["baseline_ms"] > 0 and timing["ours_ms"] > 0 for timing in said["timings"])
