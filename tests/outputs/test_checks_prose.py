"""Prose against table, parts against wholes, shares against bases, rates of change against two years."""

from decimal import Decimal

from check_pages import C1, COLUMNS, KINDS, about, cell, claim, fact_of, page, rows, share, told

from outputs.checks import check_report
from outputs.checks.figures import Figures
from outputs.checks.years import YEARS, check_years

TABLE = {
    "requests_received": "20",
    "requests_pending_start": "3",
    "requests_processed": "21",
    "requests_pending_end": "2",
}


def against(table, *claims, **about_page):
    """Checks of prose, in short, of a page with one column and some claims."""
    return [entry for entry in told(check_report(page(rows(table), claims, **about_page))) if entry[0][:2] == "P_"]


def test_prose_that_restates_the_table_passes_and_prose_that_contradicts_it_fails():
    stated = claim("20件", 20, 4, "requests_received", subject="收到申请")
    assert against(TABLE, stated) == [("P_RECEIVED.1", "total", "pass", "")]
    other = claim("25件", 25, 4, "requests_received", subject="收到申请")
    (check,) = [one for one in check_report(page(rows(TABLE), [other])) if one.identity_id == "P_RECEIVED"]
    assert (check.verdict, check.left, check.right, check.difference) == ("fail", 25, 20, 5)
    assert check.explanation == "“收到申请” 25 ≠ 收到申请数 20"
    assert check.evidence == "left: block 5 chars 4-7: 25件 | right: table 1 row 3 col 9: 20"


def test_prose_may_count_what_was_carried_in():
    stated = claim("23件", 23, 4, "requests_received", subject="受理申请")
    assert against(TABLE, stated) == [("P_RECEIVED.1", "total", "pass", "other_base")]


def test_places_of_one_identity_are_numbered():
    claims = [claim("20件", 20, 4, "requests_received"), claim("20件", 20, 40, "requests_received")]
    assert [entry[0] for entry in against(TABLE, *claims)] == ["P_RECEIVED.1", "P_RECEIVED.2"]


def test_precision_is_what_the_prose_claims():
    table = {"proactive_items_disclosed": "39712"}

    def said(raw, value, digit, **more):
        one = claim(raw, value, 4, "proactive_items_disclosed", last_digit=Decimal(digit), **more)
        checks = check_report(page(rows(table, form="B_2014_32"), [one]))
        return [entry[2:] for entry in about(checks, "P_TABLE")]

    assert said("3.97万条", 39700, 100) == [("pass", "rounding")]
    assert said("3.98万条", 39800, 100) == [("fail", "")]
    assert said("39700余条", 39700, 1, approximate=True) == [("pass", "rounding")]
    assert said("35000余条", 35000, 1, approximate=True) == [("uncertain", "approximate")]


def test_what_an_office_did_is_not_held_against_its_area():
    sentence = "2024年，区政府办代表区政府受理17件政府信息公开申请。"
    stated = claim("17件", 17, 20, "requests_received", subject="政府信息公开申请", sentence=sentence)
    assert against(TABLE, stated) == [("P_RECEIVED.1", "total", "uncertain", "scope")]
    assert against(TABLE, stated, report_scope="own") == [("P_RECEIVED.1", "total", "fail", "")]
    assert against(TABLE, stated, agency="某区人民政府办公室") == [("P_RECEIVED.1", "total", "fail", "")]


def test_staff_and_meetings_in_prose_may_be_the_offices_own():
    stated = claim("2人", 2, 4, "staff_full_time", unit="人")
    checks = check_report(page(rows({"staff_full_time": "40"}, form="B_2014_32"), [stated]))
    assert about(checks, "P_TABLE") == [("P_TABLE.1", "total", "uncertain", "scope")]


def test_other_years_shares_and_claims_without_a_meaning_are_not_held_against_the_table():
    claims = [
        claim("18件", 18, 4, "requests_received", period="prior_year"),
        claim("25件", 25, 40, "requests_received", period="other"),
        claim("99件", 99, 60),
        share("5%", 5, 80, 1),
    ]
    assert against(TABLE, *claims) == []


def test_a_stock_may_be_told_as_of_a_day():
    stated = claim("393件", 393, 4, "normative_documents_in_force", period="to_date")
    assert against({"normative_documents_in_force": "470"}, stated) == [("P_TABLE.1", "total", "fail", "")]


