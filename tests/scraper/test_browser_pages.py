"""A real Chromium under Scrapy, in a process of its own, against pages on loopback that scripts write.

As in the tests of addresses, 127.0.0.9 alone stands for private addresses there, and names are those of a false
resolver.
"""

import json
import re
import socket
import subprocess
import sys
import textwrap
from contextlib import suppress
from typing import NamedTuple

import pytest
from browser_pages import pages
from counting_server import counting_server
from site_tls import make_certificates

from scraper.browser import find_browser
from scraper.errors import FetchError

try:
    find_browser()
except FetchError as error:
    pytest.skip(f"{error}", allow_module_level=True)
pytest.importorskip("scrapy_playwright", reason="the extra [browser] is not installed")

AGENT = "gongkai/0 (+mailto:someone@example.invalid)"
CRAWL = textwrap.dedent("""
    import asyncio, json, socket, sys
    from ipaddress import ip_network
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.log import configure_logging
    from scrapy.utils.reactor import install_reactor
    from scraper import addresses, browser_handler
    from scraper.browser import browser_settings, render_request
    from scraper.resolver import guard_settings

    addresses._NETWORKS = ((ip_network("127.0.0.9/32"), "loopback"),)
    browser_handler._IDLE_SECONDS = 5  # half of what a page that never ceases to ask is given
    names = {"www.example.gov.cn": "127.0.0.1", "www.example.org": "127.0.0.1", "evil.example.gov.cn": "127.0.0.9"}
    numeric = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *rest, **more: numeric(names.get(host, host), *rest, **more)
    found = {}

    class Walk(Spider):
        name = "walk"

        async def start(self):
            for key, url in json.loads(sys.argv[1])[self.settings["WHICH"]]:
                request = Request(url, callback=self.kept, errback=self.failed, cb_kwargs={"key": key})
                yield render_request(request) if key != "plain" else request

        def kept(self, response, key):
            found[key] = [response.status, response.url, response.body.decode("utf-8"),
                          response.headers["Content-Type"].decode()]

        def failed(self, failure):
            error = failure.value
            reading = getattr(error, "reading", None)
            words = [reading.outcome, reading.detail] if reading else [getattr(error, "code", ""), str(error)]
            found[failure.request.cb_kwargs["key"]] = [type(error).__name__, *words]

    async def main():
        for which, seconds in (("quick", 4), ("slow", 60)):
            settings = guard_settings()
            settings |= browser_settings(user_agent=sys.argv[2], timeout=seconds, max_page_bytes=2_000_000)
            settings |= {"ROBOTSTXT_OBEY": False, "TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "CRITICAL"}
            await AsyncCrawlerRunner({**settings, "WHICH": which}).crawl(Walk)
        reactor.stop()

    configure_logging({"LOG_LEVEL": "CRITICAL"})
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor
    reactor.callWhenRunning(lambda: asyncio.ensure_future(main()))
    reactor.run()
    print(json.dumps(found))
""")
QUICK = ["endless", "waits"]


class Walked(NamedTuple):
    """What became of each page; what the site was asked, and by whom; how often others were; files that were left."""

    found: dict
    asked: list
    agents: set
    secrets: int
    packets: int
    files: list


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    place, certificates = tmp_path_factory.mktemp("browser"), tmp_path_factory.mktemp("certificates")
    (place / "a" / "b").mkdir(parents=True)
    with (
        counting_server("127.0.0.1") as site,
        counting_server("127.0.0.9") as other,
        counting_server("127.0.0.1", make_certificates(certificates, ("www.example.gov.cn",))[0]) as secure,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as calls,
    ):
        calls.bind(("127.0.0.9", 0))
        calls.setblocking(False)
        site.pages = pages(site.port, other.port, calls.getsockname()[1])
        urls = {path[1:]: f"http://www.example.gov.cn:{site.port}{path}" for path in site.pages if "." not in path}
        urls["private"] = f"http://evil.example.gov.cn:{other.port}/secret"
        urls["plain"] = urls["list"]
        urls["unknown authority"] = f"https://www.example.gov.cn:{secure.port}/list"
        slow = [each for each in urls.items() if each[0] not in {*QUICK, "megabyte"}]
        run = subprocess.run(
            [
                sys.executable,
                "-c",
                CRAWL,
                json.dumps({"quick": [(key, urls[key]) for key in QUICK], "slow": slow}),
                AGENT,
            ],
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
            cwd=place / "a" / "b",
        )
        assert run.returncode == 0, run.stderr
        found = json.loads(run.stdout.splitlines()[-1])
        files = [path for path in place.rglob("*") if path.is_file()]
        return Walked(found, site.asked, site.agents, other.connections, packets(calls), files)


