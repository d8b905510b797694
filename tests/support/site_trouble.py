"""What goes wrong on the site on loopback: every address under /trouble/, one misbehaviour each.

`TROUBLES` names them all. Those that end well (`-once`, `gzip`, `br`, `chunked` …) serve a report of their own, so that
it can be found in the dataset by its agency and year.
"""

import gzip
import struct
import zlib
from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from time import time

import brotli
import site_files
from site_http import Answer, Exchange, Handler
from site_pages import HOSTILE_NAME, made_report

BIG_BYTES = 200 * 2**20
FOREVER_SECONDS = 120  # longer than any test waits
DRIP_SECONDS = 0.1
BOMB_BYTES = 256 * 2**20
_BOMB_CHECKSUM = 0x2A0E7DBB  # CRC-32 of as many zeros
LONG_WAIT_SECONDS = 86_400

_BLOCK = b"<p>" + b"0" * (64 * 1024 - 4) + b"\n"
_SCRIPT_BLOCK = (
    '<html><head><meta charset="utf-8"></head><body><script>var _$ab = "{}"; function _$cd() {{'
    "document.cookie = '__jsl_clearance=' + _$ab; location.reload(); }} _$cd();</script></body></html>"
)
_CAPTCHA = (
    '<html><head><meta charset="utf-8"><title>安全验证</title></head><body><h3>请完成验证后继续访问</h3>'
    '<form method="post"><img src="/captcha.png"><input name="code"><button>提交</button></form></body></html>'
).encode()
_ERROR = '<html><head><meta charset="utf-8"><title>{0}</title></head><body><h1>{0}</h1></body></html>'


def _report(year: int, *, body: str = "样本市应急局") -> bytes:
    return made_report("", body, year, disclosed=year, requests=year % 100).body


def _honest(year: int, exchange: Exchange) -> Answer:
    return Answer(_report(year))


def _error(status: int, body: bytes = b"", *, wait: str = "") -> Answer:
    return Answer(
        body or _ERROR.format(f"错误 {status}").encode(), status, headers=(("Retry-After", wait),) if wait else ()
    )


def _status(status: int, exchange: Exchange) -> Answer:
    script = status in (412, 521)
    return _error(status, _SCRIPT_BLOCK.format(status).encode() if script else b"")


def _once(status: int, wait: str, year: int, exchange: Exchange) -> Answer:
    return _error(status, wait=wait) if exchange.nth == 1 else Answer(_report(year))


def _busy_until(year: int, exchange: Exchange) -> Answer:
    """429 with the moment from which it may be asked again, two seconds ahead, as an HTTP date."""
    return _error(429, wait=formatdate(time() + 2, usegmt=True)) if exchange.nth == 1 else Answer(_report(year))


def _busy_long(exchange: Exchange) -> Answer:
    return _error(429, wait=str(LONG_WAIT_SECONDS))


# Time.


def _slow_start(exchange: Exchange) -> Answer:
    exchange.wait(FOREVER_SECONDS)
    return Answer(_report(2001))


def _drip(exchange: Exchange) -> None:
    """A byte now and then: never silent, never done."""
    body = _report(2002)
    exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", len(body) * 100)])
    for byte in body * 100:
        exchange.send(bytes([byte]))
        exchange.wait(DRIP_SECONDS)


# Connections.


def _truncated(exchange: Exchange) -> None:
    body = _report(2003)
    exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", len(body))])
    exchange.send(body[:-20])  # without the end of the page: one that has it is taken for whole


def _reset(exchange: Exchange) -> None:
    exchange.reset()


def _reset_inside(exchange: Exchange) -> None:
    body = _report(2004)
    exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", len(body))])
    exchange.send(body[:500])
    exchange.reset()


def _reset_once(year: int, exchange: Exchange) -> Answer | None:
    if exchange.nth > 1:
        return Answer(_report(year))
    exchange.reset()
    return None


def _closed(exchange: Exchange) -> None:
    exchange.asked.status = 0


