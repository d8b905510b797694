"""Where the time of one page goes, stage by stage, and what others spend on the same page. One core.

    python benchmarks/bench_stages.py [--runs 15] [--sizes 80000 300000] [--layouts 2010 2016 2022] [--encoding utf-8]
                                      [--json]

1. Ways to read a page, in turn on the same pages, so that a busy machine slows all: lxml's tree alone, lxml with a look
   at every node (tag, text, tail, attributes), gongkai's sections, cells and facts, the same with claims, the same with
   claims and terms, trafilatura (text only), and the script that a user would write (benchmarks/baseline.py).
2. The stages inside `parsers.parse`: the functions that do a stage's work are wrapped by a clock, wherever they are
   called from; what a stage calls of another stage is that one's. The clock itself costs a little, which is why the
   sum of the stages is not compared with the ways above.

Figures are medians of process CPU time in milliseconds; ratios are those of the medians.
"""

import argparse
import gc
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import lxml.html

import parsers
from benchmarks.baseline import scrape
from benchmarks.pages import LAYOUTS, make_page
from outputs.terms import count_terms
from parsers.records import Report

STAGES = {
    "decode": ("parsers.decode", "decode"),
    "tree": ("parsers.tree", "read_tree"),
    "grids": ("parsers.grid", "read_grid"),
    "lines": ("parsers.lines", "read_lines"),
    "tables without mark-up": ("parsers.linear", "find_linear_tables"),
    "region": ("parsers.region", "find_region"),
    "numbering": ("parsers.numbering", "number_lines"),
    "sections": ("parsers.sections", "read_sections"),
    "tables": ("parsers.tables", "read_segments"),
    "identity": ("parsers.identity", "identify"),
    "mapping": ("parsers.mapping", "map_segments"),
    "claims": ("parsers.claims", "read_claims"),
    "facts": ("parsers.facts", "read_facts"),
    "outcome": ("parsers.outcome", "judge"),
}
"""Stages in their order, each with the function that does its work; the rest of `parse` puts the report together."""

WAYS = (
    "lxml tree",
    "lxml visit",
    "sections, cells, facts",
    "with claims",
    "with claims, terms",
    *(("trafilatura",) if find_spec("trafilatura") else ()),
    "script",
)
"""Ways to read a page; ratios are to `lxml visit` and to `script`. Trafilatura is of the extra `bench`."""


@dataclass(frozen=True, slots=True)
class Timing:
    """One layout and size: milliseconds of each way, and of each stage within `parsers.parse`."""

    layout: str
    n_bytes: int
    ways: dict[str, float]
    stages: dict[str, float]


def main() -> None:
    options = _options()
    timings = [
        time_pages(layout, size, options.runs, options.encoding) for size in options.sizes for layout in options.layouts
    ]
    if options.json:
        print(json.dumps([asdict(timing) for timing in timings], indent=1))
        return
    for table in (ways_table(timings), stages_table(timings)):
        widths = [max(len(row[n]) for row in table) for n in range(len(table[0]))]
        for row in table:
            first, *others = map(str.rjust, row, widths)
            print("  ".join((row[0].ljust(len(first)), *others)))
        print()


def time_pages(layout: str, size: int, runs: int, encoding: str = "utf-8") -> Timing:
    """Time `runs` different pages of a layout in every way, after two pages that only warm up."""
    ways: dict[str, list[float]] = {way: [] for way in WAYS}
    stages: dict[str, list[float]] = defaultdict(list)
    n_bytes = 0
    for seed in range(runs + 2):
        data = make_page(layout, size, seed, encoding)
        utf8 = data.decode(encoding).encode()
        n_bytes = len(data)
        if seed == 2:
            gc.freeze()  # as `gongkai build` does with what lives as long as the program
            for times in (*ways.values(), *stages.values()):
                times.clear()
        ways["lxml tree"].append(_milliseconds(lambda utf8=utf8: _tree(utf8)))
        ways["lxml visit"].append(_milliseconds(lambda utf8=utf8: _visit(utf8)))
        ways["sections, cells, facts"].append(_milliseconds(lambda data=data: parsers.parse(data, claims=False)))
        ways["with claims"].append(_milliseconds(lambda data=data: parsers.parse(data)))
        ways["with claims, terms"].append(_milliseconds(lambda data=data: _terms(parsers.parse(data))))
        if "trafilatura" in WAYS:
            ways["trafilatura"].append(_milliseconds(lambda utf8=utf8: _text_alone(utf8)))
        ways["script"].append(_milliseconds(lambda data=data: scrape(data)))
        for stage, spent in _time_stages(data).items():
            stages[stage].append(spent)
    gc.unfreeze()
    return Timing(
        layout,
        n_bytes,
        {way: round(median(times), 3) for way, times in ways.items()},
        {stage: round(median(times), 3) for stage, times in stages.items()},
    )


