"""Write `manifest.csv`: what a fetch was told or knows of pages, and no WARC record can say.

One line for each address and capture of which there is something to say: the agency and the year that the user gave,
the report it belongs to, that it was followed as a list, or why there is no answer at all. Lines that a person added or
changed are kept and win.
"""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from corpus.captures import iso_utc
from corpus.errors import SourceError
from corpus.manifest import MANIFEST_NAME
from scraper.store.catalogue import Catalogue
from scraper.store.layout import FETCH_FOLDER
from scraper.store.texts import clean_address, codec_of
from scraper.store.warcfiles import writing

_COLUMNS = (
    *("source_uri", "file", "agency", "report_year", "captured_at"),
    *("part_of", "outcome", "detail", "next_step"),
)

# A visit from which a capture can be read: no redirect.
_GIVES = "(status IS NULL OR status NOT BETWEEN 300 AND 399 OR record = 'revisit')"
_TOLD = f"""
WITH told AS (
    SELECT targets.run_no, target_no, targets.url AS asked, kind, visit_no, agency, report_year,
        outcome, detail, next_step,
        coalesce(nullif(final_url, ''), visits.url, targets.url) AS reached,
        CASE WHEN captured_at = '' THEN '' ELSE ifnull(moment, captured_at) END AS captured,
        CASE WHEN part_of = '' THEN '' ELSE ifnull(
            (SELECT parent.final_url FROM targets AS parent WHERE parent.run_no = targets.run_no
                AND parent.url = targets.part_of AND parent.final_url <> '' LIMIT 1), part_of) END AS whole
    FROM targets LEFT JOIN visits USING (visit_no)
    WHERE outcome <> ''
), judged AS (
    SELECT *, outcome NOT IN ('ok', 'list_page', 'duplicate')
        AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.url = reached AND {_GIVES})
        AND NOT EXISTS (SELECT 1 FROM visits WHERE visits.url = asked AND {_GIVES}) AS failed,
        (kind = 'list' OR kind = 'page' AND next_step = '') AND outcome = 'list_page' AND visit_no IS NOT NULL
            AS followed
    FROM told
)
SELECT iif(failed, asked, reached) AS uri, captured, run_no, agency, report_year, whole,
    iif(failed OR followed, outcome, ''), iif(failed OR followed, detail, ''), iif(failed OR followed, next_step, '')
FROM judged WHERE agency <> '' OR report_year IS NOT NULL OR whole <> '' OR failed OR followed
ORDER BY uri, captured, run_no DESC, target_no
"""  # the newest run comes first: its words win


@dataclass(frozen=True, slots=True)
class _Told:
    """What one target says of an address."""

    uri: str
    captured_at: str
    run_no: int
    agency: str
    report_year: int | None
    part_of: str
    outcome: str
    detail: str
    next_step: str


def require_readable(folder: Path) -> None:
    """SourceError `manifest_unreadable` before anything is fetched, where a person left a manifest that is none."""
    for _ in _existing(folder / MANIFEST_NAME):
        pass


def write_manifest(folder: Path, catalogue: Catalogue) -> None:
    """Write the manifest anew, in the place of the old one at once; without a line there is no manifest.

    FetchError `archive_unwritable`; SourceError `manifest_unreadable`: what a person made of it is no CSV.
    """
    path = folder / MANIFEST_NAME
    part = folder / FETCH_FOLDER / f"{MANIFEST_NAME}.part"
    kept = [row for row in _existing(path) if not _is_ours(catalogue, row)]
    more = list(dict.fromkeys(name for row in kept for name in row if name not in _COLUMNS))
    taken = {(row.get("source_uri", ""), iso_utc(row.get("captured_at", ""))) for row in kept}
    # Lines are known as ours before they stand in the folder: a kill in between must not make them a person's.
    with catalogue.transaction():
        catalogue.change("CREATE TEMP TABLE IF NOT EXISTS new_lines (line TEXT PRIMARY KEY) WITHOUT ROWID")
        catalogue.change("DELETE FROM new_lines")
        with writing(path):
            count = _write(part, (*_COLUMNS, *more), kept, _noted(catalogue, _ours(catalogue, taken)))
        catalogue.change("INSERT OR IGNORE INTO manifest_lines SELECT line FROM new_lines")
    with writing(path):
        if count:
            part.replace(path)
        else:
            part.unlink()
            path.unlink(missing_ok=True)
    with catalogue.transaction():
        catalogue.change("DELETE FROM manifest_lines WHERE line NOT IN (SELECT line FROM new_lines)")


