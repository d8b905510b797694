"""What was fetched: the rows of the visits, and the questions a run asks of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import surt

from scraper.records import Stored
from scraper.store.catalogue import Catalogue
from scraper.store.texts import storable

_STORED = (
    "visit_no, run_no, url, moment, source, record, status, media_type, digest, etag, last_modified, location,"
    " truncated, refers_to, name, offset, length"
)
_FROM = f"SELECT {_STORED} FROM visits JOIN files USING (file_no)"
_WEB_ARCHIVES = "('wayback', 'common_crawl')"
_WHOLE = "record = 'response' AND truncated = ''"


@dataclass(frozen=True, slots=True)
class HostRow:
    """What an archive holds of one host; `bodies` counts the answers that are kept whole, not as unchanged."""

    host: str
    addresses: int
    visits: int
    bodies: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """A WARC file: the bytes of it that count, and the visits in it."""

    name: str
    committed: int
    visits: int


def add_visit(catalogue: Catalogue, stored: Stored, file_no: int, record_id: str) -> int:
    """Enter a visit, within the caller's transaction; return its number. `stored.visit_no` does not count."""
    columns = f"{_STORED}, record_id, host, urlkey, timestamp".replace("visit_no, ", "").replace("name", "file_no")
    values = (
        *(stored.run_no, stored.url, stored.moment, stored.source, stored.record, stored.status),
        *map(storable, (stored.media_type, stored.digest, stored.etag, stored.last_modified, stored.location)),
        *(stored.truncated, stored.refers_to, file_no, stored.offset, stored.length),
        *(record_id, host_of(stored.url), address_key(stored.url), timestamp(stored.moment)),
    )
    marks = ", ".join("?" * len(values))
    return catalogue.insert(f"INSERT INTO visits ({columns}) VALUES ({marks})", values)


def in_run(catalogue: Catalogue, run_no: int, url: str) -> Stored | None:
    """Return the newest visit of an address in a run, as the site or the web archive answered, not as rendered."""
    return _one(catalogue, "run_no = ? AND url = ? AND source <> 'rendered' ORDER BY visit_no DESC", (run_no, url))


def capture(catalogue: Catalogue, url: str, moment: str) -> Stored | None:
    """Return the capture of a web archive of an address and a moment, to the second, whichever run brought it."""
    where = f"url = ? AND timestamp = ? AND source IN {_WEB_ARCHIVES} ORDER BY visit_no"
    return _one(catalogue, where, (url, timestamp(moment)))


def newest_whole(catalogue: Catalogue, url: str, *, not_in_run: int | None = None) -> Stored | None:
    """Return the newest whole answer of the site itself, of status 200 and kept as such, but for those of a run."""
    where = f"url = ? AND {_WHOLE} AND source = 'live' AND status = 200 AND run_no IS NOT ? ORDER BY visit_no DESC"
    return _one(catalogue, where, (url, not_in_run))


def unchanged(catalogue: Catalogue, visit: Stored) -> Stored | None:
    """Return the visit whose body this one repeats.

    For the site itself that is the newest whole answer and none before it: a page that came back to an older state
    is kept anew, so that its validators are those of the state it is in. Captures of web archives come in any order.
    """
    where = f"url = ? AND {_WHOLE} AND status IS ? AND "
    if visit.source == "live":
        found = _one(catalogue, f"{where} source = 'live' ORDER BY visit_no DESC", (visit.url, visit.status))
        return found if found and found.digest == visit.digest else None
    where += f"digest = ? AND source IN {_WEB_ARCHIVES} ORDER BY visit_no"
    return _one(catalogue, where, (visit.url, visit.status, visit.digest))


def same_capture(catalogue: Catalogue, visit: Stored) -> Stored | None:
    """Return the visit that is this one: of the same source, address and moment, with the same bytes."""
    where = "url = ? AND timestamp = ? AND source = ? AND digest = ? ORDER BY visit_no"
    return _one(catalogue, where, (visit.url, timestamp(visit.moment), visit.source, visit.digest))


def same_rendering(catalogue: Catalogue, visit: Stored) -> Stored | None:
    """Return the newest rendering of an address if it is this one to the byte; nothing tells beforehand."""
    found = _one(catalogue, "url = ? AND source = 'rendered' ORDER BY visit_no DESC", (visit.url,))
    return found if found and found.digest == visit.digest else None


