"""What a page shows, found another way than the parser does: a plain walk over the tree of a page."""

import re
import unicodedata

from lxml import etree, html

_WHITE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\u3000\ufeff]+")
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
# Word's conditional comments, printed as text where a site escaped them: mark-up to every reader.
_CONDITIONAL = re.compile(r"<!(?:--)?\[(?:if[^\]]*|endif)\](?:--)?>")
_ENDS = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)
# What parts the cells of a table that is drawn in text.
_DRAWN = re.compile(r"[|│┃]|(?:\s|\u3000){2,}")
_UNSEEN = frozenset(
    (
        "head", "script", "style", "noscript", "template", "iframe", "object", "select", "option", "textarea",
        "svg", "math", "audio", "video", "canvas", "map", "button", "title",
    )
)  # fmt: skip
# In a cell these say what its number is not, or where its note stands.
_STRUCK = frozenset(("del", "s", "strike", "sup"))


def letters(text: str) -> str:
    """Text in one width, nothing but letters and digits: what every reading of it must share."""
    return "".join(char for char in unicodedata.normalize("NFKC", text) if char.isalnum())


def squeezed(text: str) -> str:
    """Text in one width and without any white space."""
    return _WHITE.sub("", unicodedata.normalize("NFKC", text))


def visible_texts(text: str, *, struck: bool = True) -> list[str]:
    """Every text node that a browser shows, in order, without white space; markup-free text line by line.

    `struck` says whether what is struck out or raised in a cell counts.
    """
    if "<" not in text:
        return _pieces([text])
    try:
        root = read_html(text)
    except etree.ParserError:  # a page without a single element
        return []
    found: list[str] = []
    stack: list[tuple[html.HtmlElement, bool, bool]] = [(root, False, False)]
    while stack:
        element, is_tail, in_cell = stack.pop()
        if is_tail:
            found.append(element.tail or "")
            continue
        stack.append((element, True, in_cell))
        if not isinstance(element.tag, str) or element.tag in _UNSEEN or _hidden(element):
            continue
        if in_cell and not struck and element.tag in _STRUCK:
            continue
        found.append(element.text or "")
        in_cell = in_cell or element.tag in ("td", "th")
        stack += [(child, False, in_cell) for child in reversed(element)]
    return _pieces(found)


def read_html(text: str) -> html.HtmlElement:
    """The root of a page's tree."""
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    # Of two documents in one file libxml2 reads the first; a browser shows both.
    return html.document_fromstring(_ENDS.sub("", text).encode(), parser=parser)


def _pieces(texts: list[str]) -> list[str]:
    """Texts line by line, and cell by cell where a line is a row of a drawn table."""
    lines = (line for text in texts for line in _CONDITIONAL.sub("", text).splitlines())
    return [piece for line in lines for piece in map(squeezed, _DRAWN.split(line)) if piece]


def _hidden(element: html.HtmlElement) -> bool:
    return element.get("hidden") is not None or bool(_HIDES.search(element.get("style") or ""))
