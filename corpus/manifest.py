"""Read a `manifest.csv`: what a collector knows of the pages beside it, line by line.

Columns: `source_uri`, `agency`, `report_year`, `captured_at`, and `file`, the path of the page below the
manifest's folder. Without `file`, a `source_uri` that is no web address is itself such a path, and one that
is finds the page that an archive, or the page itself, says was captured there. `part_of` is the address of the
report that a page belongs to; `outcome`, `detail` and `next_step` say what a collector met in place of a page.
"""

import csv
import hashlib
import io
import posixpath
import re
import unicodedata
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.captures import ManifestEntry, iso_utc
from corpus.errors import SourceError
from corpus.failures import OUTCOMES
from corpus.places import Place, look, opened

MANIFEST_NAME = "manifest.csv"

_COLUMNS = ("source_uri", "file", "agency", "report_year", "captured_at")
_COLLECTED = ("part_of", "outcome", "detail", "next_step")  # what collectors write, and people need not
_WEB = re.compile(r"(?i)[a-z][a-z0-9+.-]{0,20}://")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")  # disclosure reports begin with 2004 (Shanghai); plans reach a few years on
WRITE_YEAR = "Write the year that is reported on, such as 2013, or leave the cell empty."
"""What a person does about a cell that is no year."""

_CONTAINERS = (".warc", ".warc.gz", ".wacz")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ManifestRow:
    """One line of a manifest, counted from 1 with the header.

    `file` is '' where only an address is given; `inside` says that the page is one of many in that file.
    """

    line: int
    file: str
    entry: ManifestEntry
    inside: bool


@dataclass(frozen=True, slots=True)
class Manifest:
    """The rows of a manifest in file order, and its entries by path below its folder and by web address."""

    link: "ManifestLink"
    rows: tuple[ManifestRow, ...]
    by_file: Mapping[str, ManifestEntry]
    by_uri: Mapping[str, Sequence[ManifestEntry]]

    @property
    def name(self) -> str:
        """How a reader knows it."""
        return self.link.name

    def entry_for(self, source_uri: str, captured_at: str) -> ManifestEntry | None:
        """Return the entry for an address; where several name it, the one of that moment, else of none, if any."""
        entries = self.by_uri.get(source_uri, ())
        if len(entries) == 1:
            return entries[0]
        at_that_moment = (one for one in entries if one.captured_at and captured_at.startswith(one.captured_at))
        return next(at_that_moment, None) or next((one for one in entries if not one.captured_at), None)


@dataclass(frozen=True, slots=True)
class ManifestLink:
    """A manifest by its place and the digest of its bytes: small enough to travel with each file that it may know."""

    path: Place
    name: str
    digest: str

    def entry_for(self, source_uri: str, captured_at: str) -> ManifestEntry | None:
        """As Manifest.entry_for."""
        return self._read().entry_for(source_uri, captured_at)

    def entries(self, source_uri: str) -> Sequence[ManifestEntry]:
        """Return all that is said of an address."""
        return self._read().by_uri.get(source_uri, ())

    def _read(self) -> Manifest:
        """Return the manifest, read once for many files; SourceError (`manifest_changed`) where it is another now."""
        manifest = _READ.get(self)
        if manifest is None:
            manifest = read_manifest(self.path, self.name)
        if manifest.link != self:
            words = "the manifest was changed while it was in use"
            raise SourceError("manifest_changed", words, self.name, "Run it again when the manifest stays as it is.")
        return manifest


_READ: OrderedDict[ManifestLink, Manifest] = OrderedDict()
_READ_AT_MOST = 16  # manifests that are kept: files are read folder by folder


