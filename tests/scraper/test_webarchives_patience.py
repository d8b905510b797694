from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import pytest
import wayback
import webarchive_server
from site_tls import make_certificates
from webarchive_fetch import Held, Watch, fetch
from webarchive_server import HANG_UP, Captured
from webarchive_wayback import WaybackServer

from scraper.errors import FetchError
from scraper.records import Target
from scraper.webarchives import commoncrawl, patience

URLS = [f"http://www.example.gov.cn/{number}.html" for number in range(30)]
STAMP, MOMENT = "20190301080000", "2019-03-01T08:00:00Z"


def captures(urls):
    return [Captured(url, STAMP, f"Report {url}\n<p>".encode()) for url in urls]


class Clock:
    """A clock that goes on only while somebody sleeps."""

    def __init__(self):
        self.now = 1000.0
        self.slept = []

    def time(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    for module in (wayback._utils, patience, webarchive_server):
        monkeypatch.setattr(module, "time", clock)
    for limit in (wayback._client.DEFAULT_CDX_RATE_LIMIT, wayback._client.DEFAULT_MEMENTO_RATE_LIMIT):
        monkeypatch.setattr(limit, "_last_call_time", 0.0)
    for limit in (commoncrawl.COMMON_CRAWL_PACE.search, commoncrawl.COMMON_CRAWL_PACE.replay):
        monkeypatch.setattr(limit, "_last_call_time", 0.0)
    return clock


def gaps(server, part):
    moments = [one.moment for one in server.asked if part in one.path]
    return [later - earlier for earlier, later in pairwise(moments)]


def test_searches_keep_the_limit_of_a_minute_over_all_addresses_and_sessions(tmp_path, clock):
    with WaybackServer(captures(URLS)) as server:
        fetch(tmp_path / "a", server, *URLS[:15], pace=None)
        fetch(tmp_path / "b", server, *URLS[15:], pace=None)
        moments = [one.moment for one in server.asked if "/cdx" in one.path]
    assert len(moments) == 30
    # whatever minute is looked at, no more than 80 % of the 30 searches that the archive allows fall into it
    assert max(sum(start <= moment < start + 60 for moment in moments) for start in moments) <= 24
    assert min(gaps(server, "/cdx")) >= 2.5 - 1e-6


def test_replays_keep_theirs(tmp_path, clock):
    with WaybackServer(captures(URLS)) as server:
        fetch(tmp_path, server, *(Target(url, captured_at=MOMENT) for url in URLS), pace=None)
    assert len(gaps(server, "/web/")) == 29
    assert min(gaps(server, "/web/")) >= 0.125 - 1e-6


def test_what_is_asked_again_keeps_the_limit_too(tmp_path, clock):
    with WaybackServer() as server:
        server.trouble("/cdx", 503, times=4)
        fetch(tmp_path, server, URLS[0], pace=None, backoff=0.001)
    assert len(gaps(server, "/cdx")) == 4
    assert min(gaps(server, "/cdx")) >= 2.5 - 1e-6


@pytest.mark.parametrize("part", ["/cdx", "/web/"])
def test_a_429_is_shown_and_waited_for_as_long_as_it_says(tmp_path, clock, part):
    with WaybackServer(captures(URLS[:1])) as server:
        server.trouble(part, 429, {"Retry-After": "77"})
        watch = fetch(tmp_path, server, URLS[0])
        assert watch.waits == [(server.address.removeprefix("http://"), 77.0, "HTTP 429: the archive asks to wait")]
        assert gaps(server, part) == [77.0]
    assert Held(tmp_path).outcome(URLS[0], MOMENT) == "ok"


def test_a_date_to_wait_for_is_understood(tmp_path, clock):
    until = format_datetime(datetime.fromtimestamp(clock.now + 77, UTC), usegmt=True)
    with WaybackServer(captures(URLS[:1])) as server:
        server.trouble("/cdx", 503, {"Retry-After": until})
        watch = fetch(tmp_path, server, URLS[0])
    assert [seconds for _, seconds, _ in watch.waits] == [77.0]


@pytest.mark.parametrize("headers", [{}, {"Retry-After": "soon"}, {"Retry-After": "0"}])
def test_a_429_that_does_not_say_how_long_is_waited_for_longer_each_time(tmp_path, clock, headers):
    with WaybackServer(captures(URLS[:1])) as server:
        server.trouble("/cdx", 429, headers, times=3)
        watch = fetch(tmp_path, server, URLS[0])
    assert [seconds for _, seconds, _ in watch.waits] == [60, 120, 240]
    assert Held(tmp_path).outcome(URLS[0], MOMENT) == "ok"


@pytest.mark.parametrize(
    ("said", "times", "waited"),
    [({"Retry-After": "3600"}, 1, []), ({"Retry-After": "400"}, 9, [400, 400]), ({}, 9, [60, 120, 240, 480])],
)
def test_too_long_a_wait_stops_the_run_which_then_goes_on(tmp_path, clock, said, times, waited):
    asked = [Target(url, captured_at=MOMENT) for url in URLS[:4]]
    with WaybackServer(captures(URLS)) as server:
        server.trouble("/2.html", 429, said, times=times)
        watch = Watch()
        with pytest.raises(FetchError, match="seconds") as stopped:
            fetch(tmp_path, server, *asked, watch=watch)
        assert stopped.value.code == "rate_limited"
        assert [seconds for _, seconds, _ in watch.waits] == waited
        assert [url for url, _, _ in watch.visits] == URLS[:2]
        server.troubles.clear()
        watch = fetch(tmp_path, server, *asked)
        assert [url for url, _, _ in watch.visits] == URLS[2:4]
        assert [server.count(f"/{number}.html") for number in (0, 1, 3)] == [1, 1, 1]
    assert len(Held(tmp_path).visits) == 4


def test_an_archive_that_is_gone_stops_the_run_and_nothing_is_settled(tmp_path, clock):
    with WaybackServer(captures(URLS)) as server:
        server.trouble("/cdx", HANG_UP, times=10**6)
        with pytest.raises(FetchError) as stopped:
            fetch(tmp_path, server, *URLS[:8])
        assert stopped.value.code == "archive_unreachable"
        assert server.address in stopped.value.where
        assert server.count("/cdx") == 5 * 5  # five addresses, each asked for five times
        assert set(Held(tmp_path).readings.values()) == {None}
        server.troubles.clear()
        fetch(tmp_path, server, *URLS[:8])
    assert {reading.outcome for reading in Held(tmp_path).readings.values()} == {"list_page", "ok"}


def test_one_answer_that_does_not_come_is_an_outcome_of_its_target(tmp_path, clock):
    with WaybackServer(captures(URLS[:3])) as server:
        server.trouble("/1.html", HANG_UP, times=10**6)
        fetch(tmp_path, server, *URLS[:3])
        # the last one stays without an answer too, and the run ends all the same
        server.trouble("/web/", HANG_UP, times=10**6)
        fetch(tmp_path, server, Target(URLS[9], captured_at=MOMENT))
    held = Held(tmp_path)
    assert [held.outcome(url, MOMENT) for url in URLS[:3]] == ["ok", "unreachable", "ok"]
    assert held.outcome(URLS[9], MOMENT) == "unreachable"
    assert "Connection aborted" not in held.readings[URLS[1], MOMENT].detail


def test_a_time_out_is_an_outcome(tmp_path):
    with WaybackServer(captures(URLS[:1])) as server:
        server.trouble("/web/", 200, body=b"ab", pause=3.0)
        fetch(tmp_path, server, Target(URLS[0], captured_at=MOMENT), timeout=0.3, retries=0)
    assert Held(tmp_path).outcome(URLS[0], MOMENT) == "timeout"


def test_a_certificate_that_does_not_hold_stops_the_run_before_anything_is_sent(tmp_path, monkeypatch):
    context, authority = make_certificates(tmp_path, ("127.0.0.1",))
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with WaybackServer(captures(URLS), tls=context) as server:
        with pytest.raises(FetchError, match="certificate") as stopped:
            fetch(tmp_path / "archive", server, URLS[0])
        assert stopped.value.code == "archive_unreachable"
        assert server.asked == []
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        fetch(tmp_path / "archive", server, URLS[0])
    assert Held(tmp_path / "archive").outcome(URLS[0], MOMENT) == "ok"


def test_ctrl_c_while_waiting_leaves_a_run_that_goes_on(tmp_path):
    class Stopped(Watch):
        def waiting(self, host, seconds, reason):
            raise KeyboardInterrupt

    asked = [Target(url, captured_at=MOMENT) for url in URLS[:3]]
    with WaybackServer(captures(URLS)) as server:
        server.trouble("/1.html", 503)
        with pytest.raises(KeyboardInterrupt):
            fetch(tmp_path, server, *asked, watch=Stopped())
        watch = fetch(tmp_path, server, *asked)
        assert [url for url, _, _ in watch.visits] == URLS[1:3]
    assert {one.run_no for one in Held(tmp_path).visits} == {1}


def test_a_private_address_is_refused_unless_it_is_allowed(tmp_path):
    with WaybackServer(captures(URLS)) as server:
        with pytest.raises(FetchError) as refused:
            fetch(tmp_path, server, URLS[0], allow_private=False)
        assert refused.value.code == "address_refused"
        assert server.asked == []
