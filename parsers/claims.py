"""Prose → claims: the numbers that sentences state, with their subject, unit and meaning.

Numbers are taken by pattern (`parsers.quantities`) and zeros in words by their negation (`parsers.zeros`); the words
around them say what they count (`parsers.clauses`) and, where a rule settles it, which indicator that is
(`parsers.claim_meanings`). Tables and page furniture give no claims.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from parsers.claim_meanings import NO_SENSE, Asked, Sense, Setting, meaning
from parsers.clauses import Item, join_whole, noun_after, phrases, read_items, told
from parsers.cues import Time, bare, cue, ending, periods, without_frame, without_links
from parsers.quantities import Quantity
from parsers.records import Block, Claim, ClaimKind, Identity, Period, Section
from parsers.sentences import in_simplified, is_traditional, sentences, unlisted, unnamed
from parsers.stated import stated
from parsers.zeros import Zero

_ROLES = ("body", "heading", "preamble")
_SIGNS = re.compile(r"[0-9０-９一二两三四五六七八九十百千万亿未没无沒無零不]")
_MONEY = "元"
# Full-width digits say the same in years, list numbers and rules.
_WIDE = re.compile(r"[０-９]")
_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
# 提高到90%: the level that was reached, not the rate of growth.
_GROWN_TO = re.compile(r"[\u4e00-\u9fff](?:到|至)[^，]{0,2}$")
# A longer stretch before a clause names more than the body and the year.
_LONGEST_OPENING = 240
# Of a sentence longer than this, a claim keeps so much on either side: a page without stops would be copied into each.
_LONGEST_SENTENCE, _AROUND = 4000, 500
_TITLES, _CLAUSE = 160, 80


class _Place(NamedTuple):
    """Where a sentence stands: its section's kind, its title, and the titles above it."""

    section: str
    title: str
    above: str


_NOWHERE = _Place("", "", "")


def read_claims(
    blocks: Iterable[Block],
    identity: Identity,
    sections: tuple[Section, ...] = (),
    form_ids: tuple[str, ...] = (),
) -> tuple[Claim, ...]:
    """Claims of a report in reading order; places are characters of the blocks' text.

    `sections` and `form_ids` are the report's: the same words count another thing in another section or on another
    form.
    """
    prose = [block for block in blocks if block.role in _ROLES and block.text and _SIGNS.search(block.text)]
    traditional = is_traditional([block.text for block in prose])
    places = _places(sections, traditional=traditional)
    claims: list[Claim] = []
    for block in prose:
        text = in_simplified(block.text) if traditional else block.text
        claims += _Reader(block, text, identity, places.get(block.section_no, _NOWHERE), form_ids).read()
    return tuple(claims)


def _places(sections: tuple[Section, ...], *, traditional: bool) -> dict[int | None, _Place]:
    places: dict[int | None, _Place] = {}
    for section in sections:
        title = in_simplified(section.title) if traditional else section.title
        parent = places.get(section.parent_no, _NOWHERE) if section.parent_no is not None else _NOWHERE
        places[section.section_no] = _Place(section.canonical, title, f"{parent.above} {title}"[-_TITLES:])
    return places


class _Reader:
    """Reads one block."""

    def __init__(self, block: Block, text: str, identity: Identity, place: _Place, form_ids: tuple[str, ...]) -> None:
        self.block, self.identity, self.place, self.form_ids = block, identity, place, form_ids
        text = unlisted(text)
        self.text = text.translate(_NARROW) if _WIDE.search(text) else text
        self.named = unnamed(self.text)
        self.main: Item | None = None  # the count that a 其中 at the head of the next sentence would part

    def read(self) -> list[Claim]:
        claims: list[Claim] = []
        spans = sentences(self.named)
        heading = self.place.title if self.place.section in ("review_litigation", "fees") else ""
        for (start, end), found in zip(spans, stated(self.text, self.named, spans, heading), strict=True):
            if found:
                claims += _Sentence(self, start, end).read(found)
            else:
                self.main = None
        return sorted(claims, key=lambda claim: claim.char_start)


