"""An archive of five shards, its undisturbed dataset, and the same archive with trouble in one page."""

import pytest
from batch_trouble import digests, page, spoiled, write_warc

from gongkai.build import build

N_WARCS, N_PAGES = 5, 4


@pytest.fixture(scope="session")
def report_text(report_page):
    return report_page.decode()


@pytest.fixture(scope="session")
def crawl(tmp_path_factory, report_text):
    """Make a folder of archives, each large enough to be a shard."""
    folder = tmp_path_factory.mktemp("batch") / "crawl"
    folder.mkdir()
    for warc in range(N_WARCS):
        write_warc(folder / f"{warc}.warc", [page(report_text, 100 * warc + no) for no in range(N_PAGES)])
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
