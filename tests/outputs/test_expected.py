"""Agencies and years that should have a report: what is known of each, what became of it, and whether in time."""

import csv
from decimal import Decimal

import pytest
from small_datasets import write_shard

from corpus.captures import Capture, ManifestEntry
from outputs import schema
from outputs.collect import collector
from outputs.expected import write_agency_years
from outputs.merge import merge
from outputs.parts import Parts
from outputs.rows import Versions
from parsers.records import Finding, Listed

EDUCATION = {"agency_id": "320813-education", "agency": "淮安市洪泽区教育局", "findings": ()}
LOOK = "Look for it on the body's site; name the page in manifest.csv when it is found."
LAW_2007 = "国务院令第492号, article 31"
DEPARTMENTS = "国务院令第711号, article 49(1)"


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def years(tmp_path):
    """Write pages (reports, or failures as triples) and checks, and return the rows of agency_years."""

    def write(*pages, checks=()):
        ready = tmp_path / "ready"
        ready.mkdir()
        shard = write_shard(tmp_path / "parts", Versions("0", "1", "f"), pages)
        merge(Parts([shard]), ready, tmp_path)
        with collector(ready, tmp_path, "checks") as collected:
            for check in checks:
                collected.add(check)
        write_agency_years(ready, tmp_path)
        return table(ready, "agency_years")

    return write


@pytest.fixture
def report(page):
    """Make a report of the education bureau for a year."""

    def make(year, published="", content="", captured_at="", **changes):
        identity = {**EDUCATION, "report_year": year, "published_date": published, **changes.pop("identity", {})}
        name = content or f"report {year}"
        return page(name, uri=f"{name}.html", captured_at=captured_at, identity=identity, findings=(), **changes)

    return make


def check(capture_id, verdict, identity_id="C_BALANCE", strictness="strict", other=None):
    given = {
        "capture_id": capture_id,
        "check_id": f"{identity_id}.{verdict}",
        "applicant": "total",
        "identity_id": identity_id,
        "strictness": strictness,
        "expression": "a == b",
        "left": Decimal(1),
        "verdict": verdict,
        "other_capture_id": other,
    }
    return [given.get(column.name) for column in schema.table("checks").columns]


def absent(uri, agency, year):
    failure = ("empty", "listed in manifest.csv, line 3, but no such file", "Add the page.")
    entry = ManifestEntry(uri, agency, year)
    return Capture(uri, b"", manifest=entry, failure=failure, absent=True), failure


def short(rows):
    return [(row["agency_id"], row["report_year"], row["status"], row["known_from"]) for row in rows]


def test_a_report_that_was_read_with_all_that_is_known_of_it(years, report):
    capture, parsed = report(2020, "2021-01-29")
    assert years((capture, parsed), checks=[check(capture.capture_id, "pass")]) == [
        {
            "agency_id": "320813-education",
            "report_year": "2020",
            "agency": "淮安市洪泽区教育局",
            "agency_level": "county",
            "region_code": "320813",
            "status": "parsed",
            "known_from": "report",
            "report_scopes": "area",
            "n_captures": "1",
            "capture_id": capture.capture_id,
            "form_ids": "C1_2019_60",
            "n_cells": "1",
            "n_cells_mapped": "1",
            "n_facts": "1",
            "n_checks": "1",
            "n_checks_failed": "0",
            "balanced": "yes",
            "published_date": "2021-01-29",
            "deadline": "2021-01-31",
            "legal_basis": DEPARTMENTS,
            "late": "on_time",
            "days_late": "",
            "late_reason": "stated",
            "outcome": "",
            "source_uri": "report 2020.html",
            "detail": "",
            "next_step": "",
        }
    ]


def test_years_between_two_reports_are_expected_and_none_beyond(years, report):
    rows = years(report(2015), report(2018))
    assert [
        (row["report_year"], row["status"], row["known_from"], row["detail"], row["next_step"]) for row in rows
    ] == [
        ("2015", "parsed", "report", "", ""),
        ("2016", "missing", "registry", "reports of 2015 and 2018 are known, and none of the years between", LOOK),
        ("2017", "missing", "registry", "reports of 2015 and 2018 are known, and none of the years between", LOOK),
        ("2018", "parsed", "report", "", ""),
    ]


