"""`gongkai fetch --browser` as a person runs it: a list and a report that scripts write, on loopback."""

from pathlib import Path

import pytest
from counting_server import counting_server
from site_fetch import fetch, outcomes_of, place, read_rows, run_gongkai, targets_of, visits_of

from scraper.browser import find_browser
from scraper.errors import FetchError

try:
    find_browser()
except FetchError as error:
    pytest.skip(f"{error}", allow_module_level=True)
pytest.importorskip("scrapy_playwright", reason="the extra [browser] is not installed")

SAMPLE = Path(__file__).parents[2] / "corpus" / "samples" / "pingtan-2020" / "page.html"
SHELL = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>信息公开</title></head>
<body><div id="app"></div><script>{script}</script></body></html>"""
LIST = """
fetch("/api/list.json").then(answer => answer.json()).then(rows => {
  document.getElementById("app").innerHTML = "<ul>" + rows.map(row =>
    `<li><a href="${row.href}">${row.title}</a><span>2021-01-20</span></li>`).join("") + "</ul>";
});
"""
REPORT = """
fetch("/api/report.html").then(answer => answer.text()).then(text => {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  document.getElementById("app").innerHTML = page.body.innerHTML;
});
"""
ROWS = """[{"title": "某县2020年政府信息公开工作年度报告", "href": "/nb/2020.html"},
           {"title": "某县2019年政府信息公开工作年度报告", "href": "/nb/2019.html"}]"""


HOW = [("live", "response"), ("rendered", "resource")]


@pytest.fixture(scope="module")
def site():
    with counting_server() as server:
        server.pages = {
            "/robots.txt": ({"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /nb/2019\n"),
            "/nb/": ({}, SHELL.format(script=LIST).encode()),
            "/nb/2020.html": ({}, SHELL.format(script=REPORT).encode()),
            "/api/list.json": ({"Content-Type": "application/json"}, ROWS.encode()),
            "/api/report.html": ({}, SAMPLE.read_bytes().decode("gb18030").encode()),  # scripts read UTF-8
        }
        yield server


@pytest.fixture(scope="module")
def fetched(site, tmp_path_factory):
    archive = tmp_path_factory.mktemp("browser") / "archive"
    ended = fetch([f"http://127.0.0.1:{site.port}/nb/"], archive, "--as", "list", "--browser")
    return archive, ended


def test_a_list_and_a_report_that_scripts_write_are_read(fetched):
    archive, ended = fetched
    assert ended.code == 1, ended.err  # one of the two reports was not got
    assert outcomes_of(archive) == {"/nb/": "list_page", "/nb/2020.html": "ok", "/nb/2019.html": "robots_disallowed"}


def test_the_page_as_it_came_and_as_it_was_rendered_are_both_kept(fetched):
    archive, _ = fetched
    kept = [(place(visit.url), visit.source, visit.record) for visit in visits_of(archive)]
    assert kept == [
        ("/robots.txt", "live", "response"),
        *[(path, *how) for path in ("/nb/", "/nb/2020.html") for how in HOW],
    ]


def test_robots_txt_holds_for_the_browser_too(site, fetched):
    assert "/nb/2019.html" not in {path for path, _ in site.asked}


def test_the_rendered_report_is_what_build_reads(fetched, tmp_path):
    archive, _ = fetched
    built = run_gongkai("build", archive, "-o", tmp_path / "dataset")
    assert built.code in {0, 1}, built.err
    rows = [row for row in read_rows(tmp_path / "dataset" / "facts.csv") if row["source"] == "table"]
    typed_in = {key(row): row["value"] for row in read_rows(SAMPLE.parent / "facts.csv")}
    assert len(typed_in) > 100
    assert {key(row): row["value"] for row in rows} == typed_in


def key(row):
    return row["indicator"], row["applicant"], row["measure"]


FAILURES = {
    "echo No usable sandbox! >&2; exit 1": "it has no usable sandbox",
    "exit 1": "Target page, context or browser has been closed",
}


@pytest.mark.parametrize(("does", "words"), FAILURES.items())
def test_a_browser_that_does_not_start_costs_the_pages_that_need_it(site, tmp_path, does, words):
    executable = tmp_path / "chromium"
    executable.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    executable.chmod(0o755)
    url = f"http://127.0.0.1:{site.port}/nb/2020.html"
    ended = fetch([url], tmp_path / "archive", "--browser", env={"PATH": str(tmp_path)})
    assert ended.code == 1, ended.err
    row = targets_of(tmp_path / "archive")["/nb/2020.html"]
    assert row.reading.outcome == "script_shell"
    assert "could not be started" in row.reading.detail
    assert words in row.reading.detail
    assert "Start Chromium by hand" in row.reading.next_step


def test_without_a_browser_nothing_is_fetched(site, tmp_path):
    before = len(site.asked)
    ended = fetch([f"http://127.0.0.1:{site.port}/nb/"], tmp_path / "archive", "--browser", env={"PATH": str(tmp_path)})
    assert ended.code == 2
    assert "no Chromium is on the path" in ended.err
    assert len(site.asked) == before
