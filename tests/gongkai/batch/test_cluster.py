"""Shards on a Dask cluster: the same bytes, whoever is killed; what a worker lacks is said before anything is read."""

import threading

import psutil
import pytest
from batch_trouble import digests, finished, gone, readers, reused, wait_for

import gongkai.batch.cluster
from gongkai.batch.cluster import DaskEngine
from gongkai.batch.records import Engine, Limits
from gongkai.build import build
from gongkai.errors import BatchError

distributed = pytest.importorskip("distributed")


def test_a_worker_of_the_cluster_is_killed_in_mid_shard(crawl, undisturbed, tmp_path, held):
    out = tmp_path / "out"
    killed = []

    def kill():
        wait_for(lambda: len(finished(out)) == 3)
        reader = readers(psutil.Process())[0]
        worker = reader.parent()
        worker.kill()
        wait_for(lambda: gone([reader]))
        killed.append(worker)
        held()

    killer = threading.Thread(target=kill)
    killer.start()
    build([crawl], out, engine=Engine("dask", 1), keep=True)
    killer.join()
    assert killed
    assert digests(out) == undisturbed
    assert reused(out) == (0, 0, 20)


@pytest.fixture(scope="module")
def cluster():
    with distributed.LocalCluster(n_workers=1, processes=False, dashboard_address=":0") as cluster:
        yield cluster


def test_an_existing_cluster_is_used_and_left_as_it_was(cluster, crawl, undisturbed, tmp_path):
    build([crawl], tmp_path / "out", engine=Engine("dask", 0, cluster.scheduler_address))
    assert digests(tmp_path / "out") == undisturbed
    assert not (tmp_path / "out" / ".gongkai-shards").exists()
    assert len(cluster.workers) == 1


def test_workers_of_another_version_are_told_before_anything_is_read(cluster, crawl, tmp_path, monkeypatch):
    engine = DaskEngine(cluster.scheduler_address, 0, Limits())
    try:
        told = gongkai.batch.cluster.tell_about
        monkeypatch.setattr(gongkai.batch.cluster, "tell_about", lambda *asked: ("", "another", told(*asked)[2]))
        with pytest.raises(BatchError) as caught:
            engine.check(str(tmp_path), [str(crawl)])
        assert caught.value.code == "versions_differ"
        monkeypatch.setattr(gongkai.batch.cluster, "tell_about", told)
        with pytest.raises(BatchError) as caught:
            engine.check(str(tmp_path), [str(tmp_path / "on another machine")])
        assert (caught.value.code, "on another machine" in caught.value.where) == ("not_shared", True)
    finally:
        engine.close()


def test_a_scheduler_that_is_not_there_is_told(tmp_path, crawl, monkeypatch):
    monkeypatch.setattr(gongkai.batch.cluster, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(BatchError) as caught:
        build([crawl], tmp_path / "out", engine=Engine("dask", 0, "tcp://127.0.0.1:9"))
    assert caught.value.code == "no_cluster"


def test_dask_that_is_not_installed_is_told(tmp_path, crawl, monkeypatch):
    monkeypatch.setattr(gongkai.batch.cluster.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(BatchError) as caught:
        build([crawl], tmp_path / "out", engine=Engine("dask"))
    assert (caught.value.code, "gongkai[dask]" in caught.value.next_step) == ("no_dask", True)
