"""The page of a report: every number once, beside the archived page, with what a reader must know before citing it."""

import re
import sqlite3
from pathlib import Path

import pytest
from lxml import html

from outputs.explorer.addresses import ServerAddresses
from outputs.explorer.kinds import answer
from outputs.explorer.records import Desk, NoPage
from outputs.explorer.shown.listing import listed
from outputs.explorer.shown.numbers import numbers_of
from outputs.explorer.wording import load_words

PINGTAN_2018 = "b7f65610a86d159d"
PINGTAN_2019 = "e920c63cc58fe35f"
PINGTAN_2020 = "518b9c98e6e89756"
PINGTAN_2021 = "ff4a24b46cd5467f"
SHANGHAI_2019 = "f63ae7462f2b9325"
TAX_2013 = "299a1a284a136e13"
DISTRICT_2017 = "b3a780b252b3d8aa"
CUSTOMS_HTML, CUSTOMS_TEXT = "1e9c09c4ae83a3ec", "440279ee1a707869"

HOSTILE = '"><script>alert(1)</script>'


class Empty:
    """A shelf without pages."""

    def page(self, capture_id, places):
        return NoPage("the archive is gone", f"Bring back {capture_id}.")


@pytest.fixture(scope="module")
def page(desk):
    made = {}

    def of(capture_id):
        if capture_id not in made:
            made[capture_id] = html.fromstring(answer(desk, f"report/{capture_id}").body)
        return made[capture_id]

    return of


def copied(desk, capture_id):
    """The rows of one report in a base of their own, which can be written."""
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    for table in ("reports", "sections", "cells", "claims", "facts", "findings", "checks", "indicators", "concordance"):
        found = desk.base.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in found.description]
        rows = [tuple(row) for row in found if "capture_id" not in names or row["capture_id"] == capture_id]
        base.execute(f"CREATE TABLE {table} ({', '.join(f'[{name}]' for name in names)})")
        base.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})", rows)
    return base


def words(element):
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("capture_id", [PINGTAN_2020, PINGTAN_2018, SHANGHAI_2019, TAX_2013, DISTRICT_2017])
def test_every_number_stands_once_and_no_id_twice(desk, page, capture_id):
    ids = page(capture_id).xpath("//@id")
    assert len(ids) == len(set(ids))
    numbers = numbers_of(desk, capture_id)
    assert {each.id for each in numbers} <= set(ids)
    (facts, cells, claims) = (
        desk.row(f"SELECT count(*) FROM {table} WHERE capture_id = ?", capture_id)[0]
        for table in ("facts", "cells", "claims")
    )
    assert sum(each.fact is not None for each in numbers) == facts
    assert len({each.id for each in numbers if each.cell is not None}) == cells
    assert len({each.id for each in numbers if each.claim is not None}) == claims


def test_the_first_number_of_the_page_is_that_of_requests(page):
    first = page(PINGTAN_2020).xpath("//a[@class='figure']")[0]
    assert words(first) == "21 件"
    assert first.get("href") == f"/archived/{PINGTAN_2020}#c-1-3-9" or "/cite/" in first.get("href")
    assert words(first.xpath("ancestor::li[1]")[0]).startswith("Requests received in the year")


def test_columns_are_kinds_of_applicant_the_total_first(page):
    row = page(PINGTAN_2020).get_element_by_id("c-1-3-9").getparent()
    assert [words(cell) for cell in row.xpath("td[contains(@class,'number')]")] == ["21", "20", "0", "0", "0", "0", "1"]
    assert [cell.get("id") for cell in row.xpath("td[@id]")][:2] == ["c-1-3-9", "c-1-3-3"]


def test_the_years_so_far_have_a_column(page):
    row = page(PINGTAN_2018).get_element_by_id("c-0-1-2").getparent()
    assert [words(cell) for cell in row.xpath("td[contains(@class,'number')]")] == ["2069", "12106"]


def test_a_blank_is_told_in_words_and_not_as_zero(page):
    assert words(page(SHANGHAI_2019).get_element_by_id("c-1-5-5")) == "blank on the page 页面空白"


def test_an_amount_is_shown_with_what_is_printed(page):
    cell = page(PINGTAN_2021).get_element_by_id("c-0-13-1")
    assert "242523110.82" in words(cell)
    assert "printed 24252.311082 万元" in words(cell)


def test_a_sum_links_to_its_parts(page):
    cell = page(PINGTAN_2020).get_element_by_id("f-unable_to_provide_total-total-annual")
    assert words(cell) == "7"
    assert cell.find("a").get("data-places") == "c-1-15-9 c-1-16-9 c-1-17-9"


