import runpy
from pathlib import Path

import pytest
from lxml import etree

# benchmarks/ is scripts, not an installed package.
SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "pages.py"))
LAYOUTS, make_page = SCRIPT["LAYOUTS"], SCRIPT["make_page"]


def rows(page: bytes, encoding: str = "utf-8") -> list[list[str]]:
    root = etree.fromstring(page.decode(encoding).encode(), etree.HTMLParser(encoding="utf-8"))
    return [["".join(cell.itertext()).strip() for cell in row.iter("td")] for row in root.iter("tr")]


@pytest.mark.parametrize("layout", ["2010", "2016", "2022"])
def test_the_same_seed_gives_the_same_bytes(layout):
    assert make_page(layout, 50_000, 7) == make_page(layout, 50_000, 7)
    assert make_page(layout, 50_000, 7) != make_page(layout, 50_000, 8)


@pytest.mark.parametrize("layout", ["2010", "2016", "2022"])
@pytest.mark.parametrize("size", [80_000, 1_000_000])
def test_the_size_is_met(layout, size):
    assert size <= len(make_page(layout, size, 1)) < size + 5_000


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-16"])
def test_any_encoding_that_has_the_characters(encoding):
    page = make_page("2016", 40_000, 1, encoding)
    assert f'charset="{encoding}"' in page.decode(encoding)
    assert page.decode(encoding).count("政府信息公开工作年度报告") == 3


def test_an_encoding_that_has_not():
    with pytest.raises(UnicodeEncodeError):
        make_page("2016", 1, 1, "big5")


def test_the_tables_of_every_layout_are_there():
    assert {layout: len(LAYOUTS[layout].tables) for layout in LAYOUTS} == {"2010": 1, "2016": 1, "2022": 3}
    assert ["主动公开信息数", "条"] in [row[:2] for row in rows(make_page("2010", 1, 1))]
    assert ["（一）收到申请数", "件"] in [row[:2] for row in rows(make_page("2016", 1, 1))]
    assert len(rows(make_page("2016", 1, 1))) == 1 + 65
    labels = {row[0] for row in rows(make_page("2022", 1, 1))}
    assert {"第二十条第（一）项", "一、本年新收政府信息公开申请数量", "四、结转下年度继续办理"} <= labels


def test_requests_balance():
    table = {row[0]: [int(cell) for cell in row[1:]] for row in rows(make_page("2022", 1, 3)) if len(row) == 8}
    received, carried_in = (
        table["一、本年新收政府信息公开申请数量"],
        table["二、上年结转政府信息公开申请数量"],
    )
    results, carried_out = table["（七）总计"], table["四、结转下年度继续办理"]
    coming, going = zip(received, carried_in, strict=True), zip(results, carried_out, strict=True)
    assert list(map(sum, coming)) == list(map(sum, going))
    assert all(sum(row[:-1]) == row[-1] for row in table.values())
