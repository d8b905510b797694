"""Numbers of a sentence: which of its digits count something, and what exactly is printed.

By pattern, before any word is cut: a number is a claim when a counter stands with it (`103件`, `3.97万条`, `十二次`), a
sign of per cent (`27.2%`, `百分之九十`) or a scale (`12.6万`); a bare one only where it stands in a list of such
numbers. Dates, ordinals, numbers of documents and telephones have no counter, and so are none.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from string import ascii_letters
from typing import Literal, NamedTuple

from corpus.tables import read_table
from corpus.units import SCALES
from parsers.numbers import chinese_number

_ONE = Decimal(1)
_FACTORS = {scale: Decimal(10) ** power for scale, power in SCALES.items()}
# More digits than any count or amount of a report has: such a run is several that were joined, or no number.
_MAX_DIGITS = 15
_LONGEST_NUMERAL = 45

# Both begin with a set of characters, which `re` looks for several times as fast as for anything else. No match can
# begin within a run of digits: the last alternative takes every run to its end.
_D = "0-9０-９"
_DIGITS = re.compile(
    rf"[{_D}](?:[{_D}]{{0,2}}+(?:[,，][{_D}]{{3}}(?![{_D}]))++(?:[.．][{_D}]++)?+"
    rf"|[{_D}]{{0,2}}+(?:[ \u00a0\u2009\u3000][{_D}]{{3}}(?![{_D}]))++(?:[.．][{_D}]++)?+"
    rf"|[{_D}]*+(?:[.．][{_D}]++)?+)"
)
_N = "零〇○一二两三四五六七八九十百千万亿"
_NUMERALS = re.compile(rf"[{_N}][{_N}]*+(?:点[零〇○一二三四五六七八九]++)?+")
_OF_HUNDRED = re.compile(
    rf"百分之([零〇○一二两三四五六七八九十百]++(?:点[零〇○一二三四五六七八九]++)?+|[{_D}]++(?:[.．][{_D}]++)?+)"
)
# `1` of `2 1件`, `23` of `1,23件`: with one of these between them, a digit before it belongs to the same run.
_TORN = frozenset(" \u00a0,，.．\n")
_DIGIT = frozenset("0123456789０１２３４５６７８９")
_LATIN = frozenset(f"{ascii_letters}×*/+＋#_=@&~^$¥￥")
_RANGE = re.compile(r"\s?(?:[-－—–~～]{1,2}|至|到)\s?")
_PURE_STEPS = frozenset("十百千万亿")
_END = re.compile(r"\s?(?:[，,；;。、（()）！]|$)|左右|以上|不等")
# 办结一项、核销一项 is a manner of work (one by one); a list of things that were done goes on with a comma.
_END_OF_ONE = re.compile(r"\s?(?:[，,；;。（()）！]|$)")
# 三大板块: a noun of two characters in place of a counter.
_BIG = re.compile(r"大([\u4e00-\u9fff]{2})")
_FEW = frozenset("两三四五六七八九十")
# Before a numeral these make an ordinal, a name or a rhythm of it: 第三, 每两次, 十四五, 统一, 同一, 星期二.
_NO_COUNT = frozenset("第每统同任某另唯专逐进初首期周之")
_NOUN_BEFORE_ONE = re.compile(r"[\u4e00-\u9fff]{2}(?<![在每跑办再又这那哪首上下前后近年月季度天日周无不])$")

_ONE_BY_ONE = re.compile(r"一([\u4e00-\u9fff]{1,2})、[\u4e00-\u9fff]{2,4}$")
_LONGEST_PAIR = 9

Kind = Literal["count", "money", "foreign", "percent", "growth", "duration", "score", "tenth", "bare"]


class Quantity(NamedTuple):
    """One printed number with its counter: `value` scaled, `unit` as printed without its scale (元 for money).

    `digit` is what one unit of the last printed digit is worth; `rough` that 余 or 多 makes it no exact number;
    `ranged` that it is one end of a range.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    kind: Kind
    digit: Decimal
    rough: bool
    ranged: bool = False


def find_quantities(text: str) -> list[Quantity]:
    """Numbers of a text in order; `text` has its names blotted out (`parsers.sentences.masked`).

    >>> [(q.value, q.unit) for q in find_quantities("发布3.97万条,占27.2%,参训2500余人,先后两次检查")]
    [(Decimal('39700'), '条'), (Decimal('27.2'), '%'), (Decimal('2500'), '人'), (Decimal('2'), '次')]
    """
    found = _with_digits(text)
    more = _percents(text)
    if numerals := _with_numerals(text):
        taken = [(q.start, q.end) for q in (*found, *more)]
        more += [q for q in numerals if not any(a < q.end and q.start < b for a, b in taken)]
    return sorted((*found, *more)) if more else found


