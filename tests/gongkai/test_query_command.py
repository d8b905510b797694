"""`gongkai query` and `gongkai export`: what goes where, and what is said of what is left out."""

import json
import os
import pty
import subprocess
import sys
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console
from typer.testing import CliRunner

from gongkai.build import build
from gongkai.cli import app
from gongkai.screen import print_rows, rows_said
from outputs import schema

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"
RECEIVED = (
    "SELECT r.agency, f.report_year, f.value, f.unit FROM facts f JOIN reports r USING (capture_id) "
    "WHERE f.indicator = 'requests_received' AND f.applicant = 'total' ORDER BY f.report_year"
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("command") / "dataset"
    build([SAMPLES / "pingtan-2020", SAMPLES / "pingtan-2021"], folder)
    return folder


def run(*arguments, **options):
    return CliRunner().invoke(app, [str(argument) for argument in arguments], **options)


def query(dataset, *arguments, **options):
    return run("query", dataset, *arguments, **options)


# Formats and places.


def test_a_pipe_gets_csv(dataset):
    result = query(dataset, RECEIVED)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        "agency,report_year,value,unit\n平潭综合实验区管委会,2020,21,件\n平潭综合实验区管委会,2021,70,件\n"
    )


def test_chinese_names_of_columns_and_the_mark_for_spreadsheets(dataset):
    result = query(dataset, f"SELECT *, value, 1 AS one FROM ({RECEIVED}) LIMIT 1", "--labels", "zh", "--excel")
    assert result.stdout == ("\ufeff机关名称,报告年度,数值,单位,数值_2,one\n平潭综合实验区管委会,2020,21,件,21,1\n")


def test_json_and_markdown(dataset):
    rows = json.loads(query(dataset, RECEIVED, "--format", "json").stdout)
    assert rows == [
        {"agency": "平潭综合实验区管委会", "report_year": 2020, "value": 21, "unit": "件"},
        {"agency": "平潭综合实验区管委会", "report_year": 2021, "value": 70, "unit": "件"},
    ]
    assert query(dataset, RECEIVED, "--format", "md", "--limit", "1").stdout == (
        "| agency | report_year | value | unit |\n|---|---:|---:|---|\n| 平潭综合实验区管委会 | 2020 | 21 | 件 |\n"
    )


@pytest.mark.parametrize(
    ("name", "begin"), [("a.csv", "agency,"), ("a.json", "[\n{"), ("a.md", "| agency"), ("a.txt", "agency,")]
)
def test_the_ending_of_a_file_decides_its_format(dataset, tmp_path, name, begin):
    target = tmp_path / name
    target.write_text("what was there", encoding="utf-8")
    result = query(dataset, RECEIVED, "--output", target)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert target.read_text("utf-8").startswith(begin)
    assert list(tmp_path.iterdir()) == [target]


def test_a_table_can_be_written_to_a_file(dataset, tmp_path):
    query(dataset, RECEIVED, "--format", "table", "-o", tmp_path / "a.txt")
    lines = (tmp_path / "a.txt").read_text("utf-8").splitlines()
    assert lines[0].split() == ["agency", "report_year", "value", "unit"]
    assert lines[-1] == "(2 rows)"


def test_the_question_may_stand_in_a_file_or_come_through_a_pipe(dataset, tmp_path):
    (tmp_path / "q.sql").write_text("\ufeffSELECT '平潭' AS place -- from a file\n", encoding="utf-8")
    assert query(dataset, "--file", tmp_path / "q.sql").stdout == "place\n平潭\n"
    assert query(dataset, "--file", "-", input="SELECT 2 AS n;").stdout == "n\n2\n"


# Nothing is left out in silence.


def test_rows_that_a_limit_leaves_out_are_counted(dataset):
    result = query(dataset, "SELECT i FROM range(1234) t(i) ORDER BY i", "--limit", "2")
    assert result.stdout == "i\n0\n1\n"
    assert result.stderr == "gongkai: 2 of 1,234 rows; --limit 0 gives all.\n"
    assert query(dataset, "SELECT i FROM range(2) t(i)", "-n", "2").stderr == ""


def test_csv_has_all_rows_and_a_table_the_first_fifty(dataset):
    question = "SELECT i FROM range(1234) t(i) ORDER BY i"
    assert query(dataset, question).stdout.count("\n") == 1235
    shown = query(dataset, question, "--format", "table").stdout
    assert shown.endswith("(50 of 1,234 rows; --limit 0 gives all)\n")
    assert query(dataset, question, "--format", "table", "--limit", "0").stdout.endswith("(1,234 rows)\n")


@pytest.mark.parametrize(
    ("n_rows", "n_shown", "said"),
    [(0, 0, "(0 rows)"), (1, 1, "(1 row)"), (1, 0, "(0 of 1 row; --limit 0 gives all)")],
)
def test_how_many_rows_there_are(n_rows, n_shown, said):
    assert rows_said(n_rows, n_shown) == said


# The screen.


def screen(width, columns, numeric, rows, limit=None):
    file = StringIO()
    print_rows(Console(width=width, color_system=None, highlight=False, file=file), columns, numeric, rows, limit)
    return [line.rstrip() for line in file.getvalue().splitlines()]