def test_a_cell_that_counts_something_narrower_leaves_it_open():
    narrower = cell("normative_documents_issued", "77", 3, concordance="narrower")
    stated = claim("80件", 80, 4, "normative_documents_issued")
    assert about(check_report(page([narrower], [stated])), "P_TABLE") == [
        ("P_TABLE.1", "total", "uncertain", "other_object")
    ]


def test_a_unit_taken_from_the_prose_does_not_prove_that_prose():
    printed = cell("proactive_items_disclosed", "3.97", 3, base_value=Decimal(39700))
    recovered = fact_of(printed, derivation="unit recovered from block 5, characters 4-9: 3.97万条")
    stated = claim("3.97万条", 39700, 4, "proactive_items_disclosed", last_digit=Decimal(100))
    assert about(check_report(page([printed], [stated], facts=[recovered])), "P_TABLE") == [
        ("P_TABLE.1", "total", "not_assessable", "unit_recovered")
    ]


UNABLE = {"not_held": "5", "requires_creation": "1", "unclear_after_correction": "1"}


def test_groups_that_no_cell_prints_are_sums_of_their_rows():
    assert against(UNABLE, claim("7件", 7, 4, "unable_to_provide_total")) == [
        ("P_GROUPS.unable.1", "total", "pass", "")
    ]
    assert against(UNABLE, claim("5件", 5, 4, "unable_to_provide_total")) == [
        ("P_GROUPS.unable.1", "total", "fail", "")
    ]
    # a row that was not found: the sum is not known
    del (some := dict(UNABLE))["not_held"]
    assert against(some, claim("5件", 5, 4, "unable_to_provide_total")) == []


def test_two_groups_in_one_number_are_read_by_their_words():
    table = {"granted_full": "22", "granted_partial": "20"}
    both = claim("42件", 42, 4, subject="予以公开及部分公开")
    assert against(table, both) == [("P_GROUPS.granted_and_partial.1", "total", "pass", "")]
    assert against(table, both._replace(value=Decimal(40))) == [("P_GROUPS.granted_and_partial.1", "total", "fail", "")]


def test_a_group_named_by_its_first_row_is_left_open():
    words = claim("5件", 5, 4, subject="因本机关不掌握等原因无法提供")
    assert against(UNABLE, words) == [("P_GROUPS.unable_in_words.1", "total", "uncertain", "words_unsettled")]
    assert against(UNABLE, words._replace(value=Decimal(7))) == [("P_GROUPS.unable_in_words.1", "total", "pass", "")]


def test_applicants_in_prose_are_held_against_their_column():
    person = cell("requests_received", "19", 3, COLUMNS["natural_person"], applicant="natural_person")
    stated = claim("18件", 18, 4, "requests_received_natural_person", subject="自然人申请")
    checks = check_report(page([person], [stated]))
    assert about(checks, "P_APPLICANTS") == [("P_APPLICANTS.natural_person.1", "total", "fail", "")]


def test_blank_totals_of_rows_are_sums_of_applicants_where_the_blanks_are_proved():
    def of_kinds(name, row, printed, total):
        texts = {**dict.fromkeys(KINDS, ""), **printed, "total": total}
        return [cell(name, text, row, COLUMNS[kind], applicant=kind, form=C1) for kind, text in texts.items()]

    cells = [
        *of_kinds("granted_full", 5, {"natural_person": "4", "other_org": "1"}, ""),
        *of_kinds("requests_processed", 24, {"natural_person": "4", "other_org": "1"}, "5"),
    ]
    stated = claim("6件", 6, 4, "granted_full", subject="予以公开")
    assert about(check_report(page(cells, [stated])), "P_GROUPS") == [("P_GROUPS.granted.1", "total", "fail", "")]
    # without the last total nothing says that the blanks are zeros
    cells[-1] = cells[-1]._replace(raw="", state="blank", value=None, base_value=None)
    assert about(check_report(page(cells, [stated])), "P_GROUPS") == [
        ("P_GROUPS.granted.1", "total", "uncertain", "blank_cells")
    ]


