"""What a list page names: typed from the page below, link by link."""

import parsers
from parsers.records import Listed

GOVERNMENT = ("320813-government", "淮安市洪泽区人民政府", "county", "320813")
EDUCATION = ("320813-education", "淮安市洪泽区教育局", "county", "320813")
FINANCE = ("320813-finance", "淮安市洪泽区财政局", "county", "320813")
NOBODY = ("", "", "unknown", "")


def listing(*items, title="政府信息公开年报_淮安市洪泽区人民政府", head="政府信息公开年报"):
    body = "\n".join(f"<li>{item}</li>" for item in items)
    top = f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h2>{head}</h2>"
    report = parsers.parse(f"{top}<ul>{body}</ul></body></html>".encode())
    assert report.outcome == "list_page"
    return report.listed


def item(no, title, href, body, year, day="", place=None):
    return Listed(no, title, href, *body, year, day, f"/html/body/ul/li[{place or no + 1}]/a")


def test_titles_years_bodies_and_dates_of_a_list():
    cut = "淮安市洪泽区教育局2021年政府信息公开工作年度报告"
    found = listing(
        '<a href="../a/2019.htm">2019年度报告</a><span>[2020-01-20]</span>',
        '<a href="/b/2020.htm">2020年年度报告</a> 2021-03-02',
        f'<a href="c.htm" title="{cut}">淮安市洪泽区教育局2021年政府信息...</a>',
        '<a href="d.htm">二〇一八年政府信息公开年度报告</a>',
        '<a href="e.htm">2021年法治政府建设年度报告</a>',
        '<a href="f.htm">洪泽区财政局2021年政府信息公开年报</a>',
        '<a href="g.htm">2016-2017年政府信息公开工作年度报告</a>',
        '<a href="h.htm">关于做好2021年政府信息公开工作年度报告的通知</a>',
    )
    assert found == (
        item(0, "2019年度报告", "../a/2019.htm", GOVERNMENT, 2019, "2020-01-20"),
        item(1, "2020年年度报告", "/b/2020.htm", GOVERNMENT, 2020, "2021-03-02"),
        item(2, cut, "c.htm", EDUCATION, 2021),
        item(3, "二〇一八年政府信息公开年度报告", "d.htm", GOVERNMENT, 2018),
        item(4, "洪泽区财政局2021年政府信息公开年报", "f.htm", FINANCE, 2021, place=6),
    )


def test_two_reports_of_a_year_without_names_are_nobodys():
    found = listing(
        '<a href="1.htm">2019年政府信息公开年度报告</a>',
        '<a href="2.htm">2019年政府信息公开年度报告</a>',
        '<a href="3.htm">2020年政府信息公开年度报告</a>',
        '<a href="4.htm">2021年政府信息公开年度报告</a>',
    )
    assert [(one.report_year, one.agency_id) for one in found] == [
        (2019, ""),
        (2019, ""),
        (2020, "320813-government"),
        (2021, "320813-government"),
    ]


def test_a_list_of_other_annual_reports_names_none_of_ours():
    years = (2018, 2019, 2020, 2021)
    assert listing(*(f'<a href="{year}.htm">{year}年年度报告</a>' for year in years), title="公司", head="年报") == ()


def test_a_date_before_the_reported_year_ended_is_another_date():
    found = listing(
        *(
            f'<a href="{year}.htm">{year}年政府信息公开年度报告</a> <i>2018-03-02</i>'
            for year in (2016, 2017, 2018, 2019)
        )
    )
    assert [one.published_date for one in found] == ["2018-03-02", "2018-03-02", "2018-03-02", ""]


def test_reports_on_one_page_are_named_by_their_titles():
    part = "<h3>青石乡人民政府{}年政府信息公开工作年度报告</h3><p>一、概述</p><p>本乡认真做好信息公开工作。</p>"
    page = f"<html><head><meta charset=utf-8></head><body>{part.format(2016)}{part.format(2015)}</body></html>"
    report = parsers.parse(page.encode())
    assert report.outcome == "list_page"
    assert [(one.title, one.href, one.report_year, one.xpath) for one in report.listed] == [
        ("青石乡人民政府2016年政府信息公开工作年度报告", "", 2016, "/html/body/h3[1]"),
        ("青石乡人民政府2015年政府信息公开工作年度报告", "", 2015, "/html/body/h3[2]"),
    ]


def test_other_pages_list_nothing():
    assert parsers.parse("<p>停水通知</p>".encode()).listed == ()


def crossed(rows, title="部门政府信息公开年报"):
    """What a table of links lists, as bodies and years; `rows` are cells, a link where its address is given."""
    cells = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' if isinstance(cell, str) else _link(*cell) for cell in row)}</tr>"
        for row in rows
    )
    page = f"<html><head><meta charset=utf-8></head><body><h2>{title}</h2><table>{cells}</table></body></html>"
    found = parsers.parse(page.encode(), listing=True).listed
    return [(one.agency, one.report_year, one.href) for one in found]


def _link(words, href, onclick=""):
    return f'<td><a href="{href}" onclick="{onclick}">{words}</a></td>'


def test_a_table_of_bodies_by_years_is_read_crosswise():
    by_year = [["单位", "2019年", "2020年"], ["样本县教育局", ("查看", "1"), ("查看", "2")]]
    assert crossed(by_year) == [("样本县教育局", 2019, "1"), ("样本县教育局", 2020, "2")]
    by_body = [["年度", "样本县教育局", "样本县财政局"], ["2019", ("查看", "1"), ("查看", "2")]]
    assert crossed(by_body) == [("样本县教育局", 2019, "1"), ("样本县财政局", 2019, "2")]
    in_rows = [["样本县教育局", ("2019年", "1"), ("2020", "2")], ["样本县财政局", ("2019年", "3"), "—"]]
    assert crossed(in_rows) == [("样本县教育局", 2019, "1"), ("样本县教育局", 2020, "2"), ("样本县财政局", 2019, "3")]


def test_a_table_that_names_no_body_or_is_of_something_else_is_not_read_crosswise():
    by_year = [["单位", "2019年", "2020年"], ["样本县教育局", ("查看", "1"), ("查看", "2")]]
    assert crossed(by_year, title="部门预算公开") == []
    assert crossed([["项目", "2019年", "2020年"], ["收入", ("查看", "1"), ("查看", "2")]]) == []


def test_an_address_that_only_a_script_would_go_to_is_the_links():
    rows = [["单位", "2019年"], ["样本县教育局", ("查看", "javascript:void(0)", "window.open('c.jsp?id=1')")]]
    assert crossed(rows) == [("样本县教育局", 2019, "c.jsp?id=1")]
    assert crossed([rows[0], ["样本县教育局", ("查看", "javascript:show(1)")]])[0][2] == "javascript:show(1)"
