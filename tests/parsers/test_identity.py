import time

import pytest

from parsers.dates import arabic, date_in, period_in, years_in
from parsers.identity import HeadMatter, identify
from parsers.titles import read_title


def head(
    *lead,
    html_title="",
    metas=(),
    body=(),
    table_years=(),
    source_uri="",
    agency="",
    year=None,
):
    """Head matter; a lead line that begins with # is set as a heading."""
    lines = tuple((line.removeprefix("#"), line.startswith("#")) for line in lead)
    return HeadMatter(html_title, tuple(metas), lines, tuple(body), tuple(table_years), source_uri, agency, year)


def codes(identity):
    return [finding.code for finding in identity.findings]


@pytest.mark.parametrize(
    ("line", "agency", "years", "remark"),
    [
        ("海关总署2010年海关信息公开工作年度报告", "海关总署", (2010,), ""),
        ("2019年上海市人民政府办公厅政府信息公开工作年度报告", "上海市人民政府办公厅", (2019,), ""),
        ("平潭综合实验区2012年政府信息公开工作年度报告", "平潭综合实验区", (2012,), ""),
        ("平潭综合实验区管委会2014年度政府信息公开工作年度报告", "平潭综合实验区管委会", (2014,), ""),
        ("洪泽区人民政府2023年政府信息公开工作年度报告", "洪泽区人民政府", (2023,), ""),
        ("洪泽区人民政府信息公开工作2019年度报告", "洪泽区人民政府", (2019,), ""),
        ("2019年洪泽区人民政府信息公开工作年度报告", "洪泽区人民政府", (2019,), ""),
        ("2015年青岛市政府信息公开工作年度报告", "青岛市", (2015,), ""),
        ("《淮安市洪泽区二〇一三年政府信息公开年报》", "淮安市洪泽区", (2013,), ""),
        ("沛县二○○八年政府信息公开工作年度报告", "沛县", (2008,), ""),
        ("淮安市住房和城乡建设局关于2016年度政府信息公开工作情况的报告", "淮安市住房和城乡建设局", (2016,), ""),
        ("关于2012年度政府信息公开工作情况的报告", "", (2012,), ""),
        ("２０１９年度政府信息公开工作年度报告（本级机关）", "", (2019,), "(本级机关)"),
        ("淮安市教育局政府信息公开年度报告（2019年度）", "淮安市教育局", (2019,), ""),
        ("江苏省2019年教育厅政府信息公开工作年度报告", "江苏省教育厅", (2019,), ""),
        ("廈門市教育局2021年政府資訊公開工作年度報告", "廈門市教育局", (2021,), ""),
        ("淮安市政务公开工作年度报告", "淮安市", (), ""),
        ("淮安市 2020 年政府信息公开工作年度报告", "淮安市", (2020,), ""),
        ("2019—2020年政府信息公开年报", "", (), ""),
        ("政府信息公开年报", "", (), ""),
    ],
)
def test_a_title_is_taken_apart(line, agency, years, remark):
    title = read_title(line)
    assert (title.agency, title.years, title.remark) == (agency, years, remark)


@pytest.mark.parametrize(
    "line",
    [
        "关于做好2019年政府信息公开工作年度报告编制和发布工作的通知",
        "青岛市发布2018年政府信息公开工作年度报告",
        "洪泽区人民政府信息公开指南",
        "当前位置：首页政府信息公开年报",
        "2019年政府信息公开工作年度报告解读",
        "2019年法治政府建设年度报告",
        "",
    ],
)
def test_what_only_looks_like_a_title_is_none(line):
    assert read_title(line) is None


