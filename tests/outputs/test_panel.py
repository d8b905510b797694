"""The panel: what stands in it, what does not, and which blanks are proven zero."""

import csv
from decimal import Decimal
from importlib import resources

import pytest

from corpus.indicators import load_indicators
from outputs.fills import prove_zeros
from outputs.history import row_type
from outputs.writer import dataset_writer
from parsers.report import parse

FACT = row_type("facts")
C1, B = "C1_2019_60", "B_2014_32"
APPLICANTS = (
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_org",
    "legal_service_org",
    "other_org",
)


def fact(indicator, value, applicant="total", **changes):
    """A fact of a table of 2019: a number, or a blank for None."""
    of_table = dict.fromkeys(FACT._fields) | {
        "capture_id": "00000000000000aa",
        "report_year": 2020,
        "agency_id": "320813-government",
        "indicator": indicator,
        "applicant": applicant,
        "measure": "annual",
        "value": None if value is None else Decimal(value),
        "unit": "件",
        "state": "blank" if value is None else "number",
        "source": "table",
        "concordance": "exact",
        "form_id": C1,
        "table_no": 1,
        "row": 4,
        "col": 9,
    }
    return FACT(**of_table | changes)


def row(indicator, values, total):
    """A row of the table of requests: six kinds of applicant and their total."""
    cells = [fact(indicator, value, applicant) for applicant, value in zip(APPLICANTS, values, strict=True)]
    return [*cells, fact(indicator, total)]


def rules(facts):
    return {key: proof.rule for key, proof in prove_zeros(facts).items()}


RECON = ("reconsideration_upheld", "reconsideration_corrected", "reconsideration_other", "reconsideration_pending")


def recon(*values, total):
    parts = [fact(name, value) for name, value in zip(RECON, values, strict=True)]
    return [*parts, fact("reconsideration_total", total)]


class TestFills:
    def test_blanks_under_a_total_that_the_parts_reach_are_zero(self):
        assert rules(recon(5, None, None, 2, total=7)) == {
            ("reconsideration_corrected", "total"): "parts_reach_total",
            ("reconsideration_other", "total"): "parts_reach_total",
        }

    def test_a_blank_row_under_a_zero_is_zero(self):
        assert set(rules(recon(None, None, None, None, total=0)).values()) == {"parts_reach_total"}

    @pytest.mark.parametrize(
        "facts",
        [
            pytest.param(recon(5, None, None, 1, total=7), id="parts fall short"),
            pytest.param(recon(5, None, None, 3, total=7), id="parts exceed the total"),
            pytest.param(recon(5, None, None, 2, total=None), id="no total"),
            pytest.param(recon(5, 0, 0, 2, total=None), id="a blank total of known parts"),
            pytest.param(recon(0, 0, 0, 0, total=None), id="no printed total proves it"),
            pytest.param(recon(8, -1, None, 0, total=7), id="a negative count"),
            pytest.param([f for f in recon(5, None, 0, 2, total=7) if f.value != 0], id="a row is missing"),
        ],
    )
    def test_nothing_is_proven(self, facts):
        assert rules(facts) == {}

    @pytest.mark.parametrize("state", ["slash", "dash", "text"])
    def test_only_blanks_are_filled(self, state):
        facts = [f._replace(state=state) if f.state == "blank" else f for f in recon(5, None, 0, 2, total=7)]
        assert rules(facts) == {}

    def test_a_total_of_the_prose_proves_nothing(self):
        facts = [f._replace(source="prose") if f.value == 7 else f for f in recon(5, None, 0, 2, total=7)]
        assert rules(facts) == {}

    def test_a_number_without_a_unit_proves_nothing(self):
        facts = [f._replace(unit=None) if f.value == 7 else f for f in recon(5, None, 0, 2, total=7)]
        assert rules(facts) == {}

    def test_parts_of_another_form_make_no_total(self):
        assert rules([f._replace(form_id=B) for f in recon(5, None, 0, 2, total=7)]) == {}

    def test_a_row_across_the_kinds_of_applicant(self):
        assert rules(row("requests_received", (821, 35, None, None, 2, 1), 859)) == {
            ("requests_received", "research_institution"): "parts_reach_total",
            ("requests_received", "public_interest_org"): "parts_reach_total",
        }

    def test_a_zero_proves_further_ones(self):
        """No total of 结果维持 is printed; the column of the research institutions is empty, and so is its sum."""
        received = row("requests_received", (5, 0, None, 0, 0, 0), 5)
        assert rules([*received, *row("requests_pending_end", (None,) * 6, None)]) == {
            ("requests_received", "research_institution"): "parts_reach_total",
        }
        names = [*results()]
        facts = [f for name in names for f in row(name, (5 if name == "granted_full" else 0, 0, None, 0, 0, 0), None)]
        facts += row("requests_processed", (5, 0, None, 0, 0, 0), 5)
        found = rules(facts)
        assert found["requests_processed", "research_institution"] == "parts_reach_total"
        assert found["denied_process", "research_institution"] == "parts_reach_total"
        assert found["denied_process", "total"] == "all_parts_zero"
        assert ("granted_full", "total") not in found

    def test_evidence_names_every_number(self):
        proof = prove_zeros(recon(5, None, None, 2, total=7))["reconsideration_other", "total"]
        assert proof.identity_id == "C_RECON"
        assert proof.evidence == (
            "total reconsideration_total 7 (table 1, row 4, column 9); "
            "parts reconsideration_upheld 5 (table 1, row 4, column 9), "
            "reconsideration_pending 2 (table 1, row 4, column 9)"
        )


