"""What is written is WARC/1.1 that other programs read, whatever a server sent."""

import io
import subprocess
import sys
import zlib

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from stored_visits import HTML, MOMENT, SITE, page, visit, warc_files
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import read_captures
from scraper.archive import open_archive, read_archive, verify
from scraper.records import Target, Visit

URL = f"{SITE}/a.html"


def written(folder, *visits, targets=()):
    """Write visits in one run; return the records as warcio reads them, with their blocks."""
    with open_archive(folder, software="gongkai 9", operator="A. Reader") as archive:
        archive.begin_run("live", "plan")
        archive.add_targets(targets)
        for one in visits:
            archive.record(one)
        archive.finish_run()
    with warc_files(folder)[-1].open("rb") as stream:
        return [
            (record.rec_headers, record.http_headers, record.raw_stream.read()) for record in ArchiveIterator(stream)
        ]


def kinds(records):
    return [head.get_header("WARC-Type") for head, _, _ in records]


def test_a_file_begins_with_who_wrote_it_and_by_which_rules(tmp_path):
    head, _, block = written(tmp_path, visit(URL, page(1)))[0]
    assert head.protocol == "WARC/1.1"
    assert head.get_header("WARC-Filename") == warc_files(tmp_path)[0].name
    lines = dict(line.split(": ", 1) for line in block.decode().splitlines())
    assert lines["software"] == "gongkai 9"
    assert (lines["operator"], lines["robots"], lines["format"]) == ("A. Reader", "obey", "WARC file version 1.1")
    assert lines["conformsTo"].startswith("http")


def test_a_visit_is_an_answer_a_request_and_what_is_known_of_both(tmp_path):
    target = Target(
        URL, agency="示例局", report_year=2020, title="年度\r\n报告", via=f"{SITE}/list.html", part_of=f"{SITE}/b"
    )
    one = visit(URL, page(1), ip="192.0.2.7", fields={"replayed-from": "http://archive.example.invalid/x"})
    records = written(tmp_path, one, targets=[target])
    assert kinds(records) == ["warcinfo", "response", "request", "metadata"]
    answer, request, about = (head for head, _, _ in records[1:])
    assert answer.get_header("WARC-IP-Address") == "192.0.2.7"
    assert {head.get_header("WARC-Concurrent-To") for head in (request, about)} == {answer.get_header("WARC-Record-ID")}
    assert {head.get_header("WARC-Date") for head in (answer, request, about)} == {MOMENT}
    assert {head.get_header("WARC-Target-URI") for head in (answer, request, about)} == {URL}
    fields = dict(line.split(": ", 1) for line in records[3][2].decode().splitlines())
    assert (fields["run"], fields["run-kind"], fields["run-plan"]) == ("1", "live", "plan")
    assert (fields["source"], fields["kind"], fields["via"]) == ("live", "page", f"{SITE}/list.html")
    assert (fields["agency"], fields["report-year"], fields["title"]) == ("示例局", "2020", "年度 报告")
    assert (fields["part-of"], fields["replayed-from"]) == (f"{SITE}/b", "http://archive.example.invalid/x")


def test_revisits_say_what_they_repeat_and_why(tmp_path):
    first, same = visit(URL, page(1)), visit(URL, page(1), moment="2026-03-02T00:00:00Z")
    written(tmp_path, first)
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.record(same)
        archive.record(visit(URL, status=304, moment="2026-03-03T00:00:00Z"))
    original, revisits = None, []
    for path in warc_files(tmp_path):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    original = record.rec_headers
                elif record.rec_type == "revisit":
                    revisits.append(
                        (record.rec_headers, record.http_headers.get_statuscode(), record.raw_stream.read())
                    )
    assert [head.get_header("WARC-Profile").rpartition("/")[2] for head, _, _ in revisits] == [
        "identical-payload-digest",
        "server-not-modified",
    ]
    assert [status for _, status, _ in revisits] == ["200", "304"]
    for head, _, body in revisits:
        assert body == b""
        assert head.get_header("WARC-Refers-To") == original.get_header("WARC-Record-ID")
        assert head.get_header("WARC-Refers-To-Target-URI") == URL
        assert head.get_header("WARC-Refers-To-Date") == MOMENT
        assert head.get_header("WARC-Payload-Digest") == original.get_header("WARC-Payload-Digest")


