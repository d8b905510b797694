"""A reference as a page prints it → the address that a browser would ask for."""

import re
from urllib.parse import urljoin, urlsplit

from w3lib.url import safe_url_string

LONGEST_ADDRESS = 8190
"""No longer address is followed: what Apache takes as a request line (LimitRequestLine)."""

# Tabs and line ends inside an address mean nothing to a browser; other control characters stand in none.
_BREAKS = re.compile(r"[\t\r\n]+")
_BAD = re.compile(r"[\x00-\x1f\x7f\s]")
# What servers of Java, PHP and ASP write into addresses for visitors without cookies: another one for each visit.
_KEY = r"(?:jsessionid|phpsessid|aspsessionid\w{0,20})=[^&#]*"
_SESSION = re.compile(rf";jsessionid=[^/?#;]*|(?<=[?&]){_KEY}&|[?&]{_KEY}(?=#|\Z)", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443}
_EDGES = " \t\r\n\f\v\u00a0\u3000\u200b\ufeff"


def absolute(href: str, base: str, charset: str = "utf-8") -> str:
    """The whole address of a reference without its fragment, '' for one that leads to no web page.

    As browsers do it, characters of the path are encoded in UTF-8 and those of the query in the page's `charset`;
    what is percent-encoded already stays as it is.

    >>> absolute("../a.htm#top", "http://www.example.gov.cn/b/c/")
    'http://www.example.gov.cn/b/a.htm'
    >>> absolute("javascript:void(0)", "http://www.example.gov.cn/")
    ''
    """
    href = _BREAKS.sub("", href.strip(_EDGES)).replace("\\", "/")
    if not href or href.startswith("#") or len(href) > LONGEST_ADDRESS:
        return ""
    try:
        whole = urljoin(base, href).partition("#")[0]
        return encoded(whole, charset) if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def encoded(url: str, charset: str = "utf-8") -> str:
    """A whole address in the characters that go over the wire; ValueError for one that names no host.

    The host is in lower case and IDNA, without the port that the scheme implies, an empty path is `/`, percent-encoding
    that is there stays as it is. The number of a session is left out: with it, every visit of a site would be another
    site.

    >>> encoded("http://www.Example.gov.cn/list.do;jsessionid=0A3F?page=2")
    'http://www.example.gov.cn/list.do?page=2'
    """
    url = _SESSION.sub("", url)
    try:
        url = safe_url_string(url, encoding=charset)
    except (UnicodeError, LookupError):  # the page's charset has no such character, or is none
        url = safe_url_string(url)
    parts = urlsplit(url)
    if not parts.hostname or not parts.hostname.isascii() or _BAD.search(url):
        raise ValueError(url)
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    if parts.port and parts.port == _PORTS.get(scheme):  # raises for a port that is none
        host = host.rpartition(":")[0]
    return parts._replace(scheme=scheme, netloc=host, path=parts.path or "/").geturl()
