"""Synthetic report pages of any size: three layouts of three eras, the same bytes for the same seed.

`make_page` makes one page; `reports` makes the reports of many agencies and years with the layouts and tables that
stand here. The labels of the tables are those of the statutory forms, and the sums of the forms hold; the prose is
made up under the official headings.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from math import lcm

from corpus.tables import read_table

Item = dict[str, str]
Cell = tuple[str, int, int]  # text, rowspan, colspan

# Most counts of a small agency are zero.
_COUNTS = (0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8, 17)

_SENTENCES = (
    "本年度，全区各单位围绕中心工作，主动公开各类政府信息{}条，其中通过政府网站公开{}条。",
    "对群众关心的规划建设、征地补偿、环境保护等事项，做到应公开尽公开，全年更新栏目{}个。",
    "办公室设立公开查阅点{}个，全年接待来访查阅{}人次，接听咨询电话约{}次。",
    "收到公民、法人和其他组织提出的申请{}件，均在法定期限内答复，按时办结率为{}.5%。",
    "修订了信息发布审核制度，明确了{}个责任科室，组织业务培训{}期，参训{}余人次。",
    "工作中仍存在内容更新不够及时、解读形式比较单一等问题，今后将从三个方面加以改进。",
    "一是健全机制，二是充实队伍，三是加强考核，全年开展专项检查{}次，通报{}个单位。",
    "发布政策解读稿件{}篇，举行新闻发布会{}场，回应社会关切{}件，未发生重大舆情。",
)
# Most sentences of real reports hold no count: one stands in some 280 characters of a whole report (5,472 characters
# and 19 counts in one of 2016). Here it is one in about a hundred, so that the time of the claims is not made light.
_WITHOUT_COUNTS = (
    "各单位把信息公开列入年度工作要点，由主要负责同志亲自过问，分管负责同志具体落实，办公室负责日常事务和督促检查。",
    "拟稿时先定公开属性，不予公开的写明理由，保密审查不走过场，谁审查谁签字，谁发布谁核对。",
    "政府网站的信息公开专栏按机构、主题和体裁编排，群众既可以逐级浏览，也可以按关键词查找。",
    "涉及面广、社会关注度高的政策，出台之前听取公众意见，出台之后由起草部门负责解读，做到同步起草、同步审批、同步发布。",
    "受理窗口公布了办理流程和监督电话，申请人不会填写申请表的，由工作人员当面指导或者代为填写。",
    "从实际情况看，个别单位对公开的范围把握不准，重数量而轻质量，基层人员变动频繁，业务还不够熟练。",
    "今后要加强对薄弱环节的指导，把公开工作同优化服务结合起来，让群众找得到、看得懂、用得上。",
    "对依法不能公开的事项，耐心说明法律依据和救济渠道，争取申请人的理解，减少因沟通不畅引起的争议。",
)
_HEADINGS_2007 = (
    "一、概述",
    "二、主动公开政府信息的情况",
    "三、依申请公开政府信息办理情况",
    "四、政府信息公开的收费及减免情况",
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
    "六、政府信息公开工作存在的主要问题及改进情况",
)
_HEADINGS_2019 = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How an era writes its pages.

    `tables` maps a section (from 0) to the function that fills its table. `run` is how many characters stand
    in one span, 0 for no spans.
    """

    year: int
    agency: str
    page: str
    heading: str
    paragraph: str
    table: str
    row: str
    cell: str
    headings: tuple[str, ...]
    tables: dict[int, Callable[[random.Random, int], Iterable[list[Cell]]]]
    run: int = 0

    def write(self, template: str, text: str, spans: str = "") -> str:
        """Put the text into a template, cut into spans where the layout does so."""
        if self.run and text:
            pieces = (text[n : n + self.run] for n in range(0, len(text), self.run))
            text = "".join(_SPAN.format(text=piece) for piece in pieces)
        return template.format(text=text, spans=spans)

    def write_page(self, body: str, agency: str, year: int, encoding: str = "utf-8") -> str:
        """Write a body as the page of an agency."""
        return self.page.format(agency=agency, year=year, charset=encoding, body=body)

    def write_table(self, rows: Iterable[list[Cell]]) -> str:
        """Write the rows as one table."""
        lines = []
        for row in rows:
            cells = (self.write(self.cell, text, _spans(down, across)) for text, down, across in row)
            lines.append(self.row.format(cells="".join(cells)))
        return self.table.format(rows="\n".join(lines))


