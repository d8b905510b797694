"""A marked page → the document for the frame: it can run, load, send and navigate nothing.

nh3 reads the page as a browser does and writes down what an allow-list names; the marks are told from what the page
wrote by the seal, the digest of the page's own bytes, which no page can hold. What comes out is read once more, by
another parser: a mark that does not stand on the text that it should is refused.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

import nh3
from jinja2 import Template
from lxml import etree
from markupsafe import Markup

from outputs.explorer.archived.styles import harmless_style
from outputs.explorer.wording import load_words
from parsers.records import MarkedPage

_IN_PAGE = (
    "default-src 'none'; style-src 'unsafe-inline'; style-src-elem 'sha256-{digest}'; style-src-attr 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'"
)
"""What the document says of itself, whoever serves it: of style elements only ours counts. See also policies."""
_ALLOWED = (
    "a p div br hr wbr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup col thead tbody tfoot tr td th "
    "b strong i em u s strike del ins span sub sup small big font center blockquote pre code tt"
)
_DROPPED = (
    "script style noscript template iframe object embed select option textarea svg math audio video canvas title "
    "xmp plaintext noembed noframes frameset applet"
)
_TAGS, _DROPPED_WHOLE = frozenset(_ALLOWED.split()), frozenset(_DROPPED.split())
_SEALED = frozenset(("id", "class", "title", "data-place"))
_ANCHOR = re.compile(r"[a-z][a-z0-9-]{0,60}")
_CLASSES = re.compile(r"gk-[a-z]+(?: gk-[a-z]+)?")
_COUNT = re.compile(r"[0-9]{1,3}")
_COLOUR = re.compile(r"#?[0-9A-Za-z]{3,20}")
_VALUES = {
    "align": re.compile(r"(?i:left|right|center|middle|justify)"),
    "valign": re.compile(r"(?i:top|middle|bottom|baseline)"),
    "width": re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?(?:px|%)?"),
    "bgcolor": _COLOUR,
    "color": _COLOUR,
    "size": re.compile(r"[+-]?[1-7]"),
    **dict.fromkeys(("border", "colspan", "rowspan", "span", "start", "cellpadding", "cellspacing"), _COUNT),
    "dir": re.compile(r"(?i:ltr|rtl|auto)"),
    "lang": re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}"),
    "type": re.compile(r"[1aAiI]|(?i:disc|circle|square|decimal)"),
    "nowrap": re.compile(r"(?:nowrap)?"),
}
_ATTRIBUTES = {"*": {*_SEALED, *_VALUES, "style"}, "a": {"href"}}
# What is printed in a cell and is no part of its value, and what stands for a picture.
_NO_TEXT = frozenset(("del", "s", "strike", "sup"))
_PICTURE = "gk-picture"


@dataclass(frozen=True, slots=True)
class Harmless:
    """A document for the frame. `anchors` are the marks that stand where they should, `wrong` those that do not."""

    html: str
    anchors: frozenset[str]
    wrong: frozenset[str]


def make_harmless(page: MarkedPage) -> Harmless:
    """Return the document of a marked page. One with `wrong` marks must not be shown: mark it without these.

    The words of the page may be anything; `page.seal` must be the digest of the bytes that the words came from.
    """
    body = nh3.clean(
        page.html,
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WHOLE),
        attributes=_ATTRIBUTES,
        attribute_filter=_filter(page.seal),
        link_rel=None,
        url_schemes=set(),
    )
    found, divided = _marks(body)
    anchors = frozenset(anchor for anchor, text in page.texts.items() if found.get(anchor) == text)
    wrong = (frozenset(page.texts) | frozenset(found)) - anchors
    return Harmless(str(_document(page.title, body, divided)), anchors, wrong)


def _filter(seal: str) -> Callable[[str, str, str], str | None]:
    """What becomes of an attribute: of ours the seal is taken off, the page's own must say something harmless."""

    def kept(tag: str, name: str, value: str) -> str | None:
        del tag
        if name in _SEALED:
            own = value.removeprefix(seal)
            if own == value:
                return None
            allowed = {"title": None, "class": _CLASSES}.get(name, _ANCHOR)
            return own if allowed is None or allowed.fullmatch(own) else None
        if name == "href":
            own = value.removeprefix(f"#{seal}")
            return f"#{own}" if own != value and _ANCHOR.fullmatch(own) else None
        if name == "style":
            return harmless_style(value)
        pattern = _VALUES.get(name)
        return value if pattern and pattern.fullmatch(value.strip()) else None

    return kept


def _marks(body: str) -> tuple[dict[str, str], list[str]]:
    """The text under each mark, white space left out, and the marks that stand in several elements."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    root = etree.fromstring(f"<html><body>{body}</body></html>".encode(), parser)
    texts: dict[str, list[str]] = {}
    known: set[str] = set()
    doubled: set[str] = set()
    for element in root.iter():
        anchor = element.get("data-place")
        if anchor is not None:
            texts.setdefault(anchor, []).append(_text(element))
        own = element.get("id")
        if own is not None:
            if own in known or own != anchor:
                doubled.add(own)
            known.add(own)
    known -= doubled
    joined = {anchor: "".join("".join(parts).split()) for anchor, parts in texts.items() if anchor in known}
    return joined, [anchor for anchor, parts in texts.items() if len(parts) > 1]


def _text(element: etree._Element) -> str:
    """The text in an element that is part of what it says."""
    if not len(element):
        return element.text or ""
    parts = [element.text or ""]
    for child in element:
        if child.tag not in _NO_TEXT and child.get("class") != _PICTURE:
            parts.append(_text(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _document(title: str, body: str, divided: Iterable[str]) -> str:
    style = _style() + "".join(
        f':root:has([id="{anchor}"]:target) [data-place="{anchor}"]{{{_CHOSEN}}}' for anchor in divided
    )
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(
        '<!DOCTYPE html>\n<html lang="zh">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<title>{title}</title>\n<style>{style}</style>\n</head>\n'
        "<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    ).format(
        policy=_IN_PAGE.format(digest=digest),
        title=title or "-",
        style=Markup(style),  # noqa: S704  ours, but for anchors, which are of letters, digits and hyphens
        body=Markup(body),  # noqa: S704  what nh3 let pass
    )


_CHOSEN = "background:#ffd34d!important;outline:3px solid #7a3e00!important;outline-offset:1px"


@cache
def _style() -> str:
    text = resources.files("outputs.explorer.templates").joinpath("archived.css.jinja").read_text(encoding="utf-8")
    picture = "/".join(dict.fromkeys(load_words()["archived.picture"]))
    return " ".join(Template(text, autoescape=True).render(chosen=_CHOSEN, picture=picture).split())
