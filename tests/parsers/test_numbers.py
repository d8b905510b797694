"""What a value cell says: typed by hand from cells as they are printed."""

from decimal import Decimal

import pytest

from parsers.numbers import chinese_number, parse_value, plain


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("0", "0", ""),
        ("１２，３４５", "12345", ""),
        ("1,720", "1720", ""),
        ("1 021", "1021", ""),
        ("24252.311082", "24252.311082", ""),
        ("251000元", "251000", "元"),
        ("3.3亿次", "3.3", "亿次"),
        ("12.6万", "12.6", "万"),
        ("-5", "-5", ""),
        ("减8", "-8", ""),
        ("十二", "12", ""),
        ("一万零五百条", "10500", "条"),
        ("5*", "5", ""),
        ("18①", "18", ""),
        ("\u00a0 7 \u3000", "7", ""),
    ],
)
def test_a_number_is_read_as_printed(printed, value, unit):
    found = parse_value(printed)
    assert (found.state, found.value, found.unit_raw) == ("number", Decimal(value), unit)


@pytest.mark.parametrize(("printed", "note"), [("约7700余条", "approximate"), ("22（其中修订16件）", "remark")])
def test_what_else_stands_in_the_cell_is_noted(printed, note):
    assert (parse_value(printed).state, parse_value(printed).note) == ("number", note)


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("", "blank"),
        ("\u3000\u00a0", "blank"),
        ("/", "slash"),
        ("／", "slash"),
        ("-", "dash"),
        ("——", "dash"),
        ("无", "text"),
        ("见附件", "text"),
        ("12/15", "text"),
        ("12 34", "text"),
        ("2021-01-05", "text"),
        ("1,23", "text"),
        ("3万5千", "text"),
        ("三千二", "text"),
        ("5 件 7 件", "text"),
    ],
)
def test_what_is_no_number_has_no_value(printed, state):
    found = parse_value(printed)
    assert (found.state, found.value) == (state, None)


def test_digits_over_two_lines_are_two_numbers_or_one_nobody_can_tell():
    assert parse_value("1234", 2).state == "text"


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("〇", "0"),
        ("二○一三", "2013"),
        ("两千", "2000"),
        ("三亿二千万", "320000000"),
        ("一百零三点五", "103.5"),
        ("九千九百九十九万", "99990000"),
        ("三千二", None),
        ("十百", None),
        ("亿", None),
    ],
)
def test_chinese_numerals(numeral, value):
    found = chinese_number(numeral)
    assert found == (None if value is None else Decimal(value))


def test_a_number_is_written_in_plain_digits():
    assert [plain(Decimal(text)) for text in ("739", "1E+2", "0.50", "24252.311082")] == [
        "739",
        "100",
        "0.5",
        "24252.311082",
    ]
