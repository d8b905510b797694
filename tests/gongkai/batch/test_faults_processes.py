"""Whatever process of a run is killed, at whatever moment: nothing is lost, nothing is there twice, nobody is left."""

import os
import signal
import threading

import psutil
import pytest
from batch_trouble import digests, finished, gone, readers, reused, start, wait_for

from gongkai.batch.records import Engine
from gongkai.build import build
from gongkai.errors import DatasetError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture
def begun(crawl, hold, trouble, tmp_path):
    """Start a run that has finished three shards, and waits in the middle of the fourth."""
    hold.touch()
    with start(crawl, tmp_path / "out", "--workers", "1", path=trouble) as process:
        try:
            wait_for(lambda: len(finished(tmp_path / "out")) == 3)
            yield process
        finally:
            process.kill()
            hold.unlink()


def test_the_run_is_killed_and_taken_up_again(begun, crawl, undisturbed, tmp_path):
    out = tmp_path / "out"
    children = readers(begun)
    assert children
    begun.send_signal(signal.SIGKILL)
    begun.communicate()
    wait_for(lambda: gone(children))
    assert not (out / "run.json").exists()
    build([crawl], out, keep=True)
    assert reused(out) == (12, 0, 8)
    assert digests(out) == undisturbed


def test_ctrl_c_says_what_is_kept_and_a_second_run_must_wait(begun, crawl, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(DatasetError) as caught:
        build([crawl], out)
    assert caught.value.code == "busy"
    children = readers(begun)
    begun.send_signal(signal.SIGINT)
    _, errors = begun.communicate()
    assert begun.returncode == 130
    assert "the next run goes on from there" in errors
    assert "Traceback" not in errors
    assert gone(children)
    assert len(finished(out)) == 3
    assert [path.name for path in out.iterdir()] == [".gongkai-shards"]


def test_all_workers_are_killed_in_mid_shard(crawl, undisturbed, tmp_path, held):
    out = tmp_path / "out"
    killed = []

    def kill():
        wait_for(lambda: len(finished(out)) == 3)
        killed.extend(readers(psutil.Process()))
        for child in killed:
            child.kill()
        held()

    killer = threading.Thread(target=kill)
    killer.start()
    build([crawl], out, engine=Engine("local", 2), keep=True)
    killer.join()
    assert len(killed) == 2
    assert digests(out) == undisturbed
    assert reused(out) == (0, 0, 20)
