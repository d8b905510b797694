"""Reports in several pages, and the files that belong to a report: what is followed, and what is not."""

import pytest

from scraper.discover import Attachment, find_attachments, find_parts

FOLDER = "http://www.example.gov.cn/xxgk/202201/"
PROSE = "<p>本机关按照条例要求做好政府信息公开工作，现将本年度情况报告如下。</p>" * 12


def parts(body, name):
    found = find_parts(f"<html><body>{body}</body></html>".encode(), url=FOLDER + name)
    return [url.removeprefix(FOLDER) for url in found]


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ('<a href="t1_1.html">下一页</a>', "t1.html", ["t1_1.html"]),
        ('1/3 <a href="t20220120_456_1.html">下一页</a>', "t20220120_456.html", ["t20220120_456_1.html"]),
        ('<a href="a.htm">1</a><a href="a_2.htm">[2]</a><a href="a_3.htm">第3页</a>', "a.htm", ["a_2.htm", "a_3.htm"]),
        ('<a href="a.htm">上一页</a><a href="a.htm">1</a> 2 <a href="a_3.htm">3</a>', "a_2.htm", ["a.htm", "a_3.htm"]),
        ('<a href="?id=5&page=2">下一页</a>', "show.jsp?id=5", ["show.jsp?id=5&page=2"]),
        ('<a href="show.jsp?page=3&id=5">3</a>', "show.jsp?id=5&page=2", ["show.jsp?page=3&id=5"]),
        ('<select><option value="a_2.htm">第2页</option></select>', "a.htm", ["a_2.htm"]),
        ('<script>createPageHTML(3, 0, "t9_12", "html");</script>', "t9_12.html", ["t9_12_1.html", "t9_12_2.html"]),
        ('<script>createPageHTML(3, 1, "t9_12", "html");</script>', "t9_12_1.html", ["t9_12.html", "t9_12_2.html"]),
        # another article, the paging of a list, another page of the site
        ('<a href="t20220121_457.html">下一页</a>', "t20220120_456.html", []),
        ('<a href="t20220120_457.html">下一页</a>', "t20220120_456.html", []),
        ('<a href="a_2.htm">下一篇</a><a href="a_3.htm">上一篇：2020年年报</a>', "a.htm", []),
        ('<a href="index_2.html">下一页</a><a href="../index_1.html">2</a>', "a.htm", []),
        ('<script>createPageHTML(30, 0, "index", "html");</script>', "a.htm", []),
        ('<a href="?id=6&page=2">下一页</a>', "show.jsp?id=5", []),
        ('<a href="http://www.other.gov.cn/xxgk/202201/a_2.htm">2</a>', "a.htm", []),
        ('<a href="a.htm#2">2</a><a href="javascript:go(2)">下一页</a>', "a.htm", []),
        ('<a href="a_2.pdf">2</a>', "a.htm", []),
    ],
)
def test_parts_are_pages_of_the_same_article(body, name, expected):
    assert parts(body, name) == expected


def test_an_article_without_end_names_what_is_near():
    body = '<script>createPageHTML(9000000, 0, "t9_12", "html");</script>'
    assert parts(body, "t9_12.html") == [f"t9_12_{n}.html" for n in range(1, 51)]


def files(body, name="t1.html", charset="utf-8"):
    head = f"<html><head><meta charset={charset}><title>年报</title></head><body>"
    found = find_attachments(f"{head}{body}</body></html>".encode(charset), url=FOLDER + name)
    return [(one.url.removeprefix(FOLDER), one.words) for one in found]


KINDS = ("pdf", "doc", "docx", "xls", "xlsx", "wps", "et", "ofd", "zip", "rar", "PDF")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_in_the_text(kind):
    assert files(f'<div>{PROSE}<p><a href="./P1.{kind}">统计表</a></p></div>') == [(f"P1.{kind}", "统计表")]


HANDLERS = [
    "/module/download/downfile.jsp?classid=0&filename=8f3a.docx",
    "/module/download/downfile.jsp?classid=0&showname=%E5%B9%B4%E6%8A%A5.pdf&filename=8f3a",
    "/servlet/DownLoadServlet?id=7",
    "/attach/7",
    "/upload.do?id=7",
]


@pytest.mark.parametrize("href", HANDLERS)
def test_files_that_a_program_hands_out(href):
    found = files(f'<div>{PROSE}<p>附件：<a href="{href}">附件1：年度报告.docx</a></p></div>')
    assert found == [(f"http://www.example.gov.cn{href}", "附件1：年度报告.docx")]


@pytest.mark.parametrize(
    "body",
    [
        f'<div>{PROSE}</div><div class="fj"><a href="a.pdf">附件</a></div>',
        f'<div>{PROSE}</div><p>附件：<a href="a.pdf">统计情况</a></p>',
        f'<div>{PROSE}</div><p><a href="a.pdf">清河县财政局2021年政府信息公开工作年度报告</a></p>',
        f'<div>{PROSE}</div><p><a href="a.pdf">统计表.pdf</a></p>',
        f'<div>{PROSE}<iframe src="/pdfjs/web/viewer.html?file=/xxgk/202201/a.pdf"></iframe></div>',
        f'<div>{PROSE}<embed src="a.pdf"><object data="a.pdf"></object></div>',
        f'<div>{PROSE}<a href="javascript:void(0)" onclick="window.open(\'a.pdf\')">统计表</a></div>',
        '<h1>2021年年报</h1><div><a href="a.pdf">查看</a></div>',
    ],
)
def test_places_where_a_report_has_its_files(body):
    assert [url.removeprefix("http://www.example.gov.cn/xxgk/202201/") for url, _words in files(body)] == ["a.pdf"]


@pytest.mark.parametrize(
    "body",
    [
        f'<div class="nav"><a href="a.doc">公开年报</a></div><div>{PROSE}</div>',
        f'<footer><p><a href="a.pdf">年报下载</a></p></footer><div>{PROSE}</div>',
        f'<div id="left-sidebar"><ul><li><a href="a.doc">附件</a></ul></div><div>{PROSE}</div>',
        f'<div><a href="a.exe">附件</a></div><div>{PROSE}</div>',
        f'<div>{PROSE}<p><a href="a.doc">依申请公开申请表</a></p></div>',
        f'<div>{PROSE}<p><a href="a.html">附件</a> <a href="download.html">下载</a></p></div>',
        f'<div>{PROSE}</div><div><a href="a.zip">公文系统</a></div>',
        f'<div>{PROSE}<p><a href="ftp://www.example.gov.cn/a.pdf">附件</a></p></div>',
        '<h1>2021年年报</h1><div class="menu"><a href="a.pdf">查看</a></div>',
        "",
    ],
)
def test_files_of_the_site_are_none_of_the_report(body):
    assert files(body) == []


def test_a_file_linked_twice_is_one_and_its_address_is_made_as_browsers_make_it():
    body = f'<div>{PROSE}<a href="年报.pdf">年报</a><a href="年报.pdf#page=2">年报</a></div>'
    assert files(body, charset="gb18030") == [("%E5%B9%B4%E6%8A%A5.pdf", "年报")]
    found = find_attachments(f'<div>{PROSE}<a href="a.pdf">甲</a></div>'.encode(), url=FOLDER)
    assert found == (Attachment(f"{FOLDER}a.pdf", "甲"),)


def test_a_name_that_would_leave_its_folder_is_an_address_and_no_path():
    body = f'<div>{PROSE}<a href="/down.jsp?filename=../../../etc/a.pdf">附件</a></div>'
    assert files(body) == [("http://www.example.gov.cn/down.jsp?filename=../../../etc/a.pdf", "附件")]