def test_reviews_that_are_all_said_to_be_upheld():
    table = {
        "litigation_direct_upheld": "8",
        "litigation_direct_corrected": "0",
        "litigation_direct_other": "0",
        "litigation_direct_pending": "1",
        "litigation_direct_total": "9",
        "litigation_post_review_upheld": "",
        "litigation_post_review_corrected": "",
        "litigation_post_review_other": "",
        "litigation_post_review_pending": "",
        "litigation_post_review_total": "",
    }
    nine = claim("9件", 9, 4, "litigation_total", subject="诉讼", sentence="诉讼9件，均获维持。")
    # the text's 9 leaves nothing for the blanks: then 8 were upheld and not 9
    assert against(table, nine) == [
        ("P_REVIEW.litigation.1", "total", "pass", "blanks_as_zero"),
        ("P_UPHELD.litigation.1", "total", "fail", ""),
    ]
    plain = nine._replace(sentence="诉讼9件。")
    assert against(table, plain) == [("P_REVIEW.litigation.1", "total", "pass", "blanks_as_zero")]


def test_a_figure_that_the_text_states_twice_is_held_against_itself_where_no_table_has_it():
    claims = [claim("30条", 30, 4, "proactive_items_disclosed"), claim("31条", 31, 40, "proactive_items_disclosed")]
    assert against({}, *claims) == [("P_TWICE.1", "total", "uncertain", "stated_twice")]


def partition(whole, parts, **changes):
    """A whole at place 4 and its parts behind it: (subject, number, share or None)."""
    claims = [claim(f"{whole}件", whole, 4, subject="收到申请")]
    for number, (subject, value, percent) in enumerate(parts, 1):
        share_of = None if percent is None else Decimal(percent)
        claims.append(
            claim(f"{value}件", value, 20 * number, subject=subject, whole_start=4, share_percent=share_of, **changes)
        )
    return claims


def parts_of(*arguments, **changes):
    return [entry[2:] for entry in against({}, *partition(*arguments, **changes)) if entry[0].startswith("P_PARTS")]


def test_parts_of_a_whole():
    assert parts_of(10, [("网络", 6, None), ("信函", 4, None)]) == [("pass", "")]
    # 其中 may name some only
    assert parts_of(10, [("网络", 6, None), ("信函", 3, None)]) == [("not_assessable", "partial_list")]
    # a thing may count in two parts
    assert parts_of(10, [("网站", 9, None), ("微信", 8, None)]) == [("uncertain", "may_overlap")]
    # the rest is named: nothing is left out
    assert parts_of(10, [("网络", 6, None), ("其他", 3, None)]) == [("fail", "")]
    # the shares make the whole
    assert parts_of(10, [("网络", 7, 60), ("信函", 4, 40)]) == [("fail", "")]
    rough = {"approximate": True}
    assert parts_of(1000, [("网络", 600, None), ("其他", 300, None)], **rough) == [("pass", "rounding")]
    assert parts_of(1000, [("网络", 600, None), ("其他", 100, None)], **rough) == [("uncertain", "approximate")]


def test_a_whole_that_is_divided_in_two_ways():
    twice = [("网络", 6, None), ("信函", 4, None), ("自然人", 8, None), ("其他", 2, None)]
    assert parts_of(10, twice) == [("not_assessable", "several_partitions")]


def categories(total, last_subject, sentence):
    whole = claim(f"{total}条", total, 4, "proactive_items_disclosed", block=3, unit="条", subject="主动公开政府信息")
    subjects = ["机构职能类信息", "规划计划类信息", last_subject]
    items = [
        claim(f"{value}条", value, 20 * number, unit="条", subject=subject, sentence=sentence)
        for number, (subject, value) in enumerate(zip(subjects, (5, 7, 9), strict=True), 1)
    ]
    return [entry[2:] for entry in against({}, whole, *items) if entry[0].startswith("P_PARTS")]


def test_a_complete_list_by_kind_is_held_against_the_total_before_it():
    by_kind = "主动公开的主要类别有：机构职能类信息5条，规划计划类信息7条，其他信息9条。"
    assert categories(21, "其他信息", by_kind) == [("pass", "")]
    assert categories(25, "其他信息", by_kind) == [("fail", "")]
    assert categories(25, "教育类信息", by_kind) == []
    assert categories(25, "其他信息", "网站新闻5条，公告7条，其他9条。") == []


