"""Reports → a dataset directory, however many: rows go to disk in parts and are merged at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.captures import Capture
from corpus.indicators import load_indicators
from outputs.derive import derive
from outputs.describe import package_text
from outputs.directory import PACKAGE_FILE, RUN_FILE, publish, working_folders, writing
from outputs.excel import write_excel_csv
from outputs.merge import merge
from outputs.parts import Parts
from outputs.rows import Rows
from outputs.run import Run, file_digests, run_text
from outputs.summary import Summary, summarise
from parsers.records import Report

PART_PAGES = 1_000
PART_BYTES = 64_000_000
"""A part is written after so many pages, or when its rows take about so much memory."""


@contextmanager
def dataset_writer(directory: Path, run: Run, *, part_pages: int = PART_PAGES) -> Iterator["DatasetWriter"]:
    """Hold the directory for a run and yield its writer; until `finish()` the old dataset stays as it was.

    Raises outputs.errors.DatasetError when the directory cannot be used or written.
    """
    with working_folders(directory) as (parts, ready):
        yield DatasetWriter(directory, parts, ready, run, part_pages)


class DatasetWriter:
    """Takes pages one by one, and writes the dataset when told that there are no more."""

    def __init__(self, directory: Path, parts: Path, ready: Path, run: Run, part_pages: int) -> None:
        self._directory = directory
        self._ready = ready
        self._run = run
        self._part_pages = part_pages
        self._parts = Parts(parts)
        self._rows = Rows(run.versions, frozenset(load_indicators()))
        self._n_pages = 0

    def add(self, capture: Capture, report: Report) -> None:
        """Take a page that was read.

        Raises outputs.contract.ContractError, with nothing written, when the report breaks a rule of the
        dataset.
        """
        self._rows.add(self._n_pages, capture, report)
        self._count_page()

    def add_failure(self, capture: Capture, failure: tuple[str, str, str]) -> None:
        """Take a page that could not be read: (outcome, detail, next step)."""
        self._rows.add_failure(self._n_pages, capture, failure)
        self._count_page()

    def finish(self) -> Summary:
        """Write all files, put them into place together, and return what is in them.

        Raises DatasetError (`duplicate_key`, `cannot_write`), with the old dataset as it was.
        """
        self._write_part()
        with writing(self._directory):
            merge(self._parts, self._ready)
            derive(self._ready, self._ready.parent)
            summary = summarise(self._ready)
            if self._run.excel:
                write_excel_csv(self._ready)
            self._describe(summary)
            publish(self._directory)
        return summary

    def _count_page(self) -> None:
        self._n_pages += 1
        if self._n_pages % self._part_pages == 0 or self._rows.size > PART_BYTES:
            self._write_part()

    def _write_part(self) -> None:
        with writing(self._directory):
            self._parts.write(self._rows.tables())

    def _describe(self, summary: Summary) -> None:
        package = package_text(file_digests(self._ready), self._run.versions.gongkai, excel=self._run.excel)
        (self._ready / PACKAGE_FILE).write_text(package, encoding="utf-8", newline="\n")
        text = run_text(self._run, summary, file_digests(self._ready))
        # under another name first: its presence says that all finished files are complete
        unnamed = self._ready.parent / RUN_FILE
        unnamed.write_text(text, encoding="utf-8", newline="\n")
        unnamed.replace(self._ready / RUN_FILE)
