"""Reports of many agencies and years that are made up: as long as real ones, the same bytes for the same seed.

    python benchmarks/reports.py FOLDER [--reports 500] [--seed 0]

The bodies are those of regions that there are, so that the registry knows them; their figures are made up. Some
years are missing, some pages gave nothing, some tables do not add up, some agencies leave cells blank where others
print a zero, and some pages were captured again after an edit.
"""

import argparse
import csv
import random
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

# A script's own folder is on the path, the packages beside it are not.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.pages import LAYOUTS, Cell, Layout
from benchmarks.report_figures import Figures
from benchmarks.report_prose import Prose
from corpus.tables import read_table

_YEARS = range(2012, 2025)
_PER_AGENCY = 12
"""Reports of an agency, in the mean of many: some began late, and some years are missing."""

_BODIES = ("人民政府",) * 3 + ("教育局", "财政局", "民政局", "公安局", "审计局", "统计局", "司法局", "水利局")
_MISSING, _BLOCKED, _AGAIN = 0.05, 0.01, 0.02

HEADINGS = {
    2007: (
        ("一、概述", "overview"),
        ("二、主动公开政府信息的情况", "proactive"),
        ("三、依申请公开政府信息办理情况", "requests"),
        ("四、政府信息公开的收费及减免情况", "fees"),
        ("五、因政府信息公开申请行政复议、提起行政诉讼的情况", "review"),
        ("六、政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("七、附表", "appendix"),
    ),
    2019: (
        ("一、总体情况", "overview"),
        ("二、主动公开政府信息情况", "proactive"),
        ("三、收到和处理政府信息公开申请情况", "requests"),
        ("四、政府信息公开行政复议、行政诉讼情况", "review"),
        ("五、存在的主要问题及改进情况", "problems"),
        ("六、其他需要报告的事项", "other"),
    ),
}
_BLOCKED_PAGE = """<!DOCTYPE html><html><head><title>403 Forbidden</title></head>
<body><h1>403 Forbidden</h1><!-- {} {} --></body></html>"""


@dataclass(frozen=True, slots=True)
class MadePage:
    """A page with what its collector knows of it; `file` is its name."""

    file: str
    source_uri: str
    agency: str
    report_year: int
    captured_at: str
    data: bytes


def make_reports(n_reports: int, seed: int = 0) -> Iterator[MadePage]:
    """Make about `n_reports` reports, agency by agency, and a page in a hundred that gives none."""
    for number, (agency, place) in enumerate(_agencies(max(1, round(n_reports / _PER_AGENCY)), seed)):
        yield from _of_agency(number, agency, place, seed)


def write_reports(folder: Path, n_reports: int, seed: int = 0) -> int:
    """Write the pages and their manifest into a folder, which is made; return how many pages there are."""
    folder.mkdir(parents=True, exist_ok=True)
    n_pages = 0
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "source_uri", "agency", "report_year", "captured_at"))
        for page in make_reports(n_reports, seed):
            target = folder / page.file
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(page.data)
            writer.writerow((page.file, page.source_uri, page.agency, page.report_year, page.captured_at))
            n_pages += 1
    return n_pages


def _agencies(n_agencies: int, seed: int) -> list[tuple[str, str]]:
    """Names of bodies, each with that of its place, in an order of their own."""
    rows = read_table("regions.csv")
    names = {row["code"]: row["name"] for row in rows if not row["valid_to"]}
    places = [
        (names.get(row["parent"], "") + row["name"] if row["level"] == "county" else row["name"], row["name"])
        for row in rows
        if row["level"] in {"county", "prefecture"} and not row["valid_to"] and not row["valid_from"]
    ]
    bodies = [
        (place + _BODIES[(n + turn) % len(_BODIES)], short)
        for turn in (0, 5)
        for n, (place, short) in enumerate(places)
    ]
    return random.Random(seed).sample(bodies, n_agencies)


def _of_agency(number: int, agency: str, place: str, seed: int) -> Iterator[MadePage]:
    rng = random.Random(f"{seed} {number}")
    figures = Figures(f"{seed} {number} figures", rng.lognormvariate(3.0, 1.1) + 1)
    # One agency in forty begins with the text of another.
    prose = Prose(place, f"{seed} {number - (number % 40 == 1)} prose", rng.uniform(0.6, 1.9))
    folder = f"{number // 100:03d}"
    for year in range(rng.choice((2012, 2012, 2013, 2013)), _YEARS.stop):
        tables, parts = figures.tables(year), prose.write()
        chance = rng.random()
        if chance < _MISSING:
            continue
        file, uri = f"{folder}/{number:04d}-{year}", f"http://www.a{number:04d}.example/xxgk/{year + 1}/nb.html"
        month, day, hour = rng.randint(2, 4), rng.randint(1, 28), rng.randint(1, 9)
        times = [f"{year + 1}-{month:02d}-{day:02d}T0{hour}:15:00Z"]
        if chance < _MISSING + _BLOCKED:
            blocked = _BLOCKED_PAGE.format(number, year).encode()
            yield MadePage(f"{file}.html", uri, agency, year, times[0], blocked)
            continue
        if chance > 1 - _AGAIN:
            times.append(f"{year + 1}-{month + 3:02d}-{day:02d}T0{hour}:40:00Z")
        for n, captured_at in enumerate(times):
            data = _page(agency, year, parts, tables, figures)
            yield MadePage(f"{file}{'-again' * n}.html", uri, agency, year, captured_at, data)
            figures.slip()


def _page(
    agency: str, year: int, parts: Mapping[str, list[str]], tables: Mapping[str, list[list[Cell]]], figures: Figures
) -> bytes:
    layout = layout_of(year)
    preamble = (
        f"根据《中华人民共和国政府信息公开条例》，现公布{agency}{year}年度报告。"
        f"所列数据的统计期限自{year}年1月1日起至{year}年12月31日止。"
    )
    body = [layout.write(layout.paragraph, preamble)]
    stated = {
        "requests": f"全年收到政府信息公开申请{figures.received}件，办结{figures.processed}件。",
        "review": f"因政府信息公开引起的行政复议{figures.reviews}件。",
    }
    for heading, part in HEADINGS[2007 if year < 2019 else 2019]:
        body.append(layout.write(layout.heading, heading))
        texts = [stated[part], *parts[part]] if part in stated else parts.get(part, [])
        body += [layout.write(layout.paragraph, text) for text in texts]
        if part in tables:
            body.append(layout.write_table(tables[part]))
    encoding = "gbk" if year < 2014 else "utf-8"
    return layout.write_page("".join(body), agency, year, encoding).encode(encoding)


def layout_of(year: int) -> Layout:
    if year < 2014:
        return LAYOUTS["2010"]
    return LAYOUTS["2016"] if year < 2019 else replace(LAYOUTS["2022"], run=24)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="where the pages and their manifest go")
    parser.add_argument("--reports", type=int, default=500, help="about how many reports")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"{write_reports(options.folder, options.reports, options.seed)} pages in {options.folder}")


if __name__ == "__main__":
    main()
