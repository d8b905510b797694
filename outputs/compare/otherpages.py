"""Two captures, and two datasets, as pages."""

from outputs.compare.page import (
    Block,
    Cell,
    Column,
    Grid,
    Page,
    about_report,
    counted,
    place,
    section_blocks,
    sections_said,
)
from outputs.compare.records import CapturesDiff, DatasetsDiff


def captures_page(diff: CapturesDiff) -> Page:
    """Return what was edited between two captures of one report."""
    cells = "1 cell differs" if len(diff.cells) == 1 else f"{len(diff.cells)} cells differ"
    parts = [
        f"{cells}, {diff.n_cells_same} are the same",
        f"{counted(len(diff.fields), 'field', 'fields')} about the report" if diff.fields else "",
        sections_said(diff.sections),
    ]
    return Page(
        title=f"{diff.after.agency} {diff.after.report_year or 'of an unknown year'}: two captures",
        headline="; ".join(filter(None, parts)) + ".",
        about=(("first", about_report(diff.before)), ("second", about_report(diff.after))),
        warnings=diff.warnings,
        blocks=(*_fields(diff), *_cells(diff), *section_blocks(diff.sections), *_findings(diff)),
    )


def _fields(diff: CapturesDiff) -> list[Block]:
    rows = tuple((Cell(field.name), Cell(field.before), Cell(field.after)) for field in diff.fields)
    return _block("About the report", ("field", "first", "second"), rows)


def _cells(diff: CapturesDiff) -> list[Block]:
    rows = tuple(
        (
            Cell(" | ".join(filter(None, (cell.row_path, cell.col_path))), small=cell.indicator),
            Cell(cell.status),
            Cell(_printed(cell.raw_before, cell.place_before), *place(diff.before, cell.place_before)),
            Cell(_printed(cell.raw_after, cell.place_after), *place(diff.after, cell.place_after)),
            Cell(cell.place_after or cell.place_before),
        )
        for cell in diff.cells
    )
    return _block("Cells", ("labels", "status", "first", "second", "place"), rows)


def _printed(raw: str, where: str) -> str:
    """A cell that prints nothing is a blank; a cell that is not there has no place."""
    return raw or ("(blank)" if where else "")


def _findings(diff: CapturesDiff) -> list[Block]:
    rows = tuple((Cell(f.status), Cell(f.code), Cell(f.where), Cell(f.detail)) for f in diff.findings)
    return _block("Findings that only one of them has", ("status", "code", "where", "detail"), rows)


def datasets_page(diff: DatasetsDiff) -> Page:
    """Return what differs between two datasets, table by table and agency-year by agency-year."""
    statuses = [entry.status for entry in diff.agency_years]
    tables = sum(bool(table.n_added or table.n_removed or table.n_changed) for table in diff.tables)
    headline = (
        f"{tables} of {counted(len(diff.tables), 'table', 'tables')} differ; agency-years: {statuses.count('removed')} "
        f"vanished, {statuses.count('new')} appeared, {statuses.count('changed')} differ in their figures, "
        f"{diff.n_agency_years_same} the same."
    )
    return Page(
        title=f"{diff.before} → {diff.after}",
        headline=headline,
        about=(("first", Cell(diff.before)), ("second", Cell(diff.after))),
        warnings=diff.warnings,
        blocks=(*_versions(diff), *_tables(diff), *_agency_years(diff), *_columns(diff)),
    )


def _versions(diff: DatasetsDiff) -> list[Block]:
    rows = tuple((Cell(field.name), Cell(field.before), Cell(field.after)) for field in diff.versions)
    return _block("Made with other versions", ("what", "first", "second"), rows)


def _tables(diff: DatasetsDiff) -> list[Block]:
    rows = tuple(
        (
            Cell(table.table),
            *(Cell(f"{count:,}") for count in (table.n_before, table.n_after)),
            *(Cell(f"{count:,}" if count else "") for count in (table.n_added, table.n_removed, table.n_changed)),
        )
        for table in sorted(diff.tables, key=lambda table: not (table.n_added or table.n_removed or table.n_changed))
    )
    return _block("Tables", ("table",), rows, numbers=("rows first", "rows second", "added", "removed", "changed"))


def _agency_years(diff: DatasetsDiff) -> list[Block]:
    rows = tuple(
        (
            Cell(entry.agency or entry.agency_id, small=entry.agency_id),
            Cell(str(entry.report_year)),
            Cell(entry.report_scope),
            Cell(_YEAR_WORDS[entry.status]),
            *(Cell(f"{count:,}" if count else "") for count in (entry.n_added, entry.n_removed, entry.n_changed)),
        )
        for entry in diff.agency_years
    )
    numbers = ("figures added", "removed", "changed")
    return _block("Agency-years", ("agency", "year", "scope", "what became of it"), rows, numbers=numbers)


_YEAR_WORDS = {"new": "appeared", "removed": "vanished", "changed": "differs"}


def _columns(diff: DatasetsDiff) -> list[Block]:
    changed = [
        (Cell(table.table), Cell(column.column), Cell(f"{column.n_changed:,}"), Cell(f"{column.share:.2%}"))
        for table in diff.tables
        for column in table.columns
    ]
    only = [
        (Cell(table.table), Cell(name), Cell(""), Cell(f"only in the {when}"))
        for table in diff.tables
        for when, names in (("first", table.columns_only_before), ("second", table.columns_only_after))
        for name in names
    ]
    numbers = ("values changed", "share of the rows in both")
    return _block("Columns", ("table", "column"), (*changed, *only), numbers=numbers)


def _block(
    title: str, names: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...], numbers: tuple[str, ...] = ()
) -> list[Block]:
    if not rows:
        return []
    columns = (*(Column(name) for name in names), *(Column(name, is_number=True) for name in numbers))
    return [Block(f"{title} ({len(rows)})", grid=Grid(columns, rows))]
