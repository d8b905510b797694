"""The clauses of a sentence: which words go with which number, and which number is a part of which.

One `Item` for each number or zero in words, in order: its own words (since the last comma), what follows it, the item
that it is a part of, and the count that a share belongs to.
"""

import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import NamedTuple

from corpus.words import cut
from parsers.claim_meanings import family
from parsers.cues import bare, cue, without_links
from parsers.quantities import Quantity
from parsers.zeros import Zero

_STOP = re.compile(r"[，,；;：:。！？（(）)]")
_LIST = re.compile(r"[、和与及或]|以及|或者")
# 及时 and 与会 are words of their own.
_LEADING_LIST = re.compile(r"^[\s\x00]*(?:以及|或者|、|和(?!谐)|与(?!会|此)|及(?!时|其)|或(?!许))*[\s\x00]*")
_REMARK = re.compile(r"[（(][^（()）]{0,40}+[）)]")
_CLOSING = re.compile(r"^\s?[，,；;：:]?\s?$")
_CHARACTERS = 80
"""Characters of a clause that are looked at before a number: longer ones are whole sentences without a comma."""
_NOUN_STOPS = frozenset("的并且而对将把被在为是已均可未不也都更还进向从由于按经")
_LONGEST_NOUN = 20
_OF_COUNTS = ("count", "bare")


@dataclass(slots=True)
class Item:
    """A number with its words. `start` and `end` are its place in the block.

    `is_count` says that it counts things: it is no share, no rate, no sum of money.
    """

    start: int
    end: int
    source: Quantity | Zero
    unit: str  # its counter as printed
    is_count: bool
    own: str = ""
    tail: str = ""
    clause: int = 0
    before_clause: str = ""
    in_list: bool = False
    carried: str = ""
    whole: "Item | None" = None
    indicator: str = ""
    subject: str = ""
    share_of: "Item | None" = None
    shares: list[Quantity] = field(default_factory=list)

    @property
    def is_restated(self) -> bool:
        """Whether the number is only named again, to speak of its parts (1913条政府信息中，…)."""
        return bool(self.tail) and _is_locative(self.tail.rstrip()[-1:])

    @property
    def is_difference(self) -> bool:
        """Whether the number tells how much more or less there was: 比上年增加15件."""
        return told(self.own).difference


class Told(NamedTuple):
    """What the words before a number tell by themselves.

    `last` are those since the number before, `counted` all of them without what only leads over to the number, `verb`
    the last verb of a list ('' for none); `difference` says that the number tells how much more or less there was.
    """

    last: str
    counted: str
    verb: str
    difference: bool


# Reports say the same in the same words: what hangs on the words alone is kept for the next number that has them.
@lru_cache(maxsize=8192)
def told(own: str) -> Told:
    """What words before a number tell, whatever number and report they stand with."""
    last = own.rsplit("#", 1)[-1]
    difference = cue("difference").search(last) and (cue("growth").search(last) or cue("more").search(last))
    verbs = cue("verb").findall(own)
    return Told(last, without_links(bare(own)), verbs[-1] if verbs else "", bool(difference))


@cache
def _is_locative(character: str) -> bool:
    return bool(cue("locative").fullmatch(character))


def read_items(text: str, start: int, end: int, found: list[Quantity | Zero], main: Item | None) -> list[Item]:
    """Items of the sentence `text[start:end]`; `main` is the count that the sentence before ended with."""
    items = [Item(one.start, one.end, one, one.unit, isinstance(one, Zero) or one.kind in _OF_COUNTS) for one in found]
    scopes = _Scopes(main)
    carried = ""
    before: Item | None = None
    for i, item in enumerate(items):
        gap_start = before.end if before is not None else start
        stop = items[i + 1].start if i + 1 < len(items) else end
        if isinstance(item.source, Quantity):
            _take_words(item, text, start, gap_start, before)
            item.tail = _tail(text, item.end, min(stop, end))
        else:
            item.own, item.clause = bare(item.source.lead), item.start - len(item.source.lead)
        scopes.pass_gap(text[gap_start : item.start], before)
        verb = told(item.own).verb
        item.carried = "" if verb else carried
        carried = verb or carried
        if item.is_count or (isinstance(item.source, Quantity) and item.source.kind == "money"):
            item.whole = scopes.whole(item)
        before = item
    if any(isinstance(one, Quantity) and one.kind == "percent" for one in found):
        _join_shares(text, items)
    return items


