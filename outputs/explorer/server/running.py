"""A server that answers on an address of this machine until it is told to stop."""

import errno
import ipaddress
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from datasette.app import Datasette

from outputs.errors import ExplorerError
from outputs.explorer.server.guard import LOOPBACK_NAMES
from outputs.explorer.server.warming import warm_up

FIRST_PORT = 8001
_N_PORTS = 50
_CLOSING_SECONDS = 3
"""How long an answer that is under way may still take when the server is told to stop."""

_ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104  to be told from others, not to be bound
"""Under which name a browser of this machine finds a server that listens on every address."""


class Door:
    """A socket that listens, and the address under which a browser finds it.

    `is_loopback` tells that this machine alone can reach it; `names` are the hosts that requests must then name, None
    where others may come; `moved_from` is the port that was taken, where another one was chosen.
    """

    def __init__(self, listening: socket.socket, host: str, moved_from: int | None) -> None:
        self.socket = listening
        self.moved_from = moved_from
        bound, self.port = listening.getsockname()[:2]
        self.is_loopback = ipaddress.ip_address(bound.partition("%")[0]).is_loopback
        name = f"[{host}]" if ":" in host else host.lower()
        self.address = f"http://{_ANY_ADDRESS.get(name, name)}:{self.port}/"
        self.names = LOOPBACK_NAMES | {name} if self.is_loopback else None


def open_door(host: str, port: int | None) -> Door:
    """Return a socket that listens on a port; without a `port` the first free one from FIRST_PORT on, 0 for any.

    Raises ExplorerError (`no_host`, `port_taken`, `cannot_listen`).
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise ExplorerError(
            "no_host", "this machine has no such address", host, "Name one of its own with --host, or leave it out."
        ) from error
    ports = (port,) if port is not None else range(FIRST_PORT, FIRST_PORT + _N_PORTS)
    for number in ports:
        listening = socket.socket(family, socket.SOCK_STREAM)
        # a server that ended a moment ago does not keep the port from the next one
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address[0], number, *address[2:]))
            listening.listen(socket.SOMAXCONN)
        except OSError as error:
            listening.close()
            if error.errno != errno.EADDRINUSE:
                raise _cannot_listen(host, number, error) from error
        else:
            return Door(listening, host, FIRST_PORT if port is None and number != FIRST_PORT else None)
    raise ExplorerError(
        "port_taken",
        "the port is taken by another program" if port is not None else f"{_N_PORTS} ports are taken by other programs",
        f"{host}, port {port if port is not None else FIRST_PORT}",
        "Name another one with --port.",
    )


def serve(server: Datasette, door: Door, ready: Callable[[], None]) -> int | None:
    """Answer requests until the process gets SIGINT or SIGTERM; return which of them it was, None for neither.

    `ready` is called once, when the first request can be answered.
    """
    config = uvicorn.Config(
        server.app(),
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,  # nobody stands between: a header must not say who asked, or how
        server_header=False,
        timeout_graceful_shutdown=_CLOSING_SECONDS,
    )
    running = _Server(config, ready)
    running.run(sockets=[door.socket])
    return running.stopped_by


class _Server(uvicorn.Server):
    """uvicorn's server, but that it tells when it answers, and what stopped it instead of dying of it."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self.stopped_by: int | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        warm_up()  # who asks meanwhile waits in line: that is quicker than to load the same things side by side
        if not self.should_exit:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        if threading.current_thread() is not threading.main_thread():
            yield  # signals are the main thread's
            return
        watched = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self._stop) for each in watched}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _stop(self, number: int, frame: Any) -> None:
        self.stopped_by = number
        self.handle_exit(number, frame)


def _cannot_listen(host: str, port: int, error: OSError) -> ExplorerError:
    return ExplorerError(
        "cannot_listen",
        f"the system does not let gongkai listen there ({error.strerror or error})",
        f"{host}, port {port}",
        "Name another address with --host, or a port above 1023 with --port.",
    )
