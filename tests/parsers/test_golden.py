"""Every page with a golden record comes out as the record says: cells, headings, identity, outcome."""

import pytest
from golden_pages import PUBLISHED, cell_differences, folded, golden_pages, parents, report_of

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
