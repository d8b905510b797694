"""A fetch of the whole site through the command line, a second one, and the dataset that is built of both.

The runs are shared by all tests here: the site is fetched, one report is corrected by its agency, the site is fetched
again, the dataset is built. What a test asks of a run it reads from what the site was asked, and from the archive.
"""

import csv
import hashlib
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from site_fetch import (
    CONTACT,
    Ended,
    fetch,
    outcomes_of,
    place,
    read_rows,
    run_gongkai,
    runs_of,
    targets_of,
    visits_of,
    write_sources,
)
from site_http import Asked
from site_pages import (
    ATTACHMENTS,
    DOWNLOAD,
    EDITED,
    FORBIDDEN,
    HANWEB_COLUMN,
    HANWEB_PROXY,
    LIST_PDF,
    PARTED,
    PARTS,
    PLAIN_COLUMN,
    SAMPLES,
    SCRIPT_SHELL,
    TRS_COLUMN,
    WITH_ATTACHMENTS,
)
from site_server import CLOSED_HOST, CRAWL_DELAY_SECONDS, MAIN_HOST, REPORTS, SLOW_HOST

from gongkai.versions import gongkai_version
from scraper.archive import verify

DELAY = 0.05
LATE = 0.2
TRS_PAGES = {TRS_COLUMN, *(f"{TRS_COLUMN}index_{n}.html" for n in range(1, 5))}
PLAIN_PAGES = {PLAIN_COLUMN, *(f"{PLAIN_COLUMN}?page={n}" for n in (2, 3))}
PROXY = f"{HANWEB_PROXY}?page=2&appid=1&webid=7&path=/&columnid=1234&unitid=4321&webname=sample&permissiontype=0"
LISTS = {*TRS_PAGES, *PLAIN_PAGES, HANWEB_COLUMN, PROXY}
SAMPLE_FILE = "/pingtan/zfxxgk/nb/202202/nb2021.docx"
EMPTY = "/empty-list"
SLOW_PAGES = tuple(report.path for report in REPORTS[:3])
OK_PAGES = {*(report.path for report in REPORTS), *PARTS, WITH_ATTACHMENTS, EDITED}
# What a server with a clock and a disk gives no validator for: it cannot be asked on condition.
MADE_ANEW = {*PLAIN_PAGES, PROXY, DOWNLOAD}
ASKED_OF_MAIN = {"/robots.txt", *LISTS, *OK_PAGES, *ATTACHMENTS, SAMPLE_FILE, LIST_PDF, EMPTY, SCRIPT_SHELL}
OUTCOMES = (
    dict.fromkeys(OK_PAGES, "ok")
    | dict.fromkeys(LISTS, "list_page")
    | dict.fromkeys((*ATTACHMENTS, SAMPLE_FILE, LIST_PDF), "attachment_only")
    | {EMPTY: "empty", SCRIPT_SHELL: "script_shell", FORBIDDEN: "robots_disallowed"}
    | {f"{SLOW_HOST}{path}": "ok" for path in SLOW_PAGES}
    | {f"{CLOSED_HOST}{PARTED}": "robots_disallowed", f"localhost{FORBIDDEN}": "ok"}
)


@dataclass
class Fetched:
    """What became of the runs."""

    archive: Path
    dataset: Path
    ended: list[Ended] = field(default_factory=list)
    asked: list[list[Asked]] = field(default_factory=list)
    gaps: list[dict[str, list[float]]] = field(default_factory=list)
    most_at_once: list[dict[str, int]] = field(default_factory=list)
    built: Ended | None = None

    def run(self, site, sources):
        site.forget()
        self.ended.append(fetch([sources], self.archive))
        self.asked.append(site.requests)
        hosts = {one.host for one in site.requests}
        self.gaps.append({host: site.gaps(host) for host in hosts})
        self.most_at_once.append({host: site.most_at_once(host) for host in hosts})

    def asked_of(self, host, run=0):
        return Counter(where(one) for one in self.asked[run] if one.host == host)


