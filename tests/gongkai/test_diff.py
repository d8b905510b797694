"""`gongkai diff`: two years, two captures, two datasets; every format, every way to ask wrongly."""

import csv
import io
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from corpus import samples
from gongkai import cli
from gongkai.build import build
from gongkai.commands import diff
from gongkai.comparison import ROWS

SAMPLES = Path(samples.__path__[0])
AGENCY = ("--agency", "平潭")


def run(*arguments):
    return CliRunner().invoke(cli.app, ["diff", *(str(argument) for argument in arguments)])


@pytest.fixture(scope="module")
def dataset(tmp_path_factory):
    folder = tmp_path_factory.mktemp("samples")
    wanted = ("pingtan-2018", "pingtan-2019", "pingtan-2020", "pingtan-2021", "customs-2010", "customs-2010-text")
    for name in wanted:
        shutil.copytree(SAMPLES / name, folder / "pages" / name)
    shutil.copy(SAMPLES / "manifest.csv", folder / "pages" / "manifest.csv")
    build([folder / "pages"], folder / "out")
    return folder / "out"


# Two years.


def test_the_headline_comes_first_and_the_exit_code_says_that_something_differs(dataset):
    done = run(dataset, *AGENCY, "--years", 2018, 2019)
    assert done.exit_code == 1
    headline = done.stdout.splitlines()[0]
    assert headline.startswith("3 figures changed, 2 the same, ")
    assert "not comparable" in headline


def test_the_screen_names_values_and_what_is_left_out(dataset):
    output = run(dataset, *AGENCY, "--years", 2018, 2019).stdout
    assert re.search(r"收到申请数 requests_received +total +0 +23 +\+23 ", output)
    assert re.search(r"form_changed +\d+ +the forms count different quantities", output)
    assert "Asked for by the later form only" in output
    assert "shown with --limit 0" in output
    whole = run(dataset, *AGENCY, "--years", 2018, 2019, "--limit", 0).stdout
    assert "--limit" not in whole
    assert "本机关不掌握相关政府信息" in whole


def test_texts_are_told_apart_without_colours(dataset):
    output = run(dataset, *AGENCY, "--years", 2018, 2019).stdout
    assert "[-" in output
    assert "{+" in output


def test_a_check_that_fails_in_either_year_is_named(dataset):
    output = run(dataset, *AGENCY, "--years", 2020, 2021).stdout
    assert "27 ≠" in output
    assert "办理结果总计 21" in output.replace("\n", " ").replace("  ", "")


def test_years_that_are_not_consecutive_are_compared_with_a_warning(dataset):
    done = run(dataset, *AGENCY, "--years", 2019, 2021)
    assert done.exit_code == 1
    assert "2019 and 2021 are not consecutive" in done.stdout
    found = json.loads(run(dataset, *AGENCY, "--years", 2019, 2021, "--format", "json").stdout)
    received = next(
        each["row"]
        for each in found["figures"]
        if (each["row"]["indicator"], each["row"]["applicant"]) == ("requests_received", "total")
    )
    assert (received["value_before"], received["value_after"], received["difference"]) == (23, 70, 47)
    assert {each["unusual"] for each in found["figures"]} == {""}


def test_json_holds_everything(dataset):
    found = json.loads(run(dataset, *AGENCY, "--years", 2018, 2019, "-f", "json").stdout)
    assert found["differs"] is True
    assert set(found) == {"headline", "differs", "before", "after", "warnings", "figures", "failing", "sections"}
    received = next(each for each in found["figures"] if each["row"]["indicator"] == "requests_received")
    assert received["label"] == "收到申请数"
    assert received["row"]["place_before"] == "table 0, row 4, column 2"
    assert received["row"]["value_after"] == 23
    section = next(each for each in found["sections"] if each["status"] not in {"same", "no_text"})
    assert {kind for kind, _ in section["changes"]} <= {"equal", "insert", "delete"}


