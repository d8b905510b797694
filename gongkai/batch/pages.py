"""One capture → what is known of its page: the report, or why there is none. Whatever goes wrong is its outcome."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Protocol, TypedDict

import parsers
from corpus.captures import Capture
from corpus.failures import Failure
from parsers.keeping import keep, remap
from parsers.records import Report
from parsers.report import read_page

REPORT_IT = "Report the page and this message to the makers of gongkai; the other pages are not affected."

_MESSAGE_LENGTH = 300
"""Characters of an exception's message that `coverage` keeps: it may quote a whole page."""

_KEY_BYTES = 16
_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What came of a page: its report or its failure.

    `kept` is what `remap_page` can make a report of, or b''; `limited` says that a limit of time or memory, or the end
    of the reading process, is the failure, so that with other limits it may be another.
    """

    report: Report | None
    failure: Failure | None = None
    kept: bytes = b""
    limited: bool = False


class ReadPage(Protocol):
    """A way to read a page: in this process, or in another one that may die of it."""

    def __call__(self, capture: Capture, *, keeping: bool) -> PageAnswer:
        """Return what came of a page; with `keeping` also what is to be kept of it."""


def answer_page(capture: Capture, *, keeping: bool) -> PageAnswer:
    """Read a page in this process; an exception is the outcome `crashed`."""
    try:
        if not keeping:
            return PageAnswer(read_report(capture))
        reading = read_page(capture.data, **_told(capture))
        return PageAnswer(_followed(reading.report, capture), kept=keep(reading))
    except Exception as error:  # noqa: BLE001  a defect met by one page of 100,000 must not cost the others
        return PageAnswer(None, crash_of(error))


def remap_page(capture: Capture, kept: bytes) -> PageAnswer | None:
    """Return what comes of a page that was kept, by the forms as they are now; None where it must be read again."""
    try:
        report = remap(kept) if kept else None
    except Exception:  # noqa: BLE001  whatever is wrong with what was kept, the page itself is there
        return None
    return None if report is None else PageAnswer(_followed(report, capture), kept=kept)


def page_key(capture: Capture, reading: str) -> bytes:
    """Return a digest of all that decides what is read of a page: its bytes, what is told of them, and what reads."""
    about = json.dumps([reading, _told(capture)], sort_keys=True).encode()
    digest = hashlib.sha256(len(about).to_bytes(_LENGTH_BYTES) + about)
    digest.update(capture.data)
    return digest.digest()[:_KEY_BYTES]


def read_report(capture: Capture) -> Report:
    """Parse a capture with all that its archive knows of it."""
    return _followed(parsers.parse(capture.data, **_told(capture)), capture)


def crash_of(error: Exception) -> Failure:
    """Return the failure of a page that an exception was met with."""
    message = " ".join(str(error).split())[:_MESSAGE_LENGTH]
    return "crashed", f"{type(error).__name__}: {message}", REPORT_IT


class _Told(TypedDict):
    source_uri: str
    media_type: str
    charset: str
    manifest_agency: str
    manifest_year: int | None
    listing: bool


def _told(capture: Capture) -> _Told:
    manifest = capture.manifest
    return {
        "source_uri": capture.source_uri,
        "media_type": capture.media_type,
        "charset": capture.charset,
        "manifest_agency": manifest.agency if manifest else "",
        "manifest_year": manifest.report_year if manifest else None,
        "listing": _is_list(capture),
    }


def _is_list(capture: Capture) -> bool:
    return capture.manifest is not None and capture.manifest.outcome == "list_page"


def _followed(report: Report, capture: Capture) -> Report:
    """A list inside a script, or one with a single title, looks like no list; who followed it knows."""
    manifest = capture.manifest
    if manifest is None or not _is_list(capture) or report.outcome == "ok":
        return report
    return replace(report, outcome="list_page", detail=manifest.detail, next_step=manifest.next_step)
