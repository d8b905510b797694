"""The page of an agency: its requests first, what does not add up, and what is missing said in words."""

import re
from itertools import pairwise

import pytest
from lxml import html

from outputs.explorer.kinds import KINDS, answer

PINGTAN = "zone-2238cae3-zone_committee"


@pytest.fixture(scope="module")
def pingtan(desk):
    given = answer(desk, f"agency/{PINGTAN}")
    assert given.status == 200
    return html.fromstring(given.body)


def english(element):
    for each in element.xpath(".//*[contains(@class, 't-zh')]"):
        each.drop_tree()
    return " ".join(element.text_content().split())


def test_requests_of_each_year_come_first(pingtan):
    table = pingtan.xpath("//main//table")[0]
    rows = {row.xpath("./th")[0].text_content(): row.xpath("./td") for row in table.xpath("./tbody/tr")}
    numbers = {year: "".join(cells[0].xpath(".//data/@value")) for year, cells in rows.items()}
    assert numbers == {"2018": "0", "2019": "23", "2020": "21", "2021": "70", "2022": "", "2023": "81"}
    assert english(rows["2022"][0]) == "no report"
    assert [year for year, cells in rows.items() if cells[1].xpath(".//a[contains(@class, 'verdict fail')]")] == [
        "2020"
    ]
    assert "27 ≠ 21" in english(rows["2020"][1])
    assert rows["2020"][0].xpath(".//a/@href") == ["/report/518b9c98e6e89756#c-1-3-9"]


def test_links_within_the_page_find_their_target(pingtan):
    ids = pingtan.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {each.removeprefix("#") for each in pingtan.xpath("//main//a/@href") if each.startswith("#")} <= set(ids)


def test_nothing_that_a_policy_would_refuse(pingtan):
    assert not pingtan.xpath("//*[@style] | //style | //script[not(@src)]")
    assert not [name for each in pingtan.iter() for name in each.attrib if name.startswith("on")]
    levels = [int(each.tag[1]) for each in pingtan.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_comparisons_reports_and_what_is_missing(pingtan):
    text = english(pingtan)
    assert "2019 → 2020" in text
    assert "a report is known or due, and no page is there" in text
    assert "The level of this body is not known" in text
    assert len(pingtan.xpath("//section[@aria-labelledby='reports']//tbody/tr")) == 5


def test_superseded_captures_are_listed(desk):
    page = html.fromstring(answer(desk, "agency/cn-customs").body)
    captures = page.xpath("//section[@aria-labelledby='reports']//tbody/tr/td[last()]")
    assert sorted(each.text_content() for each in captures) == ["1e9c09c4ae83a3ec", "440279ee1a707869"]


def test_peers_are_bodies_of_one_level_in_order_of_place(desk):
    text = english(html.fromstring(answer(desk, "agency/320813-government").body))
    assert "The dataset has no other body of this level and scope in 2024." in text


def test_a_site_has_the_same_page_of_files(site_desk):
    body = answer(site_desk, f"agency/{PINGTAN}").body
    assert "report/518b9c98e6e89756.html#c-1-3-9" in body
    assert not re.search(r'href="/', body)
    kind = next(kind for kind in KINDS if kind.name == "agency")
    assert f"agency/{PINGTAN}" in set(kind.paths(site_desk))


def test_an_agency_that_is_not_there(desk):
    assert answer(desk, "agency/nobody").status == 404
