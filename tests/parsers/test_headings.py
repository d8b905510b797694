"""Which lines open a section, in the forms that reports print them in; typed by hand."""

import pytest

from parsers.headings import canonical, match_heading


@pytest.mark.parametrize(
    ("line", "level", "number", "title", "rest"),
    [
        ("一、概述", 1, "一、", "概述", ""),
        ("一 概述", 1, "一", "概述", ""),
        ("第一部分 概述", 1, "第一部分", "概述", ""),
        ("第二章、主动公开情况", 1, "第二章、", "主动公开情况", ""),
        ("【三】依申请公开", 1, "【三】", "依申请公开", ""),
        ("（二）依申请公开方面。全年收到申请70件。", 2, "（二）", "依申请公开方面。", "全年收到申请70件。"),
        ("(二)依申请公开情况", 2, "(二)", "依申请公开情况", ""),
        ("1．机构建设", 3, "1．", "机构建设", ""),
        ("１.机构建设", 3, "１.", "机构建设", ""),
        ("1、机构建设", 3, "1、", "机构建设", ""),
        ("（１）机制建设", 4, "（１）", "机制建设", ""),
        ("● 一、总体情况", 1, "一、", "总体情况", ""),
    ],
)
def test_a_heading_in_each_of_its_forms(line, level, number, title, rest):
    found = match_heading(line)
    assert found is not None
    assert (found.level, found.number, found.title, found.rest) == (level, number, title, rest)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "概述",
        "一是加强领导。二是完善制度。",
        "①加强领导",
        "1.受理申请21件，均已答复。",
        "2013年政府信息公开工作年度报告",
        "3.5万元",
        "1.属于国家秘密 0 0 0",
        "（一）公开信息120条",
    ],
)
def test_what_only_begins_like_a_heading(line):
    assert match_heading(line) is None


@pytest.mark.parametrize(
    ("title", "section"),
    [
        ("主动公开政府信息情况", "proactive"),
        ("收到和处理政府信息公开申请情况", "requests"),
        ("政府信息公开行政复议、行政诉讼情况", "review_litigation"),
        ("存在的主要问题及改进情况", "problems"),
        ("其他需要报告的事项", "other"),
        ("今日天气", ""),
    ],
)
def test_titles_mean_a_canonical_section(title, section):
    assert canonical(title) == section
