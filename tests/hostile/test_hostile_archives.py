"""Archives and folders made to break a reader: every input gives a page or a named failure, and nothing hangs."""

import contextlib
import gzip
import io
import os
import random
import signal
import sys
import threading
import zipfile
import zlib
from pathlib import Path

import brotli
import pytest

from corpus.archive import MAX_PAGE_BYTES, plan_sources, read_captures, read_plan
from corpus.errors import SourceError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and alarms are those of POSIX")

SECONDS = 30  # of one test: several times what a slow core needs
PAGE = "<html><p>政府信息公开工作年度报告</p></html>".encode()
PAGES = [b"<html><p>%d</p></html>" % n for n in range(4)]
DATE = b"2014-03-01T02:03:04Z"
HTML = b"Content-Type: text/html\r\n"
LIMIT = 100_000
NOISE = random.Random(3).randbytes(5000)


class Hangs(Exception):  # noqa: N818  it is the finding itself
    """A test took longer than it may."""


@pytest.fixture(autouse=True)
def _alarm():
    def stop(*_):
        raise Hangs

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def record(n, body, head=HTML, *, length=None, kind=b"response"):
    block = b"HTTP/1.1 200 OK\r\n" + head + b"\r\n" + body
    size = len(block) if length is None else length
    return (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: http://x.cn/%d\r\nWARC-Date: %s\r\n"
        b"Content-Type: application/http\r\nContent-Length: %d\r\n\r\n" % (kind, n, DATE, size)
    ) + (block + b"\r\n\r\n")


RECORDS = [record(n, page) for n, page in enumerate(PAGES)]


def read(path, *, limit=LIMIT):
    captures = list(read_captures([path], max_page_bytes=limit))
    for capture in captures:
        if capture.failure:
            assert all(capture.failure), "a failure has an outcome, what was seen, and a next step"
            assert capture.data == b""
        capture.source_uri.encode()
    return captures


def read_bytes(folder, data, name="a.warc", **more):
    path = folder / name
    path.write_bytes(data)
    return read(path, **more)


def pages_of(captures):
    return {capture.source_uri: capture.data for capture in captures if capture.failure is None}


def failures_of(captures):
    return [(capture.source_uri, capture.failure[0]) for capture in captures if capture.failure]


def only(captures):
    (capture,) = captures
    return capture.failure[0] if capture.failure else capture.data


def address(n):
    return f"http://x.cn/{n}"


# WARC.


@pytest.mark.parametrize("packed", [False, True])
def test_a_cut_at_any_byte_loses_the_last_page_and_says_so(tmp_path, packed):
    parts = [gzip.compress(part, mtime=0) for part in RECORDS] if packed else RECORDS
    data, last = b"".join(parts), len(b"".join(parts[:-1]))
    # In the header, at its end, in the block; at the very end only line ends are missing.
    for end in (*range(last + 20, len(data) - 20, 41), last + 1, last + 7):
        captures = read_bytes(tmp_path, data[:end], "a.warc.gz" if packed else "a.warc")
        assert {address(n): PAGES[n] for n in range(3)}.items() <= pages_of(captures).items()
        assert [outcome for _, outcome in failures_of(captures)] == ["crashed"], end


@pytest.mark.parametrize("length", [0, 1, 40, 200, 10_000])
def test_a_wrong_length_spoils_no_neighbour(tmp_path, length):
    captures = read_bytes(tmp_path, RECORDS[0] + record(1, PAGES[1], length=length) + b"".join(RECORDS[2:]))
    pages = pages_of(captures)
    assert {address(n): PAGES[n] for n in (0, 2, 3)}.items() <= pages.items()
    assert pages.get(address(1)) in (None, PAGES[1])
    assert failures_of(captures)


@pytest.mark.parametrize("length", [10 * 2**30, 10**14])
def test_a_record_that_claims_ten_gigabytes(tmp_path, length):
    captures = read_bytes(tmp_path, RECORDS[0] + record(1, PAGES[1], length=length) + b"".join(RECORDS[2:]))
    assert (address(1), "too_large") in failures_of(captures)
    assert pages_of(captures)[address(0)] == PAGES[0]
    assert address(1) not in pages_of(captures)


