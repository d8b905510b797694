"""Lists that lead to lists, and pages that show another page: what a fetch follows, and what it says of it."""

import pytest
from judged_site import HOST, TITLE, JudgedSite, column, page
from site_pages import made_report

from scraper.discover import is_column_name

BODIES = ("样本市交通局", "样本市农业局")


def report(agency, year, number=0):
    return made_report("/", agency, year, disclosed=100 + number, requests=year - 2000).body


def years(folder, *wanted):
    """Columns of single years, each with the reports of two bodies."""
    pages = {}
    for year in wanted:
        names = [f"t{year + 1}0120_{n}.html" for n in range(len(BODIES))]
        pages[f"{folder}{year}/"] = column(
            *((f"./{name}", f"{body}{year}年{TITLE}") for name, body in zip(names, BODIES, strict=True))
        )
        for n, (name, body) in enumerate(zip(names, BODIES, strict=True)):
            pages[f"{folder}{year}/{name}"] = report(body, year, n)
    return pages


def test_columns_of_years_and_bodies_are_followed_as_the_lists_that_they_are():
    first = column(
        ("./2020/", "2020年"), ("./2021/", "2021年"), ("./slj/", "样本市水利局"), ("/bm/gaj/", "样本市公安局")
    )
    body = column(("./202101/t1.html", "2020年度"), title=f"样本市水利局{TITLE}")
    pages = {"/nb/": first, "/nb/slj/": body, "/nb/slj/202101/t1.html": report("样本市水利局", 2020, 7)}
    site = JudgedSite(pages | years("/nb/", 2020, 2021)).fetch("/nb/")
    assert len(site.reports()) == 5
    assert "/bm/gaj/" not in site.settled  # not below the column: a menu of the site
    assert {site.outcome(f"/nb/{name}/") for name in ("2020", "2021", "slj")} == {"list_page"}
    assert site.reading("/nb/").detail == "2 reports listed; 1 columns are followed"
    assert len(site.asked) == len(set(site.asked))


def test_tabs_of_years_beside_the_newest_reports_are_followed():
    rows = [(f"./{n}.html", f"{body}2022年{TITLE}") for n, body in enumerate(BODIES)]
    pages = {"/nb/": column(*rows, ("./2020/", "2020"), ("../nb2021/2021/", "2021年度"))}
    pages |= {f"/nb/{n}.html": report(body, 2022, n) for n, body in enumerate(BODIES)}
    site = JudgedSite(pages | years("/nb/", 2020) | years("/nb2021/", 2021)).fetch("/nb/")
    assert len(site.reports()) == 6


def test_a_link_with_the_name_of_a_body_may_lead_to_its_report_at_once():
    more = '<p><a href="/nb/fj.pdf">附件：样本市交通局年度报告.pdf</a></p>'
    whole = made_report("/", BODIES[0], 2021, disclosed=3, requests=4, more=more).body
    site = JudgedSite({"/nb/": column(("./jtj.html", BODIES[0])), "/nb/jtj.html": whole}).fetch("/nb/")
    assert site.outcome("/nb/jtj.html") == "ok"
    assert site.target("/nb/fj.pdf").part_of == f"{HOST}/nb/jtj.html"


def test_columns_without_end_are_followed_so_deep_and_no_deeper_and_it_is_said():
    def of(year):
        return column(*((f"/y/{n}", f"{n}年") for n in range(year - 2, year + 3)))

    site = JudgedSite({f"/y/{year}": of(year) for year in range(1990, 2050)}).fetch("/y/2020")
    assert len(site.asked) < 25
    left = [reading for _target, reading in site.settled.values() if reading.next_step]
    assert left
    assert all("below 3 lists is not followed" in one.detail and "as a list" in one.next_step for one in left)


def test_bodies_below_bodies_without_end_are_followed_so_deep_and_no_deeper():
    site = JudgedSite({"/nb/" + "a/" * n: column(("./a/", BODIES[0])) for n in range(20)}).fetch("/nb/")
    assert len(site.asked) == 4
    last = site.reading("/nb/a/a/a/")
    assert "1 columns lie below 3 lists and are not followed" in last.detail
    assert "as a list" in last.next_step


def test_a_page_that_a_sitemap_names_is_no_column():
    site = JudgedSite({"/nb/": column(("./2020/", "2020年"))} | years("/nb/", 2020))
    site.fetch("/nb/2020/", kind="page", via=f"{HOST}/sitemap.xml")
    assert site.asked == ["/nb/2020/"]
    assert site.reading("/nb/2020/").next_step


def test_menus_of_a_page_that_is_about_something_else_are_no_columns():
    about = column(("./czj/", "样本市财政局"), ("./2020/", "2020年"), title="通知公告")
    assert JudgedSite({"/tz/": about}).fetch("/tz/").asked == ["/tz/"]


def test_a_notice_about_reports_is_no_column():
    rows = (("./1.html", "关于报送年度报告的通知"), ("./2.html", "年报模板"), ("./3/", "部门年报"))
    assert JudgedSite({"/nb/": column(*rows)}).fetch("/nb/").asked == ["/nb/", "/nb/3/"]


@pytest.mark.parametrize("words", ["2021", "2021年", "2021年度", "市财政局", "部门年报"])
def test_what_may_be_a_column(words):
    assert is_column_name(words)
    assert not is_column_name(f"样本市财政局2021年{TITLE}")


