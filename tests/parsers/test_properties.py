"""What holds for every page: numbers come from its text, blanks stay blank, nothing is lost, nothing raises."""

import random
import re
from decimal import Decimal

import pytest
from golden_pages import golden_pages, report_of
from hypothesis import example, given, settings
from hypothesis import strategies as st
from invariants import broken
from numerals import counted, positional
from small_pages import HEAD_ROW, own_table, page_with
from visible_text import letters, read_html, squeezed, visible_texts

from corpus.labels import fold, split_label
from parsers.lines import read_lines
from parsers.numbers import chinese_number, parse_value
from parsers.report import parse

PAGES = [pytest.param(golden, id=golden.name) for golden in golden_pages()]
REPORTS = [param for param in PAGES if not param.values[0].is_other]
every_page = pytest.mark.parametrize("golden", PAGES)
every_report = pytest.mark.parametrize("golden", REPORTS)

few = settings(max_examples=30)
many = settings(max_examples=300)

# Real pages


@every_page
def test_invariants(golden):
    assert broken(report_of(golden)) == []


@every_report
def test_every_cell_is_printed(golden):
    report = report_of(golden)
    text = "".join(squeezed(t) for t in visible_texts(report.decoded.text))
    lost = [cell.raw for cell in report.cells if squeezed(cell.raw) not in text]
    assert lost == []


@every_report
def test_every_claim_is_printed(golden):
    """The sentence of each claim stands on the page as one run of text, with the number in it."""
    report = report_of(golden)
    text = letters("".join(visible_texts(report.decoded.text)))
    if read_lines(report.decoded).unhidden:  # a page that hides its own report until a script shows it
        text = letters("".join(read_html(report.decoded.text).itertext()))
    assert [claim.sentence for claim in report.claims if letters(claim.sentence) not in text] == []
    assert [claim.raw for claim in report.claims if squeezed(claim.raw) not in squeezed(claim.sentence)] == []


@every_page
def test_every_text_is_kept(golden):
    """Sections, furniture, title and tables are the whole page."""
    report = report_of(golden)
    kept = letters("".join(block.text for block in report.blocks))
    kept += "".join(letters(c.table_title + c.row_path + c.col_path + c.raw) for c in report.cells)
    kept += letters(_text_of_tables(report))
    lost = [text for text in visible_texts(report.decoded.text) if letters(text) not in kept]
    if any(block.table_no is not None and "table" not in block.xpath for block in report.blocks):
        # Tables that were drawn or saved as lines: of them names of label columns and units are no part of any cell.
        lost = [text for text in lost if re.search(r"\d", text)]
    assert lost == []


def _text_of_tables(report):
    """All that stands in the elements where the report says its tables are: titles, notes, names of label columns."""
    paths = [block.xpath for block in report.blocks if block.table_no is not None and block.xpath]
    tree = read_html(report.decoded.text).getroottree() if paths else None
    return "".join("".join(element.itertext()) for path in paths for element in tree.xpath(path))


@every_page
def test_same_bytes_same_report(golden):
    data, charset, media_type = golden.source()
    assert parse(data, charset=charset, media_type=media_type) == report_of(golden)


