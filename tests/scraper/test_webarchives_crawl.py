import pytest
from webarchive_crawl import CommonCrawlServer
from webarchive_fetch import Held, Watch, fetch, options
from webarchive_server import HANG_UP, Captured

from scraper.errors import FetchError
from scraper.records import Target
from scraper.webarchives import list_captures

PAGE = "http://www.example.gov.cn/nb/2019.html"
MOMENTS = {"CC-MAIN-2018-05": "2018-01-20", "CC-MAIN-2019-09": "2019-02-19", "CC-MAIN-2019-51": "2019-12-10"}


def captured(day, url=PAGE, body=None, **more):
    stamp = day.replace("-", "") + "080000"
    return Captured(url, stamp, f"Report of {day}\n<p>".encode() if body is None else body, **more)


def three_crawls():
    return {name: [captured(day)] for name, day in MOMENTS.items()}


def indexes(server):
    return [one.path.split("/")[-1].removesuffix("-index") for one in server.asked if one.path.endswith("-index")]


def moment(day):
    return f"{day}T08:00:00Z"


def test_records_are_kept_as_they_lie_in_the_crawl(tmp_path):
    headers = (("Server", "nginx"), ("X-Crawl-Content-Encoding", "gzip"))
    crawls = {
        "CC-MAIN-2019-09": [captured("2019-01-01", url="http://a.gov.cn/"), captured("2019-02-19", headers=headers)]
    }
    with CommonCrawlServer(crawls, prefix="/mirror") as server:
        fetch(tmp_path, server, Target(PAGE, agency="某局"), origin="common_crawl")
        assert server.count("/crawl-data/") == 1
        ranges = next(one for one in server.asked if "/crawl-data/" in one.path)
    held = Held(tmp_path)
    at = PAGE, moment("2019-02-19")
    assert held.readings[at].title == "Report of 2019-02-19"
    assert held.headers[at] == {"Content-Type": "text/html", "Server": "nginx", "X-Crawl-Content-Encoding": "gzip"}
    assert [(one.source, one.moment, one.record) for one in held.visits] == [("common_crawl", at[1], "response")]
    fields = held.fields[at]
    assert fields["source-uri"] == server.address.removesuffix("/mirror") + ranges.path
    assert fields["source-range"] == ranges.headers["Range"]
    assert fields["digest-check"] == "same"
    assert fields["source-record"].startswith("<urn:uuid:")
    assert [one.agency for one in held.targets] == ["某局", "某局"]


def test_years_choose_the_crawls_that_are_asked(tmp_path):
    with CommonCrawlServer(three_crawls(), dated=False) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl", years=(2019, 2019))
        assert sorted(set(indexes(server))) == ["CC-MAIN-2019-09", "CC-MAIN-2019-51"]
        assert server.count("collinfo.json") == 1
    assert {one.moment for one in Held(tmp_path).visits} == {moment("2019-02-19"), moment("2019-12-10")}


def test_a_crawl_over_the_end_of_a_year_is_asked_for_both_and_gives_each_its_own(tmp_path):
    crawls = {"CC-MAIN-2019-51": [captured("2019-12-30"), captured("2020-01-02")], "CC-MAIN-2020-05": []}
    with CommonCrawlServer(crawls, dated=False) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl", years=(2020, 2020))
        assert sorted(set(indexes(server))) == ["CC-MAIN-2019-51", "CC-MAIN-2020-05"]
    assert {one.moment for one in Held(tmp_path).visits} == {moment("2020-01-02")}


@pytest.mark.parametrize("dated", [True, False])
def test_one_a_year_is_chosen_over_all_crawls_of_the_year(tmp_path, dated):
    crawls = {
        "CC-MAIN-2019-51": [captured("2019-12-10"), captured("2020-01-01")],
        "CC-MAIN-2019-09": [captured("2019-02-19"), captured("2019-02-18", status=404)],
        "CC-MAIN-2020-05": [captured("2020-01-20")],
        "CC-MAIN-2021-04": [captured("2021-01-20")],
    }
    with CommonCrawlServer(crawls, dated=dated) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl", captures="yearly")
        assert server.count("/crawl-data/") == 3
    assert sorted(one.moment[:10] for one in Held(tmp_path).visits) == ["2019-02-19", "2020-01-01", "2021-01-20"]


