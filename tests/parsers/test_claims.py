"""Claims of sentences as reports print them: numbers, what they count, and what is none. Typed by hand."""

from decimal import Decimal

import pytest

from parsers.claims import read_claims
from parsers.records import Block, Identity, Section
from parsers.report import parse

CITY = Identity("", "", "青岚市人民政府", "青岚市人民政府", "", "", 2016, "area", "", "", "", ())


def claims_of(text, *, year=2016, section="requests", title="依申请公开情况", forms=(), identity=CITY):
    heading = Section(0, None, 1, "三、", title, section, "", "ok", 0, 0)
    block = Block(1, text, "body", 0, None, "")
    named = Identity(*(year if name == "report_year" else getattr(identity, name) for name in identity.__slots__))
    return read_claims((block,), named, (heading,), forms)


def numbers(text, **place):
    return [(claim.raw, str(claim.value), claim.unit) for claim in claims_of(text, **place)]


def meanings(text, **place):
    return [(claim.raw, claim.indicator) for claim in claims_of(text, **place)]


# What is a number.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年发布3.97万条。", [("3.97万条", "39700", "条")]),
        ("公开信息1,234条、8 947条。", [("1,234条", "1234", "条"), ("8 947条", "8947", "条")]),
        ("刊登信息１，８６４条。", [("１，８６４条", "1864", "条")]),
        ("受理来信3.68万件次，浏览3.3亿次。", [("3.68万件次", "36800", "件次"), ("3.3亿次", "330000000", "次")]),
        ("参训关员达2500余人，汇集60多个单位。", [("2500余人", "2500", "人"), ("60多个", "60", "个")]),
        ("公开政府信息14万余条，点击量12万+。", [("14万余条", "140000", "条"), ("12万+", "120000", "")]),
        ("公开信息一千二百零八条，检查两次。", [("一千二百零八条", "1208", "条"), ("两次", "2", "次")]),
        ("网站分为政务、服务、互动三大板块。", [("三大板块", "3", "板块")]),
        ("举办业务讲座一场，修订指南一份。", [("一场", "1", "场"), ("一份", "1", "份")]),
        ("满意率百分之九十二点五。", [("百分之九十二点五", "92.5", "%")]),
        ("目录更新迟缓的占三成。", [("三成", "30", "%")]),
        ("培训186人（次）。", [("186人（次）", "186", "人(次)")]),
        ("收取费用0.5万元。", [("0.5万元", "5000", "元")]),
        ("制作图解10-20个。", [("10", "10", "个"), ("20个", "20", "个")]),
        ("予以公开12，部分公开2，占4.61%。", [("12", "12", ""), ("2", "2", ""), ("4.61%", "4.61", "%")]),
        ("平均用时11.5个工作日。", [("11.5个工作日", "11.5", "个工作日")]),
    ],
)
def test_a_number_with_its_counter_is_a_claim(text, expected):
    assert numbers(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2016年12月5日，依据国办发〔2016〕88号和《条例》第二十条第（一）项。",
        "20106月起施行，统计期限自201011日起20101231止。",
        "联系电话：0591-23165255，邮编：350400，地址：金井湾大楼7号楼14层。",
        "拨打12345、12360热线，实行7×24小时服务，制作H5、5G专题。",
        "由六个部分组成，从三个方面改进，做好四方面工作。",
        "一是加强领导，一方面完善制度，一项工作一件事一次办。",
        "印发《2016年政务公开20条措施》，深化“12公开”。",
        "每季度通报1次，位列全省前10名，荣获第3名。",
        "全年公开核准企业资质条。",
        "在20个工作日内答复，超过30天未更新。",
        "数十次检查，三五次座谈，把各个环节连在一起。",
        "整改问题2 3件，公开1,23条。",
    ],
)
def test_dates_ordinals_names_and_torn_digits_are_none(text):
    assert numbers(text) == []


