"""A mark stands on exactly the characters that were read, on every page and in whatever mark-up they stand."""

import pytest
from golden_pages import golden_pages, report_of
from marked_pages import Shown, cell, places_of_report, span
from small_pages import own_table, page_with

from outputs.explorer.archived.harmless import make_harmless
from parsers.marking import mark
from parsers.report import parse

HEADS = ("<h1>样本市民政局2021年政府信息公开工作年度报告</h1>", "<p>一、总体情况</p>")


def shown(page, *places, **transport):
    """The marked page as it reads, and the anchors of places that could not be marked."""
    data = page if isinstance(page, bytes) else page.encode()
    marked = mark(data, places, **transport)
    made = make_harmless(marked)
    assert not made.wrong
    read = Shown(made.html)
    assert sorted(read.ids) == sorted(made.anchors)
    return read, marked.unmarked


def block_of(page, words):
    """Number and text of the only block that holds the words."""
    blocks = [block for block in parse(page.encode()).blocks if words in block.text]
    assert len(blocks) == 1
    return blocks[0].no, blocks[0].text


PAGES = [golden for golden in golden_pages() if golden.name.startswith("pages-") and not golden.is_other]


@pytest.mark.parametrize("golden", PAGES, ids=lambda golden: golden.name)
def test_every_cell_and_every_claim_is_marked_with_its_own_characters(golden):
    report = report_of(golden)
    if report.outcome != "ok":
        pytest.skip("the reading of this page is the subject of other tests")
    data, charset, media_type = golden.source()
    places = places_of_report(report)
    read, unmarked = shown(data, *(place for place, _ in places.values()), charset=charset, media_type=media_type)
    assert unmarked == frozenset()
    assert {anchor: read.under(anchor) for anchor in places} == {
        anchor: "".join(words.split()) for anchor, (_, words) in places.items()
    }
    assert all(words in report.blocks[claim.block_no].text for claim in report.claims for words in [claim.raw])


@pytest.mark.parametrize(
    "prose",
    [
        "<p>全年收到申请70件。</p>",
        "<p>全年收到申请<font>7</font><b><span>0</span></b>件。</p>",
        "<p>全年收到申请\n  7\u200b0\u00ad件。</p>",
        "<p>全年收到申&#35831;&#55;0&#20214;。</p>",
        "<p>全年收到申请70<span style='display:none'>99</span>件。</p>",
        "<p>全年收到申请70<!-- 99 -->件<script>70件</script>。</p>",
        "<p>全年收到\n申请70\n件。</p>",
        "<div>全年收到申请70件。<p>另一段</p></div>",
        "<p>第一行<br>全年收到申请<o:p>70</o:p>件。<br>第三行</p>",
        "<pre>第一行\n全年收到申请70件。\n第三行</pre>",
        "<p>全年收到申请70&lt;!--[if !supportLists]--&gt;件。</p>",
        "<table><tr><td>全年收到申请70件。</td></tr></table>",
        "<p>全年收到申请<a href='70件'>70</a>件。</p>",
        "<textarea>70件</textarea><p>全年收到申请70件。</p>",
        "<p>全年收到申请70件。</p></body></html><p>后记</p>",
        f"{'<font>' * 300}<p>全年收到申请70件。</p>",
        "<ul><li>一</li><li>全年收到申请<span>70件</span>。</ul>",
    ],
)
def test_the_characters_of_a_number_are_marked_in_whatever_mark_up_they_stand(prose):
    page = page_with(head="".join(HEADS) + prose)
    number, text = block_of(page, "全年收到申请")
    place = span(number, text.index("70"), text.index("件") + 1)
    read, unmarked = shown(page, place)
    assert not unmarked
    assert read.under(place.anchor) == "70件"


def test_marks_may_lie_in_one_another_overlap_and_touch():
    page = page_with(head="".join(HEADS) + "<p>收到<b>申请70</b>件，办结69件。</p>")
    number, _ = block_of(page, "收到申请")
    places = [span(number, *ends) for ends in ((0, 7), (4, 7), (5, 9), (2, 4), (4, 6), (0, 13), (7, 13))]
    read, unmarked = shown(page, *places, *places)
    assert not unmarked
    assert [read.under(place.anchor) for place in places] == [
        "收到申请70件",
        "70件",
        "0件，办",
        "申请",
        "70",
        "收到申请70件，办结69件",
        "，办结69件",
    ]
    assert not [link for link in read.named("a") if not link["href"].startswith("#b-")]


def test_a_mark_in_several_pieces_lights_up_as_one():
    page = page_with(head="".join(HEADS) + "<p>收到申请<b>7</b>0件。</p>")
    number, _ = block_of(page, "收到申请")
    marked = make_harmless(mark(page.encode(), [span(number, 4, 7)]))
    anchor = f"b-{number}-4-7"
    assert f':root:has([id="{anchor}"]:target) [data-place="{anchor}"]' in marked.html
    assert marked.html.count(f' id="{anchor}"') == 1


