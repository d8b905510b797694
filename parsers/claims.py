"""Prose → claims: the numbers that sentences state, with their subject, unit and meaning.

Numbers are taken by pattern (`parsers.quantities`) and zeros in words by their negation (`parsers.zeros`); the words around
them say what they count (`parsers.clauses`) and, where a rule settles it, which indicator that is
(`parsers.claim_meanings`). Tables and page furniture give no claims.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from parsers.claim_meanings import NO_SENSE, Asked, Sense, family, meaning
from parsers.clauses import Item, noun_after, phrases, read_items
from parsers.cues import bare, cue, cue_at_end, is_neutral, periods, without_links
from parsers.quantities import Quantity, find_quantities
from parsers.records import Block, Claim, ClaimKind, Identity, Period, Section
from parsers.sentences import in_simplified, is_traditional, sentences, unlisted, unnamed
from parsers.zeros import Zero, find_zeros

_ROLES = ("body", "heading", "preamble")
_SIGNS = re.compile(r"[0-9０-９一二两三四五六七八九十百千万亿未没無无零不]")
_CLAUSE = 40
_RANK = re.compile(r"前\s?$")
_RANKED = frozenset("名位强家")
_MONEY = "元"


class _Place(NamedTuple):
    """Where a sentence stands: its section's kind and title."""

    section: str
    title: str


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
    places = {section.section_no: _Place(section.canonical, section.title) for section in sections}
    texts = [block for block in blocks if block.role in _ROLES and block.text and _SIGNS.search(block.text)]
    traditional = is_traditional([block.text for block in texts])
    claims: list[Claim] = []
    for block in texts:
        place = places.get(block.section_no, _Place("", "")) if block.section_no is not None else _Place("", "")
        text = in_simplified(block.text) if traditional else block.text
        claims += _Reader(block, text, identity, place, form_ids).read()
    return tuple(claims)


