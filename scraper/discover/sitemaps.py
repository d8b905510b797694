"""A sitemap → the pages and the further sitemaps that it names.

XML sitemaps and indexes (sitemaps.org 0.9, whatever the namespace), plain text, RSS and Atom, gzipped or not.
Entities are not resolved and nothing is loaded.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from corpus.errors import UnpackError
from corpus.unpack import GZIP_MAGIC, gunzip
from scraper.discover.hrefs import absolute
from scraper.discover.pages import decoded

MOST_BYTES = 2 * 50 * 2**20
"""A gzipped sitemap may unpack to so much: twice what sitemaps.org allows for one (50 MB)."""

_ENTRIES = frozenset(("url", "sitemap", "item", "entry"))


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap names, in its order and each once: `pages`, and `sitemaps` to be read in turn.

    `problem` says what is wrong with it, '' where all of it was read; what came before the damage is kept.
    """

    pages: tuple[str, ...]
    sitemaps: tuple[str, ...]
    problem: str


def read_sitemap(data: bytes, *, url: str) -> Sitemap:
    """Read a sitemap that was found at `url`. Never raises; relative addresses are taken as the site means them."""
    try:
        data = gunzip(io.BytesIO(data), MOST_BYTES) if data.startswith(GZIP_MAGIC) else data
    except UnpackError as error:
        return Sitemap((), (), error.what)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return _xml(data, url)
    text, _codec = decoded(data)
    pages = dict.fromkeys(filter(None, (_whole(line) for line in text.split("\n"))))
    return Sitemap(tuple(pages), (), "" if pages else "it names no address")


def _whole(line: str) -> str:
    line = line.strip()
    return absolute(line, line) if line[:4].lower() == "http" else ""


def _xml(data: bytes, url: str) -> Sitemap:
    found: dict[str, dict[str, None]] = {"pages": {}, "sitemaps": {}}
    problem = ""
    try:
        for name, address in _entries(data):
            whole = absolute(address, url)
            if whole:
                found["sitemaps" if name == "sitemap" else "pages"][whole] = None
    except etree.XMLSyntaxError as error:
        problem = f"it is no sound XML ({error.msg})"[:200]
    if not problem and not found["pages"] and not found["sitemaps"]:
        problem = "it names no address"
    return Sitemap(tuple(found["pages"]), tuple(found["sitemaps"]), problem)


def _entries(data: bytes) -> Iterator[tuple[str, str]]:
    """Each entry's kind and address; what was read is let go, so that memory holds one entry."""
    events = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    address = ""
    for event, element in events:
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        if event == "start":
            address = "" if name in _ENTRIES else address
        elif name in ("loc", "link") and not address:
            address = (element.text or element.get("href") or "").strip()
        elif name in _ENTRIES:
            if address:
                yield name, address
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
