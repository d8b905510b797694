"""Pages from WARC files: whole ones, and files with every kind of damage. Nothing is lost without a word."""

import base64
import gzip
import hashlib
import io
import random
import re
import time
import tracemalloc
import zipfile
import zlib

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from corpus.captures import ManifestEntry
from corpus.rest import resolve_rest
from corpus.sources import SourcePlan
from corpus.visits import Visits
from corpus.warc import Archive, read_warc

HTML = [("Content-Type", "text/html; charset=utf-8")]
# Text that does not compress away, so that a gzip member has an inside to damage.
NOISE = "".join(hashlib.sha256(b"%d" % n).hexdigest() for n in range(50))
PAGES = [f"<html><p>本年收到申请{n}件</p>{NOISE[: 3000 + n]}</html>".encode() for n in range(5)]
DATE = "2014-03-01T02:03:04Z"


class Warc:
    """Writes a WARC and remembers where each record begins."""

    def __init__(self, *, gz):
        self.gz, self.out, self.offsets = gz, io.BytesIO(), []
        self.writer = WARCWriter(self.out, gzip=gz)

    def add(self, uri, body=b"", headers=None, *, status="200 OK", kind="response", length=True, warc=None, **kw):
        http = None
        if kind in ("response", "revisit"):
            fields = [*(HTML if headers is None else headers)]
            fields += [("Content-Length", str(len(body)))] if length else []
            http = StatusAndHeaders(status, fields, protocol="HTTP/1.1")
        self.offsets.append(self.out.tell())
        fields = {"WARC-Date": DATE, **(warc or {})}
        self.writer.write_record(
            self.writer.create_warc_record(
                uri, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=fields, **kw
            )
        )
        return self

    @property
    def data(self):
        return self.out.getvalue()


def five(*, gz):
    warc = Warc(gz=gz)
    for n, page in enumerate(PAGES):
        warc.add(f"http://x.cn/{n}", page)
    return warc.data, [*warc.offsets, len(warc.data)]


def read(data, *, gz=None, limit=100_000, entry_for=lambda uri, at: None):
    compressed = data.startswith(b"\x1f\x8b") if gz is None else gz
    visits = Visits()
    archive = Archive("a.warc", compressed, entry_for, "a.warc")
    captures = [capture for _, capture in read_warc(io.BytesIO(data), archive, limit=limit, visits=visits)]
    rests = [visits.take()]
    return [*captures, *resolve_rest(SourcePlan((), (), (), 0), lambda: rests)]


def one(body=b"", headers=None, **kw):
    limit = kw.pop("limit", 100_000)
    (capture,) = read(Warc(gz=True).add("http://x.cn/0", body, headers, **kw).data, limit=limit)
    return capture


def outcome(capture):
    return capture.failure[0] if capture.failure else "page"


def summary(captures):
    return [(capture.source_uri, outcome(capture)) for capture in captures]


def assert_rest_is_read(captures, lost):
    """All pages but the lost ones are there, each with its own bytes, and something is said of the lost."""
    pages = {capture.source_uri: capture.data for capture in captures if capture.failure is None}
    assert pages == {f"http://x.cn/{n}": page for n, page in enumerate(PAGES) if n not in lost}
    failures = [capture for capture in captures if capture.failure]
    assert bool(failures) == bool(lost)
    for capture in failures:
        kind, detail, next_step = capture.failure
        assert kind == "crashed"
        assert re.search(r"a\.warc, byte \d+", detail)
        assert next_step
    return failures


both = pytest.mark.parametrize("gz", [True, False])


@both
def test_pages_come_in_file_order_with_all_that_the_archive_knows(gz):
    captures = read(five(gz=gz)[0])
    assert [capture.data for capture in captures] == PAGES
    first = captures[0]
    assert (first.source_uri, first.captured_at) == ("http://x.cn/0", DATE)
    assert (first.media_type, first.charset, first.failure, first.manifest) == (
        "text/html",
        "utf-8",
        None,
        None,
    )