@every_page
def test_prefixes(golden):
    """A page that was cut anywhere gives a report of what is there, or an outcome that says so."""
    data, charset, _ = golden.source()
    step = max(1, len(data) // 5)
    for cut in range(step // 2, len(data), step):
        assert broken(parse(data[:cut], charset=charset)) == []


@every_page
def test_damaged_bytes(golden):
    data = bytearray(golden.source()[0])
    rng = random.Random(golden.name)
    for _ in range(1 + len(data) // 500):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    assert broken(parse(bytes(data))) == []


# Anything else


@given(st.binary(max_size=3000))
@example(b"")
@example(b"\xff\xfe")
@example(b"<")
def test_bytes_never_raise(data):
    assert broken(parse(data)) == []


_TAGS = (
    *(
        "<table>",
        "</table>",
        "<tr>",
        "</tr>",
        "<td>",
        "</td>",
        "<th rowspan=2>",
        "<td colspan=3>",
        "<caption>",
        "<thead>",
    ),
    *(
        "<p>",
        "</p>",
        "<br>",
        "<div>",
        "</div>",
        "<b>",
        "</b>",
        "<span>",
        "</span>",
        "<sup>",
        "</sup>",
        "<ul><li>",
        "</ul>",
    ),
    *("<script>", "</script>", "<!--", "-->", "<a href=x>", "</a>", "<pre>", "</pre>", "<form>", "<html>", "</body>"),
    *("<div style='display:none'>", "<td", "<![CDATA[", "<?xml"),
)
_WORDS = (
    *("一、总体情况", "二、主动公开政府信息情况", "（一）", "样本市2021年政府信息公开工作年度报告", "2022年1月10日"),
    *("三、本年度办理结果", "总计", "自然人", "法人或其他组织", "1.属于国家秘密", "规章", "行政复议", "结果维持"),
    *(
        "指标",
        "单位",
        "数量",
        "条",
        "主动公开信息数",
        "单位：万元",
        "2021",
        "1,234",
        "0",
        "12",
        "3.5万元",
        "-",
        "/",
        "①",
    ),
    *("　", "&nbsp;", "&#48;", "&#xD800;", "&", "\x00", "\ufffd", "𠀀"),
)
soup = st.lists(st.sampled_from(_TAGS + _WORDS), max_size=120).map("".join)


@given(soup)
def test_soup_never_raises(text):
    assert broken(parse(text.encode())) == []


@given(soup)
@few
def test_soup_inside_a_report(text):
    assert broken(parse(page_with(text).encode())) == []


_SPANS = st.sampled_from(["", "0", "1", "2", "3", "7", "-1", "99999999999", "1000", "2px", "x", "1e9", "٣"])
_TEXTS = st.sampled_from([*_WORDS, "", "5", "8", "13"])
_cells = st.builds(
    lambda tag, across, down, text: f"<{tag} colspan='{across}' rowspan='{down}'>{text}</{tag}>",
    st.sampled_from(["td", "th"]), _SPANS, _SPANS, _TEXTS,
)  # fmt: skip
tables = st.lists(st.lists(_cells, max_size=7), max_size=8).map(
    lambda rows: "<table>" + "".join(f"<tr>{''.join(row)}</tr>" for row in rows) + "</table>"
)


# A number that hangs into every header row leaves a column without a label; so does a damaged rowspan of a real page.
def test_number_beside_all_header_rows():
    rows = "<tr><td rowspan=3>2021</td></tr><tr><td>规章</td><td>行政复议</td></tr><tr><td>5</td></tr>"
    assert broken(parse(page_with(f"<table>{rows}</table>").encode())) == []


@given(tables)
def test_tables_with_any_spans(table):
    assert broken(parse(page_with(table).encode())) == []


@given(st.lists(tables, min_size=1, max_size=3))
@few
def test_tables_in_tables(nested):
    table = ""
    for outer in nested:
        table = outer.replace("</td>", f"{table}</td>", 1)
    assert broken(parse(page_with(table).encode())) == []


# Values

_blanks = st.text(alphabet=" \t\n\u00a0\u3000\u200b\ufeff", max_size=5)
_whole = st.integers(0, 10**12)


@given(_blanks)
def test_blank_is_never_zero(text):
    assert parse_value(text) == parse_value("")
    assert (parse_value(text).state, parse_value(text).value) == ("blank", None)


@given(
    st.lists(_blanks, min_size=2, max_size=2),
    st.sampled_from(["&nbsp;", "<o:p></o:p>", "<p><br></p>", "<span> </span>", ""]),
)
def test_blank_cell_is_never_zero(blanks, filling):
    report = parse(page_with(own_table(filling.join(blanks))).encode())
    facts = {fact.indicator: (fact.state, fact.value) for fact in report.facts}
    assert facts == {"proactive_items_disclosed": ("blank", None), "requests_received": ("number", 5)}


def _wide(text):
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(_whole, st.booleans(), st.booleans(), _blanks, _blanks)
@many
def test_printed_integers(number, commas, wide, before, after):
    printed = f"{number:,}" if commas else str(number)
    value = parse_value(before + (_wide(printed) if wide else printed) + after)
    assert (value.state, value.value) == ("number", number)


@given(st.decimals(0, 10**9, places=4), st.sampled_from(["", "元", "万元", "件", "条", "人次"]))
@many
def test_printed_decimals_with_units(number, unit):
    value = parse_value(f"{number:f}{unit}")
    assert (value.value, value.unit_raw) == (number, unit)


@given(_whole, _whole)
def test_remark_is_no_number(number, part):
    value = parse_value(f"{number}（其中修订{part}件）")
    assert (value.state, value.value, value.note) == ("number", number, "remark")


@given(st.integers(0, 9999), st.integers(0, 99), st.sampled_from([" ", "/", "、", "-", "~", "；", "或", "\n"]))
@many
def test_two_numbers_are_no_number(one, other, between):
    text = f"{one}{between}{other:02d}"
    assert parse_value(text, text.count("\n") + 1).value is None


@given(st.text(alphabet="0123456789０５零一二十百千万亿.,，-+约余多件条元 　()（）其中/年月", max_size=12))
@many
def test_value_prints_its_digits(text):
    value = parse_value(text)
    assert (value.value is not None) == (value.state == "number")
    if value.value is not None and re.search(r"[0-9０-９]", text):
        digits = re.sub(r"\D", "", f"{abs(value.value):f}")
        assert digits in re.sub(r"[,.\s]", "", squeezed(text))


@given(st.text(max_size=30))
def test_values_never_raise(text):
    value = parse_value(text)
    assert (value.value is None) == (value.state != "number")


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**7), st.sampled_from(["{}", "{:,}", " {} ", "<span>{}</span>", "&nbsp;{}", "<b>{:,}</b>"])
        ),
        min_size=4,
        max_size=4,
    )
)
@few
def test_filled_form(figures):
    """The second table of the 2021 form, filled in at random, comes out as it was filled in."""
    labels = ("规章", "行政规范性文件")
    head = "<tr><td>信息内容</td><td>本年制发件数</td><td>现行有效件数</td></tr>"
    printed = [form.format(number) for number, form in figures]
    rows = "".join(
        f"<tr><td>{label}</td><td>{printed[2 * i]}</td><td>{printed[2 * i + 1]}</td></tr>"
        for i, label in enumerate(labels)
    )
    report = parse(page_with(f"<table><tr><td colspan=3>第二十条第（一）项</td></tr>{head}{rows}</table>").encode())
    assert [cell.value for cell in report.cells] == [Decimal(number) for number, _ in figures]
    assert [cell.row_path for cell in report.cells] == [labels[0], labels[0], labels[1], labels[1]]


