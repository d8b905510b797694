"""One record of a WARC (or ARC) file, cut out of it by its range, as a visit."""

import io

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from corpus.captures import iso_utc
from corpus.failures import RAISE_LIMIT
from scraper.records import Visit
from scraper.webarchives.errors import CaptureMissedError
from scraper.webarchives.payload import restored
from scraper.webarchives.rows import CaptureRow, stamp_of

_OTHER_CAPTURE = "Look for another capture of the address."


def visit_of_range(data: bytes, row: CaptureRow, limit: int) -> Visit:
    """Return the capture in `data`, the bytes that `row` points at; CaptureMissedError where it is not there."""
    try:
        # The oldest crawls lie in ARC files.
        record = next(iter(ArchiveIterator(io.BytesIO(data), arc2warc=True)), None)
        if record is None or record.rec_type != "response" or record.http_headers is None:
            what = (
                f"the record in the archive's file is {record.rec_type if record else 'missing'}, no answer of a server"
            )
            raise CaptureMissedError("empty", what, row.url, _OTHER_CAPTURE)
        body = record.raw_stream.read(limit + 1)
    except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
        what = f"the record in the archive's file cannot be read: {error}"[:300]
        raise CaptureMissedError("undecodable", what, row.copy, _OTHER_CAPTURE) from error
    if len(body) > limit:
        raise CaptureMissedError("too_large", f"more than {limit} bytes", row.url, RAISE_LIMIT)
    return _visit(record, body, row, limit)


def _visit(record: ArcWarcRecord, body: bytes, row: CaptureRow, limit: int) -> Visit:
    said = {
        name: record.rec_headers.get_header(name) or "" for name in ("WARC-Target-URI", "WARC-Date", "WARC-Truncated")
    }
    moment = iso_utc(said["WARC-Date"])
    if said["WARC-Target-URI"] != row.url or stamp_of(moment) != stamp_of(row.captured_at):
        what = f"the archive's file has another capture there: {said['WARC-Target-URI']} of {said['WARC-Date']}"[:300]
        raise CaptureMissedError("undecodable", what, row.url, _OTHER_CAPTURE)
    head = record.http_headers
    payload = restored(tuple(head.headers), body, "", row.digest, limit)
    fields = {
        "source-uri": row.copy,
        "source-range": f"bytes={row.offset}-{(row.offset or 0) + (row.length or 0) - 1}",
        "source-record": record.rec_headers.get_header("WARC-Record-ID") or "",
        "index-digest": f"sha1:{row.digest}" if row.digest else "",
        "digest-check": payload.check,
        "replayed-digest": f"sha1:{payload.digest}" if payload.check == "differs" else "",
    }
    return Visit(
        url=row.url,
        moment=row.captured_at,
        source="common_crawl",
        status=int(head.get_statuscode()),
        reason=head.statusline.partition(" ")[2],
        headers=payload.headers,
        body=payload.body,
        protocol=head.protocol or "HTTP/1.1",
        ip=record.rec_headers.get_header("WARC-IP-Address") or "",
        truncated=said["WARC-Truncated"],
        fields={name: value for name, value in fields.items() if value},
    )