def test_no_report_is_due_for_a_year_before_the_law(years, report):
    rows = years(report(2005), report(2009))
    assert [row["report_year"] for row in rows] == ["2005", "2008", "2009"]


def test_a_name_that_may_mean_two_bodies_has_no_years_between(years, report):
    ambiguous = {"findings": (Finding("agency_ambiguous", "agency", "鼓楼区教育局"),)}
    rows = years(report(2015, identity=ambiguous), report(2018, identity=ambiguous))
    assert [row["report_year"] for row in rows] == ["2015", "2018"]


def test_a_line_of_a_manifest_without_a_page_is_missing(years):
    rows = years(absent("edu2021.html", "淮安市洪泽区教育局", 2021))
    assert short(rows) == [("320813-education", "2021", "missing", "manifest")]
    shown = ("agency", "agency_level", "region_code", "n_captures", "source_uri", "detail", "next_step")
    assert [rows[0][name] for name in shown] == [
        "淮安市洪泽区教育局",
        "county",
        "320813",
        "0",
        "edu2021.html",
        "listed in manifest.csv, line 3, but no such file",
        "Add the page.",
    ]


UNREACHABLE = ("unreachable", "no such host", "Try another day.")


def met(uri, year, failure, part_of=""):
    """A page that a collector asked for in vain."""
    entry = ManifestEntry(uri, "淮安市洪泽区教育局", year, part_of=part_of, outcome=failure[0])
    return Capture(uri, b"", manifest=entry, failure=failure, absent=True), failure


def test_a_page_that_its_collector_did_not_get_is_missing_and_says_why(years):
    (row,) = years(met("https://www.example.gov.cn/2021.html", 2021, UNREACHABLE))
    assert short([row]) == [("320813-education", "2021", "missing", "manifest")]
    assert (row["outcome"], row["detail"], row["next_step"]) == UNREACHABLE


def test_what_a_collector_met_tells_more_than_the_list_that_names_the_page(years, report):
    item = Listed(
        0, "2021年度报告", "2021.html", *("320813-education", "淮安市洪泽区教育局", "county", "320813"), 2021, "", ""
    )
    listing = report(2022, outcome="list_page", detail="1 link", next_step="Fetch it.", listed=(item,))
    robots = ("robots_disallowed", "robots.txt asks not to", "Save the page by hand.")
    address = "https://www.example.gov.cn/2021.html"
    (row,) = years(listing, met(f"{address}?pdf", 2021, UNREACHABLE, part_of=address), met(address, 2021, robots))
    assert (row["status"], row["known_from"]) == ("missing", "manifest list_page")
    assert (row["source_uri"], row["outcome"], row["detail"], row["next_step"]) == (address, *robots)


def test_the_page_of_a_report_stands_before_its_attachments_and_these_are_no_captures_of_it(years):
    address, failure = "https://www.example.gov.cn/2021.html", ("attachment_only", "PDF document", "Convert it.")
    entry = ManifestEntry("a.pdf", "淮安市洪泽区教育局", 2021, part_of=address)
    shell = ("script_shell", "no text, 4 scripts", "Save it from a browser.")
    page = Capture(address, b"", manifest=ManifestEntry(address, "淮安市洪泽区教育局", 2021), failure=shell)
    (row,) = years((Capture("a.pdf", b"", manifest=entry, failure=failure), failure), (page, shell))
    assert (row["outcome"], row["source_uri"], row["n_captures"]) == ("script_shell", address, "1")
    assert row["detail"] == "no text, 4 scripts; 1 more of its pages gave no report either"


def test_a_page_of_the_manifest_that_cannot_be_read_is_failed(years):
    failure = ("attachment_only", "a PDF document", "Convert it.")
    entry = ManifestEntry("edu.pdf", "淮安市洪泽区教育局", 2019)
    rows = years((Capture("edu.pdf", b"", manifest=entry, failure=failure), failure))
    assert short(rows) == [("320813-education", "2019", "failed", "manifest")]
    assert (rows[0]["outcome"], rows[0]["detail"], rows[0]["next_step"]) == failure
    assert rows[0]["n_captures"] == "1"


def test_a_page_that_tells_of_a_report_and_gives_none_is_failed_a_notice_is_nothing(years, report):
    picture = report(2019, outcome="image_only", detail="a title, 3 images", next_step="Have it typed.")
    notice = report(2018, outcome="not_a_report", detail="it is headed 通知", next_step="")
    assert short(years(picture, notice)) == [("320813-education", "2019", "failed", "page")]