def test_a_list_by_kind_may_follow_its_total_in_one_sentence():
    sentence = "公布信息25条，按类别为：机构职能5条，规划计划7条，其他9条。"
    claims = [
        claim("25条", 25, 4, "proactive_items_disclosed", unit="条", subject="公布信息", sentence=sentence),
        claim("5条", 5, 14, unit="条", subject="机构职能", sentence=sentence),
        claim("7条", 7, 20, unit="条", subject="规划计划", sentence=sentence),
        claim("9条", 9, 26, unit="条", subject="其他", sentence=sentence),
    ]
    assert [entry[2:] for entry in against({}, *claims)] == [("fail", "")]


def shares_of(*items, base=200, table=None):
    """Checks of shares in one sentence: (number, share, worth of its last digit)."""
    claims = [claim(f"{base}件", base, 4, "requests_received")]
    for number, (value, percent, digit) in enumerate(items, 1):
        start = 20 * number
        claims += [
            claim(f"{value}件", value, start, share_percent=Decimal(percent), whole_start=4),
            share(f"{percent}%", percent, start + 5, digit, whole_start=start),
        ]
    checks = against(table or {}, *claims)
    return [entry[2:] for entry in checks if entry[0].startswith("P_PERCENT.")]


def test_shares_are_held_against_their_base():
    assert shares_of((50, "25", "1"), (13, "6.5", "0.1")) == [("pass", ""), ("pass", "")]
    # two neighbours prove the base: the third is wrong
    assert shares_of((50, "25", "1"), (13, "6.5", "0.1"), (29, "16.5", "0.1")) == [
        ("pass", ""),
        ("pass", ""),
        ("fail", ""),
    ]
    # alone, it may be a share of something else
    assert shares_of((29, "16.5", "0.1")) == [("uncertain", "base_unknown")]
    # cut off instead of rounded
    assert shares_of((19, "11.8", "0.1"), (33, "20.6", "0.1"), (13, "8.1", "0.1"), base=160) == [
        ("uncertain", "rounding"),
        ("pass", ""),
        ("pass", ""),
    ]


def test_a_share_may_be_of_any_base_that_the_table_has():
    table = {"requests_received": "20", "requests_pending_start": "5", "requests_processed": "24"}
    assert shares_of((6, "25", "1"), (5, "20", "1"), base=20, table=table) == [("pass", ""), ("pass", "")]


def test_a_share_is_told_with_both_places():
    claims = [
        claim("200件", 200, 4, "requests_received"),
        claim("50件", 50, 20, subject="网络申请", share_percent=Decimal(25), whole_start=4),
        share("25%", 25, 25, 1, whole_start=20),
    ]
    (check,) = [one for one in check_report(page((), claims)) if one.identity_id == "P_PERCENT"]
    assert (check.left, check.right, check.tolerance) == (25, 25, Decimal("0.5"))
    assert check.explanation == "“网络申请” 50件, 25%: of 200 it is 25%"
    assert (
        check.evidence == "left: block 5 chars 20-23: 50件; block 5 chars 25-28: 25% | right: block 5 chars 4-8: 200件"
    )


def sums_of(*items):
    claims = partition(10, [(f"部分{number}", value, percent) for number, (value, percent) in enumerate(items)])
    return [entry[2:] for entry in against({}, *claims) if entry[0].startswith("P_PERCENT_SUM")]


def test_shares_of_a_partition_make_the_whole():
    assert sums_of((6, "60"), (4, "40")) == [("pass", "")]
    assert sums_of((6, "60"), (4, "44")) == [("fail", "")]
    assert sums_of((6, "60"), (3, "30")) == []


def growth_between(raw, value, digit, now, then):
    claims = [
        claim(f"{now}件", now, 4, "requests_received", sentence="收到申请，同比增长。"),
        claim(raw, value, 20, kind="growth", unit="%", last_digit=Decimal(digit), sentence="收到申请，同比增长。"),
    ]
    later = page(rows({"requests_received": str(now)}), claims)
    earlier = page(rows({"requests_received": str(then)}), capture_id="c0", report_year=2021)
    return list(check_years(YEARS, later, Figures(later), Figures(earlier)))


