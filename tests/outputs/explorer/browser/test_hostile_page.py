"""An archived page that tries everything does nothing: on the server, and on a static site on any web server."""

import re
from urllib.parse import urlsplit

import pytest
from explorer_hosting import hosting
from explorer_process import exploring

from gongkai.build import build
from gongkai.shelf import open_shelf
from outputs.explorer.site import write_site

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra [browser] is not installed")
expect = sync_api.expect

NAME = "清河县<img src=x onerror=window.__hacked=1>财政局"
ATTACK = "top.__hacked=window.__hacked=1;alert(1)"
ELSEWHERE = "http://elsewhere.example"
ROWS = "".join(f"<td>{count}</td>" for count in (3, 1, 0, 2, 6, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0))
PARTS = "<td>结果维持</td><td>结果纠正</td><td>其他结果</td><td>尚未审结</td><td>总计</td>"
REPORT = f"""<!DOCTYPE html><html manifest="{ELSEWHERE}/m"><head><meta charset="utf-8">
<base href="{ELSEWHERE}/" target="_top">
<title>清河县财政局2022年政府信息公开工作年度报告&lt;script&gt;{ATTACK}&lt;/script&gt;</title>
<meta http-equiv="refresh" content="0;url={ELSEWHERE}/refresh"><link rel="stylesheet" href="{ELSEWHERE}/link.css">
<link rel="prefetch" href="{ELSEWHERE}/prefetch"><link rel="icon" href="{ELSEWHERE}/icon.png">
<style>@import url("{ELSEWHERE}/import.css"); body {{ background: url({ELSEWHERE}/style.png) }}
@font-face {{ font-family: f; src: url({ELSEWHERE}/f.woff) }} * {{ font-family: f }}</style>
<script>{ATTACK}</script><script src="{ELSEWHERE}/script.js"></script></head>
<body onload="{ATTACK}" onclick="{ATTACK}" onscroll="{ATTACK}" background="{ELSEWHERE}/body.png">
<h1>清河县财政局2022年政府信息公开工作年度报告</h1>
<p>根据《中华人民共和国政府信息公开条例》，现公布清河县财政局2022年政府信息公开工作年度报告。</p>
<p>一、总体情况</p><p>统计期限自2022年1月1日起至2022年12月31日止。全年收到政府信息公开申请6件。</p>
<p>二、政府信息公开行政复议、行政诉讼情况</p>
<table border="1" onmouseover="{ATTACK}"><tr><td colspan="5">行政复议</td><td colspan="10">行政诉讼</td></tr>
<tr>{PARTS.replace("<td", '<td rowspan="2"')}<td colspan="5">未经复议直接起诉</td><td colspan="5">复议后起诉</td></tr>
<tr>{PARTS}{PARTS}</tr><tr>{ROWS}</tr></table>
<p>三、存在的主要问题及改进情况</p>
<p style="background:url({ELSEWHERE}/p.png);position:fixed;inset:0">公开的深度还有不足。</p>
<form action="{ELSEWHERE}/form" method="post"><input name="a" value="1" autofocus onfocus="{ATTACK}">
<button formaction="{ELSEWHERE}/button">送出</button><input type="image" src="{ELSEWHERE}/image.png"></form>
<iframe src="{ELSEWHERE}/frame"></iframe><iframe srcdoc="&lt;script&gt;{ATTACK}&lt;/script&gt;"></iframe>
<a href="javascript:{ATTACK}">链接一</a> <a href="{ELSEWHERE}/top" target="_top">链接二</a>
<a href="{ELSEWHERE}/new" target="_blank" onclick="window.open('{ELSEWHERE}/open')">链接三</a>
<a href="{ELSEWHERE}/file" download ping="{ELSEWHERE}/ping">链接四</a> <a href="/elsewhere">链接五</a>
<a href="java&#9;script:{ATTACK}">链接六</a> <a href="data:text/html,<script>{ATTACK}</script>">链接七</a>
<img src="{ELSEWHERE}/img.png" srcset="{ELSEWHERE}/set.png 2x" onerror="{ATTACK}" usemap="#m"><map name="m"><area
href="{ELSEWHERE}/area" shape="default"></map>
<object data="{ELSEWHERE}/object"></object><embed src="{ELSEWHERE}/embed"><video src="{ELSEWHERE}/v" autoplay></video>
<svg onload="{ATTACK}"><a href="{ELSEWHERE}/svg"><text y="9">图</text></a><image href="{ELSEWHERE}/svg.png"/>
<foreignObject><script>{ATTACK}</script></foreignObject></svg>
<math><a xlink:href="javascript:{ATTACK}">式</a></math>
<details ontoggle="{ATTACK}" open><summary>更多</summary></details>
<template><script>{ATTACK}</script></template>
<noscript><meta http-equiv="refresh" content="0;url={ELSEWHERE}/n"></noscript>
<p>四、其他需要报告的事项</p><p>无其他需要报告的事项。</p></body></html>"""
# 行政复议 / 总计, the fifth cell of the fourth row
ANCHOR = "c-0-3-4"


class Watch:
    def begin(self, total):
        """Hear nothing."""

    def more(self, number):
        """Hear nothing."""


