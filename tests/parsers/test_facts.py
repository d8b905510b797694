"""Facts from tables, sums and sentences: which wins, and what a fact says of where its value comes from."""

from decimal import Decimal

import pytest

from parsers.facts import read_facts
from parsers.records import Claim, Finding, TableCell

C1, C2, B = "C1_2019_60", "C2_2021_30", "B_2014_32"
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
)


def cell(indicator, raw, *, row=1, col=9, **changes):
    """A cell of the table of requests: a count in 件, or a blank."""
    value = Decimal(raw) if raw else None
    made = TableCell(
        table_no=1,
        row=row,
        col=col,
        section_no=2,
        table_title="",
        row_path=f"三、本年度办理结果 / {row}",
        col_path="总计",
        raw=raw,
        state="number" if raw else "blank",
        value=value,
        unit_raw="",
        unit="件",
        base_value=value,
        base_unit="件",
        form_id=C2,
        indicator=indicator,
        applicant="total",
        measure="annual",
        mapping="exact" if indicator else "none",
        concordance="exact" if indicator else "",
        xpath="",
    )
    return made._replace(**changes)


def claim(indicator, value, raw="", **changes):
    """A number that a sentence states for the report and its year."""
    made = Claim(
        block_no=5,
        char_start=4,
        char_end=7,
        section_no=1,
        sentence="全年收到申请。",
        subject="收到申请",
        raw=raw or f"{value}件",
        value=Decimal(value),
        unit="件",
        share_percent=None,
        approximate=False,
        indicator=indicator,
        mapping="exact" if indicator else "none",
        kind="count",
        period="year",
        zero_in_words=False,
        whole_start=None,
        last_digit=Decimal(1),
    )
    return made._replace(**changes)


def told(cells=(), claims=()):
    """Each fact in short: (indicator, applicant) → value, source, derivation; and the findings."""
    facts, findings = read_facts(list(cells), tuple(claims), "own")
    return {(f.indicator, f.applicant): (f.value, f.source, f.derivation) for f in facts}, findings


class TestProse:
    def test_a_claim_is_a_fact_with_its_place(self):
        (fact,), findings = read_facts([], (claim("requests_received", 9),), "own")
        assert fact == (
            *("requests_received", "total", "annual", Decimal(9), "件", "number", "prose", "", "exact", ""),
            *(None, None, None, 5, 4, 7),
        )
        assert findings == []

    def test_a_claim_by_applicant(self):
        facts, _ = told(claims=[claim("requests_received_natural_person", 80)])
        assert facts == {("requests_received", "natural_person"): (80, "prose", "")}

    @pytest.mark.parametrize(
        "changes",
        [
            {"indicator": ""},
            {"kind": "share", "unit": "%"},
            {"kind": "growth", "unit": "%"},
            {"period": "prior_year"},
            {"period": "to_date"},
            {"period": "other"},
            {"unit": "元", "kind": "amount"},  # money where requests are counted
        ],
    )
    def test_no_fact(self, changes):
        assert told(claims=[claim("requests_received", 9)._replace(**changes)]) == ({}, [])

    @pytest.mark.parametrize("unit", ["件", "宗", "条", ""])
    def test_any_counter_of_things_counts(self, unit):
        (fact,), _ = read_facts([], (claim("requests_received", 9, unit=unit),), "own")
        assert (fact.value, fact.unit) == (9, "件")

    def test_money_needs_its_unit(self):
        assert told(claims=[claim("fees_request_total", 12, unit="", kind="amount")]) == ({}, [])
        (fact,), _ = read_facts([], (claim("fees_request_total", 3940, unit="元", kind="amount"),), "own")
        assert (fact.value, fact.unit) == (3940, "元")

    @pytest.mark.parametrize(
        ("changes", "derivation"),
        [
            ({"zero_in_words": True, "raw": "未收到"}, "zero in words: 未收到"),
            ({"approximate": True}, "printed as approximate"),
            ({"last_digit": Decimal(100)}, "printed to the nearest 100"),
            (
                {"last_digit": Decimal(10000), "approximate": True},
                "printed as approximate; printed to the nearest 10000",
            ),
            ({"last_digit": Decimal("0.01")}, ""),
        ],
    )
    def test_what_the_print_leaves_open_is_said(self, changes, derivation):
        facts, _ = told(claims=[claim("requests_received", 0, **changes)])
        assert facts == {("requests_received", "total"): (0, "prose", derivation)}

    def test_two_numbers_for_one_quantity_are_no_fact(self):
        facts, findings = told(
            claims=[claim("requests_received", 9), claim("requests_received", 12, block_no=8, char_start=0, char_end=3)]
        )
        assert facts == {}
        places = "block 5, characters 4 to 7: 9件, block 8, characters 0 to 3: 12件"
        where = "block 5, characters 4 to 7"
        assert findings == [Finding("stated_twice", where, f"requests_received total: {places}")]

    def test_a_rounded_and_an_exact_number_are_one(self):
        exact = claim("proactive_items_disclosed", 140235, unit="条", block_no=9)
        rough = claim("proactive_items_disclosed", 140000, unit="条", last_digit=Decimal(10000), approximate=True)
        for stated in ([exact, rough], [rough, exact]):
            (fact,), findings = read_facts([], tuple(stated), "own")
            assert (fact.value, fact.block_no, fact.derivation) == (140235, 9, "")
            assert findings == []

    def test_a_rounded_number_that_is_too_far_off_is_another(self):
        exact = claim("proactive_items_disclosed", 145300, unit="条")
        rounded = claim("proactive_items_disclosed", 140000, unit="条", last_digit=Decimal(10000))
        facts, findings = told(claims=[exact, rounded])
        assert facts == {}
        assert [finding.code for finding in findings] == ["stated_twice"]


