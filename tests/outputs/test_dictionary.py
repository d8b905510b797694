"""The dictionary and the concordance as tables: complete, in order, with the parts of each sum."""

from corpus.concordance import form_ids
from corpus.indicators import load_indicators
from outputs.dictionary import concordance_table, indicator_table


def rows(table):
    return table.to_pylist()


def test_one_row_an_indicator_in_order_of_its_id():
    found = rows(indicator_table())
    assert [row["indicator"] for row in found] == sorted(load_indicators())
    (row,) = [row for row in found if row["indicator"] == "other_handling_misc"]
    assert row == {
        "indicator": "other_handling_misc",
        "group": "6 requests: outcome",
        "label_zh": "其他",
        "label_en": "Other handling, miscellaneous (e.g. withdrawn)",
        "definition": "Ended in yet another way, such as by withdrawal.",
        "unit": "件",
        "unit_on_form": "件",
        "forms": "C2_2021_30",
        "comparability_note": "Since 2021.",
        "foia_gov_analogue": "Request Withdrawn; Other (V.B.1)",
    }


def test_one_row_an_indicator_and_form():
    found = rows(concordance_table())
    keys = [(row["indicator"], row["form_id"]) for row in found]
    assert keys == sorted((indicator, form) for indicator in load_indicators() for form in form_ids())
    by_key = dict(zip(keys, found, strict=True))
    assert by_key["litigation_total", "C2_2021_30"] == {
        "indicator": "litigation_total",
        "form_id": "C2_2021_30",
        "kind": "sum_of",
        "sum_is": "exact",
        "parts": "litigation_direct_total litigation_post_review_total",
        "breaks_with": None,
        "note": "As in 2019: the sum of both ways to court.",
    }
    assert by_key["denied_total", "A_FJ_2014"]["breaks_with"] == "C1_2019_60 C2_2021_30"
    assert by_key["denied_total", "A_FB184609"] == {
        "indicator": "denied_total",
        "form_id": "A_FB184609",
        "kind": "none",
        "sum_is": None,
        "parts": None,
        "breaks_with": None,
        "note": None,
    }
