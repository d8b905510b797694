"""The archived page in its frame: all its places, nothing that could run, load, send, navigate or pretend."""

import base64
import hashlib
import json
import re
import shutil
import sqlite3
from contextlib import closing
from html import unescape
from pathlib import Path

import pytest
from hostile_frames import HOSTILE
from marked_pages import Shown, cell, span
from small_pages import own_table, page_with

from gongkai import pagestore
from gongkai.shelf import open_shelf
from outputs.explorer.archived.harmless import make_harmless
from outputs.explorer.archived.places import places_of
from outputs.explorer.kinds import answer
from outputs.explorer.records import ArchivedPage, NoPage
from outputs.explorer.shown.evidence import places_in
from parsers.marking import mark
from parsers.report import parse

_TAGS = (
    "html head meta title style body main a p div br hr wbr h1 h2 h3 h4 h5 h6 ul ol li dl dt dd table caption colgroup "
    "col thead tbody tfoot tr td th b strong i em u s strike del ins span sub sup small big font center blockquote pre "
    "code tt"
)
_ATTRIBUTES = (
    "id class title href data-place style align valign width bgcolor color size border colspan rowspan span start "
    "cellpadding cellspacing dir lang type nowrap"
)
SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
PAGE = page_with(own_table(), head="<h1>样本市民政局2021年政府信息公开工作年度报告</h1><p>收到申请70件。</p>")


def frame(page, *places):
    """The document of a page, and how it reads."""
    made = make_harmless(mark(page if isinstance(page, bytes) else page.encode(), places))
    return made, Shown(made.html)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("where", ["before", "within", "as text"])
def test_nothing_of_a_hostile_page_remains(hostile, where):
    page = {
        "before": hostile + PAGE,
        "within": PAGE.replace("<td>条</td>", f"<td>{hostile}</td>", 1),
        "as text": hostile.replace("<", "&lt;") + PAGE,
    }[where]
    places = [cell(one.table_no, one.row, one.col) for one in parse(page.encode()).cells]
    made, read = frame(page, *places)
    assert read.tags() <= TAGS
    for tag, attributes in read.elements:
        if tag == "meta":
            assert set(attributes) <= {"charset", "http-equiv", "content", "name"}
            continue
        assert set(attributes) <= ATTRIBUTES
        assert not re.search(r"[(\\@]|[^-]position|display|:-", unescape(attributes.get("style", "")))
        assert attributes.get("href", "#c-").startswith(("#c-", "#b-"))
        assert attributes.get("id", attributes.get("data-place")) == attributes.get("data-place")
    assert [attributes["http-equiv"] for attributes in read.named("meta") if "http-equiv" in attributes] == [
        "Content-Security-Policy"
    ]
    assert [len(read.named(tag)) for tag in ("html", "head", "style", "title", "body", "main")] == [1] * 6
    assert not read.open
    assert set(read.ids) == made.anchors
    assert not made.wrong
    assert made.html.endswith("\n</main>\n</body>\n</html>\n")
    assert read.declarations == ["DOCTYPE html"]
    if where == "as text":
        assert read.under("c-0-1-2") == "12"


def test_a_mark_cannot_be_pretended():
    _, read = frame(
        PAGE.replace("<h1>", HOSTILE["spoofed marks"] + "<h1>"), cell(0, 1, 2, note='12" onclick="alert(1)')
    )
    assert read.ids == ["c-0-1-2"]
    assert read.under("c-0-1-2") == "12"
    (link,) = read.named("a")
    assert link == {"class": "gk-mark", "title": '12" onclick="alert(1)', "href": "#c-0-1-2"}
    assert "99" in read.text
    assert "98" in read.text


def test_only_letters_digits_and_hyphens_make_an_anchor():
    places = [cell(0, 1, 2)]
    object.__setattr__(places[0], "anchor", 'x"><script>alert(1)</script>')
    marked = mark(PAGE.encode(), places)
    assert marked.unmarked == {places[0].anchor}
    assert "script" not in make_harmless(marked).html


def test_styles_keep_what_shapes_a_text():
    page = PAGE.replace(
        "<p>收到", "<p style='TEXT-ALIGN: center; color:#f00; font-weight:bold; width:50%; position:fixed'>收到"
    )
    _, read = frame(page)
    assert {"style": "text-align:center;color:#f00;font-weight:bold;width:50%"} in read.named("p")


