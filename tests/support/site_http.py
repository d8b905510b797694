"""A small HTTP server that handles its own sockets, so that it can misbehave, and that remembers what it was asked.

A handler gets an `Exchange` and returns an `Answer`, which is sent as HTTP wants it; or it writes to the socket itself
and returns None, after which the connection is closed. Nothing here knows what the pages are.
"""

import contextlib
import hashlib
import select
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from itertools import pairwise
from urllib.parse import parse_qs, unquote, urlsplit

_MOST_HEAD = 64 * 1024
_IDLE_SECONDS = 30  # how long a connection may stay open without a request


class GoneError(Exception):
    """The client left, or the server is to stop: there is nobody to answer."""


@dataclass(slots=True)
class Asked:
    """One request. Times are seconds of `time.monotonic()`; `status` is 0 where no head was sent.

    `ended` is when the last bytes of the answer began to be sent (0 while it is being made): a client that asks again
    the moment it has them is not taken for one that asks twice at once.
    """

    scheme: str
    host: str
    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    started: float
    ended: float = 0.0
    status: int = 0
    sent_bytes: int = 0

    @property
    def path(self) -> str:
        """The path, without the query, percent-decoded."""
        return unquote(urlsplit(self.target).path)

    @property
    def query(self) -> dict[str, str]:
        """The query and the fields of a form, the first value of each."""
        fields = parse_qs(urlsplit(self.target).query) | parse_qs(self.body.decode("latin-1"))
        return {name: values[0] for name, values in fields.items()}

    def header(self, name: str) -> str:
        """The first header of that name, '' where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def is_conditional(self) -> bool:
        """Whether it asks for the page only if that has changed."""
        return bool(self.header("If-None-Match") or self.header("If-Modified-Since"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent. With `etag` or `last_modified`, a request for it on condition gets an honest 304."""

    body: bytes = b""
    status: int = 200
    media_type: str = "text/html"
    etag: str = ""
    last_modified: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def is_unchanged_for(self, asked: Asked) -> bool:
        """Whether what the client has is still this; an ETag settles it where both know one (RFC 9110, 13.2.2)."""
        if self.status != HTTPStatus.OK:
            return False
        if asked.header("If-None-Match"):
            known = [tag.strip().removeprefix("W/") for tag in asked.header("If-None-Match").split(",")]
            return bool(self.etag) and self.etag.removeprefix("W/") in known
        since = asked.header("If-Modified-Since")
        if not (self.last_modified and since):
            return False
        return parsedate_to_datetime(self.last_modified) <= parsedate_to_datetime(since)


def etag_of(body: bytes) -> str:
    """An ETag that changes with the body."""
    return f'"{hashlib.sha256(body).hexdigest()[:16]}"'


class Exchange:
    """One request and the socket to answer it on."""

    def __init__(self, sock: socket.socket, asked: Asked, nth: int) -> None:
        self._socket = sock
        self.asked = asked
        self.nth = nth  # how often this address was asked, this time counted

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.asked.ended = time.monotonic()
        try:
            self._socket.sendall(data)
        except OSError as error:
            raise GoneError from error
        self.asked.sent_bytes += len(data)

    def head(self, status: int, headers: Iterable[tuple[str, str | int]], *, reason: str = "") -> None:
        """Send a status line and headers, word for word."""
        self.asked.status = status
        reason = reason or HTTPStatus(status).phrase if status in set(HTTPStatus) else reason
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers)]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1"))

    def wait(self, seconds: float) -> None:
        """Wait; a client that leaves meanwhile, or the end of the server, ends it at once (`GoneError`)."""
        readable, _, _ = select.select([self._socket], [], [], seconds)
        if readable:
            raise GoneError

    def reset(self) -> None:
        """Break the connection so that the client sees a reset (RST), no orderly end."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.asked.ended = time.monotonic()
        self._socket.close()

    def answer(self, answer: Answer) -> None:
        """Send an answer in full, or 304 where the client has it."""
        headers: list[tuple[str, str | int]] = [("Server", "sample"), *answer.headers]
        if answer.etag:
            headers.append(("ETag", answer.etag))
        if answer.last_modified:
            headers.append(("Last-Modified", answer.last_modified))
        if answer.is_unchanged_for(self.asked):
            self.head(304, headers)
            return
        if answer.media_type:
            headers.append(("Content-Type", answer.media_type))
        if answer.status != HTTPStatus.NO_CONTENT:
            headers.append(("Content-Length", len(answer.body)))
        self.head(answer.status, headers)
        if answer.body:
            self.send(answer.body)


Handler = Callable[[Exchange], Answer | None]


class RequestLog:
    """What was asked, by whatever address, in the order of arrival."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: list[Asked] = []
        self._times: dict[tuple[str, str], int] = {}

    def note(self, asked: Asked) -> int:
        """Remember a request; return how often this host was asked for this address."""
        with self._lock:
            self._asked.append(asked)
            key = (asked.host, asked.target)
            self._times[key] = self._times.get(key, 0) + 1
            return self._times[key]

    def all(self) -> list[Asked]:
        """Return every request so far."""
        with self._lock:
            return list(self._asked)

    def forget(self, *, counts: bool) -> None:
        """Begin a new list; with `counts`, addresses count as never asked."""
        with self._lock:
            self._asked.clear()
            if counts:
                self._times.clear()


