"""The bundled samples are whole, honest about their figures, and written in our own words."""

import csv
import json
import re
from collections import Counter
from decimal import Decimal
from functools import cache
from importlib import resources
from pathlib import Path

import lxml.html
import pytest

SAMPLES = Path(str(resources.files("corpus.samples")))
FORMS = Path(str(resources.files("corpus.data"))) / "forms.csv"
PUBLISHED = Path(__file__).resolve().parents[3] / "shared" / "corpus-dev"  # stands beside the checkout, not in it

MANIFEST_COLUMNS = [
    "file",
    "source_uri",
    "agency",
    "report_year",
    "captured_at",
    "figures",
    "form",
    "remarks",
]
CELL_COLUMNS = ["section_path", "table_title", "row_label", "column_label", "unit", "raw_value", "value"]
META_KEYS = {
    "agency",
    "report_year",
    "title",
    "published",
    "url",
    "era",
    "report_scope",
    "made_of",
    "quirks",
} | {
    "encoding",
    "declared_charset",
}
FICTIONAL = "样本市"
FORM_NOTE = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
RUN = 30  # characters in a row that two reports of different authors do not share, official names aside
NAMES = sorted(p.name for p in SAMPLES.iterdir() if p.is_dir() and not p.name.startswith("__"))

SPACE = re.compile(r"[\s\u3000\u200b\ufeff]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
DECLARED = re.compile(rb"charset=[\"']?([A-Za-z0-9-]+)")


def _rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _page(folder):
    return next(p for p in (folder / "page.html", folder / "page.txt") if p.exists())


def _squeeze(text):
    return SPACE.sub("", text)


@cache
def _meta(folder):
    return json.loads((folder / "meta.json").read_text(encoding="utf-8"))


@cache
def _tree(folder):
    tree = lxml.html.document_fromstring((folder / "page.html").read_bytes().decode(_meta(folder)["encoding"]))
    for node in tree.xpath("//script | //style | //*[@class='hide']"):
        node.drop_tree()
    return tree


@cache
def _text(folder):
    """Visible text of a page without white space."""
    if (folder / "page.txt").exists():
        return _squeeze((folder / "page.txt").read_bytes().decode(_meta(folder)["encoding"]))
    return _squeeze(_tree(folder).text_content())


def _printed_cells(folder):
    """Every innermost table cell, or every line of a text page, with white space dropped."""
    if (folder / "page.txt").exists():
        page = (folder / "page.txt").read_bytes().decode(_meta(folder)["encoding"])
        return Counter(_squeeze(line) for line in page.splitlines())
    cells = _tree(folder).xpath("//td[not(.//table)] | //th[not(.//table)]")
    return Counter(_squeeze(cell.text_content()) for cell in cells)


@pytest.fixture(scope="module")
def manifest():
    return _rows(SAMPLES / "manifest.csv")


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_page_golden_record_and_meta(name):
    folder = SAMPLES / name
    assert _page(folder).stat().st_size > 6000
    assert _page(folder).stat().st_size < 60_000
    assert set(_meta(folder)) == META_KEYS
    with (folder / "cells.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.reader(file)) == CELL_COLUMNS
    headings = json.loads((folder / "sections.json").read_text(encoding="utf-8"))
    assert len(headings) >= 8
    assert {h["level"] for h in headings} <= {1, 2, 3}


def test_the_manifest_names_every_sample_once(manifest):
    assert list(manifest[0]) == MANIFEST_COLUMNS
    assert sorted(row["file"] for row in manifest) == sorted(f"{n}/{_page(SAMPLES / n).name}" for n in NAMES)
    assert len({row["source_uri"] for row in manifest}) == len(NAMES) >= 14


def test_the_manifest_says_the_same_as_the_meta(manifest):
    for row in manifest:
        meta = _meta((SAMPLES / row["file"]).parent)
        assert row["source_uri"] == meta["url"]
        assert row["source_uri"].startswith("https://example.invalid/")
        assert row["agency"] == meta["agency"]
        assert row["report_year"] == str(meta["report_year"])
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["captured_at"])
        assert max(meta["published"], f"{meta['report_year'] + 1}-01-01") <= row["captured_at"][:10]


def test_made_up_figures_are_named_so_and_belong_to_bodies_that_do_not_exist(manifest):
    for row in manifest:
        made_of = _meta((SAMPLES / row["file"]).parent)["made_of"]
        assert row["figures"] in {"real", "made_up"}
        made_up = row["figures"] == "made_up"
        assert row["agency"].startswith(FICTIONAL) is made_up
        assert made_of.startswith("made-up figures" if made_up else "own wording")
        assert ("fictional" in row["remarks"]) is made_up


def test_the_samples_cover_the_forms_and_the_years(manifest):
    assert {r["form"] for r in manifest} >= {
        "A_SH_2008",
        "A_CUSTOMS_2010",
        "A_FJ_2014",
        "B_2014_32",
        "C1_2019_60",
        "C2_2021_30",
    }
    assert len({r["agency"] for r in manifest if r["figures"] == "real"}) >= 3
    years = {r["report_year"] for r in manifest if r["agency"] == "平潭综合实验区管委会"}
    assert years >= {"2018", "2019", "2020", "2021"}


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_are_in_the_named_encoding(name):
    folder = SAMPLES / name
    data = _page(folder).read_bytes()
    assert "\ufffd" not in data.decode(_meta(folder)["encoding"])
    declared = DECLARED.search(data[:2048])
    assert (declared.group(1).decode().lower() if declared else "") == _meta(folder)["declared_charset"]


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_value_is_printed_in_a_cell_of_the_page(name):
    golden = Counter(_squeeze(row["raw_value"]) for row in _rows(SAMPLES / name / "cells.csv") if row["raw_value"])
    assert not golden - _printed_cells(SAMPLES / name)


@pytest.mark.parametrize("name", NAMES)
def test_every_golden_label_is_printed(name):
    text = _text(SAMPLES / name)
    for row in _rows(SAMPLES / name / "cells.csv"):
        for label in f"{row['row_label']} / {row['column_label']} / {row['table_title']}".split(" / "):
            assert _squeeze(label) in text


@pytest.mark.parametrize("name", NAMES)
def test_a_golden_value_is_the_printed_number_or_nothing(name):
    for row in _rows(SAMPLES / name / "cells.csv"):
        if row["value"]:
            printed = row["raw_value"].removesuffix("元")
            assert Decimal(row["value"]) == Decimal(printed)  # Decimal reads full-width digits too
        else:
            assert row["raw_value"] in {"", "/", "-", "—"}


@pytest.mark.parametrize("name", NAMES)
def test_headings_stand_on_the_page_in_golden_order(name):
    text, at = _text(SAMPLES / name), 0
    for heading in json.loads((SAMPLES / name / "sections.json").read_text(encoding="utf-8")):
        at = text.index(_squeeze(heading["text"]), at) + 1


def _form_labels(form_id):
    rows = [r for r in _rows(FORMS) if r["form_id"] == form_id and r["axis"] == "row"]
    return [r["label"] for r in sorted(rows, key=lambda r: int(r["order"]))]


def test_the_shanghai_table_is_complete():
    golden = [r["row_label"] for r in _rows(SAMPLES / "sample-bureau-2010" / "cells.csv")]
    assert len(golden) == 54
    assert golden == _form_labels("A_SH_2008")


@pytest.mark.parametrize("name", ["sample-district-2016", "sample-district-2017"])
def test_the_national_table_of_2014_is_complete(name):
    golden = [r["row_label"] for r in _rows(SAMPLES / name / "cells.csv")]
    form = _form_labels("B_2014_32")
    without_group_rows = [label for i, label in enumerate(form, 1) if i not in {1, 5, 11, 13, 21, 55, 62}]
    assert len(form) == 65
    assert golden == without_group_rows
    assert all(_squeeze(label) in _text(SAMPLES / name) for label in form)
    assert "单位负责人：" in _text(SAMPLES / name)


def test_the_made_up_figures_of_2010_add_up():
    rows = _rows(SAMPLES / "sample-bureau-2010" / "cells.csv")
    v = dict(enumerate((Decimal(r["value"]) for r in rows), 1))
    assert v[12] == sum(v[i] for i in range(13, 19)) == 87
    assert v[19] == sum(v[i] for i in range(20, 28)) == 85
    assert v[27] == sum(v[i] for i in range(28, 34)) == 5
    assert v[43] == sum(v[i] for i in range(44, 49)) == Decimal("1268.50")
    assert v[37] == v[38] + v[43]
    assert v[49] == v[50] + v[51] == 6


@pytest.mark.parametrize(
    ("name", "received", "closed"), [("sample-district-2016", 64, 62), ("sample-district-2017", 71, 70)]
)
def test_the_made_up_figures_of_the_national_table_add_up(name, received, closed):
    values = [Decimal(r["value"]) for r in _rows(SAMPLES / name / "cells.csv")]
    v = dict(zip((i for i in range(1, 66) if i not in {1, 5, 11, 13, 21, 55, 62}), values, strict=True))
    assert v[22] == v[23] + v[24] + v[25] + v[26] == received
    assert v[27] == v[28] + v[29] == closed
    assert v[30] == v[31] + v[32] + v[33] + v[34] + v[41] + v[42] + v[43] + v[44] == closed
    assert v[34] == sum(v[i] for i in range(35, 41))
    assert v[45] == v[46] + v[47] + v[48]
    assert v[49] == v[50] + v[51] + v[52]
    assert v[58] == v[59] + v[60]


def _official(folder):
    """Labels and titles that are the form's or the agency's name, not anyone's prose."""
    cells = _rows(folder / "cells.csv")
    labels = {part for r in cells for k in ("row_label", "column_label", "table_title") for part in r[k].split(" / ")}
    headings = {h["text"] for h in json.loads((folder / "sections.json").read_text(encoding="utf-8"))}
    return {_squeeze(s) for s in labels | headings | {_meta(folder)["title"], FORM_NOTE} if len(s) >= 8}


def _runs_of_prose(folder, official):
    text = _text(folder)
    for label in sorted(official, key=len, reverse=True):
        text = text.replace(label, "\n")
    runs = (line[i : i + RUN] for line in text.split("\n") for i in range(len(line) - RUN + 1))
    # a run without a comma or a full stop is a row of labels or of menu entries
    return {r for r in runs if len(HAN.findall(r)) >= 20 and any(mark in r for mark in "，。；,;")}


def test_no_sentence_is_taken_from_a_published_page():
    if not PUBLISHED.is_dir():
        pytest.skip("the published pages do not stand beside this checkout")
    published = sorted(p.parent for p in PUBLISHED.glob("*/page.*") if p.suffix in {".html", ".txt"})
    assert published
    official = set().union(*(_official(f) for f in [*published, *(SAMPLES / n for n in NAMES)]))
    theirs = set().union(*(_runs_of_prose(f, official) for f in published))
    shared = {name: sorted(_runs_of_prose(SAMPLES / name, official) & theirs) for name in NAMES}
    assert len(theirs) > 1000
    assert {name: runs for name, runs in shared.items() if runs} == {}
