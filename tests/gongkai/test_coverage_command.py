"""`gongkai coverage`: what is printed, in which form, and what it says when it cannot."""

import csv
import io
import json
import re
import shlex
from pathlib import Path

import pytest
from small_font import ASCII, make_font
from typer.testing import CliRunner

from gongkai.build import build
from gongkai.cli import app

ROOT = Path(__file__).parents[2]
HEAD = """\
9 reports known of 3 agencies, 2018 to 2023.
  found           5  a page is there
  read            3  balanced: 3; not balanced: 0; cannot be told: 0
  failed          1  a page is there and gave no report
  duplicate       1  the page is another report's
  missing         4  no page is there
  late            1  on time: 1; cannot be told: 7
  pages that are in none of these counts, since no agency or no year is known: 1

                     2018 2019 2020 2021 2022 2023
淮安市洪泽区教育局   .    .    +    ?    +L   x
淮安市洪泽区财政局   .    .    +    =    .    .
淮安市洪泽区人民政府 ?    ?    ?    .    .    .

+  read, and the sums of its form that could be tested add up
o  read; no check of its balance was possible
!  read, but a sum of its form does not add up
=  the page is another report's, byte for byte
x  a page is there and gave no report
?  a report is known or due, and no page is there
L  behind a mark: published after the legal deadline of that year
.  nothing says that there is a report

Not there, or not read (6)
"""
LIST = """<html><head><meta charset="utf-8"><title>政府信息公开年报_淮安市洪泽区人民政府</title></head><body><ul>
<li><a href="2018.html">2018年政府信息公开年度报告</a></li>
<li><a href="2019.html">2019年政府信息公开年度报告</a></li>
<li><a href="2020.html">2020年政府信息公开年度报告</a></li>
<li><a href="2021.html">2021年法治政府建设年度报告</a></li>
</ul></body></html>"""
MANIFEST = """file,source_uri,agency,report_year
edu2021.html,,淮安市洪泽区教育局,2021
edu2023.pdf,,淮安市洪泽区教育局,2023
same.html,,淮安市洪泽区财政局,2021
"""


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, report_page, notice_page):
    """Three reports, a page that is another's, one that cannot be read, one that is missing, a list, and a notice."""
    folder = tmp_path_factory.mktemp("coverage")
    pages = folder / "pages"
    pages.mkdir()

    def page(agency, year, published=""):
        date = f'<meta name="PubDate" content="{published}">' if published else ""
        text = report_page.decode().replace("清河县财政局", agency).replace("2022年", f"{year}年")
        return text.replace("<title>", f"{date}<title>").encode()

    (pages / "edu2020.html").write_bytes(page("淮安市洪泽区教育局", 2020, "2021-01-28"))
    (pages / "edu2022.html").write_bytes(page("淮安市洪泽区教育局", 2022, "2023-02-10"))
    (pages / "edu2023.pdf").write_bytes(b"%PDF-1.4\n")
    (pages / "fin2020.html").write_bytes(page("淮安市洪泽区财政局", 2020))
    (pages / "same.html").write_bytes(page("淮安市洪泽区财政局", 2020))
    (pages / "list.html").write_text(LIST, "utf-8")
    (pages / "notice.html").write_bytes(notice_page)
    (pages / "manifest.csv").write_text(MANIFEST, "utf-8")
    build([pages], folder / "dataset")
    return folder / "dataset"


def run(*arguments):
    return CliRunner().invoke(app, ["coverage", *(str(argument) for argument in arguments)])


def rows_of(text):
    return [(row["agency_id"], row["report_year"], row["status"]) for row in csv.DictReader(io.StringIO(text))]


def test_counts_then_years_then_what_to_do(dataset):
    result = run(dataset)
    assert result.exit_code == 0
    lines = [line.rstrip() for line in result.stdout.splitlines()]
    assert "\n".join(lines).startswith(HEAD)
    for words in ("Published late (1)", "2023-02-10", "2023-01-31", "Pages that gave no report (3)", "attachment_only"):
        assert words in result.stdout


def test_a_part_of_the_agencies_and_years(dataset):
    result = run(dataset, "--agency", "教育", "--years", "2020", "2021", "--format", "csv")
    assert rows_of(result.stdout) == [
        ("320813-education", "2020", "parsed"),
        ("320813-education", "2021", "missing"),
    ]
    assert rows_of(run(dataset, "--agency", "320813-government", "--format", "csv").stdout) == [
        ("320813-government", "2018", "missing"),
        ("320813-government", "2019", "missing"),
        ("320813-government", "2020", "missing"),
    ]
    assert run(dataset, "--level", "township").exit_code == 2