def make_page(layout: str, size: int, seed: int, encoding: str = "utf-8") -> bytes:
    """Make a page in `layout` (a key of LAYOUTS) and `encoding`, about `size` bytes long.

    It is filled up with paragraphs, so it is longer by less than one of them; a `size` that the tables alone
    exceed gives a page without prose.
    """
    style, rng = LAYOUTS[layout], random.Random(seed)
    sections = [[style.heading.format(text=heading)] for heading in style.headings]
    tables = {n: style.write_table(fill(rng, style.year)) for n, fill in style.tables.items()}
    frame = style.write_page("", style.agency, style.year, encoding)
    missing = size - len("".join((frame, *tables.values(), *(s[0] for s in sections))).encode(encoding))
    number = 0
    while missing > 0:
        paragraph = style.write(style.paragraph, _prose(rng))
        missing -= len(paragraph.encode(encoding))
        sections[number % len(sections)].append(paragraph)
        number += 1
    body = "".join("".join(section) + tables.get(n, "") for n, section in enumerate(sections))
    return style.write_page(body, style.agency, style.year, encoding).encode(encoding)


def _prose(rng: random.Random) -> str:
    sentences = [*rng.sample(_SENTENCES, 1), *rng.sample(_WITHOUT_COUNTS, rng.randint(3, 5))]
    rng.shuffle(sentences)
    return "".join(s.format(*(rng.randint(2, 99) for _ in range(s.count("{}")))) for s in sentences)


def _spans(rowspan: int, colspan: int) -> str:
    return (f' rowspan="{rowspan}"' if rowspan > 1 else "") + (f' colspan="{colspan}"' if colspan > 1 else "")


@cache
def form_items(form_id: str) -> tuple[Item, ...]:
    """Return the rows and columns of a statutory form in order."""
    return tuple(row for row in read_table("forms.csv") if row["form_id"] == form_id)


def _fill_2008(rng: random.Random, year: int) -> Iterator[list[Cell]]:
    yield [(text, 1, 1) for text in ("指标名称", "计量单位", f"{year}年度", "历年累计")]
    for item, count in _listed(form_items("A_FJ_2008"), rng):
        yield [(text, 1, 1) for text in (item["label"], item["unit"], str(count), str(count * 3))]


def _fill_2014(rng: random.Random, _year: int) -> Iterator[list[Cell]]:
    yield [(text, 1, 1) for text in ("统计指标", "单位", "统计数")]
    for item, count in _listed(form_items("B_2014_32"), rng):
        yield [(text, 1, 1) for text in (item["label"], item["unit"], str(count) if item["unit"] else "")]


def _listed(items: tuple[Item, ...], rng: random.Random) -> Iterator[tuple[Item, int]]:
    """Rows with their counts: several parts sum up to their group, a single part is less than its group."""
    counts: dict[str, int] = {}
    for item in reversed(items):
        parts = [counts[part["key"]] for part in items if part["parent"] == item["key"]]
        counts[item["key"]] = sum(parts) + (rng.choice(_COUNTS) if len(parts) < 2 else 0)
    return ((item, counts[item["key"]]) for item in items)


def _fill_proactive(rng: random.Random, _year: int) -> Iterator[list[Cell]]:
    return proactive_rows("C2_2021_30", lambda _row, _col: str(rng.choice(_COUNTS)))


def proactive_rows(form_id: str, value: Callable[[str, str], str]) -> Iterator[list[Cell]]:
    """Rows of the second section's table; `value` gives the text of a cell by the keys of its row and column."""
    items = form_items(form_id)
    tables = [item for item in items if item["axis"] == "table" and item["key"].startswith("s2.")]
    in_tables = [[i for i in items if i["axis"] == "col" and i["parent"] == table["key"]] for table in tables]
    width = lcm(*map(len, in_tables))
    for table, cols in zip(tables, in_tables, strict=True):
        rows = [item for item in items if item["axis"] == "row" and item["parent"] == table["key"]]
        yield [(table["label"], 1, 1 + width)]
        across = width // len(cols)
        yield [("信息内容", 1, 1), *((col["label"], 1, across) for col in cols)]
        for row in rows:
            yield [(row["label"], 1, 1), *((value(row["key"], col["key"]), 1, across) for col in cols)]


