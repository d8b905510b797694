"""Which words of a report are terms: not those of the grammar, not numbers and dates, not where the body is."""

from functools import lru_cache

import regex

from corpus.labels import simplify
from corpus.regions import mentioned, regions_named, regions_with_stem, stem_of
from corpus.words import cut, runs, stop_words

_WORD = regex.compile(r"\p{Han}{2,}|[A-Za-z][A-Za-z0-9.-]+")
# 二十五日, 第三十二条, 三次: a number in words and what it counts
_COUNTED = regex.compile(
    r"第?[〇零一二三四五六七八九十百千万亿两]+[年月日周天条款项章节次个种件份期届级类家名人位点步场]?"
)


def terms(text: str, places: frozenset[str]) -> list[str]:
    """Terms of a text in order, each as often as it stands there, in simplified characters, Latin ones in lower case.

    Left out are single characters, numbers, dates, the words of `corpus/data/stop_words.txt`, names of regions with
    their class (福建省), names of provinces, and `places`.
    """
    found = [term for run in runs(simplify(text)) for term in _terms_of(run)]
    return found if places.isdisjoint(found) else [term for term in found if term not in places]


@lru_cache(maxsize=1024)
def own_places(agency: str) -> frozenset[str]:
    """Names, short and long, of the place of a body and of those around it: 洪泽, 淮安, 江苏 for 淮安市洪泽区."""
    named = {name for region in mentioned([agency]) for name in (region.name, *region.shorts, stem_of(region))}
    # a place that two regions are called after (平潭), or that is no region (平潭综合实验区): only at the start, for
    # 资源 is a county too
    first = {word for word in cut(agency)[:1] if regions_with_stem(word)}
    return frozenset(named | first)


# reports repeat themselves, and one another: most runs of characters between two marks are old acquaintances
@lru_cache(maxsize=1 << 16)
def _terms_of(run: str) -> tuple[str, ...]:
    """Terms of a run of Chinese characters or of a Latin word, wherever it stands."""
    return tuple(word for word in map(str.lower, cut(run)) if _may_be_term(word))


@lru_cache(maxsize=1 << 18)
def _may_be_term(word: str) -> bool:
    if not _WORD.fullmatch(word) or _COUNTED.fullmatch(word) or word in stop_words():
        return False
    return not regions_named(word) and not any(region.level == "province" for region in regions_with_stem(word))
