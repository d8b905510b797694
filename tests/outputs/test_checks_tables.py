"""What must add up within tables: verdicts, reasons, and the places of all numbers."""

from decimal import Decimal

from check_pages import C1, C2, COLUMNS, FUJIAN, KINDS, B, about, cell, fact_of, page, rows, told

from outputs.checks import Check, check_report
from parsers.records import Finding

BALANCE = {
    "requests_received": "20",
    "requests_pending_start": "3",
    "requests_processed": "21",
    "requests_pending_end": "2",
}
RECON = ("upheld", "corrected", "other", "pending", "total")


def recon(*printed, **settings):
    """The five cells of reviews, in one row."""
    return [
        cell(f"reconsideration_{name}", text, 3, col, table=2, **settings)
        for col, (name, text) in enumerate(zip(RECON, printed, strict=True))
    ]


def verdict(checks, identity_id):
    """Verdict and reason of the only check of an identity."""
    (found,) = about(checks, identity_id)
    return found[2:]


def test_a_balance_that_holds_and_one_that_does_not_are_told_with_all_places():
    holds = check_report(page(rows(BALANCE)))
    assert about(holds, "C_BALANCE") == [("C_BALANCE", "total", "pass", "")]
    (fails,) = [
        one
        for one in check_report(page(rows({**BALANCE, "requests_processed": "12"})))
        if one.identity_id == "C_BALANCE"
    ]
    assert fails == Check(
        capture_id="c1",
        check_id="C_BALANCE",
        applicant="total",
        identity_id="C_BALANCE",
        agency_id="a1",
        report_year=2022,
        strictness="strict",
        expression="requests_received + requests_pending_start == requests_processed + requests_pending_end",
        left=Decimal(23),
        right=Decimal(14),
        difference=Decimal(9),
        tolerance=Decimal(0),
        verdict="fail",
        reason="",
        explanation="收到申请数 20 + 上年结转申请数 3 = 23 ≠ 办理结果总计 12 + 结转下年度继续办理 2 = 14",
        evidence=(
            "left: table 1 row 3 col 9: 20; table 1 row 4 col 9: 3 | "
            "right: table 1 row 5 col 9: 12; table 1 row 6 col 9: 2"
        ),
        other_capture_id="",
    )


def test_every_applicant_has_a_balance_of_its_own():
    wrong = rows({**BALANCE, "requests_received": "19"}, applicant="natural_person", col=3)
    checks = check_report(page([*rows(BALANCE), *wrong]))
    assert about(checks, "C_BALANCE") == [
        ("C_BALANCE", "total", "pass", ""),
        ("C_BALANCE", "natural_person", "fail", ""),
    ]
    assert next(one.explanation for one in checks if one.verdict == "fail").startswith("自然人: 收到申请数 19")


def test_parts_of_a_filled_row_that_contradict_its_total_fail_even_where_the_total_is_0():
    assert verdict(check_report(page(recon("10", "1", "0", "0", "0"))), "C_RECON") == ("fail", "")
    assert verdict(check_report(page(recon("10", "1", "0", "0", "11"))), "C_RECON") == ("pass", "")


def test_a_total_of_0_beside_blanks_may_be_a_default():
    assert verdict(check_report(page(recon("10", "", "", "", "0"))), "C_RECON") == ("uncertain", "zero_total")
    assert verdict(check_report(page(recon("", "", "", "", "0"))), "C_RECON") == ("pass", "blanks_as_zero")


def test_blanks_explain_a_total_that_is_larger_never_one_that_is_smaller():
    assert verdict(check_report(page(recon("2", "1", "", "/", "3"))), "C_RECON") == ("pass", "blanks_as_zero")
    assert verdict(check_report(page(recon("2", "1", "", "", "5"))), "C_RECON") == ("uncertain", "blank_cells")
    assert verdict(check_report(page(recon("4", "1", "", "", "3"))), "C_RECON") == ("fail", "")


def test_a_blank_total_is_no_zero():
    assert verdict(check_report(page(recon("2", "1", "0", "0", ""))), "C_RECON") == ("not_assessable", "blank_cells")
    assert verdict(check_report(page(recon("2", "1", "0", "0", "无"))), "C_RECON") == ("not_assessable", "text_in_cell")


def test_a_row_that_was_not_found_may_hold_the_rest():
    assert verdict(check_report(page(recon("2", "1", "0", "0", "5")[1:])), "C_RECON") == ("uncertain", "not_printed")
    assert verdict(check_report(page(recon("0", "1", "0", "0", "1")[1:])), "C_RECON") == ("pass", "rows_as_zero")


