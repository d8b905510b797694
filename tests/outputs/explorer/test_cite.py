"""How numbers are cited: word by word, with figures typed from the sample pages."""

import pytest
from lxml import html

from outputs.explorer.kinds import answer
from outputs.explorer.shown.citing import citation
from outputs.explorer.shown.numbers import numbers_of

PINGTAN_2020 = "518b9c98e6e89756"
SHANGHAI_2019 = "f63ae7462f2b9325"
CUSTOMS_2010 = "1e9c09c4ae83a3ec"
TAX_2013 = "299a1a284a136e13"
TITLE = "平潭综合实验区2020年度政府信息公开工作年度报告"
# the digest of the sample's bytes
DIGEST = "518b9c98e6e8975650b98817d031b2f6ac85cbe7c252d682a1ed62b3f2d87416"


def cited(desk, capture_id, number_id, digest=""):
    report = desk.row("SELECT * FROM reports WHERE capture_id = ?", capture_id)
    number = next(each for each in numbers_of(desk, capture_id) if each.id == number_id)
    return citation(report, number, digest)


def test_a_number_of_a_table(desk):
    text = cited(desk, PINGTAN_2020, "c-1-3-9", DIGEST).text
    assert text.en.split("\n")[:4] == [
        f"平潭综合实验区管委会: “{TITLE}” (report for 2020; figures of the whole area).",
        "Requests received in the year (收到申请数; indicator requests_received), all applicants: 21 件.",
        (
            "Table 1, row 3, column 9, counted from 0: 一、本年新收政府信息公开申请数量 × 总计; printed there: “21”; "
            "XPath /html/body/table[3]/tr[3]/td/div/table[2]/tbody[1]/tr[4]/td[8]; number c-1-3-9 of the capture."
        ),
        (
            "Source: https://example.invalid/pingtan/zfxxgk/nb/202103/art_12_80595.html; "
            f"captured 2021-05-19T08:44:12Z; SHA-256 {DIGEST}."
        ),
    ]
    assert text.zh.split("\n")[:4] == [
        f"平潭综合实验区管委会：《{TITLE}》（2020年度报告；口径：本地区）。",
        "收到申请数（指标requests_received），合计：21件。",
        (
            "表1，行3，列9，均自0起计：一、本年新收政府信息公开申请数量 × 总计；原文为“21”；"
            "XPath /html/body/table[3]/tr[3]/td/div/table[2]/tbody[1]/tr[4]/td[8]；编号c-1-3-9。"
        ),
        (
            "来源：https://example.invalid/pingtan/zfxxgk/nb/202103/art_12_80595.html；存档时间：2021-05-19T08:44:12Z；"
            f"SHA-256：{DIGEST}。"
        ),
    ]


def test_the_last_line_says_what_it_was_read_with(desk):
    report = desk.row("SELECT parser_version, forms_version FROM reports WHERE capture_id = ?", PINGTAN_2020)
    versions = cited(desk, PINGTAN_2020, "c-1-3-9").versions
    assert versions.en == f"Read by gongkai: reading {report[0]}, forms {report[1]}, capture {PINGTAN_2020}."


def test_a_number_of_a_sentence(desk):
    made = cited(desk, TAX_2013, number_of(desk, TAX_2013, "requests_received"))
    assert (
        made.number.en
        == "Requests received in the year (收到申请数; indicator requests_received), all applicants: 9 件."
    )
    assert "“9件” in “" in made.place.en
    assert made.place.en.startswith("Block ")
    assert made.source.en.endswith(f"SHA-256 begins with {TAX_2013}.")


def test_a_zero_that_is_said_in_words(desk):
    made = cited(desk, TAX_2013, number_of(desk, TAX_2013, "litigation_total"))
    assert made.number.zh == "行政诉讼数量（指标litigation_total），合计：0件。"
    assert "; zero in words: 未发生; number b-" in made.place.en


def test_a_sum_names_its_parts(desk):
    made = cited(desk, PINGTAN_2020, "f-litigation_total-total-annual")
    assert made.number.en.endswith(": 0 件.")
    assert made.place == (
        (
            "Not printed as it stands: sum of table 2, row 3, columns 9, 14, counted from 0; "
            "number f-litigation_total-total-annual of the capture."
        ),
        "原文未直接载明：表2行3列9、表2行3列14各格之和（表、行、列均自0起计）；编号f-litigation_total-total-annual。",
    )


def test_a_blank_is_no_zero(desk):
    made = cited(desk, SHANGHAI_2019, "c-1-5-5")
    assert made.number.en.endswith(", research institutions: blank on the page.")
    assert made.number.zh.endswith("，科研机构：页面空白。")


def test_a_cell_that_means_nothing_known_is_cited_by_its_labels(desk):
    made = cited(desk, CUSTOMS_2010, "c-1-10-2")
    assert made.number.en == "3.不予公开答复数 × 数量, which means no known indicator: 1 件."
    assert made.number.zh == "3.不予公开答复数 × 数量（无对应指标）：1件。"


def test_an_amount_is_cited_as_it_is_held_and_as_it_is_printed(desk):
    made = cited(desk, "ff4a24b46cd5467f", "c-0-13-1")
    assert made.number.en.endswith(": 242523110.82 元.")
    assert "printed there: “24252.311082 万元”" in made.place.en
    assert "; scaled from 万元" in made.place.en


def test_all_numbers_of_a_report_stand_on_one_page(desk):
    page = html.fromstring(answer(desk, f"cite/{PINGTAN_2020}").body)
    ids = page.xpath("//ol[@class='citations']/li/@id")
    assert len(ids) == len(set(ids)) == len(numbers_of(desk, PINGTAN_2020))
    # a sum stands before its parts
    assert ids.index("f-unable_to_provide_total-total-annual") < ids.index("c-1-15-9")
    first = page.xpath("//li[@id='c-1-3-9']//p[@data-line='number'][@lang='en']")[0].text_content()
    assert first == cited(desk, PINGTAN_2020, "c-1-3-9").number.en
    assert page.xpath("//div[@class='once']/p[@data-line='report'][@lang='en']")


def test_one_number_is_one_text_on_a_server(desk):
    page = html.fromstring(answer(desk, f"cite/{PINGTAN_2020}/c-1-3-9").body)
    digest = getattr(desk.shelf.page(PINGTAN_2020, ()), "sha256", "")
    assert page.get_element_by_id("text-zh").text == cited(desk, PINGTAN_2020, "c-1-3-9", digest).text.zh


@pytest.mark.parametrize("path", [f"cite/{PINGTAN_2020}/c-9-9-9", "cite/0123456789abcdef"])
def test_what_is_not_there_is_said(desk, path):
    assert answer(desk, path).status == 404


def number_of(desk, capture_id, indicator):
    return next(each.id for each in numbers_of(desk, capture_id) if each.indicator == indicator and each.fact)
