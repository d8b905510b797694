"""A page that ends the process that reads it gets its outcome; its neighbours are read as if it were not there."""

import csv

from batch_trouble import page, write_warc

from gongkai.batch.records import Engine, Limits
from gongkai.build import build

EXPECTED = {  # by the number of the page: what it does, and what is said of it
    1: ("abort", "crashed", "the process that read it ended with SIGABRT", "Report the page"),
    2: ("hang", "timeout", "not read within 2 seconds", "--page-seconds"),
    4: ("exit", "crashed", "the process that read it ended with exit code 3", "Report the page"),
    5: ("eat", "too_large", "reading it took more than 400 MB of memory", "--page-memory-mb"),
}


def coverage(out):
    with (out / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return {row["source_uri"]: row for row in csv.DictReader(file)}


def test_the_page_gets_its_outcome_and_its_neighbours_are_safe(tmp_path, report_text, trouble, monkeypatch):
    (tmp_path / "good").mkdir()
    for no in range(7):
        mode = "ab" if no else "wb"
        write_warc(tmp_path / "a.warc", [page(report_text, no, EXPECTED.get(no, ("",))[0])], no, mode)
        if no not in EXPECTED:
            write_warc(tmp_path / "good" / "a.warc", [page(report_text, no)], no, mode)
    build([tmp_path / "good" / "a.warc"], tmp_path / "without")
    monkeypatch.syspath_prepend(trouble)  # the processes that read have the path of this one
    build([tmp_path / "a.warc"], tmp_path / "out", engine=Engine("local", 1, limits=Limits(2, 400)))
    lines = coverage(tmp_path / "out")
    for no, (_, outcome, detail, step) in EXPECTED.items():
        line = lines.pop(f"http://www.example.gov.cn/a/{no}.html")
        assert (line["outcome"], line["detail"]) == (outcome, detail)
        assert step in line["next_step"]
        assert line["capture_id"]
    assert lines == coverage(tmp_path / "without")
    for table in ("reports", "sections", "cells", "claims", "facts", "findings", "furniture", "checks"):
        written, expected = ((tmp_path / name / f"{table}.csv").read_bytes() for name in ("out", "without"))
        assert written == expected, table


def test_a_page_that_met_a_limit_is_read_again_with_another_limit(tmp_path, report_text, trouble, monkeypatch):
    waiting = tmp_path / "waiting"
    waiting.touch()
    write_warc(tmp_path / "a.warc", [page(report_text, 0, f"wait={waiting}")])
    monkeypatch.syspath_prepend(trouble)
    outcomes = []
    for name, seconds in (("local", 0.5), ("here", 0.5), ("here", 60)):
        engine = Engine(name, 1, limits=Limits(seconds))
        summary = build([tmp_path / "a.warc"], tmp_path / "out", engine=engine, keep=True)
        outcomes.append([failure.outcome for failure in summary.failures])
        if len(outcomes) == 2:
            waiting.unlink()
    assert outcomes == [["timeout"], ["timeout"], []]
