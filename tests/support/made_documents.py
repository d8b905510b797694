"""Reports made up with all that they say known: what goes in, in whatever layout and charset, must come out."""

from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

TITLE = "样本市水务局2021年政府信息公开工作年度报告"
_TITLES = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况", "工作机构人员情况", "队伍建设情况")
_LAST = ("存在的主要问题及改进情况", "其他需要报告的事项")
_NUMBERS = "一二三四五六七八"
_SENTENCES = (
    "本机关认真落实条例要求，回应社会关切。",
    "各科室按职责分工编制目录，及时更新栏目内容。",
    "公开内容不够丰富，队伍力量有待加强。",
    "下一步将细化公开事项，方便群众查询。",
)
_GROUPS = ("门户网站", "办事窗口", "宣传栏目")
_LABELS = ("甲类事项", "乙类事项", "丙类事项", "丁类事项", "戊类事项", "己类事项")
_HEADS = ("本季件数", "本季人次")
_FILLINGS = {"-": "dash", "/": "slash", "": "blank", "&nbsp;": "blank", "　": "blank"}
CODECS = ("utf-8", "gb18030", "utf-8-sig", "utf-16", "utf-16-le")


@dataclass(frozen=True, slots=True)
class MadeCell:
    """A value cell: its labels, and what it says."""

    row_path: str
    col_path: str
    state: str
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class MadeDocument:
    """A page, and the truth of it: sections as (number, title, text), cells in reading order."""

    html: str
    codec: str
    sections: tuple[tuple[str, str, str], ...]
    cells: tuple[MadeCell, ...]

    @property
    def data(self) -> bytes:
        """The bytes of the page."""
        return self.html.encode(self.codec)


@st.composite
def printed_values(draw):
    """What a value cell prints, its state and its value; of four cells three hold numbers."""
    if draw(st.integers(0, 3)) == 0:
        printed = draw(st.sampled_from(sorted(_FILLINGS)))
        return printed, _FILLINGS[printed], None
    number = draw(st.one_of(st.integers(0, 999), st.integers(1000, 10**8)))
    form = draw(st.sampled_from(["{}", "{:,}", " {} ", "<span>{}</span>", "<p>{:,}</p>", "{}<!-- 1 -->", "<b>{}</b>"]))
    return form.format(number), "number", Decimal(number)


@st.composite
def tables(draw):
    """The source of a table with groups of rows and two columns under one head, and its cells."""
    labels = iter(draw(st.permutations(_LABELS)))
    groups = draw(st.lists(st.integers(0, 2), min_size=2, max_size=3))
    rows, cells = [], []
    for name, size in zip(_GROUPS, groups, strict=False):
        for no in range(max(size, 1)):
            path = f"{name} / {next(labels)}" if size else name
            head = f"<td colspan=2>{name}</td>"
            if size:
                first = f"<td rowspan={size}>{name}</td>" if no == 0 else ""
                head = f"{first}<td>{path.partition(' / ')[2]}</td>"
            values = [draw(printed_values()) for _ in _HEADS]
            rows.append(head + "".join(f"<td>{printed}</td>" for printed, _, _ in values))
            cells += [MadeCell(path, col, *value[1:]) for col, value in zip(_HEADS, values, strict=True)]
    head = f"<td colspan=2>事项名称</td>{''.join(f'<td>{name}</td>' for name in _HEADS)}"
    source = "<table>" + "".join(f"<tr>{row}</tr>" for row in (head, *rows)) + "</table>"
    damage = draw(st.sampled_from(["", "</td>", "</tr>", "both", "form", "font", "tbody"]))
    if damage in ("</td>", "both"):
        source = source.replace("</td>", "")
    if damage in ("</tr>", "both"):
        source = source.replace("</tr>", "")
    if damage in ("form", "tbody"):
        source = source.replace("<table>", f"<table><{damage}>").replace("</table>", f"</{damage}></table>")
    if damage == "font":
        source = source.replace("<td>", "<td><font size=2>")
    return source, tuple(cells)


def _lines(paragraphs: list[str], layout: str) -> str:
    """Paragraphs as the layout prints them."""
    if layout == "br":
        return "".join(f"{words}<br>" for words in paragraphs)
    if layout == "cells":
        return "<table>" + "".join(f"<tr><td>{words}</td></tr>" for words in paragraphs) + "</table>"
    opened = {"unclosed": "<p>", "font": "<p><font>", "spans": "<p><span>　　</span><span>"}.get(layout, "<p>")
    closed = {"unclosed": "", "font": "</p>", "spans": "</span></p>"}.get(layout, "</p>")
    return "".join(opened + words + closed for words in paragraphs)


@st.composite
def documents(draw):
    """A report of four to seven sections, one of them with a table, in any layout and charset."""
    titles = [*draw(st.lists(st.sampled_from(_TITLES), min_size=2, max_size=5, unique=True)), *_LAST]
    at = draw(st.integers(0, len(titles) - 1))
    table, cells = draw(tables())
    layout = draw(st.sampled_from(["p", "br", "cells", "unclosed", "font", "spans"]))
    body, sections = "", []
    for no, title in enumerate(titles):
        texts = draw(st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=3))
        body += _lines([f"{_NUMBERS[no]}、{title}", *texts], layout) + (table if no == at else "")
        sections.append((f"{_NUMBERS[no]}、", title, "\n".join(texts)))
    body = f"<h1>{TITLE}</h1>{body}"
    opened, closed = draw(
        st.sampled_from(
            [
                ("", ""),
                ("<div class=content>", "</div>"),
                ("<table><tr><td>", "</td></tr></table>"),
                ("<table><tr><td><table><tr><td>", "</td></tr></table></td></tr></table>"),
                ("<div>" * 300, ""),
                ("<center><font>", ""),
                ("<ul><li><a href=/>首页</a></li></ul><div>", "</div></div></div>"),
            ]
        )
    )
    codec = draw(st.sampled_from(CODECS))
    meta = draw(st.sampled_from(["", "<meta charset=utf-8>", "<meta charset=gb2312>", "<meta charset=big5>"]))
    html = f"<html><head>{meta}<title>{TITLE}</title></head><body>{opened}{body}{closed}</body></html>"
    return MadeDocument(html, codec, tuple(sections), cells)
