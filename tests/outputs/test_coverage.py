"""Every input is one line of coverage, and the line says what a person needs."""

import csv

import pytest

from corpus.captures import Capture
from outputs.writer import dataset_writer
from parsers.records import Finding


def coverage(directory, run, *pages):
    with dataset_writer(directory, run) as writer:
        for capture, result in pages:
            if isinstance(result, tuple):
                writer.add_failure(capture, result)
            else:
                writer.add(capture, result)
        writer.finish()
    with (directory / "coverage.csv").open(encoding="utf-8", newline="") as file:
        return [
            (row["source_uri"], row["captured_at"], row["outcome"], row["detail"], row["next_step"])
            for row in csv.DictReader(file)
        ]


def rows(directory, name):
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_has_an_outcome_and_needs_no_detail(tmp_path, run, page):
    assert coverage(tmp_path, run, page("a")) == [("a.html", "", "ok", "", "")]


def test_a_page_that_is_no_report_stands_in_coverage_only(tmp_path, run, page):
    capture, report = page(
        "a", outcome="list_page", detail="20 links", next_step="capture the linked pages", findings=()
    )
    assert coverage(tmp_path, run, (capture, report)) == [
        ("a.html", "", "list_page", "20 links", "capture the linked pages")
    ]
    for name in ("reports", "sections", "cells", "facts", "findings", "furniture"):
        assert rows(tmp_path, name) == []


def test_findings_of_a_page_that_is_no_report_are_named_in_its_detail(tmp_path, run, page):
    findings = (Finding("deep_nesting", "", ""), Finding("charset_conflict", "", ""))
    line = coverage(tmp_path, run, page("a", outcome="not_a_report", detail="no heading", findings=findings))[0]
    assert line[3] == "no heading (findings: charset_conflict, deep_nesting)"


def test_an_input_that_cannot_be_read_has_no_capture_id(tmp_path, run):
    failure = ("undecodable", "no read rights", "chmod +r locked.html")
    lines = coverage(tmp_path, run, (Capture("locked.html", b""), failure))
    assert lines == [("locked.html", "", "undecodable", "no read rights", "chmod +r locked.html")]
    assert rows(tmp_path, "coverage")[0]["capture_id"] == ""


def test_an_address_captured_twice_is_two_captures(tmp_path, run, page):
    lines = coverage(tmp_path, run, page("a", captured_at="2021"), page("b", captured_at="2022"))
    assert lines == [("a.html", "2021", "ok", "", ""), ("a.html", "2022", "ok", "", "")]
    assert len(rows(tmp_path, "reports")) == 2


def test_an_answer_in_vain_needs_nothing_where_another_capture_of_the_address_was_read(tmp_path, run, page):
    blocked, step = ("blocked", "HTTP 429", "Save the page."), "Save the page."
    lines = coverage(
        tmp_path,
        run,
        (Capture("a.html", b"", "2021-01-01T00:00:00Z"), blocked),
        page("a", uri="a.html", captured_at="2021-01-01T00:00:09Z"),
        (Capture("b.html", b"", "2021-01-01T00:00:00Z"), blocked),
        page("b", uri="b.html", outcome="list_page", detail="3 links", next_step="Look.", findings=()),
    )
    said = "HTTP 429; another capture of the address was read"
    assert lines == [
        ("a.html", "2021-01-01T00:00:00Z", "blocked", said, ""),
        ("a.html", "2021-01-01T00:00:09Z", "ok", "", ""),
        ("b.html", "2021-01-01T00:00:00Z", "blocked", "HTTP 429", step),
        ("b.html", "", "list_page", "3 links", "Look."),
    ]


@pytest.mark.parametrize("turned", [False, True])
def test_the_same_bytes_are_one_report_and_the_second_line_says_duplicate(tmp_path, run, page, turned):
    pages = [page("a", uri="z.html", captured_at="2021"), page("a", uri="b.html", captured_at="2022")]
    lines = coverage(tmp_path, run, *(reversed(pages) if turned else pages))
    assert lines == [
        ("b.html", "2022", "duplicate", "the same bytes as z.html", ""),
        ("z.html", "2021", "ok", "", ""),
    ]
    assert [row["source_uri"] for row in rows(tmp_path, "reports")] == ["z.html"]
    assert len(rows(tmp_path, "cells")) == 1


def test_the_same_page_without_a_report_keeps_its_outcome_each_time(tmp_path, run, page):
    empty = {"outcome": "empty", "findings": (), "next_step": "capture it again"}
    lines = coverage(tmp_path, run, page("", uri="a.html", **empty), page("", uri="b.html", **empty))
    assert [line[2] for line in lines] == ["empty", "empty"]


def test_one_capture_in_two_copies_of_an_archive_is_one_line(tmp_path, run, page):
    lines = coverage(tmp_path, run, page("a", captured_at="2021"), page("a", captured_at="2021"))
    assert lines == [("a.html", "2021", "ok", "met 2 times in the sources", "")]
    assert len(rows(tmp_path, "reports")) == 1


def test_two_failures_at_one_place_are_one_line_with_both_details(tmp_path, run):
    broken = Capture("x.warc", b"")
    lines = coverage(
        tmp_path,
        run,
        (broken, ("undecodable", "byte 90", "repair")),
        (broken, ("undecodable", "byte 10", "repair")),
    )
    assert lines == [("x.warc", "", "undecodable", "byte 10; byte 90; met 2 times in the sources", "repair")]


def test_a_copy_of_a_copy_met_twice_is_one_duplicate(tmp_path, run, page):
    pages = [page("a", uri="a.html"), page("a", uri="b.html"), page("a", uri="b.html")]
    assert coverage(tmp_path, run, *pages) == [
        ("a.html", "", "ok", "", ""),
        ("b.html", "", "duplicate", "the same bytes as a.html; met 2 times in the sources", ""),
    ]
