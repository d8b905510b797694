"""Prose → claims: the numbers that sentences state, with their subject, unit and meaning.

Numbers are taken by pattern (`parsers.quantities`) and zeros in words by their negation (`parsers.zeros`); the words around
them say what they count (`parsers.clauses`) and, where a rule settles it, which indicator that is
(`parsers.claim_meanings`). Tables and page furniture give no claims.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from parsers.claim_meanings import NO_SENSE, Asked, Sense, meaning
from parsers.clauses import Item, join_whole, noun_after, phrases, read_items
from parsers.cues import Time, bare, cue, cue_at_end, periods, without_frame, without_links
from parsers.quantities import Quantity, find_quantities
from parsers.records import Block, Claim, ClaimKind, Identity, Period, Section
from parsers.sentences import in_simplified, is_traditional, sentences, unlisted, unnamed
from parsers.zeros import Zero, find_zeros

_ROLES = ("body", "heading", "preamble")
_SIGNS = re.compile(r"[0-9０-９一二两三四五六七八九十百千万亿未没無无零不]")
_CLAUSE = 40
_STOPS = re.compile(r"[，,；;：:。]")
_IN_LIST = re.compile(r"[，,；;、][^，,；;。：:]{1,16}")
_RANK = re.compile(r"前\s?$")
# 提高到90%: the level that was reached, not the rate of growth.
_GROWN_TO = re.compile(r"[\u4e00-\u9fff](?:到|至)[^，]{0,2}$")
_RANKED = frozenset("名位强家")
_MONEY = "元"


class _Place(NamedTuple):
    """Where a sentence stands: its section's kind, its title, and the titles above it."""

    section: str
    title: str
    above: str


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
    texts = [block for block in blocks if block.role in _ROLES and block.text and _SIGNS.search(block.text)]
    traditional = is_traditional([block.text for block in texts])
    places = _places(sections, traditional=traditional)
    claims: list[Claim] = []
    for block in texts:
        place = places.get(block.section_no, _NOWHERE)
        text = in_simplified(block.text) if traditional else block.text
        claims += _Reader(block, text, identity, place, form_ids).read()
    return tuple(claims)


_NOWHERE = _Place("", "", "")


def _places(sections: tuple[Section, ...], *, traditional: bool) -> dict[int | None, _Place]:
    places: dict[int | None, _Place] = {}
    for section in sections:
        title = in_simplified(section.title) if traditional else section.title
        parent = places.get(section.parent_no, _NOWHERE) if section.parent_no is not None else _NOWHERE
        places[section.section_no] = _Place(section.canonical, title, f"{parent.above} {title}"[-_CLAUSE * 4 :])
    return places


