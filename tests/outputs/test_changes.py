"""What became of a figure between two years, and every reason for which it may not be said."""

from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from small_datasets import write_dataset

from outputs import schema
from outputs.changes import CHANGES
from outputs.changes.unusual import in_words, is_unusual, log_ratio, middle_and_spread, robust_z
from outputs.schema.changes import REASONS
from parsers.records import Claim

C1, C2, FJ = "C1_2019_60", "C2_2021_30", "A_FJ_2014"
TOWN = {"agency_id": "320813-food_drug", "agency": "某区食品药品监督管理局"}


@pytest.fixture
def changes(tmp_path, run):
    """Write reports and return the rows of `changes` as dicts without what is empty."""
    numbers = count()

    def write(*pages):
        folder = write_dataset(tmp_path / str(next(numbers)), run, pages, CHANGES)
        rows = pq.read_table(folder / "changes.parquet").to_pylist()
        return [{name: value for name, value in row.items() if value is not None} for row in rows]

    return write


@pytest.fixture
def report(page, fact, cell):
    """Make the report of a year; facts are given as changes of the fact of the fixture, each in a column of its own."""

    def make(year, *facts, form=C1, claims=(), name="", captured_at="", **identity):
        made = tuple(fact._replace(**{"form_id": form, "col": no, **given}) for no, given in enumerate(facts, 1))
        printed = [each for each in made if each.source == "table"]
        about = {"report_year": year, "period_start": "", "period_end": "", **identity}
        return page(
            f"{year} {name} {identity.get('report_scope')}",
            uri=f"{year}{name}{identity.get('report_scope')}.html",
            captured_at=captured_at,
            identity=about,
            facts=made,
            claims=claims,
            form_ids=(form,) if form else (),
            cells=tuple(
                cell._replace(**{name: getattr(each, name) for name in cell._fields if name in each._fields})
                for each in printed
            ),
        )

    return make


def prose(value, block_no=7):
    place = {"block_no": block_no, "char_start": 3, "char_end": 8, "table_no": None, "row": None, "col": None}
    return {"value": Decimal(value), "source": "prose", "form_id": "", **place}


def claim(value, *, approximate=False, last_digit=1, block_no=7):
    return Claim(
        block_no=block_no,
        char_start=3,
        char_end=8,
        section_no=0,
        sentence="共收到申请739件。",
        subject="申请",
        raw="739件",
        value=Decimal(value),
        unit="件",
        share_percent=None,
        approximate=approximate,
        indicator="requests_received",
        mapping="exact",
        kind="count",
        period="year",
        zero_in_words=False,
        whole_start=None,
        last_digit=Decimal(last_digit),
    )


def test_a_whole_row(changes, report):
    before = report(2020, {"value": Decimal(40), "row": 3, "col": 9})
    after = report(2021, {"value": Decimal(50), "row": 4, "col": 9})
    assert changes(before, after) == [
        {
            "agency_id": "320813",
            "report_scope": "area",
            "year": 2021,
            "indicator": "requests_received",
            "applicant": "total",
            "year_before": 2020,
            "value_before": Decimal(40),
            "value_after": Decimal(50),
            "difference": Decimal(10),
            "ratio": Decimal("1.25"),
            "unit": "件",
            "status": "changed",
            "n_own": 0,
            "n_peers": 0,
            "unusual": "too few own earlier changes (0 of 4); too few changes of peers (0 of 8)",
            "source_before": "table",
            "source_after": "table",
            "form_before": C1,
            "form_after": C1,
            "scope_before": "area",
            "capture_id_before": before[0].capture_id,
            "capture_id_after": after[0].capture_id,
            "place_before": "table 0, row 3, column 9",
            "place_after": "table 0, row 4, column 9",
        }
    ]


BLANK = {"value": None, "state": "blank"}
NUMBER = {"value": Decimal(5)}
UNKNOWN = {"value": Decimal(5), "unit": ""}