def test_rates_of_change_are_held_against_both_years():
    assert told(growth_between("12.5%", "12.5", "0.1", 90, 80)) == [("P_GROWTH.1", "total", "pass", "")]
    # a fall without its sign
    assert told(growth_between("11.1%", "11.1", "0.1", 80, 90)) == [("P_GROWTH.1", "total", "pass", "")]
    (other,) = growth_between("20%", 20, 1, 90, 80)
    assert (other.verdict, other.reason, other.other_capture_id) == ("uncertain", "other_base", "c0")
    assert other.explanation == "20%: from 80 to 90 it is 12.5%"


def test_each_place_of_the_earlier_report_has_its_id():
    claims = [
        claim("100件", 100, 4, "requests_received", sentence="收到申请，同比增长。"),
        claim("25%", 25, 20, kind="growth", unit="%", last_digit=Decimal(1), sentence="收到申请，同比增长。"),
    ]
    later = page(rows({"requests_received": "90", "requests_pending_start": "10"}), claims)
    before = rows({"requests_received": "70", "requests_pending_start": "10"})
    earlier = page(before, capture_id="c0", report_year=2021)
    (check,) = check_years(YEARS, later, Figures(later), Figures(earlier))
    then = check.evidence.partition(" | right: ")[2].split("; ")[-2:]
    assert [place.startswith("c0 table ") for place in then] == [True, True]


def test_a_number_that_stands_in_the_next_column_may_be_meant():
    cells = [
        cell("normative_documents_issued", "158", 3, 1, form=C1),
        cell("normative_documents_disclosed", "147", 3, 2, form=C1),
    ]
    stated = claim("158件", 158, 4, "normative_documents_disclosed", subject="公开规范性文件")
    assert about(check_report(page(cells, [stated])), "P_TABLE") == [
        ("P_TABLE.1", "total", "uncertain", "words_unsettled")
    ]
    other = stated._replace(value=Decimal(150))
    assert about(check_report(page(cells, [other])), "P_TABLE") == [("P_TABLE.1", "total", "fail", "")]


def test_parts_counted_by_another_counter_may_be_meant_too():
    claims = [
        claim("241条", 241, 4, unit="条", subject="主动公开政府信息"),
        claim("38篇", 38, 20, unit="篇", subject="审计结果公告"),
        claim("12条", 12, 30, unit="条", subject="机构职能类信息", whole_start=4),
        claim("191条", 191, 40, unit="条", subject="其他", whole_start=4),
    ]
    assert [entry[2:] for entry in against({}, *claims)] == [("pass", "")]
    assert [entry[2:] for entry in against({}, *claims[:3], claims[3]._replace(value=Decimal(190)))] == [
        ("uncertain", "mixed_counters")
    ]


def test_nobody_is_of_two_kinds_of_applicant():
    both = [("自然人申请", 118, None), ("法人或其他组织申请", 23, None), ("上年结转", 6, None)]
    assert parts_of(138, both) == [("fail", "")]
    assert parts_of(141, both) == [("pass", "")]
    assert parts_of(150, both) == [("fail", "")]
    assert parts_of(150, [("自然人申请", 118, None), ("商业企业", 23, None)]) == [("not_assessable", "partial_list")]


def test_parts_of_later_sentences_belong_where_the_shares_make_the_whole():
    first, *rest = partition(1913, [("区直单位", 1397, 73), ("各乡镇", 534, 27)])
    apart = [first, rest[0], rest[1]._replace(whole_start=None)]
    (check,) = [one for one in check_report(page((), apart)) if one.identity_id == "P_PARTS"]
    assert (check.left, check.right, check.verdict) == (1931, 1913, "fail")


def test_an_office_that_answers_for_its_government_is_told_beside_the_area():
    stated = claim("17件", 17, 4, subject="区政府办公室代表区政府受理")
    assert against(TABLE, stated) == [("P_RECEIVED.office.1", "total", "uncertain", "scope")]


def test_replies_are_no_row_of_the_table_and_come_near_it_only():
    table = {**TABLE, "other_handling_total": "2"}
    assert against(table, claim("21件", 21, 4, "responses_total")) == [
        ("P_REPLIED.responses.1", "total", "pass", "other_base")
    ]
    assert against(table, claim("19件", 19, 4, "responses_total")) == [
        ("P_REPLIED.responses.1", "total", "pass", "other_base")
    ]
    assert against(table, claim("18件", 18, 4, "responses_total")) == [
        ("P_REPLIED.responses.1", "total", "uncertain", "other_object")
    ]
    printed = {"responses_total": "20"}
    checks = check_report(page(rows(printed, form="B_2014_32"), [claim("18件", 18, 4, "responses_total")]))
    assert about(checks, "P_REPLIED") == [("P_REPLIED.responses.1", "total", "fail", "")]


