"""`gongkai archive`: what is in an archive, whether it is whole, and saved pages into it."""

import csv
import gzip
import io
import json
import os
import shutil

import pytest
from stored_visits import visit
from typer.testing import CliRunner

from gongkai.archiveadd import add_folders
from gongkai.build import build
from gongkai.cli import app
from gongkai.errors import SourceError
from gongkai.pagereader import PageReader
from scraper.archive import open_archive, read_archive
from scraper.records import Reading, Target

SITE = "https://www.example.gov.cn"
COUNTY = "http://qh.example.gov.cn"
FINANCE, OFFICE = "淮安市洪泽区财政局", "淮安市洪泽区教育局"
MHTML = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: %s/2021.html\r\n"
    b"Date: Tue, 8 Mar 2022 09:30:05 +0800\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/related; type="text/html"; boundary="--B--"\r\n\r\n'
    b"----B--\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    b"Content-Location: %s/2021.html\r\n\r\n%s\r\n"
    b"----B--\r\nContent-Type: text/css\r\nContent-Location: cid:css@mhtml.blink\r\n\r\np {}\r\n----B----\r\n"
)
MANIFEST = f"""file,source_uri,agency,report_year,captured_at,part_of
a/2019.html,{SITE}/2019.html,{FINANCE},2019,2020-03-01T02:03:04Z,
a/2019-later.html,{SITE}/2019.html,{FINANCE},2019,2021-03-01,
gone.html,{SITE}/2018.html,{FINANCE},2018,,
a/2019.pdf,{SITE}/2019.pdf,{FINANCE},2019,,{SITE}/2019.html
"""


def command(*words):
    return CliRunner().invoke(app, ["archive", *map(str, words)])


