"""Mutations of tags: case, quotes, end tags left out, wrappers, comments, what is hidden, white space between tags."""

import re
from random import Random

from html_tokens import BLOCKS, Token, insert, plain, with_source
from mutation import Source, mutation

_NAME = re.compile(r"^(</?)([a-zA-Z][\w:.-]*)")
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+)")
# A value that needs no quotes; one that ends with a slash would close the tag.
_BARE = re.compile(r"[^\s\"'=<>`/]+(?:/[^\s\"'=<>`/]+)*")
# Where an end tag may be left out: before these (HTML standard, "optional tags").
_ENDS_PARAGRAPH = frozenset(("p", "div", "table", "ul", "ol", "h1", "h2", "h3", "h4", "center", "form", "hr"))
_OMISSIBLE = {
    "td": frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot")),
    "th": frozenset(("td", "th", "tr", "table", "tbody", "thead", "tfoot")),
    "tr": frozenset(("tr", "table", "tbody", "thead", "tfoot")),
    "li": frozenset(("li", "ul", "ol")),
}
# End tags that end an open paragraph with them.
_PARENTS = frozenset(("td", "th", "div", "body", "center", "li", "form"))
_NOISE = (
    'class="a b"',
    "style='color:#000;font-size:12pt'",
    "onclick=\"go('x>y',1)\"",
    "data-n=12",
    "align=center",
    'title="1<2"',
)


def _mapped(source: Source, change) -> list[Token]:
    return [with_source(t, change(t.source)) if t.kind in ("open", "close") else t for t in source.tokens]


def _outside_text(source: Source, change) -> list[Token]:
    """The page with each tag's attributes changed."""
    return [with_source(t, _ATTRIBUTE.sub(change, t.source)) if t.kind == "open" else t for t in source.tokens]


@mutation()
def upper_case_tags(source: Source, rng: Random):
    tokens = _mapped(source, lambda s: _NAME.sub(lambda m: m[1] + m[2].upper(), s))
    return [
        with_source(t, _ATTRIBUTE.sub(lambda m: f"{m[1].upper()}={m[2]}", t.source)) if t.kind == "open" else t
        for t in tokens
    ]


@mutation()
def unquoted_attributes(source: Source, rng: Random):
    def bare(match: re.Match[str]) -> str:
        value = match[2].strip("\"'")
        return f"{match[1]}={value}" if _BARE.fullmatch(value) else match.group()

    return _outside_text(source, bare)


@mutation()
def single_quotes(source: Source, rng: Random):
    def single(match: re.Match[str]) -> str:
        value = match[2].strip('"')
        return f"{match[1]}='{value}'" if "'" not in value else match.group()

    return _outside_text(source, single)


@mutation()
def noisy_attributes(source: Source, rng: Random):
    def noisy(source: str) -> str:
        match = _NAME.match(source)
        if not match or source.startswith("</") or rng.random() < 0.5:
            return source
        noise = rng.choice(_NOISE)
        if noise.split("=")[0] in source:  # of two attributes with one name only the first counts
            return source
        return f"{match.group()} {noise}{source[match.end() :]}"

    return _mapped(source, noisy)


@mutation()
def end_tags_left_out(source: Source, rng: Random):
    tokens = source.tokens
    kept = []
    for i, token in enumerate(tokens):
        if token.kind == "close" and token.name in (*_OMISSIBLE, "p"):
            after = next((t for t in tokens[i + 1 :] if t.kind != "text" or t.source.strip()), None)
            if after is not None and _may_omit(token.name, after):
                continue
        kept.append(token)
    return kept


def _may_omit(name: str, after: Token) -> bool:
    if name == "p":
        return (after.kind == "open" and after.name in _ENDS_PARAGRAPH) or (
            after.kind == "close" and after.name in _PARENTS
        )
    return after.kind in ("open", "close") and after.name in _OMISSIBLE[name]


@mutation()
def blanks_inside_tags(source: Source, rng: Random):
    return _mapped(source, lambda s: s if s.endswith("/>") else s[:-1] + rng.choice(("", " ", "\n", "\t")) + ">")


@mutation()
def every_text_in_a_span(source: Source, rng: Random):
    return _around_texts(source, lambda: ("<span>", "</span>"))


