"""Scrapy as a fetch uses it: what is switched on, what is switched off, and why."""

from pathlib import Path
from typing import Any

from scrapy.downloadermiddlewares.defaultheaders import DefaultHeadersMiddleware
from scrapy.downloadermiddlewares.downloadtimeout import DownloadTimeoutMiddleware
from scrapy.downloadermiddlewares.useragent import UserAgentMiddleware

from scraper.browser import browser_settings
from scraper.engine.certificates import Certificates
from scraper.engine.connections import OnceHandler
from scraper.engine.limits import MAX_BYTES, TIMEOUT, PageLimits
from scraper.engine.options import PRODUCT, LiveOptions
from scraper.engine.pace import HostPace
from scraper.engine.recorder import Recorder
from scraper.engine.redirects import Redirects, Refreshes
from scraper.engine.retries import Retries
from scraper.engine.robots import Robots
from scraper.engine.scheduler import HostScheduler
from scraper.resolver import AddressGuard, guard_settings

_HOSTS_AT_ONCE = 32
"""Pages that may be under way together: with the cap on one page, this bounds memory."""

_GRACE = 2.0
"""Seconds after which Scrapy ends a page that `PageLimits` could not, because nothing came any more."""


def scrapy_settings(options: LiveOptions, log: Path) -> dict[str, Any]:
    """The settings of a crawl; whatever Scrapy has to say goes into the file `log`.

    Not used are cookies and referers, Scrapy's unpacking of bodies (`answers.unpacked` does it as `gongkai build`
    will), its consoles (telnet, remote control), and proxies named in the environment: one would look names up
    itself, past the guard of addresses.
    """
    guarded = guard_settings(allow_private=options.allow_private)
    browser = _browser(options) if options.browser else {}
    once = dict.fromkeys(("http", "https"), OnceHandler)
    handlers = guarded["DOWNLOAD_HANDLERS"] | once | browser.pop("DOWNLOAD_HANDLERS", {})
    return {
        **guarded,
        **browser,
        "DOWNLOAD_HANDLERS": handlers,
        **_identity(options),
        **_politeness(options),
        **_caps(options),
        "BOT_NAME": PRODUCT,
        # What Scrapy switches on by itself is off, also what later versions will add; what is used stands here.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            # In the order in which a request passes them; an answer passes them from the last to the first.
            Robots: 100,
            DownloadTimeoutMiddleware: 350,
            DefaultHeadersMiddleware: 400,
            UserAgentMiddleware: 500,
            Retries: 550,
            Refreshes: 580,
            Redirects: 600,
            AddressGuard: 880,  # nearest to the network, so that `Retries` knows a refused address as such
            Certificates: 890,
            Recorder: 900,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "EXTENSIONS": {HostPace: 0, PageLimits: 0},
        "LOG_FILE": str(log),
        "LOG_LEVEL": "INFO",
        "SCHEDULER": HostScheduler,
        "STATS_DUMP": False,
    }


def _browser(options: LiveOptions) -> dict[str, Any]:
    """What Scrapy is told of the browser; FetchError `no_browser` where there is none."""
    return browser_settings(
        user_agent=options.user_agent,
        timeout=options.timeout,
        max_page_bytes=options.max_page_bytes,
    )


def _identity(options: LiveOptions) -> dict[str, Any]:
    """Who asks, and what can be read: what `corpus.unpack` unpacks, Chinese before other languages."""
    return {
        "USER_AGENT": options.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate, br",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
    }


def _politeness(options: LiveOptions) -> dict[str, Any]:
    """One request a host at a time, with a pause that grows where the host is slow."""
    return {
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "AUTOTHROTTLE_MAX_DELAY": max(60.0, options.delay),
        "CONCURRENT_REQUESTS": _HOSTS_AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": options.delay,
        "DOWNLOAD_DELAY_JITTER": 0.0,  # the delay is what lies between two requests at least
        "REDIRECT_MAX_TIMES": options.max_redirects,
        "METAREFRESH_MAXDELAY": 10,
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",
    }


def _caps(options: LiveOptions) -> dict[str, Any]:
    """Bytes and seconds of one page: `PageLimits` cuts, Scrapy's own limits stand behind it."""
    return {
        TIMEOUT: options.timeout,
        MAX_BYTES: options.max_page_bytes,
        "DOWNLOAD_TIMEOUT": options.timeout + _GRACE,
        "DOWNLOAD_MAXSIZE": 0,  # it would throw the answer away instead of cutting it
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # likewise: what had come is kept, as truncated
        "DNS_TIMEOUT": min(30.0, options.timeout),
    }