# Zeros in words.


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("全市未收到政府信息公开申请。", {}, [("未收到", "requests_received")]),
        (
            "2016年未收到有关政府信息公开行政复议、提起行政诉讼的申请。",
            {"section": "review_litigation"},
            [("未收到", "reconsideration_total"), ("未收到", "litigation_total")],
        ),
        (
            "没有发生因政府信息公开引起的行政复议，也没有发生行政诉讼。",
            {},
            [("没有发生", "reconsideration_total"), ("没有发生", "litigation_total")],
        ),
        ("依申请提供政府信息暂不收费。", {"section": "fees"}, [("暂不收费", "fees_request_total")]),
        (
            "对依申请公开未收取相关检索、复制及邮寄费用。",
            {"section": "fees", "year": 2010},
            [("未收取", "fees_request_total")],
        ),
        (
            "2021年，无收取信息处理费情况。",
            {"section": "other", "year": 2021},
            [("无收取", "information_processing_fees")],
        ),
        ("保持了零败诉的记录。", {}, [("零败诉", "")]),
        (
            "没有发生。",
            {"section": "review_litigation", "title": "行政复议、行政诉讼情况"},
            [("没有发生", "reconsideration_total"), ("没有发生", "litigation_total")],
        ),
        (
            "行政复议、行政诉讼均未发生。",
            {"section": "review_litigation"},
            [("未发生", "litigation_total"), ("未发生", "reconsideration_total")],
        ),
        (
            "未制发规章和规范性文件。",
            {"section": "proactive"},
            [("未制发", "regulations_issued"), ("未制发", "normative_documents_issued")],
        ),
        ("未发生失泄密事件。", {}, [("未发生", "")]),
    ],
)
def test_a_zero_in_words_is_a_claim_of_nought(text, place, expected):
    found = claims_of(text, **place)
    assert [(claim.raw, claim.indicator) for claim in found] == expected
    assert {(claim.value, claim.zero_in_words) for claim in found} == {(Decimal(0), True)}
    assert len({claim.char_start for claim in found}) == len(found)


@pytest.mark.parametrize(
    "text",
    [
        "没有现成信息，无法提供，无正当理由逾期不补正。",
        "无其他需要报告的事项。",
        "没有填写审批单的文件不予编号，部分乡镇没有上网条件。",
        "推进无障碍改造，公开要求没有明确。",
    ],
)
def test_a_negation_without_anything_counted_is_none(text):
    assert numbers(text) == []


# What is counted.


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        (
            (
                "各级海关单位共受理信息公开申请103件，其中海关总署收到26件，各直属海关收到77件；电子邮件形式申请28件，占27.2%；"
                "信函、传真及其他形式申请68件，占66%。"
            ),
            {"year": 2010},
            [
                ("103件", "requests_received"),
                ("26件", ""),
                ("77件", ""),
                ("28件", "requests_email"),
                ("27.2%", ""),
                ("68件", ""),
                ("66%", ""),
            ],
        ),
        (
            "全区共收到70件申请，及时依法依规办结69件，1件结转下年度继续办理。",
            {"year": 2021},
            [("70件", "requests_received"), ("69件", "requests_processed"), ("1件", "requests_pending_end")],
        ),
        (
            "答复政府信息公开申请805件（含上年度结转申请18件，另有72件申请按照《条例》顺延到下年度答复）。",
            {"year": 2019},
            [("805件", "responses_total"), ("18件", "requests_pending_start"), ("72件", "requests_pending_end")],
        ),
        (
            "接收各类政府信息公开申请共计81件，涉及自然人80件、商业企业1件。",
            {"year": 2023},
            [
                ("81件", "requests_received"),
                ("80件", "requests_received_natural_person"),
                ("1件", "requests_received_commercial_enterprise"),
            ],
        ),
        (
            "予以公开及部分公开42件；不予公开5件；无法提供31件；不予处理1件；其他处理2件。",
            {"year": 2023},
            [
                ("42件", ""),
                ("5件", "denied_total"),
                ("31件", "unable_to_provide_total"),
                ("1件", "not_processed_total"),
                ("2件", "other_handling_total"),
            ],
        ),
        ("因本机关不掌握等原因无法提供265件。", {"year": 2019}, [("265件", "")]),
        (
            "“不予公开”的为1件，“免于公开”的为6件。",
            {"year": 2010},
            [("1件", ""), ("6件", "exempt_from_disclosure_customs")],
        ),
        ("各乡镇收到政府信息公开申请5件。", {}, [("5件", "")]),
        ("2015年收到政府信息公开申请20件，2016年收到申请35件。", {}, [("20件", ""), ("35件", "requests_received")]),
        (
            "行政复议由上年的3件降为1件。",
            {"section": "review_litigation"},
            [("3件", ""), ("1件", "reconsideration_total")],
        ),
        (
            "发生行政复议2件，维持2件；行政诉讼1件。",
            {"section": "review_litigation"},
            [("2件", "reconsideration_total"), ("2件", "reconsideration_upheld"), ("1件", "litigation_total")],
        ),
        ("共受理申请121510件。", {"section": "overview", "title": "公共服务"}, [("121510件", "")]),
    ],
)
def test_words_settle_what_requests_and_cases_are(text, place, expected):
    assert meanings(text, **place) == expected


