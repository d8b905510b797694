"""What the loopback servers of web archives share: captures, counted requests, and troubles that are sent on order."""

import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs

import surt

HANG_UP = 0
"""As a status: the connection is closed without an answer."""


@dataclass(frozen=True)
class Captured:
    """One capture: `stamp` has fourteen digits, `headers` are those of the page, `digest` None for the true one.

    `repeats`: the index has a revisit here, with the digest of the page.
    """

    url: str
    stamp: str
    body: bytes = b""
    status: int = 200
    media_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    digest: str | None = None
    repeats: bool = False

    @property
    def key(self):
        return surt.surt(self.url)

    @property
    def moment(self):
        s = self.stamp
        return f"{s[:4]}-{s[4:6]}-{s[6:8]}T{s[8:10]}:{s[10:12]}:{s[12:]}Z"

    def header(self, name):
        return next((value for known, value in self.headers if known.lower() == name), "")


class Asked(NamedTuple):
    """One request, and when it came (`time.time`, which a test may have replaced)."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    moment: float


@dataclass
class Trouble:
    """An answer in place of the true one, for so many requests whose path holds `part`.

    `body` goes out as it is; `declared` is the Content-Length (None: the true one); `pause` seconds lie before each
    byte after the first.
    """

    part: str
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"trouble"
    times: int = 1
    declared: int | None = None
    pause: float = 0.0


class Answer(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    reason: str | None = None


class WebArchiveServer:
    """A server on loopback, at `address`, which has `prefix` behind the port; subclasses answer.

    `at_request`: what to call when the request of this number comes, before it is answered.
    """

    def __init__(self, prefix="", tls=None):
        self.prefix = prefix
        self.asked = []
        self.troubles = []
        self.at_request = {}
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_address[1]}{prefix}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def trouble(self, part, status, headers=None, body=b"trouble", **more):
        self.troubles.append(Trouble(part, status, headers or {}, body, **more))

    def count(self, part):
        """How many requests had this in their path."""
        return len([one for one in self.asked if part in one.path])

    def doubled(self):
        """Paths with queries that were asked for more than once."""
        seen = defaultdict(int)
        for one in self.asked:
            seen[one.path, repr(sorted(one.query.items())), one.headers.get("Range")] += 1
        return [key for key, times in seen.items() if times > 1]

    def answer(self, path, query, headers):
        raise NotImplementedError

    def take(self, path, query, headers):
        with self._lock:
            self.asked.append(Asked(path, query, headers, time.time()))
            call = self.at_request.pop(len(self.asked), None)
            if call:
                call()
            for trouble in self.troubles:
                if trouble.part in path and trouble.times > 0:
                    trouble.times -= 1
                    return trouble
        if not path.startswith(self.prefix + "/"):
            return Answer(404, [("Content-Type", "text/html")], b"<html>nothing here")
        return self.answer(path[len(self.prefix) :], query, headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that hangs up is no failure."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        # A replayed address has its own query in the path.
        path, _, query = self.path.partition("?") if "/web/" not in self.path else (self.path, "", "")
        given = self.server.owner.take(path, parse_qs(query, keep_blank_values=True), dict(self.headers))
        if isinstance(given, Trouble):
            self._trouble(given)
            return
        self.send_response(given.status, given.reason)
        for name, value in given.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(given.body)))
        self.end_headers()
        self.wfile.write(given.body)

    def _trouble(self, trouble):
        self.close_connection = True
        if trouble.status == HANG_UP:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(trouble.status)
        for name, value in {**trouble.headers, "Connection": "close"}.items():
            self.send_header(name, value)
        declared = len(trouble.body) if trouble.declared is None else trouble.declared
        self.send_header("Content-Length", str(declared))
        self.end_headers()
        for at in range(len(trouble.body)) if trouble.pause else ():
            self.wfile.write(trouble.body[at : at + 1])
            time.sleep(trouble.pause)
        if not trouble.pause:
            self.wfile.write(trouble.body)

    def log_message(self, *args):
        pass
