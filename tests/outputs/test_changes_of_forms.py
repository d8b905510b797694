"""One agency whose form changes twice: what the pages print is compared, and nothing else is called a change."""

from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_datasets import write_dataset

import parsers
from corpus.captures import Capture
from outputs.changes import CHANGES
from outputs.rows import Versions
from outputs.run import Run

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"

RUN = Run(Versions("0.0.0", "1", "f0"), (), ("samples",), 10_000_000)

# Typed from the pages: totals of each indicator, 2018 (provincial form) and 2019 (national form).
FROM_2018 = {
    "requests_received": (0, 23),
    "granted_full": (0, 7),
    "granted_partial": (0, 1),
    "reconsideration_total": (0, 0),
    "litigation_total": (0, 0),
}

# Likewise 2020 and 2021, where the second national form follows the first; those that differ.
FROM_2020 = {
    "admin_licence_decisions": (278, 2293),
    "admin_penalty_decisions": (538, 1282),
    "admin_compulsion_decisions": (29, 42),
    "requests_received": (21, 70),
    "granted_full": (7, 30),
    "granted_partial": (6, 5),
    "denied_internal": (0, 1),
    "denied_case_file": (0, 6),
    "denied_exemptions": (0, 7),
    "denied_administrative_inquiry": (0, 1),
    "denied_total": (0, 8),
    "not_held": (4, 25),
    "unclear_after_correction": (3, 0),
    "unable_to_provide_total": (7, 25),
    "not_processed_duplicate": (3, 0),
    "not_processed_total": (3, 0),
    "other_handling_total": (4, 1),
    "requests_processed": (21, 69),
    "requests_pending_end": (0, 1),
    "reconsideration_upheld": (0, 1),
    "reconsideration_other": (0, 2),
    "reconsideration_total": (0, 3),
    "litigation_direct_upheld": (0, 12),
    "litigation_direct_total": (0, 12),
    "litigation_upheld": (0, 12),
    "litigation_total": (0, 12),
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """Changes between the samples, all of them about one area, whatever is read from their words."""
    pages = []
    for year in (2018, 2019, 2020, 2021, 2023):
        capture = Capture(f"{year}.html", (SAMPLES / f"pingtan-{year}" / "page.html").read_bytes())
        report = parsers.parse(capture.data, source_uri=capture.source_uri)
        pages.append((capture, replace(report, identity=replace(report.identity, report_scope="area"))))
    folder = write_dataset(tmp_path_factory.mktemp("pingtan") / "out", RUN, pages, CHANGES)
    return pq.read_table(folder / "changes.parquet").to_pylist()


def totals(rows, year, *statuses):
    return {
        row["indicator"]: (row["value_before"], row["value_after"])
        for row in rows
        if row["year"] == year
        and row["applicant"] == "total"
        and row["status"] in statuses
        # the tables alone: 公布 without 主动 may be read either way
        and "prose" not in (row["source_before"], row["source_after"])
    }


def test_from_the_provincial_form_to_the_national_one(rows):
    assert totals(rows, 2019, "same", "changed") == FROM_2018
    assert {row["applicant"] for row in rows if row["year"] == 2019 and row["status"] == "changed"} == {"total"}


def test_from_the_form_of_2019_to_that_of_2021(rows):
    assert totals(rows, 2021, "changed") == FROM_2020


def test_what_the_form_of_2021_counts_otherwise_is_not_compared(rows):
    row = next(row for row in rows if row["year"] == 2021 and row["indicator"] == "normative_documents_issued")
    assert (row["status"], row["reason"]) == ("not_comparable", "form_changed")
    assert (row["value_before"], row["value_after"], row["difference"]) == (77, 69, None)


def test_fees_are_items_in_2020_and_money_in_2021(rows):
    found = {row["indicator"]: row["status"] for row in rows if row["year"] == 2021}
    assert found["admin_fee_items_prior_year"] == "removed"
    assert found["admin_fee_amount"] == "new"


def test_new_and_gone_are_only_said_of_what_one_form_does_not_ask_for(rows):
    assert {row["reason"] for row in rows if row["status"] in ("new", "removed")} == {"form_changed"}
    gone = {row["indicator"] for row in rows if row["year"] == 2019 and row["status"] == "removed"}
    assert gone == {"disclosed_via_website", "disclosed_via_gazette", "requests_in_person", "requests_online"}


def test_2022_is_missing(rows):
    assert {(row["status"], row["reason"]) for row in rows if row["year"] == 2023} == {
        ("not_comparable", "missing_year")
    }
