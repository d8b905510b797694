"""`gongkai fetch` as a command: what it refuses, what it calls the same run, what it says at the end."""

import csv
import io

import pytest
from stored_visits import visit
from typer.testing import CliRunner

from gongkai import fetching, fetchscreen
from gongkai.cli import app
from scraper.archive import read_archive
from scraper.records import Reading, Target
from scraper.webarchives import CaptureRow

URL = "https://www.example.gov.cn/nb/2020.html"
LIST = "https://www.example.gov.cn/nb/"
CONTACT = ("--contact", "me@example.org")


def command(*words, stdin=None):
    return CliRunner().invoke(app, ["fetch", *map(str, words)], input=stdin, env={"GONGKAI_CONTACT": ""})


@pytest.fixture
def answered(monkeypatch):
    """Sites are not asked: each target gets the outcome that stands here, `ok` unless told; the calls are kept."""
    outcomes, calls = {}, []
    found = {LIST: [Target(URL), Target(f"{LIST}a.pdf", "attachment", part_of=URL)]}

    def fetch_live(archive, options, reader, watch):
        calls.append(options)
        for target in archive.pending():
            reading = outcomes.get(target.url, Reading("ok"))
            if reading is None:
                raise KeyboardInterrupt
            stored = archive.record(visit(target.url, b"<html>page</html>"))
            archive.settle(target, reading, visit_no=stored.visit_no, found=found.get(target.url, ()))
            watch.visited(target.url, reading.outcome, 10)

    monkeypatch.setattr(fetching, "fetch_live", fetch_live)
    return outcomes, calls


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((URL, "-o", "archive"), "--contact me@example.org, or the variable GONGKAI_CONTACT"),
        ((URL, "-o", "archive", "--contact", "me"), "that is no contact"),
        ((URL, "-o", "archive", "--contact", "我@example.org"), "Write it in ASCII"),
        ((URL, "-o", "archive", "--contact", "a (b)@example.org"), "without spaces and brackets"),
        (("ftp://www.example.gov.cn/", "-o", "archive", *CONTACT), "http"),
        ((URL, *CONTACT), "name the archive with -o"),
        ((URL, "--dry-run", "-o", "archive", *CONTACT), "takes no -o"),
        ((URL, "--dry-run", *CONTACT), "Add --wayback"),
        ((URL, "-o", "archive", "--wayback", "--common-crawl", *CONTACT), "give one of them"),
        ((LIST, "-o", "archive", "--wayback", "--as", "list", *CONTACT), "ends in /*"),
        ((URL, "-o", "archive", "--delay", "0.5", *CONTACT), "servers of your own"),
        ((URL, "-o", "archive", "--match", "(", *CONTACT), "no regular expression"),
        (("missing.csv", "-o", "archive", *CONTACT), "missing.csv"),
    ],
)
def test_what_cannot_be_carried_out_is_said_before_anything_is_made(tmp_path, monkeypatch, words, said):
    monkeypatch.chdir(tmp_path)
    done = command(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.output.replace("│", " ").split())
    assert list(tmp_path.iterdir()) == []


def test_servers_are_told_who_asks(tmp_path, answered):
    command(URL, "-o", tmp_path / "archive", *CONTACT)
    agent = answered[1][0].user_agent
    assert agent.startswith("gongkai/")
    assert agent.endswith(" (+me@example.org)")


def test_what_was_not_got_is_said_with_what_to_do_and_the_exit_code_tells(tmp_path, answered):
    answered[0][URL] = Reading("blocked", "HTTP 412", "Save the page from a browser.")
    done = command(URL, f"{URL}?2", "-o", tmp_path / "archive", *CONTACT)
    assert done.exit_code == 1
    text = " ".join(done.output.split())
    assert "Got 1 page; 1 addresses did not give what was wanted" in text
    assert "HTTP 412" in text
    assert "Save the page from a browser." in text


def test_a_list_that_lists_and_an_attachment_are_what_was_wanted(tmp_path, answered):
    answered[0].update({LIST: Reading("list_page"), f"{LIST}a.pdf": Reading("attachment_only")})
    done = command(LIST, "--as", "list", "-o", tmp_path / "archive", *CONTACT)
    assert done.exit_code == 0
    assert "Got 1 list page, 1 page, 1 attachment; 0 addresses" in done.output


def test_a_list_that_was_not_followed_to_its_end_is_said_with_what_to_do(tmp_path, answered):
    answered[0].update({LIST: Reading("list_page", "2 reports; the page counts 9 pages", "Give the further pages.")})
    done = command(LIST, "--as", "list", "-o", tmp_path / "archive", *CONTACT)
    assert done.exit_code == 1
    assert "the page counts 9 pages" in " ".join(done.output.split())


def test_a_list_that_a_list_took_for_a_report_is_a_list(tmp_path, answered):
    answered[0].update(
        {LIST: Reading("list_page"), URL: Reading("list_page", "2 reports"), f"{LIST}a.pdf": Reading("attachment_only")}
    )
    done = command(LIST, "--as", "list", "-o", tmp_path / "archive", *CONTACT)
    assert "Got 2 list pages, 1 attachment" in done.output


def test_the_same_question_goes_on_with_the_run_that_was_stopped(tmp_path, answered):
    outcomes, _ = answered
    outcomes[f"{URL}?2"] = None
    archive = tmp_path / "archive"
    stopped = command(URL, f"{URL}?2", "-o", archive, *CONTACT)
    assert (stopped.exit_code, "The same command goes on from there" in stopped.output) == (130, True)
    outcomes.clear()
    # how it is asked is no matter, what is asked is
    done = command(URL, f"{URL}?2", "-o", archive, "--contact", "you@example.org", "--delay", 3, "--timeout", 9)
    assert "The run that was stopped is complete." in done.output
    command(URL, "-o", archive, *CONTACT)
    with read_archive(archive) as view:
        assert [(run.settled, bool(run.finished)) for run in view.runs()] == [(2, True), (1, True)]


def test_addresses_come_from_standard_input_too(tmp_path, answered):
    done = command("-", "-o", tmp_path / "archive", *CONTACT, stdin=f"# two\n{URL}\n{URL}?2\n")
    assert (done.exit_code, "Got 2 pages" in done.output) == (0, True)
    assert len(answered[1]) == 1


def test_the_quiet_say_nothing_but_the_exit_code(tmp_path, answered):
    answered[0][URL] = Reading("unreachable", "no answer")
    done = command(URL, "-o", tmp_path / "archive", "--quiet", *CONTACT)
    assert (done.exit_code, done.output) == (1, "")


def test_captures_are_listed_as_csv_with_the_reason_where_there_are_none():
    file = io.StringIO()
    row = CaptureRow(URL, "2020-04-01T00:00:00Z", "", "text/html", None, "ABC", "https://archive.example/1")
    none = Reading("empty", "no capture, ever")
    fetchscreen.write_captures(file, [(Target(URL), row), (Target(LIST), none)])
    first, second = csv.DictReader(io.StringIO(file.getvalue()))
    assert (first["url"], first["captured_at"], first["status"], first["outcome"]) == (URL, row.captured_at, "", "")
    assert (second["url"], second["outcome"], second["detail"]) == (LIST, "empty", "no capture, ever")
