"""The checks of a whole dataset: the table, the counts of the reports, the same from rows and from records."""

import duckdb
import pytest
from check_pages import C1, cell, claim, fact_of, rows
from small_datasets import write_dataset

from outputs.checks import CHECKS, check_report, page_of_report

BALANCE = ("requests_received", "requests_pending_start", "requests_processed", "requests_pending_end")


@pytest.fixture
def year(page):
    """A report of a year with a balance of four numbers and, if wanted, claims."""

    def make(report_year, *printed, claims=(), uri=None, content=None, **identity):
        cells = rows(dict(zip(BALANCE, printed, strict=True)), form=C1)
        return page(
            content or f"{report_year}{printed}",
            uri or f"{report_year}.html",
            identity={"report_year": report_year, **identity},
            cells=tuple(cells),
            facts=tuple(sorted(fact_of(one) for one in cells)),
            claims=tuple(claims),
            form_ids=(C1,),
        )

    return make


def written(directory, run, *pages):
    """The tables that the checks read, and the checks."""
    return write_dataset(directory / "ds", run, pages, CHECKS)


def asked(directory, question):
    with duckdb.connect() as base:
        return base.execute(question.format(directory)).fetchall()


def test_reports_know_how_many_checks_they_fail(tmp_path, run, year):
    folder = written(
        tmp_path,
        run,
        year(2019, "20", "0", "17", "3"),
        year(2020, "10", "3", "12", "2"),  # 3 carried in, but 13 against 14
        year(2021, "10", "5", "14", "1"),  # 5 carried in after 2
    )
    question = "SELECT report_year, check_id, verdict FROM '{}/checks.parquet' WHERE verdict = 'fail' ORDER BY ALL"
    assert asked(folder, question) == [(2020, "C_BALANCE", "fail"), (2021, "C_CARRY_OVER", "fail")]
    counts = "SELECT report_year, n_checks_failed FROM '{}/reports.parquet' ORDER BY ALL"
    assert asked(folder, counts) == [(2019, 0), (2020, 1), (2021, 1)]
    assert asked(folder, counts.replace("parquet", "csv")) == [(2019, 0), (2020, 1), (2021, 1)]


def test_only_current_captures_of_one_scope_are_paired(tmp_path, run, year):
    folder = written(
        tmp_path,
        run,
        year(2019, "20", "0", "17", "3"),
        year(2020, "10", "5", "13", "2", content="old", uri="a.html", published_date="2021-01-01"),
        year(2020, "10", "3", "11", "2", content="new", uri="b.html", published_date="2021-02-01"),
        year(2020, "10", "9", "17", "2", content="own", report_scope="own"),
    )
    question = "SELECT verdict, \"left\", \"right\" FROM '{}/checks.parquet' WHERE check_id = 'C_CARRY_OVER'"
    assert asked(folder, question) == [("pass", 3, 3)]


def test_rows_and_records_give_the_same_checks(tmp_path, run, year):
    stated = claim("25件", 25, 4, "requests_received", subject="收到申请")
    capture, report = year(2020, "20", "", "17", "3", claims=[stated])
    folder = written(tmp_path, run, (capture, report))
    columns = 'check_id, applicant, "left", "right", verdict, reason, explanation, evidence'
    stored = asked(folder, f"SELECT {columns} FROM '{{}}/checks.parquet' ORDER BY check_id, applicant")
    made = [
        (c.check_id, c.applicant, c.left, c.right, c.verdict, c.reason or None, c.explanation, c.evidence)
        for c in check_report(page_of_report(report))
    ]
    assert stored == sorted(made)
    assert [entry[0] for entry in stored] == ["C_BALANCE", "C_NONNEG", "P_RECEIVED.1"]


def test_a_report_of_another_page_changes_nothing(tmp_path, run, year):
    first, second = year(2019, "20", "0", "17", "3"), year(2020, "10", "3", "12", "2")
    one = written(tmp_path / "one", run, first, second)
    other = written(tmp_path / "other", run, second, first)
    for name in ("checks.csv", "checks.parquet", "reports.parquet"):
        assert (one / name).read_bytes() == (other / name).read_bytes()


def test_cells_without_facts_do_not_take_part(tmp_path, run, page):
    lone = cell("requests_received", "-3", 3, form=C1)
    capture, report = page("a", cells=(lone,), facts=())
    folder = written(tmp_path, run, (capture, report))
    assert asked(folder, "SELECT count(*) FROM '{}/checks.parquet'") == [(0,)]