def _garbage(exchange: Exchange) -> None:
    exchange.send(b"SSH-2.0-OpenSSH_9.2p1 sample\r\n")


def _no_length(exchange: Exchange) -> None:
    """HTTP/1.0: the body ends where the connection does."""
    exchange.asked.status = 200
    exchange.send(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + _report(2005))


# Chunks.


def _chunked(exchange: Exchange) -> None:
    body = _report(2006)
    exchange.head(200, [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")])
    sizes = [1, 7, 64, 500]
    while body:
        size = sizes.pop(0) if sizes else 1000
        piece, body = body[:size], body[size:]
        exchange.send(b"%x;sample=1\r\n%s\r\n" % (len(piece), piece))
    exchange.send(b"0\r\nX-Sample: trailer\r\n\r\n")


def _chunked_broken(exchange: Exchange) -> None:
    exchange.head(200, [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")])
    exchange.send(b"40\r\n" + _report(2007)[:64] + b"\r\nzz\r\nnot a chunk\r\n")


# Size.


def _big(exchange: Exchange) -> None:
    exchange.head(200, [("Content-Type", "text/html"), ("Content-Length", BIG_BYTES)])
    for _ in range(BIG_BYTES // len(_BLOCK)):
        exchange.send(_BLOCK)


def _big_chunked(exchange: Exchange) -> None:
    exchange.head(200, [("Content-Type", "text/html"), ("Transfer-Encoding", "chunked")])
    chunk = b"%x\r\n%s\r\n" % (len(_BLOCK), _BLOCK)
    for _ in range(BIG_BYTES // len(_BLOCK)):
        exchange.send(chunk)
    exchange.send(b"0\r\n\r\n")


def _bomb() -> bytes:
    """Zeros, packed: after a full flush the same block packs to the same bytes, so one is packed and repeated."""
    packer, block = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS), bytes(2**20)
    piece = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return head + piece * (BOMB_BYTES // len(block)) + packer.flush() + struct.pack("<II", _BOMB_CHECKSUM, BOMB_BYTES)


# Codings.


def _coded(coding: str, pack: Callable[[bytes], bytes], exchange: Exchange, *, year: int) -> Answer:
    return Answer(pack(_report(year)), headers=(("Content-Encoding", coding),))


def _gzip_bomb(exchange: Exchange) -> Answer:
    return Answer(_bomb(), headers=(("Content-Encoding", "gzip"),))


# Headers.


def _wrong_charset(exchange: Exchange) -> Answer:
    body = _report(2013).replace(b'<meta charset="utf-8">', b"").decode().encode("gb18030")
    return Answer(body, media_type="text/html; charset=iso-8859-1")


def _odd_headers(exchange: Exchange) -> None:
    """Doubled, raw Latin-1, raw UTF-8, empty, very long, without a space, with a tab."""
    body = _report(2014)
    odd = (
        b"HTTP/1.1 200 OK\r\nServer: one\r\nServer: two\r\nX-Latin: caf\xe9\r\nX-Raw: \xe6\xa0\xb7\xe6\x9c\xac\r\n"
        b"X-Empty:\r\nx-lower:no-space\r\nX-Tab:\tvalue\t\r\nX-Long: %s\r\nSet-Cookie: id=1; Path=/\r\n"
        b"Set-Cookie: kind=2; Path=/\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
    )
    exchange.asked.status = 200
    exchange.send(odd % (b"v" * 6000, len(body)) + body)


def _huge_header(exchange: Exchange) -> None:
    """A header of a megabyte: more than any client takes."""
    exchange.asked.status = 200
    exchange.send(b"HTTP/1.1 200 OK\r\nX-Huge: " + b"v" * 2**20 + b"\r\nContent-Length: 2\r\n\r\nok")


def _download(exchange: Exchange) -> Answer:
    name = f'attachment; filename="{HOSTILE_NAME}"'
    return Answer(
        site_files.docx_file("附件"), media_type="application/msword", headers=(("Content-Disposition", name),)
    )


def _cookie(exchange: Exchange) -> Answer:
    return Answer(_report(2015), headers=(("Set-Cookie", "session=sample; Path=/"),))


def _meta_refresh(exchange: Exchange) -> Answer:
    return Answer(
        b'<html><head><meta http-equiv="refresh" content="0;url=/trouble/refreshed"></head><body></body></html>'
    )


# Redirects.


def _to(place: str, exchange: Exchange, *, status: int = 302) -> Answer:
    return Answer(b"", status, headers=(("Location", place),))


def _endless(exchange: Exchange) -> Answer:
    """Every address redirects to a new one."""
    step = int(exchange.asked.query.get("step", "0")) + 1
    return _to(f"/trouble/redirect-endless?step={step}", exchange)


def _no_place(exchange: Exchange) -> Answer:
    return Answer(b"", 302)


TROUBLES: dict[str, Handler] = {
    # refusals
    "403": partial(_status, 403),
    "412": partial(_status, 412),
    "521": partial(_status, 521),
    "captcha": lambda exchange: Answer(_CAPTCHA),
    "404": partial(_status, 404),
    "410": partial(_status, 410),
    "503": partial(_status, 503),
    # trouble that passes
    "429-once": partial(_once, 429, "1", 2016),
    "429-date": partial(_busy_until, 2017),
    "500-once": partial(_once, 500, "", 2018),
    "503-once": partial(_once, 503, "1", 2019),
    "reset-once": partial(_reset_once, 2020),
    # trouble that stays
    "429-long": _busy_long,
    "slow-start": _slow_start,
    "drip": _drip,
    "truncated": _truncated,
    "reset": _reset,
    "reset-inside": _reset_inside,
    "closed": _closed,
    "garbage": _garbage,
    "chunked-broken": _chunked_broken,
    "big": _big,
    "big-chunked": _big_chunked,
    "gzip-bomb": _gzip_bomb,
    "gzip-cut": lambda exchange: _coded("gzip", lambda data: gzip.compress(data, mtime=0)[:300], exchange, year=2008),
    "unknown-coding": lambda exchange: _coded("sample", bytes, exchange, year=2008),
    "huge-header": _huge_header,
    "empty": lambda exchange: Answer(b""),
    "204": lambda exchange: Answer(b"", 204, media_type=""),
    # what is unusual and right, or forgivable
    "no-length": _no_length,
    "chunked": _chunked,
    "gzip": lambda exchange: _coded("gzip", partial(gzip.compress, mtime=0), exchange, year=2009),
    "deflate": lambda exchange: _coded("deflate", zlib.compress, exchange, year=2010),
    "br": lambda exchange: _coded("br", brotli.compress, exchange, year=2011),
    "gzip-none": lambda exchange: _coded("gzip", bytes, exchange, year=2012),
    "wrong-charset": _wrong_charset,
    "headers": _odd_headers,
    "download": _download,
    "cookie": _cookie,
    "meta-refresh": _meta_refresh,
    "refreshed": partial(_honest, 2021),
    # redirects; `{here}`: this site, `{other}`: another host of it, `{inside}`: one of its own network
    "redirect-chain": partial(_to, "/trouble/redirect-chain-2"),
    "redirect-chain-2": partial(_to, "redirect-chain-3", status=301),
    "redirect-chain-3": partial(_to, "{here}/trouble/landed", status=307),
    "landed": partial(_honest, 2022),
    "redirect-loop": partial(_to, "/trouble/redirect-loop-back"),
    "redirect-loop-back": partial(_to, "/trouble/redirect-loop"),
    "redirect-endless": _endless,
    "redirect-off-site": partial(_to, "{other}/trouble/landed"),
    "redirect-inside": partial(_to, "{inside}/inside/report.html"),
    "redirect-file": partial(_to, "file:///etc/hostname"),
    "redirect-script": partial(_to, "javascript:alert(1)"),
    "redirect-nowhere": _no_place,
    "redirect-forbidden": partial(_to, "/forbidden/t20220128_10.html"),
}
