"""A proxy on loopback that is the whole network of one page in a browser.

What a browser asks for is decided by the page: scripts, redirects, frames, sockets. All of it has to pass here, the
browser looks up no name itself. A connection is made to one site only, to an address that was checked and is the one
connected to, for no more bytes than a page may take; all others are closed without a word, so that nothing of ours
can be taken for the site's answer.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from scraper.addresses import AddressRefusedError, resolve

_HEAD_BYTES = 64 * 1024
_CHUNK = 64 * 1024
# `GET http://host/path HTTP/1.1`, `CONNECT host:443 HTTP/1.1`
_REQUEST_LINE = re.compile(rb"([A-Z]{1,20}) (\S{1,20000}) HTTP/1\.[01]\r\n")
# what is said to a proxy, and what it has to say itself
_HOP_BY_HOP = re.compile(rb"(?:proxy-[a-z-]+|connection|keep-alive):[^\r\n]*\r\n", re.IGNORECASE)
_READS = (b"GET", b"HEAD")


class GuardProxy:
    """Passes on what one page asks of its site.

    `is_wanted` is asked with the address of each host, as `http://host:port/`; `refused` holds why connections were
    refused, `spent` the bytes that came, `is_spent` whether there were more than `max_bytes`.
    """

    def __init__(self, is_wanted: Callable[[str], bool], *, max_bytes: int, allow_private: bool) -> None:
        self.refused: list[str] = []
        self.spent = 0
        self.url = ""
        self._is_wanted = is_wanted
        self._max_bytes = max_bytes
        self._allow_private = allow_private
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_spent(self) -> bool:
        """Whether the page wanted more than it may take."""
        return self.spent > self._max_bytes

    @asynccontextmanager
    async def running(self) -> AsyncIterator["GuardProxy"]:
        """Listen on loopback, at `url`, until the block ends; then nothing stays open."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD_BYTES)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._attend(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attend(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            # a side that hangs up, a request that is none: nothing to tell anybody
            with suppress(OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        line = _REQUEST_LINE.match(head)
        if not line or not (line[1] == b"CONNECT" or line[1] in _READS):
            self.refused.append("only GET and HEAD are passed on")
            return
        is_tunnel, target = line[1] == b"CONNECT", line[2].decode("ascii", "replace")
        parts = urlsplit(f"//{target}" if is_tunnel else target)
        host, port = parts.hostname or "", parts.port or 80
        if not self._is_wanted(f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"):
            self.refused.append(f"{host} is another site")
            return
        upstream, outgoing = await self._connect(host, port)
        try:
            if is_tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                path = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
                rest = _HOP_BY_HOP.sub(b"", head[line.end() :])
                outgoing.write(b"%s %s HTTP/1.1\r\nConnection: close\r\n%s" % (line[1], path.encode(), rest))
            await self._join(reader, outgoing, upstream, writer, is_tunnel=is_tunnel)
        finally:
            outgoing.close()

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the first checked address of a host that takes one."""
        try:
            addresses = await asyncio.to_thread(resolve, host, port, allow_private=self._allow_private)
        except AddressRefusedError as error:
            self.refused.append(error.what)
            raise ConnectionRefusedError(error.what) from error
        failure = OSError(f"{host} has no address")
        for address in addresses:
            try:
                return await asyncio.open_connection(address.sockaddr[0], port, family=address.family)
            except OSError as error:
                failure = error
        raise failure

    async def _join(
        self,
        reader: asyncio.StreamReader,
        outgoing: asyncio.StreamWriter,
        upstream: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        is_tunnel: bool,
    ) -> None:
        """Pass bytes on until either side ends.

        Without a tunnel a second request on the same connection ends it: it may be for another host. The browser
        opens a new one for it.
        """
        back = asyncio.ensure_future(self._answer(upstream, writer))
        forth = asyncio.ensure_future(_copy(reader, outgoing) if is_tunnel else reader.read(1))
        try:
            await asyncio.wait((back, forth), return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.cancel()
            forth.cancel()
            await asyncio.gather(back, forth, return_exceptions=True)

    async def _answer(self, upstream: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (data := await upstream.read(_CHUNK)) and not self.is_spent:
            self.spent += len(data)
            writer.write(data)
            await writer.drain()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