def test_what_does_not_add_up_stands_before_the_facts_and_at_its_numbers(page):
    made = page(PINGTAN_2020)
    checks = made.xpath("//article[contains(@class,'check')]")
    assert [check.get("class").split()[-1] for check in checks] == ["fail"] * 3
    places = {link.get("href") for link in checks[0].xpath(".//a[@class='place']")}
    assert f"/report/{PINGTAN_2020}#c-1-24-3" in places  # 办理结果总计, 自然人: 20
    sign = made.get_element_by_id("c-1-24-3").xpath("a[contains(@class,'sign')]")[0]
    assert sign.get("href").removeprefix("#") in made.xpath("//article/@id")
    assert not made.get_element_by_id("c-1-7-3").xpath("a[contains(@class,'sign')]")  # a zero among the parts


def test_findings_say_what_they_mean_and_where(page):
    (finding,) = page(SHANGHAI_2019).xpath("//ul[@class='findings']/li")
    assert "A sentence gives a total that is less than what the table prints of its parts" in words(finding)
    links = finding.xpath(".//a/@href")
    assert links[:2] == ["#b-17-110-114", "#c-1-15-3"]
    assert words(finding.xpath(".//a")[0]) == "265件"


def test_every_finding_has_words():
    guide = (Path(__file__).parents[3] / "docs" / "how-it-reads.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", guide[guide.index("## Findings") :], re.MULTILINE)
    told = {key: words.en for key, words in load_words().items() if key.startswith("finding.")}
    assert told == {
        name: text.replace("`", "")
        for code, meaning, do in rows
        for name, text in ((f"finding.{code}", meaning), (f"finding.{code}.do", do))
    }


def test_a_report_in_prose_has_its_sentences(page):
    made = page(TAX_2013)
    assert words(made.xpath("//section[@class='key']//li")[0]).startswith(
        "Requests received in the year 收到申请数 9 件"
    )
    assert not made.xpath("//a[@class='figure'][.='']")
    (link,) = [each for each in made.xpath("//p[@class='sentence']/a") if each.text == "5.6万人次"]
    assert link.get("id") == link.get("data-number")


def test_years_beside_it_and_other_captures(page):
    years = page(PINGTAN_2020).xpath("//dd[@class='years']//a/@href")
    assert years[0] == f"/report/{PINGTAN_2019}"
    assert years[2] == f"/report/{PINGTAN_2021}"
    assert years[3].startswith("/compare/")
    assert years[3].endswith("/2020-2021-area")
    assert f"/report/{CUSTOMS_TEXT}" in page(CUSTOMS_HTML).xpath("//dd/ul/li/a/@href")
    assert "There is a later capture" in words(page(CUSTOMS_HTML).xpath("//header/dl")[0])


def test_the_frame_runs_nothing(page):
    for frame in page(PINGTAN_2020).xpath("//iframe"):
        assert frame.get("sandbox") == "allow-same-origin"
        assert frame.get("src") == f"/archived/{PINGTAN_2020}"


def test_nothing_of_a_page_can_become_markup_or_an_address(desk):
    base = copied(desk, TAX_2013)
    base.execute("UPDATE reports SET title = ?, agency = ?, source_uri = 'javascript:alert(1)'", (HOSTILE, HOSTILE))
    base.execute("UPDATE sections SET title = ?, text = ?", (HOSTILE, HOSTILE))
    base.execute("UPDATE claims SET sentence = raw || ?, subject = ?", (HOSTILE, HOSTILE))
    base.execute('UPDATE findings SET detail = ?, "where" = ?', (HOSTILE, HOSTILE))
    hostile = Desk(desk.folder, base, Empty(), ServerAddresses())
    for path in (f"report/{TAX_2013}", f"cite/{TAX_2013}"):
        body = answer(hostile, path).body
        assert "&lt;script&gt;" in body
        assert "<script>" not in body
        assert 'href="javascript:' not in body


def test_without_the_archived_page_the_facts_remain(desk):
    made = html.fromstring(answer(Desk(desk.folder, desk.base, Empty(), desk.addresses), f"report/{TAX_2013}").body)
    assert not made.xpath("//iframe")
    assert "the archive is gone" in words(made.xpath("//div[@class='nopage']")[0])
    assert f"begins with {TAX_2013}" in words(made.xpath("//details[@class='source']")[0])
    links = made.xpath("//a[@class='figure']/@href")
    assert links
    assert all(link.startswith(f"/cite/{TAX_2013}#") for link in links)


def test_sections_stand_as_printed_and_numbers_of_a_sentence_in_it(desk):
    parts = listed(desk, PINGTAN_2020, numbers_of(desk, PINGTAN_2020))
    assert [part.heading for part in parts if not part.depth] == [
        "一、总体情况",
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
        "五、存在的主要问题及改进情况",
        "六、其他需要报告的事项",
    ]
    (sentence,) = parts[0].sentences
    assert [text for text, number in sentence.pieces if number][:3] == ["2602条", "82条", "80条"]
    assert "".join(text for text, _ in sentence.pieces) == sentence.numbers[0].claim["sentence"]


def test_a_site_has_files(site_desk):
    body = answer(site_desk, f"report/{TAX_2013}").body
    assert f'href="cite/{TAX_2013}.html' in body


def test_a_report_that_is_not_there_is_said_to_be_not_there(desk):
    assert answer(desk, "report/0123456789abcdef").status == 404
