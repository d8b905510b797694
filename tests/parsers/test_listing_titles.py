"""Items of lists as sites print them: which are reports, of whom, of which year, published when."""

import pytest

import parsers

COLUMN = "政府信息公开年报"


def listed(body, column=COLUMN, site="清河县人民政府"):
    head = f"<html><head><meta charset=utf-8><title>{column}_{site}</title></head><body><h2>{column}</h2>"
    report = parsers.parse(
        f"{head}{body}</body></html>".encode(), listing=True, source_uri="http://www.qinghe.gov.cn/nb/"
    )
    return [(one.title, one.agency, one.report_year, one.published_date) for one in report.listed]


def item(words, beside="", **attributes):
    shown = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<ul><li><a href="1.htm"{shown}>{words}</a>{beside}</li></ul>'


TITLE = "清河县统计局2021年政府信息公开工作年度报告"
BUREAU = "邢台市清河县统计局"
COUNTY = "邢台市清河县人民政府"


@pytest.mark.parametrize(
    "words",
    [
        *(
            TITLE,
            f"· {TITLE}",
            f"•{TITLE}",
            f"1. {TITLE}",
            f"12、{TITLE}",
            f"（3）{TITLE}",
            f"【年报】{TITLE}",
            f"[公开] {TITLE}",
        ),
        *(
            f"{TITLE}.pdf",
            f"{TITLE}(PDF)",
            f"{TITLE} NEW",
            f"{TITLE} new!",
            f"{TITLE}（点击下载）",
            f"  {TITLE}\n",
            f"★{TITLE}.docx",
        ),
    ],
)
def test_marks_around_a_title_are_none_of_it(words):
    assert listed(item(words)) == [(TITLE, BUREAU, 2021, "")]


@pytest.mark.parametrize(
    "words",
    [
        f"{TITLE} 2022-01-20",
        f"{TITLE}2022-01-20",
        f"<span>{TITLE}</span><i>[2022/1/20]</i>",
        f"[2022-01-20] {TITLE}",
        f"2022年1月20日 {TITLE}",
        f"{TITLE} 2022-01-20 10:20:30",
        f"<b>2022.01.20</b>·{TITLE}",
    ],
)
def test_a_day_beside_a_title_within_its_link(words):
    assert listed(item(words)) == [(TITLE, BUREAU, 2021, "2022-01-20")]


def test_a_day_before_the_year_was_over_is_another_day():
    assert listed(item(f"{TITLE} 2020-01-20")) == [(TITLE, BUREAU, 2021, "")]


@pytest.mark.parametrize(
    ("words", "agency", "year"),
    [
        ("清河县统计局关于2021年政府信息公开工作情况的报告", BUREAU, 2021),
        ("2021年清河县政府信息公开工作年度报告", COUNTY, 2021),
        ("清河县统计局政府信息公开工作年度报告（2021年）", BUREAU, 2021),
        ("清河县统计局政府信息公开工作2021年年度报告", BUREAU, 2021),
        ("清河县统计局政府信息公开年度报告2021", BUREAU, 2021),
        ("2021年度政府信息公开年度报告（清河县统计局）", BUREAU, 2021),
        ("2021年度政府信息公开年度报告（含附表）", COUNTY, 2021),
        ("《清河县2021年政府信息公开工作年度报告》", COUNTY, 2021),
        ("清河縣二○一二年政府資訊公開工作年度報告", COUNTY, 2012),
        ("2017年度政府信息公开工作报告", COUNTY, 2017),
        ("2020年年报", COUNTY, 2020),
    ],
)
def test_ways_to_put_agency_and_year(words, agency, year):
    assert listed(item(words)) == [(words, agency, year, "")]


@pytest.mark.parametrize(
    "words",
    [
        "关于报送2021年政府信息公开工作年度报告的通知",
        "清河县人民政府办公室关于做好2021年度政府信息公开年报编制发布工作的通知",
        "关于发布《清河县2021年政府信息公开工作年度报告》的公告",
        "一图读懂清河县2021年政府信息公开工作年度报告",
        "图解：清河县2021年政府信息公开工作年度报告",
        "视频解读清河县2021年政府信息公开工作年度报告",
        "清河县2021年政府信息公开工作年度报告解读",
        "清河县应急局2021年度政府信息公开工作年度报告发布",
        "清河县2021年政府信息公开工作第三方评估报告",
        "2021年第一季度政府信息公开情况报告",
        "清河县2021年上半年政府信息公开工作报告",
        "清河县2021年法治政府建设年度报告",
        "2021年政府网站年度工作报表",
        "2021年清河县统计局部门决算公开报告",
        "2021-2022年政府信息公开工作年度报告",
        "清河县统计局政府信息公开工作年度报告",
        "政府信息公开年报",
        "更多...",
        "查看",
    ],
)
def test_what_is_no_report_of_one_year(words):
    assert listed(item(words, " 2022-01-20")) == []


