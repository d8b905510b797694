"""From the first page to a number that can be cited, as its reader goes. What is expected was typed from samples."""

import hashlib
import re
from pathlib import Path

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="the extra [browser] is not installed")
expect = sync_api.expect

PAGE_2020 = Path(__file__).parents[4] / "corpus" / "samples" / "pingtan-2020" / "page.html"
SHA256_2020 = hashlib.sha256(PAGE_2020.read_bytes()).hexdigest()
REPORT_2020 = f"/report/{SHA256_2020[:16]}"
PINGTAN = "平潭综合实验区管委会"
NO_SCRIPTS = {"java_script_enabled": False}
# 一、本年新收政府信息公开申请数量 × 总计: the fourth row of the second table, after three columns of labels and six of
# applicants; and 全区各公开单位一年公布信息2602条, the seventh block of the page.
RECEIVED, PUBLISHED = "c-1-3-9", "b-6-13-18"

MARK = """([anchor, chosen]) => {
  const frame = document.querySelector("iframe");
  const paper = frame?.contentDocument;
  const mark = paper?.getElementById(anchor);
  if (!mark) return null;
  const box = mark.getBoundingClientRect();
  return {
    text: mark.textContent.trim(),
    seen: box.top >= 0 && box.bottom <= frame.clientHeight && box.left >= 0 && box.right <= frame.clientWidth,
    scrolled: paper.scrollingElement.scrollTop,
    outlined: getComputedStyle(mark).outlineStyle !== "none",
    target: mark.matches(":target"),
  };
}"""


def marked(page, anchor):
    """What the archived page shows at a place, once it stands in the part that is seen."""
    page.wait_for_function(f"(asked) => ({MARK})(asked)?.seen", arg=[anchor, True])
    return page.evaluate(MARK, [anchor, True])