def test_one_address_captured_twice_gives_two_captures():
    warc = Warc(gz=True).add("http://x.cn/0", PAGES[0], warc={"WARC-Date": "2013-01-01T00:00:00Z"})
    warc.add("http://x.cn/0", PAGES[1], warc={"WARC-Date": "2014-01-01T00:00:00.123456Z"})
    captures = read(warc.data)
    assert [capture.captured_at for capture in captures] == [
        "2013-01-01T00:00:00Z",
        "2014-01-01T00:00:00.123456Z",
    ]
    assert [capture.source_uri for capture in captures] == ["http://x.cn/0"] * 2


def test_the_manifest_is_asked_by_address_and_moment():
    entry = ManifestEntry("http://x.cn/0", "甲县", 2013)
    known = {("http://x.cn/0", DATE): entry}
    captures = read(five(gz=True)[0], entry_for=lambda uri, at: known.get((uri, at)))
    assert [capture.manifest for capture in captures] == [entry, None, None, None, None]


def test_an_address_in_angle_brackets_is_freed_of_them():
    data = (
        b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: <http://x.cn/\xe5\xb9\xb4>\r\n"
        b"WARC-Date: 2014-03-01T02:03:04Z\r\nContent-Type: text/html\r\nContent-Length: 6\r\n"
        b"\r\n<html>\r\n\r\n"
    )
    (capture,) = read(data)
    assert (capture.source_uri, capture.data, capture.media_type) == (
        "http://x.cn/年",
        b"<html>",
        "text/html",
    )


def test_line_feeds_alone_are_understood():
    data = (
        b"WARC/1.0\nWARC-Type: response\nWARC-Target-URI: http://x.cn/0\nContent-Type: application/http\n"
        b"Content-Length: 50\n\nHTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>12</p>\n\n\n"
    )
    assert read(data)[0].data == b"<p>12</p>"


@pytest.mark.parametrize(
    ("uri", "media", "status", "kind"),
    [
        ("http://x.cn/logo.png", "image/png", "200 OK", "response"),
        ("http://x.cn/site.css", "text/css", "200 OK", "response"),
        ("http://x.cn/list", "application/json", "200 OK", "response"),
        ("http://x.cn/gone.js", "text/html", "404 Not Found", "response"),
        ("http://x.cn/robots.txt", "text/plain", "200 OK", "response"),
        ("http://x.cn/old", "text/html", "301 Moved", "response"),
        ("dns:x.cn", "text/dns", "", "resource"),
        ("urn:text:http://x.cn/0", "text/plain", "", "resource"),
        ("http://x.cn/0", "application/warc-fields", "", "metadata"),
        ("http://x.cn/0", "text/plain", "", "conversion"),
    ],
)
def test_what_is_no_page_gives_nothing(uri, media, status, kind):
    more = {} if kind == "response" else {"warc_content_type": media}
    warc = Warc(gz=True).add(uri, b"body", [("Content-Type", media)], status=status, kind=kind, **more)
    assert read(warc.data) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("200 OK", "page"),
        ("203 Non-Authoritative", "page"),
        ("202 Accepted", "blocked"),
        ("403 Forbidden", "blocked"),
        ("412 Precondition Failed", "blocked"),
        ("429 Too Many Requests", "blocked"),
        ("521 Unknown", "blocked"),
        ("404 Not Found", "empty"),
        ("410 Gone", "empty"),
        ("500 Error", "empty"),
        ("206 Partial Content", "empty"),
    ],
)
def test_the_status_decides_the_outcome(status, expected):
    capture = one(PAGES[0], status=status)
    assert outcome(capture) == expected
    if capture.failure:
        assert (capture.data, capture.failure[1]) == (b"", f"HTTP {status[:3]}")


@pytest.mark.parametrize(
    ("body", "media", "expected"),
    [
        (b"%PDF-1.7 ...", "application/pdf", ("attachment_only", "application/pdf")),
        (b"%PDF-1.7 ...", "text/html", ("attachment_only", "PDF document")),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "application/msword",
            ("attachment_only", "application/msword"),
        ),
        (b"Rar!\x1a\x07\0", "application/octet-stream", ("attachment_only", "RAR archive")),
        (b"\x89PNG\r\n\x1a\n", "text/html", ("image_only", "PNG image")),
        (b"\0\1\2\3", "application/octet-stream", ("undecodable", "binary data of no known kind")),
        (b"", "text/html", ("empty", "empty file")),
    ],
)
def test_a_body_that_is_no_page_is_named(body, media, expected):
    assert one(body, [("Content-Type", media)]).failure[:2] == expected


