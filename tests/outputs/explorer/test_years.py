"""Two years of one agency, and two captures of one report, as pages; numbers are those of the samples' pages."""

import pytest
from lxml import html

from outputs.changes.records import Change
from outputs.compare.source import IndexSource, parquet_source
from outputs.compare.years import years_between
from outputs.explorer import paths
from outputs.explorer.kinds import answer
from outputs.explorer.pages import captures, years
from outputs.explorer.shown.pairs import any_two_years, consecutive_years, repeated_captures
from outputs.explorer.wording import load_words
from outputs.schema.changes import REASONS

PINGTAN, HONGZE = "zone-2238cae3-zone_committee", "320813-government"
DISTRICT, CUSTOMS = "place-95a96feb-government", "cn-customs"


@pytest.fixture(scope="module")
def page(desk):
    """Return a page as a tree, each made once."""
    made = {}

    def asked(path, status=200):
        if path not in made:
            made[path] = answer(desk, path)
        assert made[path].status == status
        return html.fromstring(made[path].body)

    return asked


def rows(tree, section, totals="All applicants"):
    """English label → English texts of the other cells, for the totals of a section."""
    found = {}
    for table in tree.xpath(f"//section[@id='{section}']//table"):
        if english(table.find("caption")).startswith(totals):
            for row in table.xpath("tbody/tr"):
                found[english(row.find("th"))] = [english(cell) for cell in row.findall("td")]
    return found


def english(node):
    """Text of a node as a reader of English sees it, without what stands small below it."""
    hidden = "ancestor::*[contains(@class, 't-zh') or contains(@class, 'small') or contains(@class, 'doubt')]"
    return " ".join("".join(node.xpath(f".//text()[not({hidden})]")).split())


def links(tree, section, label):
    """Where the numbers of a figure lead to."""
    row = next(row for row in tree.xpath(f"//section[@id='{section}']//tbody/tr") if english(row.find("th")) == label)
    return row.xpath(".//a[@class='place']/@href")


def capture(desk, agency_id, year):
    return desk.row("SELECT capture_id FROM reports WHERE agency_id = ? AND report_year = ?", agency_id, year)[0]


def test_what_changed_at_pingtan_from_2020_to_2021(page, desk):
    tree = page(paths.years(PINGTAN, 2020, 2021, "area"))
    changed = rows(tree, "changed")
    assert changed["Requests received in the year"] == ["21", "70", "+49", "× 3.33", "件"]
    assert changed["Requests concluded in the year"] == ["21", "69", "+48", "× 3.29", "件"]
    assert changed["Granted in full (including information already public)"] == ["7", "30", "+23", "× 4.29", "件"]
    assert changed["Decisions made: administrative licences"] == ["278", "2293", "+2015", "× 8.25", "件"]
    assert changed["Granted in part"] == ["6", "5", "-1", "× 0.833", "件"]
    assert changed["Administrative reconsideration cases"] == ["0", "3", "+3", "from 0", "件"]
    # the second table of either page, its fourth row, the column of the totals
    assert links(tree, "changed", "Requests received in the year") == [
        f"/report/{capture(desk, PINGTAN, 2020)}#c-1-3-9",
        f"/report/{capture(desk, PINGTAN, 2021)}#c-1-3-9",
    ]


def test_what_one_form_alone_asks_for_is_no_change(page):
    tree = page(paths.years(PINGTAN, 2020, 2021, "area"))
    assert rows(tree, "new")["Administrative fees charged"] == ["not on the page", "242523110.82", "元"]
    assert rows(tree, "removed")["Central government procurement projects"] == ["395", "not on the page", "项"]


def test_what_may_not_be_compared_has_no_difference_but_a_reason(page):
    tree = page(paths.years(PINGTAN, 2020, 2021, "area"))
    assert rows(tree, "not_comparable")["Normative documents issued"] == ["77", "69", "件"]
    reasons = [english(head) for head in tree.xpath("//section[@id='not_comparable']/h3")]
    assert reasons[0] == "the forms count different quantities, or one does not ask for it (1)"
    forms = page(paths.years(PINGTAN, 2018, 2019, "area"))
    assert rows(forms, "changed")["Requests received in the year"][:3] == ["0", "23", "+23"]
    assert rows(forms, "not_comparable")["Refused"] == ["0", "0", "件"]
    assert rows(forms, "not_comparable")["Replies issued"] == ["0", "not on the page", "件"]


def test_numbers_of_a_failing_check_lead_to_it(page, desk):
    tree = page(paths.years(PINGTAN, 2020, 2021, "area"))
    anchor = paths.check_anchor(capture(desk, PINGTAN, 2020), "C1_RESULTS", "total")
    (check,) = tree.xpath(f"//section[@id='failing']/article[@id='{anchor}']")
    assert "27 ≠ 21" in english(check)
    marked = tree.xpath(f"//section[@id='changed']//tr[td/a[@class='doubt' and @href='#{anchor}']]")
    assert "Requests concluded in the year" in [english(row.find("th")) for row in marked]