@pytest.mark.parametrize(
    "length", [b"-1", b"1e9", b"", b"0x40", b"9" * 30, "１２".encode(), b"12 34", b"12\r\nContent-Length: 99"]
)
def test_a_length_that_is_none(tmp_path, length):
    broken = RECORDS[1].replace(b"Content-Length: ", b"Content-Length: " + length + b"\r\nX-Was: ", 1)
    captures = read_bytes(tmp_path, RECORDS[0] + broken + RECORDS[2])
    assert {address(0): PAGES[0], address(2): PAGES[2]}.items() <= pages_of(captures).items()
    assert failures_of(captures)


@pytest.mark.parametrize(
    "garbage",
    [b"garbage", b"\0" * 5000 + b"x", NOISE, b"WARC/1.0\r\n" * 500, b"WARC/" * 5000, b"\r\n" * 5000 + b"-"],
    ids=["words", "zeros", "noise", "versions", "signatures", "line ends"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_garbage_between_records_is_said_and_passed(tmp_path, garbage, packed):
    parts = [gzip.compress(part, mtime=0) for part in RECORDS] if packed else RECORDS
    captures = read_bytes(tmp_path, garbage.join(parts), "a.warc.gz" if packed else "a.warc")
    assert address(3) in pages_of(captures)
    assert set(pages_of(captures).items()) <= {(address(n), PAGES[n]) for n in range(4)}
    assert failures_of(captures)
    lost = {address(n) for n in range(4)} - pages_of(captures).keys()
    assert lost <= {uri for uri, _ in failures_of(captures)}


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\n" + b"A: " + b"x" * 5_000_000,
        b"WARC/1.0\r\n" + b"A: x\r\n" * 500_000,
        b"WARC/1.0\r\nA:" * 200_000,
        b"\n\nWARC/1.0\r\nA:" * 200_000,
        b"WARC/1.0\r\nContent-Length: 5\r\n\r\n" * 50_000,
        gzip.compress(b"WARC/1.0\r\n", mtime=0) * 50_000,
        b"\x1f\x8b\x08" * 500_000,
    ],
    ids=["one header", "many headers", "starts", "buried", "lengths", "members", "signatures"],
)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_archives_made_to_cost_time(tmp_path, data, name):
    captures = read_bytes(tmp_path, data, name)
    assert captures
    assert not pages_of(captures)
    assert len(captures) <= 1002


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("a.warc.gz", gzip.compress(b"", mtime=0), id="gzip of nothing"),
        pytest.param("a.warc.gz", gzip.compress(b"", mtime=0) * 50_000, id="many of nothing"),
        pytest.param("a.warc", b"\r\n", id="a line end"),
    ],
)
def test_an_archive_without_a_record_is_empty(tmp_path, name, data):
    assert only(read_bytes(tmp_path, data, name)) == "empty"


@pytest.fixture(scope="module")
def bomb():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(2**20)) for _ in range(300)) + packer.flush()


@pytest.mark.parametrize("stage", ["page", "record", "file"])
def test_a_page_that_unpacks_to_hundreds_of_megabytes(tmp_path, stage, bomb):
    if stage == "file":
        assert only(read_bytes(tmp_path, bomb, "a.html.gz")) == "too_large"
        return
    whole = record(1, bomb, HTML + b"Content-Encoding: gzip\r\n")
    data = gzip.compress(whole, mtime=0) if stage == "record" else whole
    captures = read_bytes(
        tmp_path, data + (gzip.compress(RECORDS[2], mtime=0) if stage == "record" else RECORDS[2]), limit=10**6
    )
    assert failures_of(captures) == [(address(1), "too_large")]
    assert pages_of(captures) == {address(2): PAGES[2]}