def test_years_that_are_expected_because_one_asks(dataset):
    result = run(dataset, "--agency", "财政", "--expect", "2006", "2010", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert [(row["report_year"], row["known_from"], row["status"], row["agency"]) for row in rows] == [
        ("2008", "expected", "missing", "淮安市洪泽区财政局"),
        ("2009", "expected", "missing", "淮安市洪泽区财政局"),
        ("2010", "expected", "missing", "淮安市洪泽区财政局"),
        ("2020", "report", "parsed", "淮安市洪泽区财政局"),
        ("2021", "manifest", "duplicate", "淮安市洪泽区财政局"),
    ]
    assert rows[0]["deadline"] == "2009-03-31"


def test_a_limit_is_said(dataset):
    text = run(dataset, "--limit", "2").stdout
    assert "2 of 3 agencies are shown; --limit 0 shows all." in text
    assert "2 of 6 lines are shown; --limit 0 shows all." in text
    assert "淮安市洪泽区人民政府" not in text.partition("Not there")[0]
    assert "are shown" not in run(dataset, "--limit", "0").stdout


def test_json_and_markdown_and_files(dataset, tmp_path):
    rows = json.loads(run(dataset, "--format", "json").stdout)
    assert [(row["agency_id"], row["report_year"], row["late"], row["days_late"]) for row in rows][2] == (
        "320813-education",
        2022,
        "late",
        10,
    )
    assert run(dataset, "-o", tmp_path / "a.md").exit_code == 0
    text = (tmp_path / "a.md").read_text("utf-8")
    assert "- 9 reports known of 3 agencies, 2018 to 2023.\n" in text
    assert "| 淮安市洪泽区教育局 | . | . | + | ? | +L | x |\n" in text
    assert "- `+` read, and the sums of its form that could be tested add up\n" in text
    assert "| manifest | pages/edu2021.html: listed in pages/manifest.csv, line 2, but no such file |" in text
    for name in ("a.csv", "a.json", "a.txt"):
        assert run(dataset, "--output", tmp_path / name).stdout == ""
    assert len(rows_of((tmp_path / "a.csv").read_text("utf-8"))) == len(rows) == 9
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == rows
    assert (tmp_path / "a.txt").read_text("utf-8").startswith("9 reports known of 3 agencies")


def test_the_picture_is_drawn_beside_the_table(dataset, tmp_path):
    names = "淮安市洪泽区教育局财政人民府"
    font = make_font(tmp_path / "boxes.ttf", ASCII + "".join(sorted(set(names))))
    result = run(dataset, "--heatmap", tmp_path / "a.png", "--font", font)
    assert result.exit_code == 0
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    assert f"the heat map is in {tmp_path / 'a.png'}" in result.stderr
    assert result.stdout.startswith("9 reports known")
    assert run(dataset, "--heatmap", tmp_path / "a.svg").exit_code == 0
    assert "淮安市洪泽区教育局</text>" in (tmp_path / "a.svg").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--agency", "某局"], "no agency and year is there"),
        (["--years", "2021", "2020"], "--years 2020 2021"),
        (["--expect", "2021", "2020"], "--expect 2020 2021"),
        (["--heatmap", "a.pdf"], "a .png or a .svg file"),
        (["--heatmap", "a.png", "--font", "nowhere.ttf"], "the font cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line_and_exit_code_2(dataset, arguments, said):
    result = run(dataset, *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_the_commands_of_the_docs_run(dataset, tmp_path, monkeypatch):
    (tmp_path / "dataset").symlink_to(dataset)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    commands = [line for line in text.split("```sh\n")[1].split("```")[0].splitlines() if line]
    assert len(commands) == 5
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert (command, result.exit_code) == (command, 0)
    assert {path.name for path in tmp_path.iterdir()} == {"dataset", "coverage.md", "coverage.csv", "coverage.svg"}


def test_every_reason_is_in_the_docs():
    text = (ROOT / "docs" / "coverage.md").read_text("utf-8")
    for name in ("punctual", "../corpus/deadlines"):
        code = (ROOT / "outputs" / f"{name}.py").read_text("utf-8")
        reasons = re.findall(r'"unknown", "([a-z_]+)"|"on_time", "([a-z_]+)"|None, None, "", "([a-z_]+)"', code)
        assert len(reasons) >= 2
        for reason in filter(None, (word for found in reasons for word in found)):
            assert f"`{reason}`" in text


def test_a_folder_without_a_dataset(tmp_path):
    result = run(tmp_path)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no dataset of gongkai is here" in result.stderr


def test_help_names_every_option():
    result = run("--help")
    for option in ("DIR", "--agency", "--level", "--years", "--expect", "--format", "--output", "--limit", "--heatmap",
                   "--font"):  # fmt: skip
        assert option in result.output
