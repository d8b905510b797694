"""The script that a user would write in an afternoon: BeautifulSoup for the text, pandas.read_html for the tables.

    python benchmarks/baseline.py PAGE...

It is what gongkai is measured against, so it is written with care: BeautifulSoup over lxml, the charsets that such
pages have, tables that only lay out the page left aside, head lines and row labels joined into paths, units kept out of
labels, columns of line numbers skipped, spanned values counted once, a head that holds below a title within the table.
It knows neither the forms nor where the report begins.
"""

import json
import re
import sys
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from bs4 import BeautifulSoup, Tag

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_HEADING = re.compile(r"[一二三四五六七八九十]+、.{2,30}|[（(][一二三四五六七八九十]+[）)].{2,30}")
_NOTHING = frozenset({"", "-", "—", "——", "/"})
_UNITS = frozenset({"条", "條", "項", "件", "次", "人", "人次", "篇", "个", "元", "万元", "条数", "单位", "计量单位"})
_CODES = ("代码", "序号")
_TEXT_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "div")
_CHARSET = re.compile(rb"charset=[\"']?([\w-]+)", re.IGNORECASE)
_YEAR = re.compile(r"(20\d\d)\s*年")


class Value(NamedTuple):
    """A number of a table with the labels to its left and those above it, joined by ` / `."""

    row_label: str
    column_label: str
    value: float


class ScrapedPage(NamedTuple):
    """What the script makes of a page; `sections` are headings with the text below each."""

    title: str
    year: int | None
    sections: list[tuple[str, str]]
    values: list[Value]


def scrape(data: bytes) -> ScrapedPage:
    """Read a page as an analyst's script does; raises what its libraries raise."""
    soup = BeautifulSoup(_decode(data), "lxml")
    title = soup.title.get_text(strip=True) if soup.title else ""
    for heading in soup.find_all(["h1", "h2"]):
        if "年度报告" in heading.get_text():
            title = heading.get_text(strip=True)
            break
    year = _YEAR.search(title)
    # a table around others, or one of a single row, only lays out the page
    tables = [t for t in soup.find_all("table") if not t.find("table") and len(t.find_all("tr", limit=2)) > 1]
    values = [value for table in tables for value in _read_table(table)]
    return ScrapedPage(title, int(year[1]) if year else None, _read_sections(soup, tables), values)


def _decode(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16")
    try:
        return data.decode()
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:2_000])
        codec = declared[1].decode() if declared else "gbk"
        # pages that say gb2312 hold characters that only its successor has
        return data.decode("gb18030" if codec.lower().startswith(("gb", "utf")) else codec, "replace")


def _read_sections(soup: BeautifulSoup, tables: list[Tag]) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = []
    of_data = set(map(id, tables))
    for element in soup.find_all(_TEXT_TAGS):
        if element.find(_TEXT_TAGS) or id(element.find_parent("table")) in of_data:
            continue
        text = element.get_text(strip=True)
        if _HEADING.fullmatch(text):
            sections.append((text, []))
        elif text and sections:
            sections[-1][1].append(text)
    return [(heading, "\n".join(texts)) for heading, texts in sections]


def _read_table(table: Tag) -> list[Value]:
    try:
        frame = pd.read_html(StringIO(str(table)), flavor="lxml")[0]
    except ValueError:  # "No tables found": a table without text
        return []
    rows = [[_text(cell) for cell in row] for row in frame.to_numpy().tolist()]
    head = [column if isinstance(column, tuple) else (column,) for column in frame.columns]
    if not all(isinstance(label, int) for labels in head for label in labels):
        rows = [[str(label) for label in level] for level in zip(*head, strict=True)] + rows
    above: list[list[str]] = [[] for _ in range(len(frame.columns))]
    before, in_head, n_lines = above, True, 0
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        numbers = {at for at, text in enumerate(row) if _NUMBER.fullmatch(text)}
        if not numbers:
            texts = {text for text in row if text not in _NOTHING}
            if len(texts) == 1 and all(row):  # a title right across may begin a part of the table with its own head
                before, above = above, [[] for _ in above]
                in_head, n_lines = True, 0
            if in_head and (len(texts) > 1 or all(row)):
                for at, text in enumerate(row):
                    above[at].append(text)
                n_lines += 1
            continue
        if in_head and n_lines == 1 and any(before):  # a title with figures right below: the head above it holds
            above = before
        in_head = False
        first = min(numbers)
        label = _path([text for text in row[:first] if text not in _UNITS])
        for at in numbers:
            column = _path([text for text in above[at] if text not in _UNITS])
            if column.endswith(_CODES):
                continue
            found.setdefault((label, column), float(row[at].replace(",", "")))
    return [Value(row, column, value) for (row, column), value in found.items()]


def _text(cell: object) -> str:
    """The text of a cell of a frame; pandas makes 12.0 of 12 where a cell of the column is blank."""
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:.10g}"  # noqa: PLR0124  (NaN)
    return re.sub(r"\s+", "", str(cell))


def _path(texts: list[str]) -> str:
    return " / ".join(dict.fromkeys(text for text in texts if text))


def main() -> None:
    for name in sys.argv[1:]:
        page = scrape(Path(name).read_bytes())
        json.dump(page._asdict(), sys.stdout, ensure_ascii=False, indent=1)
        print()


if __name__ == "__main__":
    main()
