"""What ten million reports cost, computed from the largest build that was measured."""

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.tables import Rows, markdown
from outputs.parts import PART_TABLES

REPORTS = 10_000_000

_RAW_KB = 64
"""Mean size of a page of the archives that are made; see docs/performance.md for their mix."""

_REPORT_SHARE = 0.8
"""Share of their pages that are reports."""

_MACHINES = ((1, 2), (1, 32), (4, 32), (16, 32), (64, 32))
"""Numbers of machines and the cores of each."""

_TEXT = """Measured: {n_pages:,} pages, {workers} workers on one machine, {seconds:,.0f} s in all. Times {scale:,.0f}:

- **Pages**: {reports:,} reports / {share} = {pages:.1f} million pages, at {raw_kb} KB {raw_tb:.1f} TB of HTML; as WARC
  {archive_mb:,.0f} MB × {scale:,.0f} = {archive_tb:.2f} TB.
- **Reading**: {n_pages:,} pages / {read:,.0f} s / {workers} workers = {rate:.1f} pages/s a core;
  {pages:.1f} million / {rate:.1f} / 3,600 = **{read_hours:,.0f} core-hours**, on any number of machines.
- **Merge, derive, publish** on one machine of {workers} cores: ({later_sum}) s × {scale:,.0f} / 3,600 =
  {later_hours_sum} = **{later_hours:,.1f} hours**, if they stay proportional.
- **Core-hours**: {read_hours:,.0f} + {later_hours:,.1f} × {workers} = {core_hours:,.0f};
  at {price} US$ for one (assumed) {dollars:,.0f} US$.
- **Disk**: dataset {dataset_mb:,.0f} MB × {scale:,.0f} = {dataset_tb:.2f} TB (CSV and Parquet); shards that are kept
  {kept_mb:,.0f} MB × {scale:,.0f} = {kept_tb:.2f} TB; at the most at one time {largest_tb:.2f} TB.
- **Shards**: {shards:,} × {scale:,.0f} = {all_shards:,.0f}, of {per_shard:,.0f} pages each.

Hours of the clock, first with the rest (merge, derive, publish) as it was measured on {workers} cores of one machine,
then with the rest shared by all cores of one of the machines, which is the best that can be:

{machines}

What becomes the bottleneck:

1. **Reading**, on few cores. It takes as long as the rest at {even:,.0f} cores ({read_hours:,.0f} core-hours /
   {later_hours:,.1f} hours); from there on more machines hardly help. Only counts come back from a shard: the
   scheduler sees {all_shards:,.0f} tasks of {task_seconds:,.0f} s each, and nothing of their rows.
2. **Merge and derive**, which stay on one machine. Both use its cores: the merge sorts tables side by side, derive
   reads ranges of agencies side by side. What is not shared is the writing of one table in the order of its key.
3. **The disk of that machine**: {largest_tb:.2f} TB while it merges; sorts put aside what memory does not hold.
4. **Opening the shards**: {all_shards:,.0f} × {n_tables} files. At 20 ms for the footer of one in an object store
   (assumed) that is {footer_hours:,.1f} hours one after the other; larger shards or a copy on the disk make it little.
5. **Listing the sources**, only where every page is a file of its own: {pages:.1f} million keys / 1,000 a request =
   {lists:,.0f} requests; at 0.1 s each (assumed) {list_minutes:,.0f} minutes before the first page is read. As WARC
   files of 1 GB there are {n_warcs:,.0f}, and listing them is one request."""

_PRICE = 0.05
"""US$ for a core-hour of a machine that is rented: an assumption, to be replaced by what one pays."""

_TABLES = len(PART_TABLES)


def plan(cases: Sequence[Mapping[str, Any]]) -> str:
    """The arithmetic of ten million reports; '' where no build was measured."""
    measured = [case for case in cases if case["engine"] == "local" and not case["grown"]]
    if not measured:
        return ""
    case = max(measured, key=lambda case: (case["pages"], case["workers"]))
    n_pages, workers, phases = case["pages"], case["workers"], case["phases"]
    pages = REPORTS / _REPORT_SHARE
    scale = pages / n_pages
    later = [phases[phase] for phase in phases if phase != "read"]
    read_hours = phases["read"] * workers * scale / 3600
    later_hours = sum(later) * scale / 3600
    n_shards = max(case["shards"], 1)
    return _TEXT.format(
        n_pages=n_pages,
        workers=workers,
        seconds=case["seconds"],
        scale=scale,
        reports=REPORTS,
        share=_REPORT_SHARE,
        pages=pages / 1e6,
        raw_kb=_RAW_KB,
        raw_tb=pages * _RAW_KB / 1e9,
        read=phases["read"],
        rate=n_pages / phases["read"] / workers,
        read_hours=read_hours,
        later_sum=" + ".join(f"{seconds:,.0f}" for seconds in later),
        later_hours_sum=" + ".join(f"{seconds * scale / 3600:,.1f}" for seconds in later),
        later_hours=later_hours,
        shards=n_shards,
        all_shards=n_shards * scale,
        per_shard=n_pages / n_shards,
        even=read_hours / later_hours,
        task_seconds=phases["read"] * workers / n_shards,
        core_hours=read_hours + later_hours * workers,
        price=_PRICE,
        dollars=(read_hours + later_hours * workers) * _PRICE,
        n_tables=_TABLES,
        footer_hours=n_shards * scale * _TABLES * 0.02 / 3600,
        lists=pages / 1000,
        list_minutes=pages / 1000 * 0.1 / 60,
        n_warcs=case["archive_mb"] * scale / 1000,
        machines=markdown(_machines(read_hours, later_hours, workers)),
        **_sizes(case, scale),
    )


def _sizes(case: Mapping[str, Any], scale: float) -> dict[str, float]:
    """Megabytes as measured, and terabytes of the whole."""
    names = ("archive", "dataset", "kept", "largest")
    measured = {f"{name}_mb": case[f"{name}_mb"] for name in names}
    return measured | {f"{name}_tb": case[f"{name}_mb"] * scale / 1e6 for name in names}


def _machines(read_hours: float, later_hours: float, workers: int) -> Rows:
    """Hours of the clock by the number of machines that read; the later phases stay on one of them."""
    rows = [["machines × cores", "reading", "the rest", "in all", "the rest, shared", "in all"]]
    for machines, cores in _MACHINES:
        reading, shared = read_hours / (machines * cores), later_hours * workers / cores
        hours = (reading, later_hours, reading + later_hours, shared, reading + shared)
        rows.append([f"{machines} × {cores}", *(f"{number:,.1f}" for number in hours)])
    return rows