# Numerals and labels


@given(st.integers(0, 10**9))
@many
@example(0)
@example(10)
@example(100_000_003)
def test_counted_numerals(number):
    written = counted(number)
    assert chinese_number(written) == number
    assert chinese_number(written.removeprefix("一") if written.startswith("一十") else written) == number


@given(st.integers(0, 10**9))
def test_positional_numerals(number):
    assert chinese_number(positional(number)) == number


@given(st.text(alphabet="零一二三四五六七八九十百千万亿点两〇", max_size=9))
@many
def test_numerals_never_raise(text):
    value = chinese_number(text)
    assert value is None or value >= 0


@given(st.text(st.characters(codec="gb2312"), max_size=40))
@many
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet='（()）1.、．一其中：:“”"规章文件*※', max_size=15))
@many
def test_split_label_keeps_the_words(text):
    label = split_label(text)
    assert letters(label.words) in letters(fold(text))
    assert split_label(fold(text)) == label


# Pages that end too soon


def test_page_cut_inside_a_number():
    page = page_with(f"<table>{HEAD_ROW}<tr><td>主动公开信息数</td><td>条</td><td>4359</td></tr></table>")
    report = parse(page[: page.index("59</td>")].encode())
    assert [fact.value for fact in report.facts if fact.value is not None] == [] or "page_cut" in {
        f.code for f in report.findings
    }
