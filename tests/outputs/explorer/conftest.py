"""The dataset of the bundled samples and the desks on which pages are made from it: built once for all tests here."""

import fcntl
from pathlib import Path

import pytest

from gongkai.build import build
from gongkai.shelf import open_shelf
from outputs.explorer.addresses import ServerAddresses, SiteAddresses
from outputs.explorer.index import connect, open_index
from outputs.explorer.records import Desk

SAMPLES = Path(__file__).parents[3] / "corpus" / "samples"


@pytest.fixture(scope="session")
def dataset(tmp_path_factory, worker_id):
    """The folder of a dataset of the samples: to be read only, for all processes of a run share it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "explorer-samples"
    with (shared / "explorer-samples.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "run.json").exists():
            build([SAMPLES], folder)
        open_index(folder)
    return folder


@pytest.fixture(scope="session")
def shelf(dataset):
    return open_shelf(dataset, [SAMPLES])


@pytest.fixture(scope="session")
def desk(dataset, shelf):
    """A desk whose pages have the addresses of a server."""
    return Desk(dataset, connect(open_index(dataset)), shelf, ServerAddresses())


@pytest.fixture(scope="session")
def site_desk(dataset, shelf):
    """A desk whose pages have the addresses of a static site, as seen from its first page."""
    return Desk(dataset, connect(open_index(dataset)), shelf, SiteAddresses(""))
