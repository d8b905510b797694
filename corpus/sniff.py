"""What a file is: told by its first bytes, and by its name or media type where the bytes say little.

`sniff` looks at bytes, `name_role` at a file name or the path of an address, `media_role` at a
`Content-Type`. Names lie often (Word writes HTML into `.doc`, a lost PDF is answered with an HTML page), so
bytes go first.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

HEAD_BYTES = 8192
"""How much of a file `sniff` wants to see: a mail head, or a long comment before <html>, fits in."""

_TAIL = 200  # white space may follow the end of a page

Kind = Literal[
    "empty", "warc", "gzip", "zip", "mhtml", "html", "text", "data", "image", "document", "archive", "binary"
]
Role = Literal["page", "side", "image", "document", "unknown"]
"""What a name or media type promises: a page, a file that serves a page, a picture, an office document."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What the first bytes are: a kind to decide by and the words for a reader."""

    kind: Kind
    words: str


def sniff(head: bytes) -> Sniffed:
    """Tell what begins with these bytes; give the first `HEAD_BYTES` where there are as many."""
    if not head:
        return Sniffed("empty", "empty file")
    for magic, kind, words in _MAGIC:
        if head.startswith(magic):
            return Sniffed(kind, words)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed("image", "WebP image")
    if head[257:262] == b"ustar":
        return Sniffed("archive", "TAR archive")
    if head.lstrip(_BLANK).startswith(b"%PDF-"):
        return Sniffed("document", "PDF document")
    if _MAIL_HEAD.match(head) and _MULTIPART.search(head):
        return Sniffed("mhtml", "MHTML page")
    if _DATA.match(head):
        return Sniffed("data", "a list for programs (sitemap, feed, items of a list page)")
    if _TAG.search(head.replace(b"\0", b"")):
        return Sniffed("html", "HTML page")
    if head.startswith(_UTF16_MARKS) or not _CONTROL.search(head):
        return Sniffed("text", "text")
    return Sniffed("binary", "binary data of no known kind")


def has_end(body: bytes) -> bool:
    """Whether a page came to its end, whatever length its server announced.

    >>> has_end(b"<html><p>a</p></HTML> "), has_end(b"<html><p>a")
    (True, False)
    """
    return body[-_TAIL:].rstrip().lower().endswith(b"</html>")


def zip_words(names: Iterable[str]) -> str:
    """Say what a ZIP container is, from the names in it; 'WACZ web archive' for one that holds WARC files."""
    for name in names:
        for prefix, words in _ZIP_CONTENT:
            if name.startswith(prefix):
                return words
    return "ZIP archive"


def name_role(name: str) -> Role:
    """Say what a file name promises; an ending `.gz` is looked through.

    >>> name_role("page.HTM"), name_role("cells.csv"), name_role("style.css.gz"), name_role("t20130228_80734")
    ('page', 'side', 'side', 'unknown')
    """
    parts = name.lower().rsplit("/", 1)[-1].removesuffix(".gz").rsplit(".", 1)
    return _ROLE_OF_SUFFIX.get(parts[1], "unknown") if len(parts) == 2 else "unknown"


def media_role(media_type: str) -> Role:
    """Say what a media type without parameters promises; what says nothing (octet-stream) is unknown."""
    if media_type in _PAGE_MEDIA:
        return "page"
    if media_type in _SIDE_MEDIA or media_type.startswith(("audio/", "font/", "video/")):
        return "side"
    if media_type.startswith("image/"):
        return "image"
    return "document" if _DOCUMENT_MEDIA.match(media_type) else "unknown"


_BLANK = b"\xef\xbb\xbf \t\r\n"  # what may stand before a signature: the UTF-8 mark and white space

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