def test_a_page_under_a_media_type_that_says_nothing_is_found_by_its_bytes():
    assert one(PAGES[0], [("Content-Type", "application/octet-stream")]).data == PAGES[0]
    assert one(PAGES[0], []).data == PAGES[0]


def test_a_page_that_no_decoder_may_like_is_still_handed_on():
    assert one(b"\0\1\2\3").data == b"\0\1\2\3"


def test_an_mhtml_file_gives_its_page():
    body = b"MIME-Version: 1.0\nContent-Type: text/html; charset=gbk\n\n<p>12</p>"
    capture = one(body, [("Content-Type", "multipart/related")])
    assert (capture.data, capture.charset, capture.source_uri) == (b"<p>12</p>", "gbk", "http://x.cn/0")


def deflated(data, bits):
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return packer.compress(data) + packer.flush()


def chunked(data, size=700):
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(PAGES[0], mtime=0)),
        ("x-gzip", gzip.compress(PAGES[0], mtime=0)),
        ("deflate", deflated(PAGES[0], 15)),
        ("deflate", deflated(PAGES[0], -15)),
        ("br", brotli.compress(PAGES[0])),
        ("gzip, br", brotli.compress(gzip.compress(PAGES[0], mtime=0))),
        ("identity", PAGES[0]),
        ("gzip", PAGES[0]),
        ("deflate", PAGES[0]),
        ("br", PAGES[0]),
    ],
)
@pytest.mark.parametrize("in_chunks", [False, True])
def test_codings_are_undone_and_bodies_stored_unpacked_are_taken_as_they_are(coding, packed, in_chunks):
    headers = [*HTML, ("Content-Encoding", coding)]
    if in_chunks:
        headers.append(("Transfer-Encoding", "chunked"))
    capture = one(chunked(packed) if in_chunks else packed, headers, length=not in_chunks)
    assert capture.failure is None
    assert capture.data == PAGES[0]


def test_a_body_whose_chunks_were_joined_before_is_taken_as_it_is():
    assert one(PAGES[0], [*HTML, ("Transfer-Encoding", "chunked")], length=False).data == PAGES[0]


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", gzip.compress(PAGES[0], mtime=0)[:-9], "crashed"),
        ("gzip", gzip.compress(PAGES[0], mtime=0)[:-5] + b"\0" + gzip.compress(PAGES[0], mtime=0)[-4:], "crashed"),
        ("deflate", deflated(PAGES[0], 15)[:-9], "crashed"),
        ("br", brotli.compress(PAGES[0])[:-9], "crashed"),
        ("zstd", b"\x28\xb5\x2f\xfd", "undecodable"),
        ("gzip", gzip.compress(bytes(200_000), mtime=0), "too_large"),
        ("deflate", deflated(bytes(200_000), 15), "too_large"),
        ("br", brotli.compress(bytes(200_000)), "too_large"),
        ("", bytes(100_001), "too_large"),
    ],
)
def test_a_coding_that_cannot_be_undone_is_named(coding, body, expected):
    capture = one(body, [*HTML, ("Content-Encoding", coding)])
    assert (outcome(capture), capture.data) == (expected, b"")
    assert capture.failure[2]


