"""Read a visit back from the WARC file it stands in."""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from fastwarc.warc import ArchiveIterator, HeaderMap

from corpus.errors import UnpackError
from corpus.unpack import decode_body
from scraper.errors import FetchError
from scraper.records import Stored, Visit
from scraper.store import visits
from scraper.store.catalogue import Catalogue
from scraper.store.records import RENAMED

MAX_HEAD_BYTES = 256 * 1024
"""The longest head of a record that is read; cookies and policies of real servers reach a tenth of it."""

_STATUS_LINE = re.compile(r"(HTTP/[0-9.]+)[ \t]+([0-9]{3})[ \t]*([^\r\n]*)")
_LINE_END = re.compile(r"\r?\n")  # and nothing else: splitlines() would also end a line at bytes of GBK
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_UNLIMITED = 2**62

# What a 304 says of the message itself, and not of the page it stands for (RFC 9111, section 3.2).
_OF_THE_MESSAGE = frozenset(
    {"connection", "content-encoding", "content-length", "content-range", "content-type", "date", "transfer-encoding"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer as it stands in a record; `status` is None where the block is none."""

    protocol: str
    status: int | None
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of a name, '' where there is none."""
        return next((value for known, value in self.headers if known.lower() == name), "")


def read_visit(folder: Path, catalogue: Catalogue, stored: Stored) -> Visit:
    """Return a visit as it was written, headers decoded as Latin-1; a revisit gives the body it repeats.

    Of a page that the server called not modified (304), status and headers are those of the page itself, with what
    the server said anew. FetchError `archive_damaged`: the record does not stand where the catalogue says.
    """
    answer, head = _answer(folder, catalogue, stored)
    if stored.refers_to is not None and (original := visits.by_number(catalogue, stored.refers_to)):
        repeated, _ = _answer(folder, catalogue, original)
        answer = _renewed(repeated, answer) if answer.status == 304 else replace(answer, body=repeated.body)
    return Visit(
        url=stored.url,
        moment=stored.moment,
        source=stored.source,
        status=answer.status,
        reason=answer.reason,
        headers=answer.headers,
        body=answer.body,
        protocol=answer.protocol,
        ip=head.get("WARC-IP-Address") or "",
        media_type=(head.get("Content-Type") or "") if stored.record == "resource" else stored.media_type,
        truncated=stored.truncated,
    )


def parse_answer(block: bytes, *, http: bool) -> Answer:
    """Take the block of a record apart; a body that still has its transfer coding loses it."""
    end = _HEAD_END.search(block, 0, MAX_HEAD_BYTES) if http else None
    first, *lines = _LINE_END.split((block[: end.start()] if end else b"").decode("latin-1"))
    status = _STATUS_LINE.match(first)
    if not status or not end:
        return Answer("HTTP/1.1", None, "", (), block)
    pairs = (line.partition(":") for line in lines)
    headers = tuple((name.strip(), value.strip()) for name, colon, value in pairs if colon)
    answer = Answer(status[1], int(status[2]), status[3].strip(), headers, block[end.end() :])
    return _without_coding(answer)


def _without_coding(answer: Answer) -> Answer:
    """Join the chunks of a body that was kept in chunks."""
    coding = answer.header("transfer-encoding")
    if not coding:
        return answer
    try:
        body = decode_body(answer.body, coding, "", _UNLIMITED)
    except UnpackError:  # the last chunk is missing: what there is stays as it is
        return answer
    names = ((RENAMED + name if name.lower() == "transfer-encoding" else name, value) for name, value in answer.headers)
    return replace(answer, body=body, headers=tuple(names))


def _answer(folder: Path, catalogue: Catalogue, stored: Stored) -> tuple[Answer, HeaderMap]:
    """Return the answer in the record of a visit, and the record's own headers."""
    path = folder / stored.warc
    wanted = visits.record_id_of(catalogue, stored.visit_no)
    try:
        with path.open("rb") as stream:
            stream.seek(stored.offset)
            # Foreign files may hold all their records in one gzip member: then the id tells which it is.
            for record in ArchiveIterator(stream, parse_http=False, max_header_len=MAX_HEAD_BYTES):
                if not wanted or (record.record_id or "").strip("<>") == wanted.strip("<>"):
                    return parse_answer(record.reader.read(), http=stored.record != "resource"), record.headers
                if stored.warc.startswith("gongkai-"):
                    break
    except (OSError, ValueError) as error:
        raise _lost(path, stored, str(error)) from error
    raise _lost(path, stored, "another record stands there")


def _renewed(repeated: Answer, answer: Answer) -> Answer:
    """Return a stored page with the headers that a 304 brought."""
    new = tuple(pair for pair in answer.headers if pair[0].lower() not in _OF_THE_MESSAGE)
    names = {name.lower() for name, _ in new}
    return replace(repeated, headers=tuple(pair for pair in repeated.headers if pair[0].lower() not in names) + new)


def _lost(path: Path, stored: Stored, reason: str) -> FetchError:
    """Return the error for a record that cannot be read back."""
    return FetchError(
        "archive_damaged",
        f"a record of the archive cannot be read ({reason})",
        f"{path}, byte {stored.offset}",
        "Verify the archive, and put the file back from a copy.",
    )
