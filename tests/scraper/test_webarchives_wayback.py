import gzip

import pytest
from webarchive_fetch import Held, Watch, fetch, options
from webarchive_server import HANG_UP, Captured
from webarchive_wayback import WaybackServer

from scraper.records import Reading, Target
from scraper.webarchives import list_captures

PAGE = "http://www.example.gov.cn/nb/2019.html"
FIRST, SECOND = "2019-03-01T08:00:00Z", "2020-04-02T09:30:01Z"


def captured(moment=FIRST, url=PAGE, body=b"A report\n<p>of a year</p>", **more):
    return Captured(url, "".join(filter(str.isdigit, moment)), body, **more)


def stamps(server, part="/web/"):
    return [one.path.partition("/web/")[2][:14] for one in server.asked if part in one.path]


def test_captures_are_kept_as_archived_under_their_own_time(tmp_path):
    headers = (("Server", "nginx"), ("Content-Type", "text/html; charset=gb2312"), ("Last-Modified", "yesterday"))
    page = captured(body="报告\n<p>".encode("gb2312"), headers=headers, media_type="text/html; charset=gb2312")
    with WaybackServer([page, captured(SECOND)]) as server:
        fetch(tmp_path, server, Target(PAGE, agency="某局", report_year=2018))
    held = Held(tmp_path)
    assert held.outcome(PAGE) == "list_page"
    assert "2 captures" in held.readings[PAGE, ""].detail
    assert held.readings[PAGE, FIRST] == Reading("ok", title="报告")
    assert held.bodies == {(PAGE, FIRST): page.body, (PAGE, SECOND): b"A report\n<p>of a year</p>"}
    assert held.headers[PAGE, FIRST] == {
        "Server": "nginx",
        "content-type": "text/html; charset=gb2312",
        "Last-Modified": "yesterday",
    }
    assert {(one.source, one.record, one.status) for one in held.visits} == {("wayback", "response", 200)}
    assert {(one.agency, one.report_year) for one in held.targets} == {("某局", 2018)}
    assert held.fields[PAGE, FIRST]["replayed-from"] == f"{server.address}/web/20190301080000id_/{PAGE}"
    assert held.fields[PAGE, FIRST]["digest-check"] == "same"


def test_a_mirror_with_a_path_is_asked_and_nobody_else(tmp_path):
    old, new = "http://example.gov.cn/old", "https://www.example.gov.cn/new?id=1&x=%E5%B9%B4"
    captures = [
        captured(url=old, status=301, body=b"", headers=(("Location", new),)),
        captured("2019-03-01T08:00:04Z", url=new, body=b"New\n<html>"),
    ]
    with WaybackServer(captures, prefix="/a/mirror") as server:
        fetch(tmp_path, server, old)
        # every request came here: the library's own place was never looked up
        assert [one.path.split("id_/")[0] for one in server.asked] == [
            "/a/mirror/cdx/search/cdx",
            "/a/mirror/web/20190301080000",
            "/a/mirror/web/20190301080000",
            "/a/mirror/web/20190301080004",
        ]
    held = Held(tmp_path)
    assert held.readings[old, FIRST] == Reading("ok", title="New")
    assert held.finals[old, FIRST] == new
    assert [(one.url, one.moment, one.status) for one in held.visits] == [
        (old, FIRST, 301),
        (new, "2019-03-01T08:00:04Z", 200),
    ]
    assert held.headers[old, FIRST]["location"] == new


def test_an_official_looking_request_is_never_sent_past_the_mirror(tmp_path):
    from scraper.webarchives.errors import CaptureMissedError  # noqa: PLC0415
    from scraper.webarchives.options import WAYBACK  # noqa: PLC0415
    from scraper.webarchives.wayback import WaybackSource  # noqa: PLC0415

    with WaybackServer() as server, WaybackSource(options(server), Watch()) as source:
        session = source._client.session
        assert session.get(f"{WAYBACK}/cdx/search/cdx?url=x").status_code == 200
        assert session.get("http://web.archive.org/web/20190301080000id_/http://a.example/").status_code == 404
        for elsewhere in (
            "https://web.archive.org.example.invalid/",
            "http://example.invalid/web/",
            "https://x.invalid",
        ):
            with pytest.raises(CaptureMissedError):
                session.get(elsewhere)
        assert len(server.asked) == 2


