"""What was put into a made-up report comes out of it: sections by title, cells by place, numbers by value and state."""

from datetime import date
from decimal import Decimal

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from lxml import html
from made_documents import documents
from numerals import counted
from small_pages import own_table, page_with

from parsers.grid import read_grid
from parsers.numbers import parse_value
from parsers.report import parse

few = settings(max_examples=80)
many = settings(max_examples=200)


@given(documents())
@few
def test_what_is_put_into_a_document_comes_out(made):
    # an own table is told by its numbers
    assume(sum(cell.state == "number" for cell in made.cells) * 2 >= len(made.cells))
    report = parse(made.data)
    assert (report.outcome, report.identity.report_year) == ("ok", 2021)
    assert [(s.number, s.title, s.text) for s in report.sections] == list(made.sections)
    assert [(c.row_path, c.col_path, c.state, c.value) for c in report.cells] == [
        (cell.row_path, cell.col_path, cell.state, cell.value) for cell in made.cells
    ]
    assert report.decoded.replaced == 0


# The table algorithm of the HTML standard ("forming a table"), slot by slot.


def _formed(rows):
    """The first slot of every cell by row: `rows` are lists of (colspan, rowspan)."""
    slots, starts = set(), []
    for y, row in enumerate(rows):
        x, placed = 0, []
        for across, down in row:
            while (x, y) in slots:
                x += 1
            placed.append(x)
            slots |= {(x + i, y + j) for i in range(across) for j in range(down)}
            x += across
        starts.append(placed)
    return starts


_spans = st.tuples(st.integers(1, 3), st.integers(1, 3))


@given(st.lists(st.lists(_spans, min_size=1, max_size=5), min_size=1, max_size=6))
@many
def test_the_grid_is_that_of_the_standard(rows):
    source = "".join(
        "<tr>" + "".join(f"<td colspan={across} rowspan={down}>甲</td>" for across, down in row) + "</tr>"
        for row in rows
    )
    grid = read_grid(html.fragment_fromstring(f"<table>{source}</table>"))
    assume(not grid.overrun)  # where a span runs over its group, the grid forgives what the standard does not
    assert [[cell.col for cell in row] for row in grid.rows] == _formed(rows)
    ends = [[(cell.col_end - cell.col, cell.row_end - cell.row) for cell in row] for row in grid.rows]
    assert ends == [[(across, min(down, len(rows) - y)) for across, down in row] for y, row in enumerate(rows)]


# Numbers.


def _wide(text):
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


_whole = st.integers(0, 10**9)
notations = st.one_of(
    _whole.map(lambda n: (str(n), Decimal(n))),
    _whole.map(lambda n: (f"{n:,}", Decimal(n))),
    _whole.map(lambda n: (f"{n:,}".replace(",", "，"), Decimal(n))),
    _whole.map(lambda n: (_wide(str(n)), Decimal(n))),
    _whole.map(lambda n: (f"{n:,}".replace(",", " "), Decimal(n))),
    st.integers(0, 10**8).map(lambda n: (counted(n), Decimal(n))),
    st.decimals(0, 10**6, places=2).map(lambda n: (f"{n:,}", n)),
)


@given(notations, st.sampled_from(["", "件", "条", "人次", "元", "%", "％"]))
@many
def test_a_number_in_any_notation_has_its_value(notation, unit):
    printed, number = notation
    value = parse_value(printed + unit)
    assert (value.state, value.value) == ("number", number)
    assert value.unit_raw == unit.replace("％", "%")


@given(st.integers(2000, 2030), st.integers(1, 12), st.integers(1, 31))
@example(2021, 1, 1)
def test_a_date_is_no_number(year, month, day):
    for printed in (
        f"{year}年{month}月{day}日",
        f"{year}-{month:02}-{day:02}",
        f"{year}/{month}/{day}",
        f"{year}.{month}.{day}",
        f"{month}月{day}日",
        f"{year}年",
    ):
        assert parse_value(printed).state == "text"


_counts = st.integers(1, 99_999)
said = st.one_of(
    _counts.map(lambda n: (str(n), Decimal(n))),
    _counts.map(lambda n: (f"{n:,}", Decimal(n))),
    _counts.map(lambda n: (_wide(str(n)), Decimal(n))),
    _counts.filter(lambda n: n != 2).map(lambda n: (counted(n), Decimal(n))),  # two things are 两件: 二 is an ordinal
    st.integers(101, 99_999).map(lambda n: (f"{Decimal(n) / 100}万", Decimal(n) * 100)),
)
days = st.dates(date(2000, 1, 1), date(2030, 12, 31)).map(lambda day: f"截至{day.year}年{day.month}月{day.day}日，")
_SENTENCES = (
    ("全年共收到政府信息公开申请{}件。", "requests_received", "件"),
    ("2021年，本机关主动公开政府信息{}条。", "proactive_items_disclosed", "条"),
)


@given(st.sampled_from(_SENTENCES), said, days)
@few
def test_a_number_that_a_sentence_says_is_a_claim_and_a_date_is_none(sentence, said_number, day):
    words, indicator, unit = sentence
    printed, number = said_number
    report = parse(page_with(f"<p>{words.format(printed)}</p><p>{day}机构没有变化。</p>{own_table()}").encode())
    claims = [claim for claim in report.claims if not claim.zero_in_words]
    assert [(c.value, c.unit, c.indicator) for c in claims] == [(number, unit, indicator)]
    block = report.blocks[claims[0].block_no]
    assert block.text[claims[0].char_start : claims[0].char_end] == claims[0].raw
