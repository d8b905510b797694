import sys
from pathlib import Path

import pytest

# benchmarks/ is scripts, not an installed package.
sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks import bench_stages, performance
from benchmarks.bench_dataset import QUESTIONS
from benchmarks.draw import draw
from benchmarks.plan import plan
from benchmarks.tables import all_tables, markdown, plain

DOCUMENT = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")


def build(n_pages, workers, grown=0):
    phases = {"read": n_pages / 50, "merge": n_pages / 500, "derive": n_pages / 200, "publish": 1.0}
    case = {"pages": n_pages, "engine": "local", "workers": workers, "seed": 0, "grown": grown, "shards": 2}
    times = {"seconds": sum(phases.values()), "phases": phases}
    sizes = {"archive_mb": 13.0, "dataset_mb": 126.0, "kept_mb": 5.0, "largest_mb": 217.0}
    memory = {"peak_mb": {"main": 210.0, "reader": 190.0}, "samples": [[0.5, "read", 1, 60.0, 90.0, 150.0]] * 3}
    return case | times | sizes | memory | {"reused": {"pages": 0, "remapped": 0, "read": n_pages}}


@pytest.fixture(scope="module")
def results():
    timing = bench_stages.time_pages("2016", 15_000, 1)
    asked = [{"question": name, "threads": 2, "seconds": 0.1, "rows": 3} for name in QUESTIONS]
    return {
        "machine": "here",
        "stages": [{name: getattr(timing, name) for name in ("layout", "n_bytes", "ways", "stages")}],
        "truth": [{"reader": "gongkai", "numbers": 3, "right": 3}, {"reader": "script", "numbers": 3, "wrong": 1}],
        "dataset": {"facts": 10_000_000, "merge_seconds": {"2": 60.0}, "asked": asked},
        "build": [build(1_000, 1), build(1_000, 2), build(1_000, 2, grown=100), build(100_000, 2)],
    }


def test_every_stage_is_found_and_takes_time(results):
    """A function that is renamed would be timed as nothing, and its time counted as another's."""
    (timing,) = results["stages"]
    assert set(timing["stages"]) == {*bench_stages.STAGES, "report"}
    assert all(spent > 0 for spent in timing["stages"].values())
    assert tuple(timing["ways"]) == bench_stages.WAYS


def test_every_result_has_its_place_in_the_document(results):
    document = DOCUMENT
    for name, rows in all_tables(results).items():
        assert len({len(row) for row in rows}) == 1, name
        assert plain(rows)
        again = performance.put(document, name, markdown(rows))
        assert markdown(rows) in again
        assert performance.put(again, name, markdown(rows)) == again
    assert plan(results["build"]) in performance.put(document, "plan", plan(results["build"]))


def test_the_plan_is_the_arithmetic_of_the_largest_build(results):
    text = plan(results["build"])
    # 100,000 pages in 2,000 s of two workers: 12.5 million in 250,000 s, 139 core-hours
    assert "Times 125:" in text
    assert "**139 core-hours**" in text
    assert plan([]) == ""


def test_the_same_figures_give_the_same_plots(results, tmp_path):
    first, again = draw(tmp_path / "1", results), draw(tmp_path / "2", results)
    assert [path.name for path in first] == ["ways.svg", "stages.svg", "memory.svg", "scaling.svg"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]
    assert all(f"performance/{path.name})" in DOCUMENT for path in first)
