"""Numbers of a sentence: which of its digits count something, and what exactly is printed.

By pattern, before any word is cut: a number is a claim when a counter stands with it (`103件`, `3.97万条`, `十二次`), a
sign of per cent (`27.2%`, `百分之九十`) or a scale (`12.6万`); a bare one only where it stands in a list of such
numbers. Dates, ordinals, numbers of documents and telephones have no counter, and so are none.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Literal, NamedTuple

from corpus.tables import read_table
from corpus.units import SCALES
from parsers.numbers import chinese_number

# More digits than any count or amount of a report has: such a run is several that were joined, or no number.
_MAX_DIGITS = 15
_LONGEST_NUMERAL = 45

_D = "0-9０-９"
_DIGITS = re.compile(
    rf"(?<![{_D}])(?:[{_D}]{{1,3}}+(?:[,，][{_D}]{{3}}(?![{_D}]))++(?:[.．][{_D}]++)?+"
    rf"|[{_D}]{{1,3}}+(?:[ \u00a0\u2009\u3000][{_D}]{{3}}(?![{_D}]))++(?:[.．][{_D}]++)?+"
    rf"|[{_D}]++(?:[.．][{_D}]++)?+)"
)
_NUMERALS = re.compile(r"[零〇○一二两三四五六七八九十百千万亿]++(?:点[零〇○一二三四五六七八九]++)?+")
_OF_HUNDRED = re.compile(
    rf"百分之([零〇○一二两三四五六七八九十百]++(?:点[零〇○一二三四五六七八九]++)?+|[{_D}]++(?:[.．][{_D}]++)?+)"
)
# `12` of `3-12件`, of `2 1件`, of `1,23件`: a digit before it belongs to the same run.
_TORN = re.compile(rf"[{_D}][ \u00a0,，.．]?$")
_LATIN = re.compile(r"[A-Za-z×*/+＋#_=@&~^$¥￥]")
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
    found = [*_percents(text), *_with_digits(text)]
    if _NUMERALS.search(text):
        taken = [(q.start, q.end) for q in found]
        found += [q for q in _with_numerals(text) if not any(a < q.end and q.start < b for a, b in taken)]
    return [q._replace(value=_plain(q.value), digit=_plain(q.digit)) for q in sorted(found)]


def _plain(value: Decimal) -> Decimal:
    """39700, neither 39700.00 nor 3.97E+4."""
    if value == value.to_integral_value():
        return value.quantize(Decimal(1))
    return Decimal(format(value.normalize(), "f"))


@dataclass(frozen=True, slots=True)
class _Counters:
    """What may follow a number, and which kind of quantity each counter makes."""

    after: re.Pattern[str]
    kinds: dict[str, Kind]


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
    return _Counters(after, kinds)


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
    value = _value(low.group())
    if value is None:
        return []
    factor = quantity.digit / _place(high.group())
    first = quantity._replace(
        start=low.start(), end=low.end(), value=value * factor, digit=_place(low.group()) * factor
    )
    return [first._replace(ranged=True), quantity._replace(ranged=True)]


def _one(text: str, match: re.Match[str]) -> Quantity | None:
    """The quantity that begins with these digits; of kind `bare` where no counter follows; None for no quantity."""
    start, end = match.span()
    before = text[max(0, start - 2) : start]
    if _TORN.search(before) or _LATIN.search(before[-1:]) or before.rstrip().endswith("第"):
        return None
    value = _value(match.group())
    after = _counters().after.match(text, end)
    if value is None or after is None or _LATIN.match(text, end):
        return None
    if after["percent"]:
        sign = len(before) == 2 and before[1] in "-－−" and not before[0].isdigit() and before[0] not in "-－−"
        value = -value if sign else value
        unit = "‰" if after["percent"] == "‰" else "%"
        return Quantity(start - sign, after.end(), value, unit, "percent", _place(match.group()), rough=False)
    return _counted(text, start, value, _place(match.group()), after)


def _counted(text: str, start: int, value: Decimal, place: Decimal, after: re.Match[str]) -> Quantity | None:
    """The quantity with its scale and counter; `after` is what follows the digits or the numeral."""
    factor = Decimal(10) ** SCALES.get(after["scale"] or "", 0)
    rough = bool(after["more"] or after["more2"])
    if after["counter"]:
        unit = after["counter"].replace("（", "(").replace("）", ")")
        kind = _counters().kinds[unit]
        if kind == "tenth":
            return Quantity(start, after.end(), value * 10 * factor, "%", "percent", place * 10 * factor, rough)
        return Quantity(start, after.end(), value * factor, unit, kind, place * factor, rough)
    end = after.start()
    if after["scale"]:
        end = after.end("more2") if after["more2"] else after.end("scale")
        return (
            Quantity(start, end, value * factor, "", "count", place * factor, rough) if _ends_here(text, end) else None
        )
    if rough or not (_ends_here(text, end) or text.startswith("占", end) or _RANGE.match(text, end)):
        return None
    return Quantity(start, end, value, "", "bare", place, rough=False)


def _ends_here(text: str, end: int) -> bool:
    return bool(_END.match(text, end))


def _percents(text: str) -> list[Quantity]:
    """Shares in words: 百分之九十, 百分之98.5."""
    found = []
    for match in _OF_HUNDRED.finditer(text):
        value = chinese_number(match[1].replace("百", "一百")) if match[1] == "百" else _any_value(match[1])
        if value is not None:
            found.append(Quantity(*match.span(), value, "%", "percent", _place(match[1]), rough=False))
    return found


def _with_numerals(text: str) -> list[Quantity]:
    """Numbers in Chinese numerals: only with a counter, for 一, 三 and 万 stand in many a word."""
    found = []
    for match in _NUMERALS.finditer(text):
        start, end = match.span()
        before = text[max(0, start - 3) : start].rstrip()
        numeral = match.group()
        value = _numeral_value(numeral, before)
        after = _counters().after.match(text, end)
        if value is None or after is None or before[-1:] in _NO_COUNT or before[-1:].isdigit():
            continue
        big = _BIG.match(text, end) if numeral in _FEW else None
        if big:
            found.append(Quantity(start, big.end(), value, big[1], "count", Decimal(1), rough=False))
        elif after["counter"] and (numeral != "一" or _is_one(text, before, after)):
            quantity = _counted(text, start, value, Decimal(1), after)
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


def _any_value(digits: str) -> Decimal | None:
    return chinese_number(digits) if _NUMERALS.match(digits) else _value(digits)


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