@pytest.mark.parametrize(
    ("text", "place", "expected"),
    [
        ("全市主动公开政府信息2543条。", {}, [("2543条", "proactive_items_disclosed")]),
        ("县直各单位主动公开政府信息1397条。", {}, [("1397条", "")]),
        ("截至2016年底，累计主动公开政府信息5万条。", {}, [("5万条", "")]),
        ("在管委会网站主动公开的1913条政府信息中，行政许可类信息145条。", {}, [("1913条", ""), ("145条", "")]),
        ("四是强化民生领域公开，公开信息1654条。", {}, [("1654条", "")]),
        ("通过“中国青岚网”门户网站公开政府信息3636条。", {}, [("3636条", "disclosed_via_website")]),
        ("通过政务微博微信公开信息213条。", {}, [("213条", "")]),
        (
            "主动公开规章13件，行政规范性文件60件，人事任免文件141件。",
            {"year": 2019},
            [("13件", "regulations_disclosed"), ("60件", "normative_documents_disclosed"), ("141件", "")],
        ),
        ("刊登规范性文件45件，政策解读83件。", {}, [("45件", ""), ("83件", "")]),
        (
            "公开现行有效行政规范性文件393件，新制发规范性文件77件，废止12件。",
            {"year": 2023},
            [
                ("393件", "normative_documents_in_force"),
                ("77件", "normative_documents_issued"),
                ("12件", "normative_documents_repealed"),
            ],
        ),
        ("政府信息公开专栏访问量达72065人次。", {}, [("72065人次", "web_column_page_views")]),
        ("网站全年累计浏览量突破3.3亿次。", {}, [("3.3亿次", "")]),
        (
            "发布政策解读57篇，召开新闻发布会6次，组织在线访谈9次。",
            {"section": "response"},
            [("57篇", "policy_interpretation_articles"), ("6次", "press_conferences"), ("9次", "online_interviews")],
        ),
    ],
)
def test_words_settle_what_was_disclosed(text, place, expected):
    assert meanings(text, **{"section": "proactive", "title": "主动公开情况", **place}) == expected


def test_a_training_attended_is_no_training_held():
    text = "年内组织或参加各类政府信息公开培训班150期次，参训关员达2500余人。"
    assert meanings(text, section="supervision") == [("150期次", ""), ("2500余人", "trainees")]
    assert meanings("举办政府信息公开培训班4期。", section="supervision") == [("4期", "training_sessions")]


def test_the_form_of_the_report_decides_between_the_eras():
    assert meanings("同意公开24件。", year=2016) == [("24件", "")]
    assert meanings("同意公开24件。", year=2016, forms=("A_FJ_2014",)) == [("24件", "")]
    text = "属于已主动公开范围12件，同意公开24件。"
    assert meanings(text, year=2016) == [("12件", "already_public"), ("24件", "granted_excluding_already_public")]
    assert meanings("同意公开24件。", year=2012) == [("24件", "granted_full")]


# Wholes, shares, times, precision.


def test_parts_name_their_whole_and_shares_their_count():
    text = "共收到申请10件，其中当面申请4件，占40%；信函申请6件（60%）。"
    whole, part, share, other, rest = claims_of(text)
    assert (whole.whole_start, part.whole_start, other.whole_start) == (None, whole.char_start, whole.char_start)
    assert (share.whole_start, rest.whole_start) == (part.char_start, other.char_start)
    assert (part.share_percent, other.share_percent) == (Decimal(40), Decimal(60))
    assert [claim.kind for claim in (whole, part, share, other, rest)] == ["count", "count", "share", "count", "share"]