def test_a_published_report_with_four_of_22_totals():
    """Shanghai's general office for 2019: by hand from the page, totals that are proven zero and how."""
    page = resources.files("corpus.samples") / "shanghai-general-office-2019" / "page.html"
    proofs = prove_zeros(parse(page.read_bytes()).facts)
    assert {indicator: proof.rule for (indicator, applicant), proof in proofs.items() if applicant == "total"} == {
        "denied_other_law": "all_parts_zero",
        "denied_safety_stability": "all_parts_zero",
        "denied_third_party": "all_parts_zero",
        "denied_case_file": "all_parts_zero",
        "not_processed_publication": "all_parts_zero",
        "not_processed_excessive": "all_parts_zero",
        "not_processed_confirm": "all_parts_zero",
        "reconsideration_corrected": "parts_reach_total",
        "reconsideration_other": "parts_reach_total",
        "litigation_direct_corrected": "parts_reach_total",
        "litigation_direct_other": "parts_reach_total",
    }  # 其他处理 has no total in the table either, but the text says that it is 0
    assert proofs["denied_state_secret", "commercial_enterprise"].evidence == (
        "total requests_processed[commercial_enterprise] 35 (table 1, row 24, column 4); "
        "parts granted_full[commercial_enterprise] 12 (table 1, row 5, column 4), "
        "denied_process[commercial_enterprise] 1 (table 1, row 12, column 4), "
        "denied_administrative_inquiry[commercial_enterprise] 2 (table 1, row 14, column 4), "
        "not_held[commercial_enterprise] 12 (table 1, row 15, column 4), "
        "requires_creation[commercial_enterprise] 3 (table 1, row 16, column 4), "
        "not_processed_petition[commercial_enterprise] 1 (table 1, row 18, column 4), "
        "not_processed_duplicate[commercial_enterprise] 4 (table 1, row 19, column 4)"
    )


def results():
    """The rows of 本年度办理结果 on the form of 2019."""
    return (
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
        "other_handling_total",
    )


def read(directory, name):
    """Rows of a table, without what is empty."""
    with (directory / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{column: value for column, value in line.items() if value} for line in csv.DictReader(file)]


