"""Numbers: what a value cell says.

A cell is a number only if a careful reader would cite one from it. Blank, slash and dash stay what they are; a cell
that holds two numbers, a date or words is text. Nothing is rounded and nothing is repaired.
"""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from corpus.labels import LONGEST_LABEL
from corpus.units import unit_pattern
from parsers.records import Value

# More digits than any count or amount of a report has (the largest seen has 12): such a cell is several that ran
# together, or no number. decimal128(38, 10) of the dataset holds what is let through.
_MAX_DIGITS = 15
_MAX_DECIMALS = 10
# 九百九十九万九千九百九十九亿九千九百九十九万九千九百九十九 with ten decimals has 41 characters.
_LONGEST_NUMERAL = 45

_BLANK = Value("blank", None, "", "")
_SLASH = Value("slash", None, "", "")
_DASH = Value("dash", None, "", "")
_TEXT = Value("text", None, "", "")

_SPACE = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\u3000\ufeff]+")
_DASHES = re.compile(r"[-‐‑‒–—―−－─━﹣_ー]+")
_SLASHES = re.compile(r"[/／\\∕]+")
_OUTER_SPACE = re.compile(r"(?<!\d) | (?!\d)")
_SIGNS = str.maketrans({**dict.fromkeys("‐‑‒–—―−－﹣↓", "-"), "↑": "+"})
# Marks of a footnote at a number: `5*`, `31[2]`, `18①`, `12¹`. They go before widths are folded: ① would become 1.
_MARKS = re.compile(r"^[*＊※†‡]+|(?:[*＊※†‡①-⑳⑴-⒇⒈-⒛❶-❿➀-➓⁰¹²³⁴-⁹]|[\[〔【]\d{1,2}[\]〕】])+$")

# Thousands are parted by commas or, as GB/T 15835 has it, by blanks: `1 021`.
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?|\.\d+"
_NUMERALS = r"[零○〇一二两三四五六七八九十百千万亿]+(?:点[零○〇一二三四五六七八九]+)?"
_SCALE = r"(?:[十百千]?万亿?|亿|千|百)"
# `251000元`, `+3`, `--253`, `减8`, `约7700余条`, `22(其中修订16件)`, `3.3亿次`, `12.`
_PRINTED = re.compile(
    r"(?P<approx>约|近|超过|超|逾)?"
    r"(?P<sign>[-+]|--|增加|减少|增|减|净增|净减)?"
    rf"(?:(?P<digits>{_DIGITS})\.?(?P<more>余|多)?(?P<scale>{_SCALE})?|(?P<numerals>{_NUMERALS}))"
    r"(?P<more2>余|多)?"
    rf"(?P<unit>{unit_pattern()})?"
    r"(?P<rest>[(;:,].*)?",
)
_REMARK = re.compile(r"\(.*\)|[;:,]?(?:其中|含|包括).*")

_CHINESE_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_CHINESE_STEPS = {"十": 10, "百": 100, "千": 1000}


def parse_value(text: str, lines: int = 1) -> Value:
    r"""Read one value cell.

    `text` is the cell as printed; `lines` the number of its lines that hold a digit: a number broken over two lines
    cannot be told from two numbers, so such a cell is text.

    >>> parse_value("251000元")
    Value(state='number', value=Decimal('251000'), unit_raw='元', note='')
    >>> parse_value("22（其中修订 16 件）").value, parse_value("/").state, parse_value("\u3000").state
    (Decimal('22'), 'slash', 'blank')
    """
    # What has more characters is prose: it comes but once.
    return _known_value(text, lines) if len(text) <= LONGEST_LABEL else _known_value.__wrapped__(text, lines)


