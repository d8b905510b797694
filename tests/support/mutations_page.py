"""Mutations of the page around the report: wrappers, layout tables, navigation, footers, depth, a frame left out."""

import re
from random import Random

from html_tokens import Token, insert, plain, written
from mutation import Source, mutation
from reading import facts_only, without_texts

_FOOT = re.compile("版权所有|ICP备|网站标识码|公网安备|主办单位|网站地图")
_NAVIGATION = (
    '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li>'
    '<li><a href="/hdjl/">互动交流</a></li><li><a href="/bsfw/">办事服务</a></li>'
    '<li><a href="/gk/zn/">政府信息公开指南</a></li><li><a href="/gk/zd/">政府信息公开制度</a></li></ul></div>'
)
_OTHER_REPORTS = (
    '<div class="list"><ul><li><a href="/a.html">2016年政府信息公开工作年度报告</a><span>2017-03-01</span></li>'
    '<li><a href="/b.html">2017年政府信息公开工作年度报告</a><span>2018-03-02</span></li>'
    '<li><a href="/c.html">2014年政府信息公开工作年度报告</a><span>2015-03-12</span></li></ul></div>'
)
_CALENDAR = (
    "<table><tr><td>日</td><td>一</td><td>二</td></tr><tr><td>1</td><td>2</td><td>3</td></tr>"
    "<tr><td>8</td><td>9</td><td>10</td></tr></table>"
)
_WEATHER = (
    '<table class="tq"><tr><td>今天</td><td>12℃</td><td>晴</td></tr>'
    "<tr><td>明天</td><td>15℃</td><td>多云</td></tr></table>"
)


def _around(source: Source, before: str, after: str) -> list[Token] | None:
    """The page with something written at the start and at the end of its body; None where the body has no end."""
    if not source.whole:
        return None
    tokens = source.tokens
    return [
        *tokens[: source.start],
        insert(before),
        *tokens[source.start : source.end],
        insert(after),
        *tokens[source.end :],
    ]


@mutation()
def body_in_divs(source: Source, rng: Random):
    return _around(source, "<div id=a><div class=b><div>", "</div></div></div>")


@mutation()
def body_in_layout_table(source: Source, rng: Random):
    return _around(source, "<table width=1000><tr><td valign=top>", "</td></tr></table>")


@mutation()
def body_in_layout_tables(source: Source, rng: Random):
    start = "<TABLE width=1000 border=0><TBODY><TR><TD><TABLE width=100%><TR><TD width=20></TD><TD>"
    return _around(source, start, "</TD><TD width=20></TD></TR></TABLE></TD></TR></TBODY></TABLE>")


@mutation()
def body_in_layout_table_with_side_list(source: Source, rng: Random):
    side = f"<table><tr><td width=200>{_NAVIGATION}</td><td>"
    return _around(source, side, "</td></tr></table>")


@mutation()
def body_in_form(source: Source, rng: Random):
    return _around(
        source,
        '<form id="aspnetForm" method=post><input type=hidden name=__VIEWSTATE value="wEPDwUK123"><center>',
        "</center></form>",
    )


def _beside(source: Source, before: str, after: str) -> list[Token] | None:
    """The page with its body in an element of its own and other elements before and after that."""
    return _around(source, f'{before}<div class="main">', f"</div>{after}")


@mutation()
def navigation_around(source: Source, rng: Random):
    return _beside(source, _NAVIGATION, _NAVIGATION)


@mutation()
def other_reports_listed(source: Source, rng: Random):
    return _beside(source, "", _OTHER_REPORTS)


@mutation()
def other_reports_listed_before(source: Source, rng: Random):
    return _beside(source, _OTHER_REPORTS, "")


@mutation(facts_only)
def other_reports_listed_at_once(source: Source, rng: Random):
    """No element parts the report from the list: the list may count as text, but it may not change a figure."""
    return _around(source, "", _OTHER_REPORTS)


