"""Synthetic report pages of any size: three layouts of three eras, the same for the same seed.

`make_page` is all there is to use. Table labels are those of the statutory forms; the prose is made up, its
headings are the official ones. The sums of the forms hold in every page.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from corpus.tables import read_table

Item = dict[str, str]
Counts = dict[tuple[str, str], int]

# Most counts of a small agency are zero.
_FEW = (0, 0, 0, 0, 0, 1, 1, 2, 3, 5, 8, 17)

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
_SECTIONS_2007 = (
    "一、概述",
    "二、主动公开政府信息的情况",
    "三、依申请公开政府信息办理情况",
    "四、政府信息公开的收费及减免情况",
    "五、因政府信息公开申请行政复议、提起行政诉讼的情况",
    "六、政府信息公开工作存在的主要问题及改进情况",
)
_SECTIONS_2019 = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)


@dataclass(frozen=True, slots=True)
class Layout:
    """How an era writes its pages: format strings, and what stands in which section.

    `tables` are (section from 0, function that writes the table in this layout). `run` is the length of a run of
    text in its own span, 0 for none.
    """

    year: int
    start: str
    end: str
    heading: str
    paragraph: str
    table: tuple[str, str]
    row: tuple[str, str]
    cell: str
    sections: tuple[str, ...]
    tables: tuple[tuple[int, Callable[["Layout", random.Random], str]], ...]
    run: int = 0

    def text(self, template: str, text: str, spans: str = "") -> str:
        """The text in a template, cut into spans where the layout does so."""
        if self.run and text:
            pieces = (text[n : n + self.run] for n in range(0, len(text), self.run))
            text = "".join(_RUN.format(text=piece) for piece in pieces)
        return template.format(text=text, spans=spans)

    def rows(self, rows: Iterable[list[tuple[str, int, int]]]) -> str:
        """A table of rows of (text, rowspan, colspan)."""
        lines = []
        for row in rows:
            cells = (self.text(self.cell, text, _spans(down, across)) for text, down, across in row)
            lines.append(self.row[0] + "".join(cells) + self.row[1])
        return self.table[0] + "".join(lines) + self.table[1]


def make_page(layout: str, size: int, seed: int, encoding: str = "utf-8") -> bytes:
    """A page of `layout` (a key of LAYOUTS), about `size` bytes long and never shorter, in `encoding`.

    The tables alone need up to 60 KB; the rest is filled with paragraphs, the last of which may exceed the size.
    """
    style = LAYOUTS[layout]
    rng = random.Random(seed)
    tables: dict[int, list[str]] = {}
    for section, write in style.tables:
        tables.setdefault(section, []).append(write(style, rng))
    start = style.start.format(year=style.year, charset=encoding)
    fixed = start + style.end + "".join(text for texts in tables.values() for text in texts)
    missing = size - len((fixed + "".join(map(style.heading.format, style.sections))).encode(encoding))
    prose: list[list[str]] = [[] for _ in style.sections]
    number = 0
    while missing > 0:
        paragraph = style.text(style.paragraph, _prose(rng))
        missing -= len(paragraph.encode(encoding))
        prose[number % len(prose)].append(paragraph)
        number += 1
    body = (
        style.heading.format(title) + "".join(prose[n]) + "".join(tables.get(n, ()))
        for n, title in enumerate(style.sections)
    )
    return (start + "".join(body) + style.end).encode(encoding)


def _prose(rng: random.Random) -> str:
    sentences = rng.sample(_SENTENCES, rng.randint(2, 4))
    return "".join(s.format(*(rng.randint(2, 99) for _ in range(s.count("{}")))) for s in sentences)


def _spans(down: int, across: int) -> str:
    return (f' rowspan="{down}"' if down > 1 else "") + (f' colspan="{across}"' if across > 1 else "")


def _form(form_id: str) -> list[Item]:
    return [row for row in read_table("forms.csv") if row["form_id"] == form_id]


# A form that is one list of rows (to 2018).


def _list_table(form_id: str, head: tuple[str, ...], unit_first: bool) -> Callable[[Layout, random.Random], str]:
    def write(layout: Layout, rng: random.Random) -> str:
        items = _form(form_id)
        counts = _list_counts(items, rng)
        rows = [[(text, 1, 1) for text in head]]
        for item in items:
            value = str(counts[item["key"]]) if item["unit"] else ""
            values = [value, str(counts[item["key"]] * 3)] if len(head) == 4 else [value]
            texts = [item["label"], item["unit"], *values]
            rows.append([(text, 1, 1) for text in texts])
        return layout.rows(rows)

    return write


def _list_counts(items: list[Item], rng: random.Random) -> dict[str, int]:
    """A count for every row; a group of several parts is their sum, a group of one part at least that."""
    counts: dict[str, int] = {}
    for item in reversed(items):
        parts = [counts[part["key"]] for part in items if part["parent"] == item["key"]]
        counts[item["key"]] = sum(parts) + (rng.choice(_FEW) if len(parts) < 2 else 0)
    return counts


# A form of tables with groups of rows and columns (from 2019).


def _grid_table(key: str, corner: str, count: Callable[[list[Item], list[Item], random.Random], Counts]) -> Callable[[Layout, random.Random], str]:
    def write(layout: Layout, rng: random.Random) -> str:
        items = _form("C2_2021_30")
        cols, rows = _paths(items, key, "col"), _paths(items, key, "row")
        counts = count([path[-1] for path in rows], [path[-1] for path in cols], rng)
        height, width = max(map(len, cols)), max(map(len, rows), default=0)
        lines = [list(line) for line in _header(cols, height)]
        if rows:
            lines[0].insert(0, (corner, height, width))
        for labels, path in zip(_stub(rows, width), rows or [[{"key": ""}]], strict=True):
            values = [str(counts[path[-1]["key"], col[-1]["key"]]) for col in cols]
            lines.append([*labels, *((value, 1, 1) for value in values)])
        return layout.rows(lines)

    return write
