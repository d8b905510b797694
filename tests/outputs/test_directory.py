"""The output directory holds the old dataset or the new one, and nobody's files are lost."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from outputs import directory as place
from outputs.directory import check_directory, check_outside
from outputs.errors import DatasetError
from outputs.frames import read_dataset
from outputs.writer import DatasetWriter, dataset_writer

pytestmark = pytest.mark.usefixtures("underived")


def write(directory, run, *pages):
    with dataset_writer(directory, run) as writer:
        for capture, report in pages:
            writer.add(capture, report)
        return writer.finish()


def digests(directory):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def test_a_new_folder_is_made_and_no_working_folder_stays(tmp_path, run, page):
    write(tmp_path / "deep" / "new", run, page("a"))
    assert not [path for path in (tmp_path / "deep" / "new").iterdir() if path.name.startswith(".")]


def test_a_dataset_is_replaced(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    write(tmp_path, run, page("b"))
    assert read_dataset(tmp_path).reports["capture_id"].tolist() == [page("b")[0].capture_id]


@pytest.mark.parametrize("name", ["notes.txt", "cells.csv", "run.json"])
def test_files_of_others_are_refused_and_named(tmp_path, run, name):
    (tmp_path / name).write_text("{}")
    with pytest.raises(DatasetError, match=name) as caught, dataset_writer(tmp_path, run):
        pass
    assert caught.value.code == "foreign_files"
    assert (tmp_path / name).read_text() == "{}"


def test_a_foreign_file_in_a_dataset_is_refused(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(DatasetError, match=r"notes\.txt"):
        write(tmp_path, run, page("b"))


def test_files_of_the_system_are_left_alone(tmp_path, run, page):
    (tmp_path / ".DS_Store").write_text("x")
    write(tmp_path, run, page("a"))
    assert (tmp_path / ".DS_Store").read_text() == "x"


def test_a_file_is_no_output_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DatasetError) as caught:
        check_directory(tmp_path / "file")
    assert caught.value.code == "not_a_folder"


def test_the_output_must_not_lie_in_a_source(tmp_path):
    with pytest.raises(DatasetError) as caught:
        check_outside(tmp_path / "archive" / "dataset", [tmp_path / "other", tmp_path])
    assert caught.value.code == "inside_source"
    check_outside(tmp_path / "dataset", [tmp_path / "archive"])


def test_an_exception_leaves_the_old_dataset_whole(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    before = digests(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, run, page("b"), interrupting())
    assert digests(tmp_path) == before


def interrupting():
    raise KeyboardInterrupt
    yield


def test_an_interrupt_while_files_are_moved_comes_too_late(tmp_path, run, page, monkeypatch):
    write(tmp_path / "expected", run, page("b"))
    write(tmp_path / "out", run, page("a"))
    moves = []
    move = Path.replace

    def interrupted(self, target):
        moves.append(target)
        if len(moves) == 5:
            raise KeyboardInterrupt
        return move(self, target)

    with dataset_writer(tmp_path / "out", run) as writer:
        writer.add(*page("b"))
        monkeypatch.setattr(place.Path, "replace", interrupted)
        writer.finish()
    monkeypatch.undo()
    assert len(moves) > 5
    assert digests(tmp_path / "out") == digests(tmp_path / "expected")


class Killed(BaseException):
    """What SIGKILL leaves: nothing is caught, nothing is cleaned."""


@pytest.fixture
def kill_after_three_moves(monkeypatch):
    """Make a run die after the third finished file is in place, without any clean-up."""
    moved = []
    move = Path.replace

    def dying(self, target):
        if self.parent.name == "ready":
            if len(moved) == 3:
                raise Killed
            moved.append(target)
        return move(self, target)

    def arm():
        monkeypatch.setattr(place.Path, "replace", dying)
        monkeypatch.setattr(place.shutil, "rmtree", lambda *_, **__: None)

    yield arm
    monkeypatch.undo()


def test_a_run_killed_while_it_moved_files_is_completed_by_the_next(
    tmp_path, run, page, kill_after_three_moves, monkeypatch
):
    write(tmp_path / "expected", run, page("b"))
    write(tmp_path / "out", run, page("a"))
    kill_after_three_moves()
    with pytest.raises(Killed):
        write(tmp_path / "out", run, page("b"))
    monkeypatch.undo()
    with pytest.raises(DatasetError) as caught:
        read_dataset(tmp_path / "out")
    assert caught.value.code == "unfinished"
    with pytest.raises(RuntimeError), dataset_writer(tmp_path / "out", run):
        raise RuntimeError
    assert digests(tmp_path / "out") == digests(tmp_path / "expected")


def test_what_a_killed_run_left_is_removed(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    stale = tmp_path / ".gongkai-work" / "parts" / "cells"
    stale.mkdir(parents=True)
    (stale / "00000001.parquet").write_bytes(b"half a par")
    write(tmp_path, run, page("b"))
    assert read_dataset(tmp_path).reports["capture_id"].tolist() == [page("b")[0].capture_id]
    assert not (tmp_path / ".gongkai-work").exists()


def test_tables_that_only_an_older_version_wrote_are_removed(tmp_path, run, page):
    write(tmp_path, run, page("a"))
    record = json.loads((tmp_path / "run.json").read_text("utf-8"))
    record["files"] |= {"old_table.csv": {}, "../outside.csv": {}}
    (tmp_path / "run.json").write_text(json.dumps(record))
    (tmp_path / "old_table.csv").write_text("")
    outside = tmp_path.parent / "outside.csv"
    outside.write_text("mine")
    write(tmp_path, run, page("b"))
    assert not (tmp_path / "old_table.csv").exists()
    assert outside.read_text() == "mine"


@pytest.mark.skipif(sys.platform == "win32", reason="no lock of folders there")
def test_a_second_run_on_the_same_folder_is_told(tmp_path, run):
    code = (
        "import fcntl, os, sys; handle = os.open(sys.argv[1], os.O_RDONLY); "
        "fcntl.flock(handle, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with pytest.raises(DatasetError) as caught, dataset_writer(tmp_path, run):
            pass
        other.stdin.close()
    assert caught.value.code == "busy"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_named(tmp_path, run):
    tmp_path.chmod(0o500)
    with pytest.raises(DatasetError) as caught, dataset_writer(tmp_path / "out", run):
        pass
    assert caught.value.code == "cannot_write"


def test_a_full_disk_is_named_and_the_old_dataset_stays(tmp_path, run, page, monkeypatch):
    write(tmp_path, run, page("a"))
    before = digests(tmp_path)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("outputs.writer.merge", full)
    with pytest.raises(DatasetError, match="No space left") as caught:
        write(tmp_path, run, page("b"))
    assert caught.value.code == "cannot_write"
    assert digests(tmp_path) == before
    assert DatasetWriter.finish.__doc__
