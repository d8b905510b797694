"""Tables whose mark-up says little: what is header, label and value is told by the content; typed by hand."""

import pytest
from lxml import html

from parsers.grid import kind_of_grid, read_grid
from parsers.tables import read_segments

OWN = "<tr><td>指标名称</td><td>单位</td><td>数量</td></tr><tr><td>网站公开</td><td>条</td><td>31</td></tr>"


def grid_of(rows):
    return read_grid(html.fromstring(f"<table>{rows}</table>"))


def cells_of(rows):
    """(title, labels, column path, printed value) of every value cell."""
    return [
        (segment.title, row.labels, entry.column.path if entry.column else None, entry.cell.text)
        for segment in read_segments(grid_of(rows), 0).segments
        for row in segment.rows
        for entry in row.entries
    ]


def test_a_unit_column_holds_no_values():
    assert cells_of(OWN) == [("", ("网站公开",), ("数量",), "31")]


def test_several_titled_blocks_are_segments_of_their_own():
    block = (
        "<tr><td colspan=2>第二十条第（{}）项</td></tr><tr><td>信息内容</td><td>本年处理决定数量</td></tr>"
        "<tr><td>{}</td><td>{}</td></tr>"
    )
    assert cells_of(block.format("五", "行政许可", 5) + block.format("六", "行政处罚", 7)) == [
        ("第二十条第（五）项", ("行政许可",), ("本年处理决定数量",), "5"),
        ("第二十条第（六）项", ("行政处罚",), ("本年处理决定数量",), "7"),
    ]


def test_groups_that_span_rows_are_labels_of_each():
    rows = (
        "<tr><td colspan=2></td><td>自然人</td><td>总计</td></tr>"
        "<tr><td rowspan=2>（三）不予公开</td><td>1.属于国家秘密</td><td>1</td><td>2</td></tr>"
        "<tr><td>2.其他</td><td>3</td><td>4</td></tr>"
    )
    assert [(labels, text) for _, labels, _, text in cells_of(rows)] == [
        (("（三）不予公开", "1.属于国家秘密"), "1"),
        (("（三）不予公开", "1.属于国家秘密"), "2"),
        (("（三）不予公开", "2.其他"), "3"),
        (("（三）不予公开", "2.其他"), "4"),
    ]


def test_halves_side_by_side_are_read_one_after_the_other():
    rows = (
        "<tr><td>指标</td><td>数量</td><td>指标</td><td>数量</td></tr>"
        "<tr><td>网站公开</td><td>1</td><td>公报公开</td><td>2</td></tr>"
        "<tr><td>当面申请</td><td>3</td><td>信函申请</td><td>4</td></tr>"
    )
    assert [(labels, text) for _, labels, _, text in cells_of(rows)] == [
        (("网站公开",), "1"),
        (("当面申请",), "3"),
        (("公报公开",), "2"),
        (("信函申请",), "4"),
    ]


def test_cells_that_do_not_meet_their_header_are_taken_in_order():
    rows = (
        "<tr><td>指标名称</td><td colspan=2>本年数</td><td>累计数</td></tr>"
        "<tr><td>网站公开</td><td>1</td><td colspan=2>2</td></tr>"
        "<tr><td>公报公开</td><td colspan=2>3</td><td>4</td></tr>"
    )
    reading = read_segments(grid_of(rows), 0)
    assert [(path, text) for _, _, path, text in cells_of(rows)] == [
        (("本年数",), "1"),
        (("累计数",), "2"),
        (("本年数",), "3"),
        (("累计数",), "4"),
    ]
    assert [finding.code for finding in reading.findings] == ["aligned_by_order"]


def test_a_row_with_a_value_too_many_is_named():
    rows = OWN + "<tr><td>公报公开</td><td>条</td><td>3</td><td>4</td></tr>"
    reading = read_segments(grid_of(rows), 0)
    assert "ragged_row" in [finding.code for finding in reading.findings]
    assert reading.segments[0].rows[-1].ragged


DATED_LINKS = (
    "<tr><td><a href=a>关于甲的通知</a></td><td>2013-01-05</td></tr>"
    "<tr><td><a href=b>关于乙的通知</a></td><td>2013-01-06</td></tr>"
)
BLANK_TABLE_4 = (
    "<tr><td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td></tr>"
    "<tr><td></td><td></td><td></td><td></td></tr>"
)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        (OWN + "<tr><td>公报公开</td><td>条</td><td>32</td></tr>", "form"),
        (
            "<tr><td>部门</td><td>件</td></tr><tr><td>城关镇</td><td>21</td></tr><tr><td>柳林镇</td><td>14</td></tr>",
            "data",
        ),
        ("<tr><td>首页</td><td>政务公开</td></tr><tr><td>办事服务</td><td>互动交流</td></tr>", "layout"),
        ("<tr><td>索引号</td><td>x/2013</td></tr><tr><td>发布机构</td><td>县政府办</td></tr>", "metadata"),
        (DATED_LINKS, "list"),
        (BLANK_TABLE_4, "form"),
    ],
)
def test_what_a_table_is_for_is_told_by_its_content(rows, kind):
    assert kind_of_grid(grid_of(rows)) == kind
