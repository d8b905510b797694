"""Reports as rows: lists per column, turned into Arrow tables a part at a time.

A row lives in its columns only; a dict a row would take 3.6 times the memory (measured for this choice). Each
row also carries `capture_no`, the number of its page within its shard: the merge tells by it which of two captures with
the same bytes the rows came from.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from urllib.parse import urljoin, urlsplit

import pyarrow as pa

from corpus.agencies import resolve_agency
from corpus.captures import Capture, ManifestEntry
from outputs.arrow import CAPTURE_NO, FILE_URI, PLACE, final_table, working_columns, working_schema, working_table
from outputs.contract import admit
from parsers.records import Finding, Listed, Report

OF_REPORT = ("reports", "sections", "cells", "claims", "facts", "findings", "furniture")
"""Tables whose rows come from single reports."""

OF_PAGE = ("coverage", "listed_reports")
"""`coverage` has a row for every page, `listed_reports` those of list pages; all other tables are derived."""

_CELL_BYTES = 600
"""What a row of `cells` takes in Python lists, measured on pages of the 2019 form."""


@dataclass(frozen=True, slots=True)
class Versions:
    """What read the pages: gongkai, the version of its way of reading, the digest of its forms and labels."""

    gongkai: str
    parser: str
    forms: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of `coverage`."""

    source_uri: str
    captured_at: str
    capture_id: str
    media_type: str
    outcome: str
    detail: str
    next_step: str
    agency_id: str = ""
    report_year: int | None = None
    agency: str = ""
    manifest: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class _ListedLine:
    """One row of `listed_reports`."""

    capture_id: str
    source_uri: str
    url: str
    listed: Listed

    def __getattr__(self, name: str) -> Any:
        """Return a column that the record itself has."""
        return getattr(self.listed, name)


class Rows:
    """Rows of the pages added so far, at most a part of a run. `size` is about what they take in bytes."""

    def __init__(self, versions: Versions, indicators: frozenset[str]) -> None:
        self.size = 0
        self._versions = versions
        self._indicators = indicators
        self._columns: dict[str, dict[str, list[Any]]] = {
            name: {column: [] for column in working_schema(name).names} for name in (*OF_REPORT, *OF_PAGE)
        }

    def add(self, capture_no: int, capture: Capture, report: Report, file_uri: str = "", place: int = 0) -> None:
        """Add the page's line in `coverage` and, if it is a report, its rows everywhere else.

        `file_uri` and `place` say where the page stands in its source, for the merge of several shards.

        Raises outputs.contract.ContractError, with nothing added, when the report breaks a rule of the
        dataset.
        """
        report = admit(report, self._indicators)
        if report.outcome == "ok":
            for name, columns in _columns_of(report, capture, self._versions).items():
                self._extend(name, capture_no, columns)
            self.size += _size(report)
        line = _Line(
            capture.source_uri,
            capture.captured_at,
            report.capture_id,
            report.media_type,
            report.outcome,
            _detail(report),
            report.next_step,
            report.identity.agency_id,
            report.identity.report_year,
            report.identity.agency,
            "listed" if capture.manifest else "",
            _part_of(capture),
        )
        self._add_line(capture_no, line, file_uri, place)
        if report.listed:
            lines = [
                _ListedLine(report.capture_id, capture.source_uri, _url(capture.source_uri, one.href), one)
                for one in report.listed
            ]
            self._extend("listed_reports", capture_no, _by_name("listed_reports", lines))

    def add_failure(
        self, capture_no: int, capture: Capture, failure: tuple[str, str, str], file_uri: str = "", place: int = 0
    ) -> None:
        """Add the line in `coverage` of a page that was not read: (outcome, detail, next step).

        Its agency and year are the manifest's: nothing else is known of it.
        """
        capture_id = capture.capture_id if capture.data else ""
        line = _Line(
            capture.source_uri,
            capture.captured_at,
            capture_id,
            capture.media_type,
            *failure,
            *_told_by(capture.manifest),
            "absent" if capture.absent else "listed" if capture.manifest else "",
            _part_of(capture),
        )
        self._add_line(capture_no, line, file_uri, place)

    def tables(self) -> dict[str, pa.Table]:
        """Return the rows as one Arrow table per name, in the parts' schema, and forget them."""
        tables = {name: working_table(name, columns) for name, columns in self._columns.items()}
        for columns in self._columns.values():
            for values in columns.values():
                values.clear()
        self.size = 0
        return tables

    def _add_line(self, capture_no: int, line: _Line, file_uri: str, place: int) -> None:
        self._extend("coverage", capture_no, {FILE_URI: [file_uri], PLACE: [place], **_by_name("coverage", [line])})

    def _extend(self, name: str, capture_no: int, columns: dict[str, list[Any]]) -> None:
        held = self._columns[name]
        held[CAPTURE_NO].extend([capture_no] * _height(columns))
        for column, values in columns.items():
            held[column].extend(values)


