"""How a browser is found and started, and the proxy that is its whole network; without a browser."""

import asyncio
import importlib.util
import os
import socket
from ipaddress import ip_network

import pytest
from counting_server import counting_server
from scrapy import Request

from scraper import addresses
from scraper.browser import BROWSERS, browser_settings, find_browser, render_request
from scraper.errors import FetchError
from scraper.guard_proxy import GuardProxy


def install(folder, name):
    path = folder / name
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", BROWSERS)
def test_a_chromium_is_found_under_each_of_its_names(tmp_path, monkeypatch, name):
    monkeypatch.setenv("PATH", str(tmp_path))
    executable = install(tmp_path, name)
    assert find_browser() == executable


def test_without_a_chromium_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FetchError, match="Install it") as caught:
        browser_settings(user_agent="x", timeout=1, max_page_bytes=1)
    assert caught.value.code == "no_browser"


def test_without_the_extra_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FetchError, match=r"gongkai\[browser\]") as caught:
        browser_settings(user_agent="x", timeout=1, max_page_bytes=1)
    assert caught.value.code == "no_browser"


@pytest.mark.parametrize(("user", "has_sandbox"), [(0, False), (1000, True)])
def test_only_root_goes_without_the_sandbox(tmp_path, monkeypatch, user, has_sandbox):
    executable = install(tmp_path, "chromium")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: user)
    launch = browser_settings(user_agent="x", timeout=1, max_page_bytes=1)["PLAYWRIGHT_LAUNCH_OPTIONS"]
    assert (launch["chromium_sandbox"], launch["executable_path"]) == (has_sandbox, str(executable))
    assert not any("sandbox" in switch for switch in launch["args"])


def test_a_page_is_asked_for_by_get_and_keeps_what_is_known_of_it():
    request = Request("http://www.example.gov.cn/", method="POST", body=b"x", meta={"a": 1}, cb_kwargs={"b": 2})
    rendering = render_request(request)
    assert (rendering.method, rendering.body, rendering.url) == ("GET", b"", request.url)
    assert (rendering.meta, rendering.cb_kwargs) == ({"a": 1, "playwright": True}, {"b": 2})
    assert request.meta == {"a": 1}


# The proxy.


def say(*messages, wanted=lambda url: True, max_bytes=10**6, allow_private=True):
    """What a proxy answers to messages on one connection, and the proxy."""

    async def talk():
        proxy = GuardProxy(wanted, max_bytes=max_bytes, allow_private=allow_private)
        async with proxy.running():
            port = int(proxy.url.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(messages[0])
            answer = b""
            for message in messages[1:]:
                answer += await reader.readuntil(b"\r\n\r\n")
                writer.write(message)
            answer += await reader.read()
            writer.close()
        return answer, proxy

    return asyncio.run(asyncio.wait_for(talk(), 20))


def test_the_proxy_passes_on_a_request_without_what_is_said_to_proxies():
    with counting_server() as server:
        head = f"GET http://127.0.0.1:{server.port}/page?a HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n".encode()
        answer, proxy = say(head + b"Proxy-Connection: keep-alive\r\nUser-Agent: x\r\n\r\n")
        assert answer.startswith(b"HTTP/1.0 200 OK\r\n")
        assert answer.endswith(b"\r\n\r\n/page")
        assert server.asked == [("/page?a", f"127.0.0.1:{server.port}")]
        assert proxy.spent == len(answer)


def test_the_proxy_tunnels():
    with counting_server() as server:
        ask = f"GET /page HTTP/1.1\r\nHost: x:{server.port}\r\n\r\n".encode()
        answer, _ = say(f"CONNECT 127.0.0.1:{server.port} HTTP/1.1\r\n\r\n".encode(), ask)
        assert answer.startswith(b"HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.0 200 OK\r\n")
        assert answer.endswith(b"/page")


MESSAGES = ["CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n", "GET http://127.0.0.1:{port}/ HTTP/1.1\r\n\r\n"]


@pytest.mark.parametrize("message", MESSAGES)
def test_the_proxy_closes_without_a_word_what_is_refused(message):
    with counting_server() as server:
        asked = message.format(port=server.port).encode()
        answer, proxy = say(asked, wanted=lambda url: False)
        assert (answer, proxy.refused) == (b"", ["127.0.0.1 is another site"])
        answer, proxy = say(asked, allow_private=False)
        assert (answer, proxy.refused) == (b"", ["127.0.0.1 is no public address (loopback)"])
        assert server.connections == 0


def test_the_proxy_connects_to_the_address_that_was_checked(monkeypatch):
    numeric, answers = socket.getaddrinfo, ["127.0.0.1", "127.0.0.9"]

    def getaddrinfo(host, *rest, **more):
        return numeric(answers.pop(0) if host == "rebound.test" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses, "_NETWORKS", ((ip_network("127.0.0.9/32"), "loopback"),))
    with counting_server("127.0.0.1") as public, counting_server("127.0.0.9") as private:
        ask = "GET http://rebound.test:{}/page HTTP/1.1\r\nHost: rebound.test\r\n\r\n"
        answer, _ = say(ask.format(public.port).encode(), allow_private=False)
        assert answer.endswith(b"/page")
        assert answers == ["127.0.0.9"]
        answer, proxy = say(ask.format(private.port).encode(), allow_private=False)
        assert (answer, proxy.refused) == (b"", ["127.0.0.9 is no public address (loopback)"])
        assert private.connections == 0


@pytest.mark.parametrize(
    "message",
    [
        b"POST http://127.0.0.1:{port}/ HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET file:///dev/null HTTP/1.1\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\n\r\n",
        b"CONNECT 127.0.0.1:99999 HTTP/1.1\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET " + b"x" * 100_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
def test_the_proxy_outlives_what_is_no_request_of_its_own(message):
    with counting_server() as server:
        answer, _ = say(message.replace(b"{port}", str(server.port).encode()))
        assert (answer, server.connections) == (b"", 0)


def test_a_second_request_on_one_connection_is_not_passed_on():
    with counting_server() as server:
        ask = f"GET http://127.0.0.1:{server.port}/never HTTP/1.1\r\n\r\n".encode()
        answer, _ = say(ask + ask)
        assert answer == b""
        assert len(server.asked) < 2


def test_the_proxy_passes_on_so_many_bytes_and_no_more():
    with counting_server() as server:
        server.pages["/long"] = ({}, b"x" * 3_000_000)
        ask = f"GET http://127.0.0.1:{server.port}/long HTTP/1.1\r\n\r\n".encode()
        answer, proxy = say(ask, max_bytes=500_000)
        assert proxy.is_spent
        assert 500_000 < len(answer) < 700_000
        answer, proxy = say(ask, max_bytes=4_000_000)
        assert not proxy.is_spent
        assert len(answer) > 3_000_000


def test_a_host_that_does_not_answer_closes_the_connection():
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        answer, proxy = say(f"CONNECT 127.0.0.1:{closed.getsockname()[1]} HTTP/1.1\r\n\r\n".encode())
    assert (answer, proxy.refused) == (b"", [])
