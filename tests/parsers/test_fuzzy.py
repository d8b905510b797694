"""Likeness of labels: what is taken for a slip or a local wording, and what is not."""

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.labels import split_label
from parsers.fuzzy import closest


def likeness(printed, *names):
    """The name that a label is taken for, None for none."""
    found = closest(split_label(printed), {i: split_label(name) for i, name in enumerate(names)})
    return None if found is None else names[found]


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("其他法律行政止公开", "其他法律行政法规禁止公开"),
        ("信函、传真申请数量", "信函、传真申请数"),
        ("当面申请受理数", "当面申请数"),
        ("属于行政执法卷案", "属于行政执法案卷"),
    ],
)
def test_a_slip_or_a_local_wording_is_taken_for_the_name(printed, name):
    assert likeness(printed, name) == name


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("同意部分公开答复数", "同意公开答复数"),
        ("不同意公开答复数", "同意公开答复数"),
        ("上年收到申请数", "本年收到申请数"),
        ("专职人员数", "兼职人员数"),
        ("未按时办结数", "按时办结数"),
        ("1.属于国家秘密", "2.属于国家秘密"),
        ("主动公开", "依申请公开情况统计"),
    ],
)
def test_a_character_that_tells_rows_apart_is_no_slip(printed, name):
    assert likeness(printed, name) is None


def test_two_names_within_reach_are_none():
    assert likeness("结果维特", "结果维持", "结果维护") is None


def test_pages_whose_labels_are_the_forms_load_no_dictionary():
    page = Path(__file__).parents[2] / "corpus/samples/pingtan-2020/page.html"
    read = "parsers.parse(pathlib.Path(sys.argv[1]).read_bytes())"
    code = f"import sys, pathlib, parsers; {read}; print('jieba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code, page], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
