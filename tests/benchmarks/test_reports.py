import sys
from itertools import islice
from pathlib import Path

import pytest

import parsers

# benchmarks/ is scripts, not an installed package.
sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.reports import make_reports

FORMS = {2012: "A_FJ_2008", 2014: "B_2014_32", 2020: "C1_2019_60", 2022: "C2_2021_30"}


def test_the_same_seed_gives_the_same_pages():
    first, again, other = (list(islice(make_reports(60, seed), 20)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("year", FORMS)
def test_a_report_of_each_form_is_read_as_what_it_is(year):
    page = next(page for page in make_reports(60) if page.report_year == year and len(page.data) > 1_000)
    report = parsers.parse(page.data)
    assert (report.identity.report_year, report.identity.agency_as_printed) == (year, page.agency)
    assert {cell.form_id for cell in report.cells} == {FORMS[year]}


def test_every_page_has_a_name_and_a_moment_of_its_own():
    pages = list(make_reports(300))
    assert len({page.file for page in pages}) == len(pages) > 200
    assert len({(page.source_uri, page.captured_at) for page in pages}) == len(pages)
    assert len({(page.agency, page.report_year) for page in pages}) < len(pages)