def packets(calls):
    count = 0
    with suppress(BlockingIOError):
        while calls.recv(2000):
            count += 1
    return count


def items(found):
    return re.findall("<li>(.*?)</li>", found[2])


@pytest.mark.parametrize("key", ["list", "moves-on", "greedy"])
def test_what_scripts_write_is_read(walked, key):
    assert items(walked.found[key]) == ["年度报告一", "年度报告二"]


def test_a_page_that_never_ceases_to_ask_is_taken_as_it_stands(walked):
    assert {"年度报告一", "年度报告二"} <= set(items(walked.found["polls"]))


def test_a_request_that_does_not_ask_for_the_browser_does_not_get_it(walked):
    assert items(walked.found["plain"]) == []


def test_a_rendered_page_is_utf_8_whatever_it_was(walked):
    assert items(walked.found["gbk"]) == ["年度报告"]
    assert walked.found["gbk"][3] == "text/html; charset=utf-8"


def test_a_page_that_moves_on_is_the_page_where_it_ends(walked):
    assert walked.found["moves-on"][1] == walked.found["list"][1]


def test_the_browser_says_who_it_is_and_takes_nothing_from_one_page_to_the_next(walked):
    assert items(walked.found["marks"]) == ["marked"]
    assert items(walked.found["is-marked"]) == [f"marks: {AGENT}"]
    # the other one is Scrapy itself, of the request that went without the browser
    assert AGENT in walked.agents
    assert len(walked.agents) == 2


def test_only_what_makes_the_text_of_a_page_is_asked_for(walked):
    asked = {path.partition("?")[0] for path, _ in walked.asked}
    wanted = {"/list", "/data.json", "/gbk", "/moves-on", "/marks", "/is-marked", "/greedy", "/is-a-file", "/leaves"}
    wanted |= {"/is-sent", "/is-sent-abroad", "/forbidden", "/long", "/heavy", "/megabyte", "/endless", "/polls"}
    # `/to` leads to the other server; `/file.bin` may be asked, and turns out to be a download when it answers
    assert asked - {"/file.bin"} == {*wanted, "/waits", "/never", "/to"}
    assert {host.partition(":")[0] for _, host in walked.asked} == {"www.example.gov.cn"}


def test_no_script_reaches_a_private_server(walked):
    assert walked.secrets == 0
    assert walked.packets == 0


def test_downloads_leave_no_file(walked):
    assert walked.files == []


def test_no_page_shows_a_file_of_this_machine(walked):
    assert not any("localhost" in str(found) for found in walked.found.values())


@pytest.mark.parametrize("key", ["private", "leaves", "is-sent"])
def test_a_page_that_is_or_leads_to_a_private_address_is_refused(walked, key):
    kind, code, words = walked.found[key]
    assert (kind, code) == ("AddressRefusedError", "address_refused")
    assert words.startswith("127.0.0.9 is no public address (loopback)")


REFUSALS = {
    "is-sent-abroad": ("script_shell", "www.example.org is another site"),
    "forbidden": ("script_shell", "HTTP 403"),
    "is-a-file": ("script_shell", "could not render it"),
    "unknown authority": ("script_shell", "net::ERR_CERT_AUTHORITY_INVALID"),
    "long": ("too_large", "more than 2000000 characters"),
    "heavy": ("too_large", "more bytes in the browser"),
    "endless": ("timeout", "not done with the page in 4 seconds"),
    "waits": ("timeout", "not done with the page in 4 seconds"),
}


@pytest.mark.parametrize(("key", "outcome", "words"), [(key, *rest) for key, rest in REFUSALS.items()])
def test_what_cannot_be_rendered_says_why(walked, key, outcome, words):
    kind, found, detail = walked.found[key]
    assert (kind, found) == ("Refusal", outcome)
    assert words in detail