def test_a_body_without_its_last_chunk_is_damaged():
    body = chunked(PAGES[0])
    for cut in (len(body) - 5, len(body) - 200):
        assert outcome(one(body[:cut], [*HTML, ("Transfer-Encoding", "chunked")], length=False)) == "crashed"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_is_noticed_before_it_unpacks(coding):
    zeros = bytes(24 * 2**20)
    pack = {
        "gzip": gzip.compress,
        "deflate": lambda data: deflated(data, 15),
        "br": lambda data: brotli.compress(data, quality=1),
    }[coding]
    data = Warc(gz=True).add("http://x.cn/0", pack(zeros), [*HTML, ("Content-Encoding", coding)]).data
    del zeros
    tracemalloc.start()
    (capture,) = read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome(capture) == "too_large"
    assert peak < 8 * 2**20


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("length", "too_large"), ("time", "timeout"), ("disconnect", "crashed"), ("unspecified", "crashed")],
)
def test_a_page_that_the_crawler_cut_is_no_page(reason, expected):
    capture = one(PAGES[0], warc={"WARC-Truncated": reason})
    assert capture.failure[:2] == (expected, f"the crawler cut the page (WARC-Truncated: {reason})")


def test_a_page_shorter_than_the_server_announced_is_no_page():
    capture = one(PAGES[0][:1000], [*HTML, ("Content-Length", "3046")], length=False)
    assert capture.failure[:2] == ("crashed", "the page was cut: 1000 of 3046 bytes were stored")


def test_a_page_that_came_to_its_end_is_one_where_its_digest_tells_that_it_was_so_captured():
    page = b"<html><body><p>a</p></body></html>\n"
    data = Warc(gz=False).add("http://x.cn/0", page, [*HTML, ("Content-Length", "3046")], length=False).data
    assert read(data)[0].data == page
    unproved = re.sub(rb"WARC-Block-Digest: [^\r]*\r\n", b"", data)
    assert read(unproved)[0].failure[0] == "crashed"


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("sha256:" + "0" * 64, "crashed"),
        ("sha1:" + "A" * 32, "crashed"),
        ("blake3:abc", "page"),
        ("sha1:abc", "page"),
        ("", "page"),
    ],
)
def test_a_block_that_is_not_what_its_digest_says_is_no_page(digest, expected):
    data = Warc(gz=False).add("http://x.cn/0", PAGES[0]).data
    data = re.sub(rb"WARC-Block-Digest: [^\r]*", b"WARC-Block-Digest: " + digest.encode(), data)
    assert summary(read(data)) == [("http://x.cn/0", expected)]


def test_digests_in_hex_are_understood():
    data = Warc(gz=False).add("http://x.cn/0", PAGES[0]).data
    block = data[data.index(b"\r\n\r\n") + 4 : -4]
    digest = b"WARC-Block-Digest: SHA-256:" + hashlib.sha256(block).hexdigest().encode()
    assert read(re.sub(rb"WARC-Block-Digest: [^\r]*", digest, data))[0].data == PAGES[0]


def test_a_changed_digit_in_a_plain_archive_is_noticed():
    data = five(gz=False)[0].replace("申请2件".encode(), "申请8件".encode())
    captures = read(data)
    assert summary(captures)[2] == ("http://x.cn/2", "crashed")
    assert [outcome(capture) for capture in captures].count("page") == 4


def revisit(digest, uri="http://x.cn/again"):
    return {
        "kind": "revisit",
        "uri": uri,
        "warc": {"WARC-Payload-Digest": digest, "WARC-Refers-To-Target-URI": "http://x.cn/0"},
    }


def digest_of(page):
    return "sha1:" + base64.b32encode(hashlib.sha1(page).digest()).decode()


def test_an_unchanged_visit_gives_nothing_when_its_page_is_here():
    warc = Warc(gz=True).add("http://x.cn/0", PAGES[0])
    warc.add(**revisit(digest_of(PAGES[0])))
    assert summary(read(warc.data)) == [("http://x.cn/0", "page")]


def test_an_unchanged_visit_says_where_its_page_is_when_it_is_not_here():
    warc = Warc(gz=True).add("http://x.cn/0", PAGES[0])
    warc.add(**revisit(digest_of(PAGES[1])))
    again = read(warc.data)[1]
    assert (again.source_uri, outcome(again)) == ("http://x.cn/again", "duplicate")
    assert "http://x.cn/0" in again.failure[1]


SITEMAP = b'<?xml version="1.0"?>\n<!-- made --><urlset xmlns="x"><url><loc>http://x.cn/1</loc></url></urlset>'
ITEMS = "<recordset><record><![CDATA[<li><a href='/1.html'>2020年年度报告</a></li>]]></record></recordset>".encode()


