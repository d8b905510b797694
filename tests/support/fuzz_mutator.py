"""Pages changed as their makers' tools change them: by tags, by labels, by charsets, rather than by bits alone."""

import re
from collections.abc import Callable, Sequence
from random import Random

from corpus.forms import load_forms

TAGS = (
    *("<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th rowspan=2>", "<td colspan=3>"),
    *("<caption>", "<thead>", "</thead>", "<tbody>", "</tbody>", "<p>", "</p>", "<br>", "<div>", "</div>"),
    *("<b>", "</b>", "<span>", "</span>", "<sup>", "</sup>", "<ul><li>", "</li>", "</ul>", "<script>"),
    *("</script>", "<!--", "-->", "<a href=x>", "</a>", "<pre>", "</pre>", "<form>", "</form>", "<html>"),
    *("</html>", "</body>", "<h1>", "</h1>", "<title>", "</title>", "<div style='display:none'>"),
    *("<td hidden>", "<td", "<![CDATA[", "<?xml", "<!DOCTYPE html>", "<font>", "<o:p>", "</o:p>"),
    *("<!--[if gte mso 9]>", "<![endif]-->", "<input type=text value=7>", "<meta charset=gbk>"),
    *("<meta name=ArticleTitle content='", "<template>", "<svg>", "<math>", "<select><option>", "<textarea>"),
    *("<iframe>", "<noscript>", "<colgroup><col>", "<del>", "</del>", "<img src=x>", "<hr>", "<center>"),
    *("<ruby>", "<frameset>"),
)
WORDS = (
    *("一、总体情况", "二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "（一）", "（二）"),
    *("1.", "附件", "样本市民政局2021年政府信息公开工作年度报告", "2022年1月10日"),
    *("本报告的统计期限自2021年1月1日起", "索引号", "三、本年度办理结果", "总计", "自然人", "法人或其他组织"),
    *("1.属于国家秘密", "规章", "行政复议", "结果维持", "指标", "单位", "数量", "条", "件", "主动公开信息数"),
    *("单位：万元", "同比增长12.3%", "占27.2%", "其中", "未收到", "全年", "收到政府信息公开申请5件，"),
    *("上年结转1件。", "分别为", "3.97万条", "百分之二十", "三千零五十件", "两成", "约", "余", "2021"),
    *("1,234", "1，234", "0", "12", "3.5万元", "-", "/", "—", "①", "１２", "无", "1.2.3"),
    *("99999999999999999999", "\u3000", " ", "\t", "\n", "\r\n", "&nbsp;", "&#48;", "&#xD800;", "&#0;", "&"),
    *("\x00", "\ufffd", "\ufeff", "\u200b", "𠀀", "│", "|", "──", "├", "**", "## ", "；", "。", "，"),
    *("：", "（", "）", "、", '"', "'", ">", "<"),
)
_SPANS = ("0", "1", "2", "3", "22", "-1", "1000", "65534", "99999999999", "2px", "x", "٣", "²", "")
_CODECS = ("utf-8", "gb18030", "big5hkscs", "utf-16-le", "utf-16", "utf-8-sig", "utf-32-le")
_TOKEN = re.compile(r"<[^<>]*>|[^<]+|<")
_SPAN = re.compile(r"(rowspan|colspan)\s*=\s*[\"']?[^\s\"'>]*[\"']?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def labels() -> tuple[str, ...]:
    """Words of the statutory forms: what makes a table one of them."""
    return tuple(sorted(load_forms().known_words))


class PageMutator:
    """Changes a page by one to four steps; `others` are pages whose parts may be spliced in."""

    def __init__(self, others: Sequence[bytes]) -> None:
        self._others = [_tokens(data) for data in others] or [["<p>"]]
        self._words = (*TAGS, *WORDS, *labels())
        self._steps: tuple[Callable[[list[str], Random], None], ...] = (
            self._insert,
            self._insert,
            self._splice,
            self._splice,
            self._drop,
            self._double,
            self._swap,
            self._heap,
            self._respan,
            self._renumber,
            self._cut,
        )

    def change(self, data: bytes, rng: Random, max_size: int) -> bytes:
        """The changed page, in its own charset or in another one."""
        tokens = _tokens(data)
        for _ in range(rng.randint(1, 4)):
            rng.choice(self._steps)(tokens, rng)
        codec = rng.choice(_CODECS) if rng.random() < 0.1 else "utf-8"
        text = "".join(tokens)
        surrogates = "surrogateescape" if codec == "utf-8" else "ignore"
        return text.encode(codec, surrogates if codec == "utf-8" else "ignore")[:max_size]

    def _insert(self, tokens: list[str], rng: Random) -> None:
        tokens.insert(rng.randint(0, len(tokens)), rng.choice(self._words))

    def _splice(self, tokens: list[str], rng: Random) -> None:
        other = rng.choice(self._others)
        start = rng.randrange(len(other))
        at = rng.randint(0, len(tokens))
        tokens[at : at + rng.choice((0, 0, 5, 50))] = other[start : start + rng.choice((1, 5, 20, 100, 300))]

    def _drop(self, tokens: list[str], rng: Random) -> None:
        start = rng.randint(0, len(tokens))
        del tokens[start : start + rng.choice((1, 1, 2, 10))]

    def _double(self, tokens: list[str], rng: Random) -> None:
        start, at = rng.randint(0, len(tokens)), rng.randint(0, len(tokens))
        tokens[at:at] = tokens[start : start + rng.choice((1, 3, 12, 60))]

    def _swap(self, tokens: list[str], rng: Random) -> None:
        if tokens:
            one, other = rng.randrange(len(tokens)), rng.randrange(len(tokens))
            tokens[one], tokens[other] = tokens[other], tokens[one]

    def _heap(self, tokens: list[str], rng: Random) -> None:
        tokens.insert(rng.randint(0, len(tokens)), rng.choice(self._words) * rng.choice((2, 8, 40, 260)))

    def _respan(self, tokens: list[str], rng: Random) -> None:
        self._rewrite(tokens, rng, "<t", _SPAN, lambda found: f"{found[1]}={rng.choice(_SPANS)}")

    def _renumber(self, tokens: list[str], rng: Random) -> None:
        self._rewrite(tokens, rng, "", _DIGITS, lambda _: rng.choice(("", "0", "7", "12", "1,234", "2021", "三十")))

    def _cut(self, tokens: list[str], rng: Random) -> None:
        if tokens:
            at = rng.randrange(len(tokens))
            tokens[at] = tokens[at][: rng.randint(0, len(tokens[at]))]

    def _rewrite(
        self,
        tokens: list[str],
        rng: Random,
        start: str,
        pattern: re.Pattern[str],
        write: Callable[[re.Match[str]], str],
    ) -> None:
        fitting = [at for at, token in enumerate(tokens) if token.startswith(start) and pattern.search(token)]
        for at in rng.sample(fitting, min(len(fitting), 3)):
            tokens[at] = pattern.sub(write, tokens[at], count=1)


def _tokens(data: bytes) -> list[str]:
    return _TOKEN.findall(data.decode("utf-8", "surrogateescape"))
