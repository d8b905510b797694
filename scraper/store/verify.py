"""Prove that an archive is whole: every digest, and that files, catalogue and index say the same."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from scraper.errors import FetchError
from scraper.store.catalogue import Catalogue, read_catalogue, scratch_catalogue
from scraper.store.cdxj import index_lines
from scraper.store.layout import INDEX_NAME, OWN_NAME, warc_names
from scraper.store.members import ANSWERS, Broken, Record, digest_holds, read_records
from scraper.store.reading import parse_answer
from scraper.store.rebuild import enter_unknown_files


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: `where` is a file of the archive, and a byte or line of it; `what` a sentence."""

    where: str
    what: str


def verify(folder: Path) -> Iterator[Problem]:
    """Yield what is wrong with an archive, file by file, one record in memory at a time; nothing where it is whole.

    FetchError `archive_damaged`: the catalogue is no database any more; `archive_not_ours`.
    """
    catalogue = read_catalogue(folder)
    if catalogue is None:
        catalogue = scratch_catalogue(folder)
        try:
            enter_unknown_files(folder, catalogue, cut=False)
        except FetchError as error:
            yield Problem(error.where, error.what)
    with closing(catalogue):
        known = {str(row[0]): int(str(row[1])) for row in catalogue.rows("SELECT name, committed FROM files")}
        for name in sorted({*known, *warc_names(folder)}):
            yield from _of_file(folder / name, catalogue, known.get(name))
        yield from _of_index(folder, catalogue)


def _of_file(path: Path, catalogue: Catalogue, committed: int | None) -> Iterator[Problem]:
    """Yield what is wrong with one file; `committed` bytes of it count, None where it is not known."""
    if committed is None:
        yield Problem(path.name, "the catalogue does not know the file: it is entered when the archive is next opened")
        return
    try:
        size = path.stat().st_size
        if size < committed:
            yield Problem(path.name, f"the file has {size} bytes, {committed} were written")
        elif size > committed:
            yield Problem(path.name, f"{size - committed} bytes stand behind the last visit: a run was stopped")
        yield from _of_records(path, catalogue, min(size, committed))
    except OSError as error:
        if committed:
            yield Problem(path.name, f"the file cannot be read ({error.strerror})")


def _of_records(path: Path, catalogue: Catalogue, end: int) -> Iterator[Problem]:
    """Go through the records of a file and the visits that the catalogue has of it side by side."""
    sql = (
        "SELECT offset, length, record_id, url, digest FROM visits JOIN files USING (file_no)"
        " WHERE name = ? ORDER BY offset, visit_no"
    )
    expected = catalogue.rows(sql, (path.name,))
    awaited = next(expected, None)
    own = bool(OWN_NAME.fullmatch(path.name))
    for record in read_records(path, end=end):
        where = f"{path.name}, byte {record.offset}"
        if isinstance(record, Broken):
            yield Problem(where, record.reason)
            break
        yield from (Problem(where, what) for what in _digests(record, whole=own or record.kind in ANSWERS))
        if awaited and (record.offset, record.length, record.record_id) == awaited[:3]:
            if own and record.head.get("warc-payload-digest") != f"sha256:{awaited[4]}":
                yield Problem(where, "the catalogue has another digest of this visit")
            awaited = next(expected, None)
        elif own and record.kind in ANSWERS:
            yield Problem(where, "the catalogue does not know this visit")
    while awaited:
        yield Problem(f"{path.name}, byte {awaited[0]}", f"the visit of {awaited[3]} does not stand here")
        awaited = next(expected, None)


def _digests(record: Record, *, whole: bool) -> Iterator[str]:
    """Yield which digests of a record do not hold; a revisit's payload digest is that of the page it repeats."""
    if not whole:
        return
    if (declared := record.head.get("warc-block-digest")) and not digest_holds(declared, record.block):
        yield "the record is not what was written: its WARC-Block-Digest differs"
    declared = record.head.get("warc-payload-digest")
    if declared and record.kind != "revisit" and not _payload_holds(declared, record):
        yield "the page is not what was received: its WARC-Payload-Digest differs"


def _payload_holds(declared: str, record: Record) -> bool:
    """Compare the payload: the body as it stands, or, as some writers mean it, without its transfer coding."""
    if "http" not in record.head.get("content-type", ""):
        return digest_holds(declared, record.block)
    stored = record.block.partition(b"\r\n\r\n")[2]
    return digest_holds(declared, stored) or digest_holds(declared, parse_answer(record.block, http=True).body)


def _of_index(folder: Path, catalogue: Catalogue) -> Iterator[Problem]:
    """Compare the index with what would be written now; the first line that differs is told."""
    try:
        with (folder / INDEX_NAME).open(encoding="utf-8", newline="\n") as file:
            lines = (line.removesuffix("\n") for line in file)
            for number, (there, wanted) in enumerate(zip_longest(lines, index_lines(catalogue)), 1):
                if there != wanted:
                    what = "the index is not that of these files: it is written when a run ends"
                    yield Problem(f"{INDEX_NAME}, line {number}", what)
                    return
    except FileNotFoundError:
        yield Problem(INDEX_NAME, "there is no index yet: it is written when a run ends")
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(INDEX_NAME, f"the index cannot be read ({error})")
