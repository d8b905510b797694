"""The batch: captures → reports → dataset. One bad page is a line in `coverage`, never the end of the run."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import parsers
from corpus.archive import MAX_PAGE_BYTES, SourcePlan, plan_sources, read_plan
from corpus.captures import Capture
from gongkai.sourceplaces import remember
from gongkai.versions import forms_digest, gongkai_version, libraries
from outputs.contract import ContractError
from outputs.directory import check_outside
from outputs.rows import Versions
from outputs.run import Run
from outputs.summary import Summary
from outputs.writer import DatasetWriter, dataset_writer
from parsers.records import Report
from parsers.report import PARSER_VERSION

_MESSAGE_LENGTH = 300
"""Characters of an exception's message that `coverage` keeps: it may quote a whole page."""

_PACKED = (".gz", ".wacz", ".zip")
_PACKED_RATIO = 5
"""Bytes of pages per byte of a packed archive: pages of 80 KB with Chinese text shrink to a fifth or so.
Only the progress bar relies on it."""

_REPORT_IT = "Report the page and this message to the makers of gongkai; the other pages are not affected."


class Watch(Protocol):
    """Something that is told how far a run is."""

    def begin(self, n_files: int, n_bytes: int) -> None:
        """Hear what will be read."""

    def page(self, n_bytes: int) -> None:
        """Hear that one more page, of so many bytes, is done."""

    def merge(self) -> None:
        """Hear that all pages are read and the files are being written."""


def build(
    sources: Sequence[Path],
    directory: Path,
    *,
    max_page_bytes: int = MAX_PAGE_BYTES,
    excel: bool = False,
    watch: Watch | None = None,
) -> Summary:
    """Read the sources and write the dataset into the directory; return what is in it.

    Sources are files, folders and WARC files; with `excel` the CSV files are those for spreadsheets (outputs.excel).
    Raises GongkaiError (see gongkai.errors) when a source or the directory cannot be used, before any page is read; a
    page that fails is no error.
    """
    check_outside(directory, sources)
    plan = plan_sources(sources)
    run = Run(stamp(), libraries(), tuple(str(source) for source in sources), max_page_bytes, excel)
    with dataset_writer(directory, run) as writer:
        if watch:
            watch.begin(len(plan.files), page_bytes(plan))
        for capture in read_plan(plan, max_page_bytes=max_page_bytes):
            take(writer, capture)
            if watch:
                watch.page(len(capture.data))
        if watch:
            watch.merge()
        summary = writer.finish()
    remember(directory, sources)
    return summary


def take(writer: DatasetWriter, capture: Capture) -> None:
    """Read one page and hand its rows to the writer; whatever goes wrong becomes the page's outcome."""
    if capture.failure is not None:
        writer.add_failure(capture, capture.failure)
        return
    try:
        report = read_report(capture)
    except Exception as error:  # noqa: BLE001  a defect met by one page of 100,000 must not cost the others
        writer.add_failure(capture, _crash(error))
        return
    try:
        writer.add(capture, report)
    except ContractError as error:
        writer.add_failure(capture, _crash(error))


def read_report(capture: Capture) -> Report:
    """Parse a capture with all that its archive knows of it."""
    manifest = capture.manifest
    is_list = manifest is not None and manifest.outcome == "list_page"
    report = parsers.parse(
        capture.data,
        source_uri=capture.source_uri,
        media_type=capture.media_type,
        charset=capture.charset,
        manifest_agency=manifest.agency if manifest else "",
        manifest_year=manifest.report_year if manifest else None,
        listing=is_list,
    )
    if manifest is None or not is_list or report.outcome == "ok":
        return report
    # A list inside a script, or one with a single title, looks like no list; who followed it knows.
    return replace(report, outcome="list_page", detail=manifest.detail, next_step=manifest.next_step)


def stamp() -> Versions:
    """Return what every report is stamped with."""
    return Versions(gongkai_version(), PARSER_VERSION, forms_digest())


def page_bytes(plan: SourcePlan) -> int:
    """About how many bytes of pages the files hold."""
    return sum(file.size * (_PACKED_RATIO if file.path.name.lower().endswith(_PACKED) else 1) for file in plan.files)


def _crash(error: Exception) -> tuple[str, str, str]:
    message = " ".join(str(error).split())[:_MESSAGE_LENGTH]
    return "crashed", f"{type(error).__name__}: {message}", _REPORT_IT
