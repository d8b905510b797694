import time

import pytest
from lxml import etree

from parsers.deep import LIMIT, shallow

TABLE = "<table><tr><td>收到行政复议</td><td>42</td></tr></table>"


def flattened(page):
    return shallow(page)[0]


def tree(page: str):
    return etree.fromstring(page.encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True))


def depth(page: str) -> int:
    deepest = level = 0
    for event, _ in etree.iterwalk(tree(page), events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest


def words(page: str) -> str:
    return "".join("".join(tree(page).itertext()).split())


def cells(page: str) -> list[list[str]]:
    return [["".join(cell.itertext()).strip() for cell in row] for row in tree(page).iter("tr")]


def test_libxml2_itself_loses_such_a_page():
    page = "<font>" * 3000 + TABLE
    assert "42" not in words(page)  # when this fails, parsers/deep.py has no reason any more


@pytest.mark.parametrize(
    "opening", ["<font size=3>", "<FONT>", "<span>", "<div>", "<div>x", "<center>", "<b>", "<o:p>"]
)
@pytest.mark.parametrize("closing", ["", "</font></span></div></center></b></o:p>"])
def test_a_table_below_three_thousand_wrappers_survives(opening, closing):
    page = f"<html><body>{opening * 3000}{TABLE}{closing * 3000}<p>完</p></body></html>"
    flat = flattened(page)
    assert depth(flat) <= LIMIT + 3  # html, body, and the text's own element
    assert cells(flat) == [["收到行政复议", "42"]]
    assert words(flat).replace("x", "") == "收到行政复议42完"


def test_text_keeps_its_order_and_its_white_space():
    page = "<font>" * 300 + "<p>一、<b>概  述</b>\n<i>甲</i>乙</p>丙<br>丁" + TABLE + "戊"
    assert flattened(page) == f"<p>一、<b>概  述</b>\n甲乙</p>丙<br>丁{TABLE}戊"


def test_cells_and_rows_without_end_tags():
    page = "<TABLE><TR><TD rowspan=2>甲<TD colspan='3'>1<TR><TH>2<TH>3</TABLE>完"
    assert flattened(page) == (
        '<table><tr><td rowspan="2">甲</td><td colspan="3">1</td></tr><tr><th>2</th><th>3</th></tr></table>完'
    )


def test_fonts_left_open_in_every_cell():
    rows = "".join(f"<tr><td><font size=2>第{n}项<td><font size=2><p>{n}" for n in range(400))
    flat = flattened(f"<table>{rows}</table><p>完")
    assert cells(flat) == [[f"第{n}项", str(n)] for n in range(400)]
    assert depth(flat) < 10


def test_a_table_in_a_cell_keeps_to_its_cell():
    page = "<table><tr><td>外<table><tr><td>内<td>1</table>后<td>2</table>"
    assert flattened(page) == (
        "<table><tr><td>外<table><tr><td>内</td><td>1</td></tr></table>后</td><td>2</td></tr></table>"
    )


def test_paragraphs_left_open():
    assert flattened("<p>甲<p>乙<div>丙<p>丁</div>戊") == "<p>甲</p><p>乙</p><div>丙<p>丁</p></div>戊"
    assert flattened("<ul><li>甲<li>乙</ul>") == "<ul><li>甲</li><li>乙</li></ul>"


def test_idle_containers_go_but_lines_stay_apart():
    assert flattened("<div><div><div>甲</div>乙</div></div>") == "<div>甲<br>乙<br></div>"
    assert flattened("<center>甲</center>乙") == "<br>甲<br>乙".removeprefix("<br>")


def test_lines_stay_apart_beyond_the_limit():
    flat = flattened("".join(f"<div>第{n}段" for n in range(1000)))
    assert depth(flat) <= LIMIT
    lines = [text.strip() for text in tree(flat).itertext() if text.strip()]
    assert lines == [f"第{n}段" for n in range(1000)]


def test_tables_beyond_the_limit_become_text_in_order():
    flat = flattened("".join(f"<table><tr><td>{n};" for n in range(1000)) + "</table>" * 1000 + "完")
    assert words(flat) == "".join(f"{n};" for n in range(1000)) + "完"
    assert depth(flat) <= LIMIT + 2


def test_what_is_hidden_stays_hidden():
    assert flattened("<div>甲<p style='DISPLAY : none'>9</p>乙</div>") == "<div>甲<p hidden>9</p>乙</div>"
    assert flattened("甲<font hidden>9</font>乙") == "甲<span hidden>9</span>乙"
    assert "<span hidden>9</span>" in flattened("<div>甲" * 500 + "<span style='visibility:hidden'>9</span>")
    assert "9" not in flattened("<span hidden>" * 500 + "9")


def test_the_head_is_kept():
    page = '<html><head><title>年报</title><meta name="PubDate" content="2011-03-01"></head><body>甲'
    assert flattened(page) == '<title>年报</title><meta name="PubDate" content="2011-03-01">甲'


def test_links_are_kept_once():
    assert flattened("<a href='x?a=1&amp;b=2' class=y>甲<a href=z>乙</a></a>") == '<a href="x?a=1&amp;b=2">甲乙</a>'


def test_scripts_comments_and_declarations_are_no_text():
    page = (
        "<!DOCTYPE html><?xml version='1.0'?><script>var a='<td>9</td>'</script><style>p{}</style>"
        "<!-- <td>9</td> -->第<![if !supportLists]>7、<![endif]>条<![CDATA[9]]><noscript>9</noscript>"
    )
    assert flattened(page) == "第7、条"


@pytest.mark.parametrize("text", ["&nbsp;", "&#25919;", "&amp;lt;", "&#", "&#160a", "&#&#&#x", "&", "AT&T"])
def test_references_reach_the_reader_as_they_were(text):
    assert flattened(f"<td>{text}</td>{TABLE}") == f"<td>{text}</td>{TABLE}"


def test_what_only_looks_like_a_tag():
    assert words(flattened("<p>5 < 10，印发<中国公报格式>的通知</p>")) == "5<10，印发<中国公报格式>的通知"


def test_two_documents_in_one():
    page = f"<html><body>甲</body></html>{TABLE}<html><body>乙</body></html>"
    assert flattened(page) == f"甲{TABLE}乙"


def test_nothing_in_nothing_out():
    assert flattened("") == ""
    assert flattened("甲乙") == "甲乙"


HOSTILE = [
    "<div>",
    "<div>x",
    "<p><font>x",
    "<table><tr><td>1",
    "<td>",
    "<ul><li>x",
    "</p></div></td>",
    "<a ",
    '<a b="',
    "<",
    "<!",
    "<!--x-->",
    "<!--",
    "<![if x",
    "<script><",
    "</script",
    "<?x",
    "&#",
    "<span hidden>",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_twenty_thousand_of_anything(unit):
    start = time.process_time()
    flat = flattened(unit * 20_000)
    assert time.process_time() - start < 20  # quadratic steps would take minutes
    assert not flat.strip() or depth(flat) <= LIMIT + 3
