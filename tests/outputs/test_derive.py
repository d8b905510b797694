"""The derived tables are the same however many processes make them, wherever agencies are cut, whoever dies."""

import os

import psutil
import pytest
from dying import kill_me, killed_once
from small_datasets import write_dataset

from outputs.changes import CHANGES
from outputs.checks import CHECKS
from outputs.crew import crew, job
from outputs.derive import derive
from outputs.errors import DatasetError
from outputs.history import agencies, rank_reports, sort_by_agency, stretches
from outputs.panel import PANEL
from outputs.rates import RATES
from outputs.schema import TABLES
from outputs.step import Step


@pytest.fixture
def pages(page):
    """Reports of five agencies over three years, and two that name no agency."""
    return [
        page(
            f"page {n}",
            f"http://a.gov.cn/{n:02}",
            identity={"agency_id": f"32081{n % 5}" if n < 15 else "", "report_year": 2019 + n // 5},
        )
        for n in range(17)
    ]


@pytest.fixture
def derived(tmp_path, run, pages):
    """Derive all tables of the dataset, in a folder of its own; return every file by name."""

    def make(name, **settings):
        folder = write_dataset(tmp_path / name, run, pages)
        (tmp_path / f"{name}-more").mkdir()
        derive(folder, tmp_path / f"{name}-more", **settings)
        return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "run.json"}

    return make


def test_stretches_workers_and_a_worker_that_is_killed_make_no_difference(derived, tmp_path):
    whole = derived("whole")
    assert {f"{table.name}.{kind}" for table in TABLES for kind in ("csv", "parquet")} == whole.keys()
    assert whole["changes.csv"].count(b"\n") > 5
    assert derived("each", stretch_reports=1) == whole
    # steps that load neither a dictionary nor scipy in every process
    steps = (CHECKS, PANEL, RATES, CHANGES, Step("killed", read=killed_once))
    killed = derived("killed", stretch_reports=7, few_reports=0, workers=2, steps=steps)
    assert killed == {name: whole[name] for name in killed}
    assert "changes.csv" in killed
    assert (tmp_path / "killed-more" / "died").exists()


def test_no_agency_is_in_two_stretches_and_none_is_left_out(tmp_path, run, pages):
    folder = write_dataset(tmp_path / "out", run, pages)
    rank_reports(folder, tmp_path / "sorted")
    sort_by_agency("facts", folder, tmp_path / "sorted")
    cut = list(stretches(tmp_path / "sorted", 2))
    found = [agency for stretch in cut for agency in agencies(tmp_path / "sorted", ("facts",), stretch)]
    # those without an id come first, each by itself
    assert [agency.agency_id for agency in found] == ["", "", *(f"32081{n}" for n in range(5))]
    assert [stretch.number for stretch in cut] == list(range(len(cut)))
    assert [(stretch.first, stretch.last) for stretch in cut][:2] == [(1, 2), (3, 5)]
    assert sum(len(agency.rows("facts", report.capture_id)) for agency in found for report in agency.reports) == 17


def test_a_dataset_without_reports_has_all_tables(tmp_path, run):
    folder = write_dataset(tmp_path / "out", run, [])
    (tmp_path / "scratch").mkdir()
    derive(folder, tmp_path / "scratch", workers=2)
    assert all((folder / f"{table.name}.csv").read_text(encoding="utf-8").count("\n") >= 1 for table in TABLES)


def test_a_job_that_kills_every_worker_ends_the_run(tmp_path):
    with crew(2) as hands, pytest.raises(DatasetError) as error:
        hands.do([job(os.getpid), job(kill_me)])
    assert error.value.code == "workers_died"
    assert "kill_me" in error.value.where


def test_what_a_job_raises_is_raised_and_no_process_stays():
    before = set(psutil.Process().children())
    with crew(2) as hands, pytest.raises(FileNotFoundError):
        hands.do([job(os.getpid), job(os.rmdir, "/nowhere/at/all"), job(os.getpid)])
    assert set(psutil.Process().children()) == before