def _plain(value: Decimal) -> Decimal:
    """39700, neither 39700.00 nor 3.97E+4."""
    if value.same_quantum(_ONE):
        return value
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    return Decimal(format(value.normalize(), "f"))


@dataclass(frozen=True, slots=True)
class _Counters:
    """What may follow a number, and which kind of quantity each counter makes."""

    after: re.Pattern[str]
    kinds: dict[str, Kind]
    firsts: frozenset[str]  # what may follow a numeral, by its first character


@cache
def _counters() -> _Counters:
    rows = read_table("counters.csv")
    kinds: dict[str, Kind] = {row["counter"]: row["kind"] for row in rows}  # type: ignore[misc]
    patterns = {}
    for row in rows:
        pattern = re.escape(row["counter"]).replace(r"\(", "[（(]").replace(r"\)", "[）)]")
        patterns[row["counter"]] = pattern + (f"(?!{row['not_before']})" if row["not_before"] else "")
    words = "|".join(patterns[name] for name in sorted(patterns, key=len, reverse=True))
    scales = "|".join(sorted(SCALES, key=len, reverse=True))
    after = re.compile(
        rf"\s?(?:(?P<percent>[%％‰])|(?P<more>余|多|来)?(?P<scale>{scales})?(?P<more2>余|多|[+＋])?\s?(?P<counter>{words})?)"
    )
    firsts = {character for name in (*kinds, *SCALES) for character in (name[0], name[0].replace("(", "（"))}
    return _Counters(after, kinds, frozenset(firsts | set("余多来+＋大")))


