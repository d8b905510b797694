from types import SimpleNamespace

import pytest
from scrapy.settings import Settings

from scraper.engine import pace
from scraper.engine.pace import HostPace
from scraper.records import Reading

HOST = "www.example.gov.cn"
SILENT = Reading("timeout", "no whole answer", "Fetch again later.")


@pytest.fixture
def slot():
    return SimpleNamespace(delay=2.0, lastseen=0.0)


@pytest.fixture
def hosts(slot, monkeypatch):
    """The pace of a crawl whose clock a test sets."""
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(pace, "monotonic", lambda: clock.now)
    crawler = SimpleNamespace(
        settings=Settings({"AUTOTHROTTLE_ENABLED": True}),
        signals=SimpleNamespace(connect=lambda *_, **__: None),
        engine=SimpleNamespace(downloader=SimpleNamespace(slots={HOST: slot})),
    )
    made = HostPace(crawler)
    made.clock = clock
    return made


def test_a_pause_holds_up_the_host_and_a_shorter_one_does_not_end_it(hosts, slot):
    hosts.pause(HOST, 30)
    assert slot.lastseen + slot.delay == 1030
    hosts.pause(HOST, 5)
    assert slot.lastseen + slot.delay == 1030
    hosts.pause("elsewhere.example.gov.cn", 5)  # has no slot: nothing is being asked of it


def test_the_longest_delay_that_a_host_asks_for_holds(hosts, slot):
    hosts.at_least(HOST, 10)
    hosts.at_least(HOST, 5)
    assert slot.delay == 10


def test_a_host_that_stopped_answering_is_given_up_and_says_so(hosts):
    for _ in range(4):
        hosts.silent(HOST, SILENT)
    assert hosts.closed(HOST) is None
    hosts.silent(HOST, SILENT)
    reading = hosts.closed(HOST)
    assert reading.outcome == "unreachable"
    assert "5 times in a row" in reading.detail
    assert reading.next_step == SILENT.next_step
    hosts.clock.now += 1e9
    assert hosts.closed(HOST)


def test_an_answer_shows_that_the_host_lives(hosts):
    for _ in range(3):
        for _ in range(4):
            hosts.silent(HOST, SILENT)
        hosts.answered(HOST)
    assert hosts.closed(HOST) is None


def test_a_closed_host_is_open_again_when_its_time_is_over(hosts):
    hosts.close(HOST, 3600, SILENT)
    assert hosts.closed(HOST) == SILENT
    hosts.clock.now += 3601
    assert hosts.closed(HOST) is None
