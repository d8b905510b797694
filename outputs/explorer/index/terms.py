"""What a reader looks for → what must be printed, and the words that the index has for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from outputs.explorer.index.folding import BLANK, HAN, Piece, characters_of, fold, joined, pieces, spellings

LONGEST = 200
"""Characters of a question that are looked for; what comes behind is not."""

MOST_TERMS = 12
"""Terms of a question that are looked for."""

_LONGEST_WORD = 20
"""No word of the dictionary has more characters."""

_QUOTES = '"“”„‟「」『』＂'
_QUOTED = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]")
_RUN = re.compile(r"(?:[^\W_]|(?<=[0-9])[.,](?=[0-9]))+")
_DIGIT = "0-9０-９"
_LETTER = rf"[^\W\d_{HAN}]"


@dataclass(frozen=True)
class Term:
    """One thing that must be printed in a passage, in its folded spelling."""

    wanted: str

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The runs of Chinese characters, the numbers, and the words in letters that it is made of."""
        return tuple(pieces(self.wanted))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What finds it in a text as printed, in any spelling; a blank may stand between any two characters."""
        parts: list[str] = []
        end = 0
        for piece in (*self.pieces, Piece("", "", len(self.wanted), len(self.wanted))):
            parts += [_any_spelling(char) for char in self.wanted[end : piece.start] if char != " "]
            parts += _patterns(piece)
            end = piece.end
        return re.compile(f"[{BLANK}]?".join(parts))

    def words(self, is_word: Callable[[str], bool]) -> tuple[str, ...]:
        """Return words that the index has for every passage in which the term is printed; none where it has none.

        `is_word` tells whether the index has a word at all.
        """
        found: list[str] = []
        for piece in self.pieces:
            found += _longest(piece.text, is_word) if piece.kind == "han" else [piece.text]
        return tuple(dict.fromkeys(found))

    def characters(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """Return the Chinese characters of the term that stand in none of these words."""
        han = "".join(piece.text for piece in self.pieces if piece.kind == "han")
        return tuple(characters_of("".join(char for char in han if not any(char in word for word in words))))

    def is_word(self, words: tuple[str, ...]) -> bool:
        """Tell whether a passage that has these words is sure to have the term: it is itself a word."""
        return len(self.pieces) == 1 and (self.pieces[0].text,) == words


def read_terms(text: str) -> tuple[Term, ...]:
    """Return the terms of a question: what stands in quotes as it is, else what stands between blanks and marks.

    >>> [term.wanted for term in read_terms('行政複議，“公开 申请” 1,234件 *(')]
    ['公开申请', '行政复议', '1,234件']
    """
    text = text[:LONGEST]
    quoted = [joined(" ".join(fold(part).split())) for part in _QUOTED.findall(text)]
    wanted = quoted + _RUN.findall(fold(_QUOTED.sub(" ", text)))
    return tuple(term for term in map(Term, dict.fromkeys(wanted)) if term.pieces)[:MOST_TERMS]


def _longest(run: str, is_word: Callable[[str], bool]) -> list[str]:
    """The words within a run of Chinese characters, without those that lie within another one."""
    found: list[str] = []
    reached = 0
    for start in range(len(run) - 1):
        for end in range(min(len(run), start + _LONGEST_WORD), max(start + 1, reached), -1):
            if is_word(run[start:end]):
                found.append(run[start:end])
                reached = end
                break
    return found


def _patterns(piece: Piece) -> list[str]:
    chars = [_any_spelling(char) for char in piece.text]
    if piece.kind == "han":
        return chars
    if piece.kind == "number":
        # no part of a longer number
        inner = "[,，]?".join(chars)
        return [f"(?<![{_DIGIT}])(?<![{_DIGIT}][.．]){inner}(?![{_DIGIT}])(?![.．][{_DIGIT}])"]
    return [f"(?<!{_LETTER}){''.join(chars)}(?!{_LETTER})"] if chars else []


def _any_spelling(char: str) -> str:
    return f"[{re.escape(spellings().get(char, char))}]"
