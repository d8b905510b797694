"""Which reports are compared, and how a comparison is written."""

from decimal import Decimal

import pytest
from small_datasets import write_dataset

from outputs.changes import CHANGES
from outputs.compare.ask import as_text, compare
from outputs.compare.captures import compare_captures_of_year
from outputs.compare.markdown import markdown_text
from outputs.compare.page import Block, Cell, Column, Grid, Page, TextBlock, linkable, number, signed
from outputs.compare.years import compare_years
from outputs.errors import CompareError
from parsers.records import Section


@pytest.fixture
def dataset(tmp_path, run, page, fact, cell):
    """Write reports, each given as (year, scope, value, changes of the identity), and return the folder."""

    def write(*reports):
        pages = [made(no, *each) for no, each in enumerate(reports)]
        return write_dataset(tmp_path / "out", run, pages, CHANGES, whole=True)

    def made(no, year, scope, value, identity):
        text = f"本年收到申请{value}件，均已答复。"
        return page(
            f"page {no}",
            uri=f"{no}.html",
            captured_at=f"2024-01-{no + 1:02d}",
            identity={"report_year": year, "report_scope": scope, "period_start": "", "period_end": "", **identity},
            cells=(cell._replace(raw=str(value), value=Decimal(value), base_value=Decimal(value)),),
            facts=(fact._replace(value=Decimal(value)),),
            sections=(Section(0, None, 1, "一、", "总体情况", "overview", text, "ok", 2, 4),),
        )

    return write


def test_two_years_in_short(dataset):
    folder = dataset((2020, "area", 20, {}), (2021, "area", 25, {}))
    diff, page = compare(folder, agency="某区", years=(2020, 2021))
    (figure,) = diff.figures
    assert (figure.row.value_before, figure.row.value_after, figure.row.difference) == (20, 25, 5)
    assert figure.label == "收到申请数"
    assert diff.differs
    assert page.headline.startswith("1 figure changed, 0 the same, 0 not comparable; ")
    assert page.headline.endswith("sections: 1 copied.")
    (section,) = diff.sections
    assert section.changes == (
        ("equal", "本年收到申请"),
        ("delete", "20"),
        ("insert", "25"),
        ("equal", "件，均已答复。"),
    )


def test_nothing_differs(dataset):
    folder = dataset((2020, "area", 20, {}), (2021, "area", 20, {}))
    diff, page = compare(folder, agency="320813", years=(2020, 2021))
    assert not diff.differs
    assert page.headline.endswith("no section differs.")


def test_scopes_that_are_not_known_stand_side_by_side(dataset):
    folder = dataset((2020, "unknown", 20, {}), (2021, "area", 25, {}))
    diff, page = compare(folder, agency="某区", years=(2020, 2021))
    assert page.headline.startswith("none of 1 figure may be compared (scope_unknown); ")
    assert diff.figures[0].row.difference is None
    block = next(block for block in page.blocks if block.title == "Not comparable, side by side (1)")
    assert not block.folded
    assert [cell.text for cell in block.grid.rows[0]][2:6] == ["20", "25", "件", "scope_unknown"]
    assert "unknown, then area" in page.warnings[0]


def test_of_several_scopes_the_one_that_both_years_have_is_compared(dataset):
    folder = dataset((2020, "own", 1, {}), (2020, "area", 20, {}), (2021, "area", 25, {}))
    assert compare_years(folder, "某区", (2020, 2021)).figures[0].row.difference == 5


def test_several_scopes_in_both_years_are_asked_for(dataset):
    reports = [(year, scope, 1, {}) for year in (2020, 2021) for scope in ("own", "area")]
    folder = dataset(*reports)
    with pytest.raises(CompareError, match="2020 has reports of scope area, own") as caught:
        compare_years(folder, "某区", (2020, 2021))
    assert caught.value.code == "several_scopes"
    assert compare_years(folder, "某区", (2020, 2021), "own").after.report_scope == "own"


