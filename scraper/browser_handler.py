"""What the browser may do with one page, and for how long. Loaded by Scrapy where the extra `[browser]` is installed.

Every page has a context of its own (no cookies or storage of another page) and a `GuardProxy` of its own as its only
network: one site, checked addresses, so many bytes. It may GET documents, scripts, styles and data; pictures, fonts,
media, sockets, windows, downloads and dialogs are refused. After the time of one page its context is closed, whatever
its scripts are doing, and the browser with it if need be.

A page that is not rendered fails with `Refusal`, whose reading says why, or `AddressRefusedError`; both are final.
"""

import asyncio
import itertools
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from weakref import WeakKeyDictionary

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Page, Route, WebSocketRoute
from playwright.async_api import Request as PageRequest
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from scraper.addresses import AddressRefusedError
from scraper.browser import CONTEXT, MAX_BYTES, RENDER, TIMEOUT
from scraper.discover.sites import same_site
from scraper.engine.connections import OnceHandler
from scraper.engine.failures import Refusal
from scraper.guard_proxy import GuardProxy
from scraper.records import Reading
from scraper.resolver import ALLOW_PRIVATE

_KINDS = frozenset({"document", "script", "stylesheet", "xhr", "fetch"})
_AT_ONCE = 2
"""Pages in the browser at a time; each has a process of some hundred megabytes."""

_IDLE_SECONDS, _IDLE_PART = 10.0, 0.4
"""After so many seconds, or this part of its time, a page is taken as it stands, though it still loads: some poll."""

_QUIET_SECONDS = 0.5
"""A page that keeps its length so long after its last request is taken to be ready."""

_GRACE_SECONDS = 5.0
"""What a page's context has to close in before the browser is ended."""

_START_SECONDS = 60.0

_START_IT = "Start Chromium by hand to see what it lacks; in a container its sandbox may lack user namespaces."
_SAVE = "Open the address in a browser and save the page."
_LENGTH = "document.documentElement ? document.documentElement.outerHTML.length : 0"
_handlers: "WeakKeyDictionary[Crawler, BrowserHandler]" = WeakKeyDictionary()


async def is_unwanted(request: PageRequest) -> bool:
    """Whether something that a page asks for is no part of its text (`PLAYWRIGHT_ABORT_REQUEST`)."""
    return request.method not in {"GET", "HEAD"} or request.resource_type not in _KINDS


class LateBrowser(PlaywrightBrowserProvider):  # type: ignore[misc]  # the package ships no types
    """Starts what steers the browser together with the first page, not with the crawl."""

    async def start(self) -> None:
        """Do nothing yet."""

    async def launch_browser(self) -> Any:
        """Start Playwright and the browser."""
        if self.playwright is None:
            await super().start()
        return await super().launch_browser()


class BrowserHandler(ScrapyPlaywrightDownloadHandler, OnceHandler):  # type: ignore[misc]  # the former has no types
    """The download handler for http and https: one of both, so that a crawl has one browser.

    Requests that do not ask for the browser are sent as without it.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._settings = crawler.settings
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._numbers = itertools.count(1)
        self._is_closed = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "BrowserHandler":
        """The handler of a crawl, made when it is first asked for."""
        if crawler not in _handlers:
            _handlers[crawler] = cls(crawler)
        return _handlers[crawler]

    async def close(self) -> None:
        """End the browser; asked for once for each scheme."""
        if not self._is_closed:
            self._is_closed = True
            await super().close()

    async def download_request(self, request: Request) -> Response:
        """Answer a request by the browser where it asks for that, else as Scrapy does."""
        if not request.meta.get(RENDER):
            response: Response = await super().download_request(request)
            return response
        async with self._places:
            return await self._render(request)

    async def _render(self, request: Request) -> Response:
        seconds, max_bytes = self._settings.getfloat(TIMEOUT), self._settings.getint(MAX_BYTES)
        proxy = GuardProxy(
            lambda url: same_site(url, request.url),
            max_bytes=max_bytes,
            allow_private=self._settings.getbool(ALLOW_PRIVATE),
        )
        name = f"page-{next(self._numbers)}"
        await self._start()
        async with proxy.running():
            request.meta.update(self._page_meta(name, proxy.url, seconds, max_bytes))
            try:
                async with asyncio.timeout(seconds):
                    return _checked(request, await super().download_request(request), proxy)
            except TimeoutError as error:
                raise _failed("timeout", f"the browser was not done with the page in {seconds:g} seconds") from error
            except (PlaywrightError, RuntimeError) as error:  # the latter for a file to download
                raise _reason(request, proxy, _first_line(error)) from error
            finally:
                await self._leave(name)

    async def _start(self) -> None:
        """Start the browser where none is running: its start is not the page's time."""
        try:
            async with asyncio.timeout(_START_SECONDS):
                await self._maybe_launch_browser()
        except (PlaywrightError, TimeoutError) as error:
            # Playwright's words; its message lists the switches as well, so "sandbox" alone says nothing
            reason = "it has no usable sandbox" if "sandboxing failed" in str(error) else _first_line(error)
            raise Refusal(Reading("script_shell", f"the browser could not be started: {reason}", _START_IT)) from error

    def _page_meta(self, name: str, proxy: str, seconds: float, max_bytes: int) -> dict[str, Any]:
        """What scrapy-playwright is to do for one page."""
        context = {**self._settings.getdict(CONTEXT), "proxy": {"server": proxy, "bypass": "<-loopback>"}}
        return {
            "playwright_context": name,
            "playwright_context_kwargs": context,
            "playwright_page_init_callback": _restrain,
            "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
            "playwright_page_methods": [PageMethod(_settle, min(_IDLE_SECONDS, seconds * _IDLE_PART), max_bytes)],
        }

    async def _leave(self, name: str) -> None:
        """Close a page's context; end the browser if it cannot be closed, the next page starts another."""
        wrapper = self.context_wrappers.get(name)
        if wrapper is None:
            return
        try:
            async with asyncio.timeout(_GRACE_SECONDS):
                with suppress(PlaywrightError):
                    await wrapper.context.close()
        except TimeoutError:
            browser = getattr(self, "browser", None)
            if browser is not None:
                await browser.close()


