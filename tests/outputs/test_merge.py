"""Many parts become sorted tables; the same rows give the same bytes however they came in."""

import hashlib
from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.captures import ManifestEntry
from outputs import files, merge, schema, sorting
from outputs.arrow import final_schema
from outputs.contract import ContractError
from outputs.errors import DatasetError
from outputs.frames import read_dataset
from outputs.rows import OF_REPORT
from outputs.writer import dataset_writer

pytestmark = pytest.mark.usefixtures("underived")


def write(directory, run, pages, **options):
    with dataset_writer(directory, run, **options) as writer:
        for capture, report in pages:
            writer.add(capture, report)
        return writer.finish()


def digests(directory):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


@pytest.fixture
def small_ranges(monkeypatch):
    monkeypatch.setattr(merge, "RANGE_ROWS", 100)
    monkeypatch.setattr(sorting, "_RUN_BYTES", 50_000)
    monkeypatch.setattr(sorting, "_FAN", 3)


def test_five_hundred_reports_in_small_parts(tmp_path, run, page, cell, small_ranges):
    cells = (cell, cell._replace(row=2), cell._replace(row=10))
    pages = (
        page(f"page {no}", uri=f"{no}.html", identity={"report_year": 2008 + no % 17}, cells=cells) for no in range(500)
    )
    summary = write(tmp_path, run, pages, part_pages=20)
    read = {name: count for name, count in summary.rows if name in (*OF_REPORT, "coverage", "indicators")}
    assert read == {
        "reports": 500,
        "sections": 500,
        "cells": 1500,
        "claims": 0,
        "facts": 500,
        "coverage": 500,
        "indicators": summary.count("indicators"),
        "findings": 500,
        "furniture": 1000,
    }
    assert sum(entry.reports for entry in summary.reports) == 500
    for table in schema.TABLES:
        rows = pq.read_table(tmp_path / f"{table.name}.parquet", columns=list(table.key)).to_pylist()
        keys = [tuple(row.values()) for row in rows]
        order = [tuple("" if part is None else part for part in key) for key in keys]
        assert order == sorted(order), table.name
        assert len(set(keys)) == len(keys), table.name
    expected = {hashlib.sha256(f"page {no}".encode()).hexdigest()[:16] for no in range(500)}
    assert set(read_dataset(tmp_path).reports["capture_id"]) == expected


def test_the_same_pages_give_the_same_bytes(tmp_path, run, page, monkeypatch):
    pages = [page(f"page {no}", uri=f"{no}.html", captured_at=f"20{no % 20:02d}-01-01") for no in range(150)]
    pages += [page(f"page {no}", uri=f"copy {no}.html") for no in range(0, 150, 7)]
    write(tmp_path / "one", run, pages)
    write(tmp_path / "two", run, pages)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")
    monkeypatch.setattr(merge, "RANGE_ROWS", 50)
    write(tmp_path / "three", run, reversed(pages), part_pages=11)
    assert digests(tmp_path / "one") == digests(tmp_path / "three")


def test_row_groups_are_cut_at_fixed_places(tmp_path, run, page, small_ranges, monkeypatch):
    monkeypatch.setattr("outputs.files._GROUP_ROWS", 100)
    pages = [page(f"page {no}", uri=f"{no}.html") for no in range(250)]
    write(tmp_path, run, pages, part_pages=9)
    metadata = pq.read_metadata(tmp_path / "reports.parquet")
    assert [metadata.row_group(no).num_rows for no in range(metadata.num_row_groups)] == [100, 100, 50]
    assert len((tmp_path / "reports.csv").read_text("utf-8").splitlines()) == 251