class _Reader:
    """Reads one block."""

    def __init__(
        self, block: Block, text: str, identity: Identity, place: _Place, form_ids: tuple[str, ...]
    ) -> None:
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
        kept = [q for i, q in enumerate(quantities) if self._is_stated(q, i, quantities, start)]
        zeros = find_zeros(self.named, start, end, self.place.title if self._is_bare_section() else "")
        taken = [(q.start, q.end) for q in kept]
        zeros = [z for z in zeros if not any(a < z.end and z.start < b for a, b in taken)]
        return sorted([*kept, *zeros], key=lambda one: one.start)

    def _is_bare_section(self) -> bool:
        return self.place.section in ("review_litigation", "fees")

    def _is_stated(self, quantity: Quantity, i: int, quantities: list[Quantity], start: int) -> bool:
        """Whether a number is one that the report states: no length of time, rhythm, rank or list number."""
        before = self.text[max(start, quantity.start - _CLAUSE) : quantity.start]
        clause = re.split(r"[，,；;：:。]", before)[-1]
        if quantity.kind == "duration":
            return bool(cue("average").search(clause))
        if quantity.kind == "score":
            return bool(cue("score").search(clause))
        if cue_at_end("clicks").search(before.rstrip()) or cue_at_end("rhythm").search(before):
            return False
        if quantity.unit in _RANKED and _RANK.search(before):
            return False
        if quantity.kind == "bare":
            return self._is_listed(clause, quantity, quantities[i - 1 : i] + quantities[i + 1 : i + 2])
        return True

    def _is_listed(self, clause: str, quantity: Quantity, neighbours: list[Quantity]) -> bool:
        """Whether a number without counter stands in a list of counted ones: 部分公开67，占4.61%."""
        words = without_links(bare(clause))
        if not cue_at_end("bare").search(words):
            return False
        near = [q for q in neighbours if abs(q.start - quantity.end) <= _CLAUSE or abs(quantity.start - q.end) <= _CLAUSE]
        return any(q.kind in ("count", "percent") for q in near)

    def _sentence(self, found: list[Quantity | Zero], start: int, end: int) -> list[Claim]:
        items = read_items(self.text, start, end, found, self.main)
        times = periods(self.text, start, end, self.identity.report_year)
        claims = [self._claim(item, items[:i], times, start, end) for i, item in enumerate(items)]
        mains = [item for item in items if item.is_count and item.whole is None]
        self.main = mains[-1] if mains else None
        return [more for claim in claims for more in claim]

    def _claim(
        self, item: Item, before: list[Item], times: list[tuple[int, Period]], start: int, end: int
    ) -> list[Claim]:
        period = self._period(item, times, start)
        kind = self._kind(item)
        sense = NO_SENSE
        if kind in ("count", "amount"):
            sense = self._sense(item, before, times, period, kind, start, end)
            item.indicator = sense.indicator
            self._join_whole(item, before, sense)
        item.subject = self._subject(item, before, kind)
        return self._records(item, kind, period, sense, start, end)

    def _kind(self, item: Item) -> ClaimKind:
        source = item.source
        if isinstance(source, Zero):
            return "amount" if source.unit == _MONEY else "count"
        words = item.own + item.tail[:6]
        if source.kind == "percent":
            return "growth" if item.share_of is None and cue("growth").search(words) else "share"
        if source.kind == "growth":
            return "growth"
        if source.kind in ("money", "foreign"):
            return "amount"
        if cue("difference").search(item.own) and cue("growth").search(item.own):
            return "growth"
        return "count"

    def _period(self, item: Item, times: list[tuple[int, Period]], start: int) -> Period:
        period: Period = "year"
        for at, kind in times:
            if at <= item.start:
                period = kind
        clause = self.text[max(start, item.clause) : item.start]
        if period == "year" and "累计" in clause and not any(at <= item.start for at, _ in times):
            return "to_date"
        if self.place.section == "problems" and cue("future").search(self.text, start, item.start):
            return "other"
        return period

    def _sense(
        self,
        item: Item,
        before: list[Item],
        times: list[tuple[int, Period]],
        period: Period,
        kind: ClaimKind,
        start: int,
        end: int,
    ) -> Sense:
        source = item.source
        if isinstance(source, Quantity) and (source.ranged or cue("locative").search(item.tail[-1:])):
            return NO_SENSE
        anchor = next((other for other in reversed(before) if other.is_count and other.indicator), None)
        return meaning(
            Asked(
                phrases=phrases(item),
                unit=item.unit,
                kind="money" if kind == "amount" else "count",
                sentence=self.text[start:end],
                opening=bare(self.text[start : max(start, item.clause)]),
                section=self.place.section,
                title=self.place.title,
                period=period,
                dated=any(at <= item.start and known == "year" for at, known in times),
                whole=None if item.whole is None else item.whole.indicator,
                anchor=anchor.indicator if anchor is not None else "",
                identity=self.identity,
                form_ids=self.form_ids,
            )
        )

    def _join_whole(self, item: Item, before: list[Item], sense: Sense) -> None:
        """A part that no 其中 opens: 收到申请81件，涉及自然人80件; and none where the two count different things."""
        if item.whole is not None:
            one, other = family(item.indicator), family(item.whole.indicator)
            if one and one != other and (one >= 8 or other >= 8):
                item.whole = None
        elif sense.wholes:
            value = item.source.value if isinstance(item.source, Quantity) else Decimal(0)
            for other_item in reversed(before):
                if other_item.indicator in sense.wholes and other_item.unit == item.unit:
                    source = other_item.source
                    if isinstance(source, Quantity) and source.value >= value:
                        item.whole = other_item
                    break

    def _subject(self, item: Item, before: list[Item], kind: ClaimKind) -> str:
        if item.share_of is not None:
            return item.share_of.subject
        if isinstance(item.source, Zero):
            words = bare(item.source.object)
            return words if words else bare(item.source.raw)
        own = self._without_neutral(without_links(bare(item.own.rsplit("#", 1)[-1])))
        noun = noun_after(bare(item.tail)) if item.tail else ""
        words = own + noun if not own.endswith(noun) or not noun else own
        if not words or (own and not noun and cue("verb").fullmatch(own)):
            heir = next((other for other in reversed(before) if other.subject and other.is_count), None)
            inherited = heir.subject if heir is not None else self.place.title
            words = words + inherited if words and heir is None else words or inherited
        return words

    def _without_neutral(self, words: str) -> str:
        """The subject without the year, the body that speaks and the like before it."""
        for at in range(min(len(words) - 1, _CLAUSE), 0, -1):
            if is_neutral(words[:at], self.identity):
                return words[at:]
        return words

    def _records(
        self, item: Item, kind: ClaimKind, period: Period, sense: Sense, start: int, end: int
    ) -> list[Claim]:
        source = item.source
        zero = isinstance(source, Zero)
        raw = source.raw if isinstance(source, Zero) else self.block.text[item.start : item.end]
        share = item.shares[0].value if item.shares else None
        whole = item.share_of or item.whole
        claim = Claim(
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
        return [claim]

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

