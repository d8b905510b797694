"""A run that is killed, or finds the disk full, leaves the old dataset or the new one."""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import doomed_writer
import pytest

from outputs.directory import is_unfinished
from outputs.errors import DatasetError
from outputs.frames import read_dataset

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other signals and limits there")


@pytest.fixture(scope="module")
def datasets(tmp_path_factory):
    """The old dataset and the new one, each undisturbed."""
    made = {word: tmp_path_factory.mktemp(word) for word in ("old", "new")}
    for word, folder in made.items():
        doomed_writer.write(folder, word)
    return made


@pytest.fixture
def folder(tmp_path, datasets):
    """A folder with the old dataset."""
    return Path(shutil.copytree(datasets["old"], tmp_path / "out"))


def doomed(folder, fault):
    command = [sys.executable, doomed_writer.__file__, str(folder), fault]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_run_killed_in_the_merge_leaves_the_old_dataset(folder, datasets):
    assert doomed(folder, "merging").returncode == -signal.SIGKILL
    assert content(folder) == content(datasets["old"])
    assert not is_unfinished(folder)
    doomed_writer.write(folder, "new")
    assert content(folder) == content(datasets["new"])
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]


def test_a_run_killed_while_it_published_is_told_and_completed(folder, datasets):
    assert doomed(folder, "publishing").returncode == -signal.SIGKILL
    with pytest.raises(DatasetError) as caught:
        read_dataset(folder)
    assert caught.value.code == "unfinished"
    doomed_writer.write(folder, "new")
    assert content(folder) == content(datasets["new"])


def test_a_full_disk_is_told_and_leaves_the_old_dataset(folder, datasets):
    ended = doomed(folder, "full")
    assert ended.stdout.startswith("cannot_write the dataset cannot be written"), ended.stderr
    assert "Make room" in ended.stdout
    assert content(folder) == content(datasets["old"])
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
