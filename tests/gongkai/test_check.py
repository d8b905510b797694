"""gongkai check: what it lists, in which order and form, and how it ends."""

import csv
import io
import json
import re

import pytest
from typer.testing import CliRunner

from gongkai import cli
from gongkai.build import build

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{name}{year}年政府信息公开工作年度报告</title></head><body>
<h1>{name}{year}年政府信息公开工作年度报告</h1>
<h2>一、总体情况</h2><p>{year}年，我局共收到政府信息公开申请{told}件。</p>
<h2>二、收到和处理政府信息公开申请情况</h2>
<h2>三、政府信息公开行政复议、行政诉讼情况</h2>
<table><tr><th colspan="5">行政复议</th></tr>
<tr><th>结果维持</th><th>结果纠正</th><th>其他结果</th><th>尚未审结</th><th>总计</th></tr>
<tr>{cells}</tr></table></body></html>"""


def page(name, year, printed):
    cells = "".join(f"<td>{text}</td>" for text in printed)
    return PAGE.format(name=name, year=year, told=5, cells=cells)


PAGES = {
    "a.html": page("北京市海淀区教育局", 2021, ["10", "1", "0", "0", "0"]),
    "b.html": page("北京市海淀区教育局", 2022, ["2", "1", "0", "0", "4"]),
    "c.html": page("上海市黄浦区财政局", 2021, ["2", "", "0", "0", "3"]),
    "d.html": page("上海市黄浦区财政局", 2022, ["2", "1", "0", "0", "3"]),
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    source = tmp_path_factory.mktemp("pages")
    for name, text in PAGES.items():
        (source / name).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("dataset") / "ds"
    build([source], folder)
    return folder


def run(*arguments):
    return CliRunner().invoke(cli.app, ["check", *map(str, arguments)])


def test_what_fails_is_listed_worst_first_with_both_places(dataset):
    result = run(dataset)
    assert result.exit_code == 1
    first, *rest = result.stdout.splitlines()
    assert first.startswith("2 checks fail (2 of them strict) in 2 of 4 reports; 1 are uncertain, ")
    heads = [line for line in rest if re.match(r"\d+\. ", line)]
    assert [line.split(".", 1)[1].split("  ") for line in heads] == [
        [" fail (strict)", "北京市海淀区教育局 2021", "C_RECON"],
        [" fail (strict)", "北京市海淀区教育局 2022", "C_RECON"],
    ]
    entry = [line.strip() for line in rest[rest.index(heads[0]) + 1 :][:4]]
    assert entry[0] == "结果维持 10 + 结果纠正 1 = 11 ≠ 行政复议总计 0"
    assert entry[1] == "left: table 0 row 2 col 0: 10; row 2 col 1: 1; row 2 col 2: 0; row 2 col 3: 0"
    assert entry[2] == "right: table 0 row 2 col 4: 0"
    assert re.fullmatch(r"capture [0-9a-f]{16}, \S*a\.html", entry[3])


def test_a_terminal_of_a_hundred_columns_holds_every_line(dataset, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    result = run(dataset, "--all")
    assert max(map(len, result.stdout.splitlines()[1:])) <= 160


def test_a_selection_without_a_fault_ends_with_0(dataset):
    result = run(dataset, "--agency", "财政局")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 checks fail in 0 of 2 reports; 1 are uncertain, ")


def test_agency_and_year_choose_reports(dataset):
    assert run(dataset, "--agency", "海淀区教育局", "--year", "2022").stdout.count("C_RECON") == 1
    assert run(dataset, "--year", "2030").stdout.startswith("0 checks fail in 0 of 0 reports")
    assert run(dataset, "--year", "2030").exit_code == 0


def test_an_agency_that_is_not_there_is_an_error_that_names_near_ones(dataset):
    result = run(dataset, "--agency", "海锭区教育局")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(
        "gongkai: no agency of this dataset is called that: '海锭区教育局'. Spelt most alike are: "
    )
    assert "北京市海淀区教育局" in result.stderr


def test_verdicts_are_chosen(dataset):
    result = run(dataset, "--verdict", "uncertain", "--format", "csv")
    listed = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["check_id"], row["verdict"], row["reason"]) for row in listed] == [
        ("C_RECON", "uncertain", "blank_cells")
    ]
    # the exit code speaks of what fails, whatever is listed
    assert result.exit_code == 1
    assert result.stderr.startswith("2 checks fail")
    every = json.loads(run(dataset, "--all", "--format", "json").stdout)
    assert {row["verdict"] for row in every} >= {"fail", "uncertain", "pass"}
    assert [row["verdict"] for row in every] == sorted(
        (row["verdict"] for row in every), key=["fail", "uncertain", "not_assessable", "pass"].index
    )


def test_numbers_are_exact_and_nulls_stay_null(dataset):
    listed = json.loads(run(dataset, "--format", "json").stdout)
    assert [(row["left"], row["right"], row["difference"], row["reason"]) for row in listed] == [
        (11, 0, 11, None),
        (3, 4, -1, None),
    ]


def test_the_ending_of_the_file_decides_the_form(dataset, tmp_path):
    assert run(dataset, "--output", tmp_path / "list.json").exit_code == 1
    assert len(json.loads((tmp_path / "list.json").read_text(encoding="utf-8"))) == 2
    run(dataset, "--output", tmp_path / "list.md")
    lines = (tmp_path / "list.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("2 checks fail")
    assert lines[2].startswith("| agency | report_year |")
    run(dataset, "-o", tmp_path / "list.txt")
    assert "≠" in (tmp_path / "list.txt").read_text(encoding="utf-8")


def test_misuse_ends_with_2(dataset, tmp_path):
    assert run(tmp_path).exit_code == 2
    assert run(dataset, "--verdict", "wrong").exit_code == 2
    assert run(dataset, "--format", "xml").exit_code == 2
    inside = run(dataset, "--output", dataset / "list.csv")
    assert inside.exit_code == 2
    assert not (dataset / "list.csv").exists()
