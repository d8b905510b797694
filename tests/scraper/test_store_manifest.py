"""What only the fetch knows of a page reaches `build`, and what a person wrote stays."""

import csv
import tracemalloc
from contextlib import suppress
from pathlib import Path

import pytest
from stored_visits import SITE, page, visit

from corpus.archive import read_captures
from corpus.manifest import read_manifest
from scraper.archive import open_archive
from scraper.errors import FetchError
from scraper.records import Reading, Target
from scraper.store.manifestfile import require_readable

OK = Reading("ok")
FAILED = Reading("unreachable", "no answer within 30 s", "Try again later.")


def run(folder, *steps):
    """One finished run: each step is a target, the address where it ended ('' where nothing came), and its reading."""
    with open_archive(folder) as archive:
        archive.begin_run("live", "plan")
        archive.add_targets(target for target, *_ in steps)
        for number, (target, reached, reading) in enumerate(steps):
            visit_no = None
            if reached:
                source = "wayback" if target.captured_at else "live"
                moment = target.captured_at or "2026-03-01T00:00:00Z"
                visit_no = archive.record(visit(reached, page(number), source=source, moment=moment)).visit_no
            archive.settle(target, reading, final_url=reached, visit_no=visit_no)
        archive.finish_run()


def lines(folder):
    """The manifest: address to what is told of it."""
    path = Path(folder) / "manifest.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    read_manifest(path, "manifest.csv")  # without a conflict
    told = {(row.pop("source_uri") or row["file"]) + row["captured_at"]: row for row in rows}
    assert len(told) == len(rows)
    return {
        key: {name: cell for name, cell in row.items() if cell and name != "captured_at"} for key, row in told.items()
    }


def test_nothing_is_said_where_there_is_nothing_to_say(tmp_path):
    run(tmp_path, (Target(f"{SITE}/a"), f"{SITE}/a", OK), (Target(f"{SITE}/b", title="b"), f"{SITE}/b", OK))
    assert lines(tmp_path) == {}
    assert not (tmp_path / "manifest.csv").exists()


def test_a_list_that_was_followed_is_told_as_one(tmp_path):
    listed = Reading("list_page", "3 reports listed")
    run(
        tmp_path,
        (Target(f"{SITE}/nb/", "list"), f"{SITE}/nb/index.html", listed),
        (Target(f"{SITE}/a"), f"{SITE}/a", Reading("list_page", "4 links to reports", "Fetch the reports.")),
        (Target(f"{SITE}/nb/2020/"), f"{SITE}/nb/2020/", Reading("list_page", "2 reports listed")),
        (Target(f"{SITE}/no/", "list"), f"{SITE}/no/", Reading("not_a_report", "no report is listed")),
    )
    assert lines(tmp_path) == {
        f"{SITE}/nb/index.html": {"outcome": "list_page", "detail": "3 reports listed"},
        f"{SITE}/nb/2020/": {"outcome": "list_page", "detail": "2 reports listed"},
    }


def test_the_words_of_the_user_stand_at_the_address_where_the_page_is(tmp_path):
    run(tmp_path, (Target(f"{SITE}/a", agency="示例局", report_year=2020), f"{SITE}/b", OK))
    assert lines(tmp_path) == {f"{SITE}/b": {"agency": "示例局", "report_year": "2020"}}
    (capture,) = read_captures([tmp_path])
    assert (capture.source_uri, capture.manifest.agency, capture.manifest.report_year) == (f"{SITE}/b", "示例局", 2020)


def test_a_part_names_the_address_where_its_report_is(tmp_path):
    whole, part = Target(f"{SITE}/a"), Target(f"{SITE}/a_2", kind="part", part_of=f"{SITE}/a")
    lone = Target(f"{SITE}/c.doc", kind="attachment", part_of=f"{SITE}/unknown")
    run(tmp_path, (whole, f"{SITE}/moved", OK), (part, f"{SITE}/a_2", OK), (lone, f"{SITE}/c.doc", OK))
    assert lines(tmp_path) == {
        f"{SITE}/a_2": {"part_of": f"{SITE}/moved"},
        f"{SITE}/c.doc": {"part_of": f"{SITE}/unknown"},
    }


def test_a_failure_without_an_answer_is_told_and_one_with_an_answer_tells_itself(tmp_path):
    gone = Reading("empty", "HTTP 404", "Look for another capture of the address.")
    run(tmp_path, (Target(f"{SITE}/a"), "", FAILED), (Target(f"{SITE}/b"), f"{SITE}/b", gone))
    assert lines(tmp_path) == {
        f"{SITE}/a": {"outcome": "unreachable", "detail": FAILED.detail, "next_step": FAILED.next_step}
    }


def test_redirects_that_lead_nowhere_are_a_failure_of_the_address_that_was_asked(tmp_path):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        hop = archive.record(visit(f"{SITE}/b", status=302, headers=(("Location", "/b"),)))
        archive.settle(Target(f"{SITE}/a"), FAILED, final_url=f"{SITE}/b", visit_no=hop.visit_no)
        archive.finish_run()
    assert list(lines(tmp_path)) == [f"{SITE}/a"]


@pytest.mark.parametrize("later", [True, False])
def test_a_page_that_stands_in_the_archive_is_no_failure(tmp_path, later):
    steps = [(Target(f"{SITE}/a"), "", FAILED), (Target(f"{SITE}/a"), f"{SITE}/a", OK)]
    for step in steps if later else reversed(steps):
        run(tmp_path, step)
    assert lines(tmp_path) == {}