@pytest.mark.parametrize(
    ("uri", "media", "body"),
    [
        ("http://x.cn/sitemap.xml", "application/xml", SITEMAP),
        ("http://x.cn/sitemap.xml", "text/html", SITEMAP),
        ("http://x.cn/sitemap.xml.gz", "application/octet-stream", gzip.compress(SITEMAP, mtime=0)),
        ("http://x.cn/sitemap.xml.gz", "application/gzip", gzip.compress(SITEMAP, mtime=0)),
        ("http://x.cn/sitemap.txt", "text/plain", b"http://x.cn/1\nhttp://x.cn/2\n"),
        ("http://x.cn/module/dataproxy.jsp?page=2", "text/html", ITEMS),
        ("http://x.cn/robots.txt", "text/plain", b"User-agent: *\nDisallow: /a"),
        ("http://x.cn/feed", "text/html", b"<rss version='2.0'><channel/></rss>"),
    ],
)
def test_what_a_fetch_reads_to_find_pages_is_no_page(uri, media, body):
    assert read(Warc(gz=True).add(uri, body, [("Content-Type", media)]).data) == []


@pytest.mark.parametrize(
    "body",
    [
        b"<?xml version='1.0'?><!DOCTYPE html><html><p>1</p></html>",
        "http://x.cn/1\n二〇一三年年度报告".encode(),
        b"<html><body><recordset></recordset></body></html>",
    ],
)
def test_a_page_that_begins_like_a_list_is_a_page(body):
    assert outcome(one(body)) == "page"


def test_a_page_that_a_browser_rendered_stands_beside_its_shell():
    warc = Warc(gz=True).add("http://x.cn/0", b"<html><script></script></html>")
    fields = {"WARC-Date": "2014-03-01T02:03:09Z"}
    warc.add("http://x.cn/0", PAGES[0], kind="resource", warc=fields, warc_content_type="text/html")
    shell, page = read(warc.data)
    assert [shell.captured_at, page.captured_at] == ["2014-03-01T02:03:04Z", "2014-03-01T02:03:09Z"]
    assert (shell.failure, page.failure, page.data) == (None, None, PAGES[0])


def test_an_office_document_is_told_by_what_is_in_it():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        box.writestr("word/document.xml", "<w/>")
    capture = one(out.getvalue(), [("Content-Type", "application/octet-stream")])
    assert capture.failure[:2] == ("attachment_only", "Word document (DOCX)")
    assert one(out.getvalue()[:40], [("Content-Type", "application/octet-stream")]).failure[0] == "attachment_only"


# Damage: everything before and behind it is read.


@both
def test_a_whole_file_has_no_damage(gz):
    assert_rest_is_read(read(five(gz=gz)[0]), lost=[])


@both
@pytest.mark.parametrize("cut", [3, 50, 300, 900])
def test_a_file_that_ends_too_early_loses_its_last_record(gz, cut):
    data, at = five(gz=gz)
    (failure,) = assert_rest_is_read(read(data[: at[2] + cut]), lost=[2, 3, 4])
    assert f"byte {at[2]}:" in failure.failure[1]
    if cut == 900 and not gz:
        assert failure.source_uri == "http://x.cn/2"


@both
@pytest.mark.parametrize("garbage", [b"\xff\0\x13garbage" * 20, b"<html>no record</html>\r\n\r\n"])
def test_garbage_between_records_is_named_and_skipped(gz, garbage):
    data, at = five(gz=gz)
    (failure,) = assert_rest_is_read(read(data[: at[2]] + garbage + data[at[2] :]), lost=["garbage"])
    assert failure.source_uri == f"a.warc#offset={at[2]}"


@both
@pytest.mark.parametrize("padding", [b"\r\n\r\n", b"\0" * 5000, b"\r\n" * 40_000])
def test_padding_between_records_and_at_the_end_is_no_damage(gz, padding):
    data, at = five(gz=gz)
    assert_rest_is_read(read(data[: at[2]] + padding + data[at[2] :] + padding), lost=[])