def test_wide_characters_are_aligned_and_null_is_seen():
    rows = [("平潭综合实验区管委会", 21, None), ("abc", 70000, "")]
    assert screen(60, ("agency", "value", "note"), (False, True, False), rows) == [
        "agency                value  note",
        "─────────────────────────────────",
        "平潭综合实验区管委会     21  ∅",
        "abc                   70000",
        "(2 rows)",
    ]


def test_long_text_is_folded_and_numbers_never_are():
    lines = screen(30, ("text", "number"), (False, True), [("统计期限自一月一日起" * 3, 1234567890)])
    assert lines == [
        "text                    number",
        "──────────────────────────────",
        "统计期限自一月一日  1234567890",
        "起统计期限自一月一",
        "日起统计期限自一月",
        "一日起",
        "(1 row)",
    ]


def test_more_columns_than_the_screen_holds_are_listed():
    columns = tuple(f"column_{number}" for number in range(9))
    lines = screen(60, columns, (True,) * 9, [tuple(range(9)), (None,) * 9])
    assert lines[0].startswith("row 1 ─")
    assert lines[1:3] == ["column_0  0", "column_1  1"]
    assert lines[-2:] == ["column_8  ∅", "(2 rows)"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_a_terminal_gets_a_table(dataset):
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "gongkai", "query", str(dataset), "SELECT 1 AS one, NULL AS none"]
    environment = os.environ | {"PYTHONUTF8": "1", "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "80"}
    with subprocess.Popen(command, stdout=theirs, env=environment) as process:
        os.close(theirs)
        process.wait()
        text = os.read(ours, 10_000).decode()
    os.close(ours)
    assert "─" in text
    assert "∅" in text
    assert "(1 row)" in text


# Tables and columns.


def test_tables_are_listed(dataset):
    rows = json.loads(query(dataset, "--tables", "--format", "json").stdout)
    assert [row["table"] for row in rows] == [table.name for table in schema.TABLES]
    assert rows[0] == {
        "table": "reports",
        "label_zh": "报告",
        "rows": 2,
        "meaning": "One row per captured page that is a report.",
    }


def test_a_table_is_described(dataset):
    rows = json.loads(query(dataset, "--describe", "rates", "--format", "json").stdout)
    assert [row["column"] for row in rows] == [column.name for column in schema.table("rates").columns]
    scope = rows[2]
    assert scope == {
        "column": "report_scope",
        "label_zh": "统计范围",
        "kind": "string",
        "key": "key",
        "empty": "never",
        "meaning": "Whose figures these are.",
        "unit": "",
        "values": "own, area, system, unknown",
    }


def test_lists_have_chinese_headings_of_their_own(dataset):
    head = query(dataset, "--describe", "claims", "--labels", "zh").stdout.splitlines()[0]
    assert head == "列,中文名称,类型,主键,何时为空,含义,单位,可取的值"
    assert query(dataset, "--tables", "--labels", "zh").stdout.startswith("表,中文名称,行数,含义\nreports,报告,2,")


# What cannot be done.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ["SELECT valeu FROM facts"],
            "there is no column 'valeu' here: line 1, column 8 of the SQL. Did you mean value?",
        ),
        (["SELECT * FROM nope"], "there is no table 'nope'"),
        (["DELETE FROM facts"], "gongkai query only reads; DELETE is not run"),
        (["SELECT * FROM read_csv('/etc/passwd')"], "reaches the tables of the dataset and nothing else"),
        (["COPY facts TO 'x.csv'"], "gongkai query only reads; COPY is not run"),
        ([], "give the SQL either as an argument or with --file"),
        (["SELECT 1", "--file", "-"], "give the SQL either as an argument or with --file"),
        (["--file", "no-such-file.sql"], "the SQL cannot be read"),
        (["SELECT 1", "--excel", "--format", "json"], "--excel is about CSV"),
        (["--describe", "fatcs"], "there is no table 'fatcs'"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(dataset, arguments, words):
    result = query(dataset, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_dataset_is_not_written_into(dataset):
    before = {path.name: path.read_bytes() for path in dataset.iterdir()}
    for arguments in (
        ("query", dataset, "SELECT 1", "-o", dataset / "facts.csv"),
        ("export", dataset, "-o", dataset / "a"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert "would be written into the dataset" in result.stderr
    assert {path.name: path.read_bytes() for path in dataset.iterdir()} == before


def test_an_error_halfway_leaves_the_file_that_was_there(dataset, tmp_path):
    target = tmp_path / "a.csv"
    target.write_text("old", encoding="utf-8")
    question = "SELECT CAST(if(i < 9000, '1', 'x') AS INT) AS n FROM range(10000) t(i)"
    assert query(dataset, question, "-o", target).exit_code == 2
    assert target.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


# The workbook.


def test_export_says_what_it_wrote(dataset, tmp_path):
    result = run("export", dataset, "-o", tmp_path / "a.xlsx", "--tables", "reports, facts", "--labels", "zh")
    assert result.exit_code == 0
    assert "2 sheets of tables" in result.stdout
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames == ["说明", "数据字典", "reports", "facts"]
    assert run("export", dataset, "-o", tmp_path / "b.xlsx", "--tables", "nope").exit_code == 2


def test_build_for_spreadsheets(tmp_path):
    result = run("build", SAMPLES / "pingtan-2020", "-o", tmp_path / "out", "--excel", "--quiet")
    assert result.exit_code == 0
    assert (tmp_path / "out" / "facts.csv").read_bytes().startswith(b"\xef\xbb\xbfcapture_id,")
