"""Sections that two agencies have in common, and texts that came back; never boilerplate."""

from decimal import Decimal

import numpy as np
import pytest
from text_reports import report, rows_of, write_reports

from outputs import copies as module
from outputs.copies import NEAR_COPIES
from outputs.derive import derive
from outputs.schema import table
from outputs.shingles import Boilerplate, hashes, slots_of

# 95 characters without marks: 88 shingles
OWN = (
    "落实逐级审签制度，谁提供内容谁核实、谁签发谁负责。对存量文件做了一次全面清理，修正格式、补齐附件、更新效力状态。"
    "完善网站的检索、问答和推送功能，把政策文件、办事指南和咨询电话放在同一页面，整顿账号，注销2个、新设1个。"
)
OTHER = (
    "坚持天天看、月月评，全年印发季度通报3次、月度通报7次，对反复出错的单位约谈负责人，整改结果作为年终评价的依据。"
    "培训以案例为主，检查以抽查为主，考核结果在全区通报，作为评先评优的参考，对更新不及时的单位发函提醒。"
)
COLUMNS = (
    "capture_id",
    "section_no",
    "other_capture_id",
    "other_section_no",
    "similarity",
    "shared_share",
    "same_agency",
)


def write(folder, *reports, columns=COLUMNS):
    derive(folder, write_reports(folder, *reports), steps=[NEAR_COPIES])
    return rows_of(folder, "near_copies", *columns)


def one(capture_id, agency, year, *texts, **more):
    return report(capture_id, agency, year, *((1, "一、", "概述", "overview", text) for text in texts), **more)


def test_a_copy_with_other_figures_stands_beside_its_source(tmp_path):
    copied = OWN.replace("注销2个、新设1个", "注销15个、新设3个")
    rows = write(
        tmp_path,
        one("a1", "甲局", 2021, "无。", OWN),
        one("a2", "乙局", 2022, copied),
        one("a3", "丙局", 2022, OTHER),
        columns=(),
    )
    n = len(hashes(OWN))
    assert n == 88
    assert rows == [
        (
            "a2",
            0,
            "a1",
            1,
            Decimal(1),
            Decimal(1),
            Decimal(1),
            n,
            False,
            "乙局",
            "甲局",
            2022,
            2021,
            "overview",
            "overview",
        )
    ]


def test_likeness_is_the_share_of_true_shingles(tmp_path):
    longer = OWN + "选择若干答复书评查一次，评查意见反馈承办单位。"
    rows = write(tmp_path, one("a1", "甲局", 2021, OWN), one("a2", "乙局", 2022, longer))
    # all 88 shingles of the shorter text, and one more for each of the 21 characters that follow: 88 / 109
    assert rows == [("a2", 0, "a1", 0, Decimal("0.8073"), Decimal("0.8073"), False)]


def test_what_is_half_alike_is_found_and_what_is_less_is_not(tmp_path):
    half = OWN[: len(OWN) // 3] + OTHER[len(OTHER) // 3 :]
    assert write(tmp_path, one("a1", "甲局", 2021, OWN), one("a2", "乙局", 2021, half)) == []


def test_boilerplate_alone_is_no_copy_and_hides_none(tmp_path):
    # twelve agencies print the same law; two of them also the same text of their own
    law = [one(f"b{no:02}", f"{no:02}局", 2021, OTHER) for no in range(10)]
    mixed = [one("c1", "甲局", 2021, OTHER + OWN), one("c2", "乙局", 2022, OTHER + OWN)]
    rows = write(tmp_path, *law, *mixed)
    assert rows == [("c2", 0, "c1", 0, Decimal(1), Decimal(1), False)]


def test_a_text_of_ten_agencies_is_still_a_copy(tmp_path):
    rows = write(tmp_path, *(one(f"b{no}", f"{no}局", 2021, OWN) for no in range(10)))
    # each beside the first, which stands for all
    assert [row[:3] for row in rows] == [(f"b{no}", 0, "b0") for no in range(1, 10)]


def test_a_text_that_an_agency_keeps_is_one_text(tmp_path):
    rows = write(
        tmp_path,
        one("a1", "甲局", 2019, OWN),
        one("a2", "甲局", 2020, OWN),
        one("a3", "甲局", 2021, OWN + "选择若干答复书评查一次。"),
        one("a4", "乙局", 2020, OWN),
    )
    # a3 is near to a1 and a4, but a1 was printed until 2020: what a3 took over is a change of the text
    assert rows == [("a4", 0, "a1", 0, Decimal(1), Decimal(1), False)]


def test_a_text_that_came_back_is_told(tmp_path):
    rows = write(
        tmp_path,
        one("a1", "甲局", 2014, OWN),
        one("a2", "甲局", 2015, OTHER),
        one("a3", "甲局", 2016, OWN + "选择若干答复书评查一次。"),
        one("a4", "甲局", 2017, OWN),
    )
    # a4 is like a3 of the year before, and so no return
    assert [row[:4] + row[6:] for row in rows] == [("a3", 0, "a1", 0, True)]


def test_short_sections_and_reports_that_are_not_current_are_left_out(tmp_path):
    short = OWN[:50]
    rows = write(
        tmp_path,
        one("a1", "甲局", 2021, short, OWN),
        one("a2", "乙局", 2021, short),
        one("a3", "丙局", 2021, OWN, current=False),
        one("a4", "丁局", 2021, OTHER, OTHER),
    )
    assert rows == []


def test_reports_without_agency_or_year_are_bodies_of_their_own(tmp_path):
    rows = write(tmp_path, one("a1", None, None, OWN), one("a2", None, None, OWN))
    assert rows == [("a2", 0, "a1", 0, Decimal(1), Decimal(1), False)]


def test_shingles_mask_figures_and_leave_marks_out():
    assert len(hashes("收到申请5件，办结5件")) == 3  # 收到申请#件办结#件 has ten characters
    assert np.array_equal(hashes("收到申请5件，办结5件。"), hashes("收到申请1,234件 办结67件"))
    assert len(hashes("收到申请")) == 0
    assert len(hashes("公开公开公开公开公开")) == 2  # each once


@pytest.mark.parametrize(("n_agencies", "n_left"), [(10, 3), (11, 0)])
def test_boilerplate_is_counted_in_agencies(n_agencies, n_left):
    boilerplate = Boilerplate()
    text = hashes("收到申请5件，办结5件")
    for _ in range(n_agencies):
        boilerplate.add(slots_of(np.concatenate([text, text])))
    assert len(boilerplate.without(text)) == n_left


def test_what_half_of_two_agencies_have_is_no_boilerplate():
    boilerplate = Boilerplate()
    for _ in range(11):
        boilerplate.add(slots_of(hashes("收到申请5件，办结5件")))
    for _ in range(209):
        boilerplate.add(slots_of(hashes("没有收到复议申请，也没有诉讼")))
    # 11 of 220 agencies are 5 %, not more
    assert len(boilerplate.without(hashes("收到申请5件，办结5件"))) == 3


def test_the_stated_limits_are_those_of_the_code():
    said = table("near_copies").description
    assert "more than ten agencies and of more than 5 % of all" in said
    assert (module.NEAR, module.BANDS, module.ROWS) == (0.5, 32, 4)
    found = [1 - (1 - share**module.ROWS) ** module.BANDS for share in (0.5, 0.6)]
    assert [round(share, 2) for share in found] == [0.87, 0.99]
    assert "0.5 are found with a probability of 0.87, of 0.6 with 0.99" in said
