"""Reports made by hand: what the tests of the outputs write and read back."""

from dataclasses import replace
from decimal import Decimal

import pytest
from small_datasets import empty_tables

from corpus.captures import Capture
from outputs.rows import Versions
from outputs.run import Run
from parsers.records import Block, Decoded, Fact, Finding, Identity, Report, Section, TableCell

CELL = TableCell(
    table_no=0,
    row=1,
    col=1,
    section_no=0,
    table_title="",
    row_path="一、本年新收政府信息公开申请数量",
    col_path="总计",
    raw="739",
    state="number",
    value=Decimal(739),
    unit_raw="",
    unit="件",
    base_value=Decimal(739),
    base_unit="件",
    form_id="C1_2019_60",
    indicator="requests_received",
    applicant="total",
    measure="annual",
    mapping="exact",
    concordance="exact",
    xpath="/html/body/table/tr[2]/td[2]",
)

FACT = Fact(
    indicator="requests_received",
    applicant="total",
    measure="annual",
    value=Decimal(739),
    unit="件",
    state="number",
    source="table",
    derivation="",
    concordance="exact",
    form_id="C1_2019_60",
    table_no=0,
    row=1,
    col=1,
)

IDENTITY = Identity(
    title="某区2020年政府信息公开工作年度报告",
    agency_id="320813",
    agency="某区人民政府",
    agency_as_printed="某区",
    agency_level="county",
    region_code="320813",
    report_year=2020,
    report_scope="area",
    published_date="2021-01-15",
    period_start="2020-01-01",
    period_end="2020-12-31",
    findings=(),
)

REPORT = Report(
    capture_id="",
    outcome="ok",
    detail="",
    next_step="",
    media_type="text/html",
    decoded=Decoded("", "gb2312", "gb18030", 0),
    identity=IDENTITY,
    blocks=(
        Block(0, "首页 > 年报", "furniture", None, None, "/html/body/div[1]"),
        Block(1, "某区2020年政府信息公开工作年度报告", "title", None, None, "/html/body/h1"),
        Block(2, "一、总体情况", "heading", 0, None, "/html/body/p[1]"),
        Block(3, '他说"好",然后\n走了', "body", 0, None, "/html/body/p[2]"),
        Block(4, "", "table", 0, 0, "/html/body/table"),
    ),
    sections=(Section(0, None, 1, "一、", "总体情况", "overview", '他说"好",然后\n走了', "ok", 2, 4),),
    cells=(CELL,),
    claims=(),
    facts=(FACT,),
    findings=(Finding("published_late", "block 1", "published on 2021-04-15"),),
    form_ids=("C1_2019_60",),
    n_tables=1,
)

RUN = Run(Versions("0.0.0", "1", "f0"), (("lxml", "6.0"),), ("archive",), 1000)


@pytest.fixture
def underived(monkeypatch):
    """Derived tables are empty: what a dataset writer does with them takes seconds, and some tests are not about it."""
    monkeypatch.setattr("outputs.writer.derive", empty_tables)


@pytest.fixture
def cell():
    return CELL


@pytest.fixture
def fact():
    return FACT


@pytest.fixture
def run():
    return RUN


@pytest.fixture
def page():
    """Make a capture and its report; keywords change the capture, the identity or the report."""

    def make(content, uri="a.html", captured_at="", identity=None, **changes):
        capture = Capture(uri, content.encode(), captured_at)
        about = replace(IDENTITY, **(identity or {}))
        return capture, replace(REPORT, **{"capture_id": capture.capture_id, "identity": about, **changes})

    return make