def test_gzip_in_gzip_in_gzip(tmp_path):
    data = PAGE
    for _ in range(20):
        data = gzip.compress(data, mtime=0)
    assert only(read_bytes(tmp_path, data, "a.html.gz")) in ("attachment_only", "undecodable")
    codings = b"Content-Encoding: " + b", ".join([b"gzip"] * 20) + b"\r\n"
    assert only(read_bytes(tmp_path, record(1, data, HTML + codings))) == PAGE
    many = b"Content-Encoding: " + b",".join([b"gzip"] * 5000) + b"\r\n"
    assert only(read_bytes(tmp_path, record(1, data, HTML + many))) == PAGE


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        (b"Content-Encoding: gzip\r\n", PAGE, PAGE),
        (b"Content-Encoding: br\r\n", PAGE, PAGE),
        (b"Content-Encoding: deflate\r\n", PAGE, PAGE),
        (b"Transfer-Encoding: chunked\r\n", PAGE, PAGE),
        (b"Content-Encoding: zstd\r\n", PAGE, "undecodable"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0)[:-9], "crashed"),
        (b"Content-Encoding: gzip\r\n", gzip.compress(PAGE, mtime=0) + b"tail", ("crashed", PAGE)),
        (b"Content-Encoding: br\r\n", brotli.compress(PAGE * 50)[:-3], "crashed"),
        (b"Content-Encoding: br\r\n", brotli.compress(bytes(10**8)), "too_large"),
        (b"Content-Encoding: deflate\r\n", zlib.compress(bytes(10**8)), "too_large"),
        (b"Transfer-Encoding: chunked\r\n", b"ffffffff\r\n" + PAGE, "crashed"),
        (b"Transfer-Encoding: chunked\r\n", b"5\r\n<html", "crashed"),
        (b"Transfer-Encoding: chunked\r\n", b"-5\r\n<html", ("undecodable", b"-5\r\n<html")),
        (b"Transfer-Encoding: chunked\r\n", b"1\r\n<\r\n" * 10_000, "crashed"),
        (b"Content-Length: 5\r\n", PAGE, PAGE),
        (b"Content-Length: 5000000\r\n", PAGE, "crashed"),
        (b"Content-Length: -5\r\n", PAGE, PAGE),
    ],
)
def test_answers_that_lie_about_their_body(tmp_path, head, body, expected):
    found = only(read_bytes(tmp_path, record(1, body, HTML + head)))
    assert found in (expected if isinstance(expected, tuple) else (expected,))


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Type: " + b"text/html;" * 5000 + b"\r\n",
        b"Content-Type: text/html; charset=" + b"\xff" * 5000 + b"\r\n",
        b"X: y\r\n" * 8000,
        b"\0\0\r\n",
        b": \r\n:\r\n",
    ],
    ids=["parameters", "charset", "many", "zeros", "nameless"],
)
def test_broken_answer_heads(tmp_path, head):
    captures = read_bytes(tmp_path, record(1, PAGE, head + HTML) + RECORDS[2])
    assert [capture.source_uri for capture in captures] == [address(1), address(2)]
    assert captures[0].failure or captures[0].data == PAGE
    assert captures[1].data == PAGES[2]


# Containers.


def test_a_wacz_with_a_bomb_and_a_page(tmp_path):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc", record(1, bytes(5 * 10**7)))
        archive.writestr("archive/b.warc.gz", gzip.compress(RECORDS[2], mtime=0))
    captures = read_bytes(tmp_path, box.getvalue(), "a.wacz")
    assert failures_of(captures) == [(address(1), "too_large")]
    assert pages_of(captures) == {address(2): PAGES[2]}


@pytest.mark.parametrize("cut", [4, 30, 200, -1, -22])
def test_a_damaged_wacz(tmp_path, cut):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/a.warc.gz", b"".join(map(gzip.compress, RECORDS)))
    assert only(read_bytes(tmp_path, box.getvalue()[:cut], "a.wacz")) == "crashed"