def rows(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def saved(tmp_path, report_page, notice_page):
    """A folder of saved pages of every kind, with a manifest."""
    return save(tmp_path / "saved", report_page, notice_page)


@pytest.fixture(scope="module")
def both(tmp_path_factory, report_page, notice_page):
    """The folder's own dataset, and that of an archive with its pages; and what was said when they were added."""
    place = tmp_path_factory.mktemp("both")
    saved = save(place / "saved", report_page, notice_page)
    added = add_folders(place / "archive", [saved])
    build([saved], place / "direct")
    build([place / "archive"], place / "archived")
    return place, added


def save(folder, report_page, notice_page):
    (folder / "a 甲").mkdir(parents=True)
    (folder / "a").mkdir()
    year = report_page.replace
    files = {
        "manifest.csv": MANIFEST.encode(),
        "a/2019.html": year(b"2022", b"2019"),
        "a/2019-later.html": year(b"2022", b"2019").replace("认真".encode(), "切实".encode()),
        "a/2019.pdf": b"%PDF-1.4",
        "a 甲/2022 年.html": report_page,
        "a 甲/gbk.htm": year(b'charset="utf-8"', b'charset="gbk"').decode().encode("gbk"),
        "copy.html": report_page,
        "2020.html.gz": gzip.compress(year(b"2022", b"2020"), mtime=0),
        "2021.mhtml": MHTML % (SITE.encode(), SITE.encode(), year(b"2022", b"2021")),
        "noted.html": b"<!-- saved from url=(0040)%s/noted.html -->" % SITE.encode() + year(b"2022", b"2017"),
        "plain.txt": "关于停水的通知".encode(),
        "notice.html": notice_page,
        "empty.html": b"",
        "scan.jpg.html": b"\xff\xd8\xff\xe0",
    }
    for name, content in files.items():
        path = folder / name
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return folder


def test_a_dataset_of_the_archive_is_that_of_the_folder(both):
    place, added = both
    for table in ("facts", "cells", "claims", "sections", "findings", "furniture", "agency_years"):
        taken = ("source_uri", "late_reason", "detail") if table == "agency_years" else ()
        direct, archived = (
            [{name: row[name] for name in row if name not in taken} for row in rows(place / folder, table)]
            for folder in ("direct", "archived")
        )
        assert archived == direct, table
    names = ("outcome", "capture_id", "agency_id", "report_year", "part_of")
    direct, archived = (
        sorted(tuple(row[name] for name in names) for row in rows(place / folder, "coverage"))
        for folder in ("direct", "archived")
    )
    assert archived == direct
    assert dict(added.outcomes) == {"ok": 8, "attachment_only": 1, "empty": 3, "image_only": 1, "not_a_report": 1}
    assert (added.written, added.known, added.containers) == (12, 0, ())


def test_pages_keep_their_address_and_moment(both):
    coverage = rows(both[0] / "archived", "coverage")
    found = {(row["source_uri"], row["captured_at"]) for row in coverage}
    assert found >= {
        (f"{SITE}/2019.html", "2020-03-01T02:03:04Z"),
        (f"{SITE}/2019.html", "2021-03-01"),
        (f"{SITE}/2021.html", "2022-03-08T01:30:05Z"),
        (f"{SITE}/noted.html", "2023-11-14T22:13:20Z"),
        ("file:///saved/a%20%E7%94%B2/2022%20%E5%B9%B4.html", "2023-11-14T22:13:20Z"),
        (f"{SITE}/2018.html", ""),
    }
    gone = next(row for row in coverage if row["source_uri"] == f"{SITE}/2018.html")
    assert (gone["manifest"], gone["detail"]) == ("absent", "listed in saved/manifest.csv, line 4, but no such file")


def test_what_was_added_is_not_added_again(tmp_path, saved):
    first = add_folders(tmp_path / "archive", [saved])
    os.utime(saved / "copy.html", (1_710_000_000, 1_710_000_000))  # as a copy of the folder would have it
    (saved / "new.html").write_bytes((saved / "copy.html").read_bytes())
    again = add_folders(tmp_path / "archive", [saved])
    assert (again.written, again.known) == (1, first.written)
    with read_archive(tmp_path / "archive") as view:
        assert sum(1 for _ in view.visits()) == first.written + 1
    assert command(tmp_path / "archive", "--verify").output.endswith("is whole.\n")


def test_adding_that_was_stopped_goes_on(tmp_path, saved, monkeypatch):
    left = iter(range(4))
    read = PageReader.read

    def stop(*args, **told):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return read(*args, **told)

    archive = tmp_path / "archive"
    monkeypatch.setattr(PageReader, "read", stop)
    assert command(archive, "--add", saved, "-q").exit_code == 130
    monkeypatch.undo()
    assert "gongkai archive --add, asked the same, goes on" in command(archive).output
    again = add_folders(archive, [saved])
    assert (again.written + again.known, again.known > 3) == (12, True)
    with read_archive(archive) as view:
        assert (sum(1 for _ in view.visits()), [run.finished != "" for run in view.runs()]) == (12, [True])


def test_web_archives_are_left_as_they_are(tmp_path, saved):
    with open_archive(tmp_path / "other") as other:
        other.begin_run("live", "")
        other.record(visit(f"{SITE}/1.html", b"<html>1</html>"))
    (warc,) = (tmp_path / "other").glob("*.warc.gz")
    shutil.copy(warc, saved / "b.warc.gz")
    said = command(tmp_path / "archive", "--add", saved, "--quiet")
    assert (said.exit_code, said.stdout.splitlines()[-1][:18]) == (0, "12 pages added to ")
    assert "saved/b.warc.gz is a web archive: copy it into" in said.stderr


@pytest.mark.parametrize("inside", [True, False])
def test_an_archive_is_not_added_to_itself(tmp_path, saved, inside):
    archive, folder = (saved / "archive", saved) if inside else (saved, saved / "a")
    with pytest.raises(SourceError) as caught:
        add_folders(archive, [folder])
    assert caught.value.code == "inside_archive"


@pytest.fixture
def fetched(tmp_path):
    """An archive of a finished run and a stopped one."""
    folder = tmp_path / "fetched"
    ok = {"agency_id": "320813-finance", "agency": FINANCE}
    with open_archive(folder) as archive:
        archive.begin_run("live", "first")
        for year, outcome in ((2015, "ok"), (2016, "blocked"), (2018, "ok")):
            target = Target(f"{SITE}/{year}.html", agency=FINANCE, report_year=year)
            archive.add_targets([target])
            stored = archive.record(visit(target.url, b"<html>%d</html>" % year))
            known = ok | {"report_year": year} if outcome == "ok" else {"detail": "HTTP 412", "next_step": "Save it."}
            archive.settle(target, Reading(outcome, **known), visit_no=stored.visit_no)
        pdf = Target(f"{SITE}/2015.pdf", "attachment", part_of=f"{SITE}/2015.html")
        archive.settle(pdf, Reading("robots_disallowed", "robots.txt asks not to", "Save it by hand."))
        archive.finish_run()
        archive.begin_run("live", "again")
        again = Target(f"{SITE}/2015.html")
        stored = archive.record(visit(again.url, b"<html>2015</html>", moment="2026-05-01T02:03:04Z"))
        archive.settle(again, Reading("ok", **ok, report_year=2015), visit_no=stored.visit_no)
        down = Target(f"{SITE}/2018.html")
        archive.settle(down, Reading("unreachable", "no answer", "Try again."))
        archive.add_targets([Target(f"{COUNTY}/a.html", agency=OFFICE, report_year=2020)])
    return folder


def test_the_screen_says_what_is_there_and_what_is_not(fetched):
    said = command(fetched)
    assert said.exit_code == 0
    text = [" ".join(line.split()) for line in said.output.splitlines()]
    assert text[0].startswith("1 file, 0.0 MB; 2 hosts.")
    assert text[1] == "5 addresses, 4 captures, 2026-03-01 to 2026-05-01; 2 reports of 1 agency."
    assert "www.example.gov.cn 4 4 2 2026-03-01T02:03:04Z 2026-05-01T02:03:04Z" in text
    assert "qh.example.gov.cn 1 0 0" in text
    assert f"{FINANCE} 2015, 2018 2016-2017 4 2026-03-01T02:03:04Z 2026-05-01T02:03:04Z" in text
    assert f"{FINANCE} 2016 {SITE}/2016.html: blocked: HTTP 412 Save it." in text
    assert any(line.startswith(f"{FINANCE} 2017 reports of 2015 and 2018 are known, and none") for line in text)
    assert f"{SITE}/2015.pdf: robots_disallowed: robots.txt Save it by hand." in text
    assert any(f"2020 {COUNTY}/a.html: waiting: not asked yet" in line for line in text)
    assert "Unfinished runs (1)" in text
    assert any(line.startswith("live 20") and " 2 1 gongkai fetch, asked the same, goes on" in line for line in text)
    assert not any("unreachable" in line for line in text)  # its page came with an earlier run


def test_what_the_index_of_a_web_archive_was_asked_is_not_missing(fetched):
    with open_archive(fetched) as archive:
        archive.begin_run("wayback", "below")
        archive.settle(Target(f"{SITE}/nb/*", "list"), Reading("list_page", "2 captures in the Wayback Machine"))
        archive.finish_run()
    said = command(fetched).output
    assert f"{SITE}/nb/*" not in said.partition("Not there")[2]


def test_a_limit_says_what_it_leaves_out(fetched):
    assert "1 of 2 lines are shown; --limit 0 shows all." in command(fetched, "--limit", 1).output


def test_csv_and_json_have_every_address(fetched, tmp_path):
    found = list(csv.DictReader(io.StringIO(command(fetched, "--format", "csv").output)))
    assert [(row["url"], row["outcome"], row["n_captures"]) for row in found] == [
        (f"{COUNTY}/a.html", "waiting", "0"),
        (f"{SITE}/2015.html", "ok", "2"),
        (f"{SITE}/2015.pdf", "robots_disallowed", "0"),
        (f"{SITE}/2016.html", "blocked", "1"),
        (f"{SITE}/2018.html", "ok", "1"),
    ]
    assert (found[2]["part_of"], found[2]["kind"]) == (f"{SITE}/2015.html", "attachment")
    assert (found[0]["agency"], found[0]["report_year"]) == (OFFICE, "2020")
    assert command(fetched, "-o", tmp_path / "all.json").output == ""
    (first, *_) = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    assert (first["url"], first["first_captured_at"], first["report_year"]) == (f"{COUNTY}/a.html", None, 2020)


@pytest.mark.parametrize(
    ("words", "urls"),
    [
        (("--host", "qh.example.gov.cn"), [f"{COUNTY}/a.html"]),
        (("--host", "Example.gov.cn", "--year", 2016), [f"{SITE}/2016.html"]),
        (("--host", "ample.gov.cn"), None),
        (("--agency", "教育"), [f"{COUNTY}/a.html"]),
        (("--agency", "320813-finance", "--year", 2018), [f"{SITE}/2018.html"]),
        (("--agency", "卫生"), None),
        (("--year", 1999), None),
    ],
)
def test_the_view_is_narrowed(fetched, words, urls):
    said = command(fetched, "--format", "json", *words)
    if urls is None:
        assert said.exit_code == 2
        assert said.stderr.startswith(f"gongkai: the archive holds no such page: {fetched} {words[0]} ")
    else:
        assert [row["url"] for row in json.loads(said.output)] == urls


def test_a_year_that_is_missing_can_be_asked_for(fetched):
    assert "2017 reports of 2015 and 2018 are known" in " ".join(command(fetched, "--year", 2017).output.split())


def test_any_folder_is_read_page_by_page(saved):
    said = command(saved, "--format", "csv")
    found = {row["url"]: row for row in csv.DictReader(io.StringIO(said.stdout))}
    assert "reading 13 files" in said.stderr
    assert (found[f"{SITE}/2021.html"]["outcome"], found[f"{SITE}/2021.html"]["report_year"]) == ("ok", "2021")
    assert (found[f"{SITE}/2018.html"]["outcome"], found[f"{SITE}/2018.html"]["n_captures"]) == ("empty", "0")
    assert found[f"{SITE}/2019.pdf"]["part_of"] == f"{SITE}/2019.html"
    assert found["saved/notice.html"]["outcome"] == "not_a_report"
    quiet = command(saved, "--quiet", "--agency", FINANCE)
    assert quiet.stderr == ""
    assert "2 reports of 1 agency." in quiet.stdout


def test_an_archive_whose_catalogue_was_lost_is_read_page_by_page(tmp_path, saved):
    add_folders(tmp_path / "archive", [saved])
    shutil.rmtree(tmp_path / "archive" / ".fetch")
    found = list(csv.DictReader(io.StringIO(command(tmp_path / "archive", "--format", "csv", "-q").stdout)))
    assert sum(row["outcome"] == "ok" for row in found) == 8


def test_damage_is_listed_and_the_exit_code_says_so(fetched):
    assert command(fetched, "--verify").exit_code == 0
    (warc,) = fetched.glob("*.warc.gz")
    data = bytearray(warc.read_bytes())
    data[len(data) // 2] ^= 0xFF
    warc.write_bytes(data)
    said = command(fetched, "--verify")
    assert said.exit_code == 1
    assert said.stdout.startswith(f"{warc.name}, byte ")
    assert said.stderr.rstrip().endswith(f" in {fetched}.")


@pytest.mark.parametrize("words", [("--verify", "--host", "x"), ("--add", "x", "--format", "csv")])
def test_what_goes_not_together_is_refused(fetched, words):
    assert command(fetched, *words).exit_code == 2


@pytest.mark.parametrize("words", [(), ("--verify",), ("--add", "nowhere")])
def test_what_is_not_there_is_said(tmp_path, words):
    said = command(tmp_path / "nothing", *words)
    assert said.exit_code == 2
    assert said.stderr.startswith("gongkai: ")
