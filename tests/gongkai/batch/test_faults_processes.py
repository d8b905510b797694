"""Whatever process of a run is killed, at whatever moment: nothing is lost, nothing is there twice, nobody is left."""

import os
import shutil
import signal
import threading

import pytest
from batch_trouble import digests, finished, gone, page, readers, reused, start, wait_for, write_warc

from gongkai.batch.records import Engine, Limits
from gongkai.build import build
from gongkai.errors import DatasetError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def waiting(tmp_path, crawl, report_text):
    """Make the archive with a page, in the fourth shard, that waits as long as a file is there."""
    hold = tmp_path / "hold"
    hold.touch()
    folder = tmp_path / "crawl"
    shutil.copytree(crawl, folder)
    write_warc(folder / "3.warc", [page(report_text, 300 + no, f"wait={hold}" if no == 2 else "") for no in range(4)])
    return folder, hold


def test_the_run_is_killed_and_taken_up_again(waiting, trouble, tmp_path):
    folder, hold = waiting
    out = tmp_path / "out"
    process = start(folder, out, "--workers", "2", path=trouble)
    wait_for(lambda: len(finished(out)) == 4)  # all but the one that waits
    children = readers(process)
    assert children
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_for(lambda: gone(children), 10)
    assert not (out / "run.json").exists()
    hold.unlink()
    build([folder], out, engine=Engine("local", 2), keep=True)
    assert reused(out) == (16, 0, 4)
    build([folder], tmp_path / "fresh")
    assert digests(out) == digests(tmp_path / "fresh")


def test_ctrl_c_says_what_is_kept_and_a_second_run_must_wait(waiting, trouble, tmp_path):
    folder, _ = waiting
    out = tmp_path / "out"
    process = start(folder, out, "--workers", "1", path=trouble)
    wait_for(lambda: len(finished(out)) == 3)
    with pytest.raises(DatasetError) as caught:
        build([folder], out)
    assert caught.value.code == "busy"
    children = readers(process)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "the next run goes on from there" in errors
    assert "Traceback" not in errors
    assert gone(children)
    assert len(finished(out)) == 3
    assert [path.name for path in out.iterdir()] == [".gongkai-shards"]


@pytest.mark.parametrize("which", [slice(1), slice(None)], ids=["one", "all"])
def test_workers_are_killed_in_mid_shard(crawl, undisturbed, tmp_path, monkeypatch, which):
    out = tmp_path / "out"
    killed = []

    def kill():
        me = type("This", (), {"pid": os.getpid()})
        wait_for(lambda: finished(out))
        for child in wait_for(lambda: readers(me))[which]:
            child.kill()
            killed.append(child)

    killer = threading.Thread(target=kill)
    killer.start()
    build([crawl], out, engine=Engine("local", 2, limits=Limits(30)), keep=True)
    killer.join()
    assert killed
    assert digests(out) == undisturbed
    assert reused(out) == (0, 0, 20)