def test_hongze_from_2023_to_2024(page):
    tree = page(paths.years(HONGZE, 2023, 2024, "area"))
    changed = rows(tree, "changed")
    assert changed["Requests received in the year"] == ["21", "95", "+74", "× 4.52", "件"]
    assert changed["Decisions made: administrative penalties"] == ["4119", "2776", "-1343", "× 0.674", "件"]
    assert changed["Administrative fees charged"] == ["77302800", "75450000", "-1852800", "× 0.976", "元"]
    assert not tree.xpath("//section[@id='not_comparable']")
    balances = {" ".join(node.text_content().split()) for node in tree.xpath("//article//span[@class='balance']")}
    assert balances == {"11 ≠ 0", "5 ≠ 0"}


def test_words_that_differ_are_marked(page):
    tree = page(paths.years(HONGZE, 2023, 2024, "area"))
    texts = tree.xpath("//section[@id='text']//p[@class='words']")
    assert any("均在法定期限之内答复" in text for text in tree.xpath("//del/text()"))
    assert any("区政府办公室代表区政府受理17件" in text for text in tree.xpath("//ins/text()"))
    assert all(text.get("lang") == "zh-Hans" for text in texts)


def test_years_of_different_scopes_stand_side_by_side(page):
    tree = page(paths.years(DISTRICT, 2016, 2017, paths.ANY_SCOPE))
    warning = english(tree.xpath("//div[@class='warnings']")[0])
    assert "whose figures one of the reports gives is not known (the whole area → scope not stated" in warning
    assert not tree.xpath("//section[@id='changed' or @id='same']")
    page(paths.years(DISTRICT, 2016, 2017, "area"), status=404)


def test_years_in_either_order_and_years_apart_are_warned_of(page):
    back = page(paths.years(PINGTAN, 2021, 2020, "area"))
    assert "the second is not the later one" in english(back.xpath("//div[@class='warnings']")[0])
    assert rows(back, "changed")["Requests received in the year"][:3] == ["70", "21", "-49"]
    apart = page(paths.years(PINGTAN, 2018, 2021, "area"))
    assert "3 years apart" in english(apart.xpath("//div[@class='warnings']")[0])


@pytest.mark.parametrize(
    "path",
    [
        paths.years(PINGTAN, 2021, 2022, "area"),
        paths.years(PINGTAN, 2020, 2021, "own"),
        paths.years("nobody", 2020, 2021, "area"),
        paths.captures(CUSTOMS, "0" * 16, "1" * 16),
    ],
)
def test_what_is_not_there_is_said(page, path):
    page(path, status=404)


def test_an_edit_after_publication_is_shown(page, desk):
    (pair,) = repeated_captures(desk, CUSTOMS)
    tree = page(pair.path)
    assert "All 15 cells are the same." in english(tree.xpath("//section[@id='cells']")[0])
    (row,) = tree.xpath("//section[@id='fields']//tbody/tr")
    assert [english(cell) for cell in row] == ["date of publication", "2011-03-28", "not stated"]
    page(paths.captures(PINGTAN, pair.before, pair.after), status=404)


def test_which_years_are_compared(desk, site_desk):
    years_of = [(pair.before, pair.after, pair.scope) for pair in consecutive_years(desk, PINGTAN)]
    assert years_of == [(2018, 2019, "area"), (2019, 2020, "area"), (2020, 2021, "area"), (2021, 2023, "area")]
    assert len(any_two_years(desk, PINGTAN)) == 10
    assert set(years.KIND.paths(site_desk)) == {
        *(paths.years(PINGTAN, *pair) for pair in years_of),
        paths.years(HONGZE, 2023, 2024, "area"),
        paths.years(DISTRICT, 2016, 2017, paths.ANY_SCOPE),
    }
    assert len(list(captures.KIND.paths(site_desk))) == 1


def test_the_index_gives_what_the_files_give(dataset, desk):
    with parquet_source(dataset) as source:
        expected = years_between(source, PINGTAN, (2019, 2020))
    found = years_between(IndexSource(desk.base), PINGTAN, (2019, 2020))
    assert found == expected
    assert all(isinstance(figure.row, Change) for figure in found.figures)


def test_every_reason_has_words():
    assert {f"change.reason.{reason}" for reason in REASONS} <= load_words().keys()


def test_every_number_leads_to_a_place_that_the_page_of_its_report_has(page, desk):
    tree = page(paths.years(PINGTAN, 2018, 2019, "area"))
    wanted = {href.lstrip("/") for href in tree.xpath("//a[@class='place']/@href") if "#" in href}
    for report in {href.partition("#")[0] for href in wanted}:
        ids = set(html.fromstring(answer(desk, report).body).xpath("//@id"))
        assert {href.partition("#")[2] for href in wanted if href.startswith(report)} <= ids
