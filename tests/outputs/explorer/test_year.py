"""Several agencies in one year as a page; numbers are those of the samples' pages."""

import pytest
from lxml import html

from corpus.rates import load_rates
from outputs.explorer import paths
from outputs.explorer.kinds import answer
from outputs.explorer.pages import year
from outputs.explorer.wording import load_words
from outputs.schema.rates import RATE_NOTES, RATE_STATUSES

PINGTAN, HONGZE = "zone-2238cae3-zone_committee", "320813-government"


def tree_of(desk, path, **query):
    given = answer(desk, path, query)
    assert given.status == 200
    return html.fromstring(given.body)


def english(node):
    hidden = "ancestor::*[contains(@class, 't-zh') or contains(@class, 'small')]"
    return " ".join("".join(node.xpath(f".//text()[not({hidden})]")).split())


def lines(tree):
    """Rows of the table: what stands in their head → English texts of the cells by the head of their column."""
    heads = [english(head) for head in tree.xpath("//table[contains(@class, 'year')]/thead/tr/th")][1:]
    return {
        english(row.find("th")): dict(zip(heads, row.findall("td"), strict=True))
        for row in tree.xpath("//table[contains(@class, 'year')]/tbody/tr")
    }


@pytest.fixture(scope="module")
def of_2019(desk):
    return lines(tree_of(desk, paths.year(2019)))


def test_a_rate_has_its_numerator_and_denominator_beside_it(of_2019):
    # (7 予以公开 + 1 部分公开) of 23, and 3 重复申请 of 23
    pingtan = of_2019["平潭综合实验区管委会"]
    assert english(pingtan["Granted in full or in part"]) == "34.78 % 8 (7 + 1) / 23"
    assert english(pingtan["Not processed"]) == "13.04 % 3 / 23"
    places = [href.partition("#")[2] for href in pingtan["Granted in full or in part"].xpath(".//a/@href")]
    assert places == ["c-1-5-9", "c-1-6-9", "c-1-24-9"]


def test_a_sum_leads_to_its_line_on_the_page_of_its_report(of_2019):
    (first, _) = of_2019["平潭综合实验区管委会"]["Not processed"].xpath(".//a/@href")
    assert first.partition("#")[2] == paths.fact_anchor("not_processed_total", "total", "annual")


def test_a_blank_gives_no_rate_but_a_reason(of_2019):
    cell = of_2019["上海市人民政府办公厅"]["Granted in full"]
    assert "without" in cell.get("class")
    assert english(cell).startswith("no number in the cell ∅ / 805")
    assert "granted_full is blank" in english(cell)


def test_nothing_to_divide_by(of_2019):
    assert english(of_2019["平潭综合实验区管委会"]["Lawsuits that corrected the agency"]).startswith(
        "nothing to divide by"
    )


def test_figures_stand_as_printed(of_2019):
    assert english(of_2019["上海市人民政府办公厅"]["Requests received in the year"]) == "859"


def test_agencies_stand_in_order_of_place_without_ranks(of_2019):
    assert list(of_2019) == ["上海市人民政府办公厅", "平潭综合实验区管委会"]


def test_small_denominators_are_marked(desk):
    hongze = lines(tree_of(desk, paths.year(2024, "county")))["淮安市洪泽区人民政府"]
    assert english(hongze["Reconsiderations that corrected the agency"]) == (
        "50 % 1 / 2 (2 − 0) fewer than ten: one case moves it far"
    )


def test_chosen_agencies_stand_side_by_side(desk, site_desk):
    tree = tree_of(desk, paths.year(2023), agency=[PINGTAN, HONGZE, "nobody"])
    beside = lines(tree)
    assert list(beside["Requests received in the year"]) == ["淮安市洪泽区人民政府", "平潭综合实验区管委会"]
    assert [english(cell) for cell in beside["Requests received in the year"].values()] == ["21", "81"]
    # a static site answers no query
    assert not tree_of(site_desk, paths.year(2023), agency=[PINGTAN]).xpath("//form[@class='chooser']")


def test_those_chosen_before_are_kept(desk):
    tree = tree_of(desk, paths.year(2023, "county"), keep=[PINGTAN])
    assert tree.xpath("//form[@class='chooser']/input[@type='hidden']/@value") == [PINGTAN]


@pytest.mark.parametrize("path", ["year/1999/every/1", "year/2023/village/1", "year/2023/every/2"])
def test_what_is_not_there_is_said(desk, path):
    assert answer(desk, path).status == 404


def test_a_site_holds_every_year_and_level(site_desk):
    found = set(year.KIND.paths(site_desk))
    assert {"year/2019/every/1", "year/2019/province/1", "year/2019/unknown/1", "year/2024/county/1"} <= found
    assert "year/2019/county/1" not in found


def test_all_that_a_rate_may_say_has_words():
    words = load_words().keys()
    assert {f"rate.status.{status}" for status in RATE_STATUSES if status != "ok"} <= words
    assert {f"rate.note.{note}" for note in RATE_NOTES} <= words
    assert {f"rate.{what}.{rate.rate}" for rate in load_rates() for what in ("definition", "caution")} <= words