def _fill_requests(rng: random.Random, _year: int) -> Iterator[list[Cell]]:
    rows, cols = leaves("C2_2021_30", "s3", "row"), leaves("C2_2021_30", "s3", "col")
    counts: dict[tuple[str, str], int] = Counter()
    for col in cols[:-1]:
        for row in rows:
            counts[row, col] = rng.choice(_COUNTS)
        results = sum(counts[row, col] for row in rows[2:-2])
        counts[rows[-2], col] = results
        # What came in is what was concluded and what is carried over, less what was carried in.
        counts[rows[1], col] = min(counts[rows[1], col], results)
        counts[rows[0], col] = results + counts[rows[-1], col] - counts[rows[1], col]
        for row in rows:
            counts[row, cols[-1]] += counts[row, col]
    return requests_rows("C2_2021_30", lambda row, col: str(counts[row, col]))


def requests_rows(form_id: str, value: Callable[[str, str], str]) -> Iterator[list[Cell]]:
    """Rows of the third section's table, as `proactive_rows`."""
    cols, rows = _paths(form_id, "s3", "col"), _paths(form_id, "s3", "row")
    head, stub = _labels(cols), _labels(rows)
    depth = max(map(len, rows))
    for level in range(max(map(len, cols))):
        corner = [("（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）", len(cols[2]), depth)]
        yield [
            *(corner if level == 0 else []),
            *((text, r, c) for at, text, c, r in chain.from_iterable(head) if at == level),
        ]
    for row, labels in zip(rows, stub, strict=True):
        values = [(value(row[-1]["key"], path[-1]["key"]), 1, 1) for path in cols]
        yield [*((text, r, c) for _, text, r, c in labels), *values]


