"""Two captures of one report: what was edited after it was published."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from outputs.compare.choose import captures_of_year, find_agency, reference, reports_of, reports_with, rows_of
from outputs.compare.records import CapturesDiff, CellChange, FieldChange, FindingChange, SectionChange
from outputs.compare.sections import section_changes
from outputs.compare.source import Source, parquet_source
from outputs.textdiff import token_diff

_FIELDS = ("title", "agency_as_printed", "report_year", "report_scope", "published_date", "period_start", "period_end")
_OUTSIDE = "outside the sections"
_SAME_TABLE = 0.5
"""Two tables are one when they share so many of their labels: a row that was added leaves most of them."""


def compare_captures(folder: Path, capture_ids: tuple[str, str]) -> CapturesDiff:
    """Compare two captures by their ids, the earlier one first.

    Raises DatasetError when the folder holds no dataset, CompareError when it has no such captures.
    """
    with parquet_source(folder) as source:
        return captures_between(source, capture_ids)


def compare_captures_of_year(folder: Path, agency: str, year: int, scope: str = "") -> CapturesDiff:
    """Compare the two captures of an agency's report of one year; raises as `compare_captures` does."""
    with parquet_source(folder) as source:
        return _compare(source, *captures_of_year(reports_of(source, find_agency(source, agency)), year, scope))


def captures_between(source: Source, capture_ids: tuple[str, str]) -> CapturesDiff:
    """Compare two captures by their ids, as `compare_captures` does."""
    return _compare(source, *reports_with(source, capture_ids))


def _compare(source: Source, before: Any, after: Any) -> CapturesDiff:
    ids = (before.capture_id, after.capture_id)
    rows = {table: rows_of(source, table, ids) for table in ("cells", "sections", "findings", "furniture")}

    def both(table: str) -> tuple[list[Any], list[Any]]:
        return rows[table][before.capture_id], rows[table][after.capture_id]

    cells = list(_cells(*both("cells")))
    outside = _outside(*both("furniture"))
    return CapturesDiff(
        before=reference(before),
        after=reference(after),
        warnings=tuple(_warnings(before, after)),
        n_cells_same=sum(cell is None for cell in cells),
        fields=tuple(_fields(before, after)),
        cells=tuple(cell for cell in cells if cell is not None),
        sections=(*outside, *section_changes(before, after, *both("sections"))),
        findings=tuple(_findings(*both("findings"))),
    )


def _warnings(before: Any, after: Any) -> Iterator[str]:
    for name in ("agency_id", "report_year", "report_scope"):
        values = (getattr(before, name), getattr(after, name))
        if values[0] != values[1]:
            yield f"These may not be two captures of one report: {name} is {values[0]}, then {values[1]}."
    if before.capture_id == after.capture_id:
        yield "Both ids are one capture."


def _fields(before: Any, after: Any) -> Iterator[FieldChange]:
    for name in _FIELDS:
        values = [str(getattr(report, name) or "") for report in (before, after)]
        if values[0] != values[1]:
            yield FieldChange(name, *values)


def _cells(old: Sequence[Any], new: Sequence[Any]) -> Iterator[CellChange | None]:
    """What became of each cell, in order of the later page, then those that are gone; None for one that is the same."""
    pairs = _tables_paired(old, new)
    earlier = _by_labels(old, {table: table for table in {cell.table_no for cell in old}})
    later = _by_labels(new, pairs)
    for key in [*later, *(key for key in earlier if key not in later)]:
        yield _cell(earlier.get(key), later.get(key))


def _cell(old: Any, new: Any) -> CellChange | None:
    if old and new and _shown(old) == _shown(new):
        return None
    either = new or old
    return CellChange(
        table_title=either.table_title or "",
        row_path=either.row_path or "",
        col_path=either.col_path or "",
        indicator=either.indicator or "",
        applicant=either.applicant or "",
        status="changed" if old and new else "new" if new else "removed",
        raw_before=_shown(old),
        raw_after=_shown(new),
        place_before=_place(old),
        place_after=_place(new),
    )


def _tables_paired(old: Sequence[Any], new: Sequence[Any]) -> dict[int, Any]:
    """Number of each later table → the earlier one with most of its labels, each once; else a mark of its own."""
    labels = [_labels_by_table(cells) for cells in (old, new)]
    rated = sorted(
        (-_likeness(one, other), abs(before - after), before, after)
        for before, one in labels[0].items()
        for after, other in labels[1].items()
    )
    pairs: dict[int, Any] = {}
    used = set()
    for rating, _, before, after in rated:
        if -rating >= _SAME_TABLE and before not in used and after not in pairs:
            pairs[after] = before
            used.add(before)
    return {after: pairs.get(after, ("later", after)) for after in labels[1]}


def _labels_by_table(cells: Sequence[Any]) -> dict[int, Counter[tuple[str, str]]]:
    found: dict[int, Counter[tuple[str, str]]] = {}
    for cell in cells:
        found.setdefault(cell.table_no, Counter())[cell.row_path or "", cell.col_path or ""] += 1
    return found


def _likeness(one: Counter[tuple[str, str]], other: Counter[tuple[str, str]]) -> float:
    return (one & other).total() / min(one.total(), other.total())


def _by_labels(cells: Sequence[Any], tables: dict[int, Any]) -> dict[tuple[Any, ...], Any]:
    """Cells by table, labels, and which of several with the same labels it is."""
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for cell in cells:
        key = (tables[cell.table_no], cell.row_path or "", cell.col_path or "")
        found[*key, seen[key]] = cell
        seen[key] += 1
    return found


def _shown(cell: Any) -> str:
    """What the cell prints, white space folded; '' where there is no cell, or an empty one."""
    return " ".join((cell.raw or "").split()) if cell else ""


def _place(cell: Any) -> str:
    return f"table {cell.table_no}, row {cell.row}, column {cell.col}" if cell else ""


def _outside(old: Sequence[Any], new: Sequence[Any]) -> list[SectionChange]:
    """The report's text before its first heading: title, preamble. Menus, side lists and footers are not the report."""
    before, after = ("\n".join(row.text for row in rows if row.role != "furniture") for rows in (old, new))
    if before == after:
        return []
    status = "changed" if before and after else "new" if after else "removed"
    sizes = (len(before), len(after))
    return [SectionChange(_OUTSIDE, "", "", status, None, None, *sizes, tuple(token_diff(before, after)))]


def _findings(old: Sequence[Any], new: Sequence[Any]) -> Iterator[FindingChange]:
    before, after = (Counter((f.code, f.where or "", f.detail or "") for f in rows) for rows in (old, new))
    for status, only in (("removed", before - after), ("new", after - before)):
        yield from (FindingChange(status, *finding) for finding in sorted(only.elements()))
