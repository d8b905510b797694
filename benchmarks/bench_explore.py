"""Time of each kind of page of the explorer, beside Datasette's own page of a table of the same file.

    python benchmarks/bench_explore.py [--reports 300 | --dataset DIR [--archive PATH]] [--runs 5] [--no-index] [--json]

1. The making of the index, beside the same tables loaded into SQLite without types, keys, search or indexes.
2. Each kind of page, asked of `gongkai explore` on loopback, as the time until the last byte is there: the first one of
   its kind (`cold`: the server is new, and the file is not in the memory of the system) and the median and the worst of
   as many others, each of another subject. The baseline is the first page of the table `facts` in a plain Datasette on
   the same file, in the same run; `ratio` is the median over the baseline's.

Charts and archived pages are files of their own, which a browser asks for beside the page.
"""

import argparse
import http.client
import json
import os
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import monotonic, perf_counter, sleep
from urllib.parse import quote, urlsplit

import pyarrow.parquet as pq

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.reports import write_reports
from outputs import schema
from outputs.explorer import paths
from outputs.explorer.index import open_index

_LIMIT_MS = 1000
"""What a page may take on a dataset of 10,000 reports."""

_PATIENCE = 1200.0
"""Seconds in which a server has to answer; one that finds no index makes it first."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One kind of page in milliseconds; `kib` is the size of the largest answer, `failed` how many were errors."""

    page: str
    cold_ms: float
    median_ms: float
    worst_ms: float
    kib: int
    ratio: float
    failed: int


@dataclass(frozen=True, slots=True)
class Loading:
    """The making of the index in seconds, beside a plain load of the same tables."""

    n_rows: int
    plain_s: float
    index_s: float
    index_mib: int
    ratio: float


@dataclass(frozen=True, slots=True)
class Subjects:
    """What the pages are asked of: reports, agencies with two years, years."""

    reports: Sequence[str]
    pairs: Sequence[tuple[str, int, int, str]]
    years: Sequence[int]


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "dataset"
        if options.dataset:
            _link(options.dataset, folder, with_index=options.no_index)
        else:
            options.archive = _build(folder, options.reports)
        loading = None if options.no_index else time_loading(folder, Path(scratch))
        timings = time_pages(folder, options.archive, options.runs)
        n_reports = pq.read_metadata(folder / "reports.parquet").num_rows
    if options.json:
        told = {"reports": n_reports, "loading": loading and asdict(loading), "pages": [asdict(t) for t in timings]}
        print(json.dumps(told, indent=1))
        return
    if loading:
        print(
            f"Index of {n_reports} reports: {loading.n_rows} rows, {loading.index_s:.1f} s ({loading.index_mib} MiB), "
            f"{loading.ratio:.1f} times a plain load ({loading.plain_s:.1f} s)"
        )
    _print(timings)


def time_loading(folder: Path, scratch: Path) -> Loading:
    """Time the plain load and the making of the index, in this order."""
    n_rows = sum(pq.read_metadata(folder / f"{table.name}.parquet").num_rows for table in schema.TABLES)
    plain_s = _seconds(lambda: _load_plainly(folder, scratch / "plain.db"))
    (scratch / "plain.db").unlink()
    index_s = _seconds(lambda: open_index(folder))
    size = open_index(folder).stat().st_size
    return Loading(n_rows, round(plain_s, 2), round(index_s, 2), size >> 20, round(index_s / plain_s, 2))


def time_pages(folder: Path, archive: Path | None, runs: int) -> list[Timing]:
    """Time every kind of page of the explorer, and the baseline, which comes first."""
    index = open_index(folder)
    subjects = _subjects(folder, runs + 1)
    _forget(index)
    with _serving("datasette", "serve", "--immutable", str(index), "--setting", "suggest_facets", "off") as address:
        base = _time("plain Datasette: facts", [f"/{index.stem}/facts"] * (runs + 1), address, None)
    timings = [base]
    _forget(index)
    archives = ["--archive", str(archive)] if archive else []
    with _serving("gongkai", "explore", str(folder), *archives) as address:
        for name, asked in _asked(subjects).items():
            timings.append(_time(name, asked, address, base.median_ms))
    return timings


def _asked(subjects: Subjects) -> dict[str, list[str]]:
    """Addresses of each kind of page, one for each turn."""
    turns = range(len(subjects.reports))
    agencies = [pair[0] for pair in subjects.pairs]
    words = ("复议", "公开", "老旧小区改造", "教育局", "土地征收", "诉讼", "民政局", "政务新媒体")

    def each(make: Callable[[int], str]) -> list[str]:
        return ["/" + quote(make(turn), safe="/?=&%") for turn in turns]

    return {
        "home": each(lambda _: paths.HOME),
        "coverage of a level": each(lambda _: paths.coverage("county")),
        "agency": each(lambda turn: paths.agency(agencies[turn % len(agencies)])),
        "chart as SVG": each(lambda turn: paths.chart(agencies[turn % len(agencies)], "requests", "svg")),
        "chart as PNG": each(lambda turn: paths.chart(agencies[turn % len(agencies)], "requests", "png")),
        "report": each(lambda turn: paths.report(subjects.reports[turn])),
        "archived page": each(lambda turn: paths.archived(subjects.reports[turn])),
        "how to cite": each(lambda turn: paths.citations(subjects.reports[turn])),
        "compare years": each(lambda turn: paths.years(*subjects.pairs[turn % len(subjects.pairs)])),
        "year": each(lambda turn: paths.year(subjects.years[turn % len(subjects.years)])),
        "checks, fail": each(lambda _: paths.checks()),
        "checks, uncertain": each(lambda _: paths.checks("uncertain")),
        "search": each(lambda turn: f"{paths.SEARCH}?q={quote(words[turn % len(words)])}"),
        "about": each(lambda _: paths.ABOUT),
        "facts in Datasette": each(lambda _: "dataset/facts"),
        "facts of one agency": each(lambda turn: f"dataset/facts?agency_id={agencies[turn % len(agencies)]}"),
    }