class _Sentence:
    """Reads one sentence of a block; keeps what its later claims ask of the earlier ones."""

    def __init__(self, reader: _Reader, start: int, end: int) -> None:
        self.reader, self.start, self.end = reader, start, end
        self.text, place = reader.text, reader.place
        self.printed = reader.block.text[start:end]
        words = reader.text[start : _with_parts(reader.text, end)]
        self.setting = Setting(words, place.section, place.title, place.above, reader.identity, reader.form_ids)
        self.times = _Times(periods(reader.text, start, end, reader.identity.report_year))
        self.known: dict[str, Item] = {}  # the last count of each indicator
        self.anchor = ""  # the indicator of the last count that has one
        self.heir = ""  # the subject of the last count
        self.before: Item | None = None

    def read(self, found: list[Quantity | Zero]) -> list[Claim]:
        items = read_items(self.text, self.start, self.end, found, self.reader.main)
        self.reader.main = None
        claims = []
        for item in items:
            claims.append(self._claim(item))
            self.before = item
        return claims

    def _claim(self, item: Item) -> Claim:
        kind, period = self._kind(item), self._period(item)
        sense = NO_SENSE
        if kind == "growth":
            item.whole = None
        if kind in ("count", "amount"):
            sense = self._sense(item, period, kind)
            item.indicator = sense.indicator
            join_whole(item, self.known, sense.wholes, total=sense.total)
        item.subject = self._subject(item)
        if item.is_count and kind != "growth":
            self._remember(item, kind, period)
        return self._record(item, kind, period, sense)

    def _remember(self, item: Item, kind: ClaimKind, period: Period) -> None:
        self.heir = item.subject
        if item.indicator:
            self.known[item.indicator] = item
            self.anchor = item.indicator
        if kind == "count" and period == "year" and item.whole is None and not item.is_restated:
            self.reader.main = item

    def _kind(self, item: Item) -> ClaimKind:
        source = item.source
        if isinstance(source, Zero):
            return "amount" if source.unit == _MONEY else "count"
        if source.kind == "percent":
            own = told(item.own).last
            grown = cue("growth").search(own) and not _GROWN_TO.search(own)
            grows = bool(grown or cue("growth").match(item.tail.removeprefix("的")))
            return "growth" if grows and item.share_of is None else "share"
        if source.kind == "growth" or item.is_difference:
            return "growth"
        return "amount" if source.kind in ("money", "foreign") else "count"

    def _period(self, item: Item) -> Period:
        time = self.times.at(item.start, self.before.start if self.before is not None else -1)
        clause = max(self.start, item.clause, item.start - _CLAUSE)
        if time is None and self.text.find("累计", clause, item.start) >= 0:
            return "to_date"
        if self.setting.section == "problems" and self._planned_from < item.start:
            return "other"
        return "year" if time is None else time.period

    @cached_property
    def _planned_from(self) -> int:
        """Where the sentence begins to speak of plans, its end where it does not; looked for once a sentence."""
        found = cue("future").search(self.text, self.start, self.end)
        return self.end if found is None else found.start()

    def _sense(self, item: Item, period: Period, kind: ClaimKind) -> Sense:
        if isinstance(item.source, Quantity) and item.source.ranged:
            return NO_SENSE
        clause = max(self.start, item.clause)
        asked = Asked(
            phrases=phrases(item, self.text, self.end),
            unit=item.unit,
            kind="money" if kind == "amount" else "count",
            opening=self.text[self.start : clause] if clause - self.start <= _LONGEST_OPENING else None,
            period=period,
            dated=self.times.first_own <= item.start,
            restated=item.is_restated,
            whole=None if item.whole is None else item.whole.indicator,
            anchor=self.anchor,
        )
        return meaning(asked, self.setting)

    def _subject(self, item: Item) -> str:
        """What was counted, in the sentence's words; 办结69件 after 收到70件申请 counts 申请 too."""
        if item.share_of is not None:
            return item.share_of.subject
        if isinstance(item.source, Zero):
            return bare(item.source.object) or bare(item.source.raw)
        words, is_verb = _counted(told(item.own).last, item.tail)
        if words and not is_verb:
            return words
        if not self.heir:
            return words or self.setting.title
        return words + cue("verb").sub("", self.heir, 1) if words else self.heir

    def _record(self, item: Item, kind: ClaimKind, period: Period, sense: Sense) -> Claim:
        source, block = item.source, self.reader.block
        zero = isinstance(source, Zero)
        rough = not isinstance(source, Zero) and self._is_approximate(source)
        whole = item.share_of or item.whole
        return Claim(
            block_no=block.no,
            char_start=item.start,
            char_end=item.end,
            section_no=block.section_no,
            sentence=self._shown(item),
            subject=item.subject,
            raw=source.raw if isinstance(source, Zero) else block.text[item.start : item.end],
            value=Decimal(0) if isinstance(source, Zero) else source.value,
            unit=item.unit,
            share_percent=item.shares[0].value if item.shares else None,
            approximate=rough,
            indicator=sense.indicator,
            mapping=sense.mapping,
            kind=kind,
            period=period,
            zero_in_words=zero,
            whole_start=whole.start if whole is not None else None,
            last_digit=Decimal(1) if isinstance(source, Zero) else _last_digit(source, rough=rough),
        )

    def _shown(self, item: Item) -> str:
        if self.end - self.start <= _LONGEST_SENTENCE:
            return self.printed
        return self.reader.block.text[max(self.start, item.start - _AROUND) : min(self.end, item.end + _AROUND)]

    def _is_approximate(self, quantity: Quantity) -> bool:
        if quantity.rough or quantity.ranged:
            return True
        before = self.text[max(0, quantity.start - 4) : quantity.start]
        return _is_rough(before, self.text[quantity.end : quantity.end + 2])