HOSTILE = {
    "newlines": (("X-A", "a\r\nWARC/1.1\r\nX-B: b\n\nc\rd"),),
    "nul": (("X-A", "a\0b"), ("X-\0", "c")),
    "colon in a name": (("X:A\r\n", "a"), ("", "b"), ("X A", "c")),
    "latin-1 bytes": (("X-A", "caf\xe9 \x80\xff"),),
    "GBK bytes": (("X-A", "附件.doc".encode("gbk").decode("latin-1")),),
    "UTF-8": (("X-A", "附件.doc"),),
    "half a pair": (("X-A", "a\ud800b"),),
    "very long": (("X-A", "x" * 30_000),),
    "line separators": (("X-A", "b\x85c\x0bd\x1ce"), ("X-B", "a\u2028b")),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_records_are_well_formed_whatever_the_headers_hold(tmp_path, name):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        one = visit(URL, page(1), headers=(*HTML, *HOSTILE[name]), reason="O\r\nK\0", fields={"a\r\nb": "c\r\nd"})
        stored = archive.record(one)
        after = archive.record(visit(f"{SITE}/b.html", page(2)))
        back = archive.read(stored)
        assert back.body == page(1)
        assert back.headers[0] == HTML[0]
        assert len(back.headers) == len(HTML) + len(HOSTILE[name])
        for (_, value), (_, given) in zip(back.headers[1:], HOSTILE[name], strict=True):
            if not set(given) & set("\r\n\0") and max(given) <= "\xff":
                assert value == given
        assert archive.read(after).body == page(2)
        archive.finish_run()
    assert list(verify(tmp_path)) == []
    assert checked(tmp_path) == ["warcinfo", *["response", "request", "metadata"] * 2]
    captures = list(read_captures([tmp_path]))
    assert [(capture.source_uri, capture.data) for capture in captures] == [
        (URL, page(1)),
        (f"{SITE}/b.html", page(2)),
    ]


def checked(folder):
    """Read all with fastwarc, which must find every digest to hold; the kinds of the records."""
    found = []
    for path in warc_files(folder):
        with path.open("rb") as stream:
            for record in FastIterator(stream, parse_http=False, max_header_len=200_000):
                assert record.verify_block_digest()
                found.append(str(record.record_type))
        with path.open("rb") as stream:
            for record in FastIterator(stream, max_header_len=200_000):
                # a payload is to fastwarc what stands behind an HTTP head
                assert str(record.record_type) not in ("response", "request") or record.verify_payload_digest()
    return found


def test_no_field_of_a_page_passes_for_one_of_the_run(tmp_path):
    target = Target(URL, title="年报\u2028run-id: forged\x85run: 9\x0bsource: wayback")
    written(
        tmp_path, visit(URL, page(1), fields={"run": "7", "source": "folder", "run-id": "forged"}), targets=[target]
    )
    (tmp_path / ".fetch" / "catalogue.sqlite").unlink()
    with read_archive(tmp_path) as view:
        (run,), (stored,) = view.runs(), view.visits()
    assert (run.run_no, run.kind, stored.source, stored.run_no) == (1, "live", "live", 1)


def test_bytes_of_a_header_stand_as_they_came(tmp_path):
    raw = "附件.doc".encode("gbk")
    written(tmp_path, visit(URL, page(1), headers=(*HTML, ("Content-Disposition", raw.decode("latin-1")))))
    members = warc_files(tmp_path)[0].read_bytes()
    assert b"Content-Disposition: " + raw + b"\r\n" in unpacked(members)


def unpacked(data):
    """All gzip members of a file, each of which is one record."""
    found = []
    while data:
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        found.append(inflater.decompress(data))
        assert inflater.eof
        assert found[-1].count(b"WARC-Type: ") == 1
        data = inflater.unused_data
    return b"".join(found)


def test_a_transfer_coding_that_is_undone_is_not_claimed(tmp_path):
    records = written(tmp_path, visit(URL, page(1), headers=(*HTML, ("transfer-encoding", "chunked"))))
    http = records[1][1]
    assert http.get_header("transfer-encoding") is None
    assert http.get_header("X-Archive-Orig-transfer-encoding") == "chunked"
    assert records[1][2] == page(1)


@pytest.mark.parametrize("protocol", ["HTTP/2", "h2", "", "HTTP/1.0"])
def test_every_protocol_is_written_in_lines_that_are_read(tmp_path, protocol):
    records = written(tmp_path, visit(URL, page(1), protocol=protocol))
    assert records[1][1].protocol == ("HTTP/1.0" if protocol == "HTTP/1.0" else "HTTP/1.1")


@pytest.mark.parametrize(
    "url",
    [f"{SITE}/a b\r\nX: y.html", f"{SITE}/<script>.html", f"{SITE}/公开.html", f"{SITE}/\ud800.html", f"{SITE}/%"],
)
def test_an_address_cannot_break_a_record(tmp_path, url):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        stored = archive.record(Visit(url, MOMENT, "live", 200, "OK", HTML, page(1)))
        assert archive.visited(url) == stored
        assert archive.read(stored).body == page(1)
        archive.finish_run()
    assert list(verify(tmp_path)) == []
    assert checked(tmp_path) == ["warcinfo", "response", "metadata"]


def test_a_request_without_its_last_line_gets_it(tmp_path):
    short = Visit(URL, MOMENT, "live", 200, "OK", HTML, page(1), request=b"GET /a.html HTTP/1.1\r\nHost: a")
    records = written(tmp_path, short)
    assert records[2][1].get_header("Host") == "a"
    assert unpacked(warc_files(tmp_path)[0].read_bytes()).count(b"Host: a\r\n\r\n") == 1


def test_warcio_finds_every_digest_to_hold(tmp_path):
    written(
        tmp_path,
        visit(URL, page(1)),
        visit(URL, page(1)),
        visit(f"{SITE}/empty", b""),
        visit(f"{SITE}/cut", page(2), truncated="time"),
        visit(f"{SITE}/saved", page(3), status=None, source="folder", media_type="text/html"),
    )
    run = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *map(str, warc_files(tmp_path))],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout
    # warcio itself passes over the digests of revisits
    assert run.stdout.count("digest pass") == len(checked(tmp_path)) - 1
    assert run.stdout.count("not checked (revisit)") == 1


def test_a_page_that_holds_records_does_not_become_some(tmp_path):
    head = "WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://x.example.gov.cn/\r\nContent-Length: 0"
    forged = f"\r\n\r\n{head}\r\n\r\n\r\n\r\n".encode()
    written(tmp_path, visit(URL, page(1) + forged + page(2)))
    assert checked(tmp_path) == ["warcinfo", "response", "request", "metadata"]
    assert list(verify(tmp_path)) == []
    (tmp_path / ".fetch" / "catalogue.sqlite").unlink()
    with open_archive(tmp_path) as archive:
        assert archive.earlier("http://x.example.gov.cn/") is None
        assert io.BytesIO(archive.read(archive.earlier(URL)).body).read(6) == b"<html>"