class TestWhichWins:
    def test_a_number_of_a_table_wins_over_the_prose(self):
        facts, findings = told([cell("requests_received", "470")], [claim("requests_received", 393)])
        assert facts == {("requests_received", "total"): (470, "table", "")}
        assert findings == []

    def test_two_sentences_do_not_matter_beside_a_table(self):
        claims = [claim("requests_received", 393), claim("requests_received", 392)]
        assert told([cell("requests_received", "470")], claims)[1] == []

    @pytest.mark.parametrize(("raw", "state"), [("", "blank"), ("—", "dash"), ("/", "slash"), ("见正文", "text")])
    def test_a_cell_without_a_number_gives_way_and_is_named(self, raw, state):
        empty = cell("requests_received", "")._replace(raw=raw, state=state)
        assert told([empty])[0] == {("requests_received", "total"): (None, "table", "")}
        facts, _ = told([empty], [claim("requests_received", 9)])
        assert facts == {("requests_received", "total"): (9, "prose", f"table 1, row 1, column 9 is {state}")}

    def test_a_sum_of_a_table_wins_over_the_prose(self):
        parts = ("not_held", "requires_creation", "unclear_after_correction")
        cells = [cell(name, raw, row=row) for row, (name, raw) in enumerate(zip(parts, "210", strict=True))]
        facts, _ = told(cells, [claim("unable_to_provide_total", 265)])
        assert facts["unable_to_provide_total", "total"] == (3, "derived", "sum of table 1, rows 0, 1, 2, column 9")

    def test_a_total_of_the_prose_below_its_parts_in_the_table_is_no_fact(self):
        """无法提供 265 in the text; of its rows the natural persons alone make 321."""
        cells = [
            cell("not_held", "252", row=15, col=3, applicant="natural_person"),
            cell("not_held", "", row=15),
            cell("requires_creation", "44", row=16, col=3, applicant="natural_person"),
            cell("requires_creation", "", row=16),
            cell("unclear_after_correction", "25", row=17),
        ]
        facts, findings = told(cells, [claim("unable_to_provide_total", 265)])
        assert ("unable_to_provide_total", "total") not in facts
        assert findings == [
            Finding(
                "prose_below_table",
                "block 5, characters 4 to 7; table 1 row 15 column 3, table 1 row 16 column 3, table 1 row 17 column 9",
                "unable_to_provide_total is 265 in the text, while parts of it make 321 in the table",
            )
        ]
        enough, findings = told(cells, [claim("unable_to_provide_total", 321)])
        assert enough["unable_to_provide_total", "total"] == (321, "prose", "")
        assert findings == []
        rough = claim("unable_to_provide_total", 300, approximate=True, last_digit=Decimal(100))
        assert told(cells, [rough])[1] == []

    def test_what_two_cells_contradict_no_sentence_settles(self):
        cells = [cell("requests_received", "9"), cell("requests_received", "12", row=3)]
        facts, findings = told(cells, [claim("requests_received", 9)])
        assert facts == {}
        assert [finding.code for finding in findings] == ["stated_twice"]