def test_all_pages_of_an_index_come_and_no_request_is_made_twice(tmp_path):
    urls = [f"http://www.example.gov.cn/nb/{number:02}.html" for number in range(8)]
    crawls = {"CC-MAIN-2019-09": [captured("2019-02-19", url=url, body=url.encode()) for url in urls]}
    crawls["CC-MAIN-2019-09"].append(captured("2019-02-19", url=urls[0] + ".png", media_type="image/png"))
    with CommonCrawlServer(crawls, lines_at_once=3) as server:
        fetch(tmp_path, server, "http://www.example.gov.cn/nb/*", origin="common_crawl")
        assert len(indexes(server)) == 4
        assert server.doubled() == []
    assert sorted(one.url for one in Held(tmp_path).visits) == urls


def test_a_second_run_takes_nothing_that_is_there(tmp_path):
    crawls = three_crawls()
    with CommonCrawlServer(crawls) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl")
        fetch(tmp_path, server, PAGE, origin="common_crawl")
        assert server.count("/crawl-data/") == 3
    assert len(Held(tmp_path).visits) == 3


def test_a_redirect_leads_to_its_target_in_the_same_crawl(tmp_path):
    old, new = "http://example.gov.cn/old", "https://example.gov.cn/nb/"
    crawls = {
        "CC-MAIN-2018-05": [captured("2018-01-20", url=new, body=b"Too old\n")],
        "CC-MAIN-2019-09": [
            captured("2019-02-19", url=old, status=301, body=b"", headers=(("Location", new),)),
            captured("2019-02-20", url=new, body=b"Near\n"),
            captured("2019-02-27", url=new, body=b"Far\n"),
            captured("2019-02-19", url=old + "2", status=302, body=b"", headers=(("Location", "/nowhere"),)),
        ],
    }
    with CommonCrawlServer(crawls) as server:
        fetch(tmp_path, server, old, old + "2", origin="common_crawl")
    held = Held(tmp_path)
    assert held.readings[old, moment("2019-02-19")].title == "Near"
    assert held.finals[old, moment("2019-02-19")] == new
    nowhere = held.readings[old + "2", moment("2019-02-19")]
    assert (nowhere.outcome, "http://example.gov.cn/nowhere" in nowhere.detail) == ("empty", True)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ({"status": 404}, "unreachable"),
        ({"status": 200}, "unreachable"),
        ({"status": 206, "body": b"no record"}, "undecodable"),
        ({"status": 206, "body": b"\x1f\x8b\x08broken"}, "undecodable"),
        ({"status": 206, "body": b""}, "empty"),
        ({"status": HANG_UP, "times": 99}, "unreachable"),
        ({"status": 206, "declared": 10**9}, "too_large"),
    ],
)
def test_a_file_that_does_not_give_its_record_is_an_outcome(tmp_path, answer, outcome):
    with CommonCrawlServer(three_crawls()) as server:
        server.trouble("CC-MAIN-2018-05-00000", **answer)
        fetch(tmp_path, server, PAGE, origin="common_crawl")
    held = Held(tmp_path)
    assert held.outcome(PAGE, moment("2018-01-20")) == outcome
    assert [held.outcome(PAGE, moment(day)) for day in ("2019-02-19", "2019-12-10")] == ["ok", "ok"]


def test_a_range_that_holds_another_capture_is_not_taken(tmp_path):
    with CommonCrawlServer(three_crawls()) as server:
        for rows in server.rows.values():
            rows[0]["filename"] = server.rows["CC-MAIN-2019-09"][0]["filename"]
        fetch(tmp_path, server, PAGE, origin="common_crawl")
    held = Held(tmp_path)
    assert held.outcome(PAGE, moment("2018-01-20")) == "undecodable"
    assert held.outcome(PAGE, moment("2019-02-19")) == "ok"
    assert len(held.visits) == 1


def test_a_body_that_is_not_what_the_index_names_is_kept_and_said(tmp_path):
    with CommonCrawlServer(
        {"CC-MAIN-2019-09": [captured("2019-02-19", digest="2Z46YIFNTUYSCMLQNL3UGMD6JZJNKYTW")]}
    ) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl")
    held = Held(tmp_path)
    assert held.fields[PAGE, moment("2019-02-19")]["digest-check"] == "differs"
    assert "digest" in held.readings[PAGE, moment("2019-02-19")].detail


