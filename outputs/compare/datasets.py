"""Two datasets: what our own revision changed, table by table and agency-year by agency-year.

Rows meet by the key of their table, in DuckDB, which joins on disk what does not fit into memory. A change between two
years of an agency is another thing: see outputs.compare.years.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from outputs import schema
from outputs.compare.records import AgencyYearRevision, ColumnRevision, DatasetsDiff, FieldChange, TableRevision
from outputs.directory import RUN_FILE, check_on_disk, files_of, is_unfinished
from outputs.errors import CompareError, DatasetError

_SHARE_DIGITS = Decimal("0.000001")
_YEAR_KEY = ("agency_id", "report_year", "report_scope")
_FIGURE_KEY = (*_YEAR_KEY, "indicator", "applicant", "measure")


def compare_datasets(before: Path, after: Path) -> DatasetsDiff:
    """Compare two dataset folders, which two versions of gongkai may have written.

    Raises DatasetError when one of them holds no whole dataset, CompareError (`same_dataset`) when both are one folder.
    """
    for folder in (before, after):
        check_on_disk(folder)
    if before.resolve() == after.resolve():
        raise CompareError(
            "same_dataset", "both datasets are one folder", str(before), "Name two folders, the earlier dataset first."
        )
    runs = [_run(folder) for folder in (before, after)]
    with duckdb.connect() as base:
        tables, warnings = [], []
        for table in schema.TABLES:
            lacking = [str(folder) for folder in (before, after) if not _file(folder, table.name).is_file()]
            if lacking:
                warnings += [f"{folder} has no table {table.name}: it is not compared." for folder in lacking]
                continue
            columns = [_columns(base, folder, table.name) for folder in (before, after)]
            missing = [key for key in table.key if key not in columns[0] or key not in columns[1]]
            if missing:
                warnings.append(f"{table.name} has no {', '.join(missing)} in one of them: it is not compared.")
                continue
            tables.append(_table(base, table, (before, after), *columns))
        agency_years, n_same = _agency_years(base, before, after)
    return DatasetsDiff(
        before=before.name,
        after=after.name,
        versions=tuple(_versions(*runs)),
        warnings=tuple(warnings),
        tables=tuple(tables),
        agency_years=tuple(agency_years),
        n_agency_years_same=n_same,
    )


def _run(folder: Path) -> dict[str, Any]:
    if is_unfinished(folder) or not files_of(folder / RUN_FILE):
        raise DatasetError(
            "not_a_dataset",
            "no finished dataset of gongkai is here",
            str(folder),
            "Name two folders that gongkai build wrote with -o.",
        )
    run: dict[str, Any] = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    return run


def _versions(before: dict[str, Any], after: dict[str, Any]) -> Iterator[FieldChange]:
    old, new = before.get("versions", {}), after.get("versions", {})
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield FieldChange(name, str(old.get(name, "")), str(new.get(name, "")))


def _file(folder: Path, table: str) -> Path:
    return folder / f"{table}.parquet"


def _columns(base: duckdb.DuckDBPyConnection, folder: Path, table: str) -> dict[str, str]:
    """Columns of a table with their types, as its file has them."""
    rows = base.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(_file(folder, table))]).fetchall()
    return {row[0]: row[1] for row in rows}


def _table(
    base: duckdb.DuckDBPyConnection,
    table: schema.Table,
    folders: tuple[Path, Path],
    old: dict[str, str],
    new: dict[str, str],
) -> TableRevision:
    values = [name for name in old if name in new and name not in table.key]
    differs = [_differs(name, old[name], new[name]) for name in values]
    both = "a.here AND b.here"
    counts = [
        "count(a.here)",
        "count(b.here)",
        "count(*) FILTER (b.here AND a.here IS NULL)",
        "count(*) FILTER (a.here AND b.here IS NULL)",
        f"count(*) FILTER ({both})",
        f"count(*) FILTER ({both} AND ({' OR '.join(differs) or 'false'}))",
        *(f"count(*) FILTER ({both} AND {each})" for each in differs),
    ]
    join = " AND ".join(f'a."{name}" IS NOT DISTINCT FROM b."{name}"' for name in table.key)
    side = "(SELECT *, true AS here FROM read_parquet(?))"
    query = f"SELECT {', '.join(counts)} FROM {side} a FULL JOIN {side} b ON {join}"
    row = base.execute(query, [str(_file(folder, table.name)) for folder in folders]).fetchone()
    assert row is not None  # an aggregate without groups has one row
    n_before, n_after, n_added, n_removed, n_both, n_changed, *by_column = row
    columns = (
        ColumnRevision(name, count, (Decimal(count) / n_both).quantize(_SHARE_DIGITS))
        for name, count in zip(values, by_column, strict=True)
        if count
    )
    return TableRevision(
        table=table.name,
        n_before=n_before,
        n_after=n_after,
        n_added=n_added,
        n_removed=n_removed,
        n_changed=n_changed,
        columns=tuple(columns),
        columns_only_before=tuple(name for name in old if name not in new),
        columns_only_after=tuple(name for name in new if name not in old),
    )


def _differs(name: str, old: str, new: str) -> str:
    """Condition that a column differs; as text where the two versions hold it in different types."""
    one, other = (f'{side}."{name}"' for side in ("a", "b"))
    if old != new:
        one, other = (f"CAST({value} AS VARCHAR)" for value in (one, other))
    return f"{one} IS DISTINCT FROM {other}"


def _agency_years(base: duckdb.DuckDBPyConnection, before: Path, after: Path) -> tuple[list[AgencyYearRevision], int]:
    """Agency-years that vanished, appeared or differ in their figures, and how many are the same."""
    for side, folder in (("a", before), ("b", after)):
        base.execute(_CURRENT.format(side=side, reports=_quoted(_file(folder, "reports"))))
        base.execute(_FIGURES.format(side=side, facts=_quoted(_file(folder, "facts"))))
    rows = base.execute(_REVISED).fetchall()
    found = [AgencyYearRevision(*row) for row in rows if row[4] != "same"]
    return found, sum(row[4] == "same" for row in rows)


_CURRENT = """
    CREATE TEMP VIEW current_{side} AS
    SELECT agency_id, report_year, report_scope, agency, capture_id FROM read_parquet({reports})
    WHERE is_current AND agency_id IS NOT NULL AND report_year IS NOT NULL