def go_to_the_number_of_2020(page):
    page.get_by_role("link", name=PINGTAN, exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(PINGTAN)
    page.locator("table.each-year tr", has=page.get_by_role("rowheader", name="2020")).locator(".received a").click()
    page.wait_for_url(f"**{REPORT_2020}*#{RECEIVED}")


def test_requests_of_each_year_and_the_cell_that_says_so(show, served):
    page = show(served)
    page.get_by_role("searchbox", name=re.compile("Find an agency")).fill("平潭")
    page.get_by_role("link", name=PINGTAN, exact=True).first.click()
    lines = page.locator("table.each-year tbody tr")
    expect(lines).to_have_count(6)  # one of them says that no page of 2022 is known
    told = [line.split()[:2] for line in lines.all_inner_texts()]
    assert [(year, number) for year, number in told if number.isdecimal()] == [
        ("2018", "0"),
        ("2019", "23"),
        ("2020", "21"),
        ("2021", "70"),
        ("2023", "81"),
    ]
    lines.filter(has=page.get_by_role("rowheader", name="2020")).locator(".received a").click()
    page.wait_for_url(f"**{REPORT_2020}*#{RECEIVED}")
    mark = marked(page, RECEIVED)
    assert (mark["text"], mark["target"], mark["outlined"]) == ("21", True, True)
    assert mark["scrolled"] > 0
    assert "21" in page.locator(f"#{RECEIVED}").inner_text()


def test_a_number_is_cited_with_its_place_and_the_digest_of_its_page(show, served):
    page = show(f"{served}{REPORT_2020}#{RECEIVED}")
    page.locator(f"tr:has(#{RECEIVED}) a.cite").click()
    cited = page.get_by_role("dialog").locator("#citation-zh")
    place = "表1，行3，列9，均自0起计：一、本年新收政府信息公开申请数量 × 总计；原文为“21”"
    for words in (PINGTAN, "2020年度报告", "收到申请数", "21件", place, SHA256_2020):
        expect(cited).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_place_chosen_in_the_page_shows_its_number_in_the_list(show, served):
    page = show(f"{served}{REPORT_2020}")
    # 二、上年结转政府信息公开申请数量 × 总计, one row below
    page.frame_locator("iframe").locator("#c-1-4-9").click()
    expect(page.locator("#c-1-4-9")).to_be_in_viewport()
    expect(page.locator("#c-1-4-9")).to_have_class(re.compile("chosen"))
    expect(page).to_have_url(re.compile("#c-1-4-9$"))


def test_which_year_does_not_add_up_and_both_places(show, served):
    page = show(served)
    page.get_by_role("navigation", name=re.compile("Pages")).get_by_text("What does not add up").click()
    checks = page.locator("article.check", has_text=PINGTAN)

    def check(year, left, right):
        return checks.filter(has_text=str(year)).filter(has=page.locator(".balance", has_text=f"{left} ≠ {right}"))

    expect(check(2019, 2533, 2599)).to_have_count(1)
    expect(check(2020, 27, 21)).to_have_count(1)
    expect(check(2020, 2603, 2602)).to_have_count(1)
    results = check(2020, 27, 21).locator("dl.places")
    # 三、本年度办理结果 adds up to 27 where （七）总计 prints 21; the first of its parts is 7 （一）予以公开
    results.get_by_role("link").filter(has_text="办理结果总计").click()
    assert marked(page, "c-1-24-9")["text"] == "21"
    page.go_back()
    results.get_by_role("link").filter(has_text="予以公开").first.click()
    assert marked(page, "c-1-5-9")["text"] == "7"
    page.go_back()
    check(2020, 2603, 2602).locator("dl.places").get_by_role("link").filter(has_text="2602").click()
    assert "2602" in marked(page, PUBLISHED)["text"]


def test_search_for_a_word_of_two_characters(show, served):
    page = show(served)
    box = page.get_by_role("banner").get_by_role("searchbox")
    box.fill("复议")
    box.press("Enter")
    hits = page.locator("section.hits.section li")
    expect(hits.first).to_be_visible()
    assert all("复议" in text for text in hits.all_inner_texts())
    assert "复议" in page.locator("mark").all_inner_texts()
    hits.first.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/report/[0-9a-f]{16}#"))
    box = page.get_by_role("banner").get_by_role("searchbox")
    box.fill("月球基地")
    box.press("Enter")
    expect(page.locator("main")).to_contain_text("月球基地")
    expect(page.locator(".hits")).to_have_count(0)


def test_two_years_and_one_year(show, served):
    page = show(served)
    page.get_by_role("link", name=PINGTAN, exact=True).first.click()
    page.get_by_role("link", name="2019 → 2020").click()
    received = page.get_by_role("row").filter(has_text="Requests received").first
    expect(received).to_contain_text("23")
    expect(received).to_contain_text("21")
    page.locator(f"main a[href$='{REPORT_2020}#{RECEIVED}']").first.click()
    assert marked(page, RECEIVED)["text"] == "21"
    page.goto(f"{served}/year/2020/every/1")
    expect(page.get_by_role("row").filter(has_text=PINGTAN)).to_contain_text("21")


def test_the_language_that_was_chosen_stays(show, served):
    page = show(served)
    heading = page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text(re.compile("[一-鿿]"), use_inner_text=True)
    page.get_by_role("button", name="中文").click()
    expect(heading).to_have_text(re.compile("^[^A-Za-z]*[一-鿿]+[^A-Za-z]*$"), use_inner_text=True)
    page.goto(f"{served}/about")
    expect(page.get_by_role("button", name="中文")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("[一-鿿]"), use_inner_text=True)
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_keys_alone_reach_a_number_and_mark_it(show, served):
    page = show(f"{served}{REPORT_2020}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate(
            "document.activeElement.matches('.key a.figure') && document.activeElement.innerText.includes('21')"
        ):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    assert marked(page, RECEIVED)["text"] == "21"


def test_without_scripts_a_number_still_leads_to_its_place(show, served):
    page = show(served, **NO_SCRIPTS)
    go_to_the_number_of_2020(page)
    page.locator(f"#{RECEIVED} a.figure").click()
    mark = page.frame(name="archived").locator(f"#{RECEIVED}")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_text("21")
    frame, box = page.locator("iframe").bounding_box(), mark.bounding_box()
    assert frame["y"] <= box["y"] <= frame["y"] + frame["height"]
    expect(mark).to_have_css("outline-style", "solid")