def read_manifest(path: Place, name: str) -> Manifest:
    """Read a manifest; `name` is how a reader knows it.

    SourceError: `manifest_unreadable` (cannot be opened, is no text or no CSV), `manifest_columns` (neither
    `source_uri` nor `file` in the header), `manifest_year`, `manifest_date` and `manifest_outcome` (a cell that is
    none), `manifest_conflict` (one page on two lines with different words).
    """
    data = _bytes(path, name)
    rows = tuple(_rows(_text(data, name), name))
    by_file: dict[str, ManifestEntry] = {}
    by_uri: dict[str, list[ManifestEntry]] = {}
    first: dict[str, ManifestRow] = {}
    for row in rows:
        entry = row.entry
        if row.file and not row.inside:
            _claim(first, row.file, row, name)
            by_file.setdefault(row.file, entry)
        elif _claim(first, f"{entry.source_uri} {entry.captured_at}", row, name):
            by_uri.setdefault(entry.source_uri, []).append(entry)
    for row in rows:
        if row.entry.source_uri not in by_uri and is_web_address(row.entry.source_uri):
            by_uri[row.entry.source_uri] = [row.entry]
    manifest = Manifest(ManifestLink(path, name, hashlib.sha256(data).hexdigest()), rows, by_file, by_uri)
    _READ[manifest.link] = manifest
    while len(_READ) > _READ_AT_MOST:
        _READ.popitem(last=False)
    return manifest


def year_of(cell: str) -> int | None:
    """Return the year in a cell, full-width and with 年 too, None for an empty one; ValueError for what is none.

    >>> year_of("２０１３年"), year_of("")
    (2013, None)
    """
    year = unicodedata.normalize("NFKC", cell).removesuffix("年")
    if year and not YEAR.fullmatch(year):
        raise ValueError(f"{cell!r} is no year")
    return int(year) if year else None


def file_key(path: str) -> str:
    r"""Return a path below the manifest's folder in one spelling: forward slashes, composed characters.

    >>> file_key(".\\2013\\page.html")
    '2013/page.html'
    """
    return posixpath.normpath(unicodedata.normalize("NFC", path).replace("\\", "/")).lstrip("/")


def is_web_address(source_uri: str) -> bool:
    """Tell an address (`https://…`) from a path."""
    return bool(_WEB.match(source_uri))


def _bytes(path: Place, name: str) -> bytes:
    try:
        if look(path).kind == "other":  # a pipe waits for a writer, a device never ends
            raise SourceError(
                "manifest_unreadable", "the manifest is no regular file", name, "Put a CSV file in its place."
            )
        with opened(path) as stream:
            return stream.read()
    except OSError as error:
        raise SourceError(
            "manifest_unreadable",
            f"the manifest cannot be opened ({error.strerror})",
            name,
            "Make it readable or take it away.",
        ) from error


def _text(data: bytes, name: str) -> str:
    """Return the manifest as text: UTF-8 with or without mark, UTF-16 with one, else GB18030."""
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
        columns = {column: header.index(column) for column in (*_COLUMNS, *_COLLECTED) if column in header}
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
    try:
        year = year_of(cells.get("report_year", ""))
    except ValueError as error:
        raise SourceError("manifest_year", str(error), f"{name}, line {line}, column report_year", WRITE_YEAR) from None
    captured_at = iso_utc(cells.get("captured_at", ""))
    if cells.get("captured_at") and not captured_at:
        raise SourceError(
            "manifest_date",
            f"{cells['captured_at']!r} is no date",
            f"{name}, line {line}, column captured_at",
            "Write it as 2013-02-25 or 2013-02-25T01:02:03Z, or leave the cell empty.",
        )
    outcome = cells.get("outcome", "")
    if outcome and outcome not in OUTCOMES:
        raise SourceError(
            "manifest_outcome",
            f"{outcome!r} is no outcome of coverage",
            f"{name}, line {line}, column outcome",
            f"Write one of {', '.join(OUTCOMES)}, or leave the cell empty.",
        )
    uri, file = cells.get("source_uri", ""), cells.get("file", "")
    if not file and not is_web_address(uri):
        file = uri
    collected = (cells.get(column, "") for column in _COLLECTED)
    entry = ManifestEntry(uri, cells.get("agency", ""), year, captured_at, *collected)
    inside = is_web_address(uri) and file.lower().endswith(_CONTAINERS)
    return ManifestRow(line, file_key(file) if file else "", entry, inside)


def _claim(first: dict[str, ManifestRow], key: str, row: ManifestRow, name: str) -> bool:
    """Enter a page under its key; False where it stands there already, with the same words."""
    known = first.setdefault(key, row)
    if known.entry != row.entry:
        raise SourceError(
            "manifest_conflict",
            f"{key} stands on two lines with different words",
            f"{name}, lines {known.line} and {row.line}",
            "Keep the line that is right.",
        )
    return known is row
