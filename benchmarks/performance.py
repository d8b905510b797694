"""Measure all that docs/performance.md says, and write its tables, its plots and its plan anew.

    python benchmarks/performance.py --results DIR [--only stages truth dataset build] [--pages 1000 10000 100000]
    python benchmarks/performance.py --results DIR --tables     write the document from results that are there
    python benchmarks/performance.py --quick                    a few minutes: print tables, write nothing

DIR keeps the results, the archives and what the builds write; a build that has a result there is not made again. Give
it a disk with room: 100,000 pages take some 30 GB while they are built.
"""

import argparse
import json
import platform
import re
import subprocess
import sys
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.draw import draw
from benchmarks.plan import plan
from benchmarks.tables import all_tables, markdown, plain

_HERE = Path(__file__).resolve().parent
_DOCUMENT = _HERE.parent / "docs" / "performance.md"
_PLACE = "<!-- {name}: by benchmarks/performance.py -->"
_END = "<!-- end -->"
_PARTS = ("stages", "truth", "dataset", "build")
_PACKAGES = ("lxml", "beautifulsoup4", "pandas", "pyarrow", "duckdb", "fastwarc", "distributed")


def main() -> None:
    options = _options()
    if options.quick:
        with tempfile.TemporaryDirectory() as folder:
            _measure(Path(folder), _PARTS, _QUICK)
            results = _results(Path(folder))
        print(results["machine"], *map(plain, all_tables(results).values()), sep="\n\n")
        return
    if options.results is None:
        raise SystemExit("Say with --results where results are kept, or measure a little with --quick.")
    options.results.mkdir(parents=True, exist_ok=True)
    if not options.tables:
        whole = {**_WHOLE, "build": [*_WHOLE["build"], "--pages", *map(str, options.pages)]}
        _measure(options.results, options.only, whole)
    write_document(_results(options.results))


_WHOLE: dict[str, list[str]] = {
    "stages": ["--runs", "15", "--json"],
    "truth": ["--json"],
    "dataset": ["--facts", "10000000"],
    "build": ["--workers", "1", "2", "--grow", "0.1"],
}
_QUICK: dict[str, list[str]] = {
    "stages": ["--runs", "5", "--sizes", "80000", "--json"],
    "truth": ["--json"],
    "dataset": ["--facts", "1000000", "--pages", "300", "--threads", "2", "--runs", "3"],
    "build": ["--pages", "500", "--workers", "2"],
}


def _measure(folder: Path, parts: tuple[str, ...], settings: dict[str, list[str]]) -> None:
    """Run the benchmarks, each in a process of its own, and keep their results in the folder."""
    (folder / "machine.json").write_text(json.dumps(machine()), encoding="utf-8")
    for part in parts:
        print(f"measuring: {part}", file=sys.stderr, flush=True)
        own, target = {
            "dataset": (["--folder", str(folder / "replicated"), "--json", str(folder / "dataset.json")], None),
            "build": (["--folder", str(folder / "builds"), "--results", str(folder / "build.jsonl")], None),
        }.get(part, ([], folder / f"{part}.json"))
        command = [sys.executable, str(_HERE / f"bench_{part}.py"), *own, *settings[part]]
        done = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE)  # noqa: S603  our own scripts
        if target is not None:
            target.write_text(done.stdout, encoding="utf-8")


def _results(folder: Path) -> dict[str, Any]:
    results = {}
    for name in ("machine", "stages", "truth", "dataset"):
        path = folder / f"{name}.json"
        results[name] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    path = folder / "build.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    results["build"] = sorted(map(json.loads, lines), key=lambda case: (case["pages"], case["engine"], case["workers"]))
    return results


def write_document(results: dict[str, Any]) -> None:
    """Write the tables, plots and plan that there are results for; what has none stays as it is."""
    texts = {name: markdown(rows) for name, rows in all_tables(results).items()}
    texts |= {"machine": results["machine"] or machine(), "plan": plan(results["build"])}
    document = _DOCUMENT.read_text(encoding="utf-8")
    for name, text in texts.items():
        if text:
            document = put(document, name, text)
    _DOCUMENT.write_text(document, encoding="utf-8")
    draw(_DOCUMENT.parent / "performance", results)


def put(document: str, name: str, text: str) -> str:
    """Put a text into its place in the document, in place of what stands there."""
    start = _PLACE.format(name=name)
    if start not in document:
        raise SystemExit(f"{_DOCUMENT.name} has no place for {name}: it lacks the line {start}")
    between = re.compile(f"({re.escape(start)}\n).*?({re.escape(_END)})", re.DOTALL)
    return between.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", document, count=1)


def machine() -> str:
    """Say on what it is measured."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    also = ("trafilatura",) if find_spec("trafilatura") else ()
    packages = ", ".join(f"{name} {version(name)}" for name in (*_PACKAGES, *also))
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, {platform.system()}; "
        f"Python {platform.python_version()}; {packages}."
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--results", type=Path, help="folder of results, archives and datasets")
    parser.add_argument("--only", nargs="+", default=list(_PARTS), choices=_PARTS, help="measure these alone")
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 10_000], help="pages of the builds")
    parser.add_argument("--tables", action="store_true", help="measure nothing")
    parser.add_argument("--quick", action="store_true", help="measure little, and print it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
