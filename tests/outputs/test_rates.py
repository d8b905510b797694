"""Rates: what is divided by what, where it stands, and when there is none."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpus.concordance import load_concordance, why_not_comparable
from corpus.indicators import load_indicators
from corpus.rates import Term, load_rates, written
from corpus.tables import read_table
from outputs.arrow import final_schema
from outputs.derive import derive
from outputs.rates import RATES

CAPTURE = "0" * 16


@pytest.fixture
def rates(tmp_path):
    """Compute rates from facts and checks that are given as (indicator, value) and more."""

    def make(*facts, checks=(), report=None):
        (tmp_path / "scratch").mkdir()
        about = {"capture_id": CAPTURE, "agency_id": "a", "report_year": 2021, "report_scope": "own"}
        about |= {"form_ids": "C2_2021_30", "is_current": True, "agency_level": "county", **(report or {})}
        table(tmp_path, "reports", [about])
        table(tmp_path, "facts", [{"capture_id": about["capture_id"], **fact} for fact in facts])
        table(tmp_path, "checks", [{"capture_id": about["capture_id"], **check} for check in checks])
        derive(tmp_path, tmp_path / "scratch", steps=[RATES])
        return {row["rate"]: row for row in pq.read_table(tmp_path / "rates.parquet").to_pylist()}

    return make


def table(folder, name, rows):
    """Write a table of the dataset; what is not given is empty."""
    fields = final_schema(name)
    filled = [{column: row.get(column) for column in fields.names} for row in rows]
    pq.write_table(pa.Table.from_pylist(filled, fields), folder / f"{name}.parquet")


def fact(indicator, value, **changes):
    number = None if value is None else Decimal(value)
    usual = {"applicant": "total", "measure": "annual", "state": "number" if value is not None else "blank"}
    place = {"table_no": 1, "row": 5, "col": 9}
    about = {"unit": "件", "source": "table", "form_id": "C2_2021_30", "concordance": "exact"}
    return {"indicator": indicator, "value": number, **usual, **about, **place, **changes}


def some(row, *names):
    return tuple(row[name] for name in names)


def test_a_rate_stands_beside_what_was_divided_and_where_it_was_read(rates):
    row = rates(fact("granted_full", 7), fact("granted_partial", 6, row=6), fact("requests_processed", 21, row=24))[
        "granted_rate"
    ]
    assert some(row, "numerator", "denominator", "value") == (13, 21, Decimal("61.90"))
    assert some(row, "status", "reason", "note", "checks") == ("ok", None, None, None)
    assert row["label_zh"] == "公开率"
    assert row["numerator_indicators"] == "granted_full + granted_partial"
    assert row["denominator_indicators"] == "requests_processed"
    assert row["numerator_evidence"] == (
        "granted_full 7 (table 1, row 5, column 9); granted_partial 6 (table 1, row 6, column 9)"
    )
    assert row["denominator_evidence"] == "requests_processed 21 (table 1, row 24, column 9)"
    assert some(row, "agency_id", "report_year", "report_scope", "capture_id") == ("a", 2021, "own", CAPTURE)


def test_half_a_hundredth_is_rounded_up(rates):
    row = rates(fact("granted_full", 1), fact("granted_partial", 0), fact("requests_processed", 800))["granted_rate"]
    assert row["value"] == Decimal("0.13")  # 0.125


def test_a_difference_is_the_denominator_of_what_was_concluded(rates):
    row = rates(
        fact("reconsideration_corrected", 1), fact("reconsideration_total", 12), fact("reconsideration_pending", 2)
    )["reconsideration_corrected_rate"]
    assert some(row, "numerator", "denominator", "value", "note") == (1, 10, 10, None)
    assert row["denominator_indicators"] == "reconsideration_total - reconsideration_pending"


def test_a_sum_of_printed_parts_may_be_divided(rates):
    derived = fact("denied_total", 3, source="derived", derivation="sum of table 1, rows 7, 8, column 9", table_no=None)
    row = rates(derived, fact("requests_processed", 12))["denied_rate"]
    assert some(row, "value", "status") == (25, "ok")
    assert row["numerator_evidence"] == "denied_total 3 (sum of table 1, rows 7, 8, column 9)"


@pytest.mark.parametrize(
    ("part", "status", "reason"),
    [
        (None, "not_printed", "granted_full is not printed in a table, nor are all parts that it could be summed from"),
        ({"value": None, "state": "blank"}, "no_number", "granted_full is blank (table 1, row 5, column 9)"),
        ({"value": None, "state": "text"}, "no_number", "granted_full is no number (table 1, row 5, column 9)"),
        ({"concordance": "broader"}, "not_exact", "granted_full 7 (table 1, row 5, column 9) counts something broader"),
        ({"unit": None}, "unit_unknown", "granted_full 7 (table 1, row 5, column 9) lost its unit"),
        ({"form_id": "A_SH_2008"}, "not_printed", "granted_full is not printed in a table"),
        ({"source": "prose"}, "not_printed", "granted_full is told in the text only"),
        ({"measure": "cumulative"}, "not_printed", "granted_full is not printed in a table"),
        ({"applicant": "natural_person"}, "not_printed", "granted_full is not printed in a table"),
    ],
)
def test_without_each_of_its_parts_there_is_no_rate(rates, part, status, reason):
    facts = [fact("granted_partial", 6), fact("requests_processed", 21)]
    if part is not None:
        facts.append(fact("granted_full", 7) | part)
    row = rates(*facts)["granted_rate"]
    assert some(row, "numerator", "denominator", "value", "status") == (None, 21, None, status)
    assert row["reason"].startswith(reason)


@pytest.mark.parametrize(("total", "pending"), [(0, 0), (2, 2), (1, 2)])
def test_nothing_is_divided_by_nothing(rates, total, pending):
    row = rates(
        fact("reconsideration_corrected", 0),
        fact("reconsideration_total", total),
        fact("reconsideration_pending", pending),
    )["reconsideration_corrected_rate"]
    assert some(row, "value", "status") == (None, "denominator_zero")
    assert row["reason"].startswith("there was nothing to divide by: ")


def test_a_small_base_and_a_part_larger_than_its_whole_are_marked(rates):
    found = rates(fact("granted_full", 10), fact("granted_partial", 2), fact("requests_processed", 9))
    assert some(found["granted_rate"], "value", "note") == (Decimal("133.33"), "small_base above_whole")
    assert found["granted_partial_rate"]["note"] == "small_base"


def test_checks_that_do_not_pass_are_named_where_they_matter(rates):
    def check(check_id, verdict, expression, applicant="total"):
        fixed = {"identity_id": check_id, "strictness": "strict", "applicant": applicant}
        return {"check_id": check_id, "verdict": verdict, "expression": expression, **fixed}

    found = rates(
        fact("granted_full", 7),
        fact("granted_partial", 6),
        fact("requests_processed", 21),
        checks=(
            check("C_A", "fail", "granted_full + granted_partial == requests_processed"),
            check("C_B", "uncertain", "granted_partial <= 5"),
            check("C_C", "pass", "granted_full <= 9"),
            check("C_D", "fail", "reconsideration_total == 3"),
            check("C_E", "fail", "granted_full == 2", "natural_person"),
        ),
    )
    assert some(found["granted_rate"], "note", "checks") == ("check_fails check_uncertain", "C_A C_B")
    assert some(found["granted_full_rate"], "note", "checks") == ("check_fails", "C_A")


def test_a_check_of_the_parts_of_a_sum_matters_too(rates):
    found = rates(
        fact("litigation_corrected", 1, source="derived", derivation="sum of table 2, row 3, columns 6, 11"),
        fact("litigation_total", 12, source="derived", derivation="sum of table 2, row 3, columns 9, 14"),
        fact("litigation_pending", 0, source="derived", derivation="sum of table 2, row 3, columns 8, 13"),
        checks=(
            {
                "check_id": "C_LIT_POST",
                "identity_id": "C_LIT_POST",
                "applicant": "total",
                "strictness": "strict",
                "verdict": "fail",
                "expression": "litigation_post_review_upheld == litigation_post_review_total",
            },
        ),
    )
    assert some(found["litigation_corrected_rate"], "value", "checks") == (Decimal("8.33"), "C_LIT_POST")


def test_the_forms_decide_which_rates_there_are(rates):
    found = rates(
        fact("requests_closed_on_time", 58, form_id="B_2014_32"),
        fact("requests_processed", 62, form_id="B_2014_32"),
        report={"form_ids": "B_2014_32"},
    )
    assert set(found) == {"granted_share_of_replies", "closed_on_time_rate", "extended_rate"}
    assert found["closed_on_time_rate"]["value"] == Decimal("93.55")
    assert found["granted_share_of_replies"]["status"] == "not_printed"


@pytest.mark.parametrize("report", [{"is_current": False}, {"agency_id": None}, {"report_year": None}])
def test_a_report_that_is_not_current_or_not_known_gives_none(rates, report):
    assert rates(fact("granted_full", 7), report=report) == {}


# The definitions.


def test_definitions_name_indicators_and_forms_that_are():
    forms = {row["form_id"] for row in read_table("form_list.csv")}
    for rate in load_rates():
        assert {term.indicator for term in (*rate.numerator, *rate.denominator)} <= set(load_indicators()), rate.rate
        assert set(rate.forms) <= forms, rate.rate
        assert all((rate.label_zh, rate.label_en, rate.definition, rate.caution, rate.source)), rate.rate
    assert len({rate.label_zh for rate in load_rates()}) == len(load_rates())


def test_all_forms_of_a_rate_count_its_indicators_exactly_and_alike():
    found = [
        (rate.rate, term.indicator, one, other)
        for rate in load_rates()
        for term in (*rate.numerator, *rate.denominator)
        for one in rate.forms
        for other in rate.forms
        if load_concordance()[term.indicator, one].quantity != "exact" or why_not_comparable(term.indicator, one, other)
    ]
    assert found == []


def test_sums_are_written_as_they_stand_in_the_file():
    terms = (Term(1, "reconsideration_total"), Term(-1, "reconsideration_pending"))
    assert written(terms) == "reconsideration_total - reconsideration_pending"
    (rate,) = (rate for rate in load_rates() if rate.rate == "reconsideration_corrected_rate")
    assert rate.denominator == terms
