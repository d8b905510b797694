"""Time of a fetch and of its archive, beside the least that other programs spend on the same pages.

    python benchmarks/bench_fetch.py [--pages 200] [--size 80000] [--runs 3] [--json]

1. A live fetch through everything (robots.txt, recorder, reader, catalogue, index) beside plain Scrapy with a spider
   that keeps the bodies, and beside one that has our parsers read them; all ask twenty hosts of a server in a process
   of its own, without a pause.
2. `Archive.record` beside warcio alone writing the same three records; warcio does not wait for the disk.
3. `verify`, and the making of a lost catalogue, beside fastwarc reading the same file with every digest.

All are run in turn, so that a busy machine slows all; the figures are medians, the ratios those of the medians.
"""

import argparse
import asyncio
import gc
import hashlib
import io
import json
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import LAYOUTS, make_page

_HOSTS = tuple(f"127.0.0.{n}" for n in range(1, 21))
_AT_ONCE = 32
_AGENT = "gongkai-benchmark/1 (+https://example.invalid/benchmark)"
_MOMENT = "2026-03-01T02:03:04Z"
_HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))
_REQUEST = f"GET / HTTP/1.1\r\nHost: www.example.gov.cn\r\nUser-Agent: {_AGENT}\r\n\r\n".encode()
_CLEAN = multiprocessing.get_context("spawn")  # Twisted begins once in a process; nothing of this one is taken along


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians of one comparison in milliseconds a page; `ratio` is ours over the baseline."""

    what: str
    baseline: str
    baseline_ms: float
    ours_ms: float
    ratio: float


def main() -> None:
    options = _options()
    timings = [*time_fetch(options), *time_archive(options)]
    if options.json:
        print(json.dumps({"machine": machine(), "timings": [asdict(timing) for timing in timings]}, indent=1))
        return
    print(machine())
    print(f"{'':<24}{'beside':<20}{'its ms':>9}{'ours ms':>9}{'ratio':>8}   a page")
    for timing in timings:
        times = f"{timing.baseline_ms:>9.2f}{timing.ours_ms:>9.2f}{timing.ratio:>8.2f}"
        print(f"{timing.what:<24}{timing.baseline:<20}{times}")


def machine() -> str:
    """Say on what it was measured."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("scrapy", "warcio", "fastwarc"))
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"Python {platform.python_version()}, {packages}; {platform.system()}, {cores} cores"


# 1. Live fetches.


def time_fetch(options: argparse.Namespace) -> Iterator[Timing]:
    """Time the fetches, each in a new process, against one server."""
    pages = _pages(options.size)
    plain: list[float] = []
    reading: list[float] = []
    whole: list[float] = []
    with _serving(pages) as ports, tempfile.TemporaryDirectory() as scratch:
        urls = [f"http://{host}:{port}/nb/" for host, port in zip(_HOSTS, ports, strict=True)]
        urls = [f"{urls[n % len(urls)]}{n}.html" for n in range(options.pages)]
        n_bytes = sum(len(pages[_page_of(url, pages)]) for url in urls)
        for number in range(options.runs):
            plain.append(_apart(_fetch_plainly, urls, n_bytes, False))
            reading.append(_apart(_fetch_plainly, urls, n_bytes, True))
            whole.append(_apart(_fetch_wholly, urls, Path(scratch) / f"run-{number}"))
    yield _timing("a live fetch", "Scrapy", plain, whole, options.pages)
    yield _timing("a live fetch", "Scrapy and parsers", reading, whole, options.pages)


def _apart(task: Callable[..., float], *arguments: object) -> float:
    """Carry out a task in a new process; return the seconds that it says it took."""
    inner, outer = _CLEAN.Pipe()
    process = _CLEAN.Process(target=_send, args=(outer, task, *arguments))
    process.start()
    outer.close()
    try:
        seconds: float = inner.recv()
    except EOFError:
        raise SystemExit("A fetch of the benchmark failed; its words stand above.") from None
    finally:
        process.join()
    return seconds


def _send(outer: Connection, task: Callable[..., float], *arguments: object) -> None:
    outer.send(task(*arguments))