@mutation()
def every_text_in_fonts(source: Source, rng: Random):
    return _around_texts(source, lambda: ('<font face="仿宋_GB2312"><font color=#000000>', "</font></font>"))


@mutation()
def texts_in_odd_wrappers(source: Source, rng: Random):
    pairs = (
        ("<u></u>", ""),
        ("<em>", "</em>"),
        ("<label>", "</label>"),
        ("<ins>", "</ins>"),
        ("<o:smarttag>", "</o:smarttag>"),
    )
    return _around_texts(source, lambda: rng.choice(pairs))


def _around_texts(source: Source, pair) -> list[Token]:
    found = []
    for i, token in enumerate(source.tokens):
        if token.shown and source.start <= i < source.end:
            before, after = pair()
            found += [insert(before), token, insert(after)]
        else:
            found.append(token)
    return found


@mutation()
def paragraphs_hold_spans(source: Source, rng: Random):
    return _paragraphs(source, lambda s: s + '<span style="font-family:宋体">', lambda s: "</span>" + s)


@mutation()
def paragraphs_are_divs(source: Source, rng: Random):
    return _paragraphs(source, lambda s: "<div" + s[2:], lambda s: "</div>")


@mutation()
def paragraphs_are_breaks(source: Source, rng: Random):
    return _paragraphs(source, lambda s: "<br>", lambda s: "<br><br>")


def _paragraphs(source: Source, start, end) -> list[Token] | None:
    if not _balanced(source, "p"):
        return None
    found = []
    for token in source.tokens:
        if token.name == "p" and token.kind in ("open", "close"):
            change = start if token.kind == "open" else end
            found.append(with_source(token, change(token.source)))
        else:
            found.append(token)
    return found


