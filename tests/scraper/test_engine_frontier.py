import tracemalloc
from itertools import count

import pytest

from scraper.archive import open_archive
from scraper.engine.frontier import Frontier, host_of
from scraper.records import Reading, Target

DONE = Reading("ok")


def pages(host, n, first=0):
    return [Target(f"http://{host}/{number}") for number in range(first, first + n)]


@pytest.fixture
def archive(tmp_path):
    with open_archive(tmp_path / "archive") as opened:
        opened.begin_run("live", "plan")
        yield opened


def drain(archive, frontier, *, settle=True, busy=()):
    """Take all there is; give the addresses in order."""
    taken = []
    while (target := frontier.take(busy)) is not None:
        taken.append(target.url)
        if settle:
            archive.settle(target, DONE)
            frontier.done(target)
    return taken


def test_hosts_take_turns(archive):
    archive.add_targets([*pages("a", 3), *pages("b", 2)])
    assert drain(archive, Frontier(archive)) == ["http://a/0", "http://b/0", "http://a/1", "http://b/1", "http://a/2"]


def test_a_busy_host_waits_and_stays_wanted(archive):
    archive.add_targets([*pages("a", 1), *pages("b", 1)])
    frontier = Frontier(archive)
    assert frontier.take({"a"}).url == "http://b/0"
    assert frontier.take({"a", "b"}) is None
    assert frontier
    assert frontier.take(()).url == "http://a/0"
    assert frontier.take(()) is None
    assert not frontier


def test_hosts_behind_a_long_list_of_one_host_do_not_wait_for_its_end(archive):
    archive.add_targets([*pages("a", 300), *pages("b", 5), *pages("c", 5)])
    frontier = Frontier(archive, per_host=10, in_all=50, step=400)
    taken = drain(archive, frontier)
    assert sorted(taken) == sorted(one.url for one in (*pages("a", 300), *pages("b", 5), *pages("c", 5)))
    assert taken.index("http://c/4") < 20


def test_every_target_is_taken_once_whatever_the_windows(archive):
    targets = [target for n in range(40) for target in pages(f"host{n % 7}", 3, n * 3)]
    archive.add_targets(targets)
    for windows in ({"per_host": 1, "in_all": 3, "step": 2}, {"per_host": 100, "in_all": 7, "step": 1}):
        frontier = Frontier(archive, **windows)
        taken = drain(archive, frontier, settle=False)
        assert len(taken) == len(set(taken))
    assert sorted(drain(archive, Frontier(archive, per_host=2, in_all=5, step=3))) == sorted(t.url for t in targets)
    assert drain(archive, Frontier(archive)) == []


def test_what_is_found_under_way_is_taken_as_well(archive):
    archive.add_targets(pages("a", 1))
    frontier = Frontier(archive)
    first = frontier.take(())
    new = archive.settle(first, DONE, found=[*pages("a", 3), *pages("b", 1)])
    frontier.done(first)
    frontier.offer(new)
    assert sorted(drain(archive, frontier)) == ["http://a/1", "http://a/2", "http://b/0"]


def test_what_was_settled_meanwhile_is_not_taken(archive):
    archive.add_targets(pages("a", 3))
    frontier = Frontier(archive)
    frontier.take(())
    archive.settle(pages("a", 2)[1], DONE)
    assert drain(archive, frontier) == ["http://a/2"]


def test_memory_stays_bounded(archive):
    numbers = count()
    archive.add_targets(
        Target(f"http://host{n % 3}/a/rather/long/address/of/a/page/{next(numbers)}") for n in range(12_000)
    )
    frontier = Frontier(archive, per_host=100, in_all=250, step=500)
    tracemalloc.start()
    for _ in range(150):
        target = frontier.take(())
        archive.settle(target, DONE)
        frontier.done(target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20  # all of them take several times as much


def test_a_host_is_named_in_one_way():
    assert host_of("HTTP://WWW.Example.gov.cn:80/") == "www.example.gov.cn"
    assert host_of("http://[::1/") == ""
    assert host_of("no address") == ""
