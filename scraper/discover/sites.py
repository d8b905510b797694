"""Which addresses belong to one site: the registrable domain, by the bundled Public Suffix List.

Under `fujian.gov.cn` the hosts of a province's departments are one site. Nothing is fetched and nothing is written: the
list is the one that came with the package.
"""

from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import tldextract

_PORTS = {"http": 80, "https": 443}
_extract = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)


def same_site(one: str, other: str) -> bool:
    """Whether two web addresses belong to one site; numeric and local hosts only with the same port.

    >>> same_site("http://www.example.gov.cn/a", "https://czj.example.gov.cn/b")
    True
    >>> same_site("http://one.gov.cn/", "http://two.gov.cn/")
    False
    """
    first = site_of(one)
    return bool(first) and first == site_of(other)


def site_of(url: str) -> str:
    """The site of a web address: registrable domain, else host (a numeric or local one with its port); '' for none."""
    try:
        parts = urlsplit(url)
        return _site(parts.scheme, (parts.hostname or "").rstrip("."), _port(parts))
    except ValueError:  # brackets that hold no IPv6 address, a port that is no number
        return ""


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


@lru_cache(maxsize=4096)
def _site(scheme: str, host: str, port: int | None) -> str:
    if scheme not in _PORTS or not host:
        return ""
    if ":" in host:
        return f"[{host}]:{port}"
    if not host.isascii():
        host = host.encode("idna").decode("ascii")  # UnicodeError, a ValueError, for what can be no name
    found = _extract.extract_str(host)
    if not found.suffix:
        return f"{host}:{port}"
    return f"{found.domain}.{found.suffix}" if found.domain else host