def test_a_whole_name_wins_over_a_part_of_another(dataset):
    other = {"agency_id": "320813-education", "agency": "某区人民政府教育局"}
    folder = dataset((2020, "area", 1, {}), (2021, "area", 2, {}), (2020, "area", 3, other), (2021, "area", 4, other))
    with pytest.raises(
        CompareError, match=r"320813 \(某区人民政府\), 320813-education \(某区人民政府教育局\)"
    ) as caught:
        compare_years(folder, "某区人", (2020, 2021))
    assert caught.value.code == "several_agencies"
    assert compare_years(folder, "某区人民政府", (2020, 2021)).after.agency_id == "320813"
    assert compare_years(folder, "320813-education", (2020, 2021)).after.agency == "某区人民政府教育局"


def test_a_long_list_of_agencies_says_how_many_more_there_are(dataset):
    folder = dataset(*((2020, "area", 1, {"agency_id": f"x{no}", "agency": f"甲{no}局"}) for no in range(15)))
    with pytest.raises(CompareError, match=r"15 agencies are called that: 甲: x0 .*, and 3 more"):
        compare_years(folder, "甲", (2020, 2021))


def test_years_the_wrong_way_round_are_compared_as_given_and_said(dataset):
    folder = dataset((2020, "area", 20, {}), (2021, "area", 25, {}))
    diff = compare_years(folder, "某区", (2021, 2020))
    assert diff.figures[0].row.difference == -5
    assert diff.warnings[0] == "The years are given as 2021 and 2020: the second is not the later one."


def test_the_current_capture_is_the_second_one(dataset):
    folder = dataset((2020, "area", 20, {}), (2020, "area", 21, {}))
    diff = compare_captures_of_year(folder, "某区", 2020)
    assert (diff.before.is_current, diff.after.is_current) == (False, True)
    (cell,) = diff.cells
    assert (cell.raw_before, cell.raw_after, cell.place_after) == ("20", "21", "table 0, row 1, column 1")


def test_three_captures_of_a_year_are_chosen_from(dataset):
    folder = dataset(*((2020, "area", value, {}) for value in (1, 2, 3)))
    with pytest.raises(CompareError, match="3 captures of 2020") as caught:
        compare_captures_of_year(folder, "某区", 2020)
    assert caught.value.code == "several_captures"


def test_captures_of_different_reports_are_compared_with_a_warning(dataset):
    folder = dataset((2020, "area", 1, {}), (2021, "area", 2, {}))
    ids = [compare_years(folder, "某区", (2020, 2021)).before.capture_id]
    ids.append(compare_years(folder, "某区", (2020, 2021)).after.capture_id)
    diff, _ = compare(folder, captures=tuple(ids))
    assert diff.warnings == ("These may not be two captures of one report: report_year is 2020, then 2021.",)


@pytest.mark.parametrize("form", ["csv", "json", "md", "html"])
def test_the_same_question_gives_the_same_bytes(dataset, form):
    folder = dataset((2020, "area", 20, {}), (2021, "area", 25, {}))
    texts = {as_text(*compare(folder, agency="某区", years=(2020, 2021)), form) for _ in range(2)}
    assert len(texts) == 1


# How it is written.


def test_numbers_are_written_as_they_are():
    assert number(Decimal("24252.3110820000")) == "24,252.311082"
    assert number(Decimal("0E-10")) == "0"
    assert number(None) == ""
    assert (signed(Decimal(3)), signed(Decimal(-3)), signed(Decimal(0))) == ("+3", "-3", "0")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "pages/2021.html", "", "//host/x"])
def test_only_addresses_of_the_web_are_linked(address):
    assert linkable(address) == ""


def test_markdown_cannot_be_broken_by_what_a_page_says():
    grid = Grid(
        (Column("a|b"), Column("n", is_number=True)), ((Cell("x|y\nz*", "https://h/(1)"), Cell("1")),), frozenset({0})
    )
    text = markdown_text(
        Page(
            "t`t",
            "<b>h",
            (("a", Cell("v")),),
            ("w",),
            (Block("g", grid=grid), Block("t", texts=(TextBlock("s", (("delete", "旧\n文"), ("insert", "~新"))),))),
        )
    )
    assert text == (
        "# t\\`t\n\n**\\<b\\>h**\n\n- a: v\n- ⚠ w\n\n## g\n\n| a\\|b | n |\n| --- | ---: |\n"
        "| **[x\\|y z\\*](<https://h/%281%29>)** | 1 |\n\n## t\n\n### s\n\n~~旧~~\n\n~~文~~**\\~新**\n\n"
    )