class LoopbackServer:
    """Serves on one port of several loopback addresses, a thread for each connection."""

    def __init__(self, handler: Handler, log: RequestLog, *, tls: ssl.SSLContext | None = None) -> None:
        self._handler, self._log, self._tls = handler, log, tls
        self._listening: list[socket.socket] = []
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = False
        self.port = 0
        self.think_seconds = 0.0  # how long every answer takes at least

    def start(self, hosts: tuple[str, ...], port: int = 0) -> None:
        """Listen on all hosts, on one port: that of the first; an IPv6 loopback joins where there is one."""
        for _ in range(20):
            try:
                self._listening = _listen(hosts, port)
                break
            except OSError:  # the port is taken on one of the other addresses
                if port:
                    raise
        else:
            raise OSError("no port is free on all the loopback addresses")
        self.port = self._listening[0].getsockname()[1]
        with contextlib.suppress(OSError):
            self._listening.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        for sock in self._listening:
            threading.Thread(target=self._accept, args=(sock,), daemon=True).start()

    def stop(self) -> None:
        """Close everything; whoever is being answered is cut off."""
        self._stopping = True
        for sock in self._listening:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)  # wakes accept()
            sock.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        while not self._stopping:
            try:
                sock, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        sock.settimeout(_IDLE_SECONDS)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            if self._tls:
                sock = self._tls.wrap_socket(sock, server_side=True)
        except OSError:  # the client does not trust the certificate
            sock.close()
            return
        with self._lock:
            self._open.add(sock)
        try:
            while not self._stopping and self._one(sock):
                pass
        except (GoneError, OSError):
            pass
        finally:
            with self._lock:
                self._open.discard(sock)
            sock.close()

    def _one(self, sock: socket.socket) -> bool:
        """Answer one request; return whether the connection stays open."""
        asked = _read_request(sock, "https" if self._tls else "http")
        if asked is None:
            return False
        exchange = Exchange(sock, asked, self._log.note(asked))
        try:
            if self.think_seconds:
                exchange.wait(self.think_seconds)
            answer = self._handler(exchange)
            if answer is None:
                return False
            exchange.answer(answer)
        except GoneError:
            asked.ended = time.monotonic()
            raise
        finally:
            asked.ended = asked.ended or time.monotonic()
        return asked.header("Connection").lower() != "close"


def _listen(hosts: tuple[str, ...], port: int) -> list[socket.socket]:
    listening: list[socket.socket] = []
    try:
        for host in hosts:
            listening.append(socket.create_server((host, port)))
            port = listening[0].getsockname()[1]
    except OSError:
        for sock in listening:
            sock.close()
        raise
    return listening


def _read_request(sock: socket.socket, scheme: str) -> Asked | None:
    data = b""
    while b"\r\n\r\n" not in data:
        more = sock.recv(65536)
        if not more or len(data) > _MOST_HEAD:
            return None
        data += more
    started = time.monotonic()
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers = tuple((name.strip(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    named = {name.lower(): value for name, value in headers}
    while len(body) < int(named.get("content-length", "0")):
        body += sock.recv(65536)
    host = urlsplit(f"//{named.get('host', '')}").hostname or ""
    return Asked(scheme, host, method, target, headers, body, started)


def most_at_once(asked: Iterable[Asked]) -> int:
    """The largest number of these requests that were being answered at one time."""
    spans = [(one.started, one.ended or time.monotonic()) for one in asked]
    changes = [(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most


def gaps(asked: Iterable[Asked]) -> list[float]:
    """Seconds between the beginnings of requests that follow on each other."""
    times = sorted(one.started for one in asked)
    return [later - earlier for earlier, later in pairwise(times)]