# Signatures as the formats define them.
_MAGIC: tuple[tuple[bytes, Kind, str], ...] = (
    (b"WARC/", "warc", "WARC archive"),
    (b"\x1f\x8b\x08", "gzip", "gzip-compressed file"),
    (b"PK\x03\x04", "zip", "ZIP archive"),
    (b"PK\x05\x06", "zip", "empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document", "Office document (DOC, XLS, PPT or WPS)"),
    (b"{\\rtf", "document", "RTF document"),
    (b"\x89PNG\r\n", "image", "PNG image"),
    (b"\xff\xd8\xff", "image", "JPEG image"),
    (b"GIF8", "image", "GIF image"),
    (b"II*\0", "image", "TIFF image"),
    (b"MM\0*", "image", "TIFF image"),
    (b"Rar!\x1a\x07", "archive", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive", "7z archive"),
    (b"BZh", "archive", "bzip2-compressed file"),
    (b"\xfd7zXZ\0", "archive", "xz-compressed file"),
    (b"\x28\xb5\x2f\xfd", "archive", "Zstandard-compressed file"),
    (b"filedesc://", "archive", "ARC web archive (the format before WARC)"),
)

# The first names in each container, as its format prescribes them.
_ZIP_CONTENT = (
    ("archive/", "WACZ web archive"),
    ("word/", "Word document (DOCX)"),
    ("xl/", "Excel workbook (XLSX)"),
    ("ppt/", "PowerPoint file (PPTX)"),
    ("OFD.xml", "OFD document"),
)

# `From: <Saved by Blink>`: a mail head begins with a field name; MHTML is multipart or one HTML part.
_MAIL_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?[A-Za-z][A-Za-z-]{0,40}:[ \t]")
_MULTIPART = re.compile(rb"(?im)^content-type:[ \t]*(?:\r?\n[ \t]+)?(?:multipart/|text/html)")

# Tags that a page of any age begins with; `<html`, `<meta http-equiv`, `<!DOCTYPE`, `<P>`.
_TAG = re.compile(
    rb"(?i)<(?:!doctype\s+html|html|head|body|meta|title|table|tbody|tr|td|div|p|span|font|center|script|style|link|h[1-6]"
    rb"|br|iframe|frameset)[\s/>]",
)
# What feeds and sitemaps are (sitemaps.org also allows bare addresses), and the items that a script brings into a list
# page; servers call them HTML often enough.
_DATA = re.compile(
    rb"(?:\xef\xbb\xbf)?\s{0,99}(?:(?:<\?[^>]{0,500}\?>|<!--[^>]{0,500}-->)\s{0,99}){0,9}"
    rb"<(?:urlset|sitemapindex|rss|feed|datastore|recordset)[\s>]"
    rb"|(?:\xef\xbb\xbf)?(?:https?://[!-~]+\s+)*https?://[!-~]+\s*(?:h[!-~]{0,7})?\Z",
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # ESC stays out: ISO-2022 and HZ text uses it

_SUFFIXES: tuple[tuple[Role, str], ...] = (
    ("page", "html htm shtml xhtml mhtml mht txt asp aspx jsp php do"),
    (
        "side",
        "css js mjs map json jsonl csv tsv xml xsl xsd rss atom md rst yml yaml toml ini log py ipynb sqlite",
    ),
    ("side", "db parquet cdx cdxj idx woff woff2 ttf otf eot swf mp3 mp4 webm avi wmv flv m3u8 ts"),
    ("image", "png jpg jpeg jfif gif bmp webp svg ico tif tiff"),
    ("document", "pdf doc docx dot xls xlsx xlsm ppt pptx wps et dps ofd rtf odt ods ceb zip rar 7z tar tgz"),
)
_ROLE_OF_SUFFIX: dict[str, Role] = {suffix: role for role, text in _SUFFIXES for suffix in text.split()}

_PAGE_MEDIA = frozenset({"text/html", "application/xhtml+xml", "text/plain", "multipart/related"})
_SIDE_MEDIA = frozenset(
    {
        "text/css",
        "text/javascript",
        "text/ecmascript",
        "text/csv",
        "text/dns",
        "text/xml",
        "application/xml",
        "application/javascript",
        "application/x-javascript",
        "application/ecmascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/rss+xml",
        "application/atom+xml",
        "application/wasm",
        "application/vnd.ms-fontobject",
        "application/x-shockwave-flash",
    },
)
_DOCUMENT_MEDIA = re.compile(
    r"application/(?:pdf|x-pdf|msword|rtf|ofd|zip|x-zip|x-rar|vnd\.rar|x-7z|vnd\.ms-(?:word|excel|powerpoint)"
    r"|vnd\.openxmlformats|vnd\.oasis|kswps|kset|wps|vnd\.ofd)",
)
