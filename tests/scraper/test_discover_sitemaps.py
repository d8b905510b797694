"""Sitemaps in every form that is in use, which addresses are one site, and what a reference becomes."""

import gzip

import pytest

from scraper.discover import read_sitemap, same_site, site_of
from scraper.discover.hrefs import LONGEST_ADDRESS, absolute

SITE = "http://www.example.gov.cn/"
URL = f"{SITE}sitemap.xml"
SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*addresses, space=SPACE):
    return f"<urlset {space}>{''.join(f'<url><loc>{a}</loc></url>' for a in addresses)}</urlset>".encode()


def test_pages_of_a_sitemap():
    found = read_sitemap(urlset(f" {SITE}a?x=1&amp;y=2\n", "<![CDATA[/b.html]]>", f"{SITE}a?x=1&amp;y=2"), url=URL)
    assert (found.pages, found.sitemaps, found.problem) == ((f"{SITE}a?x=1&y=2", f"{SITE}b.html"), (), "")


@pytest.mark.parametrize("space", ["", 'xmlns="https://example.invalid/other"', f"{SPACE} xmlns:news='urn:n'"])
def test_any_namespace_will_do(space):
    assert read_sitemap(urlset(f"{SITE}a", space=space), url=URL).pages == (f"{SITE}a",)


def test_an_index_names_sitemaps():
    entry = f"<sitemap><loc>{SITE}1.xml.gz</loc><lastmod>2022-01-01</lastmod></sitemap>"
    found = read_sitemap(f"<sitemapindex {SPACE}>{entry}</sitemapindex>".encode(), url=URL)
    assert (found.pages, found.sitemaps) == ((), (f"{SITE}1.xml.gz",))


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(urlset(f"{SITE}年报.html"), mtime=0),
        b"\xef\xbb\xbf" + urlset(f"{SITE}年报.html"),
        '<?xml version="1.0" encoding="gb2312"?><urlset><url><loc>/年报.html</loc></url></urlset>'.encode("gbk"),
        f"{SITE}年报.html\r\n\r\nno address\nftp://www.example.gov.cn/\n".encode("gbk"),
        f"<rss><channel><link>{SITE}</link><item><link>/年报.html</link></item></channel></rss>".encode(),
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="/年报.html"/></entry></feed>'.encode(),
    ],
    ids=["gzip", "mark", "GBK", "text", "RSS", "Atom"],
)
def test_forms_of_a_sitemap(data):
    found = read_sitemap(data, url=URL)
    assert found.pages[-1:] == (f"{SITE}%E5%B9%B4%E6%8A%A5.html",)
    assert found.problem == ""


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "it names no address"),
        (b"<html><body><p>404</p></body></html>", "it names no address"),
        (urlset(), "it names no address"),
        (gzip.compress(urlset(SITE), mtime=0)[:-20], "gzip data ends too early"),
    ],
)
def test_what_is_no_sitemap_says_so(data, problem):
    found = read_sitemap(data, url=URL)
    assert (found.pages, found.sitemaps, found.problem) == ((), (), problem)


def test_a_damaged_sitemap_gives_what_came_before_the_damage():
    found = read_sitemap(urlset(f"{SITE}a", f"{SITE}b")[:-30], url=URL)
    assert found.pages == (f"{SITE}a",)
    assert found.problem.startswith("it is no sound XML")


BOMB = "<!DOCTYPE a [<!ENTITY a0 'xxxxxxxxxx'>{}]><urlset><url><loc>&a{};</loc></url></urlset>"


def test_entities_are_not_resolved():
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    found = read_sitemap(BOMB.format(layers, 9).encode(), url=URL)
    assert found.pages == ()
    outside = "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><urlset><url><loc>&x;</loc></url></urlset>"
    assert read_sitemap(outside.encode(), url=URL).pages == ()


def test_a_sitemap_that_unpacks_to_too_much_is_refused():
    found = read_sitemap(gzip.compress(b" " * (101 * 2**20), 1), url=URL)
    assert found.problem == "unpacks to more than the limit of one page"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.fujian.gov.cn/", "https://czj.zz.fujian.gov.cn:8443/a", True),
        ("http://WWW.Fujian.gov.cn./", "http://fujian.gov.cn", True),
        ("http://www.fujian.gov.cn/", "http://www.hunan.gov.cn/", False),
        ("http://www.fujian.gov.cn/", "http://fujian.gov.cn.example.com/", False),
        ("http://www.gov.cn/", "http://www.fujian.gov.cn/", False),
        ("http://a.example.cn/", "http://b.example.cn/", True),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8001/a", True),
        ("http://127.0.0.1:8001/", "http://127.0.0.1:8002/", False),
        ("http://127.0.0.1/", "https://127.0.0.1/", False),
        ("http://[::1]:80/", "http://[::1]/", True),
        ("http://localhost:1/", "http://localhost:2/", False),
        ("http://年报.中国/", "http://xn--hwt46g.xn--fiqs8s/", True),
        ("ftp://a.example.cn/", "ftp://a.example.cn/", False),
        ("", "", False),
        ("http://[", "http://[", False),
        ("http://a.cn:99999/", "http://a.cn:99999/", False),
    ],
)
def test_what_is_one_site(one, other, same):
    assert same_site(one, other) is same_site(other, one) is same


def test_the_site_of_an_address():
    assert site_of("https://czj.zz.fujian.gov.cn/a") == "fujian.gov.cn"
    assert site_of("http://127.0.0.1:8001/") == "127.0.0.1:8001"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("a.htm", f"{SITE}x/a.htm"),
        ("./a.htm?b=1#c", f"{SITE}x/a.htm?b=1"),
        ("../../../a.htm", f"{SITE}a.htm"),
        ("?p=2", f"{SITE}x/y.htm?p=2"),
        ("//b.example.gov.cn", "http://b.example.gov.cn/"),
        ("HTTPS://B.Example.gov.cn:443/A", "https://b.example.gov.cn/A"),
        ("http://b.example.gov.cn:443/A", "http://b.example.gov.cn:443/A"),
        (" \n\t/a\n.htm\u3000", f"{SITE}a.htm"),
        ("\\a\\b.htm", f"{SITE}a/b.htm"),
        ("/%c4%ea%b1%a8/a b.htm", f"{SITE}%c4%ea%b1%a8/a%20b.htm"),
        ("http://年报.中国/年", "http://xn--hwt46g.xn--fiqs8s/%E5%B9%B4"),
        ("/a%zz", f"{SITE}a%zz"),
        *((nothing, "") for nothing in ("", "#a", "javascript:void(0)", "JavaScript:;", "mailto:a@b.cn", "tel:110")),
        *((nothing, "") for nothing in ("ftp://a.cn/", "data:text/html,a", "file:///etc/hosts", "http://[/")),
        *((nothing, "") for nothing in ("http://a.cn:port/", "/" + "a" * LONGEST_ADDRESS)),
    ],
)
def test_what_a_reference_becomes(href, address):
    assert absolute(href, f"{SITE}x/y.htm") == address


def test_a_charset_that_cannot_write_a_query_leaves_it_in_utf8():
    assert absolute("?a=年", SITE, "ascii") == f"{SITE}?a=%E5%B9%B4"
    assert absolute("?a=年", SITE, "no such charset") == f"{SITE}?a=%E5%B9%B4"
    assert absolute("/\ud800?\ud800", SITE, "gb18030").startswith(SITE) or absolute("/\ud800", SITE) == ""