class TestSums:
    PARTS = ("not_held", "requires_creation", "unclear_after_correction")

    def cells(self, *values, form_id=C2, **changes):
        return [
            cell(name, raw, row=15 + row, form_id=form_id, **changes)
            for row, (name, raw) in enumerate(zip(self.PARTS, values, strict=True))
        ]

    def derived(self, cells):
        facts, _ = told(cells)
        return {key: value for key, (value, source, _) in facts.items() if source == "derived"}

    def test_a_sum_for_each_applicant(self):
        cells = [*self.cells("2", "1", "0"), *self.cells("1", "0", "0", applicant="natural_person", col=3)]
        assert self.derived(cells) == {
            ("unable_to_provide_total", "total"): 3,
            ("unable_to_provide_total", "natural_person"): 1,
        }

    @pytest.mark.parametrize("form_id", [C1, C2])
    def test_both_forms_of_the_group(self, form_id):
        assert self.derived(self.cells("2", "1", "0", form_id=form_id)) == {("unable_to_provide_total", "total"): 3}

    def test_one_blank_part_and_there_is_no_sum(self):
        assert self.derived(self.cells("2", "", "0")) == {}

    def test_one_missing_row_and_there_is_no_sum(self):
        assert self.derived(self.cells("2", "1", "0")[:2]) == {}

    def test_a_row_of_the_agency_within_the_group_and_there_is_no_sum(self):
        own = cell("", "4", row=18, row_path="三、本年度办理结果 / 4.其他原因")
        assert self.derived([*self.cells("2", "1", "0"), own]) == {}
        own = own._replace(row=16, row_path="4.其他原因")
        assert self.derived([*self.cells("2", "1", "0")[:1], *self.shifted(), own]) == {}

    def shifted(self):
        return [part._replace(row=part.row + 1) for part in self.cells("2", "1", "0")[1:]]

    def test_a_row_of_the_agency_in_another_group_does_not_matter(self):
        own = cell("", "4", row=25, row_path="四、其他 / 4.其他原因")
        assert self.derived([*self.cells("2", "1", "0"), own]) == {("unable_to_provide_total", "total"): 3}

    def test_a_total_that_the_page_prints_stays(self):
        printed = cell("unable_to_provide_total", "5", row=14)
        assert self.derived([*self.cells("2", "1", "0"), printed]) == {}

    def test_parts_of_two_forms_make_no_sum(self):
        cells = [*self.cells("2", "1", "0", form_id=C1)[:1], *self.cells("2", "1", "0")[1:]]
        assert self.derived(cells) == {}

    def test_a_sum_that_is_more_than_the_indicator_says_so(self):
        """告知作出更改补充 is an interim reply: the sum of 2014 is an upper bound."""
        names = ("not_this_agency", "information_nonexistent", "unclear_after_correction")
        kinds = ("exact", "exact", "broader")
        cells = [
            cell(name, "2", row=row, form_id=B, concordance=kind)
            for row, (name, kind) in enumerate(zip(names, kinds, strict=True))
        ]
        facts, _ = read_facts(cells, (), "own")
        kept = {f.indicator: (f.value, f.concordance) for f in facts if f.source == "derived"}
        assert kept == {"unable_to_provide_total": (6, "broader"), "not_held": (4, "exact")}

    def test_a_blank_total_beside_six_numbers(self):
        row = [
            cell("granted_partial", raw, col=3 + no, applicant=applicant)
            for no, (applicant, raw) in enumerate(zip(APPLICANTS, "300100", strict=True))
        ]
        blank = cell("granted_partial", "")
        facts, _ = told([*row, blank])
        said = "sum of table 1, row 1, columns 3, 4, 5, 6, 7, 8; table 1, row 1, column 9 is blank"
        assert facts["granted_partial", "total"] == (4, "derived", said)
        assert told([*row[:5], row[5]._replace(raw="", value=None, base_value=None, state="blank"), blank])[0][
            "granted_partial", "total"
        ] == (None, "table", "")
        own = cell("", "7", col=10)
        assert told([*row, blank, own])[0]["granted_partial", "total"] == (None, "table", "")

    def test_lawsuits_by_both_ways_to_court(self):
        cells = [
            cell("litigation_direct_total", "2", col=9, row=3),
            cell("litigation_post_review_total", "1", col=14, row=3),
        ]
        facts, _ = told(cells)
        assert facts["litigation_total", "total"] == (3, "derived", "sum of table 1, row 3, columns 9, 14")


