"""What a fetch makes of servers that misbehave: each misbehaviour has its outcome and a bounded cost, the run goes on.

One run asks for them all; hosts are asked side by side, so those that give no answer have a host of their own. The
caps are small, so that reaching them costs little.
"""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from site_fetch import (
    CONTACT,
    Command,
    Ended,
    fetch,
    outcomes_of,
    place,
    read_rows,
    run_gongkai,
    said_beside,
    targets_of,
    visits_of,
    write_sources,
)
from site_http import Asked
from site_pages import FORBIDDEN, TRS_COLUMN
from site_server import INSIDE_HOST, MAIN_HOST
from site_trouble import BIG_BYTES, BOMB_BYTES, LONG_WAIT_SECONDS

from gongkai.build import build
from scraper.archive import verify

MIB = 2**20
TIMEOUT_SECONDS = 2
MAX_PAGE_MB = 4
BUSY_HOST, DEAD_HOST, TIMED_HOST, BROKEN_HOST, SIZE_HOST = (f"127.0.0.{n}" for n in range(4, 9))
ODD_HOST = "localhost"
TRIES = 3

# name: (outcome, how often it is asked for)
EXPECTED = {
    MAIN_HOST: {
        "403": ("blocked", 1),
        "412": ("blocked", 1),
        "521": ("blocked", 1),
        "captcha": ("blocked", 1),
        "404": ("empty", 1),
        "410": ("empty", 1),
        "503": ("empty", TRIES),
        "429-once": ("ok", 2),
        "429-date": ("ok", 2),
        "500-once": ("ok", 2),
        "503-once": ("ok", 2),
        "reset-once": ("ok", 2),
        "redirect-chain": ("ok", 1),
        "redirect-loop": ("unreachable", 1),
        "redirect-endless": ("unreachable", 6),
        "redirect-off-site": ("ok", 1),
        "redirect-inside": ("ok", 1),
        "redirect-file": ("address_refused", 1),
        "redirect-script": ("address_refused", 1),
        "redirect-nowhere": ("empty", 1),
        "redirect-forbidden": ("robots_disallowed", 1),
    },
    ODD_HOST: {
        "empty": ("empty", 1),
        "204": ("empty", 1),
        "no-length": ("ok", 1),
        "chunked": ("ok", 1),
        "gzip": ("ok", 1),
        "deflate": ("ok", 1),
        "br": ("ok", 1),
        "gzip-none": ("ok", 1),
        "gzip-cut": ("crashed", 1),
        "unknown-coding": ("undecodable", 1),
        "wrong-charset": ("ok", 1),
        "headers": ("ok", 1),
        "cookie": ("ok", 1),
        "download": ("attachment_only", 1),
        "meta-refresh": ("ok", 1),
    },
    BUSY_HOST: {"429-long": ("blocked", 1), "landed": ("blocked", 0)},
    DEAD_HOST: {f"reset?n={n}": ("unreachable", TRIES if n < 5 else 0) for n in range(8)},
    TIMED_HOST: {"drip": ("timeout", 1), "slow-start": ("timeout", TRIES)},
    BROKEN_HOST: {
        "truncated": ("crashed", TRIES),
        "reset-inside": ("crashed", TRIES),
        "closed": ("unreachable", TRIES),
        "garbage": ("unreachable", TRIES),
        "chunked-broken": ("crashed", TRIES),
        "huge-header": ("unreachable", TRIES),
    },
    SIZE_HOST: {"big": ("too_large", 1), "big-chunked": ("too_large", 1), "gzip-bomb": ("too_large", 1)},
}


@dataclass
class Run:
    """One run, what it asked, and how it ended."""

    archive: Path
    ended: Ended
    asked: list[Asked]

    def asked_for(self, name, host):
        path, _, query = f"/trouble/{name}".partition("?")
        return [one for one in self.asked if one.path == path and one.host == host and query in one.target]


