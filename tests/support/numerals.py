"""Chinese numerals written from numbers: the way a schoolbook teaches it, independent of how the parser reads them."""

_DIGITS = "零一二三四五六七八九"


def counted(number: int) -> str:
    """一万零五百: the numeral of a number below 10^12, as it is read aloud; 10 to 19 begin with 一十.

    >>> counted(10500), counted(0), counted(100_000_003)
    ('一万零五百', '零', '一亿零三')
    """
    if number == 0:
        return "零"
    written = ""
    for step, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group, number = divmod(number, step)
        if group:
            gap = bool(written) and group < 1000
            written += ("零" if gap else "") + _below_ten_thousand(group) + name
        elif written and number:
            written += "零"
    return written.replace("零零", "零")


def positional(number: int) -> str:
    """二〇一三: digit by digit."""
    return "".join(("〇" if digit == "0" else _DIGITS[int(digit)]) for digit in str(number))


def _below_ten_thousand(number: int) -> str:
    written = ""
    for step, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, step)
        if digit:
            written += _DIGITS[digit] + name
        elif written and number and not written.endswith("零"):
            written += "零"
    return written
