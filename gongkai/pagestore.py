"""The bytes of a dataset's pages, kept beside the explorer's index: read from the archives once, packed, in one file.

The dataset itself holds no page. What is kept is found by its digest, so that it can never be another page's.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from corpus.archive import plan_sources, read_plan
from corpus.captures import Capture
from corpus.errors import SourceError
from corpus.sources import SourcePlan
from gongkai.counting import Count
from gongkai.sourceplaces import remembered
from outputs.directory import RUN_FILE
from outputs.explorer.index.place import fingerprint, homes, is_of, made_whole, only_maker, stamp

PAGES_FILE = "pages.db"

_LEVEL = 3
"""How hard pages are packed: to a fifth or so, faster than most disks are read."""

_FOLDERS_ABOVE = 3
"""Folders above the dataset's in which a source is looked for: further up, a name is another thing's."""

_LAYOUT = 1
"""Version of the file's tables."""

_FOR_LOADING = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA locking_mode = EXCLUSIVE")
_TABLES = (
    "CREATE TABLE pages (capture_id TEXT PRIMARY KEY, media_type TEXT, charset TEXT, packed BLOB)",
    "CREATE TABLE sources (name TEXT, path TEXT, n_bytes INTEGER)",
)


class StoredPage(NamedTuple):
    """A page with what its archive's transport declares of it: what it was read with."""

    data: bytes
    media_type: str
    charset: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the dataset: its name as the dataset or the user gives it, and where it is, None for nowhere."""

    name: str
    path: Path | None


def open_pages(folder: Path, sources: Sequence[Source], watch: Count | None) -> Path:
    """Return the file with the pages of a dataset; the sources are read where it is not there or lacks any.

    `watch` hears of the pages that are kept, where there is something to read. Raises DatasetError (`cannot_write`).
    """
    mark = fingerprint(folder) ^ _LAYOUT
    for home in homes(folder):
        if is_of(home / PAGES_FILE, mark) and not _may_gain(home / PAGES_FILE, folder, sources):
            return home / PAGES_FILE
    with only_maker(folder) as home:
        target = home / PAGES_FILE
        if not is_of(target, mark) or _may_gain(target, folder, sources):
            _make(folder, target, mark, sources, watch)
        return target


def stored_page(file: Path, capture_id: str) -> StoredPage | None:
    """Return a page, None where it is not kept. Raises ValueError where its bytes cannot be unpacked."""
    with closing(_reading(file)) as base:
        row = base.execute(
            "SELECT packed, media_type, charset FROM pages WHERE capture_id = ?", (capture_id,)
        ).fetchone()
    if row is None:
        return None
    try:
        return StoredPage(zlib.decompress(row[0]), row[1], row[2])
    except zlib.error as error:
        raise ValueError(str(error)) from error


def sources_of(folder: Path) -> list[Source]:
    """Return the sources that a dataset was built from, found as far as they can be.

    They are looked for where they lay when it was built. A dataset that was moved names them as they were given, of an
    absolute path the last part only: then where we are, in the dataset's folder and in those right above it.
    """
    places = [Path(), folder, *folder.resolve().parents[:_FOLDERS_ABOVE]]
    names = run_of(folder)["sources"]
    kept = remembered(folder)
    if len(kept) != len(names) or not all(map(_is_called, kept, names)):  # of another run
        kept = []
    found = []
    for no, name in enumerate(names):
        there = chain(kept[no : no + 1], (place / name for place in places))
        found.append(Source(name, next((path for path in there if path.exists()), None)))
    return found


def _is_called(path: Path, name: str) -> bool:
    """Whether a source may be the one of that name; `.` and `..` are names of any folder."""
    return Path(name).name in ("", "..", path.name)


def run_of(folder: Path) -> dict[str, Any]:
    """Return what a dataset says of its own making."""
    content: dict[str, Any] = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
    return content


def _plan(sources: Sequence[Source]) -> SourcePlan | None:
    """The plan to read what is there; None where nothing can be read."""
    there = [source.path for source in sources if source.path is not None]
    try:
        return plan_sources(there) if there else None
    except SourceError:
        return None


def _may_gain(file: Path, folder: Path, sources: Sequence[Source]) -> bool:
    """Whether pages are lacking, and the sources are not those that have been read for them."""
    with closing(_reading(file)) as base:
        n_pages = base.execute("SELECT count(*) FROM pages").fetchone()[0]
        read = base.execute("SELECT name, path, n_bytes FROM sources").fetchall()
    if n_pages == len(_wanted(folder)):
        return False
    plan = _plan(sources)
    return plan is not None and read != _described(sources, plan)


def _wanted(folder: Path) -> dict[str, tuple[str, str]]:
    """The pages of the dataset's reports: address and time of the capture that each was read from."""
    columns = ("capture_id", "source_uri", "captured_at")
    table = pq.read_table(folder / "reports.parquet", columns=list(columns))
    ids, addresses, times = (table[name].to_pylist() for name in columns)
    return {one: (address, time or "") for one, address, time in zip(ids, addresses, times, strict=True)}


def _described(sources: Sequence[Source], plan: SourcePlan | None) -> list[tuple[str, str, int]]:
    n_bytes = plan.total_bytes if plan else 0
    return [(source.name, str(source.path.resolve()) if source.path else "", n_bytes) for source in sources]


def _make(folder: Path, target: Path, mark: int, sources: Sequence[Source], watch: Count | None) -> None:
    plan = _plan(sources)
    with made_whole(target) as unfinished, _writing(unfinished) as base:
        for statement in _TABLES:
            base.execute(statement)
        if is_of(target, mark):
            base.execute("ATTACH ? AS old", (str(target),))
            base.execute("BEGIN")
            base.execute("INSERT INTO pages SELECT * FROM old.pages")
        else:
            base.execute("BEGIN")
        _read(base, folder, plan, watch)
        base.executemany("INSERT INTO sources VALUES (?, ?, ?)", _described(sources, plan))
        stamp(base, mark)
        base.execute("COMMIT")


def _read(base: sqlite3.Connection, folder: Path, plan: SourcePlan | None, watch: Count | None) -> None:
    """Keep the wanted pages. Of captures with the same bytes the one counts that the report was read from."""
    wanted = _wanted(folder)
    if plan is None:
        return
    if watch:
        watch.begin(len(wanted))
    for capture in read_plan(plan, max_page_bytes=run_of(folder)["max_page_bytes"]):
        if capture.failure is not None or capture.capture_id not in wanted:
            continue
        is_it = wanted[capture.capture_id] == (capture.source_uri, capture.captured_at)
        _keep(base, capture, instead=is_it)
        if is_it:
            del wanted[capture.capture_id]
            if watch:
                watch.more(1)
        if not wanted:
            break


def _keep(base: sqlite3.Connection, capture: Capture, *, instead: bool) -> None:
    how = "REPLACE" if instead else "IGNORE"
    row = (capture.capture_id, capture.media_type, capture.charset, zlib.compress(capture.data, _LEVEL))
    base.execute(f"INSERT OR {how} INTO pages VALUES (?, ?, ?, ?)", row)


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)


@contextmanager
def _writing(file: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        for setting in _FOR_LOADING:
            base.execute(setting)
        yield base
