"""The manifest beside the pages: every way a spreadsheet writes it, and every way it can be wrong."""

import doctest
import pickle

import pytest

from corpus import captures, manifest
from corpus.captures import ManifestEntry
from corpus.errors import SourceError
from corpus.failures import OUTCOMES
from corpus.manifest import read_manifest

URL = "https://www.example.gov.cn/2013/t1.html"


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "manifest.csv"
    path.write_bytes(text.encode(encoding))
    return read_manifest(path, "folder/manifest.csv")


def refused(tmp_path, text, encoding="utf-8"):
    with pytest.raises(SourceError) as caught:
        written(tmp_path, text, encoding)
    return caught.value


def test_all_columns_are_read(tmp_path):
    found = written(
        tmp_path,
        "source_uri,agency,report_year,captured_at,file\n"
        f"{URL},甲县人民政府,2013,2014-03-01T08:00:00+08:00,a/page.html\n",
    )
    entry = ManifestEntry(URL, "甲县人民政府", 2013, "2014-03-01T00:00:00Z")
    assert found.by_file == {"a/page.html": entry}
    assert found.entry_for(URL, "") == entry
    assert (found.rows[0].line, found.rows[0].file, found.rows[0].inside) == (2, "a/page.html", False)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encodings_of_spreadsheets_are_read(tmp_path, encoding):
    found = written(tmp_path, "source_uri,agency\npage.html,乙市财政局\n", encoding)
    assert found.by_file["page.html"].agency == "乙市财政局"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_separators_of_spreadsheets_are_read(tmp_path, mark):
    text = "source_uri,agency,report_year\r\npage.html,乙市,2019\r\n".replace(",", mark)
    assert written(tmp_path, text).by_file["page.html"] == ManifestEntry("page.html", "乙市", 2019)


def test_silent_cells_and_short_lines_stay_silent(tmp_path):
    found = written(tmp_path, "source_uri,agency,report_year,captured_at\npage.html\n,,,\n\n")
    assert [row.entry for row in found.rows] == [ManifestEntry("page.html")]


def test_paths_are_compared_in_one_spelling(tmp_path):
    found = written(tmp_path, "file,agency\n.\\2013\\e\u0301.html,甲\n")
    assert list(found.by_file) == ["2013/\u00e9.html"]


@pytest.mark.parametrize(("cell", "year"), [("2013", 2013), ("２０１３", 2013), ("2013年", 2013), (" ", None)])
def test_years_are_read(tmp_path, cell, year):
    assert written(tmp_path, f"source_uri,report_year\np.html,{cell}\n").rows[0].entry.report_year == year


@pytest.mark.parametrize("cell", ["13", "20013", "2013-14", "二〇一三", "1804", "2013.5"])
def test_a_bad_year_is_refused_with_line_and_column(tmp_path, cell):
    error = refused(tmp_path, f"source_uri,report_year\nok.html,2012\np.html,{cell}\n")
    assert error.code == "manifest_year"
    assert error.where == "folder/manifest.csv, line 3, column report_year"
    assert cell in str(error)
    assert error.next_step in str(error)


def test_a_bad_date_is_refused_with_line_and_column(tmp_path):
    error = refused(tmp_path, "source_uri,captured_at\np.html,last spring\n")
    assert (error.code, error.where) == ("manifest_date", "folder/manifest.csv, line 2, column captured_at")


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2014/3/1", "2014-03-01"),
        ("2014/3/1 9:05", "2014-03-01T09:05:00Z"),
        ("20140301090500", "2014-03-01T09:05:00Z"),
    ],
)
def test_dates_as_spreadsheets_and_archives_write_them_are_read(tmp_path, cell, moment):
    assert written(tmp_path, f"file,captured_at\np.html,{cell}\n").rows[0].entry.captured_at == moment


@pytest.mark.parametrize("text", ["agency,report_year\n甲,2013\n", "", "\n\n"])
def test_a_manifest_without_pages_in_its_header_is_refused(tmp_path, text):
    assert refused(tmp_path, text).code == "manifest_columns"