@pytest.mark.parametrize(
    ("text", "start", "end", "year"),
    [
        ("本报告所列数据的统计期限自2012年1月1日起至2012年12月31日。", "2012-01-01", "2012-12-31", 2012),
        ("本年度报告中所列数据统计期限从2019年1月1日到12月31日止。", "2019-01-01", "2019-12-31", 2019),
        ("统计期限：二○一三年一月一日至十二月三十一日", "2013-01-01", "2013-12-31", 2013),
        ("统计期限自2018年1月1 日起，至2018年12月31日止", "2018-01-01", "2018-12-31", 2018),
        ("统计时段为2010年1月至12月", "2010-01-01", "2010-12-31", 2010),
        ("数据统计期限2012.1.1-2012.12.31", "2012-01-01", "2012-12-31", 2012),
        ("本报告数据自2008年5月1日至2008年12月31日", "2008-05-01", "2008-12-31", 2008),
        ("统计期限自2012年12月1日至2013年11月30日", "2012-12-01", "2013-11-30", None),
        ("统计期限自2018年1月1日起至2018年13月31日止", "2018-01-01", "", 2018),
        ("统计期限自201011日起20101231止", "", "", 2010),
        ("统计期限自201011日起20111231止", "", "", None),
        ("本报告所列数据的统计期限自至。", "", "", None),
        ("据统计，2020年1月1日至6月30日办件3件", "", "", None),
        ("2020年1月1日至12月31日，举办培训3次", "", "", None),
    ],
)
def test_the_period_is_read_and_never_completed(text, start, end, year):
    period = period_in([text])
    assert (period.start, period.end, period.year) == (start, end, year)


def test_dates_and_years():
    assert arabic("二〇一三年十二月三十一日") == "2013年12月31日"
    assert arabic("二Ｏ一三年十月十日") == "2013年10月10日"
    assert date_in("20130225") == ("2013-02-25", "20130225")
    assert date_in("2013年2月30日") == ("", "2013年2月30日")
    assert date_in("无日期") == ("", "")
    assert years_in("2012年度和二〇一三年") == (2012, 2013)
    assert years_in("国办发〔2014〕12号 电话20145555") == (2014,)


def test_title_in_a_heading():
    identity, lines = identify(
        head(
            "首页",
            "政务公开",
            "#淮安市洪泽区人民政府2023年政府信息公开工作年度报告",
            "发布时间：2024-01-20 来源：区政府办",
            "本报告所列数据的统计期限自2023年1月1日起至2023年12月31日。",
        ),
    )
    assert lines == {2}
    assert identity.title == "淮安市洪泽区人民政府2023年政府信息公开工作年度报告"
    assert (identity.agency_id, identity.agency_as_printed) == ("320813-government", "淮安市洪泽区人民政府")
    assert (identity.agency_level, identity.region_code) == ("county", "320813")
    assert (identity.report_year, identity.published_date) == (2023, "2024-01-20")
    assert (identity.period_start, identity.period_end) == ("2023-01-01", "2023-12-31")
    assert identity.findings == ()


def test_title_split_over_lines_and_printed_twice():
    identity, lines = identify(
        head(
            "English",
            "#平潭综合实验区",
            "#2014年度政府信息公开工作年度报告",
            "平潭综合实验区2014年政府信息公开工作年度报告",
            html_title="平潭综合实验区管委会2014年度政府信息公开工作年度报告_门户网站",
        ),
    )
    assert lines == {1, 2, 3}
    assert identity.agency == "平潭综合实验区管委会"
    assert identity.report_year == 2014


def test_title_split_in_its_fixed_words():
    identity, lines = identify(head("#淮安市教育局2020年政府信息公开", "#工作年度报告"))
    assert (identity.agency_id, identity.report_year, lines) == ("320800-education", 2020, {0, 1})


def test_a_site_name_before_a_heading_is_no_part_of_it():
    identity, lines = identify(head("淮安市人民政府", "#2020年政府信息公开工作年度报告", "来源：淮安市教育局"))
    assert (identity.agency_id, lines) == ("320800-education", {1})
    assert codes(identity) == ["agency_from_source"]


