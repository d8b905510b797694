"""Files, folders and archives as one stream of captures: order, names, manifests, and everything that goes wrong."""

import gzip
import io
import os
import pickle
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.archive import MAX_PAGE_BYTES, plan_sources, read_captures, read_file, read_plan
from corpus.captures import ManifestEntry
from corpus.errors import CorpusError, SourceError

PAGE = b"<html><body>12</body></html>"
URL = "https://www.example.gov.cn/2013/t1.html"


def laid_out(root, files):
    """Write files under a folder: name to bytes or text."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


def warc(*pages, gz=True):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gz)
    for uri, body in pages:
        kind = "application/pdf" if body.startswith(b"%PDF") else "text/html"
        headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer.write_record(
            writer.create_warc_record(
                uri,
                "response",
                payload=io.BytesIO(body),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2014-03-01T02:03:04Z"},
            )
        )
    return out.getvalue()


def read(*sources, **kw):
    return list(read_captures(list(sources), **kw))


def summary(captures):
    return [(capture.source_uri, capture.failure[0] if capture.failure else "page") for capture in captures]


def only(captures):
    (capture,) = captures
    return capture


# Folders: which files are pages, in which order, under which names.


def test_a_folder_is_read_in_order_and_side_files_are_no_pages(tmp_path):
    folder = laid_out(
        tmp_path / "corpus",
        {
            "b/page.html": PAGE,
            "a/page.htm": PAGE,
            "a/cells.csv": "row,col\n",
            "a/sections.json": "[]",
            "a/style.css": "p {}",
            "a/app.js": "1",
            "a/seal.png": b"\x89PNG\r\n\x1a\n",
            "README.md": "# x",
            "c.shtml": PAGE,
            "d.txt": "一、概述",
            ".DS_Store": b"\0\0\0\1",
            ".git/page.html": PAGE,
            "__MACOSX/page.html": PAGE,
            "~$report.docx": b"\0",
            "no_suffix": PAGE,
        },
    )
    captures = read(folder)
    assert summary(captures) == [
        ("corpus/a/page.htm", "page"),
        ("corpus/b/page.html", "page"),
        ("corpus/c.shtml", "page"),
        ("corpus/d.txt", "page"),
        ("corpus/no_suffix", "page"),
    ]
    assert captures[0].data == PAGE
    assert {(capture.captured_at, capture.media_type, capture.charset) for capture in captures} == {("", "", "")}


def test_the_order_of_the_sources_does_not_matter(tmp_path):
    first = laid_out(tmp_path / "x", {"a.html": PAGE})
    second = laid_out(tmp_path / "y", {"a.html": b"<html>2</html>"})
    assert read(first, second) == read(second, first) == read(second, first, second)


@pytest.mark.parametrize(
    ("name", "content", "failure"),
    [
        ("r.pdf", b"%PDF-1.7\n", ("attachment_only", "PDF document")),
        ("r.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ("attachment_only", "Office document (DOC, XLS, PPT or WPS)")),
        ("r.et", b"\0\1\2\3", ("attachment_only", "a document of the kind .et")),
        ("r.html", b"%PDF-1.7\n", ("attachment_only", "PDF document")),
        ("r.html", b"\x89PNG\r\n\x1a\n", ("image_only", "PNG image")),
        ("r.rar", b"Rar!\x1a\x07\0", ("attachment_only", "RAR archive")),
        ("r.warc.zst", b"\x28\xb5\x2f\xfd\0", ("attachment_only", "Zstandard-compressed file")),
        ("r.html", b"", ("empty", "empty file")),
        ("r.bin", b"\0\1\2\3", ("undecodable", "binary data of no known kind")),
        ("r.html.gz", gzip.compress(b"", mtime=0), ("empty", "empty file")),
        ("r.html.gz", gzip.compress(b"%PDF-1.4", mtime=0), ("attachment_only", "PDF document")),
        (
            "r.mht",
            b"MIME-Version: 1.0\nContent-Type: multipart/related\n\nx",
            ("empty", "no part of the file is an HTML page (MHTML file)"),
        ),
    ],
)
def test_what_is_no_page_is_named_with_a_next_step(tmp_path, name, content, failure):
    capture = only(read(laid_out(tmp_path / "corpus", {name: content})))
    assert (capture.source_uri, capture.failure[:2]) == (f"corpus/{name}", failure)
    assert (capture.data, bool(capture.failure[2])) == (b"", True)


def test_a_document_that_is_html_inside_is_a_page(tmp_path):
    assert only(read(laid_out(tmp_path / "c", {"r.doc": PAGE}))).data == PAGE


def test_bytes_that_only_their_name_calls_a_page_are_handed_on(tmp_path):
    assert only(read(laid_out(tmp_path / "c", {"r.html": b"\0\1\2\3"}))).data == b"\0\1\2\3"


def test_a_picture_is_no_page_unless_it_is_asked_for(tmp_path):
    folder = laid_out(tmp_path / "c", {"p.html": PAGE, "table.png": b"\x89PNG\r\n\x1a\n", "scan": b"GIF89a"})
    assert summary(read(folder)) == [("c/p.html", "page")]
    assert only(read(folder / "table.png")).failure[0] == "image_only"


def test_a_side_file_is_read_when_it_is_asked_for(tmp_path):
    laid_out(tmp_path, {"notes.md": "本年收到申请12件"})
    assert summary(read(tmp_path / "notes.md")) == [("notes.md", "page")]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["word/document.xml"], "Word document (DOCX)"),
        (["a.html"], "ZIP archive"),
        (["archive/x.txt"], "WACZ web archive"),
    ],
)
def test_a_zip_container_is_told_by_what_is_in_it(tmp_path, names, words):
    with zipfile.ZipFile(tmp_path / "r.docx", "w") as box:
        for name in names:
            box.writestr(name, b"x")
    assert only(read(tmp_path / "r.docx")).failure[:2] == ("attachment_only", words)


def test_a_damaged_zip_container_is_named(tmp_path):
    laid_out(tmp_path, {"r.zip": b"PK\x03\x04 nothing behind it"})
    assert only(read(tmp_path / "r.zip")).failure[0] == "crashed"


# Names.


def test_a_single_file_goes_by_its_name(tmp_path):
    laid_out(tmp_path, {"a/page.html": PAGE})
    assert summary(read(tmp_path / "a/page.html")) == [("page.html", "page")]


def test_sources_that_share_a_name_go_by_their_paths(tmp_path, monkeypatch):
    laid_out(tmp_path, {"a/x/p.html": PAGE, "b/x/p.html": PAGE, "c/p.html": PAGE})
    monkeypatch.chdir(tmp_path)
    captures = read(Path("b/x"), Path("c"), Path("a/x"))
    assert [capture.source_uri for capture in captures] == ["a/x/p.html", "b/x/p.html", "c/p.html"]
    assert [c.source_uri for c in read(Path("b/x/p.html"), Path("a/x/p.html"))] == ["a/x/p.html", "b/x/p.html"]


def test_a_source_that_hides_in_the_name_of_another_goes_by_its_path(tmp_path, monkeypatch):
    laid_out(tmp_path, {"z/a/b/p.html": PAGE, "a/b/p.html": PAGE, "c/b/p.html": PAGE})
    monkeypatch.chdir(tmp_path)
    captures = read(Path("z/a"), Path("a/b"), Path("c/b"))
    assert [capture.source_uri for capture in captures] == ["a/b/p.html", "c/b/p.html", "z/a/b/p.html"]


def test_the_folder_one_stands_in_goes_by_its_own_name(tmp_path, monkeypatch):
    monkeypatch.chdir(laid_out(tmp_path / "corpus", {"p.html": PAGE}))
    assert summary(read(Path())) == [("corpus/p.html", "page")]


def test_a_file_reached_by_two_sources_is_read_once(tmp_path, monkeypatch):
    laid_out(tmp_path, {"c/a/p.html": PAGE})
    monkeypatch.chdir(tmp_path)
    assert summary(read(Path("c/a/p.html"), Path("c/a"), Path("c"))) == [("c/a/p.html", "page")]


def test_many_single_files_are_planned_in_time_that_grows_with_their_number(tmp_path):
    laid_out(tmp_path, {"manifest.csv": "source_uri\n", **{f"{n}/page.html": PAGE for n in range(1000)}})
    started = time.monotonic()
    assert len(plan_sources(sorted(tmp_path.glob("*/page.html"))).files) == 1000
    assert time.monotonic() - started < 30


@pytest.mark.parametrize("raw", ["年报.html".encode("gb18030"), b"\xff\xff.html"])
def test_names_that_are_no_utf8_can_be_written_to_a_table(tmp_path, raw):
    try:
        with open(os.fsencode(tmp_path) + b"/" + raw, "wb") as stream:  # noqa: PTH123
            stream.write(PAGE)
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    uri = only(read(tmp_path)).source_uri
    assert uri.encode().decode().endswith({b"\xff": "/\\xff\\xff.html"}.get(raw[:1], "/年报.html"))


# Links, and what is no file.


def test_links_are_followed_once_and_loops_are_harmless(tmp_path):
    folder = laid_out(tmp_path / "c", {"a/p.html": PAGE})
    laid_out(tmp_path / "outside", {"q.html": PAGE})
    (folder / "a/up").symlink_to(folder)
    (folder / "0_again").symlink_to(folder / "a")
    (folder / "a/alias.html").symlink_to(folder / "a/p.html")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "out_again").symlink_to(tmp_path / "outside")
    assert summary(read(folder)) == [("c/a/p.html", "page"), ("c/out/q.html", "page")]


def test_links_to_nowhere_and_to_themselves_are_named(tmp_path):
    folder = laid_out(tmp_path / "c", {"p.html": PAGE})
    (folder / "gone.html").symlink_to(tmp_path / "nowhere")
    (folder / "loop.html").symlink_to(folder / "loop.html")
    (folder / "gone.css").symlink_to(tmp_path / "nowhere")
    captures = read(folder)
    assert summary(captures) == [("c/p.html", "page"), ("c/gone.html", "crashed"), ("c/loop.html", "crashed")]
    assert captures[1].failure[1] == "No such file or directory"


def test_a_pipe_is_named_and_never_opened(tmp_path):
    folder = laid_out(tmp_path / "c", {"p.html": PAGE})
    os.mkfifo(folder / "pipe.html")
    assert summary(read(folder)) == [("c/p.html", "page"), ("c/pipe.html", "crashed")]
    assert only(read(folder / "pipe.html")).failure[1] == "a device, pipe or socket, not a file"


def test_a_file_that_vanishes_after_the_listing_is_named(tmp_path):
    plan = plan_sources([laid_out(tmp_path / "c", {"a.html": PAGE, "b.html": PAGE})])
    (tmp_path / "c/a.html").unlink()
    captures = list(read_plan(plan))
    assert summary(captures) == [("c/a.html", "crashed"), ("c/b.html", "page")]
    assert captures[0].failure[1] == "No such file or directory"


@pytest.mark.skipif(os.geteuid() == 0, reason="permission bits do not bind root")
def test_files_and_folders_without_permission_are_named(tmp_path):
    folder = laid_out(tmp_path / "c", {"a.html": PAGE, "b.html": PAGE, "d/e.html": PAGE})
    (folder / "a.html").chmod(0)
    (folder / "d").chmod(0)
    captures = read(folder)
    (folder / "d").chmod(0o700)
    assert summary(captures) == [("c/a.html", "crashed"), ("c/b.html", "page"), ("c/d", "crashed")]


def test_a_file_that_may_not_be_opened_is_named_in_the_systems_words(tmp_path, monkeypatch):
    folder = laid_out(tmp_path / "c", {"a.html": PAGE, "b.html": PAGE})
    opened = Path.open

    def guarded(path, *args, **kw):
        if path.name == "a.html":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **kw)

    monkeypatch.setattr(Path, "open", guarded)
    captures = read(folder)
    assert summary(captures) == [("c/a.html", "crashed"), ("c/b.html", "page")]
    assert captures[0].failure[1:] == ("Permission denied", "Make it readable, or leave it out.")


def test_a_folder_that_may_not_be_listed_is_named(tmp_path, monkeypatch):
    folder = laid_out(tmp_path / "c", {"a/p.html": PAGE, "b.html": PAGE})
    listed = os.scandir

    def guarded(path):
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", guarded)
    captures = read(folder)
    assert summary(captures) == [("c/b.html", "page"), ("c/a", "crashed")]
    assert captures[1].failure[1] == "Permission denied"


def test_a_disk_that_fails_in_the_middle_of_an_archive_keeps_what_was_read(tmp_path, monkeypatch):
    pages = [(f"http://x.cn/{n}", os.urandom(40_000).hex().encode()) for n in range(4)]
    laid_out(tmp_path, {"a.warc": warc(*pages, gz=False)})
    opened = Path.open

    class Failing(io.FileIO):
        def read(self, size=-1):
            if self.tell() > 200_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    monkeypatch.setattr(Path, "open", lambda path, *a: Failing(path) if path.name == "a.warc" else opened(path, *a))
    captures = read(tmp_path / "a.warc")
    assert summary(captures) == [("http://x.cn/0", "page"), ("http://x.cn/1", "page"), ("a.warc", "crashed")]
    assert captures[2].failure[1] == "Input/output error"


# Sizes.


def test_a_page_beyond_the_limit_is_named_without_being_held(tmp_path):
    folder = laid_out(tmp_path / "c", {"a.html": b"<html>" + bytes(5_000_000), "b.html": PAGE})
    tracemalloc.start()
    captures = read(folder, max_page_bytes=1000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert summary(captures) == [("c/a.html", "too_large"), ("c/b.html", "page")]
    assert captures[0].failure[1] == "5000006 bytes, the limit is 1000"
    assert peak < 1_000_000


@pytest.mark.parametrize(("size", "outcome"), [(1000, "page"), (1001, "too_large")])
@pytest.mark.parametrize("gz", [True, False])
def test_the_limit_is_the_last_size_that_is_read(tmp_path, size, outcome, gz):
    page = b"<html>" + b"x" * (size - 6)
    laid_out(tmp_path, {"a.html": gzip.compress(page, mtime=0) if gz else page})
    assert summary(read(tmp_path / "a.html", max_page_bytes=1000)) == [("a.html", outcome)]


def test_a_gzip_bomb_is_noticed_before_it_unpacks(tmp_path):
    laid_out(tmp_path, {"a.html.gz": gzip.compress(b"<html>" + bytes(50 * 2**20))})
    tracemalloc.start()
    captures = read(tmp_path / "a.html.gz", max_page_bytes=2**20)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert summary(captures) == [("a.html.gz", "too_large")]
    assert peak < 8 * 2**20


def test_a_large_document_is_named_as_what_it_is(tmp_path):
    laid_out(tmp_path, {"a.pdf": b"%PDF-1.7" + bytes(5000)})
    assert summary(read(tmp_path / "a.pdf", max_page_bytes=1000)) == [("a.pdf", "attachment_only")]


# gzip files.


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(PAGE, mtime=0),
        gzip.compress(PAGE[:9], mtime=0) + gzip.compress(PAGE[9:], mtime=0),
        gzip.compress(PAGE, mtime=0) + b"\0" * 99,
    ],
)
def test_a_compressed_page_is_unpacked(tmp_path, packed):
    laid_out(tmp_path, {"a.html.gz": packed})
    assert only(read(tmp_path / "a.html.gz")).data == PAGE


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(PAGE, mtime=0)[:-9],
        gzip.compress(PAGE, mtime=0)[:-5] + b"\0" + gzip.compress(PAGE, mtime=0)[-4:],
        gzip.compress(PAGE, mtime=0)[:12],
        gzip.compress(PAGE, mtime=0) + b"rest",
    ],
)
def test_a_damaged_compressed_page_is_no_page(tmp_path, packed):
    laid_out(tmp_path, {"a.html.gz": packed})
    assert summary(read(tmp_path / "a.html.gz")) == [("a.html.gz", "crashed")]


# Archives.


def test_warc_files_of_a_folder_are_read_with_the_pages(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {
            "a.html": PAGE,
            "b.warc.gz": warc((URL, PAGE), (URL + "?2", PAGE)),
            "c.warc": warc((URL + "?3", PAGE), gz=False),
            "d": warc((URL + "?4", PAGE)),
            "e.warc.gz": warc((URL + "?5", PAGE), gz=False),
            "index.cdxj": "x",
        },
    )
    captures = read(folder)
    assert [capture.source_uri for capture in captures] == ["c/a.html", URL, *(f"{URL}?{n}" for n in range(2, 6))]
    assert captures[1].captured_at == "2014-03-01T02:03:04Z"


def test_a_warc_whose_first_bytes_are_damaged_is_known_by_its_name(tmp_path):
    data = warc((URL, PAGE), (URL + "?2", PAGE))
    plain = warc((URL, PAGE), (URL + "?2", PAGE), gz=False)
    laid_out(tmp_path, {"a.warc.gz": b"\xff\xff" + data[2:], "b.warc": b"\xff\xff" + plain[2:]})
    captures = read(tmp_path)
    name = tmp_path.name
    assert summary(captures) == [
        (f"{name}/a.warc.gz#offset=0", "crashed"),
        (URL + "?2", "page"),
        (f"{name}/b.warc#offset=0", "crashed"),
        (URL + "?2", "page"),
    ]


def wacz(path, members, method=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", method) as box:
        box.writestr("datapackage.json", "{}")
        for name, data in members.items():
            box.writestr(name, data)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wacz_gives_the_pages_of_its_archives(tmp_path, method):
    members = {
        "archive/b.warc": warc((URL + "?2", PAGE), gz=False),
        "archive/a.warc.gz": warc((URL, PAGE)),
        "pages/pages.jsonl": "{}",
    }
    wacz(tmp_path / "x.wacz", members, method)
    assert summary(read(tmp_path / "x.wacz")) == [(URL, "page"), (URL + "?2", "page")]


def test_damage_in_a_wacz_is_named_with_the_archive_in_it(tmp_path):
    data = warc((URL, PAGE), (URL + "?2", PAGE), (URL + "?3", PAGE))
    middle = len(data) // 2
    wacz(tmp_path / "x.wacz", {"archive/a.warc.gz": data[: middle - 30] + bytes(60) + data[middle + 30 :]})
    captures = read(tmp_path / "x.wacz")
    assert [outcome for _, outcome in summary(captures)] == ["page", "crashed", "page"]
    assert "x.wacz/archive/a.warc.gz, byte " in captures[1].failure[1]


def test_a_damaged_zip_member_keeps_the_others(tmp_path):
    wacz(tmp_path / "x.wacz", {"archive/a.warc": b"WARC/1.0" * 500, "archive/b.warc.gz": warc((URL, PAGE))}, 8)
    raw = bytearray((tmp_path / "x.wacz").read_bytes())
    at = raw.index(b"archive/a.warc") + len(b"archive/a.warc")
    raw[at : at + 4] = b"\xff" * 4
    (tmp_path / "x.wacz").write_bytes(raw)
    captures = read(tmp_path / "x.wacz")
    assert summary(captures) == [("x.wacz/archive/a.warc", "crashed"), (URL, "page")]
    assert "damaged ZIP member" in captures[0].failure[1]


def test_a_zip_container_of_an_unknown_version_is_named(tmp_path):
    wacz(tmp_path / "x.wacz", {"archive/a.warc.gz": warc((URL, PAGE))})
    raw = bytearray((tmp_path / "x.wacz").read_bytes())
    raw[raw.index(b"PK\x01\x02") + 6] = 255
    (tmp_path / "x.wacz").write_bytes(raw)
    assert "damaged ZIP container" in only(read(tmp_path / "x.wacz")).failure[1]


def test_an_mhtml_file_is_named_by_its_address(tmp_path):
    data = (
        b"From: <Saved by Blink>\nSnapshot-Content-Location: %s\nDate: Tue, 8 Mar 2022 01:30:05 -0000\n"
        b"MIME-Version: 1.0\nContent-Type: text/html; charset=gbk\n\n<p>12</p>" % URL.encode()
    )
    laid_out(tmp_path, {"a.mhtml": data, "b": data})
    for name in ("a.mhtml", "b"):
        capture = only(read(tmp_path / name))
        assert (capture.source_uri, capture.captured_at) == (URL, "2022-03-08T01:30:05Z")
        assert (capture.data, capture.media_type, capture.charset) == (b"<p>12</p>", "text/html", "gbk")


@pytest.mark.parametrize(
    ("begin", "uri"),
    [
        (b"<!-- saved from url=(0039)%s -->\r\n" % URL.encode(), URL),
        (b"<!DOCTYPE html>\n<!-- saved from url=(0039)%s -->" % URL.encode(), URL),
        (b"<!-- saved from url=(0014)about:internet -->", "a.html"),
        (b" " * 3000 + b"<!-- saved from url=(0039)%s -->" % URL.encode(), "a.html"),
    ],
)
def test_a_saved_page_tells_its_address(tmp_path, begin, uri):
    laid_out(tmp_path, {"a.html": begin + PAGE})
    capture = only(read(tmp_path / "a.html"))
    assert (capture.source_uri, capture.captured_at, capture.data) == (uri, "", begin + PAGE)


# Manifests.

HEADER = "source_uri,agency,report_year,captured_at,file\n"


def test_a_manifest_names_its_pages(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {
            "a/p.html": PAGE,
            "b.html": PAGE,
            "manifest.csv": f"{HEADER}{URL},甲县,2013,2014-03-01,a/p.html\nb.html,乙县,,,\n",
        },
    )
    captures = read(folder)
    assert [(c.source_uri, c.captured_at) for c in captures] == [(URL, "2014-03-01"), ("c/b.html", "")]
    assert captures[0].manifest == ManifestEntry(URL, "甲县", 2013, "2014-03-01")
    assert captures[1].manifest == ManifestEntry("b.html", "乙县")


def test_the_nearest_manifest_that_lists_a_page_wins(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {
            "manifest.csv": "file,agency\na/p.html,outer\na/q.html,outer\n",
            "a/manifest.csv": "file,agency\np.html,inner\n",
            "a/p.html": PAGE,
            "a/q.html": PAGE,
        },
    )
    assert [capture.manifest.agency for capture in read(folder)] == ["inner", "outer"]


def test_a_manifest_beside_a_single_file_is_read_without_asking_for_the_others(tmp_path):
    laid_out(tmp_path, {"manifest.csv": "file,agency\np.html,甲\nq.html,乙\n", "p.html": PAGE})
    assert only(read(tmp_path / "p.html")).manifest.agency == "甲"


def test_a_listed_page_that_is_not_there_is_named(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {
            "manifest.csv": f"{HEADER}{URL},甲县,2013,,a.html\nsub/b.html,,,,\n{URL}?x,,,,\n,,,,../c.html\n",
            "d.html": PAGE,
        },
    )
    captures = read(folder)
    assert summary(captures) == [
        ("c/d.html", "page"),
        ("c/../c.html", "empty"),
        ("c/sub/b.html", "empty"),
        (URL, "empty"),
        (f"{URL}?x", "empty"),
    ]
    assert captures[3].failure[1] == "listed in c/manifest.csv, line 2, but no such file"
    assert captures[3].manifest == ManifestEntry(URL, "甲县", 2013)
    assert all(capture.failure[2] for capture in captures[1:])


MET = "source_uri,agency,captured_at,part_of,outcome,detail,next_step\n"


def test_where_no_page_is_there_what_its_collector_met_is_said(tmp_path):
    lines = (
        f"{URL}?gone,甲,,,unreachable,no such host,Try another day.\n",
        f"{URL}?robots,,,{URL},robots_disallowed,,\n",
        f"{URL}?once,,,,ok,,\n",
        f"{URL},甲,,,timeout,after 60 s,Try again.\n",
    )
    folder = laid_out(tmp_path / "c", {"manifest.csv": MET + "".join(lines), "a.warc.gz": warc((URL, PAGE))})
    page, *others = read(folder)
    assert (page.source_uri, page.failure, page.manifest.agency) == (URL, None, "甲")  # what is there counts
    add = "Add the page, or correct or remove the line; the column file names the path of a page."
    assert [(capture.source_uri, capture.failure) for capture in others] == [
        (f"{URL}?gone", ("unreachable", "no such host", "Try another day.")),
        (f"{URL}?robots", ("robots_disallowed", "listed in c/manifest.csv, line 3, but no such file", add)),
        (f"{URL}?once", ("empty", "listed in c/manifest.csv, line 4, but no such file", add)),
    ]
    assert all(capture.absent for capture in others)
    assert others[1].manifest.part_of == URL


def test_one_capture_of_an_address_does_not_stand_for_another_that_was_asked_in_vain(tmp_path):
    lines = f"{URL},甲,2014-03-01T02:03:04Z,,,,\n{URL},甲,2016-01-01T00:00:00Z,,unreachable,no answer,Try again.\n"
    folder = laid_out(tmp_path / "c", {"manifest.csv": MET + lines, "a.warc.gz": warc((URL, PAGE))})
    found = [(capture.captured_at, capture.failure and capture.failure[0]) for capture in read(folder)]
    assert found == [("2014-03-01T02:03:04Z", None), ("2016-01-01T00:00:00Z", "unreachable")]


def test_what_belongs_to_a_report_says_so_whatever_it_is(tmp_path):
    lines = f"{URL}?2,,,{URL},,,\nhttps://www.example.gov.cn/a.pdf,,,{URL},,,\n"
    pdf = warc(("https://www.example.gov.cn/a.pdf", b"%PDF-1.4"), (f"{URL}?2", PAGE))
    folder = laid_out(tmp_path / "c", {"manifest.csv": MET + lines, "a.warc.gz": pdf})
    assert summary(read(folder)) == [("https://www.example.gov.cn/a.pdf", "attachment_only"), (f"{URL}?2", "page")]
    assert [capture.manifest.part_of for capture in read(folder)] == [URL, URL]


def test_the_index_of_an_archive_and_the_books_of_a_fetch_are_no_pages(tmp_path):
    files = {"index.cdxj": "cn,x)/ 2014 {}", "index.cdxj.gz": b"\x1f\x8b\x08", "a.cdx": "CDX N b a m s k r M S V g"}
    files |= {".fetch/catalogue.sqlite": b"SQLite format 3\0", ".fetch/fetch.log": "asked", "a.warc": warc((URL, PAGE))}
    assert summary(read(laid_out(tmp_path / "c", files))) == [(URL, "page")]


def test_an_address_that_turns_up_inside_a_file_is_there(tmp_path):
    saved = b"<!-- saved from url=(0039)%s?s -->" % URL.encode() + PAGE
    folder = laid_out(
        tmp_path / "c",
        {
            "manifest.csv": f"source_uri,agency\n{URL},甲\n{URL}?s,乙\n{URL}?gone,丙\n",
            "a.warc.gz": warc((URL, PAGE)),
            "s.html": saved,
        },
    )
    captures = read(folder)
    assert summary(captures) == [(URL, "page"), (f"{URL}?s", "page"), (f"{URL}?gone", "empty")]
    assert [capture.manifest.agency for capture in captures] == ["甲", "乙", "丙"]


def test_the_pages_of_one_archive_can_be_listed_with_its_name(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {
            "manifest.csv": "source_uri,report_year,file\n"
            f"{URL},2013,a.warc.gz\n{URL}?2,2014,a.warc.gz\n{URL}?3,2015,b.warc\n",
            "a.warc.gz": warc((URL, PAGE)),
        },
    )
    captures = read(folder)
    assert summary(captures) == [(URL, "page"), (f"{URL}?3", "empty"), (f"{URL}?2", "empty")]
    assert captures[0].manifest.report_year == 2013


def test_what_is_said_of_an_archive_holds_for_its_pages(tmp_path):
    folder = laid_out(tmp_path / "c", {"manifest.csv": "file,agency\na.warc.gz,甲县\n", "a.warc.gz": warc((URL, PAGE))})
    capture = only(read(folder))
    assert (capture.source_uri, capture.manifest.agency) == (URL, "甲县")


def test_a_listed_picture_is_not_passed_over(tmp_path):
    folder = laid_out(
        tmp_path / "c", {"manifest.csv": f"source_uri,file\n{URL},t.png\n", "t.png": b"\x89PNG\r\n\x1a\n"}
    )
    assert summary(read(folder)) == [(URL, "image_only")]


def test_a_listed_link_to_a_page_that_is_read_is_a_duplicate(tmp_path):
    folder = laid_out(tmp_path / "c", {"manifest.csv": "source_uri\nb.html\n", "a.html": PAGE})
    (folder / "b.html").symlink_to(folder / "a.html")
    assert summary(read(folder)) == [("c/a.html", "page"), ("c/b.html", "duplicate")]


def test_a_folder_given_twice_under_two_names_misses_nothing(tmp_path):
    folder = laid_out(tmp_path / "c", {"manifest.csv": "source_uri,agency\np.html,甲\n", "p.html": PAGE})
    (tmp_path / "b").symlink_to(folder)
    assert summary(read(folder, tmp_path / "b")) == [("b/p.html", "page")]


def test_a_wrong_manifest_stops_before_the_first_page(tmp_path):
    folder = laid_out(tmp_path / "c", {"a/manifest.csv": "source_uri,report_year\np.html,13\n", "a/p.html": PAGE})
    with pytest.raises(SourceError) as caught:
        read_captures([folder])
    assert (caught.value.code, caught.value.where) == ("manifest_year", "c/a/manifest.csv, line 2, column report_year")


# Errors and plans.


def test_a_source_that_does_not_exist_is_refused_at_the_call(tmp_path):
    with pytest.raises(SourceError, match="nowhere") as caught:
        read_captures([tmp_path / "nowhere"])
    assert isinstance(caught.value, CorpusError)
    assert (caught.value.code, bool(caught.value.next_step)) == ("source_missing", True)


@pytest.mark.parametrize("files", [{}, {"a.css": "p {}", ".hidden.html": PAGE}])
def test_nothing_to_read_is_refused(tmp_path, files):
    with pytest.raises(SourceError) as caught:
        read_captures([laid_out(tmp_path, files)])
    assert caught.value.code == "nothing_to_read"


def test_no_source_is_refused():
    with pytest.raises(SourceError) as caught:
        read_captures([])
    assert caught.value.code == "nothing_to_read"


def test_a_manifest_is_no_source(tmp_path):
    laid_out(tmp_path, {"manifest.csv": "source_uri\n"})
    with pytest.raises(SourceError) as caught:
        read_captures([tmp_path / "manifest.csv"])
    assert caught.value.code == "manifest_as_source"


def test_a_plan_counts_what_is_to_be_read_and_travels_to_workers(tmp_path):
    folder = laid_out(
        tmp_path / "c",
        {"a.html": PAGE, "b.html": PAGE + PAGE, "x.css": "p {}", "manifest.csv": "file,agency\na.html,甲\n"},
    )
    plan = plan_sources([folder])
    assert [(file.uri, file.size) for file in plan.files] == [("c/a.html", 28), ("c/b.html", 56)]
    assert plan.total_bytes == 84
    again = pickle.loads(pickle.dumps(plan))
    assert [c for file in again.files for c in read_file(file)] == read(folder)


def test_reading_twice_gives_the_same(tmp_path):
    folder = laid_out(
        tmp_path / "c", {"b.html": PAGE, "a.html": PAGE, "c.warc.gz": warc((URL, PAGE)), "d.pdf": b"%PDF-"}
    )
    assert read(folder) == read(folder)
    assert MAX_PAGE_BYTES == 33_554_432