def where(asked):
    return place(f"http://{MAIN_HOST}{asked.target}")


@pytest.fixture(scope="module")
def fetched(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    rows = [{"url": site.url(path), "kind": "list"} for path in (TRS_COLUMN, HANWEB_COLUMN, PLAIN_COLUMN, EMPTY)]
    rows += [{"url": site.url(path)} for path in (PARTED, WITH_ATTACHMENTS, SCRIPT_SHELL, FORBIDDEN)]
    rows += [{"url": site.url(path, host=SLOW_HOST)} for path in SLOW_PAGES]
    rows += [{"url": site.url(PARTED, host=CLOSED_HOST)}, {"url": site.url(FORBIDDEN, host="localhost")}]
    rows += [{"url": site.url(EDITED), "agency": "样本市民政局", "report_year": 2021}]
    sources = write_sources(folder / "sources.csv", rows)
    runs = Fetched(folder / "archive", folder / "dataset")
    runs.run(site, sources)
    site.edit()
    runs.run(site, sources)
    runs.built = run_gongkai("build", runs.archive, "-o", runs.dataset)
    return runs


# The first run.


def test_every_address_has_its_outcome(fetched):
    assert outcomes_of(fetched.archive, 1) == OUTCOMES


def test_what_was_not_got_is_said_and_is_the_exit_code(fetched):
    ended = fetched.ended[0]
    assert ended.code == 1, ended.err
    for word in ("robots_disallowed", "script_shell", "empty", "gongkai build"):
        assert word in ended.out


def test_every_failure_comes_with_what_to_do(fetched):
    failed = {"empty", "script_shell", "robots_disallowed"}
    rows = [row.reading for row in targets_of(fetched.archive, 1).values() if row.reading.outcome in failed]
    assert [reading.outcome for reading in rows if not (reading.detail and reading.next_step)] == []
    assert len(rows) == 4


def test_a_page_that_is_no_list_says_so(fetched):
    reading = targets_of(fetched.archive, 1)[EMPTY].reading
    assert "no report is listed" in reading.detail
    assert reading.next_step.startswith("Give the address of the page that lists the reports")


def test_only_what_is_wanted_is_asked_for_and_only_once(fetched):
    asked = fetched.asked_of(MAIN_HOST)
    assert set(asked) == ASKED_OF_MAIN
    assert {path: times for path, times in asked.items() if times != 1} == {}


def test_a_report_on_another_site_is_told_and_not_asked_for(fetched):
    last = targets_of(fetched.archive, 1)[f"{PLAIN_COLUMN}?page=3"]
    assert "1 reports on other sites are not followed: gov.example.invalid" in last.reading.detail
    assert {one.host for one in fetched.asked[0]} == {MAIN_HOST, SLOW_HOST, CLOSED_HOST, "localhost"}


def test_robots_txt_is_obeyed_host_by_host(fetched):
    assert fetched.asked_of(CLOSED_HOST) == {"/robots.txt": 3}  # 503, tried again as any address, then taken as a no
    assert fetched.asked_of("localhost") == {"/robots.txt": 1, FORBIDDEN: 1}
    readings = {name: row.reading.detail for name, row in targets_of(fetched.archive, 1).items()}
    assert "robots.txt" in readings[FORBIDDEN]
    assert "HTTP 503" in readings[f"{CLOSED_HOST}{PARTED}"]


def test_hosts_are_asked_one_request_at_a_time_and_not_too_fast(fetched):
    for run in (0, 1):
        assert set(fetched.most_at_once[run].values()) == {1}
        # seen from the server, one gap may be short where a busy machine took the request before it late
        gaps = fetched.gaps[run][MAIN_HOST]
        spans = [sum(gaps[start : start + 20]) for start in range(len(gaps) - 20)]
        assert min(spans) >= 20 * DELAY - LATE
        slow = fetched.gaps[run][SLOW_HOST]
        assert len(slow) == len(SLOW_PAGES)
        assert min(slow) >= CRAWL_DELAY_SECONDS - LATE


def test_the_fetch_says_who_it_is_and_nothing_more(fetched):
    for asked in (*fetched.asked[0], *fetched.asked[1]):
        assert asked.method == "GET"
        assert asked.header("User-Agent") == f"gongkai/{gongkai_version()} (+{CONTACT})"
        assert {name.lower() for name, _ in asked.headers} <= {
            "host",
            "connection",
            "user-agent",
            "accept",
            "accept-encoding",
            "accept-language",
            "if-none-match",
            "if-modified-since",
        }


def test_parts_and_files_are_linked_to_their_report(fetched):
    rows = targets_of(fetched.archive, 1)
    belongs = {name: (row.target.kind, place(row.target.part_of)) for name, row in rows.items() if row.target.part_of}
    sample_page = "/pingtan/zfxxgk/nb/202202/t20220208_3.htm"
    assert belongs == {
        **dict.fromkeys(PARTS[1:], ("part", PARTED)),
        **dict.fromkeys(ATTACHMENTS, ("attachment", WITH_ATTACHMENTS)),
        SAMPLE_FILE: ("attachment", sample_page),
    }


def test_no_name_from_a_header_becomes_a_path(fetched):
    folder = fetched.archive.parent
    strange = [path for path in folder.rglob("*") if "escape" in path.name]
    assert strange == []
    assert not (Path(folder.anchor) / "gongkai-escape.docx").exists()


# The second run, after one report was corrected.


def test_a_second_run_asks_for_the_same_and_on_condition(fetched):
    first, again = fetched.asked
    assert Counter((one.host, one.target) for one in again) == Counter((one.host, one.target) for one in first)
    stored = {(visit.url, visit.run_no): visit for visit in visits_of(fetched.archive)}
    with_validator = {url for (url, run), visit in stored.items() if run == 1 and (visit.etag or visit.last_modified)}
    pages = {place(url) for url in with_validator}
    assert pages >= (OK_PAGES | TRS_PAGES) - MADE_ANEW
    unconditional = {where(one) for one in again if one.host == MAIN_HOST and not one.is_conditional}
    assert unconditional == MADE_ANEW | {"/robots.txt"}
    assert not any(one.is_conditional for one in first)


def test_a_second_run_gets_only_what_changed(fetched):
    statuses = {where(one): one.status for one in fetched.asked[1] if one.host == MAIN_HOST}
    assert {path for path, status in statuses.items() if status == 200} == MADE_ANEW | {"/robots.txt", EDITED}
    assert {status for path, status in statuses.items()} == {200, 304}


def test_what_did_not_change_is_not_kept_twice(fetched):
    new = [visit for visit in visits_of(fetched.archive, 2) if visit.record == "response"]
    # an empty body is as long as a reference to it
    assert sorted(place(visit.url) for visit in new if visit.status != 503) == [EDITED]
    assert all(visit.refers_to for visit in visits_of(fetched.archive, 2) if visit.record == "revisit")


def test_a_second_run_comes_to_the_same_outcomes(fetched):
    assert outcomes_of(fetched.archive, 2) == OUTCOMES
    assert [finished for finished, _, pending in runs_of(fetched.archive) if not pending] == [True, True]


# The archive.


def test_the_archive_is_whole(fetched):
    assert [str(problem) for problem in verify(fetched.archive)] == []


def test_an_ordinary_reader_finds_every_digest_right(fetched):
    files = sorted(map(str, fetched.archive.glob("*.warc.gz")))
    assert len(files) == 2  # one a run
    code = "import sys, warcio.cli; sys.exit(warcio.cli.main(['check', '-v', *sys.argv[1:]]))"
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert done.stdout.count("digest pass") > 2 * len(ASKED_OF_MAIN)
    assert "no digest" not in done.stdout


# The dataset.


def test_the_archive_becomes_the_dataset_of_its_pages(fetched):
    assert fetched.built.code == 0, fetched.built.err
    facts = {}
    for row in read_rows(fetched.dataset / "facts.csv"):
        facts.setdefault(row["capture_id"], set()).add(fact_of(row))
    typed = sorted(SAMPLES.glob("*/facts.csv"))
    missing = {}
    for path in typed:
        page = next(path.parent.glob("page.*")).read_bytes()
        rows = [row for row in csv.DictReader(path.open(encoding="utf-8")) if row["state"] == "number"]
        have = facts.get(hashlib.sha256(page).hexdigest()[:16], set())
        missing[path.parent.name] = [row for row in map(fact_of, rows) if row not in have]
    assert len(missing) > 10
    assert {name: rows for name, rows in missing.items() if rows} == {}


def fact_of(row):
    return tuple(row[name] for name in ("indicator", "applicant", "measure", "value", "unit", "state"))


def test_both_captures_of_a_corrected_report_are_in_the_dataset(fetched):
    reports = [row for row in read_rows(fetched.dataset / "reports.csv") if place(row["source_uri"]) == EDITED]
    assert len({row["capture_id"] for row in reports}) == len({row["captured_at"] for row in reports}) == 2
    newest = max(reports, key=lambda row: row["captured_at"])
    assert [row["capture_id"] for row in reports if row["is_current"] == "true"] == [newest["capture_id"]]
    facts = [row for row in read_rows(fetched.dataset / "facts.csv") if row["value"] in ("318", "319")]
    assert {row["value"]: row["capture_id"] == newest["capture_id"] for row in facts} == {"318": False, "319": True}


def test_coverage_says_of_every_wanted_page_what_became_of_it(fetched):
    rows = {}
    for row in read_rows(fetched.dataset / "coverage.csv"):
        rows.setdefault(place(row["source_uri"]), []).append(row)
    for path, outcome in OUTCOMES.items():
        if outcome in ("ok", "attachment_only", "script_shell", "robots_disallowed"):
            seen = {row["outcome"] for row in rows[path]}
            # the slow host shows the same bytes as the main one
            assert seen <= {outcome, "duplicate"}, path
    assert len(rows[EDITED]) == 2
    # a page of the list that names one report, and a list inside a script, are beyond a look at the page alone
    lists = {*TRS_PAGES, *PLAIN_PAGES} - {f"{PLAIN_COLUMN}?page=3"}
    assert {row["outcome"] for path in lists for row in rows[path]} == {"list_page"}
    parts = {path: place(row["part_of"]) for path, found in rows.items() for row in found if row["part_of"]}
    assert parts == (
        dict.fromkeys(PARTS[1:], PARTED)
        | dict.fromkeys(ATTACHMENTS, WITH_ATTACHMENTS)
        | {SAMPLE_FILE: "/pingtan/zfxxgk/nb/202202/t20220208_3.htm"}
    )


def test_the_words_of_the_user_reach_the_dataset(fetched):
    (row,) = {
        (row["agency"], row["report_year"])
        for row in read_rows(fetched.dataset / "coverage.csv")
        if place(row["source_uri"]) == EDITED
    }
    assert row == ("样本市民政局", "2021")


# A sitemap, and what an archive holds already.


def test_a_sitemap_leads_to_the_wanted_pages_only(fetched, site):
    site.forget()
    ended = fetch([site.url("/sitemap.xml")], fetched.archive, "--as", "sitemap", "--match", "/sample/|/shanghai/")
    wanted = {report.path for report in REPORTS if report.path.startswith(("/sample/", "/shanghai/"))}
    sitemaps = {"/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml.gz"}
    assert ended.code == 0, ended.out + ended.err
    assert Counter(where(one) for one in site.requests) == Counter(wanted | sitemaps | {"/robots.txt"})
    assert {where(one) for one in site.requests if one.is_conditional} == wanted
    assert outcomes_of(fetched.archive, 3) == dict.fromkeys(wanted, "ok") | dict.fromkeys(sitemaps, "list_page")
