"""An archive of five shards, in two of which a page may wait, its undisturbed dataset, and what spoils pages."""

import pytest
from batch_trouble import digests, page, spoiled, write_warc

from gongkai.build import build

N_WARCS, N_READY, N_PAGES = 5, 3, 4


@pytest.fixture(scope="session")
def report_text(report_page):
    return report_page.decode()


@pytest.fixture(scope="session")
def hold(tmp_path_factory):
    """Name the file that holds up the pages that wait as long as it is there, in processes with trouble only."""
    return tmp_path_factory.mktemp("hold") / "hold"


@pytest.fixture
def held(hold, trouble, monkeypatch):
    """Let the pages wait, in the reading processes that this one starts; call it to let them be read."""
    hold.touch()
    monkeypatch.syspath_prepend(trouble)  # the processes that read have the path of this one
    yield hold.unlink
    hold.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def crawl(tmp_path_factory, report_text, hold):
    """Make a folder of archives, each large enough to be a shard; in the last two a page waits."""
    folder = tmp_path_factory.mktemp("batch") / "crawl"
    folder.mkdir()
    for warc in range(N_WARCS):
        trouble = {2: f"wait={hold}"} if warc >= N_READY else {}
        pages = [page(report_text, 100 * warc + no, trouble.get(no, "")) for no in range(N_PAGES)]
        write_warc(folder / f"{warc}.warc", pages)
    return folder


@pytest.fixture(scope="session")
def undisturbed(crawl, tmp_path_factory):
    """Build the archive in one go, in this process."""
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    build([crawl], out)
    return digests(out)


@pytest.fixture(scope="session")
def trouble(tmp_path_factory):
    """Make what spoils pages; see batch_trouble."""
    return spoiled(tmp_path_factory.mktemp("trouble") / "path")
