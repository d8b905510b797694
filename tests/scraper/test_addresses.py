"""Which addresses may be asked, by their text and by what their names lead to."""

import socket
from ipaddress import ip_address

import pytest

from scraper.addresses import AddressRefusedError, check_address, check_ip, resolve

PUBLIC = [
    "http://www.example.gov.cn/",
    "https://www.example.gov.cn:8443/a/b.html?c=d#e",
    "HTTP://WWW.EXAMPLE.GOV.CN",
    "http://www.example.gov.cn./",
    "http://政府.example.cn/",
    "http://8.8.8.8/",
    "http://0x08080808/",
    "http://[2606:4700::1111]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[64:ff9b::808:808]/",
    "http://localhost.example.cn/",
    "http://127.0.0.1.example.cn/",
]
PRIVATE = {
    "http://127.0.0.1/": "loopback",
    "http://127.1/": "loopback",
    "http://0x7f.1/": "loopback",
    "http://0177.0.0.1/": "loopback",
    "http://2130706433/": "loopback",
    "http://0x7f000001:8080/": "loopback",
    "http://127.0.0.1./": "loopback",
    "http://localhost/": "loopback",
    "http://localhost./": "loopback",
    "http://LOCALHOST/": "loopback",
    "http://a.localhost/": "loopback",
    "http://１２７.０.０.１/": "loopback",
    "http://127。0。0。1/": "loopback",
    "http://①②⑦.⓪.⓪.①/": "loopback",
    "http://[::1]/": "loopback",
    "http://[::ffff:127.0.0.1]/": "loopback",
    "http://[::ffff:7f00:1]/": "loopback",
    "http://[::ffff:0:127.0.0.1]/": "loopback",
    "http://[64:ff9b::127.0.0.1]/": "loopback",
    "http://[2002:7f00:1::]/": "loopback",
    "http://[::127.0.0.1]/": "reserved",
    "http://[64:ff9b:1::8.8.8.8]/": "reserved",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/": "reserved",
    "http://0/": "unspecified",
    "http://0.0.0.0/": "unspecified",
    "http://[::]/": "unspecified",
    "http://10.1.2.3/": "private",
    "http://172.16.0.1/": "private",
    "http://172.31.255.255/": "private",
    "http://192.168.1.1/": "private",
    "http://[fd12:3456::1]/": "private",
    "http://[fec0::1]/": "private",
    "http://100.64.0.1/": "inside a carrier",
    "http://169.254.169.254/latest/": "link-local",
    "http://[fe80::1]/": "link-local",
    "http://[fe80::1%25eth0]/": "link-local",
    "http://224.0.0.1/": "multicast",
    "http://[ff02::1]/": "multicast",
    "http://255.255.255.255/": "reserved",
    "http://[4000::1]/": "reserved",
    "http://192.0.2.1/": "documentation",
    "http://[2001:db8::1]/": "documentation",
}
NO_ADDRESS = [
    "ftp://www.example.gov.cn/",
    "file:///page.html",
    "javascript:alert(1)",
    "data:text/html,x",
    "//www.example.gov.cn/",
    "www.example.gov.cn",
    "",
    "http://",
    "http:///page.html",
    "http://www.example.gov.cn:0/",
    "http://www.example.gov.cn:99999/",
    "http://www.example.gov.cn:80:80/",
    "http://[::1",
    "http://user@www.example.gov.cn/",
    "http://user:word@www.example.gov.cn/",
    "http://@www.example.gov.cn/",
    "http://www.example.gov.cn\\@127.0.0.1/",
    "http://www.example.gov.cn\\.example.cn/",
    "http://www.example gov.cn/",
    "http://%31%32%37.0.0.1/",
    "http://127.0.0.1%00.example.cn/",
]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_addresses_are_asked(url):
    assert check_address(url) is None


@pytest.mark.parametrize(("url", "kind"), PRIVATE.items())
def test_other_addresses_are_refused_however_they_are_spelled(url, kind):
    assert check_address(url).endswith(f"is no public address ({kind})")
    assert check_address(url, allow_private=True) is None


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_plain_web_address_is_refused_even_where_private_ones_are_allowed(url):
    assert check_address(url)
    assert check_address(url, allow_private=True)


@pytest.mark.parametrize("edge", ["9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "172.15.255.255"])
def test_the_neighbours_of_private_networks_are_public(edge):
    assert check_ip(edge) is None
    assert ip_address(edge).is_global


def answers(*texts):
    """What the system's resolver would say: one row an address."""

    def getaddrinfo(host, port, family=0, kind=0):
        rows = []
        for text in texts:
            if ":" in text:
                rows.append((socket.AF_INET6, socket.SOCK_STREAM, 6, "", (text, port, 0, 0)))
            else:
                rows.append((socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)))
        return rows

    return getaddrinfo


@pytest.mark.parametrize("text", ["127.0.0.1", "10.0.0.7", "fd00::1", "fe80::1%lo", "::ffff:192.168.0.1", "0.0.0.0"])
def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch, text):
    monkeypatch.setattr(socket, "getaddrinfo", answers(text))
    with pytest.raises(AddressRefusedError, match="is no public address") as caught:
        resolve("www.example.gov.cn", 80)
    assert (caught.value.code, caught.value.where) == ("address_refused", "www.example.gov.cn")
    assert [each.sockaddr[0] for each in resolve("www.example.gov.cn", 80, allow_private=True)] == [text]


def test_of_a_name_with_several_addresses_only_the_public_ones_are_given(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answers("10.0.0.1", "8.8.8.8", "::1", "2606:4700::1111"))
    assert [each.sockaddr[:2] for each in resolve("www.example.gov.cn", 443)] == [
        ("8.8.8.8", 443),
        ("2606:4700::1111", 443),
    ]


@pytest.mark.parametrize("host", ["127.1", "0x7f.1", "2130706433", "localhost", "127.0.0.1", "::1"])
def test_the_system_resolver_s_own_readings_are_refused(host):
    with pytest.raises(AddressRefusedError):
        resolve(host, 80)


@pytest.mark.parametrize("host", ["a..b", "x" * 300, "a." + "b" * 70 + ".cn"])
def test_a_name_that_cannot_be_one_has_no_address(host):
    with pytest.raises(socket.gaierror):
        resolve(host, 80)
