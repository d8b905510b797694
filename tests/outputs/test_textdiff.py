"""Differences of two texts: in words for the eye, in paragraphs for the table."""

import doctest
import random
from itertools import pairwise

import pytest

from outputs import prose, textdiff
from outputs.prose import bare, mask
from outputs.textdiff import ParagraphChanges, paragraph_changes, token_diff


def test_the_examples_hold():
    assert doctest.testmod(prose).failed == 0


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("2018年共54条，占76.9％，3.97万条", "#年共#条，占#，#条"),
        ("二○一三年三月二十五日", "#年#月#日"),
        ("公开信息一千二百零八条", "公开信息#条"),
        ("2020，2021两年", "#，#两年"),
        ("一是统一，第三方，第三十二条，第一百二十三条", "一是统一，第三方，第三十二条，第一百二十三条"),
    ],
)
def test_figures_are_masked_and_words_are_not(text, masked):
    assert mask(text) == masked


def test_the_number_of_a_line_is_no_part_of_it():
    assert bare("五、主要问题\n（六）2.5万条\n12.改进") == "主要问题#条改进"


def test_a_figure_that_was_updated_is_one_change():
    assert token_diff("2018年收到申请117件，占66%。", "2019年收到申请1,204件，占7.5%。") == [
        ("delete", "2018"),
        ("insert", "2019"),
        ("equal", "年收到申请"),
        ("delete", "117"),
        ("insert", "1,204"),
        ("equal", "件，占"),
        ("delete", "66%"),
        ("insert", "7.5%"),
        ("equal", "。"),
    ]


def test_lines_that_are_the_same_stay_whole():
    before = "一、概述\n公开信息及时。\n二、问题\n"
    after = "一、概述\n公开信息及时。\n开设查阅点。\n二、问题\n"
    assert token_diff(before, after) == [
        ("equal", "一、概述\n公开信息及时。\n"),
        ("insert", "开设查阅点。\n"),
        ("equal", "二、问题\n"),
    ]


def test_unrelated_sentences_do_not_come_out_in_crumbs():
    before = "落实逐级审签制度，谁提供内容谁核实。"
    after = "完善网站的检索功能，注销账号两个。"
    assert token_diff(before, after) == [
        ("delete", "落实逐级审签制度，谁提供内容谁核实"),
        ("insert", "完善网站的检索功能，注销账号两个"),
        ("equal", "。"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("", "", []),
        ("", "无。", [("insert", "无。")]),
        ("无。", "", [("delete", "无。")]),
        ("无。", "无。", [("equal", "无。")]),
    ],
)
def test_a_text_that_is_not_there(before, after, changes):
    assert token_diff(before, after) == changes


def test_both_texts_can_be_read_off_the_changes():
    words = ["公开", "申请", "，", "。", "\n", "2021年", "五", "办理", " ", "A1", "\r\n"]
    dice = random.Random(5)
    for _ in range(200):
        before, after = ("".join(dice.choices(words, k=dice.randrange(30))) for _ in range(2))
        changes = token_diff(before, after)
        assert "".join(text for kind, text in changes if kind != "insert") == before
        assert "".join(text for kind, text in changes if kind != "delete") == after
        assert all(text for _, text in changes)
        assert all(one[0] != other[0] for one, other in pairwise(changes))


def test_what_costs_too_much_is_deleted_and_inserted(monkeypatch):
    monkeypatch.setattr(textdiff, "MAX_CELLS", 3)
    assert token_diff("公开申请办理", "申请办理复议") == [("delete", "公开申请办理"), ("insert", "申请办理复议")]


def test_every_paragraph_has_its_fate():
    before = """
        一、网站公开信息1687条，占66%。
        二、设有查阅点，由专人引导查阅，需要复印的当场办理。
        三、组织培训一次。
        四、开设政务公开栏。
        五、对网民留言和热线反映的问题，由办公室分送有关单位办理。
    """
    after = """
        一、开设政务公开栏。
        二、网站公开信息2275条，占77%。
        二、设有查阅点，由专人引导查阅，需要复印的当场办理。
        三、开通官方微信。
        五、对网民留言和热线反映的问题，由办公室分送有关单位限时办理。
    """
    assert paragraph_changes(before, after) == ParagraphChanges(
        kept=("二、设有查阅点，由专人引导查阅，需要复印的当场办理。",),
        moved=(),
        updated=(
            ("四、开设政务公开栏。", "一、开设政务公开栏。"),
            ("一、网站公开信息1687条，占66%。", "二、网站公开信息2275条，占77%。"),
        ),
        edited=(
            (
                "五、对网民留言和热线反映的问题，由办公室分送有关单位办理。",
                "五、对网民留言和热线反映的问题，由办公室分送有关单位限时办理。",
            ),
        ),
        added=("三、开通官方微信。",),
        removed=("三、组织培训一次。",),
    )


def test_a_paragraph_that_moved_is_neither_new_nor_gone():
    changes = paragraph_changes("先发布。\n后解读。\n再回应。", "再回应。\n先发布。\n后解读。")
    assert changes == ParagraphChanges(("先发布。", "后解读。"), ("再回应。",), (), (), (), ())


def test_a_paragraph_that_stands_twice_is_matched_once():
    assert paragraph_changes("无。", "无。\n无。") == ParagraphChanges(("无。",), (), (), (), ("无。",), ())


def test_what_most_paragraphs_say_does_not_tell_which_one_was_edited():
    before = "\n".join(f"公开政府信息应当及时准确{place}" for place in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌")
    changes = paragraph_changes(before, "公开政府信息应当及时准确亥")
    assert (changes.edited, changes.added, len(changes.removed)) == ((), ("公开政府信息应当及时准确亥",), 21)


def test_a_paragraph_that_no_report_has_costs_no_time():
    long = "公开政府信息应当及时准确" * 2_000
    changes = paragraph_changes(long + "甲", long + "乙")
    assert changes == ParagraphChanges((), (), (), (), (long + "乙",), (long + "甲",))
