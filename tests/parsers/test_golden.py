"""Every page with a golden record comes out as the record says: cells, headings, identity, outcome."""

import pytest
from derived_truth import stated, sums, typed_claims
from golden_pages import PUBLISHED, cell_differences, folded, golden_pages, parents, report_of, same_fact

from parsers.facts import read_facts

PAGES = golden_pages()
REPORTS = [golden for golden in PAGES if not golden.is_other]
OTHERS = [golden for golden in PAGES if golden.is_other]


def over(pages):
    """One test a page."""
    return pytest.mark.parametrize("golden", [pytest.param(golden, id=golden.name) for golden in pages])


every_page = over(PAGES)
every_report = over(REPORTS)
every_other = over(OTHERS)


def test_published_pages_are_there():
    if not PUBLISHED.is_dir():
        pytest.skip("the published pages do not stand beside this checkout")
    assert any(golden.page.is_relative_to(PUBLISHED) for golden in PAGES)


@every_page
def test_has_record(golden):
    assert golden.missing() == [], "write the record by hand from the page; see tests/pages for examples"


@every_report
def test_outcome(golden):
    report = report_of(golden)
    assert (report.outcome, report.detail) == ("ok", "")


@every_report
def test_cells(golden):
    assert cell_differences(golden, report_of(golden)) == []


# Quantities that an agency states in words of its own, which no rule of a form settles: their cells are kept, unmapped.
UNMAPPED = {
    "pages-a-fujian-2013-big5": 2,
    "pages-a-quarantine-2012-h3": 3,
    "pages-local-breakdown-2013": 6,
    "pages-w2-customs-2013-own-tables": 8,
    "pages-w2-hospital-2022-cells": 4,
    "pages-w2-inspection-2011-pre": 1,
    "pages-w2-summary-and-full-2022": 1,
    "pages-w2-years-as-rows-2022": 1,
}


# Totals that the prose gives lower than the printed cells of their group: 无法提供 265, and 252 + 12 + 1 + 44 + 3 + 25.
BELOW_TABLE = {"samples-shanghai-general-office-2019": {"unable_to_provide_total"}}

WITH_FACTS = over([golden for golden in REPORTS if golden.record("facts.csv").exists()])


@WITH_FACTS
def test_facts(golden):
    """No fact of a table differs from the typed ones, none is beyond them, and none but the known is missing.

    A cell without a number gives way to a number from elsewhere: its key then has a fact of another source.
    """
    facts = report_of(golden).facts
    read = {(f.indicator, f.applicant, f.measure): (f.value, f.unit, f.state) for f in facts if f.source == "table"}
    elsewhere = {(f.indicator, f.applicant, f.measure): f.value for f in facts if f.source != "table"}
    typed = golden.facts()
    wrong = {key: read[key] for key in typed.keys() & read.keys() if not same_fact(typed[key], read[key])}
    assert wrong == {}
    assert read.keys() - typed.keys() == set()
    missing = typed.keys() - read.keys()
    numbers = {key: typed[key][0] for key in missing if typed[key][2] == "number"}
    assert {key: value for key, value in elsewhere.items() if numbers.get(key, value) != value} == {}
    assert len(numbers) == UNMAPPED.get(golden.name, 0)
    assert missing - numbers.keys() <= elsewhere.keys()


@WITH_FACTS
def test_derived_facts(golden):
    """Every sum that follows from the typed facts stands there, and no other: not where a part is blank."""
    report = report_of(golden)
    read = {(f.indicator, f.applicant, f.measure): f.value for f in report.facts if f.source == "derived"}
    assert read == sums(golden, report.form_ids)


@over([golden for golden in REPORTS if golden.record("claims.csv").exists() and golden.record("facts.csv").exists()])
def test_facts_of_the_prose(golden):
    """What typed sentences alone state is a fact; a number of a table, or a sum of such numbers, wins over them."""
    report = report_of(golden)
    claims = typed_claims(golden)
    facts, _ = read_facts(list(report.cells), claims, report.identity.report_scope)
    read = {(f.indicator, f.applicant, f.measure): f.value for f in facts if f.source == "prose"}
    printed = {(f.indicator, f.applicant, f.measure) for f in facts if f.source == "table" and f.state == "number"}
    alone = {key: values for key, values in stated(claims).items() if key not in printed}
    alone = {key: values for key, values in alone.items() if key not in sums(golden, report.form_ids)}
    alone = {key: values for key, values in alone.items() if key[0] not in BELOW_TABLE.get(golden.name, ())}
    assert read == {key: next(iter(values)) for key, values in alone.items() if len(values) == 1}


@every_report
def test_a_report_without_tables_says_so(golden):
    report = report_of(golden)
    assert ("no_tables" in {finding.code for finding in report.findings}) == (golden.cells() == [])


@every_report
def test_headings(golden):
    expected = [folded(section["text"]) for section in golden.sections()]
    assert [folded(s.number + s.title) for s in report_of(golden).sections] == expected


@every_report
def test_tree(golden):
    expected = parents([section["level"] for section in golden.sections()])
    assert [section.parent_no for section in report_of(golden).sections] == expected


@every_report
def test_year(golden):
    assert report_of(golden).identity.report_year == (golden.meta()["report_year"] or None)


@every_report
def test_agency(golden):
    """The name is the record's, with or without the area before it and a second name in brackets behind it."""
    identity = report_of(golden).identity
    expected = folded(golden.meta()["agency"]).split("(")[0]
    names = [folded(name) for name in (identity.agency, identity.agency_as_printed)]
    assert identity.agency_id
    assert any(expected in name or name in expected for name in names)
    assert all(name.count("(") == name.count(")") for name in names)


@every_report
def test_title(golden):
    assert folded(report_of(golden).identity.title) == folded(golden.meta()["title"])


@every_report
def test_published(golden):
    expected = golden.meta()["published"]
    if not expected:
        pytest.skip("the record knows no date of publication")
    assert report_of(golden).identity.published_date == expected


@every_report
def test_scope_is_not_contradicted(golden):
    expected = golden.meta().get("report_scope")
    assert expected is None or report_of(golden).identity.report_scope in (expected, "unknown")


@every_other
def test_no_report(golden):
    report = report_of(golden)
    assert report.outcome == golden.meta()["expected_outcome"]
    assert report.next_step
    assert (report.sections, report.cells, report.facts, report.form_ids, report.n_tables) == ((), (), (), (), 0)
