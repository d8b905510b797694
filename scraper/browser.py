"""Pages that scripts write: rendered by scrapy-playwright on a Chromium that is installed, for `fetch --browser`.

A page is rendered only when it was recognised as an empty shell (`script_shell`). What the browser may do stands in
`scraper.browser_handler`; here stands how Scrapy is told of it.
"""

import importlib.util
import os
import shutil
from pathlib import Path
from typing import Any

from scrapy import Request

from scraper.addresses import SCHEMES
from scraper.errors import FetchError
from scraper.resolver import guard_settings

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Names under which systems install Chromium, in the order in which they are looked for."""

RENDER = "playwright"
"""The key in `request.meta` by which scrapy-playwright knows the requests that are its."""

TIMEOUT = "BROWSER_TIMEOUT"
"""The Scrapy setting of the seconds that one page may take in the browser."""

MAX_BYTES = "BROWSER_MAX_BYTES"
"""The Scrapy setting of the bytes that a page may load, and of those that it may be in the end."""

CONTEXT = "BROWSER_CONTEXT"
"""The Scrapy setting of what a page is shown in, as Playwright's `new_context` takes it."""

_HANDLER = "scraper.browser_handler.BrowserHandler"

_SWITCHES = (
    "--disable-quic",  # would go round the proxy
    "--force-webrtc-ip-handling-policy",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",  # no calls past the proxy
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # names are looked up by the proxy alone
    "--js-flags=--max-old-space-size=512",
)


def find_browser() -> Path:
    """The Chromium on the path. Raises `FetchError` (`no_browser`), which says what to install."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    raise FetchError(
        "no_browser",
        "no Chromium is on the path",
        ", ".join(BROWSERS),
        "Install it (on Debian and Ubuntu: apt-get install chromium fonts-noto-cjk), or fetch without --browser.",
    )


def browser_settings(*, user_agent: str, timeout: float, max_page_bytes: int) -> dict[str, Any]:
    """The settings of Scrapy with which requests of `render_request` go to a browser, and all others where they did.

    They go on top of those of `scraper.resolver.guard_settings`. Seconds and bytes are those of one page. The browser
    is started for the first page that needs it. Raises `FetchError` (`no_browser`) where there is none, or where the
    extra `[browser]` is not installed.
    """
    if importlib.util.find_spec("scrapy_playwright") is None:
        raise FetchError(
            "no_browser",
            "what steers a browser is not installed",
            "scrapy-playwright",
            "Install gongkai with its extra: gongkai[browser]; or fetch without --browser.",
        )
    return {
        "DOWNLOAD_HANDLERS": {**guard_settings()["DOWNLOAD_HANDLERS"], **dict.fromkeys(SCHEMES, _HANDLER)},
        TIMEOUT: timeout,
        MAX_BYTES: max_page_bytes,
        "PLAYWRIGHT_LAUNCH_OPTIONS": _launch_options(find_browser()),
        "PLAYWRIGHT_BROWSER_PROVIDER": "scraper.browser_handler.LateBrowser",
        "PLAYWRIGHT_ABORT_REQUEST": "scraper.browser_handler.is_unwanted",
        "PLAYWRIGHT_PROCESS_REQUEST_HEADERS": None,  # those of the browser, with our name
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 2000,  # the page's own limit comes first
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 1000,
        CONTEXT: {
            "user_agent": user_agent,
            "locale": "zh-CN",
            "accept_downloads": False,
            "service_workers": "block",
            "permissions": [],
            "ignore_https_errors": False,
        },
    }


def render_request(request: Request) -> Request:
    """The same request, to be answered by the browser: the response holds the page as scripts have made it, in UTF-8.

    It fails as `scraper.browser_handler` says.
    """
    return request.replace(meta={**request.meta, RENDER: True}, method="GET", body=b"", dont_filter=True)


def _launch_options(executable: Path) -> dict[str, Any]:
    """How the browser is started, as Playwright's `launch` takes it.

    As root Chromium refuses to start with its sandbox, so there it runs without: a page that breaks out of the
    browser is root. Whoever fetches as another user has the sandbox.
    """
    return {
        "executable_path": str(executable),
        "headless": True,
        "chromium_sandbox": os.geteuid() != 0,
        "args": list(_SWITCHES),
        # Where nothing listens: what is not a page's, as updates, leads nowhere. Pages have proxies of their own.
        "proxy": {"server": "http://127.0.0.1:1", "bypass": "<-loopback>"},
        # the fetch ends the browser, when it has written down what it had
        "handle_sigint": False,
        "handle_sigterm": False,
        "handle_sighup": False,
    }