def test_a_list_in_a_frame_is_told_and_is_nothing_to_worry_about():
    inner = column(("/art/2021/1/13/art_12_34.html", f"{BODIES[0]}2020年{TITLE}"))
    pages = {"/col/col9/": page("信息公开年报", '<iframe src="/list.html"></iframe>'), "/list.html": inner}
    site = JudgedSite(pages | {"/art/2021/1/13/art_12_34.html": report(BODIES[0], 2020)}).fetch("/col/col9/")
    outer = site.reading("/col/col9/")
    assert (outer.outcome, outer.next_step) == ("list_page", "")
    assert "1 pages that this one shows" in outer.detail
    assert len(site.reports()) == 1


def test_a_frame_without_a_list_says_so():
    pages = {"/col/col9/": page("信息公开年报", '<iframe src="/list.html"></iframe>'), "/list.html": page("栏目", "无")}
    site = JudgedSite(pages).fetch("/col/col9/")
    assert site.outcome("/list.html") != "list_page"
    assert site.reading("/list.html").next_step


def test_an_entry_page_that_a_script_leaves_leads_to_the_list():
    entry = b"<html><script>window.location.href='/col/col9/index.html'</script></html>"
    listed = column(("/1.html", f"{BODIES[0]}2020年{TITLE}"))
    site = JudgedSite({"/": entry, "/col/col9/index.html": listed, "/1.html": report(BODIES[0], 2020)}).fetch("/")
    assert site.reports() == {"/1.html"}


def test_a_page_in_the_middle_of_a_list_that_cannot_be_read_says_so():
    more = '<a href="/nb/index_1.html">下一页</a><a href="/nb/index_2.html">尾页</a>'
    challenge = b"<html><head><script>document.cookie='wzws_cid=1';location.reload();</script></head></html>"
    pages = {"/nb/index.html": column(("/1.html", f"{BODIES[0]}2020年{TITLE}"), more=more)}
    site = JudgedSite(pages | {"/nb/index_1.html": challenge, "/nb/index_2.html": b""}).fetch("/nb/index.html")
    assert site.outcome("/nb/index_1.html") == "blocked"
    assert site.reading("/nb/index_1.html").next_step
    assert site.outcome("/nb/index_2.html") == "empty"


def test_the_text_of_a_report_that_stands_in_a_frame_is_a_part_of_it():
    title = f"{BODIES[0]}2020年{TITLE}"
    pages = {"/1.html": page(title, f'<h1>{title}</h1><iframe src="/body.html"></iframe>')}
    site = JudgedSite(pages | {"/body.html": report(BODIES[0], 2020)}).fetch("/1.html", kind="page")
    assert site.target("/body.html").part_of == f"{HOST}/1.html"
    assert "in place of a text is fetched (1)" in site.reading("/1.html").detail
    assert not site.reading("/1.html").next_step


@pytest.mark.parametrize(
    "shown", ['<embed src="/f/2.pdf">', '<iframe src="/pdfjs/viewer.html?file=/f/2.pdf"></iframe>']
)
def test_the_file_that_a_page_without_text_shows_is_its_attachment(shown):
    title = f"{BODIES[0]}2020年{TITLE}"
    site = JudgedSite({"/1.html": page(title, f"<h1>{title}</h1>{shown}"), "/f/2.pdf": b"%PDF-1.4"})
    site.fetch("/1.html", kind="page")
    assert site.target("/f/2.pdf").part_of == f"{HOST}/1.html"
    assert site.outcome("/f/2.pdf") == "attachment_only"


def test_a_site_that_sends_to_its_front_page_has_lost_the_page():
    site = JudgedSite({"/": page("样本市人民政府", "<p>欢迎</p>"), "/1.html": "/"}).fetch("/1.html", kind="page")
    reading = site.reading("/1.html")
    assert reading.outcome == "empty"
    assert "front page" in reading.detail


def test_a_report_of_which_only_a_script_knows_the_address_is_told():
    rows = "".join(f'<li><a href="javascript:void(0)" onclick="{call}">{BODIES[0]}20{year}年{TITLE}</a></li>'
                   for year, call in ((20, "window.open('/1.html')"), (21, "show(77)")))  # fmt: skip
    site = JudgedSite({"/nb/": page("年报", f"<ul>{rows}</ul>"), "/1.html": report(BODIES[0], 2020)}).fetch("/nb/")
    assert site.reports() == {"/1.html"}
    assert "1 reports have no address" in site.reading("/nb/").detail
    assert "browser" in site.reading("/nb/").next_step


def test_the_number_of_a_session_makes_no_other_list():
    visits = iter(range(1000))

    def numbered():
        sid = f";jsessionid={next(visits):X}"
        rows = [(f"/view.do{sid}?id=1", f"{BODIES[0]}2020年{TITLE}")]
        return column(*rows, more=f'<a href="/list.do{sid}?page=2">下一页</a> <a href="/list.do{sid}?page=1">1</a>')

    pages = {"/list.do": numbered, "/list.do?page=1": numbered, "/list.do?page=2": numbered}
    site = JudgedSite(pages | {"/view.do?id=1": report(BODIES[0], 2020)}).fetch("/list.do")
    assert sorted(site.asked) == ["/list.do", "/list.do?page=1", "/list.do?page=2", "/view.do?id=1"]
