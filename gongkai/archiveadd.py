"""Saved pages → archive: each becomes a WARC record, under its address and the moment it was saved."""

import hashlib
import mimetypes
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from corpus.archive import MAX_PAGE_BYTES, SourceFile, is_container, plan_sources, read_plan_files
from corpus.captures import Capture, utc_text
from corpus.manifest import is_web_address
from corpus.sniff import HEAD_BYTES, sniff
from gongkai.archiveledger import read_capture, target_of
from gongkai.build import Watch, page_bytes
from gongkai.errors import SourceError
from gongkai.pagereader import PageReader
from gongkai.versions import gongkai_version
from scraper.archive import Archive, open_archive, read_archive
from scraper.records import Target, Visit
from scraper.store.layout import FETCH_FOLDER

_KEPT = frozenset({"attachment_only", "image_only", "undecodable"})
"""Outcomes of files that are no pages, and are kept as they are: a person may want to read them."""

_NO_KIND = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the files: records written, pages that were in the archive, outcomes of all of them.

    `containers` are WARC files and the like, which are not taken apart.
    """

    written: int
    known: int
    outcomes: tuple[tuple[str, int], ...]
    containers: tuple[str, ...]


def add_folders(archive: Path, folders: Sequence[Path], *, watch: Watch | None = None) -> Added:
    """Add the saved pages of folders, or single ones, to an archive, which is made where there is none.

    Each is read as `gongkai build` reads it, and its outcome noted. What was added before is not added again, nor are
    pages that cannot be read: the archive's manifest.csv says of them what was seen. An interrupted call, made again,
    goes on. SourceError, FetchError: a source or the archive cannot be used.
    """
    for folder in folders:
        if folder.resolve().is_relative_to(archive.resolve()) or archive.resolve().is_relative_to(folder.resolve()):
            raise SourceError(
                "inside_archive",
                "the pages to add lie in the archive, or the archive among them",
                str(folder),
                "Name a folder beside the archive.",
            )
    plan = plan_sources(folders)
    containers = tuple(file.uri for file in plan.files if is_container(file))
    plan = replace(plan, files=tuple(file for file in plan.files if file.uri not in set(containers)))
    known, last_visit = _known(archive)
    with open_archive(archive, software=f"gongkai/{gongkai_version()}") as opened:
        opened.begin_run("folder", _digest(*(file.uri for file in plan.files)))
        adding = _Adding(opened, known, last_visit)
        if watch:
            watch.begin(len(plan.files), page_bytes(plan))
        for file, capture in read_plan_files(plan):
            adding.take(file, capture)
            if watch:
                watch.page(len(capture.data))
        opened.finish_run()
    return Added(adding.written, adding.known, tuple(sorted(adding.outcomes.items())), containers)


class _Adding:
    """One run of adding, and what came of it so far."""

    def __init__(self, archive: Archive, known: dict[str, str], last_visit: int) -> None:
        self.written = self.known = 0
        self.outcomes: Counter[str] = Counter()
        self._archive = archive
        self._last_visit = last_visit
        self._known = known
        self._reader = PageReader()

    def take(self, file: SourceFile | None, capture: Capture) -> None:
        """Read one page, write it where it is new, and note what it is."""
        block = _block(file, capture)
        url = address_of(capture.source_uri)
        mark = _digest(url, hashlib.sha256(block[0]).hexdigest()) if block else ""
        moment = capture.captured_at or self._known.get(mark) or (_file_time(file) if file else "")
        told = target_of(capture)
        target = Target(url, told.kind, told.agency, told.report_year, part_of=told.part_of, captured_at=moment)
        reading = read_capture(self._reader, capture, told)
        self.outcomes[reading.outcome] += 1
        if reading.outcome != "duplicate":  # a link to a page that comes under its own name
            self._archive.settle(target, reading, visit_no=self._write(target, block, mark) if block else None)

    def _write(self, target: Target, block: tuple[bytes, str], mark: str) -> int:
        data, media_type = block
        fields = {
            "kind": target.kind,
            "part-of": target.part_of,
            "agency": target.agency,
            "report-year": str(target.report_year or ""),
        }
        visit = Visit(target.url, target.captured_at, "folder", None, body=data, media_type=media_type, fields=fields)
        stored = self._archive.record(visit)
        is_new = stored.visit_no > self._last_visit  # else it is one that the archive had
        self.written += is_new
        self.known += not is_new
        self._last_visit = max(self._last_visit, stored.visit_no)
        self._known.setdefault(mark, stored.moment)
        return stored.visit_no


def address_of(source_uri: str) -> str:
    """Return the address of a page, made from its path below the folder where nobody noted one.

    >>> address_of("https://www.example.gov.cn/a.html"), address_of("pages/2013 a.html")
    ('https://www.example.gov.cn/a.html', 'file:///pages/2013%20a.html')
    """
    return source_uri if is_web_address(source_uri) else f"file:///{quote(source_uri)}"


def _block(file: SourceFile | None, capture: Capture) -> tuple[bytes, str] | None:
    """Return the bytes to keep and their media type; None where there are none, or none worth it."""
    if capture.failure is None:
        raw = _raw(file) if file and capture.media_type else b""
        if sniff(raw[:HEAD_BYTES]).kind == "mhtml":  # the page with all it shows
            return raw, "multipart/related"
        return capture.data, _media_type(capture)
    if file is None or capture.failure[0] not in _KEPT or file.size > MAX_PAGE_BYTES:
        return None
    guessed, packed = mimetypes.guess_type(file.path.name)
    is_document = bool(guessed and guessed.startswith("application/") and not packed)
    return _raw(file), guessed if guessed and is_document else _NO_KIND


def _media_type(capture: Capture) -> str:
    media_type = capture.media_type or (
        "text/plain" if sniff(capture.data[:HEAD_BYTES]).kind == "text" else "text/html"
    )
    return f"{media_type}; charset={capture.charset}" if capture.charset else media_type


def _raw(file: SourceFile) -> bytes:
    try:
        with file.path.open("rb") as stream:
            return stream.read(MAX_PAGE_BYTES + 1)
    except OSError:  # it was there a moment ago: what was read of it is kept
        return b""


def _file_time(file: SourceFile) -> str:
    try:
        seconds = int(file.path.stat().st_mtime)
    except OSError:  # as above
        seconds = int(time.time())
    return utc_text(datetime.fromtimestamp(seconds, UTC))


def _known(archive: Path) -> tuple[dict[str, str], int]:
    """The pages that were added before, by address and bytes, with the moment of each: some 250 bytes a page.

    With them comes the number of the last visit of the archive.
    """
    known: dict[str, str] = {}
    last = 0
    if (archive / FETCH_FOLDER).is_dir():
        with read_archive(archive) as view:
            for stored in view.visits():
                last = max(last, stored.visit_no)
                if stored.source == "folder":
                    known.setdefault(_digest(stored.url, stored.digest), stored.moment)
    return known, last


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