def test_a_bomb_is_not_unpacked_beyond_the_limit(tmp_path):
    crawls = {"CC-MAIN-2019-09": [captured("2019-02-19", body=b"0" * 3_000_000), captured("2019-02-20")]}
    with CommonCrawlServer(crawls) as server:
        fetch(tmp_path, server, PAGE, origin="common_crawl", max_page_bytes=1_000_000)
    held = Held(tmp_path)
    assert held.outcome(PAGE, moment("2019-02-19")) == "too_large"
    assert held.outcome(PAGE, moment("2019-02-20")) == "ok"


@pytest.mark.parametrize(
    ("body", "status", "outcome"),
    [
        (b'{"urlkey": "cn', 200, "undecodable"),
        (b'{"urlkey": "cn"}', 200, "undecodable"),
        (b"<html>", 200, "undecodable"),
        (b"<html>", 404, "undecodable"),
        (b"bad question", 400, "unreachable"),
        (b"forbidden", 403, "unreachable"),
        (b"", 200, "list_page"),
    ],
)
def test_an_index_that_answers_nonsense_is_an_outcome(tmp_path, body, status, outcome):
    with CommonCrawlServer(three_crawls()) as server:
        server.trouble("CC-MAIN-2019-51-index", status, {}, body, times=1)
        fetch(tmp_path, server, PAGE, origin="common_crawl")
    held = Held(tmp_path)
    assert held.outcome(PAGE) == outcome
    assert {one.moment[:10] for one in held.visits} == {"2018-01-20", "2019-02-19"}


def test_troubles_are_asked_again_a_bounded_number_of_times_and_in_sight(tmp_path):
    with CommonCrawlServer(three_crawls()) as server:
        server.trouble("CC-MAIN-2018-05-index", 503, times=2)
        server.trouble("CC-MAIN-2019-09-index", 500, times=10**6)
        watch = fetch(tmp_path, server, PAGE, origin="common_crawl", retries=3)
        assert indexes(server).count("CC-MAIN-2019-09") == 4
    assert [reason[:8] for _, _, reason in watch.waits] == ["HTTP 503"] * 2 + ["HTTP 500"] * 3
    held = Held(tmp_path)
    assert held.outcome(PAGE) == "unreachable"
    assert held.outcome(PAGE, moment("2018-01-20")) == "ok"


def test_a_request_to_wait_too_long_stops_the_run_which_then_goes_on(tmp_path):
    with CommonCrawlServer(three_crawls()) as server:
        server.trouble("CC-MAIN-2019-09-00000", 429, {"Retry-After": "5000"})
        with pytest.raises(FetchError, match="5000 seconds"):
            fetch(tmp_path, server, PAGE, origin="common_crawl")
        fetch(tmp_path, server, PAGE, origin="common_crawl")
        assert server.count("/crawl-data/") == 4
    assert len(Held(tmp_path).visits) == 3


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b"<html>", b'[{"id": "CC-MAIN-2019-09"}]', b'[{"id": "x", "cdx-api": "y"}]']
)
def test_a_place_without_a_list_of_crawls_is_no_common_crawl(tmp_path, body):
    with CommonCrawlServer({}) as server:
        server.trouble("collinfo.json", 200, {}, body)
        with pytest.raises(FetchError) as error:
            fetch(tmp_path, server, PAGE, origin="common_crawl")
    assert error.value.code == "archive_unreachable"


def test_files_may_lie_elsewhere_and_nothing_is_kept_in_the_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    with CommonCrawlServer(three_crawls(), prefix="/files") as files, CommonCrawlServer(three_crawls()) as index:
        files.files = index.files
        fetch(tmp_path / "archive", index, PAGE, origin="common_crawl", data_address=files.address + "/")
        assert (index.count("/crawl-data/"), files.count("/crawl-data/")) == (0, 3)
    assert len(Held(tmp_path / "archive").visits) == 3
    assert not (tmp_path / "home").exists()


def test_a_dry_run_lists_and_fetches_nothing():
    with CommonCrawlServer(three_crawls()) as server:
        asked = [Target(PAGE), Target("http://nothing.gov.cn/")]
        listed = list(list_captures("common_crawl", asked, options(server, years=(2018, 2018)), Watch()))
        assert server.count("/crawl-data/") == 0
    assert [getattr(row, "captured_at", row) for _, row in listed[:1]] == [moment("2018-01-20")]
    assert listed[1][1].outcome == "empty"