def _subjects(folder: Path, number: int) -> Subjects:
    """Current reports by chance, the largest one first; pairs of consecutive years by chance; the years."""
    columns = ["capture_id", "agency_id", "report_year", "report_scope", "n_cells", "n_claims", "is_current"]
    rows = pq.read_table(folder / "reports.parquet", columns=columns).to_pylist()
    current = [row for row in rows if row["is_current"] and row["agency_id"] and row["report_year"]]
    largest = max(current, key=lambda row: row["n_cells"] + row["n_claims"])
    by_chance = random.Random(0)
    chosen = [largest, *by_chance.choices(current, k=number - 1)]
    known = {(row["agency_id"], row["report_year"], row["report_scope"]) for row in current}
    pairs = sorted((body, year, year + 1, scope) for body, year, scope in known if (body, year + 1, scope) in known)
    if not pairs:
        raise SystemExit("no agency of this dataset has reports of two consecutive years: nothing can be compared")
    years = sorted({row["report_year"] for row in current}, reverse=True)
    return Subjects([row["capture_id"] for row in chosen], by_chance.choices(pairs, k=number), years)


def _time(name: str, asked: Sequence[str], address: str, baseline_ms: float | None) -> Timing:
    times, sizes, failed = [], [], 0
    for path in asked:
        start = perf_counter()
        status, size = _fetch(address, path)
        times.append((perf_counter() - start) * 1000)
        sizes.append(size)
        if status != http.client.OK:
            failed += 1
            print(f"{path}: the server answers {status}", file=sys.stderr)
    middle = median(times[1:])
    ratio = middle / baseline_ms if baseline_ms else 1.0
    cold, warm, worst = (round(time, 1) for time in (times[0], middle, max(times[1:])))
    return Timing(name, cold, warm, worst, max(sizes) >> 10, round(ratio, 2), failed)


def _fetch(address: str, path: str) -> tuple[int, int]:
    """Ask for a page; return its status and how many bytes it has."""
    where = urlsplit(address)
    with closing(http.client.HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, len(answer.read())


@contextmanager
def _serving(program: str, *arguments: str) -> Iterator[str]:
    """Run a server of this environment on a free port; yield its address once it answers."""
    port = _free_port()
    command = [sys.executable, "-m", program, *arguments, "--port", str(port)]
    with subprocess.Popen(  # noqa: S603  (our own servers)
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait(server, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the port is open; nothing is asked yet, for the first page is to be timed."""
    end = monotonic() + _PATIENCE
    while monotonic() < end:
        if server.poll() is not None:
            raise SystemExit(f"the server has ended: {server.args!r}")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise SystemExit("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _load_plainly(folder: Path, target: Path) -> None:
    with closing(sqlite3.connect(target)) as base:
        for table in schema.TABLES:
            file = pq.ParquetFile(folder / f"{table.name}.parquet")
            names = file.schema_arrow.names
            base.execute(f'CREATE TABLE "{table.name}" ({", ".join(map(_quoted, names))})')
            insert = f'INSERT INTO "{table.name}" VALUES ({", ".join("?" * len(names))})'
            for batch in file.iter_batches(10_000):
                columns = [[_plain(value) for value in column.to_pylist()] for column in batch.columns]
                base.executemany(insert, zip(*columns, strict=True))
        base.commit()


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _build(folder: Path, n_reports: int) -> Path:
    """Make pages and their dataset; return where the pages are."""
    from gongkai.build import build  # noqa: PLC0415  (not needed where a dataset is given)

    pages = folder.parent / "pages"
    print(f"gongkai: making about {n_reports} reports", file=sys.stderr)
    write_reports(pages, n_reports)
    build([pages], folder)
    return pages


def _link(dataset: Path, folder: Path, *, with_index: bool) -> None:
    """Have the files of a dataset in another folder, so that an index is made there and none is lost."""
    folder.mkdir()
    for file in dataset.iterdir():
        if file.is_file():
            shutil.copy(file, folder) if file.name == "run.json" else (folder / file.name).symlink_to(file.resolve())
    if with_index:
        (folder / ".gongkai-explorer").symlink_to((dataset / ".gongkai-explorer").resolve())


def _forget(file: Path) -> None:
    """Have the system read a file from its disk again, where it lets us."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _seconds(task: Callable[[], object]) -> float:
    start = perf_counter()
    task()
    return perf_counter() - start


def _print(timings: Sequence[Timing]) -> None:
    print(f"{'page':<24}{'cold ms':>10}{'median ms':>11}{'worst ms':>10}{'KiB':>7}{'ratio':>8}{'failed':>8}")
    for each in timings:
        times = f"{each.cold_ms:>10.1f}{each.median_ms:>11.1f}{each.worst_ms:>10.1f}"
        print(f"{each.page:<24}{times}{each.kib:>7}{each.ratio:>8.2f}{each.failed:>8}")
    slow = [each.page for each in timings if max(each.cold_ms, each.worst_ms) > _LIMIT_MS]
    print(f"Over {_LIMIT_MS} ms: {', '.join(slow) or 'none'}.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--reports", type=int, default=300, help="about how many reports to make")
    parser.add_argument("--dataset", type=Path, help="a dataset to measure in place of one that is made")
    parser.add_argument("--archive", type=Path, help="where the pages of that dataset are, if not where they were then")
    parser.add_argument("--runs", type=int, default=5, help="pages of each kind after the first")
    parser.add_argument("--no-index", action="store_true", help="take the dataset's index as it is, and do not time it")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
