import io
import zipfile
from dataclasses import dataclass, field

import pytest

from scraper.engine import LiveOptions
from scraper.engine.judging import Answer, Judge
from scraper.records import ListedReport, Reading, Target

URL = "http://www.example.gov.cn/zwgk/nb/index.html"
OK = Reading("ok", title="年度报告")


@dataclass
class Stub:
    """Gives one reading, and remembers what it was to read."""

    reading: Reading = OK
    seen: list = field(default_factory=list)

    def read(self, data, *, url, media_type, charset, target):
        self.seen.append((data, url, media_type, charset, target))
        return self.reading


def judged(body, *, reading=OK, status=200, media="text/html", cut="", url=URL, match="", **about):
    judge = Judge(Stub(reading), LiveOptions("gongkai/0", match=match))
    return judge.judge(Answer(url, status, media, "utf-8", body, cut), Target(**({"url": url} | about)))


def page(body):
    return f"<html><head><title>栏目</title></head><body>{body}</body></html>".encode()


def listed(*hrefs, agency=""):
    return tuple(ListedReport(f"报告 {href}", href, agency, 2021, "") for href in hrefs)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(404, "empty"), (500, "empty"), (304, "empty"), (403, "blocked"), (412, "blocked"), (521, "blocked"), (203, "ok")],
)
def test_the_status_is_the_outcome_of_what_is_no_page(status, outcome):
    reading = judged(page("x"), status=status).reading
    assert reading.outcome == outcome
    if outcome != "ok":
        assert reading.detail == f"HTTP {status}"
        assert reading.next_step


@pytest.mark.parametrize(("cut", "outcome"), [("length", "too_large"), ("time", "timeout"), ("disconnect", "crashed")])
def test_a_page_that_was_cut_is_not_read(cut, outcome):
    reading = judged(page("x"), cut=cut).reading
    assert reading.outcome == outcome
    assert reading.next_step


@pytest.mark.parametrize(
    ("body", "media", "outcome"),
    [
        (b"%PDF-1.4", "application/pdf", "attachment_only"),
        (b"%PDF-1.4", "application/octet-stream", "attachment_only"),
        (b"PK\x03\x04", "", "attachment_only"),
        (b"\x89PNG\r\n", "image/png", "image_only"),
        (b"", "text/html", "empty"),
        (b"\x00\x01\x02", "application/octet-stream", "undecodable"),
    ],
)
def test_a_file_is_not_read_as_a_page(body, media, outcome):
    stub = Stub()
    answer = Answer(URL, 200, media, "", body)
    assert Judge(stub, LiveOptions("gongkai/0")).judge(answer, Target(URL)).reading.outcome == outcome
    assert stub.seen == []


def test_a_report_leads_to_its_parts_and_files():
    url = "http://www.example.gov.cn/nb/t2021_7.html"
    body = page(
        "<h1>2021年政府信息公开工作年度报告</h1><p>" + "主动公开信息若干条。" * 40 + "</p>"
        "<p>附件：<a href='t2021_7.pdf'>统计表.pdf</a></p>"
        "<div><a href='t2021_7.html'>1</a> <a href='t2021_7_1.html'>2</a> <a href='t2021_7_1.html'>下一页</a></div>"
    )
    found = judged(body, url=url, agency="某局", report_year=2021).found
    assert [(one.url.rpartition("/")[2], one.kind, one.part_of, one.via) for one in found] == [
        ("t2021_7_1.html", "part", url, url),
        ("t2021_7.pdf", "attachment", url, url),
    ]
    assert {(one.agency, one.report_year) for one in found} == {("某局", 2021)}
    part = judged(body, url=url, reading=Reading("not_a_report"), kind="part", part_of="http://www.example.gov.cn/nb/a")
    assert {one.part_of for one in part.found} == {"http://www.example.gov.cn/nb/a"}
    assert judged(body, url=url, reading=Reading("not_a_report")).found == ()


