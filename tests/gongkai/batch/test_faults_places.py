"""The disk is full, or a source changes under the hands of a run: it says so, or plans anew; the next run goes on."""

import resource
import sys

import pytest
from batch_trouble import digests, page, reused, write_warc

import gongkai.build
from corpus.sources import plan_sources
from gongkai.batch.records import Engine
from gongkai.build import build
from gongkai.errors import BatchError, DatasetError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")

FULL = 2_000
"""Bytes of the largest file that the system lets be written: less than a shard's rows take."""


@pytest.fixture
def full_disk(monkeypatch):
    """Let no file grow, in this process or those that read, until told that there is room again."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, before[1]))
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, before)
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("name", ["here", "local"])
def test_a_full_disk_is_said_and_the_next_run_goes_on(crawl, undisturbed, tmp_path, full_disk, name):
    out = tmp_path / "out"
    with pytest.raises(DatasetError) as caught:
        build([crawl], out, engine=Engine(name, 1), keep=True)
    assert caught.value.code == "cannot_write"
    assert "File too large" in str(caught.value)
    full_disk()
    assert not (out / "run.json").exists()
    build([crawl], out, keep=True)
    assert digests(out) == undisturbed


def test_a_disk_that_is_full_at_the_end_costs_no_page(crawl, undisturbed, tmp_path, monkeypatch):
    out = tmp_path / "out"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)

    class Full:
        def begin(self, n_files, n_bytes): ...
        def page(self, n_bytes, n_pages=1): ...
        def merge(self):
            resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, before[1]))

    try:
        with pytest.raises(DatasetError) as caught:
            build([crawl], out, keep=True, watch=Full())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code == "cannot_write"
    build([crawl], out, keep=True)
    assert reused(out) == (20, 0, 0)
    assert digests(out) == undisturbed


def test_a_source_that_changes_while_it_is_read_is_planned_anew(tmp_path, report_text, monkeypatch):
    source = tmp_path / "a.warc"
    write_warc(source, [page(report_text, no) for no in range(4)])
    planned = []

    def plan(sources):
        found = plan_sources(sources)
        planned.append(found.total_bytes)
        if len(planned) == 1:  # between the look at the files and the reading
            write_warc(source, [page(report_text, 4)], 4, "ab")
        return found

    monkeypatch.setattr(gongkai.build, "plan_sources", plan)
    build([source], tmp_path / "out", keep=True)
    assert len(planned) == 2
    monkeypatch.undo()
    build([source], tmp_path / "fresh")
    assert digests(tmp_path / "out") == digests(tmp_path / "fresh")


def test_a_source_that_never_rests_is_an_error(tmp_path, report_text, monkeypatch):
    source = tmp_path / "a.warc"
    write_warc(source, [page(report_text, 0)])

    def plan(sources):
        found = plan_sources(sources)
        write_warc(source, [page(report_text, 1)], 1, "ab")
        return found

    monkeypatch.setattr(gongkai.build, "plan_sources", plan)
    with pytest.raises(BatchError) as caught:
        build([source], tmp_path / "out", keep=True)
    assert caught.value.code == "source_changed"
    assert "a.warc" in str(caught.value)
