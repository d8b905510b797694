"""What a page leads on to: further pages of a list, parts and attachments of a report, the pages of a sitemap.

Pure functions over bytes: nothing here asks a network, and nothing of a page is executed.
"""

from scraper.discover.attachments import Attachment, find_attachments
from scraper.discover.columns import Column, is_column_name
from scraper.discover.frames import find_inner
from scraper.discover.lists import Courses, ListPage, read_list
from scraper.discover.parts import find_parts
from scraper.discover.sitemaps import Sitemap, read_sitemap
from scraper.discover.sites import same_site, site_of

__all__ = [
    "Attachment",
    "Column",
    "Courses",
    "ListPage",
    "Sitemap",
    "find_attachments",
    "find_inner",
    "find_parts",
    "is_column_name",
    "read_list",
    "read_sitemap",
    "same_site",
    "site_of",
]
