"""Changes of a page's source that its reader would not notice leave the report as it was.

Each mutation is tried on a share of the pages with golden records, always the same; GONGKAI_MUTATION_SHARE=1 tries
it on all of them.
"""

import os
import zlib
from functools import cache
from random import Random

import mutations_bytes
import mutations_page
import mutations_tables
import mutations_tags
import mutations_text
import pytest
from golden_pages import golden_pages
from html_tokens import written
from mutation import MUTATIONS, source_of
from reading import differences, facts_only
from small_pages import HEAD_ROW, OPEN_DATA_ROW, REQUESTS_ROW, TITLE, own_table, page_with

from parsers.report import parse

assert all((mutations_bytes, mutations_page, mutations_tables, mutations_tags, mutations_text))

# One page in so many is tried with a mutation; a dear mutation is tried on fewer.
SHARE = int(os.environ.get("GONGKAI_MUTATION_SHARE", "6"))
DEAR = 3

PAGES = [golden for golden in golden_pages() if golden.page.suffix != ".txt" and not golden.is_other]

# Mutations that the parser does not see through on every page. Each has a small test below that fails strictly: when
# the parser learns, that test says so, and the entry here must go.
# Keyed by mutation, or by mutation and page where only that page shows it.
# A ruled line more or less in the text, where a calendar stands beside a drawn table.
KNOWN = {("calendar_and_weather", "pages-w2-inspection-2011-pre")}


@cache
def _source(golden):
    return source_of(golden)


def _cases():
    for mutation in MUTATIONS.values():
        for golden in PAGES:
            drawn = zlib.crc32(f"{mutation.name} {golden.name}".encode())
            if drawn % (SHARE * DEAR if mutation.few else SHARE) == 0:
                yield pytest.param(mutation, golden, id=f"{mutation.name}-{golden.name}")


def _changed(mutation, golden):
    """The page's changed bytes; None where the mutation does not apply."""
    changed = mutation.change(_source(golden), Random(f"{mutation.name} {golden.name}"))
    if isinstance(changed, list):
        changed = written(changed)
    return changed.encode() if isinstance(changed, str) else changed


@pytest.mark.parametrize(("mutation", "golden"), list(_cases()))
def test_reading_stays(mutation, golden):
    report = _source(golden).report
    data = _changed(mutation, golden) if report.outcome == "ok" else None
    if data is None:
        pytest.skip("the page has nothing that this mutation changes")
    found = differences(mutation.reading(report), mutation.reading(parse(data)))
    if found and (mutation.name, golden.name) in KNOWN:
        pytest.xfail(found[0])
    assert found == []


@pytest.mark.parametrize("mutation", list(MUTATIONS.values()), ids=list(MUTATIONS))
def test_mutation_applies_somewhere(mutation):
    assert any(_changed(mutation, golden) is not None for golden in PAGES)


# Single changes, as small as they could be made.


def _facts(report):
    return {(fact.indicator, fact.applicant): fact.value for fact in report.facts}


def _same_facts(changed, original):
    return differences(facts_only(parse(original.encode())), facts_only(parse(changed.encode()))) == []


ARTICLE_20 = (
    "<table><tr><td colspan=4>第二十条第（五）项</td>{0}</tr>"
    "<tr><td>信息内容</td><td colspan=3>本年处理决定数量</td>{0}</tr><tr><td>行政许可</td><td colspan=3>5</td>{0}</tr>"
    "<tr><td colspan=4>第二十条第（六）项</td>{0}</tr>"
    "<tr><td>信息内容</td><td colspan=3>本年处理决定数量</td>{0}</tr><tr><td>行政处罚</td><td colspan=3>7</td>{0}</tr>"
    "</table>"
)


def test_empty_column_beside_a_title_row():
    changed = parse(page_with(ARTICLE_20.format("<td></td>")).encode())
    assert [(c.table_title, c.col_path) for c in changed.cells if c.state == "number"] == [
        ("第二十条第（五）项", "本年处理决定数量"),
        ("第二十条第（六）项", "本年处理决定数量"),
    ]


def test_column_under_a_cell_that_spans_everything():
    assert parse(
        page_with(ARTICLE_20.format("")).replace("第（五）项</td>", "第（五）项</td><td rowspan=6></td>").encode()
    ).cells


def test_hidden_attribute_in_a_blank_cell():
    report = parse(page_with(own_table("<span hidden>7</span>")).encode())
    assert _facts(report) == {("proactive_items_disclosed", "total"): None, ("requests_received", "total"): 5}


