"""What is kept of a page gives its report again, also by forms that changed since."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from parsers import keep, read_page, remap
from tests.support.golden_pages import golden_pages

ROOT = Path(__file__).parents[2]

# Reads the pages anew and from what was kept, in a process whose forms have other labels than this one's.
CHILD = """
import json, sys
from dataclasses import replace
from pathlib import Path
from corpus import forms, tables

read_table = tables.read_table
changes = json.loads(sys.argv[1])

def changed(name):
    rows = read_table(name)
    if name == "aliases.csv":
        rows = [row for row in rows if row["label"] not in changes["without"]] + changes["more"]
    return rows

tables.read_table = forms.read_table = changed
from parsers import keep, parse, remap

for path in sys.argv[2:]:
    data = Path(path).read_bytes()
    report = remap(Path(path).with_suffix(".kept").read_bytes())
    read = parse(data)
    same = report == replace(read, decoded=replace(read.decoded, text=""))
    print(json.dumps({"again": report is None, "same": same, "mapped": sum(bool(c.indicator) for c in read.cells)}))
"""


@pytest.mark.parametrize("golden", golden_pages(), ids=lambda golden: golden.name)
def test_a_kept_page_gives_the_report_that_reading_it_gave(golden):
    data, charset, media_type = golden.source()
    reading = read_page(data, charset=charset, media_type=media_type)
    text_left_out = replace(reading.report.decoded, text="")
    assert remap(keep(reading)) == replace(reading.report, decoded=text_left_out)


def test_what_was_not_kept_by_this_is_refused():
    with pytest.raises(msgspec.ValidationError):
        remap(msgspec.msgpack.encode({"a": 1}))


TABLE = """<html><head><title>某县2021年政府信息公开工作年度报告</title></head><body>
<h1>某县2021年政府信息公开工作年度报告</h1>
<p>一、总体情况</p><p>本年度主动公开政府信息共120条。</p><p>二、主动公开政府信息情况</p>
<table><tr><td>信息内容</td><td>本年制发件数</td><td>本年废止件数</td><td>现行有效件数</td></tr>
<tr><td>规章</td><td>1</td><td>0</td><td>3</td></tr>
<tr><td>{label}</td><td>4</td><td>2</td><td>9</td></tr></table>
<p>三、收到和处理政府信息公开申请情况</p><p>本年度收到申请5件。</p></body></html>"""


def remapped(tmp_path, pages, **changes):
    paths = []
    for number, page in enumerate(pages):
        path = tmp_path / f"{number}.html"
        path.write_bytes(page.encode())
        path.with_suffix(".kept").write_bytes(keep(read_page(page.encode())))
        paths.append(str(path))
    made = {"more": [], "without": [], **changes}
    command = [sys.executable, "-c", CHILD, json.dumps(made), *paths]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_new_spelling_is_mapped_without_reading_the_page_again(tmp_path):
    page = TABLE.format(label="红头规矩文书")
    before = sum(bool(cell.indicator) for cell in read_page(page.encode()).report.cells)
    (one,) = remapped(tmp_path, [page], more=[spelling("红头规矩文书")])
    assert one == {"again": False, "same": True, "mapped": before + 3}


def test_a_spelling_that_is_gone_is_unmapped(tmp_path):
    label = "规范性文件"
    page = TABLE.format(label=label)
    (one,) = remapped(tmp_path, [page], without=[label])
    assert one["same"]


def test_a_page_is_read_again_where_another_table_holds_data_now(tmp_path):
    layout = "<table><tr><td>甲文书</td><td>乙文书</td></tr><tr><td>丙文书</td><td>7</td></tr></table>"
    page = TABLE.format(label="规范性文件").replace("<p>三、", f"{layout}<p>三、")
    more = [spelling(label) for label in ("甲文书", "乙文书", "丙文书")]
    (one,) = remapped(tmp_path, [page], more=more)
    assert one["again"]


def spelling(label):
    return {"axis": "row", "label": label, "means": "行政规范性文件", "source": "test"}