def test_other_outcomes_in_the_sentence_are_not_said_of_all():
    table = {
        f"reconsideration_{name}": text
        for name, text in zip(
            ("upheld", "corrected", "other", "pending", "total"), ("5", "2", "0", "0", "7"), strict=True
        )
    }
    seven = claim("7件", 7, 4, "reconsideration_total", subject="行政复议")
    for sentence in ("行政复议7件，其中维持5件，纠正2件；行政诉讼均维持。", "行政复议7件；行政诉讼3件，均维持。"):
        assert against(table, seven._replace(sentence=sentence)) == [
            ("P_REVIEW.reconsideration.1", "total", "pass", "")
        ]


def test_a_whole_area_in_prose_is_not_held_against_the_table_of_one_body():
    stated = claim("95件", 95, 12, "requests_received", subject="受理申请", sentence="全区各部门共受理申请95件。")
    assert against(TABLE, stated, report_scope="own") == [("P_RECEIVED.1", "total", "uncertain", "scope")]
    assert against(TABLE, stated, report_scope="area") == [("P_RECEIVED.1", "total", "fail", "")]


def test_one_thing_may_be_published_by_several_channels():
    assert parts_of(500, [("网站公开", 310, None), ("微博公开", 200, None), ("其他方式公开", 50, None)]) == [
        ("uncertain", "may_overlap")
    ]
    assert parts_of(500, [("网站公开", 300, 60), ("微博公开", 210, 40)]) == [("fail", "")]


def test_a_part_that_is_larger_than_its_whole_is_no_part_of_it():
    assert parts_of(2, [("网上申请", 60, None), ("其他", 23, None)]) == [("uncertain", "whole_in_doubt")]


def test_one_request_may_be_about_several_things():
    assert parts_of(81, [("征地拆迁类", 35, None), ("房产类", 25, None), ("其他类", 31, None)]) == [
        ("uncertain", "may_overlap")
    ]
    assert parts_of(91, [("征地拆迁类", 35, None), ("房产类", 25, None), ("其他类", 31, None)]) == [("pass", "")]


def test_the_words_of_another_number_are_not_those_of_this_one():
    sentence = "无法提供7件、不予处理1件。"
    one = claim("1件", 1, 9, subject="不予处理", sentence=sentence)
    assert against(UNABLE, one) == []


def test_a_share_may_be_of_a_number_behind_it_or_in_another_paragraph():
    sentence = "被纠正1件，占复议案件5件的20%。"
    behind = [
        claim("1件", 1, 4, share_percent=Decimal(20), sentence=sentence),
        claim("5件", 5, 12, sentence=sentence),
        share("20%", 20, 16, 1, whole_start=4, sentence=sentence),
    ]
    assert [entry[2:] for entry in against({}, *behind)] == [("pass", "")]
    far = [claim("5件", 5, 4, "reconsideration_total", block=3), behind[0], behind[2]]
    assert [entry[2:] for entry in against({}, *far)] == [("pass", "")]


def test_a_blank_may_hold_what_the_prose_counts_too():
    stated = claim("25件", 25, 4, "requests_received", subject="收到申请")
    blank = {**TABLE, "requests_pending_start": ""}
    assert against(blank, stated) == [("P_RECEIVED.1", "total", "uncertain", "blank_cells")]
    # a form that has no such row leaves nothing open
    table = {"requests_received": "20"}
    checks = check_report(page(rows(table, form="B_2014_32"), [stated]))
    assert about(checks, "P_RECEIVED") == [("P_RECEIVED.1", "total", "fail", "")]


def test_a_rough_number_proves_no_blank():
    table = {"litigation_direct_total": "9", "litigation_post_review_total": "", "litigation_post_review_upheld": ""}
    about_nine = claim("9件", 9, 4, "litigation_total", approximate=True)
    eight = claim("8件", 8, 40, "litigation_upheld", subject="维持")
    upheld = {**table, "litigation_direct_upheld": "7"}
    assert [entry[2:] for entry in against(upheld, about_nine, eight)] == [
        ("pass", "blanks_as_zero"),
        ("uncertain", "blank_cells"),
    ]
