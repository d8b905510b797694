"""The script that a user would write in an afternoon: BeautifulSoup for the text, pandas.read_html for the tables.

    python benchmarks/baseline.py PAGE...

It is what gongkai is measured against, so it is written with care: BeautifulSoup over lxml, its guess of the charset,
tables that only lay out the page left aside, head lines and row labels joined into paths, units kept out of labels,
columns of line numbers skipped, spanned values counted once. It knows neither the forms nor where the report begins.
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
_UNITS = frozenset({"条", "件", "次", "人", "人次", "篇", "个", "元", "万元", "条数", "单位", "计量单位"})
_CODES = ("代码", "序号")
_TEXT_TAGS = ("p", "h1", "h2", "h3", "h4", "h5", "div")
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
    soup = BeautifulSoup(data, "lxml")
    title = soup.title.get_text(strip=True) if soup.title else ""
    for heading in soup.find_all(["h1", "h2"]):
        if "年度报告" in heading.get_text():
            title = heading.get_text(strip=True)
            break
    year = _YEAR.search(title)
    values = [value for table in soup.find_all("table") if not table.find("table") for value in _read_table(table)]
    return ScrapedPage(title, int(year[1]) if year else None, _read_sections(soup), values)


def _read_sections(soup: BeautifulSoup) -> list[tuple[str, str]]:
    sections: list[tuple[str, list[str]]] = []
    for element in soup.find_all(_TEXT_TAGS):
        if element.find(_TEXT_TAGS) or element.find_parent("table"):
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
    found: dict[tuple[str, str], float] = {}
    for row in rows:
        numbers = {at for at, text in enumerate(row) if _NUMBER.fullmatch(text)}
        if not numbers:
            # A line of labels: below figures it begins a new head.
            if found and any(above) and _is_head(row):
                above = [[] for _ in above]
            for at, text in enumerate(row):
                above[at].append(text)
            continue
        first = min(numbers)
        label = _path([text for text in row[:first] if text not in _UNITS])
        for at in numbers:
            column = _path([text for text in above[at] if text not in _UNITS])
            if column.endswith(_CODES):
                continue
            found.setdefault((label, column), float(row[at].replace(",", "")))
    return [Value(row, column, value) for (row, column), value in found.items()]


def _is_head(row: list[str]) -> bool:
    """Whether a line without numbers is the title of a part of the table: one text all the way across."""
    return len(set(row)) == 1 and bool(row[0])


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
