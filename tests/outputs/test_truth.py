"""A blank of a page is a blank in every table of the dataset; it is filled beside them only with what is true."""

from decimal import Decimal
from random import Random

import pandas as pd
import pytest
from request_tables import APPLICANTS, filled, page_of

from gongkai.build import build
from gongkai.dataset import open_dataset

# Bureaus of one made-up county: the pages of one archive.
BUREAUS = (
    "财政局",
    "教育局",
    "民政局",
    "水利局",
    "林业局",
    "审计局",
    "统计局",
    "公安局",
    "司法局",
    "商务局",
    "农业农村局",
)
YEARS = (2022, 2023)
SPLIT = "requests_received"
"""The row whose columns by kind of applicant stand in the panel."""


@pytest.fixture(scope="module")
def tables():
    """Tables by agency and year: full ones, some with their zeros left blank, some without a number."""
    rng = Random("a blank is no zero")
    return {
        (f"望川县{bureau}", year): filled(
            rng, blank=rng.choice((0.0, 0.02, 0.1, 0.3, 1.0)), zero_blank=rng.choice((0.0, 0.9, 1.0))
        )
        for bureau in BUREAUS
        for year in YEARS
    }


@pytest.fixture(scope="module")
def dataset(tables, tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    for no, ((agency, year), table) in enumerate(tables.items()):
        page = page_of(table, f"{agency}{year}年政府信息公开工作年度报告").replace("2021年", f"{year}年")
        (archive / f"{no:03}.html").write_text(page, encoding="utf-8")
    build([archive], archive.parent / "dataset")
    return open_dataset(archive.parent / "dataset")


@pytest.fixture(scope="module")
def by_report(dataset, tables):
    """The true table of each capture."""
    reports = dataset.reports
    assert len(reports) == len(tables)
    return {row.capture_id: tables[row.agency, row.report_year] for row in reports.itertuples()}


def column(indicator, applicant):
    """Where a figure stands in the panel; None for those that stand in no column of their own."""
    if applicant == "total":
        return indicator
    return f"{indicator}_{applicant}" if indicator == SPLIT else None


def test_cells(dataset, by_report):
    cells = dataset.cells
    for capture_id, group in cells.groupby("capture_id"):
        printed = by_report[capture_id].printed()
        read = {(c.indicator, c.applicant): (c.state, c.value) for c in group.itertuples()}
        assert read.keys() == printed.keys()
        for key, value in printed.items():
            state, found = read[key]
            expected = ("blank", True) if value is None else ("number", False)
            assert (state, pd.isna(found)) == expected


def test_facts(dataset, by_report):
    """A blank has no value unless the sum of printed cells gives it, which is then the true one."""
    for fact in dataset.facts.itertuples():
        table = by_report[fact.capture_id]
        key = (fact.indicator, fact.applicant)
        if fact.source == "table":
            printed = table.printed()[key]
            assert (fact.state == "number") == (printed is not None)
            assert printed is None or fact.value == printed
        elif key in table.true:
            assert (fact.source, key in table.blank, fact.value) == ("derived", True, table.true[key])


def _numbers(row, table):
    for indicator, applicant in table.true:
        name = column(indicator, applicant)
        if name is not None:
            value = getattr(row, name)
            yield name, (indicator, applicant), None if pd.isna(value) else Decimal(value)


def test_panel(dataset, by_report):
    derived = {
        (fact.capture_id, fact.indicator, fact.applicant)
        for fact in dataset.facts.itertuples()
        if fact.source == "derived"
    }
    rows = list(dataset.panel.itertuples())
    assert len(rows) == len(by_report)
    for row in rows:
        table = by_report[row.capture_id]
        for _, key, value in _numbers(row, table):
            if key in table.blank and (row.capture_id, *key) not in derived:
                assert value is None
            else:
                assert value == table.true[key]


def test_filled_panel(dataset, by_report):
    """Each fill has its rule, stands where the panel has nothing, and is what the full table says: a zero."""
    panel = {row.capture_id: row for row in dataset.panel.itertuples()}
    fills = {(fill.capture_id, fill.indicator): fill for fill in dataset.panel_fills.itertuples()}
    used = set()
    for row in dataset.panel_filled.itertuples():
        table = by_report[row.capture_id]
        before = {name: value for name, _, value in _numbers(panel[row.capture_id], table)}
        for name, key, value in _numbers(row, table):
            if value == before[name]:
                continue
            fill = fills[row.capture_id, name]
            used.add((row.capture_id, name))
            assert (before[name], value, table.true[key], fill.rule != "") == (None, 0, 0, True)
    assert {key for key in fills if key[1] in {column(*k) for t in by_report.values() for k in t.true}} == used
    assert used, "no page of the archive has a blank that is proven zero"


def test_blanks_and_fills_are_there(tables):
    """The archive tests what it should: blanks that are zero, and blanks that are not."""
    blanks = [table.true[key] for table in tables.values() for key in table.blank]
    assert 0 in blanks
    assert max(blanks) > 0
    assert {applicant for table in tables.values() for _, applicant in table.blank} == set(APPLICANTS)
