"""The search: what is printed is found, whatever is typed, and shown with what was found marked."""

import json
import re
import sqlite3

import pytest

from outputs import schema
from outputs.explorer import searchfiles
from outputs.explorer.index import search as searching
from outputs.explorer.index.fulltext import load_search
from outputs.explorer.index.functions import add_functions
from outputs.explorer.index.search import search
from outputs.explorer.index.snippets import marked, snippet
from outputs.explorer.index.terms import LONGEST, read_terms
from outputs.explorer.kinds import answer
from outputs.explorer.pages.search import KIND

TEXTS = (
    ("一、总体情况", "全年收到行政複議申请1,234件，占３３.９％，比上年增加。"),
    ("二、公开申请", "朱坝街道依申请公开申请表2 020份；中国会议。"),
    ("三、其他", "联系电话12345热线，网址www.Example.gov.cn。公\n开"),
    ("四、<b>标签</b>", "政 府信息<script>alert(1)</script>与行政复议、行政诉讼"),
)


@pytest.fixture(scope="module")
def base():
    """A search over four sections that were made up; they are numbered from 1."""
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    for table in schema.TABLES:
        base.execute(f"CREATE TABLE {table.name} ({', '.join(map(_quoted, table.columns))})")
    base.execute(
        "INSERT INTO reports (capture_id, agency_id, agency, agency_as_printed, agency_level, report_year, is_current, "
        "title) VALUES ('aa', 'x', '某县人民政府', '某縣', 'county', 2020, 1, '某县2020年年报')"
    )
    for number, (title, text) in enumerate(TEXTS, 1):
        base.execute(
            "INSERT INTO sections (capture_id, section_no, title, text) VALUES ('aa', ?, ?, ?)", (number, title, text)
        )
    load_search(base, lambda _: None)
    return base


def _quoted(column):
    return f'"{column.name}"'


def sections(base, question):
    """The numbers of the sections that are found, and how: `words` of the index, or `texts`."""
    found = search(base, question)
    query = "SELECT section_no FROM passages WHERE passage_id = ?"
    numbers = sorted(base.execute(query, (each,)).fetchone()[0] for each in found.places["section"])
    return numbers, "words" if found.by_words else "texts"


@pytest.mark.parametrize(
    ("question", "numbers", "how"),
    [
        ("复议", [1, 4], "words"),
        ("複議", [1, 4], "words"),
        ("行政复议", [1, 4], "words"),
        ("国会", [2], "words"),  # a word where a reader sees 中国 会议: printed is printed
        ("开申", [2], "texts"),  # no word: it cuts across 公开 and 申请
        ("朱坝", [2], "texts"),
        ("坝朱", [], "texts"),
        ("坝", [2], "texts"),
        ("政府信息", [4], "words"),  # a blank stands in it
        ("公开", [2], "words"),  # not from one line into the next
        ("1234", [1], "words"),
        ("1,234", [1], "words"),
        ("１２３４件", [1], "texts"),
        ("234", [], "words"),
        ("33.9%", [1], "words"),
        ("12345热线", [3], "texts"),
        ("GOV.cn", [3], "words"),
        ("复议 诉讼", [4], "words"),
        ("2020 复议", [1, 4], "words"),  # the year of the report
        ("某县 朱坝", [2], "texts"),
        ("2020", [], "words"),  # but not every section of the year
        ("“行政复议、行政诉讼”", [4], "texts"),
        ('"行政诉讼、行政复议"', [], "texts"),
        ("复议，诉讼", [4], "words"),
        ("标签", [4], "words"),
        ("script", [4], "words"),
    ],
)
def test_what_is_printed_is_found(base, question, numbers, how):
    assert sections(base, question) == (numbers, how)


def test_agencies_are_found_by_their_names_as_registered_and_as_printed(base):
    for question in ("人民政府", "某县", "某縣人民"):
        found = search(base, question)
        assert len(found.places["agency"]) == 1, question
    assert len(search(base, "某县").places["report"]) == 1


@pytest.mark.parametrize(
    "question",
    [
        "",
        " ",
        '"',
        "“”",
        "*",
        "NEAR(a b)",
        "a AND",
        "OR",
        "NOT 复议",
        "复议*",
        "text:复议",
        "^复议",
        "(((",
        "'; --",
        "\0复\0议",
        "😀",
        "[\\]^-",
        "𠀀𠀀",
        "复" * 10_000,
        "\ud800",
        "-- x /* y",
        "{title} : x",
        "１",
        "a" * 300,
        "\u202e复议",
        "%_%",
    ],
    ids=lambda question: repr(question[:20]),
)
def test_nothing_that_is_typed_is_an_error(base, question):
    found = search(base, question)
    assert found.total >= 0
    assert found.is_cut == (len(question) > LONGEST)


def test_when_the_time_is_over_what_was_not_read_is_counted(base, monkeypatch):
    monkeypatch.setattr(searching, "_CHUNK", 1)
    found = search(base, "坝", seconds=-1)
    assert (found.total, found.unread) == (1, 0)
    found = search(base, "申", seconds=-1)
    assert (found.total, found.unread) == (1, 1)


