"""Enter WARC files into the catalogue that it does not know: all of them when it was lost, or files put in by hand.

What was wanted and not yet fetched cannot be made anew; the runs that are found count as finished, so that the next
one asks again instead of taking their answers for its own. Records of other programs are visits of run 0.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper.errors import FetchError
from scraper.records import Stored
from scraper.store import visits
from scraper.store.catalogue import Catalogue
from scraper.store.layout import OWN_NAME, warc_names
from scraper.store.members import ANSWERS, Broken, Record, read_records
from scraper.store.reading import parse_answer
from scraper.store.texts import clean_address, sha256, warc_moment

_WEB = ("http://", "https://", "file:")
_SOURCES = frozenset({"live", "wayback", "common_crawl", "folder", "rendered"})


def enter_unknown_files(folder: Path, catalogue: Catalogue, *, cut: bool) -> int:
    """Enter the files that the catalogue does not know, by name; return how many.

    With `cut`, what a killed run left half written at the end of one of our files is cut off; else it is only not
    counted. FetchError `archive_damaged`: a file cannot be read to its end.
    """
    known = {str(row[0]) for row in catalogue.rows("SELECT name FROM files")}
    names = [name for name in warc_names(folder) if name not in known]
    for name in names:
        with catalogue.transaction():
            end = _enter(folder / name, catalogue)
        if cut and OWN_NAME.fullmatch(name) and end < (folder / name).stat().st_size:
            os.truncate(folder / name, end)
    if names:
        _find_originals(catalogue)
    return len(names)


@dataclass(slots=True)
class _Group:
    """The answer of a visit and, where it is ours, what its metadata record says; `end` is behind both."""

    answer: Record | None
    fields: dict[str, str]
    end: int


def _enter(path: Path, catalogue: Catalogue) -> int:
    """Enter the visits of one file; return the place behind the last one that is whole."""
    file_no = catalogue.insert("INSERT INTO files (name, committed) VALUES (?, 0)", (path.name,))
    own = bool(OWN_NAME.fullmatch(path.name))
    end = 0
    for group in _groups(path, own=own):
        end = group.end
        if group.answer:
            _enter_visit(catalogue, group.answer, group.fields, file_no)
    committed = end if own else path.stat().st_size
    catalogue.change("UPDATE files SET committed = ? WHERE file_no = ?", (committed, file_no))
    return committed


def _groups(path: Path, *, own: bool) -> Iterator[_Group]:
    """Yield the visits of a file; of our files only those whose group is whole, with its metadata record."""
    waiting: Record | None = None
    for record in read_records(path):
        if isinstance(record, Broken):
            if record.cut and own:
                return
            raise _damaged(path, record)
        end = record.offset + record.length
        if not own:
            yield _Group(record if record.kind in ANSWERS else None, {}, end)
        elif record.kind in ANSWERS:
            waiting = record
        elif record.kind == "metadata" or waiting is None:
            yield _Group(waiting, _fields(record.block) if waiting else {}, end)
            waiting = None


def _enter_visit(catalogue: Catalogue, record: Record, fields: dict[str, str], file_no: int) -> None:
    """Enter one answer; what is no page of the web, or has no moment, is no visit."""
    try:
        moment = warc_moment(record.head.get("warc-date", ""))
    except ValueError:
        return
    if not fields and not record.url.lower().startswith(_WEB):
        return
    answer = parse_answer(record.block, http=record.kind != "resource")
    original = _original(catalogue, record) if record.kind == "revisit" else None
    declared = record.head.get("content-type", "") if record.kind == "resource" else answer.header("content-type")
    source = fields.get("source", "folder" if record.kind == "resource" else "live")
    digest = record.head.get("warc-payload-digest", "").removeprefix("sha256:")
    stored = Stored(
        visit_no=0,
        run_no=_run_no(catalogue, fields, moment),
        url=clean_address(record.url),
        moment=moment,
        source=source if source in _SOURCES else "live",  # type: ignore[arg-type]  # narrowed by the set
        record=record.kind,  # type: ignore[arg-type]  # narrowed by ANSWERS
        status=answer.status,
        media_type=declared.partition(";")[0].strip().lower() or (original.media_type if original else ""),
        digest=(original.digest if original else digest) if record.kind == "revisit" else sha256(answer.body),
        etag=answer.header("etag") or (original.etag if original else ""),
        last_modified=answer.header("last-modified") or (original.last_modified if original else ""),
        location=answer.header("location"),
        truncated=record.head.get("warc-truncated", ""),
        refers_to=original.visit_no if original else None,
        warc="",
        offset=record.offset,
        length=record.length,
    )
    visits.add_visit(catalogue, stored, file_no, record.record_id)


def _run_no(catalogue: Catalogue, fields: dict[str, str], moment: str) -> int:
    """Return the number of the run that a visit belongs to, entering the run where it is new.

    Files of two archives may lie in one folder: a run is known by its id, and keeps its number if that is free.
    """
    if "run-id" not in fields:
        return 0
    run_id = fields["run-id"]
    if found := catalogue.row("SELECT run_no FROM runs WHERE run_id = ?", (run_id,)):
        return int(str(found[0]))
    wished = int(fields["run"]) if fields.get("run", "").isdecimal() else 0
    taken = not wished or catalogue.row("SELECT 1 FROM runs WHERE run_no = ?", (wished,))
    started = fields.get("run-started") or moment
    about = (run_id, fields.get("run-kind", ""), fields.get("run-plan", ""), started)
    columns = "run_no, run_id, kind, plan, started, finished"
    values = (None if taken else wished, *about, started)
    return catalogue.insert(f"INSERT INTO runs ({columns}) VALUES (?, ?, ?, ?, ?, ?)", values)


def _original(catalogue: Catalogue, record: Record) -> Stored | None:
    """Return the visit that a revisit repeats, where it is entered already."""
    if found := visits.by_record(catalogue, record.head.get("warc-refers-to", "")):
        return found
    url = clean_address(record.head.get("warc-refers-to-target-uri", "").strip("<>") or record.url)
    moment = record.head.get("warc-refers-to-date", "")
    return visits.answer_at(catalogue, url, moment) if moment else None


def _find_originals(catalogue: Catalogue) -> None:
    """Give the revisits their pages that stand in a file entered after theirs: the newest answer before the revisit."""
    older = (
        "SELECT visit_no FROM visits AS page WHERE page.url = visits.url AND page.record = 'response'"
        " AND page.timestamp <= visits.timestamp ORDER BY page.timestamp DESC LIMIT 1"
    )
    with catalogue.transaction():
        catalogue.change(f"UPDATE visits SET refers_to = ({older}) WHERE record = 'revisit' AND refers_to IS NULL")


def _fields(block: bytes) -> dict[str, str]:
    """Return the fields of a metadata record."""
    lines = (line.partition(":") for line in block.decode("utf-8", "replace").split("\r\n"))
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def _damaged(path: Path, broken: Broken) -> FetchError:
    """Return the error for a file that cannot be read to its end."""
    return FetchError(
        "archive_damaged",
        f"a file of the archive is damaged: {broken.reason}",
        f"{path}, byte {broken.offset}",
        "Put it back from a copy, or move it out of the archive.",
    )