def _write(path: Path, columns: tuple[str, ...], *parts: Iterable[dict[str, str]]) -> int:
    """Write the lines; return how many. The mark at the beginning lets spreadsheets read Chinese."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for rows in parts:
            for row in rows:
                writer.writerow(row)
                count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def _ours(catalogue: Catalogue, taken: set[tuple[str, str]]) -> Iterator[dict[str, str]]:
    """Yield our lines by address and moment, but for those of which a person's line speaks."""
    told = (_Told(*_any(row)) for row in catalogue.rows(_TOLD))
    for (uri, captured_at), group in groupby(told, key=lambda one: (one.uri, one.captured_at)):
        row = _joined(list(group))
        address = clean_address(uri)
        if any(row.values()) and (address, iso_utc(captured_at)) not in taken:
            yield {"source_uri": address, "file": "", "captured_at": captured_at, **row}


def _joined(told: list[_Told]) -> dict[str, str]:
    """Return what the targets that ended at one address say together: a contradiction says nothing."""
    newest = told[0]
    part_of = clean_address(_agreed([(one.run_no, one.part_of) for one in told]))
    return {
        "agency": _agreed([(one.run_no, one.agency) for one in told]),
        "report_year": _agreed([(one.run_no, str(one.report_year or "")) for one in told]),
        "part_of": "" if part_of == clean_address(newest.uri) else part_of,
        "outcome": newest.outcome,
        "detail": newest.detail,
        "next_step": newest.next_step,
    }


def _agreed(said: list[tuple[int, str]]) -> str:
    """Return the one word of the newest run that says any, '' where it says two.

    >>> _agreed([(3, ""), (2, "a"), (2, "a"), (1, "b")]), _agreed([(2, "a"), (2, "b")])
    ('a', '')
    """
    newest = max((run_no for run_no, word in said if word), default=0)
    words = {word for run_no, word in said if word and run_no == newest}
    return words.pop() if len(words) == 1 else ""


def _noted(catalogue: Catalogue, rows: Iterable[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Pass our lines on, noting each: the next writing knows it as ours."""
    for row in rows:
        catalogue.change("INSERT OR IGNORE INTO new_lines VALUES (?)", (_identity(row),))
        yield row


def _is_ours(catalogue: Catalogue, row: dict[str, str]) -> bool:
    """Tell whether a line is as we wrote it."""
    more = any(value for name, value in row.items() if name not in _COLUMNS)
    return not more and catalogue.row("SELECT 1 FROM manifest_lines WHERE line = ?", (_identity(row),)) is not None


def _identity(row: dict[str, str]) -> str:
    """Return a line in one spelling."""
    return json.dumps([row.get(name, "") for name in _COLUMNS], ensure_ascii=False)


def _existing(path: Path) -> Iterator[dict[str, str]]:
    """Yield the lines that stand in the folder, by column; those of a spreadsheet too. Nothing where there are none."""
    if not path.exists():
        return
    try:
        with path.open("rb") as data:
            codec = codec_of(data)
        with path.open(encoding=codec or "utf-8", newline="") as file:
            mark = max(",;\t", key=file.readline().count)
            file.seek(0)
            rows = csv.reader(file, delimiter=mark)
            header = [name.strip().lower() for name in next(rows, [])]
            for cells in rows:
                row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
                if any(row.values()):
                    yield row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(
            "manifest_unreadable",
            f"the manifest cannot be read ({error})",
            str(path),
            "Save it as CSV in UTF-8, or move it away.",
        ) from error


def _any(row: tuple[object, ...]) -> tuple[Any, ...]:
    """Return a row as what the query says it is."""
    return row
