"""A run that is killed at any moment goes on, and neither loses nor doubles a page."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import crashing_writer
from stored_visits import warc_files
from warcio.archiveiterator import ArchiveIterator

from corpus.archive import read_captures
from scraper.archive import open_archive, read_archive, verify
from scraper.errors import FetchError

ROOT = Path(__file__).parents[2]
KILLS = 15
# Opening takes some 2,500 calls, a visit with its settling 1,200, finishing 8,000: some kills fall before the first
# visit, most between visits, and the later ones, which come later, into the end of the run.
FIRST, LAST = 500, 5000
LATER = 250


def run(folder, log, call):
    """Run the writer until it is killed at a call, or done."""
    done = subprocess.run(
        [sys.executable, crashing_writer.__file__, str(folder), str(log), str(call)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests' / 'support'}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def said(log, word):
    return [line.split()[1:] for line in log.read_text().splitlines() if line.startswith(word)] if log.exists() else []


def answers(folder):
    """The addresses of the answers that stand in the files, in order."""
    found = []
    for path in warc_files(folder):
        with path.open("rb") as stream:
            found += [
                record.rec_headers.get_header("WARC-Target-URI")
                for record in ArchiveIterator(stream)
                if record.rec_type == "response"
            ]
    return found


def is_finished(folder):
    if not (folder / ".fetch" / "catalogue.sqlite").exists():
        return False
    try:
        with read_archive(folder) as view:
            return any(one.finished for one in view.runs())
    except FetchError as error:
        if error.code != "archive_not_ours":  # killed before there was anything
            raise
        return False


def test_a_run_that_is_killed_again_and_again_ends_whole_and_single(tmp_path):
    folder, log = tmp_path / "archive", tmp_path / "log"
    chance = random.Random(11)
    kills = 0
    while kills < KILLS and not is_finished(folder):
        kills += run(folder, log, chance.randint(FIRST, LAST) + kills * LATER) != 0
        recorded = {url: int(number) for url, number in said(log, "recorded")}
        if recorded:  # what was recorded stands, whatever came after
            with read_archive(folder) as view:
                there = {stored.url: stored.visit_no for stored in view.visits()}
            assert recorded.items() <= there.items()
    assert kills >= 8
    if not is_finished(folder):
        assert run(folder, log, 0) == 0

    pages = {f"{crashing_writer.PREFIX}{number}" for number in range(crashing_writer.PAGES)}
    wanted = {target.url for target in crashing_writer.wanted()} | pages
    assert Counter(answers(folder)) == Counter(wanted)
    # a page is asked for again only where the kill came after the request and before the record was whole
    asked = Counter(url for (url,) in said(log, "fetched"))
    assert asked.keys() == wanted
    assert sum(asked.values()) - len(wanted) <= kills
    captures = {capture.source_uri: capture for capture in read_captures([folder])}
    assert captures.keys() == wanted
    assert all(captures[url].manifest.agency for url in pages)
    for _ in range(2):  # with its catalogue, and without
        assert list(verify(folder)) == []
        with read_archive(folder) as view:
            found = {stored.url: view.read(stored).body for stored in view.visits()}
        assert found == {url: crashing_writer.body_of(url) for url in wanted}
        shutil.rmtree(folder / ".fetch", ignore_errors=True)


def test_what_a_killed_run_had_is_indexed_when_the_archive_is_next_opened(tmp_path):
    folder, log = tmp_path / "archive", tmp_path / "log"
    assert run(folder, log, 9000) != 0
    assert [problem.where for problem in verify(folder)] == ["index.cdxj"]
    with open_archive(folder):
        pass
    assert list(verify(folder)) == []
    assert len((folder / "index.cdxj").read_text("utf-8").splitlines()) >= len(said(log, "recorded")) > 2


def test_a_kill_while_bytes_are_written_costs_those_bytes_alone(tmp_path):
    """A write that is torn leaves a part of it behind the last visit that counts."""
    folder, log = tmp_path / "archive", tmp_path / "log"
    assert run(folder, log, 9000) != 0
    assert len(said(log, "recorded")) > 2
    before = answers(folder)
    path = warc_files(folder)[-1]
    whole = path.read_bytes()
    for torn in (11, len(whole)):
        path.write_bytes(whole + whole[:torn])
        copy = tmp_path / f"copy {torn}"
        shutil.copytree(folder, copy)
        assert run(copy, tmp_path / f"log {torn}", 0) == 0
        assert list(verify(copy)) == []
        found = answers(copy)
        assert found[: len(before)] == before
        assert len(found) == len(set(found)) == crashing_writer.PAGES + crashing_writer.LISTS
