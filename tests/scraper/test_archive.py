"""An archive as those see it who fetch: runs, targets, visits, and what is asked of them."""

import pytest
from stored_visits import HTML, MOMENT, SITE, fetch_all, page, visit, warc_files

from corpus.errors import CorpusError
from scraper.archive import open_archive, read_archive, verify
from scraper.errors import FetchError
from scraper.records import ListedReport, Reading, Target

PAGES = [Target(f"{SITE}/{number}.html", agency="示例局" * (number % 2)) for number in range(6)]
OK = Reading("ok", title="年度报告", agency="示例局", report_year=2023, published_date="2024-01-05")


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "archive") as opened:
        opened.begin_run("live", "plan")
        yield opened


def begin_next(archive, plan="plan"):
    archive.finish_run()
    return archive.begin_run("live", plan)


def test_a_target_is_added_once_and_taken_up_in_order(archive):
    assert archive.add_targets([*PAGES, PAGES[0]]) == PAGES
    assert archive.add_targets(reversed(PAGES)) == []
    assert list(archive.pending()) == PAGES


def test_what_is_added_or_settled_meanwhile_is_met_or_not(archive):
    archive.add_targets(PAGES[:3])
    met = []
    for target in archive.pending():
        met.append(target.url)
        if target == PAGES[0]:
            archive.settle(PAGES[1], OK)
            assert archive.settle(PAGES[0], OK, found=[PAGES[0], PAGES[4]]) == [PAGES[4]]
        archive.settle(target, OK)
    assert met == [PAGES[0].url, PAGES[2].url, PAGES[4].url]


def test_the_words_of_the_user_reach_a_target_that_a_list_named_first(archive):
    archive.add_targets([Target(f"{SITE}/a.html", title="as the list has it")])
    archive.add_targets([Target(f"{SITE}/a.html", agency="示例局", report_year=2021)])
    archive.add_targets([Target(f"{SITE}/a.html", agency="another")])
    (target,) = archive.pending()
    assert (target.title, target.agency, target.report_year) == ("as the list has it", "示例局", 2021)


def test_what_became_of_a_target_is_remembered_without_what_it_listed(archive):
    listed = ListedReport("a", "/a.html", "", None, "")
    reading = Reading("list_page", "3 reports", "none", "列表", "x", "示例局", 2020, "2021-01-01", (listed,))
    archive.add_targets(PAGES)
    archive.settle(PAGES[0], reading)
    assert archive.settled(PAGES[0].url) == Reading(
        "list_page", "3 reports", "none", "列表", "x", "示例局", 2020, "2021-01-01"
    )
    assert archive.settled(PAGES[1].url) is None
    assert archive.settled(PAGES[0].url, MOMENT) is None
    assert (archive.counts().outcomes, archive.counts().pending) == ((("list_page", 1),), 5)


def test_a_target_may_be_settled_that_was_never_added(archive):
    archive.settle(PAGES[0], OK)
    assert archive.settled(PAGES[0].url).outcome == "ok"
    assert list(archive.pending()) == []


def test_nothing_is_settled_when_what_it_led_to_cannot_be_added(archive):
    archive.add_targets(PAGES[:1])

    def found():
        yield PAGES[1]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        archive.settle(PAGES[0], OK, found=found())
    assert list(archive.pending()) == PAGES[:1]