def test_the_document_lets_nothing_load_and_only_its_own_style_count():
    made, read = frame(PAGE)
    style = made.html.partition("<style>")[2].partition("</style>")[0]
    policy = next(meta["content"] for meta in read.named("meta") if meta.get("http-equiv"))
    digest = hashlib.sha256(style.encode()).digest()
    assert f"style-src-elem 'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "url(" not in style


# The shelf.


def test_every_place_of_the_samples_is_marked(desk):
    n_places = 0
    for report in desk.rows("SELECT capture_id, title FROM reports"):
        places = places_of(desk, report["capture_id"])
        page = desk.shelf.page(report["capture_id"], places)
        assert isinstance(page, ArchivedPage)
        assert page.anchors == {place.anchor for place in places}
        assert page.unmarked == frozenset()
        assert page.sha256.startswith(report["capture_id"])
        assert page.remark == ""
        n_places += len(places)
    assert n_places == desk.row("SELECT (SELECT count(*) FROM cells) + (SELECT count(*) FROM claims)")[0]


def test_what_facts_and_checks_name_is_marked(desk):
    marked = {
        (report["capture_id"], place.anchor)
        for report in desk.rows("SELECT capture_id FROM reports")
        for place in places_of(desk, report["capture_id"])
    }
    checks = desk.rows("SELECT capture_id, evidence FROM checks")
    named = {
        (place.capture_id or check["capture_id"], place.anchor)
        for check in checks
        for place in places_in(check["evidence"])
    }
    assert len(named) > 1000
    assert named <= marked


def test_the_page_of_the_frame_is_the_archived_one(desk):
    report = desk.row("SELECT capture_id FROM reports WHERE agency LIKE '%平潭%' AND report_year = 2023")
    given = answer(desk, f"archived/{report['capture_id']}")
    read = Shown(given.body)
    assert given.archived
    assert given.status == 200
    assert read.under("c-0-10-1") == "54"
    assert "政府信息公开工作年度报告" in read.text


def test_a_report_that_is_not_there_has_no_page(desk):
    assert answer(desk, "archived/0123456789abcdef").status == 404


ONE = hashlib.sha256((SAMPLES / "pingtan-2023" / "page.html").read_bytes()).hexdigest()[:16]


@pytest.fixture
def small(dataset, tmp_path):
    """A folder with the dataset of the samples, not opened yet, and beside it the archive that it was built from."""
    shutil.copytree(dataset, tmp_path / "dataset", ignore=shutil.ignore_patterns(".gongkai-explorer"))
    shutil.copytree(SAMPLES, tmp_path / "samples")
    return tmp_path


def test_pages_stay_when_the_archive_is_gone(small):
    first = open_shelf(small / "dataset").page(ONE, [cell(0, 10, 1)])
    shutil.rmtree(small / "samples")
    again = open_shelf(small / "dataset").page(ONE, [cell(0, 10, 1)])
    assert first == again
    assert again.anchors == {"c-0-10-1"}
    assert again.n_bytes == (SAMPLES / "pingtan-2023" / "page.html").stat().st_size


def test_an_archive_that_is_not_there_is_said_and_may_be_named_later(small):
    (small / "samples").rename(small / "elsewhere")
    page = open_shelf(small / "dataset").page(ONE, [])
    assert isinstance(page, NoPage)
    assert "samples" in page.what
    assert "--archive" in page.next_step
    named = open_shelf(small / "dataset", [small / "elsewhere"]).page(ONE, [])
    assert isinstance(named, ArchivedPage)
    assert isinstance(open_shelf(small / "dataset").page(ONE, []), ArchivedPage)


def test_bytes_that_are_not_those_of_the_digest_are_not_shown(small):
    shelf = open_shelf(small / "dataset")
    (file,) = (small / "dataset").rglob(pagestore.PAGES_FILE)
    for packed in (pagestore.zlib.compress(b"<p>another page"), b"no page at all"):
        with closing(sqlite3.connect(file)) as base, base:
            base.execute("UPDATE pages SET packed = ?", (packed,))
        page = open_shelf(small / "dataset").page(ONE, [])
        assert isinstance(page, NoPage)
        assert str(file) in page.next_step
    file.unlink()
    assert isinstance(shelf.page(ONE, [cell(0, 10, 1)]), NoPage)


def test_a_dataset_of_another_reading_is_shown_without_marks(small):
    run = small / "dataset" / "run.json"
    content = json.loads(run.read_text(encoding="utf-8"))
    content["versions"]["parser"] = "0"
    run.write_text(json.dumps(content), encoding="utf-8")
    page = open_shelf(small / "dataset").page(ONE, [cell(0, 10, 1), span(1, 0, 2)])
    assert page.anchors == frozenset()
    assert page.unmarked == {"c-0-10-1", "b-1-0-2"}
    assert page.remark


def test_a_page_that_cannot_be_read_again_costs_only_itself(small, monkeypatch):
    monkeypatch.setattr("gongkai.shelf.mark", lambda *_, **__: 1 / 0)
    page = open_shelf(small / "dataset").page(ONE, [])
    assert isinstance(page, NoPage)
    assert "ZeroDivisionError" in page.what


def test_a_mark_that_does_not_come_out_right_is_left_out(small, monkeypatch):
    def wrong(data, places, **transport):
        marked = mark(data, places, **transport)
        return type(marked)(
            marked.html,
            marked.seal,
            marked.title,
            {anchor: "55" if anchor == "c-0-10-1" else text for anchor, text in marked.texts.items()},
            marked.unmarked,
        )

    monkeypatch.setattr("gongkai.shelf.mark", wrong)
    page = open_shelf(small / "dataset").page(ONE, [cell(0, 10, 1), cell(0, 2, 1)])
    assert page.anchors == {"c-0-2-1"}
    assert page.unmarked == {"c-0-10-1"}
    assert Shown(page.html).ids == ["c-0-2-1"]
