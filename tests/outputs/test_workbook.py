"""The workbook, read back by another library: numbers, text, sheets, and what it could not hold."""

import zipfile
from decimal import Decimal

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from corpus.columnlabels import load_column_labels, load_table_labels
from corpus.tables import read_table
from outputs import schema
from outputs.errors import QueryError
from outputs.workbook import MAX_TEXT, write_workbook
from outputs.writer import dataset_writer
from parsers.records import Section

LONG = "申" * (MAX_TEXT + 1)
WIDE = "𠀀" * (MAX_TEXT // 2) + "尾"  # as many UTF-16 units as a cell holds, in half as many characters


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, request):
    return tmp_path_factory.mktemp("workbook") / "dataset"


@pytest.fixture
def filled(dataset, run, page, cell):
    """Write the dataset once: the fixtures that it is made of live for one test only."""
    if dataset.exists():
        return dataset
    cells = (
        cell._replace(raw="=1+1", xpath="http://example.invalid/"),
        cell._replace(row=2, raw="007", value=Decimal("59490886.67"), base_value=Decimal("59490886.67")),
        cell._replace(row=3, raw="-", state="dash", value=None, base_value=None),
        cell._replace(row=4, raw="<r>x</r>", value=Decimal("1234567890123456.5"), base_value=None),
        cell._replace(row=5, raw="_x0041_\x07 \ufffe", value=Decimal("-0.25"), base_value=None),
    )
    sections = (
        Section(0, None, 1, "一、", "总体情况", "overview", LONG, "ok", 2, 4),
        Section(1, None, 1, "1.", "概述", "overview", WIDE, "ok", 5, 6),
    )
    with dataset_writer(dataset, run) as writer:
        writer.add(*page("a", cells=cells, sections=sections, capture_id="1234567890123456"))
        writer.finish()
    return dataset


def sheet(path, name):
    book = openpyxl.load_workbook(path)
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_text_is_text_and_numbers_are_numbers(filled, tmp_path):
    write_workbook(filled, tmp_path / "a.xlsx", ["cells", "reports"])
    found = sheet(tmp_path / "a.xlsx", "cells")
    assert [(row["capture_id"], unescape(row["raw"]), row["value"], row["state"]) for row in found] == [
        ("1234567890123456", "=1+1", 739, "number"),
        ("1234567890123456", "007", 59490886.67, "number"),
        ("1234567890123456", "-", None, "dash"),
        ("1234567890123456", "<r>x</r> ", "1234567890123456.5", "number"),
        ("1234567890123456", "_x0041_\x07 \ufffe", -0.25, "number"),
    ]
    (report,) = sheet(tmp_path / "a.xlsx", "reports")
    assert (report["is_current"], report["report_year"], report["region_code"]) == (True, 2020, "320813")
    cells = openpyxl.load_workbook(tmp_path / "a.xlsx")["cells"]
    assert {cell.data_type for row in cells.iter_rows(min_row=2) for cell in row} <= {"s", "n", "inlineStr"}
    assert not any(cell.hyperlink for row in cells.iter_rows() for cell in row)


def test_a_text_that_is_too_long_is_cut_where_everybody_sees_it(filled, tmp_path):
    written = write_workbook(filled, tmp_path / "a.xlsx", ["sections", "cells"])
    texts = [row["text"] for row in sheet(tmp_path / "a.xlsx", "sections")]
    end = " … [cut here: 32,768 characters, whole in sections.csv and sections.parquet]"
    assert texts == ["申" * (MAX_TEXT - len(end)) + end, WIDE]
    notes = [
        "sections: 1 texts are longer than a cell holds; each was cut, and says so at its end.",
        "cells: 1 numbers have more than 15 digits and were written as text.",
    ]
    assert sorted(written.notes) == sorted(notes)
    about = [row[0] for row in openpyxl.load_workbook(tmp_path / "a.xlsx")["about"].iter_rows(values_only=True)]
    assert set(notes) <= set(about)
    assert about[0].startswith("An empty cell is what the page does not print")


def test_a_table_that_is_too_long_goes_on_in_another_sheet(filled, tmp_path):
    written = write_workbook(filled, tmp_path / "a.xlsx", ["cells"], max_rows=3)
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["about", "dictionary", "cells", "cells (2)", "cells (3)"]
    assert written.rows == {"cells": 2, "cells (2)": 2, "cells (3)": 1}
    assert written.notes[-1] == "cells has 5 rows and goes on in 2 more sheets."
    found = [row["row"] for name in book.sheetnames[2:] for row in sheet(tmp_path / "a.xlsx", name)]
    assert found == [1, 2, 3, 4, 5]


def test_every_table_has_its_sheet_and_every_column_its_line(filled, tmp_path):
    written = write_workbook(filled, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    tables = [table.name for table in schema.TABLES]
    assert book.sheetnames == ["about", "dictionary", *tables]
    assert list(written.rows) == tables
    lines = [(row["table"], row["column"], row["meaning"]) for row in sheet(tmp_path / "a.xlsx", "dictionary")]
    assert lines == [
        (table.name, column.name, column.description) for table in schema.TABLES for column in table.columns
    ]
    for name in tables:
        assert book[name].freeze_panes == "A2"
        assert book[name].auto_filter.ref.startswith("A1:")


def test_chinese_names_of_the_columns(filled, tmp_path):
    write_workbook(filled, tmp_path / "a.xlsx", ["facts", "sections"], labels="zh")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["说明", "数据字典", "sections", "facts"]
    (fact,) = sheet(tmp_path / "a.xlsx", "facts")
    assert (fact["指标"], fact["报告年度"], fact["数值"], fact["单位"]) == ("requests_received", 2020, 739, "件")
    assert sheet(tmp_path / "a.xlsx", "数据字典")[0]["表"] == "sections"
    texts = [row["文本"] for row in sheet(tmp_path / "a.xlsx", "sections")]
    assert texts[0].endswith("［此处截断：全文 32,768 字，见 sections.csv 和 sections.parquet］")
    assert len(texts[0]) == MAX_TEXT


def test_the_same_dataset_gives_the_same_bytes(filled, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(filled, tmp_path / name, ["facts", "cells"])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}


def test_what_cannot_be_written_is_told_and_leaves_nothing(filled, tmp_path):
    for target, tables, code in (
        (filled / "a.xlsx", (), "inside_dataset"),
        (tmp_path / "missing" / "a.xlsx", (), "cannot_write_answer"),
        (tmp_path / "a.xlsx", ("fatcs",), "unknown_table"),
    ):
        with pytest.raises(QueryError) as caught:
            write_workbook(filled, target, tables)
        assert caught.value.code == code
        assert not target.exists()
    assert list(tmp_path.iterdir()) == []


def test_every_table_and_column_has_a_chinese_name_of_its_own():
    labels = load_column_labels()
    for table in schema.TABLES:
        assert load_table_labels().get(table.name), table.name
        names = [labels.get(column.name, "") for column in table.columns]
        assert all(names), [column.name for column in table.columns if column.name not in labels]
        assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)
    columns = {column.name for table in schema.TABLES for column in table.columns}
    assert {row["column"] for row in read_table("column_labels.csv")} <= columns
    assert set(load_table_labels()) == {table.name for table in schema.TABLES}
