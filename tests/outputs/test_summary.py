"""Counts of a dataset, read back from its files."""

from dataclasses import replace

import pytest

from corpus.captures import Capture
from outputs.summary import Failure, FindingCount, Page, YearForm
from outputs.writer import dataset_writer
from parsers.records import Finding


@pytest.fixture
def summary(tmp_path, run, page, cell):
    late, skipped = Finding("published_late", "", "x"), Finding("number_skipped", "section 1", "x")
    unmapped = cell._replace(row=2, indicator="", mapping="none")
    with dataset_writer(tmp_path, run) as writer:
        writer.add(*page("a", cells=(cell, unmapped), findings=(late, skipped, replace(skipped, where="section 2"))))
        writer.add(*page("b", uri="b.html", findings=(skipped,), form_ids=("A_FJ_2014", "B_2014_32")))
        writer.add(*page("c", uri="c.html", findings=(), form_ids=(), identity={"report_year": None}))
        for number in range(5):
            capture = Capture(f"locked {number}.html", b"")
            writer.add_failure(capture, ("undecodable", "no read rights", "allow reading"))
        writer.add_failure(Capture("big.html", b""), ("too_large", "90 MB", "raise the limit"))
        return writer.finish()


def test_rows_and_mapped_cells(summary):
    assert (summary.count("reports"), summary.count("cells"), summary.count("facts")) == (3, 4, 3)
    assert summary.cells_mapped == 3


def test_reports_by_year_and_form_with_the_unknown_last(summary):
    assert summary.reports == (
        YearForm(2020, "A_FJ_2014", 1),
        YearForm(2020, "B_2014_32", 1),
        YearForm(2020, "C1_2019_60", 1),
        YearForm(None, "", 1),
    )


def test_findings_by_the_number_of_reports(summary):
    assert summary.findings == (FindingCount("number_skipped", 3, 2), FindingCount("published_late", 1, 1))


def test_failures_with_their_first_examples(summary):
    locked = tuple(Page(f"locked {number}.html", "no read rights", "allow reading") for number in range(3))
    assert summary.failures == (
        Failure("undecodable", 5, locked),
        Failure("too_large", 1, (Page("big.html", "90 MB", "raise the limit"),)),
    )
