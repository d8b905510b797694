"""The guard in `requests`: real sessions, servers on loopback that count, a certificate held against the name.

127.0.0.9 alone stands for private addresses, so that 127.0.0.1 can play a public server.
"""

import gzip
import socket
from ipaddress import ip_network

import pytest
import requests
from counting_server import counting_server
from site_tls import make_certificates

from scraper import addresses
from scraper.addresses import AddressRefusedError
from scraper.errors import FetchError
from scraper.sessions import guarded

numeric = socket.getaddrinfo


@pytest.fixture
def names(monkeypatch):
    """What names lead to: a list of look-ups, each a list of addresses; the last one stands."""
    known = {"good.test": [["127.0.0.1"]], "evil.test": [["127.0.0.9"]]}

    def getaddrinfo(host, port, *rest, **more):
        if host not in known:
            return numeric(host, port, *rest, **more)
        now = known[host].pop(0) if len(known[host]) > 1 else known[host][0]
        return [row for text in now for row in numeric(text, port, *rest, **more)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(addresses, "_NETWORKS", ((ip_network("127.0.0.9/32"), "loopback"),))
    return known


@pytest.fixture
def public():
    with counting_server("127.0.0.1") as server:
        yield server


@pytest.fixture
def private():
    with counting_server("127.0.0.9") as server:
        yield server


@pytest.fixture
def session():
    with guarded(requests.Session()) as session:
        yield session


def test_a_public_name_is_asked_by_its_name(names, public, session):
    answer = session.get(f"http://good.test:{public.port}/page", timeout=5)
    assert (answer.text, public.asked) == ("/page", [("/page", f"good.test:{public.port}")])


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.9", "0x7f.9", "2130706441", "[::ffff:127.0.0.9]"])
def test_a_private_server_is_not_connected_to(names, private, session, host):
    with pytest.raises(AddressRefusedError, match=r"127\.0\.0\.9 is no public address"):
        session.get(f"http://{host}:{private.port}/secret", timeout=5)
    assert private.connections == 0
    with guarded(requests.Session(), allow_private=True) as allowed:
        assert allowed.get(f"http://{host}:{private.port}/secret", timeout=5).text == "/secret"


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.9"])
def test_a_redirect_to_a_private_server_is_not_followed(names, public, private, session, host):
    with pytest.raises(AddressRefusedError):
        session.get(f"http://good.test:{public.port}/to?http://{host}:{private.port}/secret", timeout=5)
    assert (len(public.asked), private.connections) == (1, 0)


def test_a_redirect_to_a_file_is_not_followed(names, public, session):
    with pytest.raises(requests.exceptions.InvalidSchema):
        session.get(f"http://good.test:{public.port}/to?file:///dev/null", timeout=5)


def test_a_name_that_leads_elsewhere_at_the_second_look_up_gains_nothing(names, public, private, session):
    names["rebound.test"] = [["127.0.0.1"], ["127.0.0.9"]]
    url = f"http://rebound.test:{public.port}/page"
    assert session.get(url, timeout=5).text == "/page"
    with pytest.raises(AddressRefusedError):
        session.get(f"http://rebound.test:{private.port}/secret", timeout=5)
    assert private.connections == 0


def test_of_several_addresses_the_public_ones_are_tried_in_turn(names, public, private, session):
    # nothing listens at the second
    names["many.test"] = [["127.0.0.9", "127.0.0.2", "127.0.0.1"]]
    assert session.get(f"http://many.test:{public.port}/page", timeout=5).text == "/page"
    assert private.connections == 0


def test_proxies_of_the_environment_are_not_used(names, public, private, session, monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.9:{private.port}")
    monkeypatch.setenv("no_proxy", "")
    assert session.get(f"http://good.test:{public.port}/page", timeout=5).text == "/page"
    assert private.connections == 0


def test_a_host_without_an_answer_is_a_connection_error_as_ever(names, session):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(requests.exceptions.ConnectionError, match=r"no connection to good\.test"):
            session.get(f"http://good.test:{port}/", timeout=5)
    names["missing.test"] = [[]]
    with pytest.raises(requests.exceptions.ConnectionError, match="no address"):
        session.get("http://missing.test/", timeout=5)
    with pytest.raises(requests.exceptions.ConnectionError, match="is no name of a host"):
        session.get(f"http://{'x' * 70}.test/", timeout=5)


def test_the_certificate_is_held_against_the_name(names, session, tmp_path):
    context, authority = make_certificates(tmp_path, ("good.test",))
    names["other.test"] = [["127.0.0.1"]]
    with counting_server("127.0.0.1", context) as server:
        url = f"https://good.test:{server.port}/page"
        assert session.get(url, timeout=5, verify=str(authority)).text == "/page"
        with pytest.raises(requests.exceptions.SSLError, match=r"self-signed|unable to get local issuer"):
            session.get(url, timeout=5)
        with pytest.raises(requests.exceptions.SSLError, match="Hostname mismatch"):
            session.get(f"https://other.test:{server.port}/page", timeout=5, verify=str(authority))


@pytest.mark.parametrize("headers", [{}, {"Content-Encoding": "gzip"}])
def test_an_answer_has_a_limit_of_unpacked_bytes(names, public, headers):
    body = b"x" * 300_000
    public.pages["/long"] = (headers, gzip.compress(body) if headers else body)
    with guarded(requests.Session(), max_bytes=300_000) as session:
        assert session.get(f"http://good.test:{public.port}/long", timeout=5).content == body
    with guarded(requests.Session(), max_bytes=299_999) as session, pytest.raises(FetchError) as caught:
        session.get(f"http://good.test:{public.port}/long", timeout=5)
    assert caught.value.code == "answer_too_large"
