"""Labels as they are compared: one spelling for what a reader takes to be the same.

A label is *folded* (width, white space, quotes) and *split* into list number, `其中`, words and trailing remark.
Conversion from traditional characters is loaded only for text that needs it.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, wraps
from typing import TypeVar

from corpus.tables import read_table

_WHITE = re.compile(r"[\s\u00ad\u200b-\u200f\u2028-\u202e\u2060\u3000\ufeff\x00-\x1f]+")

LONGEST_LABEL = 300
"""Longer text is prose: the longest label of the forms has 95 characters, one with a local explanation 180."""

_Read = TypeVar("_Read")

# Characters that NFKC leaves apart although a reader does not: quotes, dashes, middle dots.
_SAME = str.maketrans(
    {
        **dict.fromkeys("“”„‟＂«»《》〈〉「」『』‘’‚‛'`´<>", '"'),
        **dict.fromkeys("‐‑‒–—―−－─━﹣ー", "-"),
        **dict.fromkeys("·•・‧∙⋅●", "·"),
        "。": ".",
        "〇": "○",
    },
)

# `其中：1、网站公开`, `（二）部分公开`, `1.属于国家秘密`, `一、`, `其中:(1)…`, `①`, `第一项`.
_NUMBER = re.compile(
    r"(?:其中[:,]?)?"
    r"(?:\((?:[一二三四五六七八九十]{1,3}|\d{1,2})\)[.、:,]?"
    r"|(?:[一二三四五六七八九十]{1,3})(?:[、.:,]|(?=·))"
    r"|\d{1,2}(?:[、:,]|\.(?!\d))"
    r")?",
)
_REMARK = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)$")
_STAR = re.compile(r"[*※]+$|^[*※]+")


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label, taken apart.

    `number` is its list number without brackets (`一`, `1`, '' for none), `words` the folded rest without remark and
    quotes, `remark` the bracketed explanation at its end.
    """

    number: str
    words: str
    remark: str

    @property
    def full(self) -> str:
        """Words and remark: what tells 复制费（纸张） from 复制费（光盘）."""
        return f"{self.words}({self.remark})" if self.remark else self.words


def _kept(number: int) -> Callable[[Callable[[str], _Read]], Callable[[str], _Read]]:
    """Keep what was made of the last texts. Labels come again; prose does not, and thousands of articles are memory."""

    def keep(read: Callable[[str], _Read]) -> Callable[[str], _Read]:
        known = lru_cache(maxsize=number)(read)

        @wraps(read)
        def ask(text: str) -> _Read:
            return known(text) if len(text) <= LONGEST_LABEL else read(text)

        return ask

    return keep


@_kept(16384)
def fold(text: str) -> str:
    """The text in one width and without white space, with one form of quotes and dashes.

    >>> fold("３.危及 “三安全一稳定”")
    '3.危及"三安全一稳定"'
    """
    return _WHITE.sub("", unicodedata.normalize("NFKC", text)).translate(_SAME)


@_kept(16384)
def split_label(text: str) -> Label:
    """Take a printed label apart into list number, words and remark.

    >>> split_label("其中：1、网站公开")
    Label(number='1', words='网站公开', remark='')
    >>> split_label("（二）部分公开（区分处理的，只计这一情形）")
    Label(number='二', words='部分公开', remark='区分处理的,只计这一情形')
    """
    folded = _STAR.sub("", fold(text))
    match = _NUMBER.match(folded)
    prefix = match.group() if match else ""
    rest = folded[len(prefix) :] or folded
    number = "" if rest is folded and prefix else prefix.removeprefix("其中").strip("():,.、")
    remark = ""
    found = _REMARK.search(rest)
    if found and found.start() > 0:
        remark = found.group()[1:-1]
        rest = rest[: found.start()]
    words = rest.replace('"', "").strip(".:,;、-·")
    return Label(number, words, remark)


@cache
def _converter() -> Callable[[str], str]:
    # OpenCC loads its dictionaries here: only pages in traditional characters pay for it.
    from opencc import OpenCC  # noqa: PLC0415

    convert: Callable[[str], str] = OpenCC("t2s").convert
    return convert


@cache
def _wordings() -> tuple[tuple[str, str], ...]:
    return tuple((row["elsewhere"], row["mainland"]) for row in read_table("wordings.csv"))


@_kept(4096)
def simplify(text: str) -> str:
    """The text in simplified characters and mainland wording; itself where it has no traditional character.

    >>> simplify("規範性檔案")
    '规范性文件'
    """
    if text.isascii():
        return text
    simple = _converter()(text)
    if simple != text:
        for elsewhere, mainland in _wordings():
            simple = simple.replace(elsewhere, mainland)
    return simple
