"""Whole builds of archives that are made up: time of each phase, memory of each process, disk; by workers and by pages.

    python benchmarks/bench_build.py --folder DIR --results FILE [--pages 1000 10000] [--workers 1 2]
                                     [--engine local dask] [--seed 0] [--grow 0.1] [--keep-datasets] [--again]

Each case (pages, engine, workers) is a build in a process of its own, as `gongkai build` makes it. The archive is made
by benchmarks/warcs.py in DIR, once for each number of pages. With --grow every build is followed by one of the archive
with so many more pages, on the same dataset: only what is new is read.

FILE gets a line of JSON for each case when it ends; a case that has one is not run again, so that a series that was
stopped goes on where it was. Memory is what a process shares with no other (USS), sampled twice a second.
"""

import argparse
import atexit
import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic, process_time
from typing import Any

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.processes import MB, Memory
from benchmarks.warcs import write_warc

PHASES = ("read", "merge", "derive", "publish")
"""Phases in their order. `read` is everything before the merge: planning, reading, parsing, writing of rows."""

_SAID_EVERY = 15.0


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        _build_one(json.loads(sys.argv[2]))
        return
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    for case in _cases(options):
        if not options.again and _is_done(options.results, case):
            _say(f"{_name(case)}: done before, see {options.results}")
            continue
        result = run_case(case, options)
        with options.results.open("a", encoding="utf-8") as file:
            file.write(json.dumps(result, ensure_ascii=False) + "\n")
        _say(f"{_name(case)}: {_words(result)}")


def _cases(options: argparse.Namespace) -> list[dict[str, Any]]:
    cases = []
    for n_pages in options.pages:
        for engine in options.engine:
            for workers in options.workers:
                case = {"pages": n_pages, "engine": engine, "workers": workers, "seed": options.seed, "grown": 0}
                cases.append(case)
                if options.grow:
                    cases.append({**case, "grown": round(n_pages * options.grow)})
    return cases