def test_a_capture_in_the_archive_is_never_asked_for_again_in_no_run(tmp_path):
    to = "http://www.example.gov.cn/nb/moved.html"
    captures = [captured(), captured(SECOND, status=302, body=b"", headers=(("Location", to),))]
    captures.append(captured("2020-04-02T11:00:00Z", url=to, body=b"Moved\n<p>"))
    with WaybackServer(captures) as server:
        fetch(tmp_path, server, PAGE)
        assert stamps(server) == ["20190301080000", "20200402093001", "20200402093001", "20200402110000"]
        server.captures.append(captured("2021-05-05T00:00:00Z", body=b"Third\n<p>"))
        fetch(tmp_path, server, PAGE, to)
        assert stamps(server)[4:] == ["20210505000000"]
        fetch(tmp_path, server, PAGE, to)
        assert server.count("/web/") == 5
    held = Held(tmp_path)
    assert len(held.visits) == 4
    assert held.finals[PAGE, SECOND] == to
    assert {reading.outcome for reading in held.readings.values()} == {"list_page", "ok"}


def test_what_the_index_calls_the_same_is_fetched_once_and_kept_as_a_revisit(tmp_path):
    third = "2021-01-01T00:00:00Z"
    captures = [captured(), captured(SECOND), captured(third, repeats=True), captured(url=PAGE + "?other")]
    with WaybackServer(captures) as server:
        server.resolves = False
        fetch(tmp_path, server, PAGE, PAGE + "?other")
        assert stamps(server) == ["20190301080000", "20190301080000"]
    held = Held(tmp_path)
    of_page = [(one.moment, one.record) for one in held.visits if one.url == PAGE]
    assert of_page == [(FIRST, "response"), (SECOND, "revisit"), (third, "revisit")]
    assert held.bodies[PAGE, third] == captures[0].body
    assert held.readings[PAGE, third].outcome == "ok"
    assert FIRST in held.readings[PAGE, third].detail
    assert held.fields[PAGE, third]["not-asked-for"] == "same digest"


def test_all_pages_of_a_long_listing_come(tmp_path):
    captures = [
        captured(f"20{year}-01-0{day}T00:00:00Z", body=b"%d" % year) for year in range(10, 30) for day in (1, 2)
    ]
    with WaybackServer(captures, lines_at_once=7) as server:
        watch = fetch(tmp_path, server, PAGE)
        assert server.count("/cdx") == 6
        assert server.count("/web/") == 20
    assert len(Held(tmp_path).visits) == 40
    assert watch.n_added == 40


def test_one_a_year_is_the_first_page_of_the_year_and_no_year_is_missing(tmp_path):
    moved = (("Location", "http://www.example.gov.cn/gone"),)
    captures = [
        captured("2017-01-01T00:00:00Z", status=404, body=b"no"),
        captured("2018-01-01T00:00:00Z", status=301, headers=moved),
        captured("2018-02-01T00:00:00Z", body=b"18 a"),
        captured("2018-03-01T00:00:00Z", body=b"18 b"),
        captured("2019-12-31T23:59:59Z", body=b"19"),
        captured("2020-01-01T00:00:00Z", body=b"19"),
        captured("2021-01-01T00:00:00Z", body=b"21"),
    ]
    with WaybackServer(captures) as server:
        fetch(tmp_path, server, PAGE, captures="yearly", years=(2017, 2020))
        assert stamps(server) == ["20170101000000", "20180201000000", "20191231235959"]
    held = Held(tmp_path)
    assert [one.captured_at[:10] for one in held.targets if one.captured_at] == [
        *("2017-01-01", "2018-02-01", "2019-12-31", "2020-01-01"),
    ]
    assert held.outcome(PAGE, "2017-01-01T00:00:00Z") == "empty"
    assert held.outcome(PAGE, "2020-01-01T00:00:00Z") == "ok"


