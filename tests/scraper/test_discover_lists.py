"""List pages as the systems in use print them, in mark-up of our own: what they list, and which pages follow."""

import json
from urllib.parse import unquote

import pytest

import parsers
from scraper.discover import Courses, read_list

FOLDER = "http://www.example.gov.cn/xxgk/nb/"
PROXY = "http://www.example.gov.cn/module/web/jpage/dataproxy.jsp"
ITEM = "<li><a href='{href}'>清河县财政局{year}年政府信息公开工作年度报告</a><span>{day}</span></li>"


def page(body, title="政府信息公开年报"):
    return f"<html><head><meta charset=utf-8><title>{title}</title></head><body>{body}</body></html>"


def read(body, name="index.html", **kept):
    return read_list(page(body).encode(), url=f"{FOLDER}{name}", **kept)


def names(found):
    assert all(url.startswith(FOLDER) for url in found.next)
    return [url.removeprefix(FOLDER) for url in found.next]


# TRS.

WRITTEN_OUT = "var currentPage = 0;//所在页从0开始\nvar countPage = 3//共多少页\ndocument.write({});"


@pytest.mark.parametrize(
    ("call", "name", "expected"),
    [
        ('createPageHTML(4, 0, "index", "shtml")', "", ["index_1.shtml", "index_2.shtml", "index_3.shtml"]),
        ("createPageHTML(3,0,'index','html','black2',136);", "index.html", ["index_1.html", "index_2.html"]),
        ('createPageHTML(3, 1, "index", "htm");', "index_1.htm", ["index.htm", "index_2.htm"]),
        ('createPageHTML("3","2","index","htm")', "index_2.htm", ["index.htm", "index_1.htm"]),
        ("createPageHTML('page_div',3, 1,'list','shtml',118);", "list.shtml", ["list_2.shtml", "list_3.shtml"]),
        ("createPageHTML('page_div',3, 2,'list','shtml',118);", "list_2.shtml", ["list.shtml", "list_3.shtml"]),
        ("createPageHTML('page_div',3, 1,'list_12','htm',30);", "list_12.htm", ["list_12_2.htm", "list_12_3.htm"]),
        ("createPageHTML('page_div', 3, 0, 'index', 'htm')", "", ["index_1.htm", "index_2.htm"]),
        ("var n = 3; var countPage = 2; createPageHTML(countPage, 0, 'index', 'htm')", "", ["index_1.htm"]),
        ("createPageHTML(1, 0, 'index', 'htm')", "", []),
        ("createPageHTML(0, 0, 'index', 'htm')", "", []),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){}", "", []),
        (WRITTEN_OUT.format('"<a href=\\"index"+"_" + nextPage + "."+"htm\\">"'), "", ["index_1.htm", "index_2.htm"]),
        (
            WRITTEN_OUT.format("'<a href=\"list_' + (currentPage+1) + '.htm\">'"),
            "list.htm",
            ["list_1.htm", "list_2.htm"],
        ),
    ],
)
def test_trs_names_the_other_pages(call, name, expected):
    found = read(f"<script>{call}</script>", name)
    assert names(found) == expected
    assert found.family == ("trs" if expected else "")


def test_trs_names_a_window_of_a_list_that_says_it_is_endless():
    found = read("<script>createPageHTML(9000000, 100, 'index', 'htm')</script>", "index_100.htm")
    assert names(found) == [f"index_{n}.htm" for n in range(50, 151) if n != 100]


# hanweb.

NEXT = '<nextgroup><![CDATA[<a href="{}"></a>]]></nextgroup>'
LINK = (
    "/module/web/jpage/dataproxy.jsp?page={}&appid=1&webid=1&path=/&columnid=3&unitid=7&webname=清河县&permissiontype=0"
)
WEBNAME = "webname=%E6%B8%85%E6%B2%B3%E5%8E%BF"


def store(*records, head="", cdata="<![CDATA[{}]]>"):
    inner = "".join(f"<record>{cdata.format(record)}</record>" for record in records)
    return f"<datastore>{head}<recordset>{inner}</recordset></datastore>"


def items(*years):
    return [
        ITEM.format(href=f"/art/{year + 1}/1/20/art_3_{year}.html", year=year, day=f"{year + 1}-01-20")
        for year in years
    ]


