"""Likeness of labels: typing slips and local wording, and nothing that could change the meaning.

A match is given only when it is the one candidate within reach and when what differs holds none of the characters
that turn one row of the forms into another (不, 部分, 上年 …).
"""

from difflib import SequenceMatcher
from functools import lru_cache

import regex

from corpus.labels import Label
from corpus.words import tokenizer

# One slip in four characters: 其他法律行政止公开 lacks three of the twelve of 其他法律行政法规禁止公开.
_MAX_SHARE = 0.26
# The next best candidate must be further away by this many characters.
_MARGIN = 2
# Share of a label's words that must stand in a longer local wording of it.
_MIN_WORDS = 0.8
# A label this long is matched in well under a millisecond; the limit is for hostile ones.
_MAX_LENGTH = 120
_TIMEOUT = 0.2
# Characters that tell rows of the forms apart: negations, parts and wholes, periods, kinds. Built by comparing all
# pairs of labels of the forms that differ in three characters or fewer.
_TELLING = frozenset(
    "不未无非免否已部分全其他它上下本年月第一二三四五六七八九十0123456789新旧增减收支正负内外主兼专直后前同"
)


def closest(label: Label, names: dict[int, Label]) -> int | None:
    """Key of the one name that a label is a slip or a local wording of; None where there is none or more than one."""
    if len(label.words) < 3 or len(label.words) > _MAX_LENGTH:
        return None
    return _closest(label, tuple(sorted(names.items())))


@lru_cache(maxsize=4096)
def _closest(label: Label, names: tuple[tuple[int, Label], ...]) -> int | None:
    same_number = [(key, name) for key, name in names if not label.number or name.number in ("", label.number)]
    distances = sorted((_distance(label.words, name.words), key) for key, name in same_number)
    within = [(distance, key) for distance, key in distances if distance < float("inf")]
    if within:
        best = within[0]
        if len(within) == 1 or within[1][0] - best[0] >= _MARGIN:
            return best[1]
        return None
    worded = [key for key, name in same_number if _is_worded(label.words, name.words)]
    return worded[0] if len(worded) == 1 else None


def _distance(printed: str, name: str) -> float:
    """Characters that differ, infinite where too many or a telling one do."""
    allowed = int(len(name) * _MAX_SHARE)
    if printed == name:
        return 0
    if abs(len(printed) - len(name)) > allowed or not allowed:
        return float("inf")
    pattern = regex.compile(f"(?:{regex.escape(name)}){{e<={allowed}}}", regex.BESTMATCH)
    try:
        match = pattern.fullmatch(printed, timeout=_TIMEOUT)
    except TimeoutError:
        return float("inf")
    if match is None or _telling_difference(printed, name):
        return float("inf")
    return float(sum(match.fuzzy_counts))


def _telling_difference(printed: str, name: str) -> bool:
    for tag, a, b, c, d in SequenceMatcher(None, printed, name, autojunk=False).get_opcodes():
        if tag != "equal" and _TELLING & set(printed[a:b] + name[c:d]):
            return True
    return False


def _is_worded(printed: str, name: str) -> bool:
    """Whether a longer local label holds nearly all words of the form's label, and no telling word more."""
    if len(printed) <= len(name) or len(name) < 4:
        return False
    if name in printed:  # no need to know where its words end, nor to load what tells
        return not _TELLING & set(printed.replace(name, "", 1))
    if sum(character in printed for character in name) < _MIN_WORDS * len(name):
        return False
    words = _words(name)
    there = _words(printed)
    share = sum(len(word) for word in words if word in there) / len(name)
    more = "".join(word for word in there if word not in words)
    return share >= _MIN_WORDS and not _TELLING & set(more)


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    return tuple(tokenizer().lcut(text, HMM=False))
