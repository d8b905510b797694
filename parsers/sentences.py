"""Sentences of a block, and the parts of a sentence that no number may be taken from."""

import re

from corpus.labels import simplify
from parsers.cues import cue

# Characters of so many blocks tell whether a page is in traditional characters.
_SAMPLE, _SAMPLED = 60, 4
# A sentence ends at its stop, with the quotes and brackets that close on it. A semicolon does not end one: the parts
# of a whole are parted by it.
_END = re.compile(r"[。！？]++[”’」』）)\]】]*+")
# A title of a work or a document, a short quotation: what stands in them is a name.
_NAMES = re.compile(r"《[^《》]{0,80}+》|〈[^〈〉]{0,80}+〉|“[^“”]{0,12}+”|「[^「」]{0,12}+」|『[^『』]{0,12}+』")
# A list number at the head of a block, or after a stop: `1.`, `2、`, `（三）`, `(4)`, `①`.
_LIST_NUMBER = (
    r"\s*(?:[（(]\s?[0-9０-９一二三四五六七八九十]{1,3}\s?[）)]|[①-⑳]|"
    r"[0-9０-９]{1,2}\s?(?:[、）)]|[.．](?![0-9０-９]{1,2}(?![0-9０-９]))))"
)
_NUMBER_AT_HEAD = re.compile(_LIST_NUMBER)
# A pattern that begins with a set of characters is looked for several times as fast as one that looks behind itself.
_NUMBER_AFTER_STOP = re.compile(rf"([。；;：:！？]){_LIST_NUMBER}")


def sentences(text: str) -> list[tuple[int, int]]:
    """Where the sentences of a block begin and end, white space at their ends left out.

    >>> sentences("共收到3件。 均已答复；")
    [(0, 6), (7, 12)]
    """
    found = []
    start = 0
    for stop in (*[match.end() for match in _END.finditer(text)], len(text)):
        piece = text[start:stop]
        if words := piece.strip():
            start += piece.index(words[0])
            found.append((start, start + len(words)))
        start = stop
    return found


def unlisted(text: str) -> str:
    """The text with its list numbers blotted out, character for character, so that places stay the same."""
    text = _NUMBER_AFTER_STOP.sub(_blot_after, text)
    first = _NUMBER_AT_HEAD.match(text)
    return _blot(first) + text[first.end() :] if first else text


def unnamed(text: str) -> str:
    r"""The text with names and short quotations blotted out, character for character.

    >>> unnamed("印发《2020年20条》3次").replace("\x00", "_")
    '印发__________3次'
    """
    return cue("name").sub(_blot, _NAMES.sub(_blot, text))


def is_traditional(texts: list[str]) -> bool:
    """Whether a page is in traditional characters: its first words tell."""
    sample = "".join(text[:_SAMPLE] for text in texts[:_SAMPLED])
    return simplify(sample) != sample


def in_simplified(text: str) -> str:
    """The text in simplified characters, each at its place; itself where that cannot be had."""
    simple = simplify(text)
    if len(simple) == len(text):
        return simple
    return "".join(one if len(one) == 1 else character for character in text for one in (simplify(character),))


def _blot_after(match: re.Match[str]) -> str:
    return match[1] + "\x00" * (len(match.group()) - 1)


def _blot(match: re.Match[str]) -> str:
    return "\x00" * len(match.group())
