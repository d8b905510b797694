"""Mutations of the bytes: other charsets, declared truly, falsely or not at all; other line ends."""

from random import Random

from html_tokens import with_source
from mutation import Source, declared, mutation

_GBK_ONLY = "gb18030"


@mutation()
def utf8_undeclared(source: Source, rng: Random):
    return source.text.encode()


@mutation()
def utf8_declared_gb2312(source: Source, rng: Random):
    return declared(source.text, "gb2312").encode()


@mutation()
def utf8_declared_big5(source: Source, rng: Random):
    return declared(source.text, "big5").encode()


@mutation()
def utf8_with_mark_declared_gbk(source: Source, rng: Random):
    return b"\xef\xbb\xbf" + declared(source.text, "gbk").encode()


@mutation()
def gb18030_declared_gb2312(source: Source, rng: Random):
    return declared(source.text, "gb2312").encode(_GBK_ONLY)


@mutation()
def gb18030_undeclared(source: Source, rng: Random):
    return source.text.encode(_GBK_ONLY)


@mutation()
def gb18030_declared_utf8(source: Source, rng: Random):
    return declared(source.text, "utf-8").encode(_GBK_ONLY)


@mutation()
def gb18030_declared_latin1(source: Source, rng: Random):
    return declared(source.text, "iso-8859-1").encode(_GBK_ONLY)


@mutation()
def gb18030_declared_big5(source: Source, rng: Random):
    return declared(source.text, "big5").encode(_GBK_ONLY)


def _big5(text: str) -> bytes | None:
    try:
        return text.encode("big5hkscs")
    except UnicodeEncodeError:
        return None


@mutation()
def big5_declared(source: Source, rng: Random):
    return _big5(declared(source.text, "big5"))


@mutation()
def big5_undeclared(source: Source, rng: Random):
    return _big5(source.text)


@mutation()
def big5_declared_gb2312(source: Source, rng: Random):
    return _big5(declared(source.text, "gb2312"))


@mutation()
def utf16_little_with_mark(source: Source, rng: Random):
    return b"\xff\xfe" + source.text.encode("utf-16-le")


@mutation()
def utf16_big_with_mark(source: Source, rng: Random):
    return b"\xfe\xff" + source.text.encode("utf-16-be")


@mutation()
def utf16_declared_gb2312(source: Source, rng: Random):
    return b"\xff\xfe" + declared(source.text, "gb2312").encode("utf-16-le")


@mutation()
def gb2312_with_references(source: Source, rng: Random):
    """What a browser writes where the charset has no such character."""
    return declared(source.text, "gb2312").encode("gb2312", "xmlcharrefreplace")


@mutation()
def references_only(source: Source, rng: Random):
    return source.text.encode("ascii", "xmlcharrefreplace")


@mutation()
def hexadecimal_references(source: Source, rng: Random):
    tokens = list(source.tokens)
    for i, token in enumerate(tokens):
        if token.kind == "text":
            tokens[i] = with_source(token, "".join(c if c.isascii() else f"&#x{ord(c):X};" for c in token.source))
    return tokens


@mutation()
def line_ends_of_dos(source: Source, rng: Random):
    return source.text.replace("\r\n", "\n").replace("\n", "\r\n")


@mutation()
def line_ends_of_old_macs(source: Source, rng: Random):
    return source.text.replace("\r\n", "\n").replace("\n", "\r")


@mutation()
def xml_declaration(source: Source, rng: Random):
    return '<?xml version="1.0" encoding="utf-8"?>\n' + source.text
