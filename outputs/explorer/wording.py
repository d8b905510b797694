"""Words of the explorer's pages in English and Chinese; they stand in `words/*.csv`, one file for each kind of page."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from markupsafe import Markup

_PAIR = Markup(
    '<span class="t-en" lang="en">{}</span><span class="gap"> </span><span class="t-zh" lang="zh-Hans">{}</span>'
)
"""Only texts with these classes are hidden by the choice of a language, never a name that is Chinese as printed."""


class Words(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str


@cache
def load_words() -> dict[str, Words]:
    """Return all words by their key; a key that stands twice is an error, and so is a comma that needs quotes."""
    words: dict[str, Words] = {}
    for file in sorted(resources.files("outputs.explorer.words").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".csv"):
            for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
                if row["key"] in words:
                    raise ValueError(f"{file.name}: {row['key']} stands twice")
                if len(row) > len(("key", "en", "zh")) or row["zh"] is None:
                    raise ValueError(f"{file.name}: {row['key']} has other columns than key, en, zh")
                words[row["key"]] = Words(row["en"], row["zh"])
    return words


def said(key: str, **values: object) -> Words:
    """Return words with values in the place of `{name}`; of a value that is Words, each language has its own."""
    words = load_words()[key]
    return Words(words.en.format(**_in(0, values)), words.zh.format(**_in(1, values)))


def both(key: str, **values: object) -> Markup:
    """Return words for a page: both languages, of which the style shows the one that the reader chose.

    Values are put in as by `said`, and escaped. English that ends in a colon has a blank after it, Chinese has none:
    what it leads on to stands right behind.
    """
    words = load_words()[key]
    en = Markup.escape(words.en).format(**_in(0, values))
    return pair(en + " " if en.endswith(":") else en, Markup.escape(words.zh).format(**_in(1, values)))


def plain(key: str, **values: object) -> str:
    """Return words for an attribute or a title, where no mark-up can stand: one language after the other."""
    return " · ".join(dict.fromkeys(said(key, **values)))


def pair(en: object, zh: object) -> Markup:
    """Return two texts, each marked with its language; one where they are the same."""
    if en == zh:
        return Markup.escape(en)
    return _PAIR.format(en, zh)


def _in(language: int, values: Mapping[str, object]) -> dict[str, object]:
    return {name: value[language] if isinstance(value, Words) else value for name, value in values.items()}
