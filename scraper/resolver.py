"""What keeps Scrapy from private addresses: a resolver that gives checked addresses only, and words for a refusal.

Scrapy asks the resolver for every new connection, for numeric hosts too, and connects to the very addresses it is
given: of a name that leads somewhere else at the next look-up nothing can be gained. Connections that are kept
open lead to addresses that were checked. Nothing is cached here, and Scrapy's own cache belongs to its resolvers.
The middleware looks at the text of an address before a request is sent, and turns the missing connection into
`AddressRefusedError`, which is not tried again.
"""

import socket
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Literal

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.resolver import HostResolution
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IAddress, IHostnameResolver
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from zope.interface import implementer  # type: ignore[import-untyped]

from scraper.addresses import AddressRefusedError, Resolved, check_address, resolve

ALLOW_PRIVATE = "ADDRESS_ALLOW_PRIVATE"
"""The Scrapy setting that says whether private addresses may be asked."""

_FAMILIES = {IPv4Address: socket.AF_INET, IPv6Address: socket.AF_INET6}


def guard_settings(*, allow_private: bool = False) -> dict[str, Any]:
    """The settings of Scrapy that no request gets round: http and https only, checked addresses, no proxy.

    A proxy named in the environment would look names up itself. `DOWNLOADER_MIDDLEWARES` is to be merged with others.
    """
    return {
        ALLOW_PRIVATE: allow_private,
        "HTTPPROXY_ENABLED": False,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        # near the network: a refusal is known as one before a failure counts as one to try again (550)
        "DOWNLOADER_MIDDLEWARES": {AddressGuard: 880},
    }


@implementer(IHostnameResolver)
class GuardedResolver:
    """Looks names up in a thread, IPv4 and IPv6, and gives only addresses that may be connected to.

    `refusals` holds why the last look-up of a name was refused.
    """

    def __init__(self, reactor: Any, *, allow_private: bool, timeout: float) -> None:
        self.refusals: dict[str, AddressRefusedError] = {}
        self._reactor = reactor
        self._allow_private = allow_private
        self._timeout = timeout

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        portNumber: int = 0,  # noqa: N803 - Twisted's name
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803 - Twisted's name
        transportSemantics: Literal["TCP", "UDP"] = "TCP",  # noqa: N803 - Twisted's name
    ) -> HostResolution:
        """Give the receiver the addresses of a host that may be connected to: none where it is refused."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        families = [_FAMILIES[each] for each in addressTypes or () if each in _FAMILIES]
        found: Deferred[list[Resolved]] = deferToThreadPool(
            self._reactor,
            self._reactor.getThreadPool(),
            resolve,
            hostName,
            portNumber,
            allow_private=self._allow_private,
            family=families[0] if len(families) == 1 else socket.AF_UNSPEC,
        )
        found.addTimeout(self._timeout, self._reactor)

        def deliver(addresses: list[Resolved]) -> None:
            self.refusals.pop(_key(hostName), None)
            for each in addresses:
                kind = IPv6Address if each.family == socket.AF_INET6 else IPv4Address
                resolutionReceiver.addressResolved(kind(transportSemantics, *each.sockaddr))
            resolutionReceiver.resolutionComplete()

        def refuse(failure: Failure) -> None:
            # Twisted knows but one way to say no: no addresses
            self.refusals.pop(_key(hostName), None)
            if isinstance(failure.value, AddressRefusedError):
                self.refusals[_key(hostName)] = failure.value
            resolutionReceiver.resolutionComplete()

        found.addCallbacks(deliver, refuse)
        return resolution


class AddressGuard:
    """Downloader middleware: refuses what the text of an address shows, and names what the resolver refused."""

    def __init__(self, *, allow_private: bool, dns_timeout: float) -> None:
        # imported here: the import installs a reactor where there is none, and it is for Scrapy to choose
        from twisted.internet import reactor  # noqa: PLC0415

        self._allow_private = allow_private
        self._reactor: Any = reactor
        self._resolver = GuardedResolver(reactor, allow_private=allow_private, timeout=dns_timeout)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "AddressGuard":
        """Make the middleware as Scrapy asks for it."""
        settings = crawler.settings
        return cls(allow_private=settings.getbool(ALLOW_PRIVATE), dns_timeout=settings.getfloat("DNS_TIMEOUT"))

    def process_request(self, request: Request) -> None:
        """Raise `AddressRefusedError` for an address that may not be asked; a redirect is a request as well.

        Whatever resolver stands when a request is to be sent gives way to the checking one: depending on how the
        crawl was started, Scrapy installs its own late, or none at all.
        """
        if words := check_address(request.url, allow_private=self._allow_private):
            raise AddressRefusedError.of(request.url, words)
        if self._reactor.nameResolver is not self._resolver:
            self._reactor.installNameResolver(self._resolver)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise `AddressRefusedError` where a connection failed because the resolver gave none of its addresses."""
        host = urlparse_cached(request).hostname or ""
        if isinstance(exception, CannotResolveHostError) and (refusal := self._resolver.refusals.get(_key(host))):
            raise AddressRefusedError.of(request.url, refusal.what) from exception


def _key(host: str) -> str:
    """One spelling of a host: Twisted asks for the name as people write it, an address may hold its ASCII form."""
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    return host.strip("[]").rstrip(".").lower()
