import sys
from pathlib import Path

import pytest

# benchmarks/ is scripts, not an installed package.
sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.baseline import Value, scrape
from benchmarks.pages import LAYOUTS, make_page

SAMPLES = Path(__file__).parents[2] / "corpus" / "samples"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_script_reads_the_pages_that_its_time_is_taken_on(layout):
    """It would be no fair comparison if it were quick because it found nothing."""
    page = scrape(make_page(layout, 80_000, 1, "gbk"))
    assert page.year == LAYOUTS[layout].year
    assert [heading for heading, _ in page.sections] == list(LAYOUTS[layout].headings)
    assert all(text for _, text in page.sections)
    assert len(page.values) >= {"2010": 34, "2016": 55, "2022": 190}[layout]


def test_it_keeps_labels_with_their_numbers():
    page = scrape((SAMPLES / "pingtan-2021" / "page.html").read_bytes())
    found = {(row, column.rpartition(" / ")[2]): value for row, column, value in page.values}
    assert found["一、本年新收政府信息公开申请数量", "总计"] == 70
    assert (
        Value("行政规范性文件", "第二十条第（一）项 / 现行有效件数", found["行政规范性文件", "现行有效件数"])
        in page.values
    )


def test_a_blank_cell_and_thousands():
    rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in (("指标", "单位", "数"), ("收到", "件", "")))
    page = scrape(f"<table>{rows}<tr><td>办结</td><td>件</td><td>1,234</td></tr></table>".encode())
    assert page.values == [Value("办结", "数", 1234.0)]
