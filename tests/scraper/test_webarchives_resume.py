"""A fetch from a web archive that is killed at any moment loses nothing, doubles nothing, and goes on."""

import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
import webarchive_fetch
from webarchive_crawl import CommonCrawlServer
from webarchive_fetch import Held, Watch, fetch
from webarchive_server import Answer, Captured
from webarchive_wayback import WaybackServer

from scraper.errors import FetchError
from scraper.store.verify import verify

ASKED = "http://www.example.gov.cn/nb/*"
OLD = "http://www.example.gov.cn/nb/old.html"
KILLS = 3


def captures():
    made = [
        Captured(
            f"http://www.example.gov.cn/nb/{page:02}.html", f"20{year}0301080000", b"%d in %d\n<p>" % (page, year // 2)
        )
        for page in range(12)
        for year in (17, 18, 19)
    ]
    to = (("Location", made[0].url + "?moved"),)
    return [
        *made,
        Captured(OLD, "20190301080000", b"", 301, headers=to),
        Captured(made[0].url + "?moved", "20190301080002", b"moved\n"),
    ]


SERVERS = {
    "wayback": lambda: WaybackServer(captures(), lines_at_once=9),
    "common_crawl": lambda: CommonCrawlServer(
        {
            f"CC-MAIN-20{year}-10": [one for one in captures() if one.stamp.startswith(f"20{year}")]
            for year in (17, 18, 19)
        },
        lines_at_once=9,
    ),
}


def killed(folder, server, origin, after, delay):
    """Run the fetch as a process and kill it `delay` seconds after it made so many requests more.

    The request after that is not answered, so that a slow machine kills no process that is done.
    """
    program = [sys.executable, webarchive_fetch.__file__, str(folder), origin, server.address, ASKED]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(program, cwd=root, env={"PYTHONPATH": str(root), "PATH": ""}, stderr=subprocess.PIPE)
    last = len(server.asked) + after
    server.at_request = {last: threading.Timer(delay, process.kill).start, last + 1: lambda: process.wait(30)}
    _, said = process.communicate(timeout=60)
    server.at_request = {}
    assert process.returncode == -signal.SIGKILL, said.decode()


@pytest.mark.parametrize(("origin", "between"), [("wayback", (3, 11)), ("common_crawl", (9, 18))])
def test_a_fetch_that_is_killed_goes_on_and_neither_loses_nor_doubles_a_capture(tmp_path, origin, between):
    chance = random.Random(origin)
    with SERVERS[origin]() as server:
        for _ in range(KILLS):
            killed(tmp_path, server, origin, chance.randint(*between), chance.uniform(0, 0.02))
        watch = Watch()
        fetch(tmp_path, server, ASKED, origin=origin, watch=watch)
        copies = [one for one in server.asked if "id_" in one.path or ".warc.gz" in one.path]
        replayed = Counter((one.path, one.headers.get("Range")) for one in copies)
        repeated = sum(times - 1 for times in replayed.values())
    held = Held(tmp_path)
    wanted = {(one.url, one.moment) for one in captures()}
    visits = Counter((one.url, one.moment) for one in held.visits)
    assert set(visits) == wanted
    assert set(visits.values()) == {1}
    assert {(target.url, target.captured_at) for target in held.targets} == wanted | {(ASKED, "")}
    assert {reading.outcome for reading in held.readings.values()} == {"list_page", "ok"}
    assert held.bodies == {(one.url, one.moment): one.body for one in captures()}
    assert list(verify(tmp_path)) == []
    # a kill costs at most the request that was under way, and what that one had been redirected from
    assert repeated <= 2 * KILLS
    assert len(watch.visits) < len(wanted)
    assert {one.run_no for one in held.visits} == {1}


def test_a_listing_that_was_cut_off_is_listed_again_and_adds_nothing_twice(tmp_path):
    with SERVERS["wayback"]() as server:
        whole = server.answer

        def busy_at_the_third_page(path, query, headers):
            if query.get("resumeKey") == ["18"]:
                return Answer(429, [("Retry-After", "99999")], b"")
            return whole(path, query, headers)

        server.answer = busy_at_the_third_page
        with pytest.raises(FetchError, match="99999 seconds"):
            fetch(tmp_path, server, ASKED)
        assert server.count("/web/") == 0
        server.answer = whole
        fetch(tmp_path, server, ASKED)
        assert server.count("/cdx") == 3 + 5
        # only a redirect leads twice to one capture: which one it leads to is known when it has been asked for
        assert [path for path, _, _ in server.doubled() if "/cdx" not in path and "moved" not in path] == []
    held = Held(tmp_path)
    assert len(held.visits) == len(captures())
    assert {one.run_no for one in held.visits} == {1}
