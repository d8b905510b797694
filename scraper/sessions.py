"""What keeps a `requests` session from private addresses, proxies of the environment and endless answers.

The web archives are asked through libraries on `requests`. Their sessions look a name up, check what it leads to,
and connect to the very address that was checked; the name stays what the certificate is held against.
"""

import socket
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeVar

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util import Timeout

from scraper.addresses import AddressRefusedError, Resolved, check_address, resolve
from scraper.errors import FetchError

DEFAULT_MAX_BYTES = 2**30
"""No answer of a web archive's index or replay comes near this."""

SessionT = TypeVar("SessionT", bound=Session)


def guarded(session: SessionT, *, allow_private: bool = False, max_bytes: int = DEFAULT_MAX_BYTES) -> SessionT:
    """Keep a session to http, https and public addresses, redirects included; give it back.

    Whoever reads an answer gets `FetchError` (`answer_too_large`) after `max_bytes` unpacked bytes; a request to a
    refused address raises `AddressRefusedError`. Neither is an error that `requests` or a library on it tries again.
    Adapters that are mounted later, as `WaybackSession.reset` does, undo this.
    """
    session.adapters.clear()
    session.trust_env = False  # no proxies, no .netrc
    session.proxies.clear()
    adapter = _GuardedAdapter(allow_private, max_bytes)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _GuardedAdapter(HTTPAdapter):
    """Sends requests over checked connections."""

    def __init__(self, allow_private: bool, max_bytes: int) -> None:
        self._allow_private = allow_private
        self._max_bytes = max_bytes
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools of connections."""
        super().init_poolmanager(*args, **kwargs)
        if not self._allow_private:
            self.poolmanager.pool_classes_by_scheme = {"http": _PublicPool, "https": _PublicTLSPool}

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Send one request; each step of a redirect comes through here."""
        url = request.url or ""
        if words := check_address(url, allow_private=self._allow_private):
            raise AddressRefusedError.of(url, words)
        response = super().send(request, *args, **{**kwargs, "proxies": None})
        response.raw.stream = partial(_capped, response, response.raw.stream, self._max_bytes)
        return response


def _capped(
    response: Response, stream: Callable[..., Iterator[bytes]], max_bytes: int, *args: Any, **kwargs: Any
) -> Iterator[bytes]:
    """The pieces of an answer, unpacked as `requests` asks for them, as long as they are not too many."""
    count = 0
    for piece in stream(*args, **kwargs):
        count += len(piece)
        if count > max_bytes:
            response.close()
            raise FetchError(
                "answer_too_large",
                f"the answer is longer than {max_bytes} bytes",
                response.url,
                "Ask for less at once, or see what the server sends.",
            )
        yield piece


class _PublicConnection(HTTPConnection):
    """A connection to an address that was checked; `host` stays the name, for `Host:` and the certificate."""

    def _new_conn(self) -> socket.socket:
        try:
            addresses = resolve(self._dns_host.strip("[]"), self.port or self.default_port)
        except OSError as error:
            raise NameResolutionError(self.host, self, socket.gaierror(*error.args)) from error
        failures: list[OSError] = []
        for address in addresses:
            try:
                return self._opened(address)
            except OSError as error:
                failures.append(error)
        if failures and isinstance(failures[-1], TimeoutError):
            raise ConnectTimeoutError(self, f"no connection to {self.host} in time") from failures[-1]
        raise NewConnectionError(self, f"no connection to {self.host} ({failures or 'no address'})")

    def _opened(self, address: Resolved) -> socket.socket:
        opened = socket.socket(address.family, address.kind, address.protocol)
        try:
            for option in self.socket_options or ():
                opened.setsockopt(*option)
            opened.settimeout(Timeout.resolve_default_timeout(self.timeout))
            opened.connect(address.sockaddr)
        except OSError:
            opened.close()
            raise
        return opened


class _PublicTLSConnection(_PublicConnection, HTTPSConnection):
    """The same under TLS."""


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicTLSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicTLSConnection
