import sys
from collections import Counter
from pathlib import Path

import pytest

import parsers
from corpus.archive import MAX_PAGE_BYTES, plan_sources, read_plan

# benchmarks/ is scripts, not an installed package.
sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.crawl_pages import site
from benchmarks.warcs import write_warc


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("warcs") / "made.warc.gz"
    write_warc(path, 60)
    return path


def test_an_archive_of_fewer_pages_is_the_beginning_of_one_with_more(archive, tmp_path):
    write_warc(tmp_path / "fewer.warc.gz", 25)
    whole, fewer = archive.read_bytes(), (tmp_path / "fewer.warc.gz").read_bytes()
    assert whole.startswith(fewer)
    assert len(fewer) < len(whole)


def test_processes_and_blocks_change_nothing(archive, tmp_path, monkeypatch):
    write_warc(tmp_path / "again.warc.gz", 60, processes=2)
    assert (tmp_path / "again.warc.gz").read_bytes() == archive.read_bytes()
    write_warc(tmp_path / "other.warc.gz", 60, seed=1)
    assert (tmp_path / "other.warc.gz").read_bytes() != archive.read_bytes()


def test_every_page_is_there_and_most_are_reports(archive):
    captures = list(read_plan(plan_sources([archive]), max_page_bytes=MAX_PAGE_BYTES))
    assert len(captures) == 60
    found = Counter(
        capture.failure[0] if capture.failure else parsers.parse(capture.data, charset=capture.charset).outcome
        for capture in captures
    )
    assert found["ok"] > 40
    assert found["list_page"] >= 3
    assert not set(found) - {"ok", "list_page", "not_a_report", "image_only", "script_shell", "blocked"}


def test_a_report_says_what_its_site_is_and_prints_its_table():
    answers = [answer for answer in site(3, 0) if answer.uri.endswith("/2023/nb.html") and answer.is_page]
    report = parsers.parse(answers[0].body)
    assert (report.identity.report_year, report.outcome, report.form_ids) == (2022, "ok", ("C2_2021_30",))
    assert report.identity.agency_id
    assert sum(cell.state == "number" for cell in report.cells) > 180