@pytest.mark.parametrize(
    "matter",
    [
        head(html_title="淮安市教育局2020年政府信息公开工作年度报告_淮安市人民政府门户网站"),
        head(html_title="政府信息公开年报-淮安市教育局2020年政府信息公开工作年度报告"),
        head(metas=[("articletitle", "淮安市教育局2020年政府信息公开工作年度报告")]),
        head("当前位置：首页 政府信息公开年报 淮安市教育局2020年政府信息公开工作年度报告 来源：办公室"),
    ],
)
def test_title_in_title_tag_meta_or_running_text(matter):
    identity, lines = identify(matter)
    assert (identity.agency_id, identity.report_year, lines) == ("320800-education", 2020, frozenset())


def test_links_to_other_reports_are_no_titles_and_no_conflict():
    identity, lines = identify(
        head(
            "·2018年政府信息公开工作年度报告",
            "·2017年政府信息公开工作年度报告",
            "#淮安市教育局2019年政府信息公开工作年度报告",
        ),
    )
    assert (identity.report_year, lines, identity.findings) == (2019, {2}, ())


def test_a_list_of_reports_has_no_year():
    identity, lines = identify(
        head("#政府信息公开年报", "淮安市2018年政府信息公开工作年度报告", "淮安市2017年政府信息公开工作年度报告"),
    )
    assert (identity.report_year, identity.title, lines) == (None, "政府信息公开年报", {0})


def test_plain_titles_are_told_apart_by_the_period():
    identity, _ = identify(
        head(
            "淮安市教育局2017年政府信息公开工作年度报告",
            "淮安市教育局2018年政府信息公开工作年度报告",
            "统计期限自2018年1月1日至2018年12月31日",
        ),
    )
    assert identity.report_year == 2018


def test_the_title_wins_over_the_period_and_says_so():
    identity, _ = identify(
        head("#淮安市2016年政府信息公开工作年度报告", "统计期限自2015年1月1日起至2015年12月31日"),
    )
    assert identity.report_year == 2016
    finding = identity.findings[0]
    assert (finding.code, finding.where) == ("year_conflict", "title (lead); period")


def test_two_prominent_titles_that_disagree_are_a_finding():
    identity, _ = identify(
        head("#淮安市2016年政府信息公开工作年度报告", html_title="淮安市2017年政府信息公开工作年度报告"),
    )
    assert (identity.report_year, codes(identity)) == (2016, ["year_conflict"])


@pytest.mark.parametrize(
    ("matter", "year", "found"),
    [
        (head("#政府信息公开工作年度报告", "统计期限自2012年1月1日起至2012年12月31日"), 2012, []),
        (head("#政府信息公开工作年度报告", table_years=(2012,)), 2012, []),
        (head("#政府信息公开工作年度报告", "发布时间：2013-02-25"), 2012, ["year_from_publication"]),
        (head("#政府信息公开工作年度报告", table_years=(2012, 2011)), None, []),
        (head("#政府信息公开工作年度报告", source_uri="https://example.gov.cn/2013/02/t1.htm"), None, []),
        (head("新闻", "发布时间：2013-02-25"), None, []),
    ],
)
def test_the_year_without_a_title_year(matter, year, found):
    identity, _ = identify(matter)
    assert identity.report_year == year
    assert [code for code in codes(identity) if code.startswith("year")] == found


def test_a_table_header_that_contradicts_the_title_is_a_finding():
    identity, _ = identify(head("#淮安市2013年政府信息公开工作年度报告", table_years=(2012,)))
    assert (identity.report_year, codes(identity)) == (2013, ["year_conflict"])


def test_a_period_with_lost_characters_still_tells_the_year():
    identity, _ = identify(head("#政府信息公开工作年度报告", "统计期限自201011日起20101231止。来源：海关总署"))
    assert (identity.report_year, identity.period_start, identity.period_end) == (2010, "", "")
    assert "period_unreadable" in codes(identity)


