"""What became of the sections from one year to the next: copied, rewritten, new, gone."""

from decimal import Decimal

from text_reports import report, rows_of, write_reports

from outputs import textchanges
from outputs.derive import derive
from outputs.schema import table
from outputs.textchanges import TEXT_CHANGES

BASIC = "区管委会办公室、区直各部门、各乡镇对政府信息进行了梳理和编目，{}年主动公开政府信息{}条。"
VIEWS = "{}年政府信息公开专栏访问量达{}人次。"
PLACES = "区档案馆、行政服务中心等场所设有查阅点，备有公开目录和纸质文件，由专人引导查阅，需要复印的当场办理。"
GUIDE = "申请渠道有当面、网上、信函和传真几种，公开指南中列明了受理机构的地址和电话。"


def changes(folder, *reports, columns=()):
    scratch = write_reports(folder, *reports)
    derive(folder, scratch, steps=[TEXT_CHANGES])
    return rows_of(folder, "text_changes", *columns)


def test_a_section_that_was_copied_with_new_figures_is_told_as_that(tmp_path):
    rows = changes(
        tmp_path,
        report(
            "a1",
            "平潭",
            2014,
            (1, "二、", "主动公开情况", "proactive", ""),
            (2, "（一）", "数量", "proactive", BASIC.format(2014, 2543)),
            (2, "（二）", "网站", "proactive", VIEWS.format(2014, 69598)),
        ),
        report(
            "a2",
            "平潭",
            2015,
            (1, "三、", "主动公开的情况", "proactive", ""),
            (2, "（一）", "数量", "proactive", BASIC.format(2015, "2,949")),
            (2, "（二）", "网站", "proactive", VIEWS.format(2015, "13.4万")),
        ),
    )
    before = "（一）数量" + BASIC.format(2014, 2543) + "（二）网站" + VIEWS.format(2014, 69598)
    after = "（一）数量" + BASIC.format(2015, "2,949") + "（二）网站" + VIEWS.format(2015, "13.4万")
    assert rows == [
        (
            "平潭",
            "own",
            2015,
            "proactive",
            2014,
            "主动公开情况",
            "主动公开的情况",
            "copied",
            Decimal(1),
            Decimal(1),
            len(before) + 3,
            len(after) + 3,
            2,  # the two headings
            0,
            2,
            0,
            None,
            None,
            "a1",
            "a2",
        )
    ]


def test_every_section_has_its_status(tmp_path):
    earlier = (
        (1, "一、", "概述", "overview", PLACES),
        (1, "二、", "主动公开", "proactive", BASIC.format(2014, 2543)),
        (1, "三、", "依申请公开", "requests", GUIDE),
        (1, "四、", "复议诉讼", "review_litigation", "没有发生行政复议。"),
        (1, "五、", "收费", "fees", "没有收费。"),
        (1, "六、", "问题", "problems", PLACES + "\n" + GUIDE),
        (1, "七、", "统计表", "appendix", ""),
    )
    later = (
        (1, "一、", "概述", "overview", " " + PLACES + "\n"),
        (1, "二、", "主动公开", "proactive", BASIC.format(2015, 2949)),
        (1, "三、", "依申请公开", "requests", "落实逐级审签制度，谁提供内容谁核实、谁签发谁负责。"),
        (1, "四、", "复议诉讼", "review_litigation", ""),
        (1, "六、", "问题", "problems", GUIDE + "\n" + PLACES + "\n" + "对留言设定回复时限。"),
        (1, "七、", "统计表", "appendix", ""),
        (1, "八、", "其他事项", "other", "无。"),
    )
    columns = ("section", "status", "n_kept", "n_moved", "n_updated", "n_edited", "added", "removed")
    rows = changes(tmp_path, report("b1", "某区", 2014, *earlier), report("b2", "某区", 2015, *later), columns=columns)
    assert rows == [
        ("appendix", "no_text", 0, 0, 0, 0, None, None),
        ("fees", "removed", 0, 0, 0, 0, None, "没有收费。"),
        ("other", "new", 0, 0, 0, 0, "无。", None),
        ("overview", "same", 1, 0, 0, 0, None, None),
        ("proactive", "copied", 0, 0, 1, 0, None, None),
        ("problems", "changed", 1, 1, 0, 0, "对留言设定回复时限。", None),
        ("requests", "rewritten", 0, 0, 0, 0, later[2][4], GUIDE),
        ("review_litigation", "emptied", 0, 0, 0, 0, None, "没有发生行政复议。"),
    ]


def test_titles_join_what_no_list_knows_and_one_subject_is_one_section(tmp_path):
    earlier = (
        (1, "一、", "数据开放的统计数据", "", PLACES),
        (1, "二、", "主动公开", "proactive", GUIDE),
        (1, "三、", "主动公开的形式", "proactive", PLACES),
        (1, "四、", "人员培训", "", GUIDE),
    )
    later = (
        (1, "一、", "数据开放统计数据", "", PLACES),
        (1, "二、", "主动公开", "proactive", GUIDE + "\n" + PLACES),
        (1, "三、", "财政保障", "", GUIDE),
    )
    columns = ("section", "title_before", "title_after", "status")
    rows = changes(tmp_path, report("c1", "某局", 2014, *earlier), report("c2", "某局", 2015, *later), columns=columns)
    assert rows == [
        ("proactive", "主动公开", "主动公开", "same"),
        ("人员培训", "人员培训", None, "removed"),
        ("数据开放统计数据", "数据开放的统计数据", "数据开放统计数据", "same"),
        ("财政保障", None, "财政保障", "new"),
    ]


def test_only_consecutive_years_of_one_agency_and_scope_are_held_together(tmp_path):
    part = (1, "一、", "概述", "overview", PLACES)
    rows = changes(
        tmp_path,
        report("d1", "甲", 2014, part),
        report("d2", "甲", 2016, part),
        report("d3", "甲", 2017, part, scope="area"),
        report("d4", "乙", 2015, part),
        report("d5", "甲", 2015, part, current=False),
        report("d6", None, 2018, part),
        report("d7", None, 2019, part),
    )
    assert rows == []


def test_traditional_characters_are_no_change_of_the_prose(tmp_path):
    rows = changes(
        tmp_path,
        report("e1", "某市", 2013, (1, "一、", "概述", "overview", "全市各級行政機關認真貫徹條例，扎實推進公開。")),
        report("e2", "某市", 2014, (1, "一、", "概述", "overview", "全市各级行政机关认真贯彻条例，扎实推进公开。")),
        columns=("status", "similarity"),
    )
    assert rows == [("copied", Decimal(1))]


def test_texts_that_are_too_long_have_no_similarity_and_a_status_all_the_same(tmp_path, monkeypatch):
    monkeypatch.setattr(textchanges, "MAX_CHARACTERS_SQUARED", 100)
    rows = changes(
        tmp_path,
        report("f1", "某市", 2013, (1, "一、", "概述", "overview", PLACES), (1, "二、", "其他", "other", GUIDE)),
        report(
            "f2", "某市", 2014, (1, "一、", "概述", "overview", PLACES + GUIDE), (1, "二、", "其他", "other", PLACES)
        ),
        columns=("section", "status", "similarity", "copied_share"),
    )
    # 45 of the 79 characters without marks of the later text stand in the earlier one
    assert rows == [("other", "rewritten", None, Decimal(0)), ("overview", "changed", None, Decimal("0.5696"))]


def test_the_stated_limits_are_those_of_the_code():
    described = {column.name: column.description for column in table("text_changes").columns}
    assert "below 0.5 and `copied_share` below 0.25" in described["status"]
    assert "runs of 8 characters" in described["copied_share"]
