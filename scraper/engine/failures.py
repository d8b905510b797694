"""What goes wrong between a request and its answer, as the outcome of a page.

Every failure ends here: those that this package raises itself carry their reading, those of Scrapy, Twisted and
OpenSSL are told apart by their kind, and what nobody foresaw is `crashed` with its message.
"""

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from service_identity import VerificationError
from twisted.internet.error import ConnectError, ConnectionClosed
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed
from twisted.web.http import PotentialDataLoss

from scraper.addresses import AddressRefusedError
from scraper.records import Reading

_CERTIFICATE = "certificate_error"

UNVERIFIED = "the certificate cannot be verified"
"""The detail of a certificate that was not accepted, before `certificates` adds the reason."""

SLOW = "Fetch again later, or allow more time."

_LATER = "Fetch again later; save the page by hand, or look for it in a web archive, if the site stays away."
_BY_HAND = "Open the address in a browser and look at the certificate; save the page by hand if you trust it."
_LOOK = "Report the address and this message to the makers of gongkai."
_MOST_WORDS = 300


class Refusal(IgnoreRequest):
    """A request that is not sent, or an answer that is not followed: its outcome is known."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(reading.detail)
        self.reading = reading


class LedAstray(Refusal):
    """A chain of redirects that is not followed to its end."""


class Stopped(IgnoreRequest):
    """A request that had not been sent when the fetch was stopped: its target stays pending."""


def reading_of(error: BaseException) -> Reading:
    """The outcome of a request that ended with this exception."""
    if isinstance(error, Refusal):
        return error.reading
    if isinstance(error, AddressRefusedError):
        return Reading("address_refused", error.what, error.next_step)
    words = _words(error)
    if isinstance(error, DownloadTimeoutError):
        return Reading("timeout", "no whole answer within the time of one page", SLOW)
    if isinstance(error, CannotResolveHostError):
        return Reading("unreachable", f"the name has no address ({words})", "Look whether the address is right.")
    if isinstance(error, DownloadConnectionRefusedError):
        return Reading("unreachable", "the connection was refused", _LATER)
    if any(isinstance(each, VerificationError) for each in _causes(error)):
        return Reading(_CERTIFICATE, "the certificate is not of this host", _BY_HAND)
    if any("certificate" in str(each) for each in _causes(error) if isinstance(each, SSL.Error)):
        return Reading(_CERTIFICATE, UNVERIFIED, _BY_HAND)
    if any(isinstance(each, _NETWORK) for each in _causes(error)):
        return Reading("unreachable", f"the connection failed ({words})", _LATER)
    return Reading("crashed", f"{type(error).__name__}: {words}", _LOOK)


_NETWORK = (OSError, SSL.Error, ConnectError, ConnectionClosed, ResponseFailed, PotentialDataLoss)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An exception and all that led to it: what Scrapy wraps, and the reasons that Twisted lists."""
    depth = 0
    waiting = [error]
    while waiting and depth < 50:  # chains of exceptions are short, but may be circular
        each, depth = waiting.pop(0), depth + 1
        if each is None:
            continue
        yield each
        waiting.append(each.__cause__)
        reasons = getattr(each, "reasons", None)
        if isinstance(reasons, list):
            waiting += [reason.value for reason in reasons if isinstance(reason, Failure)]


def _words(error: BaseException) -> str:
    """What the innermost cause says of itself, in one line."""
    *_, last = _causes(error)
    text = " ".join(str(last.args[0] if last.args else last).split()) or type(last).__name__
    return text[:_MOST_WORDS].rstrip(".")
