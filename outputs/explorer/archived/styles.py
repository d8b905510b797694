"""Inline styles of archived pages: what may shape a text and can neither load, hide nor cover anything is kept."""

import re
from functools import lru_cache

_COLOUR = r"(?:#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,20}|rgb\( ?[0-9]{1,3} ?, ?[0-9]{1,3} ?, ?[0-9]{1,3} ?\))"
_UNIT = r"(?:px|pt|em|rem|ex|ch|cm|mm|in|pc|%)"
_LENGTH = rf"(?:[0-9]{{1,3}}(?:\.[0-9]{{1,8}})?|\.[0-9]{{1,8}}){_UNIT}?"
_SIZE = rf"(?:[1-9][0-9]?(?:\.[0-9]{{1,8}})?{_UNIT}|[1-9][0-9]{{1,2}}%|(?:xx?-)?(?:small|large)|medium|smaller|larger)"
_LINE = r"(?:none|solid|dashed|dotted|double|groove|ridge|inset|outset)"
_EDGE = rf"(?:{_LENGTH}|thin|medium|thick|{_LINE}|{_COLOUR})"

# No position, no negative length and no line height: nothing lies above anything else. No display and no visibility:
# what the parser read is seen.
_VALUES = {
    name: re.compile(value)
    for names, value in (
        ("text-align", "left|right|center|justify|start|end"),
        ("width", rf"[0-9]{{1,4}}(?:\.[0-9]{{1,8}})?{_UNIT}?|auto"),
        ("font-weight", "normal|bold|bolder|lighter|[1-9]00"),
        ("font-style", "normal|italic|oblique"),
        ("font-size", _SIZE),
        ("color background-color", _COLOUR),
        ("border border-top border-right border-bottom border-left", rf"{_EDGE}(?: {_EDGE}){{0,2}}"),
        ("border-width border-style border-color", rf"{_EDGE}(?: {_EDGE}){{0,3}}"),
        ("border-collapse", "collapse|separate"),
        ("vertical-align", "top|middle|bottom|baseline|sub|super|text-top|text-bottom"),
        ("white-space", "normal|nowrap|pre|pre-wrap|pre-line"),
        ("text-indent", _LENGTH),
        ("padding margin", rf"(?:{_LENGTH}|auto)(?: (?:{_LENGTH}|auto)){{0,3}}"),
        ("padding-top padding-right padding-bottom padding-left", _LENGTH),
        ("margin-top margin-right margin-bottom margin-left", rf"{_LENGTH}|auto"),
        ("text-decoration", "none|underline|line-through|overline"),
    )
    for name in names.split()
}
_LONGEST = 4000
"""Characters of a style that are looked at."""


@lru_cache(maxsize=4096)
def harmless_style(style: str) -> str | None:
    r"""Return the declarations of an inline style that may stay, None where there are none.

    >>> harmless_style("COLOR: Red !important; position:fixed; background:url(//a.example/x)")
    'color:red'
    >>> harmless_style("wid\74h:9px;font-size:0;margin:-9px") is None
    True
    """
    kept = []
    for declaration in style[:_LONGEST].lower().split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), " ".join(value.split()).removesuffix("!important").rstrip()
        if name == "background":
            name = "background-color"
        allowed = _VALUES.get(name)
        if allowed and allowed.fullmatch(value):
            kept.append(f"{name}:{value}")
    return ";".join(kept) or None