def listed(found):
    report = parsers.parse(found.document, media_type=found.media_type, charset=found.charset, listing=True)
    return [(one.report_year, found.address(one.href), one.published_date) for one in report.listed]


def expected(*years):
    return [
        (year, f"http://www.example.gov.cn/art/{year + 1}/1/20/art_3_{year}.html", f"{year + 1}-01-20")
        for year in years
    ]


def test_records_inside_a_script_are_shown_and_the_next_group_is_followed():
    data = store(*items(2020, 2021), head=NEXT.format(LINK.format(1)))
    found = read(f'<div id="7"><script type="text/xml">{data}</script></div>')
    assert listed(found) == expected(2020, 2021)
    assert found.next == (f"{PROXY}?page=1&appid=1&webid=1&path=/&columnid=3&unitid=7&{WEBNAME}&permissiontype=0",)
    assert (found.family, found.title, found.charset) == ("hanweb", "政府信息公开年报", "utf-8")


def test_records_in_the_string_of_a_script_are_shown():
    inner = store(*items(2020)).replace('"', '\\"').replace("/", "\\/").replace("'", "\\'")
    script = f"<script>var data = '{inner}';</script>".replace("<\\/script", "</script")
    assert listed(read(script)) == expected(2020)


def test_rows_of_a_table_stay_rows():
    row = ITEM.format(href="/art/2021/1/20/art_3_2020.html", year=2020, day="2021-01-20")
    row = row.replace("<li>", "<tr><td>").replace("<span>", "</td><td>").replace("</span></li>", "</td></tr>")
    assert listed(read(f'<script type="text/xml">{store(row)}</script>')) == expected(2020)


@pytest.mark.parametrize("cdata", ["<![CDATA[{}]]>", " <![CDATA[{}]]> "])
def test_an_answer_of_records_alone(cdata):
    answer = (
        f'<?xml version="1.0" encoding="UTF-8"?>{store(*items(2019), head=NEXT.format(LINK.format(3)), cdata=cdata)}'
    )
    found = read_list(answer.encode(), url=f"{PROXY}?page=2&webid=1", media_type="text/xml", title="政府信息公开年报")
    assert listed(found) == expected(2019)
    assert found.title == "政府信息公开年报"
    assert [url.split("&")[0] for url in found.next] == [f"{PROXY}?page=3"]


def test_an_answer_with_escaped_records_in_gbk_relative_to_the_page_that_shows_them():
    record = "&lt;li&gt;&lt;a href='a.htm'&gt;清河县财政局2019年政府信息公开年报&lt;/a&gt;&lt;/li&gt;"
    answer = f'<?xml version="1.0" encoding="GB2312"?>{store(record, cdata="{}")}'.encode("gbk")
    found = read_list(answer, url=f"{PROXY}?page=2", title="政府信息公开年报", via=f"{FOLDER}index.html")
    assert listed(found) == [(2019, f"{FOLDER}a.htm", "")]


def test_a_group_past_the_last_page_and_an_empty_answer_lead_nowhere():
    counted = f"<totalrecord>60</totalrecord><totalpage>3</totalpage>{NEXT.format(LINK.format(4))}"
    found = read_list(store(*items(2019), head=counted).encode(), url=f"{PROXY}?page=3")
    assert (found.next, found.family) == ((), "")
    empty = read_list(store(head=NEXT.format(LINK.format(4))).encode(), url=f"{PROXY}?page=3")
    assert empty.next == ()


SETUP = """<script>var param_7={col:1,appid:1,webid:39,path:'/',columnid:61490,sourceContentType:1,unitid:'7',
webname:'清河县',permissiontype:0};
$('#7').jpage({totalRecord:%d,perPage:20,groupSize:2,barPosition:'bottom',ajaxParam:param_7,
proxyUrl:'/module/web/jpage/dataproxy.jsp'});</script>"""
PARAMETERS = (
    f"perpage=20&col=1&appid=1&webid=39&path=%2F&columnid=61490&sourceContentType=1&unitid=7&{WEBNAME}&permissiontype=0"
)


def groups(found):
    assert all(url.endswith(PARAMETERS) for url in found.next)
    return [url.removeprefix(f"{PROXY}?").removesuffix(f"&{PARAMETERS}") for url in found.next]