def test_a_bracket_does_not_hide_the_whole_before_it():
    text = "共收到政府信息公开申请1499件（包括上年结转30件），其中通过信函申请172件，通过网络申请1303件。"
    assert [(claim.raw, claim.indicator, claim.whole_start) for claim in claims_of(text, year=2022)] == [
        ("1499件", "requests_received", None),
        ("30件", "requests_pending_start", 11),
        ("172件", "requests_mail", 11),
        ("1303件", "requests_online", 11),
    ]


def test_wide_digits_say_the_same():
    assert meanings("２０１６年全市收到政府信息公开申请７件。") == [("７件", "requests_received")]


def test_one_pair_of_shares_for_a_pair_of_counts():
    first, second, of_first, of_second = claims_of("市级部门27条、各乡镇73条，分别占27%、73%。")
    assert (of_first.whole_start, of_second.whole_start) == (first.char_start, second.char_start)


def test_a_part_in_the_next_sentence_has_its_whole_in_the_last():
    whole, part = claims_of("全市主动公开政府信息1913条。其中，县直各单位公开1397条。", section="proactive")
    assert part.whole_start == whole.char_start


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("申请数量较去年回落12.3%。", [("12.3%", "growth", "year")]),
        ("比上年增加517条。", [("517条", "growth", "year")]),
        ("全文电子化率达97.9%。", [("97.9%", "share", "year")]),
        ("把办结率提高到90%。", [("90%", "share", "year")]),
        ("2015年收到申请64件，今年收到81件。", [("64件", "count", "prior_year"), ("81件", "count", "year")]),
        ("截至12月14日，累计收件9898件。", [("9898件", "count", "to_date")]),
        ("上半年公开1190条。", [("1190条", "count", "other")]),
        ("含上年度结转申请18件。", [("18件", "count", "year")]),
        ("收取费用86.50元。", [("86.50元", "amount", "year")]),
    ],
)
def test_kind_and_time(text, kinds):
    assert [(claim.raw, claim.kind, claim.period) for claim in claims_of(text)] == kinds


@pytest.mark.parametrize(
    ("text", "approximate", "digit"),
    [
        ("发布3.97万条。", False, "100"),
        ("发布16条。", False, "1"),
        ("发布2500条。", False, "1"),
        ("参训2500余人。", True, "100"),
        ("访问量约5.6万人次。", True, "1000"),
        ("占27.2%。", False, "0.1"),
        ("检查不足10条。", True, "10"),
    ],
)
def test_precision_is_what_the_sentence_claims(text, approximate, digit):
    (claim,) = claims_of(text)
    assert (claim.approximate, claim.last_digit) == (approximate, Decimal(digit))


def test_places_are_characters_of_the_block_in_either_script():
    text = "2016年全市主動公開政府信息3874條，政策、規範性文件類信息82條。"
    found = claims_of(text, section="proactive")
    assert [(text[c.char_start : c.char_end], c.raw, c.indicator) for c in found] == [
        ("3874條", "3874條", "proactive_items_disclosed"),
        ("82條", "82條", ""),
    ]
    assert {claim.sentence for claim in found} == {text}


def test_tables_and_furniture_give_no_claims():
    page = (
        "<html><head><title>青岚市2016年政府信息公开工作年度报告</title></head><body>"
        "<p>一、概述</p><p>全市主动公开政府信息20条。</p><p>二、依申请公开情况</p><p>收到申请3件。</p>"
        "<table><tr><td>指标名称</td><td>单位</td><td>数量</td></tr><tr><td>收到申请数</td><td>件</td><td>3</td></tr>"
        "</table></body></html>"
    )
    report = parse(page.encode())
    assert [claim.raw for claim in report.claims] == ["20条", "3件"]


# Hostile text.


@pytest.mark.parametrize(
    ("unit", "times", "expected"),
    [
        ("1", 1_000_000, 0),
        ("其中", 500_000, 0),
        ("1件、", 3_000, 3_000),
        ("（1件", 3_000, 3_000),
        ("未收到申请、", 2_000, 2_000),
        ("的", 100_000, 0),
        ("“《", 200_000, 0),
    ],
)
def test_a_text_without_end_is_read_to_its_end(unit, times, expected):
    assert len(claims_of(unit * times)) == expected