def test_two_failed_pages_are_one_line_that_counts_them(years, report):
    one = report(2019, content="a", outcome="image_only", detail="3 images", next_step="Type it.")
    two = report(2019, content="b", outcome="script_shell", detail="no text", next_step="Save it.")
    rows = years(one, two)
    assert [(row["outcome"], row["detail"], row["n_captures"]) for row in rows] == [
        ("image_only", "3 images; 1 more of its pages gave no report either", "2")
    ]


def test_the_bytes_of_another_years_report_are_a_duplicate(years, report):
    first = report(2019, content="same", captured_at="2020-02-01T00:00:00Z")
    again = report(2020, content="same", captured_at="2021-02-01T00:00:00Z")
    rows = years(first, again)
    assert short(rows) == [
        ("320813-education", "2019", "parsed", "report"),
        ("320813-education", "2020", "duplicate", "page"),
    ]
    assert rows[1]["detail"] == "the same bytes as same.html"


def test_what_a_list_page_names_is_missing_until_it_is_read(years, page, report):
    about = ("320813-education", "淮安市洪泽区教育局", "county", "320813")
    items = (
        Listed(0, "洪泽区教育局2020年年报", "../2020.htm", *about, 2020, "2021-03-02", "/html/a[1]"),
        Listed(1, "洪泽区教育局2021年年报", "javascript:open(7)", *about, 2021, "", "/html/a[2]"),
        Listed(2, "2022年年报", "2022.htm", "", "", "unknown", "", 2022, "", "/html/a[3]"),
        Listed(3, "洪泽区教育局2023年年报", "", *about, 2023, "", "/html/h3[1]"),
    )
    uri = "https://example.invalid/nb/list.html"
    capture, parsed = page("list", uri=uri, outcome="list_page", listed=items, identity={"report_year": None})
    rows = years((capture, parsed), report(2019))
    shown = ("report_year", "status", "known_from", "published_date", "late", "source_uri", "detail", "next_step")
    assert [tuple(row[name] for name in shown) for row in rows[1:]] == [
        (
            "2020",
            "missing",
            "list_page",
            "2021-03-02",
            "late",
            "https://example.invalid/2020.htm",
            f"the list page {uri} names it: 洪泽区教育局2020年年报",
            "Fetch https://example.invalid/2020.htm and add it to the archive.",
        ),
        (
            "2021",
            "missing",
            "list_page",
            "",
            "unknown",
            uri,
            f"the list page {uri} names it: 洪泽区教育局2021年年报",
            "Open the list page and fetch it from there.",
        ),
        (
            "2022",
            "missing",
            "registry",
            "",
            "unknown",
            "",
            "reports of 2021 and 2023 are known, and none of the years between",
            LOOK,
        ),
        (
            "2023",
            "failed",
            "list_page",
            "",
            "unknown",
            uri,
            "it stands on one page with others: 洪泽区教育局2023年年报",
            "Save it as a page of its own.",
        ),
    ]
    assert short(rows)[0] == ("320813-education", "2019", "parsed", "report")


def test_a_list_page_that_was_captured_twice_names_its_reports_once(years, page, tmp_path):
    item = Listed(0, "2020年年报", "2020.htm", "", "", "unknown", "", 2020, "", "/html/a[1]")
    pages = [page("list", uri=uri, outcome="list_page", listed=(item,)) for uri in ("b/list.html", "a/list.html")]
    assert years(*pages) == []
    listed = table(tmp_path / "ready", "listed_reports")
    assert [(row["source_uri"], row["title"], row["url"], row["href"]) for row in listed] == [
        ("a/list.html", "2020年年报", "", "2020.htm")
    ]


