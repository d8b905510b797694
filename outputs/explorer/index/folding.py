"""One spelling for what a reader takes to be the same, and the words of a text under which it is found.

Full-width and half-width forms, capital and small letters, traditional and simplified characters count as the same.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import NamedTuple

from corpus.labels import simplify
from corpus.words import words_within

_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fd5"
HAN = f"{_FIRST_HAN}-{_LAST_HAN}"
"""What jieba takes for Chinese characters; others stand in no dictionary."""

BLANK = r" \t\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff"
"""What may stand within a word of Chinese on a page, unseen or nearly so."""

_SAME_FORM = ("<wide>", "<narrow>", "<compat>", "<noBreak>")
_BLANK = re.compile(f"[{BLANK}]")
_BLANK_BETWEEN = re.compile(f"(?<=[{HAN}]) (?=[{HAN}])")
_FOLDED = (
    range(0x20, 0x7F),
    range(0x2E80, 0x2FD6),  # radicals in place of characters, as PDF files have them
    range(0x4E00, 0x9FD6),
    range(0xF900, 0xFAFF),  # characters for old encodings
    range(0xFF01, 0xFFEF),  # full-width and half-width forms
)

_PIECE = re.compile(
    r"(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    rf"|(?P<han>[{HAN}]+)|(?P<letters>[^\W\d_{HAN}]+)"
)


class Piece(NamedTuple):
    """A run of a folded text: `kind` is `han`, `number` or `letters`, `text` is without separators of thousands."""

    kind: str
    text: str
    start: int
    end: int


class _Folding(dict[int, int]):
    """Characters and what they are folded to, found out when they are first met."""

    def __missing__(self, code: int) -> int:
        folded = ord(_folded(chr(code)))
        self[code] = folded
        return folded


_FOLDING = _Folding()


def fold(text: str) -> str:
    """Return a text in one spelling, character by character.

    >>> fold("不服行政複議決定　１２件 WeChat")
    '不服行政复议决定 12件 wechat'
    """
    return text.translate(_FOLDING)


def joined(folded: str) -> str:
    """Return a folded text without the blanks between Chinese characters, which part no words."""
    return _BLANK_BETWEEN.sub("", folded)


def pieces(folded: str) -> Iterator[Piece]:
    """Yield the runs of a folded text that words are made of; marks and blanks lie between them."""
    for found in _PIECE.finditer(folded):
        kind, text = found.lastgroup or "", found.group()
        yield Piece(kind, text.replace(",", "") if kind == "number" else text, found.start(), found.end())


def words_of(text: str) -> list[str]:
    """Return the words of a text: every one of the dictionary that is printed in it, numbers, and words in letters.

    The text is folded and joined.

    >>> words_of(joined(fold("共1,234件，占33.9 %，見WeChat號；行 政複議")))
    ['1234', '33.9', 'wechat', '行政', '行政复议', '复议']
    """
    words: list[str] = []
    for piece in pieces(text):
        if piece.kind == "han":
            words += words_within(piece.text)
        else:
            words.append(piece.text)
    return words


def characters_of(text: str) -> list[str]:
    """Return the Chinese characters of a folded text, each once, in order.

    >>> characters_of("复议2件，复议")
    ['件', '复', '议']
    """
    return sorted(char for char in set(text) if _FIRST_HAN <= char <= _LAST_HAN)


@cache
def spellings() -> Mapping[str, str]:
    """Return the characters that are folded to each character, itself included; only where there are several."""
    found: defaultdict[str, str] = defaultdict(str)
    for code in chain(*_FOLDED):
        found[_folded(chr(code))] += chr(code)
    return {folded: chars for folded, chars in found.items() if len(chars) > 1}


def _folded(char: str) -> str:
    if char == "\n":
        return char
    if _BLANK.match(char) or unicodedata.category(char) in {"Cc", "Cs"}:
        return " "
    form = unicodedata.decomposition(char).split(" ")[0]
    plain = unicodedata.normalize("NFKC", char) if not form.startswith("<") or form in _SAME_FORM else char
    plain = simplify(plain.lower())
    return plain if len(plain) == 1 else char
