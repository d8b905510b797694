"""The identities and the cues as data: every name is known, every code is documented."""

import csv
import re
from pathlib import Path

import pytest

from corpus.cues import check_cue
from corpus.identities import Term, definitions, load_identities, parse_sum
from corpus.indicators import load_indicators
from outputs.schema.checks import REASONS

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")


def test_every_term_is_an_indicator_and_every_form_is_listed():
    with (ROOT / "corpus" / "data" / "form_list.csv").open(encoding="utf-8", newline="") as file:
        forms = {row["form_id"] for row in csv.DictReader(file)}
    known = {*load_indicators(), "x", "claim"}
    for rule in load_identities():
        assert rule.forms <= forms, rule.identity_id
        names = {term.indicator for side in (rule.left, *rule.rights) for term in side}
        assert names <= known, rule.identity_id


def test_no_two_identities_have_one_name():
    names = [(rule.identity_id, rule.part) for rule in load_identities()]
    assert len(names) == len(set(names))


def test_what_a_mismatch_means_is_a_fail_or_a_listed_reason():
    assert {rule.on_mismatch for rule in load_identities()} <= {"fail", *REASONS}
    assert {rule.strictness for rule in load_identities()} == {"strict", "typical", "definition"}


def test_every_identity_and_every_reason_is_documented():
    printed = set(re.findall(r"`([A-Za-z0-9_]+)`", DOCS))
    assert {rule.identity_id for rule in load_identities()} - printed == set()
    assert set(REASONS) - printed == set()


def test_sums_are_read_term_by_term():
    assert parse_sum("x[total] + y@cumulative@before - z") == (
        Term(1, "x", "total", False, False),
        Term(1, "y", "", True, True),
        Term(-1, "z", "", False, False),
    )


@pytest.mark.parametrize("text", ["", "+ x", "x y", "x *", "x + ", "x@later", "x[", "__import__('os')", "x + 1.5"])
def test_nothing_but_sums_of_indicators_is_read(text):
    with pytest.raises(ValueError, match=r"sum|mark"):
        parse_sum(text)


def test_groups_that_forms_do_not_print_are_defined_by_their_rows():
    terms, forms = definitions()["unable_to_provide_total"]
    assert [term.indicator for term in terms] == ["not_held", "requires_creation", "unclear_after_correction"]
    assert forms == {"C1_2019_60", "C2_2021_30"}


@pytest.mark.parametrize(
    ("use", "words", "fits"),
    [
        ("office", "区政府办代表区政府受理", True),
        ("office", "市政府办公厅代表市政府共受理政府信息公开申请", False),
        ("office", "我办共收到政府信息公开申请", True),
        ("office", "因本机关不掌握等原因无法提供", False),
        ("all_upheld", "，均获维持，", True),
        ("all_upheld", "，均被复议机关维持", True),
        ("all_upheld", "，结果都是维持", True),
        ("all_upheld", "，其中维持3件", False),
        ("all_upheld", "，其中纠正2件，其余均维持", False),
        ("whole_area", "全区各部门共受理申请", True),
        ("channel", "政府网站公开", True),
        ("channel", "信函申请", False),
        ("rest", "其他应主动公开的信息", True),
        ("rest", "公告栏等其他方式公开", False),
        ("granted_and_partial", "予以公开及部分公开", True),
        ("granted_and_partial", "全部或者部分公开的", True),
        ("granted_and_partial", "予以公开3件，部分公开", False),
        ("office_requests", "区政府办公室代表区政府受理", True),
        ("office_requests", "办公室收到来信", False),
        ("all_applicants", "法人或其他组织申请", True),
        ("all_applicants", "其他组织", False),
    ],
)
def test_cues(use, words, fits):
    assert bool(check_cue(use).search(words)) is fits
