"""Pages that stand inside a page, or that it hands on to at once: frames, refreshes, an entry page's script."""

from corpus.jumps import jumps
from scraper.discover.attachments import is_file_address
from scraper.discover.pages import Page, read_page
from scraper.discover.sites import same_site

_MOST = 20
"""Frames of one page that are looked at: a frameset has four."""

_FEW_LINKS = 3
"""A page with more links than this is no entry page: the addresses in its scripts are for buttons and telephones."""


def find_inner(data: bytes, *, url: str, media_type: str = "", charset: str = "") -> tuple[str, ...]:
    """The pages of the site that a page without a text of its own is the frame of. Never raises; linear."""
    page = read_page(data, url=url, media_type=media_type, charset=charset)
    return tuple(address for address in inner_pages(page) if address != url and same_site(address, url))


def inner_pages(page: Page) -> tuple[str, ...]:
    """Addresses of the pages that a page shows or hands on to, in its order; files that it shows are none."""
    hrefs = [link.href for link in page.links if link.tag in ("frame", "refresh")]
    if sum(link.tag not in ("link", "frame", "refresh") for link in page.links) <= _FEW_LINKS:
        hrefs += jumps(page.text)
    found = dict.fromkeys(filter(None, map(page.address, hrefs[:_MOST])))
    return tuple(address for address in found if not is_file_address(address))