def _balanced(source: Source, name: str) -> bool:
    """Whether every start tag of that name has its end tag right behind it."""
    kinds = [t.kind for t in source.tokens if t.name == name and t.kind in ("open", "close")]
    return bool(kinds) and kinds == ["open", "close"] * (len(kinds) // 2)


@mutation()
def bold_is_strong(source: Source, rng: Random):
    changed = _mapped(source, lambda s: re.sub(r"^(</?)b(?=[\s>])", r"\1strong", s, flags=re.IGNORECASE))
    return changed if changed != source.tokens else None


@mutation()
def pretty_printed(source: Source, rng: Random):
    """White space where only blocks meet; inside a line of text none."""
    found: list[Token] = []
    for i, token in enumerate(source.tokens):
        block = token.kind in ("open", "close") and token.name in BLOCKS
        if block and i and source.start <= i < source.end and not _holds_white(source.tokens[i - 1]):
            before = source.tokens[i - 1]
            if token.kind == "open" or before.name in BLOCKS or before.kind == "text":
                found.append(insert("\n" + " " * rng.randrange(9)))
        found.append(token)
    return found


def _holds_white(token: Token) -> bool:
    return token.kind == "text" and token.source[-1:].isspace()


@mutation()
def minified(source: Source, rng: Random):
    """No white space between blocks."""
    tokens = source.tokens
    found = []
    for i, token in enumerate(tokens):
        around = tokens[max(i - 1, 0) : i] + tokens[i + 1 : i + 2]
        if token.kind == "text" and not token.source.strip() and all(t.name in BLOCKS for t in around):
            continue
        found.append(token)
    return found if len(found) < len(tokens) else None


@mutation()
def comments_anywhere(source: Source, rng: Random):
    comments = (
        "<!-- 12 -->",
        "<!-- <td>7</td></tr></table> -->",
        "<!--[if gte mso 9]><xml><w:v>3</w:v></xml><![endif]-->",
        "<!-- 一、总体情况 -->",
    )
    found = []
    for i, token in enumerate(source.tokens):
        if source.start <= i < source.end and rng.random() < 0.2:
            found.append(insert(rng.choice(comments)))
        if token.shown and source.start <= i < source.end and "&" not in token.source and rng.random() < 0.2:
            at = rng.randrange(len(token.source) + 1)
            found += [
                with_source(token, token.source[:at]),
                insert("<!-- 件 -->"),
                with_source(token, token.source[at:]),
            ]
        else:
            found.append(token)
    return found


_HIDDEN = (
    "<script>var n = 12; document.write('<td>9</td>');</script>",
    "<style>.c9{width:37px}</style>",
    '<span style="display:none">88</span>',
    '<div style="DISPLAY: none;"><p>三、本年度结果 77 件</p></div>',
    '<input type="hidden" value="31">',
    "<select><option>2018</option><option>2019</option></select>",
    "<noscript>46</noscript>",
    "<template><p>52</p></template>",
    '<i style="visibility:hidden;display:none">3</i>',
)


@mutation()
def hidden_parts_in_cells(source: Source, rng: Random):
    if source.hides_itself:
        return None
    found = []
    for i, token in enumerate(source.tokens):
        if token.kind == "close" and token.name in ("td", "th") and rng.random() < 0.15:
            found.append(insert(rng.choice(_HIDDEN)))
        found.append(token)
        if token.kind == "open" and token.name in ("td", "th") and source.start <= i and rng.random() < 0.15:
            found.append(insert(rng.choice(_HIDDEN)))
    return found


@mutation()
def hidden_parts_between_blocks(source: Source, rng: Random):
    if source.hides_itself:
        return None
    found = []
    for i, token in enumerate(source.tokens):
        block = token.kind == "close" and token.name in ("p", "div", "h1", "h2", "h3")
        found.append(token)
        if block and source.start <= i < source.end and rng.random() < 0.3:
            found.append(insert(rng.choice(_HIDDEN)))
    return found


@mutation()
def hidden_by_attribute_in_cells(source: Source, rng: Random):
    found = []
    for i, token in enumerate(source.tokens):
        if token.kind == "close" and token.name in ("td", "th") and source.start <= i and rng.random() < 0.2:
            found.append(insert(rng.choice(("<span hidden>5</span>", '<em hidden="hidden">12</em>'))))
        found.append(token)
    return None if source.hides_itself else found


@mutation()
def word_leftovers_in_cells(source: Source, rng: Random):
    leftovers = (
        "<o:p></o:p>",
        "<o:p>&nbsp;</o:p>",
        "<![if !supportEmptyParas]>&nbsp;<![endif]>",
        "<b></b>",
        "<span lang=EN-US></span>",
        "<br>",
        "<br/>&nbsp;",
        "<p>&nbsp;</p>",
    )
    found = []
    for i, token in enumerate(source.tokens):
        if token.kind == "close" and token.name in ("td", "th") and source.start <= i and rng.random() < 0.3:
            found.append(insert(rng.choice(leftovers)))
        found.append(token)
    return found


@mutation()
def cells_hold_blocks(source: Source, rng: Random):
    pairs = (("<div>", "</div>"), ("<p>", "</p>"), ("<center>", "</center>"), ("<div><p align=center>", "</p></div>"))
    return _inside_cells(source, lambda: rng.choice(pairs) if rng.random() < 0.5 else None)


@mutation()
def cells_hold_tables(source: Source, rng: Random):
    frame = ("<table><tr><td>", "</td></tr></table>")
    return _inside_cells(source, lambda: frame if rng.random() < 0.1 else None)


def _inside_cells(source: Source, pair) -> list[Token] | None:
    """The page with the content of data cells framed; cells that hold tags of their own are left alone."""
    tokens = source.tokens
    found = list(tokens)
    framed = 0
    for i, token in enumerate(tokens[:-2]):
        if (
            token.kind == "open"
            and token.name in ("td", "th")
            and tokens[i + 1].kind == "text"
            and tokens[i + 2].kind == "close"
            and tokens[i + 2].name == token.name
        ):
            frame = pair() if plain(tokens[i + 1].source) else None
            if frame:
                found[i + 1] = with_source(tokens[i + 1], frame[0] + tokens[i + 1].source + frame[1])
                framed += 1
    return found if framed else None


@mutation()
def closed_breaks(source: Source, rng: Random):
    changed = _mapped(source, lambda s: "<br />" if re.fullmatch(r"<br\s*/?>", s, re.IGNORECASE) else s)
    return changed if changed != source.tokens else None