@pytest.fixture(scope="module")
def run(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trouble")
    names = [(host, name) for host, expected in EXPECTED.items() for name in expected]
    sources = write_sources(
        folder / "sources.csv", [{"url": site.url(f"/trouble/{name}", host=host)} for host, name in names]
    )
    site.reset()
    options = ("--timeout", str(TIMEOUT_SECONDS), "--max-page-mb", str(MAX_PAGE_MB))
    ended = fetch([sources], folder / "archive", *options)
    return Run(folder / "archive", ended, site.requests)


def key(host, name):
    return place(f"http://{host}/trouble/{name}")


CASES = [(host, name, *expected) for host, cases in EXPECTED.items() for name, expected in cases.items()]


def test_every_misbehaviour_has_its_outcome(run):
    assert run.ended.code == 1, run.ended.err
    assert outcomes_of(run.archive) == {key(host, name): outcome for host, name, outcome, _ in CASES}


def test_every_misbehaviour_is_told_with_what_to_do(run):
    rows = targets_of(run.archive)
    failed = [key(host, name) for host, name, outcome, _ in CASES if outcome != "ok"]
    assert [name for name in failed if not (rows[name].reading.detail and rows[name].reading.next_step)] == []


def test_nothing_is_asked_for_oftener_than_it_may(run):
    times = {key(host, name): len(run.asked_for(name, host)) for host, name, _, _ in CASES}
    assert times == {key(host, name): expected for host, name, _, expected in CASES}


def test_retries_wait_longer_each_time(run):
    first, second = (later.started - earlier.started for earlier, later in pairwise(run.asked_for("503", MAIN_HOST)))
    assert second > first > 0.1


@pytest.mark.parametrize("name", ["429-once", "429-date", "503-once"])
def test_retry_after_is_obeyed_by_the_whole_host(run, name):
    refused, granted = run.asked_for(name, MAIN_HOST)
    assert granted.started - refused.started >= 0.95
    between = [one for one in run.asked if one.host == MAIN_HOST and refused.ended < one.started < granted.started]
    assert [one.path for one in between if one.started - refused.ended < 0.9] == []


def test_a_host_that_asks_for_a_day_is_left_alone_until_then(run):
    rows = targets_of(run.archive)
    for name in ("429-long", "landed"):
        reading = rows[key(BUSY_HOST, name)].reading
        assert f"wait {LONG_WAIT_SECONDS} seconds" in reading.detail
        assert "UTC" in reading.next_step
    assert [one.path for one in run.asked if one.host == BUSY_HOST] == ["/robots.txt", "/trouble/429-long"]


def test_a_host_that_never_answers_is_given_up(run):
    details = [targets_of(run.archive)[key(DEAD_HOST, f"reset?n={n}")].reading.detail for n in range(8)]
    assert [detail.count("is not asked further") for detail in details] == [0] * 5 + [1] * 3


def test_a_page_has_a_time_cap(run):
    (dripped,) = run.asked_for("drip", TIMED_HOST)
    assert TIMEOUT_SECONDS - 0.5 <= dripped.ended - dripped.started < TIMEOUT_SECONDS + 3
    for asked in run.asked_for("slow-start", TIMED_HOST):
        assert TIMEOUT_SECONDS - 0.5 <= asked.ended - asked.started < TIMEOUT_SECONDS + 6


def test_a_page_has_a_size_cap_on_the_wire_and_in_the_archive(run):
    (declared,), (undeclared,) = run.asked_for("big", SIZE_HOST), run.asked_for("big-chunked", SIZE_HOST)
    # what lies between server and client when the client leaves: the buffers of two sockets
    assert declared.sent_bytes < 16 * MIB
    assert undeclared.sent_bytes < MAX_PAGE_MB * MIB + 16 * MIB
    assert sum(path.stat().st_size for path in run.archive.glob("*.warc.gz")) < 2 * MAX_PAGE_MB * MIB


def test_memory_is_bounded_while_pages_are_not(run, site, tmp_path):
    harmless = fetch([site.url("/trouble/landed")], tmp_path / "archive")
    assert harmless.code == 0, harmless.err
    assert min(BIG_BYTES, BOMB_BYTES) > 190 * MIB
    assert run.ended.peak_bytes - harmless.peak_bytes < 80 * MIB


def test_what_was_cut_is_kept_and_called_so(run):
    cut = {}
    for visit in visits_of(run.archive):
        if visit.truncated:
            cut.setdefault(place(visit.url), set()).add(visit.truncated)
    assert cut == {
        key(TIMED_HOST, "drip"): {"time"},
        key(SIZE_HOST, "big"): {"length"},
        key(SIZE_HOST, "big-chunked"): {"length"},
        **{key(BROKEN_HOST, name): {"disconnect"} for name in ("truncated", "reset-inside", "chunked-broken")},
    }


def test_redirects_end_where_they_lead(run):
    rows = targets_of(run.archive)
    ends = {name: place(rows[key(MAIN_HOST, name)].final_url) for name in ("redirect-chain", "redirect-off-site")}
    assert ends == {"redirect-chain": "/trouble/landed", "redirect-off-site": "127.0.0.2/trouble/landed"}
    hops = [place(visit.url) for visit in visits_of(run.archive) if visit.status in (301, 302, 307)]
    assert {key(MAIN_HOST, f"redirect-chain{step}") for step in ("", "-2", "-3")} <= set(hops)


def test_nothing_is_followed_that_must_not_be(run):
    assert [one.target for one in run.asked if one.path == FORBIDDEN] == []
    assert [one.target for one in run.asked if one.header("Cookie")] == []
    assert {one.host for one in run.asked} == {*EXPECTED, "127.0.0.2", INSIDE_HOST}


def test_no_name_from_a_header_becomes_a_path(run):
    assert [path.name for path in run.archive.parent.rglob("*") if "escape" in path.name] == []


def test_the_archive_is_whole_after_all_that(run):
    assert [str(problem) for problem in verify(run.archive)] == []


def test_the_dataset_has_the_reports_and_a_line_for_everything_else(run, tmp_path):
    build([run.archive], tmp_path / "dataset")
    lines = {}
    for row in read_rows(tmp_path / "dataset" / "coverage.csv"):
        lines.setdefault(place(row["source_uri"]), set()).add(row["outcome"])
    rows = targets_of(run.archive)
    missing, differing = [], {}
    for host, name, outcome, _ in CASES:
        asked = key(host, name)
        # a page stands under the address where it ended, a failure without one under the address that was wanted
        found = lines.get(place(rows[asked].final_url), set()) | lines.get(asked, set())
        if not found:
            missing.append(asked)
        elif not found & {outcome, "duplicate"}:
            differing[asked] = (outcome, found)
    assert (missing, differing) == ([], {})
    years = {row["report_year"] for row in read_rows(tmp_path / "dataset" / "reports.csv")}
    assert years >= {*map(str, range(2009, 2021))}


# Certificates and private addresses: runs of their own.


def test_a_certificate_that_does_not_hold_is_an_outcome(site, tmp_path):
    right, wrong = site.url("/trouble/landed", tls=True), site.url("/trouble/landed", host="127.0.0.2", tls=True)
    site.forget()
    ended = fetch([right], tmp_path / "archive")
    assert ended.code == 1
    (row,) = targets_of(tmp_path / "archive").values()
    assert row.reading.outcome == "certificate_error"
    assert row.reading.next_step
    assert site.requests == []
    trusting = {"SSL_CERT_FILE": str(site.ca_file)}
    fetch([right, wrong], tmp_path / "archive-2", env=trusting)
    outcomes = outcomes_of(tmp_path / "archive-2")
    assert outcomes == {"localhost/trouble/landed": "ok", "127.0.0.2/trouble/landed": "certificate_error"}


GUARDED = """
import sys
from ipaddress import ip_network
from scraper import addresses
addresses._NETWORKS = ((ip_network(sys.argv.pop(1)), "loopback"),)  # the rest of loopback plays the public network
from gongkai.cli import main
main()
"""


def guarded_fetch(private, sources, archive):
    args = ["-c", GUARDED, private, "fetch", *sources, "-o", str(archive), "--contact", CONTACT, "--delay", "1"]
    with Command(args, said_beside(archive)) as command:
        return command.wait()


def test_private_addresses_are_refused(site, tmp_path):
    site.forget()
    port = site.url("").rsplit(":", 1)[-1]
    hosts = (MAIN_HOST, "localhost", "[::1]", "2130706433", "10.0.0.1", "169.254.169.254")
    guarded = ["--delay", "1", "--contact", CONTACT]
    sources = [f"http://{host}:{port}{TRS_COLUMN}" for host in hosts]
    ended = run_gongkai("fetch", *sources, "-o", tmp_path / "archive", *guarded)
    assert ended.code == 1, ended.err
    assert set(outcomes_of(tmp_path / "archive").values()) == {"address_refused"}
    assert site.requests == []


def test_a_redirect_to_a_private_address_is_refused(site, tmp_path):
    site.reset()
    ended = guarded_fetch(f"{INSIDE_HOST}/32", [site.url("/trouble/redirect-inside")], tmp_path / "archive")
    assert ended.code == 1, ended.err
    assert outcomes_of(tmp_path / "archive") == {"/trouble/redirect-inside": "address_refused"}
    assert [(one.host, one.path) for one in site.requests] == [
        (MAIN_HOST, "/robots.txt"),
        (MAIN_HOST, "/trouble/redirect-inside"),
    ]
