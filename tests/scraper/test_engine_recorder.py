import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse

from scraper.archive import open_archive
from scraper.engine import LiveOptions
from scraper.engine.answers import REPLAYED, STORED
from scraper.engine.frontier import Frontier
from scraper.engine.job import Job
from scraper.engine.recorder import Recorder
from scraper.engine.robots import ABOUT_ROBOTS
from scraper.records import Visit

URL = "http://www.example.gov.cn/a"
ETAG, DATE = '"1"', "Tue, 15 Feb 2022 08:00:00 GMT"


class AloneRecorder(Recorder):
    """The recorder without a crawler around it."""

    _pace = SimpleNamespace(answered=lambda _host: None)


def recorder_of(archive):
    job = Job(archive, LiveOptions("gongkai/0"), None, None, Frontier(archive))
    return AloneRecorder(job, SimpleNamespace())


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "archive") as opened:
        opened.begin_run("live", "plan")
        yield opened


def page(request, body=b"<p>page</p>", status=200, **headers):
    named = {"Content-Type": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    return HtmlResponse(request.url, status, headers=named, body=body, request=request)


async def fetch(recorder, request, **answer):
    """Let a request through to the network, which gives this answer, if it is asked at all."""
    given = await recorder.process_request(request)
    return recorder.process_response(request, given or page(request, **answer))


def test_a_request_for_an_address_that_is_being_asked_waits_for_its_answer(archive):
    async def both():
        recorder, first, second = recorder_of(archive), Request(URL), Request(URL + "#part")
        assert await recorder.process_request(first) is None
        waiting = asyncio.ensure_future(recorder.process_request(second))
        await asyncio.sleep(0)
        assert not waiting.done()
        recorder.process_response(first, page(first))
        return await waiting

    answer = asyncio.run(both())
    assert answer.flags == [REPLAYED]
    assert answer.body == b"<p>page</p>"
    assert archive.counts().visits == 1


def test_a_request_that_failed_lets_the_next_one_ask(archive):
    async def both():
        recorder, first, second = recorder_of(archive), Request(URL), Request(URL)
        await recorder.process_request(first)
        waiting = asyncio.ensure_future(recorder.process_request(second))
        recorder.process_exception(second, ValueError("of another"))
        await asyncio.sleep(0)
        assert not waiting.done()
        recorder.process_exception(first, ConnectionResetError())
        return await waiting

    assert asyncio.run(both()) is None
    assert archive.counts().visits == 0


def test_what_an_earlier_run_got_is_asked_for_on_condition_and_answers_as_the_page(archive):
    first = Request(URL)
    asyncio.run(fetch(recorder_of(archive), first, ETag=ETAG, Last_Modified=DATE))
    assert not {b"If-None-Match", b"If-Modified-Since"} & set(first.headers)
    archive.finish_run()
    archive.begin_run("live", "plan")
    again = Request(URL)
    response = asyncio.run(fetch(recorder_of(archive), again, status=304, body=b""))
    assert (again.headers["If-None-Match"], again.headers["If-Modified-Since"]) == (ETAG.encode(), DATE.encode())
    assert (response.status, response.body) == (200, b"<p>page</p>")
    assert again.meta[STORED].record == "revisit"


def test_the_conditions_of_a_page_that_moved_are_not_those_of_its_new_address(archive):
    asyncio.run(fetch(recorder_of(archive), Request(URL), ETag=ETAG, Last_Modified=DATE))
    archive.finish_run()
    archive.begin_run("live", "plan")
    moved = Request(URL)
    recorder = recorder_of(archive)
    asyncio.run(fetch(recorder, moved, status=301, Location="/b"))
    assert moved.headers["If-None-Match"] == ETAG.encode()
    follows = moved.replace(url="http://www.example.gov.cn/b")
    asyncio.run(fetch(recorder, follows))
    assert not {b"If-None-Match", b"If-Modified-Since"} & set(follows.headers)


def test_an_error_of_the_server_is_no_answer_for_good(archive):
    recorder = recorder_of(archive)
    assert asyncio.run(fetch(recorder, Request(URL), status=503)).status == 503
    assert asyncio.run(fetch(recorder, Request(URL))).status == 200
    assert asyncio.run(fetch(recorder, Request(URL), status=500)).status == 200
    assert archive.counts().visits == 2


@pytest.mark.parametrize(("hours", "asked"), [(1, False), (25, True)])
def test_rules_of_robots_are_asked_for_anew_after_a_day(archive, hours, asked):
    moment = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="seconds").replace("+00:00", "Z")
    archive.record(Visit(URL, moment, "live", 200, body=b"old"))
    recorder = recorder_of(archive)
    assert asyncio.run(fetch(recorder, Request(URL))).body == b"old"
    rules = asyncio.run(fetch(recorder, Request(URL, meta={ABOUT_ROBOTS: True})))
    assert (rules.body == b"<p>page</p>") is asked


def test_what_the_archive_cannot_take_is_remembered_as_the_end(archive, monkeypatch):
    recorder = recorder_of(archive)
    monkeypatch.setattr(archive, "record", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        asyncio.run(fetch(recorder, Request(URL)))
    assert recorder._job.fatal.errno == 28
    assert recorder._job.ending.is_set()