def run_case(case: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Build once, watched from outside; return what it took."""
    archive = _archive(options.folder, case["pages"] + case["grown"], case["seed"])
    directory = options.folder / f"dataset-{case['pages']}-{case['engine']}-{case['workers']}"
    if not case["grown"] and directory.exists():
        shutil.rmtree(directory)
    elif case["grown"] and not directory.exists():
        _say(f"{_name(case)}: the archive before it is built first")
        run_case({**case, "grown": 0}, argparse.Namespace(**{**vars(options), "keep_datasets": True}))
    asked = {**case, "archive": str(archive), "directory": str(directory)}
    begin = monotonic()
    marks: dict[str, Any] = {"phase": "start", "pages": 0}
    seconds: dict[str, float] = {}
    told: dict[str, Any] = {}
    largest = 0
    said = begin
    command = [sys.executable, __file__, "--one", json.dumps(asked)]
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process,  # noqa: S603  this script
        Memory(process.pid, lambda: (marks["phase"], marks["pages"])) as memory,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            mark = json.loads(line)
            marks.update(mark)
            if "seconds" in mark:
                seconds[mark["phase"]] = round(mark["seconds"], 2)
            told |= mark.get("told", {})
            if monotonic() - said > _SAID_EVERY or "seconds" in mark:
                said = monotonic()
                largest = max(largest, _size(directory))
                _say(
                    f"{_name(case)}: {marks['phase']}, {marks['pages']} pages, {said - begin:.0f} s, {memory.latest()}"
                )
    if process.returncode:
        raise SystemExit(f"{_name(case)}: the build ended with status {process.returncode}")
    whole = monotonic() - begin
    result = {
        **case,
        "shards": len(list(directory.glob(".gongkai-shards/*/note.json"))),
        "archive_mb": round(archive.stat().st_size / MB, 1),
        "seconds": round(whole, 1),
        "phases": {phase: seconds[phase] for phase in PHASES},
        **told,
        "main_cpu_seconds": round(told["main_cpu_seconds"], 1),
        "peak_mb": {role: round(mb, 1) for role, mb in memory.peaks.items()},
        "peak_rss_mb": {role: round(mb, 1) for role, mb in memory.peaks_rss.items()},
        "dataset_mb": round(_size(directory, hidden=False) / MB, 1),
        "kept_mb": round((_size(directory) - _size(directory, hidden=False)) / MB, 1),
        "largest_mb": round(max(largest, _size(directory)) / MB, 1),
        "samples": [list(sample) for sample in memory.thinned()],
    }
    if not (options.keep_datasets or (options.grow and not case["grown"])):
        shutil.rmtree(directory)
    return result


# In the process of one build.


class _Clock:
    """Tells the benchmark, a line of JSON at a time, which phase is under way and how long it took."""

    def __init__(self) -> None:
        self._begun = monotonic()
        self._n_pages = 0
        self._said = 0.0

    def begin(self, n_files: int, n_bytes: int) -> None:
        _tell({"phase": "read", "files": n_files, "bytes": n_bytes})

    def page(self, n_bytes: int, n_pages: int = 1) -> None:  # noqa: ARG002  as gongkai.build.Watch has it
        self._n_pages += n_pages
        if monotonic() - self._said > 1:
            self._said = monotonic()
            _tell({"phase": "read", "pages": self._n_pages})

    def merge(self) -> None:
        self.end("read")

    def end(self, phase: str) -> None:
        now = monotonic()
        _tell({"phase": phase, "pages": self._n_pages, "seconds": now - self._begun})
        self._begun = now

    def around(self, phase: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*arguments: Any, **named: Any) -> Any:
            _tell({"phase": phase})
            result = function(*arguments, **named)
            self.end(phase)
            return result

        return timed


def _build_one(case: dict[str, Any]) -> None:
    from gongkai.batch.records import Engine  # noqa: PLC0415  the benchmark itself needs none of it
    from gongkai.build import build  # noqa: PLC0415
    from outputs import writer  # noqa: PLC0415

    clock = _Clock()
    writer.merge = clock.around("merge", writer.merge)
    writer.derive = clock.around("derive", writer.derive)
    gc.freeze()
    atexit.register(gc.unfreeze)  # as `gongkai build` does
    summary = build(
        [Path(case["archive"])],
        Path(case["directory"]),
        watch=clock,
        engine=Engine(case["engine"], case["workers"]),
        keep=True,
    )
    clock.end("publish")
    reused = json.loads((Path(case["directory"]) / "run.json").read_text(encoding="utf-8")).get("reused", {})
    _tell({"told": {"rows": dict(summary.rows), "reused": reused, "main_cpu_seconds": process_time()}})


def _tell(mark: dict[str, Any]) -> None:
    print(json.dumps(mark), flush=True)


# Files.


def _archive(folder: Path, n_pages: int, seed: int) -> Path:
    # one name for all sizes: an archive that grew is known by its name
    path = folder / f"made-{seed}-{n_pages}" / "crawl.warc.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        unfinished = path.with_suffix(".part")
        _say(f"making {path}")
        write_warc(unfinished, n_pages, seed, processes=os.cpu_count() or 1)
        unfinished.replace(path)
    return path


def _size(folder: Path, *, hidden: bool = True) -> int:
    """Bytes of a dataset directory and of what the build keeps in it, or beside it while it works."""
    total = 0
    beside = folder.parent.glob(f".{folder.name}*") if hidden else ()
    for root in (folder, *beside):
        for place, folders, files in os.walk(root):
            if not hidden:
                folders[:] = [name for name in folders if not name.startswith(".")]
            for name in files:
                with suppress(OSError):  # it has gone meanwhile
                    total += os.stat(os.path.join(place, name)).st_size  # noqa: PTH116, PTH118  many files, quickly
    return total


def _is_done(results: Path, case: dict[str, Any]) -> bool:
    if not results.exists():
        return False
    lines = map(json.loads, results.read_text(encoding="utf-8").splitlines())
    return any(all(line[name] == value for name, value in case.items()) for line in lines)


def _name(case: dict[str, Any]) -> str:
    grown = f" and {case['grown']} more" if case["grown"] else ""
    return f"{case['pages']} pages{grown}, {case['engine']}, {case['workers']} workers"


def _words(result: dict[str, Any]) -> str:
    phases = ", ".join(f"{phase} {seconds:.1f}" for phase, seconds in result["phases"].items())
    peaks = ", ".join(f"{role} {mb:.0f}" for role, mb in result["peak_mb"].items())
    return f"{result['seconds']:.1f} s ({phases}); peaks in MB: {peaks}; dataset {result['dataset_mb']:.1f} MB"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, required=True, help="where archives and datasets go")
    parser.add_argument("--results", type=Path, required=True, help="file of results, a line of JSON for each case")
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000], help="pages of the archives")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], help="processes that read")
    parser.add_argument("--engine", nargs="+", default=["local"], choices=["local", "dask", "here"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--grow", type=float, default=0.0, help="share of pages that come to each archive afterwards")
    parser.add_argument("--keep-datasets", action="store_true", help="leave the datasets in the folder")
    parser.add_argument("--again", action="store_true", help="run cases that have a result, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