def by_number(catalogue: Catalogue, visit_no: int) -> Stored | None:
    """Return a visit by its number."""
    return _one(catalogue, "visit_no = ?", (visit_no,))


def by_record(catalogue: Catalogue, record_id: str) -> Stored | None:
    """Return the visit that a WARC record holds."""
    return _one(catalogue, "record_id = ?", (record_id,))


def answer_at(catalogue: Catalogue, url: str, moment: str) -> Stored | None:
    """Return the answer of an address and a moment, to the second."""
    return _one(catalogue, "url = ? AND timestamp = ? AND record = 'response'", (url, timestamp(moment)))


def record_id_of(catalogue: Catalogue, visit_no: int) -> str:
    """Return the id of the record that holds a visit."""
    found = catalogue.row("SELECT record_id FROM visits WHERE visit_no = ?", (visit_no,))
    return str(found[0]) if found else ""


def visit_rows(catalogue: Catalogue, *, host: str = "", run_no: int | None = None) -> Iterator[Stored]:
    """Yield the visits in the order they were made: all, or those of a host or of a run."""
    where = " AND ".join([*["host = ?"] * bool(host), *["run_no = ?"] * (run_no is not None)]) or "TRUE"
    values = (*[host] * bool(host), *[run_no] * (run_no is not None))
    return _stored(catalogue.rows(f"{_FROM} WHERE {where} ORDER BY visit_no", values))


def indexed_rows(catalogue: Catalogue) -> Iterator[tuple[str, str, Stored]]:
    """Yield the visits in the order of an index: key of the address, 14 digits of time, visit.

    An answer 304 to a request on condition is left out: replay tools would show it as it is, an empty page. Without it
    they show the page that it said to be unchanged.
    """
    sql = _FROM.replace("SELECT", "SELECT urlkey, timestamp,")
    where = "WHERE record <> 'revisit' OR status IS NOT 304"
    for row in catalogue.rows(f"{sql} {where} ORDER BY urlkey, timestamp, visit_no"):
        yield str(row[0]), str(row[1]), next(_stored([row[2:]]))


def host_rows(catalogue: Catalogue) -> Iterator[HostRow]:
    """Yield the hosts of an archive by name."""
    sql = (
        "SELECT host, count(DISTINCT url), count(*), sum(record <> 'revisit'), min(moment), max(moment)"
        " FROM visits GROUP BY host ORDER BY host"
    )
    for row in catalogue.rows(sql):
        yield HostRow(*_any(row))


def file_rows(catalogue: Catalogue) -> Iterator[FileRow]:
    """Yield the WARC files of an archive by name."""
    sql = (
        "SELECT name, committed, (SELECT count(*) FROM visits WHERE visits.file_no = files.file_no)"
        " FROM files ORDER BY name"
    )
    for row in catalogue.rows(sql):
        yield FileRow(*_any(row))


def host_of(url: str) -> str:
    """Return the host of an address, with its port where one is named; '' for what has none.

    >>> host_of("HTTP://www.Example.gov.cn:8080/a"), host_of("urn:x")
    ('www.example.gov.cn:8080', '')
    """
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def address_key(url: str) -> str:
    """Return the key under which an index sorts an address: the host turned round, then the path.

    >>> address_key("http://www.example.gov.cn/a.html?b=1")
    'cn,gov,example)/a.html?b=1'
    """
    try:
        return str(surt.surt(url)).replace(" ", "%20")
    except (ValueError, UnicodeError, IndexError, TypeError):  # surt reads what is no address in many ways
        return url.replace(" ", "%20")


def timestamp(moment: str) -> str:
    """Return a moment as 14 digits; what a date leaves open is its beginning.

    >>> timestamp("2013-02-25T01:02:03.5Z"), timestamp("2013-02-25")
    ('20130225010203', '20130225000000')
    """
    digits = "".join(filter(str.isdigit, moment))[:14]
    return digits + "00000101000000"[len(digits) :]


def _one(catalogue: Catalogue, where: str, values: tuple[object, ...]) -> Stored | None:
    """Return the first visit that answers a condition."""
    found = catalogue.row(f"{_FROM} WHERE {where}", values)
    return next(_stored([found]), None) if found else None


def _stored(rows: Iterable[tuple[object, ...]]) -> Iterator[Stored]:
    """Yield rows as visits."""
    return (Stored(*_any(row)) for row in rows)


def _any(row: tuple[object, ...]) -> tuple[Any, ...]:
    """Return a row as what the schema says it is: the columns hold one type each."""
    return row
