"""Merge and questions at ten million facts: pages that were parsed, and their rows again and again under other ids.

    python benchmarks/bench_dataset.py --folder DIR [--facts 10000000] [--pages 500] [--threads 1 2] [--runs 5]
                                       [--keep] [--json FILE]

The rows of reports, facts and coverage of so many pages (benchmarks/crawl_pages.py) become as many shards as the number
of facts takes, each with ids, agencies and addresses of its own. They are merged as a build merges them (outputs.merge;
the other tables are empty), and questions like those of docs/questions.md are asked of the Parquet files.

Seconds are by the clock; the memory is what this process takes while it merges, above what it took before.
"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain, count, islice
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import parsers
from benchmarks.crawl_pages import site
from benchmarks.processes import MB, Memory
from corpus.captures import Capture
from gongkai.batch.naming import stamp
from outputs.arrow import working_schema
from outputs.merge import merge
from outputs.parts import PART_TABLES, Parts, PartWriter

_KEPT = ("reports", "facts", "coverage")

QUESTIONS = {
    "an aggregate": """
        SELECT report_year, agency_level, count(*) AS reports, sum(value) AS received, median(value) AS typical
        FROM facts JOIN (SELECT capture_id, agency_level FROM reports WHERE is_current) USING (capture_id)
        WHERE indicator = 'requests_received' AND applicant = 'total' AND measure = 'annual'
        GROUP BY ALL ORDER BY ALL""",
    "year on year": """
        WITH series AS (
            SELECT f.agency_id, f.report_year, f.value FROM facts f JOIN reports r USING (capture_id)
            WHERE r.is_current AND f.indicator = 'requests_received' AND f.applicant = 'total' AND f.measure = 'annual'
        )
        SELECT b.report_year, count(*) AS pairs, median(b.value - a.value) AS typical,
            count(*) FILTER (b.value > 2 * a.value) AS doubled
        FROM series a JOIN series b ON a.agency_id = b.agency_id AND b.report_year = a.report_year + 1
        GROUP BY ALL ORDER BY ALL""",
    "one agency": """
        SELECT report_year, indicator, applicant, value, unit, source, table_no, "row", col FROM facts
        WHERE agency_id = (SELECT agency_id FROM reports WHERE agency_id IS NOT NULL ORDER BY capture_id LIMIT 1)
        ORDER BY ALL""",
    "every indicator": """
        SELECT indicator, applicant, measure, count(*) AS n, count(value) AS numbers, sum(value) AS total
        FROM facts GROUP BY ALL ORDER BY ALL""",
    "captured more than once": """
        SELECT r.agency_id, r.report_year, count(DISTINCT r.capture_id) AS captures, f.indicator,
            count(DISTINCT f.value) AS different_values
        FROM reports r JOIN facts f USING (capture_id)
        WHERE f.applicant = 'total' AND f.measure = 'annual' AND f.indicator LIKE 'requests_%'
        GROUP BY ALL HAVING captures > 1 ORDER BY ALL""",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Seconds that a question took, the median of several times, and how many rows answer it."""

    question: str
    threads: int
    seconds: float
    rows: int


