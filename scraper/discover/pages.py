"""Bytes of a page → what may lead on from it: its links, options and frames, each with its words, in one walk.

Nothing of a page is executed. Of scripts only the addresses that they hold as plain strings are read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree
from w3lib.encoding import resolve_encoding

from corpus.jumps import target_of
from scraper.discover.hrefs import absolute

_DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 8192
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# libxml2 compares each attribute of an element with all others: a tag of a thousand is no page's.
_CROWDED = re.compile(r"(<[A-Za-z][^\s<>]{0,100})\s[^<>]{65536,}")
_LONGEST_WORDS = 200
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_REFRESH = re.compile(r"\s*\d{0,4}\s*[;,]\s*url\s*=\s*['\"]?([^'\"\s]{1,2000})", re.IGNORECASE)
_SILENT = frozenset(("script", "style", "noscript", "textarea"))


@dataclass(frozen=True, slots=True)
class Link:
    """Something that leads on: `tag` is a, area, option, link, button, frame (of any kind), or refresh.

    `words` are its first words in one line, `href` where it leads as written ('' where only a script knows),
    `remark` its tooltip, `rel` as written.
    """

    tag: str
    words: str
    href: str
    remark: str
    rel: str
    element: etree._Element


@dataclass(frozen=True, slots=True)
class Page:
    """A page as far as it leads on. `base` is what its references are relative to, `root` None where it has no tree."""

    url: str
    text: str
    charset: str
    base: str
    title: str
    links: tuple[Link, ...]
    root: etree._Element | None

    def address(self, href: str) -> str:
        """The whole address of a reference on this page, '' for one that leads to no web page."""
        return absolute(href, self.base, self.charset)


def read_page(data: bytes, *, url: str, media_type: str = "", charset: str = "") -> Page:
    """Read what leads on from a page. Never raises: bytes that are no page lead nowhere."""
    text, used = decoded(data, media_type=media_type, charset=charset)
    return page_of(text, url=url, charset=used)


def page_of(text: str, *, url: str, charset: str = "utf-8") -> Page:
    """Read what leads on from a page whose text is known; `charset` is the one its queries are encoded in."""
    root = _tree(text)
    page = Page(url, text, charset, url, "", (), root)
    if root is None:
        return page
    walk = _Walk()
    walk.read(root)
    base = absolute(walk.base, url, charset) if walk.base else ""
    return replace(page, base=base or url, title=" ".join(walk.title.split()), links=tuple(walk.links()))


def decoded(data: bytes, *, media_type: str = "", charset: str = "") -> tuple[str, str]:
    """The text of a page and the codec that reads it: what the bytes are goes before what is said of them.

    >>> decoded("下一页".encode("gbk"), charset="utf-8")
    ('下一页', 'gb18030')
    """
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, "replace"), codec
    claimed = _DECLARED.search(media_type.encode("ascii", "ignore")) or _DECLARED.search(data[:_HEAD_BYTES])
    names = (charset, claimed[1].decode("ascii", "ignore") if claimed else "")
    codecs = dict.fromkeys(("utf-8", *(codec for name in names if (codec := _codec(name))), "gb18030"))
    for codec in codecs:
        try:
            return data.decode(codec), codec
        except (UnicodeDecodeError, LookupError):
            continue
    # Damaged or cut: the codec that has to replace least.
    texts = {codec: data.decode(codec, "replace") for codec in codecs}
    best = min(texts, key=lambda codec: texts[codec].count("\ufffd"))
    return texts[best], best


def _codec(name: str) -> str:
    """The codec of a declared charset, '' for none and for one that reads any bytes at all."""
    found = resolve_encoding(name.strip()) if name.strip().isascii() else None
    return found if found and not found.startswith(("cp125", "latin", "iso8859", "ascii", "utf-16")) else ""


def _tree(text: str) -> etree._Element | None:
    """The tree of a page; libxml2's own limits on depth hold, with `huge_tree` those of 2,048 levels."""
    text = _CROWDED.sub(r"\1", text) if len(text) > 65536 else text
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True)
    try:
        root = etree.fromstring(text.replace("\0", " ").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None
    return root if isinstance(root, etree._Element) else None  # noqa: SLF001  (lxml names its element type so)


class _Open:
    """A link whose words are still being read."""

    __slots__ = ("element", "href", "size", "tag", "words")

    def __init__(self, tag: str, href: str, element: etree._Element) -> None:
        self.tag, self.href, self.element = tag, href, element
        self.words: list[str] = []
        self.size = 0

    def say(self, text: str) -> None:
        if self.size < _LONGEST_WORDS:
            self.words.append(text[:_LONGEST_WORDS])
            self.size += len(text)

    def close(self) -> Link:
        element = self.element
        words = " ".join("".join(self.words).split())[:_LONGEST_WORDS]
        return Link(self.tag, words, self.href, element.get("title") or "", element.get("rel") or "", element)


class _Walk:
    """Walks the tree once; every piece of text goes to the innermost open link alone, so that the time is linear."""

    def __init__(self) -> None:
        self.base = ""
        self.title = ""
        self._found: list[_Open] = []
        self._stack: list[_Open] = []

    def links(self) -> Iterator[Link]:
        for found in self._found:
            yield found.close()

    def read(self, root: etree._Element) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "start":
                self._enter(element)
                text = None if element.tag in _SILENT else element.text
            else:
                if self._stack and self._stack[-1].element is element:
                    self._stack.pop()
                text = element.tail
            if text and self._stack:
                self._stack[-1].say(text)

    def _enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "base":
            self.base = self.base or element.get("href") or ""
        elif tag == "title":
            self.title = self.title or element.text or ""
        elif tag == "img" and self._stack:
            self._stack[-1].say(element.get("alt") or "")
        else:
            self._open(str(tag), element)

    def _open(self, tag: str, element: etree._Element) -> None:
        if tag in ("a", "area", "link"):
            href = element.get("href") or ""
        elif tag == "meta":
            match = _REFRESH.match(element.get("content") or "") if element.get("http-equiv") else None
            tag, href = "refresh", match[1] if match else ""
        elif tag == "option":
            href = element.get("value") or ""
        elif tag in _FRAMES:
            tag, href = "frame", element.get(_FRAMES[tag]) or ""
        elif element.get("onclick"):
            tag, href = "button", ""
        else:
            return
        script = element.get("onclick") or ""
        if not href and not script:
            return
        found = _Open(tag, target_of(href, script) if script or ":" in href else href, element)
        self._found.append(found)
        self._stack.append(found)
