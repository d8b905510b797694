"""What a web archive replays, set back to what was archived, and held against the digest of its index."""

import base64
import hashlib
from dataclasses import dataclass
from typing import Literal

from corpus.errors import UnpackError
from corpus.unpack import decode_body

Headers = tuple[tuple[str, str], ...]
Check = Literal["same", "same, unpacked", "differs", "no digest to compare"]
"""Whether a body is the one that the index names; some archives count the digest of the unpacked body."""

_SHA1_BASE32 = 32  # letters of a SHA-1 in base 32, in which indexes print it


@dataclass(frozen=True, slots=True)
class Payload:
    """The headers and body of a capture, and how the body stands to the digest of the index."""

    headers: Headers
    body: bytes
    check: Check
    digest: str


def restored(headers: Headers, body: bytes, wire_coding: str, digest: str, limit: int) -> Payload:
    """Return the capture that an archive replayed.

    `headers` are those of the page. `wire_coding` is the Content-Encoding that came with the replay: the page's own,
    or one that the archive applied on the way. The latter is undone, and only then; what cannot be unpacked stays
    as it came, with its coding said.
    """
    own = _field(headers, "content-encoding")
    if wire_coding and not own:
        if _is_body(body, digest):
            headers = (*headers, ("Content-Encoding", wire_coding))
        else:
            try:
                body = decode_body(body, "", wire_coding, limit)
            except UnpackError:
                headers = (*headers, ("Content-Encoding", wire_coding))
    return Payload(headers, body, digest_check(headers, body, digest, limit), sha1(body))


def digest_check(headers: Headers, body: bytes, digest: str, limit: int) -> Check:
    """Say how a body stands to the digest that an index gives for it."""
    if not digest:
        return "no digest to compare"
    if _is_body(body, digest):
        return "same"
    try:
        unpacked = decode_body(body, "", _field(headers, "content-encoding"), limit)
    except UnpackError:
        return "differs"
    return "same, unpacked" if _is_body(unpacked, digest) else "differs"


def sha1(body: bytes) -> str:
    """Return the digest of a body as indexes print it."""
    return base64.b32encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def clean_digest(printed: str) -> str:
    """Return a SHA-1 of an index in base 32, '' for what is none.

    >>> clean_digest("sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"), clean_digest("-")
    ('3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ', '')
    """
    letters = printed.rpartition(":")[2].upper()
    return letters if len(letters) == _SHA1_BASE32 and letters.isalnum() else ""


def _is_body(body: bytes, digest: str) -> bool:
    return bool(digest) and sha1(body) == digest


def _field(headers: Headers, name: str) -> str:
    return ", ".join(value for key, value in headers if key.lower() == name and value)