def _fetch_plainly(urls: list[str], n_bytes: int, read: bool) -> float:
    """Fetch with Scrapy as it comes and keep the bodies; with `read`, have each read as well."""
    from scrapy import Spider  # noqa: PLC0415  (the server's process needs no Scrapy)
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415
    from scrapy.http import Response  # noqa: PLC0415

    import parsers  # noqa: PLC0415

    bodies: list[bytes] = []

    class Plain(Spider):
        name = "plain"
        start_urls = urls

        def parse(self, response: Response) -> None:
            bodies.append(response.body)
            if read:
                parsers.parse(response.body)

    process = AsyncCrawlerProcess(
        {
            "CONCURRENT_REQUESTS": _AT_ONCE,
            "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
            "LOG_LEVEL": "ERROR",
            "TELNETCONSOLE_ENABLED": False,
            "USER_AGENT": _AGENT,
        }
    )
    process.crawl(Plain)
    begin = perf_counter()
    process.start()
    seconds = perf_counter() - begin
    if sum(map(len, bodies)) != n_bytes:
        raise SystemExit(f"Plain Scrapy got {len(bodies)} of {len(urls)} pages.")
    return seconds


def _fetch_wholly(urls: list[str], folder: Path) -> float:
    """Fetch as `gongkai fetch` does, from the list of addresses to the finished archive."""
    from gongkai.fetching import FetchOptions, fetch  # noqa: PLC0415
    from gongkai.fetchscreen import watching_fetch  # noqa: PLC0415

    listed = folder.with_suffix(".txt")
    listed.write_text("".join(f"{url}\n" for url in urls))
    options = FetchOptions(contact="https://example.invalid/benchmark", delay=0, allow_private=True)
    begin = perf_counter()
    with watching_fetch(quiet=True) as watch:
        summary = fetch([str(listed)], folder, options, watch)
    seconds = perf_counter() - begin
    if dict(summary.got).get("page") != len(urls):
        raise SystemExit(f"gongkai got {summary.got} and missed {summary.missed}.")
    return seconds


@contextmanager
def _serving(pages: list[bytes]) -> Iterator[list[int]]:
    """Run the server in a process of its own; yield its port on each host."""
    inner, outer = _CLEAN.Pipe()
    server: SpawnProcess = _CLEAN.Process(target=_serve, args=(outer, pages), daemon=True)
    server.start()
    try:
        yield inner.recv()
    finally:
        server.terminate()
        server.join()


def _serve(outer: Connection, pages: list[bytes]) -> None:
    with suppress(KeyboardInterrupt):
        asyncio.run(_serve_hosts(outer, pages))


async def _serve_hosts(outer: Connection, pages: list[bytes]) -> None:
    answer = partial(_answer, pages)
    servers = [await asyncio.start_server(answer, host, 0) for host in _HOSTS]
    outer.send([server.sockets[0].getsockname()[1] for server in servers])
    await asyncio.gather(*(server.serve_forever() for server in servers))