"""
_FIGURES = """
    CREATE TEMP VIEW figures_{side} AS
    SELECT c.agency_id, c.report_year, c.report_scope, f.indicator, f.applicant, f.measure, f.value, f.unit, f.state
    FROM read_parquet({facts}) f JOIN current_{side} c USING (capture_id)
"""
_SAME_YEAR = " AND ".join(f"a.{name} = b.{name}" for name in _YEAR_KEY)
_SAME_FIGURE = " AND ".join(f"a.{name} = b.{name}" for name in _FIGURE_KEY)
_KEYS = ", ".join(f"coalesce(a.{name}, b.{name}) AS {name}" for name in _YEAR_KEY)
_REVISED = f"""
    WITH years AS (
        SELECT {_KEYS}, coalesce(b.agency, a.agency, '') AS agency,
            CASE WHEN a.capture_id IS NULL THEN 'new' WHEN b.capture_id IS NULL THEN 'removed' ELSE 'both' END AS found
        FROM current_a a FULL JOIN current_b b ON {_SAME_YEAR}
    ),
    moved AS (
        SELECT {_KEYS}, count(*) FILTER (a.indicator IS NULL) AS n_added,
            count(*) FILTER (b.indicator IS NULL) AS n_removed,
            count(*) FILTER (a.indicator IS NOT NULL AND b.indicator IS NOT NULL) AS n_changed
        FROM figures_a a FULL JOIN figures_b b ON {_SAME_FIGURE}
        WHERE a.indicator IS NULL OR b.indicator IS NULL OR a.value IS DISTINCT FROM b.value
            OR a.unit IS DISTINCT FROM b.unit OR a.state IS DISTINCT FROM b.state
        GROUP BY ALL
    )
    SELECT agency_id, agency, report_year, report_scope,
        CASE WHEN found <> 'both' THEN found WHEN n_added IS NULL THEN 'same' ELSE 'changed' END AS status,
        coalesce(n_added, 0), coalesce(n_removed, 0), coalesce(n_changed, 0)
    FROM years LEFT JOIN moved USING ({", ".join(_YEAR_KEY)})
    ORDER BY agency_id, report_year, report_scope
"""


def _quoted(path: Path) -> str:
    """A path as a text of SQL: a view takes no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
