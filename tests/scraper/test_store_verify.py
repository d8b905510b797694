"""Whatever is changed in an archive is found, and where."""

import random
import shutil
import zlib

import pytest
from stored_visits import SITE, page, visit, warc_files

from scraper.archive import open_archive, read_archive, verify
from scraper.errors import FetchError
from scraper.store.catalogue import read_catalogue
from scraper.store.visits import file_rows


@pytest.fixture
def whole(tmp_path):
    folder = tmp_path / "a"
    with open_archive(folder, warc_bytes=3000) as archive:
        archive.begin_run("live", "plan")
        for number in range(9):
            archive.record(visit(f"{SITE}/{number}.html", page(number)))
        archive.finish_run()
    assert list(verify(folder)) == []
    assert len(warc_files(folder)) == 3
    return folder


def places(folder):
    return [problem.where for problem in verify(folder)]


def telling(data):
    """Places of bytes that count: not flags, time and system in the head of a member, nor its last, padded bits."""
    places, start = set(range(len(data))), 0
    while start < len(data):
        inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
        inflater.decompress(data[start:])
        end = len(data) - len(inflater.unused_data)
        places -= {*range(start + 3, start + 10), end - 9}
        start = end
    return places


def test_no_byte_can_be_changed_unseen(whole):
    """Every byte counts but those of gzip itself that say nothing of what is packed."""
    chance = random.Random(7)
    path = warc_files(whole)[1]
    data = path.read_bytes()
    for at in chance.sample(sorted(telling(data)), 60):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
        found = places(whole)
        assert found, at
        assert all(path.name in where for where in found)


def test_a_page_that_was_exchanged_is_found_by_its_digest(whole):
    first, second, _ = warc_files(whole)
    data = second.read_bytes()
    second.write_bytes(first.read_bytes())
    problems = list(verify(whole))
    assert {problem.where.partition(",")[0] for problem in problems} == {second.name}
    second.write_bytes(data)
    assert list(verify(whole)) == []


@pytest.mark.parametrize("size", [0, 100, 2900])
def test_a_file_that_was_cut_is_found_and_stops_a_run(whole, size):
    path = warc_files(whole)[0]
    path.write_bytes(path.read_bytes()[:size])
    assert f"{size} bytes" in next(verify(whole)).what
    with pytest.raises(FetchError, match=path.name) as caught, open_archive(whole):
        pass
    assert caught.value.code == "archive_damaged"


def test_a_file_that_is_gone_is_found_and_stops_a_run(whole):
    path = warc_files(whole)[0]
    path.unlink()
    assert path.name in places(whole)
    with pytest.raises(FetchError, match="is missing"), open_archive(whole):
        pass


def test_what_stands_behind_the_last_visit_is_told_and_cut_off(whole):
    path = warc_files(whole)[-1]
    data = path.read_bytes()
    path.write_bytes(data + data[:200])
    (problem,) = verify(whole)
    assert (problem.where, "200 bytes" in problem.what) == (path.name, True)
    with open_archive(whole):
        pass
    assert path.read_bytes() == data
    assert list(verify(whole)) == []


def test_a_file_that_the_catalogue_does_not_know_is_told_and_entered(whole):
    shutil.copy(warc_files(whole)[0], whole / "copy.warc.gz")
    assert "copy.warc.gz" in places(whole)
    with open_archive(whole):
        pass
    assert list(verify(whole)) == []


@pytest.mark.parametrize(
    "change", [lambda text: text[:-9], lambda text: text.replace('"200"', '"404"', 1), lambda _: ""]
)
def test_an_index_that_is_not_that_of_the_files_is_found(whole, change):
    path = whole / "index.cdxj"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    assert [where.partition(",")[0] for where in places(whole)] == ["index.cdxj"]


def test_an_index_that_is_not_there_is_told(whole):
    (whole / "index.cdxj").unlink()
    assert places(whole) == ["index.cdxj"]


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM visits WHERE visit_no = 5",
        "UPDATE visits SET offset = offset + 1 WHERE visit_no = 5",
        "UPDATE visits SET length = length + 1 WHERE visit_no = 5",
        "UPDATE visits SET digest = 'x' || digest WHERE visit_no = 5",
        "UPDATE visits SET record_id = 'another' WHERE visit_no = 5",
    ],
)
def test_a_visit_of_which_the_catalogue_is_wrong_is_found(whole, change):
    with open_archive(whole) as archive:
        assert archive._catalogue.change(change) == 1
        archive._published = False
    found = {where.partition(",")[0] for where in places(whole)}
    with read_archive(whole) as view:
        files = {stored.visit_no: stored.warc for stored in view.visits()}
    assert found == {files.get(5, files[4])}


def test_many_files_cost_no_more_than_their_visits(tmp_path, monkeypatch):
    """Every run begins a file: what is asked of the catalogue for each of them must not walk through all visits."""
    steps = {}
    for n_files in (40, 80):
        folder = tmp_path / str(n_files)
        with open_archive(folder, warc_bytes=1) as archive:
            archive.begin_run("live", "plan")
            for number in range(n_files):
                archive.record(visit(f"{SITE}/{number}.html", page(number)))
        counted = _Steps(read_catalogue(folder))
        monkeypatch.setattr("scraper.store.verify.read_catalogue", lambda _, counted=counted: counted.catalogue)
        assert len(list(file_rows(counted.catalogue))) == n_files
        assert list(verify(folder)) == []
        steps[n_files] = counted.steps
    assert steps[80] < 2.5 * steps[40]


class _Steps:
    """Counts the steps of SQLite's machine, ten at a time."""

    def __init__(self, catalogue):
        self.catalogue, self.steps = catalogue, 0
        catalogue._connection.set_progress_handler(self._count, 10)

    def _count(self):
        self.steps += 10