def test_a_zip_of_fifty_thousand_names(tmp_path):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        for n in range(50_000):
            archive.writestr(f"{n}", b"")
    assert only(read_bytes(tmp_path, box.getvalue(), "a.zip")) == "attachment_only"


MAIL = b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        MAIL,
        MAIL + b"--B\r\n" * 50_000,
        MAIL + b"--B\r\nContent-Type: text/html\r\n\r\n" + PAGE,
        MAIL + b"--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n$$$\r\n--B--\r\n",
        MAIL + b"--B\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin\r\n--B--\r\n",
        b"".join(MAIL.replace(b"=B", b"=B%d" % n) + b"--B%d\r\n" % n for n in range(5000)),
        MAIL + b"--B\r\nContent-Type: image/png\r\n\r\nx\r\n--B--\r\n",
        b"From: x\r\n" * 100_000 + MAIL[24:],
    ],
    ids=["head alone", "borders", "cut", "base64", "uuencode", "nested", "no page", "fields"],
)
def test_broken_mhtml(tmp_path, data):
    capture = only(read_bytes(tmp_path, data, "a.mhtml", limit=MAX_PAGE_BYTES))
    assert capture in ("crashed", "empty", "undecodable") or isinstance(capture, bytes)


# Single files.


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.html", b"", "empty"),
        ("a.html", b"\x89PNG\r\n\x1a\n" + bytes(99), "image_only"),
        ("a.html", b"%PDF-1.4\n", "attachment_only"),
        ("a.html", b"\x1f\x8b\x08" + NOISE, "crashed"),
        ("a.html", gzip.compress(PAGE, mtime=0), PAGE),
        ("a.html.gz", gzip.compress(PAGE, mtime=0) + gzip.compress(PAGE, mtime=0)[:20], "crashed"),
        ("a.bin", b"MZ\x90\0\3\0" + bytes(99), "undecodable"),
        ("a.html", b"PK\3\4" + NOISE, "crashed"),
        ("a.html", b"WARC/1.0\r\n", "crashed"),
        ("a.warc", b"", "empty"),
        ("a.warc.gz", b"\x1f\x8b\x08", "crashed"),
    ],
)
def test_files_that_are_not_what_they_are_called(tmp_path, name, data, expected):
    assert only(read_bytes(tmp_path, data, name)) == expected


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.write(PAGE)
        for _ in range(50):
            file.write("<p>本机关落实条例</p>".encode() * 41_000)
    assert path.stat().st_size > 50 * 2**20
    (capture,) = read(path, limit=MAX_PAGE_BYTES)
    assert capture.failure[0] == "too_large"
    assert str(path.stat().st_size) in capture.failure[1]


# Folders.


def make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAGE)


def test_loops_of_links_give_every_page_once(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "a.html", "deep/b.html", "deep/er/c.html")
    (folder / "up").symlink_to(folder)
    (folder / "deep/er/top").symlink_to("../..")
    (folder / "deep/self").symlink_to("self")
    (folder / "x.html").symlink_to("y.html")
    (folder / "y.html").symlink_to("x.html")
    (folder / "dangling.html").symlink_to("nowhere.html")
    (folder / "again.html").symlink_to("a.html")
    captures = read(folder)
    assert sorted(pages_of(captures)) == ["pages/a.html", "pages/deep/b.html", "pages/deep/er/c.html"]
    told = dict(failures_of(captures))
    assert {"pages/x.html", "pages/y.html", "pages/dangling.html"} <= told.keys()
    assert set(told.values()) == {"crashed"}


def test_a_chain_of_links_longer_than_the_system_follows(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "0.html")
    for n in range(1, 60):
        (folder / f"{n}.html").symlink_to(f"{n - 1}.html")
    captures = read(folder)
    assert list(pages_of(captures)) == ["pages/0.html"]
    assert {outcome for _, outcome in failures_of(captures)} == {"crashed"}


