"""Rules of truth of the checks: blanks never make a contradiction, and a filled table hides none."""

from decimal import Decimal

from check_pages import C2, COLUMNS, KINDS, cell, claim, page
from hypothesis import given, settings
from hypothesis import strategies as st

from outputs.checks import check_report

RESULTS = (
    "granted_full",
    "granted_partial",
    "denied_state_secret",
    "denied_other_law",
    "denied_safety_stability",
    "denied_third_party",
    "denied_internal",
    "denied_process",
    "denied_case_file",
    "denied_administrative_inquiry",
    "not_held",
    "requires_creation",
    "unclear_after_correction",
    "not_processed_petition",
    "not_processed_duplicate",
    "not_processed_publication",
    "not_processed_excessive",
    "not_processed_confirm",
    "other_handling_no_correction",
    "other_handling_fee_unpaid",
    "other_handling_misc",
)
CLAIMED = ("requests_received", "requests_processed", "granted_full", "denied_total", "unable_to_provide_total")
GROUPS = {"denied_total": RESULTS[2:10], "unable_to_provide_total": RESULTS[10:13]}


@st.composite
def tables(draw):
    """A table of requests that adds up in every row and column: (indicator, applicant) → number."""
    counts = st.integers(0, 3)
    columns = {}
    for kind in KINDS:
        column = {name: draw(counts) for name in RESULTS} if draw(st.booleans()) else dict.fromkeys(RESULTS, 0)
        processed = sum(column.values())
        carried = draw(st.integers(0, processed))
        ahead = draw(counts)
        column |= {
            "requests_processed": processed,
            "requests_pending_start": carried,
            "requests_pending_end": ahead,
            "requests_received": processed + ahead - carried,
        }
        columns[kind] = column
    columns["total"] = {name: sum(columns[kind][name] for kind in KINDS) for name in columns["other_org"]}
    return {(name, kind): number for kind, column in columns.items() for name, number in column.items()}


def cells_of(table, blank=frozenset()):
    names = sorted({name for name, _ in table})
    return [
        cell(
            name,
            "" if (name, kind) in blank else str(number),
            names.index(name),
            COLUMNS[kind],
            applicant=kind,
            form=C2,
        )
        for (name, kind), number in table.items()
    ]


def claims_of(table):
    """Claims of the prose that say what the table says."""
    truth = {name: sum(table[part, "total"] for part in GROUPS.get(name, (name,))) for name in CLAIMED}
    return [claim(f"{number}件", Decimal(number), 20 * i, name) for i, (name, number) in enumerate(truth.items())]


def failing(cells, claims=()):
    return [(c.check_id, c.applicant, c.explanation) for c in check_report(page(cells, claims)) if c.verdict == "fail"]


@settings(max_examples=40)
@given(tables(), st.data())
def test_no_set_of_blanks_makes_a_table_that_adds_up_contradict_itself_or_its_prose(table, data):
    blank = data.draw(st.sets(st.sampled_from(sorted(table)), max_size=len(table)))
    assert failing(cells_of(table, blank), claims_of(table)) == []


@settings(max_examples=40)
@given(tables())
def test_blank_zeros_leave_nothing_in_doubt_where_totals_are_printed(table):
    totals = {key for key in table if key[1] == "total" or key[0].startswith("requests_")}
    blank = {key for key, number in table.items() if number == 0 and key not in totals}
    checks = check_report(page(cells_of(table, blank), claims_of(table)))
    assert {c.verdict for c in checks} == {"pass"}


@settings(max_examples=40)
@given(tables(), st.data())
def test_one_changed_number_of_a_filled_table_is_always_found(table, data):
    key = data.draw(st.sampled_from(sorted(table)))
    changed = {**table, key: table[key] + data.draw(st.integers(1, 9))}
    assert failing(cells_of(changed)) != []


@settings(max_examples=20)
@given(tables(), st.integers(1, 9))
def test_prose_that_says_another_number_is_always_found(table, more):
    wrong = [one._replace(value=one.value + more) for one in claims_of(table)]
    # with what was carried in, the prose may count more
    carried = table["requests_pending_start", "total"]
    expected = {"P_REPLIED.processed.1", "P_GROUPS.granted.1", "P_GROUPS.denied.1", "P_GROUPS.unable.1"}
    expected |= {"P_RECEIVED.1"} if more != carried else set()
    assert {entry[0] for entry in failing(cells_of(table), wrong)} == expected
