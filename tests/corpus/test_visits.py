"""Revisits: a visit that found the page unchanged is no line of its own where the page is in any of the files."""

import io
import tracemalloc

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus import rest
from corpus.archive import plan_sources, read_captures, read_file
from corpus.captures import Capture, ManifestEntry
from corpus.rest import RestStore, resolve_rest
from corpus.sources import SourcePlan
from corpus.visits import Visits

URL = "https://www.example.gov.cn/2013/t1.html"
FIRST, AGAIN = "2014-03-01T02:03:04Z", "2015-03-01T02:03:04Z"
PAGE = "<html><p>收到申请3件</p></html>".encode()
DIGEST = "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ"


def response(uri=URL, body=PAGE, digest=DIGEST, status="200 OK", media="text/html"):
    return uri, "response", FIRST, body, status, media, digest, {}


def revisit(uri=URL, digest=DIGEST, status="200 OK", refers=None, media="text/html"):
    refers = {"WARC-Refers-To-Target-URI": URL, "WARC-Refers-To-Date": FIRST} if refers is None else refers
    return uri, "revisit", AGAIN, b"", status, media, digest, refers


def write(path, *records):
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True)
    for uri, kind, moment, body, status, media, digest, more in records:
        http = StatusAndHeaders(status, [("Content-Type", media)] if media else [], protocol="HTTP/1.1")
        fields = {"WARC-Date": moment, **more} | ({"WARC-Payload-Digest": digest} if digest else {})
        record = writer.create_warc_record(
            uri, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=fields
        )
        if not digest:
            record.rec_headers.remove_header("WARC-Payload-Digest")
        writer.write_record(record)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(out.getvalue())


def read(folder):
    found = read_captures([folder])
    return [(one.source_uri, one.captured_at, one.failure[0] if one.failure else "page") for one in found]


@pytest.mark.parametrize(("first", "second"), [("a", "b"), ("b", "a")])
def test_a_revisit_finds_its_page_in_another_file_before_it_or_behind(tmp_path, first, second):
    write(tmp_path / "c" / f"{first}.warc.gz", response())
    write(tmp_path / "c" / f"{second}.warc.gz", revisit())
    assert read(tmp_path / "c") == [(URL, FIRST, "page")]


def test_a_revisit_before_its_page_in_one_file_is_no_line(tmp_path):
    write(tmp_path / "c" / "a.warc.gz", revisit(), response())
    assert read(tmp_path / "c") == [(URL, FIRST, "page")]


def test_a_revisit_whose_page_is_nowhere_says_where_it_is(tmp_path):
    write(tmp_path / "c" / "a.warc.gz", revisit(f"{URL}?gone", "sha1:" + "A" * 32, refers={}))
    write(tmp_path / "c" / "b.warc.gz", response())
    (tmp_path / "c" / "manifest.csv").write_text(f"source_uri,agency\n{URL}?gone,甲县人民政府\n", encoding="utf-8")
    page, gone = read_captures([tmp_path / "c"])
    assert page.source_uri == URL
    assert (gone.source_uri, gone.captured_at, gone.failure[0]) == (f"{URL}?gone", AGAIN, "duplicate")
    assert gone.failure[2] == "Add the archive that holds the earlier visit."
    assert gone.manifest == ManifestEntry(f"{URL}?gone", "甲县人民政府")


@pytest.mark.parametrize("digest", ["", DIGEST])
def test_not_modified_is_a_revisit_and_no_redirect(tmp_path, digest):
    write(tmp_path / "c" / "b.warc.gz", revisit(status="304 Not Modified", digest=digest, media=""))
    assert read(tmp_path / "c") == [(URL, AGAIN, "duplicate")]
    write(tmp_path / "c" / "a.warc.gz", response())
    assert read(tmp_path / "c") == [(URL, FIRST, "page")]