def test_without_a_link_the_requests_of_the_script_are_made():
    shown = f'<script type="text/xml">{store(*items(*range(1980, 2020)))}</script>'
    later = ["startrecord=41&endrecord=80", "startrecord=81&endrecord=95"]
    found = read(shown + SETUP % 95)
    assert groups(found) == later
    assert groups(read(SETUP % 95)) == ["startrecord=1&endrecord=40", *later]  # a page that holds no record itself
    total = "<totalrecord>95</totalrecord>"
    second = read_list(store(*items(2020), head=total).encode(), url=found.next[0])
    assert groups(second) == later[1:]
    last = read_list(store(*items(2021), head=total).encode(), url=found.next[1])
    assert last.next == ()


# JSON.

UNIT = "http://www.example.gov.cn/api-gateway/jpaas-publish-server/front/page/build/unit"
LOADER = (
    '<script src="unitbuild.js" url="/api-gateway/jpaas-publish-server/front/page/build/unit" '
    "queryData=\"{'parseType':'bulidstatic','webId':'9','pageType':'column','tagId':'列表','pageId':'77'}\"></script>"
)
ASKED = "parseType=bulidstatic&webId=9&pageType=column&tagId=%E5%88%97%E8%A1%A8&pageId=77"


def unit(*years, bar):
    return json.dumps({"success": True, "data": {"html": f"<ul>{''.join(items(*years))}</ul>{bar}"}}).encode()


def pages_of(found):
    return [unquote(url.rpartition("&paramJson=")[2]) for url in found.next]


@pytest.mark.parametrize(
    "bar",
    [
        '<div class="pagination" rows="2" count="5"></div>',
        "<div querydata=\"{'rows':'2','count':'5','pageNo':'1'}\"></div>",
    ],
)
def test_units_of_a_page_are_asked_for_and_their_lists_are_paged(bar):
    found = read(LOADER)
    assert (found.next, found.family) == ((f"{UNIT}?{ASKED}",), "hanweb")
    first = read_list(unit(2020, 2021, bar=bar), url=found.next[0], title="政府信息公开年报", via=FOLDER)
    assert listed(first) == expected(2020, 2021)
    assert all(url.startswith(f"{UNIT}?{ASKED}&paramJson=") for url in first.next)
    assert pages_of(first) == ['{"pageNo":2,"pageSize":2}', '{"pageNo":3,"pageSize":2}']
    second = read_list(unit(2019, bar=bar), url=first.next[0])
    assert second.next == first.next[1:]
    assert read_list(unit(2018, bar=bar), url=first.next[1]).next == ()


def catalogue(*years, total):
    articles = [
        {
            "id": year,
            "title": f"清河县财政局{year}年年报",
            "url": f"/c/{year}.html",
            "display_publish_time": f"{year + 1}-01-20",
        }
        for year in years
    ]
    return json.dumps({"articles": articles, "total": total}).encode()


def test_a_catalogue_in_json():
    url = "http://www.example.gov.cn/gkmlpt/api/all/5?page=2&sid=2"
    answer = json.loads(catalogue(2020, 2021, total=5))
    answer["articles"][0]["title"] = "清河县财政局2020年&lt;政府信息公开&gt;年报"
    answer["articles"][1]["title"] = "清河县财政局2021年政府信息公开年报"
    found = read_list(json.dumps(answer).encode(), url=url, title="政府信息公开年报")
    assert listed(found) == [(2021, "http://www.example.gov.cn/c/2021.html", "2022-01-20")]
    assert "清河县财政局2020年&lt;政府信息公开&gt;年报" in found.document.decode()
    assert found.next == ("http://www.example.gov.cn/gkmlpt/api/all/5?page=3&sid=2",)


def test_a_catalogue_ends_where_it_says_or_where_it_is_empty():
    url = "http://www.example.gov.cn/gkmlpt/api/all/5?page=2"
    assert read_list(catalogue(2020, 2021, total=4), url=url).next == ()
    assert read_list(catalogue(total=4), url=url).next == ()
    assert read_list(catalogue(2020, total="9" * 5000), url=url).next == (url.replace("2", "3"),)
    assert read_list(b'{"title": "\\u4e00", "url": 5}', url=url).next == ()


# Plain links.


