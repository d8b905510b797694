"""The parts of a fetch from a web archive that need no server: choice, digests, crawls, outcomes."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Response
from webarchive_fetch import FirstLine

from scraper.errors import FetchError
from scraper.records import Target, Visit
from scraper.webarchives import CaptureRow, WebArchiveOptions
from scraper.webarchives.choice import wanted, yearly
from scraper.webarchives.crawls import crawls_of, read_crawls
from scraper.webarchives.judge import judge
from scraper.webarchives.payload import clean_digest, restored, sha1
from scraper.webarchives.rows import is_web_address, moment_of, row_of, stamp_of

URL = "http://www.example.gov.cn/nb/2019.html"


def row(moment="2019-03-01T00:00:00Z", *, url=URL, key="k", media_type="text/html", status=200):
    return CaptureRow(url, moment, key, media_type, status, "", "https://archive.example/copy")


def moments(rows):
    return [(one.key, one.captured_at[:10]) for one in rows]


def test_a_row_survives_its_time_as_a_target():
    whole = CaptureRow(
        URL + "?a=1&b=#c", "2019-03-01T00:00:01Z", "", "", 301, sha1(b"x"), "https://a.example/x?y=1", 0, 7
    )
    bare = CaptureRow(URL, "2019-03-01T00:00:01Z", "", "", None, "", "https://a.example/web/2019id_/http://x/#y")
    for one in (whole, bare):
        asked = Target("*.example.gov.cn", "list", agency="某局", report_year=2018)
        target = one.target(asked)
        assert row_of(target) == one
        assert (target.kind, target.agency, target.report_year) == ("page", "某局", 2018)


def test_a_target_that_somebody_made_by_hand_is_a_row_too():
    assert row_of(Target(URL, captured_at="2019-03-01T00:00:01Z")).digest == ""


@given(st.datetimes())
def test_moments_and_stamps_are_each_others_inverse(moment):
    stamp = f"{moment:%Y%m%d%H%M%S}".zfill(14)
    assert stamp_of(moment_of(stamp)) == stamp


def test_one_a_year_needs_no_more_than_one_address_at_a_time():
    def endless():
        number = 0
        while True:
            number += 1
            yield row(key=f"{number:09}")

    found = yearly(endless())
    assert [next(found).key for _ in range(3)] == ["000000001", "000000002", "000000003"]


def test_one_a_year_takes_a_page_before_a_redirect_and_that_before_an_error():
    rows = [
        row("2018-01-01T00:00:00Z", status=500),
        row("2018-02-01T00:00:00Z", status=302),
        row("2018-03-01T00:00:00Z", status=200),
        row("2018-04-01T00:00:00Z", status=200),
        row("2019-01-01T00:00:00Z", status=500),
        row("2019-02-01T00:00:00Z", status=302),
        row("2020-01-01T00:00:00Z", status=404),
        row("2020-01-02T00:00:00Z", status=403),
        row("2021-05-01T00:00:00Z", status=None),
        row("2021-06-01T00:00:00Z", status=200),
        row("2018-09-01T00:00:00Z", key="l"),
    ]
    assert moments(yearly(rows)) == [
        ("k", "2018-03-01"),
        ("k", "2019-02-01"),
        ("k", "2020-01-01"),
        ("k", "2021-05-01"),
        ("l", "2018-09-01"),
    ]


@pytest.mark.parametrize(
    ("url", "media_type", "status", "taken"),
    [
        (URL, "text/html", 200, True),
        (URL, "text/html", 404, True),
        ("http://a.gov.cn/x.doc", "application/msword", 200, True),
        ("http://a.gov.cn/x.jpg", "text/html", 200, True),  # a page that is named like a picture
        ("http://a.gov.cn/x.jpg", "text/html", 404, False),
        ("http://a.gov.cn/x.jpg", "image/jpeg", 200, False),
        ("http://a.gov.cn/x.js", "unk", 200, False),
        ("http://a.gov.cn/x", "warc/revisit", None, True),
        ("http://a.gov.cn/x.css", "warc/revisit", None, False),
        ("http://a.gov.cn/robots.txt", "text/html", 200, False),
        ("ftp://a.gov.cn/x.html", "text/html", 200, False),
        ("http://someone@a.gov.cn/", "text/html", 200, False),
        ("http://[a.gov.cn/", "text/html", 200, False),
        ("http://a.gov.cn:99999/", "text/html", 200, False),
    ],
)
def test_what_is_taken(url, media_type, status, taken):
    assert wanted(row(url=url, media_type=media_type, status=status)) is taken
    assert is_web_address(url) or not taken


def test_what_a_mirror_gives_of_other_years_is_left():
    assert not wanted(row("2017-12-31T23:59:59Z"), (2018, 2019))
    assert wanted(row("2018-01-01T00:00:00Z"), (2018, 2019))


PLAIN = b"<p>page</p>" * 9
PACKED = gzip.compress(PLAIN, mtime=0)


@pytest.mark.parametrize(
    ("own", "wire", "body", "named", "kept", "coding", "check"),
    [
        ("", "", PLAIN, PLAIN, PLAIN, "", "same"),
        ("", "", PLAIN, b"other", PLAIN, "", "differs"),
        ("gzip", "gzip", PACKED, PACKED, PACKED, "gzip", "same"),
        ("gzip", "gzip", PACKED, PLAIN, PACKED, "gzip", "same, unpacked"),
        ("gzip", "", PLAIN, PLAIN, PLAIN, "gzip", "same"),  # unpacked by whoever archived it
        ("", "gzip", PACKED, PLAIN, PLAIN, "", "same"),  # packed by whoever replays it
        ("", "gzip", PACKED, PACKED, PACKED, "gzip", "same"),  # the archive lost the page's header
        ("", "gzip", PACKED[:20], PLAIN, PACKED[:20], "gzip", "differs"),
        ("", "zstd", b"packed", PLAIN, b"packed", "zstd", "differs"),
        ("gzip", "gzip", PACKED[:20], PLAIN, PACKED[:20], "gzip", "differs"),
    ],
)
def test_a_body_is_set_back_to_what_was_archived(own, wire, body, named, kept, coding, check):
    headers = (("Server", "x"), *((("Content-Encoding", own),) if own else ()))
    payload = restored(headers, body, wire, sha1(named), 10**6)
    assert (payload.body, payload.check) == (kept, check)
    assert dict(payload.headers).get("Content-Encoding", "") == coding


def test_without_a_digest_nothing_is_claimed():
    assert restored((), PLAIN, "", "", 10**6).check == "no digest to compare"
    assert clean_digest("sha256:abc") == ""


def test_a_bomb_on_the_way_stays_packed():
    packed = gzip.compress(b"0" * 10**6)
    assert restored((), packed, "gzip", "", 1000).body == packed


def listed(*items):
    response = Response()
    response._content = json.dumps(items).encode()
    response.url = "https://index.example/collinfo.json"
    return response


def info(name, first="", last=""):
    place = f"https://index.example.invalid/{name}-index"
    return {"id": name, "cdx-api": place} | ({"from": first, "to": last} if first else {})


def test_crawls_are_chosen_by_their_dates_or_by_their_names():
    crawls = read_crawls(
        listed(
            info("CC-MAIN-2021-04", "2021-01-15T00:00:00", "2021-01-28T00:00:00"),
            info("CC-MAIN-2019-51"),
            info("CC-MAIN-2012"),
            info("CC-MAIN-2008-2009"),
        )
    )
    assert [crawl.name for crawl in crawls] == [
        "CC-MAIN-2008-2009",
        "CC-MAIN-2012",
        "CC-MAIN-2019-51",
        "CC-MAIN-2021-04",
    ]
    assert crawls[0].endpoint == "CC-MAIN-2008-2009-index"
    chosen = {
        year: [crawl.name[8:] for crawl in crawls_of(crawls, (year, year))] for year in (2009, 2012, 2019, 2020, 2021)
    }
    assert chosen == {
        2009: ["2008-2009"],
        2012: ["2012"],
        2019: ["2019-51"],
        2020: ["2019-51"],
        2021: ["2021-04"],
    }
    assert crawls_of(crawls, None) == crawls


def test_a_list_of_crawls_that_is_none_stops_the_run():
    for answer in (listed(), listed("x"), listed({"id": "CC-MAIN-x", "cdx-api": "y"})):
        with pytest.raises(FetchError, match="list of crawls"):
            read_crawls(answer)


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ({}, "ok"),
        ({"status": 203}, "ok"),
        ({"status": 412}, "blocked"),
        ({"status": 521}, "blocked"),
        ({"status": 404}, "empty"),
        ({"status": 304}, "empty"),
        ({"body": b""}, "empty"),
        ({"body": b"%PDF-1.7"}, "attachment_only"),
        ({"headers": (("Content-Type", "application/pdf"),)}, "attachment_only"),
        ({"body": b"\xff\xd8\xff\xe0"}, "image_only"),
        ({"truncated": "length"}, "too_large"),
        ({"truncated": "time"}, "timeout"),
        ({"truncated": "disconnect"}, "crashed"),
        ({"headers": (("Content-Encoding", "gzip"),), "body": PACKED}, "ok"),
        ({"headers": (("Content-Encoding", "gzip"),), "body": gzip.compress(b"0" * 10**6)}, "too_large"),
        ({"headers": (("Content-Encoding", "zstd"),)}, "undecodable"),
        ({"headers": (("Content-Type", "text/html; charset=no-such"),)}, "crashed"),
        ({"headers": (("Content-Type", "\r\n;;=;"),)}, "ok"),
    ],
)
def test_a_capture_has_the_outcome_that_build_will_give_it(more, outcome):
    class Careful(FirstLine):
        def read(self, data, **about):
            from scraper.records import Reading  # noqa: PLC0415

            try:
                return super().read(data, **about)
            except LookupError:
                return Reading("crashed")

    visit = Visit(
        **{"url": URL, "moment": "2019-03-01T00:00:00Z", "source": "wayback", "status": 200, "body": PLAIN, **more}
    )
    assert judge(visit, Target(URL), Careful(), 100_000).outcome == outcome


def test_an_address_of_an_archive_may_end_in_a_slash():
    options = WebArchiveOptions("x", address="http://127.0.0.1:80/a/")
    assert options.place("https://web.archive.org") == options.data_place() == "http://127.0.0.1:80/a"
    assert WebArchiveOptions("x").place("https://web.archive.org") == "https://web.archive.org"