# Cases of another kind than disclosure, and their part.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年办理行政复议案件45件，其中涉及政府信息公开的2件。", [("45件", ""), ("2件", "reconsideration_total")]),
        ("办理45件行政复议案件，其中5件涉及政府信息公开。", [("45件", ""), ("5件", "reconsideration_total")]),
        ("我市共受理行政诉讼案件132件。其中涉及政府信息公开20件。", [("132件", ""), ("20件", "litigation_total")]),
        ("行政诉讼案件10件，均与政府信息公开无关。", [("10件", "")]),
        ("收到行政复议申请12件，信息公开方面的3件。", [("12件", ""), ("3件", "")]),
        (
            "因政府信息公开被提起行政复议5件，其中涉及政府信息公开申请答复的3件。",
            [("5件", "reconsideration_total"), ("3件", "")],
        ),
        ("发生行政复议3件、行政诉讼2件。", [("3件", "reconsideration_total"), ("2件", "litigation_total")]),
    ],
)
def test_cases_count_where_they_are_of_disclosure(text, expected):
    assert meanings(text, section="review_litigation", title="行政复议、行政诉讼情况") == expected


def test_a_part_of_unmapped_cases_keeps_its_whole():
    text = "全年办理行政复议案件45件，其中涉及政府信息公开的2件。"
    assert [claim.whole_start for claim in claims_of(text)] == [None, text.index("45件")]


@pytest.mark.parametrize("text", ["逐项写明期限，办结一项、核销一项。", "发现一起、查处一起。"])
def test_one_by_one_is_no_count(text):
    assert numbers(text) == []


def test_the_part_after_a_bracket_is_of_the_number_before_it():
    text = "收到申请83件（含上年结转2件），其中网上60件。"
    assert meanings(text) == [
        ("83件", "requests_received"),
        ("2件", "requests_pending_start"),
        ("60件", "requests_online"),
    ]
    assert [claim.whole_start for claim in claims_of(text)][1:] == [4, 4]


def test_training_of_another_subject_has_no_indicator():
    assert meanings("举办法制培训班4期，培训320人次。", section="supervision") == [("4期", ""), ("320人次", "")]
    assert meanings("举办政府信息公开培训班2期，培训120人次。", section="supervision") == [
        ("2期", "training_sessions"),
        ("120人次", "trainees"),
    ]


def test_a_difference_is_no_whole():
    text = "收到政府信息公开申请127件，比上年增加15件，其中当面申请12件，信函申请35件。"
    claims = claims_of(text)
    assert [(claim.raw, claim.indicator) for claim in claims] == [
        ("127件", "requests_received"),
        ("15件", ""),
        ("12件", "requests_in_person"),
        ("35件", "requests_mail"),
    ]
    assert [claim.whole_start for claim in claims] == [None, None, text.index("127件"), text.index("127件")]


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        (
            "申请办结125件，其中部分公开10件。",
            "requests",
            [("125件", "requests_processed"), ("10件", "granted_partial")],
        ),
        (
            "因政府信息公开引发行政复议案件7件，维持5件，纠错2件。",
            "review_litigation",
            [("7件", "reconsideration_total"), ("5件", "reconsideration_upheld"), ("2件", "reconsideration_corrected")],
        ),
    ],
)
def test_the_object_may_stand_before_its_verb_and_outcomes_in_a_row(text, section, expected):
    assert meanings(text, section=section) == expected


def test_one_training_of_another_subject_leaves_the_trainees_open():
    text = "组织政府信息公开工作培训2次，参训80人次；组织法律知识培训5次，参训300人次。"
    assert meanings(text, section="supervision") == [
        ("2次", "training_sessions"),
        ("80人次", ""),
        ("5次", ""),
        ("300人次", ""),
    ]


def test_a_difference_gives_its_subject_to_no_later_count():
    claims = claims_of("收到申请45件，较上年减少3件，办结44件。")
    assert [claim.subject for claim in claims] == ["收到申请", "较上年减少", "办结申请"]