def test_a_link_of_the_page_becomes_words_with_its_address_to_read():
    page = page_with(head="".join(HEADS) + "<p>见<a href='https://example.invalid/70'>附件</a></p>")
    read, _ = shown(page)
    assert {"class": "gk-link", "title": "https://example.invalid/70"} in read.named("span")
    assert not read.named("a")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("<td>12</td>", "12"),
        ("<th><p><span>1</span>2</p></th>", "12"),
        ("<td>12<sup>1</sup></td>", "12"),
        ("<td><del>11</del>12</td>", "12"),
        ("<td>12<br></td>", "12"),
        ("<td><input value=12></td>", "12"),
        ("<td><b hidden>3</b>12</td>", "12"),
        ("<td></td>", ""),
        ("<td>&nbsp;</td>", ""),
        ("<td><img alt=图 src=a.gif>12</td>", "12"),
        ("<td><table><tr><td>12</td></tr></table></td>", "12"),
    ],
)
def test_the_element_of_a_cell_is_marked(value, words):
    page = page_with(own_table().replace("<td>12</td>", value))
    read, unmarked = shown(page, cell(0, 1, 2), cell(0, 2, 2))
    assert not unmarked
    assert (read.under("c-0-1-2"), read.under("c-0-2-2")) == (words, "5")
    at = next(tag for tag, attributes in read.elements if attributes.get("id") == "c-0-1-2")
    assert at == value[1:3]


def test_a_cell_that_two_rows_share_is_the_place_of_both():
    table = own_table("0").replace("<td>0</td>", "<td rowspan=2>0</td>").replace("<td>5</td>", "")
    read, unmarked = shown(page_with(table), cell(0, 1, 2), cell(0, 2, 2))
    assert not unmarked
    assert (read.under("c-0-1-2"), read.under("c-0-2-2")) == ("0", "0")


TEXT = """样本市民政局2021年政府信息公开工作年度报告
一、总体情况
根据《中华人民共和国政府信息公开条例》编制本报告，统计期限为2021年1月1日至12月31日。
## **全年**收到申请**70**件。
二、主动公开政府信息情况
{}
三、存在的主要问题及改进情况
无。
"""


BOX = """┌────┬──┬──┐
│指标│单位│数量│
├────┼──┼──┤
│主动公开│条│1 │
│信息数│ │2 │
├────┼──┼──┤
│受理依申请公开│件│5 │
│信息总数│ │ │
└────┴──┴──┘"""


@pytest.mark.parametrize(
    "table",
    [
        "指标\n单位\n数量\n主动公开信息数\n条\n12\n受理依申请公开信息总数\n件\n5",
        "指标 单位 数量\n主动公开信息数  条  12\n受理依申请公开信息总数  件  5",
        "| 指标 | 单位 | 数量 |\n|---|---|---|\n| 主动公开信息数 | 条 | 12 |\n| 受理依申请公开信息总数 | 件 | 5 |",
        BOX,
    ],
)
def test_cells_and_numbers_of_plain_text_are_marked_where_they_stand(table):
    page = TEXT.format(table)
    report = parse(page.encode())
    assert [one.raw for one in report.cells] == ["12", "5"]
    number, text = block_of(page, "全年收到申请")
    start = text.index("70")
    places = [cell(one.table_no, one.row, one.col) for one in report.cells]
    read, unmarked = shown(page, span(number, start, start + 3), *places)
    assert not unmarked
    assert [read.under(place.anchor) for place in places] == ["12", "5"]
    assert read.under(f"b-{number}-{start}-{start + 3}") == "70件"
    assert "**全年**收到申请**70**件" in read.text


def test_a_number_and_its_heading_in_two_boxes_are_one_block():
    page = page_with(head=HEADS[0] + "<p>一、</p><p>总体情况</p>").replace("<p>一、总体情况</p>", "", 1)
    number, text = block_of(page, "总体情况")
    read, unmarked = shown(page, span(number, 0, len(text)))
    assert not unmarked
    assert read.under(f"b-{number}-0-{len(text)}") == "一、总体情况"


def test_what_is_not_there_is_said_to_be_unmarked():
    page = page_with(own_table())
    wanted = [
        cell(0, 9, 2),
        cell(1, 1, 2),
        cell(0, 1, 9),
        cell(0, -1, 2),
        span(2, 5, 4),
        span(2, 0, 9999),
        span(999, 0, 1),
    ]
    read, unmarked = shown(page, *wanted)
    assert unmarked == {place.anchor for place in wanted}
    assert read.ids == []


@pytest.mark.parametrize("data", [b"", b"\0\0\0", b"%PDF-1.4", b"<p", b"<table>", b"<!--", b"\xff\xfe<\0p\0>\0"])
def test_what_is_no_page_has_no_marks(data):
    read, unmarked = shown(data, cell(0, 0, 0), span(0, 0, 1))
    assert {"c-0-0-0", "b-0-0-1"} - unmarked == set(read.ids)