def test_csv_has_a_row_for_every_figure_check_and_section(dataset):
    done = run(dataset, *AGENCY, "--years", 2020, 2021, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    found = json.loads(run(dataset, *AGENCY, "--years", 2020, 2021, "--format", "json").stdout)
    kinds = [row["kind"] for row in rows]
    assert kinds.count("figure") == len(found["figures"]) > 200
    assert kinds.count("check") == len(found["failing"]) > 0
    assert kinds.count("section") == len(found["sections"]) > 0
    licence = next(row for row in rows if row["name"] == "admin_licence_decisions")
    assert (licence["before"], licence["after"], licence["difference"]) == ("278", "2293", "2015")


def test_markdown_escapes_what_pages_say(dataset):
    text = run(dataset, *AGENCY, "--years", 2018, 2019, "--format", "md").stdout
    assert text.startswith("# 平潭综合实验区管委会 2018 → 2019\n\n**3 figures changed")
    rows = [line for line in text.splitlines() if "requests\\_received" in line]
    assert any("| 0 | 23 | +23 |" in re.sub(r"\[(\d+)\]\(<[^>]*>\)", r"\1", line) for line in rows)


class Watcher(HTMLParser):
    """Collects tags, addresses and text of a page."""

    def __init__(self):
        super().__init__()
        self.tags, self.addresses, self.texts = [], [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.addresses += [value for name, value in attributes if name in {"href", "src", "srcset", "action"}]

    def handle_data(self, data):
        self.texts.append(data)


def test_html_is_one_page_that_needs_nothing_else(dataset, tmp_path):
    target = tmp_path / "diff.html"
    done = run(dataset, *AGENCY, "--years", 2018, 2019, "--output", target)
    assert (done.exit_code, done.stdout) == (1, "")
    text = target.read_text(encoding="utf-8")
    page = Watcher()
    page.feed(text)
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert {"ins", "del", "table"} <= set(page.tags)
    assert "url(" not in text
    assert "@import" not in text
    # links lead to the two reports and nowhere else
    assert len(set(page.addresses)) == 2
    assert all(address.startswith("https://example.invalid/pingtan/") for address in page.addresses)
    assert "收到申请数" in "".join(page.texts)


def test_a_page_cannot_put_anything_into_the_html(archive, tmp_path, report_page):
    hostile = report_page.replace("回应社会关切".encode(), "&lt;script&gt;alert(1)&lt;/script&gt;关切".encode())
    later = hostile.replace(b"2022", b"2023").replace("关切".encode(), "关心".encode())
    (archive / "2022.html").write_bytes(hostile)
    (archive / "2023.html").write_bytes(later)
    build([archive], tmp_path / "out")
    text = run(tmp_path / "out", "--agency", "清河", "--years", 2022, 2023, "--format", "html").stdout
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_nothing_differs_is_exit_code_0(archive, tmp_path, report_page):
    (archive / "again.html").write_bytes(report_page.replace(b"</body>", b"<!-- 1 --></body>"))
    build([archive], tmp_path / "out")
    done = run(tmp_path / "out", "--captures", *(row["capture_id"][:8] for row in reports(tmp_path / "out")))
    assert done.exit_code == 0
    assert done.stdout.startswith("0 cells differ, 15 are the same; no section differs.")


def reports(folder):
    with (folder / "reports.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# Two captures.


def test_an_edit_after_publication_is_found_by_the_labels_of_the_cell(archive, tmp_path, report_page):
    edited = report_page.replace(
        b"<td>3</td><td>1</td><td></td><td>2</td>", b"<td>3</td><td>1</td><td>0</td><td>4</td>"
    )
    edited = edited.replace("将加强培训".encode(), "将加强培训和检查".encode())
    assert edited != report_page
    (archive / "edited.html").write_bytes(edited)
    manifest = "file,source_uri,agency,report_year,captured_at\n2022.html,,,,2023-02-01\nedited.html,,,,2023-06-01\n"
    (archive / "manifest.csv").write_text(manifest, encoding="utf-8")
    build([archive], tmp_path / "out")
    done = run(tmp_path / "out", "--agency", "清河", "--year", 2022, "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    cells = [(cell["col_path"], cell["raw_before"], cell["raw_after"], cell["status"]) for cell in found["cells"]]
    assert cells == [("行政复议 / 其他结果", "", "0", "changed"), ("行政复议 / 尚未审结", "2", "4", "changed")]
    assert found["n_cells_same"] == 13
    (problems,) = [part for part in found["sections"] if part["status"] not in {"same", "no_text"}]
    assert problems["section"] == "problems"
    assert ["insert", "和检查"] in problems["changes"]
    screen = run(tmp_path / "out", "--agency", "清河", "--year", 2022).stdout
    assert screen.startswith("2 cells differ, 13 are the same; sections: 1 changed.")
    assert "(blank)" in screen
    rows = list(csv.DictReader(io.StringIO(run(tmp_path / "out", "-a", "清河", "--year", 2022, "-f", "csv").stdout)))
    assert [row["kind"] for row in rows].count("cell") == 2


def test_the_same_report_as_page_and_as_text(dataset):
    done = run(dataset, "--agency", "海关总署", "--year", 2010)
    assert done.exit_code == 1
    assert done.stdout.startswith("0 cells differ, 15 are the same;")


# Two datasets.


def test_two_datasets_of_the_same_pages_are_the_same(dataset, tmp_path):
    shutil.copytree(dataset, tmp_path / "again")
    done = run(dataset, tmp_path / "again")
    assert done.exit_code == 0
    assert done.stdout.startswith("0 of ")
    assert "the same." in done.stdout.splitlines()[0]


def test_a_revision_is_told_by_key_and_by_agency_year(dataset, tmp_path):
    build([dataset.parent / "pages" / "pingtan-2018"], tmp_path / "less")
    done = run(tmp_path / "less", dataset, "--format", "json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    cells = next(table for table in found["tables"] if table["table"] == "cells")
    # 28 cells of 2018 in both: the manifest outside of the folder changes nothing in them
    assert (cells["n_before"], cells["n_removed"], cells["n_changed"]) == (30, 0, 0)
    assert cells["n_added"] == cells["n_after"] - 30
    years = [(entry["status"], entry["report_year"]) for entry in found["agency_years"]]
    assert years == [("new", 2010), ("new", 2019), ("new", 2020), ("new", 2021)]
    assert found["n_agency_years_same"] == 1
    back = json.loads(run(dataset, tmp_path / "less", "--format", "json").stdout)
    assert {entry["status"] for entry in back["agency_years"]} == {"removed"}


def test_a_value_that_was_read_otherwise_is_counted_in_its_column(dataset, tmp_path):
    shutil.copytree(dataset, tmp_path / "two")
    doctored(tmp_path / "two" / "facts.parquet")
    asked = (dataset, tmp_path / "two", "--format")
    found = json.loads(run(*asked, "json").stdout)
    facts = next(table for table in found["tables"] if table["table"] == "facts")
    share = pytest.approx(1 / facts["n_before"], abs=1e-6)
    assert facts["n_changed"] == 1
    assert facts["columns"] == [{"column": "value", "n_changed": 1, "share": share}]
    (year,) = found["agency_years"]
    assert (year["status"], year["report_year"]) == ("changed", 2019)
    assert (year["n_changed"], year["n_added"], year["n_removed"]) == (1, 0, 0)
    rows = list(csv.DictReader(io.StringIO(run(*asked, "csv").stdout)))
    assert [row["column"] for row in rows if row["kind"] == "column"] == ["value"]
    for form in ("md", "html", "screen"):
        assert "1 differ in their figures" in run(*asked, form).stdout


def doctored(path):
    """Write 24 where the report of 2019 has 23 requests."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    key = ("requests_received", "total", 2019)
    row = next(row for row in rows if (row["indicator"], row["applicant"], row["report_year"]) == key)
    assert row["value"] == 23
    row["value"] += 1
    pq.write_table(pa.Table.from_pylist(rows, table.schema), path)


def test_a_dataset_of_another_version_is_compared_as_far_as_it_goes(dataset, tmp_path):
    shutil.copytree(dataset, tmp_path / "two")
    (tmp_path / "two" / "terms.parquet").unlink()
    done = run(dataset, tmp_path / "two")
    assert done.exit_code == 1
    assert "has no table terms: it is not compared" in done.stdout


# What cannot be done.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "it is not said what to compare"),
        (["--years", "2018", "2019"], "--agency goes with --years or --year"),
        ([*AGENCY], "it is not said what to compare"),
        ([*AGENCY, "--years", "2018", "2019", "--year", "2018"], "--years and --year do not go together"),
        (
            [*AGENCY, "--years", "2018", "2022"],
            "there is no report of 2022: 平潭综合实验区管委会. There are 2018, 2019, 2020, 2021",
        ),
        (["--agency", "不存在", "--years", "2018", "2019"], "no agency of this dataset is called that: '不存在'"),
        (["--agency", "", "--years", "2018", "2019"], "no agency of this dataset is called that: ''"),
        ([*AGENCY, "--years", "2018", "2019", "--scope", "own"], "no report of 2018 has the scope own"),
        ([*AGENCY, "--year", "2018"], "the report of 2018 was captured once"),
        (["--captures", "zzzz", "zzzz"], "no reports of this dataset have that capture id: 'zzzz'"),
        (["{dataset}"], "both datasets are one folder"),
        (["{nowhere}"], "no finished dataset of gongkai is here"),
        ([*AGENCY, "--years", "2018", "2019", "-o", "x.pdf"], "the ending of the file names no format"),
        ([*AGENCY, "--years", "2018", "2019", "-o", "{dataset}/x.csv"], "written into the dataset"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(dataset, tmp_path, arguments, words):
    named = [argument.format(dataset=dataset, nowhere=tmp_path / "nowhere") for argument in arguments]
    done = run(dataset, *named)
    assert done.exit_code == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_name_that_several_agencies_share_lists_them(archive, tmp_path, report_page):
    (archive / "education.html").write_bytes(report_page.replace("清河县财政局".encode(), "清河县教育局".encode()))
    build([archive], tmp_path / "out")
    done = run(tmp_path / "out", "--agency", "清河", "--years", 2021, 2022)
    assert done.exit_code == 2
    assert "2 agencies are called that" in done.stderr
    assert "财政局" in done.stderr
    assert "教育局" in done.stderr
    done = run(tmp_path / "out", "--agency", "清河县教育局", "--years", 2021, 2022)
    assert "there is no report of 2021" in done.stderr


def test_the_rows_of_a_screen_are_those_of_the_help():
    assert diff._ROWS == ROWS
