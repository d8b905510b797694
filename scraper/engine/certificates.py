"""What is wrong with a certificate, in words. Twisted only says that the verification failed.

The verification itself is Twisted's and stays so: here the handshake is made once more, with the same authorities
(`SSL_CERT_FILE` holds for both), only to hear the reason. Nothing is asked over that connection.
"""

import asyncio
import socket
import ssl
from dataclasses import replace

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.utils.httpobj import urlparse_cached

from scraper.addresses import resolve
from scraper.engine.failures import UNVERIFIED, Refusal, reading_of
from scraper.engine.job import job_of
from scraper.errors import FetchError

_SECONDS = 10.0
_HTTPS = 443


class Certificates:
    """Downloader middleware: adds the reason to a certificate that was not accepted, once for each host."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._faults: dict[tuple[str, int], str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "Certificates":
        """Make the middleware as Scrapy asks for it."""
        return cls(allow_private=job_of(crawler).options.allow_private)

    async def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise the same failure with its reason; None leaves all other failures alone."""
        reading = reading_of(exception)
        if reading.detail != UNVERIFIED:
            return
        parts = urlparse_cached(request)
        place = parts.hostname or "", parts.port or _HTTPS
        if place not in self._faults:
            self._faults[place] = await asyncio.to_thread(certificate_fault, *place, allow_private=self._allow_private)
        fault = self._faults[place]
        detail = f"{reading.detail}: {fault}" if fault else reading.detail
        raise Refusal(replace(reading, detail=detail)) from exception


def certificate_fault(host: str, port: int, *, allow_private: bool) -> str:
    """OpenSSL's words for what is wrong with the certificate of a host; '' where it says nothing."""
    try:
        place = resolve(host, port, allow_private=allow_private)[0].sockaddr[:2]
        with (
            socket.create_connection(place, timeout=_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host),
        ):
            return ""
    except ssl.SSLCertVerificationError as error:
        return error.verify_message.rstrip(".")
    except (OSError, ValueError, IndexError, FetchError):  # gone, or no name that a certificate could hold
        return ""