@pytest.mark.parametrize("pattern", ["http://www.example.gov.cn/nb/*", "*.example.gov.cn"])
def test_below_an_address_and_in_a_domain_only_pages_and_documents_are_taken(tmp_path, pattern):
    base = "http://www.example.gov.cn/nb"
    taken = [
        captured(url=f"{base}/a.html", body=b"a"),
        captured(url=f"{base}/b.pdf", media_type="application/pdf", body=b"%PDF-1.4"),
        captured(url=f"{base}/c", media_type="unk", body=b"<p>c"),
        captured(url=f"{base}/d.xls", media_type="application/octet-stream", body=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        captured(url="http://www.example.gov.cn/nb/e.html", status=403, body=b"e"),
    ]
    left = [
        captured(url=f"{base}/p.png", media_type="image/png"),
        captured(url=f"{base}/s.css", media_type="text/css"),
        captured(url=f"{base}/s.js", media_type="application/javascript"),
        captured(url=f"{base}/q.jpg", media_type="text/html", status=404),
        captured(url=f"{base}/r.gif", media_type="unk"),
        captured(url="http://www.example.gov.cn/robots.txt", media_type="text/plain"),
        captured(url="http://mailto:someone@www.example.gov.cn/nb/x"),
        captured(url="http://other.gov.cn/nb/a.html"),
    ]
    with WaybackServer(taken + left) as server:
        fetch(tmp_path, server, pattern)
        sent = [line for one in server.asked for line in one.query.get("filter", [])]
        assert "!mimetype:image/.*" in sent
    held = Held(tmp_path)
    assert sorted(one.url for one in held.visits) == sorted(one.url for one in taken)
    assert [held.outcome(one.url, FIRST) for one in taken] == [
        *("ok", "attachment_only", "ok", "attachment_only", "blocked"),
    ]


def test_a_page_on_a_bare_ip_address_is_a_page(tmp_path):
    url = "http://192.0.2.9/nb/"
    with WaybackServer([captured(url=url)]) as server:
        fetch(tmp_path, server, url)
    assert Held(tmp_path).outcome(url, FIRST) == "ok"


def test_an_archived_429_is_a_page_and_not_a_request_to_wait(tmp_path):
    captures = [captured(status=429, headers=(("Retry-After", "3600"),)), captured(SECOND, status=503)]
    with WaybackServer(captures) as server:
        watch = fetch(tmp_path, server, PAGE, max_wait=0.1)
        assert server.count("/web/") == 2
    held = Held(tmp_path)
    assert watch.waits == []
    assert (held.outcome(PAGE, FIRST), held.outcome(PAGE, SECOND)) == ("blocked", "empty")
    assert [one.status for one in held.visits] == [429, 503]
    assert held.headers[PAGE, FIRST]["Retry-After"] == "3600"


def test_a_body_that_is_not_what_the_index_names_is_kept_and_said(tmp_path):
    other = "2Z46YIFNTUYSCMLQNL3UGMD6JZJNKYTW"
    with WaybackServer([captured(digest=other)]) as server:
        fetch(tmp_path, server, PAGE)
    held = Held(tmp_path)
    assert held.readings[PAGE, FIRST].outcome == "ok"
    assert "digest" in held.readings[PAGE, FIRST].detail
    fields = held.fields[PAGE, FIRST]
    assert (fields["digest-check"], fields["index-digest"]) == ("differs", f"sha1:{other}")
    assert fields["replayed-digest"].startswith("sha1:")


def test_a_body_that_is_not_what_the_index_names_stands_for_no_other_capture(tmp_path):
    other = "2Z46YIFNTUYSCMLQNL3UGMD6JZJNKYTW"
    with WaybackServer([captured(digest=other), captured(SECOND, body=b"Second\n<p>", digest=other)]) as server:
        fetch(tmp_path, server, PAGE)
    assert Held(tmp_path).bodies[PAGE, SECOND] == b"Second\n<p>"


def test_an_error_page_with_the_bytes_of_the_page_is_asked_for(tmp_path):
    third = "2021-01-01T00:00:00Z"
    with WaybackServer([captured(status=404), captured(SECOND), captured(third)]) as server:
        fetch(tmp_path, server, PAGE)
        assert stamps(server) == ["20190301080000", "20200402093001"]
    held = Held(tmp_path)
    assert [one.status for one in held.visits] == [404, 200, 200]
    assert [held.outcome(PAGE, moment) for moment in (FIRST, SECOND, third)] == ["empty", "ok", "ok"]


def test_the_coding_of_the_page_is_kept_and_that_of_the_replay_undone(tmp_path):
    plain = b"A report\n" + b"<p>words</p>" * 50
    own = captured(body=gzip.compress(plain, mtime=0), headers=(("Content-Encoding", "gzip"),))
    with WaybackServer([own, captured(SECOND, body=plain)]) as server:
        server.packs = True  # the server packs what was not packed, as if it had not been asked to leave it
        fetch(tmp_path, server, PAGE)
    held = Held(tmp_path)
    assert held.bodies == {(PAGE, FIRST): own.body, (PAGE, SECOND): plain}
    assert held.headers[PAGE, FIRST]["Content-Encoding"] == "gzip"
    assert "content-encoding" not in {name.lower() for name in held.headers[PAGE, SECOND]}
    assert {fields["digest-check"] for fields in held.fields.values()} == {"same"}
    assert {held.readings[PAGE, moment].title for moment in (FIRST, SECOND)} == {"A report"}


def test_broken_gzip_is_kept_as_archived_and_has_an_outcome(tmp_path):
    broken = captured(body=gzip.compress(b"A report\n" * 99)[:25], headers=(("Content-Encoding", "gzip"),))
    with WaybackServer([broken, captured(SECOND)]) as server:
        fetch(tmp_path, server, PAGE)
    held = Held(tmp_path)
    assert held.bodies[PAGE, FIRST] == broken.body
    assert held.outcome(PAGE, FIRST) == "crashed"
    assert held.outcome(PAGE, SECOND) == "ok"


def test_what_the_archive_does_not_give_is_an_outcome_and_the_rest_comes(tmp_path):
    hosts = ["blocked", "robots", "nothing", "circle", "lost", "cut", "large", "leads-away", "fine"]
    urls = {name: f"http://{name}.gov.cn/nb.html" for name in hosts}
    captures = [captured(url=urls[name], body=name.encode()) for name in ("lost", "cut", "large", "fine", "lost")]
    captures += [captured(SECOND, url=urls["lost"], body=b"near")]
    captures += [captured(url=urls["circle"], status=302, headers=(("Location", urls["circle"]),))]
    captures += [captured(url=urls["leads-away"], status=302, headers=(("Location", "http://away.gov.cn/"),))]
    with WaybackServer(captures) as server:
        server.blocked.add("blocked.gov.cn")
        server.robots.add("robots.gov.cn")
        server.trouble("cut.gov.cn", 200, {"Memento-Datetime": "x"}, b"short", declared=500, times=99)
        server.trouble("large.gov.cn", 200, {"Memento-Datetime": "x"}, declared=10**9)
        server.trouble("lost.gov.cn", 404, {}, b"not here", times=1)
        fetch(tmp_path, server, *urls.values())
    held = Held(tmp_path)
    assert {name: held.outcome(url) for name, url in urls.items()} == {
        "blocked": "blocked",
        "robots": "robots_disallowed",
        "nothing": "empty",
        **dict.fromkeys(("circle", "lost", "cut", "large", "leads-away", "fine"), "list_page"),
    }
    assert {
        name: held.outcome(urls[name], FIRST) for name in ("circle", "lost", "cut", "large", "leads-away", "fine")
    } == {
        "circle": "unreachable",
        "lost": "empty",
        "cut": "unreachable",
        "large": "too_large",
        "leads-away": "empty",
        "fine": "ok",
    }
    assert all(reading.next_step for reading in held.readings.values() if reading.outcome not in ("ok", "list_page"))


def test_a_capture_that_replay_has_only_at_another_time_is_not_taken_for_it(tmp_path):
    an_hour_later = "2019-03-01T09:00:00Z"
    with WaybackServer([captured(), captured(an_hour_later, body=b"Other\n<p>")]) as server:
        server.missing.add("20190301080000")
        fetch(tmp_path, server, PAGE)
    held = Held(tmp_path)
    assert held.outcome(PAGE, FIRST) == "empty"
    assert [one.moment for one in held.visits] == [an_hour_later]


def test_a_line_that_cannot_be_read_keeps_those_before_it_and_the_run(tmp_path):
    other = "http://b.gov.cn/"
    with WaybackServer([captured(), captured(url=other)]) as server:
        server.extra_lines = ["cn,gov,example)/ not a line"]
        fetch(tmp_path, server, PAGE, other)
    held = Held(tmp_path)
    assert (held.outcome(PAGE), held.outcome(other)) == ("undecodable", "undecodable")
    assert "1 captures were listed before" in held.readings[PAGE, ""].detail
    assert (held.outcome(PAGE, FIRST), held.outcome(other, FIRST)) == ("ok", "ok")


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"", "empty"),
        (b"\n", "undecodable"),  # a resume key is announced and is not there
        (b"\xff\xfe\n", "undecodable"),
        (b"a" * 500, "undecodable"),
        (b"<html>We are sorry</html>", "undecodable"),
        (b"cn,gov)/ 2019 http://a.gov.cn/ text/html 200 AAAA 5\n", "undecodable"),
    ],
)
def test_an_index_that_answers_nonsense_is_an_outcome(tmp_path, answer, outcome):
    with WaybackServer() as server:
        server.trouble("/cdx", 200, {}, answer)
        fetch(tmp_path, server, PAGE)
    assert Held(tmp_path).outcome(PAGE) == outcome