def test_two_words_for_one_page_are_none(tmp_path):
    run(
        tmp_path,
        (Target(f"{SITE}/a", agency="示例局", report_year=2020), f"{SITE}/x", OK),
        (Target(f"{SITE}/b", agency="另一局", report_year=2020), f"{SITE}/x", OK),
        (Target(f"{SITE}/c"), f"{SITE}/x", OK),
    )
    assert lines(tmp_path) == {f"{SITE}/x": {"report_year": "2020"}}


def test_the_newest_words_win_and_silence_takes_none_back(tmp_path):
    for agency, year in (("示例局", 2020), ("另一局", None), ("", None)):
        run(tmp_path, (Target(f"{SITE}/a", agency=agency, report_year=year), f"{SITE}/a", OK))
    assert lines(tmp_path) == {f"{SITE}/a": {"agency": "另一局", "report_year": "2020"}}


def test_captures_of_one_address_are_told_apart(tmp_path):
    first, second = "2013-02-25T01:02:03Z", "2015-01-01T00:00:00Z"
    target = Target(f"{SITE}/a", report_year=2012, captured_at=first)
    other = Target(f"{SITE}/a", report_year=2014, captured_at=second)
    live = Target(f"{SITE}/a", report_year=2025)
    run(tmp_path, *((one, f"{SITE}/a", OK) for one in (target, other, live)))
    assert lines(tmp_path) == {
        f"{SITE}/a": {"report_year": "2025"},
        f"{SITE}/a{first}": {"report_year": "2012"},
        f"{SITE}/a{second}": {"report_year": "2014"},
    }
    assert sorted(capture.manifest.report_year for capture in read_captures([tmp_path])) == [2012, 2014, 2025]


def test_what_waits_is_no_page_that_is_missing(tmp_path):
    with open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.add_targets([Target(f"{SITE}/a", agency="示例局")])
    assert lines(tmp_path) == {}


@pytest.mark.parametrize("stop", [None, KeyboardInterrupt, FetchError("rate_limited", "wait", "there", "Later.")])
def test_a_run_that_was_stopped_has_told_what_it_knows(tmp_path, stop):
    with suppress(KeyboardInterrupt, FetchError), open_archive(tmp_path) as archive:
        archive.begin_run("live", "plan")
        archive.add_targets([Target(f"{SITE}/a", agency="示例局"), Target(f"{SITE}/b")])
        archive.record(visit(f"{SITE}/a", page(1)))
        archive.settle(Target(f"{SITE}/a"), OK, final_url=f"{SITE}/a", visit_no=1)
        if stop:
            raise stop
    assert list(lines(tmp_path)) == [f"{SITE}/a"]
    assert (tmp_path / "index.cdxj").read_text("utf-8").count("\n") == 1


def edit(folder, change, encoding="utf-8-sig"):
    path = folder / "manifest.csv"
    path.write_bytes(change(path.read_text("utf-8-sig")).encode(encoding))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_lines_that_a_person_changed_or_added_are_kept(tmp_path, encoding, mark):
    steps = [(Target(f"{SITE}/{name}", agency=f"示例{name}局"), f"{SITE}/{name}", OK) for name in "abc"]
    run(tmp_path, *steps)
    added = "saved/page.html,saved/page.html,手填局,2001,,,,,\n"
    edit(tmp_path, lambda text: (text.replace("示例b局", "改正局") + added).replace(",", mark), encoding)
    run(tmp_path, *((Target(target.url, agency="新局"), reached, reading) for target, reached, reading in steps))
    told = {key: row["agency"] for key, row in lines(tmp_path).items()}
    assert told == {
        f"{SITE}/a": "新局",
        f"{SITE}/b": "改正局",
        f"{SITE}/c": "新局",
        "saved/page.html": "手填局",
    }


def test_columns_of_a_person_are_kept_with_their_lines(tmp_path):
    run(tmp_path, (Target(f"{SITE}/a", agency="示例局"), f"{SITE}/a", OK))
    path = tmp_path / "manifest.csv"
    head, line = path.read_text("utf-8-sig").splitlines()
    path.write_text(f"{head},note\n{line},seen by hand\n", "utf-8-sig")
    run(tmp_path, (Target(f"{SITE}/a", agency="新局"), f"{SITE}/a", OK))
    assert lines(tmp_path) == {f"{SITE}/a": {"agency": "示例局", "note": "seen by hand"}}


def test_a_line_of_ours_goes_when_it_is_true_no_longer(tmp_path):
    run(tmp_path, (Target(f"{SITE}/a"), "", FAILED))
    assert lines(tmp_path) != {}
    run(tmp_path, (Target(f"{SITE}/a"), f"{SITE}/a", OK))
    assert lines(tmp_path) == {}


def test_a_kill_between_the_manifest_and_its_note_does_not_make_our_lines_a_persons(tmp_path, monkeypatch):
    run(tmp_path, (Target(f"{SITE}/a"), "", FAILED))

    def killed(self, target):
        self.rename(target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(
            Path,
            "replace",
            lambda self, target: killed(self, target) if "manifest" in self.name else self.rename(target),
        )
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, (Target(f"{SITE}/b"), "", FAILED))
    assert len(lines(tmp_path)) == 2
    run(tmp_path, (Target(f"{SITE}/a"), f"{SITE}/a", OK), (Target(f"{SITE}/b"), f"{SITE}/b", OK))
    assert lines(tmp_path) == {}


def test_a_long_manifest_takes_no_memory(tmp_path):
    path = tmp_path / "manifest.csv"
    peaks = []
    for n_lines in (2_000, 4_000):
        row = f"{SITE}/a.html,{'注' * 1000}\n"
        path.write_text("source_uri,detail\n" + row * n_lines, encoding="utf-8")
        tracemalloc.start()
        try:
            require_readable(tmp_path)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] < path.stat().st_size