def main() -> None:
    options = _options()
    result = measure(options)
    if options.json:
        options.json.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for row in table(result):
        print(row[0].ljust(28), *(text.rjust(16) for text in row[1:]))


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Make the shards, merge them and ask; return what it took."""
    options.folder.mkdir(parents=True, exist_ok=True)
    parts, dataset, scratch = (options.folder / name for name in ("parts", "dataset", "scratch"))
    folders = list(_shards(parts, options.facts, options.pages))
    result: dict[str, Any] = {
        "facts": sum(pq.read_metadata(folder / "facts.parquet").num_rows for folder in folders),
        "reports": sum(pq.read_metadata(folder / "reports.parquet").num_rows for folder in folders),
        "shards": len(folders),
        "parts_mb": _mb(parts),
        "merge_seconds": {},
        "merge_peak_mb": {},
    }
    for threads in options.threads:
        for made in (dataset, scratch):
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir()
        _say(f"merging {result['facts']:,} facts of {len(folders)} shards, {threads} at a time")
        with Memory(os.getpid(), lambda: ("merge", 0)) as memory:
            begin = perf_counter()
            merge(Parts(folders), dataset, scratch, hands=threads)
            result["merge_seconds"][threads] = round(perf_counter() - begin, 2)
        result["merge_peak_mb"][threads] = round(memory.peaks["main"] - memory.samples[0].main_mb, 1)
        shutil.rmtree(scratch)
    result["parquet_mb"] = round(sum(path.stat().st_size for path in dataset.glob("*.parquet")) / MB, 1)
    result["csv_mb"] = round(sum(path.stat().st_size for path in dataset.glob("*.csv")) / MB, 1)
    result["asked"] = [
        asdict(ask(dataset, question, threads, options.runs)) for threads in options.threads for question in QUESTIONS
    ]
    if not options.keep:
        for made in (parts, dataset):
            shutil.rmtree(made)
    return result


def ask(dataset: Path, question: str, threads: int, runs: int) -> Asked:
    """Ask a question of the Parquet files several times, each time with a new connection."""
    times, n_rows = [], 0
    for _ in range(runs):
        begin = perf_counter()
        with duckdb.connect(config={"threads": threads}) as base:
            for name in ("facts", "reports"):
                base.execute(f"CREATE VIEW {name} AS FROM read_parquet('{dataset / name}.parquet')")
            n_rows = len(base.execute(QUESTIONS[question]).fetchall())
        times.append(perf_counter() - begin)
    return Asked(question, threads, round(median(times), 3), n_rows)


def table(result: dict[str, Any]) -> list[list[str]]:
    """Rows of a table: the merge and each question by the number of threads."""
    threads = list(result["merge_seconds"])
    rows = [["", *(f"{number} threads" for number in threads), "rows"]]
    seconds = [f"{value:.1f} s" for value in result["merge_seconds"].values()]
    rows.append([f"merge of {result['facts'] / 1e6:.1f} M facts", *seconds, f"{result['facts']:,}"])
    for question in QUESTIONS:
        asked = [each for each in result["asked"] if each["question"] == question]
        rows.append([question, *(f"{each['seconds']:.2f} s" for each in asked), f"{asked[0]['rows']:,}"])
    return rows


def _shards(folder: Path, n_facts: int, n_pages: int) -> Iterator[Path]:
    """Make shards that hold so many facts together."""
    if folder.exists():
        shutil.rmtree(folder)
    first = folder / "first"
    _say(f"parsing {n_pages} pages")
    with PartWriter(first, stamp()) as writer:
        for place, capture in enumerate(_captures(n_pages)):
            report = parsers.parse(capture.data, source_uri=capture.source_uri, media_type=capture.media_type)
            writer.add(capture, report, "made.warc.gz", place)
        writer.finish()
    per_shard = pq.read_metadata(first / "facts.parquet").num_rows
    for number in range(-(-n_facts // per_shard)):
        yield _copy(first, folder / f"{number:05d}", number)
    shutil.rmtree(first)


def _captures(n_pages: int) -> Iterator[Capture]:
    answers = chain.from_iterable(site(number, 0) for number in count())
    pages = (answer for answer in answers if answer.is_page and answer.status == 200)
    for answer in islice(pages, n_pages):
        yield Capture(answer.uri, answer.body, media_type="text/html", captured_at=answer.captured_at)


def _copy(source: Path, target: Path, number: int) -> Path:
    """Copy the rows that are kept, under ids of their own; other tables are empty."""
    target.mkdir(parents=True)
    own = {
        "capture_id": f"substr(md5(capture_id || {number}), 1, 16)",
        "agency_id": f"agency_id || '-{number}'",
        "source_uri": f"replace(source_uri, '.example', '-{number}.example')",
        # values are kept as they were printed, so that their sum is text again, without the zeros of its scale
        "value": rf"regexp_replace((value::DECIMAL(24, 4) + {number % 97})::VARCHAR, '\.?0+$', '')",
        "file_uri": f"'made-{number:05d}.warc.gz'",
    }
    for name in PART_TABLES:
        schema = working_schema(name)
        rows = schema.empty_table()
        if name in _KEPT:
            changed = ", ".join(f"{text} AS {column}" for column, text in own.items() if column in schema.names)
            query = f"SELECT * REPLACE ({changed}) FROM read_parquet('{source / name}.parquet')"
            rows = pa.Table.from_batches(duckdb.sql(query).to_arrow_reader()).cast(schema)
        pq.write_table(rows, target / f"{name}.parquet", compression="zstd", compression_level=1)
    return target


def _mb(folder: Path) -> float:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MB, 1)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, required=True, help="where shards and dataset go, removed afterwards")
    parser.add_argument("--facts", type=int, default=10_000_000, help="how many facts at least")
    parser.add_argument("--pages", type=int, default=500, help="pages that are parsed for it")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], help="threads of DuckDB")
    parser.add_argument("--runs", type=int, default=5, help="times that each question is asked")
    parser.add_argument("--keep", action="store_true", help="leave shards and dataset in the folder")
    parser.add_argument("--json", type=Path, help="file for the result as JSON")
    return parser.parse_args()


if __name__ == "__main__":
    main()
