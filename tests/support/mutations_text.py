"""Mutations of texts that a reader would not notice: width, quotes, dots, commas, blanks, and text split over tags."""

import re
from collections.abc import Callable
from random import Random

from html_tokens import Token, insert, plain, units, with_source
from mutation import Source, mutation
from reading import loose

_WIDE_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_WIDE = str.maketrans("()", "（）")
_NARROW = str.maketrans("（）", "()")
_LIST_DOT = re.compile(r"^(\s*(?:&nbsp;|　)*)(\d{1,2})([.．、])(?!\d)")
_LONG_NUMBER = re.compile(r"^(\s*)(\d{4,12})((?:\.\d+)?\s*)$")
_HAN_PAIR = re.compile(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff])")
# Blanks of every kind that sites pad their cells with.
_BLANKS = ("&nbsp;", "\u3000", "&#160;", "\u00a0", "&emsp;", " ", "\n\t", "&#12288;", "\u200b", "\ufeff", "&ensp;")


def _texts(source: Source, change: Callable[[Token], "str | list[Token]"], place: str = "") -> list[Token] | None:
    """The page with every shown text changed (`place`: of cells only); None where that changes nothing."""
    found: list[Token] = []
    for i, token in enumerate(source.tokens):
        if token.shown and source.start <= i < source.end and place in ("", token.place):
            changed = change(token)
            found += changed if isinstance(changed, list) else [with_source(token, changed)]
        else:
            found.append(token)
    return found if found != source.tokens else None


def _numbers(source: Source) -> frozenset[str]:
    """What the numeric cells of the report print."""
    return frozenset(plain(cell.raw) for cell in source.report.cells if cell.state == "number")


@mutation()
def texts_split_over_spans(source: Source, rng: Random):
    def split(token: Token) -> list[Token]:
        parts: list[str] = [""]
        for unit in units(token.source):
            if parts[-1] and rng.random() < 0.25:
                parts.append("")
            parts[-1] += unit
        return [insert(f"<span>{part}</span>") if rng.random() < 0.7 else with_source(token, part) for part in parts]

    return _texts(source, split)


@mutation()
def one_character_a_span(source: Source, rng: Random):
    """Word's export writes so."""
    return _texts(source, lambda t: "".join(f"<span lang=EN-US>{u}</span>" for u in units(t.source)), "cell")


@mutation()
def cells_padded(source: Source, rng: Random):
    found = []
    for i, token in enumerate(source.tokens):
        if token.kind == "close" and token.name in ("td", "th") and source.start <= i and rng.random() < 0.5:
            found.append(insert(rng.choice(_BLANKS) * rng.randrange(1, 4)))
        found.append(token)
        if token.kind == "open" and token.name in ("td", "th") and source.start <= i and rng.random() < 0.5:
            found.append(insert(rng.choice(_BLANKS) * rng.randrange(1, 4)))
    return found


@mutation()
def lines_padded(source: Source, rng: Random):
    def padded(token: Token) -> str:
        return rng.choice(_BLANKS) * rng.randrange(3) + token.source

    def starts_line(i: int) -> bool:
        return source.tokens[i - 1].kind == "open" and source.tokens[i - 1].name in ("p", "br", "div")

    found = list(source.tokens)
    for i, token in source.body():
        if token.shown and token.place == "flow" and i and starts_line(i):
            found[i] = with_source(token, padded(token))
    return found


@mutation()
def lines_of_source_broken(source: Source, rng: Random):
    """A line end of the source between two ideographs: a blank at most."""
    return _texts(source, lambda t: _HAN_PAIR.sub(lambda m: "\n" if rng.random() < 0.1 else "", t.source), "cell")


@mutation()
def thousands_commas(source: Source, rng: Random):
    numbers = _numbers(source)

    def commas(token: Token) -> str:
        match = _LONG_NUMBER.match(token.source)
        if not match or plain(token.source) not in numbers:
            return token.source
        return f"{match[1]}{int(match[2]):,}{match[3]}"

    return _texts(source, commas, "cell")


@mutation()
def wide_commas(source: Source, rng: Random):
    numbers = _numbers(source)

    def commas(token: Token) -> str:
        match = _LONG_NUMBER.match(token.source)
        if not match or plain(token.source) not in numbers:
            return token.source
        return f"{match[1]}{int(match[2]):,}{match[3]}".replace(",", "，")

    return _texts(source, commas, "cell")


@mutation()
def wide_digits_in_values(source: Source, rng: Random):
    numbers = _numbers(source)

    def wide(token: Token) -> str:
        return token.source.translate(_WIDE_DIGITS) if plain(token.source) in numbers else token.source

    return _texts(source, wide, "cell")


@mutation(loose)
def wide_digits_everywhere(source: Source, rng: Random):
    return _texts(source, lambda t: t.source.translate(_WIDE_DIGITS) if "&#" not in t.source else t.source)


@mutation()
def digits_as_references(source: Source, rng: Random):
    return _texts(
        source, lambda t: "".join(f"&#{ord(u)};" if u.isascii() and u.isdigit() else u for u in units(t.source))
    )


@mutation()
def blanks_as_references(source: Source, rng: Random):
    return _texts(source, lambda t: t.source.replace("&nbsp;", "&#160;"))


@mutation()
def blanks_as_characters(source: Source, rng: Random):
    return _texts(source, lambda t: t.source.replace("&nbsp;", "\u00a0"))


@mutation(loose)
def wide_brackets(source: Source, rng: Random):
    return _texts(source, lambda t: t.source.translate(_WIDE))


@mutation(loose)
def narrow_brackets(source: Source, rng: Random):
    return _texts(source, lambda t: t.source.translate(_NARROW))


@mutation(loose)
def mixed_brackets(source: Source, rng: Random):
    return _texts(
        source, lambda t: "".join(rng.choice((c, c.translate(_WIDE), c.translate(_NARROW))) for c in t.source), "cell"
    )


@mutation(loose)
def list_dots_in_cells(source: Source, rng: Random):
    return _texts(source, lambda t: _LIST_DOT.sub(lambda m: m[1] + m[2] + rng.choice(".．、"), t.source), "cell")


@mutation(loose)
def list_dots_in_headings(source: Source, rng: Random):
    return _texts(source, lambda t: _LIST_DOT.sub(lambda m: m[1] + m[2] + rng.choice(".．、"), t.source), "flow")


@mutation(loose)
def wide_list_numbers(source: Source, rng: Random):
    return _texts(
        source, lambda t: _LIST_DOT.sub(lambda m: m[1] + m[2].translate(_WIDE_DIGITS) + "．", t.source), "cell"
    )


@mutation(loose)
def straight_quotes(source: Source, rng: Random):
    return _texts(source, lambda t: re.sub("[“”]", '"', t.source))


@mutation(loose)
def quotes_left_out(source: Source, rng: Random):
    return _texts(source, lambda t: re.sub('["“”]', "", t.source), "cell")


@mutation(loose)
def wide_colons(source: Source, rng: Random):
    return _texts(
        source,
        lambda t: t.source.replace("其中:", "其中：") if rng.random() < 0.5 else t.source.replace("其中：", "其中:"),
        "cell",
    )