def _fill_review(rng: random.Random, _year: int) -> Iterator[list[Cell]]:
    keys = leaves("C2_2021_30", "s4", "col")
    values: list[int] = []
    for _ in range(len(keys) // 5):
        parts = [rng.choice(_COUNTS) for _ in range(4)]
        values += (*parts, sum(parts))
    counts = dict(zip(keys, values, strict=True))
    return review_rows("C2_2021_30", lambda key: str(counts[key]))


def review_rows(form_id: str, value: Callable[[str], str]) -> Iterator[list[Cell]]:
    """Rows of the fourth section's table; `value` gives the text of a cell by the key of its column."""
    cols = _paths(form_id, "s4", "col")
    for level in range(3):
        yield [(text, r, c) for at, text, c, r in chain.from_iterable(_labels(cols)) if at == level]
    yield [(value(path[-1]["key"]), 1, 1) for path in cols]


def leaves(form_id: str, table: str, axis: str) -> list[str]:
    """Return the keys of the rows or columns of a table that have values, in order."""
    return [path[-1]["key"] for path in _paths(form_id, table, axis)]


@cache
def _paths(form_id: str, table: str, axis: str) -> list[list[Item]]:
    """Rows or columns of a table, each with the groups it stands in, from the outside in."""
    items = {item["key"]: item for item in form_items(form_id) if item["axis"].removesuffix("group") == axis}
    paths = []
    for item in items.values():
        path = [item]
        while path[0]["parent"] in items:
            path.insert(0, items[path[0]["parent"]])
        if path[0]["parent"] == table and item["axis"] == axis:
            paths.append(path)
    return paths


def _labels(paths: list[list[Item]]) -> list[list[tuple[int, str, int, int]]]:
    """For every path the labels that begin at it: level, text, span along paths, span across levels."""
    depth = max(map(len, paths))
    size = Counter(item["key"] for path in paths for item in path)
    seen: set[str] = set()
    labels = []
    for path in paths:
        new = [(level, item) for level, item in enumerate(path) if item["key"] not in seen]
        seen.update(item["key"] for _, item in new)
        labels.append([(at, i["label"], size[i["key"]], depth - at if i is path[-1] else 1) for at, i in new])
    return labels


_SPAN = '<span style="font-size:16.0pt;font-family:仿宋">{text}</span>'
_WORD_CELL = "border:solid windowtext 1.0pt;padding:0cm 5.4pt 0cm 5.4pt"

LAYOUTS = {
    # About 2010: upper case, end tags left out, tables for layout, font tags.
    "2010": Layout(
        year=2010,
        agency="某市某局",
        page="""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={charset}">
<TITLE>{agency}{year}年政府信息公开工作年度报告</TITLE></HEAD><BODY BGCOLOR=#FFFFFF>
<TABLE WIDTH=960 ALIGN=center><TR><TD WIDTH=200 VALIGN=top>
<TABLE><TR><TD><A HREF="/">首页</A><TR><TD><A HREF="/gk">信息公开</A></TABLE>
<TD><TABLE WIDTH="100%"><TR><TD ALIGN=center>
<FONT SIZE=5 COLOR=red><B>{agency}{year}年政府信息公开工作年度报告</B></FONT>
<TR><TD><TABLE><TR><TD>{body}</TABLE></TABLE>
<TR><TD COLSPAN=2><FONT SIZE=2>主办：{agency} 网站地图</FONT></TABLE></BODY></HTML>""",
        heading="<P><FONT SIZE=3><B>{text}</B></FONT>\n",
        paragraph='<P><FONT SIZE=3 FACE="宋体">　　{text}</FONT><BR>\n',
        table="<TABLE BORDER=1 CELLSPACING=0 WIDTH=600>\n{rows}\n</TABLE>\n",
        row="<TR>{cells}",
        cell='<TD{spans} ALIGN=center><FONT SIZE=2 FACE="宋体">{text}</FONT>',
        headings=_HEADINGS_2007,
        tables={5: _fill_2008},
    ),
    # 2014 to 2018: the national statistics table after the report.
    "2016": Layout(
        year=2016,
        agency="某区",
        page="""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{agency}{year}年政府信息公开工作年度报告</title>
<meta name="ArticleTitle" content="{agency}{year}年政府信息公开工作年度报告"></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/gk">政务公开</a></li></ul></div>
<div class="content"><h1>{agency}{year}年政府信息公开工作年度报告</h1><div class=TRS_Editor>{body}</div></div>
<div class="footer"><p>版权所有：{agency}人民政府办公室</p></div></body></html>""",
        heading="<p><strong>{text}</strong></p>\n",
        paragraph='<p style="text-indent:2em;line-height:200%">{text}</p>\n',
        table='<table border="1" cellspacing="0"><tbody>\n{rows}\n</tbody></table>\n',
        row="<tr>{cells}</tr>",
        cell='<td{spans} style="width:120px">{text}</td>',
        headings=_HEADINGS_2007,
        tables={5: _fill_2014},
    ),
    # From 2021: three tables in a text that was exported from Word, a span for every run.
    "2022": Layout(
        year=2022,
        agency="某县某局",
        page="""<!DOCTYPE html>
<html><head><meta charset="{charset}"><title>{agency}{year}年政府信息公开工作年度报告</title>
<style>p.MsoNormal {{margin:0cm;text-align:justify}}</style></head><body>
<div class="crumb"><a href="/">首页</a> &gt; 年报</div><div id="zoom">
<p class="MsoTitle" align="center">{agency}{year}年政府信息公开工作年度报告</p>{body}</div>
<div class="footer"><p>主办单位：{agency}</p></div></body></html>""",
        heading='<p class="MsoNormal"><b><span style="font-family:黑体">{text}</span></b></p>\n',
        paragraph='<p class="MsoNormal" style="mso-char-indent-count:2.0">{text}<o:p></o:p></p>\n',
        table='<table class="MsoTableGrid" border="1"><tbody>\n{rows}\n</tbody></table>\n',
        row='<tr style="height:20.0pt">{cells}</tr>',
        cell=f'<td{{spans}} style="{_WORD_CELL}"><p class="MsoNormal" align="center">{{text}}</p></td>',
        headings=_HEADINGS_2019,
        tables={1: _fill_proactive, 2: _fill_requests, 3: _fill_review},
        run=4,
    ),
}
