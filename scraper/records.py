"""The records that travel through a fetch: what is wanted, what a server gave, what the page turned out to be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, Protocol

TargetKind = Literal["page", "list", "sitemap", "part", "attachment"]
"""What an address is wanted as.

`page`: a report; `list`: a page that lists reports; `sitemap`: a sitemap; `part`: a further page of a report that
is published in several; `attachment`: a file that belongs to a report.
"""

VisitSource = Literal["live", "wayback", "common_crawl", "folder", "rendered"]
"""Where the bytes come from.

`live`: the site itself; `wayback`, `common_crawl`: a web archive; `folder`: a page saved by hand; `rendered`: what a
browser made of a page.
"""

NO_FIELDS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Target:
    """One address that is wanted.

    `agency` and `report_year` are what the user said of it ('' and None where nothing). `title` is what the page
    that led here calls it, `via` that page's address, `part_of` the address of the report it belongs to.
    `captured_at` names one capture of a web archive (ISO 8601, UTC); '' for the site as it is now.
    """

    url: str
    kind: TargetKind = "page"
    agency: str = ""
    report_year: int | None = None
    title: str = ""
    via: str = ""
    part_of: str = ""
    captured_at: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request gave, before it is written.

    `moment` is when the bytes were captured, ISO 8601 in UTC: now for a live visit, the web archive's time for one of
    its captures. `request` holds the request line and headers as sent, b'' where there was none. `headers` and
    `body` are as received: `body` without transfer coding, its content coding kept. `status` is None for a record
    that is no HTTP answer (`folder`, `rendered`): it is written as a resource of `media_type`. `truncated` is '', or
    `length`, `time`, `disconnect` as WARC/1.1 has them. `fields` go into the visit's metadata record.
    """

    url: str
    moment: str
    source: VisitSource
    status: int | None
    reason: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    protocol: str = "HTTP/1.1"
    request: bytes = b""
    ip: str = ""
    media_type: str = ""
    truncated: str = ""
    fields: Mapping[str, str] = field(default_factory=lambda: NO_FIELDS)


@dataclass(frozen=True, slots=True)
class Stored:
    """A visit that stands in the archive.

    `visit_no` counts the visits of an archive. `record` is `response`, `revisit` or `resource`; a revisit repeats the
    body of `refers_to` (a `visit_no`). `digest` is the SHA-256, in hex, of the body as received.
    `offset` and `length` are bytes in the file `warc`, of the response, revisit or resource record alone.
    """

    visit_no: int
    run_no: int
    url: str
    moment: str
    source: VisitSource
    record: Literal["response", "revisit", "resource"]
    status: int | None
    media_type: str
    digest: str
    etag: str
    last_modified: str
    location: str
    truncated: str
    refers_to: int | None
    warc: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class ListedReport:
    """One report that a list page names: its title, its address as printed there, its year, the date beside it."""

    title: str
    href: str
    agency: str
    report_year: int | None
    published_date: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page turned out to be: its outcome as `coverage` has it, and what it tells of itself."""

    outcome: str
    detail: str = ""
    next_step: str = ""
    title: str = ""
    agency_id: str = ""
    agency: str = ""
    report_year: int | None = None
    published_date: str = ""
    listed: tuple[ListedReport, ...] = ()


class Reader(Protocol):
    """Reads pages for a fetch. The parsers do it; this package knows of them only what stands here."""

    def read(self, data: bytes, *, url: str, media_type: str, charset: str, target: Target) -> Reading:
        """Say what a page is; with `target.kind` `list`, name the reports it lists whatever else it may be."""
