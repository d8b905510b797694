import gzip
import shutil
import time
from email.utils import formatdate

import pytest
from engine_run import AGENT, EngineRun, wait_for
from site_http import Answer, LoopbackServer, RequestLog, gaps, most_at_once

from scraper.archive import read_archive
from scraper.browser import BROWSERS
from scraper.engine import LiveOptions
from scraper.engine.live import LOG_NAME
from scraper.store.layout import FETCH_FOLDER

HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 12))
SLACK = 0.15
"""Seconds by which a busy machine may note a request too late, and the next one so much too early."""

PAGE = b"<html><p>made by a test</p></html>"


class Site:
    """A server whose answers a test writes down: by path, or by host and path."""

    def __init__(self):
        self.log = RequestLog()
        self.answers = {}
        self._server = LoopbackServer(self._answer, self.log)

    def __enter__(self):
        self._server.start(HOSTS)
        return self

    def __exit__(self, *_):
        self._server.stop()

    def url(self, path, host=HOSTS[0]):
        return f"http://{host}:{self._server.port}{path}"

    def paths(self, host=HOSTS[0]):
        return [one.path for one in self.log.all() if one.host == host]

    def _answer(self, exchange):
        asked = exchange.asked
        found = self.answers.get((asked.host, asked.path)) or self.answers.get(asked.path)
        if found is None:
            return Answer(b"", 404) if asked.path == "/robots.txt" else Answer(PAGE)
        return found(exchange) if callable(found) else found


@pytest.fixture(scope="module")
def site():
    with Site() as running:
        yield running


def redirect(to):
    return Answer(b"", 302, headers=(("Location", to),))


@pytest.fixture(scope="module")
def hosts(site, tmp_path_factory):
    """One run over many hosts, each with its own oddity, so that the suite pays for one process."""
    drowned = Answer(b"User-agent: *\nDisallow: /\n", 500)
    site.answers |= {
        # 1: addresses that lead to one another are asked once
        "/one": redirect("/two"),
        "/also-one": redirect("/two#part"),
        "/refresh": Answer(b'<html><head><meta http-equiv="refresh" content="0; url=/two"></head></html>'),
        # 2: robots.txt with an error; 3: behind a shield; 4: a circle; 5: packed, with a delay
        (HOSTS[1], "/robots.txt"): drowned,
        (HOSTS[2], "/robots.txt"): Answer(b"<script></script>", 521),
        (HOSTS[3], "/robots.txt"): redirect("/robots.txt"),
        (HOSTS[4], "/robots.txt"): Answer(
            gzip.compress(b"User-agent: gongkai\nCrawl-delay: 0.5\nDisallow: /closed\n"),
            headers=(("Content-Encoding", "gzip"),),
        ),
        # 6: overloaded, with a date; 7: asks for an hour; 8: for more between pages than anyone waits
        (HOSTS[5], "/busy"): lambda exchange: (
            Answer(b"", 503, headers=(("Retry-After", formatdate(time.time() + 2, usegmt=True)),))
            if exchange.nth == 1
            else Answer(PAGE)
        ),
        (HOSTS[6], "/busy"): Answer(b"", 429, headers=(("Retry-After", "3600"),)),
        (HOSTS[7], "/robots.txt"): Answer(b"User-agent: *\nCrawl-delay: 100000\n"),
        # 9: never well; 10: the rules name us before all
        (HOSTS[8], "/ill"): Answer(b"", 500),
        (HOSTS[8], "/cookie"): Answer(b"", 302, headers=(("Location", "/cookie"), ("Set-Cookie", "sid=1"))),
        (HOSTS[9], "/robots.txt"): Answer(b"User-agent: *\nDisallow:\n\nUser-agent: gongkai\nDisallow: /\n"),
    }
    wanted = {
        HOSTS[0]: ("/one", "/two", "/also-one", "/refresh", "/bad"),
        HOSTS[1]: ("/a",),
        HOSTS[2]: ("/a",),
        HOSTS[3]: ("/a",),
        HOSTS[4]: ("/a", "/b", "/closed", "/c"),
        HOSTS[5]: ("/busy", "/after"),
        HOSTS[6]: ("/busy", "/after", "/robots.txt"),
        HOSTS[7]: ("/a",),
        HOSTS[8]: ("/ill", "/cookie"),
        HOSTS[9]: ("/a",),
    }
    urls = [site.url(path, host) for host, paths in wanted.items() for path in paths]
    extra = ["http://127.0.0.1:1/closed-port", "ftp://127.0.0.1/", "no address"]
    folder = tmp_path_factory.mktemp("engine") / "archive"
    run = EngineRun(folder, urls + extra, reader="raises", max_wait=60).ended()
    assert run.code == 0, run.errors
    return run


def became(run, site, path, host=HOSTS[0]):
    return run.settled[site.url(path, host)]