def test_a_visit_comes_back_as_it_was(archive):
    headers = (*HTML, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Encoding", "gzip"))
    given = visit(PAGES[0].url, b"\x1f\x8b\x00\xff\r\n\r\n", headers=headers, ip="192.0.2.1", truncated="length")
    stored = archive.record(given)
    back = archive.read(stored)
    assert (back.body, back.headers, back.status, back.reason) == (given.body, headers, 200, "OK")
    assert (back.ip, back.truncated, back.moment, back.url) == ("192.0.2.1", "length", MOMENT, PAGES[0].url)
    assert (stored.record, stored.media_type, stored.truncated) == ("response", "text/html", "length")


def test_an_address_is_visited_only_in_the_run_that_visited_it(archive):
    stored = archive.record(visit(PAGES[0].url, page(0)))
    assert archive.visited(PAGES[0].url) == stored
    assert archive.earlier(PAGES[0].url) is None
    begin_next(archive)
    assert archive.visited(PAGES[0].url) is None
    assert archive.earlier(PAGES[0].url) == stored


def test_the_newest_answer_of_a_run_counts_and_not_what_a_browser_made_of_it(archive):
    archive.record(visit(PAGES[0].url, b"busy", status=503))
    answer = archive.record(visit(PAGES[0].url, page(0)))
    html = "text/html; charset=utf-8"
    made = archive.record(visit(PAGES[0].url, page(1), status=None, source="rendered", media_type=html))
    assert (made.media_type, archive.read(made).media_type, archive.read(made).body) == ("text/html", html, page(1))
    assert archive.visited(PAGES[0].url) == answer


def test_a_rendering_that_comes_out_the_same_is_kept_once(archive):
    first, again, other = (
        archive.record(visit(PAGES[0].url, page(number), status=None, source="rendered", moment=moment))
        for number, moment in ((1, "2026-03-01T00:00:00Z"), (1, "2026-04-01T00:00:00Z"), (2, "2026-05-01T00:00:00Z"))
    )
    assert again == first
    assert other.visit_no != first.visit_no


def test_an_unchanged_page_is_kept_once(archive):
    first = archive.record(visit(PAGES[0].url, page(0), headers=(*HTML, ("ETag", '"1"'))))
    begin_next(archive)
    again = archive.record(visit(PAGES[0].url, page(0), moment="2026-04-01T00:00:00Z"))
    assert (again.record, again.refers_to, again.digest) == ("revisit", first.visit_no, first.digest)
    assert archive.read(again).body == page(0)
    assert archive.earlier(PAGES[0].url) == first
    assert archive.counts().unchanged == 1


def test_a_page_that_is_not_modified_is_read_as_the_page(archive):
    first = archive.record(visit(PAGES[0].url, page(0), headers=(*HTML, ("ETag", '"1"'), ("X-A", "old"))))
    begin_next(archive)
    headers = (("ETag", '"2"'), ("x-a", "new"), ("Content-Length", "0"))
    again = archive.record(visit(PAGES[0].url, status=304, headers=headers))
    assert (again.record, again.status, again.refers_to, again.media_type) == (
        "revisit",
        304,
        first.visit_no,
        "text/html",
    )
    back = archive.read(again)
    assert (back.status, back.body) == (200, page(0))
    assert back.headers == (*HTML, ("ETag", '"2"'), ("x-a", "new"))


def test_not_modified_without_a_page_is_an_answer_like_any(archive):
    stored = archive.record(visit(PAGES[0].url, status=304))
    assert (stored.record, stored.refers_to) == ("response", None)


@pytest.mark.parametrize(
    "other",
    [
        {"body": page(1)},
        {"status": 404},
        {"truncated": "disconnect"},
        {"url": f"{SITE}/other.html"},
        {"body": b""},
    ],
)
def test_what_differs_is_kept_whole(archive, other):
    archive.record(visit(PAGES[0].url, page(0)))
    assert archive.record(visit(**{"url": PAGES[0].url, "body": page(0), **other})).record == "response"


def test_a_page_that_came_back_to_an_older_state_is_kept_anew(archive):
    for number in (0, 1, 0):
        latest = archive.record(visit(PAGES[0].url, page(number), headers=(*HTML, ("ETag", f'"{number}"'))))
        begin_next(archive)
    assert latest.record == "response"
    assert archive.earlier(PAGES[0].url) == latest


@pytest.mark.parametrize("other", [{"status": 404}, {"truncated": "time"}])
def test_only_a_whole_page_is_asked_about_again(archive, other):
    archive.record(visit(PAGES[0].url, page(0), **other))
    begin_next(archive)
    assert archive.earlier(PAGES[0].url) is None


def test_a_capture_of_a_web_archive_is_fetched_once_over_all_runs(archive):
    old = visit(PAGES[0].url, page(0), moment="2013-02-25T01:02:03Z", source="wayback")
    stored = archive.record(old)
    begin_next(archive)
    assert archive.visited(PAGES[0].url, "2013-02-25T01:02:03.5Z") == stored
    assert archive.visited(PAGES[0].url, "2013-02-25T01:02:04Z") is None
    assert archive.record(old) == stored
    assert archive.earlier(PAGES[0].url) is None
    later = archive.record(visit(PAGES[0].url, page(0), moment="2015-01-01T00:00:00Z", source="wayback"))
    assert (later.record, later.refers_to) == ("revisit", stored.visit_no)


def test_a_saved_page_is_added_once(archive):
    saved = visit(
        f"{SITE}/saved.html", page(3), status=None, source="folder", media_type="text/html", moment="2013-02-25"
    )
    stored = archive.record(saved)
    begin_next(archive)
    assert archive.record(saved) == stored
    assert (stored.record, stored.moment, archive.read(stored).body) == ("resource", "2013-02-25", page(3))
    assert archive.record(visit(f"{SITE}/saved.html", page(4), status=None, source="folder")).visit_no > stored.visit_no


def test_a_visit_without_a_moment_is_refused(archive):
    with pytest.raises(ValueError, match="no moment"):
        archive.record(visit(PAGES[0].url, page(0), moment="some day"))


def test_an_unfinished_run_goes_on_and_a_finished_one_begins_anew(tmp_path):
    with open_archive(tmp_path / "a") as archive:
        assert not archive.begin_run("live", "plan").resumed
        stored = fetch_all(archive, PAGES)
        archive.settle(PAGES[0], OK)
    with open_archive(tmp_path / "a") as archive:
        assert not archive.begin_run("wayback", "plan").resumed
        assert not archive.begin_run("live", "another plan").resumed
        run = archive.begin_run("live", "plan")
        assert (run.run_no, run.resumed) == (1, True)
        assert list(archive.pending()) == PAGES[1:]
        assert [archive.visited(target.url) for target in PAGES] == stored
        archive.finish_run()
        run = archive.begin_run("live", "plan")
        assert (run.run_no, run.resumed) == (4, False)
        assert list(archive.pending()) == []


def test_one_run_at_a_time(tmp_path):
    with (
        open_archive(tmp_path / "a"),
        pytest.raises(FetchError, match=r"process \d+") as caught,
        open_archive(tmp_path / "a"),
    ):
        pass
    assert caught.value.code == "archive_locked"
    with open_archive(tmp_path / "a"):  # the lock was given back
        pass


@pytest.mark.parametrize("there", ["thesis.docx", "a.html"])
def test_a_folder_of_other_things_is_left_alone(tmp_path, there):
    (tmp_path / there).write_text("mine")
    with pytest.raises(FetchError) as caught, open_archive(tmp_path):
        pass
    assert caught.value.code == "archive_not_ours"
    assert [path.name for path in tmp_path.iterdir()] == [there]


def test_a_manifest_may_be_there_before_the_archive(tmp_path):
    (tmp_path / "manifest.csv").write_text("source_uri,agency\nhttp://www.example.gov.cn/x.html,示例局\n")
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.finish_run()
    assert "示例局" in (tmp_path / "manifest.csv").read_text("utf-8-sig")


def test_a_file_is_no_archive(tmp_path):
    (tmp_path / "a").write_text("mine")
    with pytest.raises(FetchError) as caught, open_archive(tmp_path / "a"):
        pass
    assert caught.value.code == "archive_not_ours"


def test_a_catalogue_of_another_version_or_program_is_not_touched(tmp_path):
    with open_archive(tmp_path):
        pass
    path = tmp_path / ".fetch" / "catalogue.sqlite"
    for damage, code in (
        (lambda data: data[:60] + b"\0\0\0\x63" + data[64:], "archive_not_ours"),
        (lambda _: b"no database" * 99, "archive_damaged"),
    ):
        changed = damage(path.read_bytes())
        path.write_bytes(changed)
        with pytest.raises(FetchError) as caught, open_archive(tmp_path):
            pass
        assert caught.value.code == code
        assert path.read_bytes() == changed


def test_a_manifest_that_is_none_stops_a_run_before_it_fetches(tmp_path):
    with open_archive(tmp_path):
        pass
    (tmp_path / "manifest.csv").write_bytes(b"\xff\x00\x81" * 40)
    with pytest.raises(CorpusError) as caught, open_archive(tmp_path):
        pass
    assert caught.value.code == "manifest_unreadable"


def test_readers_see_what_stands_while_a_run_writes(tmp_path):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        fetch_all(archive, PAGES)
        archive.settle(PAGES[0], OK, final_url=PAGES[0].url, visit_no=1)
        with read_archive(tmp_path) as view:
            (run,) = view.runs()
            (host,) = view.hosts()
            assert (run.kind, run.finished, run.settled, run.pending) == ("live", "", 1, 5)
            assert (host.host, host.addresses, host.visits, host.bodies) == ("www.example.gov.cn", 6, 6, 6)
            assert [stored.url for stored in view.visits(host="www.example.gov.cn")] == [one.url for one in PAGES]
            assert list(view.visits(run_no=2)) == []
            assert dict(view.outcomes()) == {"": 5, "ok": 1}
            first, second, *_ = view.targets()
            assert (first.target, first.reading, first.visit_no) == (PAGES[0], OK, 1)
            assert second.reading is None
            assert view.read(next(view.visits())).body == page(0)
            assert [file.visits for file in view.files()] == [6]
            fetch_all(archive, [Target(f"{SITE}/late.html")])
    assert list(verify(tmp_path)) == []


@pytest.mark.parametrize("make", [False, True])
def test_what_is_no_archive_cannot_be_read_as_one(tmp_path, make):
    if make:
        (tmp_path / "a").mkdir()
    with pytest.raises(FetchError) as caught, read_archive(tmp_path / "a"):
        pass
    assert caught.value.code == "archive_not_ours"


def test_files_are_rotated_and_no_session_writes_into_those_of_another(tmp_path):
    for _ in range(2):
        with open_archive(tmp_path, warc_bytes=2000) as archive:
            archive.begin_run("live", "plan")
            fetch_all(archive, [Target(f"{SITE}/{number}.html") for number in range(4)])
            archive.finish_run()
    sizes = [path.stat().st_size for path in warc_files(tmp_path)]
    assert len(sizes) == 4
    assert all(size > 2000 for size in sizes[::2])
    assert len({path.name.split("-")[2] for path in warc_files(tmp_path)}) == 4


def test_a_session_that_fetches_nothing_leaves_no_file(tmp_path):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.finish_run()
    assert warc_files(tmp_path) == []


def test_a_full_disk_stops_the_run_and_loses_nothing(tmp_path, monkeypatch):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        before = fetch_all(archive, PAGES[:3])

        def full(_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("scraper.store.warcfiles.os.fsync", full)
            with pytest.raises(FetchError, match="No space left") as caught:
                archive.record(visit(PAGES[3].url, page(3)))
        assert caught.value.code == "archive_unwritable"
        assert archive.visited(PAGES[3].url) is None
        after = archive.record(visit(PAGES[3].url, page(3)))
        assert [archive.read(stored).body for stored in (*before, after)] == [page(number) for number in range(4)]
        archive.finish_run()
    assert list(verify(tmp_path)) == []


def test_a_disk_that_is_full_at_once_leaves_no_empty_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        monkeypatch.setattr("scraper.store.warcfiles.os.fsync", full)
        with pytest.raises(FetchError, match="No space left"):
            archive.record(visit(PAGES[0].url, page(0)))
        monkeypatch.undo()
    assert warc_files(tmp_path) == []


@pytest.mark.parametrize("before", [0, 2])
@pytest.mark.parametrize("error", [KeyboardInterrupt, FetchError("archive_unwritable", "full", "there", "Free it.")])
def test_a_visit_that_cannot_be_entered_is_not_left_in_the_file(tmp_path, monkeypatch, before, error):
    def fail(*_):
        raise error

    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        fetch_all(archive, PAGES[:before])
        with monkeypatch.context() as patch:
            patch.setattr("scraper.store.visits.add_visit", fail)
            with pytest.raises((KeyboardInterrupt, FetchError)):
                archive.record(visit(PAGES[4].url, page(4)))
        assert archive.read(archive.record(visit(PAGES[5].url, page(5)))).body == page(5)
        archive.finish_run()
    assert list(verify(tmp_path)) == []
    with read_archive(tmp_path) as view:
        assert [stored.url for stored in view.visits()] == [one.url for one in (*PAGES[:before], PAGES[5])]


@pytest.mark.parametrize("data", [None, b"", b"\x1f\x8b\x08half a record"])
def test_a_file_that_was_begun_by_a_killed_run_is_taken_away(tmp_path, data):
    name = "gongkai-20260101000000-00007.warc.gz"
    with open_archive(tmp_path) as archive:
        archive._catalogue.insert("INSERT INTO files (file_no, name, committed) VALUES (7, ?, 0)", (name,))
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.record(visit(PAGES[0].url, page(0)))
        archive.finish_run()
    assert len(warc_files(tmp_path)) == 1
    assert list(verify(tmp_path)) == []
    with read_archive(tmp_path) as view:
        assert [file.visits for file in view.files()] == [1]