def test_what_may_not_be_read(tmp_path, monkeypatch):
    folder = tmp_path / "pages"
    make(folder, "a.html", "b.html", "shut/c.html")
    opened, listed = Path.open, os.scandir

    def refuse(path, *more, **named):
        if path.name == "b.html":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *more, **named)

    def refuse_folder(path):
        if Path(path).name == "shut":
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    captures = read(folder)
    assert list(pages_of(captures)) == ["pages/a.html"]
    assert failures_of(captures) == [("pages/b.html", "crashed"), ("pages/shut", "crashed")]
    assert all("Permission denied" in capture.failure[1] for capture in captures if capture.failure)


def test_a_read_error_in_the_middle_of_a_file(tmp_path, monkeypatch):
    make(tmp_path / "pages", "a.html", "b.html")
    opened = Path.open

    class Broken(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, _):
            raise OSError(5, "Input/output error")

    def open_or_break(path, *more, **named):
        return io.BufferedReader(Broken()) if path.name == "a.html" else opened(path, *more, **named)

    monkeypatch.setattr(Path, "open", open_or_break)
    captures = read(tmp_path / "pages")
    assert failures_of(captures) == [("pages/a.html", "crashed")]
    assert list(pages_of(captures)) == ["pages/b.html"]


def test_pipes_sockets_and_devices(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "a.html")
    os.mkfifo(folder / "pipe.html")
    (folder / "null.html").symlink_to("/dev/zero")
    captures = read(folder)
    assert list(pages_of(captures)) == ["pages/a.html"]
    assert sorted(failures_of(captures)) == [("pages/null.html", "crashed"), ("pages/pipe.html", "crashed")]
    assert failures_of(read(folder / "pipe.html")) == [("pipe.html", "crashed")]


def test_a_file_that_vanishes_or_changes_after_it_was_found(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "a.html", "b.html", "c.html", "d.html")
    plan = plan_sources([folder])
    (folder / "a.html").unlink()
    (folder / "b.html").unlink()
    (folder / "b.html").mkdir()
    (folder / "c.html").write_bytes(b"<p>" * LIMIT)
    captures = list(read_plan(plan, max_page_bytes=LIMIT))
    assert failures_of(captures) == [
        ("pages/a.html", "crashed"),
        ("pages/b.html", "crashed"),
        ("pages/c.html", "too_large"),
    ]
    assert pages_of(captures) == {"pages/d.html": PAGE}


def test_a_file_that_becomes_a_pipe(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "a.html")
    plan = plan_sources([folder])
    (folder / "a.html").unlink()
    os.mkfifo(folder / "a.html")

    def write_late():
        with contextlib.suppress(OSError):
            os.close(os.open(folder / "a.html", os.O_WRONLY | os.O_NONBLOCK))

    signal.alarm(1)
    timer = threading.Timer(3, write_late)
    timer.daemon = True
    timer.start()
    try:
        assert failures_of(read_plan(plan)) == [("pages/a.html", "crashed")]
    finally:
        timer.cancel()


