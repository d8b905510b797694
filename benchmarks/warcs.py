"""WARC files of any number of pages that are made up: the same bytes for the same seed, a page at a time in memory.

    python benchmarks/warcs.py FILE --pages N [--seed 0] [--size-mix 20000:0.3,40000:0.4,80000:0.25,300000:0.05]
                               [--level 1] [--processes 2] [--plain]

A file of fewer pages is the beginning of one with more: an archive that grows can be made. Pages are those of
benchmarks/crawl_pages.py; redirects, pictures and visits that found nothing new come beside them and are not counted.
"""

import argparse
import base64
import hashlib
import io
import os
import sys
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from fastwarc.stream_io import GzipWriter
from fastwarc.warc import WarcRecord, WarcRecordType

from benchmarks.crawl_pages import SIZES, Answer, site

_BLOCK_PAGES = 512
"""Pages that are made in one go, by one process: some 20 MB before compression."""

_BLOCK_SITES = 64
"""Sites a block may need: each has a list page and eight to seventeen years."""

_REVISIT_PROFILE = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"


@dataclass(frozen=True, slots=True)
class Recipe:
    """What all blocks of a file have in common; `level` is gzip's, 0 for a file without compression."""

    seed: int = 0
    level: int = 1
    sizes: tuple[tuple[int, float], ...] = tuple(SIZES.items())


def write_warc(
    path: Path,
    n_pages: int,
    seed: int = 0,
    *,
    level: int = 1,
    sizes: Mapping[int, float] = SIZES,
    processes: int = 1,
) -> int:
    """Write a WARC file with so many pages and return its size in bytes; `level` 0 leaves it uncompressed."""
    recipe = Recipe(seed, level, tuple(sizes.items()))
    with path.open("wb") as file:
        file.write(_info(recipe))
        for block in _blocks(recipe, n_pages, processes):
            file.write(block)
        return file.tell()


def _blocks(recipe: Recipe, n_pages: int, processes: int) -> Iterator[bytes]:
    """Blocks of records in order; with several processes few of them are under way at a time."""
    tasks = ((recipe, number, min(_BLOCK_PAGES, n_pages - start)) for number, start in _starts(n_pages))
    with ProcessPoolExecutor(processes) if processes > 1 else nullcontext() as pool:
        waiting: deque[Future[bytes]] = deque()
        for task in tasks:
            if pool is None:
                yield make_block(*task)
                continue
            waiting.append(pool.submit(make_block, *task))
            if len(waiting) > processes + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _starts(n_pages: int) -> Iterator[tuple[int, int]]:
    return enumerate(range(0, n_pages, _BLOCK_PAGES))


def make_block(recipe: Recipe, number: int, n_pages: int) -> bytes:
    """Make the records of a block up to its n-th page."""
    out = io.BytesIO()
    ids = count(1)
    left = n_pages
    for place in count(number * _BLOCK_SITES):
        for answer in site(place, recipe.seed, dict(recipe.sizes)):
            _write(out, _record(answer, f"uuid:{recipe.seed:08x}-{number:08x}-{next(ids):012x}"), recipe.level)
            left -= answer.is_page
            if not left:
                return out.getvalue()
    raise AssertionError  # there is always another site


def _record(answer: Answer, name: str) -> WarcRecord:
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.headers)]
    head = "\r\n".join([*lines, f"Content-Length: {len(answer.body)}", "", ""]).encode()
    record = WarcRecord()
    record.init_headers(WarcRecordType.revisit if answer.repeats else WarcRecordType.response, name.encode())
    headers = record.headers
    headers["WARC-Target-URI"] = answer.uri
    headers["WARC-Date"] = answer.captured_at
    headers["Content-Type"] = "application/http; msgtype=response"
    headers["WARC-Payload-Digest"] = "sha1:" + base64.b32encode(hashlib.sha1(answer.body).digest()).decode()  # noqa: S324
    if answer.repeats:
        headers["WARC-Profile"] = _REVISIT_PROFILE
        headers["WARC-Refers-To-Target-URI"] = answer.uri
        headers["WARC-Refers-To-Date"] = answer.repeats
    record.set_bytes_content(head if answer.repeats else head + answer.body)
    return record


def _info(recipe: Recipe) -> bytes:
    record = WarcRecord()
    record.init_headers(WarcRecordType.warcinfo, f"uuid:{recipe.seed:08x}-info".encode())
    record.headers["WARC-Date"] = "2025-01-01T00:00:00Z"
    record.headers["Content-Type"] = "application/warc-fields"
    record.set_bytes_content(f"software: benchmarks/warcs.py\r\nseed: {recipe.seed}\r\n".encode())
    out = io.BytesIO()
    _write(out, record, recipe.level)
    return out.getvalue()


def _write(out: io.BytesIO, record: WarcRecord, level: int) -> None:
    """Write a record as a gzip member of its own, as crawlers do, so that each can be read alone."""
    if not level:
        record.write(out)
        return
    member = GzipWriter(out, level)
    record.write(member)
    member.close()


def _mix(text: str) -> dict[int, float]:
    """`20000:0.5,80000:0.5` → sizes and their shares."""
    return {int(size): float(share) for size, _, share in (part.partition(":") for part in text.split(","))}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path, help="the WARC file to write")
    parser.add_argument("--pages", type=int, default=1_000, help="how many pages")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--size-mix", type=_mix, default=dict(SIZES), help="bytes:share,… of pages, filled up to it")
    parser.add_argument("--level", type=int, default=1, choices=range(1, 10), help="of gzip")
    parser.add_argument("--plain", action="store_true", help="write the file without compression")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    begin = perf_counter()
    level = 0 if options.plain else options.level
    n_bytes = write_warc(
        options.file, options.pages, options.seed, level=level, sizes=options.size_mix, processes=options.processes
    )
    seconds = perf_counter() - begin
    print(
        f"{options.file}: {options.pages} pages, {n_bytes / 1e6:.1f} MB, {seconds:.1f} s, "
        f"{options.pages / seconds:.0f} pages/s in {options.processes} processes"
    )


if __name__ == "__main__":
    main()
