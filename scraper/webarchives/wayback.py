"""The Wayback Machine, and what speaks its language: captures found by its CDX search, replayed as archived."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self, cast

from requests import PreparedRequest, Response
from wayback import CdxRecord, Memento, WaybackClient, WaybackSession
from wayback.exceptions import (
    BlockedByRobotsError,
    BlockedSiteError,
    NoMementoError,
    RateLimitError,
    UnexpectedResponseFormat,
    WaybackException,
    WaybackRetryError,
)

from scraper.engine.options import FetchWatch
from scraper.records import Target, Visit
from scraper.webarchives.choice import UNWANTED_MEDIA, wanted, yearly
from scraper.webarchives.errors import CaptureMissedError
from scraper.webarchives.options import WAYBACK, WebArchiveOptions
from scraper.webarchives.patience import Patience
from scraper.webarchives.payload import clean_digest, restored
from scraper.webarchives.rows import CaptureRow, moment_of, stamp_of
from scraper.webarchives.transport import Answer, Carrier, send_through

_LINES = 5000
"""Lines of the index in one answer: few enough to come in time, many enough to need few of the searches allowed."""
_NEAR = timedelta(hours=24)
"""How far from a redirect what it leads to may have been captured; the package's own measure."""

_STAMP = "%Y%m%d%H%M%S"
_OTHER_CAPTURE = "Look for another capture of the address."
_LATER = "Give the same command again later: it goes on from here."


class WaybackSource:
    """The Wayback Machine through the `wayback` package."""

    name = "the Wayback Machine"

    def __init__(self, options: WebArchiveOptions, watch: FetchWatch) -> None:
        self._options = options
        self._place = options.place(WAYBACK)
        self._carrier = Carrier(WAYBACK, self._place, options)
        self._client = WaybackClient(_Session(options, Patience(options, watch), self._carrier))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def captures(self, asked: Target) -> Iterator[CaptureRow]:
        """Yield what the index has of an address, of all below one or of a domain."""
        rows = (row for row in self._rows(asked.url) if wanted(row, self._options.years))
        return yearly(rows) if self._options.captures == "yearly" else rows

    def capture(self, row: CaptureRow) -> Visit:
        """Return one capture as it was archived."""
        return self._visit(*self._replay(row.url, row.captured_at, exact=True), row)

    def nearest(self, url: str, row: CaptureRow) -> Visit:
        """Return the capture of `url` that is nearest in time to that of `row`, a day away at most."""
        memento, answer = self._replay(url, row.captured_at, exact=False)
        moment = moment_of(memento.timestamp.strftime(_STAMP))
        found = CaptureRow(memento.url, moment, key="", media_type="", status=None, digest="", copy=answer.url)
        return self._visit(memento, answer, found)

    def _rows(self, url: str) -> Iterator[CaptureRow]:
        first, last = self._options.years or (None, None)
        records = self._client.search(
            url,
            limit=_LINES,
            from_date=datetime(first, 1, 1, tzinfo=UTC) if first else None,
            to_date=datetime(last, 12, 31, 23, 59, 59, tzinfo=UTC) if last else None,
            # Of one address everything is looked at; below it there are a hundred pictures to a page.
            filter_field=[f"!mimetype:{media}" for media in UNWANTED_MEDIA] if "*" in url else None,
            # The package leaves out what its pattern takes for no address, hosts without a name among it.
            skip_malformed_results=False,
        )
        try:
            for record in records:
                yield self._row(record)
        except UnexpectedResponseFormat as error:
            raise CaptureMissedError("undecodable", f"a line of the index: {error}"[:300], url, _LATER) from error
        except (ValueError, RuntimeError) as error:  # bytes that are no text; an answer that breaks off
            raise CaptureMissedError("undecodable", f"the index's answer: {error}"[:300], url, _LATER) from error
        except WaybackException as error:
            raise self._missed(error, url) from error

    def _row(self, record: CdxRecord) -> CaptureRow:
        stamp = record.timestamp.strftime(_STAMP)
        return CaptureRow(
            url=record.original,
            captured_at=moment_of(stamp),
            key=record.urlkey,
            media_type=record.mimetype,
            status=record.statuscode,
            digest=clean_digest(record.digest),
            copy=f"{self._place}/web/{stamp}id_/{record.original}",
        )

    def _replay(self, url: str, moment: str, *, exact: bool) -> tuple[Memento, Answer]:
        try:
            # Redirects are followed by the fetch itself, which keeps every step.
            memento = self._client.get_memento(
                url, timestamp=stamp_of(moment), exact=exact, target_window=_NEAR, follow_redirects=False
            )
        except WaybackException as error:
            raise self._missed(error, url) from error
        except ValueError as error:  # a redirect to what is no capture
            what = f"the archive's answer names no capture: {error}"[:300]
            raise CaptureMissedError("empty", what, url, _OTHER_CAPTURE) from error
        assert self._carrier.latest is not None
        return memento, self._carrier.latest

    def _visit(self, memento: Memento, answer: Answer, row: CaptureRow) -> Visit:
        headers = tuple(memento.headers.items())
        payload = restored(headers, answer.body, answer.coding, row.digest, self._options.max_page_bytes)
        said = _memento_moment(answer.memento_datetime)
        fields = {
            "replayed-from": answer.url,
            "index-digest": f"sha1:{row.digest}" if row.digest else "",
            "digest-check": payload.check,
            "replayed-digest": f"sha1:{payload.digest}" if payload.check == "differs" else "",
            "memento-datetime": said if said != row.captured_at else "",
            "memento-of": memento.url if memento.url != row.url else "",
        }
        status, reason = memento.status_code, answer.reason
        if memento.is_redirect and row.status and _is_redirect(row.status) and row.status != status:
            status, reason = row.status, ""  # replay makes one kind of redirect of all kinds; the index knows which
        return Visit(
            url=row.url,
            moment=row.captured_at,
            source="wayback",
            status=status,
            reason=reason,
            headers=payload.headers,
            body=payload.body,
            fields={name: value for name, value in fields.items() if value},
        )

    def _missed(self, error: WaybackException, url: str) -> CaptureMissedError:
        """The outcome that an error of the package means for its target."""
        if isinstance(error, BlockedSiteError):
            return CaptureMissedError("blocked", "the archive does not show this site", url, "Ask the site itself.")
        if isinstance(error, BlockedByRobotsError):
            what = "the archive does not show this site: its robots.txt asks not to"
            return CaptureMissedError("robots_disallowed", what, url, "Ask the site itself.")
        if isinstance(error, NoMementoError):
            return CaptureMissedError("empty", "the archive has no such capture", url, _OTHER_CAPTURE)
        status = self._carrier.latest.status if self._carrier.latest else 0
        if status >= 500:
            return CaptureMissedError("unreachable", f"the archive answered HTTP {status}", url, _LATER)
        if status >= 400:
            return CaptureMissedError("unreachable", f"the archive answered HTTP {status}: {error}"[:300], url, _LATER)
        return CaptureMissedError("empty", f"the archive does not play the capture: {error}"[:300], url, _OTHER_CAPTURE)