def test_passing_troubles_are_asked_again_and_waited_for_in_sight(tmp_path):
    with WaybackServer([captured()]) as server:
        server.trouble("/cdx", 503)
        server.trouble("/cdx", HANG_UP)
        server.trouble("/web/", 502, times=2)
        watch = fetch(tmp_path, server, PAGE)
    assert Held(tmp_path).outcome(PAGE, FIRST) == "ok"
    assert [reason for _, _, reason in watch.waits] == [
        "HTTP 503: asked again",
        "no answer: asked again",
        "HTTP 502: asked again",
        "HTTP 502: asked again",
    ]
    assert [round(seconds, 3) for _, seconds, _ in watch.waits] == [0.001, 0.002, 0.001, 0.002]


def test_an_answer_that_drips_is_cut_off(tmp_path):
    with WaybackServer([captured()]) as server:
        server.trouble("/web/", 200, {"Memento-Datetime": "x"}, b"d" * 999, pause=0.02, times=99)
        fetch(tmp_path, server, Target(PAGE, captured_at=FIRST), timeout=0.5)
    assert Held(tmp_path).outcome(PAGE, FIRST) == "timeout"


def test_the_user_agent_names_a_contact_and_the_body_is_asked_for_as_it_is(tmp_path):
    with WaybackServer([captured()]) as server:
        fetch(tmp_path, server, PAGE)
    assert {one.headers["User-Agent"] for one in server.asked} == {"gongkai/0 (+test@example.invalid)"}
    assert [one.headers["Accept-Encoding"] for one in server.asked if "/web/" in one.path] == ["identity"]


def test_one_capture_can_be_asked_for_by_its_moment(tmp_path):
    with WaybackServer([captured(), captured(SECOND)]) as server:
        fetch(tmp_path, server, Target(PAGE, captured_at=SECOND))
        assert stamps(server, "") == ["20200402093001"]
    assert Held(tmp_path).outcome(PAGE, SECOND) == "ok"


def test_a_dry_run_lists_and_fetches_nothing():
    nothing = "http://nothing.gov.cn/"
    with WaybackServer([captured(), captured(SECOND)]) as server:
        asked = [Target(PAGE, agency="某局"), Target(nothing)]
        listed = list(list_captures("wayback", asked, options(server), Watch()))
        assert server.count("/web/") == 0
    assert [(target.url, getattr(row, "captured_at", "")) for target, row in listed] == [
        (PAGE, FIRST),
        (PAGE, SECOND),
        (nothing, ""),
    ]
    assert (listed[0][1].status, listed[0][1].media_type) == (200, "text/html")
    assert listed[2][1].outcome == "empty"