def test_every_target_has_an_outcome(hosts):
    assert hosts.pending == 0
    assert len(hosts.settled) == 24
    assert all(one.next_step for one in hosts.settled.values() if one.outcome != "ok")


def test_an_address_is_asked_once_however_many_lead_to_it(hosts, site):
    paths = [path for path in site.paths() if path != "/bad"]
    assert sorted(paths) == ["/also-one", "/one", "/refresh", "/robots.txt", "/two"]
    for path in ("/one", "/two", "/also-one", "/refresh"):
        assert became(hosts, site, path).outcome == "ok"
        assert became(hosts, site, path).detail == f"{len(PAGE)} bytes"


def test_a_site_that_wants_a_cookie_back_is_asked_once_and_says_so(hosts, site):
    found = became(hosts, site, "/cookie", HOSTS[8])
    assert (found.outcome, "cookie" in found.detail) == ("blocked", True)
    assert "browser" in found.next_step
    assert site.paths(HOSTS[8]).count("/cookie") == 1


def test_a_page_on_which_the_reader_fails_is_crashed_and_the_fetch_goes_on(hosts, site):
    bad = became(hosts, site, "/bad")
    assert (bad.outcome, bad.detail) == ("crashed", "ZeroDivisionError: a page like no other")


def test_robots_txt_that_cannot_be_had_forbids_all(hosts, site):
    assert became(hosts, site, "/a", HOSTS[1]).outcome == "robots_disallowed"
    assert became(hosts, site, "/a", HOSTS[1]).detail == "robots.txt could not be had: HTTP 500"
    assert became(hosts, site, "/a", HOSTS[2]).outcome == "blocked"
    assert set(site.paths(HOSTS[1])) == set(site.paths(HOSTS[2])) == {"/robots.txt"}
    assert len(site.paths(HOSTS[1])) == 3  # an error of the server is tried again, a refusal is not
    assert len(site.paths(HOSTS[2])) == 1


def test_robots_txt_that_leads_nowhere_forbids_nothing(hosts, site):
    assert became(hosts, site, "/a", HOSTS[3]).outcome == "ok"


def test_rules_for_this_program_come_before_those_for_all(hosts, site):
    assert became(hosts, site, "/a", HOSTS[9]).outcome == "robots_disallowed"
    assert site.paths(HOSTS[9]) == ["/robots.txt"]


def test_the_delay_that_robots_txt_asks_for_is_kept(hosts, site):
    assert site.paths(HOSTS[4]) == ["/robots.txt", "/a", "/b", "/c"]
    between = gaps(one for one in site.log.all() if one.host == HOSTS[4])[1:]
    assert sum(between) >= 2 * 0.5 - SLACK
    assert [HOSTS[4], 0.5, "Crawl-delay of robots.txt"] in hosts.waits


def test_a_delay_that_nobody_waits_is_an_outcome(hosts, site):
    one = became(hosts, site, "/a", HOSTS[7])
    assert one.outcome == "robots_disallowed"
    assert "100000 seconds" in one.detail
    assert site.paths(HOSTS[7]) == ["/robots.txt"]


def test_a_host_that_asks_for_a_pause_gets_it_as_a_whole(hosts, site):
    asked = [one for one in site.log.all() if one.host == HOSTS[5]]
    assert [one.path for one in asked] in (
        ["/robots.txt", "/busy", "/busy", "/after"],
        ["/robots.txt", "/busy", "/after", "/busy"],
    )
    pause = asked[1].ended, asked[2].started
    assert pause[1] - pause[0] >= 1 - SLACK  # two seconds, but a date has no fractions of them
    others = [one.started for one in site.log.all() if one.host != HOSTS[5]]
    assert any(pause[0] < started < pause[1] for started in others)  # other hosts do not wait
    assert became(hosts, site, "/busy", HOSTS[5]).outcome == "ok"


def test_a_host_that_asks_for_too_long_a_pause_is_left_alone(hosts, site):
    assert site.paths(HOSTS[6]) == ["/robots.txt", "/busy"]
    for path in ("/busy", "/after"):
        one = became(hosts, site, path, HOSTS[6])
        assert one.outcome == "blocked"
        assert "3600 seconds" in one.detail
        assert one.next_step.startswith("Fetch again after 20")


def test_errors_are_tried_again_each_time_later(hosts, site):
    asked = [one.started for one in site.log.all() if (one.host, one.path) == (HOSTS[8], "/ill")]
    first, second = asked[1] - asked[0], asked[2] - asked[1]
    assert len(asked) == 3
    assert first >= 0.2 - SLACK
    assert second >= 0.4 - SLACK
    assert became(hosts, site, "/ill", HOSTS[8]).outcome == "empty"


def test_what_cannot_be_reached_says_why(hosts):
    closed = hosts.settled["http://127.0.0.1:1/closed-port"]
    assert (closed.outcome, closed.detail) == ("unreachable", "robots.txt could not be had: the connection was refused")
    assert hosts.settled["ftp://127.0.0.1/"].outcome == "address_refused"
    assert hosts.settled["no address"].outcome == "address_refused"


