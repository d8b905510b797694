"""How the explorer's pages refer to one another: from the root of a server, or from file to file of a static site.

Canonical paths (see `paths`) have no leading slash and no ending, unless they are a file (`chart/…/requests.svg`).
"""

from typing import Protocol
from urllib.parse import quote, urlencode

_KEPT = "/-._~:,+"


class Addresses(Protocol):
    """Writes addresses for the page that it was made for."""

    @property
    def is_site(self) -> bool:
        """Whether these are the files of a static site, where there is no search in SQL and nothing is computed."""

    def to(self, path: str, anchor: str = "", **query: object) -> str:
        """Return the address of a canonical path, with a place in it and a query behind it."""


class ServerAddresses:
    """Addresses below the root of a server, or below a prefix of it."""

    is_site = False

    def __init__(self, root: str = "/") -> None:
        self._root = root

    def to(self, path: str, anchor: str = "", **query: object) -> str:
        """Return the address of a canonical path.

        >>> ServerAddresses().to("agency/a b", "c-1-2-3", page=2)
        '/agency/a%20b?page=2#c-1-2-3'
        """
        return f"{self._root}{quote(path, safe=_KEPT)}{_tail(anchor, query)}"


class SiteAddresses:
    """Addresses relative to one file of a static site, so that it can stand below any address."""

    is_site = True

    def __init__(self, current: str) -> None:
        self._up = "../" * file_of(current).count("/")

    def to(self, path: str, anchor: str = "", **query: object) -> str:
        """Return the address of a canonical path as seen from the current one.

        >>> SiteAddresses("agency/a").to("report/b", "c-1-2-3")
        '../report/b.html#c-1-2-3'
        >>> SiteAddresses("").to(""), SiteAddresses("agency/a").to("")
        ('index.html', '../index.html')
        """
        return f"{self._up}{quote(file_of(path), safe=_KEPT)}{_tail(anchor, query)}"


def file_of(path: str) -> str:
    """Return the file of a static site that holds a canonical path.

    >>> file_of(""), file_of("agency/a"), file_of("chart/a/requests.svg")
    ('index.html', 'agency/a.html', 'chart/a/requests.svg')
    """
    if not path:
        return "index.html"
    has_ending = "." in path.rsplit("/", 1)[-1]
    return path if has_ending else f"{path}.html"


def _tail(anchor: str, query: dict[str, object]) -> str:
    return (f"?{urlencode(query, doseq=True)}" if query else "") + (f"#{quote(anchor, safe=_KEPT)}" if anchor else "")
