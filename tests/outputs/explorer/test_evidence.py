"""Places that the dataset names in words become anchors, all of them, whatever is printed there."""

import re

import pytest

from outputs.explorer.shown.evidence import Evident, anchor_in, counted_in, places_in

PLACE = re.compile(r"table \d+ row \d+ col \d+:|block \d+ chars \d+-\d+:")
EARLIER = "e920c63cc58fe35f"


@pytest.mark.parametrize(
    ("evidence", "places"),
    [
        ("", []),
        (None, []),
        ("all tables", []),
        ("left: not printed | right: table 0 row 1 col 2: 5", [Evident("right", "c-0-1-2", "5")]),
        ("left: block 9 chars 4-8: 26件 | right: not printed", [Evident("left", "b-9-4-8", "26件")]),
        (
            f"left: table 1 row 4 col 9: 3 | right: {EARLIER} table 1 row 25 col 9: 4",
            [Evident("left", "c-1-4-9", "3"), Evident("right", "c-1-25-9", "4", EARLIER)],
        ),
        # what is printed may look like the words between places
        (
            "left: table 1 row 2 col 3: 3; 4 | right: 5 | right: table 1 row 3 col 3: left: 7\n8",
            [Evident("left", "c-1-2-3", "3; 4 | right: 5"), Evident("right", "c-1-3-3", "left: 7\n8")],
        ),
        # a list of shares has one side
        (
            "left: block 3 chars 1-4: 60%; block 3 chars 8-11: 40%",
            [Evident("left", "b-3-1-4", "60%"), Evident("left", "b-3-8-11", "40%")],
        ),
    ],
)
def test_places_of_a_check(evidence, places):
    assert places_in(evidence) == places


def test_all_evidence_of_a_dataset_is_understood(desk):
    rows = desk.rows("SELECT evidence FROM checks")
    assert len(rows) > 500
    for row in rows:
        places = places_in(row["evidence"])
        assert len(places) == len(PLACE.findall(row["evidence"])), row["evidence"]
        assert all(place.side in {"left", "right"} and not PLACE.search(place.printed) for place in places)


def test_every_place_of_a_check_is_a_cell_or_a_number_in_a_sentence(desk):
    known = {f"c-{r['table_no']}-{r['row']}-{r['col']}/{r['capture_id']}" for r in desk.rows("SELECT * FROM cells")}
    known |= {
        f"b-{r['block_no']}-{r['char_start']}-{r['char_end']}/{r['capture_id']}"
        for r in desk.rows("SELECT * FROM claims")
    }
    for row in desk.rows("SELECT capture_id, evidence FROM checks WHERE verdict <> 'not_assessable'"):
        for place in places_in(row["evidence"]):
            assert f"{place.anchor}/{place.capture_id or row['capture_id']}" in known, row["evidence"]


def test_numbers_of_a_rate_lead_to_their_places(desk):
    for row in desk.rows("SELECT numerator_evidence AS n, denominator_evidence AS d, denominator FROM rates"):
        for evidence in (row["n"], row["d"]):
            assert len(counted_in(evidence)) == len((evidence or "").split("; ")) * bool(evidence), evidence


def test_a_place_in_words_without_a_place_has_no_anchor():
    assert anchor_in("") == anchor_in(None) == anchor_in("sum of its rows") == ""
    assert anchor_in("block 9, characters 4 to 8") == "b-9-4-8"
