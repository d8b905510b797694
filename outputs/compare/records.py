"""What a comparison found, before anybody decides how it is shown."""

from dataclasses import dataclass
from decimal import Decimal

from outputs.changes.records import Change as FigureRow
from outputs.textdiff import Change as TextChange


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A report that takes part, with what a reader needs to find it and to judge it."""

    capture_id: str
    agency_id: str
    agency: str
    report_year: int | None
    report_scope: str
    title: str
    published_date: str
    captured_at: str
    form_ids: str
    source_uri: str
    is_current: bool
    n_findings: int


@dataclass(frozen=True, slots=True)
class FigureChange:
    """A row of `changes` with the indicator's Chinese label and what says how unusual it is.

    `stands_out` is true where the change is unusual for the agency or among its peers. `caution` is what the
    dictionary says of comparing the indicator, given where the forms differ.
    """

    row: FigureRow
    label: str
    unusual_own: Decimal | None
    n_own: int | None
    unusual_peers: Decimal | None
    n_peers: int | None
    unusual: str
    stands_out: bool
    caution: str


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that fails in one of the reports."""

    capture_id: str
    report_year: int
    check_id: str
    applicant: str
    expression: str
    difference: Decimal | None
    explanation: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """What became of a section. `changes` are the runs of text that are equal, deleted, inserted; in order."""

    section: str
    title_before: str
    title_after: str
    status: str
    similarity: Decimal | None
    copied_share: Decimal | None
    chars_before: int
    chars_after: int
    changes: tuple[TextChange, ...]


@dataclass(frozen=True, slots=True)
class YearsDiff:
    """Two years of one agency. `figures` are all rows, the most notable first."""

    before: ReportRef
    after: ReportRef
    warnings: tuple[str, ...]
    figures: tuple[FigureChange, ...]
    failing: tuple[FailedCheck, ...]
    sections: tuple[SectionChange, ...]

    @property
    def differs(self) -> bool:
        """Whether a figure or a text is another one; what may not be compared is no difference."""
        figures = any(figure.row.status in ("changed", "new", "removed") for figure in self.figures)
        return figures or any(section.status not in ("same", "no_text") for section in self.sections)


@dataclass(frozen=True, slots=True)
class CellChange:
    """A value cell of two captures, found by its labels. `status` is new, removed or changed."""

    table_title: str
    row_path: str
    col_path: str
    indicator: str
    applicant: str
    status: str
    raw_before: str
    raw_after: str
    place_before: str
    place_after: str


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding that only one of two captures has. `status` is new or removed."""

    status: str
    code: str
    where: str
    detail: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the report itself (title, date, encoding) that differs."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CapturesDiff:
    """Two captures of one report: what was edited after publication."""

    before: ReportRef
    after: ReportRef
    warnings: tuple[str, ...]
    n_cells_same: int
    fields: tuple[FieldChange, ...]
    cells: tuple[CellChange, ...]
    sections: tuple[SectionChange, ...]
    findings: tuple[FindingChange, ...]

    @property
    def differs(self) -> bool:
        """Whether what a reader sees is another: fields, cells or text. Findings are ours, not the page's."""
        return bool(self.fields or self.cells) or any(part.status not in ("same", "no_text") for part in self.sections)


@dataclass(frozen=True, slots=True)
class ColumnRevision:
    """How many of the values that stand in both datasets differ in one column."""

    column: str
    n_changed: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class TableRevision:
    """One table of two datasets: rows by key."""

    table: str
    n_before: int
    n_after: int
    n_added: int
    n_removed: int
    n_changed: int
    columns: tuple[ColumnRevision, ...]
    columns_only_before: tuple[str, ...]
    columns_only_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgencyYearRevision:
    """An agency, year and scope whose current report is in one dataset only, or whose figures differ."""

    agency_id: str
    agency: str
    report_year: int
    report_scope: str
    status: str
    n_added: int
    n_removed: int
    n_changed: int


@dataclass(frozen=True, slots=True)
class DatasetsDiff:
    """Two datasets: our own revision."""

    before: str
    after: str
    versions: tuple[FieldChange, ...]
    warnings: tuple[str, ...]
    tables: tuple[TableRevision, ...]
    agency_years: tuple[AgencyYearRevision, ...]
    n_agency_years_same: int

    @property
    def differs(self) -> bool:
        """Whether a row of any table differs."""
        tables = any(table.n_added or table.n_removed or table.n_changed for table in self.tables)
        shapes = any(table.columns_only_before or table.columns_only_after for table in self.tables)
        return tables or shapes or bool(self.warnings)
