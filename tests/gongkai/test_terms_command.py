"""`gongkai terms`: terms of reports, and what came and went, from a dataset on disk."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gongkai.build import build
from gongkai.cli import app
from outputs.schema.text import TERM_STATES
from outputs.termquestions import TermsWanted, terms_question

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("terms") / "dataset"
    build([SAMPLES / "pingtan-2018", SAMPLES / "pingtan-2019", SAMPLES / "customs-2010"], folder)
    return folder


def listed(dataset, *options):
    result = CliRunner().invoke(app, ["terms", str(dataset), "--format", "json", *options])
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_the_terms_of_a_report_are_what_it_speaks_of(dataset):
    rows = listed(dataset, "--agency", "海关总署")
    assert [row["place"] for row in rows] == list(range(1, 41))
    # a body of customs speaks of customs; the sample of the page has the word nineteen times
    assert [row for row in rows if row["term"] == "海关"] == [
        {
            "agency": "海关总署",
            "report_year": 2010,
            "section": "all",
            "place": 1,
            "term": "海关",
            "count": 19,
            "tf_idf": 4.3334,
            "document_frequency": 1,
            "n_documents": 3,
        }
    ]


def test_what_came_and_went_in_one_agency(dataset):
    rows = listed(dataset, "--agency", "平潭", "--year", "2019", "--new", "--vanished")
    assert {row["status"] for row in rows} == {"new", "vanished"}
    assert [row["status"] for row in rows] == sorted((row["status"] for row in rows), key=TERM_STATES.index)
    # 新条例施行以后, 对新条例理解不深: twice in 2019, never in 2018
    assert {
        "agency": "平潭综合实验区管委会",
        "report_scope": "area",
        "year": 2019,
        "status": "new",
        "term": "条例",
        "count_before": 0,
        "count_after": 2,
        "with_before": 0,
        "of_before": 1,
        "with_after": 1,
        "of_after": 1,
    } in rows


def test_three_reports_make_no_trend_and_that_is_said(dataset):
    result = CliRunner().invoke(app, ["terms", str(dataset), "--new"])
    assert result.exit_code == 0
    assert result.stdout.endswith("(0 rows)\n")


def test_a_section_and_a_limit(dataset):
    result = CliRunner().invoke(app, ["terms", str(dataset), "--section", "problems", "--format", "csv", "-n", "1"])
    header, row, rest = result.stdout.split("\n")
    assert header == "agency,report_year,section,place,term,count,tf_idf,document_frequency,n_documents"
    assert row.startswith("平潭综合实验区管委会,2018,problems,1,")
    assert rest == ""
    assert " rows; --limit 0 gives all" in result.stderr


def test_what_a_user_types_is_never_sql(dataset):
    result = CliRunner().invoke(app, ["terms", str(dataset), "--agency", "' OR true --"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no agency of this dataset is called that" in result.stderr
    assert listed(dataset, "--section", "{x}' OR true --") == []


def test_no_dataset_is_said(tmp_path):
    result = CliRunner().invoke(app, ["terms", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith("gongkai: ")


def test_which_table_answers():
    assert TermsWanted().table == "terms"
    assert TermsWanted(("new",), "甲").table == "term_changes"
    assert TermsWanted(("new",)).table == "term_trends"
    assert "t.agency_level = 'all'" in terms_question(TermsWanted(("new",)))
    assert "t.agency_level = 'county'" in terms_question(TermsWanted(("new",), level="county"))
