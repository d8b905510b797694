"""The rules of truth on tables and sentences that nobody chose: what is printed is read, and nothing else is."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import broken
from numerals import counted
from request_tables import OUTCOMES, filled, page_of
from small_pages import own_table, page_with

from parsers.report import parse

few = settings(max_examples=25)
some = settings(max_examples=60)
seeds = st.randoms(use_true_random=False)


# Tables


def _by_key(report, *sources):
    return {(f.indicator, f.applicant): f.value for f in report.facts if f.source in sources}


@given(seeds)
@few
def test_a_filled_table_gives_its_figures(rng):
    table = filled(rng)
    report = parse(page_of(table).encode())
    assert broken(report) == []
    assert _by_key(report, "table") == {key: Decimal(value) for key, value in table.true.items()}


@given(seeds)
@few
def test_blanks_stay_blank(rng):
    """A blank is no number in cells and facts, unless the sum of printed parts says which number stands there."""
    table = filled(rng, blank=rng.random())
    report = parse(page_of(table).encode())
    assert broken(report) == []
    facts = {(f.indicator, f.applicant): f for f in report.facts}
    for key, printed in table.printed().items():
        fact = facts[key]
        if printed is not None:
            assert (fact.source, fact.state, fact.value) == ("table", "number", printed)
        elif fact.source == "table":
            assert (fact.state, fact.value) == ("blank", None)
        else:
            assert (fact.source, fact.value) == ("derived", table.true[key])
    assert sum(cell.state == "blank" for cell in report.cells) == len(table.blank)
    assert all(cell.value is None for cell in report.cells if cell.state == "blank")


@given(seeds)
@few
def test_sums_are_true(rng):
    """Every derived fact is the sum that the full table has: none is made over a blank."""
    table = filled(rng, blank=rng.choice((0.0, 0.02, 0.3)))
    true = table.true
    for applicant in {applicant for _, applicant in true}:
        for whole, prefix in (("denied_total", "denied_"), ("not_processed_total", "not_processed_")):
            parts = [indicator for indicator in OUTCOMES if indicator.startswith(prefix)]
            true[whole, applicant] = sum(true[part, applicant] for part in parts)
        held = ("not_held", "requires_creation", "unclear_after_correction")
        true["unable_to_provide_total", applicant] = sum(true[part, applicant] for part in held)
        other = [indicator for indicator in OUTCOMES if indicator.startswith("other_handling_")]
        true["other_handling_total", applicant] = sum(true[part, applicant] for part in other)
        true["denied_exemptions", applicant] = (
            true["denied_total", applicant] - true["denied_administrative_inquiry", applicant]
        )
    derived = _by_key(parse(page_of(table).encode()), "derived")
    assert derived == {key: Decimal(true[key]) for key in derived}
    assert derived or table.blank


@given(seeds, seeds)
@few
def test_a_shuffled_table_gives_the_same_facts(rng, shuffle):
    table = filled(rng, blank=0.1)
    plain, shuffled = (parse(page_of(table, shuffle=order).encode()) for order in (None, shuffle))
    assert _by_key(shuffled, "table") == _by_key(plain, "table")
    assert _by_key(shuffled, "derived") == _by_key(plain, "derived")


# Sentences


def _claims(sentence):
    """Claims of a report with this sentence in its first section."""
    page = page_with(own_table()).replace("<p>二、", f"<p>{sentence}</p><p>二、", 1)
    report = parse(page.encode())
    assert (report.outcome, broken(report)) == ("ok", [])
    return report.claims


def _wide(number):
    return "".join(chr(ord(c) + 0xFEE0) for c in str(number))


# How one number may be printed.
printed = st.one_of(
    st.integers(0, 10**7).map(lambda n: (str(n), n)),
    st.integers(1000, 10**7).map(lambda n: (f"{n:,}", n)),
    st.integers(0, 10**5).map(lambda n: (_wide(n), n)),
    st.integers(2, 10**5).map(lambda n: (counted(n), n)),
    st.integers(101, 9999).filter(lambda n: n % 10).map(lambda n: (f"{n / 100:.2f}万", n * 100)),
    st.integers(1, 99).map(lambda n: (f"{n}亿", n * 10**8)),
)
# Words that settle what is counted; the counter.
settled = st.sampled_from(
    [
        ("全年共收到政府信息公开申请", "件", "requests_received"),
        ("全年主动公开政府信息", "条", "proactive_items_disclosed"),
        ("本年度因政府信息公开引起的行政诉讼", "件", "litigation_total"),
        ("全年举办培训班", "期", "training_sessions"),
        ("发布政策解读稿件", "篇", "policy_interpretation_articles"),
    ]
)


@given(settled, printed)
@some
def test_a_number_is_read_as_it_is_printed(words, number):
    (before, counter, indicator), (raw, value) = words, number
    claims = _claims(f"{before}{raw}{counter}。")
    assert [(c.value, c.unit, c.indicator, c.approximate) for c in claims] == [(value, counter, indicator, False)]


@given(settled, st.integers(21, 10**5), st.sampled_from(["{}余{}", "{}多{}", "约{}{}", "近{}{}", "超过{}{}"]))
@few
def test_an_approximate_number_says_so(words, number, form):
    before, counter, _ = words
    claims = _claims(f"{before}{form.format(number, counter)}。")
    assert [(c.value, c.unit, c.approximate) for c in claims] == [(number, counter, True)]


@given(st.integers(0, 9999), st.integers(0, 9999), st.integers(0, 9999))
@few
def test_parts_are_not_the_whole(whole, one, other):
    claims = _claims(f"全年收到政府信息公开申请{whole}件，其中市教育局{one}件、市财政局{other}件。")
    assert [c.value for c in claims] == [whole, one, other]
    assert [c.indicator for c in claims] == ["requests_received", "", ""]
    assert [c.whole_start for c in claims][1:] == [claims[0].char_start] * 2


@given(st.integers(0, 9999), st.integers(0, 9999))
@few
def test_last_years_number_is_not_this_years(now, before):
    for sentence in (f"收到申请{now}件，上年为{before}件。", f"上年收到申请{before}件，今年收到申请{now}件。"):
        claims = _claims(sentence)
        assert {c.value for c in claims if c.indicator} <= {now}
        assert sorted(c.value for c in claims) == sorted([now, before])
        assert [c.period for c in claims if c.value == before and before != now] in ([], ["prior_year"])


_NOT_COUNTS = st.one_of(
    st.dates().map(lambda d: f"{d.year}年{d.month}月{d.day}日印发通知。"),
    st.dates().map(lambda d: f"统计期限自{d.year}年{d.month}月{d.day}日起。"),
    st.integers(1, 999).map(lambda n: f"根据国务院令第{n}号公布的条例，认真做好有关工作。"),
    st.integers(1, 99).map(lambda n: f"《关于做好年度报告工作的通知》（国办公开办函〔2021〕{n}号）已经转发。"),
    st.integers(1, 56).map(lambda n: f"按照《条例》第{counted(n)}条的规定办理。"),
    st.integers(10**6, 10**8 - 1).map(lambda n: f"联系电话：0531-{n}。"),
    st.integers(100000, 999999).map(lambda n: f"邮编：{n}。"),
    st.integers(1, 999).map(lambda n: f"地址：样本市人民路{n}号。"),
    st.integers(2, 9).map(lambda n: f"本报告由{counted(n)}个部分组成。"),
    st.integers(1, 9).map(lambda n: f"在评比中获得第{n}名。"),
)


@given(st.lists(_NOT_COUNTS, min_size=1, max_size=4))
@some
def test_dates_laws_and_places_are_no_claims(sentences):
    assert _claims("".join(sentences)) == ()


_PIECES = st.sampled_from(
    [
        *(
            "收到",
            "申请",
            "主动公开",
            "政府信息",
            "行政复议",
            "其中",
            "占",
            "同比增长",
            "未收到",
            "没有",
            "无",
            "分别为",
        ),
        *("，", "。", "；", "、", "（", "）", "：", " ", "“", "”", "%", "万", "亿", "余", "多", "约", "两", "十", "百"),
        *(
            "件",
            "条",
            "次",
            "人",
            "元",
            "年",
            "月",
            "日",
            "号",
            "第",
            "上年",
            "截至",
            "累计",
            "1",
            "23",
            "4.5",
            "６",
            "0",
        ),
        *("1,000", "2021", "〔2021〕", "3.97万条", "一", "零", "百分之", "成", "倍", "个", "的", "和", "均"),
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
@some
def test_claims_stand_where_they_say(sentence):
    _claims(sentence)


# Numbers of another time, another body, another thing, a plan or a rate: none is the report's figure of the year.
_OF_ANOTHER = (
    "2019年收到政府信息公开申请5件。",
    "2022年预计收到政府信息公开申请100件。",
    "截至2021年底，累计主动公开政府信息1000条。",
    "从2008年以来收到政府信息公开申请50件。",
    "上半年收到政府信息公开申请5件。",
    "第三季度主动公开政府信息88条。",
    "收到的政府信息公开申请较上年增加5件。",
    "平均每月收到政府信息公开申请5件。",
    "市教育局收到政府信息公开申请5件。",
    "各乡镇主动公开政府信息534条。",
    "主动公开政府信息的单位有35个。",
    "有12个单位收到政府信息公开申请。",
    "共受理行政许可申请500件。",
    "受理低保申请321件，办结300件。",
    "全年办理行政复议案件45件，其中涉及政府信息公开的2件。",
    "发生行政诉讼案件30件，其中因政府信息公开引发的3件。",
    "我局举办消防安全培训班4期，培训320人次。",
    "召开安全生产会议12次。",
    "网站访问量达100万人次。",
    "依申请公开收取复印费每张0.5元。",
    "平均每件申请收取费用10元。",
    "发布政策解读稿件计划不少于20篇。",
    "力争全年主动公开政府信息1000条以上。",
    "除3件政府信息公开申请正在办理外，其余均已答复。",
    "没有收到超过3件的重复申请。",
    "未收到因政府信息公开收费引起的投诉。",
    "未发生泄密事件。",
    "政府信息公开申请全部按时办结，无一超期。",
)


@pytest.mark.parametrize("sentence", _OF_ANOTHER)
def test_numbers_of_something_else_have_no_indicator(sentence):
    """But for a part that says itself that it is of disclosure: 其中涉及政府信息公开的2件."""
    mapped = [(claim.raw, claim.indicator) for claim in _claims(sentence) if claim.indicator]
    assert [(raw, indicator) for raw, indicator in mapped if raw not in ("2件", "3件") or "其中" not in sentence] == []


@pytest.mark.parametrize(
    ("sentence", "indicators"),
    [
        ("全年未收到政府信息公开申请。", ["requests_received"]),
        ("没有发生因政府信息公开引起的行政复议和行政诉讼。", ["reconsideration_total", "litigation_total"]),
        ("未因政府信息公开被提起行政诉讼或者申请行政复议。", ["litigation_total", "reconsideration_total"]),
        ("因政府信息公开引起的行政复议、行政诉讼均为零。", ["reconsideration_total", "litigation_total"]),
        ("本年度没有收取政府信息公开信息处理费。", ["information_processing_fees"]),
    ],
)
def test_each_thing_under_one_zero_is_a_claim(sentence, indicators):
    claims = _claims(sentence)
    assert [(claim.value, claim.zero_in_words) for claim in claims] == [(0, True)] * len(indicators)
    assert {claim.indicator for claim in claims} == set(indicators)