@pytest.mark.parametrize("mark", ["...", "…", "……", "..", "‥"])
def test_a_title_cut_short_is_read_from_its_tooltip(mark):
    assert listed(item(TITLE[:16] + mark, title=TITLE)) == [(TITLE, BUREAU, 2021, "")]


@pytest.mark.parametrize("kept", [15, 16, 18, 20])
def test_a_title_cut_short_in_a_column_of_reports(kept):
    assert listed(item(TITLE[:kept] + "...")) == [(TITLE[:kept] + "...", BUREAU, 2021, "")]


@pytest.mark.parametrize(
    ("words", "column", "found"),
    [
        ("清河县统计局2021年政府信息公开工作年度报...", "政府信息公开", True),
        ("清河县统计局2021年政府信息公开工作...", "政府信息公开", False),
        ("清河县统计局2021年政府信息公开指...", COLUMN, False),
        ("清河县统计局2021年政府信...", COLUMN, False),
        ("清河县统计局政府信息公开工作年度...", COLUMN, False),
    ],
)
def test_a_cut_title_that_could_be_another_is_none(words, column, found):
    assert bool(listed(item(words), column)) is found


NAMELESS = "清河县统计局政府信息公开工作年度报告"


def test_the_year_in_another_cell_of_the_row():
    rows = "".join(
        f'<tr><td>{year}</td><td><a href="{number}.htm">{NAMELESS}</a></td><td>{day}</td></tr>'
        for number, (year, day) in enumerate(
            [("2021年", "2022-01-20"), ("2020", "2021-01-21"), ("2019年度", "2018-01-01")]
        )
    )
    assert listed(f"<table>{rows}</table>") == [
        (NAMELESS, BUREAU, 2021, "2022-01-20"),
        (NAMELESS, BUREAU, 2020, "2021-01-21"),
        (NAMELESS, BUREAU, 2019, ""),
    ]


def test_the_year_of_the_whole_list():
    assert listed(item(NAMELESS), "2021年政府信息公开工作年度报告") == [(NAMELESS, BUREAU, 2021, "")]


def test_the_year_of_another_item_is_not_ones_own():
    assert [one[0] for one in listed(item(TITLE) + item(NAMELESS))] == [TITLE]


def test_the_title_in_another_cell_of_the_row():
    rows = (
        f"<tr><td>{TITLE}</td><td>2022-01-20</td><td><a href=1.pdf>点击下载</a></td></tr>"
        f"<tr><td>{NAMELESS}</td><td>2020年</td><td><a href=2.htm>查看全文</a></td></tr>"
        "<tr><td>清河县统计局公开指南</td><td>2020年</td><td><a href=3.htm>查看</a></td></tr>"
    )
    assert listed(f"<table>{rows}</table>") == [(TITLE, BUREAU, 2021, "2022-01-20"), (NAMELESS, BUREAU, 2020, "")]


def test_years_alone_are_reports_only_in_a_column_of_nothing_else():
    years = "".join(f"<li><a href={year}.htm>{year}年</a></li>" for year in (2021, 2020))
    assert listed(f"<ul>{years}</ul>") == [("2021年", COUNTY, 2021, ""), ("2020年", COUNTY, 2020, "")]
    assert listed(f"<ul>{years}</ul>", "政府信息公开指南") == []
    assert [one[0] for one in listed(f"<ul>{years}</ul>{item(TITLE)}")] == [TITLE]


def test_a_page_that_is_no_list_lists_only_when_it_is_asked():
    page = f"<html><head><meta charset=utf-8></head><body>{item(TITLE)}<p>停水通知</p></body></html>".encode()
    assert parsers.parse(page).listed == ()
    asked = parsers.parse(page, listing=True)
    assert (asked.outcome, [one.title for one in asked.listed]) == (parsers.parse(page).outcome, [TITLE])