CASES = {
    "same": (NUMBER, NUMBER, "same", None),
    "zero is a number": ({"value": Decimal(0)}, NUMBER, "changed", None),
    "from a blank": (BLANK, NUMBER, "not_comparable", "blank_before"),
    "to a blank": (NUMBER, BLANK, "not_comparable", "blank_after"),
    "a stroke is no number": (NUMBER, {"value": None, "state": "slash"}, "not_comparable", "blank_after"),
    "two blanks": (BLANK, BLANK, "not_comparable", "blank_both"),
    "unit lost": (UNKNOWN, NUMBER, "not_comparable", "unit_unknown"),
    "two units": ({"value": Decimal(5), "unit": "条"}, NUMBER, "not_comparable", "unit_changed"),
    "printed as approximate": (
        {"value": Decimal(5), "derivation": "printed as approximate"},
        NUMBER,
        "not_comparable",
        "approximate",
    ),
    "too much on both sides": (
        {"value": Decimal(5), "concordance": "broader"},
        {"value": Decimal(6), "concordance": "broader"},
        "changed",
        None,
    ),
    "too much on one side": ({"value": Decimal(5), "concordance": "broader"}, NUMBER, "not_comparable", "concordance"),
    "a sum of the same rows": (
        {"value": Decimal(5), "source": "derived", "concordance": "sum_of"},
        NUMBER,
        "same",
        None,
    ),
    "text, then table": (prose(5), {"value": Decimal(6)}, "changed", None),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_two_figures(changes, report, case):
    before, after, status, reason = case
    (row,) = changes(report(2020, before), report(2021, after))
    assert (row["status"], row.get("reason")) == (status, reason)
    assert ("difference" in row) == (status != "not_comparable")
    assert ("unusual" in row) == (status != "not_comparable")


def test_both_values_stand_in_the_row_even_if_they_may_not_be_compared(changes, report):
    (row,) = changes(report(2020, UNKNOWN), report(2021, NUMBER))
    assert (row["value_before"], row["value_after"]) == (5, 5)


# The text: what it rounds away, nobody knows.


@pytest.mark.parametrize(
    ("said", "printed", "status", "reason"),
    [
        ({"value": 39700, "last_digit": 100}, 39700, "not_comparable", "rounded"),
        ({"value": 39700, "last_digit": 100}, 39799, "not_comparable", "rounded"),  # cut off after the second digit
        ({"value": 39700, "last_digit": 100}, 39800, "changed", None),
        ({"value": 39700, "last_digit": 100}, 39650, "not_comparable", "rounded"),  # rounded up
        ({"value": 39700, "last_digit": 100}, 39649, "changed", None),
        ({"value": 39700, "last_digit": 100, "approximate": True}, 50000, "not_comparable", "approximate"),
        ({"value": 739}, 739, "same", None),
    ],
)
def test_numbers_of_the_text(changes, report, said, printed, status, reason):
    before = report(2020, prose(said["value"]), claims=(claim(**said),))
    (row,) = changes(before, report(2021, {"value": Decimal(printed)}))
    assert (row["status"], row.get("reason")) == (status, reason)
    assert row["place_before"] == "block 7, characters 3-8"


def test_a_cell_in_ten_thousands_rounds_as_well(changes, report, cell):
    """3.97 in 万条 may be 39712; a digit more leaves less open."""

    def scaled(year, raw, value):
        capture, page = report(year, {"value": Decimal(value), "derivation": "scaled from 万件"})
        return capture, replace(page, cells=(page.cells[0]._replace(raw=raw, value=Decimal(raw)),))

    rows = changes(scaled(2019, "3.97", 39700), report(2020, {"value": Decimal(39712)}))
    assert [(row["status"], row["reason"]) for row in rows] == [("not_comparable", "rounded")]
    rows = changes(scaled(2019, "3.9700", 39700), report(2020, {"value": Decimal(39712)}))
    assert [(row["status"], row["difference"]) for row in rows] == [("changed", 12)]


# Forms.


def test_forms_that_count_the_same_are_compared(changes, report):
    (row,) = changes(report(2020, {"value": Decimal(5)}), report(2021, {"value": Decimal(7)}, form=C2))
    assert (row["status"], row["form_before"], row["form_after"]) == ("changed", C1, C2)


def test_forms_that_count_another_quantity_under_one_name_are_not(changes, report):
    """The form of 2021 counts 行政规范性文件 where that of 2019 counted 规范性文件."""
    figure = {"indicator": "normative_documents_issued", "unit": "件"}
    before = report(2020, {**figure, "value": Decimal(77)})
    after = report(2021, {**figure, "value": Decimal(69), "concordance": "narrower"}, form=C2)
    (row,) = changes(before, after)
    assert (row["status"], row["reason"]) == ("not_comparable", "form_changed")
    assert (row["value_before"], row["value_after"]) == (77, 69)
    assert "difference" not in row


def test_the_text_of_another_form_is_not_held_against_documents(changes, report):
    """Fujian counted documents (主动公开文件数) until 2018; a text of 2019 speaks of items (条)."""
    figure = {"indicator": "proactive_items_disclosed", "unit": "条"}
    before = report(2018, {**figure, "value": Decimal(2069)}, form=FJ)
    after = report(2019, {**figure, **prose(2599)})
    (row,) = changes(before, after)
    assert (row["status"], row["reason"]) == ("not_comparable", "form_changed")
    assert "documents, not items" in row["note"]


def test_the_text_of_a_report_on_the_same_form_is(changes, report):
    figure = {"indicator": "proactive_items_disclosed", "unit": "条"}
    before = report(2017, {**figure, "value": Decimal(2069)}, form=FJ)
    (row,) = changes(before, report(2018, {**figure, **prose(2599)}, form=FJ))
    assert (row["status"], row["note"]) == ("changed", "from a table, then from the text")


def test_a_row_that_only_one_form_has_is_new_or_gone(changes, report):
    gone = {"indicator": "admin_fee_items_prior_year", "value": Decimal(35), "unit": "项"}
    came = {"indicator": "admin_fee_amount", "value": Decimal(100), "unit": "元"}
    amount, items = changes(report(2020, gone), report(2021, came, form=C2))
    assert (amount["status"], amount["reason"], amount["value_after"]) == ("new", "form_changed", 100)
    assert amount["note"] == f"{C1} does not ask for it"
    assert (items["status"], items["reason"], items["value_before"]) == ("removed", "form_changed", 35)
    assert items["note"] == f"{C2} does not ask for it"


def test_kinds_of_applicant_came_with_the_form_of_2019(changes, report):
    total = {"value": Decimal(3)}
    before = report(2018, total, form=FJ)
    natural, all_kinds = changes(before, report(2019, total, {**total, "applicant": "natural_person"}))
    assert (natural["applicant"], natural["status"]) == ("natural_person", "new")
    assert (all_kinds["applicant"], all_kinds["status"]) == ("total", "same")


@pytest.mark.parametrize(
    ("form_before", "form_after"),
    [
        (C1, C1),  # the form asks for it: the report keeps silent, or could not be read
        ("", C1),  # no known form: nothing says that it had no place for it
    ],
)
def test_silence_is_not_news(changes, report, form_before, form_after):
    (row,) = changes(report(2020, form=form_before), report(2021, NUMBER, form=form_after))
    assert (row["status"], row["reason"]) == ("not_comparable", "not_printed_before")


def test_what_only_the_text_says_is_not_new(changes, report):
    """No form asks for it: a report may speak of it in one year and not in the next."""
    figure = {"indicator": "information_processing_fees", "unit": "元", **prose(0)}
    (row,) = changes(report(2020), report(2021, figure, form=C2))
    assert (row["status"], row["reason"]) == ("not_comparable", "not_printed_before")
    (row,) = changes(report(2021, figure, form=C2), report(2022, form=C2))
    assert (row["status"], row["reason"]) == ("not_comparable", "not_printed_after")


# Scopes, years, bodies, periods.


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("own", "area", "scope_changed"),
        ("unknown", "area", "scope_unknown"),
        ("area", "unknown", "scope_unknown"),
        ("unknown", "unknown", None),
    ],
)
def test_scopes(changes, report, before, after, reason):
    (row,) = changes(report(2020, NUMBER, report_scope=before), report(2021, NUMBER, report_scope=after))
    assert (row.get("reason"), row["scope_before"], row["report_scope"]) == (reason, before, after)
    assert row["status"] == ("not_comparable" if reason else "same")