class _Reader:
    """Reads one block."""

    def __init__(self, block: Block, text: str, identity: Identity, place: _Place, form_ids: tuple[str, ...]) -> None:
        self.block, self.identity, self.place, self.form_ids = block, identity, place, form_ids
        self.text = unlisted(text)
        self.named = unnamed(self.text)
        self.main: Item | None = None

    def read(self) -> list[Claim]:
        quantities = find_quantities(self.named)
        claims: list[Claim] = []
        at = 0
        for start, end in sentences(self.named):
            here: list[Quantity] = []
            while at < len(quantities) and quantities[at].start < end:
                here.append(quantities[at])
                at += 1
            found = self._stated(here, start, end)
            if found:
                claims += self._sentence(found, start, end)
            else:
                self.main = None
        return sorted(claims, key=lambda claim: claim.char_start)

    def _stated(self, quantities: list[Quantity], start: int, end: int) -> list[Quantity | Zero]:
        kept: list[Quantity] = []
        for i, quantity in enumerate(quantities):
            after = quantities[i + 1] if i + 1 < len(quantities) else None
            if self._is_stated(quantity, kept[-1] if kept else None, after, start):
                kept.append(quantity)
        zeros = find_zeros(self.named, start, end, self.place.title if self._is_bare_section() else "")
        taken = [(q.start, q.end) for q in kept]
        zeros = [z for z in zeros if not any(a < z.end and z.start < b for a, b in taken)]
        return sorted([*kept, *zeros], key=lambda one: one.start)

    def _is_bare_section(self) -> bool:
        return self.place.section in ("review_litigation", "fees")

    def _is_stated(self, quantity: Quantity, before: Quantity | None, after: Quantity | None, start: int) -> bool:
        """Whether a number is one that the report states: no length of time, rhythm, rank or list number."""
        words = self.text[max(start, quantity.start - _CLAUSE) : quantity.start]
        clause = _STOPS.split(words)[-1]
        if quantity.kind == "duration":
            return bool(cue("average").search(clause))
        if quantity.kind == "score":
            return bool(cue("score").search(clause) or cue("growth").search(clause))
        if cue_at_end("clicks").search(words.rstrip()) or cue_at_end("rhythm").search(words):
            return False
        if quantity.unit in _RANKED and _RANK.search(words):
            return False
        if quantity.unit == "页" and words.rstrip().endswith("共"):
            return False  # the pages of the site: 共2页
        return quantity.kind != "bare" or self._is_listed(clause, quantity, before, after)

    def _is_listed(self, clause: str, quantity: Quantity, before: Quantity | None, after: Quantity | None) -> bool:
        """Whether a number without counter stands in a list of counted ones: 部分公开67，占4.61%."""
        gap = self.text[before.end : quantity.start] if before is not None else ""
        near = before is not None and len(gap) <= _CLAUSE
        if near and before is not None and before.kind == "bare" and _IN_LIST.fullmatch(gap):
            return True
        if not cue_at_end("bare").search(without_links(bare(clause))):
            return False
        counted = after is not None and after.start - quantity.end <= _CLAUSE and after.kind in ("count", "percent")
        return counted or (near and before is not None and before.kind in ("count", "percent", "bare"))

    def _sentence(self, found: list[Quantity | Zero], start: int, end: int) -> list[Claim]:
        items = read_items(self.text, start, end, found, self.main)
        times = periods(self.text, start, end, self.identity.report_year)
        claims = [self._claim(item, items[:i], times, start, end) for i, item in enumerate(items)]
        mains = [
            item
            for item, claim in zip(items, claims, strict=True)
            if claim.kind == "count" and item.whole is None and claim.period == "year" and not item.is_restated
        ]
        self.main = mains[-1] if mains else None
        return claims

    def _claim(self, item: Item, before: list[Item], times: list[Time], start: int, end: int) -> Claim:
        period = self._period(item, before, times, start)
        kind = self._kind(item)
        sense = NO_SENSE
        if kind == "growth":
            item.whole = None
        if kind in ("count", "amount"):
            sense = self._sense(item, before, times, period, kind, start, end)
            item.indicator = sense.indicator
            join_whole(item, before, sense.wholes, total=sense.total)
        item.subject = self._subject(item, before)
        return self._record(item, kind, period, sense, start, end)

    def _kind(self, item: Item) -> ClaimKind:
        source = item.source
        if isinstance(source, Zero):
            return "amount" if source.unit == _MONEY else "count"
        own = item.own.rsplit("#", 1)[-1]
        if source.kind == "percent":
            grown = cue("growth").search(own) and not _GROWN_TO.search(own)
            grows = bool(grown or cue("growth").match(item.tail.removeprefix("的")))
            return "growth" if grows and item.share_of is None else "share"
        differs = bool(cue("difference").search(own)) and bool(cue("growth").search(own) or cue("more").search(own))
        if source.kind == "growth" or differs:
            return "growth"
        return "amount" if source.kind in ("money", "foreign") else "count"

    def _period(self, item: Item, before: list[Item], times: list[Time], start: int) -> Period:
        period: Period = "year"
        known = [time for time in times if time.at <= item.start]
        for time in known:
            if not time.once or not any(time.at <= other.start for other in before):
                period = time.period
        clause = self.text[max(start, item.clause) : item.start]
        if period == "year" and "累计" in clause and not known:
            return "to_date"
        if self.place.section == "problems" and cue("future").search(self.text, start, item.start):
            return "other"
        return period

    def _sense(
        self,
        item: Item,
        before: list[Item],
        times: list[Time],
        period: Period,
        kind: ClaimKind,
        start: int,
        end: int,
    ) -> Sense:
        if isinstance(item.source, Quantity) and item.source.ranged:
            return NO_SENSE
        anchor = next((other for other in reversed(before) if other.is_count and other.indicator), None)
        return meaning(
            Asked(
                phrases=phrases(item, self.text, end),
                unit=item.unit,
                kind="money" if kind == "amount" else "count",
                sentence=self.text[start:end],
                opening=bare(self.text[start : max(start, item.clause)]),
                section=self.place.section,
                title=self.place.title,
                above=self.place.above,
                period=period,
                dated=any(time.at <= item.start and time.period == "year" for time in times),
                restated=item.is_restated,
                whole=None if item.whole is None else item.whole.indicator,
                anchor=anchor.indicator if anchor is not None else "",
                identity=self.identity,
                form_ids=self.form_ids,
            )
        )

    def _subject(self, item: Item, before: list[Item]) -> str:
        """What was counted, in the sentence's words; 办结69件 after 收到70件申请 counts 申请 too."""
        if item.share_of is not None:
            return item.share_of.subject
        if isinstance(item.source, Zero):
            return bare(item.source.object) or bare(item.source.raw)
        own = without_links(bare(item.own.rsplit("#", 1)[-1]))
        words = without_frame(own + (noun_after(bare(item.tail)) if item.tail else ""))
        if words and not cue("verb").fullmatch(words):
            return words
        heir = next((other for other in reversed(before) if other.subject and other.is_count), None)
        if heir is None:
            return words or self.place.title
        return words + cue("verb").sub("", heir.subject, 1) if words else heir.subject

    def _record(self, item: Item, kind: ClaimKind, period: Period, sense: Sense, start: int, end: int) -> Claim:
        source = item.source
        zero = isinstance(source, Zero)
        raw = source.raw if isinstance(source, Zero) else self.block.text[item.start : item.end]
        share = item.shares[0].value if item.shares else None
        whole = item.share_of or item.whole
        return Claim(
            block_no=self.block.no,
            char_start=item.start,
            char_end=item.end,
            section_no=self.block.section_no,
            sentence=self.block.text[start:end],
            subject=item.subject,
            raw=raw,
            value=Decimal(0) if isinstance(source, Zero) else source.value,
            unit=item.unit,
            share_percent=share,
            approximate=not isinstance(source, Zero) and self._is_approximate(source),
            indicator=sense.indicator,
            mapping=sense.mapping,
            kind=kind,
            period=period,
            zero_in_words=zero,
            whole_start=whole.start if whole is not None else None,
            last_digit=Decimal(1) if isinstance(source, Zero) else self._last_digit(source),
        )

    def _is_approximate(self, quantity: Quantity) -> bool:
        before = self.text[max(0, quantity.start - 4) : quantity.start].rstrip()
        after = self.text[quantity.end : quantity.end + 2]
        rough = cue_at_end("rough_before").search(before) or cue("rough_after").match(after)
        return quantity.rough or quantity.ranged or bool(rough)

    def _last_digit(self, quantity: Quantity) -> Decimal:
        """What the last printed digit is worth; of a rough number, the last that is no zero: 100 in 2500余."""
        if not self._is_approximate(quantity) or quantity.value == 0:
            return quantity.digit
        digits = quantity.value.normalize().as_tuple()
        return max(quantity.digit, Decimal(1).scaleb(int(digits.exponent)))
