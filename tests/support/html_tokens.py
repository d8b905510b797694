"""HTML source as a list of tokens that can be changed one by one and written down again, its faults and all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TOKEN = re.compile(
    r"(?P<raw><!--.*?(?:-->|\Z)|<(?P<raw_name>script|style|title|textarea|xmp)\b.*?(?:</(?P=raw_name)[^>]*>|\Z)|<[!?][^>]*>)"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][\w:.-]*)(?:(?:[^>\"']|\"[^\"]*\"|'[^']*')*|[^>]*)>"
    r"|(?P<text>[^<]+|<)",
    re.DOTALL | re.IGNORECASE,
)
_UNIT = re.compile(r"&#?\w{1,8};|.", re.DOTALL)
TABLE_PARTS = frozenset(("table", "tr", "tbody", "thead", "tfoot", "td", "th", "caption", "colgroup", "col"))
BLOCKS = TABLE_PARTS | frozenset(
    (
        "p",
        "div",
        "ul",
        "ol",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "center",
        "form",
        "body",
        "html",
        "section",
        "article",
    )
)


@dataclass(frozen=True, slots=True)
class Token:
    """A tag, a text, or a raw part (comment, doctype, script, style, title).

    `kind` is open, close, text or raw. `place` says of a text where it stands: `cell`, `flow` (in the body, outside
    any table), `between` (inside a table, outside its cells: only white space belongs there) or `head`.
    """

    kind: str
    name: str
    source: str
    place: str

    @property
    def shown(self) -> bool:
        """Whether this is text that a reader sees."""
        return self.kind == "text" and self.place in ("cell", "flow") and bool(plain(self.source))


def plain(source: str) -> str:
    """Text without white space, blank references included."""
    return re.sub(r"&nbsp;?|&#160;|&#xa0;|&ensp;|&emsp;|&#12288;|[\s\u00a0\u3000\u200b\ufeff]+", "", source)


def units(source: str) -> list[str]:
    """Characters of a text, a character reference as one."""
    return _UNIT.findall(source)


def tokenize(text: str) -> list[Token]:
    """Cut HTML source into tokens; their sources joined are the text again."""
    found = list(_places(_raw_tokens(text)))
    assert "".join(token.source for token in found) == text
    return found


def written(tokens: list[Token]) -> str:
    return "".join(token.source for token in tokens)


def tag(source: str) -> Token:
    """A token of our own making: one tag."""
    name = re.sub(r"[</>].*", "", source.lstrip("</").split(" ", 1)[0])
    return Token("close" if source.startswith("</") else "open", name, source, "")


def insert(source: str) -> Token:
    """A token of our own making that no other mutation is to look into."""
    return Token("raw", "", source, "")


def with_source(token: Token, source: str) -> Token:
    return replace(token, source=source)


def body_range(tokens: list[Token]) -> tuple[int, int]:
    """Indices of the first token of the body and of the one behind its last."""
    start = next((i + 1 for i, t in enumerate(tokens) if t.kind == "open" and t.name == "body"), None)
    if start is None:
        start = next((i + 1 for i, t in enumerate(tokens) if t.kind == "close" and t.name == "head"), None)
    if start is None:
        start = next((i for i, t in enumerate(tokens) if t.place in ("cell", "flow") or t.name in BLOCKS - {"html"}), 0)
    end = next((i for i, t in enumerate(tokens) if t.kind == "close" and t.name in ("body", "html")), len(tokens))
    return (start, end) if start < end else (start, len(tokens))


def _raw_tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        source = match.group()
        if match["raw"] is not None:
            yield Token("raw", (match["raw_name"] or "").lower(), source, "")
        elif match["name"]:
            yield Token("close" if match["end"] else "open", match["name"].lower(), source, "")
        else:
            yield Token("text", "", source, "")


def _places(tokens: Iterator[Token]) -> Iterator[Token]:
    tables: list[str] = []
    place = "flow"
    for token in tokens:
        if token.kind == "open" and token.name == "head":
            place = "head"
        elif token.name in ("head", "body") and token.kind in ("open", "close"):
            place = "flow"
        elif token.kind == "open" and token.name == "table":
            tables.append("between")
        elif token.kind == "close" and token.name == "table" and tables:
            tables.pop()
        elif tables and token.kind == "open" and token.name in ("td", "th", "caption"):
            tables[-1] = "cell"
        elif tables and (
            token.name in ("tr", "tbody", "thead", "tfoot")
            or (token.kind == "close" and token.name in ("td", "th", "caption"))
        ):
            tables[-1] = "between"
        yield replace(token, place=tables[-1] if tables else place) if token.kind == "text" else token
