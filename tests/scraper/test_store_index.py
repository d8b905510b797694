"""The index leads every replay tool to every answer."""

import io
import json

import pytest
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator as FastIterator
from stored_visits import HTML, SITE, page, visit, warc_files
from warcio.archiveiterator import ArchiveIterator

from scraper.archive import open_archive, read_archive

ADDRESSES = (
    f"{SITE}/b.html",
    f"{SITE}/a.html",
    f"{SITE}/A.html?y=2&x=1",
    "https://example.gov.cn/",
    "http://WWW.example.gov.cn:8080/a",
    f"{SITE}/公开/年报.html",
    f"{SITE}/a.html!",
    f"{SITE}/a b",
    "http://192.0.2.1/x",
    "http://[2001:db8::1]/x",
)

UNCHANGED = "2027-01-01T00:00:00Z"


@pytest.fixture
def archive(tmp_path):
    """Two runs: every address, then again in part unchanged, a 404, a redirect, a saved page."""
    for run in range(2):
        with open_archive(tmp_path, warc_bytes=4000) as opened:
            opened.begin_run("live", "plan")
            for number, url in enumerate(ADDRESSES):
                moment = f"2026-0{run + 3}-01T00:00:0{number % 3}.250Z"
                opened.record(visit(url, page(number * (1 + run * (number % 2))), moment=moment))
            opened.record(visit(f"{SITE}/gone", b"none", status=404))
            opened.record(visit(f"{SITE}/moved", status=302, headers=(("Location", "/a.html"),)))
            opened.record(visit(f"{SITE}/saved", page(9), status=None, source="folder", media_type="text/html"))
            opened.record(visit(ADDRESSES[0], page(50 + run), headers=(*HTML, ("ETag", '"1"'))))
            opened.record(visit(ADDRESSES[0], page(60 + run)))
            if run:
                opened.record(visit(ADDRESSES[1], status=304, headers=(("ETag", '"1"'),), moment=UNCHANGED))
            opened.finish_run()
    return tmp_path


def lines_of(data):
    for line in data.splitlines():
        key, time, fields = line.split(" ", 2)
        yield key, time, json.loads(fields)


def test_the_index_is_that_of_another_indexer(archive):
    out = io.StringIO()
    indexer = CDXJIndexer(out, [str(path) for path in warc_files(archive)], sort=True)
    indexer.output = out
    out.close = lambda: None
    indexer.process_all()
    theirs = sorted((line for line in lines_of(out.getvalue()) if line[2].get("status") != "304"), key=str)
    ours = sorted(lines_of((archive / "index.cdxj").read_text("utf-8")), key=str)
    assert len(ours) == 29
    assert ours == theirs


def test_the_index_is_sorted_by_bytes_and_each_line_is_one(archive):
    lines = (archive / "index.cdxj").read_bytes().splitlines(keepends=True)
    assert lines == sorted(set(lines))
    mimes = [fields.get("mime") for *_, fields in lines_of(b"".join(lines).decode())]
    assert {mime: mimes.count(mime) for mime in set(mimes)} == {"warc/revisit": 5, "text/html": 22, None: 2}


def test_every_line_leads_to_its_record(archive):
    for _, time, fields in lines_of((archive / "index.cdxj").read_text("utf-8")):
        data = (archive / fields["filename"]).read_bytes()
        offset = int(fields["offset"])
        alone = data[offset : offset + int(fields["length"])]
        (slow,) = ArchiveIterator(io.BytesIO(alone))
        (fast,) = FastIterator(io.BytesIO(alone), parse_http=False)
        for head in (slow.rec_headers.get_header, fast.headers.get):
            assert head("WARC-Target-URI") == fields["url"]
            assert "".join(filter(str.isdigit, head("WARC-Date")))[:14] == time
            assert head("WARC-Payload-Digest") == fields["digest"]


def test_an_answer_that_nothing_changed_is_in_the_archive_and_not_in_the_index(archive):
    with read_archive(archive) as view:
        (unchanged,) = (stored for stored in view.visits() if stored.status == 304)
    assert (unchanged.record, unchanged.url) == ("revisit", ADDRESSES[1])
    assert UNCHANGED[:4] not in [time[:4] for _, time, _ in lines_of((archive / "index.cdxj").read_text("utf-8"))]


def test_an_index_is_written_the_same_again(archive):
    before = (archive / "index.cdxj").read_bytes()
    (archive / ".fetch" / "catalogue.sqlite").unlink()
    (archive / "index.cdxj").unlink()
    with open_archive(archive):
        pass
    assert (archive / "index.cdxj").read_bytes() == before