def ways_table(timings: list[Timing]) -> list[list[str]]:
    """Milliseconds of each way by layout and size, and what they are to lxml and to the script."""
    rows = [["way", *(f"{timing.layout}, {timing.n_bytes // 1000} KB" for timing in timings), "/ lxml", "script /"]]
    for way in WAYS:
        to_lxml = [timing.ways[way] / timing.ways["lxml visit"] for timing in timings]
        to_script = [timing.ways["script"] / timing.ways[way] for timing in timings]
        times = [f"{timing.ways[way]:.2f}" for timing in timings]
        rows.append([way, *times, _range(to_lxml), _range(to_script)])
    return rows


def stages_table(timings: list[Timing]) -> list[list[str]]:
    """Milliseconds of each stage by layout and size, with its share of the whole."""
    rows = [["stage", *(f"{timing.layout}, {timing.n_bytes // 1000} KB" for timing in timings), "share"]]
    total = sum(sum(timing.stages.values()) for timing in timings)
    for stage in timings[0].stages:
        share = sum(timing.stages[stage] for timing in timings) / total
        rows.append([stage, *(f"{timing.stages[stage]:.2f}" for timing in timings), f"{share:.0%}"])
    return rows


def _range(ratios: list[float]) -> str:
    low, high = (f"{ratio:.1f}" for ratio in (min(ratios), max(ratios)))
    return low if low == high else f"{low} to {high}"


def _tree(utf8: bytes) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(utf8, parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=True))


def _visit(utf8: bytes) -> int:
    n_chars = 0
    for node in _tree(utf8).iter("*"):
        n_chars += len(node.tag) + len(node.text or "") + len(node.tail or "")
        n_chars += sum([len(value) for value in node.attrib.values()])
    return n_chars


def _text_alone(utf8: bytes) -> str | None:
    import trafilatura  # noqa: PLC0415  of an extra

    return trafilatura.extract(utf8.decode(), fast=True)


def _terms(report: Report) -> object:
    return count_terms(list(report.sections), report.identity.agency)


def _milliseconds(task: Callable[[], object]) -> float:
    start = process_time()
    task()
    return (process_time() - start) * 1000


class _Clock:
    """Milliseconds of each stage without those of the stages that it calls."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = dict.fromkeys((*STAGES, "report"), 0.0)
        self._inner: list[float] = []

    def around(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            start = process_time()
            try:
                return function(*arguments, **named)
            finally:
                whole = process_time() - start
                self.spent[stage] += (whole - self._inner.pop()) * 1000
                if self._inner:
                    self._inner[-1] += whole

        return timed


def _time_stages(data: bytes) -> dict[str, float]:
    clock = _Clock()
    with ExitStack() as stack:
        for stage in STAGES:
            stack.enter_context(_clocked(stage, clock))
        clock.around("report", parsers.parse)(data)
    return clock.spent


@contextmanager
def _clocked(stage: str, clock: _Clock) -> Iterator[None]:
    """Have every module of the parsers call the function of a stage with the clock around it."""
    module, name = STAGES[stage]
    real = getattr(import_module(module), name)
    users = [m for n, m in list(sys.modules.items()) if n.startswith("parsers.") and vars(m).get(name) is real]
    timed = clock.around(stage, real)
    for user in users:
        setattr(user, name, timed)
    try:
        yield
    finally:
        for user in users:
            setattr(user, name, real)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=15, help="pages of each layout and size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[80_000, 300_000], help="bytes of a page")
    parser.add_argument("--layouts", nargs="+", default=list(LAYOUTS), choices=list(LAYOUTS), help="eras of the pages")
    parser.add_argument("--encoding", default="utf-8", help="codec of the pages")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    return parser.parse_args()


if __name__ == "__main__":
    main()
