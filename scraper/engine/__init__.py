"""Asks sites for pages, slowly and as their robots.txt allows, on Scrapy.

`fetch_live` takes the pending targets of an archive's run and settles them. Scrapy gives the connections, TLS, the
throttle, redirects and the parser of robots.txt; here stands what an archive needs: every answer is recorded before
anything looks at it, an address is asked once in a run, and every target ends with an outcome.
"""

from scraper.engine.live import fetch_live
from scraper.engine.options import FetchWatch, LiveOptions

__all__ = ["FetchWatch", "LiveOptions", "fetch_live"]