async def _restrain(page: Page, request: Request) -> None:  # noqa: ARG001 - scrapy-playwright gives both
    """Refuse what is no request, and all that further windows do; dialogs are dismissed by Playwright itself."""
    context = page.context
    await context.route("**", _refuse)  # the page itself is routed by scrapy-playwright
    await context.route_web_socket("**", _refuse_socket)
    context.on("page", _close)


async def _refuse(route: Route) -> None:
    await route.abort()


async def _refuse_socket(socket: WebSocketRoute) -> None:
    await socket.close()


async def _close(window: Page) -> None:
    with suppress(PlaywrightError):
        await window.close()


async def _settle(page: Page, idle_seconds: float, max_bytes: int) -> None:
    """Wait until a page asks for nothing more and keeps its length; refuse one that is too long."""
    with suppress(PlaywrightError):
        await page.wait_for_load_state("networkidle", timeout=idle_seconds * 1000)
    before, length = -1, await _length(page)
    until = asyncio.get_running_loop().time() + idle_seconds / 2
    while length != before and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(_QUIET_SECONDS)
        before, length = length, await _length(page)
    if length > max_bytes:
        raise _failed("too_large", f"the browser made a page of more than {max_bytes} characters of it")
    # what still loads is no longer waited for
    await (await page.context.new_cdp_session(page)).send("Page.stopLoading")


async def _length(page: Page) -> int:
    """The characters of a page, counted where its scripts cannot interfere."""
    session = await page.context.new_cdp_session(page)
    frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
    world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
    asked = {"expression": _LENGTH, "contextId": world["executionContextId"], "returnByValue": True}
    answer = await session.send("Runtime.evaluate", asked)
    await session.detach()
    return int(answer["result"]["value"])


def _checked(request: Request, response: Response, proxy: GuardProxy) -> Response:
    """A rendered page in UTF-8, whatever its server calls it; one that has left its site or failed is none."""
    if not same_site(response.url, request.url):  # also the browser's own page about a failure
        raise _reason(request, proxy, "it went on to an address that it may not have")
    if proxy.is_spent:  # some of it may be missing
        raise _reason(request, proxy, "")
    if response.status != HTTPStatus.OK or not isinstance(response, TextResponse):
        raise _failed("script_shell", f"the browser was answered with HTTP {response.status}, or with no page")
    return HtmlResponse(
        response.url,
        headers={"Content-Type": "text/html; charset=utf-8"},
        body=response.text.encode("utf-8", "replace"),
        encoding="utf-8",
        request=response.request,
        flags=response.flags,
    )


def _reason(request: Request, proxy: GuardProxy, words: str) -> Exception:
    """Why a page could not be rendered."""
    private = [refusal for refusal in proxy.refused if "public address" in refusal]
    if private:
        return AddressRefusedError.of(request.url, private[0])
    if proxy.is_spent:
        return _failed("too_large", "the page loads more bytes in the browser than a page may have")
    return _failed("script_shell", "; ".join([f"the browser could not render it ({words})", *proxy.refused[:1]]))


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _failed(outcome: str, detail: str) -> Refusal:
    return Refusal(Reading(outcome, detail, _SAVE))