def test_names_that_no_table_can_hold(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    raw = os.fsencode(folder) + b"/"
    names = [
        b"line\nbreak.html",
        b"tab\tand\rreturn.html",
        "年报".encode("gbk") + b".html",
        b"\xff\xfe\x80.html",
        b"\xed\xa0\x80.html",
        b"n" * 250 + b".html",
        b" .html",
        b'quote"and,comma.html',
        b"=cmd().html",
        b"back\\slash.html",
        "e\u0301.html".encode(),
        b"-o.html",
    ]
    for n, name in enumerate(names):
        with open(raw + name, "wb") as file:  # noqa: PTH123  the names are bytes
            file.write(PAGES[0] + b"%d" % n)
    captures = read(folder)
    assert len(pages_of(captures)) == len(names)
    assert "pages/年报.html" in pages_of(captures)


def test_a_path_deeper_than_the_system_opens(tmp_path):
    folder = tmp_path / "pages"
    make(folder, "a.html")
    back = Path.cwd()
    try:
        os.chdir(folder)
        for _ in range(25):
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("b.html").write_bytes(PAGE)
    finally:
        os.chdir(back)
    captures = read(folder)
    assert "pages/a.html" in pages_of(captures)
    assert len(captures) == 2


def test_ten_thousand_small_files(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for n in range(10_000):
        (folder / f"{n}.html").write_bytes(b"<p>%d" % n)
    captures = read(folder)
    assert len(pages_of(captures)) == 10_000
    assert captures[0].source_uri == "pages/0.html"


# Manifests.

HEAD = b"source_uri,agency,report_year,captured_at\n"


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        (b"", "manifest_columns"),
        (b"agency,report_year\n", "manifest_columns"),
        (b"\0" * 100, ("manifest_columns", "manifest_unreadable")),
        (b"\xff\xfe" + HEAD, ("manifest_columns", "manifest_unreadable")),
        (b"\xff\xff\xff", "manifest_unreadable"),
        (HEAD + b"a.html,x,12,\n", "manifest_year"),
        (HEAD + b"a.html,x,20131,\n", "manifest_year"),
        (HEAD + b"a.html,x,-2013,\n", "manifest_year"),
        (HEAD + b"a.html,x,2013.0,\n", "manifest_year"),
        (HEAD + b"a.html,x," + b"9" * 10_000 + b",\n", "manifest_year"),
        (HEAD + b"a.html,x,2013,yesterday\n", "manifest_date"),
        (HEAD + b"a.html,x,2013,2013-02-30\n", "manifest_date"),
        (HEAD + b"a.html,x,2013,9999-12-31T23:59:59-14:00\n", "manifest_date"),
        (HEAD + b"a.html,x,2013,\na.html,y,2013,\n", "manifest_conflict"),
        (HEAD + b"a.html," + b"x" * 200_000 + b",2013,\n", "manifest_unreadable"),
    ],
)
@pytest.mark.usefixtures("python_csv")
def test_a_broken_manifest_is_named_before_anything_is_read(tmp_path, manifest, code):
    make(tmp_path, "pages/a.html")
    (tmp_path / "pages/manifest.csv").write_bytes(manifest)
    with pytest.raises(SourceError) as caught:
        read(tmp_path / "pages")
    assert caught.value.code in ((code,) if isinstance(code, str) else code)
    assert "manifest.csv" in str(caught.value)


@pytest.mark.parametrize(
    "rows",
    [
        b'a.html,"x\n',
        b"a.html\n",
        b"a.html,x,2013,,,,,,,,\n",
        b"\n\n\r\n , , , \na.html,x,2013,\n",
        b"../../../etc/passwd,x,2013,\na.html,x,2013,\n",
        b"/etc/passwd,x,2013,\n",
        b"missing.html,x,2013,\n" * 3,
        b"http://x.cn/" + b"9" * 5000 + b",x,2013,\n",
    ],
    ids=["open quote", "short", "long", "blank", "upwards", "absolute", "missing", "address"],
)
def test_an_odd_manifest_never_costs_the_page(tmp_path, rows):
    make(tmp_path, "pages/a.html")
    (tmp_path / "pages/manifest.csv").write_bytes(HEAD + rows)
    captures = read(tmp_path / "pages")
    assert [capture.data for capture in captures if capture.failure is None] == [PAGE]
    assert {outcome for _, outcome in failures_of(captures)} <= {"empty"}


def test_a_manifest_that_is_a_folder_or_a_dangling_link(tmp_path):
    make(tmp_path, "a/a.html", "b/b.html")
    (tmp_path / "a/manifest.csv").mkdir()
    (tmp_path / "b/manifest.csv").symlink_to("nowhere")
    for name in ("a", "b"):
        with pytest.raises(SourceError) as caught:
            read(tmp_path / name)
        assert caught.value.code == "manifest_unreadable"


def test_a_manifest_that_is_a_pipe_does_not_hang(tmp_path):
    make(tmp_path, "pages/a.html")
    os.mkfifo(tmp_path / "pages/manifest.csv")
    signal.alarm(1)
    with pytest.raises(SourceError):
        read(tmp_path / "pages")