class TestPanel:
    @pytest.fixture
    def build(self, page, run, tmp_path, cell):
        """Write a dataset of reports: (facts, changes of the identity) each; every fact of a table gets its cell."""

        def cell_of(f):
            raw = "" if f.value is None else str(f.value)
            return cell._replace(col=f.col, raw=raw, state=f.state, value=f.value, base_value=f.value)

        def make(*reports):
            with dataset_writer(tmp_path / "set", run) as writer:
                for no, (facts, identity) in enumerate(reports):
                    ordered = sorted(facts, key=lambda f: (f.indicator, f.applicant, f.measure))
                    held = [f._replace(col=col) if f.source == "table" else f for col, f in enumerate(ordered)]
                    cells = [cell_of(f) for f in held if f.source == "table"]
                    identified = {"identity": identity, "facts": tuple(held), "cells": tuple(cells)}
                    writer.add(*page(f"page {no}", f"{no}.html", **identified))
                writer.finish()
            return tmp_path / "set"

        return make

    def test_one_row_with_its_values(self, build, fact):
        prose = fact._replace(source="prose", form_id="", table_no=None, row=None, col=None, block_no=3)
        folder = build(
            (
                [
                    fact,
                    fact._replace(applicant="natural_person", value=Decimal(700)),
                    fact._replace(indicator="granted_full", applicant="natural_person", value=Decimal(3)),
                    fact._replace(indicator="granted_partial", measure="cumulative", value=Decimal(9)),
                    fact._replace(indicator="denied_total", value=Decimal(2), source="derived", derivation="sum of …"),
                    prose._replace(indicator="proactive_items_disclosed", unit="条", value=Decimal(140000)),
                ],
                {},
            )
        )
        (row,) = read(folder, "panel")
        assert row.pop("capture_id")
        assert row == {
            "agency_id": "320813",
            "report_year": "2020",
            "report_scope": "area",
            "agency": "某区人民政府",
            "agency_level": "county",
            "region_code": "320813",
            "form_ids": "C1_2019_60",
            "from_prose": "proactive_items_disclosed",
            "derived": "denied_total",
            "requests_received": "739",
            "requests_received_natural_person": "700",
            "denied_total": "2",
            "proactive_items_disclosed": "140000",
        }
        assert len(read(folder, "panel_filled")) == 1
        assert read(folder, "panel_fills") == []

    def test_what_is_left_out_is_named(self, build, fact):
        broader = fact._replace(indicator="denied_other_law", concordance="broader", form_id=B)
        no_unit = fact._replace(indicator="fees_request_total", unit="", value=Decimal(12))
        folder = build(([broader, no_unit], {}))
        for name in ("panel", "panel_filled"):
            (row,) = read(folder, name)
            assert row["left_out"] == "denied_other_law=broader fees_request_total=unit_unknown"
            assert row.keys() & load_indicators().keys() == set()

    def test_a_blank_is_empty_and_a_proven_one_is_filled_and_explained(self, build, fact):
        printed = {name: fact._replace(indicator=name, value=Decimal(0)) for name in (*RECON, "reconsideration_total")}
        printed["reconsideration_upheld"] = printed["reconsideration_upheld"]._replace(value=Decimal(5))
        printed["reconsideration_corrected"] = fact._replace(indicator=RECON[1], value=None, state="blank")
        printed["reconsideration_pending"] = printed["reconsideration_pending"]._replace(value=Decimal(2))
        printed["reconsideration_total"] = printed["reconsideration_total"]._replace(value=Decimal(7))
        folder = build((printed.values(), {}))
        (plain,), (filled,), (fill,) = (read(folder, name) for name in ("panel", "panel_filled", "panel_fills"))
        assert "reconsideration_corrected" not in plain
        assert filled == plain | {"reconsideration_corrected": "0"}
        assert fill == {
            "agency_id": "320813",
            "report_year": "2020",
            "report_scope": "area",
            "indicator": "reconsideration_corrected",
            "value": "0",
            "rule": "parts_reach_total",
            "identity_id": "C_RECON",
            "evidence": "total reconsideration_total 7 (table 0, row 1, column 3); "
            "parts reconsideration_upheld 5 (table 0, row 1, column 4), "
            "reconsideration_other 0 (table 0, row 1, column 1), reconsideration_pending 2 (table 0, row 1, column 2)",
            "capture_id": plain["capture_id"],
        }

    def test_one_row_an_agency_year_and_scope(self, build, fact):
        other = fact._replace(value=Decimal(17))
        folder = build(
            ([fact], {"published_date": "2021-01-15"}),
            ([other], {"published_date": "2021-03-20"}),  # corrected and published again
            ([other], {"report_scope": "own"}),
            ([fact], {"report_year": 2021}),
            ([fact], {"agency_id": "", "agency": ""}),
            ([fact], {"report_year": None}),
        )
        rows = read(folder, "panel")
        assert [(row["report_year"], row["report_scope"], row["requests_received"]) for row in rows] == [
            ("2020", "area", "17"),
            ("2020", "own", "17"),
            ("2021", "area", "739"),
        ]
