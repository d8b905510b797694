"""Telling terms of a section, and which came and went."""

from decimal import Decimal

import pytest
from text_reports import report, rows_of, write_reports

from outputs import terms as module
from outputs.derive import derive
from outputs.schema import table
from outputs.telling import own_places, terms
from outputs.terms import TERMS, count_terms


def write(folder, *reports):
    derive(folder, write_reports(folder, *reports), steps=[TERMS])


def one(capture_id, agency, year, text, **more):
    return report(capture_id, agency, year, (1, "一、", "概述", "overview", text), **more)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021年我区进一步加强政务新媒体管理", ["政务新媒体", "管理"]),
        ("二〇一三年三月二十五日，依据第三十二条收到三件", []),
        ("福建省、上海市与厦门市来电", ["来电"]),
        ("優化營商環境，開通APP和app", ["营商环境", "app", "app"]),
        ("洪泽与淮安的湖", []),
    ],
)
def test_what_is_a_term(text, found):
    assert terms(text, own_places("淮安市洪泽区人民政府")) == found


def test_the_place_of_the_body_is_no_term_and_its_subject_is():
    places = own_places("武汉市自然资源局")
    assert terms("武汉和湖北的自然资源", places) == ["自然资源"]
    assert terms("平潭开放开发", own_places("平潭综合实验区管委会")) == ["开放", "开发"]


def test_a_subsection_counts_with_its_top_section():
    entry = report(
        "a1",
        "某区",
        2021,
        (1, "一、", "总体情况", "overview", "疫情防控。"),
        (2, "（一）", "政务新媒体", "platform", "疫情防控，短视频。"),
        (1, "二、", "数据开放", "", "短视频。"),
        (1, "三、", "人才", "", "招生。"),
    )
    sections = [_Row(row) for row in entry["sections"]]
    assert count_terms(sections, "某区") == {
        "all": {"疫情防控": 2, "政务新媒体": 1, "短视频": 2, "招生": 1},
        "overview": {"疫情防控": 2, "政务新媒体": 1, "短视频": 1},
        "unlisted": {"短视频": 1, "招生": 1},
    }


class _Row:
    def __init__(self, values):
        self.__dict__.update(values)


def test_the_weight_is_that_of_the_description(tmp_path):
    write(
        tmp_path,
        one("a1", "甲区", 2021, "疫情防控，疫情防控，短视频，营商环境。"),
        one("a2", "乙区", 2021, "短视频，营商环境。"),
        one("a3", "丙市", 2021, "营商环境，大数据。", level="prefecture"),
        one("a4", "丙市", 2022, "营商环境。", level="prefecture"),
        one("a5", "丁县", 2021, "疫情防控。", current=False),
    )
    # 营商环境 stands in all reports, 大数据 once in the dataset: neither tells
    # 疫情防控: (1 + ln 2) * ln 4 = 2.3472; 短视频: ln 2 = 0.6931
    whole = [
        ("a1", "疫情防控", 1, 2, Decimal("2.3472"), 2021, "county", 1, 4, 1, 2),
        ("a1", "短视频", 2, 1, Decimal("0.6931"), 2021, "county", 2, 4, 2, 2),
        ("a2", "短视频", 1, 1, Decimal("0.6931"), 2021, "county", 2, 4, 2, 2),
    ]
    found = rows_of(tmp_path, "terms")
    for section in ("all", "overview"):
        assert sorted(row[:1] + row[2:] for row in found if row[1] == section) == sorted(whole)


def test_so_many_terms_are_kept_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TERMS_PER_SECTION", 20)
    words = [
        "疫情防控",
        "短视频",
        "大数据",
        "适老化",
        "无障碍",
        "扶贫",
        "招生",
        "审计",
        "采购",
        "旅客",
        "海关",
        "纳税人",
    ]
    words += ["学校", "医院", "农业", "水利", "气象", "税务所", "地震", "测绘", "图书馆", "档案馆", "体育", "旅游"]
    write(
        tmp_path,
        one("a1", "甲区", 2021, "，".join([*words, *words])),
        one("a2", "乙区", 2021, "营商环境。"),
    )
    found = rows_of(tmp_path, "terms", "section", "place", "term")
    assert sorted(row[1] for row in found if row[0] == "overview") == list(range(1, 21))
    assert sorted(row[1] for row in found if row[0] == "all") == list(range(1, 25))
    # all weigh the same: the longer ones first, then in the order of their characters
    assert {row[2] for row in found if row[1] == 1} == {"疫情防控"}


def test_terms_come_and_go_in_an_agency(tmp_path):
    write(
        tmp_path,
        one("a1", "甲区", 2019, "扶贫，扶贫，政务公开栏，招生，招生，招生，审计。"),
        one("a2", "甲区", 2020, "疫情防控，疫情防控，审计，审计，审计，审计，短视频，招生。"),
        one("a3", "乙区", 2020, "疫情防控，旅客。"),
        *(one(f"b{no}", f"{no}局", 2016, "旅客。") for no in range(4)),
    )
    found = rows_of(tmp_path, "term_changes")
    assert found == [
        (
            "甲区",
            "own",
            2020,
            "审计",
            "rising",
            1,
            4,
            Decimal("142.86"),
            Decimal(500),
            "county",
            1,
            1,
            1,
            2,
            "a1",
            "a2",
        ),
        (
            "甲区",
            "own",
            2020,
            "扶贫",
            "vanished",
            2,
            0,
            Decimal("285.71"),
            Decimal(0),
            "county",
            1,
            1,
            0,
            2,
            "a1",
            "a2",
        ),
        ("甲区", "own", 2020, "疫情防控", "new", 0, 2, Decimal(0), Decimal(250), "county", 0, 1, 2, 2, "a1", "a2"),
    ]


def test_a_trend_counts_agencies_with_both_years(tmp_path):
    pairs = [
        entry
        for no in range(4)
        for entry in (
            one(f"a{no}", f"{no}区", 2019, "扶贫，短视频。" if no else "扶贫。"),
            one(f"b{no}", f"{no}区", 2020, "疫情防控。" if no else "短视频。", level="county"),
        )
    ]
    newcomers = [one(f"c{no}", f"{no}县", 2020, "大数据。") for no in range(5)]
    write(tmp_path, *pairs, *newcomers)
    of_a_level = [
        (2020, "扶贫", "vanished", 4, 0, 4),
        (2020, "疫情防控", "new", 0, 3, 4),
    ]
    found = rows_of(tmp_path, "term_trends")
    assert found == [(level, *row) for level in ("all", "county") for row in of_a_level]


def test_a_single_report_tells_nothing(tmp_path):
    write(tmp_path, one("a1", "甲区", 2019, "扶贫，扶贫。"))
    assert [rows_of(tmp_path, name) for name in ("terms", "term_changes", "term_trends")] == [[], [], []]


def test_the_stated_limits_are_those_of_the_code():
    assert "the 20 terms with the largest weight, 40 of the whole" in table("terms").description
    assert (module.TERMS_PER_SECTION, module.COMMON_SHARE) == (20, 0.5)
    assert (module.CHANGED_COUNT, module.RISING_COUNT, module.RISING_RATIO) == (2, 3, 2)
    assert (module.TREND_REPORTS, module.TREND_SHARE) == (3, 0.05)