def _with_digits(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    low: re.Match[str] | None = None  # the lower end of a range: its counter stands at the upper end
    for match in _DIGITS.finditer(text):
        quantity = _one(text, match)
        if quantity is None:
            low = None
            continue
        is_range = low is not None and bool(_RANGE.fullmatch(text, low.end(), match.start()))
        if low is not None and is_range and quantity.kind not in ("bare", "percent"):
            found[-1:] = _ends(low, match, quantity)
        else:
            found.append(quantity)
        low = match if quantity.kind == "bare" and not is_range else None
    return found


def _ends(low: re.Match[str], high: re.Match[str], quantity: Quantity) -> list[Quantity]:
    """Both ends of `3至5件`: the first has the scale and the unit of the second."""
    number, upper = _number(low.group()), _number(high.group())
    if number is None or upper is None:
        return []
    factor = quantity.digit / upper[1]
    first = quantity._replace(
        start=low.start(), end=low.end(), value=_plain(number[0] * factor), digit=_plain(number[1] * factor)
    )
    return [first._replace(ranged=True), quantity._replace(ranged=True)]


def _one(text: str, match: re.Match[str]) -> Quantity | None:
    """The quantity that begins with these digits; of kind `bare` where no counter follows; None for no quantity."""
    start, end = match.span()
    last, last_but_one = text[start - 1 : start], text[start - 2 : start - 1] if start > 1 else ""
    if last in _LATIN or (last in _TORN and last_but_one in _DIGIT):
        return None
    if last == "第" or (last_but_one == "第" and last.isspace()):
        return None
    number = _number(match.group())
    if number is None or text[end : end + 1] in _LATIN:
        return None
    value, place = number
    after = _after(text, end)
    if percent := after["percent"]:
        sign = last_but_one != "" and last in "-－−" and not last_but_one.isdigit() and last_but_one not in "-－−"
        value = _plain(-value) if sign else value
        return Quantity(start - sign, after.end(), value, "‰" if percent == "‰" else "%", "percent", place, rough=False)
    return _counted(text, start, value, place, after)


def _after(text: str, end: int) -> re.Match[str]:
    """What follows the digits or the numeral that ends here; the pattern also matches nothing at all."""
    after = _counters().after.match(text, end)
    assert after is not None
    return after


def _counted(text: str, start: int, value: Decimal, place: Decimal, after: re.Match[str]) -> Quantity | None:
    """The quantity with its scale and counter; `after` is what follows the digits or the numeral."""
    more, scale, more_yet, counter = after.group("more", "scale", "more2", "counter")
    rough = bool(more or more_yet)
    if scale:
        value, place = _plain(value * _FACTORS[scale]), _plain(place * _FACTORS[scale])
    if counter:
        unit = counter.replace("（", "(").replace("）", ")")
        kind = _counters().kinds[unit]
        if kind == "tenth":
            return Quantity(start, after.end(), _plain(value * 10), "%", "percent", _plain(place * 10), rough)
        return Quantity(start, after.end(), value, unit, kind, place, rough)
    end = after.start()
    if scale:
        end = after.end("more2") if more_yet else after.end("scale")
        return Quantity(start, end, value, "", "count", place, rough) if _ends_here(text, end) else None
    if rough or not (_ends_here(text, end) or text.startswith("占", end) or _RANGE.match(text, end)):
        return None
    return Quantity(start, end, value, "", "bare", place, rough=False)


def _ends_here(text: str, end: int) -> bool:
    return bool(_END.match(text, end))


def _percents(text: str) -> list[Quantity]:
    """Shares in words: 百分之九十, 百分之98.5."""
    found = []
    for match in _OF_HUNDRED.finditer(text):
        printed = "一百" if match[1] == "百" else match[1]
        value = chinese_number(printed) if _NUMERALS.match(printed) else _value(printed)
        if value is not None:
            found.append(Quantity(*match.span(), _plain(value), "%", "percent", _place(match[1]), rough=False))
    return found


def _with_numerals(text: str) -> list[Quantity]:
    """Numbers in Chinese numerals: only with a counter, for 一, 三 and 万 stand in many a word."""
    found = []
    firsts = _counters().firsts
    for match in _NUMERALS.finditer(text):
        start, end = match.span()
        following = text[end : end + 1]
        if following not in firsts and not following.isspace():
            continue
        before = text[max(0, start - 3) : start].rstrip()
        numeral = match.group()
        value = _numeral_value(numeral, before)
        if value is None or before[-1:] in _NO_COUNT or before[-1:].isdigit():
            continue
        after = _after(text, end)
        big = _BIG.match(text, end) if numeral in _FEW else None
        if big:
            found.append(Quantity(start, big.end(), value, big[1], "count", _ONE, rough=False))
        elif after["counter"] and (numeral != "一" or _is_one(text, before, after)):
            quantity = _counted(text, start, value, _ONE, after)
            if quantity is not None:
                found.append(quantity._replace(rough=quantity.rough or (_is_pure(numeral) and numeral != "十")))
    return found


def _numeral_value(numeral: str, before: str) -> Decimal | None:
    """The number that a numeral counts; None for 三五 (three to five), 数十, 二 (an ordinal: a count is 两)."""
    if numeral == "二" or not numeral.strip("零〇○") or len(numeral) > _LONGEST_NUMERAL:
        return None
    if _is_pure(numeral):
        if before.endswith(("数", "几", "成", "好")):
            return None
        if numeral != "十" and not before.endswith(("近", "约", "上", "超", "达", "过", "逾")):
            return None
        return chinese_number("一" + numeral if numeral != "十" else numeral)
    if len(numeral) > 1 and "点" not in numeral and not any(step in numeral for step in _PURE_STEPS):
        return None
    return chinese_number(numeral)


def _is_pure(numeral: str) -> bool:
    return set(numeral) <= _PURE_STEPS


def _is_one(text: str, before: str, after: re.Match[str]) -> bool:
    """一 counts after its noun (讲座一场，) or after 共; before it, it is an article (一项工作)."""
    if before.endswith(("共", "仅")):
        return True
    if after["counter"] == "起" and before[-1:] not in "案件诉议故":  # 连在一起
        return False
    if not _END_OF_ONE.match(text, after.end()) or not _NOUN_BEFORE_ONE.search(before):
        return False
    at = after.start()
    pair = _ONE_BY_ONE.search(text, max(0, at - _LONGEST_PAIR), at - 1)
    return pair is None or pair[1] != after["counter"]


@lru_cache(maxsize=4096)
def _number(digits: str) -> tuple[Decimal, Decimal] | None:
    """The number that is printed, and what one unit of its last digit is worth; None where no count is so long."""
    value = _value(digits)
    return None if value is None else (_plain(value), _plain(_place(digits)))


def _value(digits: str) -> Decimal | None:
    whole, _, decimals = _folded(digits).partition(".")
    if len(whole) > _MAX_DIGITS or len(decimals) > _MAX_DIGITS:
        return None
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _place(digits: str) -> Decimal:
    """What one unit of the last digit is worth: 0.01 in 3.97, 1 in 16."""
    return Decimal(1).scaleb(-len(_folded(digits).replace("点", ".").partition(".")[2]))


def _folded(digits: str) -> str:
    if digits.isascii() and digits.isdigit():
        return digits
    return unicodedata.normalize("NFKC", digits).replace(",", "").replace(" ", "")
