"""The archive of a fetch: what was wanted, what was fetched, and how a run that was cut off goes on.

`open_archive` gives it to one writer, `read_archive` to any number of readers. Every visit is written as WARC/1.1
and flushed to the disk before the catalogue tells of it, so that a kill at any moment neither loses nor doubles one.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from corpus.errors import CorpusError
from corpus.manifest import MANIFEST_NAME
from scraper.errors import FetchError
from scraper.records import Reading, Stored, Target, Visit
from scraper.store import frontier, visits
from scraper.store.catalogue import Catalogue, open_catalogue
from scraper.store.cdxj import write_index
from scraper.store.frontier import Run
from scraper.store.layout import FETCH_FOLDER, INDEX_NAME, warc_names
from scraper.store.lock import locked
from scraper.store.manifestfile import require_readable, write_manifest
from scraper.store.reading import read_visit
from scraper.store.rebuild import enter_unknown_files
from scraper.store.records import NOT_MODIFIED, UNCHANGED, visit_group, warcinfo
from scraper.store.texts import clean_address, now, one_line, sha256, warc_moment
from scraper.store.verify import Problem, verify
from scraper.store.view import ArchiveView, read_archive
from scraper.store.warcfiles import WarcFiles, recover

__all__ = [
    "DEFAULT_WARC_BYTES",
    "Archive",
    "ArchiveView",
    "Counts",
    "Problem",
    "Run",
    "RunKind",
    "open_archive",
    "read_archive",
    "verify",
]

DEFAULT_WARC_BYTES = 2**30
"""The size at which a WARC file is full, as the WARC standard recommends (ISO 28500, annex C)."""

RunKind = Literal["live", "wayback", "common_crawl", "folder"]


@dataclass(frozen=True, slots=True)
class Counts:
    """A run in numbers: settled targets by outcome, targets that wait, visits, and how many of them were unchanged."""

    outcomes: tuple[tuple[str, int], ...]
    pending: int
    visits: int
    unchanged: int


@contextmanager
def open_archive(
    folder: Path, *, warc_bytes: int = DEFAULT_WARC_BYTES, software: str = "gongkai", operator: str = ""
) -> Iterator["Archive"]:
    """Open an archive for writing, or make it; `software` and `operator` are written into its files.

    What a killed run left half written is cut off, and WARC files that the catalogue does not know are entered: all
    of them when it was lost. FetchError: `archive_locked`, `archive_unwritable`, `archive_not_ours` (the folder holds
    something else), `archive_damaged`; SourceError `manifest_unreadable`.
    """
    _require_place(folder)
    with locked(folder):
        catalogue, clean = open_catalogue(folder)
        about = {"software": software, "operator": operator, "robots": "obey", "created": now()}
        files = WarcFiles(folder, catalogue, full=warc_bytes, opening=lambda name: warcinfo(name, about))
        try:
            require_readable(folder)
            recover(folder, catalogue)
            entered = enter_unknown_files(folder, catalogue, cut=True)
            archive = Archive(folder, catalogue, files, published=clean and not entered)
            try:
                yield archive
            except BaseException:  # Ctrl-C, or a web archive that asks to wait: what there is can be read all the same
                with suppress(CorpusError):  # the first reason is the one to tell
                    archive.publish()
                raise
            archive.publish()
        finally:
            files.close()
            catalogue.close()


class Archive:
    """An archive that is open for writing, by one thread."""

    def __init__(self, folder: Path, catalogue: Catalogue, files: WarcFiles, *, published: bool) -> None:
        self.folder = folder
        self._published = published
        self._catalogue = catalogue
        self._files = files
        self._run_no = 0
        self._about_run: dict[str, str] = {}

    def begin_run(self, kind: RunKind, plan: str) -> Run:
        """Begin a run, or go on with the unfinished one of the same kind and plan; `plan` digests what was asked."""
        run = frontier.begin_run(self._catalogue, kind, plan)
        self._run_no = run.run_no
        self._about_run = frontier.run_fields(self._catalogue, run.run_no)
        return run

    def finish_run(self) -> None:
        """Write index and manifest, then mark the run as finished: its plan, asked again, begins a new one."""
        self._published = False
        self.publish()
        frontier.finish_run(self._catalogue, self._run_no)

    def publish(self) -> None:
        """Write index and manifest, if anything came since they were written; also done when the archive is closed."""
        if not self._published:
            write_index(self.folder, self._catalogue)
            write_manifest(self.folder, self._catalogue)
            self._published = True

    # What is wanted.

    def add_targets(self, targets: Iterable[Target]) -> list[Target]:
        """Add targets to the run, all or none; return those it did not have, in order."""
        with self._catalogue.transaction():
            return frontier.add_targets(self._catalogue, self._run_no, targets)

    def pending(self) -> Iterator[Target]:
        """Yield the targets that are not settled, in the order they were added, with those added meanwhile."""
        return frontier.pending(self._catalogue, self._run_no)

    def settle(
        self,
        target: Target,
        reading: Reading,
        *,
        final_url: str = "",
        visit_no: int | None = None,
        found: Iterable[Target] = (),
    ) -> list[Target]:
        """Write down what became of a target and add the targets it led to, all or nothing; return the new ones."""
        self._published = False
        with self._catalogue.transaction():
            frontier.settle(self._catalogue, self._run_no, target, reading, final_url, visit_no)
            return frontier.add_targets(self._catalogue, self._run_no, found)

    def settled(self, url: str, captured_at: str = "") -> Reading | None:
        """Return what became of a target of this run, without what it listed; None while it is not settled."""
        return frontier.settled(self._catalogue, self._run_no, url, captured_at)

    # What was fetched.

    def record(self, visit: Visit) -> Stored:
        """Write a visit; once this returns, no kill loses it.

        A body that repeats the newest one of its address is not written again, nor one that the server calls not
        modified (304): both become revisits. A capture of a web archive or a saved page that the archive has, the
        same bytes of the same moment, is returned as it stands, and so is a rendering that came out as the last one.
        ValueError: `visit.moment` is no moment.
        """
        visit = replace(visit, url=clean_address(visit.url), moment=warc_moment(visit.moment))
        draft, profile = self._draft(visit)
        if visit.source in ("wayback", "common_crawl", "folder") and (
            known := visits.same_capture(self._catalogue, draft)
        ):
            return known
        if visit.source == "rendered" and (known := visits.same_rendering(self._catalogue, draft)):
            return known
        return self._write(visit, draft, profile)

    def visited(self, url: str, moment: str = "") -> Stored | None:
        """Return the newest visit of an address in this run; with a moment, that capture of a web archive in any."""
        url = clean_address(url)
        if moment:
            return visits.capture(self._catalogue, url, moment)
        return visits.in_run(self._catalogue, self._run_no, url)

    def led_to(self, url: str, captured_at: str) -> Stored | None:
        """Return the visit at which a capture of a web archive, asked for in whatever run, ended after redirects."""
        visit_no = frontier.ended_at(self._catalogue, url, captured_at)
        return None if visit_no is None else visits.by_number(self._catalogue, visit_no)

    def earlier(self, url: str) -> Stored | None:
        """Return the newest whole answer of an address from another run, to ask whether it still holds."""
        return visits.newest_whole(self._catalogue, clean_address(url), not_in_run=self._run_no)

    def read(self, stored: Stored) -> Visit:
        """Return a visit from its WARC file (see `store.reading.read_visit`)."""
        return read_visit(self.folder, self._catalogue, stored)

    def counts(self) -> Counts:
        """Return the run in numbers."""
        outcomes = dict(frontier.outcome_counts(self._catalogue, self._run_no))
        pending = outcomes.pop("", 0)
        sql = "SELECT count(*), ifnull(sum(record = 'revisit'), 0) FROM visits WHERE run_no = ?"
        made, unchanged = self._catalogue.row(sql, (self._run_no,)) or (0, 0)
        return Counts(tuple(outcomes.items()), pending, int(str(made)), int(str(unchanged)))

    def _draft(self, visit: Visit) -> tuple[Stored, str]:
        """Return the row of a visit before it has a place, and the profile of a revisit."""
        draft = Stored(
            visit_no=0,
            run_no=self._run_no,
            url=visit.url,
            moment=visit.moment,
            source=visit.source,
            record="resource" if visit.status is None else "response",
            status=visit.status,
            media_type=_media_type(visit),
            digest=sha256(visit.body),
            etag=_header(visit, "etag"),
            last_modified=_header(visit, "last-modified"),
            location=_header(visit, "location"),
            truncated=visit.truncated,
            refers_to=None,
            warc="",
            offset=0,
            length=0,
        )
        if visit.source == "live" and visit.status == 304 and (page := self.earlier(visit.url)):
            return replace(
                draft,
                record="revisit",
                media_type=page.media_type,
                digest=page.digest,
                etag=draft.etag or page.etag,
                last_modified=draft.last_modified or page.last_modified,
                refers_to=page.visit_no,
            ), NOT_MODIFIED
        if draft.record == "response" and visit.body and not visit.truncated:
            page = visits.unchanged(self._catalogue, draft)
            if page:
                return replace(draft, record="revisit", refers_to=page.visit_no), UNCHANGED
        return draft, ""

    def _write(self, visit: Visit, draft: Stored, profile: str) -> Stored:
        """Write the records of a visit, then its row."""
        self._published = False
        original = visits.by_number(self._catalogue, draft.refers_to) if draft.refers_to is not None else None
        repeats = (original, visits.record_id_of(self._catalogue, original.visit_no)) if original else None
        group = visit_group(visit, draft.record, fields=self._fields(visit), profile=profile, repeats=repeats)
        place = self._files.append(group.data)
        stored = replace(draft, warc=place.name, offset=place.offset, length=group.length)
        with self._catalogue.transaction():
            visit_no = visits.add_visit(self._catalogue, stored, place.file_no, group.record_id)
            self._catalogue.change("UPDATE files SET committed = ? WHERE file_no = ?", (place.end, place.file_no))
        self._files.count(place)
        return replace(stored, visit_no=visit_no)

    def _fields(self, visit: Visit) -> dict[str, str]:
        """Return what the metadata record of a visit says: of the run, of why it was made, of how."""
        captured = visit.source in ("wayback", "common_crawl")
        target = frontier.target_of(self._catalogue, self._run_no, visit.url, visit.moment if captured else "")
        why = (
            {
                "kind": target.kind,
                "via": target.via,
                "part-of": target.part_of,
                "title": target.title,
                "agency": target.agency,
                "report-year": str(target.report_year or ""),
            }
            if target
            else {}
        )
        # What a catalogue is made from again stands last: nothing may take its name.
        return {**why, **visit.fields, **self._about_run, "source": visit.source}


def _media_type(visit: Visit) -> str:
    """Return the media type that an answer declares, without its parameters."""
    declared = visit.media_type if visit.status is None else _header(visit, "content-type")
    return declared.partition(";")[0].strip().lower()


def _header(visit: Visit, name: str) -> str:
    """Return the first header of a name on one line, '' where there is none."""
    return one_line(next((value for known, value in visit.headers if known.strip().lower() == name), ""))


def _require_place(folder: Path) -> None:
    """Make the folder; FetchError where it holds something that is no archive."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
        ours = FETCH_FOLDER in names or bool(warc_names(folder))
        others = {name for name in names - {MANIFEST_NAME, INDEX_NAME} if not name.startswith(".")}
    except OSError as error:
        code = "archive_not_ours" if folder.exists() and not folder.is_dir() else "archive_unwritable"
        raise FetchError(
            code,
            f"no archive can be kept here ({error.strerror})",
            str(folder),
            "Name a folder that you may write into.",
        ) from error
    if others and not ours:
        raise FetchError(
            "archive_not_ours",
            "the folder holds other files and no archive",
            str(folder),
            "Name a new or an empty folder.",
        )
