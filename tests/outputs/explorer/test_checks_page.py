"""The list of what does not add up: worst first, both places, nothing left out."""

import re

import pytest
from bs4 import BeautifulSoup

from outputs.explorer import paths
from outputs.explorer.kinds import answer
from outputs.explorer.pages import checks
from outputs.explorer.shown.checkrows import shown_checks

PINGTAN_2020 = "518b9c98e6e89756"


def read(desk, path, **query):
    given = answer(desk, path, {name: [value] for name, value in query.items()})
    assert given.status == 200
    return BeautifulSoup(given.body, "lxml")


def check(page, capture, check_id, applicant="total"):
    return page.find(id=paths.check_anchor(capture, check_id, applicant))


def sides(article):
    return [
        [(link.b.get_text(), link["href"]) for link in side.select("a.place")] for side in article.select(".places dd")
    ]


def test_a_sum_that_fails_opens_both_its_places(desk):
    article = check(read(desk, paths.checks()), PINGTAN_2020, "C1_RESULTS")
    left, right = sides(article)
    assert right == [("21", f"/report/{PINGTAN_2020}#c-1-24-9")]
    assert [text for text, _ in left[:6]] == ["7", "6", "4", "3", "3", "4"]
    assert left[0][1] == f"/report/{PINGTAN_2020}#c-1-5-9"
    assert article.select_one(".balance").get_text(" ", strip=True) == "27 ≠ 21"


def test_zeros_of_a_long_sum_are_folded_and_counted(desk):
    article = check(read(desk, paths.checks()), PINGTAN_2020, "C1_RESULTS")
    assert len(article.select("details a.place")) == 13
    assert "13 more" in article.summary.get_text()
    assert {link.b.get_text() for link in article.select("details a.place")} == {"0"}


def test_a_number_in_a_sentence_is_told_with_it(desk):
    article = check(read(desk, paths.checks()), PINGTAN_2020, "P_PARTS.1")
    assert article.blockquote.get_text().startswith("全区各公开单位一年公布信息2602条")
    assert sides(article)[1] == [("2602条", f"/report/{PINGTAN_2020}#b-6-13-18")]


def test_the_worst_is_first_and_nothing_is_left_out(desk):
    page = read(desk, paths.checks())
    ids = [article.code.get_text() for article in page.select("article.check")]
    assert ids[:2] == ["C_LIT_POST", "C_RECON"]
    assert len(ids) == 11
    assert [each.get_text() for each in page.select(".tabs .count")] == ["11", "4"]
    open_ones = read(desk, paths.checks("uncertain")).select("article.check")
    assert len(open_ones) == 4
    assert all(article.select_one(".reason") for article in open_ones)


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"agency": "平潭"}, 4),
        ({"agency": "zone-2238cae3-zone_committee"}, 4),
        ({"agency": "平潭", "year": "2020"}, 3),
        ({"level": "county"}, 2),
        ({"level": "nowhere", "year": "20x0"}, 11),
        ({"agency": "' OR 1=1 --"}, 0),
    ],
)
def test_a_reader_chooses_agency_year_and_level(desk, query, count):
    assert len(read(desk, paths.checks(), **query).select("article.check")) == count


def test_the_parts_of_the_list_keep_the_choice(desk):
    page = read(desk, paths.checks(), agency="平潭")
    assert page.select_one(".tabs a")["href"] == "/checks/fail/1?agency=%E5%B9%B3%E6%BD%AD"


def test_a_site_has_the_list_without_a_choice(site_desk, desk):
    page = read(site_desk, paths.checks(), agency="平潭")
    assert len(page.select("article.check")) == 11
    assert page.select_one("main form") is None
    assert list(checks.KIND.paths(desk)) == [paths.checks(), paths.checks("uncertain")]


def test_every_check_of_a_dataset_can_be_shown(desk):
    for shown in shown_checks(desk, desk.rows("SELECT * FROM checks")):
        assert [side.name for side in shown.sides] == ["left", "right"]
        assert shown.agency
        assert not re.search(r"table \d+ row", "".join(p.printed for side in shown.sides for p in side.shown))


def test_the_place_in_another_report_is_one_of_that_report(desk):
    rows = desk.rows("SELECT * FROM checks WHERE identity_id = 'C_CARRY_OVER' AND applicant = 'total'")
    assert rows
    for row, shown in zip(rows, shown_checks(desk, rows), strict=True):
        (now,), (then,) = (side.shown for side in shown.sides)
        assert (now.capture_id, now.other_year) == (row["capture_id"], "")
        assert (then.capture_id, then.other_year) == (row["other_capture_id"], str(row["report_year"] - 1))
