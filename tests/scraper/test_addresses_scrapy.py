"""The guard in a real Scrapy, in a process of its own: names of a false resolver, servers on loopback that count.

In that process 127.0.0.9 alone stands for private addresses, so that 127.0.0.1 can play a public server.
"""

import json
import os
import re
import subprocess
import sys
import textwrap
from typing import NamedTuple

import pytest
from counting_server import counting_server

CRAWL = textwrap.dedent("""
    import asyncio, json, socket, sys
    from ipaddress import ip_network
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerRunner
    from scrapy.utils.log import configure_logging
    from scrapy.utils.reactor import install_reactor
    from scraper import addresses
    from scraper.resolver import guard_settings

    addresses._NETWORKS = ((ip_network("127.0.0.9/32"), "loopback"), (ip_network("::1/128"), "loopback"))
    names, looked_up = {}, []
    numeric = socket.getaddrinfo

    def getaddrinfo(host, port, family=0, kind=0, *rest, **more):
        looked_up.append(host)
        if host not in names:
            return numeric(host, port, family, kind, 0, socket.AI_NUMERICHOST)
        now = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [row for text in now for row in numeric(text, port, family, kind)]

    socket.getaddrinfo = getaddrinfo
    found = {}

    class Walk(Spider):
        name = "walk"
        custom_settings = {"TELNETCONSOLE_ENABLED": False}

        async def start(self):
            for number, (key, url) in enumerate(json.loads(sys.argv[2])):
                yield Request(url, callback=self.kept, errback=self.failed, cb_kwargs={"key": key}, dont_filter=True,
                              priority=-number)

        def kept(self, response, key):
            found[f"{key} {self.settings['WHICH']}"] = [response.status, response.text]

        def failed(self, failure):
            key = failure.request.cb_kwargs["key"]
            found[f"{key} {self.settings['WHICH']}"] = [type(failure.value).__name__, str(failure.value)]

    async def main():
        for which, allow in (("open", True), ("guarded", False)):
            names.update({name: list(steps) for name, steps in json.loads(sys.argv[1]).items()})
            looked_up.clear()
            settings = guard_settings(allow_private=allow)
            settings |= {"WHICH": which, "CONCURRENT_REQUESTS": 1, "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0,
                         "RETRY_TIMES": 2, "LOG_LEVEL": "ERROR"}
            await AsyncCrawlerRunner(settings).crawl(Walk)
        reactor.stop()

    configure_logging({"LOG_LEVEL": "ERROR"})
    install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
    from twisted.internet import reactor
    reactor.callWhenRunning(lambda: asyncio.ensure_future(main()))
    reactor.run()
    print(json.dumps({"found": found, "looked_up": looked_up}))
""")


class Walked(NamedTuple):
    """What became of each address in both crawls, the names looked up in the guarded one, what servers were asked."""

    found: dict
    looked_up: list
    public: list
    private: list


def crawl(names, urls, **environment):
    run = subprocess.run(
        [sys.executable, "-c", CRAWL, json.dumps(names), json.dumps(list(urls.items()))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout.splitlines()[-1])
    return answer["found"], answer["looked_up"]


@pytest.fixture(scope="module")
def walked():
    with counting_server("127.0.0.1") as public, counting_server("127.0.0.9") as private:
        good, evil = public.port, private.port
        names = {
            "good.test": [["127.0.0.1"]],
            "evil.test": [["127.0.0.9"]],
            "mixed.test": [["127.0.0.9", "127.0.0.1"]],
            "rebound.test": [["127.0.0.1"], ["127.0.0.9"]],
            "xn--fiq228c.test": [["127.0.0.9"]],
            "中文.test": [["127.0.0.9"]],
        }
        urls = {
            "page": f"http://good.test:{good}/page",
            "name": f"http://evil.test:{evil}/secret",
            "chinese name": f"http://中文.test:{evil}/secret",
            "number": f"http://127.0.0.9:{evil}/secret",
            "odd number": f"http://0x7f.9:{evil}/secret",
            "dotless": f"http://2130706441:{evil}/secret",
            "ipv6": f"http://[::1]:{evil}/secret",
            "mapped": f"http://[::ffff:127.0.0.9]:{evil}/secret",
            "redirect to a number": f"http://good.test:{good}/to?http://127.0.0.9:{evil}/secret",
            "redirect to a name": f"http://good.test:{good}/to?http://evil.test:{evil}/secret",
            "redirect to a file": f"http://good.test:{good}/to?file:///dev/null",
            "mixed": f"http://mixed.test:{good}/mixed",
            "first answer": f"http://rebound.test:{good}/first",
            "second answer": f"http://rebound.test:{evil}/secret",
            "file": "file:///dev/null",
            "data": "data:text/plain,x",
            "ftp": f"ftp://good.test:{good}/x",
        }
        found, looked_up = crawl(names, urls, http_proxy=f"http://127.0.0.9:{evil}", no_proxy="")
        return Walked(found, looked_up, public.asked, private.asked)


REFUSED = [
    "name",
    "chinese name",
    "number",
    "odd number",
    "dotless",
    "ipv6",
    "mapped",
    "redirect to a number",
    "redirect to a name",
    "second answer",
    "file",
    "data",
    "ftp",
]


@pytest.mark.parametrize("key", REFUSED)
def test_a_refused_address_is_told_from_one_that_does_not_answer(walked, key):
    name, words = walked.found[f"{key} guarded"]
    assert name == "AddressRefusedError"
    assert re.search("is no public address|only http and https", words)


def test_a_redirect_to_a_file_is_not_followed(walked):
    # Scrapy hands the redirect itself to its caller
    assert walked.found["redirect to a file guarded"][0] == "HttpError"


@pytest.mark.parametrize(("key", "path"), [("page", "/page"), ("mixed", "/mixed"), ("first answer", "/first")])
def test_what_is_public_is_fetched(walked, key, path):
    assert walked.found[f"{key} guarded"] == [200, path]


def test_no_refused_server_is_connected_to_while_the_guard_stands(walked):
    # all that the private server was asked came from the crawl that was allowed to, none through the proxy
    allowed = [key for key in REFUSED if walked.found[f"{key} open"] == [200, "/secret"]]
    assert allowed == [
        "name",
        "chinese name",
        "number",
        "odd number",
        "dotless",
        "mapped",
        "redirect to a number",
        "redirect to a name",
        "second answer",
    ]
    assert [path for path, _ in walked.private] == ["/secret"] * len(allowed)


def test_a_refusal_is_not_tried_again(walked):
    # asked for by itself, and as the end of a redirect
    assert walked.looked_up.count("evil.test") == 2


def test_every_connection_looks_its_name_up(walked):
    assert walked.looked_up.count("rebound.test") == 2
