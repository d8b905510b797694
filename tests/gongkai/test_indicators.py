"""`gongkai indicators`: the dictionary is searched in both languages, and one entry is printed whole."""

import csv
import io
import json

import pytest
from typer.testing import CliRunner

from corpus.concordance import form_ids
from corpus.indicators import load_indicators
from gongkai import cli
from outputs.lookup import find_indicators, in_forms


def run(*arguments):
    return CliRunner().invoke(cli.app, ["indicators", *arguments])


def found(search="", **options):
    return [entry.indicator for entry in find_indicators(search, **options)]


@pytest.mark.parametrize(
    ("search", "indicators"),
    [
        ("上年结转", ["requests_pending_start"]),
        ("carried prior", ["requests_pending_start"]),
        ("PENDING start", ["requests_pending_start"]),
        ("denied_total", ["denied_total"]),
        ("requests_received", ["requests_received"]),  # an id alone, not the six that begin with it
        ("否决公开答复数", ["denied_total"]),  # as two forms print it
        ("制发规范性文件总数", ["normative_documents_issued"]),
        ("製發規範性文件總數", ["normative_documents_issued"]),
        ("软盘", ["fees_request_copy_floppy", "fees_proactive_copy_floppy"]),
        ("floppy request", ["fees_request_copy_floppy"]),
    ],
)
def test_search(search, indicators):
    assert found(search) == indicators


def test_without_words_everything_is_listed():
    assert found() == list(load_indicators())


def test_by_group_and_form():
    assert found(group="intake", form="C2") == ["requests_received", "requests_pending_start"]
    assert found(group="fees", form="c2_2021_30") == ["information_processing_fees"]


def test_labels_of_a_form_are_those_that_it_prints():
    printed = {entry.form.form_id: entry.printed for entry in in_forms("litigation_total")}
    assert printed["B_2014_32"] == ("五、行政诉讼数量",)
    assert printed["C2_2021_30"] == ("行政诉讼 / 未经复议直接起诉 / 总计", "行政诉讼 / 复议后起诉 / 总计")
    printed = {entry.form.form_id: entry.printed for entry in in_forms("normative_documents_issued")}
    assert printed["C1_2019_60"] == ("规范性文件 / 本年新制作数量",)
    printed = {entry.form.form_id: entry.printed for entry in in_forms("requests_received")}
    assert printed["C1_2019_60"] == ("一、本年新收政府信息公开申请数量",)


def test_a_list_names_the_kind_per_national_form():
    result = run("--group", "complaints")
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert lines[0] == ["indicator", "label", "unit", "B_2014_32", "C1_2019_60", "C2_2021_30"]
    assert lines[2:] == [
        ["complaints_total", "举报投诉数量", "/", "行政申诉数", "件", "exact"],
        ["grievances_first_handling", "对本部门首次处理不满意的行政申诉数", "件"],
        ["(2", "indicators;", "name", "one", "to", "see", "all", "of", "it)"],
    ]


def test_one_entry_is_printed_whole():
    result = run("normative_documents_issued")
    assert result.exit_code == 0
    text = " ".join(result.stdout.split())
    for said in (
        "normative_documents_issued 制发规范性文件总数 Normative documents issued",
        "counts Normative documents that the body made in the year.",
        "B_2014_32 2014-2018 exact 制发规范性文件总数 All normative documents made in the year",
        "C1_2019_60 2019-2020 exact 规范性文件 / 本年新制作数量",
        "C2_2021_30 2021- narrower 行政规范性文件 / 本年制发件数 The row speaks of",
    ):
        assert said in text


def test_what_does_not_compare_is_said_in_the_entry():
    text = " ".join(run("denied_total").stdout.split())
    assert "sum_of: exact" in text
    assert "Not to be compared with C1_2019_60, C2_2021_30." in text


def test_csv_has_one_line_an_indicator_and_a_column_a_form():
    result = run("--group", "complaints", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["indicator"], row["A_SH_2004"], row["B_2014_32"], row["C1_2019_60"]) for row in rows] == [
        ("complaints_total", "narrower", "exact", "none"),
        ("grievances_first_handling", "exact", "none", "none"),
    ]
    assert set(form_ids()) < rows[0].keys()


def test_json_has_the_notes():
    (entry,) = json.loads(run("other_handling_total", "--format", "json").stdout)
    assert (entry["label_zh"], entry["unit"]) == ("其他处理", "件")
    assert entry["forms"] == {
        "B_2014_32": {
            "kind": "none",
            "sum_is": None,
            "breaks_with": [],
            "printed": [],
            "note": "No such row before 2019.",
        },
        "C1_2019_60": {
            "kind": "exact",
            "sum_is": None,
            "breaks_with": [],
            "printed": ["（六）其他处理"],
            "note": "One row: withdrawn, given up, fee not paid, anything else.",
        },
        "C2_2021_30": {
            "kind": "sum_of",
            "sum_is": "exact",
            "breaks_with": [],
            "printed": [
                "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请",
                "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请",
                "3.其他",
            ],
            "note": "Three rows and no total: it is their sum.",
        },
    }


def test_markdown_is_a_table():
    lines = run("--group", "complaints", "--format", "md").stdout.splitlines()
    assert lines[0].startswith("| indicator | group | label_zh |")
    assert len(lines) == 4


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["reqests_recieved"], "Near it are requests_received"),
        (["received", "--form", "D"], "there is no form 'D': --form. The forms are A_SH_2004,"),
        (["--group", "weather"], "no indicator fits: group 'weather'. The groups are: 1 proactive disclosure,"),
    ],
)
def test_what_is_not_there_is_said_with_what_is(arguments, said):
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr


def test_every_indicator_has_a_definition():
    assert [name for name, entry in load_indicators().items() if not entry.definition] == []