def test_what_is_not_printed_at_all_is_not_tested():
    assert about(check_report(page(recon("2", "1", "0", "0", "3")[:4])), "C_RECON") == []
    assert about(check_report(page(rows(BALANCE, form=B))), "C_BALANCE") == []


def test_doubts_about_the_reading_are_no_fault_of_the_page():
    cells = recon("2", "1", "0", "0", "5")
    fuzzy = [cells[0]._replace(mapping="fuzzy"), *cells[1:]]
    assert verdict(check_report(page(fuzzy)), "C_RECON") == ("uncertain", "fuzzy_label")
    shifted = Finding("aligned_by_order", "table 2, row 3", "cells do not meet the header's columns; taken in order")
    assert verdict(check_report(page(cells, findings=[shifted])), "C_RECON") == ("uncertain", "reading_in_doubt")
    elsewhere = Finding("aligned_by_order", "table 2, row 30", "cells do not meet the header's columns; taken in order")
    assert verdict(check_report(page(cells, findings=[elsewhere])), "C_RECON") == ("fail", "")
    facts = [fact_of(one) for one in cells]
    rough = [facts[0]._replace(derivation="printed as approximate"), *facts[1:]]
    assert verdict(check_report(page(cells, facts=rough)), "C_RECON") == ("uncertain", "approximate")


def test_a_number_that_two_cells_state_differently_proves_nothing():
    cells = recon("2", "1", "0", "0", "5")
    facts = [fact_of(one) for one in cells[1:]]
    twice = Finding("stated_twice", "table 2 row 3 col 0", "reconsideration_upheld total: table 2 row 3 col 0: 2, …")
    assert verdict(check_report(page(cells, facts=facts, findings=[twice])), "C_RECON") == ("uncertain", "stated_twice")


def test_a_number_whose_unit_is_lost_proves_nothing():
    cells = recon("2", "1", "0", "0", "5")
    facts = [fact_of(cells[0], unit=""), *map(fact_of, cells[1:])]
    assert verdict(check_report(page(cells, facts=facts)), "C_RECON") == ("uncertain", "unit_unknown")


def test_a_row_that_an_agency_added_may_hold_the_rest():
    cells = recon("2", "1", "0", "0", "5")
    assert verdict(check_report(page([*cells, cell("", "2", 3, 7, table=2)])), "C_RECON") == ("uncertain", "local_row")
    assert verdict(check_report(page([*cells, cell("", "0", 3, 7, table=2)])), "C_RECON") == ("fail", "")
    assert verdict(check_report(page([*cells, cell("", "2", 9, 7, table=2)])), "C_RECON") == ("fail", "")


def test_derived_facts_never_take_part():
    cells = recon("2", "1", "0", "0", "3")
    derived = fact_of(cells[4], source="derived", derivation="2 + 1 + 0 + 0", table_no=None, row=None, col=None)
    assert about(check_report(page(cells[:4], facts=[*map(fact_of, cells[:4]), derived])), "C_RECON") == []


def test_a_row_adds_up_over_the_kinds_of_applicant():
    def row_of(texts):
        names = (*KINDS, "total")
        return [
            cell("granted_full", text, 5, COLUMNS[name], applicant=name)
            for name, text in zip(names, texts, strict=True)
        ]

    assert about(check_report(page(row_of(["3", "1", "0", "0", "0", "0", "4"]))), "C_ROW_TOTAL") == [
        ("C_ROW_TOTAL.granted_full", "total", "pass", "")
    ]
    assert about(check_report(page(row_of(["3", "1", "", "", "", "", ""]))), "C_ROW_TOTAL") == [
        ("C_ROW_TOTAL.granted_full", "total", "not_assessable", "blank_cells")
    ]
    (fails,) = [one for one in check_report(page(row_of(["3", "1", "0", "0", "0", "0", "5"]))) if one.verdict == "fail"]
    assert fails.explanation == "自然人 3 + 商业企业 1 = 4 ≠ 予以公开 5"


RESULTS = {
    "granted_full": "5",
    "granted_partial": "1",
    "denied_state_secret": "0",
    "denied_other_law": "0",
    "denied_safety_stability": "0",
    "denied_third_party": "1",
    "denied_internal": "0",
    "denied_process": "0",
    "denied_case_file": "0",
    "denied_administrative_inquiry": "0",
    "not_held": "2",
    "requires_creation": "0",
    "unclear_after_correction": "0",
    "not_processed_petition": "0",
    "not_processed_duplicate": "0",
    "not_processed_publication": "0",
    "not_processed_excessive": "0",
    "not_processed_confirm": "0",
    "other_handling_total": "1",
    "requests_processed": "10",
}


