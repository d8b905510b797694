"""Home: what became of each report, the way to it, and to why there is none."""

import re
import sqlite3
import time
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from outputs import explorer, schema
from outputs.explorer import paths
from outputs.explorer.kinds import answer
from outputs.explorer.pages import about, home
from outputs.explorer.records import Desk
from outputs.explorer.wording import load_words
from outputs.marks import LATE_WORDS, UNKNOWN_WORDS

PINGTAN_2020 = "518b9c98e6e89756"


def read(desk, path):
    given = answer(desk, path)
    assert given.status == 200
    return BeautifulSoup(given.body, "lxml")


def fields(page, agency):
    """What the map shows of an agency: year → (sign, address)."""
    years = [re.match(r"\d{4}", head.get_text(strip=True))[0] for head in page.select("#map thead th")[1:]]
    line = next(row for row in page.select("#map tbody tr") if row.th.get_text(strip=True) == agency)
    links = [cell.a for cell in line.find_all("td")]
    return {year: (link.get_text(), link["href"]) for year, link in zip(years, links, strict=True) if link}


def test_the_map_says_what_became_of_each_report(desk):
    page = read(desk, paths.HOME)
    found = fields(page, "平潭综合实验区管委会")
    assert {year: sign for year, (sign, _) in found.items()} == {
        "2018": "+", "2019": "+", "2020": "!", "2021": "+", "2022": "?", "2023": "+",
    }  # fmt: skip
    assert found["2020"][1] == f"/report/{PINGTAN_2020}"
    assert fields(page, "样本市示例区国家税务局")["2013"][0] == "o"


def test_where_there_is_no_report_the_map_leads_to_why(desk):
    page = read(desk, paths.HOME)
    _, address = fields(page, "平潭综合实验区管委会")["2022"]
    told = page.find(id=address.removeprefix("#")).get_text(" ", strip=True)
    assert "reports of 2021 and 2023 are known" in told
    assert "Look for it on the body's site" in told


def test_counts_and_levels_are_those_of_the_selection(desk):
    page = read(desk, paths.HOME)
    assert [each.get_text() for each in page.select(".tally dd")] == ["15", "14", "11", "2", "1", "0"]
    assert [each.get_text() for each in page.select(".tabs .count")] == ["8", "1", "1", "1", "5"]
    county = read(desk, paths.coverage("county"))
    assert [each.get_text() for each in county.select(".tally dd")] == ["2", "2", "1", "1", "0", "0"]
    assert [row.th.get_text(strip=True) for row in county.select("#map tbody tr")] == ["淮安市洪泽区人民政府"]


@pytest.mark.parametrize(
    "path", ["coverage/prefecture/1", "coverage/nowhere/1", "coverage/every/2", "coverage/every/0"]
)
def test_what_is_not_there_is_said_with_what_to_do(desk, path):
    given = answer(desk, path)
    assert given.status == 404
    assert "Not here" in given.body


def test_a_site_has_every_page_and_nothing_that_needs_a_server(site_desk, desk):
    assert list(home.KIND.paths(desk)) == [paths.coverage(level) for level in
                                           ("every", "central", "province", "county", "unknown")]  # fmt: skip
    text = answer(site_desk, paths.HOME).body
    assert 'href="dataset' not in text
    assert "<time>" not in text
    assert text == answer(site_desk, paths.HOME).body
    assert "<time>" in answer(desk, paths.HOME).body


def test_marks_look_and_read_as_in_the_pictures_of_coverage():
    style = (Path(explorer.__file__).parent / "static" / "home.css").read_text(encoding="utf-8")
    words = load_words()
    for mark, name in home.MARK_NAMES.items():
        assert f".m.{name} {{ background: {mark.fill}; color: {mark.ink};" in style
        assert words[f"mark.{name}"].en == mark.words
    assert words["mark.late"].en == LATE_WORDS
    assert words["mark.unknown"].en == UNKNOWN_WORDS


@pytest.fixture(scope="module")
def crowd(desk):
    """A desk over 1,000 agencies and 18 years."""
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    for table in ("agency_years", "coverage"):
        base.execute(f"CREATE TABLE {table} ({', '.join(column.name for column in schema.table(table).columns)})")
    base.execute("CREATE TABLE check_list (verdict)")
    rows = [
        (
            f"{number:06}-a",
            year,
            f"机关{number:04}" if number else "<script>机关",
            "county",
            f"{number:06}",
            status,
            "late",
        )
        for number in range(1000)
        for year in range(2008, 2026)
        for status in ("missing" if year == 2015 else "parsed",)
    ]
    base.executemany(
        "INSERT INTO agency_years (agency_id, report_year, agency, agency_level, region_code, status, late, balanced, "
        "capture_id) VALUES (?, ?, ?, ?, ?, ?, ?, 'yes', 'ab')",
        rows,
    )
    base.execute("CREATE INDEX i ON agency_years (agency_id, report_year)")
    base.executemany(
        "INSERT INTO coverage (outcome, next_step) VALUES (?, ?)",
        [("ok", ""), ("image_only", "Type it."), ("image_only", "Type it."), ("image_only", "Ask."), ("blocked", None)],
    )
    return Desk(desk.folder, base, desk.shelf, desk.addresses)


def test_many_agencies_are_shown_by_the_hundred_in_good_time(crowd):
    begun = time.process_time()
    given = answer(crowd, paths.coverage(paths.EVERY, 2))
    assert time.process_time() - begun < 1
    page = BeautifulSoup(given.body, "lxml")
    assert "101–200 of 1,000" in page.select_one(".pager").get_text(" ", strip=True)
    names = [row.th.get_text(strip=True) for row in page.select("#map tbody tr")]
    assert (names[0], names[-1], len(names)) == ("机关0100", "机关0199", 100)
    assert [link.get_text() for link in page.select(".starts a")][:3] == ["<script>机关", "机关0100", "机关0200"]
    assert fields(page, "机关0100")["2016"][0] == "+L"
    assert len(list(home.KIND.paths(crowd))) == 20


def test_names_are_escaped(crowd):
    assert "<script>机关" not in answer(crowd, paths.HOME).body


def test_pages_that_gave_no_report_are_counted_with_what_to_do(crowd):
    rows = read(crowd, paths.HOME).select(".made table tbody tr")
    assert [(row.th.a["href"], row.td.get_text()) for row in rows] == [
        ("/dataset/coverage?outcome__exact=image_only", "3"),
        ("/dataset/coverage?outcome__exact=blocked", "1"),
    ]
    assert "Type it." in rows[0].get_text()
    assert "Ask." in rows[0].details.get_text()


def test_every_page_has_a_search_and_says_where_it_is(desk, site_desk):
    page = read(desk, paths.ABOUT)
    assert page.select_one("header form")["action"] == "/search"
    assert page.select_one("header nav [aria-current]")["href"] == "/about"
    assert read(site_desk, paths.ABOUT).select_one("header form")["action"] == "search.html"


def test_the_page_on_reading_runs_its_questions(desk, site_desk):
    page = read(desk, paths.ABOUT)
    questions = [code.get_text() for code in page.select("pre code")]
    assert len(questions) == 2
    for question in questions:
        assert desk.rows(question)
    assert not read(site_desk, paths.ABOUT).select("pre")
    assert about.KIND.name == "about"