@mutation()
def calendar_and_weather(source: Source, rng: Random):
    return _beside(source, _CALENDAR + _WEATHER, _CALENDAR)


@mutation(facts_only)
def calendar_at_once(source: Source, rng: Random):
    return _around(source, "", _CALENDAR + _WEATHER)


@mutation()
def second_footer(source: Source, rng: Random):
    foot = (
        "<div class=foot><p>主办单位：某某市人民政府办公室　承办：市大数据局</p>"
        "<p>版权所有 某ICP备12345678号-1 网站标识码：3208130001</p></div>"
    )
    return _beside(source, "", foot)


@mutation()
def footer_moved_up(source: Source, rng: Random):
    """The element of the foot stands before everything else; page styles put it where they like."""
    place = _footer(source)
    if place is None:
        return None
    start, end = place
    tokens = source.tokens
    return [*tokens[: source.start], *tokens[start:end], *tokens[source.start : start], *tokens[end:]]


def _footer(source: Source) -> tuple[int, int] | None:
    """Tokens of the outermost short element that holds the words of a foot and nothing of the report."""
    tokens = source.tokens
    for at in range(source.end - 1, source.start, -1):
        if tokens[at].shown and _FOOT.search(tokens[at].source):
            break
    else:
        return None
    best = None
    for start in range(at - 1, source.start, -1):
        if tokens[start].kind != "open" or tokens[start].name not in ("div", "p", "table", "footer"):
            continue
        end = _end_of(tokens, start)
        if end is None or end <= at or end > source.end:
            continue
        inside = tokens[start:end]
        words = plain("".join(t.source for t in inside if t.kind == "text"))
        if len(words) > 200 or re.search("[一二三四五六]、|统计|20[012][0-9]年", words):
            break
        best = (start, end)
    return best


def _end_of(tokens: list[Token], start: int) -> int | None:
    """Index behind the end tag of an element; None where its tags do not pair."""
    depth = 0
    name = tokens[start].name
    for i in range(start, len(tokens)):
        if tokens[i].name == name and tokens[i].kind in ("open", "close"):
            depth += 1 if tokens[i].kind == "open" else -1
            if depth == 0:
                return i + 1
    return None


@mutation()
def no_frame(source: Source, rng: Random):
    """A page without doctype, html and body tags."""
    return re.sub(r"</?(?:html|body)\b[^>]*>|<!doctype[^>]*>", "", written(source.tokens), flags=re.IGNORECASE)


@mutation()
def doubled_frame(source: Source, rng: Random):
    return _around(source, "<html><body>", "</body></html></body></html>")


@mutation(without_texts, few=True)
def nested_300_divs(source: Source, rng: Random):
    return _around(source, "<div>" * 300, "</div>" * 300)


@mutation(without_texts, few=True)
def nested_300_fonts_unclosed(source: Source, rng: Random):
    return _around(source, "<font size=2>" * 300, "")


@mutation(without_texts, few=True)
def nested_3000_divs(source: Source, rng: Random):
    return _around(source, "<div>" * 3000, "</div>" * 3000)


@mutation(without_texts, few=True)
def nested_3000_divs_unclosed(source: Source, rng: Random):
    return _around(source, "<div class=w>" * 3000, "")


@mutation(without_texts, few=True)
def nested_25_layout_tables(source: Source, rng: Random):
    return _around(source, "<table><tr><td>" * 25, "</td></tr></table>" * 25)


@mutation(without_texts, few=True)
def nested_in_every_cell(source: Source, rng: Random):
    """Three hundred spans around the text of a few cells."""
    found = []
    left = 5
    for token in source.tokens:
        if left and token.shown and token.place == "cell" and rng.random() < 0.1:
            found += [insert("<span>" * 300), token, insert("</span>" * 300)]
            left -= 1
        else:
            found.append(token)
    return found if left < 5 else None
