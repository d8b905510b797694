"""What the user wants fetched: addresses from the command line, from lists of addresses, from CSV files.

A source is an http(s) address, the name of a file, or `-` for standard input. A file holds one address a line (`#`
begins a comment), or is CSV with a header line: `url`, and what is known of the page: `agency`, `report_year`, `kind`.
"""

import csv
import io
import re
import shutil
import sqlite3
import sys
import tempfile
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, get_args

from corpus.manifest import WRITE_YEAR, YEAR, year_of
from scraper.discover.hrefs import encoded
from scraper.errors import FetchError
from scraper.records import Target, TargetKind
from scraper.store.texts import codec_of

STANDARD_INPUT = "-"

_COLUMNS = {
    "url": ("url", "网址", "链接", "link", "address", "source_uri"),
    "agency": ("agency", "机构", "单位"),
    "report_year": ("report_year", "year", "年份", "年度"),
    "kind": ("kind",),
}
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,20}):", re.IGNORECASE)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_EDGES = " \t\r\n\f\v\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff\"'<>“”‘’《》「」"
_INNER = re.compile(r"[\s\x00-\x1f\x7f]")
_CHUNK = 1 << 20
_WRITE = "Write it as http://… or https://…"


def read_targets(sources: Sequence[str], *, kind: TargetKind = "page") -> Iterator[Target]:
    """Yield what the sources name, in their order and each address once; `kind` where a line does not say.

    Lines are read as they are needed; the addresses are remembered on the disk. FetchError: `bad_address`,
    `targets_unreadable` (a source cannot be opened, is no text or no CSV), `targets_columns` (no column of addresses,
    or columns without a header), `targets_year`, `targets_kind` (a cell that is none), `targets_conflict` (an address
    on two lines with different words), `no_address` (nothing in any source).
    """
    n_targets = 0
    with closing(_Known()) as known:
        for source in sources:
            for target, where in _targets(source, kind):
                double = known.enter(target, where)
                if double is None:
                    n_targets += 1
                    yield target
                elif not double.same:
                    raise FetchError(
                        "targets_conflict",
                        f"{target.url} stands in two places with different words",
                        f"{double.place}; {where}",
                        "Keep the line that is right.",
                    )
    if not n_targets:
        raise FetchError(
            "no_address", "no address to fetch", ", ".join(sources) or "no source", "Name a page or a list."
        )


def clean_address(text: str, *, where: str = "") -> str:
    """An address as people write it, in the characters that go over the wire; FetchError `bad_address` for none.

    White space and quotes around it and the fragment are dropped, full-width `：／／` and host are made plain, other
    characters percent-encoded in UTF-8; what is percent-encoded already (GBK as well) stays as it is.

    >>> clean_address("　ｈｔｔｐ：／／www.Example.gov.cn/年报.html#top ")
    'http://www.example.gov.cn/%E5%B9%B4%E6%8A%A5.html'
    """
    shown = text.strip(_EDGES)
    url = _plain_head(shown)
    scheme = _SCHEME.match(url)
    if not url or not scheme or (not _WEB.match(url) and "/" not in url[: scheme.end() + 1]):
        raise _bad("the address does not say how to ask for it", shown, where, _WRITE)
    if not _WEB.match(url):
        raise _bad(f"{scheme[1]} is not fetched", shown, where, "Only http and https addresses are.")
    if _INNER.search(url):
        raise _bad("white space inside an address", shown, where, "Write one address a line; a blank in one is %20.")
    try:
        clean = encoded(url.partition("#")[0])
    except ValueError:
        raise _bad("the address names no host that can be asked", shown, where, _WRITE) from None
    if "@" in clean.split("/", 3)[2]:
        raise _bad(
            "the address holds a user name",
            f"…@{clean.split('@', 1)[1]}",
            where,
            "Leave it out: the archive would show it to all.",
        )
    return clean


@dataclass(frozen=True, slots=True)
class _Double:
    """A target that was there before: whether all its words are the same, and where it stood first."""

    same: bool
    place: str


class _Known:
    """The addresses that were read, in a temporary file: a list of a whole country takes no memory. To be closed."""

    def __init__(self) -> None:
        self._base = sqlite3.connect("", isolation_level=None)
        self._base.executescript(_KNOWN)

    def enter(self, target: Target, where: str) -> _Double | None:
        """Enter a target; where its address is known already, say of what."""
        words = repr((target.kind, target.agency, target.report_year))
        if self._base.execute("INSERT OR IGNORE INTO known VALUES (?, ?, ?)", (target.url, words, where)).rowcount:
            return None
        first = self._base.execute("SELECT words = ?, place FROM known WHERE url = ?", (words, target.url)).fetchone()
        return _Double(bool(first[0]), first[1])

    def close(self) -> None:
        """Forget all."""
        self._base.close()


# Nothing of it is needed after a crash, so nothing is written twice.
_KNOWN = """
PRAGMA journal_mode = OFF;
CREATE TABLE known (url TEXT PRIMARY KEY, words TEXT, place TEXT) WITHOUT ROWID;
BEGIN;
"""


def _bad(what: str, shown: str, where: str, next_step: str) -> FetchError:
    return FetchError("bad_address", what, f"{where}: {shown[:200]!r}" if where else repr(shown[:200]), next_step)