def report_tables(report: Report, capture: Capture, versions: Versions) -> dict[str, pa.Table]:
    """Return the rows of one report in the types of the dataset, whatever its outcome; for use in memory.

    `reports` is not among them: what stands there is known only beside other captures.
    """
    tables = {}
    for name, columns in _columns_of(report, capture, versions).items():
        if name != "reports":
            working = working_table(name, {CAPTURE_NO: [0] * _height(columns), **columns})
            tables[name] = final_table(name, working)
    return tables


def _told_by(entry: ManifestEntry | None) -> tuple[str, int | None, str]:
    """Agency id, year and agency's name by a line of a manifest."""
    if entry is None:
        return "", None, ""
    body = resolve_agency(entry.agency, entry.report_year)
    return body.agency_id, entry.report_year, body.agency


def _part_of(capture: Capture) -> str:
    return capture.manifest.part_of if capture.manifest else ""


def _url(page: str, href: str) -> str:
    """The address that a link on a page leads to; '' where it is none of the web, or the page's own is not known."""
    try:
        address = urljoin(page, href.strip()) if href.strip() else ""
    except ValueError:  # brackets that are no IPv6 address
        return ""
    return address if urlsplit(address).scheme in ("http", "https") else ""


def _height(columns: dict[str, list[Any]]) -> int:
    return len(next(iter(columns.values())))


def _columns_of(report: Report, capture: Capture, versions: Versions) -> dict[str, dict[str, list[Any]]]:
    findings = _findings(report)
    furniture = [block for block in report.blocks if block.section_no is None and block.text]
    own = {
        "capture_id": report.capture_id,
        "report_year": report.identity.report_year,
        "agency_id": report.identity.agency_id,
    }
    return {
        "reports": _report_row(report, capture, versions, len(findings)),
        "sections": _by_name("sections", report.sections, own),
        "cells": _by_name("cells", report.cells, own),
        "claims": _by_name("claims", report.claims, own),
        "facts": _by_name("facts", report.facts, own),
        "findings": _by_name("findings", findings, own, finding_no=range(len(findings))),
        "furniture": _by_name("furniture", furniture, own, block_no=[block.no for block in furniture]),
    }


def _by_name(
    name: str, records: Iterable[Any], own: dict[str, Any] | None = None, **given: Iterable[int]
) -> dict[str, list[Any]]:
    """Columns of a table: those of the report itself, those given, the others from the records by name."""
    records = tuple(records)
    own = own or {}
    columns = {}
    for column in working_columns(name):
        if column in own:
            columns[column] = [own[column]] * len(records)
        elif column in given:
            columns[column] = list(given[column])
        else:
            columns[column] = list(map(attrgetter(column), records))
    return columns


def _report_row(report: Report, capture: Capture, versions: Versions, n_findings: int) -> dict[str, list[Any]]:
    identity, decoded = report.identity, report.decoded
    row = {
        "capture_id": report.capture_id,
        "agency_id": identity.agency_id,
        "agency": identity.agency,
        "agency_as_printed": identity.agency_as_printed,
        "agency_level": identity.agency_level,
        "region_code": identity.region_code,
        "report_year": identity.report_year,
        "report_scope": identity.report_scope,
        "title": identity.title,
        "form_ids": " ".join(report.form_ids),
        "published_date": identity.published_date,
        "period_start": identity.period_start,
        "period_end": identity.period_end,
        "source_uri": capture.source_uri,
        "captured_at": capture.captured_at,
        "media_type": report.media_type,
        "encoding_declared": decoded.declared,
        "encoding_used": decoded.used,
        "replaced_chars": decoded.replaced,
        "n_sections": len(report.sections),
        "n_tables": report.n_tables,
        "n_cells": len(report.cells),
        "n_cells_mapped": sum(bool(cell.indicator) for cell in report.cells),
        "n_claims": len(report.claims),
        "outcome": report.outcome,
        "parser_version": versions.parser,
        "forms_version": versions.forms,
        "n_findings": n_findings,
    }
    return {column: [value] for column, value in row.items()}


def _findings(report: Report) -> tuple[Finding, ...]:
    """All findings of a page, each once, wherever the stages left them."""
    every = (*report.decoded.findings, *report.identity.findings, *report.findings)
    return tuple(dict.fromkeys(every))


def _detail(report: Report) -> str:
    """Say what was seen; for a page that is no report with its findings, which would else stand nowhere."""
    findings = _findings(report)
    if report.outcome == "ok" or not findings:
        return report.detail
    codes = ", ".join(sorted({finding.code for finding in findings}))
    return f"{report.detail} (findings: {codes})".strip()


def _size(report: Report) -> int:
    text = sum(len(block.text) for block in report.blocks)
    text += sum(len(section.text) for section in report.sections)
    return 2 * text + _CELL_BYTES * (len(report.cells) + len(report.claims) + len(report.facts))
