"""Time of one page from bytes to report, beside the least that any reader of it must spend. One core.

    python benchmarks/bench_page.py [--runs 15] [--size 80000] [--encoding utf-8] [--json]

The baseline is lxml alone, as most programs use it: `lxml.html` parses the UTF-8 bytes, and tag, text, tail and
attributes of every node are looked at. No table can be laid out without attributes; the second ratio leaves them out.
All are run in turn, so that a busy machine slows all; the figures are medians. What lives as long as the program
(modules, tables of the forms) is kept from the garbage collector, as in `gongkai build`.
"""

import argparse
import gc
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import lxml.html

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import LAYOUTS, make_page


@dataclass(frozen=True, slots=True)
class Timing:
    """Medians of one layout in milliseconds; `ratio` is parse over baseline, `bare_ratio` over the bare one."""

    layout: str
    n_bytes: int
    lxml_ms: float
    bare_ms: float
    parse_ms: float
    ratio: float
    bare_ratio: float


def main() -> None:
    options = _options()
    timings = [time_layout(layout, options.size, options.runs, options.encoding) for layout in LAYOUTS]
    if options.json:
        print(json.dumps([asdict(timing) for timing in timings], indent=1))
        return
    print(f"{'layout':<8}{'bytes':>9}{'lxml ms':>10}{'bare ms':>10}{'parse ms':>10}{'ratio':>8}{'bare':>8}")
    for timing in timings:
        times = f"{timing.lxml_ms:>10.2f}{timing.bare_ms:>10.2f}{timing.parse_ms:>10.2f}"
        print(f"{timing.layout:<8}{timing.n_bytes:>9}{times}{timing.ratio:>8.1f}{timing.bare_ratio:>8.1f}")
    ratio, bare = (median(getattr(timing, name) for timing in timings) for name in ("ratio", "bare_ratio"))
    print(f"Median of the layouts: {ratio:.1f} times lxml alone, {bare:.1f} times without a look at attributes.")


def time_layout(layout: str, size: int, runs: int, encoding: str) -> Timing:
    """Time both ways on `runs` different pages of a layout, after one page that only warms up."""
    from parsers import parse  # noqa: PLC0415  (the generator must run without the parser)

    visits: list[float] = []
    bares: list[float] = []
    parses: list[float] = []
    n_bytes = 0
    for seed in range(runs + 1):
        data = make_page(layout, size, seed, encoding)
        utf8 = data.decode(encoding).encode()
        n_bytes = len(data)
        if seed == 1:
            gc.freeze()
        visits.append(_milliseconds(_visit, utf8))
        bares.append(_milliseconds(_visit_bare, utf8))
        parses.append(_milliseconds(parse, data))
    visit, bare, parsed = (median(times[1:]) for times in (visits, bares, parses))
    rounded = (round(milliseconds, 3) for milliseconds in (visit, bare, parsed))
    return Timing(layout, n_bytes, *rounded, round(parsed / visit, 1), round(parsed / bare, 1))


def _tree(utf8: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(utf8, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))


def _visit_bare(utf8: bytes) -> int:
    return sum(len(node.tag) + len(node.text or "") + len(node.tail or "") for node in _tree(utf8).iter("*"))


def _visit(utf8: bytes) -> int:
    n_chars = 0
    for node in _tree(utf8).iter("*"):
        n_chars += len(node.tag) + len(node.text or "") + len(node.tail or "")
        n_chars += sum([len(value) for value in node.attrib.values()])
    return n_chars


def _milliseconds(task: Callable[[bytes], object], data: bytes) -> float:
    start = perf_counter()
    task(data)
    return (perf_counter() - start) * 1000


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="pages of each layout")
    parser.add_argument("--size", type=int, default=80_000, help="bytes of a page")
    parser.add_argument("--encoding", default="utf-8", help="codec of the pages")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
