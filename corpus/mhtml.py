"""Read an MHTML file (.mhtml, .mht): a page with all it shows, saved by a browser as one mail message."""

import email
import email.policy
import re
from dataclasses import dataclass
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MessageError,
)
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import TypeAlias

from corpus.captures import utc_text
from corpus.errors import UnpackError

# Browsers write one multipart; the mail parser recurses, and its time grows with lines times depth.
_MAX_NESTED = 100
_NESTED = re.compile(rb"(?im)^content-type:[ \t]*(?:multipart|message)/")
_BROKEN = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
_WEB = ("http://", "https://")
_SAVE_AGAIN = "Save the page again."


@dataclass(frozen=True, slots=True)
class MhtmlPage:
    """The page of an MHTML file: its bytes, its address ('' when the file has none), when it was saved."""

    data: bytes
    source_uri: str
    captured_at: str
    media_type: str
    charset: str


def read_mhtml(data: bytes) -> MhtmlPage:
    """Return the root page of an MHTML file.

    The root is the part that `start` names, else the first HTML part. UnpackError: `no_page` where there is
    none, `damaged` where the file was cut inside it or its transfer encoding is broken.
    """
    if len(_NESTED.findall(data)) > _MAX_NESTED:
        raise UnpackError("damaged", "too many nested parts", "MHTML file", _SAVE_AGAIN)
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    root = _root(message)
    if root is None:
        raise UnpackError("no_page", "no part of the file is an HTML page", "MHTML file", _SAVE_AGAIN)
    body = _body(message, root)
    return MhtmlPage(
        body,
        _address(message, root),
        _saved_at(message),
        root.get_content_type(),
        root.get_content_charset() or "",
    )


_Mail: TypeAlias = "Message[str, str]"


def _root(message: _Mail) -> "_Mail | None":
    """Return the part that holds the page."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    start = str(message.get_param("start") or "").strip("<> ")
    for part in parts:
        if start and _header(part, "Content-ID").strip("<> ") == start:
            return part
    pages = [part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    return pages[0] if pages else None


def _body(message: _Mail, root: _Mail) -> bytes:
    """Return the bytes of the page, its transfer encoding undone."""
    body = root.get_payload(decode=True)
    # A file that was cut loses the end of its last part; a part with others behind it is whole.
    cut = any(isinstance(defect, CloseBoundaryNotFoundDefect) for part in message.walk() for defect in part.defects)
    last = [part for part in message.walk() if not part.is_multipart()][-1]
    if cut and root is last:
        raise UnpackError("damaged", "the file ends inside the page", "MHTML file", _SAVE_AGAIN)
    if not isinstance(body, bytes) or any(isinstance(defect, _BROKEN) for defect in root.defects):
        raise UnpackError("damaged", "the transfer encoding is broken", "MHTML page part", _SAVE_AGAIN)
    if not body.strip():
        raise UnpackError("no_page", "the HTML part is empty", "MHTML file", _SAVE_AGAIN)
    return body


def _address(message: _Mail, root: _Mail) -> str:
    """Return the web address that the page was saved from; local addresses (file:, cid:) name no source."""
    for text in (
        _header(message, "Snapshot-Content-Location"),
        _header(root, "Content-Location"),
        _header(message, "Content-Location"),
    ):
        address = "".join(text.split())
        if address.startswith(_WEB):
            return address
    return ""


def _header(part: _Mail, name: str) -> str:
    """Return a header as text; browsers write long addresses as encoded words (`=?utf-8?Q?https://…?=`)."""
    try:
        return str(make_header(decode_header(part.get(name) or "")))
    except (MessageError, LookupError, ValueError):
        return ""


def _saved_at(message: _Mail) -> str:
    """Return when the browser saved the page, in UTC; '' where the date cannot be read."""
    try:
        return utc_text(parsedate_to_datetime(_header(message, "Date")))
    except (ValueError, OverflowError):
        return ""