@pytest.fixture(scope="module")
def hostile(chromium, tmp_path_factory):
    """A dataset of the hostile page alone, and where its page is."""
    base = tmp_path_factory.mktemp("hostile")
    pages = base / "pages"
    pages.mkdir()
    (pages / "report.html").write_text(REPORT, encoding="utf-8")
    words = 'file,source_uri,agency,report_year\nreport.html,javascript:alert(1),"{}",2022\n'
    (pages / "manifest.csv").write_text(words.format(NAME), encoding="utf-8")
    build([pages], base / "dataset")
    return base / "dataset", pages


@pytest.fixture(scope="module", params=["server", "site"])
def address(request, hostile, tmp_path_factory):
    """The hostile page in an explorer, and on a static site; with the ending that its pages have there."""
    dataset, pages = hostile
    if request.param == "server":
        with exploring(dataset, "--archive", pages, "--port", "0") as explored:
            yield explored.address.rstrip("/"), ""
    else:
        target = tmp_path_factory.mktemp("site") / "site"
        write_site(dataset, target, lambda: open_shelf(dataset, [pages]), watch=Watch())
        with hosting(target) as address:
            yield address, ".html"


@pytest.fixture
def watched(browser):
    """A page in whose context every request, dialog, download, and other page is written down."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(15_000)
    seen = {"requests": [], "dialogs": [], "downloads": [], "pages": []}
    page = context.new_page()
    context.on("request", lambda request: seen["requests"].append(request.url))
    context.on("dialog", lambda dialog: (seen["dialogs"].append(dialog.message), dialog.dismiss()))
    context.on("page", lambda other: seen["pages"].append(other.url))
    page.on("download", lambda download: seen["downloads"].append(download.url))
    yield page, seen
    context.close()


def paths_of(seen):
    return [urlsplit(url).path for url in seen["requests"]]


def test_nothing_runs_loads_or_leads_away(address, watched, hostile):
    page, seen = watched
    address, ending = address
    page.goto(f"{address}/index.html" if ending else f"{address}/")
    page.locator("main a[href*='report/']").first.click()
    page.wait_for_load_state()
    frame = page.frame_locator("iframe")
    expect(frame.locator(f"#{ANCHOR}")).to_have_text("6")
    archived = page.locator("iframe").get_attribute("src").lstrip("./")
    assert len([path for path in paths_of(seen) if "/archived/" in path]) == 1
    at_first = len(seen["requests"])
    places = frame.locator("body *:visible").all()
    assert len(places) > 60
    for place in places:
        place.click(force=True, no_wait_after=True)
    for _ in range(20):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
    later = seen["requests"][at_first:]
    assert [url for url in later if not urlsplit(url).path.rpartition("/")[0].endswith("/cite")] == []
    assert seen["dialogs"] == seen["downloads"] == seen["pages"] == []
    assert {urlsplit(url).netloc for url in seen["requests"]} == {urlsplit(address).netloc}
    assert page.evaluate("window.__hacked") is None
    assert "/report/" in page.url
    assert page.evaluate("document.querySelector('iframe').contentDocument.URL.split('#')[0]").endswith(archived)
    # seen as a page of its own, the document is as harmless
    page.goto(f"{address}/{archived}")
    page.wait_for_timeout(300)
    assert page.url == f"{address}/{archived}"
    assert page.evaluate("window.__hacked") is None
    assert {urlsplit(url).netloc for url in seen["requests"]} == {urlsplit(address).netloc}


def test_names_from_pages_are_text_everywhere(address, watched, hostile):
    page, seen = watched
    address, ending = address
    start = f"{address}/index.html" if ending else f"{address}/"
    page.goto(start)
    paths = {urlsplit(link).path for link in page.evaluate("[...document.links].map((link) => link.href)")}
    kinds = ("/agency/", "/report/", "/year/", "/checks/")
    chosen = [path for path in sorted(paths) if path.startswith(kinds)]
    assert {path.split("/")[1] for path in chosen} >= {"agency", "report"}
    for path in [
        *chosen,
        f"/search{ending}?q=清河县",
        *(path.replace("/report/", "/cite/") for path in chosen if "/report/" in path),
    ]:
        page.goto(f"{address}{path}")
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.querySelectorAll('img, main script').length") == 0, path
        assert page.evaluate("[...document.links].filter((link) => link.protocol === 'javascript:').length") == 0, path
        assert page.evaluate("window.__hacked") is None, path
    assert seen["dialogs"] == []
    assert {urlsplit(url).netloc for url in seen["requests"]} == {urlsplit(address).netloc}


@pytest.mark.parametrize("address", ["site"], indirect=True)
def test_a_site_leads_to_its_numbers_and_searches(browser, address, hostile):
    address, _ = address
    page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    page.goto(f"{address}/index.html")
    page.get_by_role("banner").get_by_role("searchbox").fill("复议")
    page.keyboard.press("Enter")
    expect(page.locator("#found li").first).to_contain_text("清河县")
    page.locator("#found li a").first.click()
    expect(page).to_have_url(re.compile("/report/"))
    page.locator(f"#{ANCHOR} a.figure").first.click()
    expect(page.frame_locator("iframe").locator(f"#{ANCHOR}")).to_be_in_viewport()
    page.context.close()