@lru_cache(maxsize=8192)
def _known_value(text: str, lines: int) -> Value:
    if text.isascii() and text.isdigit() and len(text) <= _MAX_DIGITS and lines == 1:
        return Value("number", Decimal(text), "", "")
    stripped = text.strip("\u00a0\u3000 \t\r\n\ufeff\u200b")
    if not _SPACE.sub("", stripped):
        return _BLANK
    if _SLASHES.fullmatch(stripped):
        return _SLASH
    if _DASHES.fullmatch(_SPACE.sub("", stripped)):
        return _DASH
    return _TEXT if lines > 1 else _parse_printed(stripped)


def chinese_number(text: str) -> Decimal | None:
    """The value of a number in Chinese numerals, or None.

    Positional (二〇一三) and counted (一万零五百, 三千二百, 十二, 两千, 三亿二千万) notations of at most 15 digits;
    mixed ones such as 3万5千 are not numerals and give None.

    >>> [str(chinese_number(n)) for n in ("一万零五百", "二〇一三", "十二", "一百零三点五", "二")]
    ['10500', '2013', '12', '103.5', '2']
    """
    whole, point, decimals = text.partition("点")
    if point and not decimals:
        return None
    value = _chinese_whole(whole) if len(text) <= _LONGEST_NUMERAL else None
    if value is None or value >= 10**_MAX_DIGITS or any(c not in _CHINESE_DIGITS for c in decimals):
        return None
    fraction = "".join(str(_CHINESE_DIGITS[c]) for c in decimals)
    return Decimal(f"{value}.{fraction}" if fraction else value)


def plain(value: Decimal) -> str:
    """The number in plain digits without trailing zeros: 739, 24252.311082, never 1E+2."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _parse_printed(stripped: str) -> Value:
    bare = _MARKS.sub("", stripped)
    folded = unicodedata.normalize("NFKC", bare).translate(_SIGNS)
    # A blank between digits is left alone: `12 34` may be two numbers; any other blank is only typography.
    compact = _OUTER_SPACE.sub("", _SPACE.sub(" ", folded))
    match = _PRINTED.fullmatch(compact)
    if not match:
        return _TEXT
    rest = match["rest"] or ""
    if rest and not _REMARK.fullmatch(rest):
        return _TEXT
    value = _digits_value(match["digits"]) if match["digits"] else chinese_number(match["numerals"])
    if value is None:
        return _TEXT
    sign = match["sign"] or ""
    if sign.startswith(("-", "减", "净减")):
        value = -value
    if match["approx"] or match["more"] or match["more2"]:
        note = "approximate"
    elif sign and len(sign) > 1 and sign[0] in "+-":
        note = "double_sign"
    else:
        note = "remark" if rest or bare != stripped else ""
    return Value("number", value, (match["scale"] or "") + (match["unit"] or ""), note)


def _digits_value(digits: str) -> Decimal | None:
    whole, _, decimals = digits.replace(",", "").replace(" ", "").partition(".")
    if len(whole) > _MAX_DIGITS or len(decimals) > _MAX_DECIMALS:
        return None
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def _chinese_whole(text: str) -> int | None:
    if not text:
        return None
    if all(c in _CHINESE_DIGITS for c in text):
        return int("".join(str(_CHINESE_DIGITS[c]) for c in text))
    for c, step in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = text.rpartition(c)
        if found:
            high = _chinese_whole(head)
            low = _chinese_whole(tail.lstrip("零〇○")) if tail else 0
            return None if high is None or low is None or low >= step else high * step + low
    return _below_ten_thousand(text)


def _below_ten_thousand(text: str) -> int | None:
    total, digit, last_step, gap = 0, 0, 10**4, True
    for c in text:
        step = _CHINESE_STEPS.get(c)
        if step is None:
            if digit and _CHINESE_DIGITS[c]:
                return None
            digit, gap = _CHINESE_DIGITS[c], gap or c in "零〇○"
            continue
        if step >= last_step or (not digit and step > 10):
            return None
        total += (digit or 1) * step
        last_step, digit, gap = step, 0, step == 10
    # 三千二 is 3,200 in speech and 3,002 by the letter: neither may be cited.
    return None if digit and not gap else total + digit