def phrases(item: Item, text: str, end: int) -> tuple[str, ...]:
    """The words that a rule is held against, the number as `#`: the clause, and what it may lack.

    A list goes on with its first verb (主动公开规章13件，规范性文件60件); an outcome may stand in two clauses
    (没有现成信息，需要另行制作2件; 2件按规定延长期限，转入下年答复).
    """
    if isinstance(item.source, Zero):
        zero, lead, thing = item.source, bare(item.source.lead), bare(item.source.object)
        if not zero.verb or zero.verb in ("存在", "发现", "被"):
            return (f"{lead}{thing}#",)
        return (f"{lead}{zero.verb}{thing}#", f"{lead}{thing}#")
    own = told(item.own).counted
    tail = bare(item.tail)
    if item.is_restated:
        tail = tail[:-1]
    found = [f"{own}#{tail}"]
    head, number, last = own.rpartition("#")
    if number and cue("came_to").fullmatch(last):
        found.append(f"{_CAME_FROM.sub('', head.split('#')[0])}#{tail}")
    if item.carried:
        found.append(f"{item.carried}{own}#{tail}")
    named = item.whole is not None and not item.whole.indicator and "公开" in f"{own}{tail}"
    if named and (case := _case(item.whole)):
        # 行政复议案件45件，其中涉及政府信息公开的2件; 其中2件涉及政府信息公开
        found.append(f"{own}#{tail}{case}" if "公开" in tail else f"{own}{case}#{tail}")
    if tail:
        more = _NEXT_CLAUSE.match(text, item.end, min(end, item.end + _CHARACTERS))
        if more:
            found.append(f"{own}#{tail}{bare(more[1])}")
    elif item.before_clause:
        found.append(f"{item.before_clause}{own}#")
    return tuple(found)


def join_whole(item: Item, known: dict[str, Item], wholes: frozenset[str], *, total: bool) -> None:
    """Settle what a number is a part of once its meaning is known.

    A total is no part of another (收到27件，其中网上16件；答复25件), a review is none of the requests, and a part may
    have no 其中 (收到申请81件，涉及自然人80件). `known` are the last counts of the sentence by their indicator.
    """
    if item.whole is not None:
        one, other = family(item.indicator), family(item.whole.indicator)
        apart = bool(one) and one != other and max(one, other) >= _FIRST_FAMILY_OF_CASES
        if not other and _case(item.whole):  # of 45 reviews 2 were of disclosure: the 45 have no indicator
            apart = apart and _case(item)[:4] not in ("", _case(item.whole)[:4])
        if apart or (total and bool(item.indicator) and bool(item.whole.indicator)):
            item.whole = None
    elif wholes and (candidates := [known[indicator] for indicator in wholes if indicator in known]):
        whole = max(candidates, key=lambda one: one.start)
        value = item.source.value if isinstance(item.source, Quantity) else 0
        large = isinstance(whole.source, Quantity) and whole.source.value >= value
        if large and whole.unit == item.unit:
            item.whole = whole


def _case(item: Item | None) -> str:
    """行政复议案件 or 行政诉讼案件, where the item counts them; '' otherwise."""
    found = _CASE.search(f"{item.own}{item.tail}") if item is not None else None
    return found.group() if found else ""


def _take_words(item: Item, text: str, start: int, gap_start: int, before: Item | None) -> None:
    """The item's own words: what stands between the last stop, or the last number of a list, and the number."""
    at = max(start, gap_start, item.start - _CHARACTERS)
    gap = text[at : item.start]
    plain = _REMARK.sub(lambda match: "\x00" * len(match.group()), gap) if "（" in gap or "(" in gap else gap
    stops = [match.end() for match in _STOP.finditer(plain)]
    if stops or before is None or at > gap_start:
        cut_at = stops[-1] if stops else 0
        item.own, item.clause = plain[cut_at:].lstrip("、 \x00"), at + cut_at
        item.own = item.own.replace("\x00", "")
        if len(stops) > 1 and stops[-1] - stops[-2] <= _LONGEST_NOUN:
            item.before_clause = bare(plain[stops[-2] : stops[-1] - 1])
        return
    words = _LEADING_LIST.sub("", plain)
    item.clause, item.in_list = before.clause, True
    if plain.rstrip("\x00 ").endswith(("、", "和", "及")):
        item.own = ""  # 1名分管领导、3名专职人员: the noun between is that of the number before
    elif len(words) < len(plain.strip()) or not words:
        item.own = words.replace("\x00", "")  # the next of a list
    else:
        item.own = f"{before.own}#{words}".replace("\x00", "")[-_CHARACTERS:]


def _tail(text: str, at: int, stop: int) -> str:
    end = min(stop, at + _CHARACTERS)
    found = _STOP.search(text, at, end)
    tail = text[at : found.start() if found else end]
    return tail.split("、", 1)[0]


@cache
def _signs_of_parts() -> re.Pattern[str]:
    return re.compile(rf"{cue('part').pattern}|（|\(|\)|）|：|:")  # a choice of literals is found faster than a set


