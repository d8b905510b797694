import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from OpenSSL import SSL
from scrapy import Request
from scrapy.exceptions import CannotResolveHostError, DownloadFailedError, DownloadTimeoutError
from scrapy.http import Headers, HtmlResponse, Response
from service_identity import VerificationError
from site_http import Answer, LoopbackServer, RequestLog
from site_tls import make_certificates
from twisted.python.failure import Failure
from twisted.web._newclient import ResponseNeverReceived

from scraper.addresses import AddressRefusedError
from scraper.engine.answers import CUT, address, response_of, unpacked, visit_of
from scraper.engine.certificates import certificate_fault
from scraper.engine.failures import UNVERIFIED, Refusal, reading_of
from scraper.engine.retries import is_passing, retry_after
from scraper.engine.spider import _media

URL = "http://www.example.gov.cn:8080/a%20b/?q=1#part"


def answer(body=b"<p>", status=200, **headers):
    return Response(URL, status, headers={name.replace("_", "-"): value for name, value in headers.items()}, body=body)


def test_a_visit_holds_the_request_as_it_was_sent():
    request = Request(URL, headers={"User-Agent": "gongkai/0"})
    visit = visit_of(request, answer(Content_Type="text/html"), 10)
    assert visit.url == "http://www.example.gov.cn:8080/a%20b/?q=1"
    assert (
        visit.request == b"GET /a%20b/?q=1 HTTP/1.1\r\nUser-Agent: gongkai/0\r\nHost: www.example.gov.cn:8080\r\n\r\n"
    )
    assert (visit.status, visit.reason, visit.truncated) == (200, "OK", "")


def test_a_visit_keeps_doubles_and_bytes_that_are_no_text_and_comes_back_the_same():
    headers = Headers({"X-A": [b"1", b"2"], "X-B": "公开".encode("gbk")})
    visit = visit_of(Request(URL), Response(URL, 521, headers=headers, body=b"\xff"), 10)
    assert ("X-A", "1") in visit.headers
    assert ("X-A", "2") in visit.headers
    assert visit.reason == ""
    again = response_of(Request(URL), visit)
    assert (again.status, again.body) == (521, b"\xff")
    assert again.headers.getlist("X-A") == [b"1", b"2"]
    assert again.headers["X-B"] == "公开".encode("gbk")


def test_a_body_that_was_cut_is_kept_as_far_as_it_may_be():
    request = Request(URL, meta={CUT: "length"})
    assert visit_of(request, answer(b"x" * 20), 10).body == b"x" * 10
    lost = Response(URL, 200, body=b"half", flags=["dataloss"])
    assert visit_of(Request(URL), lost, 10).truncated == "disconnect"


def test_a_page_that_came_to_its_end_is_whole_whatever_length_was_announced():
    whole = Response(URL, 200, body=b"<html><p>a</p></HTML>\r\n ", flags=["dataloss"])
    assert visit_of(Request(URL), whole, 100).truncated == ""


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("gzip", bytes)])
def test_bodies_are_unpacked_and_lies_are_seen_through(coding, pack):
    response = HtmlResponse(URL, headers={"Content-Encoding": coding}, body=pack(b"<p>page"))
    assert unpacked(response, 100).body == b"<p>page"


def test_a_body_that_cannot_be_unpacked_is_an_outcome():
    bomb = answer(gzip.compress(b"0" * 2**20), Content_Encoding="gzip")
    with pytest.raises(Refusal) as caught:
        unpacked(bomb, 1000)
    assert caught.value.reading.outcome == "too_large"
    with pytest.raises(Refusal) as caught:
        unpacked(answer(Content_Encoding="compress"), 1000)
    assert caught.value.reading.outcome == "undecodable"
    assert unpacked(answer(b"\x1f\x8bno", 404, Content_Encoding="gzip"), 1000).status == 404


def test_an_address_is_asked_without_its_fragment():
    assert address("http://a.cn/b#c") == "http://a.cn/b"


@pytest.mark.parametrize(
    ("content_type", "media"),
    [
        ("text/html; charset=gb2312", ("text/html", "gb2312")),
        ('TEXT/HTML;Charset="GBK"', ("text/html", "GBK")),
        ("application/pdf", ("application/pdf", "")),
        ("", ("", "")),
        ("text/html;\r\n charset=utf-8", ("text/html", "utf-8")),
    ],
)
def test_media_type_and_charset_are_told_apart(content_type, media):
    assert _media(content_type) == media


def test_a_pause_is_understood_in_seconds_and_as_a_date():
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert retry_after("120") == 120
    assert 85 < retry_after(format_datetime(later, usegmt=True)) <= 90
    assert [retry_after(text) for text in ("", "-5", "soon", "1.5", "٣", "Wed, 21 Oct 2015 07:28:00 GMT")] == [0] * 6
    assert retry_after("9" * 400) > 1e9


def test_what_passes_is_asked_again_and_a_refusal_is_not():
    assert all(is_passing(status, "") for status in (408, 429, 500, 502, 503, 504))
    assert not any(is_passing(status, "") for status in (200, 301, 304, 403, 404, 412, 501, 521))
    assert is_passing(200, "disconnect")
    assert not is_passing(200, "time")


def caused(error, *reasons):
    error.__cause__ = ResponseNeverReceived([Failure(reason) for reason in reasons])
    return error


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        (DownloadTimeoutError("x"), "timeout", "within the time"),
        (CannotResolveHostError("no such name"), "unreachable", "no such name"),
        (caused(DownloadFailedError("x"), ConnectionResetError("reset")), "unreachable", "reset"),
        (
            caused(DownloadFailedError("x"), SSL.Error([("", "", "certificate verify failed")])),
            "certificate_error",
            UNVERIFIED,
        ),
        (caused(DownloadFailedError("x"), VerificationError(errors=[])), "certificate_error", "not of this host"),
        (
            caused(DownloadFailedError("x"), SSL.Error([("", "", "wrong version number")])),
            "unreachable",
            "wrong version",
        ),
        (AddressRefusedError.of("http://10.0.0.1/", "10.0.0.1 is no public address"), "address_refused", "10.0.0.1"),
        (KeyError("strange"), "crashed", "KeyError: strange"),
    ],
)
def test_every_failure_is_an_outcome_in_words(error, outcome, words):
    reading = reading_of(error)
    assert reading.outcome == outcome
    assert words in reading.detail
    assert reading.next_step
    assert "\n" not in reading.detail


def test_failures_that_cause_each_other_come_to_an_end():
    one, other = DownloadFailedError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert reading_of(one).outcome == "crashed"


def test_what_is_wrong_with_a_certificate_is_said(tmp_path, monkeypatch):
    context, ca_file = make_certificates(tmp_path, ("localhost",))
    server = LoopbackServer(lambda _: Answer(b"x"), RequestLog(), tls=context)
    server.start(("127.0.0.1",))
    try:
        assert "issuer" in certificate_fault("localhost", server.port, allow_private=True)
        assert certificate_fault("localhost", server.port, allow_private=False) == ""
        monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
        assert certificate_fault("localhost", server.port, allow_private=True) == ""
        assert "not valid for" in certificate_fault("127.0.0.1", server.port, allow_private=True)
    finally:
        server.stop()
