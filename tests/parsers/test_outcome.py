"""What a page is that lists little: the last page of a list, or a report without its text."""

import re

import parsers

LINKS = (
    '<li><a href="a.htm">样本市教育局2019年政府信息公开工作年度报告</a></li>',
    '<li><a href="b.htm">样本市教育局2021年政府信息公开工作年度报告</a></li>',
)


def outcome(headline, *links):
    page = f"<html><head><title>{headline}</title></head><body><h2>{headline}</h2><ul>{''.join(links)}</ul>"
    return parsers.parse(f"{page}<script>createPageHTML(5, 4);</script></body></html>".encode()).outcome


def test_the_last_page_of_a_list_may_name_two_reports():
    assert outcome("政府信息公开工作年度报告", *LINKS) == "list_page"


def test_a_list_that_cuts_its_titles_is_a_list():
    cut = [re.sub(">(样.*)作年度报告<", r' title="\1作年度报告">\1…<', link) for link in LINKS]
    assert "2019年政府信息公开工…<" in cut[0]
    assert outcome("政府信息公开工作年度报告", *cut) == "list_page"


def test_one_link_to_a_report_makes_no_list():
    assert outcome("政府信息公开工作年度报告", LINKS[0]) == "script_shell"


def test_a_report_without_its_text_is_no_list_of_its_neighbours():
    assert outcome("样本市教育局2020年政府信息公开工作年度报告", *LINKS) == "script_shell"


def test_a_small_application_is_a_script_shell():
    page = b"<html><body><div id=app></div><script src=app.js></script></body></html>"
    assert parsers.parse(page).outcome == "script_shell"


def test_a_site_that_answers_kindly_that_a_page_is_gone_is_understood():
    for words in ("对不起，您访问的页面不存在或已删除！", "抱歉，找不到您要的网页", "该信息已被删除"):
        report = parsers.parse(f"<html><head><title>提示</title></head><body><p>{words}</p></body></html>".encode())
        assert report.outcome == "empty"
        assert "not there" in report.detail
    kept = parsers.parse("<html><body><p>政府信息公开年报</p><p>应当公开而不存在的信息</p></body></html>".encode())
    assert "not there" not in kept.detail
