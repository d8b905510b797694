"""A dataset in a few counts: what a person wants to know when a run has ended, and what `run.json` keeps."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from outputs import schema

_EXAMPLES = 3
"""Pages named per outcome; the others stand in `coverage`."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that gave no report: where it is, what was seen, what a person can do."""

    source_uri: str
    detail: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Failure:
    """All pages with one outcome other than `ok`: how many, and the first of them by address."""

    outcome: str
    count: int
    examples: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class FindingCount:
    """A kind of finding: how often it was made, and in how many reports."""

    code: str
    count: int
    reports: int


@dataclass(frozen=True, slots=True)
class YearForm:
    """Reports of one year on one form; '' is no known form. A report that uses two forms counts in both."""

    report_year: int | None
    form_id: str
    reports: int


@dataclass(frozen=True, slots=True)
class Reused:
    """How many pages came from an earlier run as they were, were laid under forms that had changed, or were read."""

    pages: int = 0
    remapped: int = 0
    read: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a dataset.

    `rows` pairs each table with its number of rows, in the order of the schema; `verdicts` each verdict with its
    number of checks; `failing_reports` are the reports with a check that fails; `reused` is what an earlier run had
    read already, which the files do not tell.
    """

    rows: tuple[tuple[str, int], ...]
    cells_mapped: int
    reports: tuple[YearForm, ...]
    findings: tuple[FindingCount, ...]
    failures: tuple[Failure, ...]
    verdicts: tuple[tuple[str, int], ...]
    failing_reports: int
    reused: Reused | None = None

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        return dict(self.rows)[table]


def summarise(folder: Path) -> Summary:
    """Count a dataset from its Parquet files, a batch of rows in memory at a time."""
    mapped, failing, reports = _count_reports(folder)
    return Summary(
        rows=tuple((table.name, _n_rows(folder, table.name)) for table in schema.TABLES),
        cells_mapped=mapped,
        reports=reports,
        findings=_count_findings(folder),
        failures=_count_failures(folder),
        verdicts=_count_verdicts(folder),
        failing_reports=failing,
    )


def _n_rows(folder: Path, name: str) -> int:
    return int(pq.read_metadata(folder / f"{name}.parquet").num_rows)


def _count_reports(folder: Path) -> tuple[int, int, tuple[YearForm, ...]]:
    mapped = failing = 0
    counts: Counter[tuple[int | None, str]] = Counter()
    columns = ("report_year", "form_ids", "n_cells_mapped", "n_checks_failed")
    for year, forms, n_mapped, n_failed in _rows(folder, "reports", *columns):
        mapped += n_mapped
        failing += n_failed > 0
        counts.update((year, form) for form in (forms or "").split() or [""])
    # years that are not known come last
    order = sorted(counts, key=lambda group: (group[0] is None, group[0] or 0, group[1]))
    return mapped, failing, tuple(YearForm(year, form, counts[year, form]) for year, form in order)


def _count_findings(folder: Path) -> tuple[FindingCount, ...]:
    counts: Counter[str] = Counter()
    reports: Counter[str] = Counter()
    last: dict[str, str] = {}
    for capture_id, code in _rows(folder, "findings", "capture_id", "code"):
        counts[code] += 1
        # rows are sorted by report
        reports[code] += last.get(code) != capture_id
        last[code] = capture_id
    order = sorted(counts, key=lambda code: (-reports[code], code))
    return tuple(FindingCount(code, counts[code], reports[code]) for code in order)


def _count_verdicts(folder: Path) -> tuple[tuple[str, int], ...]:
    counts = Counter(verdict for (verdict,) in _rows(folder, "checks", "verdict"))
    return tuple((verdict, counts[verdict]) for verdict in schema.VERDICTS)


def _count_failures(folder: Path) -> tuple[Failure, ...]:
    counts: Counter[str] = Counter()
    examples: defaultdict[str, list[Page]] = defaultdict(list)
    for outcome, uri, detail, step in _rows(folder, "coverage", "outcome", "source_uri", "detail", "next_step"):
        if outcome != "ok":
            counts[outcome] += 1
            if len(examples[outcome]) < _EXAMPLES:
                examples[outcome].append(Page(uri, detail or "", step or ""))
    order = sorted(counts, key=lambda outcome: (-counts[outcome], outcome))
    return tuple(Failure(outcome, counts[outcome], tuple(examples[outcome])) for outcome in order)


def _rows(folder: Path, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    with pq.ParquetFile(folder / f"{name}.parquet") as file:
        for batch in file.iter_batches(columns=list(columns)):
            yield from zip(*(batch[column].to_pylist() for column in columns), strict=True)