class _Scopes:
    """Which whole the parts that follow belong to."""

    def __init__(self, main: Item | None) -> None:
        self.last = main  # the count that a 其中 would open
        self.open: list[tuple[int, Item]] = []  # depth of brackets and whole, the innermost last
        self.depth = 0
        self.outside: list[Item | None] = []  # the last count before each open bracket: 1499件（含结转30件），其中…

    def pass_gap(self, gap: str, before: Item | None) -> None:
        """Take note of what the words between two numbers open and close."""
        counted = before if before is not None and before.is_count and not before.is_difference else None
        self.last = counted or self.last
        for match in _signs_of_parts().finditer(gap):
            sign = match.group()
            at_once = counted is not None and not gap[: match.start()].strip("\x00 ")
            if sign in "（(":
                self.depth += 1
                self.outside.append(self.last)
                if at_once:
                    self._add(counted)
            elif sign in "）)":
                self.depth = max(0, self.depth - 1)
                self.last = self.outside.pop() if self.outside else self.last
                while self.open and self.open[-1][0] > self.depth:
                    self.open.pop()
            elif sign in "：:":
                if at_once:
                    self._add(counted)
            elif "分别" in gap and counted is not None and counted.in_list:
                self.open = []  # 复议13件、诉讼8件，其中纠正的分别为3件和1件: each is a part of its own
            else:
                self._add(self.last)
        if counted is not None and counted.is_restated:
            self._add(counted)

    def _add(self, whole: Item | None) -> None:
        """Open a whole; one of the same depth ends: 其中 after 其中 parts another number."""
        if whole is None:
            return
        while self.open and self.open[-1][0] >= self.depth:
            self.open.pop()
        self.open.append((self.depth, whole))

    def whole(self, item: Item) -> Item | None:
        if not self.open:
            return None
        whole = self.open[-1][1]
        same = whole.unit == item.unit or "" in (whole.unit, item.unit)
        return whole if same and whole is not item else None


# 行政复议由上年的3件降为1件: the second number is of what the first is of.
_CAME_FROM = re.compile(r"(?:由|从)[^#]*$")
_CASE = re.compile(r"行政(?:复议|诉讼|应诉)(?:案件)?")
_NEXT_CLAUSE = re.compile(r"[^，,；;。：:、]*[，,]([^，,；;。：:、0-9０-９]{2,20})(?=[，,；;。])")
_FIRST_FAMILY_OF_CASES = 8
# What may stand between a count and its share: `，占27.2%`, `（64.1%）`, `，约占申请总数的66%`.
_TO_SHARE = re.compile(
    r"\s?[，,；;、（(]?\s?(?:分别|各|约|均)*占[^，,；;。：:、]{0,20}?(?:的|为|约|近|比|到|达|超过|超)*\s?"
)
_BRACKET = re.compile(r"\s?[（(]\s?(?:占比?为?[：:]?)?\s?")
_SHARE_AFTER = re.compile(r"\s?的?占")


def _join_shares(text: str, items: list[Item]) -> None:
    """Give each share to the count that it is a share of."""
    counts: list[Item] = []
    waiting: list[Item] = []  # shares that 分别占 gives to as many counts
    before: Item | None = None
    for item in items:
        source = item.source
        gap = text[before.end : item.start] if before is not None else ""
        if isinstance(source, Zero) or source.kind != "percent":
            _share_out(waiting, counts)
            waiting = []
            if item.is_count:
                counts.append(item)
        elif before is not None and before.is_count and _is_share(text, gap, item):
            item.share_of = before
            waiting = [item] if "分别" in gap else []
        elif waiting and _LIST.fullmatch(gap.strip() or "、"):
            waiting.append(item)
        else:
            _share_out(waiting, counts)
            waiting = []
        before = item
    _share_out(waiting, counts)
    for item in items:
        if item.share_of is not None and isinstance(item.source, Quantity):
            item.share_of.shares.append(item.source)


def _share_out(shares: list[Item], counts: list[Item]) -> None:
    if 1 < len(shares) <= len(counts):
        for share, count in zip(shares, counts[-len(shares) :], strict=True):
            share.share_of = count


def _is_share(text: str, gap: str, item: Item) -> bool:
    if _BRACKET.fullmatch(gap) or _TO_SHARE.fullmatch(gap):
        return True
    return bool(_CLOSING.fullmatch(gap)) and bool(_SHARE_AFTER.match(text, item.end))


@lru_cache(maxsize=8192)
def noun_after(tail: str) -> str:
    """What a number counts, where the words follow it: 27家 + 企业和行业协会对海关立法… → 企业和行业协会."""
    taken = ""
    for word in cut(tail.removeprefix("的")[: 2 * _LONGEST_NOUN]):
        if word in _NOUN_STOPS or len(taken) + len(word) > _LONGEST_NOUN or not word.strip():
            break
        taken += word
    return taken