async def _answer(pages: list[bytes], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer the requests of one connection; there is no robots.txt."""
    with suppress(asyncio.IncompleteReadError, ConnectionError):
        while head := await reader.readuntil(b"\r\n\r\n"):
            path = head.split(b" ", 2)[1].decode()
            found = path.startswith("/nb/")
            body = pages[_page_of(path, pages)] if found else b""
            lines = [f"HTTP/1.1 {'200 OK' if found else '404 Not Found'}", f"Content-Length: {len(body)}"]
            lines += [f"{name}: {value}" for name, value in _HEADERS]
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
    writer.close()


def _page_of(url: str, pages: list[bytes]) -> int:
    return int(url.rpartition("/")[2].partition(".")[0]) % len(pages)


# 2. and 3. The archive alone.


def time_archive(options: argparse.Namespace) -> Iterator[Timing]:
    """Time what is done with a WARC file: by the archive, by warcio and by fastwarc."""
    pages = _pages(options.size)
    times: dict[str, list[float]] = {name: [] for name in ("bare", "write", "read", "verify", "rebuild")}
    for number in range(options.runs + 1):  # the first only warms up
        if number == 1:
            gc.freeze()
        with tempfile.TemporaryDirectory() as scratch:
            folder, written = Path(scratch) / "archive", Path(scratch) / "bare.warc.gz"
            times["bare"].append(_seconds(_write_barely, written, pages, options.pages))
            times["write"].append(_record(folder, pages, options.pages))
            times["read"].append(_seconds(_read_barely, folder, options.pages))
            times["verify"].append(_seconds(_verify, folder))
            shutil.rmtree(folder / ".fetch")
            times["rebuild"].append(_seconds(_rebuild, folder, options.pages))
    bare, write, read, verify, rebuild = (seconds[1:] for seconds in times.values())
    yield _timing("Archive.record", "warcio", bare, write, options.pages)
    yield _timing("verify", "fastwarc, digests", read, verify, options.pages)
    yield _timing("a lost catalogue", "fastwarc, digests", read, rebuild, options.pages)


def _record(folder: Path, pages: list[bytes], n_pages: int) -> float:
    """Record pages of as many addresses; return the seconds without opening and closing."""
    from scraper.archive import open_archive  # noqa: PLC0415
    from scraper.records import Visit  # noqa: PLC0415

    with open_archive(folder) as archive:
        archive.begin_run("live", "benchmark")
        begin = perf_counter()
        for n in range(n_pages):
            body = pages[n % len(pages)]
            archive.record(Visit(_address(n), _MOMENT, "live", 200, "OK", _HEADERS, body, request=_REQUEST))
        return perf_counter() - begin


def _write_barely(path: Path, pages: list[bytes], n_pages: int) -> None:
    """Write the same records as `Archive.record`: answer, request, metadata."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True, warc_version="WARC/1.1")
        for n in range(n_pages):
            body, url = pages[n % len(pages)], _address(n)
            head = StatusAndHeaders("200 OK", list(_HEADERS), protocol="HTTP/1.1")
            answer = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
            head = StatusAndHeaders("GET / HTTP/1.1", [("User-Agent", _AGENT)], is_http_request=True)
            request = writer.create_warc_record(url, "request", payload=io.BytesIO(), http_headers=head)
            writer.write_request_response_pair(request, answer)
            about = io.BytesIO(b"run: 1\r\nrun-kind: live\r\nsource: live\r\n")
            writer.write_record(
                writer.create_warc_record(url, "metadata", payload=about, warc_content_type="application/warc-fields")
            )


def _read_barely(folder: Path, n_pages: int) -> None:
    """Read every record with fastwarc, and hash its block and its payload."""
    from fastwarc.warc import ArchiveIterator  # noqa: PLC0415

    n_answers = 0
    for path in folder.glob("*.warc.gz"):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                block = record.reader.read()
                hashlib.sha256(block).digest()
                if record.headers["WARC-Type"] == "response":
                    hashlib.sha256(block.partition(b"\r\n\r\n")[2]).digest()
                    n_answers += 1
    if n_answers != n_pages:
        raise SystemExit(f"fastwarc read {n_answers} of {n_pages} pages.")


def _verify(folder: Path) -> None:
    from scraper.archive import verify  # noqa: PLC0415

    for problem in islice(verify(folder), 1):
        raise SystemExit(f"{problem.where}: {problem.what}")


def _rebuild(folder: Path, n_pages: int) -> None:
    from scraper.archive import read_archive  # noqa: PLC0415

    with read_archive(folder) as view:
        found = sum(host.visits for host in view.hosts())
    if found != n_pages:
        raise SystemExit(f"{found} of {n_pages} pages were entered.")


def _pages(size: int) -> list[bytes]:
    """Ten pages of each layout."""
    return [make_page(layout, size, seed) for layout in LAYOUTS for seed in range(10)]


def _address(n: int) -> str:
    return f"http://www.example.gov.cn/nb/{n}.html"


def _seconds(task: Callable[..., None], *arguments: Any) -> float:
    begin = perf_counter()
    task(*arguments)
    return perf_counter() - begin


def _timing(what: str, baseline: str, theirs: list[float], ours: list[float], n_pages: int) -> Timing:
    least, most = (median(seconds) * 1000 / n_pages for seconds in (theirs, ours))
    return Timing(what, baseline, round(least, 3), round(most, 3), round(most / least, 2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200, help="pages of each run")
    parser.add_argument("--size", type=int, default=80_000, help="bytes of a page")
    parser.add_argument("--runs", type=int, default=3, help="runs of each comparison")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
