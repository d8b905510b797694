"""Words of the explorer: each is there in both languages, asked for by somebody, and none is asked for in vain."""

import re
from pathlib import Path

import pytest

import gongkai
from corpus.identities import load_identities
from outputs import explorer, schema
from outputs.agencyyears import LEVELS
from outputs.explorer.wording import Words, both, load_words, pair, plain
from outputs.schema.checks import REASONS, VERDICTS
from outputs.schema.reports import APPLICANTS

FOLDER = Path(explorer.__file__).parent
FRONT_DOOR = Path(gongkai.__file__).parent
SOURCES = [
    *(path for ending in ("*.py", "*.jinja", "*.js") for path in FOLDER.rglob(ending)),
    *FRONT_DOOR.rglob("*.py"),
]
ASKED = re.compile(r"""\b(?:t|words|both|plain)\(\s*f?["']([a-z_]+\.[a-z_0-9.]*)["']""")
QUOTED = re.compile(r"""["']([a-z_]+\.[A-Za-z_0-9.]*)(?=["'{])""")
# the dataset has the English of rates; where there is no Chinese font, that is said in English
IN_ONE_LANGUAGE = ("rate.", "charts.no_font")
FIELD = re.compile(r"{[a-z_]+}")


def values_of(table, column):
    return {value for each in schema.table(table).columns if each.name == column for value in each.values}


def test_both_languages_say_it():
    for key, words in load_words().items():
        if not key.startswith(IN_ONE_LANGUAGE):
            assert words.en.strip(), key
            assert words.zh.strip(), key
            assert bool(FIELD.search(words.en)) == bool(FIELD.search(words.zh)), key


def test_every_word_that_is_asked_for_is_there():
    words = load_words()
    for path in SOURCES:
        for key in ASKED.findall(path.read_text(encoding="utf-8")):
            family = key.endswith((".", "_")) and any(name.startswith(key) for name in words)
            assert key in words or family, f"{path.name}: {key}"


def test_no_word_is_kept_for_nobody():
    quoted = {name for path in SOURCES for name in QUOTED.findall(path.read_text(encoding="utf-8"))}
    families = tuple(name for name in quoted if name.endswith((".", "_")))
    assert [key for key in load_words() if key not in quoted and not key.startswith(families)] == []


@pytest.mark.parametrize(
    ("family", "names"),
    [
        ("identity", {rule.identity_id for rule in load_identities()}),
        ("reason", set(REASONS)),
        ("verdict", set(VERDICTS)),
        ("level", {*LEVELS, "every"}),
        ("applicant", set(APPLICANTS)),
        ("outcome", values_of("coverage", "outcome")),
        ("state", {*values_of("facts", "state"), "absent"}),
        ("source", values_of("facts", "source")),
        ("measure", values_of("facts", "measure")),
        ("scope", values_of("reports", "report_scope")),
        ("strictness", values_of("checks", "strictness")),
    ],
)
def test_a_family_has_a_word_for_every_value_of_the_dataset(family, names):
    assert {key.partition(".")[2] for key in load_words() if key.startswith(f"{family}.")} == names


def test_values_in_words_are_escaped():
    told = both("home.failing", n="<b>")
    assert "&lt;b&gt;" in told
    assert "<b>" not in told
    assert "<i>" not in pair("<i>", "乙")


def test_words_for_an_attribute_stand_one_behind_the_other():
    assert plain("base.home") == "Agencies · 机关"


def test_what_is_the_same_in_both_languages_is_said_once():
    assert pair("2019", "2019") == "2019"
    assert load_words()["base.search_example"] == Words("复议", "复议")
    assert plain("base.search_example") == "复议"
