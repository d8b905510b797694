"""Unpack the bytes of one page: gzip files and what HTTP did to a body, never beyond a number of bytes.

A few kilobytes can unpack to gigabytes; every function takes the `limit` of bytes that may come out and
raises `UnpackError` ('too_large') before it holds more than that.
"""

import io
import re
import zlib
from typing import IO

from fastwarc.stream_io import BrotliReader

from corpus.errors import UnpackError
from corpus.failures import RAISE_LIMIT

GZIP_MAGIC = b"\x1f\x8b\x08"

_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS  # zlib's way of asking for a gzip head and checksum
_RAW = -zlib.MAX_WBITS  # deflate without head or checksum, as some servers send it
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,200})?\r?\n")  # `1a3f;name=value`
_AGAIN = "Get the file again: it was cut or changed."


def gunzip(stream: IO[bytes], limit: int) -> bytes:
    """Return what a gzip file holds, all members joined; zero bytes after the last one are padding."""
    packed, out = stream.read(_CHUNK), bytearray()
    while packed.strip(b"\0"):
        inflater = zlib.decompressobj(_GZIP)
        while not inflater.eof:
            if not packed:
                raise UnpackError("damaged", "gzip data ends too early", f"after {len(out)} bytes", _AGAIN)
            out += _inflate(inflater, packed, limit - len(out))
            packed = inflater.unconsumed_tail or inflater.unused_data or stream.read(_CHUNK)
        packed = packed or stream.read(_CHUNK)
    return bytes(out)


def decode_body(body: bytes, transfer: str, content: str, limit: int) -> bytes:
    """Undo `Transfer-Encoding` and `Content-Encoding` of an HTTP body, the last one applied first.

    Crawlers often store a body that is unpacked already and leave the header as it was: a body that does not
    begin as its coding prescribes is taken as it is.
    """
    if "chunked" in transfer.lower():
        body = _unchunk(body)
    for coding in reversed([name.strip() for name in content.lower().split(",")]):
        if coding in ("gzip", "x-gzip"):
            body = gunzip(io.BytesIO(body), limit) if body.startswith(GZIP_MAGIC) else body
        elif coding == "deflate":
            body = _undeflate(body, limit)
        elif coding == "br":
            body = _unbrotli(body, limit)
        elif coding not in ("", "identity", "none", "utf-8", "binary"):
            raise UnpackError(
                "unknown_coding",
                f"Content-Encoding {coding} is not supported",
                "HTTP header",
                "Unpack the page by hand and give it as an HTML file.",
            )
    return body


def _inflate(inflater: "zlib._Decompress", packed: bytes, room: int) -> bytes:
    """Unpack at most `room` bytes, and one more to notice that there are more."""
    try:
        out = inflater.decompress(packed, max(room, 0) + 1)
    except zlib.error as error:
        raise UnpackError("damaged", f"compressed data is damaged ({error})", "page body", _AGAIN) from error
    if len(out) > room:
        raise _too_large()
    return out


def _too_large() -> UnpackError:
    """Say that more comes out than a page may have."""
    return UnpackError(
        "too_large",
        "unpacks to more than the limit of one page",
        "page body",
        RAISE_LIMIT,
    )


def _undeflate(body: bytes, limit: int) -> bytes:
    """Undo `deflate`, which the standard means with a zlib head and some servers send without."""
    for bits in (zlib.MAX_WBITS, _RAW):
        inflater = zlib.decompressobj(bits)
        try:
            out = _inflate(inflater, body, limit)
        except UnpackError as error:
            if error.code == "too_large":
                raise
            continue
        if inflater.eof:
            return out
    if body.lstrip().startswith(b"<"):
        return body
    raise UnpackError("damaged", "deflate data is damaged or cut", "HTTP body", _AGAIN)


def _unbrotli(body: bytes, limit: int) -> bytes:
    """Undo `br`, which has no signature to know it by."""
    reader, out = BrotliReader(io.BytesIO(body)), bytearray()
    try:
        while piece := reader.read(_CHUNK):
            out += piece
            if len(out) > limit:
                raise _too_large()
    except OSError as error:
        if body.lstrip().startswith(b"<") and not out:
            return body
        raise UnpackError("damaged", "brotli data is damaged or cut", "HTTP body", _AGAIN) from error
    return bytes(out)


def _unchunk(body: bytes) -> bytes:
    """Join the chunks of a `chunked` body; one that does not begin with a chunk's size was joined before."""
    out, at = bytearray(), 0
    while size := _CHUNK_SIZE.match(body, at):
        length = int(size[1], 16)
        if length == 0:
            return bytes(out)
        out += body[size.end() : size.end() + length]
        at = size.end() + length + len(b"\r\n")
        if size.end() + length > len(body):
            break
    if at == 0:
        return body
    raise UnpackError("damaged", "the last chunk of the page is missing", f"after {len(out)} bytes", _AGAIN)
