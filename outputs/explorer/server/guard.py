"""What stands before every page: who may ask, and what a browser may do with the answer.

Requests that would write, that come under a foreign name, or that ask for what is none of our pages end here; every
answer, from whomever, gets the headers of security.
"""

import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from outputs.explorer.freshness import Freshness
from outputs.explorer.kinds import kind_of
from outputs.explorer.policies import policy_of, security_headers
from outputs.explorer.records import Answer
from outputs.explorer.server.problems import no_host, no_page, not_for_sites, problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Any, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""Names under which a browser reaches this machine alone."""

_READS = ("GET", "HEAD")
# Of Datasette: the database, its tables and rows, and what its pages are drawn with. The rest (pages for debugging that
# tell of the machine, log-in, the databases of its own) is not ours to show.
_OF_DATASETTE = re.compile(r"/dataset(?:[./].*)?|/-/static/.*|/favicon\.ico")
_ALWAYS_FRESH = re.compile(r"/assets/.*|/-/static/.*|/favicon\.ico")
_SET_ANEW = frozenset(name for name, _ in security_headers("", "")) | {b"set-cookie"}


class Guard:
    """An ASGI application around another. `names` are the hosts under which it answers, None for any."""

    def __init__(self, app: App, names: frozenset[str] | None, freshness: Freshness) -> None:
        self._app = app
        self._names = names
        self._freshness = freshness

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = self._refusal(scope)
        guarded = _guarded(send, is_head=scope["method"] == "HEAD")
        if refused is not None:
            await send_answer(refused, guarded)
        else:
            # Datasette answers HEAD of its own pages alone; here a HEAD is a GET whose body is kept back
            await self._app({**scope, "method": "GET"}, receive, guarded)

    def _refusal(self, scope: Scope) -> Answer | None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        path = scope.get("raw_path", scope["path"].encode()).partition(b"?")[0].decode("latin-1")
        if self._names is not None and _name_of(headers.get(b"host", "")) not in self._names:
            return no_host()
        if headers.get(b"sec-fetch-site") == "cross-site" and headers.get(b"sec-fetch-mode") != "navigate":
            return not_for_sites()
        if scope["method"] not in _READS:
            return problem(405, "read_only", next_step="")
        if kind_of(path.removeprefix("/")) is None and not _OF_DATASETTE.fullmatch(path):
            return no_page(path.removeprefix("/"))
        if not _ALWAYS_FRESH.fullmatch(path) and not self._freshness.is_same():
            return problem(503, "rebuilt")
        return None


async def send_answer(given: Answer, send: Send, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    """Send one of our own answers."""
    body = given.body.encode() if isinstance(given.body, str) else given.body
    own = [
        (b"content-type", given.media_type.encode()),
        (b"content-security-policy", policy_of(given).encode()),
        (b"cache-control", b"no-cache" if given.status == 200 else b"no-store"),
        (b"content-length", str(len(body)).encode()),
        *headers,
    ]
    if given.status == 405:
        own.append((b"allow", ", ".join(_READS).encode()))
    await send({"type": "http.response.start", "status": given.status, "headers": own})
    await send({"type": "http.response.body", "body": body})


def _guarded(send: Send, *, is_head: bool) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name.lower(), value) for name, value in message.get("headers", [])]
            found = dict(given)
            policy = found.get(b"content-security-policy")
            media_type = found.get(b"content-type", b"").decode("latin-1")
            kept = [(name, value) for name, value in given if name not in _SET_ANEW]
            kept += security_headers(media_type, policy.decode("latin-1") if policy else None)
            message = {**message, "headers": kept}
        elif is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return guarded


def _name_of(host: str) -> str:
    """The name in a Host header without its port: tunnels and port maps change that, a foreign site cannot the name.

    >>> _name_of("LocalHost:8001"), _name_of("[::1]:8001"), _name_of("evil.example")
    ('localhost', '[::1]', 'evil.example')
    """
    host = host.lower()
    return host[: host.find("]") + 1] if host.startswith("[") else host.partition(":")[0]