def test_each_scope_is_compared_with_its_own(changes, report):
    rows = changes(
        report(2020, {"value": Decimal(1)}, report_scope="own"),
        report(2020, {"value": Decimal(10)}, report_scope="area"),
        report(2021, {"value": Decimal(2)}, report_scope="own"),
        report(2021, {"value": Decimal(20)}, report_scope="area"),
    )
    assert [(row["report_scope"], row["difference"]) for row in rows] == [("area", 10), ("own", 1)]


def test_a_missing_year_is_said_and_the_first_year_has_nothing_before_it(changes, report):
    (row,) = changes(report(2018, NUMBER), report(2020, NUMBER))
    assert (row["year"], row["year_before"], row["status"], row["reason"]) == (
        2020,
        2019,
        "not_comparable",
        "missing_year",
    )
    assert "value_before" not in row
    assert row["note"] == "no report of 2019"


def test_a_body_that_took_over_from_others(changes, report):
    new = {"agency_id": "320813-market_regulation", "agency": "某区市场监督管理局"}
    (row,) = changes(report(2018, NUMBER, **TOWN), report(2019, NUMBER, name="new", **new))
    assert (row["agency_id"], row["reason"]) == ("320813-market_regulation", "agency_changed")
    assert row["note"] == "the report of 2018 is by 320813-food_drug"


def test_a_year_of_eight_months_is_no_year(changes, report):
    """The regulation took effect on 1 May 2008: the first reports begin there."""
    (row,) = changes(
        report(2008, NUMBER, period_start="2008-05-01", period_end="2008-12-31"),
        report(2009, NUMBER, period_start="2009-01-01", period_end="2009-12-31"),
    )
    assert (row["status"], row["reason"]) == ("not_comparable", "period_changed")
    assert row["note"] == "2008-05-01 to 2008-12-31, then 2009-01-01 to 2009-12-31"