def test_the_manifest_wins_and_its_disagreement_is_told():
    identity, _ = identify(head("#淮安市2016年政府信息公开工作年度报告", agency="淮安市教育局", year=2015))
    assert (identity.report_year, identity.agency_id, identity.agency_as_printed) == (
        2015,
        "320800-education",
        "淮安市",
    )
    assert codes(identity) == ["manifest_disagrees", "manifest_disagrees"]


def test_a_manifest_that_agrees_in_another_spelling_is_no_finding():
    identity, _ = identify(head("#淮安市2016年政府信息公开工作年度报告", agency="江苏省淮安市人民政府", year=2016))
    assert identity.findings == ()


@pytest.mark.parametrize(
    ("matter", "day", "found"),
    [
        (head("x", metas=[("pubdate", "2013-02-25 10:22")]), "2013-02-25", []),
        (head("x", metas=[("publishdate", "20130225")]), "2013-02-25", []),
        (head("来源：办公室　时间：2013-02-25　字体：大 中 小"), "2013-02-25", []),
        (head("[ 发布日期 ]", "2024-01-12"), "2024-01-12", []),
        (head("[发布日期] 2018-03-15 [浏览次数] 221"), "2018-03-15", []),
        (head("發佈日期：2022年1月21日"), "2022-01-21", []),
        (head("#淮安市2016年政府信息公开工作年度报告", "[2017-01-24 09:30] [大 中 小] 阅读 1,377"), "2017-01-24", []),
        (head("#淮安市2016年政府信息公开工作年度报告", "2016-01-01至2016-12-31"), "", []),
        (head("发布时间：2013-13-25"), "", ["impossible_date"]),
        (head("统计时间：2013-02-25"), "", []),
        (
            head("x", body=["一、概述", "淮安市教育局", "二〇一三年一月二十日"]),
            "2013-01-20",
            ["published_from_signature"],
        ),
        (head("发布时间：2013-02-25", body=["二〇一三年一月二十日"]), "2013-02-25", []),
        (head("成文日期：2025-01-20", "发布日期：2025-01-24"), "2025-01-24", []),
        (head("发布日期：2025-01-24", metas=[("pubdate", "2025-01-25")]), "2025-01-25", ["published_conflict"]),
    ],
)
def test_the_day_of_publication(matter, day, found):
    identity, _ = identify(matter)
    assert identity.published_date == day
    kinds = ("impossible_date", "published_conflict", "published_from_signature")
    assert [code for code in codes(identity) if code in kinds] == found


@pytest.mark.parametrize(
    ("matter", "agency_id", "printed", "found"),
    [
        (
            head("#2023年政府信息公开工作年度报告", metas=[("contentsource", "淮安市财政局")]),
            "320800-finance",
            "淮安市财政局",
            ["agency_from_source"],
        ),
        (
            head(
                "#2023年政府信息公开工作年度报告", "来源：办公室", body=["一、总体情况", "淮安市财政局", "2024年1月3日"]
            ),
            "320800-finance",
            "淮安市财政局",
            ["agency_from_signature"],
        ),
        (
            head(
                "#2023年政府信息公开工作年度报告",
                "来源：区政府办",
                html_title="2023年政府信息公开工作年度报告_淮安市洪泽区人民政府门户网站",
            ),
            "320813-government",
            "淮安市洪泽区人民政府",
            ["agency_from_site"],
        ),
        (
            head("当前位置:首页 >> 海关总署政务公开首页>政府信息公开>公开年报", "#2010年政府信息公开工作年度报告"),
            "cn-customs",
            "海关总署",
            ["agency_from_site"],
        ),
        (head("#2023年政府信息公开工作年度报告", "来源：办公室"), "", "", ["agency_unknown"]),
    ],
)
def test_the_agency_where_the_title_names_none(matter, agency_id, printed, found):
    identity, _ = identify(matter)
    assert (identity.agency_id, identity.agency_as_printed) == (agency_id, printed)
    assert [code for code in codes(identity) if code.startswith("agency")] == found