def test_an_unchanged_answer_that_was_no_page_is_none_again(tmp_path):
    api = f"{URL}/api"
    refers = {"WARC-Refers-To-Target-URI": api, "WARC-Refers-To-Date": FIRST}
    records = [response(api, b"{}", media="application/json"), revisit(api, status="304 Not Modified", refers=refers)]
    records += [revisit("https://www.example.gov.cn/robots.txt", "sha1:" + "B" * 32)]
    records += [revisit(status="302 Found", digest="sha1:" + "C" * 32)]
    write(tmp_path / "a.warc.gz", *records)
    (file,) = plan_sources([tmp_path]).files
    assert list(read_file(file)) == []


def test_an_awaited_address_that_was_met_and_is_no_line_of_its_own_is_not_missed(tmp_path):
    """An unchanged page under another address, and a sitemap, each with a line of a manifest."""
    copy, sitemap = f"{URL}?copy", "https://www.example.gov.cn/sitemap.xml"
    write(tmp_path / "c" / "a.warc.gz", revisit(copy), response(), response(sitemap, b"<urlset>", "", media="text/xml"))
    lines = "".join(f"{uri},甲县人民政府\n" for uri in (copy, sitemap, URL))
    (tmp_path / "c" / "manifest.csv").write_text(f"source_uri,agency\n{lines}", encoding="utf-8")
    assert read(tmp_path / "c") == [(URL, FIRST, "page")]


def test_an_awaited_address_that_leads_elsewhere_is_missed(tmp_path):
    write(tmp_path / "c" / "a.warc.gz", response(status="302 Found"))
    line = f"{URL},unreachable,redirects without end\n"
    (tmp_path / "c" / "manifest.csv").write_text(f"source_uri,outcome,detail\n{line}", encoding="utf-8")
    assert read(tmp_path / "c") == [(URL, "", "unreachable")]


def test_revisits_that_wait_come_back_by_file_and_place_whatever_the_order_of_the_records():
    entry = ManifestEntry(URL, "甲县", 2013, "", URL)
    waiting = [
        Capture(f"{URL}?{n}", b"", AGAIN, "text/html", "gbk", entry if n % 2 else None, ("duplicate", "没有", "Add."))
        for n in range(50)
    ]
    rests = []
    for part in (range(30, 50), range(30)):
        met = Visits()
        for n in part:
            met.wait([f"sha1:{n}", "unknown"], waiting[n], "a.warc", n)
        met.add(["sha1:7", "sha1:49", f"sha1:{part[0]}x"])
        rests.append(met.take())
    found = list(resolve_rest(SourcePlan((), (), (), 0), lambda: rests))
    assert found == [capture for n, capture in enumerate(waiting) if n not in (7, 49)]


def test_records_of_a_plan_lie_on_the_disk_when_they_are_many(monkeypatch):
    monkeypatch.setattr(rest, "_SPOOL_BYTES", 100)
    with RestStore() as store:
        for n in range(50):
            store.add(b"%d" % n)
        for _ in range(2):
            assert list(store()) == [b"%d" % n for n in range(50)]


def test_visits_leave_records_of_less_than_fifty_bytes_each():
    met = Visits()
    for n in range(20_000):
        met.add([f"sha1:{n}", f"{URL}?{n} {FIRST}"])
        met.hear(Capture(f"{URL}?{n}", b"", FIRST))
    assert met.is_full
    assert len(met.take()) / 20_000 < 50
    assert not met.is_full


def test_marks_that_nothing_waits_for_take_no_memory():
    rests = []
    for part in range(30):
        met = Visits()
        met.add(f"sha1:{part} {n}" for n in range(2000))
        if part == 20:
            met.wait(["sha1:29 1"], Capture(URL, b"", FIRST, failure=("duplicate", "a", "b")), "a.warc", 1)
        rests.append(met.take())
    tracemalloc.start()
    assert list(resolve_rest(SourcePlan((), (), (), 0), lambda: rests)) == []
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < sum(map(len, rests)) / 2
