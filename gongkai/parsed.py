"""One page in memory: `gongkai.parse` and the frames of its report."""

import os
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa

from corpus.archive import read_captures
from corpus.captures import Capture
from gongkai.batch.naming import stamp
from gongkai.batch.pages import read_report
from gongkai.errors import SourceError
from outputs.frames import to_frame
from outputs.rows import report_tables
from parsers.records import Identity, Report


class ParsedReport:
    """What was read from one page. Its frames have the columns and types of the dataset: docs/dataset.md.

    A page that is no report has them too, as far as something was read; `outcome` says what it is, `detail`
    what was seen, and `next_step` what can be done.
    """

    def __init__(self, record: Report, capture: Capture) -> None:
        self.record = record
        self._capture = capture

    @property
    def outcome(self) -> str:
        """`ok` for a report, else what the page is."""
        return self.record.outcome

    @property
    def detail(self) -> str:
        """What was seen when the page is no report."""
        return self.record.detail

    @property
    def next_step(self) -> str:
        """What a person can do when the page is no report."""
        return self.record.next_step

    @property
    def identity(self) -> Identity:
        """All that the page tells of the agency, the year, the period and the scope."""
        return self.record.identity

    @property
    def title(self) -> str:
        """Title as printed."""
        return self.record.identity.title

    @property
    def agency(self) -> str:
        """Name of the body in the agency registry, or as printed where the registry has none."""
        return self.record.identity.agency or self.record.identity.agency_as_printed

    @property
    def agency_id(self) -> str:
        """Stable id of the body; '' when the page does not tell."""
        return self.record.identity.agency_id

    @property
    def report_year(self) -> int | None:
        """Year that the report is about."""
        return self.record.identity.report_year

    @property
    def published_date(self) -> str:
        """Date of publication, ISO 8601, or ''."""
        return self.record.identity.published_date

    @cached_property
    def facts(self) -> pd.DataFrame:
        """Indicator values with the cells they were read from."""
        return to_frame(self._tables["facts"])

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Value cells of the data tables, mapped or not."""
        return to_frame(self._tables["cells"])

    @cached_property
    def claims(self) -> pd.DataFrame:
        """Numbers of the prose with their sentence, subject, unit and place."""
        return to_frame(self._tables["claims"])

    @cached_property
    def sections(self) -> pd.DataFrame:
        """Sections with their text."""
        return to_frame(self._tables["sections"])

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What a reader must know before citing the report."""
        return to_frame(self._tables["findings"])

    @cached_property
    def furniture(self) -> pd.DataFrame:
        """Text blocks outside the sections."""
        return to_frame(self._tables["furniture"])

    @cached_property
    def _tables(self) -> dict[str, pa.Table]:
        return report_tables(self.record, self._capture, stamp())

    def __repr__(self) -> str:
        about = f"{self.agency or 'unknown agency'}, {self.report_year or 'unknown year'}"
        return f"<ParsedReport {self.outcome}: {about}; {len(self.record.facts)} facts>"


def parse(source: str | os.PathLike[str] | bytes) -> ParsedReport:
    """Read one page from a file or from its bytes.

    Raises SourceError when the file is missing, cannot be read, or holds more than one page.
    """
    capture = Capture("", source) if isinstance(source, bytes) else one_capture(Path(source))
    return ParsedReport(read_report(capture), capture)


def one_capture(path: Path) -> Capture:
    """Return the only page of a file; raises SourceError when there is none or more than one."""
    captures = read_captures([path])
    capture = next(captures, None)
    if capture is None:
        raise SourceError("no_page", "the file holds no page", str(path), "Name a file with a report.")
    if next(captures, None) is not None:
        raise SourceError(
            "several_pages",
            "the file holds more than one page",
            str(path),
            "Read it with gongkai build.",
        )
    if capture.failure is not None:
        outcome, detail, next_step = capture.failure
        raise SourceError(outcome, detail, str(path), next_step)
    return capture
