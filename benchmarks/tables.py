"""The tables of docs/performance.md, from the results of the benchmarks."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench_dataset import table as dataset_table
from benchmarks.bench_stages import Timing, stages_table, ways_table
from benchmarks.bench_truth import Score
from benchmarks.bench_truth import table as truth_table

Rows = list[list[str]]


def markdown(rows: Rows) -> str:
    """Write rows, the first of them the head, as a table of Markdown; numbers stand to the right."""
    head, *body = rows
    lines = [head, ["---", *("---:" for _ in head[1:])], *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def plain(rows: Rows) -> str:
    """Write rows as columns of text."""
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *others = row
        cells = (text.rjust(width) for text, width in zip(others, widths[1:], strict=True))
        lines.append("  ".join((first.ljust(widths[0]), *cells)))
    return "\n".join(lines)


def all_tables(results: Mapping[str, Any]) -> dict[str, Rows]:
    """Every table that there are results for, by the name of its place in docs/performance.md."""
    tables: dict[str, Rows] = {}
    if results.get("stages"):
        timings = [Timing(**timing) for timing in results["stages"]]
        tables["ways"], tables["stages"] = ways_table(timings), stages_table(timings)
    if results.get("truth"):
        tables["truth"] = truth_table([Score(**score) for score in results["truth"]])
    if results.get("dataset"):
        tables["dataset"] = dataset_table(results["dataset"])
    if results.get("build"):
        tables["builds"] = _builds(results["build"])
        tables["memory"] = _memory(results["build"])
        if any(case["grown"] for case in results["build"]):
            tables["grown"] = _grown(results["build"])
    return tables


def _builds(cases: Sequence[Mapping[str, Any]]) -> Rows:
    rows = [
        ["pages, engine, workers", "seconds", "read", "merge", "derive", "publish", "pages/s read", "pages/s in all"]
    ]
    for case in cases:
        if case["grown"]:
            continue
        phases = [f"{seconds:.1f}" for seconds in case["phases"].values()]
        rates = [case["pages"] / case["phases"]["read"], case["pages"] / case["seconds"]]
        rows.append([_name(case), f"{case['seconds']:.1f}", *phases, *(f"{rate:.1f}" for rate in rates)])
    return rows


def _memory(cases: Sequence[Mapping[str, Any]]) -> Rows:
    rows = [
        ["pages, engine, workers", "main MB", "reader MB", "other MB", "archive MB", "dataset MB", "kept MB", "disk MB"]
    ]
    for case in cases:
        if case["grown"]:
            continue
        peaks = case["peak_mb"]
        others = [mb for role, mb in peaks.items() if role not in {"main", "reader"}]
        memory = [peaks["main"], peaks.get("reader", 0.0), max(others, default=0.0)]
        disk = [case["archive_mb"], case["dataset_mb"], case["kept_mb"], case["largest_mb"]]
        rows.append([_name(case), *(f"{mb:,.0f}" for mb in (*memory, *disk))])
    return rows


def _grown(cases: Sequence[Mapping[str, Any]]) -> Rows:
    rows = [["pages, engine, workers", "seconds", "read", "pages reused", "pages read"]]
    for case in cases:
        if case["grown"]:
            reused = case["reused"]
            name = f"{case['pages']:,} + {case['grown']:,}, {case['engine']}, {case['workers']}"
            counts = (f"{reused['pages']:,}", f"{reused['read']:,}")
            rows.append([name, f"{case['seconds']:.1f}", f"{case['phases']['read']:.1f}", *counts])
    return rows


def _name(case: Mapping[str, Any]) -> str:
    return f"{case['pages']:,}, {case['engine']}, {case['workers']}"
