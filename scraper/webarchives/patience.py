"""Ask again and wait as a web archive wants it, so that the user sees what is waited for, and never without end.

The libraries would do it by themselves: `wayback` silently, `cdx_toolkit` without a limit (it asks again for ever
after a 5xx or 429, and a hundred times, a minute apart, where nothing listens).
"""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from requests import RequestException, Response
from requests.exceptions import SSLError, Timeout

from scraper.engine.options import FetchWatch
from scraper.errors import FetchError
from scraper.webarchives.errors import NoAnswerError
from scraper.webarchives.options import WebArchiveOptions

# What `wayback` takes for passing troubles of the archive (WaybackSession.retryable_statuses); 509 as in cdx_toolkit.
_PASSING = frozenset({413, 421, 500, 502, 503, 504, 509, 599})
_UNSAID_WAIT = 60.0
"""Seconds to wait after a 429 that does not say how long, as `wayback` has it; doubled each time it comes again."""

_SAME_COMMAND = "Give the same command again later: it goes on from here."


class Patience:
    """Sends requests, again where that may help."""

    def __init__(self, options: WebArchiveOptions, watch: FetchWatch) -> None:
        self._options = options
        self._watch = watch

    def ask(self, url: str, send: Callable[[], Response]) -> Response:
        """Return the answer that `send` gets: a good one, or the last bad one.

        FetchError: `rate_limited` (the archive asks for more time than `max_wait`), `archive_unreachable` (its
        certificate does not hold). NoAnswerError: `timeout`, `unreachable`.
        """
        failures, pauses, waited = 0, 0, 0.0
        while True:
            last = failures >= self._options.retries
            response = self._send(url, send, last=last)
            wait = None if response is None else _asked_to_wait(response)
            if response is not None and wait is not None:
                wait = wait or _UNSAID_WAIT * 2**pauses
                pauses, waited = pauses + 1, waited + wait
                if waited > self._options.max_wait:
                    raise _rate_limited(url, response.status_code, wait)
                self._pause(url, wait, f"HTTP {response.status_code}: the archive asks to wait")
            elif response is not None and (last or not _is_passing(response)):
                return response
            else:
                reason = "no answer" if response is None else f"HTTP {response.status_code}"
                self._pause(url, self._options.backoff * 2**failures, f"{reason}: asked again")
                failures += 1

    def _pause(self, url: str, seconds: float, reason: str) -> None:
        self._watch.waiting(urlsplit(url).netloc, seconds, reason)
        time.sleep(seconds)

    def _send(self, url: str, send: Callable[[], Response], *, last: bool) -> Response | None:
        """Send once; None where nothing came and it is worth asking again."""
        try:
            return send()
        except SSLError as error:
            raise _no_certificate(url, error) from error
        except Timeout as error:
            if last:
                what = f"the archive did not answer within {self._options.timeout:g} seconds"
                raise NoAnswerError("timeout", what, url, _SAME_COMMAND) from error
        except RequestException as error:
            if last:
                raise NoAnswerError("unreachable", f"the archive: {_words(error)}", url, _SAME_COMMAND) from error
        return None


def is_archived(response: Response) -> bool:
    """Tell an answer that was archived from one of the archive itself: an archived 429 is a page, not a request."""
    return "Memento-Datetime" in response.headers


def _asked_to_wait(response: Response) -> float | None:
    """Seconds that the archive asks to wait, 0 where it does not say how many; None where it does not ask."""
    if is_archived(response):
        return None
    said = response.headers.get("Retry-After", "").strip()
    if response.status_code != 429 and not (response.status_code == 503 and said):
        return None
    if said.isascii() and said.isdecimal():
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return 0.0


def _is_passing(response: Response) -> bool:
    return response.status_code in _PASSING and not is_archived(response)


def _rate_limited(url: str, status: int, seconds: float) -> FetchError:
    what = f"the archive asks to wait {seconds:.0f} seconds (HTTP {status})"
    return FetchError("rate_limited", what, urlsplit(url).netloc, _SAME_COMMAND)


def _no_certificate(url: str, error: SSLError) -> FetchError:
    step = "See whether the address is right, and whether a proxy stands between."
    return FetchError("archive_unreachable", f"its certificate does not hold: {_words(error)}", url, step)


def _words(error: Exception) -> str:
    """The innermost reason: what libraries wrap around it says nothing to a reader."""
    reason: BaseException = error
    while inner := _inner(reason):
        reason = inner
    return str(reason)[:300] or type(reason).__name__


def _inner(error: BaseException) -> BaseException | None:
    causes = (getattr(error, "reason", None), *reversed(error.args))
    return next((cause for cause in causes if isinstance(cause, BaseException)), None)
