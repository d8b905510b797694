"""A fetch that is stopped, politely or by a kill, goes on where it was: nothing is lost, nothing is there twice."""

import random
import re
import signal
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from site_fetch import (
    fetch,
    outcomes_of,
    place,
    run_gongkai,
    runs_of,
    start_fetch,
    targets_of,
    visits_of,
    write_sources,
)
from site_pages import HANWEB_COLUMN, MANY_COLUMN, PARTED, TRS_COLUMN, WITH_ATTACHMENTS

from gongkai.build import build
from scraper.archive import verify

KILLS = 4
QUICK = ("--delay", "0.01")
SECONDS = 60
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def wait_for(site, n_requests, command):
    """Wait until the site was asked so often; return whether the command is still under way then."""
    end = time.monotonic() + SECONDS
    while len(site.requests) < n_requests and command.is_running:
        assert time.monotonic() < end
        time.sleep(0.002)
    return command.is_running


# Ctrl-C.


def test_ctrl_c_ends_a_fetch_that_the_same_command_goes_on_with(site, tmp_path):
    site.reset()
    archive, sources = tmp_path / "archive", [site.url(MANY_COLUMN)]
    with start_fetch(sources, archive, "--as", "list") as command:
        assert wait_for(site, 12, command)
        command.signal(signal.SIGINT)
        stopped = command.wait()
    assert stopped.code == 130, stopped.err
    assert "Traceback" not in stopped.err
    assert "The same command goes on from there" in stopped.err
    ((finished, settled, pending),) = runs_of(archive)
    assert not finished
    assert settled >= 9
    assert pending > 0
    assert [str(problem) for problem in verify(archive)] == []
    ended = fetch(sources, archive, "--as", "list")
    assert ended.code == 1, ended.err  # the last page of the list names one report on another site
    assert "The run that was stopped is complete. Got 5 list pages, 60 pages; 1 addresses" in ended.out
    assert runs_of(archive) == [(True, 66, 0)]
    assert set(Counter(one.target for one in site.requests).values()) == {1}


def test_ctrl_c_lets_the_page_under_way_come_in_and_a_second_one_does_not(site, tmp_path):
    site.reset()
    slow = site.url("/trouble/slow-start")
    with start_fetch([slow], tmp_path / "archive", "--timeout", "60") as command:
        assert wait_for(site, 2, command)
        command.signal(signal.SIGINT)
        time.sleep(0.5)
        assert command.is_running
        command.signal(signal.SIGINT)
        began = time.monotonic()
        ended = command.wait()
    assert time.monotonic() - began < 10
    assert ended.code == 130, ended.err
    assert outcomes_of(tmp_path / "archive") == {"/trouble/slow-start": ""}
    assert [str(problem) for problem in verify(tmp_path / "archive")] == []


# SIGKILL.


@dataclass
class Crashed:
    """An archive whose fetch was killed again and again, and one that was fetched undisturbed."""

    calm: Path
    killed: Path
    n_kills: int
    asked: Counter


@pytest.fixture(scope="module")
def crashed(site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crash")
    rows = [{"url": site.url(path), "kind": "list"} for path in (MANY_COLUMN, TRS_COLUMN, HANWEB_COLUMN)]
    rows += [{"url": site.url(PARTED), "agency": "样本市水务局"}, {"url": site.url(WITH_ATTACHMENTS)}]
    sources = [write_sources(folder / "sources.csv", rows)]
    site.reset()
    calm = fetch(sources, folder / "calm", *QUICK)
    assert calm.code in (0, 1), calm.err
    n_requests = len(site.requests)
    site.reset()
    chance, kills = random.Random(4), 0
    for number in range(KILLS):
        # spread over the run, each at another point between a request, its answer, its record and its row
        wanted = round((number + chance.random()) * n_requests / KILLS)
        with start_fetch(sources, folder / "killed", *QUICK) as command:
            if not wait_for(site, wanted, command):
                break
            time.sleep(chance.uniform(0, 0.08))
            command.signal(signal.SIGKILL)
            kills += command.wait().code == -signal.SIGKILL
    last = fetch(sources, folder / "killed", *QUICK)
    assert last.code == calm.code, last.err
    return Crashed(folder / "calm", folder / "killed", kills, Counter(one.target for one in site.requests))


def test_every_kill_met_a_run(crashed):
    assert crashed.n_kills == KILLS


def test_a_killed_run_comes_to_its_end_with_the_same_targets(crashed):
    assert outcomes_of(crashed.killed) == outcomes_of(crashed.calm)
    ((finished, settled, pending),) = runs_of(crashed.killed)
    assert (finished, pending) == (True, 0)
    assert runs_of(crashed.calm) == [(True, settled, 0)]


def test_no_page_is_lost_and_none_is_there_twice(crashed):
    visits = {
        archive: Counter(place(one.url) for one in visits_of(archive)) for archive in (crashed.killed, crashed.calm)
    }
    assert set(visits[crashed.killed].values()) == {1}
    assert visits[crashed.killed] == visits[crashed.calm]
    wanted = {name for name, row in targets_of(crashed.killed).items() if row.visit_no is not None}
    assert wanted == set(visits[crashed.killed]) - {"/robots.txt"}


def test_a_kill_costs_one_request_at_most(crashed):
    assert sum(times - 1 for times in crashed.asked.values()) <= crashed.n_kills


def test_the_archive_is_whole_after_all_kills(crashed):
    assert [str(problem) for problem in verify(crashed.killed)] == []
    told = run_gongkai("archive", crashed.killed, "--verify")
    assert told.code == 0, told.out + told.err


def test_the_dataset_is_that_of_an_undisturbed_run(crashed, tmp_path):
    texts = {}
    for archive in (crashed.calm, crashed.killed):
        build([archive], tmp_path / archive.name)
        files = sorted((tmp_path / archive.name).glob("*.csv"))
        texts[archive.name] = {path.name: MOMENT.sub("then", path.read_text(encoding="utf-8")) for path in files}
    assert texts["calm"].keys() == texts["killed"].keys() > {"facts.csv", "coverage.csv", "reports.csv"}
    assert [name for name, text in texts["calm"].items() if text != texts["killed"][name]] == []
    assert texts["calm"]["reports.csv"].count("\n") > 60