def test_functions_for_sql_find_the_same(base):
    add_functions(base)
    query = "SELECT section_no, text FROM search WHERE search MATCH segmented(?) ORDER BY section_no"
    assert [tuple(row) for row in base.execute(query, ("复议",))] == [(1, TEXTS[0][1]), (4, TEXTS[3][1])]
    query = "SELECT section_no FROM sections WHERE printed(text, ?)"
    assert [row[0] for row in base.execute(query, ("开申",))] == [2]
    hostile = '" OR ) NEAR'
    assert base.execute("SELECT count(*) FROM search WHERE search MATCH segmented(?)", (hostile,)).fetchone()[0] == 0
    assert base.execute("SELECT segmented(NULL), printed(NULL, 'a'), printed('a', '*')").fetchone()[:] == (
        None,
        None,
        0,
    )


def test_a_snippet_shows_the_printed_text_around_what_was_found():
    text = "甲" * 100 + "行政複\n議决定" + "乙" * 200
    parts = snippet(text, read_terms("行政"))
    assert parts[0] == ("…", False)
    assert parts[-1] == ("…", False)
    assert [part for part, is_found in parts if is_found] == ["行政"]
    assert len("".join(part for part, _ in parts)) == 142
    assert marked("复议复议", read_terms("复议 议复")) == (("复议复议", True),)
    assert snippet("什么也没有", read_terms("复议")) == (("什么也没有", False),)


def test_a_snippet_cuts_no_number_in_two():
    text = "占1,234.56％" + "甲" * 35 + "复议" + "乙" * 92 + "9,876.5件"
    parts = "".join(part for part, _ in snippet(text, read_terms("复议")))
    assert parts.startswith("…1,234.56％甲")
    assert parts.endswith("9,876.5…")


def shown(desk, **query):
    given = answer(desk, "search", {name: [value] for name, value in query.items()})
    assert given.status == 200
    return given.body


def test_the_page_leads_to_agencies_reports_and_sections(desk):
    page = shown(desk, q="复议")
    assert re.search(r'href="/report/[0-9a-f]{16}#s-\d+"', page)
    assert "<mark>复议</mark>" in page
    assert re.search(r'href="/agency/[^"]+" lang="zh-Hans"><mark>平潭</mark>', shown(desk, q="平潭"))
    assert re.search(r'href="/report/[0-9a-f]{16}"', shown(desk, q="平潭", **{"in": "report"}))


def test_long_lists_come_in_pages_that_say_so(desk):
    first, second = shown(desk, q="公开"), shown(desk, q="公开", page="2")
    assert "1–20 of " in first
    assert "21–40 of " in second
    assert answer(desk, "search", {"q": ["公开"], "page": ["99999"]}).status == 404
    assert "1–20 of " in shown(desk, q="公开", page="x")


def test_the_page_says_when_nothing_is_found_and_how_to_search(desk):
    assert "Nothing here has this." in shown(desk, q="坝朱")
    assert "no letter, number or character" in shown(desk, q="*")
    assert "How to search" in shown(desk)
    assert "&lt;script&gt;" in shown(desk, q="<script>")
    assert "<script>" not in shown(desk, q="<script>")


def test_a_static_site_has_files_in_which_a_script_finds_the_same(desk, site_desk):
    files = {path: answer(site_desk, path) for path in KIND.paths(site_desk)}
    assert {given.status for given in files.values()} == {200}
    index = json.loads(files["search/index.json"].body)
    ids = re.findall(".{16}", index["reports"])
    having = json.loads(files[f"search/words/{ord('复'):x}.json"].body)["复议"]
    wanted = {
        desk.row("SELECT capture_id FROM passages WHERE passage_id = ?", number)[0]
        for kind in ("report", "section")
        for number in search(desk.base, "复议").places[kind]
    }
    assert {ids[number] for number in numbers_of(having)} == wanted
    report = json.loads(files[f"search/report/{ids[0]}.json"].body)
    rows = desk.rows("SELECT coalesce(text, '') FROM sections WHERE capture_id = ? ORDER BY section_no", ids[0])
    assert [section[2] for section in report["sections"]] == [row[0] for row in rows]
    assert answer(site_desk, "search/words/1.json").status == 404
    assert answer(site_desk, "search/report/ffff.json").status == 404
    assert 'id="found"' in files["search"].body


def numbers_of(runs):
    numbers, following = [], 0
    for part in runs.split():
        gap, _, more = part.partition(".")
        start = following + int(gap, 36)
        following = start + int(more or "0", 36) + 1
        numbers += range(start, following)
    return numbers


@pytest.mark.parametrize("numbers", [[], [0], [5], [0, 1, 2, 3], [0, 2, 4], [7, 8, 1000, 1001, 40_000]])
def test_numbers_are_written_in_few_characters_and_read_again(numbers):
    assert numbers_of(searchfiles.runs(numbers)) == numbers
