"""What must hold between two reports of one agency."""

from types import SimpleNamespace

import pytest
from check_pages import C1, FUJIAN, cell, page, rows, told

from outputs.checks.figures import Figures
from outputs.checks.years import EARLIER, YEARS, check_years, earlier_reports

STOCK = ("normative_documents_issued", "normative_documents_repealed", "normative_documents_in_force")


def between(earlier, later, span=YEARS, **about):
    before = page(earlier, capture_id="c0", report_year=2021, **about)
    after = page(later, **about)
    return list(check_years(span, after, Figures(after), Figures(before)))


def carried(end, start, **about):
    return [
        entry[2:]
        for entry in told(
            between(rows({"requests_pending_end": end}), rows({"requests_pending_start": start}), **about)
        )
    ]


def test_what_is_carried_in_is_what_was_carried_on():
    assert carried("3", "3") == [("pass", "")]
    assert carried("3", "5") == [("fail", "")]
    assert carried("", "5") == [("not_assessable", "blank_cells")]
    assert carried("3", "5", report_scope="unknown") == [("uncertain", "scope_unknown")]


def test_both_reports_are_named_with_their_places():
    (check,) = between(rows({"requests_pending_end": "3"}, form=C1), rows({"requests_pending_start": "5"}))
    assert (check.capture_id, check.other_capture_id, check.report_year) == ("c1", "c0", 2022)
    assert check.explanation == "上年结转申请数 5 ≠ 结转下年度继续办理（此前报告） 3"
    assert check.evidence == "left: table 1 row 3 col 9: 5 | right: c0 table 1 row 3 col 9: 3"


def test_applicants_may_be_sorted_anew_where_the_total_is_carried():
    def both(name, person, total):
        return [cell(name, person, 3, 3, applicant="natural_person"), cell(name, total, 3, 9)]

    assert told(between(both("requests_pending_end", "2", "3"), both("requests_pending_start", "3", "3"))) == [
        ("C_CARRY_OVER", "total", "pass", ""),
        ("C_CARRY_OVER", "natural_person", "uncertain", "applicants_resorted"),
    ]
    assert told(between(both("requests_pending_end", "2", "3"), both("requests_pending_start", "3", "4"))) == [
        ("C_CARRY_OVER", "total", "fail", ""),
        ("C_CARRY_OVER", "natural_person", "fail", ""),
    ]


def test_a_stock_moves_by_what_was_issued_and_repealed():
    def documents(*printed):
        return [cell(name, text, 3, col) for col, (name, text) in enumerate(zip(STOCK, printed, strict=True), 1)]

    earlier = documents("10", "0", "597")
    assert told(between(earlier, documents("50", "227", "420"))) == [("C2_STOCK_NORM", "total", "pass", "")]
    assert told(between(earlier, documents("50", "227", "470"))) == [("C2_STOCK_NORM", "total", "uncertain", "recount")]


def test_items_of_a_list_go_on_from_year_to_year():
    def items(prior, change):
        return rows({"admin_licence_items_prior_year": prior, "admin_licence_items_change": change}, form=C1)

    assert told(between(items("396", "-18"), items("378", "0"))) == [
        ("C1_ITEMS_ROLL.admin_licence", "total", "pass", "")
    ]
    assert told(between(items("396", ""), items("380", "0"))) == [
        ("C1_ITEMS_ROLL.admin_licence", "total", "uncertain", "blank_cells")
    ]


def series(annual, cumulative, form=FUJIAN):
    return [
        cell("requests_received", annual, 4, 2, form=form),
        cell("requests_received", cumulative, 4, 3, form=form, measure="cumulative"),
    ]


def test_a_sum_over_all_years_grows_by_the_year():
    assert told(between(series("9", "40"), series("7", "47"))) == [
        ("CUM_SERIES.requests_received", "total", "pass", "")
    ]
    assert told(between(series("9", "40"), series("7", "46"))) == [
        ("CUM_SERIES.requests_received", "total", "fail", "")
    ]
    # another form may have begun to count anew
    assert told(between(series("9", "40", "A_FJ_2008"), series("7", "46"))) == [
        ("CUM_SERIES.requests_received", "total", "uncertain", "form_changed")
    ]


def test_a_sum_over_all_years_does_not_fall_over_a_gap():
    assert told(between(series("9", "40"), series("7", "90"), EARLIER)) == [
        ("CUM_FALLS.requests_received", "total", "pass", "")
    ]
    (fall,) = between(series("9", "85376"), series("7", "12106"), EARLIER)
    assert (fall.verdict, fall.left, fall.right) == ("fail", 12106, 85376)


@pytest.fixture
def report():
    def make(year, capture_id, scope="area", **changes):
        settings = {"report_year": year, "capture_id": capture_id, "report_scope": scope, "is_current": True}
        return SimpleNamespace(**{**settings, "agency_id": "a1", **changes})

    return make


def test_reports_are_paired_with_the_one_before_of_the_same_scope(report):
    reports = [
        report(2018, "a"),
        report(2019, "b"),
        report(2019, "old", is_current=False),
        report(2022, "c"),
        report(2020, "own", scope="own"),
        report(None, "none"),
    ]
    assert {later: (span, before.capture_id) for later, (span, before) in earlier_reports(reports).items()} == {
        "b": (YEARS, "a"),
        "c": (EARLIER, "b"),
    }
    assert earlier_reports([report(2018, "a", agency_id=None), report(2019, "b", agency_id=None)]) == {}
