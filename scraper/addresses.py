"""Which addresses may be asked: http and https only, and only hosts of the public internet.

A page can name any address, and a name can lead anywhere: to the machine that fetches, to its network, to the
interface where a cloud keeps its secrets. So an address is looked at twice. `check_address` reads what is written,
before anything is sent. `resolve` looks the name up and gives only addresses that may be connected to; whoever
connects takes exactly these, so a name that leads somewhere else a moment later gains nothing. Redirects are
addresses like any other.

Networks: the special-purpose registries of IANA for IPv4 and IPv6 (RFC 6890 and what has been added since).
"""

import socket
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from scraper.errors import FetchError

SCHEMES = ("http", "https")

_NOT_PUBLIC = "is no public address"

_NETWORKS = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "inside a carrier"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "documentation"),
        ("192.88.99.0/24", "reserved"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "documentation"),
        ("3fff::/20", "documentation"),
    )
)
_PUBLIC_IPV6 = ip_network("2000::/3")  # all that is handed out so far

# IPv6 addresses that stand for an IPv4 address, and how many bits stand to the right of it: mapped (RFC 4291) and
# translated (RFC 7915, RFC 6052; networks without IPv4 give such addresses to every name), 6to4 (RFC 3056).
_CARRIERS = (
    (ip_network("::ffff:0:0/96"), 0),
    (ip_network("::ffff:0:0:0/96"), 0),
    (ip_network("64:ff9b::/96"), 0),
    (ip_network("2002::/16"), 80),
)


class AddressRefusedError(FetchError):
    """One address may not be asked. For a page it is the outcome `address_refused`; code `address_refused`."""

    @classmethod
    def of(cls, address: str, words: str) -> "AddressRefusedError":
        """The error for an address and the words of `check_address` or `check_ip` about it."""
        is_private = _NOT_PUBLIC in words
        return cls(
            "address_refused",
            words,
            address,
            "Give --allow-private if a server of your own is meant." if is_private else "Nothing is asked of it.",
        )


class Resolved(NamedTuple):
    """One socket address of a name: what `socket.socket` and its `connect` take; `sockaddr[0]` is numeric."""

    family: socket.AddressFamily
    kind: socket.SocketKind
    protocol: int
    sockaddr: tuple[Any, ...]


def check_address(url: str, *, allow_private: bool = False) -> str | None:
    """Say why an address may not be asked, as far as its text shows; None where nothing speaks against it.

    Whatever spelling of a number a resolver would take is understood: `0x7f.1`, `2130706433`, `127.1`, full-width
    digits, a dot at the end.

    >>> check_address("https://www.example.gov.cn/a.html")
    >>> check_address("http://0x7f.1/")
    '127.0.0.1 is no public address (loopback)'
    >>> check_address("file:///a")
    'only http and https are asked, not file'
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"the address cannot be read ({error})"
    if parts.scheme not in SCHEMES:
        return f"only http and https are asked, not {parts.scheme or 'an address without a scheme'}"
    if not host or port == 0:
        return "the address names no host" if not host else "the address names no port"
    if odd := _oddity(parts, host):
        return odd
    return None if allow_private else _private_host(host)


def check_ip(text: str) -> str | None:
    """Say why a numeric address is not one of the public internet; None where it is.

    >>> check_ip("::ffff:10.0.0.1")
    '10.0.0.1 is no public address (private)'
    >>> check_ip("2606:4700::1111")
    """
    address = _plain(ip_address(text))
    kinds = (kind for network, kind in _NETWORKS if address in network)
    unassigned = "reserved" if address.version == 6 and address not in _PUBLIC_IPV6 else ""
    kind = next(kinds, unassigned)
    return f"{address} {_NOT_PUBLIC} ({kind})" if kind else None


def resolve(host: str, port: int, *, allow_private: bool = False, family: int = socket.AF_UNSPEC) -> list[Resolved]:
    """Look a name up and give the addresses that may be connected to, in the resolver's order.

    Of a name with public and other addresses the public ones are given. Raises `AddressRefusedError` where none is
    left, OSError where the name has no address or cannot be one.
    """
    try:
        rows = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
    except UnicodeError as error:  # what the standard library says of an empty or too long label
        raise socket.gaierror(socket.EAI_NONAME, f"{host} is no name of a host") from error
    found = [Resolved(each[0], each[1], each[2], each[4]) for each in rows]
    if allow_private:
        return found
    words = [check_ip(each.sockaddr[0]) for each in found]
    fit = [each for each, refusal in zip(found, words, strict=True) if refusal is None]
    if found and not fit:
        raise AddressRefusedError.of(host, words[0] or "")
    return fit


def _oddity(parts: SplitResult, host: str) -> str | None:
    """What is written so that two programs may read two hosts out of it."""
    if parts.username is not None or parts.password is not None:
        return "the address holds a user name"
    if any(sign in parts.netloc for sign in "\\ \t\r\n") or ("%" in host and "[" not in parts.netloc):
        return "the address names a host that cannot be one"
    return None


def _private_host(host: str) -> str | None:
    """Why a host as written is not one of the public internet, as far as can be seen without asking for its name."""
    name = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):  # RFC 6761: always the machine itself
        return f"{name} {_NOT_PUBLIC} (loopback)"
    try:
        return check_ip(name)
    except ValueError:
        pass
    try:
        return check_ip(socket.inet_ntoa(socket.inet_aton(name)))
    except (OSError, UnicodeError):
        return None


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, or the address itself."""
    for network, shift in _CARRIERS:
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address