def test_plain_paging_links_are_followed_and_what_only_looks_like_them_is_not():
    found = read(
        """<a href="index_2.html">下一页</a> <a href="index_9.html"> [尾 页] </a> <a href="index_3.html">3</a>
        <a href="index_4.html">第4页</a> <a href="./index_5.html">&gt;&gt;</a> <a href="index.html">1</a>
        <a href="../zcfg/index_2.html">2</a> <a href="t20210125_2.html">下一篇</a> <a href="/col/">&gt;</a>
        <a href="http://www.other.gov.cn/index_6.html">下一页</a> <a href="http://czj.example.gov.cn/xxgk/nb/index_7.html">下一页</a>
        <a href="#top">6</a> <a href="javascript:;">7</a>
        <a href="2021.html">2021年</a>"""
    )
    assert names(found) == ["index_2.html", "index_9.html", "index_3.html", "index_4.html", "index_5.html"]
    assert found.family == "links"
    assert found.links == {"t20210125_2.html", "2021.html"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="?page=2">下页</a>', ["index.html?page=2"]),
        ('<a href="?page=2&amp;lb=年报">next</a>', ["index.html?page=2&lb=%E5%B9%B4%E6%8A%A5"]),
        ("<a href=\"javascript:location.href='list_2.html'\">下一页</a>", ["list_2.html"]),
        ("<a href=# onclick=\"window.location='index_2.html'\">下一頁</a>", ["index_2.html"]),
        ("<span onclick=\"self.location.href='index_2.html'\">下一页</span>", ["index_2.html"]),
        ('<a href="index_2.html"><img src="n.gif" alt="下一页"></a>', ["index_2.html"]),
        ('<a href="index_2.html" title="下一页"></a>', ["index_2.html"]),
        ('<link rel="next" href="index_2.html">', ["index_2.html"]),
        ('<a rel="next" href="index_2.html">更早的</a>', ["index_2.html"]),
        ('<base href="/xxgk/nb/2/"><a href="../index_2.html">下一页</a>', ["index_2.html"]),
        ("<a href='//www.example.gov.cn/xxgk/nb/index_2.html'>下一页</a>", ["index_2.html"]),
        ("<a href='index_2.html#list'>下一页</a>", ["index_2.html"]),
        ('<select><option value="index.html">第1页</option><option value="index_2.html">第2页', ["index_2.html"]),
        ('<select onchange="go()"><option value="index_2.html">2/3</option>', ["index_2.html"]),
        ('<select><option value="2">2</option></select>', []),
        ('<iframe src="lb.html?id=1"></iframe>', ["lb.html?id=1"]),
        ('<meta http-equiv="refresh" content="0; url=new/index.html">', ["new/index.html"]),
        ('<iframe src="lb.html"></iframe><a href="1.htm">2021年年报</a>', []),
    ],
)
def test_ways_to_print_a_link_to_the_next_page(body, expected):
    assert names(read(body)) == expected


def test_a_query_is_encoded_as_the_page_is_and_escapes_are_kept():
    html = page('<a href="?lb=年报&page=2">下一页</a><a href="?lb=%c4%ea&page=3">下一页</a>').replace("utf-8", "gb2312")
    found = read_list(html.encode("gbk"), url=FOLDER)
    assert names(found) == ["?lb=%C4%EA%B1%A8&page=2", "?lb=%c4%ea&page=3"]


def test_paging_that_leads_nowhere_is_said():
    script_only = read("<a href=\"javascript:goPage('2')\">下一页</a> 共<b>12</b>页")
    assert script_only.next == ()
    assert script_only.unfollowed == "the page counts 12 pages, and none of its links leads to another"
    last = read('<a href="index.html">首页</a><a href="index_2.html">上一页</a> 共3页', "index_3.html")
    assert (last.unfollowed, read("共1页").unfollowed) == ("", "")


def test_the_page_itself_is_the_document_of_a_plain_list():
    html = page("<ul><li><a href=1.htm>年报</a></ul>").encode()
    found = read_list(html, url=FOLDER, media_type="text/html", charset="utf-8")
    assert found.document is html
    assert (found.media_type, found.charset, found.links) == ("text/html", "utf-8", {"1.htm"})


# Lists without end.


def follow(pages, start="p0", courses=None):
    """Follow a list whose pages are made by `pages(name)`; the names in the order in which they are asked for."""
    courses = courses or Courses()
    waiting, asked = [(start, "")], []
    while waiting:
        name, via = waiting.pop(0)
        asked.append(name)
        found = read_list(page(pages(name)).encode(), url=FOLDER + name)
        waiting += [
            (url.removeprefix(FOLDER), FOLDER + name) for url in courses.follow(found, url=FOLDER + name, via=via)
        ]
        assert len(asked) < 1000
    return asked, courses


