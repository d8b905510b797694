"""Fetch captures of web archives into an archive, one target after another, so that a killed run goes on from there.

An address that was asked becomes the captures that the index has of it; a capture is fetched, unless it is in the
archive from whatever run, for captures never change. What it redirects to is fetched in its turn. What goes wrong
is the outcome of its target; only an archive that does not answer any more, or asks to wait too long, ends the run.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urljoin

from scraper.archive import Archive
from scraper.engine.options import FetchWatch
from scraper.errors import FetchError
from scraper.records import Reader, Reading, Stored, Target, Visit
from scraper.webarchives.commoncrawl import CommonCrawlSource
from scraper.webarchives.errors import CaptureMissedError, NoAnswerError
from scraper.webarchives.judge import judge
from scraper.webarchives.listing import nothing_listed
from scraper.webarchives.options import WebArchiveOptions
from scraper.webarchives.payload import digest_check
from scraper.webarchives.rows import CaptureRow, row_of
from scraper.webarchives.source import Source
from scraper.webarchives.wayback import WaybackSource

_BATCH = 500
"""Captures that become targets in one transaction."""
_SILENT = 5
"""So many targets in a row without an answer mean that the archive is not there, and not that they are not."""
_REMEMBERED = 4096
"""Captures that are remembered to know their like. Forgotten ones cost a request, and nothing else."""

_OTHER_CAPTURE = "Look for another capture of the address."


def fetch_wayback(
    archive: Archive, asked: Iterable[Target], options: WebArchiveOptions, reader: Reader, watch: FetchWatch
) -> None:
    """Fetch the captures that the Wayback Machine has of what is asked, within the run that was begun.

    A target with `captured_at` is that one capture; else its address is exact (http and https, with and without
    `www.`, are one to the index), or `https://host/path/*`, or `*.host`. FetchError: `rate_limited`,
    `archive_unreachable`, `address_refused`; the run then stands as it is and can be taken up again.
    """
    with WaybackSource(options, watch) as source:
        _Fetch(archive, source, options, reader, watch).run(asked)


def fetch_common_crawl(
    archive: Archive, asked: Iterable[Target], options: WebArchiveOptions, reader: Reader, watch: FetchWatch
) -> None:
    """Fetch the captures that Common Crawl has of what is asked; as `fetch_wayback`, but addresses only.

    Each crawl is asked for each address, so `options.years` saves requests.
    """
    with CommonCrawlSource(options, watch) as source:
        _Fetch(archive, source, options, reader, watch).run(asked)


@dataclass(frozen=True, slots=True)
class _Known:
    """A capture that was read in this run, and what it was."""

    stored: Stored
    reading: Reading


class _Fetch:
    """One run over a web archive."""

    def __init__(
        self, archive: Archive, source: Source, options: WebArchiveOptions, reader: Reader, watch: FetchWatch
    ) -> None:
        self._archive = archive
        self._source = source
        self._options = options
        self._reader = reader
        self._watch = watch
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        self._silent: list[tuple[Target, Reading]] = []

    def run(self, asked: Iterable[Target]) -> None:
        """Settle what was asked and all that it leads to."""
        # An address lists its captures; what becomes of them as pages is told of each capture.
        self._archive.add_targets(one if one.captured_at else replace(one, kind="list") for one in asked)
        for target in self._archive.pending():
            try:
                if target.captured_at:
                    self._capture(target)
                else:
                    self._list(target)
            except NoAnswerError as silent:
                self._keep_silent(target, silent)
            except CaptureMissedError as missed:
                self._settle(target, missed.reading())
        self._settle_silent()

    def _list(self, asked: Target) -> None:
        """Make targets of the captures of an address, as they come: a long list is not held, nor lost by a kill."""
        listed = 0
        rows = self._source.captures(asked)
        try:
            for batch in _batches(rows, _BATCH):
                new = self._archive.add_targets(row.target(asked) for row in batch)
                listed += len(batch)
                self._watch.added(len(new))
        except NoAnswerError:
            raise
        except CaptureMissedError as missed:
            words = f"{missed.what}; {listed} captures were listed before"
            raise CaptureMissedError(missed.code, words, missed.where, missed.next_step) from missed
        if listed:
            self._settle(asked, Reading("list_page", f"{listed} captures in {self._source.name}"))
        else:
            self._settle(asked, nothing_listed(self._source.name))

    def _capture(self, target: Target) -> None:
        row = row_of(target)
        stored = self._archive.visited(row.url, row.captured_at)
        known = self._known.get((row.url, row.digest))
        if stored is None and known and row.status in (None, known.stored.status):
            stored = self._archive.record(self._repeated(known, row))
            like = f"the index has the same digest as for {known.stored.moment}: not asked for again"
            reading = replace(known.reading, detail="; ".join(filter(None, (known.reading.detail, like))))
            self._settle(target, reading, stored)
            return
        limit = self._options.max_page_bytes
        first, stored = self._followed(row, stored)
        visit = self._archive.read(stored)
        reading = judge(visit, replace(target, url=stored.url), self._reader, limit)
        if first == stored:
            check = digest_check(visit.headers, visit.body, row.digest, limit)
            if check == "differs":
                note = "the bytes are not those that the index has the digest of"
                reading = replace(reading, detail="; ".join(filter(None, (reading.detail, note))))
            elif row.digest:
                self._remember(row, _Known(stored, reading))
        self._settle(target, reading, stored, len(visit.body))

    def _followed(self, row: CaptureRow, stored: Stored | None) -> tuple[Stored, Stored]:
        """Fetch a capture and what it redirects to; return its first and last step."""
        if stored is None:
            stored = self._archive.record(self._source.capture(row))
        first, seen = stored, {stored.url}
        if stored.location:
            stored = self._archive.led_to(row.url, row.captured_at) or stored
        while stored.status is not None and 300 <= stored.status < 400 and stored.location:
            url = urldefrag(urljoin(stored.url, stored.location)).url
            if len(seen) > self._options.max_redirects or url in seen:
                what = f"the capture redirects in a circle, or more than {self._options.max_redirects} times"
                raise CaptureMissedError("unreachable", what, url, _OTHER_CAPTURE)
            seen.add(url)
            stored = self._step(url, replace(row, captured_at=stored.moment))
        return first, stored

    def _step(self, url: str, row: CaptureRow) -> Stored:
        """Return the capture that a redirect leads to, from the archive where it is there."""
        if stored := self._archive.visited(url, row.captured_at):
            return stored
        try:
            visit = self._source.nearest(url, row)
        except NoAnswerError:
            raise
        except CaptureMissedError as missed:
            words = f"the capture redirects to {url}: {missed.what}"
            raise CaptureMissedError(missed.code, words, missed.where, missed.next_step) from missed
        return self._archive.visited(visit.url, visit.moment) or self._archive.record(visit)

    def _repeated(self, known: _Known, row: CaptureRow) -> Visit:
        """The visit of a capture that has the bytes of a known one. Of its headers only what the body needs is sure."""
        like = self._archive.read(known.stored)
        sure = tuple(
            (name, value) for name, value in like.headers if name.lower() in ("content-type", "content-encoding")
        )
        told = {
            "index-digest": f"sha1:{row.digest}",
            "copy": row.copy,
            "not-asked-for": "same digest",
            "like": like.moment,
        }
        return replace(like, moment=row.captured_at, headers=sure, request=b"", ip="", fields=told)

    def _remember(self, row: CaptureRow, known: _Known) -> None:
        self._known[row.url, row.digest] = known
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    def _settle(self, target: Target, reading: Reading, stored: Stored | None = None, n_bytes: int = 0) -> None:
        self._settle_silent()
        self._write(target, reading, stored, n_bytes)

    def _write(self, target: Target, reading: Reading, stored: Stored | None = None, n_bytes: int = 0) -> None:
        url, visit_no = (stored.url, stored.visit_no) if stored else ("", None)
        self._archive.settle(target, reading, final_url=url, visit_no=visit_no)
        self._watch.visited(target.url, reading.outcome, n_bytes)

    def _keep_silent(self, target: Target, error: NoAnswerError) -> None:
        """Leave a target open for now: if the archive is gone, the next run asks again."""
        self._silent.append((target, error.reading()))
        if len(self._silent) >= _SILENT:
            what = f"{self._source.name} does not answer any more: {error.what}"
            raise FetchError("archive_unreachable", what, error.where, error.next_step) from error

    def _settle_silent(self) -> None:
        """The archive is there: what it did not answer to is settled as such."""
        while self._silent:
            self._write(*self._silent.pop(0))


def _batches(rows: Iterable[CaptureRow], size: int) -> Iterator[list[CaptureRow]]:
    """Yield rows in lists of `size`; those that came before an error come before it here, too."""
    batch: list[CaptureRow] = []
    try:
        for row in rows:
            batch.append(row)
            if len(batch) == size:
                yield batch
                batch = []
    except CaptureMissedError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
