"""One capture, as the index of a web archive tells of it, and how it travels as a target of a run."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode, urlsplit

from scraper.records import Target


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One line of the index of a web archive.

    `captured_at` is ISO 8601 in UTC. `key` is the index's own spelling of the address, the same for http and https.
    `status` is None where the index does not say. `digest` is SHA-1 in base 32, '' where unknown. `copy` is the address
    where the capture lies; where that is a file of many (Common Crawl), `offset` and `length` say where in it.
    """

    url: str
    captured_at: str
    key: str
    media_type: str
    status: int | None
    digest: str
    copy: str
    offset: int | None = None
    length: int | None = None

    @property
    def year(self) -> int:
        """The calendar year of the capture, in UTC."""
        return int(self.captured_at[:4])

    def target(self, asked: Target) -> Target:
        """The capture as a target, for whoever asked.

        `via` is where the capture lies, with what else the index says of it in the fragment: so a run that was killed
        knows it again, and needs no second look into the index.
        """
        told = {"status": self.status, "digest": self.digest, "offset": self.offset, "length": self.length}
        fragment = urlencode({name: value for name, value in told.items() if value not in (None, "")})
        return replace(asked, url=self.url, kind="page", captured_at=self.captured_at, via=f"{self.copy}#{fragment}")


def row_of(target: Target) -> CaptureRow:
    """The row that a target was made of; what stood in the index and is needed no more (key, media type) is ''.

    >>> row = CaptureRow("http://a.example/", "2019-03-01T00:00:00Z", "", "", 200, "ABC", "https://w.example/x", 5, 7)
    >>> row_of(row.target(Target("a.example/*"))) == row
    True
    """
    copy, _, fragment = target.via.rpartition("#")
    told = {name: values[0] for name, values in parse_qs(fragment).items()}
    return CaptureRow(
        url=target.url,
        captured_at=target.captured_at,
        key="",
        media_type="",
        status=_number(told, "status"),
        digest=told.get("digest", ""),
        copy=copy,
        offset=_number(told, "offset"),
        length=_number(told, "length"),
    )


def _number(told: dict[str, str], name: str) -> int | None:
    return int(told[name]) if told.get(name, "").isdecimal() else None


def moment_of(stamp: str) -> str:
    """Write the fourteen digits of an index as ISO 8601.

    >>> moment_of("20190301120000")
    '2019-03-01T12:00:00Z'
    """
    date, time = stamp[:8], stamp[8:]
    return f"{date[:4]}-{date[4:6]}-{date[6:]}T{time[:2]}:{time[2:4]}:{time[4:]}Z"


def stamp_of(moment: str) -> str:
    """Write an ISO moment in the fourteen digits of an index.

    >>> stamp_of("2019-03-01T12:00:00Z")
    '20190301120000'
    """
    return "".join(letter for letter in moment[:19] if letter.isdigit())


def is_web_address(url: str) -> bool:
    """Tell an address from what crawlers make of `mailto:` and `data:` links; a bare IP address is one.

    >>> is_web_address("http://192.0.2.9/nb/"), is_web_address("http://mailto:someone@example.com/")
    (True, False)
    """
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
        )
    except ValueError:  # a stray bracket, a port that is no number
        return False
