"""The prose of a report as text mining sees it: sections by what they are about, paragraphs, figures masked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from corpus.labels import simplify

_NUMERAL = "〇○零一二三四五六七八九十"
_LONG = "十百千万亿零〇一二三四五六七八九两"
# 1,234.5 and 33.9% and 3.97万 and １２; years, months and days in Chinese numerals (二○一三年三月二十日); a number in
# words (一千二百零八) that is too long for 统一, 一些 or 十分, and no article of a law (第三十二条).
_DIGITS = re.compile(r"[0-9０-９]+(?:[,，][0-9０-９]{3}(?![0-9０-９]))*(?:[.．][0-9０-９]+)?[百千万亿]*[%％‰]?")
_WORDS = re.compile(
    rf"(?=[{_NUMERAL}两])"  # saves four fifths of the time
    rf"(?:[{_NUMERAL}]{{4}}(?=年)|(?<=年)[{_NUMERAL}]{{1,2}}(?=月)|(?<=月)[{_NUMERAL}]{{1,3}}(?=日)"
    rf"|(?<![第{_LONG}])[一二三四五六七八九两][{_LONG}]{{2,}})"
)
# what a line is numbered with: 一、 / （二） / 3. / ③; the numbers of a report's parts move from year to year
_ITEM = re.compile(
    rf"^\s*(?:[（(]?(?:[{_NUMERAL}]{{1,3}}|[0-9０-９]{{1,2}})(?:[）)、]|[.．](?![0-9０-９]))|[①-⑳])", re.MULTILINE
)
_MARKS = re.compile(r"[^\w#]+|_+")
_UNTITLED = "untitled"
MASK = "#"
"""What stands for a figure in masked text."""


def mask(text: str) -> str:
    """Text with every figure replaced by one `#`: numbers, percentages, years and dates, with their scale (万, 亿).

    >>> mask("2021年收到申请1,234件，占33.9%，浏览3.97万次")
    '#年收到申请#件，占#，浏览#次'

    Numbers that are words of the language stay (一是, 统一, 第三方).
    """
    return _WORDS.sub(MASK, _DIGITS.sub(MASK, text))


# every paragraph is asked for several times when two texts are held together
@lru_cache(maxsize=2048)
def bare(text: str) -> str:
    """Masked text in simplified characters, without marks, white space and the numbers of its lines.

    Two texts with the same bare text are the same prose.

    >>> bare("（一）2021年，收到 5 件。")
    '#年收到#件'
    """
    return _MARKS.sub("", mask(_ITEM.sub("", simplify(text))))


def paragraphs(text: str) -> list[str]:
    """Paragraphs of a text, one a line, without blanks around them; empty ones are left out."""
    return [line for line in map(str.strip, text.splitlines()) if line]


@dataclass(frozen=True, slots=True)
class Part:
    """What a report says on one subject: a top section with its sub-sections, or several top sections of one subject.

    `subject` is the canonical id, or the printed title where no id is known. `title` is the first heading's; `text` has
    the paragraphs and the headings of sub-sections, one a line, '' where only tables stand under the heading.
    `section_nos` are the sections it was made of.
    """

    subject: str
    canonical: str
    title: str
    text: str
    section_nos: tuple[int, ...]


def parts(sections: Iterable[Any]) -> list[Part]:
    """The parts of a report, in the order of their first headings, from its rows of `sections` in order."""
    tops: dict[int, int] = {}
    lines: dict[tuple[str, str], list[str]] = {}
    found: dict[tuple[str, str], list[Any]] = {}
    keys: dict[int, tuple[str, str]] = {}
    for section in sections:
        top = tops.get(section.parent_no, section.section_no)
        tops[section.section_no] = top
        if top == section.section_no:
            keys[top] = (section.canonical or "", "" if section.canonical else bare(section.title or ""))
        else:
            lines[keys[top]].append(f"{section.number or ''}{section.title or ''}")
        found.setdefault(keys[top], []).append(section)
        lines.setdefault(keys[top], []).append(section.text or "")
    return [
        Part(
            subject=canonical or of[0].title or of[0].number or _UNTITLED,
            canonical=canonical,
            title=of[0].title or "",
            text="\n".join(filter(None, lines[canonical, title])),
            section_nos=tuple(section.section_no for section in of),
        )
        for (canonical, title), of in found.items()
    ]
