"""What a crawl of many sites meets, made up, at thousands of answers a second: the material of benchmarks/warcs.py.

A site is the body that keeps it: a list page, then the reports of its years, oldest first, in the layout and with the
form of their year, and between them what crawls meet: redirects, pictures, pages that are refused, news, pages that
are written by scripts or are pictures, reports that were edited and captured again.

`benchmarks.reports` makes every page from its parts; here the slow parts are made once. Figures are those of a
hundred series, which bodies share; prose is put together from a few thousand sentences, for every body in an order of
its own, and more than half of it is carried from year to year; menus, styles and scripts fill a page up to its size.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

from benchmarks.pages import LAYOUTS, Layout
from benchmarks.report_figures import Figures
from benchmarks.report_prose import KEPT, LENGTHS, PARTS, open_sentences
from benchmarks.reports import HEADINGS, layout_of
from corpus.tables import read_table

FIRST_YEARS = (2008, 2010, 2012, 2013, 2014, 2014, 2015, 2016, 2018, 2019)
LAST_YEAR = 2024
"""Years that bodies begin with, and the last one of all: rather more than a third have tables of the form of 2019."""

SIZES: Mapping[int, float] = {20_000: 0.3, 40_000: 0.4, 80_000: 0.25, 300_000: 0.05}
"""Sizes of pages in bytes and their shares: menus, styles and scripts fill up to it. What is longer stays as it is."""

_BODIES = (
    *("人民政府",) * 3,
    *("教育局", "财政局", "民政局", "公安局", "审计局", "统计局", "司法局", "水利局", "农业农村局", "商务局"),
    *("交通运输局", "自然资源局", "生态环境局", "住房和城乡建设局", "文化和旅游局", "应急管理局", "林业局"),
)
_SERIES = 120
"""Series of figures: each takes 12 ms, and every process that makes pages needs all of them."""

_POOL = 1_500
"""Sentences of each part: with 9 of them in a report, no two bodies say the same."""

_MISSING, _REFUSED, _SHIELDED, _SCRIPTED, _PICTURED, _AGAIN = 0.05, 0.02, 0.01, 0.02, 0.03, 0.02
_NEWS, _REDIRECT, _PICTURE, _REVISIT = 0.06, 0.03, 0.12, 0.03
_WITHOUT_TABLES = 0.35
"""Share of the reports before 2014 that state everything in prose."""

_COPIED = 40
"""One body in so many begins with the text of another."""

_STATUS = {200: "OK", 301: "Moved Permanently", 403: "Forbidden", 412: "Precondition Failed", 521: "unknown"}
_GIF = (
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
)
_SHIELD = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_clearance')+('_s=')+'{}.417|-1|'+('eP')+'%2F4tJ'+"
    "';max-age=3600;path=/;SameSite=None;Secure';location.href=location.pathname+location.search</script>"
)
_SCRIPTED_PAGE = """<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="UTF-8"><title>{title}</title>
<script>window.__CONF__={{id:{number}}}</script></head>
<body><noscript><strong>很抱歉，未启用 JavaScript 时本页面无法正常显示。请启用后继续。</strong></noscript>
<div id="app"></div><script src="/static/js/vendor.77f0.js"></script></body></html>"""
_LIST_PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府信息公开年报_{agency}</title></head><body>
<div class="position">当前位置：首页 &gt; 政务公开 &gt; 政府信息公开年报</div>
<div class="right"><h2>政府信息公开年报</h2><ul class="list">
{items}
</ul></div><div class="foot">{agency}主办</div></body></html>"""
_LIST_ITEM = '<li><a href="{href}" title="{title}">{title}</a><span>{date}</span></li>'
_NEWS_TITLE = "{agency}召开{topic}工作会议"
_TITLE = "{agency}{year}年政府信息公开工作年度报告"
_STATED = (
    "全年收到政府信息公开申请{received}件，办结{processed}件。",
    "因政府信息公开引起的行政复议{reviews}件。",
)
_PREAMBLE = (
    "根据《中华人民共和国政府信息公开条例》，现公布{agency}{year}年度报告。"
    "所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
)
_VALUE, _PLACE = "\x01", "\x02"  # where they go, until the percent signs of the mark-up are out of the way
_CHROME_PIECE = 3_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. `is_page`: it counts as one of the pages that were asked for."""

    uri: str
    captured_at: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    is_page: bool = True
    repeats: str = ""
    """Of a visit that found nothing new: when the page that it repeats was captured."""

    @property
    def reason(self) -> str:
        """The words beside the status."""
        return _STATUS[self.status]


def site(number: int, seed: int, sizes: Mapping[int, float] = SIZES) -> Iterator[Answer]:
    """Make all that a crawl meets at one site, the same for the same number and seed."""
    yield from _Site(number, seed, sizes).answers()


class _Site:
    """One body with its habits: codec, length of its prose, weight of its pages, sign of nothing, series of figures."""

    def __init__(self, number: int, seed: int, sizes: Mapping[int, float]) -> None:
        self._rng = rng = random.Random(f"{seed} {number}")
        agencies = _agencies(seed)
        # Behind the last body all keep a second site, with other figures.
        self._agency, self._place = agencies[number % len(agencies)]
        self._host = f"http://www.a{number:06d}.example"
        self._series = _series(rng.randrange(_SERIES), seed)
        self._sizes, self._weights = tuple(sizes), tuple(sizes.values())
        self._old_codec = rng.choices(("gb2312", "gbk", "gb18030", "utf-8"), (0.4, 0.2, 0.1, 0.3))[0]
        self._new_codec = rng.choices(("utf-8", "gb2312", "utf-16", "big5"), (0.894, 0.1, 0.003, 0.003))[0]
        self._says_codec = rng.random() < 0.5
        self._lies = rng.random() < 0.02
        self._chrome = rng.randrange(1 << 16)
        prose = random.Random(f"{seed} {number - (number % _COPIED == 1)} prose")
        length = prose.uniform(0.6, 1.9)
        self._prose = prose
        self._chosen = {
            part: [prose.randrange(_POOL) for _ in range(max(1, round(LENGTHS[part] * length)))] for part in PARTS
        }

    def answers(self) -> Iterator[Answer]:
        rng = self._rng
        years = range(rng.choice(FIRST_YEARS), LAST_YEAR + 1)
        dates = {year: f"{year + 1}-{rng.randint(2, 4):02d}-{rng.randint(1, 28):02d}" for year in years}
        yield self._list(dates)
        for year, date in dates.items():
            self._age()
            moment = f"{date}T0{rng.randint(1, 9)}:15:00Z"
            if rng.random() < _REDIRECT:
                yield Answer(f"{self._host}/{year}", moment, 301, (("Location", self._uri(year)),), b"", is_page=False)
            if rng.random() < _PICTURE:
                uri = f"{self._host}/images/{year}.gif"
                yield Answer(uri, moment, 200, (("Content-Type", "image/gif"),), _GIF, is_page=False)
            yield from self._of_year(year, moment)
            if rng.random() < _NEWS:
                yield self._news(year, moment)

    def _of_year(self, year: int, moment: str) -> Iterator[Answer]:
        rng, chance = self._rng, self._rng.random()
        title, uri = _TITLE.format(agency=self._agency, year=year), self._uri(year)
        for share, make in (
            (_MISSING, None),
            (_REFUSED, lambda: Answer(uri, moment, rng.choice((403, 412, 521)), _HTML, _SHIELD.format(year).encode())),
            (_SHIELDED, lambda: Answer(uri, moment, 200, _HTML, _SHIELD.format(rng.getrandbits(30)).encode())),
            (_SCRIPTED, lambda: self._answer(uri, moment, _SCRIPTED_PAGE.format(title=title, number=year), "utf-8")),
            (_PICTURED, lambda: self._answer(uri, moment, self._pictured(title, year), "utf-8")),
        ):
            chance -= share
            if chance < 0:
                if make:
                    yield make()
                return
        yield (report := self._report(year, moment))
        if chance < _AGAIN:
            yield self._report(year, f"{year + 1}-07{moment[7:]}", edited=1)
        elif chance < _AGAIN + _REVISIT:
            yield replace(report, captured_at=f"{year + 2}{moment[4:]}", repeats=moment, is_page=False)

    def _report(self, year: int, moment: str, *, edited: int = 0) -> Answer:
        """Make a report; with `edited` it states so many requests more than its table."""
        rng, layout, figures = self._rng, layout_of(year), self._series[year]
        in_prose = year < 2014 and rng.random() < _WITHOUT_TABLES
        frame = _frame(year)
        stated = {
            "requests": _STATED[0].format(received=figures.received + edited, processed=figures.processed),
            "review": _STATED[1].format(reviews=figures.reviews),
        }
        body = [frame.paragraph(_PREAMBLE.format(agency=self._agency, year=year))]
        values: list[object] = []
        counts = self._counts(year)
        for heading, part in frame.headings:
            if part == "appendix" and in_prose:
                continue
            body.append(heading)
            if part in stated:
                body.append(frame.paragraph(stated[part]))
            for texts, n_counts in self._paragraphs(part, frame.run):
                body += (frame.before, *texts, frame.after)
                values += islice(counts, n_counts)
            if part in figures.values and not in_prose:
                body.append(_table(year, part))
                values += figures.values[part]
        codec = self._old_codec if year < 2014 else self._new_codec
        declared = "utf-8" if self._lies and codec.startswith("gb") else codec
        filled = "".join(body).replace(_PLACE, self._place) % tuple(values)
        page = layout.write_page(filled, self._agency, year, declared)
        return self._answer(self._uri(year), moment, self._filled(page, layout), codec)

    def _paragraphs(self, part: str, run: int = 0) -> Iterator[tuple[list[str], int]]:
        """Sentences of each paragraph, with the number of counts that they have room for."""
        sentences, chosen = _sentences(part, run), self._chosen.get(part, ())
        for start in range(0, len(chosen), 3):
            found = [sentences[at] for at in chosen[start : start + 3]]
            yield [text for text, _ in found], sum(n_counts for _, n_counts in found)

    def _counts(self, year: int) -> Iterator[int]:
        rng = random.Random(self._chrome << 12 | year)
        while True:
            yield from rng.choices(_COUNTS, k=60)

    def _age(self) -> None:
        """Take over some of the sentences of the year before, and others in place of the rest."""
        prose = self._prose
        for part, chosen in self._chosen.items():
            self._chosen[part] = [at if prose.random() < KEPT else int(prose.random() * _POOL) for at in chosen]

    def _filled(self, page: str, layout: Layout) -> str:
        """Put menus before the text, styles and scripts behind it, until the page has the size that it is to have."""
        size = self._rng.choices(self._sizes, self._weights)[0]
        # An ideograph has three bytes in UTF-8: pages of this kind have two bytes for a character or so.
        missing = (size - 2 * len(page)) // _CHROME_PIECE
        if missing <= 0:
            return page
        pieces = _chrome()
        chosen = [pieces[(self._chrome + n) % len(pieces)] for n in range(missing)]
        menus = [menu for menu, _ in chosen[: max(1, missing // 4)]]
        scripts = [script for _, script in chosen[len(menus) :]]
        low = page.lower()
        start, end = page.find(">", low.find("<body")) + 1, low.rfind("</body>")
        if layout.run:
            scripts.append(_WORD_STYLES)
        return "".join((page[:start], *menus, page[start:end], *scripts, page[end:]))

    def _answer(self, uri: str, moment: str, text: str, codec: str) -> Answer:
        if codec == "big5":
            text = _traditional(text)
        body = text.encode({"gb2312": "gbk", "big5": "big5hkscs"}.get(codec, codec), "xmlcharrefreplace")
        charset = f"; charset={codec}" if self._says_codec and not self._lies else ""
        return Answer(uri, moment, 200, (("Content-Type", f"text/html{charset}"), ("Server", "nginx")), body)

    def _list(self, dates: Mapping[int, str]) -> Answer:
        items = [
            _LIST_ITEM.format(href=self._uri(year), title=_TITLE.format(agency=self._agency, year=year), date=date)
            for year, date in reversed(dates.items())
        ]
        page = _LIST_PAGE.format(agency=self._agency, items="\n".join(items))
        moment = f"{max(dates.values())}T00:10:00Z"
        return self._answer(f"{self._host}/xxgk/nb/", moment, self._filled(page, LAYOUTS["2016"]), "utf-8")

    def _news(self, year: int, moment: str) -> Answer:
        layout = LAYOUTS["2016"]
        title = _NEWS_TITLE.format(agency=self._agency, topic=self._rng.choice(("安全生产", "防汛抗旱", "政务公开")))
        frame, counts = _frame(2016), self._counts(year)
        body, values = [], []
        for texts, n_counts in self._paragraphs("problems"):
            body += (frame.before, *texts, frame.after)
            values += islice(counts, n_counts)
        filled = "".join(body).replace(_PLACE, self._place) % tuple(values)
        page = layout.write_page(filled, self._agency, year)
        page = page.replace(_TITLE.format(agency=self._agency, year=year), title)
        return self._answer(f"{self._host}/news/{year}.html", moment, self._filled(page, layout), "utf-8")

    def _pictured(self, title: str, year: int) -> str:
        pictures = "".join(f'<p><img src="/images/{year}/{n:02d}.jpg" width="800" alt=""></p>\n' for n in range(1, 6))
        page = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body><h2>{title}</h2>'
        return self._filled(f'{page}<div class="v_news_content">{pictures}</div></body></html>', LAYOUTS["2016"])

    def _uri(self, year: int) -> str:
        return f"{self._host}/xxgk/{year + 1}/nb.html"


_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_COUNTS = range(2, 1_200)


@dataclass(frozen=True, slots=True)
class _YearFigures:
    """What a body counts in a year: values of each table in order, and what its prose states of them."""

    values: Mapping[str, tuple[str, ...]]
    received: int
    processed: int
    reviews: int


@lru_cache(maxsize=_SERIES)
def _series(number: int, seed: int) -> Mapping[int, _YearFigures]:
    scale = random.Random(f"{seed} {number} scale").lognormvariate(3.0, 1.1) + 1
    figures = Figures(f"{seed} {number} figures", scale)
    found = {}
    for year in range(min(FIRST_YEARS), LAST_YEAR + 1):
        tables = figures.tables(year)
        places = _value_places(year)
        values = {part: tuple(rows[row][at][0] for row, at in places[part]) for part, rows in tables.items()}
        found[year] = _YearFigures(values, figures.received, figures.processed, figures.reviews)
    return found


@cache
def _value_places(year: int) -> Mapping[str, Sequence[tuple[int, int]]]:
    """Row and place in it of every value of each table: what differs between bodies; labels are the same for all."""
    several = [Figures(f"places {n}", 60.0 + 100 * n).tables(year) for n in range(12)]
    return {
        part: [
            (row, at)
            for row, cells in enumerate(rows)
            for at in range(len(cells))
            if len({tables[part][row][at][0] for tables in several}) > 1
        ]
        for part, rows in several[0].items()
    }


@cache
def _table(year: int, part: str) -> str:
    """Mark-up of a table with %s where the values go."""
    layout = layout_of(year)
    rows = [list(row) for row in Figures("table", 20.0).tables(year)[part]]
    for row, at in _value_places(year)[part]:
        rows[row][at] = (_VALUE, *rows[row][at][1:])
    return _template(layout.write_table(rows))


@cache
def _sentences(part: str, run: int) -> Sequence[tuple[str, int]]:
    """Sentences of a part, cut into spans where the layout does so, each with the number of its counts.

    They are templates: %s stands for a count, and _PLACE for the place.
    """
    return [_opened(text, run) for text in open_sentences(part, _POOL, f"pool {part}")] if part in PARTS else ()


def _opened(text: str, run: int) -> tuple[str, int]:
    # a slot is one character while the text is cut
    text = text.replace("{place}", _PLACE).replace("{n}", _VALUE).replace("{k}", _VALUE)
    cut = replace(LAYOUTS["2022"], run=run).write("{text}", text)
    return _template(cut), text.count(_VALUE)


def _template(text: str) -> str:
    """Mark-up as a template of `%`: only values are filled in."""
    return text.replace("%", "%%").replace(_VALUE, "%s")


@dataclass(frozen=True, slots=True)
class _Frame:
    """What stands around the text of a year's pages, as templates; `run` as in Layout."""

    run: int
    before: str
    after: str
    headings: Sequence[tuple[str, str]]
    layout: Layout

    def paragraph(self, text: str) -> str:
        return _template(self.layout.write(self.layout.paragraph, text))