def test_only_current_captures_and_annual_figures_take_part(changes, report):
    cumulative = {"value": Decimal(900), "measure": "cumulative"}
    rows = changes(
        report(2020, NUMBER, cumulative),
        report(2021, {"value": Decimal(99)}, name="old", captured_at="2022-01-31"),
        report(2021, {"value": Decimal(6)}, cumulative, name="new", captured_at="2022-03-31"),
    )
    assert [(row["value_before"], row["value_after"]) for row in rows] == [(5, 6)]


def test_a_report_that_names_no_agency_has_no_changes(changes, report):
    assert changes(report(2020, NUMBER, agency_id=""), report(2021, NUMBER, agency_id="")) == []


# What is unusual.


def test_a_score_by_hand():
    # median 2, distances 1 0 1 8: their median 1; (8 - 2) / 1.4826
    middle, spread = middle_and_spread([1.0, 2.0, 3.0, 10.0, 2.0])
    assert (middle, round(spread, 4)) == (2.0, 1.4826)
    assert robust_z(8.0, middle, spread) == 4.05


def test_where_most_are_alike_the_mean_distance_is_the_spread():
    # median 0, median distance 0, mean distance 4/5
    middle, spread = middle_and_spread([0.0, 0.0, 0.0, 0.0, 4.0])
    assert (middle, round(spread, 5)) == (0.0, 1.00264)


def test_log_ratios_of_counts_have_a_zero_and_those_of_money_do_not():
    assert log_ratio(Decimal(0), Decimal(0), "件") == 0.0
    assert log_ratio(Decimal(0), Decimal(1), "件") == 0.693147181
    assert log_ratio(Decimal(0), Decimal(1), "元") is None
    assert log_ratio(Decimal(-1), Decimal(1), "件") is None


@pytest.mark.parametrize(
    ("score", "others", "unusual", "words"),
    [
        (3.5, 8, False, "in line with 8 changes of peers"),
        (-3.51, 8, True, "far below 8 changes of peers"),
        (None, 8, True, "unlike 8 changes of peers, which are all alike"),
        (None, 7, False, "too few changes of peers (7 of 8)"),
    ],
)
def test_words_for_a_score(score, others, unusual, words):
    assert is_unusual(score, others, 8) is unusual
    assert in_words(score, others, 8, "changes of peers") == words


def test_a_jump_after_quiet_years_stands_out(changes, report):
    values = (100, 110, 100, 110, 100, 1000)
    rows = changes(*(report(2015 + no, {"value": Decimal(value)}) for no, value in enumerate(values)))
    # log ratios ±ln(111/101) = ±0.0944: median 0, spread 1.4826 × 0.0944 = 0.13998; ln(1001/101) = 2.29364
    assert [row["n_own"] for row in rows] == [0, 1, 2, 3, 4]
    assert [row.get("unusual_own") for row in rows] == [None, None, None, None, Decimal("16.39")]
    assert rows[-1]["unusual"].startswith("far above 4 own earlier changes; ")


def test_peers_are_agencies_of_the_level_and_year(changes, report):
    pages = []
    for no in range(9):
        about = {"agency_id": f"32081{no}-government", "agency": f"某{no}区"}
        last = 300 if no == 8 else 100 + 2 * no
        pages += [
            report(2020, {"value": Decimal(100)}, name=str(no), **about),
            report(2021, {"value": Decimal(last)}, name=str(no), **about),
        ]
    rows = changes(*pages)
    assert {row["n_peers"] for row in rows} == {8}
    far = [row["agency_id"] for row in rows if "far above 8 changes of peers" in row["unusual"]]
    assert far == ["320818-government"]
    other_level = report(2021, {"value": Decimal(100)}, name="x", agency_id="cn-x", agency_level="central")
    assert len(changes(*pages[:-2], other_level)) == 8


def test_an_agency_of_unknown_level_has_no_peers(changes, report):
    pages = [
        report(year, NUMBER, name=str(no), agency_id=f"x{no}", agency_level="unknown")
        for no in range(10)
        for year in (2020, 2021)
    ]
    assert {row["n_peers"] for row in changes(*pages)} == {0}


def test_every_reason_stands_in_the_documentation_and_in_the_schema():
    column = next(column for column in schema.table("changes").columns if column.name == "reason")
    assert column.values == tuple(REASONS)
    text = (Path(__file__).parents[2] / "docs" / "comparing.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert [reason for reason in REASONS if not any(f"`{reason}`" in row for row in rows)] == []