def test_results_add_up_on_the_form_that_the_rows_follow():
    assert [entry for entry in told(check_report(page(rows(RESULTS, form=C1)))) if "RESULTS" in entry[0]] == [
        ("C1_RESULTS", "total", "pass", "")
    ]
    # the one row of the older form in a table whose header is the newer one
    assert [entry for entry in told(check_report(page(rows(RESULTS)))) if "RESULTS" in entry[0]] == [
        ("C1_RESULTS", "total", "pass", "")
    ]
    split = {
        **RESULTS,
        "other_handling_no_correction": "1",
        "other_handling_fee_unpaid": "0",
        "other_handling_misc": "1",
    }
    del split["other_handling_total"]
    assert [entry for entry in told(check_report(page(rows(split)))) if "RESULTS" in entry[0]] == [
        ("C2_RESULTS", "total", "fail", "")
    ]


def test_a_printed_total_of_a_group_is_held_against_its_rows():
    checks = check_report(
        page(
            rows(
                {
                    "not_held": "2",
                    "requires_creation": "1",
                    "unclear_after_correction": "0",
                    "unable_to_provide_total": "4",
                }
            )
        )
    )
    assert about(checks, "C_GROUPS") == [("C_GROUPS.unable", "total", "fail", "")]


def test_identities_that_hold_as_a_rule_only_never_fail():
    checks = check_report(
        page(rows({"normative_documents_issued": "1", "normative_documents_disclosed": "2"}, form=C1))
    )
    assert about(checks, "C1_DISCLOSED_LE_MADE") == [
        ("C1_DISCLOSED_LE_MADE.normative", "total", "uncertain", "documents_of_earlier_years")
    ]


def test_a_sum_over_all_years_holds_the_year():
    annual = cell("requests_received", "9", 4, 2, form=FUJIAN)
    cumulative = cell("requests_received", "7", 4, 3, form=FUJIAN, measure="cumulative")
    checks = check_report(page([annual, cumulative]))
    assert about(checks, "CUM_GE") == [("CUM_GE.requests_received", "total", "fail", "")]
    assert [one.explanation for one in checks if one.identity_id == "CUM_GE"] == [
        "收到申请数（累计） 7 not >= 收到申请数 9"
    ]


def test_a_count_below_zero_fails_a_change_or_a_sum_of_money_does_not():
    checks = check_report(page(rows({"requests_received": "-3", "admin_licence_items_change": "-8"}, form=C1)))
    assert about(checks, "C_NONNEG") == [("C_NONNEG.requests_received", "total", "fail", "")]
    money = cell("admin_fee_amount", "-120", 3, unit="元", base_unit="元")
    assert about(check_report(page([money])), "C_NONNEG") == []
    assert about(check_report(page(rows({"requests_received": "0"}))), "C_NONNEG") == [
        ("C_NONNEG", "total", "pass", "")
    ]


def test_amounts_may_differ_by_what_their_last_digits_leave_open():
    def fees(total):
        names = ("fees_proactive_total", "fees_request_total", "fees_collected_total")
        return [
            cell(name, text, row, unit_raw="万元", base_value=Decimal(text) * 10000, base_unit="元", form="A_SH_2008")
            for row, (name, text) in enumerate(zip(names, ("1.25", "0.38", total), strict=True))
        ]

    checks = check_report(page(fees("1.64")))
    assert about(checks, "A_FEES") == [("A_FEES.all", "total", "pass", "rounding")]
    assert [one.tolerance for one in checks if one.identity_id == "A_FEES"] == [Decimal(150)]
    assert about(check_report(page(fees("1.74"))), "A_FEES") == [("A_FEES.all", "total", "fail", "")]


def test_a_total_that_proves_a_blank_to_be_zero_lets_other_sums_be_tested():
    kinds = {**dict.fromkeys(KINDS, ""), "natural_person": "4", "total": "4"}
    processed = [cell("requests_processed", text, 24, COLUMNS[kind], applicant=kind) for kind, text in kinds.items()]
    column = rows({**dict.fromkeys(RESULTS, ""), "requests_processed": ""}, applicant="research_institution", col=5)
    checks = check_report(page([*processed, *column[:-1]]))
    assert [entry for entry in told(checks) if entry[1] == "research_institution"] == [
        ("C1_RESULTS", "research_institution", "pass", "blanks_as_zero")
    ]


def test_a_page_without_tables_and_one_without_anything_are_no_fault():
    assert check_report(page()) == []
    assert C2 in {fact.form_id for fact in page(rows(BALANCE)).facts}