def test_text_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"source_uri\n\xff\xff\xff\xff\n")
    with pytest.raises(SourceError, match="neither UTF-8 nor GB18030"):
        read_manifest(path, "manifest.csv")


@pytest.mark.usefixtures("python_csv")
def test_a_cell_without_end_is_refused_with_its_line(tmp_path):
    error = refused(tmp_path, 'source_uri\n"' + "x" * 200_000 + "\n")
    assert error.code == "manifest_unreadable"
    assert "line 2" in error.where


def test_a_manifest_that_cannot_be_opened_is_refused_in_the_systems_words(tmp_path):
    (tmp_path / "manifest.csv").mkdir()
    with pytest.raises(SourceError, match="Is a directory"):
        read_manifest(tmp_path / "manifest.csv", "manifest.csv")


def test_one_page_on_two_lines_with_different_words_is_refused(tmp_path):
    error = refused(tmp_path, "source_uri,report_year\np.html,2012\nq.html,2012\np.html,2013\n")
    assert error.code == "manifest_conflict"
    assert error.where == "folder/manifest.csv, lines 2 and 4"


def test_a_line_that_is_repeated_word_for_word_is_no_conflict(tmp_path):
    assert len(written(tmp_path, "source_uri,agency\np.html,甲\np.html,甲\n").by_file) == 1


def test_pages_of_one_archive_are_told_apart_by_address_and_moment(tmp_path):
    found = written(
        tmp_path,
        "source_uri,file,report_year,captured_at\n"
        f"{URL},all.warc.gz,2012,2013-02-01\n"
        f"{URL},all.warc.gz,2013,2014-02-01\n"
        "https://www.example.gov.cn/other,all.warc.gz,2013,\n",
    )
    assert found.by_file == {}
    assert [row.inside for row in found.rows] == [True, True, True]
    assert found.entry_for(URL, "2014-02-01T03:04:05Z").report_year == 2013
    assert found.entry_for(URL, "2015-01-01T00:00:00Z") is None
    assert found.entry_for("https://www.example.gov.cn/other", "2015-01-01T00:00:00Z").report_year == 2013


def test_a_line_without_a_moment_speaks_of_every_capture_that_no_other_line_names(tmp_path):
    found = written(tmp_path, f"source_uri,report_year,captured_at\n{URL},2013,\n{URL},2012,2013-02-01\n")
    years = {moment: found.entry_for(URL, moment).report_year for moment in ("2013-02-01T03:04:05Z", "2020-01-01", "")}
    assert years == {"2013-02-01T03:04:05Z": 2012, "2020-01-01": 2013, "": 2013}


def test_what_a_collector_met_is_read(tmp_path):
    found = written(
        tmp_path,
        "source_uri,part_of,outcome,detail,next_step\n"
        f"{URL}?2,{URL},certificate_error,the certificate has expired,Ask the site.\n{URL},,,,\n",
    )
    met = ("certificate_error", "the certificate has expired", "Ask the site.")
    assert found.entry_for(f"{URL}?2", "") == ManifestEntry(f"{URL}?2", "", None, "", URL, *met)
    assert found.entry_for(URL, "") == ManifestEntry(URL)


@pytest.mark.parametrize("word", ["gone", "OK", "404", "unreachable?"])
def test_an_outcome_that_is_none_is_refused_with_line_and_column(tmp_path, word):
    error = refused(tmp_path, f"source_uri,outcome\n{URL},ok\n{URL}?2,{word}\n")
    assert (error.code, error.where) == ("manifest_outcome", "folder/manifest.csv, line 3, column outcome")
    assert word in str(error)
    assert "robots_disallowed" in error.next_step


@pytest.mark.parametrize("word", OUTCOMES)
def test_a_manifest_may_name_every_outcome(tmp_path, word):
    assert written(tmp_path, f"source_uri,outcome\n{URL},{word}\n").rows


def test_an_error_survives_the_way_back_from_a_worker(tmp_path):
    error = refused(tmp_path, "agency\n甲\n")
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), again.code) == (SourceError, str(error), "manifest_columns")


def test_the_examples_in_the_modules_hold():
    assert doctest.testmod(manifest).failed == 0
    assert doctest.testmod(captures).failed == 0
