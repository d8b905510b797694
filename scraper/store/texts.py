"""Texts as they may stand in a record or in the catalogue, whatever a server sent."""

import codecs
import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import IO

from corpus.captures import iso_utc

_PIECE = 1 << 20
_LINE_ENDS = re.compile(r"[\r\n\x00]+[ \t]*")
_NO_NAME = re.compile(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+")  # what RFC 9110 does not allow in the name of a field
_NO_ADDRESS = re.compile(r"[\x00-\x20\x7f<>]")
_FULL_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?Z")


def one_line(text: str) -> str:
    r"""Return a text that cannot end the line it stands on.

    >>> one_line("nginx\r\nSet-Cookie: a\x00b")
    'nginx Set-Cookie: a b'
    """
    return _LINE_ENDS.sub(" ", text).strip()


def field_name(text: str) -> str:
    """Return a name that a header line can begin with.

    >>> field_name("X Power: ed"), field_name("：")
    ('X-Power-ed', '-')
    """
    return _NO_NAME.sub("-", text) or "-"


def header_bytes(text: str) -> bytes:
    r"""Return the bytes of a header as they came, where the text was decoded as Latin-1; else its UTF-8.

    >>> header_bytes("\xb9\xab"), header_bytes("公")
    (b'\xb9\xab', b'\xe5\x85\xac')
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return storable(text).encode()


def storable(text: str) -> str:
    """Return a text that can be written as UTF-8: halves of surrogate pairs are spelled out."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def clean_address(url: str) -> str:
    r"""Return an address without what no address has: blanks, control characters and brackets are percent-coded.

    >>> clean_address("http://www.example.gov.cn/a b.html\n")
    'http://www.example.gov.cn/a%20b.html'
    """
    return _NO_ADDRESS.sub(lambda found: f"%{ord(found[0]):02X}", storable(url.strip()))


def warc_moment(moment: str) -> str:
    """Return a moment as `WARC-Date` has it: ISO 8601 in UTC, with at most nine digits of a second.

    ValueError for what is no moment: a record without one could not be found again.

    >>> warc_moment("2013-02-25T09:02:03.5+08:00"), warc_moment("2013-02-25")
    ('2013-02-25T01:02:03.500000Z', '2013-02-25')
    """
    if _FULL_MOMENT.fullmatch(moment):
        return moment
    if not (known := iso_utc(moment)):
        raise ValueError(f"{moment!r} is no moment")
    return known


def now() -> str:
    """Return this moment, ISO 8601 in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def sha256(data: bytes) -> str:
    """Return the SHA-256 of bytes in hex."""
    return hashlib.sha256(data).hexdigest()


def warc_digest(data: bytes) -> str:
    """Return a digest as WARC headers have it.

    SHA-256, because a dataset cites by it, and a page that is made to collide must not pass for another one
    (SHA-1, which is customary, no longer says that); hex, which warcio, fastwarc, pywb and `corpus` all verify.
    """
    return f"sha256:{sha256(data)}"


def warc_fields(fields: Mapping[str, str]) -> bytes:
    """Return a block of `application/warc-fields`; what is empty is left out."""
    lines = (f"{field_name(name)}: {one_line(value)}\r\n" for name, value in fields.items() if value)
    return storable("".join(lines)).encode()


def codec_of(stream: IO[bytes]) -> str:
    """Return the charset of a file that people write: UTF-16 by its mark, else UTF-8, else GB18030; '' for no text."""
    head = stream.read(2)
    if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    for codec in ("utf-8-sig", "gb18030"):
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(codec)()
        try:
            while chunk := stream.read(_PIECE):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return codec
    return ""