def test_a_host_has_one_request_at_a_time(hosts, site):
    assert {most_at_once(one for one in site.log.all() if one.host == host) for host in HOSTS} <= {0, 1}


def test_every_answer_is_in_the_archive_as_it_was_asked_and_given(hosts, site):
    asked = site.log.all()
    with read_archive(hosts.archive) as view:
        visits = list(view.visits())
    assert sorted(one.url for one in visits) == sorted(site.url(one.target, one.host) for one in asked)
    assert {one.source for one in visits} == {"live"}


def test_the_server_is_told_who_asks_and_no_more(hosts, site):
    for one in site.log.all():
        names = [name for name, _ in one.headers]
        assert one.header("User-Agent") == AGENT
        assert not {"Referer", "Cookie", "If-None-Match", "If-Modified-Since"} & set(names)


def test_scrapys_words_go_into_the_log_and_nowhere_else(hosts):
    log = (hosts.archive / FETCH_FOLDER / LOG_NAME).read_text()
    assert "Spider closed (finished)" in log
    assert "Traceback" not in log
    assert hosts.errors == ""


@pytest.mark.parametrize("answered", ["before", "after"])
def test_the_first_signal_waits_for_answers_under_way_and_the_second_run_goes_on(site, tmp_path, answered):
    site.log.forget(counts=True)
    site.answers["/slow"] = lambda exchange: exchange.wait(1) or Answer(PAGE)
    site.answers["/later"] = lambda exchange: (
        (answered == "after" and exchange.wait(0.5)) or Answer(b"", 503, headers=(("Retry-After", "50"),))
        if exchange.nth == 1
        else Answer(PAGE)
    )
    urls = [*(site.url(path) for path in ("/a", "/slow", "/b")), site.url("/later", HOSTS[10])]
    run = EngineRun(tmp_path / "archive", urls)
    wait_for(lambda: "/slow" in site.paths() and "/later" in site.paths(HOSTS[10]))
    run.signal()
    assert run.ended().code == 130
    assert run.seconds < 20  # what waits for its turn is not waited for
    assert {url for url, one in run.settled.items() if one.outcome == "ok"} == set(urls[:2])
    assert run.pending == 2
    assert run.errors == ""
    again = EngineRun(tmp_path / "archive", urls).ended()
    assert again.code == 0
    assert again.pending == 0
    assert site.paths() == ["/robots.txt", "/a", "/slow", "/b"]
    assert site.paths(HOSTS[10]) == ["/robots.txt", "/later", "/later"]


def test_the_second_signal_does_not_wait(site, tmp_path):
    site.log.forget(counts=True)
    site.answers["/never"] = lambda exchange: exchange.wait(30) or Answer(PAGE)
    run = EngineRun(tmp_path / "archive", [site.url("/never")], timeout=30)
    wait_for(lambda: "/never" in site.paths())
    run.signal()
    time.sleep(0.2)
    run.signal()
    assert run.ended().code == 130
    assert run.seconds < 15
    assert run.pending == 1
    assert run.errors == ""


def test_an_archive_that_cannot_be_written_ends_the_fetch(site, tmp_path):
    site.log.forget(counts=True)
    run = EngineRun(tmp_path / "archive", [site.url(f"/{n}") for n in range(60)], reader="full disk").ended()
    assert run.code == 1
    assert run.errors.rstrip().endswith("OSError: [Errno 28] No space left on device")
    with read_archive(tmp_path / "archive") as view:
        assert {row.reading for row in view.targets()} == {None}
    assert len(site.paths()) < 10


def test_the_defaults_are_polite():
    options = LiveOptions(AGENT)
    assert options.delay >= 2
    assert not options.allow_private


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="no Chromium is installed (make browser)")
def test_a_page_written_by_a_script_is_rendered_where_that_is_wished(site, tmp_path):
    site.log.forget(counts=True)
    script = "document.body.innerHTML = '<p>made by a ' + 'script</p>'"
    site.answers["/shell"] = Answer(f"<html><body><script>{script}</script></body></html>".encode())
    wanted = [site.url("/shell")]
    plain = EngineRun(tmp_path / "archive", wanted, reader="shell").ended()
    assert became(plain, site, "/shell").outcome == "script_shell"
    shown = EngineRun(tmp_path / "other", wanted, reader="shell", browser=True, timeout=20).ended()
    assert shown.code == 0, shown.errors
    assert became(shown, site, "/shell").outcome == "ok"
    with read_archive(tmp_path / "other") as view:
        made = [one for one in view.visits() if one.url == site.url("/shell")]
        assert [(one.source, one.record, one.status) for one in made] == [
            ("live", "response", 200),
            ("rendered", "resource", None),
        ]