def test_hidden_attribute_on_a_row():
    hidden = OPEN_DATA_ROW.format(9).replace("<tr>", "<tr hidden>")
    assert _same_facts(page_with(own_table(rows=hidden + REQUESTS_ROW)), page_with(own_table()))


def test_hidden_attribute_on_a_column():
    table = own_table().replace("<td>数量", "<td hidden>上年</td><td>数量")
    table = table.replace("<td>12", "<td hidden>3</td><td>12").replace("<td>5", "<td hidden>4</td><td>5")
    assert [cell.value for cell in parse(page_with(table).encode()).cells] == [12, 5]


def test_footnote_mark_on_a_deep_page():
    page = page_with(own_table("12<sup>1</sup>"))
    assert _same_facts("<div>" * 300 + page, page)


def test_form_field_on_a_deep_page():
    page = page_with(own_table('<input type="text" value="12">'))
    assert _same_facts("<div>" * 300 + page, page)


def test_preformatted_text_on_a_deep_page():
    lines = "<pre>\n三、依申请公开情况\n我局全年收到申请5件。\n</pre>"
    page = page_with(own_table(), end=lines)
    deep = parse(("<div>" * 300 + page).encode())
    assert [section.title for section in deep.sections] == [s.title for s in parse(page.encode()).sections]


def test_hidden_column_on_a_deep_page():
    table = own_table().replace("<td>数量", "<td style='display:none'>上年</td><td>数量")
    table = table.replace("<td>12", "<td style='display:none'>3</td><td>12").replace(
        "<td>5", "<td style='display:none'>4</td><td>5"
    )
    page = "<div>" * 300 + page_with(table)
    assert [cell.value for cell in parse(page.encode()).cells] == [12, 5]


def test_white_space_beside_a_bold_line():
    lines = "<p><b>东山市民政局</b></p><p>{}<b>2021年政府信息公开工作年度报告</b></p>"
    plain = parse(page_with(own_table(), head=lines.format(""), site="东山区政府网").encode())
    padded = parse(page_with(own_table(), head=lines.format("&nbsp;" * 4), site="东山区政府网").encode())
    assert padded.identity == plain.identity


def test_wide_digit_in_a_caption():
    table = (
        "<table><caption>{}　政府信息公开行政复议情况</caption><tr><td>结果维持</td><td>结果纠正</td><td>其他结果</td>"
        "<td>尚未审结</td><td>总计</td></tr><tr><td>1</td><td>2</td><td>3</td><td>4</td><td>10</td></tr></table>"
    )
    assert _same_facts(page_with(table.format("表３")), page_with(table.format("表3")))


def test_utf16_whose_first_lines_are_ascii():
    # The bytes of 昼 in UTF-16 are those of "<f": they look like a tag of a page that is not UTF-16.
    data = "\ufeff" + "<html><!--" + "-" * 350 + "-->" + page_with(own_table(), end="<p>昼夜服务。</p>")
    report = parse(data.encode("utf-16-le"))
    assert (report.outcome, report.decoded.used) == ("ok", "utf-16-le")


def test_source_line_ends_inside_an_annex_title():
    page = page_with(end="<p>2022年1月10日</p><p>样本市政府信息公开情况统计{}表</p>" + own_table())
    titles = [section.title for section in parse(page.format("\n").encode()).sections]
    assert titles == [section.title for section in parse(page.format("").encode()).sections]


def test_header_repeated_in_an_own_table():
    head = "<tr><td>单位</td><td>主动公开数</td><td>受理申请数</td></tr>"
    rows = "<tr><td>办公室</td><td>21</td><td>3</td></tr>{}<tr><td>法规科</td><td>14</td><td>2</td></tr>"
    report = parse(page_with(f"<table>{head}{rows.format(head)}</table>").encode())
    assert [cell.raw for cell in report.cells] == ["21", "3", "14", "2"]


def test_published_date_is_not_before_the_report():
    listed = '<ul><li><a href="a.html">2014年政府信息公开工作年度报告</a><span>2015-03-12</span></li></ul>'
    report = parse(page_with(own_table(), end=listed).encode())
    assert report.identity.published_date == ""


def test_small_pages_are_reports():
    report = parse(page_with(own_table()).encode())
    assert (report.outcome, report.identity.title) == ("ok", TITLE)
    assert _facts(report) == {("proactive_items_disclosed", "total"): 12, ("requests_received", "total"): 5}
    assert HEAD_ROW in own_table()