class _Session(WaybackSession):  # type: ignore[misc]
    """The package's session, with its limiters; whether and when to ask again is for `Patience` to say."""

    def __init__(self, options: WebArchiveOptions, patience: Patience, carrier: Carrier) -> None:
        paces = {}
        if options.pace:
            paces = {"search_calls_per_second": options.pace.search, "memento_calls_per_second": options.pace.replay}
        super().__init__(retries=0, backoff=0, timeout=options.timeout, user_agent=options.user_agent, **paces)
        self._patience = patience
        self._carrier = carrier
        send_through(self, carrier)

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        """Send a request within the limits, again where that may help."""
        if request.path_url.startswith("/web/"):
            # A coding that comes unasked for is the page's own, and so the body is as it was archived.
            request.headers["Accept-Encoding"] = "identity"
        return self._patience.ask(self._carrier.there(request.url or ""), lambda: self._once(request, **kwargs))

    def _once(self, request: PreparedRequest, **kwargs: Any) -> Response:
        try:
            response: Response = super().send(request, **kwargs)
        except RateLimitError as error:
            return cast(Response, error.response)
        except WaybackRetryError as error:
            raise error.cause from error
        return response


def _is_redirect(status: int) -> bool:
    return 300 <= status < 400


def _memento_moment(said: str) -> str:
    """The moment that the archive names, ISO 8601; '' where it cannot be read."""
    try:
        return moment_of(parsedate_to_datetime(said).astimezone(UTC).strftime(_STAMP))
    except ValueError:
        return ""