def test_row_groups_of_long_texts_are_cut_by_their_bytes_wherever_the_rows_come_from(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_GROUP_BYTES", 1_000)
    monkeypatch.setattr(files, "_CSV_BYTES", 1_500)
    names = [f"{no:03d}" for no in range(100)]
    texts = [None if no % 9 == 4 else "文" * (no % 7 * 40) for no in range(100)]
    fields = final_schema("sections")
    rows = pa.table([pa.nulls(100, field.type) for field in fields], schema=fields)
    for column, values in (("capture_id", names), ("text", texts)):
        rows = rows.set_column(fields.get_field_index(column), column, pa.array(values))
    made = []
    for step in (100, 13, 1):
        (folder := tmp_path / str(step)).mkdir()
        assert files.write_files(folder, "sections", (rows.slice(at, step) for at in range(0, 100, step))) == 100
        made.append(digests(folder))
    assert made[0] == made[1] == made[2]
    metadata = pq.read_metadata(tmp_path / "1" / "sections.parquet")
    groups = [metadata.row_group(no).num_rows for no in range(metadata.num_row_groups)]
    at = 0
    for n_rows in groups[:-1]:
        sizes = [3 + len((text or "").encode()) for text in texts[at : at + n_rows]]
        assert sum(sizes[:-1]) < 1_000 <= sum(sizes)
        at += n_rows
    assert (sum(groups), len(groups) > 10) == (100, True)
    assert pq.read_table(tmp_path / "1" / "sections.parquet")["text"].to_pylist() == texts


def test_a_key_that_stands_twice_in_one_report_refuses_the_report(tmp_path, run, page, cell, fact):
    capture, report = page("a", cells=(cell, cell._replace(raw="740", value=Decimal(740))))
    with dataset_writer(tmp_path, run) as writer:
        with pytest.raises(ContractError, match=r"cells: the key \(0, 1, 1\) stands twice"):
            writer.add(capture, report)
        with pytest.raises(ContractError, match="facts: the key"):
            writer.add(*page("b", facts=(fact, fact)))
        summary = writer.finish()
    assert summary.count("coverage") == 0
    assert summary.count("cells") == 0


def test_an_indicator_that_the_dictionary_lacks_refuses_the_report(tmp_path, run, page, cell):
    with dataset_writer(tmp_path, run) as writer, pytest.raises(ContractError, match="wishes_granted"):
        writer.add(*page("a", cells=(cell._replace(indicator="wishes_granted"),)))


def test_a_duplicate_key_is_an_error_that_names_it():
    table = schema.table("findings")
    rows = final_schema("findings").empty_table().to_pydict()
    rows = {name: [*rows[name], "x", "x"] for name in rows} | {"finding_no": [3, 3]}
    with pytest.raises(DatasetError, match="capture_id=x, finding_no=3") as caught:
        list(merge.unique("findings", iter([pa.table(rows, schema=final_schema("findings"))])))
    assert caught.value.code == "duplicate_key"
    assert table.key == ("capture_id", "finding_no")


@pytest.mark.parametrize(
    "case",
    [
        ({"captured_at": "2021-01-01"}, {"captured_at": "2022-01-01"}, "second"),
        ({"captured_at": "2021-01-01"}, {"captured_at": ""}, "first"),
        (
            {"identity": {"published_date": "2021-01-02"}},
            {"identity": {"published_date": "2021-01-01"}},
            "first",
        ),
        ({"uri": "b.html"}, {"uri": "c.html"}, "second"),
    ],
)
def test_the_latest_capture_of_a_report_is_current(tmp_path, run, page, case):
    first, second, current = case
    pages = [page("first", **({"uri": "a.html"} | first)), page("second", **({"uri": "a.html"} | second))]
    write(tmp_path, run, pages)
    reports = read_dataset(tmp_path).reports.set_index("capture_id")["is_current"]
    chosen = {"first": pages[0], "second": pages[1]}[current][0].capture_id
    assert reports[reports].index.tolist() == [chosen]


def test_a_further_page_never_takes_the_place_of_the_report_it_belongs_to(tmp_path, run, page):
    first = page("first", uri="a.html", captured_at="2021-01-01")
    capture, second = page("second", uri="a_2.html", captured_at="2021-01-02")
    part = replace(capture, manifest=ManifestEntry("a_2.html", part_of="a.html"))
    write(tmp_path, run, [first, (part, second)])
    reports = read_dataset(tmp_path).reports
    assert reports["capture_id"][reports["is_current"]].tolist() == [first[0].capture_id]
    assert dict(read_dataset(tmp_path).coverage[["source_uri", "part_of"]].values)["a_2.html"] == "a.html"


@pytest.mark.parametrize("change", [{"agency_id": "x"}, {"report_year": 2019}, {"report_scope": "own"}])
def test_other_agencies_years_and_scopes_are_current_on_their_own(tmp_path, run, page, change):
    write(tmp_path, run, [page("a"), page("b", uri="b.html", identity=change)])
    assert read_dataset(tmp_path).reports["is_current"].tolist() == [True, True]


@pytest.mark.parametrize("unknown", [{"agency_id": ""}, {"report_year": None}])
def test_reports_that_name_no_agency_or_year_supersede_only_captures_of_their_address(tmp_path, run, page, unknown):
    pages = [
        page("a", uri="a.html", captured_at="2021-01-01", identity=unknown),
        page("b", uri="a.html", captured_at="2022-01-01", identity=unknown),
        page("c", uri="c.html", captured_at="2022-01-01", identity=unknown),
    ]
    write(tmp_path, run, pages)
    reports = read_dataset(tmp_path).reports
    assert set(reports["capture_id"][reports["is_current"]]) == {
        pages[1][0].capture_id,
        pages[2][0].capture_id,
    }


def test_a_page_that_went_back_to_an_earlier_text_is_current_again(tmp_path, run, page):
    pages = [
        page("old", captured_at="2021"),
        page("new", captured_at="2022"),
        page("old", captured_at="2023"),
    ]
    write(tmp_path, run, pages)
    reports = read_dataset(tmp_path).reports
    assert reports["capture_id"][reports["is_current"]].tolist() == [pages[0][0].capture_id]