def test_another_body_in_the_source_line_is_told_and_loses():
    identity, _ = identify(head("#平潭综合实验区管委会2014年政府信息公开工作年度报告", "来源：平潭县人民政府"))
    assert (identity.agency, codes(identity)) == ("平潭综合实验区管委会", ["agency_conflict"])


@pytest.mark.parametrize("source", ["办公室", "洪泽区人民政府办公室", "区人民政府", "洪泽区", "本站"])
def test_a_source_that_is_the_body_itself_or_its_desk_is_no_conflict(source):
    identity, _ = identify(head("#淮安市洪泽区人民政府2014年政府信息公开工作年度报告", f"来源：{source}"))
    assert identity.findings == ()


def test_an_ambiguous_county_is_told_unless_the_page_names_its_city():
    title = "#鼓楼区人民政府2020年政府信息公开工作年度报告"
    identity, _ = identify(head(title))
    assert (identity.region_code, codes(identity)) == ("", ["agency_ambiguous"])
    identity, _ = identify(head(title, metas=[("sitename", "南京市鼓楼区人民政府")]))
    assert (identity.agency_id, identity.findings) == ("320106-government", ())
    identity, _ = identify(head(title, "联系地址：福州市鼓楼区津泰路98号，邮编350001"))
    assert (identity.agency_id, identity.findings) == ("350102-government", ())


def test_a_name_that_no_rule_reads_is_kept_and_told():
    identity, _ = identify(head("#某某某2020年政府信息公开工作年度报告"))
    assert (identity.agency, codes(identity)) == ("某某某", ["agency_unregistered"])


@pytest.mark.parametrize(
    ("matter", "scope"),
    [
        (head("#淮安市2019年政府信息公开工作年度报告（本级机关）", "全市各级行政机关主动公开信息3条"), "own"),
        (head("#淮安市教育局2019年政府信息公开工作年度报告", body=["我局主动公开信息3条。"]), "own"),
        (head("#淮安市教育局2019年政府信息公开工作年度报告", body=["主动公开信息3条。"]), "unknown"),
        (head("#淮安市教育局2019年政府信息公开工作年度报告", body=["全市主动公开教育信息3条。"]), "unknown"),
        (head("#洪泽区2019年政府信息公开工作年度报告", body=["2019年，全区共主动公开信息3条。"]), "area"),
        (head("#洪泽区2019年政府信息公开工作年度报告", "汇总洪泽区各有关单位政府信息公开情况编制"), "area"),
        (head("#洪泽区2019年政府信息公开工作年度报告", body=["本机关不掌握相关政府信息3件。"]), "unknown"),
        (
            head(
                "#海关总署2010年海关信息公开工作年度报告",
                "根据海关系统各直属海关单位年度报告编制",
                body=["我署公开3条。"],
            ),
            "system",
        ),
        (head("#淮安市教育局2019年政府信息公开工作年度报告", "我局汇总全市教育系统情况"), "unknown"),
        (head("#洪泽区2019年政府信息公开工作年度报告"), "unknown"),
    ],
)
def test_the_scope_comes_from_the_words_of_the_report(matter, scope):
    assert identify(matter)[0].report_scope == scope


def test_an_empty_page_has_no_identity():
    identity, lines = identify(head())
    assert (identity.title, identity.agency_id, identity.report_year, lines) == ("", "", None, frozenset())


def test_hostile_head_matter_ends_in_time():
    started = time.perf_counter()
    long = "政府信息公开工作年度" * 5000
    identify(
        head(long, "关于" * 2000 + "报告", *["报告"] * 3000, html_title=long, body=["统计期限" + "2012年" * 20000])
    )
    identify(head(" ".join(["淮安市2019年政府信息公开工作年度报告"] * 20000), body=[long] * 50))
    assert time.perf_counter() - started < 20