class TestUnits:
    """主动公开海关信息数 3.97, its 万条 lost; the text says 3.97万条."""

    LOST = cell(
        "proactive_items_disclosed",
        "3.97",
        row_path="主动公开海关信息数",
        unit="",
        base_value=None,
        base_unit="",
        form_id="A_CUSTOMS_2010",
        row=0,
        col=1,
    )
    TEXT = claim(
        "",
        39700,
        "3.97万条",
        unit="条",
        subject="网站发布信息",
        sentence="网站一年共发布信息3.97万条。",
        last_digit=Decimal(100),
    )

    def test_recovered(self):
        facts, findings = read_facts([self.LOST], (self.TEXT,), "own")
        assert facts == [
            (
                *("proactive_items_disclosed", "total", "annual", Decimal(39700), "条", "number", "table"),
                "unit recovered from block 5, characters 4 to 7: 3.97万条",
                *("exact", "A_CUSTOMS_2010", 1, 0, 1, None, None, None),
            )
        ]
        assert findings == [
            Finding(
                "unit_recovered",
                "table 1, row 0, column 1; block 5, characters 4 to 7",
                "3.97 has no unit that fits in the table and is 3.97万条 in the text: 网站一年共发布信息3.97万条。",
            )
        ]

    @pytest.mark.parametrize(
        "claims",
        [
            pytest.param([], id="no sentence"),
            pytest.param([TEXT._replace(raw="3.98万条", value=Decimal(39800))], id="other digits"),
            pytest.param([TEXT._replace(unit="元", kind="amount", raw="3.97万元")], id="money"),
            pytest.param([TEXT._replace(subject="办理来信")], id="other words"),
            pytest.param([TEXT._replace(indicator="disclosed_via_website")], id="another indicator"),
            pytest.param([TEXT._replace(period="prior_year")], id="last year"),
            pytest.param(
                [TEXT, TEXT._replace(raw="3.97亿条", value=Decimal(397000000), block_no=9)], id="two readings"
            ),
        ],
    )
    def test_not_recovered(self, claims):
        facts, findings = read_facts([self.LOST], tuple(claims), "own")
        assert [(f.value, f.unit) for f in facts if f.source == "table"] == [(Decimal("3.97"), "")]
        assert [finding.code for finding in findings] == ["unit_unknown"]

    def test_two_sentences_with_one_value_are_one_reading(self):
        again = self.TEXT._replace(block_no=9, raw="39,700条", sentence="共公开信息39,700条。")
        (fact,), _ = read_facts([self.LOST], (self.TEXT, again), "own")
        assert fact.value == 39700

    def test_a_known_unit_is_left_alone(self):
        known = self.LOST._replace(unit="万条", unit_raw="万条", base_value=Decimal(39700), base_unit="条")
        (fact,), findings = read_facts([known], (self.TEXT,), "own")
        assert (fact.value, fact.derivation) == (39700, "scaled from 万条")
        assert findings == []

    def test_an_amount(self):
        """12 may be 元 or 万元; the sentence that names the same purchase settles it."""
        lost = cell("central_procurement_amount", "12.6", row_path="政府集中采购", unit="", base_value=None, form_id=C1)
        said = claim("central_procurement_amount", 126000, "12.6万元", unit="元", kind="amount")
        (fact,), findings = read_facts([lost], (said,), "own")
        assert (fact.value, fact.unit, fact.source) == (126000, "元", "table")
        assert [finding.code for finding in findings] == ["unit_recovered"]
