"""The concordance: every indicator in every form, and what may be compared with what."""

from collections import defaultdict
from typing import get_args

import pytest

from corpus.concordance import NATIONAL, Kind, form_ids, load_concordance, why_not_comparable
from corpus.indicators import load_indicators
from corpus.tables import read_table

FJ, B, C1, C2 = "A_FJ_2014", "B_2014_32", "C1_2019_60", "C2_2021_30"


def test_every_indicator_has_a_note_on_every_national_form():
    concordance = load_concordance()
    assert [(i, f) for i in load_indicators() for f in NATIONAL if not concordance[i, f].note] == []


def test_every_indicator_stands_in_every_form():
    assert list(load_concordance()) == [(i, f) for i in load_indicators() for f in form_ids()]


def test_a_pair_has_one_kind():
    kinds = defaultdict(set)
    for row in read_table("concordance.csv"):
        kinds[row["indicator"], row["form_id"]].add(row["kind"])
    assert {key: found for key, found in kinds.items() if len(found) > 1} == {}
    assert {kind for found in kinds.values() for kind in found} <= set(get_args(Kind))


def test_files_name_only_what_is_listed():
    known = set(load_concordance())
    for name in ("concordance.csv", "concordance_notes.csv"):
        assert {(row["indicator"], row["form_id"]) for row in read_table(name)} - known == set()
    notes = [(row["indicator"], row["form_id"]) for row in read_table("concordance_notes.csv")]
    assert len(notes) == len(set(notes))
    broken = {form for row in read_table("concordance_notes.csv") for form in row["breaks_with"].split()}
    assert broken <= set(form_ids())


def test_what_a_sum_makes_is_said_for_every_sum_and_for_nothing_else():
    said = {key for key, entry in load_concordance().items() if entry.sum_is}
    assert said == {key for key, entry in load_concordance().items() if entry.kind == "sum_of"}
    assert {entry.sum_is for entry in load_concordance().values()} <= {"", "exact", "broader", "narrower"}


@pytest.mark.parametrize(
    ("indicator", "before", "after"),
    [
        ("requests_received", FJ, C1),
        ("requests_received", "", C1),
        ("requests_received", B, ""),
        ("granted_full", B, C1),  # the sum of two rows is what one row counts from 2019 on
        ("litigation_total", B, C2),
        ("other_handling_total", C1, C2),  # one row, then three
        ("admin_penalty_decisions", C1, C2),
        ("not_held", B, C1),
        ("normative_documents_issued", C2, C2),  # narrower in both years
        ("denied_other_law", B, B),
        ("information_processing_fees", "", ""),
    ],
)
def test_same_quantity(indicator, before, after):
    assert why_not_comparable(indicator, before, after) == ""
    assert why_not_comparable(indicator, after, before) == ""


@pytest.mark.parametrize(
    ("indicator", "before", "after"),
    [
        ("normative_documents_issued", C1, C2),  # 规范性文件, then 行政规范性文件
        ("denied_total", B, C1),
        ("denied_total", FJ, C1),  # 行政查询事项 came in with 2019
        ("denied_other_law", B, C1),
        ("denied_other_law", B, "A_SH_2008"),  # broader, but not by the same
        ("unclear_after_correction", B, C1),
        ("responses_total", B, C1),
        ("requests_pending_start", B, C1),  # no such row before 2019
        ("requests_online", "A_CUSTOMS_2010", B),
        ("reconsideration_other", B, C1),  # pending cases have a row of their own from 2019 on
        ("proactive_items_disclosed", "", C1),
        ("admin_fee_amount", C1, C2),
    ],
)
def test_another_quantity(indicator, before, after):
    assert why_not_comparable(indicator, before, after) == "form_changed"
    assert why_not_comparable(indicator, after, before) == "form_changed"


def test_the_sum_of_refusals_is_eight_rows():
    rows = [row for row, _ in load_concordance()["denied_total", C2].cells]
    assert rows == [
        "s3.denied.state_secret",
        "s3.denied.other_law",
        "s3.denied.safety",
        "s3.denied.third_party",
        "s3.denied.internal",
        "s3.denied.process",
        "s3.denied.case_file",
        "s3.denied.inquiry",
    ]