def test_every_page_is_asked_for_once():
    numbers = "".join(f'<a href="index_{n}.html">{n}</a>' for n in range(1, 30))
    asked, courses = follow(
        lambda name: f'<a href="{name}.htm">x</a>{numbers}<a href="index.html">首页</a>', "index.html"
    )
    assert asked == ["index.html", *(f"index_{n}.html" for n in range(1, 30))]
    assert courses.stopped == {}


def test_a_folder_and_its_index_file_are_one_page():
    asked, _ = follow(lambda name: f"<script>createPageHTML(2, {int('_1' in name)}, 'index', 'htm')</script>", "")
    assert asked == ["", "index_1.htm"]


def test_a_list_that_goes_on_after_a_stop_does_not_go_back_to_its_first_page():
    html = page("<script>createPageHTML(3, 1, 'index', 'htm')</script>").encode()
    found = read_list(html, url=f"{FOLDER}index_1.htm")
    after_a_stop = Courses()
    assert after_a_stop.follow(found, url=f"{FOLDER}index_1.htm", via=FOLDER) == (f"{FOLDER}index_2.htm",)
    # the page beside it, named by the first page before the stop, belongs to the same list
    assert after_a_stop.follow(found, url=f"{FOLDER}index_2.htm", via=FOLDER) == ()


def test_a_list_whose_pages_list_nothing_new_ends():
    asked, courses = follow(
        lambda name: f'<a href="a.htm">a</a><a href="?page={len(name)}{name[6:]}">下一页</a>', "?page=1"
    )
    assert len(asked) == 6
    assert courses.idled == {FOLDER + asked[-1]: "5 pages one after another listed nothing new"}


def test_a_list_that_goes_on_for_ever_ends_at_the_limit():
    def endless(name):
        number = int(name.partition("=")[2])
        rows = "".join(f'<a href="{number}/{row}.htm">a</a>' for row in range(5))
        return f'{rows}<a href="?page={number + 1}">下一页</a>'

    asked, courses = follow(endless, "?page=1", Courses(most=20))
    assert len(asked) == 20
    assert courses.stopped == {FOLDER + "?page=20": "the list has more than 20 pages"}


def test_an_advertisement_on_every_page_makes_no_list():
    def advertised(name):
        number = int(name.partition("=")[2])
        return f'<a href="/advert/{number}.htm">a</a><a href="?page={number + 1}">下一页</a>'

    assert len(follow(advertised, "?page=1")[0]) == 6


def test_a_list_of_one_report_a_page_goes_on():
    courses, url = Courses(), f"{FOLDER}?page=1"
    for number in range(1, 20):
        one = read(f'<a href="{number}.htm">a</a><a href="?page={number + 1}">下一页</a>', f"?page={number}")
        assert courses.follow(one, url=url, via=FOLDER, reports={f"{FOLDER}{number}.htm"})
        url = f"{FOLDER}?page={number + 1}"


@pytest.mark.parametrize(
    ("bar", "is_told"),
    [
        ('<a href="javascript:goPage(2)">下一页</a>', True),
        ('<a href="#" onclick="turn(this, 2)">下一页</a>', True),
        ('<a href="javascript:void(0)">下一页</a>', False),
        ('<a href="javascript:;">下一页</a>', False),
        ("<a href='javascript:goPage(1)'>下一页</a> 共1页", False),
        ('<a href="javascript:goPage(2)">下一页</a><a href="?page=2">2</a>', False),
    ],
)
def test_a_next_page_that_only_a_script_knows_is_told(bar, is_told):
    assert bool(read(f'<a href="a.htm">a</a>{bar}', "?page=1").unfollowed) == is_told


def test_two_lists_do_not_share_their_limits():
    courses = Courses(most=2)
    first, _ = follow(
        lambda name: f'<a href="a{name}.htm">a</a><a href="a_{len(name)}.html">下一页</a>', "a.html", courses
    )
    second, _ = follow(
        lambda name: f'<a href="b{name}.htm">a</a><a href="b_{len(name)}.html">下一页</a>', "b.html", courses
    )
    assert (first, second) == (["a.html", "a_6.html"], ["b.html", "b_6.html"])