@cache
def _frame(year: int) -> _Frame:
    layout = layout_of(year)
    before, _, after = layout.paragraph.partition("{text}")
    headings = HEADINGS[2007 if year < 2019 else 2019]
    written = [(_template(layout.write(layout.heading, text)), part) for text, part in headings]
    return _Frame(layout.run, _template(before), _template(after), written, layout)


@cache
def _agencies(seed: int) -> Sequence[tuple[str, str]]:
    """Bodies of every county and prefecture of the registry, each with its place, in an order of their own."""
    rows = read_table("regions.csv")
    names = {row["code"]: row["name"] for row in rows if not row["valid_to"]}
    places = [
        (names.get(row["parent"], "") + row["name"] if row["level"] == "county" else row["name"], row["name"])
        for row in rows
        if row["level"] in {"county", "prefecture"} and not row["valid_to"] and not row["valid_from"]
    ]
    bodies = dict.fromkeys((place + body, short) for place, short in places for body in _BODIES)
    # The governments are the first to be crawled; the order is that of chance among them, and among the others.
    mixed = random.Random(seed).sample(list(bodies), len(bodies))
    return sorted(mixed, key=lambda body: not body[0].endswith(_BODIES[0]))


@cache
def _chrome() -> Sequence[tuple[str, str]]:
    """Pairs of a menu and a script or style sheet, each about as long as a piece is to be."""
    rng = random.Random("chrome")
    pieces = []
    for number in range(61):
        links = (
            f'<li class="m{n}"><a href="/col/col{rng.randrange(1 << 20)}/index.html" target="_blank">'
            f"{rng.choice(_MENU)}{rng.choice(_MENU)}</a></li>\n"
            for n in range(_CHROME_PIECE // 100)
        )
        menu = f'<div class="nav nav{number}"><ul>\n{"".join(links)}</ul></div>\n'
        rules = (
            f".s{number}-{n} a:hover{{color:#{rng.getrandbits(24):06x};background:url(/img/{rng.getrandbits(24)}.png) "
            f"no-repeat {rng.randrange(90)}px 0;width:{rng.randrange(900)}px}}\n"
            for n in range(_CHROME_PIECE // 90)
        )
        calls = (
            f'$("#b{n}").bind("click",function(){{load({rng.getrandbits(20)},"{rng.getrandbits(40):x}");}});\n'
            for n in range(_CHROME_PIECE // 70)
        )
        tag, lines = ("style", rules) if number % 2 else ("script", calls)
        pieces.append((menu, f"<{tag}>\n{''.join(lines)}</{tag}>\n"))
    return pieces


_MENU = ("政务", "公开", "服务", "互动", "新闻", "机构", "领导", "法规", "规划", "财政", "人事", "数据", "专题", "办事")
_WORD_STYLES = (
    "<!--[if gte mso 9]><xml><w:LatentStyles DefLockedState=false LatentStyleCount=156>"
    + "".join(
        f"<w:LsdException Locked=false Priority={n} SemiHidden=false Name='Light List Accent {n}'></w:LsdException>"
        for n in range(120)
    )
    + "</w:LatentStyles></xml><![endif]-->\n"
)


@cache
def _converter() -> object:
    import opencc  # noqa: PLC0415  one page in three hundred needs it

    return opencc.OpenCC("s2t")


def _traditional(text: str) -> str:
    return str(_converter().convert(text))  # type: ignore[attr-defined]
