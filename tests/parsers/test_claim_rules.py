"""The rules of what a claim counts are sound: no rule can be silent for a slip in its row."""

import re

import pytest

from corpus.indicators import load_indicators
from corpus.tables import read_table
from parsers.cues import firsts
from parsers.zeros import next_sign

RULES = read_table("claim_rules.csv")
CONTEXTS = {row["name"] for row in read_table("claim_contexts.csv")} | {"opening", "generic", "whole_year"}
FLAGS = {"total", "free", "!", "?", "*"}


@pytest.fixture(scope="module")
def macros():
    filled = {}
    for row in read_table("claim_macros.csv"):
        filled[row["name"]] = _filled(row["pattern"], filled)
    return filled


def _filled(text, macros):
    return re.sub(r"\{([A-Z]+)\}", lambda match: macros[match[1]], text)


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{n}-{row['indicator']}") for n, row in enumerate(RULES, 2)])
def test_a_rule_is_sound(row, macros):
    """A rule is tried where one of its keys stands: a key that is no word of the pattern would silence it."""
    words = _filled(f"{row['verb']}|{row['object']}", macros)
    assert row["key"], "without a key a rule is never tried"
    for key in row["key"].split("|"):
        assert key in _plain(words), key
    assert row["indicator"] in load_indicators()
    assert set(row["context"].split()) <= CONTEXTS
    assert {word for word in row["whole"].split() if word not in load_indicators()} <= FLAGS
    assert row["source"]


def _plain(words):
    """A pattern with its first choices written out and without its signs: 其[他它] is 其他其它."""
    words = re.sub(r"(.)\[([^\]])([^\]])\]", r"\1\2\1\3", words)
    return re.sub(r"\(\?:|[()?\[\]*+]|\{[0-9,]+\}", "", words)


@pytest.mark.parametrize(
    ("word", "characters"),
    [
        ("全年", "全"),
        ("(?<![近三])一年(?!级)", "一"),
        ("[第]?[一二]季度", "第一二"),
        ("(?:因|由于)(?:本)?", "因由"),
        (r"\d月", r"\d"),
    ],
)
def test_what_a_word_of_the_data_can_begin_with(word, characters):
    assert firsts(word) == characters


def test_a_word_that_does_not_tell_what_it_begins_with_is_no_word_of_the_data():
    with pytest.raises(ValueError, match="must begin with"):
        firsts(".年")


def test_every_word_that_says_a_zero_has_the_sign_of_one():
    """A sentence without the sign is not looked at: a new word without one would be silent."""
    said = [word for row in read_table("zero_words.csv") if row["use"] == "nothing" for word in row["word"].split("|")]
    said += [f"零{thing}" for thing in ("投诉", "收费")] + [
        f"{no}收费" for no in ("暂不", "暂未", "不", "尚未", "均未", "无")
    ]
    said += [f"{no}{row['word']}" for row in read_table("zero_words.csv") if row["use"] == "verb" for no in "未不无没"]
    assert [word for word in said if next_sign(word, 0) == len(word) and not word.endswith("0")] == []