@pytest.mark.parametrize(
    ("checks", "balanced", "counts"),
    [
        ([("pass", "C_BALANCE")], "yes", ("1", "0")),
        ([("pass", "C_ROW_TOTAL")], "yes", ("1", "0")),
        ([("pass", "C_ROW_TOTAL"), ("not_assessable", "C_BALANCE")], "unknown", ("1", "0")),
        ([("pass", "C_BALANCE"), ("fail", "C_ROW_TOTAL")], "no", ("2", "1")),
        ([("uncertain", "C_BALANCE")], "unknown", ("1", "0")),
        ([("pass", "P_PERCENT", "typical")], "unknown", ("1", "0")),
        ([("pass", "C_BALANCE"), ("fail", "P_PERCENT", "typical")], "yes", ("2", "1")),
        ([("pass", "C_BALANCE"), ("fail", "C_CARRY_OVER", "strict", "0123")], "yes", ("2", "1")),
        ([], "unknown", ("0", "0")),
    ],
)
def test_what_balanced_means(years, report, checks, balanced, counts):
    capture, parsed = report(2020)
    row = years((capture, parsed), checks=[check(capture.capture_id, *one) for one in checks])[0]
    assert (row["balanced"], (row["n_checks"], row["n_checks_failed"])) == (balanced, counts)


SIGNATURE = Finding("published_from_signature", "signature", "only the signature bears a date")
LABEL = Finding("published_from_date_line", "date line", "更新日期")


@pytest.mark.parametrize(
    ("year", "published", "findings", "captured_at", "verdict"),
    [
        (2020, "2021-01-31", (), "", ("on_time", "", "stated")),
        (2020, "2021-02-01", (), "", ("late", "1", "stated")),
        (2020, "2021-12-31", (), "", ("late", "334", "stated")),
        (2020, "2022-01-04", (), "", ("unknown", "", "perhaps_republished")),
        (2020, "2021-02-09", (SIGNATURE,), "", ("unknown", "", "weak_date")),
        (2020, "2021-02-09", (LABEL,), "", ("unknown", "", "weak_date")),
        (2020, "", (), "", ("unknown", "", "no_date")),
        # 16:30 UTC on 31 January is half past midnight of 1 February in Beijing
        (2020, "2021-02-09", (), "2021-01-31T15:30:00Z", ("on_time", "", "captured_by_then")),
        (2020, "2021-02-09", (), "2021-01-31T16:30:00Z", ("late", "9", "stated")),
        # a form that was made for later years was filled in later
        (2018, "2019-04-20", (), "", ("unknown", "", "perhaps_republished")),
    ],
)
def test_what_is_late_and_what_is_not_known(years, report, year, published, findings, captured_at, verdict):
    pages = [report(year, published, captured_at=captured_at, identity={"findings": findings})]
    row = years(*pages)[0]
    assert (row["late"], row["days_late"], row["late_reason"]) == verdict
    assert row["deadline"] == ("2021-01-31" if year == 2020 else "2019-03-31")


def test_the_law_of_the_year_decides(years, report):
    row = years(report(2017, "2018-04-02", form_ids=("B_2014_32",)))[0]
    assert (row["deadline"], row["legal_basis"], row["late"], row["days_late"]) == ("2018-03-31", LAW_2007, "late", "2")


@pytest.mark.parametrize(
    ("published", "verdict"),
    [
        ("2021-01-20", ("on_time", "stated")),
        ("2021-03-05", ("unknown", "between_two_deadlines")),
        ("2021-04-01", ("late", "stated")),
    ],
)
def test_an_office_of_a_government_may_have_either_deadline(years, report, published, verdict):
    office = {"agency_id": "310000-general_office", "agency": "上海市人民政府办公厅"}
    row = years(report(2020, published, identity=office))[0]
    assert (row["late"], row["late_reason"], row["deadline"]) == (*verdict, "2021-03-31")


def test_the_earliest_day_counts_and_an_earlier_signature_leaves_it_open(years, report):
    early = report(2020, "2021-01-15", content="a", captured_at="2021-05-01")
    late = report(2020, "2021-03-03", content="b", captured_at="2021-06-01")
    row = years(early, late)[0]
    assert (row["n_captures"], row["published_date"], row["late"]) == ("2", "2021-01-15", "on_time")


def test_an_earlier_signature_leaves_it_open(years, report):
    signed = report(2020, "2021-01-15", content="a", identity={"findings": (SIGNATURE,)})
    stated = report(2020, "2021-03-03", content="b")
    row = years(signed, stated)[0]
    assert (row["published_date"], row["late"], row["late_reason"]) == ("2021-03-03", "unknown", "dates_disagree")


def test_scopes_of_one_year_stand_in_one_row(years, report):
    own = report(2020, content="own", identity={"report_scope": "own"})
    area = report(2020, content="area")
    row = years(own, area)[0]
    assert (row["report_scopes"], row["capture_id"], row["n_cells"]) == ("own area", own[0].capture_id, "2")
