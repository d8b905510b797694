"""`import gongkai`: one page, one dataset, clear errors."""

import subprocess
import sys

import pytest

import gongkai
from gongkai.build import build
from outputs import schema


def test_one_page_from_its_bytes(report_page):
    report = gongkai.parse(report_page)
    assert (report.outcome, report.report_year) == ("ok", 2022)
    assert report.agency.endswith("清河县财政局")
    assert report.identity.agency_as_printed == "清河县财政局"
    assert report.title == "清河县财政局2022年政府信息公开工作年度报告"
    assert len(report.cells) == 15
    assert len(report.sections) == 4
    assert repr(report) == f"<ParsedReport ok: {report.agency}, 2022; {len(report.facts)} facts>"


def test_one_page_from_a_file_is_the_same(report_page, tmp_path):
    (tmp_path / "2022.html").write_bytes(report_page)
    for source in (tmp_path / "2022.html", str(tmp_path / "2022.html")):
        assert gongkai.parse(source).facts.equals(gongkai.parse(report_page).facts)


@pytest.mark.parametrize("name", ["facts", "cells", "sections", "findings", "furniture"])
def test_frames_of_a_page_are_those_of_the_dataset(report_page, tmp_path, name):
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "2022.html").write_bytes(report_page)
    build([tmp_path / "archive"], tmp_path / "out")
    frame = getattr(gongkai.parse(report_page), name)
    stored = getattr(gongkai.open_dataset(tmp_path / "out"), name)
    assert frame.dtypes.equals(stored.dtypes)
    key = list(schema.table(name).key)
    assert frame.sort_values(key, ignore_index=True).equals(stored)


def test_a_blank_cell_is_no_zero(report_page):
    cells = gongkai.parse(report_page).cells
    states = cells["state"].tolist()
    assert states.count("blank") == 1
    assert cells["value"].isna().tolist() == [state == "blank" for state in states]


def test_a_page_that_is_no_report_says_what_it_is(notice_page):
    report = gongkai.parse(notice_page)
    assert report.outcome == "not_a_report"
    assert report.detail
    assert report.next_step
    assert len(report.facts) == 0


def test_a_missing_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(gongkai.SourceError, match=r"gone\.html"):
        gongkai.parse(tmp_path / "gone.html")


def test_a_folder_of_pages_is_no_page(archive):
    with pytest.raises(gongkai.SourceError, match="more than one page") as caught:
        gongkai.parse(archive)
    assert caught.value.code == "several_pages"


def test_a_folder_without_a_dataset_is_an_error(tmp_path):
    with pytest.raises(gongkai.DatasetError) as caught:
        gongkai.open_dataset(tmp_path)
    assert isinstance(caught.value, gongkai.GongkaiError)


def test_public_names_are_there():
    for name in gongkai.__all__:
        assert getattr(gongkai, name)
    assert dir(gongkai) == sorted(gongkai.__all__)
    with pytest.raises(AttributeError, match="no attribute 'publish'"):
        _ = gongkai.publish


def test_importing_gongkai_loads_no_heavy_library():
    heavy = {"pandas", "pyarrow", "lxml", "jieba", "rich"}
    code = f"import sys, gongkai; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