def test_a_list_leads_to_reports_of_its_site_and_to_its_further_pages():
    body = page("<script>createPageHTML(3, 0, 'index', 'html');</script><a href='a.html'>年报</a>")
    reading = Reading(
        "list_page", listed=listed("a.html", "/b.html", "http://czj.example.gov.cn/c", "http://other.cn/d")
    )
    verdict = judged(body, reading=reading, kind="list", agency="样本市")
    assert [(one.url, one.kind) for one in verdict.found] == [
        ("http://www.example.gov.cn/zwgk/nb/a.html", "page"),
        ("http://www.example.gov.cn/b.html", "page"),
        ("http://czj.example.gov.cn/c", "page"),
        ("http://www.example.gov.cn/zwgk/nb/index_1.html", "list"),
        ("http://www.example.gov.cn/zwgk/nb/index_2.html", "list"),
    ]
    assert {one.via for one in verdict.found} == {URL}
    assert verdict.reading.outcome == "list_page"
    assert verdict.reading.detail == "3 reports listed; 1 reports on other sites are not followed: other.cn (1)"
    assert verdict.reading.next_step


def test_a_page_that_is_no_list_says_so_and_what_to_do():
    one = judged(page("<p>要闻</p>"), reading=Reading("not_a_report"), kind="list").reading
    assert (one.outcome, one.detail) == ("not_a_report", "no report is listed")
    assert "list" in one.next_step
    later = judged(page("<p>要闻</p>"), reading=Reading("not_a_report"), kind="list", via=URL).reading
    assert later.outcome == "list_page"  # a page of a list need not name a report


@pytest.mark.parametrize(
    ("said", "printed", "agency"),
    [
        ("样本市教育局", "", "样本市教育局"),
        ("样本市教育局", "教育局", "样本市教育局"),
        ("样本市", "邻市财政局", ""),
        ("", "某局", ""),
    ],
)
def test_what_the_user_said_of_a_list_holds_where_the_title_names_nobody_else(said, printed, agency):
    reading = Reading("list_page", listed=listed("a.html", agency=printed))
    assert judged(page("x"), reading=reading, kind="list", agency=said).found[0].agency == agency


def test_a_sitemap_leads_to_the_pages_that_are_wanted():
    urls = ("http://www.example.gov.cn/nb/1", "http://www.example.gov.cn/xw/2", "http://other.cn/nb/3")
    body = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{}</urlset>"
    body = body.format("".join(f"<url><loc>{url}</loc></url>" for url in urls)).encode()
    verdict = judged(body, media="text/xml", kind="sitemap", match="/nb/")
    assert [one.url for one in verdict.found] == ["http://www.example.gov.cn/nb/1"]
    assert verdict.reading.outcome == "list_page"
    assert "3 pages" in verdict.reading.detail
    assert "1 addresses on other sites" in verdict.reading.detail
    assert judged(page("x"), kind="sitemap").reading.outcome == "not_a_report"


def test_a_sitemap_that_is_damaged_is_followed_as_far_as_it_goes_and_says_so():
    body = b"<urlset><url><loc>http://www.example.gov.cn/nb/1</loc></url><url><loc>http://www.exam"
    verdict = judged(body, media="text/xml", kind="sitemap")
    assert len(verdict.found) == 1
    assert "no sound XML" in verdict.reading.detail
    assert verdict.reading.next_step


def test_a_pattern_that_no_address_of_a_sitemap_has_is_told():
    body = b"<urlset><url><loc>http://www.example.gov.cn/nb/1</loc></url></urlset>"
    assert "--match" in judged(body, media="text/xml", kind="sitemap", match="gkml").reading.next_step
    assert not judged(body, media="text/xml", kind="sitemap", match="nb").reading.next_step


def test_a_document_is_told_by_what_is_in_it():
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    reading = judged(box.getvalue(), media="application/octet-stream", kind="attachment").reading
    assert (reading.outcome, "Word" in reading.detail) == ("attachment_only", True)


def test_what_of_a_list_is_not_followed_is_told_with_what_to_do():
    counted = page('<a href="a.html">年报</a> 共12页')
    reading = judged(counted, reading=Reading("list_page", listed=listed("a.html")), kind="list").reading
    assert "12 pages" in reading.detail
    assert "further pages" in reading.next_step
