"""A dataset at a place that is no folder of this machine: the same bytes, the old or the new, one run at a time."""

import json
import time

import fsspec
import pytest
from s3_store import bucket, s3_server  # noqa: F401  fixtures
from upath import UPath

from outputs import remote
from outputs.directory import check_outside
from outputs.errors import DatasetError
from outputs.writer import dataset_writer

pytestmark = pytest.mark.usefixtures("underived", "quick")


@pytest.fixture
def quick(monkeypatch):
    """A lease counts at once."""
    monkeypatch.setattr(remote, "_SETTLE_SECONDS", 0)


@pytest.fixture
def there():
    """An output at a place that is empty."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    return UPath("memory://data/set")


def write(place, run, *pages):
    with dataset_writer(place, run) as writer:
        for capture, report in pages:
            writer.add(capture, report)
        return writer.finish()


def files(place):
    place.fs.invalidate_cache()
    names = (path.rpartition("/")[2] for path in place.fs.find(place.path))
    return {name: place.fs.cat_file(f"{place.path}/{name}") for name in names}


def local(folder, run, *pages):
    write(folder, run, *pages)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_are_those_of_a_folder_and_nothing_else_stays(tmp_path, run, page, there):
    write(there, run, page("a"))
    assert files(there) == local(tmp_path / "a", run, page("a"))
    write(there, run, page("b"))
    assert files(there) == local(tmp_path / "b", run, page("b"))


def test_an_object_store_takes_a_dataset(tmp_path, run, page, bucket):  # noqa: F811  the fixture
    output = UPath(f"{bucket}/data/set")
    write(output, run, page("a"))
    assert files(output) == local(tmp_path / "a", run, page("a"))


def test_files_of_others_are_refused_and_named(run, page, there):
    write(there, run, page("a"))
    there.fs.pipe_file(f"{there.path}/notes.txt", b"mine")
    before = files(there)
    with pytest.raises(DatasetError, match=r"notes\.txt") as caught:
        write(there, run, page("b"))
    assert caught.value.code == "foreign_files"
    assert files(there) == before


class Killed(BaseException):
    """What SIGKILL leaves: nothing more is done."""


@pytest.mark.parametrize("n_copied", [0, 3])
def test_a_run_killed_while_it_published_is_completed_by_the_next(tmp_path, run, page, there, monkeypatch, n_copied):
    write(there, run, page("a"))
    copied = []
    copy = there.fs.cp_file

    def dying(*paths):
        if len(copied) == n_copied:
            raise Killed
        copied.append(paths)
        copy(*paths)

    with monkeypatch.context() as dead:
        dead.setattr(there.fs, "cp_file", dying)
        dead.setattr(remote._Lease, "__exit__", lambda self, *_: self._ended.set())
        with pytest.raises(Killed):
            write(there, run, page("b"))
    with pytest.raises(DatasetError) as caught, dataset_writer(there, run):
        pass
    assert caught.value.code == "busy"
    monkeypatch.setattr(remote, "_STALE_SECONDS", 0)
    with pytest.raises(RuntimeError), dataset_writer(there, run):
        raise RuntimeError
    assert files(there) == local(tmp_path / "b", run, page("b"))


def test_an_upload_that_fails_leaves_the_old_dataset(tmp_path, run, page, there, monkeypatch):
    write(there, run, page("a"))
    before = files(there)
    opened = there.fs.open

    def failing(path, mode="rb", **options):
        if path.endswith("cells.parquet"):
            raise OSError(28, "No space left on device")
        return opened(path, mode, **options)

    monkeypatch.setattr(there.fs, "open", failing)
    with pytest.raises(DatasetError, match="No space left") as caught:
        write(there, run, page("b"))
    assert caught.value.code == "cannot_write"
    monkeypatch.setattr(there.fs, "open", opened)
    assert files_in_place(there) == before
    write(there, run, page("c"))
    assert files(there) == local(tmp_path / "c", run, page("c"))


def files_in_place(place):
    return {path.rpartition("/")[2]: place.fs.cat_file(path) for path in place.fs.find(place.path, maxdepth=1)}


def test_a_second_run_is_told_and_a_lease_is_renewed(run, page, there, monkeypatch):
    monkeypatch.setattr(remote, "_BEAT_SECONDS", 0.01)
    with dataset_writer(there, run):
        lease = f"{there.path}/.gongkai-work/lease.json"
        first = there.fs.cat_file(lease)
        with pytest.raises(DatasetError) as caught, dataset_writer(there, run):
            pass
        assert caught.value.code == "busy"
        for _ in range(500):
            if there.fs.cat_file(lease) != first:
                break
            time.sleep(0.01)
        assert json.loads(there.fs.cat_file(lease))["token"] == json.loads(first)["token"]
        assert there.fs.cat_file(lease) != first


def test_a_run_that_lost_its_place_publishes_nothing(run, page, there):
    write(there, run, page("a"))
    before = files(there)
    other = json.dumps({"token": "other", "renewed": time.time()}).encode()
    with dataset_writer(there, run) as writer:
        writer.add(*page("b"))
        there.fs.pipe_file(f"{there.path}/.gongkai-work/lease.json", other)
        with pytest.raises(DatasetError) as caught:
            writer.finish()
    assert caught.value.code == "busy"
    assert files_in_place(there) == before


def test_a_file_is_no_output(run, there):
    there.fs.pipe_file(there.path, b"x")
    with pytest.raises(DatasetError) as caught, dataset_writer(there, run):
        pass
    assert caught.value.code == "not_a_folder"


def test_a_place_that_does_not_answer_is_named(run, there, monkeypatch):
    def lost(*_, **__):
        raise ConnectionError("no route")

    monkeypatch.setattr(there.fs, "cat_file", lost)
    with pytest.raises(DatasetError, match="no route") as caught, dataset_writer(there, run):
        pass
    assert caught.value.code == "cannot_write"


def test_the_output_must_not_lie_in_a_source():
    with pytest.raises(DatasetError) as caught:
        check_outside(UPath("memory://archive/dataset"), [UPath("memory://archive")])
    assert caught.value.code == "inside_source"
    check_outside(UPath("memory://archive-dataset"), [UPath("memory://archive")])
