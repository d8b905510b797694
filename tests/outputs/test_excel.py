"""CSV for spreadsheets: nothing runs, nothing changes, and the dataset says what was done."""

import csv
import hashlib
import json
from decimal import Decimal

import pytest
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st

from outputs import schema
from outputs.excel import guarded, is_exact
from outputs.run import Run
from outputs.writer import dataset_writer


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+1",
        "-",
        "--253",
        "@SUM(1)",
        "\t=1",
        "＝1+1",
        "007",
        "3.50",
        "1.",
        "1,234",
        "3-4",
        "3/4",
        "12:30",
        "27.2%",
        "(1)",
        "（1）",
        "１５",
        "1e5",
        "12e4567890123456",
        "1234567890123456",
        "0000000000000000",
        "2021年1月5日",
        "￥5",
        "'=1",
    ],
)
def test_text_that_a_spreadsheet_would_run_or_change_is_guarded(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "0",
            "739",
            "123456789012345",
            "0.5",
            "24252.311082",
            "2021-03-31",
            "一、",
            "（一）",
            "约3.97万条",
            "e",
            ".",
        ),
        *("f63ae7462f2b9325", "2019-03-02T05:20:31Z", "table 1, row 2", "年", "3.97万条"),
    ],
)
def test_other_text_is_left(text):
    assert guarded(text) == text


@given(st.text())
def test_taking_the_guard_off_gives_back_the_text(text):
    written = guarded(text)
    bare = written.removeprefix("'")
    assert (bare if bare != written and guarded(bare) == written else written) == text


def test_digits_that_a_float_keeps():
    assert is_exact("-123456789012.345")
    assert is_exact("1230000000000000000000")
    assert not is_exact("1234567890123456")
    assert not is_exact("0.1234567890123456")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("excel") / "dataset"


@pytest.fixture
def dataset(folder, run, page, cell):
    """Write the dataset once: the fixtures that it is made of live for one test only."""
    if folder.exists():
        return folder
    cells = (
        cell._replace(raw="=739", xpath="'/html"),
        cell._replace(row=2, raw="-18", value=Decimal(-18), base_value=Decimal(-18)),
        cell._replace(row=3, raw="-", state="dash", value=None, base_value=None),
    )
    given = Run(run.versions, run.libraries, run.sources, run.max_page_bytes, excel=True)
    with dataset_writer(folder, given) as writer:
        writer.add(*page("a", uri="=a.html", cells=cells, capture_id="1234567890123456"))
        writer.finish()
    return folder


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_file_begins_with_the_mark(dataset):
    for table in schema.TABLES:
        head, *_ = (dataset / f"{table.name}.csv").read_bytes().split(b"\n")
        assert head == b"\xef\xbb\xbf" + ",".join(column.name for column in table.columns).encode()


def test_numbers_stay_numbers_and_text_is_guarded(dataset):
    found = rows(dataset / "cells.csv")
    assert [(row["capture_id"], row["raw"], row["value"], row["xpath"][:2]) for row in found] == [
        ("'1234567890123456", "'=739", "739", "''"),
        ("'1234567890123456", "'-18", "-18", "/h"),
        ("'1234567890123456", "'-", "", "/h"),
    ]
    (report,) = rows(dataset / "reports.csv")
    assert (report["source_uri"], report["published_date"], report["is_current"]) == ("'=a.html", "2021-01-15", "true")
    assert report["region_code"] == "320813"


def test_the_package_tells_the_bytes_the_encoding_and_the_guard(dataset):
    package = json.loads((dataset / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        content = (dataset / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert resource["encoding"] == "utf-8-sig"
        assert "apostrophe" in resource["gongkai:guard"]
    assert json.loads((dataset / "run.json").read_text("utf-8"))["excel"] is True


def test_frictionless_reads_the_files(dataset):
    report = Package(str(dataset / "datapackage.json")).validate()
    assert report.flatten(["resourceName", "rowNumber", "fieldName", "type", "note"]) == []


def test_the_plain_files_say_that_they_are_plain(tmp_path, run, page):
    with dataset_writer(tmp_path, run) as writer:
        writer.add(*page("a"))
        writer.finish()
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert {resource["encoding"] for resource in package["resources"]} == {"utf-8"}
    assert not any("gongkai:guard" in resource for resource in package["resources"])
    assert json.loads((tmp_path / "run.json").read_text("utf-8"))["excel"] is False
