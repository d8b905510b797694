"""The rules of what a claim counts are sound: no rule can be silent for a slip in its row."""

import re

import pytest

from corpus.indicators import load_indicators
from corpus.tables import read_table

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
