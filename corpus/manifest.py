"""Read a `manifest.csv`: what a collector knows of the pages beside it, line by line.

Columns: `source_uri`, `agency`, `report_year`, `captured_at`, and `file`, the path of the page below the
manifest's folder. Without `file`, a `source_uri` that is no web address is itself such a path, and one that
is finds the page that an archive, or the page itself, says was captured there.
"""

import csv
import io
import posixpath
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.captures import ManifestEntry, iso_utc
from corpus.errors import SourceError

MANIFEST_NAME = "manifest.csv"

_COLUMNS = ("source_uri", "file", "agency", "report_year", "captured_at")
_WEB = re.compile(r"(?i)[a-z][a-z0-9+.-]{0,20}://")
_YEAR = re.compile(
    r"(?:19|20)[0-9]{2}"
)  # disclosure reports begin with 2004 (Shanghai); plans reach a few years on
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One line of a manifest, counted from 1 with the header; `file` is '' where only an address is given."""

    line: int
    file: str
    entry: ManifestEntry


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of a manifest in file order, and its entries by path below its folder and by web address."""

    name: str
    rows: tuple[ManifestRow, ...]
    by_file: Mapping[str, ManifestEntry]
    by_uri: Mapping[str, ManifestEntry]


def read_manifest(path: Path, name: str) -> Manifest:
    """Read a manifest; `name` is how a reader knows it.

    SourceError: `manifest_unreadable` (cannot be opened, is no text or no CSV), `manifest_columns` (neither
    `source_uri` nor `file` in the header), `manifest_year` and `manifest_date` (a cell that is none),
    `manifest_conflict` (one page on two lines with different words).
    """
    rows = tuple(_rows(_text(path, name), name))
    by_file: dict[str, ManifestEntry] = {}
    by_uri: dict[str, ManifestEntry] = {}
    first: dict[str, int] = {}
    for row in rows:
        if row.file:
            _claim(by_file, row.file, row, first, name)
        if _WEB.match(row.entry.source_uri):
            if row.file:
                by_uri.setdefault(row.entry.source_uri, row.entry)
            else:
                _claim(by_uri, row.entry.source_uri, row, first, name)
    return Manifest(name, rows, by_file, by_uri)


def file_key(path: str) -> str:
    r"""Return a path below the manifest's folder in one spelling: forward slashes, composed characters.

    >>> file_key(".\\2013\\page.html")
    '2013/page.html'
    """
    return posixpath.normpath(unicodedata.normalize("NFC", path).replace("\\", "/")).lstrip("/")


def is_web_address(source_uri: str) -> bool:
    """Tell an address (`https://…`) from a path."""
    return bool(_WEB.match(source_uri))


def _text(path: Path, name: str) -> str:
    """Return the manifest as text: UTF-8 with or without mark, UTF-16 with one, else GB18030."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(
            "manifest_unreadable",
            f"the manifest cannot be opened ({error.strerror})",
            name,
            "Make it readable or take it away.",
        ) from error
    for codec in ("utf-16",) if data.startswith(_UTF16_MARKS) else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    raise SourceError(
        "manifest_unreadable",
        "the manifest is neither UTF-8 nor GB18030 text",
        name,
        "Save it as CSV in UTF-8.",
    )


def _rows(text: str, name: str) -> Iterator[ManifestRow]:
    """Yield the lines that say something."""
    head = text.split("\n", 1)[0]
    mark = max(",;\t", key=head.count)  # spreadsheets write ; or tabs in some countries' settings
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        columns = {column: header.index(column) for column in _COLUMNS if column in header}
        if not {"source_uri", "file"} & columns.keys():
            raise SourceError(
                "manifest_columns",
                "the manifest has neither a column source_uri nor a column file",
                f"{name}, line 1",
                f"Name its columns {', '.join(_COLUMNS)}.",
            )
        for cells in reader:
            row = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
            if row.get("source_uri") or row.get("file"):
                yield _row(row, reader.line_num, name)
    except csv.Error as error:
        raise SourceError(
            "manifest_unreadable",
            f"the manifest is no CSV ({error})",
            f"{name}, line {reader.line_num}",
            "Save it as CSV in UTF-8.",
        ) from error


def _row(cells: Mapping[str, str], line: int, name: str) -> ManifestRow:
    """Return one line as a row, its year and date checked."""
    year = unicodedata.normalize("NFKC", cells.get("report_year", "")).removesuffix("年")
    if year and not _YEAR.fullmatch(year):
        raise SourceError(
            "manifest_year",
            f"{cells['report_year']!r} is no year",
            f"{name}, line {line}, column report_year",
            "Write the year that is reported on, such as 2013, or leave the cell empty.",
        )
    captured_at = iso_utc(cells.get("captured_at", ""))
    if cells.get("captured_at") and not captured_at:
        raise SourceError(
            "manifest_date",
            f"{cells['captured_at']!r} is no date",
            f"{name}, line {line}, column captured_at",
            "Write it as 2013-02-25 or 2013-02-25T01:02:03Z, or leave the cell empty.",
        )
    uri, file = cells.get("source_uri", ""), cells.get("file", "")
    if not file and not is_web_address(uri):
        file = uri
    entry = ManifestEntry(uri, cells.get("agency", ""), int(year) if year else None, captured_at)
    return ManifestRow(line, file_key(file) if file else "", entry)


def _claim(
    entries: dict[str, ManifestEntry],
    key: str,
    row: ManifestRow,
    first: dict[str, int],
    name: str,
) -> None:
    """Enter a page under its key; a second line may repeat the first, not contradict it."""
    known = entries.setdefault(key, row.entry)
    line = first.setdefault(key, row.line)
    if (known.agency, known.report_year, known.source_uri) != (
        row.entry.agency,
        row.entry.report_year,
        row.entry.source_uri,
    ):
        raise SourceError(
            "manifest_conflict",
            f"{key} stands on two lines with different words",
            f"{name}, lines {line} and {row.line}",
            "Keep the line that is right.",
        )