def _plain_head(text: str) -> str:
    """The address with scheme and host in plain characters: full-width letters may well belong to a file's name."""
    text = text.replace("\\", "/")
    head = re.match(r"[^/／?？#＃]{0,30}[:：][/／]{2}[^/／?？#＃]{0,300}", text)
    if not head:
        return text
    rest = text[head.end() :]
    return (
        unicodedata.normalize("NFKC", head[0]).replace("。", ".") + unicodedata.normalize("NFKC", rest[:1]) + rest[1:]
    )


def _targets(source: str, kind: TargetKind) -> Iterator[tuple[Target, str]]:
    """Each target of one source, with the place where it stands."""
    if _SCHEME.match(_plain_head(source.strip(_EDGES))) and not Path(source).exists():
        yield Target(clean_address(source), kind), source
        return
    name = "standard input" if source == STANDARD_INPUT else source
    with _lines(source, name) as lines:
        try:
            yield from _rows(lines, name, kind)
        except csv.Error as error:
            raise _unreadable(f"the list is no CSV ({error})", name) from error


@contextmanager
def _lines(source: str, name: str) -> Iterator[IO[str]]:
    """The text of a source, whatever charset it is in; only a piece of it is in memory at a time."""
    with _opened(source, name) as data:
        codec = codec_of(data)
        if not codec:
            raise _unreadable("the list is neither UTF-8 nor GB18030 text", name, "Save it as text in UTF-8.")
        data.seek(0)
        yield io.TextIOWrapper(data, encoding=codec, newline="")


@contextmanager
def _opened(source: str, name: str) -> Iterator[IO[bytes]]:
    """The bytes of a source, from which they can be read twice: once for the charset. Standard input is kept for it."""
    with tempfile.SpooledTemporaryFile(max_size=_CHUNK) as kept:
        if source == STANDARD_INPUT:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield kept
            return
        try:
            file = Path(source).open("rb")  # noqa: SIM115  only opening may fail here, not what is done with it
        except OSError as error:
            what = f"the source is neither an address nor a file that can be opened ({error.strerror})"
            raise _unreadable(what, name, _WRITE) from error
        with file:
            yield file


def _unreadable(what: str, name: str, next_step: str = "Save it as CSV in UTF-8.") -> FetchError:
    return FetchError("targets_unreadable", what, name, next_step)


def _rows(lines: IO[str], name: str, kind: TargetKind) -> Iterator[tuple[Target, str]]:
    """Rows below a header line, or lines that are an address each."""
    passed, first = _first_line(lines)
    columns, mark = _header(first)
    if columns:
        reader = csv.reader(lines, delimiter=mark)
        for cells in reader:
            row = {key: cells[at].strip() if at < len(cells) else "" for key, at in columns.items()}
            if row["url"] and not row["url"].startswith("#"):
                where = f"{name}, line {passed + reader.line_num}"
                yield _target(row, kind, where), where
        return
    for number, line in enumerate([first, *()] if first else [], passed):
        yield from _line(line, name, number, kind)
    for number, line in enumerate(lines, passed + 1):
        yield from _line(line, name, number, kind)


def _first_line(lines: IO[str]) -> tuple[int, str]:
    """The first line that says something, and its number from 1; '' where there is none."""
    number = 0
    for number, line in enumerate(lines, 1):
        if line.strip(_EDGES) and not line.lstrip(_EDGES).startswith("#"):
            return number, line
    return number, ""


def _header(line: str) -> tuple[dict[str, int], str]:
    """Where the columns stand and what parts them; {} for a line that is no header."""
    mark = max(",;\t", key=line.count)  # spreadsheets write ; or tabs in some countries' settings
    cells = [cell.strip(_EDGES).lower() for cell in line.split(mark)]
    columns = {
        column: next(at for at, cell in enumerate(cells) if cell in names)
        for column, names in _COLUMNS.items()
        if any(cell in names for cell in cells)
    }
    if columns and "url" not in columns:
        raise FetchError("targets_columns", "the header names no column url", line.strip()[:200], "Name it url.")
    return columns, mark


def _line(line: str, name: str, number: int, kind: TargetKind) -> Iterator[tuple[Target, str]]:
    words = line.strip(_EDGES)
    if not words or words.startswith("#"):
        return
    where = f"{name}, line {number}"
    cells = re.split("[,;\t，]", words)
    if len(cells) > 1 and any(YEAR.fullmatch(cell.strip()) or not cell.isascii() for cell in cells[1:]):
        raise FetchError(
            "targets_columns", "columns without a header line", where, "Put url,agency,report_year above them."
        )
    yield Target(clean_address(words, where=where), kind), where


def _target(row: dict[str, str], kind: TargetKind, where: str) -> Target:
    """One row as a target, its cells checked."""
    try:
        year = year_of(row.get("report_year", ""))
    except ValueError as error:
        raise FetchError("targets_year", str(error), f"{where}, column report_year", WRITE_YEAR) from None
    said = row.get("kind", "")
    if said and said not in _KINDS:
        raise FetchError(
            "targets_kind", f"{said!r} is no kind", f"{where}, column kind", f"One of {', '.join(_KINDS)}."
        )
    address = clean_address(row["url"], where=f"{where}, column url")
    return Target(address, _KINDS.get(said, kind), row.get("agency", ""), year)


# What a user may want an address as; parts and attachments are found, not asked for.
_KINDS: dict[str, TargetKind] = {kind: kind for kind in get_args(TargetKind) if kind in ("page", "list", "sitemap")}
