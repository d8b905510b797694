"""The page of an agency: its requests first, what does not add up, and what is missing said in words."""

import re
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import html

from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.kinds import KINDS, answer
from outputs.explorer.records import Desk
from outputs.explorer.shown.agencyrows import About, peers_of

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
    assert "The level of this agency is not known" in text
    assert len(pingtan.xpath("//section[@aria-labelledby='reports']//tbody/tr")) == 5


def test_superseded_captures_are_listed(desk):
    page = html.fromstring(answer(desk, "agency/cn-customs").body)
    captures = page.xpath("//section[@aria-labelledby='reports']//tbody/tr/td[last()]")
    assert sorted(each.text_content() for each in captures) == ["1e9c09c4ae83a3ec", "440279ee1a707869"]


def test_an_agency_without_peers_is_told_so(desk):
    text = english(html.fromstring(answer(desk, "agency/320813-government").body))
    assert "The dataset has no other agency of this level and scope in 2024." in text


def test_peers_are_the_nearest_agencies_in_order_of_place():
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    base.execute(
        "CREATE TABLE reports (agency_id, agency, agency_as_printed, agency_level, region_code, report_year, "
        "report_scope, is_current, capture_id)"
    )
    base.execute(
        "CREATE TABLE facts (capture_id, indicator, applicant, measure, value, state, unit, table_no, row, col, "
        "block_no, char_start, char_end)"
    )
    codes = ["330211", "330205", "330402", "110101", "330203", "320813", "320105", "350181", "440103", "510104"]
    bodies = [("330212-government", "330212"), *((f"{code}-government", code) for code in codes)]
    bodies += [("330211-education", "330211")]
    rows = [(body, body, None, "county", code, 2022, "area", 1, body) for body, code in bodies]
    rows += [("330206-government", "elsewhere", None, "county", "330206", 2022, "own", 1, "own scope")]
    base.executemany("INSERT INTO reports VALUES (?,?,?,?,?,?,?,?,?)", rows)
    fact = ("330203-government", "requests_received", "total", "annual", 0, "number", "件", 1, 3, 9, None, None, None)
    base.execute(f"INSERT INTO facts VALUES ({','.join('?' * 13)})", fact)
    peers = peers_of(
        Desk(Path(), base, None, ServerAddresses()), About("330212-government", "甲", (), "county", "330212")
    )
    assert peers.n_all == 11
    nearest = " ".join(peer.agency_id.removesuffix("-government") for peer in peers.nearest)
    assert nearest == "110101 320105 320813 330203 330205 330211 330402 350181"
    assert all(peer.same_kind for peer in peers.nearest)
    told = {peer.agency_id: (peer.state, peer.value, peer.anchor) for peer in peers.nearest}
    assert told["330203-government"] == ("number", 0, "c-1-3-9")
    assert told["330205-government"] == ("absent", None, "")


def test_a_site_has_the_same_page_of_files(site_desk):
    body = answer(site_desk, f"agency/{PINGTAN}").body
    assert "report/518b9c98e6e89756.html#c-1-3-9" in body
    assert not re.search(r'href="/', body)
    kind = next(kind for kind in KINDS if kind.name == "agency")
    assert f"agency/{PINGTAN}" in set(kind.paths(site_desk))


def test_an_agency_that_is_not_there(desk):
    assert answer(desk, "agency/nobody").status == 404
