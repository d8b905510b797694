"""Reports made by hand go to disk and come back: nothing lost, nothing invented."""

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from outputs import schema
from outputs.compare.datasets import compare_datasets
from outputs.errors import DatasetError
from outputs.frames import read_dataset
from outputs.writer import dataset_writer
from parsers.records import Finding


def write(directory, run, *pages, **options):
    with dataset_writer(directory, run, **options) as writer:
        for capture, report in pages:
            writer.add(capture, report)
        return writer.finish()


def read_csv(directory, name):
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_table_is_written_twice_with_its_columns_in_order(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    for table in schema.TABLES:
        names = [column.name for column in table.columns]
        header = (tmp_path / f"{table.name}.csv").read_bytes().split(b"\n")[0].decode()
        assert header.split(",") == names
        assert pq.read_schema(tmp_path / f"{table.name}.parquet").names == names


def test_a_blank_cell_stays_null_and_a_printed_zero_stays_zero(tmp_path, run, page, cell):
    blank = cell._replace(raw="", state="blank", value=None, base_value=None)
    zero = cell._replace(row=2, raw="0", value=Decimal(0), base_value=Decimal(0))
    write(tmp_path, run, page("a", cells=(blank, zero)))
    rows = read_csv(tmp_path, "cells")
    assert [(row["raw"], row["state"], row["value"], row["base_value"]) for row in rows] == [
        ("", "blank", "", ""),
        ("0", "number", "0", "0"),
    ]
    values = pq.read_table(tmp_path / "cells.parquet")["value"].to_pylist()
    assert values == [None, Decimal(0)]
    frame = read_dataset(tmp_path).cells
    assert frame["value"].isna().tolist() == [True, False]
    assert frame["value"].dtype == "Float64"


@pytest.mark.parametrize(
    "pair",
    [
        ("739", "739"),
        ("24252.311082", "24252.311082"),
        ("24252.3110820", "24252.311082"),
        ("1E+2", "100"),
        ("-18", "-18"),
        ("-0.0", "0"),
        ("0.0000000001", "0.0000000001"),
        ("9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999"),
    ],
)
def test_a_decimal_is_exact_in_both_files(tmp_path, run, page, cell, pair):
    value, printed = pair
    write(tmp_path, run, page("a", cells=(cell._replace(value=Decimal(value)),)))
    assert read_csv(tmp_path, "cells")[0]["value"] == printed
    assert pq.read_table(tmp_path / "cells.parquet")["value"][0].as_py() == Decimal(printed)


def test_a_number_that_no_column_holds_is_set_aside_and_said(tmp_path, run, page, cell, fact):
    long = Decimal("396442278" * 4)
    pages = page(
        "a",
        cells=(cell._replace(raw=str(long), value=long),),
        facts=(fact._replace(value=long),),
        findings=(),
    )
    write(tmp_path, run, pages)
    (row,) = read_csv(tmp_path, "cells")
    assert (row["raw"], row["state"], row["value"]) == (str(long), "text", "")
    (row,) = read_csv(tmp_path, "facts")
    assert (row["state"], row["value"]) == ("text", "")
    (finding,) = read_csv(tmp_path, "findings")
    assert (finding["code"], finding["where"]) == ("value_too_large", "table 0, row 1, column 1")


def test_digits_beyond_the_tenth_are_rounded_and_said(tmp_path, run, page, cell):
    share = Decimal("33.33333333333333")
    write(tmp_path, run, page("a", cells=(cell._replace(raw=str(share), value=share),), findings=()))
    (row,) = read_csv(tmp_path, "cells")
    assert (row["raw"], row["value"]) == ("33.33333333333333", "33.3333333333")
    assert [finding["code"] for finding in read_csv(tmp_path, "findings")] == ["value_rounded"]


def test_chinese_quotes_commas_and_line_breaks_survive(tmp_path, run, page):
    text = '他说"好",然后\n走了\r\n又回来'
    capture, report = page("a")
    report = replace(report, sections=(replace(report.sections[0], text=text),))
    write(tmp_path, run, (capture, report))
    assert read_csv(tmp_path, "sections")[0]["text"] == text
    assert read_dataset(tmp_path).sections["text"][0] == text


def test_half_a_surrogate_pair_does_not_stop_the_run(tmp_path, run, page):
    capture, report = page("a")
    report = replace(report, sections=(replace(report.sections[0], text="好\ud800"),))
    write(tmp_path, run, (capture, report))
    assert read_csv(tmp_path, "sections")[0]["text"] == "好\ufffd"


def test_csv_has_no_byte_order_mark_and_quotes_only_what_must_be(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    content = (tmp_path / "facts.csv").read_bytes()
    assert content.startswith(b"capture_id,")
    assert b'"' not in content
    assert content.count(b"\n") == 2
    assert b"\r" not in content


def test_blocks_outside_the_sections_are_furniture(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    rows = read_csv(tmp_path, "furniture")
    assert [(row["block_no"], row["role"], row["text"]) for row in rows] == [
        ("0", "furniture", "首页 > 年报"),
        ("1", "title", "某区2020年政府信息公开工作年度报告"),
    ]


def test_a_finding_that_two_stages_pass_on_is_one_row(tmp_path, run, page):
    twice = Finding("year_conflict", "title", "2020 in the title, 2021 in the text")
    write(tmp_path, run, page("a", identity={"findings": (twice,)}, findings=(twice,)))
    assert [row["code"] for row in read_csv(tmp_path, "findings")] == ["year_conflict"]
    assert read_csv(tmp_path, "reports")[0]["n_findings"] == "1"


def test_the_row_of_a_report(tmp_path, run, page):
    capture, report = page("a", uri="2020/a.html", captured_at="2021-03-01T08:00:00Z")
    write(tmp_path, run, (capture, report))
    assert read_csv(tmp_path, "reports") == [
        {
            "capture_id": "ca978112ca1bbdca",
            "agency_id": "320813",
            "agency": "某区人民政府",
            "agency_as_printed": "某区",
            "agency_level": "county",
            "region_code": "320813",
            "report_year": "2020",
            "report_scope": "area",
            "title": "某区2020年政府信息公开工作年度报告",
            "form_ids": "C1_2019_60",
            "published_date": "2021-01-15",
            "period_start": "2020-01-01",
            "period_end": "2020-12-31",
            "source_uri": "2020/a.html",
            "captured_at": "2021-03-01T08:00:00Z",
            "media_type": "text/html",
            "encoding_declared": "gb2312",
            "encoding_used": "gb18030",
            "replaced_chars": "0",
            "n_sections": "1",
            "n_tables": "1",
            "n_cells": "1",
            "n_cells_mapped": "1",
            "n_claims": "0",
            "n_checks_failed": "0",
            "outcome": "ok",
            "is_current": "true",
            "parser_version": "1",
            "forms_version": "f0",
            "n_findings": "1",
        }
    ]


def test_no_page_at_all_gives_a_dataset_of_empty_tables(tmp_path, run):
    summary = write(tmp_path, run)
    assert summary.count("coverage") == 0
    assert read_csv(tmp_path, "cells") == []
    assert len(read_dataset(tmp_path).facts) == 0


def test_frames_have_nullable_types(tmp_path, run, page):
    write(tmp_path, run, page("a", identity={"report_year": None}))
    frame = read_dataset(tmp_path).reports
    assert str(frame["capture_id"].dtype) == "string"
    assert str(frame["report_year"].dtype) == "Int32"
    assert str(frame["is_current"].dtype) == "boolean"
    assert frame["report_year"].isna().all()


@pytest.mark.parametrize("name", [table.name for table in schema.TABLES])
def test_every_table_is_a_frame(tmp_path, run, page, name):
    write(tmp_path, run, page("a"))
    frame = getattr(read_dataset(tmp_path), name)
    assert list(frame.columns) == [column.name for column in schema.table(name).columns]


def test_a_folder_without_a_dataset_is_refused(tmp_path, run, page):
    with pytest.raises(DatasetError, match="no dataset of gongkai") as caught:
        read_dataset(tmp_path)
    assert caught.value.code == "not_a_dataset"
    write(tmp_path, run, page("a"))
    (tmp_path / "facts.parquet").unlink()
    with pytest.raises(DatasetError, match=r"it lacks facts\.parquet"):
        read_dataset(tmp_path)


@pytest.mark.parametrize("address", ["s3://bucket/dataset", "https://example.org/dataset"])
def test_a_dataset_at_an_address_is_to_be_copied_first(tmp_path, monkeypatch, address):
    with pytest.raises(DatasetError, match="Copy the dataset to this machine") as caught:
        read_dataset(Path(address))
    assert (caught.value.code, caught.value.where) == ("not_on_disk", address)
    with pytest.raises(DatasetError, match="Copy the dataset to this machine"):
        compare_datasets(tmp_path, Path(address))
    monkeypatch.chdir(tmp_path)
    Path(address).mkdir(parents=True)  # a folder of that name is a folder
    with pytest.raises(DatasetError, match="no dataset of gongkai"):
        read_dataset(Path(address))
