"""Redirects: those of HTTP, and pages that hold nothing but the order to go elsewhere. Both are capped together."""

from collections.abc import Callable

from scrapy import Request
from scrapy.downloadermiddlewares.redirect import MetaRefreshMiddleware, RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from scraper.engine.answers import PAGE_STATUS, address, header
from scraper.engine.failures import LedAstray
from scraper.records import Reading

_Process = Callable[[Request, Response], Request | Response]

REDIRECT_STATUS = frozenset({301, 302, 303, 307, 308})
_LOOK = "Open the address in a browser and fetch the address where it ends."

_COOKIE = "the site sets a cookie and redirects to the same address until it gets it back; no cookies are sent"
_SAVE = "Open the address in a browser and save the page."


class Redirects(RedirectMiddleware):
    """Scrapy's redirects, with an outcome where one is not followed."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a redirect; `LedAstray` where there have been too many, or it leads to what is no web address."""
        if response.status not in REDIRECT_STATUS or "Location" not in response.headers:
            return response
        followed = _capped(super().process_response, request, response)
        if followed is response:
            raise _refused(response)
        return followed


class Refreshes(MetaRefreshMiddleware):
    """Scrapy's `<meta http-equiv=refresh>`, for pages only: a page that refuses is not followed into its script."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Follow a page that leads elsewhere at once; one that only loads itself anew is a page like any other."""
        if response.status not in PAGE_STATUS:
            return response
        followed = _capped(super().process_response, request, response)
        if isinstance(followed, Request) and address(followed.url) == address(request.url):
            return response
        return followed


def _refused(response: Response) -> LedAstray:
    where = header(response, "Location")[:200] or "what is no web address"
    return LedAstray(Reading("address_refused", f"redirects to {where}: only http and https are asked", _LOOK))


def _capped(process: _Process, request: Request, response: Response) -> Request | Response:
    """Follow by Scrapy's rules, and say in the words of an outcome why it ends."""
    try:
        return process(request, response)
    except ValueError as error:  # javascript: and other addresses that are none
        raise _refused(response) from error
    except IgnoreRequest as error:
        if "Set-Cookie" in response.headers and request.url in request.meta.get("redirect_urls", []):
            raise LedAstray(Reading("blocked", _COOKIE, _SAVE)) from error
        chain = [*request.meta.get("redirect_urls", []), request.url]
        words = "redirects in a circle" if len(set(chain)) < len(chain) else "redirects without end"
        detail = f"{words}: {len(chain)} so far, last to {header(response, 'Location')[:200] or request.url}"
        raise LedAstray(Reading("unreachable", detail, _LOOK)) from error