@lru_cache(maxsize=4096)
def _is_rough(before: str, after: str) -> bool:
    """Whether the characters around a number say that it is no exact one."""
    return bool(ending("rough_before").search(before.rstrip()) or cue("rough_after").match(after))


@lru_cache(maxsize=8192)
def _counted(own: str, tail: str) -> tuple[str, bool]:
    """What the words before and after a number name, and whether it is a verb alone."""
    words = without_frame(without_links(bare(own)) + (noun_after(bare(tail)) if tail else ""))
    return words, bool(cue("verb").fullmatch(words))


def _with_parts(text: str, end: int) -> int:
    """Where the sentence after ends if it parts the count of this one (办理45件。其中…的2件。)."""
    if not text.startswith("其中", end):
        return end
    stop = text.find("。", end, end + _LONGEST_OPENING)
    return end + _LONGEST_OPENING if stop < 0 else stop + 1


def _last_digit(quantity: Quantity, *, rough: bool) -> Decimal:
    """What the last printed digit is worth; of a rough number, the last that is no zero: 100 in 2500余."""
    if not rough or quantity.value == 0:
        return quantity.digit
    exponent = quantity.value.normalize().as_tuple().exponent
    return max(quantity.digit, Decimal(1).scaleb(int(exponent)))


class _Times:
    """Which time a place of the sentence speaks of."""

    def __init__(self, times: list[Time]) -> None:
        self.times = times
        self.places = [time.at for time in times]
        self.lasting: list[Time | None] = []  # for each time, the last up to it that holds for more than one number
        for time in times:
            self.lasting.append(time if not time.once else (self.lasting[-1] if self.lasting else None))
        never = 1 << 62
        self.first_own = min((time.at for time in times if time.period == "year"), default=never)

    def at(self, place: int, before: int) -> Time | None:
        """The time that holds for the number at `place`; the number before it stands at `before`."""
        number = bisect_right(self.places, place) - 1
        if number < 0:
            return None
        time = self.times[number]
        return self.lasting[number] if time.once and time.at <= before else time
