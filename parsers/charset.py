"""What a page claims its charset to be, and when two names of a charset mean the same."""

import re

# The HTML standard looks for a declaration in the first 1,024 bytes; old pages put scripts before it.
_HEAD_BYTES = 8192

# Parts of the head whose text declares nothing; an unclosed one runs to the end.
_SILENT = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1|\Z)", re.DOTALL | re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml[^<>]*?\bencoding\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_META = re.compile(rb"<meta\b[^<>]*", re.IGNORECASE)
_CONTENT_TYPE = re.compile(rb"\bhttp-equiv\s*=\s*[\"']?\s*content-type\b", re.IGNORECASE)
_CONTENT = re.compile(rb"\bcontent\s*=\s*(?:\"[^\"]*\"|'[^']*')", re.IGNORECASE)
# `charset=gb2312`, `CHARSET = "GBK"`, `charset="gb2312"` inside an unescaped content="…".
_LABEL = re.compile(rb"(?<![\w-])charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)

_NOT_ALNUM = re.compile(r"[^a-z0-9]")
# Names of the WHATWG Encoding Standard and of old servers, without punctuation.
_FAMILIES = (
    ("utf-8", re.compile(r"utf8|unicode11utf8|unicode20utf8")),
    ("gb18030", re.compile(r"gb|xgb|csgb|cp936|ms936|windows936|936|chinese|csiso58|isoir58|euccn|hzgb")),
    ("big5", re.compile(r"big5|cnbig5|xxbig5|csbig5|cp950|ms950|windows950|950")),
    ("utf-16", re.compile(r"utf16|unicode|ucs2|iso10646ucs2|csunicode")),
    ("utf-32", re.compile(r"utf32|ucs4|iso10646ucs4")),
    ("windows-1252", re.compile(r"iso88591$|iso885915$|latin1|l1$|cp1252|windows1252|usascii|ascii")),
)


def declared_charset(charset: str, media_type: str, data: bytes) -> str:
    """Find the charset that is claimed: by the transport, else by a meta tag, else by an XML declaration.

    `media_type` may carry a charset parameter of its own. A page served as plain text has no meta tags.
    Comments, scripts and style sheets claim nothing. In lower case; '' when nothing is claimed.
    """
    parameter = _LABEL.search(media_type.encode("ascii", "ignore"))
    label = charset or (parameter.group(1).decode() if parameter else "")
    if not label and not media_type.lower().startswith("text/plain"):
        head = data[:_HEAD_BYTES]
        label = _meta_charset(_SILENT.sub(b" ", head)) or _xml_charset(head)
    return label.strip(" \"';").lower()


def family(label: str) -> str:
    """Name the group of charsets that `label` stands for: gb2312, GBK and cp936 are all gb18030.

    >>> family("GB_2312-80"), family("x-gbk"), family("UTF8"), family("koi8-r")
    ('gb18030', 'gb18030', 'utf-8', 'koi8r')
    """
    plain = _NOT_ALNUM.sub("", label.lower())
    return next((name for name, names in _FAMILIES if names.match(plain)), plain)


def _meta_charset(head: bytes) -> str:
    for tag in _META.findall(head):
        # Outside of a content-type tag, `charset=` inside content="…" is somebody's keyword, not a claim.
        found = _LABEL.search(tag if _CONTENT_TYPE.search(tag) else _CONTENT.sub(b"", tag))
        if found:
            return found.group(1).decode("ascii", "replace")
    return ""


def _xml_charset(head: bytes) -> str:
    found = _XML.match(head.removeprefix(b"\xef\xbb\xbf"))
    return found.group(1).decode("ascii", "replace") if found else ""