@both
def test_bytes_missing_in_the_middle_lose_the_records_they_touch(gz):
    data, at = five(gz=gz)
    assert_rest_is_read(read(data[: at[1] + 200] + data[at[3] - 100 :]), lost=[1, 2])


@both
def test_bytes_missing_in_a_header_never_give_a_page_the_address_of_another(gz):
    data, at = five(gz=gz)
    for cut in range(20, 420, 50):
        assert_rest_is_read(read(data[: at[1] + cut] + data[at[2] :]), lost=[1])


@both
def test_a_damaged_beginning_does_not_hide_the_rest(gz):
    data, _ = five(gz=gz)
    assert_rest_is_read(read(b"\xff" * 8 + data[8:], gz=gz), lost=[0])


@pytest.mark.parametrize("place", range(10, 110, 4))
def test_a_changed_byte_in_a_gzip_member_loses_that_record_only(place):
    data, at = five(gz=True)
    damaged = bytearray(data)
    damaged[at[2] + (at[3] - at[2]) * place // 110] ^= 0x55
    assert_rest_is_read(read(bytes(damaged)), lost=[2])


def test_a_changed_checksum_in_a_gzip_member_loses_that_record_only():
    data, at = five(gz=True)
    damaged = bytearray(data)
    damaged[at[3] - 6] ^= 0x55
    (failure,) = assert_rest_is_read(read(bytes(damaged)), lost=[2])
    assert failure.source_uri == "http://x.cn/2"


def with_length(data, at, length):
    record = re.sub(rb"(?m)^Content-Length: \d+\r$", b"Content-Length: %s\r" % length, data[at[2] : at[3]], count=1)
    if b"WARC/1" not in record:
        raise AssertionError
    return [data[: at[2]], record, data[at[3] :]]


def members(parts, at):
    """Compress record by record, as archives do."""
    first, record, last = parts
    cuts = [first[at[0] : at[1]], first[at[1] : at[2]], record]
    return b"".join(map(gzip.compress, [*cuts, last[: at[4] - at[3]], last[at[4] - at[3] :]]))


@both
@pytest.mark.parametrize("length", [b"0", b"5", b"1000", b"3900", b"6000", b"90000", b"-5", b"many", b"9" * 30])
def test_a_wrong_content_length_loses_that_record_only(gz, length):
    data, _ = five(gz=False)
    parts = with_length(re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", data), *recount(data), length)
    joined = members(parts, recount(data)[0]) if gz else b"".join(parts)
    assert_rest_is_read(read(joined), lost=[2])


def recount(data):
    """Offsets of the records once the digests are taken out."""
    bare = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", data)
    return ([found.start() for found in re.finditer(rb"WARC/1\.", bare)] + [len(bare)],)


@both
def test_a_length_beyond_all_bounds_loses_that_record_only(gz):
    data, _ = five(gz=False)
    bare = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", data)
    at = recount(data)[0]
    parts = with_length(bare, at, b"99999999999")
    captures = read(members(parts, at) if gz else b"".join(parts))
    assert summary(captures) == [(f"http://x.cn/{n}", "too_large" if n == 2 else "page") for n in range(5)]


def test_an_archive_compressed_as_one_is_read():
    data, _ = five(gz=False)
    assert_rest_is_read(read(gzip.compress(data, mtime=0)), lost=[])


def test_an_archive_compressed_in_blocks_across_records_is_read():
    data, _ = five(gz=False)
    blocks = b"".join(gzip.compress(data[at : at + 1000], mtime=0) for at in range(0, len(data), 1000))
    assert_rest_is_read(read(blocks), lost=[])


def test_an_archive_compressed_as_one_and_cut_keeps_what_came_before():
    data = gzip.compress(five(gz=False)[0], 0)
    captures = read(data[:9000])
    assert_rest_is_read(captures, lost=[2, 3, 4])


def test_a_record_that_would_hold_another_is_not_one_page():
    data, at = five(gz=False)
    bare = re.sub(rb"WARC-(Block|Payload)-Digest: [^\r]*\r\n", b"", data)
    at = recount(data)[0]
    length = int(re.search(rb"Content-Length: (\d+)", bare[at[2] :])[1])
    both_records = b"%d" % (length + at[4] - at[3])
    assert_rest_is_read(read(b"".join(with_length(bare, at, both_records))), lost=[2])


@pytest.mark.parametrize("media", ["text/html", "video/mp4", "application/pdf"])
@both
def test_a_block_beyond_the_limit_is_passed_without_being_held(gz, media):
    warc = Warc(gz=gz).add("http://x.cn/0", PAGES[0])
    warc.add("http://x.cn/big", b"<html>" + bytes(30 * 2**20), [("Content-Type", media)])
    data = warc.add("http://x.cn/1", PAGES[1]).data
    del warc
    tracemalloc.start()
    captures = read(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    big = {"text/html": ["too_large"], "video/mp4": [], "application/pdf": ["attachment_only"]}[media]
    assert [outcome(capture) for capture in captures] == ["page", *big, "page"]
    assert peak < 4 * 2**20


def test_a_lost_request_is_no_lost_page():
    warc = Warc(gz=False).add("http://x.cn/0", PAGES[0])
    data = warc.data + b"WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 99\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    assert summary(read(data)) == [("http://x.cn/0", "page")]


def test_headers_that_cannot_be_read_are_named():
    capture = one(PAGES[0], [*HTML, ("X-Long", "x" * 70_000)])
    assert outcome(capture) == "crashed"
    assert "headers cannot be read" in capture.failure[1]


@pytest.mark.parametrize(
    "data",
    [
        b"WARC/1.0\r\n" * 300_000,
        b"WARC/1.0\r\nContent-Length: 90000\r\n\r\n" * 80_000,
        b"\x1f\x8b\x08" * 1_000_000,
        gzip.compress(b"WARC/1.0\r\nA: b\r\n", 0)[:-1] * 50_000,
    ],
)
def test_a_file_made_to_cost_time_is_given_up_with_a_word(data):
    started = time.monotonic()
    captures = read(data)
    assert time.monotonic() - started < 60
    assert captures
    assert all(capture.failure for capture in captures)
    assert len(captures) <= 1001


def damaged(data, rng):
    """Change, drop, double, blank or add some bytes somewhere."""
    out, at, length = bytearray(data), rng.randrange(len(data)), rng.choice([1, 2, 10, 100, 1000, 4000])
    how = rng.choice(["change", "drop", "double", "blank", "add"])
    if how == "change":
        out[at] ^= rng.randrange(1, 256)
    elif how == "drop":
        del out[at : at + length]
    elif how == "double":
        out[at:at] = out[at : at + length]
    elif how == "blank":
        out[at : at + length] = bytes(len(out[at : at + length]))
    else:
        out[at:at] = rng.randbytes(length)
    return bytes(out)


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_makes_a_page_that_was_not_captured(seed):
    rng = random.Random(seed)
    plain = five(gz=False)[0]
    archives = [
        (five(gz=True)[0], True),
        (plain, False),
        (gzip.compress(plain, mtime=0), True),
        (b"".join(gzip.compress(plain[at : at + 700], mtime=0) for at in range(0, len(plain), 700)), True),
    ]
    for _ in range(150):
        data, gz = rng.choice(archives)
        pages = [capture.data for capture in read(damaged(data, rng), gz=gz) if capture.failure is None]
        assert all(page in PAGES for page in pages)


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_of_a_compressed_archive_loses_a_page_without_a_word(seed):
    rng = random.Random(seed)
    data, _ = five(gz=True)
    for _ in range(150):
        captures = read(damaged(data, rng) if rng.random() < 0.7 else data[: rng.randrange(1, len(data))], gz=True)
        found = {capture.source_uri: capture.data for capture in captures if capture.failure is None}
        whole = {f"http://x.cn/{n}": page for n, page in enumerate(PAGES[: len(captures)])}
        assert found.items() <= {f"http://x.cn/{n}": page for n, page in enumerate(PAGES)}.items()
        assert found == whole or any(capture.failure for capture in captures)
