"""What gongkai and the script that a user would write get right and wrong on pages whose figures were typed in by hand.

    python benchmarks/bench_truth.py [--verbose] [--json]

The pages are those of tests/pages and corpus/samples; beside each lies what stands in it. Both readings are held to
that record by one rule, a lenient one: a number is right where the innermost label of its row and that of its column
are those of the record (width, white space and quotes do not matter), and its value is. It is `wrong` where the labels
are there with another number, `missing` where they are not; `invented` are numbers under labels that the record does
not have or leaves blank, those of menus, calendars and line numbers among them, and all on pages that are no report.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

# A script's own folder is on the path, the packages beside it and what helps the tests are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "support"))

from golden_pages import PUBLISHED, Golden, as_read, golden_pages, number, report_of

from benchmarks.baseline import scrape

Key = tuple[str, str]


@dataclass(slots=True)
class Score:
    """Counts of all pages; `lost_pages` are those that a reading failed on with an exception."""

    reader: str
    pages: int = 0
    lost_pages: int = 0
    numbers: int = 0
    right: int = 0
    wrong: int = 0
    missing: int = 0
    invented: int = 0
    headings: int = 0
    headings_found: int = 0
    headings_invented: int = 0
    reports: int = 0
    years_right: int = 0


@dataclass(frozen=True, slots=True)
class _Reading:
    values: list[tuple[Key, float]]
    headings: list[str]
    year: int | None


def main() -> None:
    options = _options()
    scores = compare(verbose=options.verbose)
    if options.json:
        print(json.dumps([asdict(score) for score in scores], indent=1))
        return
    for row in table(scores):
        first, *others = row
        print(first.ljust(34), *(text.rjust(12) for text in others))


def table(scores: list[Score]) -> list[list[str]]:
    """Rows of a table with what each reader got right."""
    names = {
        "pages": "pages",
        "numbers typed in by hand": "numbers",
        "read right": "right",
        "read wrong": "wrong",
        "missing": "missing",
        "invented": "invented",
        "headings typed in by hand": "headings",
        "headings found": "headings_found",
        "headings invented": "headings_invented",
        "reports": "reports",
        "their year right": "years_right",
        "pages failed on": "lost_pages",
    }
    rows = [[label, *(f"{getattr(score, name):,}" for score in scores)] for label, name in names.items()]
    return [["", *(score.reader for score in scores)], *rows]


def compare(*, verbose: bool = False) -> list[Score]:
    """Read every page in both ways."""
    ours, theirs = Score("gongkai"), Score("script")
    for golden in golden_pages():
        if PUBLISHED in golden.page.parents:
            continue
        for score, read in ((ours, _read_ours), (theirs, _read_theirs)):
            before = Counter({name: count for name, count in asdict(score).items() if isinstance(count, int)})
            _hold(score, golden, read(golden))
            if verbose:
                after = Counter({name: count for name, count in asdict(score).items() if isinstance(count, int)})
                print(f"{golden.name} {score.reader}: {dict(after - before)}", file=sys.stderr)
    return [ours, theirs]


def _read_ours(golden: Golden) -> _Reading:
    report = report_of(golden)
    values = [(_key(c.row_path, c.col_path), float(c.value)) for c in report.cells if c.value is not None]
    headings = [section.number + section.title for section in report.sections]
    return _Reading(values, headings, report.identity.report_year if report.outcome == "ok" else None)


def _read_theirs(golden: Golden) -> _Reading | None:
    data, _, _ = golden.source()
    try:
        page = scrape(data)
    except Exception:  # noqa: BLE001  whatever stops the script, its user gets nothing of the page
        return None
    values = [(_key(value.row_label, value.column_label), value.value) for value in page.values]
    return _Reading(values, [heading for heading, _ in page.sections], page.year)


def _hold(score: Score, golden: Golden, reading: _Reading | None) -> None:
    score.pages += 1
    if reading is None:
        score.lost_pages += 1
        reading = _Reading([], [], None)
    if golden.is_other:
        score.invented += len(reading.values)
        return
    score.reports += 1
    year = golden.meta()["report_year"]
    score.years_right += str(reading.year or "") == str(year or "")
    _hold_values(score, golden, reading.values)
    _hold_headings(score, [as_read(section["text"]) for section in golden.sections()], reading.headings)


def _hold_values(score: Score, golden: Golden, read: Iterable[tuple[Key, float]]) -> None:
    built: dict[Key, list[float]] = defaultdict(list)
    for key, value in read:
        built[key].append(value)
    unmet = list(_truth(golden))
    score.numbers += len(unmet)
    # Equal values first: which of several rows of one label is which, no one can tell.
    for exactly in (True, False):
        left = []
        for key, value in unmet:
            values = built.get(key, [])
            at = values.index(value) if value in values else 0
            if values and (value in values or not exactly):
                values.pop(at)
                score.right += exactly
                score.wrong += not exactly
            else:
                left.append((key, value))
        unmet = left
    score.missing += len(unmet)
    score.invented += sum(map(len, built.values()))


def _truth(golden: Golden) -> Iterator[tuple[Key, float]]:
    for cell in golden.cells():
        value = number(cell["value"])
        if value is not None:
            yield _key(cell["row_label"], cell["column_label"]), float(value)


def _hold_headings(score: Score, typed: list[str], read: list[str]) -> None:
    left = [as_read(heading) for heading in read]
    score.headings += len(typed)
    for heading in typed:
        found = next((one for one in left if one == heading or (len(one) > 4 and _one_begins(one, heading))), None)
        if found is not None:
            left.remove(found)
            score.headings_found += 1
    score.headings_invented += len(left)


def _one_begins(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _key(row: str, column: str) -> Key:
    return as_read(row.rpartition(" / ")[2]), as_read(column.rpartition(" / ")[2])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--verbose", action="store_true", help="say on stderr what each page added")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args()


if __name__ == "__main__":
    main()
